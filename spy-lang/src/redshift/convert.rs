//! Implicit conversions, and truth.

use super::Color;
use super::dispatch;
use super::evaluator::{Evaluator, Mode};
use super::fold;
use super::operand::{Action, Conversion, Operand, Operation, Recipe};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir::{Expr, ExprKind, MemoryOp, Prim, Scalar, Stmt, StmtKind};
use crate::program::{Failure, MetaArg, Value};
use crate::source::Span;
use crate::types::{IntType, TypeId, TypeKind};

impl Evaluator<'_> {
    /// How a value of static type `got` becomes one of type `expected`: `Ok(None)` if it is one
    /// already.
    pub(super) fn conversion(
        &mut self,
        operand: &Operand,
        expected: TypeId,
    ) -> Result<Option<Conversion>, Failure> {
        let got = operand.ty;
        if got == expected {
            return Ok(None);
        }
        if self.program.types.is_subtype(got, expected) {
            return Ok(Some(Conversion::Upcast(expected)));
        }
        if self.program.types.is_subtype(expected, got) {
            return Ok(Some(Conversion::Checked(expected)));
        }
        if got == TypeId::TYPE && expected == TypeId::META_ARG && operand.value.is_some() {
            return Ok(Some(Conversion::Meta));
        }
        if let Some(conversion) = self.empty_conversion(operand, expected) {
            return Ok(Some(conversion));
        }
        if let Some(ty) = self.program.types.as_ptr(got) {
            if ty.is_ref && ty.item == expected {
                return Ok(Some(Conversion::Dereference(expected)));
            }
            if !ty.is_ref && expected == TypeId::BOOL {
                return Ok(Some(Conversion::NotNull));
            }
        }
        match dispatch::implicit(got, expected) {
            Some(prim) => Ok(Some(Conversion::Prim(prim))),
            None => match self.user_conversion(operand, expected)? {
                Some(conversion) => Ok(Some(conversion)),
                None => Err(self.mismatched(expected, got, operand.span).into()),
            },
        }
    }

    /// The conversion that `__convert_to__` of the operand's type or `__convert_from__` of the
    /// expected type answers.
    fn user_conversion(
        &mut self,
        operand: &Operand,
        expected: TypeId,
    ) -> Result<Option<Conversion>, Failure> {
        let method = self
            .method(operand.ty, "__convert_to__")
            .or_else(|| self.method(expected, "__convert_from__"));
        let Some(method) = method.filter(|method| self.is_metafunc(*method)) else {
            return Ok(None);
        };
        let target = self.known(Value::Type(expected), operand.span);
        let source = self.known(Value::Type(operand.ty), operand.span);
        let answer = self.ask_metafunc(method, &[&target, &source, operand], &[], 2, None)?;
        let Some(mut operation) = answer else {
            return Ok(None);
        };
        for recipe in &mut operation.args {
            // The types are blue, so only the value is left as an operand.
            if let Recipe::Operand(index) | Recipe::Convert(index, _) = recipe {
                *index = 0;
            }
        }
        let got = operation.result;
        let types = &self.program.types;
        let last = match got {
            _ if got == expected => None,
            _ if types.is_subtype(got, expected) => Some(Conversion::Upcast(expected)),
            _ if types.is_subtype(expected, got) => Some(Conversion::Checked(expected)),
            _ => return Ok(None),
        };
        Ok(Some(Conversion::Spec(operation.into(), last.map(Box::new))))
    }

    /// The operand as a value of static type `expected`; its color stays.
    pub(super) fn convert(
        &mut self,
        operand: Operand,
        expected: TypeId,
    ) -> Result<Operand, Failure> {
        let Some(conversion) = self.conversion(&operand, expected)? else {
            return Ok(operand);
        };
        self.convert_by(operand, &conversion)
    }

    /// Applies a conversion now if the value is known, else in the IR.
    pub(super) fn convert_by(
        &mut self,
        operand: Operand,
        conversion: &Conversion,
    ) -> Result<Operand, Failure> {
        let ty = conversion.result();
        let now = self.is_blue() || (operand.color == Color::Blue && self.is_pure(conversion));
        if now && let Some(value) = &operand.value {
            let value = self.convert_value(value, conversion)?;
            return Ok(Operand {
                ty,
                value: Some(value),
                ..operand
            });
        }
        let (color, span, symbol) = (operand.color, operand.span, operand.symbol.clone());
        if let Conversion::Spec(operation, last) = conversion {
            let result = self.apply((**operation).clone(), vec![operand], span)?;
            let result = match last {
                Some(last) => self.convert_by(result, last)?,
                None => result,
            };
            return Ok(Operand {
                color,
                symbol,
                ..result
            });
        }
        let ir = self.convert_ir(operand.into_ir(), conversion);
        Ok(Operand {
            ty,
            color,
            value: None,
            ir: Some(ir),
            span,
            symbol,
        })
    }

    /// Converts a known value.
    pub(super) fn convert_value(
        &mut self,
        value: &Value,
        conversion: &Conversion,
    ) -> Result<Value, Failure> {
        match conversion {
            Conversion::Upcast(_) => Ok(value.clone()),
            Conversion::Prim(prim) => {
                fold::apply(*prim, std::slice::from_ref(value)).map_err(failure)
            }
            Conversion::Checked(ty) => {
                let got = self.program.type_of(value);
                if self.program.types.is_subtype(got, *ty) {
                    return Ok(value.clone());
                }
                let (expected, got) = (self.type_name(*ty), self.type_name(got));
                let message = format!("Invalid cast. Expected `{expected}`, got `{got}`");
                Err(Diagnostic::new(ErrorKind::TypeError, message).into())
            }
            Conversion::Dereference(ty) => {
                let pointer = self.program.type_of(value);
                let args = [value.clone(), Value::i32(0)];
                self.memory_now(MemoryOp::Load, &args, pointer, *ty)
            }
            Conversion::NotNull => Ok(Value::Bool(super::fold::truth(value))),
            Conversion::Meta => {
                let Value::Type(ty) = *value else {
                    unreachable!("only types are converted to meta arguments")
                };
                Ok(Value::MetaArg(MetaArg::red(ty).into()))
            }
            Conversion::New(func, ty) => self.new_collection(*func, *ty, value),
            Conversion::NewAtCompileTime(ty) => Ok(self
                .construct_collection(*ty, &[])
                .expect("these types have an empty value")),
            Conversion::Spec(operation, last) => {
                let operand = self.known(value.clone(), Span::BUILTINS);
                let result = self.perform(operation, &[operand])?;
                match last {
                    Some(last) => self.convert_value(&result, last),
                    None => Ok(result),
                }
            }
        }
    }

    /// Converts a value at run time.
    pub(super) fn convert_ir(&mut self, expr: Expr, conversion: &Conversion) -> Expr {
        let (ty, span) = (conversion.result(), expr.span);
        let kind = match conversion {
            Conversion::Upcast(_) => ExprKind::Upcast(Box::new(expr)),
            Conversion::Checked(_) => ExprKind::CheckedCast(Box::new(expr)),
            Conversion::Prim(prim) => ExprKind::Prim(*prim, vec![expr]),
            Conversion::Dereference(_) => {
                let zero = ExprKind::Const(Value::i32(0));
                let zero = Expr {
                    kind: zero,
                    ty: TypeId::I32,
                    span,
                };
                ExprKind::Memory(MemoryOp::Load, vec![expr, zero])
            }
            Conversion::NotNull => ExprKind::Memory(MemoryOp::NotNull, vec![expr]),
            Conversion::New(func, _) => self.call_ir(*func, Vec::new()),
            Conversion::NewAtCompileTime(ty) => {
                let empty = self.construct_collection(*ty, &[]);
                ExprKind::Const(empty.expect("these types have an empty value"))
            }
            Conversion::Spec(..) => unreachable!("these are applied like operations"),
            Conversion::Meta => unreachable!("types are known at compile time"),
        };
        Expr { kind, ty, span }
    }

    /// The operand as a condition.
    pub(super) fn truth(&mut self, operand: Operand) -> Result<Operand, Failure> {
        let operand = self.dereferenced_for(operand, "__bool__")?;
        let operand = self.dereferenced_for(operand, "__len__")?;
        match self.program.types.kind(operand.ty) {
            TypeKind::Bool => Ok(operand),
            TypeKind::Int(_) | TypeKind::Float(_) | TypeKind::Complex | TypeKind::Str => {
                let from = Scalar::of(operand.ty).expect("these types are scalars");
                let conversion = Conversion::Prim(Prim::Convert(from, Scalar::Bool));
                self.convert_by(operand, &conversion)
            }
            TypeKind::None => {
                let constant = Operand::blue(TypeId::BOOL, Value::Bool(false), operand.span);
                Ok(self.after_effects(operand, constant))
            }
            _ if let Some(length) = self.known_length(&operand) => {
                let span = operand.span;
                let constant = Operation::constant(TypeId::BOOL, Value::Bool(length != 0));
                self.apply(constant, vec![operand], span)
            }
            _ if self.method(operand.ty, "__bool__").is_some() => {
                let found = self.unary_method("__bool__", &operand)?;
                let operation = found.expect("the method has been found");
                let span = operand.span;
                let found = self.apply(operation, vec![operand], span)?;
                self.require_type(found, TypeId::BOOL)
            }
            _ if self.method(operand.ty, "__len__").is_some()
                && self.method(operand.ty, "__convert_to__").is_none() =>
            {
                let found = self.unary_method("__len__", &operand)?;
                let operation = found.expect("the method has been found");
                let span = operand.span;
                let length = self.apply(operation, vec![operand], span)?;
                let length = self.require_type(length, TypeId::I32)?;
                self.truth(length)
            }
            _ => self.convert(operand, TypeId::BOOL),
        }
    }

    /// What a method answers must be of this type.
    fn require_type(&self, operand: Operand, expected: TypeId) -> Result<Operand, Failure> {
        if operand.ty == expected {
            return Ok(operand);
        }
        Err(self.mismatched(expected, operand.ty, operand.span).into())
    }

    /// Whether a conversion of a constant is a constant.
    fn is_pure(&self, conversion: &Conversion) -> bool {
        match conversion {
            Conversion::Upcast(_) | Conversion::Prim(_) | Conversion::Checked(_) => true,
            Conversion::NotNull | Conversion::Meta => true,
            Conversion::Dereference(_) | Conversion::New(..) | Conversion::NewAtCompileTime(_) => {
                false
            }
            Conversion::Spec(operation, _) => match operation.action {
                Action::Const(_) => true,
                Action::Call(func) => self.func_color(func) == Color::Blue,
                Action::Prim(prim) => prim.is_pure(),
                Action::GetField(_) => false,
            },
        }
    }

    /// `result`, after whatever else evaluating `operand` does.
    pub(super) fn after_effects(&mut self, operand: Operand, result: Operand) -> Operand {
        match (&self.mode, operand.ir) {
            (Mode::Red(_), Some(ir)) if has_effects(&ir) => {
                let span = ir.span;
                let (ty, result) = (result.ty, result.into_ir());
                let kind = ExprKind::Block(effects(ir), Box::new(result));
                Operand::red(Expr { kind, ty, span })
            }
            _ => result,
        }
    }

    /// A blue `i32` that fits another integer type adapts to it; everything else stays.
    pub(super) fn adapt_integer(&self, operand: Operand, other: TypeId) -> Operand {
        let Some(int) = self.program.types.as_int(other) else {
            return operand;
        };
        match operand.blue_value() {
            Some(Value::Int(IntType::I32, value))
                if operand.ty == TypeId::I32
                    && int != IntType::I32
                    && (int.min()..=int.max()).contains(value) =>
            {
                let value = Value::Int(int, *value);
                Operand {
                    ty: other,
                    value: Some(value),
                    ir: None,
                    ..operand
                }
            }
            _ => operand,
        }
    }
}

/// Statements that do what evaluating an expression does, without its value.
pub(super) fn effects(expr: Expr) -> Vec<Stmt> {
    let span = expr.span;
    match expr.kind {
        ExprKind::Const(_) => Vec::new(),
        ExprKind::Block(mut stmts, value) => {
            if has_effects(&value) {
                stmts.extend(effects(*value));
            }
            stmts
        }
        kind => {
            let kind = StmtKind::Expr(Expr { kind, ..expr });
            vec![Stmt { kind, span }]
        }
    }
}

/// Whether evaluating an expression does more than compute its value.
pub(super) fn has_effects(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Global(_) => false,
        ExprKind::Prim(prim, args) => {
            prim.may_raise() || prim.has_effect() || args.iter().any(has_effects)
        }
        ExprKind::Memory(op, args) => {
            let harmless = matches!(op, MemoryOp::NotNull | MemoryOp::Same);
            !harmless || args.iter().any(has_effects)
        }
        ExprKind::MakeStruct(args) => args.iter().any(has_effects),
        ExprKind::GetField(value, _) | ExprKind::MakeException(value) | ExprKind::Upcast(value) => {
            has_effects(value)
        }
        ExprKind::And(left, right) | ExprKind::Or(left, right) => {
            has_effects(left) || has_effects(right)
        }
        ExprKind::If(test, then, otherwise) => {
            has_effects(test) || has_effects(then) || has_effects(otherwise)
        }
        ExprKind::Call(..)
        | ExprKind::Dynamic(..)
        | ExprKind::CheckedCast(_)
        | ExprKind::AssignLocal(..)
        | ExprKind::AssignGlobal(..)
        | ExprKind::Block(..) => true,
    }
}

/// The failure of a primitive that raised.
pub(super) fn failure(raise: spy_runtime::error::Raise) -> Failure {
    Box::new(Diagnostic::from(raise))
}
