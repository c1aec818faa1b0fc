//! Conversions between the number types.
//!
//! Integers narrow by keeping their low bits, floats become integers by truncation toward zero with
//! saturation, and everything becomes a float by rounding to nearest, ties to even. Whether a
//! conversion is implicit, explicit or not offered is the type checker's business.

use crate::complex::Complex;
use crate::float::Float;
use crate::int::Int;

/// The low bits of `value` as another integer type.
#[inline]
pub fn int_to_int<From: Int, To: Int>(value: From) -> To {
    To::from_i128(value.to_i128())
}

/// The nearest `f64`.
#[inline]
pub fn int_to_f64<T: Int>(value: T) -> f64 {
    value.to_f64()
}

/// The nearest `f32`, rounded once.
#[inline]
pub fn int_to_f32<T: Int>(value: T) -> f32 {
    value.to_f32()
}

/// `value` truncated toward zero and saturated to the bounds of `To`; NaN gives 0.
#[inline]
pub fn float_to_int<From: Float, To: Int>(value: From) -> To {
    To::from_f64(value.to_f64())
}

/// The nearest `f32`; out of range gives an infinity.
#[inline]
pub fn f64_to_f32(value: f64) -> f32 {
    value as f32
}

/// The same number as an `f64`.
#[inline]
pub fn f32_to_f64(value: f32) -> f64 {
    f64::from(value)
}

/// Whether `value` is not zero.
#[inline]
pub fn int_to_bool<T: Int>(value: T) -> bool {
    value != T::ZERO
}

/// Whether `value` is not zero; NaN counts as true.
#[inline]
pub fn float_to_bool<T: Float>(value: T) -> bool {
    value.to_f64() != 0.0
}

/// 1 for true and 0 for false.
#[inline]
pub fn bool_to_int<T: Int>(value: bool) -> T {
    if value { T::ONE } else { T::ZERO }
}

/// 1.0 for true and 0.0 for false.
#[inline]
pub fn bool_to_f64(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// The complex number with real part `value` and imaginary part 0.
#[inline]
pub fn f64_to_complex(value: f64) -> Complex {
    Complex { re: value, im: 0.0 }
}

/// The complex number with real part `value` and imaginary part 0.
#[inline]
pub fn int_to_complex<T: Int>(value: T) -> Complex {
    f64_to_complex(value.to_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_keep_their_low_bits() {
        assert_eq!(int_to_int::<i32, i8>(300), 44);
        assert_eq!(int_to_int::<i32, u8>(-1), 255);
        assert_eq!(int_to_int::<i32, u32>(-1), u32::MAX);
        assert_eq!(int_to_int::<u32, i32>(u32::MAX), -1);
        assert_eq!(int_to_int::<u64, i64>(1 << 63), i64::MIN);
        assert_eq!(int_to_int::<i8, i64>(-3), -3);
        assert_eq!(int_to_int::<u8, i32>(200), 200);
    }

    #[test]
    fn floats_saturate() {
        assert_eq!(float_to_int::<f64, i32>(1e20), i32::MAX);
        assert_eq!(float_to_int::<f64, i32>(-1e20), i32::MIN);
        assert_eq!(float_to_int::<f64, i32>(f64::NAN), 0);
        assert_eq!(float_to_int::<f64, i32>(-3.99), -3);
        assert_eq!(float_to_int::<f32, i64>(f32::INFINITY), i64::MAX);
        assert_eq!(float_to_int::<f64, u64>(-1.0), 0);
        assert_eq!(float_to_int::<f64, u8>(255.9), 255);
    }

    #[test]
    fn singles_are_rounded_once() {
        // Through `f64` this would be a tie and lose the last bit.
        assert_eq!(
            int_to_f32((1i64 << 54) + (1 << 30) + 1),
            18_014_400_656_965_632.0
        );
        assert_eq!(f64_to_f32(1e300), f32::INFINITY);
        assert_eq!(f32_to_f64(0.1), 0.100_000_001_490_116_12);
    }

    #[test]
    fn truth_is_being_nonzero() {
        assert!(int_to_bool(-1i8) && !int_to_bool(0u64));
        assert!(float_to_bool(f64::NAN) && !float_to_bool(-0.0f32));
        assert_eq!(bool_to_int::<i32>(true), 1);
        assert_eq!(int_to_complex(2i32), Complex { re: 2.0, im: 0.0 });
        assert_eq!(bool_to_f64(true), 1.0);
    }
}
