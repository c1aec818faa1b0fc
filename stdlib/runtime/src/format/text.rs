//! `format` of strings.

use crate::error::Raise;
use crate::format::number::pad;
use crate::format::spec::{Align, Sign, Spec, unknown_code, value_error};
use crate::string::{byte_offset, len};

/// The text `value` cut and filled up as `spec` asks.
///
/// The only presentation type is `s`. Fails with `ValueError` for a spec that does not fit.
pub fn format_str(value: &str, spec: &str, type_name: &str) -> Result<String, Raise> {
    if spec.is_empty() {
        return Ok(value.to_owned());
    }
    let spec = Spec::parse(spec, Align::Left, Some('s'), type_name)?;
    if let Some(code) = spec.code.filter(|&code| code != 's') {
        return Err(unknown_code(code, type_name));
    }
    check(&spec)?;
    let length = len(value);
    let kept = spec.precision.unwrap_or(length).min(length);
    let cut = &value[..byte_offset(value, length, kept)];
    pad(cut, spec.width.saturating_sub(kept), &spec)
}

/// Fails if `spec` asks for something that only numbers have.
fn check(spec: &Spec) -> Result<(), Raise> {
    let text = match spec.sign {
        Some(Sign::Space) => "Space not allowed in string format specifier",
        Some(Sign::Plus | Sign::Minus) => "Sign not allowed in string format specifier",
        None if spec.no_negative_zero => {
            "Negative zero coercion (z) not allowed in string format specifier"
        }
        None if spec.alternate => "Alternate form (#) not allowed in string format specifier",
        None if spec.align == Align::AfterSign => {
            "'=' alignment not allowed in string format specifier"
        }
        None => return Ok(()),
    };
    Err(value_error(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_format_as_in_python() {
        let table = [
            (
                "a",
                "+",
                "ValueError: Sign not allowed in string format specifier",
            ),
            (
                "a",
                "-",
                "ValueError: Sign not allowed in string format specifier",
            ),
            (
                "a",
                " ",
                "ValueError: Space not allowed in string format specifier",
            ),
            (
                "a",
                "z",
                "ValueError: Negative zero coercion (z) not allowed in string format specifier",
            ),
            (
                "a",
                "#",
                "ValueError: Alternate form (#) not allowed in string format specifier",
            ),
            (
                "a",
                "=",
                "ValueError: '=' alignment not allowed in string format specifier",
            ),
            ("a", "05", "a0000"),
            ("a", ",", "ValueError: Cannot specify ',' with 's'."),
            ("a", "_", "ValueError: Cannot specify '_' with 's'."),
            (
                "a",
                "d",
                "ValueError: Unknown format code 'd' for object of type 'str'",
            ),
            (
                "a",
                "é",
                "ValueError: Unknown format code '\\xe9' for object of type 'str'",
            ),
            (
                "a",
                ".2d5",
                "ValueError: Invalid format specifier '.2d5' for object of type 'str'",
            ),
            ("a", "0<5", "a0000"),
            ("a", "<05", "a0000"),
            ("ab", "é^7", "ééabééé"),
            ("abc", ".2", "ab"),
            ("aé€", ".2s", "aé"),
            ("aé€", ">5.1", "    a"),
            ("ab", "1", "ab"),
            ("a", "", "a"),
            ("a", ".0", ""),
            ("a", ".", "ValueError: Format specifier missing precision"),
        ];
        for (value, spec, expected) in table {
            let actual = format_str(value, spec, "str").unwrap_or_else(|raise| raise.to_string());
            assert_eq!(actual, expected, "{value:?} {spec:?}");
        }
    }
}
