//! Functions of the runtime library applied at compile time, and by the interpreter where speed does
//! not matter.

use spy_runtime::complex::Complex;
use spy_runtime::error::{ErrorKind, Raise};
use spy_runtime::string::{self, cursor};
use spy_runtime::{bytes, hash, math, text};

use super::fold::{complex, double, integer, text_of};
use crate::ir::Runtime;
use crate::program::{ExceptionValue, Value};
use crate::types::IntType;

/// The result of a function of the runtime library without effects.
#[expect(clippy::too_many_lines, reason = "one arm for each function")]
pub(super) fn apply_runtime(function: Runtime, args: &[Value]) -> Result<Value, Raise> {
    Ok(match function {
        Runtime::ExceptionStr => Value::Str(exception(&args[0]).text().into()),
        Runtime::ExceptionRepr => Value::Str(exception(&args[0]).repr().into()),
        Runtime::ExceptionName => Value::str(exception(&args[0]).class_name()),
        Runtime::ExceptionMessage => Value::Str(exception(&args[0]).message.clone()),
        Runtime::ExceptionEq => Value::Bool(exception(&args[0]) == exception(&args[1])),
        Runtime::StrAdd => {
            let texts = [text_of(&args[0]), text_of(&args[1])];
            check_length(texts.iter().map(|text| text.len() as i128).sum())?;
            Value::Str(texts.concat().into())
        }
        Runtime::StrMul => {
            let count = integer(&args[1]);
            let bytes = text_of(&args[0]).len() as i128 * count.max(0);
            check_length(bytes)?;
            Value::Str(string::repeat(text_of(&args[0]), count as i64)?.into())
        }
        Runtime::StrGetItem => Value::str(string::index(text_of(&args[0]), number(&args[1]))?),
        Runtime::StrLen => Value::i32(string::len(text_of(&args[0])) as i32),
        Runtime::StrContains => Value::Bool(text_of(&args[0]).contains(text_of(&args[1]))),
        Runtime::StrUpper => Value::str(&string::upper(text_of(&args[0]))),
        Runtime::StrLower => Value::str(&string::lower(text_of(&args[0]))),
        Runtime::StrTitle => Value::str(&string::title(text_of(&args[0]))),
        Runtime::StrCapitalize => Value::str(&string::capitalize(text_of(&args[0]))),
        Runtime::StrSwapcase => Value::str(&string::swapcase(text_of(&args[0]))),
        Runtime::StrCasefold => Value::str(&string::casefold(text_of(&args[0]))),
        Runtime::StrIsascii => Value::Bool(string::isascii(text_of(&args[0]))),
        Runtime::StrIsspace => Value::Bool(string::isspace(text_of(&args[0]))),
        Runtime::StrIsalpha => Value::Bool(string::isalpha(text_of(&args[0]))),
        Runtime::StrIsdigit => Value::Bool(string::isdigit(text_of(&args[0]))),
        Runtime::StrIsdecimal => Value::Bool(string::isdecimal(text_of(&args[0]))),
        Runtime::StrIsnumeric => Value::Bool(string::isnumeric(text_of(&args[0]))),
        Runtime::StrIsalnum => Value::Bool(string::isalnum(text_of(&args[0]))),
        Runtime::StrIsprintable => Value::Bool(string::isprintable(text_of(&args[0]))),
        Runtime::StrIsidentifier => Value::Bool(string::isidentifier(text_of(&args[0]))),
        Runtime::StrIslower => Value::Bool(string::islower(text_of(&args[0]))),
        Runtime::StrIsupper => Value::Bool(string::isupper(text_of(&args[0]))),
        Runtime::StrIstitle => Value::Bool(string::istitle(text_of(&args[0]))),
        Runtime::StrReplace => {
            let [of, from, to] = [&args[0], &args[1], &args[2]].map(text_of);
            let growth = to.len().saturating_sub(from.len()) as i64;
            let count = of.matches(from).count() as i64;
            check_width(count.saturating_mul(growth))?;
            Value::str(&string::replace(
                text_of(&args[0]),
                text_of(&args[1]),
                text_of(&args[2]),
                -1,
            ))
        }
        Runtime::StrRemovePrefix => {
            Value::str(string::removeprefix(text_of(&args[0]), text_of(&args[1])))
        }
        Runtime::StrRemoveSuffix => {
            Value::str(string::removesuffix(text_of(&args[0]), text_of(&args[1])))
        }
        Runtime::StrZfill => {
            check_width(number(&args[1]))?;
            Value::str(&string::zfill(text_of(&args[0]), number(&args[1]))?)
        }
        Runtime::StrCenter => {
            check_width(number(&args[1]))?;
            Value::str(&string::center(
                text_of(&args[0]),
                number(&args[1]),
                text_of(&args[2]),
            )?)
        }
        Runtime::StrLjust => {
            check_width(number(&args[1]))?;
            Value::str(&string::ljust(
                text_of(&args[0]),
                number(&args[1]),
                text_of(&args[2]),
            )?)
        }
        Runtime::StrRjust => {
            check_width(number(&args[1]))?;
            Value::str(&string::rjust(
                text_of(&args[0]),
                number(&args[1]),
                text_of(&args[2]),
            )?)
        }
        Runtime::StrFind => Value::i32(string::find(
            text_of(&args[0]),
            text_of(&args[1]),
            Some(number(&args[2])),
            Some(number(&args[3])),
        ) as i32),
        Runtime::StrRfind => Value::i32(string::rfind(
            text_of(&args[0]),
            text_of(&args[1]),
            Some(number(&args[2])),
            Some(number(&args[3])),
        ) as i32),
        Runtime::StrCount => Value::i32(string::count(
            text_of(&args[0]),
            text_of(&args[1]),
            Some(number(&args[2])),
            Some(number(&args[3])),
        ) as i32),
        Runtime::StrStartswith => Value::Bool(string::startswith(
            text_of(&args[0]),
            text_of(&args[1]),
            Some(number(&args[2])),
            Some(number(&args[3])),
        )),
        Runtime::StrEndswith => Value::Bool(string::endswith(
            text_of(&args[0]),
            text_of(&args[1]),
            Some(number(&args[2])),
            Some(number(&args[3])),
        )),
        Runtime::StrStrip => Value::str(string::strip_ends(
            text_of(&args[0]),
            None,
            number(&args[1]),
        )),
        Runtime::StrStripChars => Value::str(string::strip_ends(
            text_of(&args[0]),
            Some(text_of(&args[1])),
            number(&args[2]),
        )),
        Runtime::StrSlice => Value::str(&string::slice(
            text_of(&args[0]),
            given(number(&args[1]), number(&args[2])),
            given(number(&args[3]), number(&args[4])),
            given(number(&args[5]), number(&args[6])),
        )?),
        Runtime::StrSize => Value::i32(text_of(&args[0]).len() as i32),
        Runtime::StrFindFrom => {
            Value::i32(
                cursor::find_from(text_of(&args[0]), text_of(&args[1]), number(&args[2])) as i32,
            )
        }
        Runtime::StrFindBefore => {
            Value::i32(
                cursor::find_before(text_of(&args[0]), text_of(&args[1]), number(&args[2])) as i32,
            )
        }
        Runtime::StrCut => Value::str(cursor::cut(
            text_of(&args[0]),
            number(&args[1]),
            number(&args[2]),
        )),
        Runtime::StrNextChar => {
            Value::i32(cursor::next_char(text_of(&args[0]), number(&args[1])) as i32)
        }
        Runtime::StrBlankEnd => {
            Value::i32(cursor::blank_end(text_of(&args[0]), number(&args[1])) as i32)
        }
        Runtime::StrWordEnd => {
            Value::i32(cursor::word_end(text_of(&args[0]), number(&args[1])) as i32)
        }
        Runtime::StrLineEnd => {
            Value::i32(cursor::line_end(text_of(&args[0]), number(&args[1])) as i32)
        }
        Runtime::StrLineNext => {
            Value::i32(cursor::line_next(text_of(&args[0]), number(&args[1])) as i32)
        }
        Runtime::Ord => Value::i32(string::ord(text_of(&args[0]))? as i32),
        Runtime::Chr => Value::str(&string::chr(number(&args[0]))?),
        Runtime::ParseInt => {
            Value::i32(text::parse_based(text_of(&args[0]), number(&args[1]))? as i32)
        }
        Runtime::MathSqrt => Value::F64(math::sqrt(double(&args[0]))),
        Runtime::MathCbrt => Value::F64(math::cbrt(double(&args[0]))),
        Runtime::MathSin => Value::F64(math::sin(double(&args[0]))),
        Runtime::MathCos => Value::F64(math::cos(double(&args[0]))),
        Runtime::MathTan => Value::F64(math::tan(double(&args[0]))),
        Runtime::MathAsin => Value::F64(math::asin(double(&args[0]))),
        Runtime::MathAcos => Value::F64(math::acos(double(&args[0]))),
        Runtime::MathAtan => Value::F64(math::atan(double(&args[0]))),
        Runtime::MathSinh => Value::F64(math::sinh(double(&args[0]))),
        Runtime::MathCosh => Value::F64(math::cosh(double(&args[0]))),
        Runtime::MathTanh => Value::F64(math::tanh(double(&args[0]))),
        Runtime::MathAsinh => Value::F64(math::asinh(double(&args[0]))),
        Runtime::MathAcosh => Value::F64(math::acosh(double(&args[0]))),
        Runtime::MathAtanh => Value::F64(math::atanh(double(&args[0]))),
        Runtime::MathExp => Value::F64(math::exp(double(&args[0]))),
        Runtime::MathExp2 => Value::F64(math::exp2(double(&args[0]))),
        Runtime::MathExpm1 => Value::F64(math::expm1(double(&args[0]))),
        Runtime::MathLog => Value::F64(math::log(double(&args[0]))),
        Runtime::MathLog10 => Value::F64(math::log10(double(&args[0]))),
        Runtime::MathLog2 => Value::F64(math::log2(double(&args[0]))),
        Runtime::MathLog1p => Value::F64(math::log1p(double(&args[0]))),
        Runtime::MathFabs => Value::F64(math::fabs(double(&args[0]))),
        Runtime::MathFloor => Value::F64(math::floor(double(&args[0]))),
        Runtime::MathCeil => Value::F64(math::ceil(double(&args[0]))),
        Runtime::MathTrunc => Value::F64(math::trunc(double(&args[0]))),
        Runtime::MathDegrees => Value::F64(math::degrees(double(&args[0]))),
        Runtime::MathRadians => Value::F64(math::radians(double(&args[0]))),
        Runtime::MathAtan2 => Value::F64(math::atan2(double(&args[0]), double(&args[1]))),
        Runtime::MathPow => Value::F64(math::pow(double(&args[0]), double(&args[1]))),
        Runtime::MathHypot => Value::F64(math::hypot(double(&args[0]), double(&args[1]))),
        Runtime::MathFmod => Value::F64(math::fmod(double(&args[0]), double(&args[1]))),
        Runtime::MathCopysign => Value::F64(math::copysign(double(&args[0]), double(&args[1]))),
        Runtime::MathRound => Value::F64(math::round(double(&args[0]))),
        Runtime::FloatBits => Value::Int(IntType::I64, double(&args[0]).to_bits() as i64 as i128),
        Runtime::FloatOfBits => Value::F64(f64::from_bits(number(&args[0]) as u64)),
        Runtime::ComplexReal => Value::F64(complex(&args[0]).re),
        Runtime::ComplexImag => Value::F64(complex(&args[0]).im),
        Runtime::ComplexConjugate => Value::Complex(complex(&args[0]).conjugate()),
        Runtime::StrEncode => Value::Bytes(text_of(&args[0]).as_bytes().into()),
        Runtime::BytesLen => Value::i32(bytes_of(&args[0]).len() as i32),
        Runtime::BytesGetItem => {
            let item = bytes::index(bytes_of(&args[0]), number(&args[1]))?;
            Value::Int(IntType::U8, item.into())
        }
        Runtime::BytesEq => Value::Bool(bytes_of(&args[0]) == bytes_of(&args[1])),
        Runtime::BytesNe => Value::Bool(bytes_of(&args[0]) != bytes_of(&args[1])),
        Runtime::BytesAdd => Value::Bytes([bytes_of(&args[0]), bytes_of(&args[1])].concat().into()),
        Runtime::BytesMul => {
            Value::Bytes(bytes::repeat(bytes_of(&args[0]), number(&args[1]))?.into())
        }
        Runtime::BytesHash => Value::i32(hash::hash_bytes(bytes_of(&args[0]))),
        Runtime::BytesRepr => Value::str(&text::bytes_repr(bytes_of(&args[0]))),
        Runtime::BytesDecode => Value::str(bytes::decode(bytes_of(&args[0]))?),
        Runtime::ComplexOf => Value::Complex(Complex::new(double(&args[0]), double(&args[1]))),
        Runtime::StrExpandtabs => {
            Value::str(&string::expandtabs(text_of(&args[0]), number(&args[1])))
        }
        Runtime::StrReplaceFirst => Value::str(&string::replace(
            text_of(&args[0]),
            text_of(&args[1]),
            text_of(&args[2]),
            number(&args[3]),
        )),
        Runtime::BytesChars => Value::str(&bytes::chars(bytes_of(&args[0]))),
        Runtime::BytesOfChars => Value::Bytes(bytes::of_chars(text_of(&args[0]))?.into()),
        Runtime::StdoutWrite
        | Runtime::IsCompiled
        | Runtime::ArgCount
        | Runtime::Arg
        | Runtime::FileOpen
        | Runtime::FileRead
        | Runtime::FileReadLine
        | Runtime::FileWrite
        | Runtime::FileSeek
        | Runtime::FileTell
        | Runtime::FileFlush
        | Runtime::FileDescriptor
        | Runtime::FileClose
        | Runtime::IsTerminal
        | Runtime::TerminalColumns
        | Runtime::TerminalLines
        | Runtime::Time
        | Runtime::Sleep => {
            unreachable!("an engine applies primitives with effects")
        }
    })
}

/// Largest text that compile-time evaluation makes.
const MAX_FOLDED_BYTES: i128 = 64 << 20;

/// Largest text that a method of texts makes here, in bytes.
const MOST_BYTES: i64 = 512 << 20;

/// Whether a text may have this many bytes.
pub(super) fn check_width(bytes: i64) -> Result<(), Raise> {
    if bytes > MOST_BYTES {
        return Err(Raise::new(
            ErrorKind::MemoryError,
            "text of more than 512 MB",
        ));
    }
    Ok(())
}

fn check_length(bytes: i128) -> Result<(), Raise> {
    if bytes > MAX_FOLDED_BYTES {
        return Err(Raise::new(
            ErrorKind::MemoryError,
            "text of more than 64 MB",
        ));
    }
    Ok(())
}

fn number(value: &Value) -> i64 {
    integer(value) as i64
}

/// A part of a slice, if it is not missing.
fn given(part: i64, is_none: i64) -> Option<i64> {
    (is_none == 0).then_some(part)
}

fn bytes_of(value: &Value) -> &[u8] {
    let Value::Bytes(bytes) = value else {
        unreachable!("operands have the primitive's types")
    };
    bytes
}

fn exception(value: &Value) -> &ExceptionValue {
    let Value::Exception(exception) = value else {
        unreachable!("operands have the primitive's types")
    };
    exception
}
