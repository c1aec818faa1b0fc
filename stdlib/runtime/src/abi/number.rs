//! Arithmetic that compiled code leaves to the runtime, and numbers from text.

use super::exception::{Outcome, set_raise};
use super::object::Str;
use crate::complex::Complex;
use crate::error::Raise;
use crate::float::Float;
use crate::int::Int;
use crate::text::{parse_f64, parse_int};

const DECIMAL: u32 = 10;

#[unsafe(no_mangle)]
extern "C" fn spy_pow_i64(base: i64, exponent: i64) -> Outcome<i64> {
    base.power(exponent).into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_pow_u64(base: u64, exponent: u64) -> Outcome<u64> {
    base.power(exponent).into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_pow_f64(base: f64, exponent: f64) -> Outcome<f64> {
    base.power(exponent).into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_floordiv_f64(dividend: f64, divisor: f64) -> Outcome<f64> {
    dividend.floor_div(divisor).into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_mod_f64(dividend: f64, divisor: f64) -> Outcome<f64> {
    dividend.floor_mod(divisor).into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_float_bits(value: f64) -> u64 {
    value.to_bits()
}

#[unsafe(no_mangle)]
extern "C" fn spy_float_of_bits(bits: u64) -> f64 {
    f64::from_bits(bits)
}

/// Writes a result if there is one; returns whether there is none because of an exception.
fn put(result: Result<Complex, Raise>, out: &mut Complex) -> u64 {
    match result {
        Ok(value) => {
            *out = value;
            0
        }
        Err(raise) => {
            set_raise(&raise);
            1
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn spy_div_complex(out: &mut Complex, re: f64, im: f64, by_re: f64, by_im: f64) -> u64 {
    put(
        Complex::new(re, im).true_div(Complex::new(by_re, by_im)),
        out,
    )
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_complex(out: &mut Complex, text: Str) -> u64 {
    put(Complex::parse(text.as_str()), out)
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_f64(text: Str) -> Outcome<f64> {
    parse_f64(text.as_str()).into()
}

/// Parses an integer and widens it to a machine word.
fn parse<T: Int>(text: Str) -> Outcome<i64> {
    parse_int::<T>(text.as_str(), DECIMAL)
        .map(|value| value.to_i128() as i64)
        .into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_i8(text: Str) -> Outcome<i64> {
    parse::<i8>(text)
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_u8(text: Str) -> Outcome<i64> {
    parse::<u8>(text)
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_i32(text: Str) -> Outcome<i64> {
    parse::<i32>(text)
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_u32(text: Str) -> Outcome<i64> {
    parse::<u32>(text)
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_i64(text: Str) -> Outcome<i64> {
    parse::<i64>(text)
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_u64(text: Str) -> Outcome<i64> {
    parse::<u64>(text)
}
