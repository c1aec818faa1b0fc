//! The questions about the characters of a string: `isalpha` and its kin.
//!
//! An empty string answers no, except to `isascii` and `isprintable`.

use crate::string::unicode_table::{
    ALPHA, DECIMAL, DIGIT, IDENTIFIER_CONTINUE, IDENTIFIER_START, LOWER, NUMERIC, PRINTABLE, TITLE,
    UPPER, classes,
};

/// Whether `c` is white space to Python: Unicode's, and the four ASCII separators.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// Whether `c` has a case.
pub(super) fn is_cased(c: char) -> bool {
    classes(c) & (LOWER | UPPER | TITLE) != 0
}

/// Whether `c` is upper case.
pub(super) fn is_upper(c: char) -> bool {
    classes(c) & UPPER != 0
}

/// Whether `c` is lower case.
pub(super) fn is_lower(c: char) -> bool {
    classes(c) & LOWER != 0
}

/// Whether `text` has characters and all are in one of the classes `wanted`.
fn all_in(text: &str, wanted: u16) -> bool {
    !text.is_empty() && text.chars().all(|c| classes(c) & wanted != 0)
}

/// `text.isalpha()`: only letters.
pub fn isalpha(text: &str) -> bool {
    all_in(text, ALPHA)
}

/// `text.isdecimal()`: only digits of a positional system.
pub fn isdecimal(text: &str) -> bool {
    all_in(text, DECIMAL)
}

/// `text.isdigit()`: only digits, superscripts included.
pub fn isdigit(text: &str) -> bool {
    all_in(text, DIGIT)
}

/// `text.isnumeric()`: only characters with a numeric value, fractions included.
pub fn isnumeric(text: &str) -> bool {
    all_in(text, NUMERIC)
}

/// `text.isalnum()`: only letters and numeric characters.
pub fn isalnum(text: &str) -> bool {
    all_in(text, ALPHA | DECIMAL | DIGIT | NUMERIC)
}

/// `text.isspace()`: only blanks.
pub fn isspace(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_blank)
}

/// `text.isascii()`: nothing from U+0080 on.
#[inline]
pub fn isascii(text: &str) -> bool {
    text.is_ascii()
}

/// `text.isprintable()`: nothing that `repr` would have to escape in Python.
pub fn isprintable(text: &str) -> bool {
    text.chars().all(|c| classes(c) & PRINTABLE != 0)
}

/// `text.isidentifier()`: the form of a name; keywords count too.
pub fn isidentifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| classes(first) & IDENTIFIER_START != 0)
        && chars.all(|c| classes(c) & IDENTIFIER_CONTINUE != 0)
}

/// `text.isupper()`: some upper-case characters and no others with a case.
pub fn isupper(text: &str) -> bool {
    has_only_case(text, UPPER)
}

/// `text.islower()`: some lower-case characters and no others with a case.
pub fn islower(text: &str) -> bool {
    has_only_case(text, LOWER)
}

/// Whether the characters with a case exist and are all in `case`.
fn has_only_case(text: &str, case: u16) -> bool {
    let mut cased = text.chars().filter(|&c| is_cased(c)).peekable();
    cased.peek().is_some() && cased.all(|c| classes(c) & case != 0)
}

/// `text.istitle()`: each word starts in upper case and goes on in lower case.
pub fn istitle(text: &str) -> bool {
    let mut any_cased = false;
    let mut inside_word = false;
    for c in text.chars() {
        let cased = is_cased(c);
        if cased && is_lower(c) != inside_word {
            return false;
        }
        any_cased |= cased;
        inside_word = cased;
    }
    any_cased
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All questions in the order of their letters.
    fn answers(text: &str) -> String {
        type Question = (char, fn(&str) -> bool);
        let questions: [Question; 12] = [
            ('a', isalpha),
            ('d', isdecimal),
            ('g', isdigit),
            ('n', isnumeric),
            ('w', isalnum),
            ('s', isspace),
            ('c', isascii),
            ('p', isprintable),
            ('i', isidentifier),
            ('U', isupper),
            ('l', islower),
            ('t', istitle),
        ];
        questions
            .into_iter()
            .filter(|(_, holds)| holds(text))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn questions_are_answered_as_in_python() {
        let table = [
            ("", "cp"),
            ("a", "awcpil"),
            ("aB", "awcpi"),
            ("AB", "awcpiU"),
            ("Ab Cd", "cpt"),
            ("Ab cD", "cp"),
            ("A1b", "wcpi"),
            ("1a", "wcpl"),
            ("12", "dgnwcp"),
            ("²", "gnwp"),
            ("½", "nwp"),
            ("٣", "dgnwp"),
            ("四", "anwpi"),
            ("_x1", "cpil"),
            ("x-y", "cpl"),
            (" \u{9}", "sc"),
            ("\u{1c}\u{3000}", "s"),
            ("\u{0}", "c"),
            ("é", "awpil"),
            ("ǅa", "awpit"),
            ("aǅ", "awpi"),
            ("Ⅷ", "nwpiUt"),
            ("ªº", "awpil"),
            ("\u{301}", "p"),
            ("a\u{301}", "pil"),
            ("ß", "awpil"),
            ("ა", "awpil"),
            ("😀", "p"),
            ("\u{ad}", ""),
            ("\u{e000}", ""),
            ("'S", "cpUt"),
            ("they're", "cpl"),
            ("They'Re", "cpt"),
            ("Ⓐ", "pUt"),
            ("ⅷ", "nwpil"),
            ("日本", "awpi"),
            ("\u{85}", "s"),
        ];
        for (text, expected) in table {
            assert_eq!(answers(text), expected, "{text:?}");
        }
    }
}
