//! Diagnostics from the reports of exceptions, in which machine code knows only places.

use spy_lang::diagnostics::{Diagnostic, ErrorKind, Frame, FrameKind};
use spy_lang::ir::{Stmt, StmtKind};
use spy_lang::program::Program;
use spy_lang::source::{SourceMap, Span};

/// The frames that the report of an exception shows. A place of several lines ends with its first.
pub(super) fn traceback(report: &str, sources: &SourceMap) -> Vec<Frame> {
    let mut lines = report.lines().take_while(|line| !line.is_empty());
    let mut frames = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(place) = line.strip_prefix("  * ") {
            let marks = lines.nth(1).unwrap_or_default();
            frames.extend(frame(place, marks, sources));
        }
    }
    frames
}

/// A frame from `FUNCTION at FILE:LINE` and the line with its marks.
fn frame(place: &str, marks: &str, sources: &SourceMap) -> Option<Frame> {
    let (place, line) = place.rsplit_once(':')?;
    let (fqn, name) = place.split_once(" at ")?;
    let marks = marks.strip_prefix("  | ")?;
    let line: u32 = line.parse().ok()?;
    let id = sources.named(name)?;
    let file = sources.file(id);
    let text = file.line_text(line);
    let position = |column: usize| {
        let at = text
            .char_indices()
            .nth(column)
            .map_or(text.len(), |at| at.0);
        file.line_start(line) + u32::try_from(at).unwrap_or(0)
    };
    let blanks = marks.len() - marks.trim_start().len();
    Some(Frame {
        kind: FrameKind::Function,
        fqn: fqn.to_owned(),
        span: Span::new(id, position(blanks), position(marks.len())),
    })
}

/// The error with the label that the interpreter gives it at the place where it was raised: failed
/// assertions and functions without a result have one.
pub(super) fn labelled(mut error: Diagnostic, program: &Program) -> Diagnostic {
    let Some(frame) = error.traceback.last_mut() else {
        return error;
    };
    let mut functions = program.ir.values();
    let Some(function) = functions.find(|function| function.fqn.to_string() == frame.fqn) else {
        return error;
    };
    let failed = assertion(&function.body, frame.span);
    if let (ErrorKind::AssertionError, Some(span)) = (error.kind, failed) {
        frame.span = span;
        error.error("assertion failed", span)
    } else if error.kind == ErrorKind::TypeError && starts_alike(function.end, frame.span) {
        frame.span = function.end;
        error.error("no return", function.end)
    } else {
        error
    }
}

/// The place of the `assert` statement that begins where this place does.
fn assertion(stmts: &[Stmt], place: Span) -> Option<Span> {
    stmts.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::Assert(..) => starts_alike(stmt.span, place).then_some(stmt.span),
        StmtKind::If(_, body, orelse) | StmtKind::While(_, body, orelse) => {
            assertion(body, place).or_else(|| assertion(orelse, place))
        }
        StmtKind::Try(guarded) => [&guarded.body, &guarded.orelse, &guarded.finalbody]
            .into_iter()
            .chain(guarded.handlers.iter().map(|handler| &handler.body))
            .find_map(|part| assertion(part, place)),
        StmtKind::Declare(_)
        | StmtKind::Assign(..)
        | StmtKind::Unpack(..)
        | StmtKind::StoreGlobal(..)
        | StmtKind::Expr(_)
        | StmtKind::Return(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Pass
        | StmtKind::Raise(..) => None,
    })
}

fn starts_alike(one: Span, other: Span) -> bool {
    (one.file, one.start) == (other.file, other.start)
}
