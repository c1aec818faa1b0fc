//! What is mutated: the programs of the suite, the library and the examples.

use std::fs;
use std::path::{Path, PathBuf};

/// Programs, and their tokens.
pub(crate) struct Corpus {
    pub(crate) programs: Vec<String>,
    /// Different tokens of all programs.
    pub(crate) tokens: Vec<String>,
}

impl Corpus {
    /// Reads the files of this repository.
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for dir in ["tests/suite/cases", "../stdlib", "../examples"] {
            collect(&root.join(dir), &mut files);
        }
        files.sort();
        let texts = files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok());
        let programs: Vec<String> = texts
            .flat_map(|text| {
                let cases = text.split("\n# --- ");
                cases.map(|case| format!("# {case}\n")).collect::<Vec<_>>()
            })
            .collect();
        let mut tokens: Vec<String> = programs.iter().flat_map(|text| split(text)).collect();
        tokens.sort();
        tokens.dedup();
        Self { programs, tokens }
    }
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "spy") {
            files.push(path);
        }
    }
}

/// The tokens of a program, roughly: words, numbers, strings, line breaks with their indentation,
/// and single signs. Comments and blanks between tokens are dropped.
pub(crate) fn split(program: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = program;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '\n' => 1 + rest[1..].len() - rest[1..].trim_start_matches(' ').len(),
            '"' | '\'' => string_length(rest, first),
            c if is_word(c) => word_length(rest),
            c => OPERATORS
                .iter()
                .find(|operator| rest.starts_with(**operator))
                .map_or(c.len_utf8(), |operator| operator.len()),
        };
        let (token, after) = rest.split_at(length);
        if first != '#' && first != ' ' {
            tokens.push(token.to_owned());
        }
        rest = after;
    }
    tokens
}

/// Operators of several signs, longer ones first.
const OPERATORS: &[&str] = &[
    "...", "**=", "//=", "<<=", ">>=", "->", ":=", "==", "!=", "<=", ">=", "**", "//", "<<", ">>",
    "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
];

/// The length of a word or number; of a string too if the word is its prefix.
fn word_length(text: &str) -> usize {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let ends = |c: char| !(is_word(c) || is_number && c == '.');
    let length = text.find(ends).unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    let is_prefix = word.len() <= 2 && word.chars().all(|c| "bfruBFRU".contains(c));
    match rest.chars().next() {
        Some(quote @ ('"' | '\'')) if is_prefix => length + string_length(rest, quote),
        _ => length,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn string_length(text: &str, quote: char) -> usize {
    let triple: String = [quote; 3].iter().collect();
    if let Some(body) = text.strip_prefix(&triple) {
        return body.find(&triple).map_or(text.len(), |end| end + 6);
    }
    text[1..]
        .find([quote, '\n'])
        .map_or(text.len(), |end| end + 2)
}
