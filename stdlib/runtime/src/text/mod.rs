//! Text forms of primitives and the way back.
//!
//! `str(x)` and `repr(x)` of numbers and text on one side, `int(s)` and `float(s)` on the other.
//! Formatting with a format spec is in `format`.

mod decimal;
mod digits;
mod float;
mod integer;
mod quote;

pub(crate) use decimal::Decimal;
pub use digits::{ascii_number, decimal_digit};
pub(crate) use float::nonfinite;
pub use float::{f32_repr, f64_repr, f64_short, float_prefix, parse_f64};
pub use integer::{IntText, parse_based, parse_int};
pub use quote::{bool_repr, bytes_repr, str_repr};
