//! Diagnostics for people: the traceback in the language's own form, then the message and its
//! annotations in codespan-reporting's layout.
//!
//! Places without source text become notes below the snippet. No codespan type leaves this file.

use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Report, Label};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term;
use codespan_reporting::term::termcolor::Buffer;
use codespan_reporting::term::{Config, Styles, StylesWriter};

use spy_runtime::error::{CAUSE_OF_NEXT, CONTEXT_OF_NEXT};

use super::{Annotation, Before, Diagnostic, Frame, FrameKind, Level};
use crate::source::{FileId, SourceMap, Span};

const BOLD_RED: &str = "\x1b[31;01m";
const PURPLE: &str = "\x1b[35m";
const RESET: &str = "\x1b[00m";

/// The text of a diagnostic, ended by a line end; with ANSI escapes if `color`.
///
/// The exceptions that are its reasons come first.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, color: bool) -> String {
    let mut parts = vec![render_one(diagnostic, sources, color)];
    let mut last = diagnostic;
    loop {
        let (text, exception) = match &last.before {
            Before::Cause(exception) => (CAUSE_OF_NEXT, exception),
            Before::Context(exception) => (CONTEXT_OF_NEXT, exception),
            Before::Nothing | Before::Hidden => break,
        };
        parts.push(text.to_owned());
        parts.push(render_one(exception, sources, color));
        last = exception;
    }
    parts.reverse();
    parts.concat()
}

fn render_one(diagnostic: &Diagnostic, sources: &SourceMap, color: bool) -> String {
    let mut text = String::new();
    if !diagnostic.traceback.is_empty() {
        traceback_into(&mut text, &diagnostic.traceback, sources, color);
        text.push('\n');
    }
    let headline = format!("{}: {}", diagnostic.class_name(), diagnostic.message);
    let bare = diagnostic.annotations.is_empty() && diagnostic.help.is_empty();
    if bare || diagnostic.at_run_time {
        text.push_str(&headline);
        text.push('\n');
        return text;
    }
    match report(diagnostic, sources, color) {
        Some(report) => text.push_str(&report),
        None => {
            text.push_str(&headline);
            text.push('\n');
        }
    }
    text
}

// ---- traceback ----

fn traceback_into(text: &mut String, frames: &[Frame], sources: &SourceMap, color: bool) {
    let paint = |style: &str, text: &str| {
        if color {
            format!("{style}{text}{RESET}")
        } else {
            text.to_owned()
        }
    };
    if frames
        .first()
        .is_some_and(|frame| frame.kind == FrameKind::Redshift)
    {
        text.push_str(&paint(BOLD_RED, "Static error during redshift:"));
        text.push('\n');
    }
    text.push_str("Traceback (most recent call last):\n");
    for frame in frames {
        let file = sources.file(frame.span.file);
        let line = if frame.span.is_builtin() {
            0
        } else {
            file.line_of(frame.span.start)
        };
        let place = paint(PURPLE, &described(frame));
        text.push_str(&format!("  * {place} at {}:{line}\n", file.name));
        text.push_str(&format!("  | {}\n", file.line_text(line)));
        let underline = paint(BOLD_RED, &underline(frame.span, sources));
        text.push_str(&format!("  | {underline}\n"));
    }
}

fn described(frame: &Frame) -> String {
    match frame.kind {
        FrameKind::Function => frame.fqn.clone(),
        FrameKind::Module => format!("[module] {}", frame.fqn),
        FrameKind::Class => format!("[classdef] {}", frame.fqn),
        FrameKind::Redshift => format!("[redshift] {}", frame.fqn),
    }
}

/// The marks below the first line of a span.
fn underline(span: Span, sources: &SourceMap) -> String {
    let first_line = sources.first_line(span);
    let start = sources.start(first_line).column as usize;
    let width = (sources.end(first_line).column as usize).saturating_sub(start);
    let marks = match width {
        0 | 1 => "^".to_owned(),
        2 => "^^".to_owned(),
        _ => format!("|{}|", "_".repeat(width - 2)),
    };
    format!("{}{marks}", " ".repeat(start))
}

// ---- message and annotations ----

fn report(diagnostic: &Diagnostic, sources: &SourceMap, color: bool) -> Option<String> {
    let (placeless, placed): (Vec<_>, Vec<_>) = diagnostic
        .annotations
        .iter()
        .partition(|annotation| annotation.span.is_builtin());
    let primary = placed
        .iter()
        .position(|annotation| annotation.level == Level::Error);
    let labels = placed.iter().enumerate().map(|(index, annotation)| {
        let is_primary = Some(index) == primary || (primary.is_none() && index == 0);
        label(annotation, is_primary)
    });
    let notes = placeless
        .iter()
        .map(|annotation| format!("note: {}", annotation.text));
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    let report = Report::error()
        .with_message(&diagnostic.message)
        .with_labels(labels.collect())
        .with_notes(notes.chain(help).collect());
    let files = SourceFiles(sources);
    let config = Config::default();
    let rendered = if color {
        let mut buffer = Buffer::ansi();
        let styles = Styles::default();
        let mut writer = StylesWriter::new(&mut buffer, &styles);
        term::emit_to_write_style(&mut writer, &config, &files, &report).ok()?;
        String::from_utf8(buffer.into_inner()).ok()?
    } else {
        term::emit_into_string(&config, &files, &report).ok()?
    };
    // The headline starts with the severity; the language names the class of the exception there.
    let named = rendered.replacen("error", diagnostic.class_name(), 1);
    Some(format!("{}\n", named.trim_end()))
}

fn label(annotation: &Annotation, is_primary: bool) -> Label<FileId> {
    let Span { file, start, end } = annotation.span;
    let range = start as usize..end as usize;
    let label = if is_primary {
        Label::primary(file, range)
    } else {
        Label::secondary(file, range)
    };
    label.with_message(&annotation.text)
}

/// The texts as codespan-reporting wants to see them.
struct SourceFiles<'s>(&'s SourceMap);

impl<'a> Files<'a> for SourceFiles<'_> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.0.file(id).name)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.0.file(id).text)
    }

    fn line_index(&'a self, id: FileId, position: usize) -> Result<usize, Error> {
        let position = u32::try_from(position).map_err(|_| Error::FileMissing)?;
        Ok(self.0.file(id).line_of(position) as usize - 1)
    }

    fn line_range(&'a self, id: FileId, index: usize) -> Result<Range<usize>, Error> {
        let file = self.0.file(id);
        let line = u32::try_from(index + 1).map_err(|_| Error::FileMissing)?;
        if line > file.line_count() {
            let (given, max) = (index, file.line_count() as usize);
            return Err(Error::LineTooLarge { given, max });
        }
        Ok(file.line_start(line) as usize..file.line_start(line + 1) as usize)
    }
}
