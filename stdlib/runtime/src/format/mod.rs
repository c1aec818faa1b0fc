//! `format(value, spec)`: Python's format specification mini-language.
//!
//! A spec is parsed once, checked against the kind of value, and applied: [`format_int`],
//! [`format_float`] and [`format_str`]. The type's name in error texts is up to the caller.

mod float;
mod integer;
mod number;
mod spec;
mod text;

pub use float::format_float;
pub use integer::format_int;
pub use text::format_str;
