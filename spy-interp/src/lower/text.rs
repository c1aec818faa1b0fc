//! Text, and the functions of the runtime library.

use std::cmp::Ordering;

use spy_lang::ir::{Expr, Prim, Runtime, Scalar, StrOp};
use spy_lang::memory::{HeapObject, ObjectId};
use spy_lang::program::Failure;
use spy_lang::source::Span;
use spy_lang::types::FloatType;
use spy_lang::with_int;
use spy_runtime::{Raise, math, string, text};

use super::Lowering;
use super::complex::load_complex;
use super::operator::Unary;
use crate::failure::Site;
use crate::machine::Cx;
use crate::node::{Const, Consumer, Ex, Slot, Value, ex};

/// The text that a slot refers to.
pub(super) fn text_of<'c>(cx: &'c Cx<'_>, slot: u64) -> &'c str {
    cx.program.heap.str(ObjectId::from_slot(slot))
}

/// The slot of a new text.
fn new_text(cx: &mut Cx<'_>, text: &str) -> u64 {
    add_text(cx, HeapObject::text(text))
}

/// The slot of a new text that is an object already.
fn add_text(cx: &mut Cx<'_>, text: HeapObject) -> u64 {
    let slot = cx.program.heap.add(text).slot();
    cx.note_allocation();
    slot
}

/// A primitive of two operands of which at least the first is a text.
type TextOp = fn(&mut Cx<'_>, u64, u64) -> Result<u64, Raise>;

impl Lowering<'_> {
    /// A comparison of two texts.
    pub(super) fn compare_texts(&mut self, op: StrOp, args: &[Expr]) -> Result<Ex, Failure> {
        let holds: fn(Ordering) -> bool = match op {
            StrOp::Eq => Ordering::is_eq,
            StrOp::Ne => Ordering::is_ne,
            StrOp::Lt => Ordering::is_lt,
            StrOp::Le => Ordering::is_le,
            StrOp::Gt => Ordering::is_gt,
            StrOp::Ge => Ordering::is_ge,
        };
        let (left, right) = (
            self.value(&args[0])?.into_ex(),
            self.value(&args[1])?.into_ex(),
        );
        if let StrOp::Eq | StrOp::Ne = op {
            let wanted = op == StrOp::Eq;
            return Ok(ex(move |cx, frame| {
                let (left, right) = (left(cx, frame)?, right(cx, frame)?);
                let is_equal = left == right || text_of(cx, left) == text_of(cx, right);
                Ok((is_equal == wanted).store())
            }));
        }
        Ok(Box::new(move |cx, frame| {
            let (left, right) = (left(cx, frame)?, right(cx, frame)?);
            let order = string::compare(text_of(cx, left), text_of(cx, right));
            Ok(holds(order).store())
        }))
    }

    /// `str(x)`
    pub(super) fn text_form(&mut self, of: Scalar, arg: &Expr, site: Site) -> Result<Ex, Failure> {
        let op: Unary = match of {
            Scalar::Int(int) => with_int!(int, T => |cx, slot| {
                Ok(new_text(cx, text::IntText::of(T::load(slot)).as_str()))
            }),
            Scalar::Float(FloatType::F64) => {
                |cx, slot| Ok(new_text(cx, &text::f64_repr(f64::load(slot))))
            }
            Scalar::Float(FloatType::F32) => {
                |cx, slot| Ok(new_text(cx, &text::f32_repr(f32::load(slot))))
            }
            Scalar::Bool => |cx, slot| Ok(new_text(cx, text::bool_repr(bool::load(slot)))),
            Scalar::Complex => return self.complex_text_form(arg),
            Scalar::Str => |_, slot| Ok(slot),
        };
        self.unary(arg, site, op)
    }

    /// `repr(x)`
    pub(super) fn repr(&mut self, of: Scalar, arg: &Expr, site: Site) -> Result<Ex, Failure> {
        match of {
            Scalar::Str => self.unary(arg, site, |cx, slot| {
                let repr = text::str_repr(text_of(cx, slot));
                Ok(new_text(cx, &repr))
            }),
            Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool | Scalar::Complex => {
                self.text_form(of, arg, site)
            }
        }
    }

    fn complex_text_form(&mut self, arg: &Expr) -> Result<Ex, Failure> {
        self.with_temps(2, |lowering, temp| {
            let fill = lowering.fill(arg, temp)?;
            Ok(ex(move |cx, frame| {
                fill(cx, frame)?;
                Ok(new_text(cx, &load_complex(frame, temp).repr()))
            }))
        })
    }

    /// A function of the runtime library whose result takes one slot.
    #[expect(clippy::too_many_lines, reason = "one pattern for each function")]
    pub(super) fn runtime(
        &mut self,
        function: Runtime,
        args: &[Expr],
        span: Span,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        let op: TextOp = match function {
            Runtime::StdoutWrite | Runtime::ComplexOf | Runtime::ComplexConjugate => {
                unreachable!("the result takes another number of slots")
            }
            Runtime::ArgCount => {
                return Ok(Box::new(|cx, _| Ok((cx.program.args.len() as i32).store())));
            }
            Runtime::Arg => {
                return self.unary(&args[0], site, |cx, slot| {
                    let index = usize::try_from(i32::load(slot)).ok();
                    let arg = index.and_then(|index| cx.program.args.get(index)).cloned();
                    Ok(new_text(cx, &arg.unwrap_or_default()))
                });
            }
            Runtime::IsCompiled => return Ok(Value.accept(Const(false.store()))),
            Runtime::StrLen => {
                return self.unary(&args[0], site, |cx, slot| {
                    Ok((string::len(text_of(cx, slot)) as i32).store())
                });
            }
            Runtime::StrAdd => |cx, a, b| {
                let joined = HeapObject::joined_text(text_of(cx, a), text_of(cx, b));
                Ok(add_text(cx, joined))
            },
            Runtime::StrMul => |cx, text, times| {
                let repeated = string::repeat(text_of(cx, text), i32::load(times).into())?;
                Ok(new_text(cx, &repeated))
            },
            Runtime::StrGetItem => |cx, text, index| {
                let item = string::index(text_of(cx, text), i32::load(index).into())?;
                let item = HeapObject::text(item);
                Ok(add_text(cx, item))
            },
            Runtime::StrContains => {
                |cx, text, part| Ok(string::contains(text_of(cx, text), text_of(cx, part)).store())
            }
            Runtime::MathSqrt => return self.of_float(&args[0], math::sqrt),
            Runtime::MathCbrt => return self.of_float(&args[0], math::cbrt),
            Runtime::MathSin => return self.of_float(&args[0], math::sin),
            Runtime::MathCos => return self.of_float(&args[0], math::cos),
            Runtime::MathTan => return self.of_float(&args[0], math::tan),
            Runtime::MathAsin => return self.of_float(&args[0], math::asin),
            Runtime::MathAcos => return self.of_float(&args[0], math::acos),
            Runtime::MathAtan => return self.of_float(&args[0], math::atan),
            Runtime::MathSinh => return self.of_float(&args[0], math::sinh),
            Runtime::MathCosh => return self.of_float(&args[0], math::cosh),
            Runtime::MathTanh => return self.of_float(&args[0], math::tanh),
            Runtime::MathAsinh => return self.of_float(&args[0], math::asinh),
            Runtime::MathAcosh => return self.of_float(&args[0], math::acosh),
            Runtime::MathAtanh => return self.of_float(&args[0], math::atanh),
            Runtime::MathExp => return self.of_float(&args[0], math::exp),
            Runtime::MathExp2 => return self.of_float(&args[0], math::exp2),
            Runtime::MathExpm1 => return self.of_float(&args[0], math::expm1),
            Runtime::MathLog => return self.of_float(&args[0], math::log),
            Runtime::MathLog10 => return self.of_float(&args[0], math::log10),
            Runtime::MathLog2 => return self.of_float(&args[0], math::log2),
            Runtime::MathLog1p => return self.of_float(&args[0], math::log1p),
            Runtime::MathFabs => return self.of_float(&args[0], math::fabs),
            Runtime::MathFloor => return self.of_float(&args[0], math::floor),
            Runtime::MathCeil => return self.of_float(&args[0], math::ceil),
            Runtime::MathTrunc => return self.of_float(&args[0], math::trunc),
            Runtime::MathDegrees => return self.of_float(&args[0], math::degrees),
            Runtime::MathRadians => return self.of_float(&args[0], math::radians),
            Runtime::MathRound => return self.of_float(&args[0], math::round),
            // A slot holds the bits of a float.
            Runtime::FloatBits | Runtime::FloatOfBits => {
                return Ok(self.value(&args[0])?.into_ex());
            }
            Runtime::MathAtan2 => |_, a, b| Ok(math::atan2(f64::load(a), f64::load(b)).store()),
            Runtime::MathPow => |_, a, b| Ok(math::pow(f64::load(a), f64::load(b)).store()),
            Runtime::MathHypot => |_, a, b| Ok(math::hypot(f64::load(a), f64::load(b)).store()),
            Runtime::MathFmod => |_, a, b| Ok(math::fmod(f64::load(a), f64::load(b)).store()),
            Runtime::MathCopysign => {
                |_, a, b| Ok(math::copysign(f64::load(a), f64::load(b)).store())
            }
            Runtime::FileOpen
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
                return self.request(function, args, span);
            }
            Runtime::StrUpper
            | Runtime::StrLower
            | Runtime::StrTitle
            | Runtime::StrCapitalize
            | Runtime::StrSwapcase
            | Runtime::StrCasefold
            | Runtime::StrIsascii
            | Runtime::StrIsspace
            | Runtime::StrIsalpha
            | Runtime::StrIsdigit
            | Runtime::StrIsdecimal
            | Runtime::StrIsnumeric
            | Runtime::StrIsalnum
            | Runtime::StrIsprintable
            | Runtime::StrIsidentifier
            | Runtime::StrIslower
            | Runtime::StrIsupper
            | Runtime::StrIstitle
            | Runtime::StrReplace
            | Runtime::StrRemovePrefix
            | Runtime::StrRemoveSuffix
            | Runtime::StrZfill
            | Runtime::StrCenter
            | Runtime::StrLjust
            | Runtime::StrRjust
            | Runtime::StrFind
            | Runtime::StrRfind
            | Runtime::StrCount
            | Runtime::StrStartswith
            | Runtime::StrEndswith
            | Runtime::StrStrip
            | Runtime::StrStripChars
            | Runtime::StrSlice
            | Runtime::StrSize
            | Runtime::StrFindFrom
            | Runtime::StrFindBefore
            | Runtime::StrCut
            | Runtime::StrNextChar
            | Runtime::StrBlankEnd
            | Runtime::StrWordEnd
            | Runtime::StrLineEnd
            | Runtime::StrLineNext
            | Runtime::ExceptionStr
            | Runtime::ExceptionRepr
            | Runtime::ExceptionName
            | Runtime::ExceptionMessage
            | Runtime::ExceptionEq
            | Runtime::Ord
            | Runtime::Chr
            | Runtime::ComplexReal
            | Runtime::ComplexImag
            | Runtime::StrEncode
            | Runtime::BytesLen
            | Runtime::BytesGetItem
            | Runtime::BytesEq
            | Runtime::BytesNe
            | Runtime::BytesAdd
            | Runtime::BytesMul
            | Runtime::BytesHash
            | Runtime::BytesRepr
            | Runtime::BytesDecode
            | Runtime::ParseInt
            | Runtime::StrExpandtabs
            | Runtime::StrReplaceFirst
            | Runtime::BytesChars
            | Runtime::BytesOfChars => return self.library(Prim::Runtime(function), args, span),
        };
        let (left, right) = (
            self.value(&args[0])?.into_ex(),
            self.value(&args[1])?.into_ex(),
        );
        Ok(Box::new(move |cx, frame| {
            let (left, right) = (left(cx, frame)?, right(cx, frame)?);
            op(cx, left, right).map_err(|raise| site.raise(cx.program, raise))
        }))
    }

    /// A function of one float.
    fn of_float(&mut self, arg: &Expr, function: fn(f64) -> f64) -> Result<Ex, Failure> {
        let arg = self.value(arg)?.into_ex();
        Ok(ex(move |cx, frame| {
            Ok(function(f64::load(arg(cx, frame)?)).store())
        }))
    }

    /// Writes a text to standard output.
    pub(super) fn write_stdout(&mut self, text: &Expr, site: Site) -> Result<Ex, Failure> {
        let text = self.value(text)?.into_ex();
        Ok(Box::new(move |cx, frame| {
            let slot = text(cx, frame)?;
            let text = ObjectId::from_slot(slot);
            cx.write_stdout(text)
                .map_err(|failure| site.enclose(cx.program, failure))?;
            Ok(0)
        }))
    }
}
