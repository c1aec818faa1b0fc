//! Operations on `str`, and the text forms of scalars.

use spy_lang::ir::{Runtime, Scalar, StrOp};
use spy_lang::source::Span;
use spy_lang::types::FloatType;
use spy_runtime::abi::layout::STR_CHARS_OFFSET;
use spy_runtime::text::bool_repr;

use super::Lowered;
use super::function::Lowerer;
use super::layout::unsupported;
use crate::mir::{Conversion, IntCompare, Op, Region, RuntimeFunc, Ty, Val};

impl Lowerer<'_, '_> {
    /// Compares two texts.
    pub(super) fn str_op(&mut self, op: StrOp, a: Val, b: Val, span: Span) -> Val {
        let compare = match op {
            StrOp::Eq => return self.runtime(RuntimeFunc::StrEq, &[a, b], span)[0],
            StrOp::Ne => {
                let equal = self.runtime(RuntimeFunc::StrEq, &[a, b], span)[0];
                return self.not(equal);
            }
            StrOp::Lt => IntCompare::LtSigned,
            StrOp::Le => IntCompare::LeSigned,
            StrOp::Gt => IntCompare::GtSigned,
            StrOp::Ge => IntCompare::GeSigned,
        };
        let order = self.runtime(RuntimeFunc::StrCompare, &[a, b], span)[0];
        self.compare_with(compare, order, 0)
    }

    /// The number of code points of a text.
    pub(super) fn str_len(&mut self, text: Val) -> Val {
        let length = self.emit(
            Op::Load(Region::Text, Ty::I64, text, STR_CHARS_OFFSET),
            Ty::I64,
        );
        self.convert(Conversion::Truncate, Ty::I32, length)
    }

    /// `str(x)`
    pub(super) fn text_of(&mut self, of: Scalar, value: &[Val], span: Span) -> Val {
        let (callee, args) = match of {
            Scalar::Str => return value[0],
            Scalar::Bool => {
                let (yes, no) = (self.text(bool_repr(true)), self.text(bool_repr(false)));
                return self.select(value[0], yes, no);
            }
            Scalar::Int(int) => {
                let wide = self.extend(int, value[0]);
                let signed = RuntimeFunc::StrFromSigned;
                let callee = if int.is_signed() {
                    signed
                } else {
                    RuntimeFunc::StrFromUnsigned
                };
                (callee, vec![wide])
            }
            Scalar::Float(FloatType::F32) => (RuntimeFunc::StrFromF32, value.to_vec()),
            Scalar::Float(FloatType::F64) => (RuntimeFunc::StrFromF64, value.to_vec()),
            Scalar::Complex => (RuntimeFunc::StrFromComplex, value.to_vec()),
        };
        self.runtime(callee, &args, span)[0]
    }

    /// `repr(x)`
    pub(super) fn repr_of(&mut self, of: Scalar, value: &[Val], span: Span) -> Val {
        match of {
            Scalar::Str => self.runtime(RuntimeFunc::StrRepr, value, span)[0],
            Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool | Scalar::Complex => {
                self.text_of(of, value, span)
            }
        }
    }

    /// `format(x, spec)`
    pub(super) fn format(
        &mut self,
        of: Scalar,
        value: &[Val],
        spec: Val,
        span: Span,
    ) -> Lowered<Val> {
        let (callee, operand) = match of {
            Scalar::Int(int) => {
                let signed = RuntimeFunc::FormatSigned;
                let callee = if int.is_signed() {
                    signed
                } else {
                    RuntimeFunc::FormatUnsigned
                };
                (callee, self.extend(int, value[0]))
            }
            Scalar::Float(_) => {
                let wide = self.convert(Conversion::FloatToFloat, Ty::F64, value[0]);
                (RuntimeFunc::FormatF64, wide)
            }
            Scalar::Bool => (RuntimeFunc::FormatBool, value[0]),
            Scalar::Str => (RuntimeFunc::FormatStr, value[0]),
            Scalar::Complex => {
                let label = "this is `complex128`".to_owned();
                return Err(unsupported("formats of complex numbers", label, span));
            }
        };
        Ok(self.runtime(callee, &[operand, spec], span)[0])
    }

    /// Applies a function of the runtime library.
    pub(super) fn runtime_op(
        &mut self,
        function: Runtime,
        args: &[Val],
        span: Span,
    ) -> Lowered<Vec<Val>> {
        let callee = match function {
            Runtime::StdoutWrite => RuntimeFunc::StdoutWrite,
            Runtime::IsCompiled => return Ok(vec![self.int(Ty::I8, 1)]),
            Runtime::StrAdd => RuntimeFunc::StrConcat,
            Runtime::StrMul => RuntimeFunc::StrRepeat,
            Runtime::StrGetItem => RuntimeFunc::StrGetItem,
            Runtime::StrLen => return Ok(vec![self.str_len(args[0])]),
            Runtime::ComplexOf => return Ok(args.to_vec()),
            Runtime::StrContains => RuntimeFunc::StrContains,
        };
        Ok(self.runtime(callee, args, span))
    }
}
