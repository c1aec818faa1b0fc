//! How diagnostics look to people and to machines.

use spy_lang::diagnostics::json::to_json;
use spy_lang::diagnostics::render::render;
use spy_lang::diagnostics::{Diagnostic, ErrorKind, Frame, FrameKind};
use spy_lang::source::{FileId, SourceMap, Span};

const TEXT: &str =
    "def total(n: i32) -> i32:\n    return n\n\ndef main() -> None:\n    print(total(\"ü\"))\n";

fn sources() -> (SourceMap, FileId) {
    let mut sources = SourceMap::default();
    let file = sources.add("shop.spy", TEXT);
    (sources, file)
}

fn place(file: FileId, text: &str) -> Span {
    let start = TEXT.find(text).expect("the text is there");
    let offset = |value| u32::try_from(value).expect("the text is short");
    Span::new(file, offset(start), offset(start + text.len()))
}

fn mismatch(file: FileId) -> Diagnostic {
    Diagnostic::new(ErrorKind::TypeError, "mismatched types")
        .error("expected `i32`, got `str`", place(file, "\"ü\""))
        .note(
            "function defined here",
            place(file, "def total(n: i32) -> i32"),
        )
}

#[test]
fn annotations_are_labels() {
    let (sources, file) = sources();
    insta::assert_snapshot!(render(&mismatch(file).help("convert it"), &sources, false));
}

#[test]
fn colors_are_escapes() {
    let (sources, file) = sources();
    let colored = render(&mismatch(file), &sources, true);
    assert!(colored.contains("\x1b["), "{colored}");
    assert!(colored.contains("TypeError"), "{colored}");
}

#[test]
fn a_traceback_comes_first() {
    let (sources, file) = sources();
    let mut diagnostic = mismatch(file);
    for (kind, fqn, text) in [
        (FrameKind::Redshift, "shop::main", "total(\"ü\")"),
        (FrameKind::Function, "shop::total", "n"),
    ] {
        let span = place(file, text);
        diagnostic.traceback.push(Frame {
            kind,
            fqn: fqn.to_owned(),
            span,
        });
    }
    insta::assert_snapshot!(render(&diagnostic, &sources, false));
}

#[test]
fn a_bare_message_is_one_line() {
    let (sources, _) = sources();
    let diagnostic = Diagnostic::new(ErrorKind::ValueError, "");
    assert_eq!(render(&diagnostic, &sources, false), "ValueError: \n");
}

#[test]
fn machines_get_lines_and_columns_in_code_points() {
    let (sources, file) = sources();
    let object = to_json(&mismatch(file), &sources);
    insta::assert_snapshot!(serde_json::to_string_pretty(&object).unwrap());
}
