//! Conversions between the scalar types of the language.

use spy_lang::ir::Scalar;
use spy_lang::source::Span;
use spy_lang::types::{FloatType, IntType};

use super::Lowered;
use super::function::Lowerer;
use super::layout::{float_ty, int_ty, unsupported};
use crate::mir::{BinaryOp, Conversion, FloatCompare, IntCompare, Op, RuntimeFunc, Ty, Val};

impl Lowerer<'_, '_> {
    /// Converts the scalars of a value.
    pub(super) fn convert_op(
        &mut self,
        from: Scalar,
        to: Scalar,
        value: &[Val],
        span: Span,
    ) -> Lowered<Vec<Val>> {
        if from == to {
            return Ok(value.to_vec());
        }
        let scalar = match to {
            Scalar::Int(int) => self.int_from(from, int, value, span)?,
            Scalar::Float(float) => self.float_from(from, float, value, span)?,
            Scalar::Bool => self.bool_from(from, value),
            Scalar::Str => self.text_of(from, value, span),
            Scalar::Complex if from == Scalar::Str => {
                return Ok(self.runtime(RuntimeFunc::ParseComplex, value, span));
            }
            Scalar::Complex => {
                let re = self.float_from(from, FloatType::F64, value, span)?;
                return Ok(vec![re, self.f64(0.0)]);
            }
        };
        Ok(vec![scalar])
    }

    fn int_from(&mut self, from: Scalar, to: IntType, value: &[Val], span: Span) -> Lowered<Val> {
        let target = int_ty(to);
        let scalar = match from {
            Scalar::Int(from) if from.bits() > to.bits() => {
                self.convert(Conversion::Truncate, target, value[0])
            }
            Scalar::Int(from) if from.is_signed() => {
                self.convert(Conversion::SignExtend, target, value[0])
            }
            Scalar::Int(_) | Scalar::Bool => self.convert(Conversion::ZeroExtend, target, value[0]),
            Scalar::Float(_) => self.float_to_int(to, value[0]),
            Scalar::Str => self.runtime(parser(to), value, span)[0],
            Scalar::Complex => return Err(from_complex(span)),
        };
        Ok(scalar)
    }

    /// Rounds to zero and saturates.
    fn float_to_int(&mut self, to: IntType, value: Val) -> Val {
        let conversion = if to.is_signed() {
            Conversion::FloatToSigned
        } else {
            Conversion::FloatToUnsigned
        };
        match to {
            IntType::I32 | IntType::U32 | IntType::I64 | IntType::U64 => {
                self.convert(conversion, int_ty(to), value)
            }
            IntType::U8 => {
                let wide = self.convert(conversion, Ty::I32, value);
                let most = self.int(Ty::I32, 255);
                let bounded = self.binary(BinaryOp::MinUnsigned, wide, most);
                self.convert(Conversion::Truncate, Ty::I8, bounded)
            }
            IntType::I8 => {
                let wide = self.convert(conversion, Ty::I32, value);
                let (least, most) = (self.int(Ty::I32, -128), self.int(Ty::I32, 127));
                let bounded = self.binary(BinaryOp::MinSigned, wide, most);
                let bounded = self.binary(BinaryOp::MaxSigned, bounded, least);
                self.convert(Conversion::Truncate, Ty::I8, bounded)
            }
        }
    }

    fn float_from(
        &mut self,
        from: Scalar,
        to: FloatType,
        value: &[Val],
        span: Span,
    ) -> Lowered<Val> {
        let target = float_ty(to);
        let scalar = match from {
            Scalar::Int(from) => self.int_to_float(from, value[0], target),
            Scalar::Float(_) => self.convert(Conversion::FloatToFloat, target, value[0]),
            Scalar::Bool => self.int_to_float(IntType::U8, value[0], target),
            Scalar::Str => {
                let parsed = self.runtime(RuntimeFunc::ParseF64, value, span)[0];
                self.convert(Conversion::FloatToFloat, target, parsed)
            }
            Scalar::Complex => return Err(from_complex(span)),
        };
        Ok(scalar)
    }

    /// Compares with zero; a text is true if it is not empty.
    fn bool_from(&mut self, from: Scalar, value: &[Val]) -> Val {
        match from {
            Scalar::Int(_) => self.compare_with(IntCompare::Ne, value[0], 0),
            Scalar::Bool => value[0],
            Scalar::Float(float) => {
                let zero = self.float_zero(float);
                self.emit(Op::FloatCompare(FloatCompare::Ne, value[0], zero), Ty::I8)
            }
            Scalar::Complex => {
                let zero = self.f64(0.0);
                let [re, im] = [value[0], value[1]]
                    .map(|part| self.emit(Op::FloatCompare(FloatCompare::Ne, part, zero), Ty::I8));
                self.binary(BinaryOp::Or, re, im)
            }
            Scalar::Str => {
                let length = self.str_len(value[0]);
                self.compare_with(IntCompare::Ne, length, 0)
            }
        }
    }
}

fn parser(to: IntType) -> RuntimeFunc {
    match to {
        IntType::I8 => RuntimeFunc::ParseI8,
        IntType::U8 => RuntimeFunc::ParseU8,
        IntType::I32 => RuntimeFunc::ParseI32,
        IntType::U32 => RuntimeFunc::ParseU32,
        IntType::I64 => RuntimeFunc::ParseI64,
        IntType::U64 => RuntimeFunc::ParseU64,
    }
}

fn from_complex(span: Span) -> Box<spy_lang::diagnostics::Diagnostic> {
    unsupported(
        "conversions of complex numbers",
        "this is `complex128`".to_owned(),
        span,
    )
}
