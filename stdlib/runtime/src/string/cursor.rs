//! Walking over a text by byte offsets, for the loops of the standard library.
//!
//! Each function takes time in proportion to the text that it passes. Offsets come from these
//! functions, so they lie between characters; others count as the end of the text.

use super::classify::is_blank;
use super::split::is_line_end;

/// The text from a byte offset on.
fn rest(text: &str, from: i64) -> &str {
    usize::try_from(from)
        .ok()
        .and_then(|from| text.get(from..))
        .unwrap_or("")
}

/// The text before a byte offset.
fn head(text: &str, to: i64) -> &str {
    usize::try_from(to)
        .ok()
        .and_then(|to| text.get(..to))
        .unwrap_or(text)
}

/// The offset of the end of `text` without its last `left` bytes.
fn before_end(text: &str, left: usize) -> i64 {
    (text.len() - left) as i64
}

/// The offset of the first `sub` from `from` on, or -1.
pub fn find_from(text: &str, sub: &str, from: i64) -> i64 {
    let rest = rest(text, from);
    rest.find(sub)
        .map_or(-1, |at| before_end(text, rest.len() - at))
}

/// The offset of the last `sub` that ends at `to` or before, or -1.
pub fn find_before(text: &str, sub: &str, to: i64) -> i64 {
    head(text, to).rfind(sub).map_or(-1, |at| at as i64)
}

/// The text from one offset to another.
pub fn cut(text: &str, from: i64, to: i64) -> &str {
    rest(head(text, to), from)
}

/// The offset after the character at `at`.
pub fn next_char(text: &str, at: i64) -> i64 {
    let mut chars = rest(text, at).chars();
    chars.next();
    before_end(text, chars.as_str().len())
}

/// The offset of the first character from `from` on that is no blank.
pub fn blank_end(text: &str, from: i64) -> i64 {
    before_end(text, rest(text, from).trim_start_matches(is_blank).len())
}

/// The offset of the first blank from `from` on.
pub fn word_end(text: &str, from: i64) -> i64 {
    let word = |c| !is_blank(c);
    before_end(text, rest(text, from).trim_start_matches(word).len())
}

/// The offset of the first line end from `from` on.
pub fn line_end(text: &str, from: i64) -> i64 {
    let within = |c| !is_line_end(c);
    before_end(text, rest(text, from).trim_start_matches(within).len())
}

/// The offset after the first line end from `from` on; `\r\n` is one.
pub fn line_next(text: &str, from: i64) -> i64 {
    let end = line_end(text, from);
    if rest(text, end).starts_with("\r\n") {
        end + 2
    } else {
        next_char(text, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_bytes() {
        let text = "é  b,é";
        assert_eq!((next_char(text, 0), next_char(text, 6)), (2, 8));
        assert_eq!((find_from(text, "é", 0), find_from(text, "é", 1)), (0, -1));
        assert_eq!((find_from(text, "é", 2), find_before(text, "é", 6)), (6, 0));
        assert_eq!((word_end(text, 0), blank_end(text, 2)), (2, 4));
        assert_eq!((cut(text, 0, 2), cut(text, 4, 99)), ("é", "b,é"));
    }

    #[test]
    fn line_ends_may_have_two_characters() {
        let text = "a\r\nb";
        assert_eq!((line_end(text, 0), line_next(text, 0)), (1, 3));
        assert_eq!((line_end(text, 3), line_next(text, 3)), (4, 4));
    }
}
