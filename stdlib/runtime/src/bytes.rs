//! The operations of `bytes`.

use crate::error::{ErrorKind, Raise};

/// `bytes[position]`; negative positions count from the end.
///
/// Fails with the `PanicError` of an access to memory outside its bounds.
pub fn index(bytes: &[u8], position: i64) -> Result<u8, Raise> {
    let length = bytes.len() as i64;
    let at = if position < 0 {
        position + length
    } else {
        position
    };
    let item = usize::try_from(at).ok().and_then(|at| bytes.get(at));
    item.copied().ok_or_else(|| {
        let text = format!("ptr_getitem out of bounds: {at} (upper bound: {length})");
        Raise::with_text(ErrorKind::PanicError, text)
    })
}

/// `bytes * times`; empty if `times` is negative.
///
/// Fails with `MemoryError` when there is no room for the result.
pub fn repeat(bytes: &[u8], times: i64) -> Result<Vec<u8>, Raise> {
    let times = usize::try_from(times).unwrap_or(0);
    let mut out = Vec::new();
    let room = bytes
        .len()
        .checked_mul(times)
        .map(|size| out.try_reserve_exact(size));
    if !matches!(room, Some(Ok(()))) {
        return Err(Raise::new(ErrorKind::MemoryError, ""));
    }
    for _ in 0..times {
        out.extend_from_slice(bytes);
    }
    Ok(out)
}

/// A text whose code points are the bytes.
pub fn chars(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The bytes whose values are the code points of `text`.
///
/// Fails with `ValueError` when one is above 255.
pub fn of_chars(text: &str) -> Result<Vec<u8>, Raise> {
    let byte = |c| u8::try_from(u32::from(c));
    let bytes: Result<Vec<u8>, _> = text.chars().map(byte).collect();
    bytes.map_err(|_| Raise::new(ErrorKind::ValueError, "bytes must be in range(0, 256)"))
}

/// The text that `bytes` are in UTF-8.
///
/// Fails with `ValueError` when they are not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, Raise> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let text = format!(
            "'utf-8' codec can't decode byte {:#04x} in position {at}",
            bytes[at]
        );
        Raise::with_text(ErrorKind::ValueError, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_both_ends() {
        assert_eq!((index(b"ab", 1), index(b"ab", -2)), (Ok(b'b'), Ok(b'a')));
        assert!(index(b"ab", 2).is_err() && index(b"ab", -3).is_err());
    }

    #[test]
    fn only_utf8_is_text() {
        assert_eq!(decode("é".as_bytes()), Ok("é"));
        assert_eq!(
            decode(b"a\xff").unwrap_err().to_string(),
            "ValueError: 'utf-8' codec can't decode byte 0xff in position 1"
        );
    }
}
