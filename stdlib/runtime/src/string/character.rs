//! Characters and their numbers.

use crate::error::{ErrorKind, Raise};

/// The code point of the first character of `text`.
///
/// Fails with `TypeError` when `text` is empty.
pub fn ord(text: &str) -> Result<i32, Raise> {
    match text.chars().next() {
        Some(first) => Ok(first as i32),
        None => Err(Raise::new(
            ErrorKind::TypeError,
            "ord() expected a character, but string of length 0 found",
        )),
    }
}

/// The text with the one character that has this code point.
///
/// Fails with `ValueError` for numbers that no character has, surrogates included.
pub fn chr(code: i64) -> Result<String, Raise> {
    match u32::try_from(code).ok().and_then(char::from_u32) {
        Some(character) => Ok(character.into()),
        None => Err(Raise::new(
            ErrorKind::ValueError,
            "chr() arg not in range(0x110000)",
        )),
    }
}
