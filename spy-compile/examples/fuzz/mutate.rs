//! Inputs.

use crate::corpus::{Corpus, split};
use crate::random::Random;

/// Signs and words that the lexer or the parser treats specially.
const SPECIAL: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\n    ",
    "\n        ",
    "\n\t",
    "\r\n",
    "\r",
    "\x0c",
    "\0",
    "\u{feff}",
    "\\\n",
    "\\",
    ":",
    ";",
    ",",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "f\"",
    "f'{",
    "rb'",
    "{{",
    "}}",
    "!r",
    ":=",
    "=",
    "==",
    "->",
    "**",
    "//",
    "@",
    "...",
    "$",
    "`",
    "?",
    "é",
    "ﬁ",
    "a\u{301}",
    "1_0",
    "0x",
    "0b12",
    "1e",
    "1e999",
    "99999999999999999999",
    "3j",
    "0o8",
    "08",
    "\\N{DEGREE SIGN}",
    "\"\\ud800\"",
    "def f(",
    "def f[T](x: T) -> T:",
    "class A:",
    "@struct",
    "@blue",
    "if x:",
    "elif y:",
    "else:",
    "while x:",
    "for i in x:",
    "try:",
    "except E as e:",
    "finally:",
    "with a as b:",
    "match x:",
    "case 1:",
    "lambda x:",
    "yield",
    "await",
    "async",
    "del x",
    "global x",
    "import a.b",
    "from . import *",
    "var ",
    "const ",
    "return",
    "pass",
    "break",
    "__block__('''a = 1; a''')",
    "i8(300)",
    "not in",
    "is not",
    "type X = i32",
    "*a",
    "**k",
    "#",
];

/// Bytes, token soup, or a program with damaged text.
pub(crate) fn text(random: &mut Random, corpus: &Corpus) -> String {
    match random.below(4) {
        0 => bytes(random),
        1 => soup(random, corpus),
        _ => damaged(random, corpus),
    }
}

fn bytes(random: &mut Random) -> String {
    let length = random.below(200);
    let ascii = random.once_in(2);
    let bytes: Vec<u8> = (0..length)
        .map(|_| {
            let byte = u8::try_from(random.below(256)).unwrap_or(0);
            if ascii { byte & 0x7f } else { byte }
        })
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn soup(random: &mut Random, corpus: &Corpus) -> String {
    let mut text = String::new();
    for _ in 0..random.below(60) {
        let is_special = random.once_in(2);
        let token = if is_special {
            random.pick(SPECIAL)
        } else {
            random.pick(&corpus.tokens).as_str()
        };
        // Now and then very many of one: depth and repetition find quadratic behavior.
        let many = is_special && random.once_in(250);
        let times = if many { 5000 } else { 1 };
        for _ in 0..times {
            text.push_str(token);
            if random.once_in(2) {
                text.push(' ');
            }
        }
    }
    text
}

fn damaged(random: &mut Random, corpus: &Corpus) -> String {
    let mut chars: Vec<char> = random.pick(&corpus.programs).chars().collect();
    for _ in 0..=random.below(8) {
        let at = random.below(chars.len() + 1);
        let length = random.below(12).min(chars.len() - at);
        match random.below(4) {
            0 => {
                chars.drain(at..at + length);
            }
            1 => {
                let copy: Vec<char> = chars[at..at + length].to_vec();
                chars.splice(at..at, copy);
            }
            _ => {
                let sign: Vec<char> = random.pick(SPECIAL).chars().collect();
                chars.splice(at..at, sign);
            }
        }
    }
    chars.into_iter().collect()
}

/// A program of the suite with some tokens deleted, doubled, swapped or replaced.
pub(crate) fn program(random: &mut Random, corpus: &Corpus) -> String {
    let mut tokens = split(random.pick::<String>(&corpus.programs));
    if random.once_in(4) {
        tokens.extend(split(random.pick::<String>(&corpus.programs)));
    }
    for _ in 0..=random.below(4) {
        if tokens.is_empty() {
            break;
        }
        let at = random.below(tokens.len());
        // Most mutations keep the program well formed, for the stages after the parser.
        match random.below(24) {
            0 => {
                tokens.remove(at);
            }
            1 => {
                let copy = tokens[at].clone();
                tokens.insert(at, copy);
            }
            2 => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
            3 => tokens[at] = random.pick(&corpus.tokens).clone(),
            4 => move_line(random, &mut tokens),
            _ => {
                let like = tokens[at].clone();
                let same_kind: Vec<&String> = tokens
                    .iter()
                    .filter(|token| is_alike(token, &like))
                    .collect();
                tokens[at] = (*random.pick(&same_kind)).clone();
            }
        }
    }
    let mut text = String::new();
    for token in &tokens {
        if !token.starts_with('\n') && !text.ends_with(['\n', ' ']) {
            text.push(' ');
        }
        text.push_str(token);
    }
    text
}

/// Copies a line to another place.
fn move_line(random: &mut Random, tokens: &mut Vec<String>) {
    let breaks: Vec<usize> = (0..tokens.len())
        .filter(|index| tokens[*index].starts_with('\n'))
        .collect();
    if breaks.len() < 3 {
        return;
    }
    let line = random.below(breaks.len() - 1);
    let copy = tokens[breaks[line]..breaks[line + 1]].to_vec();
    let to = *random.pick(&breaks);
    tokens.splice(to..to, copy);
}

/// Whether a token can stand for another one without making the program malformed.
fn is_alike(token: &str, other: &str) -> bool {
    kind(token) == kind(other)
}

/// Words that only stand for themselves.
const KEYWORDS: &[&str] = &[
    "def", "class", "if", "elif", "else", "while", "for", "in", "return", "pass", "break",
    "continue", "raise", "assert", "and", "or", "not", "is", "import", "from", "as", "try",
    "except", "finally", "with", "del", "global", "lambda", "yield", "var", "const",
];

/// The operators that stand between two operands.
const BINARY: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "==", "!=", "<", "<=", ">",
    ">=",
];

fn kind(token: &str) -> &str {
    match token.chars().next() {
        _ if KEYWORDS.contains(&token) => token,
        _ if BINARY.contains(&token) => "operator",
        Some('\n') => "line break",
        Some('"' | '\'' | '0'..='9') => "literal",
        Some(c) if c.is_alphabetic() || c == '_' => "name",
        Some(_) | None => token,
    }
}
