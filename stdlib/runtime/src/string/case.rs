//! Changing the case of letters, with Unicode's full mappings.
//!
//! The standard library knows upper and lower case, including the two forms of the Greek small
//! sigma; title case and case folding are derived from them plus the exceptions listed here.

use crate::string::classify::{is_cased, is_lower, is_upper};

/// `text.upper()`.
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// `text.lower()`.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// `text.swapcase()`: upper case for lower case and the other way round.
pub fn swapcase(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each_with_lower(text, |c, lowered| {
        if is_upper(c) {
            out.push_str(lowered);
        } else if is_lower(c) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    });
    out
}

/// `text.capitalize()`: the first character in title case, the rest in lower case.
pub fn capitalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut first = true;
    each_with_lower(text, |c, lowered| {
        if first {
            push_title(&mut out, c);
        } else {
            out.push_str(lowered);
        }
        first = false;
    });
    out
}

/// `text.title()`: each word starts in title case and goes on in lower case.
pub fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside_word = false;
    each_with_lower(text, |c, lowered| {
        if inside_word {
            out.push_str(lowered);
        } else {
            push_title(&mut out, c);
        }
        inside_word = is_cased(c);
    });
    out
}

/// `text.casefold()`: equal for strings that differ only in case.
pub fn casefold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // The dotless i stays apart from the dotted one.
            'ı' => out.push(c),
            // Cherokee folds to upper case, its older form.
            '\u{13a0}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => out.extend(c.to_uppercase()),
            // Variants with one upper case, such as the two small sigmas, meet there.
            _ => out.extend(
                c.to_lowercase()
                    .flat_map(char::to_uppercase)
                    .flat_map(char::to_lowercase),
            ),
        }
    }
    out
}

/// Calls `visit` with each character of `text` and its lower case in this context.
fn each_with_lower(text: &str, mut visit: impl FnMut(char, &str)) {
    let lowered = text.to_lowercase();
    let mut at = 0;
    for c in text.chars() {
        // The context only chooses between the two small sigmas, which have the same size.
        let size: usize = c.to_lowercase().map(char::len_utf8).sum();
        visit(c, &lowered[at..at + size]);
        at += size;
    }
}

/// Appends the title case of `c`: mostly its upper case with all but the first letter lowered.
fn push_title(out: &mut String, c: char) {
    match c {
        'Ǆ'..='ǆ' => out.push('ǅ'),
        'Ǉ'..='ǉ' => out.push('ǈ'),
        'Ǌ'..='ǌ' => out.push('ǋ'),
        'Ǳ'..='ǳ' => out.push('ǲ'),
        // An apostrophe before the letter.
        'ŉ' => out.extend(c.to_uppercase()),
        // Georgian has capitals, but does not start words with them.
        '\u{10d0}'..='\u{10ff}' => out.push(c),
        // Greek vowels with an iota below keep it there instead of writing it beside them.
        'ᾀ'..='ᾯ' => out.extend(char::from_u32(u32::from(c) | 8)),
        'ᾳ' | 'ᾼ' => out.push('ᾼ'),
        'ῃ' | 'ῌ' => out.push('ῌ'),
        'ῳ' | 'ῼ' => out.push('ῼ'),
        'ᾲ' | 'ᾴ' | 'ᾷ' | 'ῂ' | 'ῄ' | 'ῇ' | 'ῲ' | 'ῴ' | 'ῷ' => {
            let upper = c.to_uppercase();
            out.extend(upper.clone().take(upper.len() - 1));
            out.push('\u{345}');
        }
        _ => {
            let mut upper = c.to_uppercase();
            out.extend(upper.next());
            out.extend(upper.flat_map(char::to_lowercase));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `upper`, `lower`, `swapcase`, `capitalize`, `title` and `casefold` as CPython gives them.
    #[test]
    fn cases_follow_python() {
        let table = [
            ("", "|||||"),
            (
                "hello World",
                "HELLO WORLD|hello world|HELLO wORLD|Hello world|Hello World|hello world",
            ),
            (
                "they're BILL's",
                "THEY'RE BILL'S|they're bill's|THEY'RE bill'S|They're bill's|They'Re Bill'S|they're bill's",
            ),
            ("straße", "STRASSE|straße|STRASSE|Straße|Straße|strasse"),
            ("ΑΣ ΣΑΣ", "ΑΣ ΣΑΣ|ας σας|ας σας|Ας σας|Ας Σας|ασ σασ"),
            ("όσος", "ΌΣΟΣ|όσος|ΌΣΟΣ|Όσος|Όσος|όσοσ"),
            ("ǆabc ǅ", "ǄABC Ǆ|ǆabc ǆ|ǄABC ǅ|ǅabc ǆ|ǅabc ǅ|ǆabc ǆ"),
            ("ŉa", "ʼNA|ŉa|ʼNA|ʼNa|ʼNa|ʼna"),
            (
                "İi ıI",
                "İI II|i\u{307}i ıi|i\u{307}I Ii|İi ıi|İi Ii|i\u{307}i ıi",
            ),
            ("ﬁn ﬀ", "FIN FF|ﬁn ﬀ|FIN FF|Fin ﬀ|Fin Ff|fin ff"),
            (
                "ᾳ ᾼ ᾷ ᾴa",
                "ΑΙ ΑΙ Α\u{342}Ι ΆΙA|ᾳ ᾳ ᾷ ᾴa|ΑΙ ᾼ Α\u{342}Ι ΆΙA|ᾼ ᾳ ᾷ ᾴa|ᾼ ᾼ Α\u{342}\u{345} Ά\u{345}a|αι αι α\u{342}ι άιa",
            ),
            ("აბ", "ᲐᲑ|აბ|ᲐᲑ|აბ|აბ|აბ"),
            ("Ꭰꭰᏸ", "ᎠᎠᏰ|ꭰꭰᏸ|ꭰᎠᏰ|Ꭰꭰᏸ|Ꭰꭰᏸ|ᎠᎠᏰ"),
            ("ẞ ſ", "ẞ S|ß ſ|ß S|ẞ ſ|ẞ S|ss s"),
            (
                "x1y2 a_b",
                "X1Y2 A_B|x1y2 a_b|X1Y2 A_B|X1y2 a_b|X1Y2 A_B|x1y2 a_b",
            ),
        ];
        for (text, expected) in table {
            let actual = [upper, lower, swapcase, capitalize, title, casefold]
                .map(|case| case(text))
                .join("|");
            assert_eq!(actual, expected, "{text:?}");
        }
    }
}
