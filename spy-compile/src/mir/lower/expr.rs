//! Expressions: each gives the scalars of its value.

use spy_lang::ir::{Expr, ExprKind, LocalId};
use spy_lang::program::{FuncId, GlobalId};
use spy_lang::source::Span;
use spy_lang::types::{TypeId, TypeKind};
use spy_runtime::error::ErrorKind;

use super::function::Lowerer;
use super::{Lowered, layout};
use crate::mir::{CellId, Op, Ty, Val};

/// The message for a local that is read too early.
const UNASSIGNED: &str = "read from uninitialized local";

impl Lowerer<'_, '_> {
    /// Evaluates an expression whose value is one scalar.
    pub(super) fn scalar(&mut self, expr: &Expr) -> Lowered<Val> {
        let values = self.expr(expr)?;
        let [value] = values[..] else {
            unreachable!("the type of the expression is a scalar")
        };
        Ok(value)
    }

    /// Evaluates an expression.
    pub(super) fn expr(&mut self, expr: &Expr) -> Lowered<Vec<Val>> {
        match &expr.kind {
            ExprKind::Const(value) => self.constant(value, expr.span),
            ExprKind::Local(local) => Ok(self.local(*local, expr.span)),
            ExprKind::Global(global) => self.global(*global, expr.ty, expr.span),
            ExprKind::Call(callee, args) => {
                let args = self.args(args)?.concat();
                self.call(*callee, args, expr.ty, expr.span)
            }
            ExprKind::Prim(prim, args) => {
                let args = self.args(args)?;
                self.prim(*prim, &args, expr.span)
            }
            ExprKind::Memory(op, args) => {
                let values = self.args(args)?;
                let pointer = args.first().map_or(expr.ty, |pointer| pointer.ty);
                self.memory_op(*op, &values, (pointer, expr.ty), expr.span)
            }
            ExprKind::MakeStruct(fields) => Ok(self.args(fields)?.concat()),
            ExprKind::GetField(value, field) => self.field(value, *field),
            ExprKind::MakeException(message) => {
                let message = self.scalar(message)?;
                Ok(vec![self.make_exception(expr.ty, message, expr.span)])
            }
            ExprKind::Upcast(value) if self.is_exception(expr.ty) => self.expr(value),
            ExprKind::Upcast(_) | ExprKind::CheckedCast(_) => Err(layout::unsupported(
                "casts to and from `object` and `dynamic`",
                "the type of this is not known here".to_owned(),
                expr.span,
            )),
            ExprKind::Dynamic(..) => Err(layout::unsupported(
                "operations on `dynamic` values",
                "the types of the operands are not known here".to_owned(),
                expr.span,
            )),
            ExprKind::And(..) | ExprKind::Or(..) => self.bool_of_condition(expr),
            ExprKind::If(test, then, otherwise) => self.conditional(test, then, otherwise),
            ExprKind::AssignLocal(local, value) => {
                let values = self.expr(value)?;
                self.assign(*local, &values);
                Ok(values)
            }
            ExprKind::AssignGlobal(global, value) => {
                let values = self.expr(value)?;
                self.store_global(*global, &values)?;
                Ok(values)
            }
            ExprKind::Block(stmts, value) => {
                self.stmts(stmts)?;
                self.expr(value)
            }
        }
    }

    fn is_exception(&self, ty: TypeId) -> bool {
        matches!(self.state.program.types.kind(ty), TypeKind::Exception(_))
    }

    fn args(&mut self, args: &[Expr]) -> Lowered<Vec<Vec<Val>>> {
        args.iter().map(|arg| self.expr(arg)).collect()
    }

    fn local(&mut self, local: LocalId, span: Span) -> Vec<Val> {
        let slots = self.slots[local.0 as usize].clone();
        if let Some(flag) = slots.flag {
            let unassigned = self.not(self.env[flag]);
            self.raise_if(unassigned, ErrorKind::Exception, UNASSIGNED, span);
        }
        self.env[slots.first..slots.first + slots.count].to_vec()
    }

    fn global(&mut self, global: GlobalId, ty: TypeId, span: Span) -> Lowered<Vec<Val>> {
        let cell = self.state.cell_of(global)?;
        let types = layout::scalars(self.state.program, ty, span)?;
        let load = |(index, ty): (usize, &Ty)| {
            let op = Op::LoadCell(CellId::new(cell.index() + index), *ty);
            self.emit(op, *ty)
        };
        Ok(types.iter().enumerate().map(load).collect())
    }

    fn call(
        &mut self,
        callee: FuncId,
        args: Vec<Val>,
        ty: TypeId,
        span: Span,
    ) -> Lowered<Vec<Val>> {
        let results = layout::scalars(self.state.program, ty, span)?;
        let callee = self.state.index_of(callee);
        let place = self.place(span);
        let op = Op::Call(callee, args);
        Ok(self.raising(op, &results, place))
    }

    fn field(&mut self, value: &Expr, field: usize) -> Lowered<Vec<Val>> {
        let values = self.expr(value)?;
        let program = self.state.program;
        let TypeKind::Struct(Some(layout)) = program.types.kind(value.ty) else {
            unreachable!("fields are read from structs")
        };
        let mut first = 0;
        for before in &layout.fields[..field] {
            first += layout::scalars(program, before.ty, before.span)?.len();
        }
        let taken = &layout.fields[field];
        let count = layout::scalars(program, taken.ty, taken.span)?.len();
        Ok(values[first..first + count].to_vec())
    }

    fn bool_of_condition(&mut self, expr: &Expr) -> Lowered<Vec<Val>> {
        let (mut then, mut otherwise, mut done) = (self.join(), self.join(), self.join());
        self.condition(expr, &mut then, &mut otherwise)?;
        for (join, value) in [(then, 1), (otherwise, 0)] {
            self.enter(join);
            let value = self.int(Ty::I8, value);
            self.jump(&mut done, vec![value]);
        }
        self.merged(done, &[Ty::I8])
    }

    fn conditional(&mut self, test: &Expr, then: &Expr, otherwise: &Expr) -> Lowered<Vec<Val>> {
        let (mut if_true, mut if_false, mut done) = (self.join(), self.join(), self.join());
        self.condition(test, &mut if_true, &mut if_false)?;
        for (join, value) in [(if_true, then), (if_false, otherwise)] {
            self.enter(join);
            let values = self.expr(value)?;
            self.jump(&mut done, values);
        }
        let types = layout::scalars(self.state.program, then.ty, then.span)?;
        self.merged(done, &types)
    }

    /// Enters a join that brings a value of these types; anything if it cannot be reached.
    fn merged(&mut self, done: super::flow::Join, types: &[Ty]) -> Lowered<Vec<Val>> {
        let values = self.enter(done);
        if self.dead {
            return Ok(types
                .iter()
                .map(|ty| self.function.add_value(*ty))
                .collect());
        }
        Ok(values)
    }
}
