//! From tokens to logical lines: `Newline`, `Indent`, `Dedent`, and the soft keywords.
//!
//! Indentation follows the Python reference: a stack of columns, tabs to multiples of 8, refused
//! where tabs of width 1 would compare differently. Inside brackets line ends mean nothing. At the
//! end of each logical line `match`, `case`, `type`, `var` and `const` are told from names by
//! looking at the whole line, and so is the parenthesis around the items of a `with`: the grammar
//! then needs one token of look-ahead.
//!
//! The result always consists of complete lines, each ended by `Newline`, and of balanced
//! `Indent`/`Dedent`. A line with a lexical problem contains [`Token::Invalid`].

use super::lexer::Lexer;
use super::token::{Problem, Spanned, Token, offset};
use crate::source::SourceFile;

/// Levels of indentation; CPython's limit.
const MAX_LEVELS: usize = 100;

/// How often lexing starts again after a bracket that is never closed. Each time may read the rest
/// of the text, so this bounds the work.
const MAX_RESTARTS: usize = 16;

/// The tokens of a text and what was wrong with it.
pub(super) struct Lines {
    /// Complete lines with balanced indentation.
    pub tokens: Vec<Spanned>,
    /// Lexical problems.
    pub problems: Vec<Problem>,
}

/// Splits a text into tokens and logical lines.
pub(super) fn layout(file: &SourceFile) -> Lines {
    let mut layout = Layout {
        file,
        lexer: Lexer::new(file),
        tokens: Vec::new(),
        line_start: 0,
        physical_start: 0,
        is_physical_start: true,
        levels: vec![Level::default()],
        opens_match: false,
        too_deep: false,
        after_dropped: false,
        restarts: 0,
    };
    layout.physical_start = layout.lexer.position();
    // Not even strings and comments may contain one.
    if let Some(at) = file.text.find('\0') {
        let problem = Problem::new(at, "source code cannot contain null bytes");
        layout.lexer.problems.push(problem);
    }
    layout.run();
    Lines {
        tokens: layout.tokens,
        problems: layout.lexer.problems,
    }
}

/// An open level of indentation.
#[derive(Clone, Copy, Default)]
struct Level {
    columns: Columns,
    /// Whether it is the body of a `match`, where `case` is a keyword.
    is_match: bool,
}

/// The width of an indentation with tabs to multiples of 8, and with tabs of width 1.
#[derive(Clone, Copy, Default, PartialEq)]
struct Columns {
    wide: usize,
    narrow: usize,
}

struct Layout<'s> {
    file: &'s SourceFile,
    lexer: Lexer<'s>,
    tokens: Vec<Spanned>,
    /// Index of the first token of the logical line.
    line_start: usize,
    /// Offset where the physical line begins.
    physical_start: usize,
    /// Whether no token of the physical line has been seen.
    is_physical_start: bool,
    levels: Vec<Level>,
    /// Whether the last line was the header of a `match`.
    opens_match: bool,
    /// Whether the current line is indented beyond the limit.
    too_deep: bool,
    /// Whether the line before was.
    after_dropped: bool,
    restarts: usize,
}

impl Layout<'_> {
    fn run(&mut self) {
        loop {
            let Some((start, token, end)) = self.lexer.next() else {
                if self.at_end() {
                    break;
                }
                continue;
            };
            if token == Token::Newline {
                if self.lexer.innermost().is_none() && self.tokens.len() > self.line_start {
                    self.end_line(start, end);
                }
                self.physical_start = self.lexer.position();
                self.is_physical_start = true;
                continue;
            }
            if self.is_physical_start && token.starts_statement_only() {
                self.close_for_statement(start);
            }
            if self.tokens.len() == self.line_start {
                self.indent(start);
            }
            self.is_physical_start = false;
            self.tokens.push((start, token, end));
        }
        let end = offset(self.file.text.len());
        while self.levels.len() > 1 {
            self.levels.pop();
            self.tokens.push((end, Token::Dedent, end));
        }
    }

    /// At the end of the text; returns whether it is final.
    fn at_end(&mut self) -> bool {
        let end = offset(self.file.text.len());
        if let Some(bracket) = self.lexer.innermost() {
            let line = self.file.line_of(offset(bracket.at));
            let next_line = self.file.line_start(line + 1) as usize;
            let is_last = line >= self.file.line_count() || self.restarts >= MAX_RESTARTS;
            self.restarts += 1;
            self.never_closed(end);
            if !is_last {
                self.lexer
                    .problems
                    .retain(|problem| (problem.at as usize) < next_line);
                let kept = self
                    .tokens
                    .partition_point(|(start, ..)| (*start as usize) < next_line);
                self.tokens.truncate(kept.max(self.line_start));
                self.tokens
                    .push((offset(next_line), Token::Invalid, offset(next_line)));
                self.lexer.seek(next_line);
                self.physical_start = next_line;
                self.is_physical_start = true;
                self.end_line(offset(next_line), offset(next_line));
                return false;
            }
        }
        if self.tokens.len() > self.line_start {
            self.end_line(end, end);
        }
        true
    }

    /// A statement begins although a bracket is open: reports the bracket and ends the line.
    fn close_for_statement(&mut self, start: u32) {
        if self.lexer.innermost().is_some() {
            self.never_closed(start);
            self.end_line(start, start);
        }
    }

    fn never_closed(&mut self, at: u32) {
        if let Some(bracket) = self.lexer.innermost() {
            let message = format!("'{}' was never closed", bracket.open);
            self.lexer.problems.push(Problem::new(bracket.at, message));
            self.lexer.forget_brackets();
            self.tokens.push((at, Token::Invalid, at));
        }
    }

    /// Ends the logical line.
    fn end_line(&mut self, start: u32, end: u32) {
        if self.too_deep {
            self.drop_line(start);
            return;
        }
        self.after_dropped = false;
        let level = self.levels.last().copied().unwrap_or_default();
        let line = &mut self.tokens[self.line_start..];
        soft_keywords(line, level.is_match);
        let is_match = line
            .first()
            .is_some_and(|(_, token, _)| *token == Token::Match);
        self.opens_match = is_match;
        self.tokens.push((start, Token::Newline, end));
        self.line_start = self.tokens.len();
    }

    // ---- indentation ----

    /// Compares the indentation of a line whose first token starts at `start` with the open levels.
    fn indent(&mut self, start: u32) {
        let columns = measure(&self.file.text[self.physical_start..start as usize]);
        let is_match = std::mem::take(&mut self.opens_match);
        let top = self.levels.last().copied().unwrap_or_default().columns;
        if columns.wide == top.wide {
            self.check_tabs(columns.narrow == top.narrow, start);
        } else if columns.wide > top.wide {
            self.check_tabs(columns.narrow > top.narrow, start);
            if self.levels.len() >= MAX_LEVELS {
                self.too_deep(start);
                return;
            }
            self.levels.push(Level { columns, is_match });
            self.tokens.push((start, Token::Indent, start));
        } else {
            self.dedent(columns, start);
        }
        self.line_start = self.tokens.len();
    }

    fn dedent(&mut self, columns: Columns, start: u32) {
        while self
            .levels
            .last()
            .is_some_and(|level| level.columns.wide > columns.wide)
        {
            self.levels.pop();
            self.tokens.push((start, Token::Dedent, start));
        }
        let top = self.levels.last().copied().unwrap_or_default().columns;
        if top.wide == columns.wide {
            self.check_tabs(top.narrow == columns.narrow, start);
        } else {
            let message = "unindent does not match any outer indentation level";
            self.lexer
                .problems
                .push(Problem::new(start as usize, message));
        }
    }

    fn check_tabs(&mut self, is_consistent: bool, start: u32) {
        if !is_consistent {
            let message = "inconsistent use of tabs and spaces in indentation";
            self.lexer
                .problems
                .push(Problem::new(start as usize, message));
        }
    }

    /// Puts a broken line in a block of its own in the place of one that is indented too deep; of
    /// several in a row only the first stays.
    fn drop_line(&mut self, at: u32) {
        self.tokens.truncate(self.line_start);
        self.too_deep = false;
        if !self.after_dropped {
            let line = [Token::Indent, Token::Invalid, Token::Newline, Token::Dedent];
            self.tokens.extend(line.map(|token| (at, token, at)));
            self.line_start = self.tokens.len();
        }
        self.after_dropped = true;
    }

    /// Marks the line to be dropped; only the first of several is reported.
    fn too_deep(&mut self, start: u32) {
        let message = "too many levels of indentation";
        let last = self.lexer.problems.last();
        if last.is_none_or(|problem| problem.message != message) {
            self.lexer
                .problems
                .push(Problem::new(start as usize, message));
        }
        self.too_deep = true;
    }
}

/// The columns before a line's first token. Where backslashes split the indentation, the first part
/// that has any decides.
fn measure(line_start: &str) -> Columns {
    let mut columns = Columns::default();
    for c in line_start.chars() {
        match c {
            '\\' if columns != Columns::default() => break,
            '\\' | '\r' | '\n' => {}
            ' ' => {
                columns.wide += 1;
                columns.narrow += 1;
            }
            '\t' => {
                columns.wide = (columns.wide / 8 + 1) * 8;
                columns.narrow += 1;
            }
            '\x0C' => columns = Columns::default(),
            _ => break,
        }
    }
    columns
}

// ---- soft keywords ----

/// Turns the names of a line that are keywords where they stand into keyword tokens.
fn soft_keywords(line: &mut [Spanned], in_match: bool) {
    match line.first() {
        Some((_, Token::Name(name), _)) if &**name == "match" && is_match_header(line) => {
            line[0].1 = Token::Match;
        }
        Some((_, Token::Name(name), _)) if &**name == "case" && in_match => {
            line[0].1 = Token::Case;
        }
        Some((_, Token::With, _)) => with_paren(line, 1),
        Some((_, Token::Async, _)) if matches!(line.get(1), Some((_, Token::With, _))) => {
            with_paren(line, 2);
        }
        _ => {}
    }
    let mut depth = 0_usize;
    let mut starts_statement = true;
    for index in 0..line.len() {
        if starts_statement {
            declaration_keyword(line, index);
        }
        let token = &line[index].1;
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth = depth.saturating_sub(1);
        }
        starts_statement = depth == 0 && matches!(token, Token::Semicolon | Token::Colon);
    }
}

/// Whether a line that starts with the name `match` is the header of a match statement: nothing
/// else ends in a colon, and nothing else has an operand right after the name.
fn is_match_header(line: &[Spanned]) -> bool {
    let ends_in_colon = matches!(line.last(), Some((_, Token::Colon, _)));
    let second = line.get(1).map(|(_, token, _)| token);
    let starts_operand =
        second.is_some_and(|token| token.is_operand() && !matches!(token, Token::Ellipsis));
    (ends_in_colon && line.len() > 2) || starts_operand
}

/// `type`, `var` and `const` are keywords at the start of a statement before a name.
fn declaration_keyword(line: &mut [Spanned], index: usize) {
    if !matches!(line.get(index + 1), Some((_, Token::Name(_), _))) {
        return;
    }
    let Some((_, token, _)) = line.get_mut(index) else {
        return;
    };
    if let Token::Name(name) = token {
        *token = match &**name {
            "type" => Token::Type,
            "var" => Token::Var,
            "const" => Token::Const,
            _ => return,
        };
    }
}

/// A parenthesis after `with` that contains `as` at its own level encloses the items.
fn with_paren(line: &mut [Spanned], index: usize) {
    if !matches!(line.get(index), Some((_, Token::LeftParen, _))) {
        return;
    }
    let mut depth = 0_usize;
    for (_, token, _) in &line[index..] {
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth -= 1;
            if depth == 0 {
                return;
            }
        } else if depth == 1 && *token == Token::As {
            break;
        }
    }
    line[index].1 = Token::WithParen;
}
