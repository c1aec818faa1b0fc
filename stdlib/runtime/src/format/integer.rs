//! `format` of integers.

use crate::error::{ErrorKind, Raise};
use crate::format::float::format_with;
use crate::format::number::Number;
use crate::format::spec::{Align, Spec, unknown_code, value_error};
use crate::int::Int;

/// The text of `value` as `spec` asks.
///
/// Presentation types: `b c d n o x X`, and those of floats. Fails with `ValueError` for a spec that
/// does not fit and with `OverflowError` for `c` of a number that is no code point.
pub fn format_int<T: Int>(value: T, spec: &str, type_name: &str) -> Result<String, Raise> {
    if spec.is_empty() {
        return Ok(value.to_string());
    }
    let spec = Spec::parse(spec, Align::Right, Some('d'), type_name)?;
    let code = spec.code.unwrap_or('d');
    match code {
        'b' | 'c' | 'd' | 'n' | 'o' | 'x' | 'X' => {}
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => return format_with(value.to_f64(), &spec),
        _ => return Err(unknown_code(code, type_name)),
    }
    if spec.precision.is_some() {
        return Err(value_error(
            "Precision not allowed in integer format specifier",
        ));
    }
    if spec.no_negative_zero {
        let text = "Negative zero coercion (z) not allowed in integer format specifier";
        return Err(value_error(text));
    }
    let value = value.to_i128();
    if code == 'c' {
        format_character(value, &spec)
    } else {
        format_digits(value, code, &spec)
    }
}

/// The digits of `value` in the base that `code` stands for.
fn format_digits(value: i128, code: char, spec: &Spec) -> Result<String, Raise> {
    let magnitude = value.unsigned_abs();
    let (prefix, digits) = match code {
        'b' => ("0b", format!("{magnitude:b}")),
        'o' => ("0o", format!("{magnitude:o}")),
        'x' => ("0x", format!("{magnitude:x}")),
        'X' => ("0X", format!("{magnitude:X}")),
        _ => ("", magnitude.to_string()),
    };
    let number = Number {
        negative: value < 0,
        prefix: if spec.alternate { prefix } else { "" },
        digits: &digits,
        rest: "",
        group: if prefix.is_empty() { 3 } else { 4 },
    };
    number.lay_out(spec)
}

/// The character with code point `value`.
fn format_character(value: i128, spec: &Spec) -> Result<String, Raise> {
    if spec.sign.is_some() {
        return Err(value_error(
            "Sign not allowed with integer format specifier 'c'",
        ));
    }
    if spec.alternate {
        let text = "Alternate form (#) not allowed with integer format specifier 'c'";
        return Err(value_error(text));
    }
    // Surrogates have no UTF-8 form, so they are refused like numbers beyond Unicode.
    let character = u32::try_from(value).ok().and_then(char::from_u32);
    let Some(character) = character else {
        return Err(Raise::new(
            ErrorKind::OverflowError,
            "%c arg not in range(0x110000)",
        ));
    };
    let rest = character.to_string();
    Number {
        negative: false,
        prefix: "",
        digits: "",
        rest: &rest,
        group: 3,
    }
    .lay_out(spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Value, spec and what CPython makes of them.
    const TABLE: &[(i64, &str, &str)] = &[
        (
            1,
            "z",
            "ValueError: Negative zero coercion (z) not allowed in integer format specifier",
        ),
        (
            1,
            "y",
            "ValueError: Unknown format code 'y' for object of type 'int'",
        ),
        (
            1,
            ".2d",
            "ValueError: Precision not allowed in integer format specifier",
        ),
        (1, ",x", "ValueError: Cannot specify ',' with 'x'."),
        (1, "_n", "ValueError: Cannot specify '_' with 'n'."),
        (1, ",_", "ValueError: Cannot specify both ',' and '_'."),
        (1, "_,", "ValueError: Cannot specify both ',' and '_'."),
        (
            1,
            "+c",
            "ValueError: Sign not allowed with integer format specifier 'c'",
        ),
        (
            1,
            "#c",
            "ValueError: Alternate form (#) not allowed with integer format specifier 'c'",
        ),
        (-1, "c", "OverflowError: %c arg not in range(0x110000)"),
        (1114112, "c", "OverflowError: %c arg not in range(0x110000)"),
        (65, "5c", "    A"),
        (8364, "*<5c", "€****"),
        (65, "05c", "0000A"),
        (1, ".", "ValueError: Format specifier missing precision"),
        (
            1,
            "5 d",
            "ValueError: Invalid format specifier '5 d' for object of type 'int'",
        ),
        (
            1,
            "é",
            "ValueError: Unknown format code '\\xe9' for object of type 'int'",
        ),
        (7, " ", " 7"),
        (
            1,
            "99999999999999999999",
            "ValueError: Too many decimal digits in format string",
        ),
        (12, "<05", "12000"),
        (12, "^05", "01200"),
        (1234567, "020,", "0,000,000,001,234,567"),
        (1234567, "=20,", "           1,234,567"),
        (-1234567, "*=20,", "-**********1,234,567"),
        (255, "#010X", "0X000000FF"),
        (255, "#010_b", "0b1111_1111"),
        (-255, "_b", "-1111_1111"),
        (-5, "#o", "-0o5"),
        (5, "%", "500.000000%"),
        (5, ".1e", "5.0e+00"),
        (
            1,
            "1_000",
            "ValueError: Invalid format specifier '1_000' for object of type 'int'",
        ),
        (
            1,
            "a<<5",
            "ValueError: Invalid format specifier 'a<<5' for object of type 'int'",
        ),
        (7, "٥d", "    7"),
        (65, "+", "+65"),
        (65, ",.1f", "65.0"),
        (1234, "06,", "01,234"),
        (1234, "07,", "001,234"),
        (123, "04,", "0,123"),
        (1234567, "n", "1234567"),
        (-9223372036854775808, ",d", "-9,223,372,036,854,775,808"),
        (3, "é>4", "ééé3"),
    ];

    #[test]
    fn integers_format_as_in_python() {
        for &(value, spec, expected) in TABLE {
            let actual = format_int(value, spec, "int").unwrap_or_else(|raise| raise.to_string());
            assert_eq!(actual, expected, "{value} {spec:?}");
        }
        assert_eq!(
            format_int(u64::MAX, "x", "u64").as_deref(),
            Ok("ffffffffffffffff")
        );
        let unknown = format_int(1u8, "y", "u8").unwrap_err();
        assert_eq!(
            unknown.message,
            "Unknown format code 'y' for object of type 'u8'"
        );
    }
}
