//! Implicit conversions, and truth.

use super::Color;
use super::dispatch;
use super::evaluator::{Evaluator, Mode};
use super::fold;
use super::operand::{Conversion, Operand};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir::{Expr, ExprKind, Prim, Scalar};
use crate::program::{Failure, Value};

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
        match dispatch::implicit(got, expected) {
            Some(prim) => Ok(Some(Conversion::Prim(prim))),
            None => Err(self.mismatched(expected, got, operand.span).into()),
        }
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
        let now = self.is_blue() || (operand.color == Color::Blue && is_pure(conversion));
        if now && let Some(value) = &operand.value {
            let value = self.convert_value(value, conversion)?;
            return Ok(Operand {
                ty,
                value: Some(value),
                ..operand
            });
        }
        let (color, span, symbol) = (operand.color, operand.span, operand.symbol.clone());
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
                fold::apply(*prim, std::slice::from_ref(value)).map_err(|raise| failure(raise))
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
            Conversion::Call(func, _) => {
                self.engine
                    .call(self.program, *func, std::slice::from_ref(value))
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
            Conversion::Call(func, _) => ExprKind::Call(*func, vec![expr]),
        };
        Expr { kind, ty, span }
    }

    /// The operand as a condition.
    pub(super) fn truth(&mut self, operand: Operand) -> Result<Operand, Failure> {
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
            _ => self.convert(operand, TypeId::BOOL),
        }
    }

    /// `result`, after whatever else evaluating `operand` does.
    pub(super) fn after_effects(&mut self, operand: Operand, result: Operand) -> Operand {
        match (&self.mode, operand.ir) {
            (Mode::Red(_), Some(ir)) if has_effects(&ir) => {
                let span = ir.span;
                let kind = crate::ir::StmtKind::Expr(ir);
                let effect = crate::ir::Stmt { kind, span };
                let (ty, result) = (result.ty, result.into_ir());
                let kind = ExprKind::Block(vec![effect], Box::new(result));
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

/// Whether a conversion of a constant is a constant.
fn is_pure(conversion: &Conversion) -> bool {
    match conversion {
        Conversion::Upcast(_) | Conversion::Prim(_) | Conversion::Checked(_) => true,
        Conversion::Call(..) => false,
    }
}

/// Whether evaluating an expression does more than compute its value.
pub(super) fn has_effects(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Global(_) => false,
        ExprKind::Prim(prim, args) => {
            prim.may_raise() || prim.has_effect() || args.iter().any(has_effects)
        }
        ExprKind::MakeStruct(args) => args.iter().any(has_effects),
        ExprKind::GetField(value, _) | ExprKind::Upcast(value) => has_effects(value),
        ExprKind::And(left, right) | ExprKind::Or(left, right) => {
            has_effects(left) || has_effects(right)
        }
        ExprKind::If(test, then, otherwise) => {
            has_effects(test) || has_effects(then) || has_effects(otherwise)
        }
        ExprKind::Call(..)
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
