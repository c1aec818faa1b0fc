//! Floats as text, and `float(text)`.
//!
//! The shortest digits that read back as the same number come from the standard library; Python's
//! layout of them, scientific below 1e-4 and from 1e16 on, is done here.

use crate::error::{ErrorKind, Raise};
use crate::text::decimal::Decimal;
use crate::text::digits::{ascii_number, surrounds_number};
use crate::text::quote::str_repr;

/// Python's `repr`: the shortest text that reads back as `value`, always with a point, an exponent
/// or a word.
pub fn f64_repr(value: f64) -> String {
    shortest(value, 1)
}

/// [`f64_repr`] without the `.0` of whole numbers, as in the parts of a complex number.
pub fn f64_short(value: f64) -> String {
    shortest(value, 0)
}

/// The shortest text for `value`, with at least `places` digits after the point unless it has an
/// exponent.
fn shortest(value: f64, places: usize) -> String {
    if let Some(word) = nonfinite(value) {
        return word.to_owned();
    }
    let decimal = Decimal::shortest(value);
    let text = if (-4..16).contains(&decimal.exponent()) {
        decimal.positional(places, false)
    } else {
        decimal.scientific('e', 0, false)
    };
    with_sign(value, text)
}

/// C's `%.7g`: at most seven significant digits, without trailing zeros.
pub fn f32_repr(value: f32) -> String {
    const PRECISION: usize = 7;
    let value = f64::from(value);
    if let Some(word) = nonfinite(value) {
        return word.to_owned();
    }
    let decimal = Decimal::significant(value, PRECISION);
    let text = if (-4..PRECISION as i32).contains(&decimal.exponent()) {
        decimal.positional(0, false)
    } else {
        decimal.scientific('e', 0, false)
    };
    with_sign(value, text)
}

/// `magnitude` with a `-` in front if `value` has that sign.
fn with_sign(value: f64, magnitude: String) -> String {
    if value.is_sign_negative() {
        format!("-{magnitude}")
    } else {
        magnitude
    }
}

/// The text of infinities and NaN.
pub(crate) fn nonfinite(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("nan")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "inf" } else { "-inf" })
    } else {
        None
    }
}

/// The value of `float(text)`.
///
/// Accepts surrounding blanks, underscores between digits, the digits of all scripts, and the words
/// `inf`, `infinity` and `nan` in any case. Anything else is a `ValueError`; too large a number is
/// an infinity.
pub fn parse_f64(text: &str) -> Result<f64, Raise> {
    let number = ascii_number(text).and_then(|plain| {
        match float_prefix(plain.trim_matches(surrounds_number)) {
            Some((value, "")) => Some(value),
            Some(_) | None => None,
        }
    });
    number.ok_or_else(|| {
        let message = format!("could not convert string to float: {}", str_repr(text));
        Raise::with_text(ErrorKind::ValueError, message)
    })
}

/// The longest number at the start of ASCII `text`, and what follows it.
pub fn float_prefix(text: &str) -> Option<(f64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (magnitude, rest) = word_prefix(unsigned).or_else(|| decimal_prefix(unsigned))?;
    Some((
        if text.starts_with('-') {
            -magnitude
        } else {
            magnitude
        },
        rest,
    ))
}

/// `infinity`, `inf` or `nan` at the start of `text`.
fn word_prefix(text: &str) -> Option<(f64, &str)> {
    let words = [
        ("infinity", f64::INFINITY),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ];
    words.into_iter().find_map(|(word, value)| {
        let (head, rest) = text.split_at_checked(word.len())?;
        head.eq_ignore_ascii_case(word).then_some((value, rest))
    })
}

/// Digits with an optional point and exponent at the start of `text`.
fn decimal_prefix(text: &str) -> Option<(f64, &str)> {
    let digits_from = |at: usize| text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits_from(0);
    let mut end = whole;
    let mut fraction = 0;
    if text[end..].starts_with('.') {
        fraction = digits_from(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if let Some(exponent) = text[end..].strip_prefix(['e', 'E']) {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let start = text.len() - digits.len();
        if digits_from(start) > 0 {
            end = start + digits_from(start);
        }
    }
    let value = text[..end].parse().ok()?;
    Some((value, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_in_python() {
        let table = [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (123_456.789, "123456.789"),
            (0.0001, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (1.0 / 3.0, "0.3333333333333333"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (2f64.powi(-44), "5.684341886080802e-14"),
            (858_295_421_412_047.2, "858295421412047.2"),
            (-2f64.powi(-25), "-2.9802322387695312e-08"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "nan"),
        ];
        for (value, expected) in table {
            assert_eq!(f64_repr(value), expected);
        }
    }

    #[test]
    fn singles_print_seven_digits() {
        let table = [
            (1.0, "1"),
            (0.1, "0.1"),
            (16_777_216.0, "1.677722e+07"),
            (-0.0, "-0"),
            (1_000_000.0, "1000000"),
            (9_999_999.5, "1e+07"),
            (1.0 / 3.0, "0.3333333"),
            (0.000_1, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (f32::MAX, "3.402823e+38"),
            (f32::INFINITY, "inf"),
            (f32::NAN, "nan"),
        ];
        for (value, expected) in table {
            assert_eq!(f32_repr(value), expected);
        }
    }

    #[test]
    fn floats_parse_as_in_python() {
        let table = [
            ("1.5", "1.5"),
            (" -1e3\n", "-1000.0"),
            ("1_0.5e1_0", "105000000000.0"),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("1e400", "inf"),
            ("iNf", "inf"),
            ("-Infinity", "-inf"),
            ("+nan", "nan"),
            ("\u{661}.\u{665}", "1.5"),
            ("-0", "-0.0"),
        ];
        for (text, expected) in table {
            assert_eq!(
                parse_f64(text).map(f64_repr).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
        for text in [
            "", "abc", "1e", "1_", ".", "+-1", "1 2", "0x1p3", "infin", "e5", "1.5j", "é",
        ] {
            let expected = format!("could not convert string to float: {}", str_repr(text));
            assert_eq!(parse_f64(text).unwrap_err().message, expected);
        }
    }
}
