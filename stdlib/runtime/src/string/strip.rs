//! Removing characters and affixes from the ends of a string.

use crate::string::classify::is_blank;

/// Whether `c` is to be removed: one of `chars`, or a blank if there are none given.
fn removes(chars: Option<&str>) -> impl Fn(char) -> bool + '_ {
    move |c| chars.map_or_else(|| is_blank(c), |chars| chars.contains(c))
}

/// `text.strip(chars)`: without the given characters, or blanks, at both ends.
pub fn strip<'a>(text: &'a str, chars: Option<&str>) -> &'a str {
    lstrip(rstrip(text, chars), chars)
}

/// `text.lstrip(chars)`: without the given characters, or blanks, at the start.
pub fn lstrip<'a>(text: &'a str, chars: Option<&str>) -> &'a str {
    text.trim_start_matches(removes(chars))
}

/// `text.rstrip(chars)`: without the given characters, or blanks, at the end.
pub fn rstrip<'a>(text: &'a str, chars: Option<&str>) -> &'a str {
    text.trim_end_matches(removes(chars))
}

/// `text` without the given characters, or blanks, at the ends in the set `ends`: 1 for the start
/// and 2 for the end.
pub fn strip_ends<'a>(text: &'a str, chars: Option<&str>, ends: i64) -> &'a str {
    match ends {
        1 => lstrip(text, chars),
        2 => rstrip(text, chars),
        _ => strip(text, chars),
    }
}

/// `text.removeprefix(prefix)`: without `prefix`, if it starts with it.
pub fn removeprefix<'a>(text: &'a str, prefix: &str) -> &'a str {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// `text.removesuffix(suffix)`: without `suffix`, if it ends with it.
pub fn removesuffix<'a>(text: &'a str, suffix: &str) -> &'a str {
    text.strip_suffix(suffix).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_stripped() {
        assert_eq!(strip("\x1f a b\u{3000}\n", None), "a b");
        assert_eq!(lstrip("xxaxx", Some("xy")), "axx");
        assert_eq!(rstrip("xxaxy", Some("xy")), "xxa");
        assert_eq!(strip(" a ", Some("")), " a ");
        assert_eq!(strip("éaé", Some("é")), "a");
        assert_eq!(strip("  ", None), "");
    }

    #[test]
    fn affixes_are_removed_once() {
        assert_eq!(removeprefix("aab", "a"), "ab");
        assert_eq!(removesuffix("abb", "b"), "ab");
        assert_eq!(removesuffix("abb", "c"), "abb");
    }
}
