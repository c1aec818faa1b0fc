//! Float operations.
//!
//! `f32` computes in single precision where that rounds as the runtime does (`+ - * /`), and in
//! double precision in the runtime otherwise.

use spy_lang::ir::{FloatOp, UncheckedOp};
use spy_lang::source::Span;
use spy_lang::types::FloatType;
use spy_runtime::error::ErrorKind;
use spy_runtime::float;

use super::function::Lowerer;
use super::layout::float_ty;
use crate::mir::{BinaryOp, Conversion, FloatCompare, Op, RuntimeFunc, Ty, UnaryOp, Val};

impl Lowerer<'_, '_> {
    /// Applies an operation; `b` is anything if it takes one operand.
    pub(super) fn float_op(
        &mut self,
        ty: FloatType,
        op: FloatOp,
        a: Val,
        b: Val,
        span: Span,
    ) -> Val {
        let mut compare = |op| self.emit(Op::FloatCompare(op, a, b), Ty::I8);
        match op {
            FloatOp::Eq => compare(FloatCompare::Eq),
            FloatOp::Ne => compare(FloatCompare::Ne),
            FloatOp::Lt => compare(FloatCompare::Lt),
            FloatOp::Le => compare(FloatCompare::Le),
            FloatOp::Gt => compare(FloatCompare::Gt),
            FloatOp::Ge => compare(FloatCompare::Ge),
            FloatOp::Add => self.binary(BinaryOp::FloatAdd, a, b),
            FloatOp::Sub => self.binary(BinaryOp::FloatSub, a, b),
            FloatOp::Mul => self.binary(BinaryOp::FloatMul, a, b),
            FloatOp::Neg => self.unary(UnaryOp::FloatNeg, a),
            FloatOp::Div => {
                let by_zero = self.is_zero(ty, b);
                let kind = ErrorKind::ZeroDivisionError;
                self.raise_if(by_zero, kind, float::TRUE_DIV_BY_ZERO, span);
                self.binary(BinaryOp::FloatDiv, a, b)
            }
            FloatOp::FloorDiv => self.in_runtime(ty, RuntimeFunc::FloorDivF64, a, b, span),
            FloatOp::Mod => self.in_runtime(ty, RuntimeFunc::ModF64, a, b, span),
            FloatOp::Pow => self.in_runtime(ty, RuntimeFunc::PowF64, a, b, span),
        }
    }

    /// A division of module `unsafe`.
    pub(super) fn unchecked_float(
        &mut self,
        ty: FloatType,
        op: UncheckedOp,
        a: Val,
        b: Val,
        span: Span,
    ) -> Val {
        let message = match op {
            UncheckedOp::Ieee => None,
            UncheckedOp::Div => Some(float::TRUE_DIV_BY_ZERO),
            UncheckedOp::FloorDiv => Some(float::FLOOR_DIV_BY_ZERO),
            UncheckedOp::Mod => Some(float::MOD_BY_ZERO),
        };
        if let Some(message) = message
            && self.checks_memory()
        {
            let by_zero = self.is_zero(ty, b);
            self.raise_if(by_zero, ErrorKind::PanicError, message, span);
        }
        match op {
            UncheckedOp::Div | UncheckedOp::Ieee => self.binary(BinaryOp::FloatDiv, a, b),
            UncheckedOp::FloorDiv => self.in_runtime(ty, RuntimeFunc::FloorDivF64, a, b, span),
            UncheckedOp::Mod => self.in_runtime(ty, RuntimeFunc::ModF64, a, b, span),
        }
    }

    fn is_zero(&mut self, ty: FloatType, value: Val) -> Val {
        let zero = self.float_zero(ty);
        self.emit(Op::FloatCompare(FloatCompare::Eq, value, zero), Ty::I8)
    }

    /// Zero of a float type.
    pub(super) fn float_zero(&mut self, ty: FloatType) -> Val {
        match ty {
            FloatType::F32 => self.emit(Op::F32(0), Ty::F32),
            FloatType::F64 => self.f64(0.0),
        }
    }

    fn in_runtime(
        &mut self,
        ty: FloatType,
        callee: RuntimeFunc,
        a: Val,
        b: Val,
        span: Span,
    ) -> Val {
        let [a, b] = [a, b].map(|value| self.convert(Conversion::FloatToFloat, Ty::F64, value));
        let result = self.runtime(callee, &[a, b], span)[0];
        self.convert(Conversion::FloatToFloat, float_ty(ty), result)
    }
}
