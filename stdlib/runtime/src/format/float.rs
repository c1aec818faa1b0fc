//! `format` of floats.

use crate::error::{ErrorKind, Raise};
use crate::format::number::Number;
use crate::format::spec::{Align, Spec, unknown_code, value_error};
use crate::text::{Decimal, f64_repr, nonfinite};

/// The text of `value` as `spec` asks.
///
/// Presentation types: `e E f F g G n %`. Without one, `repr`, or `g` with at least one digit after
/// the point if there is a precision. Fails with `ValueError` for a spec that does not fit.
pub fn format_float(value: f64, spec: &str, type_name: &str) -> Result<String, Raise> {
    if spec.is_empty() {
        return Ok(f64_repr(value));
    }
    let spec = Spec::parse(spec, Align::Right, None, type_name)?;
    match spec.code {
        None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => format_with(value, &spec),
        Some(code) => Err(unknown_code(code, type_name)),
    }
}

/// The text of `value` as `spec`, whose presentation type is one of floats, asks.
pub(super) fn format_with(value: f64, spec: &Spec) -> Result<String, Raise> {
    check_precision(spec.precision)?;
    let value = if spec.code == Some('%') {
        value * 100.0
    } else {
        value
    };
    let mut negative = value.is_sign_negative() && !value.is_nan();
    let mut text = match nonfinite(value.abs()) {
        Some(word) => word.to_owned(),
        None => {
            let (decimal, text) = finite_text(value, spec);
            negative &= !(spec.no_negative_zero && decimal.is_zero());
            text
        }
    };
    if spec.code.is_some_and(char::is_uppercase) {
        text.make_ascii_uppercase();
    }
    if spec.code == Some('%') {
        text.push('%');
    }
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(whole);
    Number {
        negative,
        prefix: "",
        digits,
        rest,
        group: 3,
    }
    .lay_out(spec)
}

/// Fails unless text with so many digits can be made.
fn check_precision(precision: Option<usize>) -> Result<(), Raise> {
    let precision = precision.unwrap_or(0);
    if i32::try_from(precision).is_err() {
        return Err(value_error("precision too big"));
    }
    // Room for the digits themselves and for the layout around them.
    let mut room = String::new();
    let reserved = room.try_reserve_exact(precision.saturating_mul(2));
    reserved.map_err(|_| Raise::new(ErrorKind::MemoryError, ""))
}

/// The digits of finite `value` that `spec` asks for, and their text without a sign.
fn finite_text(value: f64, spec: &Spec) -> (Decimal, String) {
    let alternate = spec.alternate;
    let precision = spec.precision.unwrap_or(6);
    match spec.code.map(|code| code.to_ascii_lowercase()) {
        Some('e') => {
            let decimal = Decimal::significant(value, precision + 1);
            let text = decimal.scientific('e', precision, alternate);
            (decimal, text)
        }
        Some('f' | '%') => {
            let decimal = Decimal::fixed(value, precision);
            let text = decimal.positional(precision, alternate);
            (decimal, text)
        }
        None if spec.precision.is_none() => {
            let decimal = Decimal::shortest(value);
            let text = general(&decimal, 16, 1, 0, alternate);
            (decimal, text)
        }
        code => {
            let precision = precision.max(1);
            let decimal = Decimal::significant(value, precision);
            // Without a presentation type there is a digit after the point, which counts.
            let least_places = usize::from(code.is_none());
            let positional_below = precision as i32 - least_places as i32;
            let all_digits = if alternate { precision } else { 0 };
            let text = general(
                &decimal,
                positional_below,
                least_places,
                all_digits,
                alternate,
            );
            (decimal, text)
        }
    }
}

/// The text of `decimal`: positional for exponents from -4 up to, but not including,
/// `positional_below`, scientific otherwise.
///
/// Positional text has at least `least_places` digits after the point; either has at least
/// `all_digits` digits from the first one that is not zero.
fn general(
    decimal: &Decimal,
    positional_below: i32,
    least_places: usize,
    all_digits: usize,
    keep_point: bool,
) -> String {
    let exponent = decimal.exponent();
    let places_of_all = all_digits as i32 - 1;
    if (-4..positional_below).contains(&exponent) {
        let places = usize::try_from(places_of_all - exponent).unwrap_or(0);
        decimal.positional(places.max(least_places), keep_point)
    } else {
        decimal.scientific('e', usize::try_from(places_of_all).unwrap_or(0), keep_point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Value, spec and what CPython makes of them.
    const TABLE: &[(f64, &str, &str)] = &[
        (
            1.5,
            "d",
            "ValueError: Unknown format code 'd' for object of type 'float'",
        ),
        (1.5, ",n", "ValueError: Cannot specify ',' with 'n'."),
        (
            1.5,
            "_x",
            "ValueError: Unknown format code 'x' for object of type 'float'",
        ),
        (1.5, ",y", "ValueError: Cannot specify ',' with 'y'."),
        (1.5, ".9999999999f", "ValueError: precision too big"),
        (-0.0001, "z.2f", "0.00"),
        (-0.0001, ".2f", "-0.00"),
        (f64::INFINITY, "010", "0000000inf"),
        (f64::NEG_INFINITY, "F", "-INF"),
        (f64::NAN, "+,", "+nan"),
        (1e+22, ",.1f", "10,000,000,000,000,000,000,000.0"),
        (1e+22, ",", "1e+22"),
        (1234.5, "010,", "0,001,234.5"),
        (-0.0, "z", "0.0"),
        (-0.0, "zg", "0"),
        (1.234e-05, ".3", "1.23e-05"),
        (12.0, ".2", "1.2e+01"),
        (12.0, ".3", "12.0"),
        (100.0, "#.3", "1.00e+02"),
        (1.0, "#g", "1.00000"),
        (1.0, "#.0f", "1."),
        (1.0, "#.0e", "1.e+00"),
        (1.0, "#", "1.0"),
        (1e+16, "#", "1.e+16"),
        (2.675, ".2f", "2.67"),
        (0.5, ".0f", "0"),
        (1.5, ".0f", "2"),
        (2.5, ".0f", "2"),
        (0.125, ".2f", "0.12"),
        (123456789.0, "g", "1.23457e+08"),
        (123456.0, "g", "123456"),
        (0.0001, "g", "0.0001"),
        (1e-05, "g", "1e-05"),
        (999999.5, "g", "1e+06"),
        (1e-10, "E", "1.000000E-10"),
        (0.0, "e", "0.000000e+00"),
        (0.0, ".0f", "0"),
        (0.256, "%", "25.600000%"),
        (0.256, ".1%", "25.6%"),
        (1.0, "*^12.3f", "***1.000****"),
        (-1.0, "*=12.3f", "-******1.000"),
        (1.0, "+.1f", "+1.0"),
        (0.3333333333333333, ".20f", "0.33333333333333331483"),
        (1e+300, ".3G", "1E+300"),
        (1234567.891, "_.2f", "1_234_567.89"),
        (5e-324, ".3e", "4.941e-324"),
        (0.1, ".30g", "0.100000000000000005551115123126"),
        (2.5, "", "2.5"),
        (1000000000000000.0, "n", "1e+15"),
        (0.0, "#.3g", "0.00"),
    ];

    #[test]
    fn floats_format_as_in_python() {
        for &(value, spec, expected) in TABLE {
            let actual =
                format_float(value, spec, "float").unwrap_or_else(|raise| raise.to_string());
            assert_eq!(actual, expected, "{value} {spec:?}");
        }
    }
}
