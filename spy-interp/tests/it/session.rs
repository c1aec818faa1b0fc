//! Sessions over JSON: every request on every engine.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use serde_json::{Value, json};
use spy_interp::session::{EngineChoice, NativeCode, SessionOptions, serve};
use spy_interp::{Interp, RefuseHost, on_big_stack};
use spy_lang::program::{Engine as _, ErrorMode, Failure, FuncId, GlobalId, Program};
use tempfile::TempDir;

/// A way to run programs.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Engine {
    Interp,
    Redshift,
    Lazy,
}

const ENGINES: [Engine; 3] = [Engine::Interp, Engine::Redshift, Engine::Lazy];

/// Modules in files of a directory.
struct Files(TempDir);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().expect("a directory");
        for (name, text) in files {
            fs::write(dir.path().join(name), text).expect("a file");
        }
        Self(dir)
    }

    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// The responses of one session to lines of input.
    fn raw_session(&self, engine: Engine, input: &[u8]) -> Vec<Value> {
        let (path, input) = (vec![self.path()], input.to_vec());
        let output = on_big_stack(move || {
            let options = SessionOptions {
                engine: match engine {
                    Engine::Interp => EngineChoice::Interp,
                    Engine::Redshift | Engine::Lazy => EngineChoice::Redshift,
                },
                errors: if engine == Engine::Lazy {
                    ErrorMode::Lazy
                } else {
                    ErrorMode::Eager
                },
                path,
            };
            let mut output = Vec::new();
            serve(Cursor::new(input), &mut output, options).expect("memory can be written");
            output
        });
        let text = String::from_utf8(output).expect("JSON is UTF-8");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    fn session(&self, engine: Engine, requests: &[Value]) -> Vec<Value> {
        let lines: Vec<String> = requests.iter().map(Value::to_string).collect();
        let responses = self.raw_session(engine, (lines.join("\n") + "\n").as_bytes());
        assert_eq!(responses.len(), requests.len());
        responses
    }
}

/// A session on module `m` with this text, loaded first.
fn on_module(engine: Engine, text: &str, requests: &[Value]) -> Vec<Value> {
    let files = Files::new(&[("m.spy", text)]);
    let mut all = vec![json!({"op": "load", "module": "m"})];
    all.extend_from_slice(requests);
    files.session(engine, &all)
}

fn call(name: &str, args: Value) -> Value {
    json!({"op": "call", "module": "m", "name": name, "args": args})
}

/// What calls in `m` return, on all engines alike; errors as `kind: message`.
fn check(text: &str, calls: &[(&str, Value, Value)]) {
    for engine in ENGINES {
        let requests: Vec<Value> = calls
            .iter()
            .map(|(name, args, _)| call(name, args.clone()))
            .collect();
        let responses = on_module(engine, text, &requests);
        assert_eq!(responses[0]["ok"], json!(true), "{}", responses[0]);
        for ((name, args, expected), response) in calls.iter().zip(&responses[1..]) {
            let error = &response["error"];
            let result = if error.is_null() {
                response["value"]["value"].clone()
            } else {
                let (kind, message) = (error["kind"].as_str(), error["message"].as_str());
                json!(format!(
                    "{}: {}",
                    kind.expect("kind"),
                    message.expect("message")
                ))
            };
            assert_eq!(&result, expected, "{engine:?} {name} {args}: {response}");
        }
    }
}

#[test]
fn arguments_take_the_declared_type() {
    let text = "
def byte(x: u8) -> u8:
    return x

def half(x: f64) -> f64:
    return x / 2.0

def neg(x: i64) -> i64:
    return -x

def shout(s: str) -> str:
    return s + '!'

def flip(b: bool) -> bool:
    return not b

def nothing() -> None:
    pass

@blue
def same(x):
    return x
";
    check(
        text,
        &[
            ("byte", json!([300]), json!(44)),
            ("byte", json!([-1]), json!(255)),
            ("half", json!([3]), json!(1.5)),
            (
                "half",
                json!([{"kind": "float", "type": "f64", "value": "inf"}]),
                json!("inf"),
            ),
            ("neg", json!([5]), json!(-5)),
            ("shout", json!(["hé"]), json!("hé!")),
            ("flip", json!([true]), json!(false)),
            ("nothing", json!([]), json!(null)),
            ("same", json!([7_000_000_000_i64]), json!(-1_589_934_592)),
            ("same", json!([1.5]), json!(1.5)),
            ("same", json!([null]), json!(null)),
            ("shout", json!([1]), json!("TypeError: mismatched types")),
            (
                "byte",
                json!([1, 2]),
                json!("TypeError: this function takes 1 argument but 2 arguments were supplied"),
            ),
            ("shout", json!(["ok"]), json!("ok!")),
        ],
    );
}

#[test]
fn integers_of_any_length_wrap() {
    let files = Files::new(&[("m.spy", "def f(x: u8) -> u8:\n    return x\n")]);
    let input =
        b"{\"op\":\"load\",\"module\":\"m\"}\n{\"op\":\"call\",\"module\":\"m\",\"name\":\"f\",\
        \"args\":[340282366920938463463374607431768211457]}\n";
    let responses = files.raw_session(Engine::Interp, input);
    assert_eq!(
        responses[1]["value"],
        json!({"kind": "int", "type": "u8", "value": 1})
    );
}

#[test]
fn a_failing_call_is_followed_by_a_good_one() {
    let text = "
def div(a: i32, b: i32) -> i32:
    print('dividing')
    return a // b
";
    for engine in ENGINES {
        let requests = [call("div", json!([1, 0])), call("div", json!([7, 2]))];
        let responses = on_module(engine, text, &requests);
        let error = &responses[1]["error"];
        assert_eq!(responses[1]["ok"], json!(false));
        assert_eq!(error["kind"], "ZeroDivisionError");
        assert_eq!(error["traceback"][0]["fqn"], "m::div");
        assert_eq!(error["traceback"][0]["source"], "a // b");
        assert_eq!(responses[1]["stdout"], "dividing\n");
        assert_eq!(responses[2]["value"]["value"], 3);
        assert_eq!(responses[2]["stdout"], "dividing\n");
    }
}

#[test]
fn loading_lists_names() {
    let text = "
from helper import twice as double

N = 3
var total: i32 = 0

def foo(x: i32) -> i32:
    return x

@blue
def bar(x):
    return x
";
    let files = Files::new(&[
        ("m.spy", text),
        (
            "helper.spy",
            "def twice(x: i32) -> i32:\n    return x * 2\n",
        ),
    ]);
    for engine in ENGINES {
        let file = files.path().join("m.spy");
        let requests = [
            json!({"op": "load", "file": file, "id": "x"}),
            json!({"op": "load", "module": "m", "id": 2}),
            call("double", json!([4])),
        ];
        let responses = files.session(engine, &requests);
        let names = responses[0]["names"].as_array().expect("names");
        let find = |name: &str| {
            names
                .iter()
                .find(|item| item["name"] == name)
                .expect("name")
        };
        assert_eq!(responses[0]["module"], "m");
        assert_eq!(
            (&responses[0]["id"], &responses[1]["id"]),
            (&json!("x"), &json!(2))
        );
        assert_eq!(
            find("foo"),
            &json!({"name": "foo", "kind": "function", "type": "def(i32) -> i32",
                "color": "red", "value": "m::foo"})
        );
        assert_eq!(find("bar")["type"], "@blue def(dynamic) -> dynamic");
        assert_eq!(find("double")["value"], "helper::twice");
        assert_eq!(find("N")["kind"], "const");
        assert_eq!(find("total")["kind"], "var");
        assert_eq!(responses[0]["names"], responses[1]["names"]);
        assert_eq!(responses[2]["value"]["value"], 8);
    }
}

#[test]
fn variables_are_read_and_assigned() {
    let text = "
N = 3
var total: i64 = 5

def add(x: i64) -> i64:
    total = total + x
    return total
";
    for engine in ENGINES {
        let name = |name: &str| json!({"op": "get", "module": "m", "name": name});
        let set = |name: &str, value: Value| json!({"op": "set", "module": "m", "name": name, "value": value});
        let responses = on_module(
            engine,
            text,
            &[
                name("N"),
                set("total", json!(40)),
                call("add", json!([2])),
                name("total"),
                set("N", json!(4)),
                set("total", json!("x")),
                name("nothing"),
                name("total"),
            ],
        );
        assert_eq!(
            responses[1]["value"],
            json!({"kind": "int", "type": "i32", "value": 3})
        );
        assert_eq!(responses[2]["value"]["value"], 40);
        assert_eq!(responses[3]["value"]["value"], 42);
        assert_eq!(responses[4]["value"]["value"], 42);
        assert_eq!(responses[5]["error"]["kind"], "TypeError");
        assert_eq!(responses[6]["error"]["message"], "mismatched types");
        assert_eq!(responses[7]["error"]["kind"], "NameError");
        assert_eq!(responses[8]["value"]["value"], 42);
    }
}

#[test]
fn main_is_checked_and_run() {
    for engine in ENGINES {
        let run = [json!({"op": "run", "module": "m", "argv": ["a"]})];
        let text = "def main() -> i32:\n    print('hi')\n    return 3\n";
        let responses = on_module(engine, text, &run);
        assert_eq!(responses[1]["exit_code"], 3);
        assert_eq!(responses[1]["stdout"], "hi\n");
        let responses = on_module(engine, "def main() -> str:\n    return ''\n", &run);
        assert_eq!(
            responses[1]["error"]["message"],
            "`main` has the wrong signature"
        );
        let responses = on_module(engine, "x = 1\n", &run);
        assert_eq!(responses[1]["stdout"], "Cannot find function main()\n");
    }
}

#[test]
fn static_errors_appear_when_the_engine_says() {
    let text = "
def good() -> i32:
    return 1

def bad(flag: bool) -> i32:
    if flag:
        x: str = 3
    return 2
";
    let requests = [
        call("good", json!([])),
        call("bad", json!([false])),
        call("bad", json!([true])),
    ];
    let lazy = on_module(Engine::Lazy, text, &requests);
    let interp = on_module(Engine::Interp, text, &requests);
    let eager = on_module(Engine::Redshift, text, &requests);
    for responses in [&lazy, &interp] {
        assert_eq!(responses[0]["ok"], json!(true));
        assert_eq!(responses[1]["value"]["value"], 1);
        assert_eq!(responses[2]["value"]["value"], 2);
        assert_eq!(responses[3]["error"]["message"], "mismatched types");
        assert_eq!(responses[3]["error"]["traceback"][0]["fqn"], "m::bad");
    }
    assert_eq!(lazy[3]["error"]["annotations"], json!([]));
    assert_eq!(
        interp[3]["error"]["annotations"][0]["message"],
        "expected `str`, got `i32`"
    );
    assert_eq!(
        eager[0]["error"]["annotations"][0]["message"],
        "expected `str`, got `i32`"
    );
    assert_eq!(eager[0]["error"]["traceback"][0]["kind"], "redshift");
    assert_eq!(eager[1]["error"]["message"], "module `m` is not loaded");
}

#[test]
fn errors_that_are_not_static_abort_a_lazy_load() {
    let text = "def f() -> i32:\n    return nowhere\n";
    let load = |engine| on_module(engine, text, &[]).swap_remove(0);
    assert_eq!(load(Engine::Interp)["ok"], json!(true));
    for engine in [Engine::Redshift, Engine::Lazy] {
        assert_eq!(load(engine)["error"]["kind"], "NameError");
    }
}

#[test]
fn a_corrected_file_loads_in_the_same_session() {
    for (engine, broken) in [
        (Engine::Interp, "def f() -> i32:\n    return (\n"),
        (
            Engine::Interp,
            "def f() -> i32:\n    return 1\n\nX: i32 = 'a'\n",
        ),
        (Engine::Redshift, "def f() -> i32:\n    return 'a'\n"),
    ] {
        let files = Files::new(&[
            ("bad.spy", broken),
            ("good.spy", "def g() -> i32:\n    return 2\n"),
        ]);
        let load = |module: &str| json!({"op": "load", "module": module});
        let requests = [load("bad"), load("bad"), load("good")];
        let mut responses = files.session(engine, &requests);
        let good = responses.pop().expect("a response");
        assert_eq!(good["names"][0]["value"], "good::g");
        assert_eq!(responses[0]["ok"], json!(false), "{}", responses[0]);
        assert_eq!(responses[0], responses[1]);
    }
}

#[test]
fn objects_keep_their_handles() {
    let text = "
@blue
def adder(n: i32):
    def add(x: i32) -> i32:
        return x + n
    return add

@blue
def name(f) -> dynamic:
    return f

@struct
class Point:
    x: i32
    y: i32

def total(p: Point) -> i32:
    return p.x + p.y

def swap(p: Point) -> Point:
    return Point(p.y, p.x)
";
    for engine in ENGINES {
        let point = json!({"kind": "struct", "type": "m::Point", "value": [["x", 3], ["y", 4]]});
        let function = json!({"kind": "function", "handle": 1});
        let responses = on_module(
            engine,
            text,
            &[
                call("adder", json!([10])),
                json!({"op": "call", "function": function, "args": [5]}),
                call("name", json!([function])),
                call("adder", json!([10])),
                call("swap", json!([point])),
                call("total", json!([[1, 2]])),
                json!({"op": "get", "module": "m", "name": "Point"}),
                call("Point", json!([8, 9])),
                json!({"op": "call", "function": {"kind": "function", "handle": 77}}),
            ],
        );
        let made = &responses[1]["value"];
        assert_eq!(
            made,
            &json!({"kind": "function", "type": "def(i32) -> i32", "handle": 1,
                "value": "m::adder::add"})
        );
        assert_eq!(responses[2]["value"]["value"], 15);
        assert_eq!(
            (&responses[3]["value"], &responses[4]["value"]),
            (made, made)
        );
        let field =
            |name: &str, value: i32| json!([name, {"kind": "int", "type": "i32", "value": value}]);
        let swapped = &responses[5]["value"];
        assert_eq!(swapped["value"], json!([field("x", 4), field("y", 3)]));
        assert_eq!(swapped["type"], "m::Point");
        assert_eq!(responses[6]["value"]["value"], 3);
        let ty = &responses[7]["value"];
        assert_eq!(
            (&ty["kind"], &ty["fqn"]),
            (&json!("type"), &json!("m::Point"))
        );
        assert_eq!(ty["fields"], json!([["x", "i32"], ["y", "i32"]]));
        assert_eq!(
            responses[8]["value"]["value"],
            json!([field("x", 8), field("y", 9)])
        );
        assert_eq!(responses[9]["error"]["kind"], "ValueError");
    }
}

#[test]
fn containers_go_in_and_out() {
    let text = "
from _slice import Slice

def total(xs: list[i64]) -> i64:
    result: i64 = 0
    for x in xs:
        result = result + x
    return result

def double(xs: list[str]) -> list[str]:
    return xs + xs

def swap(t: tuple[i32, str]) -> tuple[str, i32]:
    return (t[1], t[0])

def part(xs: list[i64], s: Slice) -> list[i64]:
    return xs[s]

def count(words: dict[str, i32], word: str) -> dict[str, i32]:
    words[word] = 7
    return words

def push(xs: list[i64]) -> list[i64]:
    xs.append(9)
    return xs
";
    for engine in ENGINES {
        let ints = json!({"kind": "list", "type": "list[i64]", "value": [1, 2, 3]});
        let words =
            json!({"kind": "dict", "type": "dict[str, i32]", "value": [["c", 1], ["a", 2]]});
        let back = json!({"kind": "slice", "value": [null, null, -1]});
        let responses = on_module(
            engine,
            text,
            &[
                call("total", json!([[1, 2, 4_000_000_000_i64]])),
                call("double", json!([["a"]])),
                call("swap", json!([[1, "x"]])),
                call("part", json!([ints, back])),
                call("push", json!([ints])),
                call("push", json!([{"kind": "list", "handle": 3}])),
                call("total", json!([["a"]])),
                call("total", json!([5])),
                call("count", json!([words, "b"])),
            ],
        );
        let items = |index: usize| -> Vec<&Value> {
            let items = responses[index]["value"]["value"].as_array();
            let items = items.unwrap_or_else(|| panic!("{}", responses[index]));
            items.iter().map(|item| &item["value"]).collect()
        };
        assert_eq!(responses[1]["value"]["value"], 4_000_000_003_i64);
        assert_eq!(items(2), ["a", "a"]);
        assert_eq!(responses[2]["value"]["type"], "list[str]");
        assert_eq!(items(3), [&json!("x"), &json!(1)]);
        assert_eq!(responses[3]["value"]["kind"], "tuple");
        assert_eq!(items(4), [3, 2, 1]);
        assert_eq!(items(5), [1, 2, 3, 9]);
        let handle = &responses[5]["value"]["handle"];
        assert_eq!(
            (handle, &responses[6]["value"]["handle"]),
            (&json!(3), &json!(3))
        );
        assert_eq!(items(6), [1, 2, 3, 9, 9]);
        assert_eq!(responses[7]["error"]["message"], "mismatched types");
        assert_eq!(responses[8]["error"]["message"], "mismatched types");
        let pair = |key: &str, value: i32| {
            json!([
                {"kind": "str", "type": "str", "value": key},
                {"kind": "int", "type": "i32", "value": value},
            ])
        };
        let pairs = json!([pair("c", 1), pair("a", 2), pair("b", 7)]);
        assert_eq!(responses[9]["value"]["value"], pairs, "{}", responses[9]);
    }
}

#[test]
fn source_is_as_the_engine_sees_it() {
    let text = "# a comment\n@blue\ndef n():\n    return 2\n\ndef f(x: i32) -> i32:\n    return x + n() # sum\n";
    let source = |name: Option<&str>| json!({"op": "source", "module": "m", "name": name});
    let requests = [source(None), source(Some("f")), source(Some("n"))];
    let interp = on_module(Engine::Interp, text, &requests);
    assert_eq!(interp[1]["text"], text);
    assert_eq!(
        interp[2]["text"],
        "def f(x: i32) -> i32:\n    return x + n() # sum\n"
    );
    assert_eq!(interp[3]["text"], "@blue\ndef n():\n    return 2\n");
    let redshift = on_module(Engine::Redshift, text, &requests);
    assert_eq!(
        redshift[1]["text"],
        "def f(x: i32) -> i32:\n    return x + 2\n"
    );
    assert_eq!(redshift[2]["text"], redshift[1]["text"]);
    assert_eq!(redshift[3]["error"]["kind"], "TypeError");
}

/// Stands in for machine code: an interpreter that breaks down when `boom` is called.
struct Fragile(Interp);

impl NativeCode for Fragile {
    fn build(&mut self, _program: &mut Program) -> Result<(), Failure> {
        Ok(())
    }

    fn call(
        &mut self,
        program: &mut Program,
        callee: FuncId,
        args: &[spy_lang::program::Value],
    ) -> Result<spy_lang::program::Value, Failure> {
        assert!(
            program.func(callee).fqn.to_string() != "m::boom",
            "out of order"
        );
        self.0.call(program, callee, args)
    }

    fn load_global(
        &mut self,
        program: &mut Program,
        global: GlobalId,
    ) -> Result<spy_lang::program::Value, Failure> {
        Ok(program.load_global(global))
    }

    fn store_global(
        &mut self,
        program: &mut Program,
        global: GlobalId,
        value: &spy_lang::program::Value,
    ) -> Result<(), Failure> {
        program.store_global(global, value);
        Ok(())
    }

    fn take_output(&mut self) -> String {
        "native\n".to_owned()
    }
}

#[test]
fn native_code_plugs_in_and_may_panic() {
    let text = "
def boom() -> i32:
    return 1

def fine(x: i32) -> i32:
    return x

@blue
def blue(x):
    return x
";
    let files = Files::new(&[("m.spy", text)]);
    let requests = [
        json!({"op": "load", "module": "m"}),
        call("boom", json!([])),
        call("fine", json!([3])),
        call("blue", json!([3])),
    ];
    let lines: Vec<String> = requests.iter().map(Value::to_string).collect();
    let path = vec![files.path()];
    let output = on_big_stack(move || {
        let options = SessionOptions {
            engine: EngineChoice::Native(Box::new(Fragile(Interp::new(Box::new(RefuseHost))))),
            errors: ErrorMode::Eager,
            path,
        };
        let mut output = Vec::new();
        serve(lines.join("\n").as_bytes(), &mut output, options).expect("memory can be written");
        output
    });
    let text = String::from_utf8(output).expect("JSON is UTF-8");
    let responses: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(responses[1]["error"]["kind"], "InternalError");
    assert_eq!(
        responses[1]["error"]["message"],
        "the implementation failed: out of order"
    );
    assert_eq!(responses[2]["value"]["value"], 3);
    assert_eq!(responses[2]["stdout"], "native\n");
    assert_eq!(responses[3]["error"]["kind"], "TypeError");
}

#[test]
fn nonsense_is_refused_and_the_session_goes_on() {
    let files = Files::new(&[("m.spy", "x = 1\n")]);
    let input =
        b"nonsense\n\n[1]\n{\"op\":5}\n{\"op\":\"fly\",\"id\":[1]}\n{\"op\":\"call\"}\n\xff\xfe\n\
        {\"op\":\"load\",\"module\":\"../m\"}\n{\"op\":\"load\",\"file\":\"/does/not/exist.spy\"}\n\
        {\"op\":\"load\",\"module\":\"m\"}\n{\"op\":\"quit\",\"id\":null}\n{\"op\":\"never\"}\n";
    for engine in ENGINES {
        let responses = files.raw_session(engine, input);
        let kinds: Vec<&str> = responses
            .iter()
            .map(|r| r["error"]["kind"].as_str().unwrap_or("ok"))
            .collect();
        let refused = ["ValueError"; 7];
        assert_eq!(&kinds[..7], &refused);
        assert_eq!(&kinds[7..], &["ImportError", "OSError", "ok", "ok"]);
        assert_eq!(responses[4]["id"], json!([1]));
        assert!(responses[10].get("id").is_some());
    }
}

#[test]
fn deep_recursion_and_long_loops_of_blue_code_end() {
    let text = "
@blue
def forever(n: i32) -> i32:
    return forever(n + 1)

def down(n: i32) -> i32:
    return down(n + 1) + 1

def fine() -> i32:
    return 1
";
    for engine in ENGINES {
        let requests = [
            call("forever", json!([0])),
            call("down", json!([0])),
            call("fine", json!([])),
        ];
        let responses = on_module(engine, text, &requests);
        assert_eq!(responses[1]["error"]["kind"], "RecursionError");
        assert_eq!(responses[2]["error"]["kind"], "RecursionError");
        assert_eq!(responses[3]["value"]["value"], 1);
    }
}
