//! Session hosts: functions of a compiled program, called from another process.

use std::io::Write;
use std::process::{Command, Stdio};

use spy_compile::mir::Export;
use spy_compile::{BuildOptions, compile_session, link_session};
use spy_lang::program::{FuncId, Program, Value};

use crate::source::program;

const SOURCE: &str = "
var COUNT: i32 = 0

@struct
class Pair:
    a: i8
    b: f64
    c: str

def next(by: i32) -> i32:
    COUNT = COUNT + by
    return COUNT

def greet(name: str) -> str:
    print('greeting', name)
    return 'hello ' + name

def change(p: Pair, by: i8) -> Pair:
    return Pair(p.a + by, p.b * 2.0, p.c + '!')

def fail(x: i32) -> i32:
    return x // 0

def spill(p: Pair, q: Pair) -> i32:
    return i32(p.a) + i32(q.a)

def main() -> None:
    print(next(0), greet(''), spill(change(Pair(1, 2.0, ''), 1), Pair(1, 2.0, '')))
    print(fail(1))
";

const NAMES: [&str; 5] = ["next", "greet", "change", "fail", "spill"];

fn function(program: &Program, name: &str) -> FuncId {
    let named = |module: &spy_lang::program::ModuleInfo| match module.members.get(name) {
        Some(Value::Func(id)) => Some(*id),
        _ => None,
    };
    program
        .modules
        .iter()
        .find_map(named)
        .expect("the function is there")
}

/// What a session host answers to requests, and its status.
fn serve(requests: &str, options: &BuildOptions) -> (String, Option<i32>) {
    let (program, _) = program(SOURCE);
    let exports = NAMES.map(|name| Export::Call(function(&program, name)));
    let object = compile_session(&program, &exports, options).expect("it compiles");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("host");
    link_session(&object, &path).expect("it links");
    let mut host = Command::new(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = host.stdin.take().expect("a pipe");
    input
        .write_all(requests.as_bytes())
        .expect("requests are read");
    drop(input);
    let output = host.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    (text, output.status.code())
}

fn check(requests: &str, replies: &str, status: i32) {
    for options in [BuildOptions::DEBUG, BuildOptions::RELEASE] {
        let expected = (replies.to_owned(), Some(status));
        assert_eq!(serve(requests, &options), expected);
    }
}

#[test]
fn calls_are_answered() {
    let bits = 1.5_f64.to_bits();
    let doubled = 3.0_f64.to_bits();
    check(
        &format!("call 0 5\ncall 0 4294967295\ncall 1 5:a\n b:\ncall 2 255 {bits} 1:x 2\n"),
        &format!(
            "ok 5\nok 4\nout 14:greeting a\n b:\nout 1:\n\nok 11:hello a\n b:\nok 1 {doubled} 2:x!\n"
        ),
        0,
    );
}

#[test]
fn exceptions_do_not_end_the_session() {
    let (replies, status) = serve("call 3 1\ncall 0 1\n", &BuildOptions::RELEASE);
    let start = "err 1 last 53:ZeroDivisionError\n\ninteger division or modulo by zero ";
    assert!(replies.starts_with(start), "{replies}");
    assert!(replies.contains("Traceback (most recent call last):\n  * app::fail at app.spy:"));
    assert!(replies.ends_with("\nok 1\n"), "{replies}");
    assert_eq!(status, Some(0));
}

#[test]
fn requests_that_make_no_sense_end_the_session() {
    for request in [
        "call 9\n",
        "call 0\n",
        "call 0 x\n",
        "call 0 1 2\n",
        "call 1 7:a\n",
        "go\n",
    ] {
        check(request, "bad\n", 2);
    }
}
