//! Sessions of the command on the native engine: module variables and places of exceptions.

use std::io::Write;
use std::process::{Command, Stdio};

const SOURCE: &str = r#"
var n: i32 = 5
var s: str = "abc"

def bump() -> i32:
    n = n + 1
    return n

def outer(k: i32) -> i32:
    return inner(k) + 1

def inner(k: i32) -> i32:
    return 10 // k
"#;

/// The answers to requests after the program has been loaded, one a line.
fn answers(requests: &[&str]) -> Vec<String> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(dir.path().join("m.spy"), SOURCE).expect("the file can be written");
    let mut session = Command::new(env!("CARGO_BIN_EXE_spy"))
        .args(["repl", "--json", "--engine", "native"])
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut input = session.stdin.take().expect("it has an input");
    writeln!(input, r#"{{"op":"load","file":"m.spy"}}"#).expect("it reads");
    for request in requests {
        writeln!(input, "{request}").expect("it reads");
    }
    drop(input);
    let output = session.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("it writes text");
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn module_variables_are_read_and_set() {
    let answers = answers(&[
        r#"{"op":"get","module":"m","name":"n"}"#,
        r#"{"op":"set","module":"m","name":"n","value":40}"#,
        r#"{"op":"call","module":"m","name":"bump","args":[]}"#,
        r#"{"op":"get","module":"m","name":"n"}"#,
        r#"{"op":"set","module":"m","name":"s","value":"hello"}"#,
        r#"{"op":"get","module":"m","name":"s"}"#,
    ]);
    let values = ["5", "40", "41", "41", r#""hello""#, r#""hello""#];
    assert_eq!(answers.len(), values.len());
    for (answer, value) in answers.iter().zip(values) {
        assert!(
            answer.contains(&format!(r#""value":{value}}}"#)),
            "{answer}"
        );
    }
}

#[test]
fn exceptions_tell_their_places() {
    let answers = answers(&[r#"{"op":"call","module":"m","name":"outer","args":[0]}"#]);
    let [answer] = answers.as_slice() else {
        panic!("one answer to one request")
    };
    for part in [
        r#""kind":"ZeroDivisionError""#,
        r#""fqn":"m::outer","kind":"function","source":"inner(k)","start_col":11,"start_line":10"#,
        r#""fqn":"m::inner","kind":"function","source":"10 // k","start_col":11,"start_line":13"#,
    ] {
        assert!(answer.contains(part), "{answer}");
    }
}
