//! What operations on constants give, and operations that are one of their operands.
//!
//! Machine arithmetic only: the rules of the language are in the instructions around it. Floats
//! are left to the code generator, so that there is one place that rounds.

use super::{BinaryOp, Conversion, IntCompare, Op, Ty, UnaryOp, Val};

/// A known value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Constant {
    /// An integer, sign-extended from its type.
    Int(Ty, i64),
    /// A float by its bits.
    F32(u32),
    /// A float by its bits.
    F64(u64),
}

/// What an operation can be replaced by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Simplified {
    /// A constant.
    Constant(Constant),
    /// One of its operands.
    Same(Val),
}

impl Constant {
    /// The instruction that gives it.
    pub(crate) const fn op(self) -> Op {
        match self {
            Self::Int(ty, value) => Op::Int(ty, value),
            Self::F32(bits) => Op::F32(bits),
            Self::F64(bits) => Op::F64(bits),
        }
    }

    /// Its type.
    pub(crate) const fn ty(self) -> Ty {
        match self {
            Self::Int(ty, _) => ty,
            Self::F32(_) => Ty::F32,
            Self::F64(_) => Ty::F64,
        }
    }

    /// The integer, if it is one.
    pub(crate) const fn as_int(self) -> Option<i64> {
        match self {
            Self::Int(_, value) => Some(value),
            Self::F32(_) | Self::F64(_) => None,
        }
    }
}

/// The constant that an instruction gives.
pub(crate) fn constant_of(op: &Op) -> Option<Constant> {
    match op {
        Op::Int(ty, value) => Some(Constant::Int(*ty, *value)),
        Op::F32(bits) => Some(Constant::F32(*bits)),
        Op::F64(bits) => Some(Constant::F64(*bits)),
        Op::Text(_)
        | Op::Binary(..)
        | Op::Unary(..)
        | Op::Compare(..)
        | Op::FloatCompare(..)
        | Op::Convert(..)
        | Op::Select(..)
        | Op::Memory(..)
        | Op::Offset(..)
        | Op::Alloc(..)
        | Op::Load(..)
        | Op::Store(..)
        | Op::LoadCell(..)
        | Op::StoreCell(..)
        | Op::Call(..)
        | Op::CallRuntime(..)
        | Op::RaiseIf(..)
        | Op::Trace => None,
    }
}

/// The low bits of `value`, sign-extended.
const fn wrap(ty: Ty, value: i64) -> i64 {
    match ty {
        Ty::I8 => value as i8 as i64,
        Ty::I32 | Ty::F32 => value as i32 as i64,
        Ty::I64 | Ty::F64 | Ty::Ptr => value,
    }
}

/// The low bits of `value`, zero-extended.
const fn unsigned(ty: Ty, value: i64) -> u64 {
    match ty {
        Ty::I8 => value as u8 as u64,
        Ty::I32 | Ty::F32 => value as u32 as u64,
        Ty::I64 | Ty::F64 | Ty::Ptr => value as u64,
    }
}

/// What `op` gives, if its operands or their constants tell.
pub(crate) fn simplify(op: &Op, known: impl Fn(Val) -> Option<Constant>) -> Option<Simplified> {
    let int = |value: Val| known(value).and_then(Constant::as_int);
    let ty = |value: Val| known(value).map(Constant::ty);
    match op {
        Op::Binary(op, a, b) => binary(*op, (*a, known(*a)), (*b, known(*b))),
        Op::Unary(op, a) => {
            let (ty, value) = (ty(*a)?, int(*a)?);
            let result = match op {
                UnaryOp::Neg => value.wrapping_neg(),
                UnaryOp::Not => !value,
                UnaryOp::FloatNeg => return None,
            };
            constant(ty, result)
        }
        Op::Compare(op, a, b) => {
            if a == b {
                return constant(Ty::I8, i64::from(compare(*op, Ty::I64, 0, 0)));
            }
            let ty = ty(*a)?;
            constant(Ty::I8, i64::from(compare(*op, ty, int(*a)?, int(*b)?)))
        }
        Op::Convert(conversion, to, a) => {
            let (from, value) = (ty(*a)?, int(*a)?);
            match conversion {
                Conversion::SignExtend | Conversion::Truncate => constant(*to, value),
                Conversion::ZeroExtend => constant(*to, unsigned(from, value).cast_signed()),
                Conversion::SignedToFloat if *to == Ty::F64 => {
                    let bits = (value as f64).to_bits();
                    Some(Simplified::Constant(Constant::F64(bits)))
                }
                Conversion::SignedToFloat
                | Conversion::UnsignedToFloat
                | Conversion::FloatToSigned
                | Conversion::FloatToUnsigned
                | Conversion::FloatToFloat => None,
            }
        }
        Op::Select(condition, a, b) => match int(*condition) {
            Some(0) => Some(Simplified::Same(*b)),
            Some(_) => Some(Simplified::Same(*a)),
            None => (a == b).then_some(Simplified::Same(*a)),
        },
        Op::Offset(address, distance) => {
            (int(*distance) == Some(0)).then_some(Simplified::Same(*address))
        }
        Op::Int(..)
        | Op::F32(_)
        | Op::F64(_)
        | Op::Text(_)
        | Op::FloatCompare(..)
        | Op::Memory(..)
        | Op::Alloc(..)
        | Op::Load(..)
        | Op::Store(..)
        | Op::LoadCell(..)
        | Op::StoreCell(..)
        | Op::Call(..)
        | Op::CallRuntime(..)
        | Op::RaiseIf(..)
        | Op::Trace => None,
    }
}

const fn constant(ty: Ty, value: i64) -> Option<Simplified> {
    Some(Simplified::Constant(Constant::Int(ty, wrap(ty, value))))
}

const fn compare(op: IntCompare, ty: Ty, a: i64, b: i64) -> bool {
    let (ua, ub) = (unsigned(ty, a), unsigned(ty, b));
    match op {
        IntCompare::Eq => a == b,
        IntCompare::Ne => a != b,
        IntCompare::LtSigned => a < b,
        IntCompare::LeSigned => a <= b,
        IntCompare::GtSigned => a > b,
        IntCompare::GeSigned => a >= b,
        IntCompare::LtUnsigned => ua < ub,
        IntCompare::LeUnsigned => ua <= ub,
        IntCompare::GtUnsigned => ua > ub,
        IntCompare::GeUnsigned => ua >= ub,
    }
}

type Operand = (Val, Option<Constant>);

fn binary(op: BinaryOp, a: Operand, b: Operand) -> Option<Simplified> {
    let (x, y) = (
        a.1.and_then(Constant::as_int),
        b.1.and_then(Constant::as_int),
    );
    if let (Some(x), Some(y), Some(constant_a)) = (x, y, a.1) {
        return both_known(op, constant_a.ty(), x, y);
    }
    let zero = |operand: Operand| operand.1.map(Simplified::Constant);
    match (op, x, y) {
        (BinaryOp::Add | BinaryOp::Or | BinaryOp::Xor, Some(0), _) => Some(Simplified::Same(b.0)),
        (
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Or
            | BinaryOp::Xor
            | BinaryOp::Shl
            | BinaryOp::ShrSigned
            | BinaryOp::ShrUnsigned,
            _,
            Some(0),
        )
        | (BinaryOp::Mul | BinaryOp::DivSigned | BinaryOp::DivUnsigned, _, Some(1)) => {
            Some(Simplified::Same(a.0))
        }
        (BinaryOp::Mul, Some(1), _) => Some(Simplified::Same(b.0)),
        (BinaryOp::And | BinaryOp::Mul, Some(0), _) => zero(a),
        (BinaryOp::And | BinaryOp::Mul, _, Some(0)) => zero(b),
        (BinaryOp::And | BinaryOp::Or, _, _) if a.0 == b.0 => Some(Simplified::Same(a.0)),
        _ => None,
    }
}

fn both_known(op: BinaryOp, ty: Ty, x: i64, y: i64) -> Option<Simplified> {
    let (ux, uy) = (unsigned(ty, x), unsigned(ty, y));
    let count = u32::try_from(y).unwrap_or(0) % ty.bits();
    let result = match op {
        BinaryOp::Add => x.wrapping_add(y),
        BinaryOp::Sub => x.wrapping_sub(y),
        BinaryOp::Mul => x.wrapping_mul(y),
        BinaryOp::DivSigned => x.checked_div(y)?,
        BinaryOp::DivUnsigned => ux.checked_div(uy)?.cast_signed(),
        BinaryOp::RemUnsigned => ux.checked_rem(uy)?.cast_signed(),
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        BinaryOp::Xor => x ^ y,
        BinaryOp::Shl => x << count,
        BinaryOp::ShrSigned => x >> count,
        BinaryOp::ShrUnsigned => (ux >> count).cast_signed(),
        BinaryOp::MinUnsigned => ux.min(uy).cast_signed(),
        BinaryOp::MinSigned => x.min(y),
        BinaryOp::MaxSigned => x.max(y),
        BinaryOp::FloatAdd | BinaryOp::FloatSub | BinaryOp::FloatMul | BinaryOp::FloatDiv => {
            return None;
        }
    };
    constant(ty, result)
}
