//! Taking strings apart and joining them.

use crate::error::{ErrorKind, Raise};
use crate::string::classify::is_blank;

/// `"a b".split("")`.
const EMPTY_SEPARATOR: &str = "empty separator";

/// Fails with `ValueError` when `separator` is empty.
fn nonempty(separator: &str) -> Result<(), Raise> {
    if separator.is_empty() {
        return Err(Raise::new(ErrorKind::ValueError, EMPTY_SEPARATOR));
    }
    Ok(())
}

/// The largest number of pieces for `maxsplit` cuts; negative means no limit.
fn piece_limit(maxsplit: i64) -> usize {
    usize::try_from(maxsplit).map_or(usize::MAX, |cuts| cuts.saturating_add(1))
}

/// `text.split(separator, maxsplit)`: at most `maxsplit` cuts from the left, all if negative.
///
/// Fails with `ValueError` when `separator` is empty.
pub fn split<'a>(text: &'a str, separator: &str, maxsplit: i64) -> Result<Vec<&'a str>, Raise> {
    nonempty(separator)?;
    Ok(text.splitn(piece_limit(maxsplit), separator).collect())
}

/// `text.rsplit(separator, maxsplit)`: [`split`] with the cuts made from the right.
///
/// Fails with `ValueError` when `separator` is empty.
pub fn rsplit<'a>(text: &'a str, separator: &str, maxsplit: i64) -> Result<Vec<&'a str>, Raise> {
    nonempty(separator)?;
    let mut pieces: Vec<&str> = text.rsplitn(piece_limit(maxsplit), separator).collect();
    pieces.reverse();
    Ok(pieces)
}

/// `text.split(None, maxsplit)`: the words between blanks.
///
/// Once `maxsplit` words are cut off, the rest is one piece that keeps its blanks at the end.
pub fn split_whitespace(text: &str, maxsplit: i64) -> Vec<&str> {
    let limit = piece_limit(maxsplit);
    let mut pieces = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while !rest.is_empty() {
        let end = if pieces.len() + 1 < limit {
            rest.find(is_blank)
        } else {
            None
        };
        let (word, tail) = rest.split_at(end.unwrap_or(rest.len()));
        pieces.push(word);
        rest = tail.trim_start_matches(is_blank);
    }
    pieces
}

/// `text.rsplit(None, maxsplit)`: [`split_whitespace`] with the words cut off from the right.
pub fn rsplit_whitespace(text: &str, maxsplit: i64) -> Vec<&str> {
    let limit = piece_limit(maxsplit);
    let mut pieces = Vec::new();
    let mut rest = text.trim_end_matches(is_blank);
    while !rest.is_empty() {
        let blank = if pieces.len() + 1 < limit {
            rest.rfind(is_blank)
        } else {
            None
        };
        let start = blank.map_or(0, |at| {
            at + rest[at..].chars().next().map_or(0, char::len_utf8)
        });
        let (head, word) = rest.split_at(start);
        pieces.push(word);
        rest = head.trim_end_matches(is_blank);
    }
    pieces.reverse();
    pieces
}

/// Whether `c` ends a line.
pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `text.splitlines(keepends)`: the lines, with their ends only if `keepends`.
///
/// `\r\n` is one end; text after the last end is a line if there is any.
pub fn splitlines(text: &str, keepends: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(is_line_end) {
        let tail = &rest[end..];
        let width = if tail.starts_with("\r\n") {
            2
        } else {
            tail.chars().next().map_or(0, char::len_utf8)
        };
        lines.push(&rest[..if keepends { end + width } else { end }]);
        rest = &rest[end + width..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

/// `text.partition(separator)`: what is before the first `separator`, it, and what is after.
///
/// Without a match, `text` and two empty strings. Fails with `ValueError` when `separator` is
/// empty.
pub fn partition<'a>(text: &'a str, separator: &str) -> Result<[&'a str; 3], Raise> {
    nonempty(separator)?;
    let parts = text
        .find(separator)
        .map(|at| around(text, at, separator.len()));
    Ok(parts.unwrap_or([text, "", ""]))
}

/// `text.rpartition(separator)`: what is before the last `separator`, it, and what is after.
///
/// Without a match, two empty strings and `text`. Fails with `ValueError` when `separator` is
/// empty.
pub fn rpartition<'a>(text: &'a str, separator: &str) -> Result<[&'a str; 3], Raise> {
    nonempty(separator)?;
    let parts = text
        .rfind(separator)
        .map(|at| around(text, at, separator.len()));
    Ok(parts.unwrap_or(["", "", text]))
}

/// `text` cut before and after the `size` bytes at `at`.
fn around(text: &str, at: usize, size: usize) -> [&str; 3] {
    [&text[..at], &text[at..at + size], &text[at + size..]]
}

/// `separator.join(parts)`.
pub fn join(separator: &str, parts: &[&str]) -> String {
    parts.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_cut_from_either_side() {
        assert_eq!(
            split("a,b,,c", ",", -1).as_deref(),
            Ok(&["a", "b", "", "c"][..])
        );
        assert_eq!(split("a,b,c", ",", 1).as_deref(), Ok(&["a", "b,c"][..]));
        assert_eq!(split("a,b", ",", 0).as_deref(), Ok(&["a,b"][..]));
        assert_eq!(split("", ",", -1).as_deref(), Ok(&[""][..]));
        assert_eq!(rsplit("a,b,c", ",", 1).as_deref(), Ok(&["a,b", "c"][..]));
        assert_eq!(rsplit("aaa", "aa", -1).as_deref(), Ok(&["a", ""][..]));
        assert_eq!(
            split("a", "", -1).unwrap_err().to_string(),
            "ValueError: empty separator"
        );
    }

    #[test]
    fn words_are_cut_at_blanks() {
        let text = "  a \u{3000}b\x1cc  ";
        assert_eq!(split_whitespace(text, -1), ["a", "b", "c"]);
        assert_eq!(split_whitespace(text, 1), ["a", "b\x1cc  "]);
        assert_eq!(split_whitespace(text, 0), ["a \u{3000}b\x1cc  "]);
        assert_eq!(split_whitespace("  a ", 1), ["a"]);
        assert_eq!(rsplit_whitespace(text, -1), ["a", "b", "c"]);
        assert_eq!(rsplit_whitespace(text, 1), ["  a \u{3000}b", "c"]);
        assert_eq!(rsplit_whitespace(text, 0), ["  a \u{3000}b\x1cc"]);
        assert!(split_whitespace(" ", -1).is_empty() && rsplit_whitespace("", -1).is_empty());
    }

    #[test]
    fn lines_end_in_many_ways() {
        let text = "a\r\nb\n\rc\x0bd\u{2028}e\n";
        assert_eq!(splitlines(text, false), ["a", "b", "", "c", "d", "e"]);
        assert_eq!(
            splitlines(text, true),
            ["a\r\n", "b\n", "\r", "c\x0b", "d\u{2028}", "e\n"]
        );
        assert!(splitlines("", false).is_empty());
        assert_eq!(splitlines("\na", false), ["", "a"]);
    }

    #[test]
    fn partitions_have_three_parts() {
        assert_eq!(partition("a=b=c", "="), Ok(["a", "=", "b=c"]));
        assert_eq!(rpartition("a=b=c", "="), Ok(["a=b", "=", "c"]));
        assert_eq!(partition("abc", "="), Ok(["abc", "", ""]));
        assert_eq!(rpartition("abc", "="), Ok(["", "", "abc"]));
        assert!(partition("abc", "").is_err() && rpartition("abc", "").is_err());
        assert_eq!(join(", ", &["a", "b"]), "a, b");
    }
}
