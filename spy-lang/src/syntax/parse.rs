//! The entrance of the stage: one text to one tree with its diagnostics.

use std::rc::Rc;

use super::ast::{Expr, ExprKind, Module};
use super::build::Builder;
use super::build::definition::take_docstring;
use super::definitions;
use super::parser;
use super::token::Problem;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// A tree and what was wrong with the text.
#[derive(Debug)]
pub struct Parsed {
    /// The tree; broken statements are error nodes.
    pub module: Module,
    /// All errors, in the order of the text; if empty, the tree has no error nodes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file. Takes time linear in its length, whatever it contains.
pub fn parse(sources: &SourceMap, file: FileId) -> Parsed {
    let source = sources.file(file);
    let mut builder = Builder::new(source, file);
    let mut body = parser::statements(&mut builder);
    definitions::number(&mut builder, &mut body);
    let docstring = take_docstring(&mut body);
    let end = u32::try_from(source.text.len()).unwrap_or(u32::MAX);
    let span = Span::new(file, 0, end);
    let filename = Rc::clone(&source.name);
    let module = Module {
        filename,
        docstring,
        body,
        span,
    };
    Parsed {
        module,
        diagnostics: collect(builder, file),
    }
}

/// Parses a file that holds a single expression, for tools such as the debugger.
pub fn parse_expression(sources: &SourceMap, file: FileId) -> (Expr, Vec<Diagnostic>) {
    let source = sources.file(file);
    let mut builder = Builder::new(source, file);
    let expr = parser::expression(&mut builder);
    let span = builder.span(0, u32::try_from(source.text.len()).unwrap_or(u32::MAX));
    if expr.is_none() && builder.problems.is_empty() {
        builder.problem(span, "invalid syntax");
    }
    let mut expr = expr.unwrap_or(Expr {
        kind: ExprKind::Error,
        span,
    });
    definitions::number_expr(&mut builder, &mut expr);
    (expr, collect(builder, file))
}

/// All diagnostics in the order of the text, with one grammar error per line.
fn collect(builder: Builder<'_>, file: FileId) -> Vec<Diagnostic> {
    let Builder {
        file: source,
        mut problems,
        mut diagnostics,
        ..
    } = builder;
    problems.sort_by_key(|problem| problem.at);
    problems.dedup_by_key(|problem| source.line_of(problem.at));
    diagnostics.extend(
        problems
            .into_iter()
            .map(|problem| whole_line(source, file, problem)),
    );
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary_span().map(|span| span.start));
    diagnostics
}

/// The diagnostic of a grammar error: an annotation without text on the whole line.
fn whole_line(source: &SourceFile, file: FileId, problem: Problem) -> Diagnostic {
    let line = source.line_of(problem.at);
    let span = Span::new(file, source.line_start(line), source.line_end(line));
    Diagnostic::new(ErrorKind::ParseError, problem.message).error("", span)
}
