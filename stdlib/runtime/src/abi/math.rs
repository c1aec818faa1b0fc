//! The functions of module `math`.

use crate::math;

/// Exports functions of one float.
macro_rules! unary {
    ($($symbol:ident => $name:ident;)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $symbol(x: f64) -> f64 {
            math::$name(x)
        }
    )*};
}

/// Exports functions of two floats.
macro_rules! binary {
    ($($symbol:ident => $name:ident;)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $symbol(a: f64, b: f64) -> f64 {
            math::$name(a, b)
        }
    )*};
}

unary! {
    spy_math_sqrt => sqrt;
    spy_math_cbrt => cbrt;
    spy_math_sin => sin;
    spy_math_cos => cos;
    spy_math_tan => tan;
    spy_math_asin => asin;
    spy_math_acos => acos;
    spy_math_atan => atan;
    spy_math_sinh => sinh;
    spy_math_cosh => cosh;
    spy_math_tanh => tanh;
    spy_math_asinh => asinh;
    spy_math_acosh => acosh;
    spy_math_atanh => atanh;
    spy_math_exp => exp;
    spy_math_exp2 => exp2;
    spy_math_expm1 => expm1;
    spy_math_log => log;
    spy_math_log10 => log10;
    spy_math_log2 => log2;
    spy_math_log1p => log1p;
    spy_math_fabs => fabs;
    spy_math_floor => floor;
    spy_math_ceil => ceil;
    spy_math_trunc => trunc;
    spy_math_degrees => degrees;
    spy_math_radians => radians;
    spy_math_round => round;
}

binary! {
    spy_math_atan2 => atan2;
    spy_math_pow => pow;
    spy_math_hypot => hypot;
    spy_math_fmod => fmod;
    spy_math_copysign => copysign;
}
