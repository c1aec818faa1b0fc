//! From text to tokens: what needs context beyond the patterns of [`Token`].
//!
//! Finds the ends of strings and decodes them, splits f-strings into their parts as PEP 701 has it,
//! checks that brackets match and reads non-ASCII identifiers. Line structure is left to the
//! [`layout`](super::layout) pass. Whatever cannot be a token becomes [`Token::Invalid`] and a
//! recorded problem; lexing always goes on and always advances.

use logos::Logos;

use super::escapes::{Reading, decode_bytes, decode_str};
use super::token::{Problem, RawLexer, Spanned, Token, offset};
use crate::source::SourceFile;

/// Brackets and replacement fields that may be open at one time; CPython's limit.
const MAX_BRACKETS: usize = 200;

/// A bracket, or the brace of a replacement field, that is not closed yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bracket {
    /// The opening character.
    pub open: char,
    /// UTF-8 offset of the opening character.
    pub at: usize,
    /// Whether it opens a replacement field of an f-string.
    is_field: bool,
}

/// An f-string that is not closed yet.
#[derive(Debug)]
struct FString<'s> {
    quote: &'s str,
    is_raw: bool,
    start: usize,
    /// One entry per open replacement field: whether its format spec has begun.
    fields: Vec<bool>,
}

/// What ended the search for a closing quote.
enum StringEnd {
    /// The quote, at this length of body.
    Quote(usize),
    /// The end of the line or text, at this length of body.
    Missing(usize),
}

/// The state of lexing one text.
pub(super) struct Lexer<'s> {
    file: &'s SourceFile,
    raw: RawLexer<'s>,
    brackets: Vec<Bracket>,
    fstrings: Vec<FString<'s>>,
    /// What was wrong so far, in text order.
    pub problems: Vec<Problem>,
}

impl<'s> Lexer<'s> {
    /// A lexer at the start of a text, after its byte order mark if it has one.
    pub(super) fn new(file: &'s SourceFile) -> Self {
        let mut raw = Token::lexer(&file.text);
        if file.text.starts_with('\u{FEFF}') {
            raw.bump('\u{FEFF}'.len_utf8());
        }
        Self {
            file,
            raw,
            brackets: Vec::new(),
            fstrings: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The innermost open bracket.
    pub(super) fn innermost(&self) -> Option<Bracket> {
        self.brackets.last().copied()
    }

    /// Where the next token is searched.
    pub(super) fn position(&self) -> usize {
        self.raw.span().end
    }

    /// Forgets everything that is open, as at the start of a line.
    pub(super) fn forget_brackets(&mut self) {
        self.brackets.clear();
        self.fstrings.clear();
    }

    /// Goes on at `position`, with nothing open.
    pub(super) fn seek(&mut self, position: usize) {
        self.forget_brackets();
        self.move_to(position);
    }

    fn move_to(&mut self, position: usize) {
        let names = std::mem::take(&mut self.raw.extras);
        self.raw = Token::lexer_with_extras(&self.file.text, names);
        self.raw.bump(position);
    }

    /// The next token; `None` at the end of the text.
    pub(super) fn next(&mut self) -> Option<Spanned> {
        loop {
            if let Some(in_spec) = self.literal_part() {
                if self.raw.remainder().is_empty() {
                    return self.unfinished_fstring();
                }
                return Some(self.fstring_text(in_spec));
            }
            let Some(result) = self.raw.next() else {
                return self.unfinished_fstring();
            };
            let span = self.raw.span();
            let token = match result {
                Ok(Token::Continuation) if self.goes_on() => continue,
                Ok(Token::Continuation) => {
                    self.invalid(Problem::new(span.start, "unexpected EOF while parsing"))
                }
                Ok(token) if self.continues_as_identifier() => self.identifier(span.start, token),
                Ok(token) => self.complete(token, span.start),
                Err(problem) if problem.message.is_empty() => self.unknown(span.start),
                Err(problem) => self.invalid(problem),
            };
            return Some((offset(span.start), token, offset(self.position())));
        }
    }

    /// Whether the text goes on after the end of a line; an open bracket is missed elsewhere.
    fn goes_on(&self) -> bool {
        !self.raw.remainder().is_empty() || self.innermost().is_some()
    }

    fn invalid(&mut self, problem: Problem) -> Token {
        self.problems.push(problem);
        Token::Invalid
    }

    /// Whether the lexer stands in the text of an f-string, and if so in a format spec or not.
    fn literal_part(&self) -> Option<bool> {
        match self.fstrings.last()?.fields.last() {
            None => Some(false),
            Some(true) => Some(true),
            Some(false) => None,
        }
    }

    /// Gives meaning to tokens that depend on what is open.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other tokens need no context"
    )]
    fn complete(&mut self, token: Token, start: usize) -> Token {
        match token {
            Token::Quote => self.string(start),
            Token::LeftParen => self.open('(', start, token),
            Token::LeftBracket => self.open('[', start, token),
            Token::LeftBrace => self.open('{', start, token),
            Token::RightParen => self.close(')', '(', start, token),
            Token::RightBracket => self.close(']', '[', start, token),
            Token::RightBrace => self.close('}', '{', start, token),
            Token::Colon | Token::ColonEqual if self.innermost().is_some_and(|b| b.is_field) => {
                self.start_spec(start)
            }
            other => other,
        }
    }

    // ---- identifiers and stray characters ----

    /// Whether the last token is a word that goes on with a non-ASCII character.
    fn continues_as_identifier(&self) -> bool {
        let next = self.raw.remainder().chars().next();
        let last = self.raw.slice().as_bytes().last();
        next.is_some_and(|c| !c.is_ascii() && unicode_ident::is_xid_continue(c))
            && last.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            && !self
                .raw
                .slice()
                .starts_with(|c: char| c.is_ascii_digit() || c == '.')
    }

    fn identifier(&mut self, start: usize, token: Token) -> Token {
        let rest = &self.file.text[start..];
        let ends = rest.find(|c| !unicode_ident::is_xid_continue(c));
        let name = &rest[..ends.unwrap_or(rest.len())];
        if name.is_empty() {
            return token;
        }
        self.move_to(start + name.len());
        Token::Name(self.raw.extras.intern_normalized(name))
    }

    /// Handles a character no pattern begins with.
    fn unknown(&mut self, start: usize) -> Token {
        let Some(c) = self.file.text[start..].chars().next() else {
            return Token::Invalid;
        };
        if unicode_ident::is_xid_start(c) {
            return self.identifier(start, Token::Invalid);
        }
        let after = start + c.len_utf8();
        if after != self.position() {
            self.move_to(after);
        }
        if c == '!' && self.innermost().is_some_and(|bracket| bracket.is_field) {
            return Token::FieldBang;
        }
        let message = match c {
            '\\' if self.raw.remainder().is_empty() => "unexpected EOF while parsing".to_owned(),
            '\\' => "unexpected character after line continuation character".to_owned(),
            // Reported once for the whole text.
            '\0' => return Token::Invalid,
            _ if c.is_ascii_graphic() => "invalid syntax".to_owned(),
            _ if c.is_control() || c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}' => {
                format!("invalid non-printable character U+{:04X}", u32::from(c))
            }
            _ => format!("invalid character '{c}' (U+{:04X})", u32::from(c)),
        };
        self.invalid(Problem::new(start, message))
    }

    // ---- brackets ----

    fn open(&mut self, open: char, at: usize, token: Token) -> Token {
        self.push(
            Bracket {
                open,
                at,
                is_field: false,
            },
            token,
        )
    }

    fn push(&mut self, bracket: Bracket, token: Token) -> Token {
        self.brackets.push(bracket);
        match self.brackets.len().checked_sub(MAX_BRACKETS) {
            None | Some(0) => token,
            Some(1) => self.invalid(Problem::new(bracket.at, "too many nested parentheses")),
            Some(_) => Token::Invalid,
        }
    }

    fn close(&mut self, close: char, open: char, at: usize, token: Token) -> Token {
        let Some(top) = self.innermost() else {
            return self.invalid(Problem::new(at, format!("unmatched '{close}'")));
        };
        if top.is_field && close != '}' {
            return self.invalid(Problem::new(at, format!("f-string: unmatched '{close}'")));
        }
        self.close_through(open, top);
        if top.is_field {
            self.end_field();
            return Token::FieldClose;
        }
        if top.open == open {
            let too_deep = self.brackets.len() >= MAX_BRACKETS;
            return if too_deep { Token::Invalid } else { token };
        }
        let prefix = if self.fstrings.is_empty() {
            ""
        } else {
            "f-string: "
        };
        let line = self.file.line_of(offset(top.at));
        let place = if line == self.file.line_of(offset(at)) {
            String::new()
        } else {
            format!(" on line {line}")
        };
        let message = format!(
            "{prefix}closing parenthesis '{close}' does not match opening parenthesis '{}'{place}",
            top.open
        );
        self.invalid(Problem::new(at, message))
    }

    /// Closes the innermost bracket, or the one further out that was meant.
    fn close_through(&mut self, open: char, top: Bracket) {
        let in_field = self.brackets.iter().rposition(|bracket| bracket.is_field);
        let start = in_field.map_or(0, |field| field + 1);
        let meant = self.brackets.get(start..).unwrap_or_default();
        let meant = meant.iter().rposition(|bracket| bracket.open == open);
        match meant {
            Some(index) if !top.is_field => self.brackets.truncate(start + index),
            _ => {
                self.brackets.pop();
            }
        }
    }

    // ---- strings ----

    fn string(&mut self, start: usize) -> Token {
        let slice = self.raw.slice();
        let quote_at = slice.find(['"', '\'']).unwrap_or(slice.len());
        let (prefix, quote) = slice.split_at(quote_at);
        let is_raw = prefix.contains(['r', 'R']);
        if prefix.contains(['f', 'F']) {
            self.fstrings.push(FString {
                quote,
                is_raw,
                start,
                fields: Vec::new(),
            });
            return Token::FStringStart;
        }
        let rest = self.raw.remainder();
        let length = match find_quote(rest, quote) {
            StringEnd::Quote(length) => length,
            StringEnd::Missing(length) => {
                self.raw.bump(length);
                let problem = self.unterminated(start, quote);
                return self.invalid(problem);
            }
        };
        self.raw.bump(length + quote.len());
        let body = &rest[..length];
        let decoded = if prefix.contains(['b', 'B']) {
            decode_bytes(body, is_raw, start).map(|bytes| Token::Bytes(bytes.into()))
        } else {
            let reading = Reading {
                raw: is_raw,
                doubled_braces: false,
            };
            decode_str(body, reading, start).map(|text| Token::Str(text.into()))
        };
        decoded.unwrap_or_else(|problem| self.invalid(problem))
    }

    /// The problem of a string from `start` to the current position that lacks its end.
    fn unterminated(&self, start: usize, quote: &str) -> Problem {
        let in_field = self
            .fstrings
            .last()
            .filter(|fstring| fstring.quote == quote);
        if in_field.is_some() {
            return Problem::new(start, "f-string: expecting '}'");
        }
        let kind = if quote.len() == 3 {
            "triple-quoted string"
        } else {
            "string"
        };
        Problem::new(
            start,
            format!(
                "unterminated {kind} literal (detected at line {})",
                self.line()
            ),
        )
    }

    /// The line of what was read last.
    fn line(&self) -> u32 {
        self.file.line_of(offset(self.position().saturating_sub(1)))
    }

    // ---- f-strings ----

    /// At the end of the text: reports an f-string that is still open, once.
    fn unfinished_fstring(&mut self) -> Option<Spanned> {
        let fstring = self.fstrings.pop()?;
        self.fstrings.clear();
        let message = self.unterminated_fstring(&fstring);
        self.brackets.clear();
        let at = offset(self.position());
        let token = self.invalid(Problem::new(fstring.start, message));
        Some((at, token, at))
    }

    fn unterminated_fstring(&self, fstring: &FString<'_>) -> String {
        if !fstring.fields.is_empty() {
            return "f-string: expecting '}'".to_owned();
        }
        let triple = if fstring.quote.len() == 3 {
            "triple-quoted "
        } else {
            ""
        };
        format!(
            "unterminated {triple}f-string literal (detected at line {})",
            self.line()
        )
    }

    /// The next token in the text of an f-string: text, the end, or the start or end of a field.
    fn fstring_text(&mut self, in_spec: bool) -> Spanned {
        let start = self.position();
        let rest = self.raw.remainder();
        let Some(fstring) = self.fstrings.last() else {
            return (offset(start), Token::Invalid, offset(start));
        };
        let (quote, is_raw) = (fstring.quote, fstring.is_raw);
        let length = fstring_text_length(rest, quote, in_spec);
        if length > 0 {
            self.raw.bump(length);
            let reading = Reading {
                raw: is_raw,
                doubled_braces: !in_spec,
            };
            let token = match decode_str(&rest[..length], reading, start) {
                Ok(text) => Token::FStringText(text.into()),
                Err(problem) => self.invalid(problem),
            };
            return (offset(start), token, offset(self.position()));
        }
        let token = match rest.chars().next() {
            Some('{') => {
                self.raw.bump(1);
                self.start_field(start)
            }
            Some('}') if in_spec => {
                self.raw.bump(1);
                self.brackets.pop();
                self.end_field();
                Token::FieldClose
            }
            Some('}') => {
                self.raw.bump(1);
                self.invalid(Problem::new(start, "f-string: single '}' is not allowed"))
            }
            Some('\n' | '\r') => self.abandon_fstring(),
            _ if in_spec => self.abandon_fstring(),
            _ => {
                self.raw.bump(quote.len());
                self.fstrings.pop();
                Token::FStringEnd
            }
        };
        (offset(start), token, offset(self.position()))
    }

    fn start_field(&mut self, at: usize) -> Token {
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.fields.push(false);
        }
        self.push(
            Bracket {
                open: '{',
                at,
                is_field: true,
            },
            Token::FieldOpen,
        )
    }

    /// A colon directly in a field begins its format spec, even as part of `:=`.
    fn start_spec(&mut self, start: usize) -> Token {
        if start + 1 != self.position() {
            self.move_to(start + 1);
        }
        if let Some(in_spec) = self.fstrings.last_mut().and_then(|f| f.fields.last_mut()) {
            *in_spec = true;
        }
        Token::FieldColon
    }

    fn end_field(&mut self) {
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.fields.pop();
        }
    }

    /// Gives up on an f-string whose line ends before its quote.
    fn abandon_fstring(&mut self) -> Token {
        let Some(fstring) = self.fstrings.pop() else {
            return Token::Invalid;
        };
        for _ in &fstring.fields {
            self.brackets.pop();
        }
        let message = self.unterminated_fstring(&fstring);
        self.invalid(Problem::new(fstring.start, message))
    }
}

/// Searches the end of a string whose body starts `rest`.
fn find_quote(rest: &str, quote: &str) -> StringEnd {
    let bytes = rest.as_bytes();
    let is_triple = quote.len() == 3;
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'\\' => index += escaped_length(&bytes[index..]),
            b'\n' | b'\r' if !is_triple => return StringEnd::Missing(index),
            b'"' | b'\'' if rest[index..].starts_with(quote) => return StringEnd::Quote(index),
            _ => index += 1,
        }
        while index < rest.len() && !rest.is_char_boundary(index) {
            index += 1;
        }
    }
    StringEnd::Missing(rest.len())
}

/// Length of a backslash and what it escapes: a `\r\n` counts as one character.
fn escaped_length(bytes: &[u8]) -> usize {
    match bytes {
        [_, b'\r', b'\n', ..] => 3,
        [_, _, ..] => 2,
        _ => 1,
    }
}

/// Length of the literal text before the next quote, brace or forbidden line end.
fn fstring_text_length(rest: &str, quote: &str, in_spec: bool) -> usize {
    let bytes = rest.as_bytes();
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'\\' => index += fstring_escape_length(&bytes[index..]),
            b'\n' | b'\r' if quote.len() == 1 => return index,
            b'{' | b'}' if !in_spec && bytes.get(index + 1) == Some(byte) => index += 2,
            b'{' | b'}' => return index,
            b'"' | b'\'' if rest[index..].starts_with(quote) => return index,
            _ => index += 1,
        }
        while index < rest.len() && !rest.is_char_boundary(index) {
            index += 1;
        }
    }
    rest.len()
}

/// Length of an escape in an f-string; braces stay special, except those of `\N{…}`.
fn fstring_escape_length(bytes: &[u8]) -> usize {
    match bytes {
        [_, b'{' | b'}', ..] => 1,
        [_, b'N', b'{', ..] => {
            let end = bytes.iter().take(100).position(|byte| *byte == b'}');
            end.map_or(2, |end| end + 1)
        }
        _ => escaped_length(bytes),
    }
}
