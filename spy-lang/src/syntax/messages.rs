//! From "this token does not fit here" to what CPython 3.12 would say.
//!
//! CPython finds its messages with extra grammar rules; here the tokens around the place where the
//! parser stopped are enough. What none of the rules recognises is `invalid syntax`.

use lalrpop_util::ParseError;

use super::token::{Problem, Spanned, Token};

/// A parse error of the grammar.
pub(super) type GrammarError = ParseError<u32, Token, ()>;

/// The problem of a line that does not parse.
pub(super) fn explain(line: &[Spanned], error: &GrammarError) -> Problem {
    let failed = match error {
        ParseError::UnrecognizedToken {
            token: (start, ..), ..
        }
        | ParseError::ExtraToken { token: (start, ..) }
        | ParseError::InvalidToken { location: start } => {
            line.partition_point(|(token_start, ..)| token_start < start)
        }
        ParseError::UnrecognizedEof { .. } | ParseError::User { .. } => line.len(),
    };
    let at = line
        .get(failed)
        .or(line.last())
        .map_or(0, |(start, ..)| *start);
    let place = Place { line, failed };
    let message = place.message();
    Problem { at, message }
}

/// Where the parser stopped.
struct Place<'l> {
    line: &'l [Spanned],
    /// Index of the token that does not fit; the length of the line if more was expected.
    failed: usize,
}

impl Place<'_> {
    fn token(&self, index: usize) -> Option<&Token> {
        self.line.get(index).map(|(_, token, _)| token)
    }

    fn found(&self) -> Option<&Token> {
        self.token(self.failed)
    }

    fn before(&self) -> Option<&Token> {
        self.failed
            .checked_sub(1)
            .and_then(|index| self.token(index))
    }

    fn message(&self) -> String {
        let message = self
            .definition_paren()
            .or_else(|| self.nested_params())
            .or_else(|| self.field())
            .or_else(|| self.print_statement())
            .or_else(|| self.comprehension_target())
            .or_else(|| self.dict_item())
            .or_else(|| self.assignment_in_expression())
            .or_else(|| self.missing_else())
            .or_else(|| self.import_comma())
            .or_else(|| self.exception_types())
            .or_else(|| self.missing_colon())
            .or_else(|| self.missing_comma());
        let message = message.unwrap_or("invalid syntax");
        if self.in_field() && !message.starts_with("f-string") {
            return format!("f-string: {message}");
        }
        message.to_owned()
    }

    /// `def f x` and `def f[T = int](x)`.
    fn definition_paren(&self) -> Option<&'static str> {
        let def = usize::from(self.token(0) == Some(&Token::Async));
        if self.token(def) != Some(&Token::Def) {
            return None;
        }
        if !matches!(self.token(def + 1), Some(Token::Name(_))) {
            return None;
        }
        let has_type_params = self.token(def + 2) == Some(&Token::LeftBracket);
        let header = self.line.get(..self.failed)?;
        let in_parens = header
            .iter()
            .any(|(_, token, _)| *token == Token::LeftParen);
        let at_paren = self.failed == def + 2 || (has_type_params && self.failed > def + 2);
        (at_paren && !in_parens).then_some("expected '('")
    }

    /// `def f(a, (b, c))`
    fn nested_params(&self) -> Option<&'static str> {
        let is_params = match self.innermost().and_then(|open| open.checked_sub(2)) {
            Some(keyword) => self.token(keyword) == Some(&Token::Def),
            None => false,
        };
        let is_nested = is_params
            && self.found() == Some(&Token::LeftParen)
            && matches!(self.before(), Some(Token::LeftParen | Token::Comma));
        is_nested.then_some("Function parameters cannot be parenthesized")
    }

    /// Whether the parser stopped inside a replacement field.
    fn in_field(&self) -> bool {
        let mut open = Vec::new();
        for (_, token, _) in &self.line[..self.failed] {
            if token.opens() {
                open.push(token);
            } else if token.closes() {
                open.pop();
            }
        }
        open.contains(&&Token::FieldOpen)
    }

    fn innermost(&self) -> Option<usize> {
        let mut open = Vec::new();
        for (index, (_, token, _)) in self.line[..self.failed].iter().enumerate() {
            if token.opens() {
                open.push(index);
            } else if token.closes() {
                open.pop();
            }
        }
        open.pop()
    }

    fn field(&self) -> Option<&'static str> {
        let stops = matches!(
            self.found(),
            Some(Token::FieldClose | Token::FieldColon | Token::FieldBang | Token::Equal)
        );
        match (self.before()?, self.found()?) {
            (Token::FieldOpen, Token::FieldClose) => {
                Some("f-string: valid expression required before '}'")
            }
            (Token::FieldOpen, Token::FieldColon) => {
                Some("f-string: valid expression required before ':'")
            }
            (Token::FieldOpen, Token::FieldBang) => {
                Some("f-string: valid expression required before '!'")
            }
            (Token::FieldOpen, Token::Equal) => {
                Some("f-string: valid expression required before '='")
            }
            (Token::FieldBang, _) => Some("f-string: invalid conversion character"),
            (before, found) if ends_operand(before) && !stops && starts_operand(found) => None,
            (before, _) if ends_operand(before) && self.innermost_is_field() && !stops => {
                Some("f-string: expecting '=', or '!', or ':', or '}'")
            }
            _ => None,
        }
    }

    fn innermost_is_field(&self) -> bool {
        self.innermost().and_then(|index| self.token(index)) == Some(&Token::FieldOpen)
    }

    /// `print x`
    fn print_statement(&self) -> Option<&'static str> {
        let is_operand = self.found().is_some_and(starts_operand);
        let Some(Token::Name(name)) = self.before() else {
            return None;
        };
        let starts = self.failed == 1
            || matches!(
                self.token(self.failed.checked_sub(2)?),
                Some(Token::Semicolon | Token::Colon)
            );
        match &**name {
            "print" if starts && is_operand => {
                Some("Missing parentheses in call to 'print'. Did you mean print(...)?")
            }
            "exec" if starts && is_operand => {
                Some("Missing parentheses in call to 'exec'. Did you mean exec(...)?")
            }
            _ => None,
        }
    }

    /// `[x, y for x in z]`
    fn comprehension_target(&self) -> Option<&'static str> {
        let open = self.innermost()?;
        let is_display = matches!(
            self.token(open),
            Some(Token::LeftBracket | Token::LeftBrace)
        );
        let is_loop = matches!(self.found(), Some(Token::For | Token::Async));
        let has_comma = self.line[open..self.failed]
            .iter()
            .any(|(_, t, _)| *t == Token::Comma);
        (is_display && is_loop && has_comma)
            .then_some("did you forget parentheses around the comprehension target?")
    }

    /// `{1: 2, 3}` and `{1:}`
    fn dict_item(&self) -> Option<&'static str> {
        let open = self.innermost()?;
        if self.token(open) != Some(&Token::LeftBrace) {
            return None;
        }
        let is_end = matches!(self.found(), Some(Token::RightBrace | Token::Comma));
        let before = self.before()?;
        if is_end && *before == Token::Colon {
            return Some("expression expected after dictionary key and ':'");
        }
        (is_end && ends_operand(before)).then_some("':' expected after dictionary key")
    }

    /// `if x = 1:`
    fn assignment_in_expression(&self) -> Option<&'static str> {
        if self.found() != Some(&Token::Equal) || !ends_operand(self.before()?) {
            return None;
        }
        let is_name = matches!(self.before(), Some(Token::Name(_)));
        let in_header = matches!(
            self.token(0),
            Some(Token::If | Token::Elif | Token::While | Token::Return | Token::Assert)
        );
        let in_bracket = self.innermost().is_some_and(|open| {
            matches!(
                self.token(open),
                Some(Token::LeftParen | Token::LeftBracket | Token::LeftBrace)
            )
        });
        match (in_header || in_bracket, is_name) {
            (true, true) => Some("invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
            _ => None,
        }
    }

    /// `x = 5 if y`
    fn missing_else(&self) -> Option<&'static str> {
        let start = self.innermost().map_or(0, |open| open + 1);
        if self.found().is_some_and(|token| *token == Token::Colon) || !ends_operand(self.before()?)
        {
            return None;
        }
        let mut depth = 0_usize;
        let mut is_pending = false;
        for (_, token, _) in &self.line[start..self.failed] {
            if token.opens() {
                depth += 1;
            } else if token.closes() {
                depth = depth.saturating_sub(1);
            } else if depth == 0 {
                let decides = matches!(
                    token,
                    Token::Else | Token::For | Token::Comma | Token::Semicolon
                );
                is_pending = *token == Token::If || (is_pending && !decides);
            }
        }
        let is_header = start == 0 && self.token(0) == Some(&Token::If);
        (is_pending && !is_header && self.token(0) != Some(&Token::Case))
            .then_some("expected 'else' after 'if' expression")
    }

    /// `from x import a,`
    fn import_comma(&self) -> Option<&'static str> {
        let is_import = self.token(0) == Some(&Token::From) && self.found().is_none();
        (is_import && self.before() == Some(&Token::Comma))
            .then_some("trailing comma not allowed without surrounding parentheses")
    }

    /// `except A, B:`
    fn exception_types(&self) -> Option<&'static str> {
        let is_except = self.token(0) == Some(&Token::Except);
        (is_except && self.found() == Some(&Token::Comma))
            .then_some("multiple exception types must be parenthesized")
    }

    /// A header that ends, or goes on, where its colon should be.
    fn missing_colon(&self) -> Option<&'static str> {
        let starts_compound = matches!(
            self.token(0)?,
            Token::If
                | Token::Elif
                | Token::Else
                | Token::While
                | Token::For
                | Token::Try
                | Token::Except
                | Token::Finally
                | Token::With
                | Token::Def
                | Token::Class
                | Token::Match
                | Token::Case
        ) || (self.token(0) == Some(&Token::Async)
            && matches!(self.token(1), Some(Token::Def | Token::For | Token::With)));
        let is_complete = self.innermost().is_none()
            && self.before().is_some_and(|token| {
                ends_operand(token)
                    || matches!(
                        token,
                        Token::Else | Token::Try | Token::Finally | Token::Except
                    )
            });
        let is_class_name = self.token(0) == Some(&Token::Class) && self.failed == 1;
        let needs_more = match self.token(0) {
            Some(Token::For) => !self.line[..self.failed]
                .iter()
                .any(|(_, t, _)| *t == Token::In),
            Some(Token::Def) => !self.line[..self.failed]
                .iter()
                .any(|(_, t, _)| *t == Token::LeftParen),
            _ => false,
        };
        let has_colon = self.has_outer_colon() && self.found().is_none();
        // Only after these CPython insists on the colon whatever comes instead.
        let insists = matches!(
            self.token(0),
            Some(Token::Def | Token::Try | Token::Else | Token::Finally)
        );
        let is_end = self.found().is_none() || insists;
        (starts_compound && is_complete && !is_class_name && !needs_more && !has_colon && is_end)
            .then_some("expected ':'")
    }

    /// Whether a colon stands before the place, outside of brackets.
    fn has_outer_colon(&self) -> bool {
        let mut depth = 0_usize;
        self.line[..self.failed].iter().any(|(_, token, _)| {
            if token.opens() {
                depth += 1;
            } else if token.closes() {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && *token == Token::Colon
        })
    }

    /// Two operands side by side in brackets.
    fn missing_comma(&self) -> Option<&'static str> {
        let open = self.innermost()?;
        // Not between parameters or imported names.
        let is_list_of_names = matches!(self.token(0), Some(Token::From))
            || (self.token(0) == Some(&Token::Def) && matches!(open, 2 | 3));
        if is_list_of_names {
            return None;
        }
        let adjoins = ends_operand(self.before()?) && starts_operand(self.found()?);
        adjoins.then_some("invalid syntax. Perhaps you forgot a comma?")
    }
}

/// Whether an expression can end with the token.
fn ends_operand(token: &Token) -> bool {
    token.is_operand()
        || matches!(
            token,
            Token::RightParen | Token::RightBracket | Token::RightBrace | Token::FStringEnd
        )
}

/// Whether a token begins an expression and cannot continue one.
fn starts_operand(token: &Token) -> bool {
    token.is_operand() || matches!(token, Token::FStringStart | Token::LeftBrace)
}
