//! From the text a person writes to the plain ASCII that number parsers read.
//!
//! Python accepts the decimal digits and blanks of all scripts, and underscores between digits.

use std::borrow::Cow;

/// The zero of each run of ten decimal digits (general category Nd), ascending.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The value of a decimal digit of any script.
pub fn decimal_digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    let run = ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?;
    u8::try_from(code - ZEROS[run])
        .ok()
        .filter(|&value| value < 10)
}

/// `text` with the digits and blanks of all scripts replaced by ASCII ones.
///
/// Other characters outside ASCII become `?`, which no number contains.
pub(crate) fn to_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let ascii = |c: char| match decimal_digit(c) {
        Some(digit) => char::from(b'0' + digit),
        None if c.is_ascii() => c,
        None if c.is_whitespace() => ' ',
        None => '?',
    };
    Cow::Owned(text.chars().map(ascii).collect())
}

/// Whether `c` may surround a number: ASCII white space.
pub(crate) fn surrounds_number(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

/// `text` in ASCII and without the underscores between digits; `None` when one is misplaced.
pub fn ascii_number(text: &str) -> Option<Cow<'_, str>> {
    let ascii = to_ascii(text);
    if !ascii.contains('_') {
        return Some(ascii);
    }
    let bytes = ascii.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let well_placed = (0..bytes.len())
        .filter(|&at| bytes[at] == b'_')
        .all(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    well_placed.then(|| Cow::Owned(ascii.replace('_', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_count() {
        assert_eq!(decimal_digit('7'), Some(7));
        assert_eq!(decimal_digit('٣'), Some(3));
        assert_eq!(decimal_digit('９'), Some(9));
        assert_eq!(decimal_digit('²'), None);
        assert_eq!(decimal_digit('/'), None);
        assert_eq!(to_ascii("\u{3000}١٢é"), " 12?");
    }

    #[test]
    fn underscores_stand_between_digits() {
        assert_eq!(ascii_number("1_000.5").as_deref(), Some("1000.5"));
        for text in ["_1", "1_", "1__0", "1_.0", "1._0", "1e_5"] {
            assert_eq!(ascii_number(text), None, "{text}");
        }
    }
}
