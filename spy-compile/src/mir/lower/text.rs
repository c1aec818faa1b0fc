//! Operations on `str`, and the text forms of scalars.

use spy_lang::ir::{Runtime, Scalar, StrOp};
use spy_lang::source::Span;
use spy_lang::types::FloatType;
use spy_runtime::abi::layout::STR_CHARS_OFFSET;
use spy_runtime::text::bool_repr;

use super::Lowered;
use super::function::Lowerer;
use super::layout::unsupported;
use crate::mir::{Conversion, IntCompare, Op, Region, RuntimeFunc, Ty, UnaryOp, Val};

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
    #[expect(clippy::too_many_lines, reason = "one arm for each function")]
    pub(super) fn runtime_op(
        &mut self,
        function: Runtime,
        args: &[Val],
        span: Span,
    ) -> Lowered<Vec<Val>> {
        let callee = match function {
            Runtime::StdoutWrite => RuntimeFunc::StdoutWrite,
            Runtime::ArgCount => RuntimeFunc::ArgCount,
            Runtime::Arg => RuntimeFunc::Arg,
            Runtime::IsCompiled => return Ok(vec![self.int(Ty::I8, 1)]),
            Runtime::StrAdd => RuntimeFunc::StrConcat,
            Runtime::StrMul => RuntimeFunc::StrRepeat,
            Runtime::StrGetItem => RuntimeFunc::StrGetItem,
            Runtime::StrLen => return Ok(vec![self.str_len(args[0])]),
            Runtime::ComplexOf => return Ok(args.to_vec()),
            Runtime::StrContains => RuntimeFunc::StrContains,
            Runtime::StrUpper => RuntimeFunc::StrUpper,
            Runtime::StrLower => RuntimeFunc::StrLower,
            Runtime::StrTitle => RuntimeFunc::StrTitle,
            Runtime::StrCapitalize => RuntimeFunc::StrCapitalize,
            Runtime::StrSwapcase => RuntimeFunc::StrSwapcase,
            Runtime::StrCasefold => RuntimeFunc::StrCasefold,
            Runtime::StrIsascii => RuntimeFunc::StrIsascii,
            Runtime::StrIsspace => RuntimeFunc::StrIsspace,
            Runtime::StrIsalpha => RuntimeFunc::StrIsalpha,
            Runtime::StrIsdigit => RuntimeFunc::StrIsdigit,
            Runtime::StrIsdecimal => RuntimeFunc::StrIsdecimal,
            Runtime::StrIsnumeric => RuntimeFunc::StrIsnumeric,
            Runtime::StrIsalnum => RuntimeFunc::StrIsalnum,
            Runtime::StrIsprintable => RuntimeFunc::StrIsprintable,
            Runtime::StrIsidentifier => RuntimeFunc::StrIsidentifier,
            Runtime::StrIslower => RuntimeFunc::StrIslower,
            Runtime::StrIsupper => RuntimeFunc::StrIsupper,
            Runtime::StrIstitle => RuntimeFunc::StrIstitle,
            Runtime::StrReplace => RuntimeFunc::StrReplace,
            Runtime::StrRemovePrefix => RuntimeFunc::StrRemovePrefix,
            Runtime::StrRemoveSuffix => RuntimeFunc::StrRemoveSuffix,
            Runtime::StrZfill => RuntimeFunc::StrZfill,
            Runtime::StrCenter => RuntimeFunc::StrCenter,
            Runtime::StrLjust => RuntimeFunc::StrLjust,
            Runtime::StrRjust => RuntimeFunc::StrRjust,
            Runtime::StrFind => RuntimeFunc::StrFind,
            Runtime::StrRfind => RuntimeFunc::StrRfind,
            Runtime::StrCount => RuntimeFunc::StrCount,
            Runtime::StrStartswith => RuntimeFunc::StrStartswith,
            Runtime::StrEndswith => RuntimeFunc::StrEndswith,
            Runtime::StrStrip => RuntimeFunc::StrStrip,
            Runtime::StrStripChars => RuntimeFunc::StrStripChars,
            Runtime::StrSlice => RuntimeFunc::StrSlice,
            Runtime::StrSize => RuntimeFunc::StrSize,
            Runtime::StrFindFrom => RuntimeFunc::StrFindFrom,
            Runtime::StrFindBefore => RuntimeFunc::StrFindBefore,
            Runtime::StrCut => RuntimeFunc::StrCut,
            Runtime::StrNextChar => RuntimeFunc::StrNextChar,
            Runtime::StrBlankEnd => RuntimeFunc::StrBlankEnd,
            Runtime::StrWordEnd => RuntimeFunc::StrWordEnd,
            Runtime::StrLineEnd => RuntimeFunc::StrLineEnd,
            Runtime::StrLineNext => RuntimeFunc::StrLineNext,
            Runtime::Ord => RuntimeFunc::Ord,
            Runtime::Chr => RuntimeFunc::Chr,
            Runtime::ExceptionStr => RuntimeFunc::ExceptionStr,
            Runtime::ExceptionRepr => RuntimeFunc::ExceptionRepr,
            Runtime::ExceptionName => RuntimeFunc::ExceptionName,
            Runtime::ExceptionMessage => RuntimeFunc::ExceptionMessage,
            Runtime::ExceptionEq => RuntimeFunc::ExceptionEq,
            Runtime::MathSqrt => RuntimeFunc::MathSqrt,
            Runtime::MathCbrt => RuntimeFunc::MathCbrt,
            Runtime::MathSin => RuntimeFunc::MathSin,
            Runtime::MathCos => RuntimeFunc::MathCos,
            Runtime::MathTan => RuntimeFunc::MathTan,
            Runtime::MathAsin => RuntimeFunc::MathAsin,
            Runtime::MathAcos => RuntimeFunc::MathAcos,
            Runtime::MathAtan => RuntimeFunc::MathAtan,
            Runtime::MathSinh => RuntimeFunc::MathSinh,
            Runtime::MathCosh => RuntimeFunc::MathCosh,
            Runtime::MathTanh => RuntimeFunc::MathTanh,
            Runtime::MathAsinh => RuntimeFunc::MathAsinh,
            Runtime::MathAcosh => RuntimeFunc::MathAcosh,
            Runtime::MathAtanh => RuntimeFunc::MathAtanh,
            Runtime::MathExp => RuntimeFunc::MathExp,
            Runtime::MathExp2 => RuntimeFunc::MathExp2,
            Runtime::MathExpm1 => RuntimeFunc::MathExpm1,
            Runtime::MathLog => RuntimeFunc::MathLog,
            Runtime::MathLog10 => RuntimeFunc::MathLog10,
            Runtime::MathLog2 => RuntimeFunc::MathLog2,
            Runtime::MathLog1p => RuntimeFunc::MathLog1p,
            Runtime::MathFabs => RuntimeFunc::MathFabs,
            Runtime::MathFloor => RuntimeFunc::MathFloor,
            Runtime::MathCeil => RuntimeFunc::MathCeil,
            Runtime::MathTrunc => RuntimeFunc::MathTrunc,
            Runtime::MathDegrees => RuntimeFunc::MathDegrees,
            Runtime::MathRadians => RuntimeFunc::MathRadians,
            Runtime::MathAtan2 => RuntimeFunc::MathAtan2,
            Runtime::MathPow => RuntimeFunc::MathPow,
            Runtime::MathHypot => RuntimeFunc::MathHypot,
            Runtime::MathFmod => RuntimeFunc::MathFmod,
            Runtime::MathCopysign => RuntimeFunc::MathCopysign,
            Runtime::MathRound => RuntimeFunc::MathRound,
            Runtime::FloatBits => RuntimeFunc::FloatBits,
            Runtime::FloatOfBits => RuntimeFunc::FloatOfBits,
            Runtime::ComplexReal => return Ok(vec![args[0]]),
            Runtime::ComplexImag => return Ok(vec![args[1]]),
            Runtime::ComplexConjugate => {
                let im = self.unary(UnaryOp::FloatNeg, args[1]);
                return Ok(vec![args[0], im]);
            }
            Runtime::StrEncode => RuntimeFunc::StrEncode,
            Runtime::BytesLen => RuntimeFunc::BytesLen,
            Runtime::BytesGetItem => RuntimeFunc::BytesGetItem,
            Runtime::BytesEq => RuntimeFunc::BytesEq,
            Runtime::BytesNe => {
                let equal = self.runtime(RuntimeFunc::BytesEq, args, span)[0];
                return Ok(vec![self.not(equal)]);
            }
            Runtime::BytesAdd => RuntimeFunc::BytesAdd,
            Runtime::BytesMul => RuntimeFunc::BytesMul,
            Runtime::BytesHash => RuntimeFunc::BytesHash,
            Runtime::BytesRepr => RuntimeFunc::BytesRepr,
            Runtime::BytesDecode => RuntimeFunc::BytesDecode,
            Runtime::ParseInt => RuntimeFunc::ParseInt,
            Runtime::StrExpandtabs => RuntimeFunc::StrExpandtabs,
            Runtime::StrReplaceFirst => RuntimeFunc::StrReplaceFirst,
            Runtime::BytesChars => RuntimeFunc::BytesChars,
            Runtime::BytesOfChars => RuntimeFunc::BytesFromChars,
            Runtime::FileOpen => RuntimeFunc::FileOpen,
            Runtime::FileRead => RuntimeFunc::FileRead,
            Runtime::FileReadLine => RuntimeFunc::FileReadLine,
            Runtime::FileWrite => RuntimeFunc::FileWrite,
            Runtime::FileSeek => RuntimeFunc::FileSeek,
            Runtime::FileTell => RuntimeFunc::FileTell,
            Runtime::FileFlush => RuntimeFunc::FileFlush,
            Runtime::FileDescriptor => RuntimeFunc::FileDescriptor,
            Runtime::FileClose => RuntimeFunc::FileClose,
            Runtime::IsTerminal => RuntimeFunc::IsTerminal,
            Runtime::TerminalColumns => RuntimeFunc::TerminalColumns,
            Runtime::TerminalLines => RuntimeFunc::TerminalLines,
            Runtime::Time => RuntimeFunc::Time,
            Runtime::Sleep => RuntimeFunc::Sleep,
        };
        Ok(self.runtime(callee, args, span))
    }
}
