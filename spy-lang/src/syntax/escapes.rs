//! From the text between quotes to the string or bytes it denotes.
//!
//! Line ends become `\n`; escapes follow the Python reference, chapter "Literals". Messages are
//! CPython's.

use super::token::Problem;

/// How the text of a string is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reading {
    /// With a prefix `r`: backslashes stand for themselves.
    pub raw: bool,
    /// In an f-string's text: `{{` and `}}` stand for one brace.
    pub doubled_braces: bool,
}

/// Decodes the body of a string literal that starts at offset `at`.
pub(super) fn decode_str(body: &str, reading: Reading, at: usize) -> Result<String, Problem> {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let consumed = match c {
            '\\' if !reading.raw => {
                let position = body.len() - rest.len();
                unicode_escape(rest, &mut text).map_err(|(length, reason)| {
                    let end = position + length - 1;
                    Problem::new(
                        at,
                        format!(
                            "(unicode error) 'unicodeescape' codec can't decode bytes \
                             in position {position}-{end}: {reason}"
                        ),
                    )
                })?
            }
            '\r' => {
                text.push('\n');
                if rest[1..].starts_with('\n') { 2 } else { 1 }
            }
            '{' | '}' if reading.doubled_braces && rest[1..].starts_with(c) => {
                text.push(c);
                2
            }
            _ => {
                text.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[consumed..];
    }
    Ok(text)
}

/// Appends what the escape at the start of `rest` denotes; returns its length in bytes.
///
/// The error is the length of the malformed part and the reason.
fn unicode_escape(rest: &str, text: &mut String) -> Result<usize, (usize, &'static str)> {
    let Some(letter) = rest[1..].chars().next() else {
        text.push('\\');
        return Ok(1);
    };
    if let Some(value) = simple_escape(letter) {
        text.push(value);
        return Ok(2);
    }
    match letter {
        '\n' => Ok(2),
        '\r' => Ok(if rest[2..].starts_with('\n') { 3 } else { 2 }),
        '0'..='7' => {
            let (value, length) = octal(&rest[1..]);
            text.push(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER));
            Ok(1 + length)
        }
        'x' => hex_escape(rest, 2, "truncated \\xXX escape", text),
        'u' => hex_escape(rest, 4, "truncated \\uXXXX escape", text),
        'U' => hex_escape(rest, 8, "truncated \\UXXXXXXXX escape", text),
        'N' => named_escape(rest, text),
        other => {
            text.push('\\');
            text.push(other);
            Ok(1 + other.len_utf8())
        }
    }
}

fn simple_escape(letter: char) -> Option<char> {
    Some(match letter {
        '\\' | '\'' | '"' => letter,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0C',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0B',
        _ => return None,
    })
}

/// Value and length of one to three octal digits.
fn octal(rest: &str) -> (u32, usize) {
    let digits = rest
        .bytes()
        .take(3)
        .take_while(|byte| matches!(byte, b'0'..=b'7'));
    digits.fold((0, 0), |(value, length), digit| {
        (value * 8 + u32::from(digit - b'0'), length + 1)
    })
}

/// Value of exactly `count` hexadecimal digits, or how many there are.
fn hex(rest: &str, count: usize) -> Result<u32, usize> {
    let digits = rest
        .bytes()
        .take(count)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    if digits < count {
        return Err(digits);
    }
    u32::from_str_radix(&rest[..count], 16).map_err(|_| digits)
}

fn hex_escape(
    rest: &str,
    count: usize,
    truncated: &'static str,
    text: &mut String,
) -> Result<usize, (usize, &'static str)> {
    let value = hex(&rest[2..], count).map_err(|digits| (2 + digits, truncated))?;
    let length = 2 + count;
    if (0xD800..0xE000).contains(&value) {
        return Err((length, "surrogates are not supported"));
    }
    text.push(char::from_u32(value).ok_or((length, "illegal Unicode character"))?);
    Ok(length)
}

fn named_escape(rest: &str, text: &mut String) -> Result<usize, (usize, &'static str)> {
    let malformed = "malformed \\N character escape";
    let inner = rest[2..].strip_prefix('{').ok_or((2, malformed))?;
    let end = inner
        .find('}')
        .filter(|end| *end > 0)
        .ok_or((rest.len().min(3), malformed))?;
    let length = 3 + end + 1;
    let c = unicode_names2::character(&inner[..end]);
    text.push(c.ok_or((length, "unknown Unicode character name"))?);
    Ok(length)
}

/// Decodes the body of a bytes literal that starts at offset `at`.
pub(super) fn decode_bytes(body: &str, raw: bool, at: usize) -> Result<Vec<u8>, Problem> {
    if !body.is_ascii() {
        return Err(Problem::new(
            at,
            "bytes can only contain ASCII literal characters",
        ));
    }
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(&byte) = rest.as_bytes().first() {
        let consumed = match byte {
            b'\\' if !raw => byte_escape(rest, &mut bytes).ok_or_else(|| {
                let position = body.len() - rest.len();
                Problem::new(
                    at,
                    format!("(value error) invalid \\x escape at position {position}"),
                )
            })?,
            b'\r' => {
                bytes.push(b'\n');
                if rest[1..].starts_with('\n') { 2 } else { 1 }
            }
            _ => {
                bytes.push(byte);
                1
            }
        };
        rest = &rest[consumed..];
    }
    Ok(bytes)
}

/// Appends what the escape at the start of `rest` denotes; `None` for a malformed `\x`.
fn byte_escape(rest: &str, bytes: &mut Vec<u8>) -> Option<usize> {
    let Some(letter) = rest[1..].chars().next() else {
        bytes.push(b'\\');
        return Some(1);
    };
    if let Some(value) = simple_escape(letter).and_then(|value| u8::try_from(value).ok()) {
        bytes.push(value);
        return Some(2);
    }
    match letter {
        '\n' => Some(2),
        '\r' => Some(if rest[2..].starts_with('\n') { 3 } else { 2 }),
        '0'..='7' => {
            let (value, length) = octal(&rest[1..]);
            bytes.push(u8::try_from(value & 0xFF).unwrap_or(0));
            Some(1 + length)
        }
        'x' => {
            let value = hex(&rest[2..], 2).ok()?;
            bytes.push(u8::try_from(value).ok()?);
            Some(4)
        }
        other => {
            bytes.push(b'\\');
            bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
            Some(1 + other.len_utf8())
        }
    }
}
