//! Scalars in slots.

use spy_runtime::{Float, Int, Raise};

/// A type whose values take one slot: the bits, zero-extended.
pub(crate) trait Slot: Copy + 'static {
    /// The value in a slot.
    fn load(slot: u64) -> Self;
    /// The slot of a value.
    fn store(self) -> u64;
}

impl Slot for bool {
    #[inline]
    fn load(slot: u64) -> Self {
        slot != 0
    }
    #[inline]
    fn store(self) -> u64 {
        u64::from(self)
    }
}

impl Slot for f64 {
    #[inline]
    fn load(slot: u64) -> Self {
        Self::from_bits(slot)
    }
    #[inline]
    fn store(self) -> u64 {
        self.to_bits()
    }
}

impl Slot for f32 {
    #[inline]
    fn load(slot: u64) -> Self {
        Self::from_bits(slot as u32)
    }
    #[inline]
    fn store(self) -> u64 {
        u64::from(self.to_bits())
    }
}

/// A number type: what integers and floats have in common, under one set of names.
pub(crate) trait Arithmetic: Slot + PartialOrd {
    /// What `/` yields.
    type Quotient: Slot;

    /// `self + other`
    fn plus(self, other: Self) -> Self;
    /// `self - other`
    fn minus(self, other: Self) -> Self;
    /// `self * other`
    fn times(self, other: Self) -> Self;
    /// `-self`
    fn negated(self) -> Self;
    /// `self / other`
    fn over(self, other: Self) -> Result<Self::Quotient, Raise>;
    /// `self // other`
    fn floor_over(self, other: Self) -> Result<Self, Raise>;
    /// `self % other`
    fn modulo(self, other: Self) -> Result<Self, Raise>;
    /// `self ** other`
    fn raised(self, other: Self) -> Result<Self, Raise>;
}

macro_rules! arithmetic {
    ($ty:ident, $of:ident, $quotient:ident) => {
        impl Arithmetic for $ty {
            type Quotient = $quotient;

            #[inline]
            fn plus(self, other: Self) -> Self {
                $of::add(self, other)
            }
            #[inline]
            fn minus(self, other: Self) -> Self {
                $of::sub(self, other)
            }
            #[inline]
            fn times(self, other: Self) -> Self {
                $of::mul(self, other)
            }
            #[inline]
            fn negated(self) -> Self {
                $of::neg(self)
            }
            #[inline]
            fn over(self, other: Self) -> Result<$quotient, Raise> {
                $of::true_div(self, other)
            }
            #[inline]
            fn floor_over(self, other: Self) -> Result<Self, Raise> {
                $of::floor_div(self, other)
            }
            #[inline]
            fn modulo(self, other: Self) -> Result<Self, Raise> {
                $of::floor_mod(self, other)
            }
            #[inline]
            fn raised(self, other: Self) -> Result<Self, Raise> {
                $of::power(self, other)
            }
        }
    };
}

macro_rules! integer {
    ($($ty:ident as $bits:ident),*) => {$(
        impl Slot for $ty {
            #[inline]
            fn load(slot: u64) -> Self {
                slot as $ty
            }
            #[inline]
            fn store(self) -> u64 {
                u64::from(self as $bits)
            }
        }
        arithmetic!($ty, Int, f64);
    )*};
}

integer!(
    i8 as u8, u8 as u8, i32 as u32, u32 as u32, i64 as u64, u64 as u64
);
arithmetic!(f64, Float, f64);
arithmetic!(f32, Float, f32);
