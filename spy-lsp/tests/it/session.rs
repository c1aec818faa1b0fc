//! What an editor does all day.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::client::{brief, uri, with_editor};

fn dir() -> TempDir {
    TempDir::new().expect("a directory")
}

#[test]
fn errors_are_published_and_go_away() {
    with_editor(|mut editor| async move {
        let m = &uri(Path::new("/nowhere"), "m.spy");
        let text =
            "def f() -> str:\n    return 1\n\ndef g() -> i32:\n    é = nothing\n    return 2\n";
        editor.open(m, 1, text).await;
        let found = editor.diagnostics(m, 1).await;
        let briefs: Vec<String> = found.iter().map(brief).collect();
        assert_eq!(
            briefs,
            [
                "1:11 1:12 TypeError: mismatched types: expected `str`, got `i32`",
                "4:8 4:15 NameError: name `nothing` is not defined: not found in this scope",
            ]
        );
        assert_eq!(found[0]["severity"], 1);
        let related = &found[0]["relatedInformation"][0];
        assert_eq!(related["message"], "expected `str` because of return type");
        assert_eq!(related["location"]["uri"], json!(m));
        assert_eq!(
            related["location"]["range"]["start"],
            json!({"line": 0, "character": 11})
        );
        // Incremental: `1` becomes a string.
        let range =
            json!({"start": {"line": 1, "character": 11}, "end": {"line": 1, "character": 12}});
        editor
            .change(m, 2, json!([{"range": range, "text": "'one'"}]))
            .await;
        let found = editor.diagnostics(m, 2).await;
        assert_eq!(found.len(), 1);
        assert!(brief(&found[0]).starts_with("4:8 4:15 NameError"));
        // Full: everything is replaced.
        editor.change(m, 3, json!([{"text": "x = 1\n"}])).await;
        assert_eq!(editor.diagnostics(m, 3).await.len(), 0);
        editor
            .change(m, 4, json!([{"text": "def f(:\n  pass\n\ny = = 2\n"}]))
            .await;
        let found = editor.diagnostics(m, 4).await;
        assert!(
            found.len() >= 2 && found[0]["code"] == "ParseError",
            "{found:?}"
        );
        editor
            .tell("textDocument/didClose", json!({"textDocument": {"uri": m}}))
            .await;
        assert_eq!(editor.published().await, (m.clone(), None, vec![]));
        editor.leave().await;
    });
}

#[test]
fn hover_tells_type_color_and_value() {
    with_editor(|mut editor| async move {
        let m = &uri(Path::new("/nowhere"), "m.spy");
        let text = "\
LIMIT = 3

@blue
def twice(n: i32) -> i32:
    return n * 2

def f(p: f64) -> f64:
    a = twice(LIMIT)
    return p + a
";
        editor.open(m, 1, text).await;
        let parameter = "```python\np: f64\n```\n\n**red**: computed at run time";
        assert_eq!(editor.hover(m, 8, 11).await, parameter);
        assert_eq!(editor.hover(m, 6, 6).await, parameter);
        let constant =
            "```python\na: i32\n```\n\n**blue**: known at compile time\n\n```python\n6\n```";
        assert_eq!(editor.hover(m, 8, 15).await, constant);
        assert!(editor.hover(m, 7, 15).await.contains("LIMIT: i32"));
        assert!(
            editor
                .hover(m, 7, 8)
                .await
                .contains("@blue def(i32) -> i32")
        );
        assert!(
            editor
                .hover(m, 3, 5)
                .await
                .contains("twice: @blue def(i32) -> i32")
        );
        assert_eq!(editor.hover(m, 1, 0).await, "");
        // While the text does not parse, what is known of the rest of it stays.
        let range =
            json!({"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 9}});
        editor
            .change(m, 2, json!([{"range": range, "text": "(\n("}]))
            .await;
        assert_eq!(editor.hover(m, 9, 11).await, parameter);
        editor.leave().await;
    });
}

#[test]
fn definitions_are_found_across_files() {
    with_editor(|mut editor| async move {
        let dir = dir();
        let lib_text = "N = 4\n\ndef helper(x: i32) -> i32:\n    return x\n";
        fs::write(dir.path().join("lib.spy"), lib_text).expect("a file");
        let text = "\
import lib
from lib import helper as h

@struct
class P:
    x: i32

def f(p: P) -> i32:
    k = 2
    return h(k) + lib.helper(p.x) + lib.N + len('a')
";
        let (m, lib) = (&uri(dir.path(), "m.spy"), &uri(dir.path(), "lib.spy"));
        editor.open(m, 1, text).await;
        assert_eq!(
            editor.diagnostics(m, 1).await,
            Vec::<serde_json::Value>::new()
        );
        for (line, column, expected) in [
            (9, 11, Some((lib, 2))), // h
            (9, 13, Some((m, 8))),   // k
            (9, 18, Some((lib, 0))), // lib
            (9, 24, Some((lib, 2))), // helper
            (9, 29, Some((m, 7))),   // p
            (9, 31, Some((m, 5))),   // x
            (9, 40, Some((lib, 0))), // N
            (9, 46, None),           // len
            (1, 18, Some((lib, 2))), // helper
            (7, 9, Some((m, 4))),    // P
        ] {
            let place = editor.at("definition", m, line, column).await;
            let found = place["uri"]
                .as_str()
                .map(|uri| (uri, place["range"]["start"]["line"].as_u64()));
            let expected = expected.map(|(uri, line)| (uri.as_str(), Some(line)));
            assert_eq!(found, expected, "{line}:{column}");
        }
        editor.leave().await;
    });
}

#[test]
fn open_documents_are_imported_before_files() {
    with_editor(|mut editor| async move {
        let dir = dir();
        fs::write(dir.path().join("lib.spy"), "N = 1\n").expect("a file");
        let (m, lib) = (&uri(dir.path(), "m.spy"), &uri(dir.path(), "lib.spy"));
        editor
            .open(m, 1, "from lib import N\n\ndef f() -> str:\n    return N\n")
            .await;
        assert_eq!(editor.diagnostics(m, 1).await.len(), 1);
        editor.open(lib, 7, "N = 'text'\n").await;
        assert_eq!(editor.diagnostics(lib, 7).await.len(), 0);
        assert_eq!(editor.diagnostics(m, 1).await.len(), 0);
        // An error in an imported file shows at the import.
        editor.change(lib, 8, json!([{"text": "N = (\n"}])).await;
        assert_eq!(editor.diagnostics(lib, 8).await.len(), 1);
        let found = editor.diagnostics(m, 1).await;
        assert!(brief(&found[0]).starts_with("0:0 0:17 ParseError: error in module `lib`: "));
        assert_eq!(
            found[0]["relatedInformation"][0]["location"]["uri"],
            json!(lib)
        );
        editor.leave().await;
    });
}

#[test]
fn versions_are_published_in_order() {
    with_editor(|mut editor| async move {
        let m = &uri(Path::new("/nowhere"), "m.spy");
        editor.open(m, 1, "").await;
        for version in 2..=40 {
            let text = format!("def f() -> str:\n    return {version}\n");
            editor.change(m, version, json!([{"text": text}])).await;
        }
        // Checks the order of all versions before.
        assert_eq!(editor.diagnostics(m, 40).await.len(), 1);
        editor.leave().await;
    });
}
