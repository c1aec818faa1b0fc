//! `__block__('''statements; expression''')`: the form in which dumps print inlined code.
//!
//! Everything inside has the span of the string literal, since the text is dedented first.

use super::super::ast::{Arg, Expr, ExprKind, Stmt, StmtKind};
use super::super::parser;
use super::Builder;
use crate::source::{SourceMap, Span};

/// How deep such texts may nest.
const MAX_DEPTH: u32 = 16;

impl Builder<'_> {
    /// The block that a call of `__block__` denotes.
    pub(super) fn block(&mut self, call: Span, args: Vec<Arg>) -> Expr {
        let error = Expr {
            kind: ExprKind::Error,
            span: call,
        };
        let text = match args.as_slice() {
            [
                Arg::Positional(Expr {
                    kind: ExprKind::Str(text),
                    span,
                }),
            ] => Some((text, *span)),
            _ => None,
        };
        let Some((text, literal)) = text else {
            let message = "__block__ requires a single string literal argument";
            self.error(message, "expected a triple-quoted string", call);
            return error;
        };
        if self.depth >= MAX_DEPTH {
            self.problem(call, "expression is nested too deeply");
            return error;
        }
        let mut body = self.embedded_statements(text, literal);
        match body.pop() {
            Some(Stmt {
                kind: StmtKind::Expr(value),
                ..
            }) => Expr {
                kind: ExprKind::Block(body, Box::new(value)),
                span: call,
            },
            Some(Stmt {
                kind: StmtKind::Error,
                ..
            }) => error,
            Some(last) => {
                let message = "__block__ last statement must be an expression (the result)";
                self.error(message, "this should be an expression", last.span);
                error
            }
            None => {
                self.error(
                    "__block__ body is empty",
                    "expected at least one expression",
                    call,
                );
                error
            }
        }
    }

    fn embedded_statements(&mut self, text: &str, literal: Span) -> Vec<Stmt> {
        let mut sources = SourceMap::default();
        let id = sources.add("__block__", dedent(text));
        let mut builder = Builder::embedded(sources.file(id), literal, self.depth + 1);
        let body = parser::statements(&mut builder);
        for problem in std::mem::take(&mut builder.problems) {
            self.problem(literal, problem.message);
        }
        self.diagnostics.append(&mut builder.diagnostics);
        body
    }
}

/// Removes the indentation that all lines share, and blank text around.
fn dedent(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let filled = |line: &&str| !line.trim().is_empty();
    let common = text.lines().filter(filled).map(indent).min().unwrap_or(0);
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.get(common..).unwrap_or(""))
        .collect();
    lines.join("\n").trim().to_owned()
}
