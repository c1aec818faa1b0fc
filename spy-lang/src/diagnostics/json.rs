//! Diagnostics for machines: the error object of the machine interface.
//!
//! Lines count from 1, columns in code points from 0, ends are exclusive; `source` is exactly the
//! extract between them. Builtins have the place `<builtins>`, line 0. `help`, `cause`, the error
//! that is the reason for this one, and `context`, the one that was being handled, are there only if
//! there is any.

use serde_json::{Map, Value, json};

use super::{Annotation, Before, Diagnostic, Frame, FrameKind, Level};
use crate::source::{SourceMap, Span};

/// The error object of a diagnostic.
pub fn to_json(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let annotations = diagnostic
        .annotations
        .iter()
        .map(|item| annotation(item, sources));
    let frames = diagnostic.traceback.iter().map(|item| frame(item, sources));
    let mut object = json!({
        "kind": diagnostic.class_name(),
        "message": diagnostic.message,
        "annotations": annotations.collect::<Vec<_>>(),
        "traceback": frames.collect::<Vec<_>>(),
    });
    let before = match &diagnostic.before {
        Before::Cause(exception) => Some(("cause", exception)),
        Before::Context(exception) => Some(("context", exception)),
        Before::Nothing | Before::Hidden => None,
    };
    if let Some((name, exception)) = before
        && let Some(fields) = object.as_object_mut()
    {
        fields.insert(name.to_owned(), to_json(exception, sources));
    }
    if !diagnostic.help.is_empty()
        && let Some(fields) = object.as_object_mut()
    {
        fields.insert("help".to_owned(), json!(diagnostic.help));
    }
    object
}

fn annotation(annotation: &Annotation, sources: &SourceMap) -> Value {
    let level = match annotation.level {
        Level::Error => "error",
        Level::Note => "note",
    };
    let mut object = Map::new();
    object.insert("level".to_owned(), json!(level));
    object.insert("message".to_owned(), json!(annotation.text));
    place_into(&mut object, annotation.span, sources);
    Value::Object(object)
}

fn frame(frame: &Frame, sources: &SourceMap) -> Value {
    let kind = match frame.kind {
        FrameKind::Function => "function",
        FrameKind::Module => "module",
        FrameKind::Class => "class",
        FrameKind::Redshift => "redshift",
    };
    let mut object = Map::new();
    object.insert("kind".to_owned(), json!(kind));
    object.insert("fqn".to_owned(), json!(frame.fqn));
    place_into(&mut object, frame.span, sources);
    Value::Object(object)
}

/// Adds the fields of a place.
fn place_into(object: &mut Map<String, Value>, span: Span, sources: &SourceMap) {
    let (start, end) = (sources.start(span), sources.end(span));
    object.insert("file".to_owned(), json!(&*sources.file(span.file).name));
    // What has no source has no line.
    let line = |line: u32| if span.is_builtin() { 0 } else { line };
    object.insert("start_line".to_owned(), json!(line(start.line)));
    object.insert("start_col".to_owned(), json!(start.column));
    object.insert("end_line".to_owned(), json!(line(end.line)));
    object.insert("end_col".to_owned(), json!(end.column));
    object.insert("source".to_owned(), json!(sources.text(span)));
}
