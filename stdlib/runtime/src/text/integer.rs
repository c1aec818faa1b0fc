//! Integers as text, and `int(text)`.

use crate::error::{ErrorKind, Raise};
use crate::int::Int;
use crate::text::digits::{surrounds_number, to_ascii};
use crate::text::quote::str_repr;

/// The base is neither 0 nor in 2..=36.
const BAD_BASE: &str = "int() base must be >= 2 and <= 36, or 0";

/// The decimal digits of an integer, with `-` in front of negative ones.
pub struct IntText {
    bytes: [u8; Self::BYTES_MAX],
    start: usize,
}

impl IntText {
    /// Twenty digits, or a sign and nineteen of them.
    const BYTES_MAX: usize = 20;

    /// The text of a value.
    pub fn of<T: Int>(value: T) -> Self {
        let value = value.to_i128();
        let (mut rest, is_negative) = (value.unsigned_abs() as u64, value < 0);
        let mut bytes = [0; Self::BYTES_MAX];
        let mut start = Self::BYTES_MAX;
        loop {
            start -= 1;
            bytes[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if is_negative {
            start -= 1;
            bytes[start] = b'-';
        }
        Self { bytes, start }
    }

    /// It as text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[self.start..]).expect("digits are ASCII")
    }
}

/// The value of `int(text, base)`.
///
/// Accepts surrounding blanks, a sign, underscores between digits and the digits of all scripts;
/// in base 2, 8 and 16 also a `0b`, `0o` or `0x` prefix. Base 0 reads the base from the prefix.
/// Text that is no number is a `ValueError`, a number outside `T` an `OverflowError`.
pub fn parse_int<T: Int>(text: &str, base: u32) -> Result<T, Raise> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(Raise::new(ErrorKind::ValueError, BAD_BASE));
    }
    let ascii = to_ascii(text);
    let Some(number) = Literal::scan(ascii.trim_matches(surrounds_number), base) else {
        let message = format!(
            "invalid literal for int() with base {base}: {}",
            str_repr(text)
        );
        return Err(Raise::with_text(ErrorKind::ValueError, message));
    };
    let value = number
        .value()
        .filter(|value| (T::MIN.to_i128()..=T::MAX.to_i128()).contains(value));
    value.map(T::from_i128).ok_or_else(|| {
        let (name, min, max) = (T::NAME, T::MIN, T::MAX);
        let message = format!(
            "{name} value {} out of range [{min}, {max}]",
            number.to_decimal()
        );
        Raise::with_text(ErrorKind::OverflowError, message)
    })
}

/// `int(text, base)` in the language.
pub fn parse_based(text: &str, base: i64) -> Result<i32, Raise> {
    parse_int(text, u32::try_from(base).unwrap_or(1))
}

/// A well-formed integer literal.
struct Literal {
    negative: bool,
    base: u32,
    /// The values of the digits, most significant first.
    digits: Vec<u32>,
}

impl Literal {
    /// Reads all of `text`; `None` if it is not a number in `base`.
    fn scan(text: &str, base: u32) -> Option<Literal> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (prefix_base, body) = split_prefix(unsigned, base);
        if body.is_empty() || body.starts_with('_') || body.ends_with('_') || body.contains("__") {
            return None;
        }
        let actual_base = prefix_base.unwrap_or(if base == 0 { 10 } else { base });
        let plain = body.chars().filter(|&c| c != '_');
        let digits: Vec<u32> = plain
            .map(|c| c.to_digit(actual_base))
            .collect::<Option<_>>()?;
        // In base 0 a leading zero looks like the octal of old, unless the number is zero.
        let octal_of_old = base == 0 && prefix_base.is_none() && digits[0] == 0;
        if octal_of_old && digits.iter().any(|&digit| digit != 0) {
            return None;
        }
        Some(Literal {
            negative: text.starts_with('-'),
            base: actual_base,
            digits,
        })
    }

    /// The number; `None` if it does not fit in 128 bits.
    fn value(&self) -> Option<i128> {
        let base = i128::from(self.base);
        let magnitude = self.digits.iter().try_fold(0i128, |value, &digit| {
            value.checked_mul(base)?.checked_add(i128::from(digit))
        })?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// The number in decimal, however large.
    fn to_decimal(&self) -> String {
        const LIMB: u64 = 1_000_000_000;
        // Groups of nine decimal digits, least significant first.
        let mut limbs: Vec<u64> = vec![0];
        for &digit in &self.digits {
            let mut carry = u64::from(digit);
            for limb in &mut limbs {
                let value = *limb * u64::from(self.base) + carry;
                (*limb, carry) = (value % LIMB, value / LIMB);
            }
            if carry > 0 {
                limbs.push(carry);
            }
        }
        let digits: String = limbs
            .iter()
            .rev()
            .map(|limb| format!("{limb:09}"))
            .collect();
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}", digits.trim_start_matches('0'))
    }
}

/// The base that the prefix of `text` names, if `base` allows one, and the digits after it.
///
/// One underscore may follow a prefix and is dropped with it.
fn split_prefix(text: &str, base: u32) -> (Option<u32>, &str) {
    for (named, lower, upper) in [(2, "0b", "0B"), (8, "0o", "0O"), (16, "0x", "0X")] {
        let rest = text
            .strip_prefix(lower)
            .or_else(|| text.strip_prefix(upper));
        if let Some(rest) = rest.filter(|_| base == 0 || base == named) {
            return (Some(named), rest.strip_prefix('_').unwrap_or(rest));
        }
    }
    (None, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<T: Int>(result: Result<T, Raise>) -> String {
        match result {
            Ok(value) => IntText::of(value).as_str().to_owned(),
            Err(raise) => raise.to_string(),
        }
    }

    #[test]
    fn numbers_in_base_ten() {
        let table = [
            ("0", 0),
            ("-2147483648", i32::MIN),
            (" +1_000\n", 1000),
            ("007", 7),
            ("\u{2003}\u{664}\u{662}", 42),
            ("-0", 0),
        ];
        for (input, expected) in table {
            assert_eq!(parse_int::<i32>(input, 10), Ok(expected), "{input}");
        }
    }

    #[test]
    fn digits_of_extremes() {
        assert_eq!(IntText::of(u64::MAX).as_str(), "18446744073709551615");
        assert_eq!(IntText::of(i64::MIN).as_str(), "-9223372036854775808");
        assert_eq!(
            (IntText::of(0_u8).as_str(), IntText::of(-1_i8).as_str()),
            ("0", "-1")
        );
    }

    #[test]
    fn numbers_in_other_bases() {
        let table = [
            ("ff", 16, 255),
            ("0xFF", 16, 255),
            ("0x_ff", 16, 255),
            ("-0b101", 0, -5),
            ("0o17", 8, 15),
            ("z", 36, 35),
            ("0b1", 16, 177),
            ("00", 0, 0),
            ("12", 0, 12),
        ];
        for (input, base, expected) in table {
            assert_eq!(parse_int::<i64>(input, base), Ok(expected), "{input}");
        }
    }

    #[test]
    fn text_that_is_no_number() {
        for input in [
            "", " ", "-", "+-1", "1_", "_1", "1__0", "0x10", "1.0", "1 2", "é", "\x1c1",
        ] {
            let expected = format!(
                "ValueError: invalid literal for int() with base 10: {}",
                str_repr(input)
            );
            assert_eq!(text(parse_int::<i32>(input, 10)), expected);
        }
        for (input, base) in [("0x", 16), ("2", 2), ("0b2", 0), ("010", 0), ("0x__1", 16)] {
            assert_eq!(
                parse_int::<i32>(input, base).unwrap_err().kind,
                ErrorKind::ValueError
            );
        }
        assert_eq!(
            text(parse_int::<i32>("ab", 16 + 21)),
            "ValueError: int() base must be >= 2 and <= 36, or 0"
        );
    }

    #[test]
    fn numbers_out_of_range() {
        let table = [
            (
                text(parse_int::<i8>("300", 10)),
                "i8 value 300 out of range [-128, 127]",
            ),
            (
                text(parse_int::<u8>("-0_1", 10)),
                "u8 value -1 out of range [0, 255]",
            ),
            (
                text(parse_int::<u64>(
                    "100000000000000000000000000000000000000000",
                    10,
                )),
                "u64 value 100000000000000000000000000000000000000000 \
                 out of range [0, 18446744073709551615]",
            ),
            (
                text(parse_int::<i64>("-0x8000000000000001", 16)),
                "i64 value -9223372036854775809 \
                 out of range [-9223372036854775808, 9223372036854775807]",
            ),
        ];
        for (actual, expected) in table {
            assert_eq!(actual, format!("OverflowError: {expected}"));
        }
    }
}
