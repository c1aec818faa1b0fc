//! `repr` of text, bytes and truth values: source code that would produce them.

use std::fmt::Write;

/// `True` or `False`.
#[inline]
pub const fn bool_repr(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// `value` as a string literal.
///
/// Quoted with `'`, or with `"` if the text contains `'` and no `"`. Backslash, the quote and
/// control characters below U+0020 are escaped; everything from U+007F on is copied.
pub fn str_repr(value: &str) -> String {
    let quote = if value.contains('\'') && !value.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(value.len() + 2);
    out.push(quote);
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..' ' => push_hex(&mut out, c as u8),
            _ => {
                if c == quote {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out.push(quote);
    out
}

/// `value` as a bytes literal.
///
/// Always quoted with `'`. Escapes as in [`str_repr`], and all bytes outside printable ASCII.
pub fn bytes_repr(value: &[u8]) -> String {
    let mut out = String::with_capacity(value.len() + 3);
    out.push_str("b'");
    for &byte in value {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\'' => out.push_str("\\'"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => push_hex(&mut out, byte),
        }
    }
    out.push('\'');
    out
}

/// Appends `\xNN`.
fn push_hex(out: &mut String, byte: u8) {
    // Writing to a `String` cannot fail.
    let _ = write!(out, "\\x{byte:02x}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_as_in_python() {
        let table = [
            ("", "''"),
            ("ab", "'ab'"),
            ("it's", "\"it's\""),
            ("\"", "'\"'"),
            ("'\"", "'\\'\"'"),
            ("\\\n\r\t\0\x1f", "'\\\\\\n\\r\\t\\x00\\x1f'"),
            ("\x7fé\u{a0}", "'\x7fé\u{a0}'"),
        ];
        for (value, expected) in table {
            assert_eq!(str_repr(value), expected);
        }
    }

    #[test]
    fn bytes_are_always_in_single_quotes() {
        assert_eq!(bytes_repr(b"ab\xff\x7f"), "b'ab\\xff\\x7f'");
        assert_eq!(bytes_repr(b"it's \"\n\\"), "b'it\\'s \"\\n\\\\'");
        assert_eq!((bool_repr(true), bool_repr(false)), ("True", "False"));
    }
}
