//! From the text of a number to its value, and what is wrong with numbers that are not ones.
//!
//! The shapes are recognised by the patterns in [`token`](super::token); here the digits become
//! values and whatever sticks to the end of a number is refused with CPython's wording.

use num_bigint::BigInt;

use super::token::{Problem, RawLexer};

/// Decimal digits beyond which reading an integer would take quadratic time.
const MAX_DECIMAL_DIGITS: usize = 4300;

/// The value of an integer literal.
pub(super) fn integer(lex: &mut RawLexer<'_>) -> Result<BigInt, Problem> {
    let text = lex.slice();
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        _ => (10, text),
    };
    check_end(lex, radix)?;
    let at = lex.span().start;
    if radix == 10 {
        if digits.starts_with('0') && digits.contains(|digit: char| !matches!(digit, '0' | '_')) {
            return Err(Problem::new(
                at,
                "leading zeros in decimal integer literals are not permitted; \
                 use an 0o prefix for octal integers",
            ));
        }
        let count = digits.bytes().filter(|byte| *byte != b'_').count();
        if count > MAX_DECIMAL_DIGITS {
            return Err(Problem::new(
                at,
                format!(
                    "Exceeds the limit ({MAX_DECIMAL_DIGITS} digits) for integer string \
                     conversion: value has {count} digits - Consider hexadecimal for huge \
                     integer literals to avoid decimal conversion limits."
                ),
            ));
        }
    }
    let plain = digits.replace('_', "");
    let value = BigInt::parse_bytes(plain.as_bytes(), radix);
    value.ok_or_else(|| Problem::new(at, "invalid decimal literal"))
}

/// The value of a float literal.
pub(super) fn float(lex: &mut RawLexer<'_>) -> Result<f64, Problem> {
    let text = lex.slice();
    check_end(lex, 10)?;
    parse_float(text, lex.span().start)
}

/// The imaginary part of an imaginary literal.
pub(super) fn imaginary(lex: &mut RawLexer<'_>) -> Result<f64, Problem> {
    let text = lex.slice();
    let next = lex.remainder().chars().next();
    if next.is_some_and(continues_identifier) {
        return Err(Problem::new(lex.span().start, "invalid imaginary literal"));
    }
    parse_float(&text[..text.len() - 1], lex.span().start)
}

fn parse_float(text: &str, at: usize) -> Result<f64, Problem> {
    let plain = text.replace('_', "");
    plain
        .parse()
        .map_err(|_| Problem::new(at, "invalid decimal literal"))
}

fn continues_identifier(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_continue(c)
}

/// Refuses a number that runs into a name or another digit: `1abc`, `0b12`, `1_`.
///
/// As in CPython a keyword that may follow an operand is allowed: `1if x else y`.
fn check_end(lex: &mut RawLexer<'_>, radix: u32) -> Result<(), Problem> {
    let rest = lex.remainder();
    let Some(next) = rest.chars().next().filter(|c| continues_identifier(*c)) else {
        return Ok(());
    };
    let text = lex.slice();
    let start = lex.span().start;
    let tail: usize = rest
        .chars()
        .take_while(|c| continues_identifier(*c))
        .map(char::len_utf8)
        .sum();
    let message = match (radix, text, next) {
        (10, "0", 'x' | 'X') => "invalid hexadecimal literal".to_owned(),
        (10, "0", 'o' | 'O') => bad_digit(&rest[1..], "octal"),
        (10, "0", 'b' | 'B') => bad_digit(&rest[1..], "binary"),
        _ if is_operator_word(&rest[..tail]) => return Ok(()),
        (16, ..) => "invalid hexadecimal literal".to_owned(),
        (8, ..) => bad_digit(rest, "octal"),
        (2, ..) => bad_digit(rest, "binary"),
        _ => "invalid decimal literal".to_owned(),
    };
    lex.bump(tail);
    Err(Problem::new(start, message))
}

fn is_operator_word(word: &str) -> bool {
    matches!(
        word,
        "and" | "else" | "for" | "if" | "in" | "is" | "not" | "or"
    )
}

fn bad_digit(rest: &str, base: &str) -> String {
    match rest.chars().next() {
        Some(digit) if digit.is_ascii_digit() => {
            format!("invalid digit '{digit}' in {base} literal")
        }
        _ => format!("invalid {base} literal"),
    }
}
