//! A call with its arguments, and programs that make many of them.

use std::fmt::Write;

use crate::random::Random;
use crate::templates::{self, Template};

/// Statements whose last is an expression, separated by `; `.
pub(crate) struct Check {
    /// The type whose method it is.
    pub(crate) kind: &'static str,
    pub(crate) code: String,
}

impl Check {
    /// Fills the places of a template with values.
    pub(crate) fn fill(template: &Template, random: &mut Random) -> Self {
        let mut code = String::new();
        let mut rest = template.1;
        while let Some(at) = rest.find('$') {
            code += &rest[..at];
            let name = rest[at + 1..].chars().next().expect("a letter follows");
            code += &templates::value(name, random);
            rest = &rest[at + 2..];
        }
        code += rest;
        Self {
            kind: template.0,
            code,
        }
    }

    /// The statements, and the expression after them.
    pub(crate) fn parts(&self) -> (Vec<&str>, &str) {
        let mut statements: Vec<&str> = self.code.split("; ").collect();
        let value = statements.pop().expect("there is an expression");
        (statements, value)
    }
}

/// Functions that hide values from the compiler, so that calls happen at run time.
pub(crate) const HELPERS: &str = "def red(text: str) -> str:
    return text

";

/// A program of both languages that prints a line for each call: its value, or `!` and the error.
pub(crate) fn program(checks: &[Check]) -> String {
    let mut text = HELPERS.to_owned();
    for (index, check) in checks.iter().enumerate() {
        let (statements, value) = check.parts();
        let _ = write!(text, "def t{index}() -> None:\n    try:\n");
        for statement in statements {
            let _ = writeln!(text, "        {statement}");
        }
        let _ = write!(
            text,
            "        print(repr({value}))\n    except Exception as e:\n        print(\"!\" + repr(e))\n\n"
        );
    }
    text += "def main() -> None:\n";
    for index in 0..checks.len() {
        let _ = writeln!(text, "    t{index}()");
    }
    text
}

/// An answer whose escapes of characters that are not ASCII are replaced: `repr` leaves those
/// characters here, Python only if they can be printed.
pub(crate) fn unescaped(answer: &str) -> String {
    let mut text = String::new();
    let mut rest = answer;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text += before;
        let digits = match escape.as_bytes().get(1) {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        let number = escape.get(2..2 + digits);
        let code = number.and_then(|number| u32::from_str_radix(number, 16).ok());
        let length = match code.and_then(char::from_u32) {
            Some(c) if !c.is_ascii() || c == '\x7f' => {
                text.push(c);
                2 + digits
            }
            _ => 2,
        };
        if length == 2 {
            text += &escape[..2];
        }
        rest = &escape[length..];
    }
    text + rest
}

/// Whether two answers agree, but for texts of errors that are decided to be different.
pub(crate) fn is_same(python: &str, here: &str) -> bool {
    if unescaped(python) == unescaped(here) {
        return true;
    }
    let kind = |answer: &str| answer.split('(').next().unwrap_or_default().to_owned();
    let is_decided = here.ends_with("Error('')")
        || here.ends_with("Error()")
        || here.contains("string index out of bound")
        || here.contains("ptr_getitem out of bounds")
        || here.starts_with("!KeyError");
    python.starts_with('!') && is_decided && (kind(python) == kind(here) || here.contains("ptr_"))
}
