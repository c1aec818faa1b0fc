//! The functions of module `math` on `f64`.
//!
//! C semantics throughout: a domain error gives NaN, a pole an infinity, never an exception. This
//! file and `float.rs` are the only callers of the platform's math routines.

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident => $method:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name(x: f64) -> f64 {
            x.$method()
        }
    )*};
}

unary! {
    /// The square root; NaN for negative numbers.
    sqrt => sqrt;
    /// The cube root.
    cbrt => cbrt;
    /// The sine of an angle in radians.
    sin => sin;
    /// The cosine of an angle in radians.
    cos => cos;
    /// The tangent of an angle in radians.
    tan => tan;
    /// The angle in radians whose sine is `x`.
    asin => asin;
    /// The angle in radians whose cosine is `x`.
    acos => acos;
    /// The angle in radians whose tangent is `x`.
    atan => atan;
    /// The hyperbolic sine.
    sinh => sinh;
    /// The hyperbolic cosine.
    cosh => cosh;
    /// The hyperbolic tangent.
    tanh => tanh;
    /// The inverse hyperbolic sine.
    asinh => asinh;
    /// The inverse hyperbolic cosine.
    acosh => acosh;
    /// The inverse hyperbolic tangent.
    atanh => atanh;
    /// *e* to the power `x`.
    exp => exp;
    /// 2 to the power `x`.
    exp2 => exp2;
    /// `exp(x) - 1`, accurate near zero.
    expm1 => exp_m1;
    /// The natural logarithm.
    log => ln;
    /// The logarithm to base 10.
    log10 => log10;
    /// The logarithm to base 2.
    log2 => log2;
    /// `log(1 + x)`, accurate near zero.
    log1p => ln_1p;
    /// The absolute value.
    fabs => abs;
    /// The largest integer that is not greater.
    floor => floor;
    /// The smallest integer that is not less.
    ceil => ceil;
    /// The integer part, rounded toward zero.
    trunc => trunc;
    /// The nearest integer; of two, the even one.
    round => round_ties_even;
    /// `x` radians in degrees.
    degrees => to_degrees;
    /// `x` degrees in radians.
    radians => to_radians;
}

/// The angle in radians of the point (`x`, `y`), in (-π, π].
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

/// `x` to the power `y`.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}

/// The length of the vector (`x`, `y`).
#[inline]
pub fn hypot(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

/// The remainder of `x / y` with the sign of `x`.
#[inline]
pub fn fmod(x: f64, y: f64) -> f64 {
    x % y
}

/// The magnitude of `x` with the sign of `y`.
#[inline]
pub fn copysign(x: f64, y: f64) -> f64 {
    x.copysign(y)
}

#[cfg(test)]
mod tests {
    #[test]
    fn domain_errors_give_nan_or_infinity() {
        assert!(super::sqrt(-1.0).is_nan());
        assert!(super::log(-1.0).is_nan());
        assert_eq!(super::log(0.0), f64::NEG_INFINITY);
        assert_eq!(super::pow(0.0, -1.0), f64::INFINITY);
        assert!(super::fmod(1.0, 0.0).is_nan());
    }

    #[test]
    fn remainders_keep_the_sign_of_the_dividend() {
        assert_eq!(super::fmod(-7.0, 3.0), -1.0);
        assert_eq!(super::fmod(7.0, -3.0), 1.0);
    }
}
