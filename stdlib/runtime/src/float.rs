//! Floating-point arithmetic with Python's rules.
//!
//! `f64` follows CPython's `floatobject.c`, signs of zero included. `f32` computes in `f64` and
//! rounds the result once, which for `+ - * /` is the same as computing in single precision.
//! Overflow gives infinities; the only failures are a zero divisor and powers outside the reals.

use crate::error::{ErrorKind, Raise};
use crate::int::into_panic;

/// `x / 0.0`.
pub const TRUE_DIV_BY_ZERO: &str = "float division by zero";
/// `x // 0.0`.
pub const FLOOR_DIV_BY_ZERO: &str = "float floor division by zero";
/// `x % 0.0`.
pub const MOD_BY_ZERO: &str = "float modulo by zero";
/// `0.0 ** -1.0`.
pub const ZERO_TO_NEGATIVE: &str = "0.0 cannot be raised to a negative power";
/// `(-1.0) ** 0.5`.
pub const DOMAIN_ERROR: &str = "math domain error";
/// `round(1.5e308, -308)`.
pub const ROUNDED_TOO_LARGE: &str = "rounded value too large to represent";

/// A floating-point type of the language.
///
/// Comparison comes from `PartialOrd`: NaN compares false with everything.
pub trait Float: Copy + PartialOrd + Default + std::fmt::Debug + Send + Sync + 'static {
    /// The type's name in messages: `f64` or `f32`.
    const NAME: &'static str;

    /// The same number as an `f64`.
    fn to_f64(self) -> f64;
    /// The nearest value of this type, ties to even.
    fn from_f64(value: f64) -> Self;

    /// `self + other`.
    #[inline]
    fn add(self, other: Self) -> Self {
        Self::from_f64(self.to_f64() + other.to_f64())
    }

    /// `self - other`.
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self::from_f64(self.to_f64() - other.to_f64())
    }

    /// `self * other`.
    #[inline]
    fn mul(self, other: Self) -> Self {
        Self::from_f64(self.to_f64() * other.to_f64())
    }

    /// `-self`, which also flips the sign of zero.
    #[inline]
    fn neg(self) -> Self {
        Self::from_f64(-self.to_f64())
    }

    /// The IEEE quotient, defined for every divisor: `unsafe.ieee754_div`.
    #[inline]
    fn ieee754_div(self, other: Self) -> Self {
        Self::from_f64(self.to_f64() / other.to_f64())
    }

    /// `self / other`.
    ///
    /// Fails with `ZeroDivisionError` when `other` is zero.
    #[inline]
    fn true_div(self, other: Self) -> Result<Self, Raise> {
        nonzero(other, TRUE_DIV_BY_ZERO)?;
        Ok(self.ieee754_div(other))
    }

    /// `self // other`: the quotient rounded toward negative infinity.
    ///
    /// Fails with `ZeroDivisionError` when `other` is zero.
    #[inline]
    fn floor_div(self, other: Self) -> Result<Self, Raise> {
        nonzero(other, FLOOR_DIV_BY_ZERO)?;
        Ok(Self::from_f64(
            quotient_and_remainder(self.to_f64(), other.to_f64()).0,
        ))
    }

    /// `self % other`, with the divisor's sign.
    ///
    /// Fails with `ZeroDivisionError` when `other` is zero.
    #[inline]
    fn floor_mod(self, other: Self) -> Result<Self, Raise> {
        nonzero(other, MOD_BY_ZERO)?;
        Ok(Self::from_f64(remainder(self.to_f64(), other.to_f64())))
    }

    /// `divmod(self, other)`: the values of `//` and `%`.
    ///
    /// Fails with `ZeroDivisionError` when `other` is zero.
    #[inline]
    fn divmod(self, other: Self) -> Result<(Self, Self), Raise> {
        nonzero(other, FLOOR_DIV_BY_ZERO)?;
        let (quotient, remainder) = quotient_and_remainder(self.to_f64(), other.to_f64());
        Ok((Self::from_f64(quotient), Self::from_f64(remainder)))
    }

    /// `self ** exponent`: C's `pow`.
    ///
    /// Fails with `ZeroDivisionError` for zero to a finite negative power and with `ValueError` for
    /// a finite negative number to a finite fractional power.
    #[inline]
    fn power(self, exponent: Self) -> Result<Self, Raise> {
        let (base, exponent) = (self.to_f64(), exponent.to_f64());
        if exponent.is_finite() && base.is_finite() {
            if base == 0.0 && exponent < 0.0 {
                return Err(Raise::new(ErrorKind::ZeroDivisionError, ZERO_TO_NEGATIVE));
            }
            if base < 0.0 && exponent != exponent.floor() {
                return Err(Raise::new(ErrorKind::ValueError, DOMAIN_ERROR));
            }
        }
        Ok(Self::from_f64(base.powf(exponent)))
    }

    /// [`true_div`](Self::true_div) for `unsafe.unchecked_div`: a zero divisor is a `PanicError`.
    #[inline]
    fn unchecked_div(self, other: Self) -> Result<Self, Raise> {
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

    /// `round(self)` as a float: the nearest integer, ties to even.
    #[inline]
    fn round_half_even(self) -> Self {
        Self::from_f64(self.to_f64().round_ties_even())
    }
}

impl Float for f64 {
    const NAME: &'static str = "f64";

    #[inline]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline]
    fn from_f64(value: f64) -> f64 {
        value
    }
}

impl Float for f32 {
    const NAME: &'static str = "f32";

    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
}

/// Fails with `ZeroDivisionError` and `text` when `divisor` is zero.
#[inline]
fn nonzero<T: Float>(divisor: T, text: &'static str) -> Result<(), Raise> {
    if divisor.to_f64() == 0.0 {
        return Err(Raise::new(ErrorKind::ZeroDivisionError, text));
    }
    Ok(())
}

/// The remainder with the divisor's sign, also when it is zero.
#[inline]
fn remainder(dividend: f64, divisor: f64) -> f64 {
    let remainder = dividend % divisor;
    if remainder == 0.0 {
        0.0f64.copysign(divisor)
    } else if (divisor < 0.0) != (remainder < 0.0) {
        remainder + divisor
    } else {
        remainder
    }
}

/// `//` and `%` at once.
///
/// The quotient is computed from the remainder, because the rounded quotient of the operands may
/// already be the next integer.
fn quotient_and_remainder(dividend: f64, divisor: f64) -> (f64, f64) {
    let truncated = dividend % divisor;
    let mut quotient = (dividend - truncated) / divisor;
    if truncated != 0.0 && (divisor < 0.0) != (truncated < 0.0) {
        quotient -= 1.0;
    }
    let floor = if quotient == 0.0 {
        0.0f64.copysign(dividend / divisor)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    };
    (floor, remainder(dividend, divisor))
}

/// `round(value, digits)`: `value` rounded to `digits` decimal places, ties of its exact decimal
/// expansion to even.
///
/// `digits` may be negative. Fails with `OverflowError` when the result is too large for `f64`.
pub fn round_to_digits(value: f64, digits: i32) -> Result<f64, Raise> {
    // Beyond these bounds every finite value is unchanged, or rounds to zero.
    const DIGITS_MAX: i32 = 323;
    const DIGITS_MIN: i32 = -308;
    if !value.is_finite() || digits > DIGITS_MAX {
        return Ok(value);
    }
    if digits < DIGITS_MIN {
        return Ok(0.0f64.copysign(value));
    }
    let text = match usize::try_from(digits) {
        Ok(places) => format!("{value:.places$}"),
        Err(_) => round_integer_text(value, digits.unsigned_abs() as usize),
    };
    let rounded: f64 = text.parse().unwrap_or(value);
    if rounded.is_infinite() {
        return Err(Raise::new(ErrorKind::OverflowError, ROUNDED_TOO_LARGE));
    }
    Ok(rounded)
}

/// `value` rounded to a multiple of `10 ** zeros`, ties to even, as text.
fn round_integer_text(value: f64, zeros: usize) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    // The exact integer part; what is behind the point only breaks ties.
    let whole = format!("{:.0}", value.abs().trunc());
    let padded = format!("{whole:0>width$}", width = zeros + 1);
    let (kept, dropped) = padded.split_at(padded.len() - zeros);
    let half = format!("5{:0<width$}", "", width = zeros - 1);
    let odd = kept.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let up = match dropped.cmp(half.as_str()) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => odd || value.fract() != 0.0,
        std::cmp::Ordering::Greater => true,
    };
    let kept = if up { increment(kept) } else { kept.to_owned() };
    format!("{sign}{kept}e{zeros}")
}

/// The decimal number `digits` plus one.
fn increment(digits: &str) -> String {
    let stem = digits.trim_end_matches('9');
    let zeros = "0".repeat(digits.len() - stem.len());
    match stem.char_indices().next_back() {
        None => format!("1{zeros}"),
        Some((at, last)) => {
            let next = char::from_u32(u32::from(last) + 1).unwrap_or(last);
            format!("{}{next}{zeros}", &stem[..at])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::f64_repr;

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;

    fn text(result: Result<f64, Raise>) -> String {
        match result {
            Ok(value) => f64_repr(value),
            Err(raise) => raise.to_string(),
        }
    }

    /// Operands, then `//`, `%` and `**` as CPython computes them.
    #[test]
    fn division_and_modulo_follow_python() {
        let table: &[(f64, f64, &str, &str)] = &[
            (7.0, 2.0, "3.0", "1.0"),
            (-7.0, 2.0, "-4.0", "1.0"),
            (7.0, -2.0, "-4.0", "-1.0"),
            (-7.0, -2.0, "3.0", "-1.0"),
            (-5.0, INF, "-1.0", "inf"),
            (5.0, INF, "0.0", "5.0"),
            (5.0, -INF, "-1.0", "-inf"),
            (INF, 2.0, "nan", "nan"),
            (-0.0, 3.0, "-0.0", "0.0"),
            (0.0, -3.0, "-0.0", "-0.0"),
            (-4.0, 2.0, "-2.0", "0.0"),
            (4.0, -2.0, "-2.0", "-0.0"),
            (1.0, 0.1, "9.0", "0.09999999999999995"),
            (-1.0, 0.1, "-10.0", "5.551115123125783e-17"),
            (-1e-300, 1e300, "-1.0", "1e+300"),
            (NAN, 1.0, "nan", "nan"),
        ];
        for &(a, b, quotient, remainder) in table {
            assert_eq!(text(a.floor_div(b)), quotient, "{a} // {b}");
            assert_eq!(text(a.floor_mod(b)), remainder, "{a} % {b}");
        }
    }

    #[test]
    fn powers_follow_python() {
        let zero = "ZeroDivisionError: 0.0 cannot be raised to a negative power";
        let domain = "ValueError: math domain error";
        let table: &[(f64, f64, &str)] = &[
            (2.0, 10.0, "1024.0"),
            (2.0, -1.0, "0.5"),
            (10.0, 400.0, "inf"),
            (-10.0, 401.0, "-inf"),
            (0.0, -1.0, zero),
            (-0.0, -3.0, zero),
            (0.0, -INF, "inf"),
            (-8.0, 1.0 / 3.0, domain),
            (-INF, 0.5, "inf"),
            (-2.0, INF, "inf"),
            (-1.0, INF, "1.0"),
            (NAN, 0.0, "1.0"),
            (1.0, NAN, "1.0"),
        ];
        for &(base, exponent, expected) in table {
            assert_eq!(text(base.power(exponent)), expected, "{base} ** {exponent}");
        }
    }

    #[test]
    fn zero_divisors_have_their_texts() {
        assert_eq!(
            text(1.0.true_div(-0.0)),
            "ZeroDivisionError: float division by zero"
        );
        let floor = "ZeroDivisionError: float floor division by zero";
        assert_eq!(text(1.0.floor_div(0.0)), floor);
        assert_eq!(
            text(1.0.floor_mod(0.0)),
            "ZeroDivisionError: float modulo by zero"
        );
        assert_eq!(
            text(1.0.unchecked_div(0.0)),
            "PanicError: float division by zero"
        );
        let unchecked = "PanicError: float floor division by zero";
        assert_eq!(text(1.0.unchecked_floor_div(0.0)), unchecked);
        assert_eq!(
            text(1.0.unchecked_floor_mod(0.0)),
            "PanicError: float modulo by zero"
        );
        assert_eq!(f64_repr(1.0.ieee754_div(-0.0)), "-inf");
        assert_eq!(f64_repr(0.0.ieee754_div(0.0)), "nan");
    }

    #[test]
    fn singles_round_once() {
        assert_eq!(Float::add(16_777_216.0f32, 1.0), 16_777_216.0);
        assert_eq!(1.0f32.true_div(3.0), Ok(1.0 / 3.0));
        assert_eq!(1e30f32.power(2.0), Ok(f32::INFINITY));
        assert_eq!((-7.5f32).floor_mod(2.0), Ok(0.5));
    }

    #[test]
    fn rounding_is_exact() {
        let table: &[(f64, i32, &str)] = &[
            (2.675, 2, "2.67"),
            (0.5, 0, "0.0"),
            (1.5, 0, "2.0"),
            (2.5, 0, "2.0"),
            (-0.5, 0, "-0.0"),
            (0.25, 1, "0.2"),
            (0.75, 1, "0.8"),
            (25.0, -1, "20.0"),
            (35.0, -1, "40.0"),
            (25.5, -1, "30.0"),
            (-25.0, -1, "-20.0"),
            (5.0, -1, "0.0"),
            (5.1, -1, "10.0"),
            (999.9, -1, "1000.0"),
            (4.0, -1, "0.0"),
            (-4.0, -2, "-0.0"),
            (1e22, -22, "1e+22"),
            (5e22, -23, "0.0"),
            (5.000001e22, -23, "1e+23"),
            (1.7e308, -400, "0.0"),
            (1.25, 400, "1.25"),
            (5e-324, 323, "0.0"),
            (
                1.7e308,
                -308,
                "OverflowError: rounded value too large to represent",
            ),
        ];
        for &(value, digits, expected) in table {
            assert_eq!(
                text(round_to_digits(value, digits)),
                expected,
                "round({value}, {digits})"
            );
        }
        assert_eq!(2.5.round_half_even(), 2.0);
        assert_eq!((-3.5).round_half_even(), -4.0);
    }
}
