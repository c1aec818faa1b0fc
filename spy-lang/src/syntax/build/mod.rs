//! The constructors that grammar actions call: from tokens and parts to nodes of the tree.
//!
//! A constructor always returns a node. What the grammar allows but the language does not is
//! recorded in the [`Builder`] with CPython's wording, and the node is built as well as it can be:
//! an impossible assignment target becomes an error node.

mod arguments;
mod block;
pub(super) mod definition;
pub(super) mod expr;
pub(super) mod line;
pub(super) mod params;
pub(super) mod pattern;
mod prefixed;
mod stmt;
mod target;
pub(super) mod text;

use std::rc::Rc;

use super::ast::{Expr, ExprKind, Ident};
use super::token::Problem;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::source::{FileId, SourceFile, Span};

/// What constructors need to know, and where they leave their complaints.
pub(super) struct Builder<'s> {
    /// The text.
    pub file: &'s SourceFile,
    place: Place,
    /// How many `__block__` texts enclose this one.
    depth: u32,
    /// Violations of the grammar, shown as a whole line.
    pub problems: Vec<Problem>,
    /// Errors with a place and text of their own.
    pub diagnostics: Vec<Diagnostic>,
}

/// How offsets become spans.
#[derive(Clone, Copy)]
enum Place {
    /// They are offsets in this file.
    File(FileId),
    /// The text is embedded in a string literal, which stands for everything in it.
    Embedded(Span),
}

impl<'s> Builder<'s> {
    /// A builder for the text of a file.
    pub(super) fn new(file: &'s SourceFile, id: FileId) -> Self {
        Self {
            file,
            place: Place::File(id),
            depth: 0,
            problems: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// A builder for a text inside the literal at `span`.
    fn embedded(file: &'s SourceFile, span: Span, depth: u32) -> Self {
        Self {
            file,
            place: Place::Embedded(span),
            depth,
            problems: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// The span between two offsets of the text.
    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        match self.place {
            Place::File(id) => Span::new(id, start, end.max(start)),
            Place::Embedded(span) => span,
        }
    }

    /// The line (1-based) where a span of this text starts.
    pub(super) fn line_of(&self, span: Span) -> u32 {
        match self.place {
            Place::File(_) => self.file.line_of(span.start),
            Place::Embedded(_) => 1,
        }
    }

    /// From `start` to the end of the line that contains `position`, all offsets of the text.
    pub(super) fn to_line_end(&self, start: u32, position: u32) -> Span {
        self.span(start, self.file.line_end(self.file.line_of(position)))
    }

    /// Records a violation of the grammar on the line of `at`.
    pub(super) fn problem(&mut self, at: Span, message: impl Into<String>) {
        let at = match self.place {
            Place::File(_) => at.start,
            Place::Embedded(_) => 0,
        };
        self.problems.push(Problem {
            at,
            message: message.into(),
        });
    }

    /// Records an error with an annotation.
    fn error(&mut self, message: impl Into<String>, text: &str, span: Span) {
        self.diagnostics
            .push(Diagnostic::new(ErrorKind::ParseError, message).error(text, span));
    }

    fn expr(&self, start: u32, kind: ExprKind, end: u32) -> Expr {
        Expr {
            kind,
            span: self.span(start, end),
        }
    }

    /// An identifier.
    pub(super) fn ident(&self, start: u32, name: Rc<str>, end: u32) -> Ident {
        Ident {
            name,
            span: self.span(start, end),
        }
    }

    /// `first` and then `rest`.
    pub(super) fn prepend<T>(&self, first: T, mut rest: Vec<T>) -> Vec<T> {
        rest.insert(0, first);
        rest
    }

    /// `list` and then `last`.
    pub(super) fn append<T>(&self, mut list: Vec<T>, last: T) -> Vec<T> {
        list.push(last);
        list
    }
}
