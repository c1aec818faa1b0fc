//! Which node computes an operator.
//!
//! `i32`, `i64` and `f64` get nodes fused with their operands and with what uses the result; the
//! other types one node per operator, which keeps the number of compiled variants in bounds.

use spy_lang::ir::{BoolOp, FloatOp, IntOp};
use spy_lang::types::{FloatType, IntType};
use spy_runtime::{Int, Raise};

use crate::failure::Site;
use crate::machine::Cx;
use crate::node::{
    Add, Arithmetic, BitAnd, BitOr, BitXor, Consumer, Div, Eq, Ex, FloorDiv, Ge, Gt, Le, Lt, Mod,
    Mul, Ne, Neg, Operand, Pow, Shl, Shr, ShrConst, Slot, Sub, ex, fuse, fuse_trees, fuse_unary,
};

/// A primitive of one operand, on slots.
pub(super) type Unary = fn(&mut Cx<'_>, u64) -> Result<u64, Raise>;

/// The six comparisons.
#[derive(Clone, Copy)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// The comparison that an operator is, if it is one.
pub(super) const fn comparison_of_int(op: IntOp) -> Option<Comparison> {
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

/// The comparison that an operator is, if it is one.
pub(super) const fn comparison_of_float(op: FloatOp) -> Option<Comparison> {
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

/// A comparison, fused with its operands and consumer.
pub(super) fn compare<T: Arithmetic, C: Consumer>(
    op: Comparison,
    (a, b): Operands,
    site: Site,
    c: C,
) -> Ex {
    match op {
        Comparison::Eq => fuse::<Eq<T>, C>(a, b, site, c),
        Comparison::Ne => fuse::<Ne<T>, C>(a, b, site, c),
        Comparison::Lt => fuse::<Lt<T>, C>(a, b, site, c),
        Comparison::Le => fuse::<Le<T>, C>(a, b, site, c),
        Comparison::Gt => fuse::<Gt<T>, C>(a, b, site, c),
        Comparison::Ge => fuse::<Ge<T>, C>(a, b, site, c),
    }
}

/// A comparison, not fused.
pub(super) fn compare_trees<T: Slot + PartialOrd>(
    op: Comparison,
    (a, b): Operands,
    site: Site,
) -> Ex {
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
pub(super) fn int_op<T: Int + Arithmetic, C: Consumer>(
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

/// The same, not fused.
pub(super) fn int_trees<T: Int + Arithmetic>(op: IntOp, (a, b): Operands, site: Site) -> Ex {
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

/// An operation of two `f64` that yields one.
pub(super) fn float_op<C: Consumer>(op: FloatOp, (a, b): Operands, site: Site, consumer: C) -> Ex {
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

/// The same for any float type, not fused.
pub(super) fn float_trees<T: Arithmetic>(op: FloatOp, (a, b): Operands, site: Site) -> Ex {
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
pub(super) fn bool_trees(op: BoolOp, (a, b): Operands, site: Site) -> Ex {
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

/// `-a`
pub(super) fn int_neg<C: Consumer>(int: IntType, a: Operand, site: Site, consumer: C) -> Ex {
    match int {
        IntType::I32 => fuse_unary::<Neg<i32>, C>(a, consumer),
        IntType::I64 => fuse_unary::<Neg<i64>, C>(a, consumer),
        IntType::I8 => consumer.accept_tree(unary(a, site, neg::<i8>)),
        IntType::U8 => consumer.accept_tree(unary(a, site, neg::<u8>)),
        IntType::U32 => consumer.accept_tree(unary(a, site, neg::<u32>)),
        IntType::U64 => consumer.accept_tree(unary(a, site, neg::<u64>)),
    }
}

/// `~a`
pub(super) fn int_invert(int: IntType, a: Operand, site: Site) -> Ex {
    let op = match int {
        IntType::I8 => invert::<i8>,
        IntType::U8 => invert::<u8>,
        IntType::I32 => invert::<i32>,
        IntType::U32 => invert::<u32>,
        IntType::I64 => invert::<i64>,
        IntType::U64 => invert::<u64>,
    };
    unary(a, site, op)
}

/// `-a`
pub(super) fn float_neg<C: Consumer>(float: FloatType, a: Operand, site: Site, consumer: C) -> Ex {
    match float {
        FloatType::F32 => consumer.accept_tree(unary(a, site, neg::<f32>)),
        FloatType::F64 => fuse_unary::<Neg<f64>, C>(a, consumer),
    }
}

/// A primitive of one operand, not fused.
pub(super) fn unary(operand: Operand, site: Site, op: Unary) -> Ex {
    let operand = operand.into_ex();
    ex(move |cx, frame| {
        let slot = operand(cx, frame)?;
        op(cx, slot).map_err(|raise| site.raise(cx.program, raise))
    })
}
