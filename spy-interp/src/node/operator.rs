//! Binary operators on slots, as types without values.
//!
//! Each only moves operands and result between slots and Rust types; what it computes is the
//! runtime's.

use std::marker::PhantomData;

use spy_runtime::{Int, Raise};

use super::slot::{Arithmetic, Slot};

/// A binary operator.
pub(crate) trait BinaryOp: 'static {
    /// The slot of the result.
    fn apply(left: u64, right: u64) -> Result<u64, Raise>;
}

macro_rules! operators {
    ($bound:ident: $($(#[$doc:meta])* $name:ident($left:ident, $right:ident) = $result:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name<T>(PhantomData<T>);

        impl<T: $bound + Slot> BinaryOp for $name<T> {
            #[inline]
            fn apply(left: u64, right: u64) -> Result<u64, Raise> {
                let ($left, $right) = (T::load(left), T::load(right));
                Ok(Slot::store($result))
            }
        }
    )*};
}

operators! { Arithmetic:
    /// `a + b`
    Add(a, b) = a.plus(b);
    /// `a - b`
    Sub(a, b) = a.minus(b);
    /// `a * b`
    Mul(a, b) = a.times(b);
    /// `a / b`
    Div(a, b) = a.over(b)?;
    /// `a // b`
    FloorDiv(a, b) = a.floor_over(b)?;
    /// `a % b`
    Mod(a, b) = a.modulo(b)?;
    /// `a ** b`
    Pow(a, b) = a.raised(b)?;
}

operators! { PartialOrd:
    /// `a == b`
    Eq(a, b) = a == b;
    /// `a != b`
    Ne(a, b) = a != b;
    /// `a < b`
    Lt(a, b) = a < b;
    /// `a <= b`
    Le(a, b) = a <= b;
    /// `a > b`
    Gt(a, b) = a > b;
    /// `a >= b`
    Ge(a, b) = a >= b;
}

operators! { Int:
    /// `a & b`
    BitAnd(a, b) = Int::and(a, b);
    /// `a | b`
    BitOr(a, b) = Int::or(a, b);
    /// `a ^ b`
    BitXor(a, b) = Int::xor(a, b);
    /// `a << b`
    Shl(a, b) = Int::shl(a, b)?;
    /// `a >> b`
    Shr(a, b) = Int::shr(a, b)?;
}

/// `a >> b` where `b` is known to be at least zero and less than the width.
pub(crate) struct ShrConst<T>(PhantomData<T>);

impl<T: Int + Slot> BinaryOp for ShrConst<T> {
    #[inline]
    fn apply(left: u64, right: u64) -> Result<u64, Raise> {
        Ok(T::load(left).shift_right(right as u32).store())
    }
}
