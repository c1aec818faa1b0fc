//! Which primitive an operator means for two static types.
//!
//! The lookup is exact on the pair of types; there is no search through conversions. The operands
//! are then converted to the primitive's parameter types.

use crate::ir::{BoolOp, ComplexOp, FloatOp, IntOp, Prim, Runtime, Scalar, StrOp};
use crate::syntax::ast::{BinOp, CmpOp};
use crate::types::{FloatType, IntType, TypeId};

/// The primitive of a binary operator, or `None` if the pair has none.
pub(super) fn binary(op: BinOp, left: TypeId, right: TypeId) -> Option<Prim> {
    match (Scalar::of(left)?, Scalar::of(right)?) {
        (Scalar::Int(a), Scalar::Int(b)) if a == b => Some(Prim::Int(a, int_op(op)?)),
        (Scalar::Bool, Scalar::Bool) => match op {
            BinOp::And => Some(Prim::Bool(BoolOp::And)),
            BinOp::Or => Some(Prim::Bool(BoolOp::Or)),
            BinOp::Xor => Some(Prim::Bool(BoolOp::Xor)),
            _ => Some(Prim::Int(IntType::I32, int_op(op)?)),
        },
        (Scalar::Bool, other) | (other, Scalar::Bool) => with_bool(op, other),
        (Scalar::Str, Scalar::Str) if op == BinOp::Add => Some(Prim::Runtime(Runtime::StrAdd)),
        (Scalar::Str, Scalar::Int(IntType::I32)) if op == BinOp::Mul => {
            Some(Prim::Runtime(Runtime::StrMul))
        }
        (a, b) => match computed_in(a, b)? {
            Common::Float(float, mixed) => {
                if mixed && (op == BinOp::FloorDiv || op == BinOp::Mod) {
                    return None;
                }
                Some(Prim::Float(float, float_op(op)?))
            }
            Common::Complex => Some(Prim::Complex(complex_op(op)?)),
        },
    }
}

/// A bool with a number counts as 0 or 1 of the number's type.
fn with_bool(op: BinOp, other: Scalar) -> Option<Prim> {
    match other {
        Scalar::Int(int) => Some(Prim::Int(int, int_op(op)?)),
        Scalar::Float(float) => Some(Prim::Float(float, float_op(op)?)),
        Scalar::Complex => Some(Prim::Complex(complex_op(op)?)),
        Scalar::Bool | Scalar::Str => None,
    }
}

/// The primitive of a comparison, or `None` if the pair has none.
pub(super) fn compare(op: CmpOp, left: TypeId, right: TypeId) -> Option<Prim> {
    match (Scalar::of(left)?, Scalar::of(right)?) {
        (Scalar::Int(a), Scalar::Int(b)) if a == b => Some(Prim::Int(a, int_compare(op)?)),
        (Scalar::Bool, Scalar::Bool) => Some(Prim::Bool(bool_compare(op)?)),
        (Scalar::Str, Scalar::Str) => Some(Prim::Str(str_compare(op)?)),
        (a, b) => match computed_in(a, b)? {
            Common::Float(float, _) => Some(Prim::Float(float, float_compare(op)?)),
            Common::Complex => match op {
                CmpOp::Eq => Some(Prim::Complex(ComplexOp::Eq)),
                CmpOp::Ne => Some(Prim::Complex(ComplexOp::Ne)),
                _ => None,
            },
        },
    }
}

/// The type in which a mixed pair is computed.
enum Common {
    /// A float type, and whether the operands have different types.
    Float(FloatType, bool),
    /// `complex128`
    Complex,
}

/// The type that two numbers are computed in, if there is one.
pub(super) fn computed_together(left: TypeId, right: TypeId) -> Option<Scalar> {
    match (Scalar::of(left)?, Scalar::of(right)?) {
        (Scalar::Int(a), Scalar::Int(b)) => (a == b).then_some(Scalar::Int(a)),
        (a, b) => match computed_in(a, b)? {
            Common::Float(float, _) => Some(Scalar::Float(float)),
            Common::Complex => Some(Scalar::Complex),
        },
    }
}

fn computed_in(a: Scalar, b: Scalar) -> Option<Common> {
    use FloatType::{F32, F64};
    let narrow_int = |scalar: Scalar| {
        matches!(
            scalar,
            Scalar::Int(IntType::I8 | IntType::U8 | IntType::I32 | IntType::U32)
        )
    };
    let is_i32 = |scalar: Scalar| scalar == Scalar::Int(IntType::I32);
    match (a, b) {
        (Scalar::Float(a), Scalar::Float(b)) if a == b => Some(Common::Float(a, false)),
        (Scalar::Float(_), Scalar::Float(_)) => Some(Common::Float(F64, true)),
        (Scalar::Float(F64), other) | (other, Scalar::Float(F64)) if narrow_int(other) => {
            Some(Common::Float(F64, true))
        }
        (Scalar::Float(F32), other) | (other, Scalar::Float(F32)) if is_i32(other) => {
            Some(Common::Float(F32, true))
        }
        (Scalar::Complex, Scalar::Complex) => Some(Common::Complex),
        (Scalar::Complex, other) | (other, Scalar::Complex)
            if is_i32(other) || other == Scalar::Float(F64) =>
        {
            Some(Common::Complex)
        }
        _ => None,
    }
}

/// The implicit conversion from one scalar type to another, or `None`.
pub(super) fn implicit(from: TypeId, to: TypeId) -> Option<Prim> {
    use IntType::{I8, I32, I64, U8, U32, U64};
    let (from, to) = (Scalar::of(from)?, Scalar::of(to)?);
    let allowed = match (from, to) {
        (Scalar::Int(I8 | U8), Scalar::Int(I32 | I64)) => true,
        (Scalar::Int(I32), Scalar::Int(to)) => to != U64,
        (Scalar::Int(U32), Scalar::Int(I32 | I64)) => true,
        (Scalar::Int(I64), Scalar::Int(U64)) | (Scalar::Int(U64), Scalar::Int(I64)) => true,
        (Scalar::Int(_) | Scalar::Float(_), Scalar::Float(FloatType::F64)) => true,
        (Scalar::Int(I32) | Scalar::Float(_), Scalar::Float(FloatType::F32)) => true,
        (Scalar::Int(I32) | Scalar::Float(FloatType::F64) | Scalar::Str, Scalar::Complex) => true,
        (Scalar::Int(I32), Scalar::Bool) => true,
        _ => false,
    };
    (allowed && from != to).then_some(Prim::Convert(from, to))
}

/// The explicit conversion `T(x)` from one scalar type to another, or `None`.
pub(super) fn explicit(from: TypeId, to: TypeId) -> Option<Prim> {
    let (from, to) = (Scalar::of(from)?, Scalar::of(to)?);
    let allowed = match (from, to) {
        (Scalar::Complex, to) => to == Scalar::Complex || to == Scalar::Bool,
        _ => true,
    };
    allowed.then_some(Prim::Convert(from, to))
}

/// The primitive of unary minus.
pub(super) fn negate(ty: TypeId) -> Option<Prim> {
    match Scalar::of(ty)? {
        Scalar::Int(int) if int.is_signed() => Some(Prim::Int(int, IntOp::Neg)),
        Scalar::Float(float) => Some(Prim::Float(float, FloatOp::Neg)),
        Scalar::Complex => Some(Prim::Complex(ComplexOp::Neg)),
        Scalar::Bool => Some(Prim::Int(IntType::I32, IntOp::Neg)),
        Scalar::Int(_) | Scalar::Str => None,
    }
}

/// The primitive of `~`.
pub(super) fn invert(ty: TypeId) -> Option<Prim> {
    match Scalar::of(ty)? {
        Scalar::Int(int) => Some(Prim::Int(int, IntOp::Invert)),
        Scalar::Bool => Some(Prim::Int(IntType::I32, IntOp::Invert)),
        Scalar::Float(_) | Scalar::Complex | Scalar::Str => None,
    }
}

fn int_op(op: BinOp) -> Option<IntOp> {
    match op {
        BinOp::Add => Some(IntOp::Add),
        BinOp::Sub => Some(IntOp::Sub),
        BinOp::Mul => Some(IntOp::Mul),
        BinOp::MatMul => None,
        BinOp::Div => Some(IntOp::Div),
        BinOp::FloorDiv => Some(IntOp::FloorDiv),
        BinOp::Mod => Some(IntOp::Mod),
        BinOp::Pow => Some(IntOp::Pow),
        BinOp::LShift => Some(IntOp::LShift),
        BinOp::RShift => Some(IntOp::RShift),
        BinOp::And => Some(IntOp::And),
        BinOp::Or => Some(IntOp::Or),
        BinOp::Xor => Some(IntOp::Xor),
    }
}

fn float_op(op: BinOp) -> Option<FloatOp> {
    match op {
        BinOp::Add => Some(FloatOp::Add),
        BinOp::Sub => Some(FloatOp::Sub),
        BinOp::Mul => Some(FloatOp::Mul),
        BinOp::Div => Some(FloatOp::Div),
        BinOp::FloorDiv => Some(FloatOp::FloorDiv),
        BinOp::Mod => Some(FloatOp::Mod),
        BinOp::Pow => Some(FloatOp::Pow),
        BinOp::MatMul | BinOp::LShift | BinOp::RShift | BinOp::And | BinOp::Or | BinOp::Xor => None,
    }
}

fn complex_op(op: BinOp) -> Option<ComplexOp> {
    match op {
        BinOp::Add => Some(ComplexOp::Add),
        BinOp::Sub => Some(ComplexOp::Sub),
        BinOp::Mul => Some(ComplexOp::Mul),
        BinOp::Div => Some(ComplexOp::Div),
        BinOp::MatMul
        | BinOp::FloorDiv
        | BinOp::Mod
        | BinOp::Pow
        | BinOp::LShift
        | BinOp::RShift
        | BinOp::And
        | BinOp::Or
        | BinOp::Xor => None,
    }
}

macro_rules! comparison_table {
    ($($function:ident -> $op:ident;)*) => {$(
        fn $function(op: CmpOp) -> Option<$op> {
            match op {
                CmpOp::Eq => Some($op::Eq),
                CmpOp::Ne => Some($op::Ne),
                CmpOp::Lt => Some($op::Lt),
                CmpOp::Le => Some($op::Le),
                CmpOp::Gt => Some($op::Gt),
                CmpOp::Ge => Some($op::Ge),
                CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => None,
            }
        }
    )*};
}

comparison_table! {
    int_compare -> IntOp;
    float_compare -> FloatOp;
    bool_compare -> BoolOp;
    str_compare -> StrOp;
}

/// The name of a binary operator in module `operator`.
pub(super) fn binary_name(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "ADD",
        BinOp::Sub => "SUB",
        BinOp::Mul => "MUL",
        BinOp::MatMul => "MATMUL",
        BinOp::Div => "DIV",
        BinOp::FloorDiv => "FLOORDIV",
        BinOp::Mod => "MOD",
        BinOp::Pow => "POW",
        BinOp::LShift => "LSHIFT",
        BinOp::RShift => "RSHIFT",
        BinOp::And => "AND",
        BinOp::Or => "OR",
        BinOp::Xor => "XOR",
    }
}

/// The name of a comparison in module `operator`.
pub(super) fn compare_name(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => "EQ",
        CmpOp::Ne => "NE",
        CmpOp::Lt => "LT",
        CmpOp::Le => "LE",
        CmpOp::Gt => "GT",
        CmpOp::Ge => "GE",
        CmpOp::Is => "IS",
        CmpOp::IsNot => "ISNOT",
        CmpOp::In | CmpOp::NotIn => "IN",
    }
}
