//! Expressions whose value takes one slot.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::{Expr, ExprKind, LocalId, Prim};
use spy_lang::memory::encode;
use spy_lang::program::{Failure, Value};
use spy_lang::source::Span;
use spy_lang::types::TypeId;

use super::Lowering;
use crate::node::{
    Branch, Const, Consumer, Ex, FarTree, Local, Operand, Store, Tree, Value as Yield, body, ex,
};

/// Where a value already lies.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// From this slot of the frame on.
    Frame(usize),
    /// From this slot of the module variables on.
    Global(usize),
}

impl Lowering<'_> {
    /// The value of an expression that takes one slot.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<Operand, Failure> {
        self.check_depth()?;
        if let ExprKind::Local(local) = expr.kind
            && let Some(value) = self.layout.local(local).constant
        {
            return Ok(Operand::Const(value));
        }
        if let Some(place) = self.place(expr) {
            return Ok(match place {
                Place::Frame(slot) => Operand::Local(slot),
                Place::Global(slot) => {
                    Operand::Tree(ex(move |cx, _| Ok(cx.program.global_slots[slot])))
                }
            });
        }
        let tree = match &expr.kind {
            ExprKind::Const(value) => return Ok(Operand::Const(self.constant(expr.ty, value)[0])),
            ExprKind::Local(local) => self.checked_local(*local, expr.span),
            ExprKind::Global(_) => unreachable!("module variables have a place"),
            ExprKind::Call(callee, args) => return self.call_value(*callee, args, expr),
            ExprKind::Prim(prim, args) => self.prim(*prim, args, expr.span, Yield)?,
            ExprKind::MakeException(message) => self.make_exception(expr.ty, message)?,
            ExprKind::MakeStruct(fields) if fields.len() == 1 => return self.value(&fields[0]),
            ExprKind::GetField(base, _) if self.slots(base) == 1 => return self.value(base),
            ExprKind::MakeStruct(fields) => self.with_temps(1, |lowering, temp| {
                Ok(read_after(lowering.fill_fields(fields, temp)?, temp))
            })?,
            ExprKind::GetField(base, index) => {
                let offset = self.field_offset(base.ty, *index);
                self.with_temps(self.slots(base), |lowering, temp| {
                    Ok(read_after(lowering.fill(base, temp)?, temp + offset))
                })?
            }
            ExprKind::Memory(op, args) => self.memory(*op, args, expr)?,
            ExprKind::Upcast(value) => self.upcast(value, expr.ty)?,
            ExprKind::CheckedCast(value) => self.with_temps(1, |lowering, temp| {
                let cast = lowering.checked_cast(value, expr.ty, expr.span, temp)?;
                Ok(read_after(cast, temp))
            })?,
            ExprKind::Dynamic(op, args) => self.dynamic(op, args, expr.span)?,
            ExprKind::And(left, right) => {
                let then = self.value(right)?;
                self.branch(left, then, Operand::Const(0))?
            }
            ExprKind::Or(left, right) => {
                let otherwise = self.value(right)?;
                self.branch(left, Operand::Const(1), otherwise)?
            }
            ExprKind::If(test, then, otherwise) => {
                let (then, otherwise) = (self.value(then)?, self.value(otherwise)?);
                self.branch(test, then, otherwise)?
            }
            ExprKind::AssignLocal(local, value) => self.assign(*local, value)?,
            ExprKind::AssignGlobal(global, value) => {
                let slot = self.program.global(*global).slot;
                self.store_global(slot, value)?
            }
            ExprKind::Block(stmts, value) => {
                let steps = self.steps(stmts)?;
                return Ok(body(steps, self.value(value)?));
            }
        };
        Ok(Operand::Tree(tree))
    }

    /// An expression of any size, for its effects.
    pub(super) fn effect(&mut self, expr: &Expr) -> Result<Ex, Failure> {
        match self.slots(expr) {
            1 => Ok(self.value(expr)?.into_ex()),
            count => self.with_temps(count, |lowering, temp| lowering.fill(expr, temp)),
        }
    }

    /// A condition fused with what depends on it.
    pub(super) fn test<C: Consumer>(&mut self, expr: &Expr, consumer: C) -> Result<Ex, Failure> {
        if let ExprKind::Prim(prim, args) = &expr.kind {
            return self.comparison(*prim, args, expr.span, consumer);
        }
        if let Some(item) = self.item_of_list(expr) {
            return self.get_item(&item, expr, consumer);
        }
        Ok(self.value(expr)?.give(consumer))
    }

    /// One operand or the other, as a condition says.
    pub(super) fn branch(
        &mut self,
        test: &Expr,
        then: Operand,
        otherwise: Operand,
    ) -> Result<Ex, Failure> {
        match (then, otherwise) {
            (Operand::Local(slot), otherwise) => {
                let (then, otherwise) = (Local(slot), Tree(otherwise.into_ex()));
                self.test(test, Branch { then, otherwise })
            }
            (Operand::Const(value), otherwise) => {
                let (then, otherwise) = (Const(value), Tree(otherwise.into_ex()));
                self.test(test, Branch { then, otherwise })
            }
            (Operand::Tree(then), Operand::Const(value)) => {
                let (then, otherwise) = (Tree(then), Const(value));
                self.test(test, Branch { then, otherwise })
            }
            (Operand::Tree(then), otherwise) => {
                let (then, otherwise) = (Tree(then), FarTree(otherwise.into_ex()));
                self.test(test, Branch { then, otherwise })
            }
        }
    }

    /// A value of one slot, stored in a slot of the frame; the closure yields it too.
    pub(super) fn store(&mut self, expr: &Expr, slot: usize) -> Result<Ex, Failure> {
        if let ExprKind::Prim(prim @ (Prim::Int(..) | Prim::Float(..) | Prim::Convert(..)), args) =
            &expr.kind
        {
            self.check_depth()?;
            return self.prim(*prim, args, expr.span, Store(slot));
        }
        if let Some(item) = self.item_of_list(expr) {
            return self.get_item(&item, expr, Store(slot));
        }
        Ok(self.value(expr)?.give(Store(slot)))
    }

    /// The slots of a constant.
    pub(super) fn constant(&mut self, ty: TypeId, value: &Value) -> Vec<u64> {
        let mut slots = Vec::new();
        encode(self.program, ty, value, &mut slots);
        slots
    }

    /// Where the value of an expression already lies, if reading it there cannot fail.
    pub(super) fn place(&self, expr: &Expr) -> Option<Place> {
        match &expr.kind {
            ExprKind::Local(local) => {
                let local = self.layout.local(*local);
                let is_certain = local.flag.is_none() && local.constant.is_none();
                is_certain.then_some(Place::Frame(local.first))
            }
            ExprKind::Global(global) => Some(Place::Global(self.program.global(*global).slot)),
            ExprKind::GetField(base, index) => {
                let offset = self.field_offset(base.ty, *index);
                self.place(base).map(|place| match place {
                    Place::Frame(slot) => Place::Frame(slot + offset),
                    Place::Global(slot) => Place::Global(slot + offset),
                })
            }
            ExprKind::Const(_)
            | ExprKind::Call(..)
            | ExprKind::Prim(..)
            | ExprKind::MakeStruct(_)
            | ExprKind::MakeException(_)
            | ExprKind::Memory(..)
            | ExprKind::Upcast(_)
            | ExprKind::CheckedCast(_)
            | ExprKind::Dynamic(..)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::If(..)
            | ExprKind::AssignLocal(..)
            | ExprKind::AssignGlobal(..)
            | ExprKind::Block(..) => None,
        }
    }

    /// A read of a local that fails if it has not been assigned.
    fn checked_local(&self, local: LocalId, span: Span) -> Ex {
        let slot = self.layout.local(local).first;
        let check = self.assigned_check(local, span);
        Box::new(move |cx, frame| {
            check(cx, frame)?;
            Ok(frame[slot])
        })
    }

    /// A node that fails if a local has not been assigned.
    pub(super) fn assigned_check(&self, local: LocalId, span: Span) -> Ex {
        let site = self.site(span);
        let Some(flag) = self.layout.local(local).flag else {
            return Yield.accept(Const(0));
        };
        Box::new(move |cx, frame| {
            if frame[flag] == 0 {
                let message = "read from uninitialized local";
                let diagnostic = Diagnostic::new(ErrorKind::Exception, message);
                return Err(site.fail(cx.program, diagnostic));
            }
            Ok(0)
        })
    }
}

/// A slot that another closure fills first.
fn read_after(fill: Ex, slot: usize) -> Ex {
    ex(move |cx, frame| {
        fill(cx, frame)?;
        Ok(frame[slot])
    })
}
