//! Operations on string objects.

use std::cmp::Ordering;

use super::exception::Outcome;
use super::object::Str;
use crate::complex::Complex;
use crate::error::Raise;
use crate::format;
use crate::hash::hash_str;
use crate::string;
use crate::text;

#[unsafe(no_mangle)]
extern "C" fn spy_str_concat(left: Str, right: Str) -> Str {
    Str::concat(left.as_str(), right.as_str(), left.chars() + right.chars())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_repeat(text: Str, times: i32) -> Outcome<Option<Str>> {
    let repeated = string::repeat(text.as_str(), i64::from(times));
    Outcome::of_text(repeated.map(|repeated| Str::new(&repeated)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_getitem(text: Str, position: i32) -> Outcome<Option<Str>> {
    let item = string::index_with_len(text.as_str(), text.chars(), i64::from(position));
    Outcome::of_text(item.map(Str::new))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_contains(text: Str, sub: Str) -> bool {
    string::contains(text.as_str(), sub.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_eq(left: Str, right: Str) -> bool {
    left.as_str() == right.as_str()
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_compare(left: Str, right: Str) -> i32 {
    match string::compare(left.as_str(), right.as_str()) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_repr(of: Str) -> Str {
    Str::new(&text::str_repr(of.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_hash(of: Str) -> i32 {
    hash_str(of.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_from_i64(value: i64) -> Str {
    Str::new(text::IntText::of(value).as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_from_u64(value: u64) -> Str {
    Str::new(text::IntText::of(value).as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_from_f64(value: f64) -> Str {
    Str::new(&text::f64_repr(value))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_from_f32(value: f32) -> Str {
    Str::new(&text::f32_repr(value))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_from_complex(re: f64, im: f64) -> Str {
    Str::new(&Complex::new(re, im).repr())
}

/// The outcome of formatting.
fn formatted(result: Result<String, Raise>) -> Outcome<Option<Str>> {
    Outcome::of_text(result.map(|text| Str::new(&text)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_format_i64(value: i64, spec: Str) -> Outcome<Option<Str>> {
    formatted(format::format_int(value, spec.as_str(), "int"))
}

#[unsafe(no_mangle)]
extern "C" fn spy_format_u64(value: u64, spec: Str) -> Outcome<Option<Str>> {
    formatted(format::format_int(value, spec.as_str(), "int"))
}

#[unsafe(no_mangle)]
extern "C" fn spy_format_bool(value: bool, spec: Str) -> Outcome<Option<Str>> {
    formatted(format::format_int(i32::from(value), spec.as_str(), "bool"))
}

#[unsafe(no_mangle)]
extern "C" fn spy_format_f64(value: f64, spec: Str) -> Outcome<Option<Str>> {
    formatted(format::format_float(value, spec.as_str(), "float"))
}

#[unsafe(no_mangle)]
extern "C" fn spy_format_str(value: Str, spec: Str) -> Outcome<Option<Str>> {
    formatted(format::format_str(value.as_str(), spec.as_str(), "str"))
}
