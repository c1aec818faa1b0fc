//! Integer arithmetic: wrapping, with Python's rounding of division.
//!
//! One trait for all widths. Overflow wraps everywhere, `MIN // -1` included; the only failures are
//! a zero divisor, a negative exponent and a negative shift count. Comparison comes from `Ord`.
//! Method names differ from the inherent methods of Rust's integers wherever the meaning differs,
//! so that a call on a concrete type cannot pick the wrong one.

use std::fmt;
use std::hash::Hash;

use crate::error::{ErrorKind, Raise};

/// `x / 0`.
pub const TRUE_DIV_BY_ZERO: &str = "division by zero";
/// `x // 0`.
pub const FLOOR_DIV_BY_ZERO: &str = "integer division or modulo by zero";
/// `x % 0`.
pub const MOD_BY_ZERO: &str = "integer modulo by zero";
/// `0 ** -1`.
pub const ZERO_TO_NEGATIVE: &str = "0 cannot be raised to a negative power";
/// `2 ** -1`.
pub const NEGATIVE_EXPONENT: &str = "integer ** negative exponent";
/// `1 << -1`.
pub const NEGATIVE_SHIFT: &str = "negative shift count";

/// A fixed-width integer type of the language.
pub trait Int:
    Copy + Ord + Hash + Default + fmt::Debug + fmt::Display + Send + Sync + 'static
{
    /// The type's name in messages, such as `i32`.
    const NAME: &'static str;
    /// The number of bits.
    const BITS: u32;
    /// Whether negative values exist.
    const SIGNED: bool;
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The smallest value.
    const MIN: Self;
    /// The largest value.
    const MAX: Self;

    /// The value as a type that holds all of them.
    fn to_i128(self) -> i128;
    /// The low [`BITS`](Self::BITS) bits of `value`.
    fn from_i128(value: i128) -> Self;
    /// The nearest `f64`, ties to even.
    fn to_f64(self) -> f64;
    /// The nearest `f32`, ties to even, rounded once.
    fn to_f32(self) -> f32;
    /// `value` truncated toward zero and saturated; NaN gives 0.
    fn from_f64(value: f64) -> Self;

    /// `self + other`, wrapping.
    fn add(self, other: Self) -> Self;
    /// `self - other`, wrapping.
    fn sub(self, other: Self) -> Self;
    /// `self * other`, wrapping.
    fn mul(self, other: Self) -> Self;
    /// `-self`, wrapping. The language offers it on signed types only.
    fn neg(self) -> Self;
    /// `self & other`.
    fn and(self, other: Self) -> Self;
    /// `self | other`.
    fn or(self, other: Self) -> Self;
    /// `self ^ other`.
    fn xor(self, other: Self) -> Self;
    /// `~self`.
    fn invert(self) -> Self;

    /// The quotient rounded toward negative infinity, wrapping; `divisor` must not be zero.
    fn floor_quotient(self, divisor: Self) -> Self;
    /// The remainder with the divisor's sign; `divisor` must not be zero.
    fn floor_remainder(self, divisor: Self) -> Self;
    /// `self << count` with `count` at least zero; 0 once all bits are shifted out.
    fn shift_left(self, count: u32) -> Self;
    /// `self >> count` with `count` at least zero; the sign fills up on signed types.
    fn shift_right(self, count: u32) -> Self;

    /// `self / other`: the quotient of the operands converted to `f64`.
    ///
    /// Fails with `ZeroDivisionError` when `other` is zero.
    #[inline]
    fn true_div(self, other: Self) -> Result<f64, Raise> {
        if other == Self::ZERO {
            return Err(Raise::new(ErrorKind::ZeroDivisionError, TRUE_DIV_BY_ZERO));
        }
        Ok(self.to_f64() / other.to_f64())
    }

    /// `self // other`, rounded toward negative infinity; `MIN // -1` is `MIN`.
    ///
    /// Fails with `ZeroDivisionError` when `other` is zero.
    #[inline]
    fn floor_div(self, other: Self) -> Result<Self, Raise> {
        if other == Self::ZERO {
            return Err(Raise::new(ErrorKind::ZeroDivisionError, FLOOR_DIV_BY_ZERO));
        }
        Ok(self.floor_quotient(other))
    }

    /// `self % other`, with the divisor's sign; `MIN % -1` is 0.
    ///
    /// Fails with `ZeroDivisionError` when `other` is zero.
    #[inline]
    fn floor_mod(self, other: Self) -> Result<Self, Raise> {
        if other == Self::ZERO {
            return Err(Raise::new(ErrorKind::ZeroDivisionError, MOD_BY_ZERO));
        }
        Ok(self.floor_remainder(other))
    }

    /// `self ** exponent`, wrapping; `x ** 0` is 1.
    ///
    /// A negative exponent fails with `ZeroDivisionError` on base 0 and `ValueError` otherwise.
    #[inline]
    fn power(self, exponent: Self) -> Result<Self, Raise> {
        if exponent < Self::ZERO {
            return Err(if self == Self::ZERO {
                Raise::new(ErrorKind::ZeroDivisionError, ZERO_TO_NEGATIVE)
            } else {
                Raise::new(ErrorKind::ValueError, NEGATIVE_EXPONENT)
            });
        }
        let mut base = self;
        let mut left = exponent;
        let mut result = Self::ONE;
        while left != Self::ZERO {
            if left.and(Self::ONE) == Self::ONE {
                result = result.mul(base);
            }
            base = base.mul(base);
            left = left.shift_right(1);
        }
        Ok(result)
    }

    /// `self << count`; 0 when `count` is at least the width.
    ///
    /// Fails with `ValueError` when `count` is negative.
    #[inline]
    fn shl(self, count: Self) -> Result<Self, Raise> {
        Ok(self.shift_left(shift_count(count)?))
    }

    /// `self >> count`; 0, or -1 for negative values, when `count` is at least the width.
    ///
    /// Fails with `ValueError` when `count` is negative.
    #[inline]
    fn shr(self, count: Self) -> Result<Self, Raise> {
        Ok(self.shift_right(shift_count(count)?))
    }

    /// [`true_div`](Self::true_div) for `unsafe.unchecked_div`: a zero divisor is a `PanicError`.
    #[inline]
    fn unchecked_div(self, other: Self) -> Result<f64, Raise> {
        self.true_div(other).map_err(into_panic)
    }

    /// [`floor_div`](Self::floor_div) for `unsafe.unchecked_floordiv`: a zero divisor is a
    /// `PanicError`.
    #[inline]
    fn unchecked_floor_div(self, other: Self) -> Result<Self, Raise> {
        self.floor_div(other).map_err(into_panic)
    }

    /// [`floor_mod`](Self::floor_mod) for `unsafe.unchecked_mod`: a zero divisor is a `PanicError`.
    #[inline]
    fn unchecked_floor_mod(self, other: Self) -> Result<Self, Raise> {
        self.floor_mod(other).map_err(into_panic)
    }
}

/// `raise` as a `PanicError` with the same text.
pub(crate) fn into_panic(raise: Raise) -> Raise {
    Raise {
        kind: ErrorKind::PanicError,
        message: raise.message,
    }
}

/// A shift count, clamped to the width.
#[inline]
fn shift_count<T: Int>(count: T) -> Result<u32, Raise> {
    if count < T::ZERO {
        return Err(Raise::new(ErrorKind::ValueError, NEGATIVE_SHIFT));
    }
    Ok(u32::try_from(count.to_i128())
        .unwrap_or(T::BITS)
        .min(T::BITS))
}

macro_rules! impl_int {
    ($($ty:ident signed $signed:literal),* $(,)?) => {$(
        impl Int for $ty {
            const NAME: &'static str = stringify!($ty);
            const BITS: u32 = $ty::BITS;
            const SIGNED: bool = $signed;
            const ZERO: Self = 0;
            const ONE: Self = 1;
            const MIN: Self = $ty::MIN;
            const MAX: Self = $ty::MAX;

            #[inline]
            fn to_i128(self) -> i128 {
                i128::from(self)
            }
            #[inline]
            fn from_i128(value: i128) -> Self {
                value as $ty
            }
            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline]
            fn to_f32(self) -> f32 {
                self as f32
            }
            #[inline]
            fn from_f64(value: f64) -> Self {
                value as $ty
            }
            #[inline]
            fn add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline]
            fn sub(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            #[inline]
            fn mul(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            #[inline]
            fn neg(self) -> Self {
                self.wrapping_neg()
            }
            #[inline]
            fn and(self, other: Self) -> Self {
                self & other
            }
            #[inline]
            fn or(self, other: Self) -> Self {
                self | other
            }
            #[inline]
            fn xor(self, other: Self) -> Self {
                self ^ other
            }
            #[inline]
            fn invert(self) -> Self {
                !self
            }
            #[inline]
            fn floor_quotient(self, divisor: Self) -> Self {
                let quotient = self.wrapping_div(divisor);
                let inexact = self.wrapping_rem(divisor) != 0;
                if inexact && $signed && (self ^ divisor).leading_zeros() == 0 {
                    quotient - 1
                } else {
                    quotient
                }
            }
            #[inline]
            fn floor_remainder(self, divisor: Self) -> Self {
                let remainder = self.wrapping_rem(divisor);
                if remainder != 0 && $signed && (remainder ^ divisor).leading_zeros() == 0 {
                    remainder + divisor
                } else {
                    remainder
                }
            }
            #[inline]
            fn shift_left(self, count: u32) -> Self {
                self.checked_shl(count).unwrap_or(0)
            }
            #[inline]
            fn shift_right(self, count: u32) -> Self {
                // Shifting out all but one bit and then that one keeps the sign of signed types.
                if count < Self::BITS { self >> count } else { self >> (Self::BITS - 1) >> 1 }
            }
        }
    )*};
}

impl_int! {
    i8 signed true,
    i16 signed true,
    i32 signed true,
    i64 signed true,
    u8 signed false,
    u16 signed false,
    u32 signed false,
    u64 signed false,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<T: Int>(result: Result<T, Raise>) -> String {
        match result {
            Ok(value) => value.to_string(),
            Err(raise) => raise.to_string(),
        }
    }

    #[test]
    fn overflow_wraps() {
        assert_eq!(Int::add(i32::MAX, 1), i32::MIN);
        assert_eq!(Int::mul(127i8, 2), -2);
        assert_eq!(Int::sub(1u8, 2), 255);
        assert_eq!(Int::neg(i64::MIN), i64::MIN);
        assert_eq!(2i32.power(31), Ok(i32::MIN));
        assert_eq!(3u64.power(u64::MAX), Ok(12_297_829_382_473_034_411));
    }

    /// Checks a binary operation on all pairs of `i8` against a model over unbounded integers.
    fn check_all_i8(
        op: impl Fn(i8, i8) -> Result<i8, Raise>,
        model: impl Fn(i128, i128) -> Option<i128>,
    ) {
        for a in i8::MIN..=i8::MAX {
            for b in i8::MIN..=i8::MAX {
                let expected = model(i128::from(a), i128::from(b)).map(|value| value as i8);
                assert_eq!(op(a, b).ok(), expected, "{a}, {b}");
            }
        }
    }

    #[test]
    fn division_rounds_toward_negative_infinity() {
        let floor = |a: i128, b: i128| (b != 0).then(|| (a * b.signum()).div_euclid(b.abs()));
        check_all_i8(Int::floor_div, floor);
        check_all_i8(Int::floor_mod, |a, b| {
            floor(a, b).map(|quotient| a - quotient * b)
        });
    }

    #[test]
    fn shifts_run_off_the_end() {
        check_all_i8(Int::shl, |a, b| {
            (b >= 0).then(|| if b < 64 { a << b } else { 0 })
        });
        check_all_i8(Int::shr, |a, b| (b >= 0).then(|| a >> b.min(64)));
        assert_eq!(200u8.shr(8), Ok(0));
        assert_eq!(1u64.shl(u64::MAX), Ok(0));
        assert_eq!((-5i64).shr(i64::MAX), Ok(-1));
    }

    #[test]
    fn extreme_quotients_wrap() {
        assert_eq!(i32::MIN.floor_div(-1), Ok(i32::MIN));
        assert_eq!(i32::MIN.floor_mod(-1), Ok(0));
        assert_eq!(u32::MAX.floor_div(2), Ok(0x7fff_ffff));
        assert_eq!(u8::MAX.floor_mod(16), Ok(15));
    }

    #[test]
    fn failures_have_their_texts() {
        assert_eq!(
            1.true_div(0).unwrap_err().to_string(),
            "ZeroDivisionError: division by zero"
        );
        let floor = "ZeroDivisionError: integer division or modulo by zero";
        assert_eq!(text(1.floor_div(0)), floor);
        assert_eq!(
            text(1.floor_mod(0)),
            "ZeroDivisionError: integer modulo by zero"
        );
        let power = "ZeroDivisionError: 0 cannot be raised to a negative power";
        assert_eq!(text(0.power(-1)), power);
        assert_eq!(
            text(2.power(-1)),
            "ValueError: integer ** negative exponent"
        );
        assert_eq!(text(1.shl(-1)), "ValueError: negative shift count");
        assert_eq!(text(1.shr(-1)), "ValueError: negative shift count");
        assert_eq!(
            text(1.unchecked_floor_div(0)),
            "PanicError: integer division or modulo by zero"
        );
        assert_eq!(
            text(1.unchecked_floor_mod(0)),
            "PanicError: integer modulo by zero"
        );
        assert_eq!(
            1.unchecked_div(0).unwrap_err().to_string(),
            "PanicError: division by zero"
        );
    }
}
