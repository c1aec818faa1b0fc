//! From logical lines to nested statements.
//!
//! The LALRPOP grammar knows one logical line at a time; here lines and their indentation become
//! blocks, clauses join the statement they belong to, and decorators their definition. A line that
//! does not parse costs only itself: it is reported once and becomes [`StmtKind::Error`], together
//! with the block below it, whose own errors are still reported.

use std::rc::Rc;

use super::ast::{
    ExceptHandler, Expr, ExprKind, For, If, Match, MatchCase, Stmt, StmtKind, Try, While, With,
};
use super::build::Builder;
use super::build::line::{Compound, Header, Line};
use super::layout::layout;
use super::token::{Problem, Spanned, Token};
use super::{grammar, messages, nesting};
use crate::source::Span;

/// `elif` clauses of one statement: each nests one level deeper in the tree.
const MAX_ELIFS: usize = 1000;

/// Parses the whole text of a builder; problems and diagnostics end up in it.
pub(super) fn statements(builder: &mut Builder<'_>) -> Vec<Stmt> {
    let lines = layout(builder.file);
    builder.problems.extend(lines.problems);
    let mut parser = Parser {
        builder,
        tokens: &lines.tokens,
        next: 0,
        end: 0,
        after_error: false,
    };
    let mut body = Vec::new();
    while parser.next < parser.tokens.len() {
        parser.block_into(&mut body);
        parser.take(&Token::Dedent);
    }
    body
}

/// Parses a text that is one expression.
pub(super) fn expression(builder: &mut Builder<'_>) -> Option<Expr> {
    let lines = layout(builder.file);
    builder.problems.extend(lines.problems);
    let tokens = &lines.tokens;
    let end = tokens
        .iter()
        .position(|(_, token, _)| *token == Token::Newline)?;
    let line = tokens.get(..end)?;
    if let Some((start, ..)) = tokens.get(end + 1) {
        builder
            .problems
            .push(Problem::new(*start as usize, "invalid syntax"));
        return None;
    }
    if let Some(problem) = nesting::check(line) {
        builder.problems.push(problem);
        return None;
    }
    if line.iter().any(|(_, token, _)| *token == Token::Invalid) {
        return None;
    }
    let parser = grammar::ExpressionParser::new();
    match parser.parse(builder, line.iter().cloned().map(Ok::<_, ()>)) {
        Ok(expr) => Some(expr),
        Err(error) => {
            builder.problems.push(messages::explain(line, &error));
            None
        }
    }
}

struct Parser<'p, 's> {
    builder: &'p mut Builder<'s>,
    tokens: &'p [Spanned],
    /// Index of the next token.
    next: usize,
    /// UTF-8 offset where the last statement ended.
    end: u32,
    /// Whether the last statement was broken, so that clauses after it may belong to it.
    after_error: bool,
}

/// A parsed line, or what remains of one that did not parse.
#[expect(clippy::large_enum_variant, reason = "taken apart where it is made")]
enum Parsed {
    Line(Line),
    Broken(Span),
}

impl Parser<'_, '_> {
    // ---- tokens ----

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token, _)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        if found {
            self.next += 1;
        }
        found
    }

    /// Offset of the next token, or of the end of the text.
    fn position(&self) -> u32 {
        self.tokens
            .get(self.next)
            .map_or(self.end, |(start, ..)| *start)
    }

    fn problem(&mut self, at: u32, message: impl Into<String>) {
        self.builder
            .problems
            .push(Problem::new(at as usize, message));
    }

    /// The tokens of the next logical line without its `Newline`.
    fn take_line(&mut self) -> &[Spanned] {
        let rest = &self.tokens[self.next..];
        let length = rest
            .iter()
            .position(|(_, token, _)| *token == Token::Newline);
        let length = length.unwrap_or(rest.len());
        self.next += length + 1;
        let line = &rest[..length];
        if let Some((_, _, end)) = line.last() {
            self.end = *end;
        }
        line
    }

    // ---- lines ----

    /// Parses the next logical line.
    fn line(&mut self) -> Parsed {
        let first = self.next;
        let length = self.take_line().len();
        let line = &self.tokens[first..first + length];
        let start = line.first().map_or(self.end, |(start, ..)| *start);
        let whole = self.builder.span(start, self.end);
        if line.iter().any(|(_, token, _)| *token == Token::Invalid) {
            return Parsed::Broken(whole);
        }
        if let Some(problem) = nesting::check(line) {
            self.builder.problems.push(problem);
            return Parsed::Broken(whole);
        }
        let parser = grammar::LineParser::new();
        match parser.parse(self.builder, line.iter().cloned().map(Ok::<_, ()>)) {
            Ok(line) => Parsed::Line(line),
            Err(error) => {
                let problem = messages::explain(line, &error);
                self.builder.problems.push(problem);
                Parsed::Broken(whole)
            }
        }
    }

    /// Parses statements up to the end of the block.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "any other token starts a statement"
    )]
    fn block_into(&mut self, body: &mut Vec<Stmt>) {
        while let Some(token) = self.peek() {
            match token {
                Token::Dedent => return,
                Token::Indent => {
                    let at = self.position();
                    self.problem(at, "unexpected indent");
                    self.indented_into(body);
                }
                _ => self.statement_into(body),
            }
        }
    }

    /// Parses an indented block, from `Indent` to `Dedent`.
    fn indented_into(&mut self, body: &mut Vec<Stmt>) {
        self.next += 1;
        let after_error = std::mem::take(&mut self.after_error);
        self.block_into(body);
        self.take(&Token::Dedent);
        self.after_error = after_error;
    }

    fn statement_into(&mut self, body: &mut Vec<Stmt>) {
        let after_error = std::mem::take(&mut self.after_error);
        match self.line() {
            Parsed::Line(Line::Simple(stmts)) => body.extend(stmts),
            Parsed::Line(Line::Decorator(decorator)) => body.push(self.decorated(decorator)),
            Parsed::Line(Line::Compound(compound)) => {
                let orphan = compound.header.is_clause();
                if orphan && !after_error {
                    self.problem(compound.span.start, "invalid syntax");
                }
                body.push(self.compound(compound, Vec::new()));
                self.after_error |= orphan;
            }
            Parsed::Broken(span) => body.push(self.broken(span)),
        }
    }

    /// The error node of a line that did not parse, including the block below it.
    fn broken(&mut self, span: Span) -> Stmt {
        self.after_error = true;
        if self.peek() == Some(&Token::Indent) {
            self.next += 1;
            self.block_into(&mut Vec::new());
            self.take(&Token::Dedent);
        }
        self.after_error = true;
        Stmt {
            kind: StmtKind::Error,
            span,
        }
    }

    // ---- compound statements ----

    /// Collects decorators up to the definition they decorate.
    fn decorated(&mut self, first: Expr) -> Stmt {
        let mut decorators = vec![first];
        loop {
            let at = self.position();
            if !self.at_definition() {
                self.problem(at, "invalid syntax");
                let span = decorators.remove(0).span;
                self.after_error = true;
                return Stmt {
                    kind: StmtKind::Error,
                    span,
                };
            }
            match self.line() {
                Parsed::Line(Line::Decorator(decorator)) => decorators.push(decorator),
                Parsed::Line(Line::Compound(compound)) => {
                    let is_definition =
                        matches!(compound.header, Header::Def(_) | Header::Class(_));
                    if !is_definition {
                        self.problem(at, "invalid syntax");
                    }
                    return self.compound(compound, decorators);
                }
                Parsed::Line(Line::Simple(stmts)) => {
                    self.problem(at, "invalid syntax");
                    let span = stmts
                        .first()
                        .map_or(self.builder.span(at, at), |stmt| stmt.span);
                    return Stmt {
                        kind: StmtKind::Error,
                        span,
                    };
                }
                Parsed::Broken(span) => return self.broken(span),
            }
        }
    }

    /// Whether the next line can follow a decorator.
    fn at_definition(&self) -> bool {
        matches!(
            self.peek(),
            Some(Token::At | Token::Def | Token::Class | Token::Async)
        )
    }

    fn compound(&mut self, compound: Compound, decorators: Vec<Expr>) -> Stmt {
        let Compound { header, span, body } = compound;
        if let Header::Match(subject) = header {
            return self.match_stmt(subject, span, body);
        }
        let described = header.described();
        let body = self.body(described, span, body);
        let kind = match header {
            Header::If(test) => return self.if_stmt(span, test, body),
            Header::While(test) => {
                let orelse = self.optional_clause(&Token::Else);
                StmtKind::While(While { test, body, orelse })
            }
            Header::For {
                is_async,
                target,
                iter,
            } => {
                let orelse = self.optional_clause(&Token::Else);
                StmtKind::For(For {
                    seq: 0,
                    is_async,
                    target,
                    iter,
                    body,
                    orelse,
                })
            }
            Header::Try => self.try_stmt(body),
            Header::With { is_async, items } => StmtKind::With(With {
                is_async,
                items,
                body,
            }),
            Header::Def(header) => {
                let whole = self.through_end(span);
                StmtKind::FuncDef(Rc::new(
                    self.builder.func_def(*header, decorators, body, whole),
                ))
            }
            Header::Class(header) => {
                let whole = self.through_end(span);
                StmtKind::ClassDef(Rc::new(
                    self.builder.class_def(*header, decorators, body, whole),
                ))
            }
            Header::Elif(_)
            | Header::Else
            | Header::Except { .. }
            | Header::Finally
            | Header::Match(_)
            | Header::Case(..) => StmtKind::Error,
        };
        Stmt {
            kind,
            span: self.through_end(span),
        }
    }

    /// From the start of `span` to the end of what was parsed last.
    fn through_end(&self, span: Span) -> Span {
        span.to(self.builder.span(self.end, self.end))
    }

    /// The statements of a compound statement or clause, whose header is at `span`.
    fn body(&mut self, described: &str, span: Span, on_line: Option<Vec<Stmt>>) -> Vec<Stmt> {
        if let Some(body) = on_line {
            return body;
        }
        let mut body = Vec::new();
        if self.peek() == Some(&Token::Indent) {
            self.indented_into(&mut body);
        } else {
            self.missing_block(described, span);
        }
        body
    }

    /// Reports a missing block at what stands in its place, or at the header at the end of the text.
    fn missing_block(&mut self, described: &str, span: Span) {
        let line = self.builder.line_of(span);
        let rest = &self.tokens[self.next..];
        let following = rest.iter().find(|(_, token, _)| *token != Token::Dedent);
        let at = following.map_or(span.start, |(start, ..)| *start);
        self.problem(
            at,
            format!("expected an indented block after {described} on line {line}"),
        );
    }

    /// The body of a clause if the next line starts with `keyword`.
    fn optional_clause(&mut self, keyword: &Token) -> Vec<Stmt> {
        if self.peek() == Some(keyword) {
            self.clause().1
        } else {
            Vec::new()
        }
    }

    /// The header of the next line, which starts with a clause keyword, and its body.
    fn clause(&mut self) -> (Option<Header>, Vec<Stmt>, Span) {
        match self.line() {
            Parsed::Line(Line::Compound(Compound { header, span, body })) => {
                let body = self.body(header.described(), span, body);
                (Some(header), body, self.through_end(span))
            }
            Parsed::Line(Line::Simple(_) | Line::Decorator(_)) => {
                (None, Vec::new(), self.builder.span(self.end, self.end))
            }
            Parsed::Broken(span) => {
                let error = self.broken(span);
                (None, vec![error], span)
            }
        }
    }

    fn if_stmt(&mut self, span: Span, test: Expr, body: Vec<Stmt>) -> Stmt {
        let mut branches = vec![(span, test, body)];
        let mut orelse = Vec::new();
        while orelse.is_empty() && self.peek() == Some(&Token::Elif) {
            let at = self.position();
            let (header, body, span) = self.clause();
            match header {
                Some(Header::Elif(test)) if branches.len() <= MAX_ELIFS => {
                    branches.push((span, test, body));
                }
                Some(Header::Elif(_)) if branches.len() == MAX_ELIFS + 1 => {
                    self.problem(at, "too many 'elif' clauses");
                    branches.push((
                        span,
                        Expr {
                            kind: ExprKind::Error,
                            span,
                        },
                        Vec::new(),
                    ));
                }
                Some(Header::Elif(_)) => {}
                _ => orelse = body,
            }
        }
        let otherwise = self.optional_clause(&Token::Else);
        if orelse.is_empty() {
            orelse = otherwise;
        }
        let end = self.builder.span(self.end, self.end);
        let mut orelse = Some(orelse);
        let mut nested = None;
        for (span, test, body) in branches.into_iter().rev() {
            let orelse = orelse
                .take()
                .or_else(|| nested.take().map(|stmt| vec![stmt]));
            let kind = StmtKind::If(If {
                test,
                body,
                orelse: orelse.unwrap_or_default(),
            });
            nested = Some(Stmt {
                kind,
                span: span.to(end),
            });
        }
        nested.unwrap_or(Stmt {
            kind: StmtKind::Error,
            span,
        })
    }

    fn try_stmt(&mut self, body: Vec<Stmt>) -> StmtKind {
        let mut handlers = Vec::new();
        let mut is_star = false;
        let mut after_default = false;
        let mut has_broken_handler = false;
        while self.peek() == Some(&Token::Except) {
            let at = self.position();
            let (header, body, span) = self.clause();
            let Some(Header::Except {
                is_star: star,
                exc,
                name,
            }) = header
            else {
                has_broken_handler = true;
                continue;
            };
            if handlers.is_empty() {
                is_star = star;
            } else if is_star != star {
                let message = "cannot have both 'except' and 'except*' on the same 'try'";
                self.problem(at, message);
            }
            if after_default {
                self.problem(at, "default 'except:' must be last");
            }
            after_default |= exc.is_none();
            handlers.push(ExceptHandler {
                exc,
                name,
                body,
                span,
            });
        }
        let orelse = self.optional_clause(&Token::Else);
        let finally_at = self.peek() == Some(&Token::Finally);
        let finalbody = self.optional_clause(&Token::Finally);
        if handlers.is_empty() && !has_broken_handler && !finally_at {
            let at = self.position();
            self.problem(at, "expected 'except' or 'finally' block");
        }
        StmtKind::Try(Try {
            is_star,
            body,
            handlers,
            orelse,
            finalbody,
        })
    }

    fn match_stmt(&mut self, subject: Expr, span: Span, on_line: Option<Vec<Stmt>>) -> Stmt {
        let mut cases = Vec::new();
        if on_line.is_some() {
            self.problem(span.start, "invalid syntax");
        } else if self.take(&Token::Indent) {
            self.cases_into(&mut cases);
            self.take(&Token::Dedent);
        } else {
            self.missing_block("'match' statement", span);
        }
        let kind = StmtKind::Match(Match { subject, cases });
        Stmt {
            kind,
            span: self.through_end(span),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "no other token starts a case"
    )]
    fn cases_into(&mut self, cases: &mut Vec<MatchCase>) {
        while let Some(token) = self.peek() {
            match token {
                Token::Dedent => return,
                Token::Case => {
                    let (header, body, span) = self.clause();
                    if let Some(Header::Case(pattern, guard)) = header {
                        cases.push(MatchCase {
                            pattern,
                            guard,
                            body,
                            span,
                        });
                    }
                }
                Token::Indent => {
                    let at = self.position();
                    self.problem(at, "unexpected indent");
                    self.indented_into(&mut Vec::new());
                }
                _ => {
                    let at = self.position();
                    self.problem(at, "invalid syntax");
                    self.statement_into(&mut Vec::new());
                }
            }
        }
    }
}
