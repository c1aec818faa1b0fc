//! Filling strings up to a width.

use crate::error::{ErrorKind, Raise};
use crate::string::index::len;

/// A fill text that is not one character.
const BAD_FILL: &str = "The fill character must be exactly one character long";

/// The character that `fill` consists of.
fn fill_character(fill: &str) -> Result<char, Raise> {
    let mut chars = fill.chars();
    match (chars.next(), chars.next()) {
        (Some(fill), None) => Ok(fill),
        _ => Err(Raise::new(ErrorKind::TypeError, BAD_FILL)),
    }
}

/// The number of characters that `text` lacks to `width`.
fn missing(text: &str, width: i64) -> usize {
    usize::try_from(width).map_or(0, |width| width.saturating_sub(len(text)))
}

/// `text` with `left` and `right` times `fill` around it.
///
/// Fails with `MemoryError` when there is no room for the result.
pub(crate) fn surround(text: &str, left: usize, right: usize, fill: char) -> Result<String, Raise> {
    let mut out = String::new();
    let size = left
        .saturating_add(right)
        .saturating_mul(fill.len_utf8())
        .saturating_add(text.len());
    if out.try_reserve_exact(size).is_err() {
        return Err(Raise::new(ErrorKind::MemoryError, ""));
    }
    out.extend(std::iter::repeat_n(fill, left));
    out.push_str(text);
    out.extend(std::iter::repeat_n(fill, right));
    Ok(out)
}

/// `text.ljust(width, fill)`: filled up on the right.
///
/// Fails with `TypeError` when `fill` is not one character.
pub fn ljust(text: &str, width: i64, fill: &str) -> Result<String, Raise> {
    surround(text, 0, missing(text, width), fill_character(fill)?)
}

/// `text.rjust(width, fill)`: filled up on the left.
///
/// Fails with `TypeError` when `fill` is not one character.
pub fn rjust(text: &str, width: i64, fill: &str) -> Result<String, Raise> {
    surround(text, missing(text, width), 0, fill_character(fill)?)
}

/// `text.center(width, fill)`: filled up on both sides.
///
/// An odd filler goes to the left if `width` is odd and to the right otherwise. Fails with
/// `TypeError` when `fill` is not one character.
pub fn center(text: &str, width: i64, fill: &str) -> Result<String, Raise> {
    let fill = fill_character(fill)?;
    let missing = missing(text, width);
    let left = missing / 2 + (missing & usize::from(width % 2 != 0));
    surround(text, left, missing - left, fill)
}

/// `text.zfill(width)`: filled up with zeros after the sign.
pub fn zfill(text: &str, width: i64) -> Result<String, Raise> {
    let (sign, digits) = text.split_at(usize::from(text.starts_with(['+', '-'])));
    let padded = surround(digits, missing(text, width), 0, '0')?;
    Ok(if sign.is_empty() {
        padded
    } else {
        format!("{sign}{padded}")
    })
}

/// `text.expandtabs(tabsize)`: with each tab replaced by blanks up to the next multiple of
/// `tabsize`; with tabs removed if it is not positive.
pub fn expandtabs(text: &str, tabsize: i64) -> String {
    let tabsize = usize::try_from(tabsize).unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        if c == '\t' {
            if tabsize > 0 {
                let blanks = tabsize - column % tabsize;
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
        } else {
            out.push(c);
            column = if matches!(c, '\n' | '\r') {
                0
            } else {
                column + 1
            };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fill_goes_where_python_puts_it() {
        for (text, width, expected) in [
            ("ab", 5, "**ab*"),
            ("a", 4, "*a**"),
            ("a", 5, "**a**"),
            ("ab", 7, "***ab**"),
            ("é", 3, "*é*"),
            ("abc", 2, "abc"),
            ("a", -1, "a"),
        ] {
            assert_eq!(center(text, width, "*").as_deref(), Ok(expected));
        }
        assert_eq!(ljust("é", 3, "€").as_deref(), Ok("é€€"));
        assert_eq!(rjust("é", 3, " ").as_deref(), Ok("  é"));
        assert_eq!(
            ljust("a", 3, "ab").unwrap_err().to_string(),
            "TypeError: The fill character must be exactly one character long"
        );
        assert_eq!(
            rjust("a", i64::MAX, "€").unwrap_err().kind,
            ErrorKind::MemoryError
        );
    }

    #[test]
    fn zeros_go_behind_the_sign() {
        for (text, width, expected) in [
            ("42", 5, "00042"),
            ("-42", 5, "-0042"),
            ("+", 3, "+00"),
            ("--1", 5, "-00-1"),
            ("", 2, "00"),
        ] {
            assert_eq!(zfill(text, width).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        assert_eq!(expandtabs("a\tbc\td\n\te", 4), "a   bc  d\n    e");
        assert_eq!(expandtabs("é\tb", 2), "é b");
        assert_eq!(expandtabs("a\tb", 0), "ab");
    }
}
