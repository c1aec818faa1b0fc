//! Searching and replacing.
//!
//! `start` and `end` bound the search as a slice would: negative values count from the end.

use std::ops::Range;

use crate::error::{ErrorKind, Raise};
use crate::string::index::{byte_offset, len};

/// `str.index` without a match.
const NOT_FOUND: &str = "substring not found";

/// The part of a string to search.
struct Window {
    /// Its code points.
    chars: Range<usize>,
    /// Its bytes.
    bytes: Range<usize>,
}

impl Window {
    /// The window that `start` and `end` select; `None` if `start` lies behind `end`.
    fn new(text: &str, start: Option<i64>, end: Option<i64>) -> Option<Window> {
        let len = len(text);
        let signed = len as i64;
        let from_start = |bound: i64| {
            if bound < 0 {
                (bound + signed).max(0)
            } else {
                bound
            }
        };
        let end = end.map_or(signed, |end| from_start(end).min(signed));
        let start = start.map_or(0, from_start);
        if start > end {
            return None;
        }
        let chars = start as usize..end as usize;
        let first = byte_offset(text, len, chars.start);
        let size = byte_offset(&text[first..], len - chars.start, chars.len());
        Some(Window {
            chars,
            bytes: first..first + size,
        })
    }

    /// The code point at byte `offset` of the window.
    fn position(&self, text: &str, offset: usize) -> i64 {
        let is_ascii = self.chars.len() == self.bytes.len();
        let before = if is_ascii {
            offset
        } else {
            len(&text[self.bytes.start..self.bytes.start + offset])
        };
        (self.chars.start + before) as i64
    }
}

/// `sub in text`.
#[inline]
pub fn contains(text: &str, sub: &str) -> bool {
    text.contains(sub)
}

/// `text.find(sub, start, end)`: the first position of `sub`, or -1.
pub fn find(text: &str, sub: &str, start: Option<i64>, end: Option<i64>) -> i64 {
    let Some(window) = Window::new(text, start, end) else {
        return -1;
    };
    let offset = text[window.bytes.clone()].find(sub);
    offset.map_or(-1, |offset| window.position(text, offset))
}

/// `text.rfind(sub, start, end)`: the last position of `sub`, or -1.
pub fn rfind(text: &str, sub: &str, start: Option<i64>, end: Option<i64>) -> i64 {
    let Some(window) = Window::new(text, start, end) else {
        return -1;
    };
    let offset = text[window.bytes.clone()].rfind(sub);
    offset.map_or(-1, |offset| window.position(text, offset))
}

/// `text.index(sub, start, end)`: [`find`], but a `ValueError` instead of -1.
pub fn index_of(text: &str, sub: &str, start: Option<i64>, end: Option<i64>) -> Result<i64, Raise> {
    found(find(text, sub, start, end))
}

/// `text.rindex(sub, start, end)`: [`rfind`], but a `ValueError` instead of -1.
pub fn rindex_of(
    text: &str,
    sub: &str,
    start: Option<i64>,
    end: Option<i64>,
) -> Result<i64, Raise> {
    found(rfind(text, sub, start, end))
}

/// `position`, or a `ValueError` when it is -1.
fn found(position: i64) -> Result<i64, Raise> {
    if position < 0 {
        return Err(Raise::new(ErrorKind::ValueError, NOT_FOUND));
    }
    Ok(position)
}

/// `text.count(sub, start, end)`: the number of occurrences that do not overlap.
///
/// An empty `sub` occurs at every position, the end included.
pub fn count(text: &str, sub: &str, start: Option<i64>, end: Option<i64>) -> i64 {
    let Some(window) = Window::new(text, start, end) else {
        return 0;
    };
    text[window.bytes].matches(sub).count() as i64
}

/// `text.startswith(prefix, start, end)`.
pub fn startswith(text: &str, prefix: &str, start: Option<i64>, end: Option<i64>) -> bool {
    if start.is_none() && end.is_none() {
        return text.starts_with(prefix);
    }
    Window::new(text, start, end).is_some_and(|window| text[window.bytes].starts_with(prefix))
}

/// `text.endswith(suffix, start, end)`.
pub fn endswith(text: &str, suffix: &str, start: Option<i64>, end: Option<i64>) -> bool {
    if start.is_none() && end.is_none() {
        return text.ends_with(suffix);
    }
    Window::new(text, start, end).is_some_and(|window| text[window.bytes].ends_with(suffix))
}

/// `text.replace(old, new, count)`: with the first `count` occurrences replaced, all if negative.
///
/// An empty `old` occurs at every position, the end included.
pub fn replace(text: &str, old: &str, new: &str, count: i64) -> String {
    match usize::try_from(count) {
        Ok(count) => text.replacen(old, new, count),
        Err(_) => text.replace(old, new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `find`, `rfind` and `count` of a call in Python.
    #[test]
    fn searches_follow_python() {
        let table = [
            ("abcabc", "bc", None, None, (1, 4, 2)),
            ("abcabc", "bc", Some(2), None, (4, 4, 1)),
            ("abcabc", "bc", Some(2), Some(-1), (-1, -1, 0)),
            ("abc", "", None, None, (0, 3, 4)),
            ("abc", "", Some(1), Some(2), (1, 2, 2)),
            ("abc", "", Some(3), None, (3, 3, 1)),
            ("abc", "", Some(4), None, (-1, -1, 0)),
            ("abc", "", Some(2), Some(1), (-1, -1, 0)),
            ("", "", None, None, (0, 0, 1)),
            ("aaaa", "aa", None, None, (0, 2, 2)),
            ("éaéa", "a", None, None, (1, 3, 2)),
            ("éaéa", "éa", Some(-2), None, (2, 2, 1)),
            ("éaéa", "", Some(1), Some(3), (1, 3, 3)),
            ("aé", "a", Some(-9), Some(9), (0, 0, 1)),
            ("abc", "z", Some(i64::MIN), Some(i64::MAX), (-1, -1, 0)),
        ];
        for (text, sub, start, end, expected) in table {
            let actual = (
                find(text, sub, start, end),
                rfind(text, sub, start, end),
                count(text, sub, start, end),
            );
            assert_eq!(actual, expected, "{text:?} {sub:?} {start:?} {end:?}");
        }
        assert!(contains("abc", "") && contains("abc", "bc") && !contains("abc", "cb"));
        assert_eq!(index_of("abc", "c", None, None), Ok(2));
        assert_eq!(
            rindex_of("abc", "d", None, None).unwrap_err().to_string(),
            "ValueError: substring not found"
        );
    }

    #[test]
    fn affixes_may_be_bounded() {
        assert!(startswith("abc", "ab", None, None) && endswith("abc", "bc", None, None));
        assert!(
            startswith("éab", "ab", Some(1), None) && !startswith("éab", "ab", Some(1), Some(2))
        );
        assert!(endswith("abc", "b", Some(1), Some(2)) && !endswith("abc", "abc", Some(1), None));
        assert!(startswith("abc", "", Some(3), None) && !startswith("abc", "", Some(4), None));
    }

    #[test]
    fn replacement_may_be_limited() {
        let table = [
            ("aXbX", "X", "--", -1, "a--b--"),
            ("aXbX", "X", "", 1, "abX"),
            ("ab", "", "-", -1, "-a-b-"),
            ("ab", "", "-", 2, "-a-b"),
            ("éa", "", "-", -1, "-é-a-"),
            ("", "", "x", -1, "x"),
            ("", "", "x", 0, ""),
            ("aaa", "aa", "b", -1, "ba"),
        ];
        for (text, old, new, count, expected) in table {
            assert_eq!(replace(text, old, new, count), expected);
        }
    }
}
