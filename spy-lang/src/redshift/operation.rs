//! Operations applied now or left to run time.

use super::Color;
use super::convert::failure;
use super::evaluator::Evaluator;
use super::fold;
use super::operand::{Action, Operand, Operation, Recipe};
use crate::diagnostics::Diagnostic;
use crate::ir::{Expr, ExprKind, StmtKind};
use crate::program::{Failure, FuncBody, FuncId, Value};
use crate::source::Span;
use crate::types::{FuncColor, TypeId};

impl Evaluator<'_> {
    /// Carries out an operation on its operands, or emits it.
    pub(super) fn apply(
        &mut self,
        operation: Operation,
        operands: Vec<Operand>,
        span: Span,
    ) -> Result<Operand, Failure> {
        let color = self.color_of(&operation, &operands);
        if self.is_blue() {
            let value = self.perform(&operation, &operands)?;
            return Ok(self.result(operation.result, color, value, span));
        }
        if let Action::Const(value) = &operation.action {
            let mut result = self.known(value.clone(), span);
            result.ty = operation.result;
            for operand in operands.into_iter().rev() {
                result = self.after_effects(operand, result);
            }
            result.color = color;
            result.value = Some(value.clone());
            return Ok(result);
        }
        if color == Color::Blue {
            let value = self.perform(&operation, &operands)?;
            return Ok(self.result(operation.result, color, value, span));
        }
        Ok(Operand::red(self.residual(&operation, operands, span)?))
    }

    fn result(&self, ty: TypeId, color: Color, value: Value, span: Span) -> Operand {
        let ty = match color {
            Color::Blue if ty == TypeId::DYNAMIC => self.program.type_of(&value),
            Color::Blue | Color::Red => ty,
        };
        Operand {
            ty,
            color,
            value: Some(value),
            ir: None,
            span,
            symbol: None,
        }
    }

    fn color_of(&self, operation: &Operation, operands: &[Operand]) -> Color {
        let all_blue = operands.iter().all(|operand| operand.color == Color::Blue);
        let pure = if all_blue { Color::Blue } else { Color::Red };
        match &operation.action {
            Action::Prim(prim) if prim.is_pure() => pure,
            Action::Const(_) => pure,
            Action::Prim(_) | Action::GetField(_) => Color::Red,
            Action::Call(func) => match self.program.func(*func).body {
                FuncBody::Prim(prim) if prim.is_pure() => pure,
                _ => self.func_color(*func),
            },
        }
    }

    /// The type of what a function returns.
    fn result_of(&self, func: FuncId) -> TypeId {
        let ty = self.program.types.as_func(self.program.func(func).ty);
        ty.map_or(TypeId::NONE, |ty| ty.result)
    }

    /// The color of what a function returns.
    pub(super) fn func_color(&self, func: FuncId) -> Color {
        match self
            .program
            .types
            .as_func(self.program.func(func).ty)
            .map(|ty| ty.color)
        {
            Some(FuncColor::Red) | None => Color::Red,
            Some(FuncColor::Blue | FuncColor::Generic | FuncColor::Metafunc) => Color::Blue,
        }
    }

    /// Computes an operation of which all operands are known.
    pub(super) fn perform(
        &mut self,
        operation: &Operation,
        operands: &[Operand],
    ) -> Result<Value, Failure> {
        let args = self.argument_values(operation, operands)?;
        match &operation.action {
            Action::Prim(prim) if prim.has_effect() => {
                self.engine.apply(self.program, *prim, &args)
            }
            Action::Prim(prim) => {
                let value = fold::apply(*prim, &args).map_err(failure)?;
                self.count_bytes(&value);
                Ok(value)
            }
            Action::Call(func) => self.call_now(*func, &args),
            Action::Const(value) => Ok(value.clone()),
            Action::GetField(index) => {
                let Some(Value::Struct(_, fields)) = args.first() else {
                    unreachable!("fields are read from structs")
                };
                Ok(fields[*index].clone())
            }
        }
    }

    /// The arguments of an operation of which all operands are known.
    pub(super) fn argument_values(
        &mut self,
        operation: &Operation,
        operands: &[Operand],
    ) -> Result<Vec<Value>, Failure> {
        let mut args = Vec::with_capacity(operation.args.len());
        for recipe in &operation.args {
            args.push(self.argument_value(recipe, operands)?);
        }
        Ok(args)
    }

    pub(super) fn argument_value(
        &mut self,
        recipe: &Recipe,
        operands: &[Operand],
    ) -> Result<Value, Failure> {
        let known = |index: usize| {
            operands[index]
                .value
                .clone()
                .expect("operands of blue operations have values")
        };
        match recipe {
            Recipe::Operand(index) => Ok(known(*index)),
            Recipe::Const(_, value) => Ok(value.clone()),
            Recipe::Convert(index, conversion) => self.convert_value(&known(*index), conversion),
            Recipe::Collect(ty, items) => {
                let (new, push) = self.collector(*ty);
                let mut result = self.call_now(new, &[])?;
                for item in items {
                    let item = self.argument_value(item, operands)?;
                    result = self.call_now(push, &[result, item])?;
                }
                Ok(result)
            }
        }
    }

    /// Calls a function whose arguments are all known and of its parameter types.
    pub(super) fn call_now(&mut self, func: FuncId, args: &[Value]) -> Result<Value, Failure> {
        match (self.func_color(func), &self.program.func(func).body) {
            (_, FuncBody::Prim(prim)) if prim.has_effect() => {
                let prim = *prim;
                self.engine.apply(self.program, prim, args)
            }
            (_, FuncBody::Prim(prim)) => fold::apply(*prim, args).map_err(failure),
            (Color::Blue, FuncBody::Source(_)) => self.call_blue(func, args),
            (Color::Red, FuncBody::Source(_)) => {
                if let Some(captured) = self.program.captures(func).first() {
                    let place = self.program.func(func).prototype;
                    return Err(super::capture::unreachable(&captured.name, place));
                }
                self.engine.call(self.program, func, args)
            }
            (_, FuncBody::GenericClass(_)) => self.call_blue(func, args),
            (_, FuncBody::StructMethod(_)) => self.engine.call(self.program, func, args),
            (_, FuncBody::MakeStruct(ty)) => Ok(Value::Struct(*ty, args.into())),
            (_, FuncBody::Memory(op)) => {
                let op = *op;
                let result = self.result_of(func);
                let pointer = args.first().map_or(result, |arg| self.program.type_of(arg));
                self.memory_now(op, args, pointer, result)
            }
            // Calls of builtins are resolved elsewhere; what a generic method returns is not.
            (_, FuncBody::Builtin(_)) => {
                let name = &self.program.func(func).fqn.last().name;
                let message = format!("implement me: `{name}` in place of a function with a body");
                Err(super::errors::wip(message).into())
            }
        }
    }

    /// The IR of an operation; operands used in another order are evaluated in theirs.
    fn residual(
        &mut self,
        operation: &Operation,
        operands: Vec<Operand>,
        span: Span,
    ) -> Result<Expr, Failure> {
        let in_order = uses_in_order(&operation.args, operands.len());
        let (operands, held) = if in_order {
            (operands, Vec::new())
        } else {
            self.capture(|this| {
                operands
                    .into_iter()
                    .map(|operand| this.hold(operand))
                    .collect()
            })?
        };
        let mut slots: Vec<Option<Operand>> = operands.into_iter().map(Some).collect();
        let mut args = Vec::with_capacity(operation.args.len());
        for recipe in &operation.args {
            args.push(self.argument_ir(recipe, &mut slots, in_order, span)?);
        }
        let kind = self.residual_kind(operation, args, span)?;
        let expr = Expr {
            kind,
            ty: operation.result,
            span,
        };
        if held.is_empty() {
            return Ok(expr);
        }
        Ok(Expr {
            kind: ExprKind::Block(held, Box::new(expr)),
            ty: operation.result,
            span,
        })
    }

    fn argument_ir(
        &mut self,
        recipe: &Recipe,
        slots: &mut [Option<Operand>],
        take: bool,
        span: Span,
    ) -> Result<Expr, Failure> {
        let mut operand = |index: usize| {
            let slot = &mut slots[index];
            let operand = if take { slot.take() } else { slot.clone() };
            operand.expect("operands in order are used once")
        };
        Ok(match recipe {
            Recipe::Operand(index) => operand(*index).into_ir(),
            Recipe::Const(ty, value) => Expr {
                kind: ExprKind::Const(value.clone()),
                ty: *ty,
                span,
            },
            Recipe::Convert(index, conversion) => {
                let operand = operand(*index);
                self.convert_by(operand, conversion)?.into_ir()
            }
            Recipe::Collect(ty, items) => {
                let mut operands = Vec::with_capacity(items.len());
                for item in items {
                    operands.push(Operand::red(self.argument_ir(item, slots, take, span)?));
                }
                self.collected(*ty, operands, span)?.into_ir()
            }
        })
    }

    fn residual_kind(
        &mut self,
        operation: &Operation,
        mut args: Vec<Expr>,
        span: Span,
    ) -> Result<ExprKind, Failure> {
        if let Action::Call(func) = &operation.action {
            args.extend(self.captured_args(*func, span)?);
        }
        let first = |args: Vec<Expr>| {
            Box::new(
                args.into_iter()
                    .next()
                    .expect("these operations have an argument"),
            )
        };
        Ok(match &operation.action {
            Action::Call(func) if self.program.func(*func).force_inline => {
                return self.inlined(*func, args, span);
            }
            Action::Prim(prim) => ExprKind::Prim(*prim, args),
            Action::Call(func) => match self.program.func(*func).body {
                FuncBody::Prim(prim) => ExprKind::Prim(prim, args),
                FuncBody::MakeStruct(_) => ExprKind::MakeStruct(args),
                FuncBody::Memory(op) => ExprKind::Memory(op, args),
                FuncBody::Source(_)
                | FuncBody::Builtin(_)
                | FuncBody::StructMethod(_)
                | FuncBody::GenericClass(_) => self.call_ir(*func, args),
            },
            Action::Const(value) => ExprKind::Const(value.clone()),
            Action::GetField(index) => ExprKind::GetField(first(args), *index),
        })
    }

    /// A call of a function, which has to be redshifted then.
    pub(super) fn call_ir(&mut self, func: FuncId, args: Vec<Expr>) -> ExprKind {
        if self.program.is_library(func) {
            self.program.demanded.push(func);
        }
        ExprKind::Call(func, args)
    }

    /// Emits a `raise` in place of a statement that failed with this error.
    pub(super) fn emit_failure(
        &mut self,
        diagnostic: Diagnostic,
        span: Span,
    ) -> crate::ir::ErrorId {
        let id = self.error_id(diagnostic);
        let kind = StmtKind::Raise(crate::ir::RaiseSource::Compiler(id), None);
        self.emit(kind, span);
        id
    }

    /// The number of an error; the same error seen again has the same one.
    fn error_id(&mut self, diagnostic: Diagnostic) -> crate::ir::ErrorId {
        let errors = &self.emitter().errors.clone();
        let same = errors.iter().find(|id| {
            let known = &self.program.errors[id.0 as usize];
            known.class() == diagnostic.class()
                && known.message == diagnostic.message
                && known.annotations == diagnostic.annotations
                && !known.annotations.is_empty()
        });
        if let Some(id) = same {
            return *id;
        }
        let id = crate::ir::ErrorId(
            u32::try_from(self.program.errors.len()).expect("fewer than 2^32 errors"),
        );
        let is_expected = self.is_expected(&diagnostic);
        self.program.errors.push(diagnostic);
        if !is_expected {
            self.emitter().errors.push(id);
        }
        id
    }
}

/// Whether the recipes use every operand exactly once, in order.
fn uses_in_order(recipes: &[Recipe], operands: usize) -> bool {
    let used = recipes.iter().flat_map(Recipe::positions);
    used.eq(0..operands)
}
