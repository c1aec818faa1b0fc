//! Plain data to the types of the protocol, and back.

use std::ops::Range as Span;
use std::path::Path;

use tower_lsp::lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Hover, HoverContents, Location,
    MarkupContent, MarkupKind, NumberOrString, Position, Range, TextDocumentContentChangeEvent,
    Url,
};

use crate::analysis::Color;
use crate::document::Edit;
use crate::state::{Known, Message, Place};
use crate::text::Point;

/// The name of a document's file: its path, or the URI of what is no file.
pub(crate) fn file_of(uri: &Url) -> String {
    match uri.to_file_path() {
        Ok(path) => path.to_string_lossy().into_owned(),
        Err(()) => uri.to_string(),
    }
}

fn uri_of(file: &str) -> Option<Url> {
    if Path::new(file).is_absolute() {
        Url::from_file_path(file).ok()
    } else {
        Url::parse(file).ok()
    }
}

/// A place in a document.
pub(crate) fn point(position: Position) -> Point {
    Point {
        line: position.line,
        column_utf16: position.character,
    }
}

fn range(span: &Span<Point>) -> Range {
    let position = |point: Point| Position::new(point.line, point.column_utf16);
    Range::new(position(span.start), position(span.end))
}

/// A change of a document.
pub(crate) fn edit(change: TextDocumentContentChangeEvent) -> Edit {
    let range = change.range;
    Edit {
        range: range.map(|range| point(range.start)..point(range.end)),
        text: change.text,
    }
}

/// A place that the editor can go to.
pub(crate) fn location(place: &Place) -> Option<Location> {
    Some(Location::new(uri_of(&place.file)?, range(&place.range)))
}

/// A message about a document.
pub(crate) fn diagnostic(message: &Message) -> Diagnostic {
    let related = message.related.iter().filter_map(|(place, text)| {
        let location = location(place)?;
        Some(DiagnosticRelatedInformation {
            location,
            message: text.clone(),
        })
    });
    let related: Vec<_> = related.collect();
    Diagnostic {
        range: range(&message.range),
        severity: Some(DiagnosticSeverity::ERROR),
        code: Some(NumberOrString::String(message.kind.clone())),
        source: Some("spy".to_owned()),
        message: message.text.clone(),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

/// What is known of an expression, as Markdown.
pub(crate) fn hover(known: &Known) -> Hover {
    let mut text = match one_line(&known.text) {
        Some(name) => format!("```python\n{name}: {}\n```", known.ty),
        None => format!("```python\n{}\n```", known.ty),
    };
    match known.color {
        Some(Color::Blue) => text.push_str("\n\n**blue**: known at compile time"),
        Some(Color::Red) => text.push_str("\n\n**red**: computed at run time"),
        None => {}
    }
    if let Some(value) = &known.value {
        text.push_str(&format!("\n\n```python\n{value}\n```"));
    }
    Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: text,
        }),
        range: Some(range(&known.range)),
    }
}

/// The text of an expression if it is short and cannot break out of a code block.
fn one_line(text: &str) -> Option<&str> {
    let plain = text.len() <= 60 && !text.contains(['\n', '\r', '`']);
    plain.then_some(text)
}
