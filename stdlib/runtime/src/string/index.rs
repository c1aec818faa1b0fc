//! Length, indexing, slicing, concatenation and order.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::error::{ErrorKind, Raise};

/// `s[i]` outside the string.
const OUT_OF_BOUND: &str = "string index out of bound";
/// A slice with step 0.
const ZERO_STEP: &str = "slice step cannot be zero";
/// `slice.indices` of a negative length.
const NEGATIVE_LENGTH: &str = "length should not be negative";

/// The number of code points. Linear in the size of `text`.
#[inline]
pub fn len(text: &str) -> usize {
    text.chars().count()
}

/// The byte offset of code point `at`, where `len` is the length of `text` in code points.
///
/// Past the end gives the size of `text`.
#[inline]
pub fn byte_offset(text: &str, len: usize, at: usize) -> usize {
    const CHUNK: usize = 64;
    if len == text.len() || at >= len {
        return if at < len { at } else { text.len() };
    }
    // Whole chunks are skipped by counting the bytes that start a code point.
    let mut left = at;
    for (number, chunk) in text.as_bytes().chunks(CHUNK).enumerate() {
        let starts = chunk
            .iter()
            .filter(|&&byte| starts_code_point(byte))
            .count();
        if left < starts {
            let first = chunk
                .iter()
                .enumerate()
                .filter(|&(_, &byte)| starts_code_point(byte));
            return number * CHUNK + first.map(|(offset, _)| offset).nth(left).unwrap_or(0);
        }
        left -= starts;
    }
    text.len()
}

/// Whether `byte` is the first of a code point in UTF-8.
#[inline]
fn starts_code_point(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// `text[position]`: the code point there, as text. A negative position counts from the end.
///
/// Fails with `IndexError` outside the string.
#[inline]
pub fn index(text: &str, position: i64) -> Result<&str, Raise> {
    index_with_len(text, len(text), position)
}

/// [`index`] for callers that know the number of code points `len`.
#[inline]
pub fn index_with_len(text: &str, len: usize, position: i64) -> Result<&str, Raise> {
    let from_start = if position < 0 {
        position.saturating_add_unsigned(len as u64)
    } else {
        position
    };
    let at = usize::try_from(from_start).ok().filter(|&at| at < len);
    let Some(at) = at else {
        return Err(Raise::new(ErrorKind::IndexError, OUT_OF_BOUND));
    };
    let start = byte_offset(text, len, at);
    let width = text[start..].chars().next().map_or(0, char::len_utf8);
    Ok(&text[start..start + width])
}

/// The bounds of a slice after clamping to a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceIndices {
    /// The first position taken.
    pub start: i64,
    /// The position before which to stop; -1 for a downward slice through position 0.
    pub stop: i64,
    /// The distance between positions; not zero.
    pub step: i64,
}

impl SliceIndices {
    /// The number of positions taken.
    #[inline]
    pub fn count(self) -> usize {
        let distance = if self.step > 0 {
            self.stop - self.start
        } else {
            self.start - self.stop
        };
        if distance <= 0 {
            return 0;
        }
        ((distance - 1).unsigned_abs() / self.step.unsigned_abs() + 1) as usize
    }
}

/// `slice(start, stop, step).indices(len)`: the bounds clamped as Python does.
///
/// Fails with `ValueError` when `step` is 0 or `len` negative.
#[inline]
pub fn slice_indices(
    len: i64,
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<SliceIndices, Raise> {
    if len < 0 {
        return Err(Raise::new(ErrorKind::ValueError, NEGATIVE_LENGTH));
    }
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(Raise::new(ErrorKind::ValueError, ZERO_STEP));
    }
    let (lowest, highest) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |bound: i64| {
        let from_start = if bound < 0 { bound + len } else { bound };
        from_start.clamp(lowest, highest)
    };
    let (first, last) = if step > 0 {
        (lowest, highest)
    } else {
        (highest, lowest)
    };
    Ok(SliceIndices {
        start: start.map_or(first, clamp),
        stop: stop.map_or(last, clamp),
        step,
    })
}

/// `text[start:stop:step]`.
///
/// Fails with `ValueError` when `step` is 0.
#[inline]
pub fn slice(
    text: &str,
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<Cow<'_, str>, Raise> {
    slice_with_len(text, len(text), start, stop, step)
}

/// [`slice()`] for callers that know the number of code points `len`.
pub fn slice_with_len(
    text: &str,
    len: usize,
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<Cow<'_, str>, Raise> {
    let bounds = slice_indices(len as i64, start, stop, step)?;
    let count = bounds.count();
    if count == 0 {
        return Ok(Cow::Borrowed(""));
    }
    // With at least one position taken, `start` is inside the string.
    let first = bounds.start as usize;
    if bounds.step == 1 {
        let from = byte_offset(text, len, first);
        let size = byte_offset(&text[from..], len - first, count);
        return Ok(Cow::Borrowed(&text[from..from + size]));
    }
    let stride = usize::try_from(bounds.step.unsigned_abs()).unwrap_or(usize::MAX);
    let taken = if bounds.step > 0 {
        let from = byte_offset(text, len, first);
        text[from..].chars().step_by(stride).take(count).collect()
    } else {
        let to = byte_offset(text, len, first + 1);
        text[..to]
            .chars()
            .rev()
            .step_by(stride)
            .take(count)
            .collect()
    };
    Ok(Cow::Owned(taken))
}

/// `left + right`.
pub fn concat(left: &str, right: &str) -> String {
    let mut out = String::with_capacity(left.len() + right.len());
    out.push_str(left);
    out.push_str(right);
    out
}

/// `text * times`; empty when `times` is not positive.
///
/// Fails with `MemoryError` when there is no room for the result.
pub fn repeat(text: &str, times: i64) -> Result<String, Raise> {
    let times = usize::try_from(times).unwrap_or(0);
    let mut out = String::new();
    let room = text
        .len()
        .checked_mul(times)
        .map(|size| out.try_reserve_exact(size));
    let Some(Ok(())) = room else {
        return Err(Raise::new(ErrorKind::MemoryError, ""));
    };
    if !text.is_empty() {
        out.extend(std::iter::repeat_n(text, times));
    }
    Ok(out)
}

/// The order of two strings, by code points.
#[inline]
pub fn compare(left: &str, right: &str) -> Ordering {
    // UTF-8 keeps the order of code points.
    left.cmp(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_code_points() {
        assert_eq!((len("àè"), len(""), len("a€😀")), (2, 0, 3));
        for (text, position, expected) in [
            ("abc", 0, Some("a")),
            ("abc", -1, Some("c")),
            ("aé😀", 2, Some("😀")),
            ("aé😀", -2, Some("é")),
            ("abc", 3, None),
            ("abc", -4, None),
            ("", 0, None),
            ("é", 1, None),
            ("a", i64::MIN, None),
        ] {
            assert_eq!(index(text, position).ok(), expected, "{text}[{position}]");
        }
        assert_eq!(
            index("", 0).unwrap_err().to_string(),
            "IndexError: string index out of bound"
        );
    }

    #[test]
    fn offsets_count_whole_code_points() {
        let text = "aé€😀".repeat(50);
        let mut expected: Vec<usize> = text.char_indices().map(|(offset, _)| offset).collect();
        expected.extend([text.len(), text.len()]);
        let actual: Vec<usize> = (0..=201).map(|at| byte_offset(&text, 200, at)).collect();
        assert_eq!(actual, expected);
    }

    #[test]
    fn slices_follow_python() {
        let table = [
            ("abcdef", None, Some(-1), None, "abcde"),
            ("abcdef", Some(2), None, None, "cdef"),
            ("abcdef", None, None, Some(-1), "fedcba"),
            ("abcdef", Some(1), Some(5), Some(2), "bd"),
            ("abcdef", Some(5), Some(1), Some(-3), "fc"),
            ("abcdef", Some(4), Some(2), None, ""),
            ("abcdef", Some(-100), Some(100), Some(4), "ae"),
            ("aé€😀", Some(1), Some(3), None, "é€"),
            ("aé€😀", Some(-2), None, Some(-1), "€éa"),
            ("aé€😀", None, None, Some(i64::MAX), "a"),
            ("aé€😀", None, None, Some(i64::MIN), "😀"),
        ];
        for (text, start, stop, step, expected) in table {
            assert_eq!(slice(text, start, stop, step).as_deref(), Ok(expected));
        }
        let zero = slice("a", None, None, Some(0)).unwrap_err();
        assert_eq!(zero.to_string(), "ValueError: slice step cannot be zero");
    }

    #[test]
    fn bounds_are_clamped() {
        let bounds = |start, stop, step| {
            let bounds = slice_indices(5, start, stop, step).expect("a valid slice");
            (bounds.start, bounds.stop, bounds.step)
        };
        assert_eq!(bounds(None, None, None), (0, 5, 1));
        assert_eq!(bounds(None, None, Some(-2)), (4, -1, -2));
        assert_eq!(bounds(Some(-9), Some(9), Some(1)), (0, 5, 1));
        assert_eq!(bounds(Some(9), Some(-9), Some(-1)), (4, -1, -1));
        let negative = slice_indices(-1, None, None, None).unwrap_err();
        assert_eq!(
            negative.to_string(),
            "ValueError: length should not be negative"
        );
    }

    #[test]
    fn repetition_needs_room() {
        assert_eq!(repeat("ab", 3).as_deref(), Ok("ababab"));
        assert_eq!(repeat("ab", -1).as_deref(), Ok(""));
        assert_eq!(repeat("", i64::MAX).as_deref(), Ok(""));
        assert_eq!(
            repeat("ab", i64::MAX).unwrap_err().kind,
            ErrorKind::MemoryError
        );
        assert_eq!(concat("a", "b"), "ab");
        assert_eq!(compare("é", "z"), Ordering::Greater);
    }
}
