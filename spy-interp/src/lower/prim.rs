//! Primitive operations on numbers and truth values.
//!
//! `i32`, `i64` and `f64` get nodes fused with their operands and with what uses the result; the
//! other types one node per operator, which keeps the number of compiled variants in bounds.

use spy_lang::ir::{BoolOp, ComplexOp, Expr, FloatOp, IntOp, Prim};
use spy_lang::program::Failure;
use spy_lang::source::Span;
use spy_lang::types::{FloatType, IntType};
use spy_runtime::{Complex, Int, Raise};

use super::Lowering;
use crate::failure::Site;
use crate::machine::Cx;
use crate::node::{
    Add, Arithmetic, BitAnd, BitOr, BitXor, Consumer, Div, Eq, Ex, FloorDiv, Ge, Gt, Le, Lt, Mod,
    Mul, Ne, Operand, Pow, Shl, Shr, ShrConst, Slot, Sub, Value, ex, fuse, fuse_trees,
};

/// A primitive of one operand, on slots.
pub(super) type Unary = fn(&mut Cx<'_>, u64) -> Result<u64, Raise>;

/// The six comparisons.
#[derive(Clone, Copy)]
enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Lowering<'_> {
    /// A primitive whose result takes one slot.
    pub(super) fn prim<C: Consumer>(
        &mut self,
        prim: Prim,
        args: &[Expr],
        span: Span,
        consumer: C,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        let tree = match prim {
            Prim::Int(int, IntOp::Neg) => self.unary(&args[0], site, int_neg(int))?,
            Prim::Int(int, IntOp::Invert) => self.unary(&args[0], site, int_invert(int))?,
            Prim::Float(float, FloatOp::Neg) => self.unary(&args[0], site, float_neg(float))?,
            Prim::Bool(BoolOp::Not) => {
                self.unary(&args[0], site, |_, slot| Ok((!bool::load(slot)).store()))?
            }
            Prim::Int(int, op) => {
                if comparison_of_int(op).is_some() {
                    return self.comparison(prim, args, span, consumer);
                }
                let operands = self.operands(args)?;
                return Ok(match int {
                    IntType::I32 => int_op::<i32, C>(op, operands, site, consumer),
                    IntType::I64 => int_op::<i64, C>(op, operands, site, consumer),
                    IntType::I8 => consumer.accept_tree(int_trees::<i8>(op, operands, site)),
                    IntType::U8 => consumer.accept_tree(int_trees::<u8>(op, operands, site)),
                    IntType::U32 => consumer.accept_tree(int_trees::<u32>(op, operands, site)),
                    IntType::U64 => consumer.accept_tree(int_trees::<u64>(op, operands, site)),
                });
            }
            Prim::Float(float, op) => {
                if comparison_of_float(op).is_some() {
                    return self.comparison(prim, args, span, consumer);
                }
                let operands = self.operands(args)?;
                return Ok(match float {
                    FloatType::F64 => float_op::<C>(op, operands, site, consumer),
                    FloatType::F32 => consumer.accept_tree(float_trees::<f32>(op, operands, site)),
                });
            }
            Prim::Bool(op) => bool_trees(op, self.operands(args)?, site),
            Prim::Complex(op) => self.complex_comparison(op, args)?,
            Prim::Str(op) => self.compare_texts(op, args)?,
            Prim::Convert(from, to) => self.convert(from, to, &args[0], site)?,
            Prim::ToStr(of) => self.text_form(of, &args[0], site)?,
            Prim::Repr(of) => self.repr(of, &args[0], site)?,
            Prim::Hash(of) => self.hash(of, &args[0], site)?,
            Prim::Format(_) => self.library(prim, args, span)?,
            Prim::Runtime(function) => self.runtime(function, args, site)?,
        };
        Ok(consumer.accept_tree(tree))
    }

    /// A primitive whose result is used as a condition.
    pub(super) fn comparison<C: Consumer>(
        &mut self,
        prim: Prim,
        args: &[Expr],
        span: Span,
        consumer: C,
    ) -> Result<Ex, Failure> {
        self.check_depth()?;
        let site = self.site(span);
        match prim {
            Prim::Int(int, op) => {
                if let Some(op) = comparison_of_int(op) {
                    let operands = self.operands(args)?;
                    return Ok(match int {
                        IntType::I32 => compare::<i32, C>(op, operands, site, consumer),
                        IntType::I64 => compare::<i64, C>(op, operands, site, consumer),
                        IntType::I8 => {
                            consumer.accept_tree(compare_trees::<i8>(op, operands, site))
                        }
                        IntType::U8 => {
                            consumer.accept_tree(compare_trees::<u8>(op, operands, site))
                        }
                        IntType::U32 => {
                            consumer.accept_tree(compare_trees::<u32>(op, operands, site))
                        }
                        IntType::U64 => {
                            consumer.accept_tree(compare_trees::<u64>(op, operands, site))
                        }
                    });
                }
            }
            Prim::Float(float, op) => {
                if let Some(op) = comparison_of_float(op) {
                    let operands = self.operands(args)?;
                    return Ok(match float {
                        FloatType::F64 => compare::<f64, C>(op, operands, site, consumer),
                        FloatType::F32 => {
                            consumer.accept_tree(compare_trees::<f32>(op, operands, site))
                        }
                    });
                }
            }
            Prim::Complex(_)
            | Prim::Bool(_)
            | Prim::Str(_)
            | Prim::Convert(..)
            | Prim::ToStr(_)
            | Prim::Repr(_)
            | Prim::Hash(_)
            | Prim::Format(_)
            | Prim::Runtime(_) => {}
        }
        Ok(consumer.accept_tree(self.prim(prim, args, span, Value)?))
    }

    fn operands(&mut self, args: &[Expr]) -> Result<(Operand, Operand), Failure> {
        Ok((self.value(&args[0])?, self.value(&args[1])?))
    }

    /// A primitive of one operand.
    pub(super) fn unary(&mut self, arg: &Expr, site: Site, op: Unary) -> Result<Ex, Failure> {
        let arg = self.value(arg)?.into_ex();
        Ok(Box::new(move |cx, frame| {
            let slot = arg(cx, frame)?;
            op(cx, slot).map_err(|raise| site.raise(cx.program, raise))
        }))
    }

    /// The operands of a complex operation, put into temporaries.
    fn complex_operands<T>(
        &mut self,
        args: &[Expr],
        lower: impl FnOnce(Ex, usize) -> T,
    ) -> Result<T, Failure> {
        self.with_temps(2 * args.len(), |lowering, temp| {
            let first = lowering.fill(&args[0], temp)?;
            let Some(second) = args.get(1) else {
                return Ok(lower(first, temp));
            };
            let second = lowering.fill(second, temp + 2)?;
            let both = ex(move |cx, frame| {
                first(cx, frame)?;
                second(cx, frame)
            });
            Ok(lower(both, temp))
        })
    }

    fn complex_comparison(&mut self, op: ComplexOp, args: &[Expr]) -> Result<Ex, Failure> {
        let equal = match op {
            ComplexOp::Eq => true,
            ComplexOp::Ne => false,
            ComplexOp::Add | ComplexOp::Sub | ComplexOp::Mul | ComplexOp::Div | ComplexOp::Neg => {
                unreachable!("the result of complex arithmetic takes two slots")
            }
        };
        self.complex_operands(args, |operands, temp| {
            ex(move |cx, frame| {
                operands(cx, frame)?;
                let same = load_complex(frame, temp) == load_complex(frame, temp + 2);
                Ok((same == equal).store())
            })
        })
    }

    /// Arithmetic on complex numbers, into two slots.
    pub(super) fn fill_complex(
        &mut self,
        op: ComplexOp,
        args: &[Expr],
        site: Site,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let apply: fn(Complex, Complex) -> Result<Complex, Raise> = match op {
            ComplexOp::Add => |a, b| Ok(a + b),
            ComplexOp::Sub => |a, b| Ok(a - b),
            ComplexOp::Mul => |a, b| Ok(a * b),
            ComplexOp::Div => Complex::true_div,
            ComplexOp::Neg => |a, _| Ok(-a),
            ComplexOp::Eq | ComplexOp::Ne => unreachable!("comparisons take one slot"),
        };
        let second = if op == ComplexOp::Neg { 0 } else { 2 };
        self.complex_operands(args, |operands, temp| {
            ex(move |cx, frame| {
                operands(cx, frame)?;
                let (a, b) = (
                    load_complex(frame, temp),
                    load_complex(frame, temp + second),
                );
                let result = apply(a, b).map_err(|raise| site.raise(cx.program, raise))?;
                store_complex(frame, dest, result);
                Ok(0)
            })
        })
    }
}

/// The complex number in two slots of the frame.
pub(super) fn load_complex(frame: &[u64], slot: usize) -> Complex {
    Complex::new(f64::load(frame[slot]), f64::load(frame[slot + 1]))
}

/// Puts a complex number into two slots of the frame.
pub(super) fn store_complex(frame: &mut [u64], slot: usize, value: Complex) {
    frame[slot] = value.re.store();
    frame[slot + 1] = value.im.store();
}

const fn comparison_of_int(op: IntOp) -> Option<Comparison> {
    match op {
        IntOp::Eq => Some(Comparison::Eq),
        IntOp::Ne => Some(Comparison::Ne),
        IntOp::Lt => Some(Comparison::Lt),
        IntOp::Le => Some(Comparison::Le),
        IntOp::Gt => Some(Comparison::Gt),
        IntOp::Ge => Some(Comparison::Ge),
        IntOp::Add
        | IntOp::Sub
        | IntOp::Mul
        | IntOp::Div
        | IntOp::FloorDiv
        | IntOp::Mod
        | IntOp::Pow
        | IntOp::LShift
        | IntOp::RShift
        | IntOp::And
        | IntOp::Or
        | IntOp::Xor
        | IntOp::Neg
        | IntOp::Invert => None,
    }
}

const fn comparison_of_float(op: FloatOp) -> Option<Comparison> {
    match op {
        FloatOp::Eq => Some(Comparison::Eq),
        FloatOp::Ne => Some(Comparison::Ne),
        FloatOp::Lt => Some(Comparison::Lt),
        FloatOp::Le => Some(Comparison::Le),
        FloatOp::Gt => Some(Comparison::Gt),
        FloatOp::Ge => Some(Comparison::Ge),
        FloatOp::Add
        | FloatOp::Sub
        | FloatOp::Mul
        | FloatOp::Div
        | FloatOp::FloorDiv
        | FloatOp::Mod
        | FloatOp::Pow
        | FloatOp::Neg => None,
    }
}

type Operands = (Operand, Operand);

fn compare<T: Arithmetic, C: Consumer>(op: Comparison, (a, b): Operands, site: Site, c: C) -> Ex {
    match op {
        Comparison::Eq => fuse::<Eq<T>, C>(a, b, site, c),
        Comparison::Ne => fuse::<Ne<T>, C>(a, b, site, c),
        Comparison::Lt => fuse::<Lt<T>, C>(a, b, site, c),
        Comparison::Le => fuse::<Le<T>, C>(a, b, site, c),
        Comparison::Gt => fuse::<Gt<T>, C>(a, b, site, c),
        Comparison::Ge => fuse::<Ge<T>, C>(a, b, site, c),
    }
}

fn compare_trees<T: Slot + PartialOrd>(op: Comparison, (a, b): Operands, site: Site) -> Ex {
    match op {
        Comparison::Eq => fuse_trees::<Eq<T>>(a, b, site),
        Comparison::Ne => fuse_trees::<Ne<T>>(a, b, site),
        Comparison::Lt => fuse_trees::<Lt<T>>(a, b, site),
        Comparison::Le => fuse_trees::<Le<T>>(a, b, site),
        Comparison::Gt => fuse_trees::<Gt<T>>(a, b, site),
        Comparison::Ge => fuse_trees::<Ge<T>>(a, b, site),
    }
}

/// An operation of two integers that yields one, or `/`.
fn int_op<T: Int + Arithmetic, C: Consumer>(
    op: IntOp,
    (a, b): Operands,
    site: Site,
    consumer: C,
) -> Ex {
    match op {
        IntOp::Add => fuse::<Add<T>, C>(a, b, site, consumer),
        IntOp::Sub => fuse::<Sub<T>, C>(a, b, site, consumer),
        IntOp::Mul => fuse::<Mul<T>, C>(a, b, site, consumer),
        IntOp::And => fuse::<BitAnd<T>, C>(a, b, site, consumer),
        IntOp::Or => fuse::<BitOr<T>, C>(a, b, site, consumer),
        IntOp::Xor => fuse::<BitXor<T>, C>(a, b, site, consumer),
        IntOp::LShift => fuse::<Shl<T>, C>(a, b, site, consumer),
        IntOp::RShift => fuse::<Shr<T>, C>(a, b, site, consumer),
        IntOp::FloorDiv => match power_of_two::<T>(&b) {
            Some(k) => fuse::<ShrConst<T>, C>(a, Operand::Const(k), site, consumer),
            None => fuse::<FloorDiv<T>, C>(a, b, site, consumer),
        },
        IntOp::Mod => match power_of_two::<T>(&b) {
            Some(k) => fuse::<BitAnd<T>, C>(a, Operand::Const((1 << k) - 1), site, consumer),
            None => fuse::<Mod<T>, C>(a, b, site, consumer),
        },
        IntOp::Div
        | IntOp::Pow
        | IntOp::Eq
        | IntOp::Ne
        | IntOp::Lt
        | IntOp::Le
        | IntOp::Gt
        | IntOp::Ge
        | IntOp::Neg
        | IntOp::Invert => consumer.accept_tree(int_trees::<T>(op, (a, b), site)),
    }
}

/// `k` if the operand is the constant `2 ** k`. Shifting by `k` rounds as `//` does, and the low
/// `k` bits are what `%` yields, for negative numbers too.
fn power_of_two<T: Int + Slot>(operand: &Operand) -> Option<u64> {
    let Operand::Const(slot) = operand else {
        return None;
    };
    let value = u64::try_from(T::load(*slot).to_i128()).ok()?;
    value
        .is_power_of_two()
        .then_some(u64::from(value.trailing_zeros()))
}

fn int_trees<T: Int + Arithmetic>(op: IntOp, (a, b): Operands, site: Site) -> Ex {
    match op {
        IntOp::Add => fuse_trees::<Add<T>>(a, b, site),
        IntOp::Sub => fuse_trees::<Sub<T>>(a, b, site),
        IntOp::Mul => fuse_trees::<Mul<T>>(a, b, site),
        IntOp::Div => fuse_trees::<Div<T>>(a, b, site),
        IntOp::FloorDiv => fuse_trees::<FloorDiv<T>>(a, b, site),
        IntOp::Mod => fuse_trees::<Mod<T>>(a, b, site),
        IntOp::Pow => fuse_trees::<Pow<T>>(a, b, site),
        IntOp::LShift => fuse_trees::<Shl<T>>(a, b, site),
        IntOp::RShift => fuse_trees::<Shr<T>>(a, b, site),
        IntOp::And => fuse_trees::<BitAnd<T>>(a, b, site),
        IntOp::Or => fuse_trees::<BitOr<T>>(a, b, site),
        IntOp::Xor => fuse_trees::<BitXor<T>>(a, b, site),
        IntOp::Eq | IntOp::Ne | IntOp::Lt | IntOp::Le | IntOp::Gt | IntOp::Ge => {
            unreachable!("comparisons are lowered elsewhere")
        }
        IntOp::Neg | IntOp::Invert => unreachable!("it has one operand"),
    }
}

fn float_op<C: Consumer>(op: FloatOp, (a, b): Operands, site: Site, consumer: C) -> Ex {
    match op {
        FloatOp::Add => fuse::<Add<f64>, C>(a, b, site, consumer),
        FloatOp::Sub => fuse::<Sub<f64>, C>(a, b, site, consumer),
        FloatOp::Mul => fuse::<Mul<f64>, C>(a, b, site, consumer),
        FloatOp::Div => fuse::<Div<f64>, C>(a, b, site, consumer),
        FloatOp::FloorDiv
        | FloatOp::Mod
        | FloatOp::Pow
        | FloatOp::Eq
        | FloatOp::Ne
        | FloatOp::Lt
        | FloatOp::Le
        | FloatOp::Gt
        | FloatOp::Ge
        | FloatOp::Neg => consumer.accept_tree(float_trees::<f64>(op, (a, b), site)),
    }
}

fn float_trees<T: Arithmetic>(op: FloatOp, (a, b): Operands, site: Site) -> Ex {
    match op {
        FloatOp::Add => fuse_trees::<Add<T>>(a, b, site),
        FloatOp::Sub => fuse_trees::<Sub<T>>(a, b, site),
        FloatOp::Mul => fuse_trees::<Mul<T>>(a, b, site),
        FloatOp::Div => fuse_trees::<Div<T>>(a, b, site),
        FloatOp::FloorDiv => fuse_trees::<FloorDiv<T>>(a, b, site),
        FloatOp::Mod => fuse_trees::<Mod<T>>(a, b, site),
        FloatOp::Pow => fuse_trees::<Pow<T>>(a, b, site),
        FloatOp::Eq | FloatOp::Ne | FloatOp::Lt | FloatOp::Le | FloatOp::Gt | FloatOp::Ge => {
            unreachable!("comparisons are lowered elsewhere")
        }
        FloatOp::Neg => unreachable!("it has one operand"),
    }
}

/// Truth values are 0 and 1, so that bitwise operators serve them too.
fn bool_trees(op: BoolOp, (a, b): Operands, site: Site) -> Ex {
    match op {
        BoolOp::Eq => fuse_trees::<Eq<bool>>(a, b, site),
        BoolOp::Ne => fuse_trees::<Ne<bool>>(a, b, site),
        BoolOp::Lt => fuse_trees::<Lt<bool>>(a, b, site),
        BoolOp::Le => fuse_trees::<Le<bool>>(a, b, site),
        BoolOp::Gt => fuse_trees::<Gt<bool>>(a, b, site),
        BoolOp::Ge => fuse_trees::<Ge<bool>>(a, b, site),
        BoolOp::And => fuse_trees::<BitAnd<u8>>(a, b, site),
        BoolOp::Or => fuse_trees::<BitOr<u8>>(a, b, site),
        BoolOp::Xor => fuse_trees::<BitXor<u8>>(a, b, site),
        BoolOp::Not => unreachable!("it has one operand"),
    }
}

fn neg<T: Arithmetic>(_: &mut Cx<'_>, slot: u64) -> Result<u64, Raise> {
    Ok(T::load(slot).negated().store())
}

fn invert<T: Int + Slot>(_: &mut Cx<'_>, slot: u64) -> Result<u64, Raise> {
    Ok(T::load(slot).invert().store())
}

fn int_neg(int: IntType) -> Unary {
    match int {
        IntType::I8 => neg::<i8>,
        IntType::U8 => neg::<u8>,
        IntType::I32 => neg::<i32>,
        IntType::U32 => neg::<u32>,
        IntType::I64 => neg::<i64>,
        IntType::U64 => neg::<u64>,
    }
}

fn int_invert(int: IntType) -> Unary {
    match int {
        IntType::I8 => invert::<i8>,
        IntType::U8 => invert::<u8>,
        IntType::I32 => invert::<i32>,
        IntType::U32 => invert::<u32>,
        IntType::I64 => invert::<i64>,
        IntType::U64 => invert::<u64>,
    }
}

fn float_neg(float: FloatType) -> Unary {
    match float {
        FloatType::F32 => neg::<f32>,
        FloatType::F64 => neg::<f64>,
    }
}
