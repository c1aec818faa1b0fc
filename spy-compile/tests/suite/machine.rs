//! Sessions as other programs drive them: `spy repl --json` with every engine.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::run_with_input;

const ENGINES: [&str; 3] = ["interp", "redshift", "native"];

const MODULE: &str = "\
var counter: i32 = 10
N = 7

def add(a: i32, b: i32) -> i32:
    return a + b

def div(a: i32, b: i32) -> i32:
    return a // b

def say(what: str) -> i32:
    print(what)
    return len(what)

def size(what: str) -> i32:
    return len(what)

def deep(n: i32) -> i32:
    return deep(n + 1) + 1

def fails(n: i32) -> i32:
    print(\"before\")
    assert n > 3, \\
\"too small\"
    return n

@blue
def twice(n):
    return n * 2

def main() -> i32:
    print(\"main\")
    return 3
";

const VALUES: &str = "\
from unsafe import gc_alloc, gc_ptr

var names: list[str] = [\"a\"]
var point: bytes = b\"x\"

@struct
class P:
    x: i32
    y: f64

def point_of(x: i32) -> P:
    return P(x, 2.5)

def x_of(p: P) -> i32:
    return p.x

def items() -> list[i32]:
    return [1, 2]

def with_four(xs: list[i32]) -> list[i32]:
    xs.append(4)
    return xs

def last(xs: list[i32]) -> i32:
    return xs.pop()

def many(n: i32) -> list[list[str]]:
    result: list[list[str]] = []
    for i in range(n):
        result.append([str(i), str(i + 1)])
    return result

def ages() -> dict[str, i32]:
    return {\"ann\": 3, \"bob\": 4}

def sum_of(by_name: dict[str, i32]) -> i32:
    var total = 0
    for name in by_name:
        total = total + by_name[name]
    return total

def pair() -> tuple[i32, str]:
    return (1, \"x\")

def raw(data: bytes) -> bytes:
    return data + b\"!\"

def turn(z: complex128) -> complex128:
    return z * 1j

def float_of(x: f64) -> f64:
    return x

def byte_of(x: u8) -> u8:
    return x

def times(a: i32, b: i32 = 5) -> i32:
    return a * b

def count(*args: i32) -> i32:
    return len(args)

def nothing() -> None:
    pass

def part(xs: list[i32], s: slice) -> list[i32]:
    return xs[s]

def squares(n: i32) -> gc_ptr[i32]:
    p = gc_alloc[i32](n)
    for i in range(n):
        p[i] = i * i
    return p

def at(p: gc_ptr[i32], i: i32) -> i32:
    return p[i]

class AppError(Exception):
    pass

def problem() -> Exception:
    return AppError(\"none\")

def shown(e: Exception) -> str:
    return repr(e)

def fails() -> None:
    try:
        raise ValueError(\"first\")
    except ValueError as e:
        raise KeyError(\"second\") from e
";

/// A function with a type error beside a good one, and a module that is searched for.
const FILES: [(&str, &str); 5] = [
    (
        "wrong.spy",
        "def bad() -> i32:\n    return \"x\"\n\ndef good() -> i32:\n    return 1\n",
    ),
    (
        "user.spy",
        "from util import N\n\ndef n() -> i32:\n    return N\n",
    ),
    ("util.spy", "N = 3\n"),
    ("a/util.spy", "N = 1\n"),
    ("b/util.spy", "N = 2\n"),
];

fn module() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(dir.path().join("m.spy"), MODULE).unwrap();
    fs::write(dir.path().join("values.spy"), VALUES).unwrap();
    fs::write(dir.path().join("python.py"), "").unwrap();
    dir
}

/// What an engine answers to lines, which need not be JSON.
fn answers(engine: &str, lines: &[String]) -> Vec<Value> {
    answers_with(engine, &[], lines)
}

/// The same with more options.
fn answers_with(engine: &str, options: &[&str], lines: &[String]) -> Vec<Value> {
    let mut input = lines.join("\n");
    input.push('\n');
    let arguments = [&["repl", "--json", "--engine", engine], options].concat();
    let done = run_with_input(module().path(), &arguments, &input);
    assert_eq!(
        (done.status, done.stderr.as_str()),
        (Some(0), ""),
        "{engine}"
    );
    let answers = done.stdout.lines();
    answers
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn call(name: &str, args: &Value) -> Value {
    json!({"op": "call", "module": "m", "name": name, "args": args})
}

fn load() -> Value {
    json!({"op": "load", "file": "m.spy"})
}

/// Whether all of `expected` is in `found`; objects may have more fields.
fn contains(found: &Value, expected: &Value) -> bool {
    if let Some(fields) = expected.as_object() {
        fields
            .iter()
            .all(|(name, value)| contains(&found[name], value))
    } else {
        found == expected
    }
}

/// Sends requests after loading the module; each answer must have what stands beside it.
fn check(engine: &str, exchange: &[(Value, Value)]) {
    let lines: Vec<String> = std::iter::once(load())
        .chain(exchange.iter().map(|(request, _)| request.clone()))
        .map(|request| request.to_string())
        .collect();
    let answers = answers(engine, &lines);
    assert_eq!(answers.len(), lines.len(), "{engine}: {answers:?}");
    for ((request, expected), found) in exchange.iter().zip(&answers[1..]) {
        assert!(
            contains(found, expected),
            "{engine}: {request}\n- {expected}\n+ {found}"
        );
    }
}

fn int(value: i32) -> Value {
    json!({"ok": true, "stdout": "", "value": {"kind": "int", "type": "i32", "value": value}})
}

fn error(kind: &str, message: &str) -> Value {
    json!({"ok": false, "error": {"kind": kind, "message": message}})
}

#[test]
fn sessions_load_and_list_names() {
    for engine in ENGINES {
        let first = json!({"op": "load", "file": "m.spy", "id": 1});
        let again = json!({"op": "load", "module": "m", "id": "two"});
        let answers = answers(engine, &[first.to_string(), again.to_string()]);
        let ids: Vec<_> = answers.iter().map(|answer| answer["id"].clone()).collect();
        assert_eq!(ids, [json!(1), json!("two")]);
        assert_eq!(answers[0]["names"], answers[1]["names"]);
        let names = answers[0]["names"].as_array().unwrap();
        let add = json!({"name": "add", "kind": "function", "type": "def(i32, i32) -> i32",
                         "color": "red", "value": "m::add"});
        assert!(names.contains(&add), "{names:?}");
        let kind =
            |name: &str| names.iter().find(|entry| entry["name"] == name).unwrap()["kind"].clone();
        assert_eq!((kind("counter"), kind("N")), (json!("var"), json!("const")));
    }
}

#[test]
fn a_failing_call_does_not_spoil_the_next_one() {
    let division = error("ZeroDivisionError", "integer division or modulo by zero");
    let label = json!({"level": "error", "message": "assertion failed", "file": "m.spy",
                       "start_line": 22, "start_col": 4, "end_line": 23, "end_col": 11,
                       "source": "assert n > 3, \\\n\"too small\""});
    let assertion = json!({"ok": false, "stdout": "before\n",
                           "error": {"kind": "AssertionError", "message": "too small",
                                     "annotations": [label]}});
    for engine in ENGINES {
        let exchange = [
            (call("add", &json!([1, 2])), int(3)),
            (call("div", &json!([1, 0])), division.clone()),
            (call("div", &json!([7, 2])), int(3)),
            (call("fails", &json!([1])), assertion.clone()),
            (
                call("deep", &json!([0])),
                error("RecursionError", "stack overflow"),
            ),
            (call("add", &json!([3, 4])), int(7)),
        ];
        check(engine, &exchange);
    }
}

#[test]
fn output_is_part_of_the_answer() {
    let answer = json!({"stdout": "hi\n", "value": {"kind": "int", "type": "i32", "value": 2}});
    let ran = json!({"ok": true, "stdout": "main\n", "exit_code": 3});
    for engine in ENGINES {
        let run = json!({"op": "run", "module": "m", "argv": []});
        let exchange = [
            (call("say", &json!(["hi"])), answer.clone()),
            (run.clone(), ran.clone()),
            (run, ran.clone()),
        ];
        check(engine, &exchange);
    }
}

#[test]
fn calls_are_checked_as_in_programs() {
    let count = "this function takes 2 arguments but 1 argument was supplied";
    for engine in ENGINES {
        let exchange = [
            (call("add", &json!([1])), error("TypeError", count)),
            (
                call("add", &json!(["a", 1])),
                error("TypeError", "mismatched types"),
            ),
            (
                call("missing", &json!([])),
                error("NameError", "name `missing` is not defined"),
            ),
            (call("add", &json!([1, 2])), int(3)),
        ];
        check(engine, &exchange);
    }
}

#[test]
fn native_code_has_no_blue_functions() {
    for engine in ["interp", "redshift"] {
        check(engine, &[(call("twice", &json!([3])), int(6))]);
    }
    let expected = json!({"ok": false, "error": {"kind": "TypeError"}});
    check("native", &[(call("twice", &json!([3])), expected)]);
}

#[test]
fn sources_are_printed() {
    let request = json!({"op": "source", "module": "m", "name": "add"});
    let text = "def add(a: i32, b: i32) -> i32:\n    return a + b\n";
    for engine in ENGINES {
        check(
            engine,
            &[(request.clone(), json!({"ok": true, "text": text}))],
        );
    }
}

#[test]
fn variables_are_read_and_set() {
    let get = |name: &str| json!({"op": "get", "module": "m", "name": name});
    let set = json!({"op": "set", "module": "m", "name": "counter", "value": 11});
    for engine in ["interp", "redshift"] {
        let exchange = [
            (get("N"), int(7)),
            (get("counter"), int(10)),
            (set.clone(), int(11)),
            (get("counter"), int(11)),
        ];
        check(engine, &exchange);
    }
}

#[test]
fn malformed_requests_are_answered() {
    let malformed = [
        "{nope",
        "[]",
        "5",
        "",
        "null",
        "{}",
        r#"{"op":"frobnicate"}"#,
        r#"{"op":5}"#,
        r#"{"op":"call"}"#,
        r#"{"op":"call","module":5,"name":"add"}"#,
        r#"{"op":"call","module":"nothing","name":"add","args":[]}"#,
        r#"{"op":"call","module":"m","name":"add","args":{}}"#,
        r#"{"op":"load","module":"nothing"}"#,
        r#"{"op":"load"}"#,
        r#"{"op":"call","module":"m","function":{"kind":"function","handle":99},"args":[]}"#,
    ];
    for engine in ENGINES {
        let mut lines = vec![load().to_string()];
        lines.extend(malformed.iter().map(|line| (*line).to_owned()));
        lines.push(call("add", &json!([1, 2])).to_string());
        let answers = answers(engine, &lines);
        assert_eq!(answers.len(), lines.len(), "{engine}: {answers:?}");
        for (line, answer) in lines.iter().zip(&answers).skip(1).take(malformed.len()) {
            assert_eq!(answer["ok"], json!(false), "{engine}: {line}: {answer}");
            assert_ne!(answer["error"]["kind"], "InternalError", "{engine}: {line}");
        }
        assert!(contains(&answers[lines.len() - 1], &int(3)), "{engine}");
    }
}

#[test]
fn requests_may_be_huge() {
    let text = "x".repeat(2 << 20);
    let nested = "[".repeat(100_000);
    for engine in ENGINES {
        let lines = [
            load().to_string(),
            call("size", &json!([text])).to_string(),
            nested.clone(),
            call("add", &json!([1, 2])).to_string(),
        ];
        let answers = answers(engine, &lines);
        assert_eq!(answers[1]["value"]["value"], json!(2 << 20), "{engine}");
        assert_eq!(answers[2]["ok"], json!(false), "{engine}");
        assert!(contains(&answers[3], &int(3)), "{engine}");
    }
}

#[test]
fn sessions_end_with_quit_or_with_the_input() {
    for engine in ENGINES {
        let quit = json!({"op": "quit"}).to_string();
        let lines = [quit, call("add", &json!([1, 2])).to_string()];
        let found = answers(engine, &lines);
        assert_eq!(found, [json!({"ok": true, "stdout": ""})], "{engine}");
        assert_eq!(answers(engine, &[load().to_string()]).len(), 1, "{engine}");
    }
}

/// Calls a function of `values`.
fn ask(name: &str, args: &Value) -> Value {
    json!({"op": "call", "module": "values", "name": name, "args": args})
}

fn value(kind: &str, ty: &str, value: &Value) -> Value {
    json!({"ok": true, "value": {"kind": kind, "type": ty, "value": value}})
}

fn check_values(exchange: &[(Value, Value)]) {
    for engine in ENGINES {
        let load = json!({"op": "load", "module": "values"});
        let first = (load, json!({"ok": true, "module": "values"}));
        let exchange: Vec<_> = [first].into_iter().chain(exchange.to_vec()).collect();
        check(engine, &exchange);
    }
}

fn int_json(value: i32) -> Value {
    json!({"kind": "int", "type": "i32", "value": value})
}

fn str_json(value: &str) -> Value {
    json!({"kind": "str", "type": "str", "value": value})
}

#[test]
fn values_of_all_kinds_are_returned() {
    let point = json!([["x", int_json(3)], ["y", {"kind": "float", "type": "f64", "value": 2.5}]]);
    let ages = json!([
        [str_json("ann"), int_json(3)],
        [str_json("bob"), int_json(4)]
    ]);
    let nested = json!([
        {"kind": "list", "type": "list[str]", "handle": 3,
         "value": [str_json("0"), str_json("1")]},
    ]);
    check_values(&[
        (
            ask("nothing", &json!([])),
            json!({"value": {"kind": "none"}}),
        ),
        (
            ask("items", &json!([])),
            value("list", "list[i32]", &json!([int_json(1), int_json(2)])),
        ),
        (
            ask("ages", &json!([])),
            value("dict", "dict[str, i32]", &ages),
        ),
        (
            ask("pair", &json!([])),
            value(
                "tuple",
                "tuple[i32, str]",
                &json!([int_json(1), str_json("x")]),
            ),
        ),
        (
            ask("point_of", &json!([3])),
            value("struct", "values::P", &point),
        ),
        (
            ask("many", &json!([1])),
            value("list", "list[list[str]]", &nested),
        ),
    ]);
}

#[test]
fn arguments_take_the_declared_type() {
    let nan = json!({"kind": "float", "type": "f64", "value": "nan"});
    let list = json!({"kind": "list", "type": "list[i32]", "value": [int_json(5)]});
    let point = json!({"kind": "struct", "type": "values::P",
                       "value": [["x", int_json(6)], ["y", 1]]});
    let half_turn = json!({"kind": "complex", "type": "complex128", "value": [2, 1]});
    let bytes = json!({"kind": "bytes", "type": "bytes", "value": "/wA="});
    let ages = json!({"kind": "dict", "type": "dict[str, i32]", "value": [["ann", 3], ["bob", 5]]});
    let four = |items: &[i32]| {
        let items: Vec<Value> = items.iter().map(|item| int_json(*item)).collect();
        value("list", "list[i32]", &json!(items))
    };
    check_values(&[
        (
            ask("float_of", &json!([3])),
            value("float", "f64", &json!(3.0)),
        ),
        (
            ask("float_of", &json!([nan])),
            value("float", "f64", &json!("nan")),
        ),
        (
            ask("byte_of", &json!([300])),
            value("int", "u8", &json!(44)),
        ),
        (ask("times", &json!([3])), int(15)),
        (ask("times", &json!([3, 2])), int(6)),
        (ask("count", &json!([1, 2, 3])), int(3)),
        (ask("with_four", &json!([[1]])), four(&[1, 4])),
        (ask("with_four", &json!([list])), four(&[5, 4])),
        (ask("x_of", &json!([point])), int(6)),
        (
            ask("turn", &json!([half_turn])),
            value("complex", "complex128", &json!([-1.0, 2.0])),
        ),
        (
            ask("raw", &json!([bytes])),
            value("bytes", "bytes", &json!("/wAh")),
        ),
        (ask("sum_of", &json!([ages])), int(8)),
    ]);
}

#[test]
fn exceptions_are_told_with_what_was_before() {
    let first = json!({"kind": "ValueError", "message": "first"});
    let object = json!({"kind": "object", "type": "values::AppError", "repr": "AppError('none')"});
    let object_again = json!({"kind": "object", "handle": 1});
    let failure = json!({"kind": "KeyError", "message": "second", "cause": first});
    check_values(&[
        (
            ask("fails", &json!([])),
            json!({"ok": false, "error": failure}),
        ),
        (
            ask("problem", &json!([])),
            json!({"ok": true, "value": object}),
        ),
        (
            ask("shown", &json!([object_again])),
            value("str", "str", &json!("AppError('none')")),
        ),
    ]);
}

#[test]
fn handles_stand_for_the_same_object() {
    let first = json!({"kind": "list", "handle": 1});
    let grown = json!([int_json(1), int_json(2), int_json(4)]);
    let grown = json!({"ok": true, "value": {"handle": 1, "value": grown}});
    check_values(&[
        (ask("items", &json!([])), json!({"value": {"handle": 1}})),
        (ask("items", &json!([])), json!({"value": {"handle": 2}})),
        (ask("with_four", &json!([first])), grown),
        // A collection of garbage must not take what only the session refers to.
        (ask("many", &json!([5000])), json!({"ok": true})),
        (ask("last", &json!([first])), int(4)),
        (ask("last", &json!([{"kind": "list", "handle": 2}])), int(2)),
    ]);
}

#[test]
fn failing_calls_leave_objects_alone() {
    let empty = error("IndexError", "");
    let list = json!({"kind": "list", "handle": 1});
    check_values(&[
        (ask("items", &json!([])), json!({"value": {"handle": 1}})),
        (ask("last", &json!([list])), int(2)),
        (ask("last", &json!([list])), int(1)),
        (ask("last", &json!([list])), empty),
        (ask("last", &json!([[7]])), int(7)),
    ]);
}

#[test]
fn variables_hold_objects() {
    let get = |name: &str| json!({"op": "get", "module": "values", "name": name});
    let set = json!({"op": "set", "module": "values", "name": "names", "value": ["b", "c"]});
    let data = json!({"kind": "bytes", "type": "bytes", "value": "YWI="});
    let set_point = json!({"op": "set", "module": "values", "name": "point", "value": data});
    let names = |names: &[&str]| {
        let names: Vec<Value> = names.iter().map(|name| str_json(name)).collect();
        value("list", "list[str]", &json!(names))
    };
    check_values(&[
        (get("names"), names(&["a"])),
        (set, names(&["b", "c"])),
        (get("names"), names(&["b", "c"])),
        (get("point"), value("bytes", "bytes", &json!("eA=="))),
        (set_point, value("bytes", "bytes", &json!("YWI="))),
        (get("point"), value("bytes", "bytes", &json!("YWI="))),
    ]);
}

#[test]
fn modules_that_cannot_be_imported_are_told() {
    let load = |name: &str| json!({"op": "load", "module": name});
    let python = "file `python.py` exists, but py files cannot be imported";
    for engine in ENGINES {
        let exchange = [
            (
                load("nothing"),
                error("ImportError", "module `nothing` does not exist"),
            ),
            (load("python"), error("ImportError", python)),
            (call("add", &json!([1, 2])), int(3)),
        ];
        check(engine, &exchange);
    }
}

#[test]
fn static_errors_come_when_the_session_wants_them() {
    let call = |name: &str| json!({"op": "call", "module": "wrong", "name": name, "args": []});
    let load = json!({"op": "load", "file": "wrong.spy"});
    let lines = [load, call("bad"), call("good")].map(|line| line.to_string());
    let mismatch = error("TypeError", "mismatched types");
    for engine in ENGINES {
        for mode in ["eager", "lazy"] {
            let found = answers_with(engine, &["--errors", mode], &lines);
            if mode == "eager" && engine != "interp" {
                assert!(contains(&found[0], &mismatch), "{engine}: {found:?}");
                continue;
            }
            assert_eq!(found[0]["ok"], json!(true), "{engine} {mode}: {found:?}");
            assert!(contains(&found[1], &mismatch), "{engine} {mode}: {found:?}");
            assert!(contains(&found[2], &int(1)), "{engine} {mode}: {found:?}");
        }
    }
}

#[test]
fn directories_are_searched_in_order() {
    let load = json!({"op": "load", "file": "user.spy"});
    let call = json!({"op": "call", "module": "user", "name": "n", "args": []});
    let lines = [load, call].map(|line| line.to_string());
    for engine in ENGINES {
        for (options, found) in [
            (&[][..], 3),
            (&["--path", "a"], 1),
            (&["--path", "b", "--path", "a"], 2),
        ] {
            let answers = answers_with(engine, options, &lines);
            assert!(contains(&answers[1], &int(found)), "{engine}: {answers:?}");
        }
    }
}

#[test]
fn slices_pointers_and_functions_are_arguments() {
    let slice = |parts: [Option<i32>; 3]| json!({"kind": "slice", "value": parts});
    let items = |items: &[i32]| {
        let items: Vec<Value> = items.iter().map(|item| int_json(*item)).collect();
        value("list", "list[i32]", &json!(items))
    };
    let pointer = json!({"kind": "ptr", "handle": 3});
    let outside = json!({"ok": false, "error": {"kind": "PanicError"}});
    let function = json!({"op": "get", "module": "values", "name": "times"});
    let shown = json!({"value": {"kind": "function", "value": "values::times", "handle": 4,
                                 "type": "def(i32, i32) -> i32"}});
    let by_handle = json!({"op": "call", "function": {"kind": "function", "handle": 4},
                           "args": [6, 7]});
    check_values(&[
        (
            ask(
                "part",
                &json!([[1, 2, 3, 4], slice([Some(1), None, Some(2)])]),
            ),
            items(&[2, 4]),
        ),
        (
            ask("part", &json!([[1, 2], slice([None; 3])])),
            items(&[1, 2]),
        ),
        (
            ask("squares", &json!([4])),
            json!({"value": {"kind": "ptr", "type": "unsafe::gc_ptr[i32]", "handle": 3}}),
        ),
        (ask("at", &json!([pointer, 3])), int(9)),
        (ask("at", &json!([pointer, 4])), outside),
        (ask("at", &json!([pointer, 2])), int(4)),
        (function, shown),
        (by_handle, int(42)),
    ]);
}
