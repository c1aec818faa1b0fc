//! Programs from source text: compiled code and the interpreter agree.

use spy_interp::{Budget, CaptureHost, Interp};
use spy_lang::import::{NoFiles, Root, load, new_program};
use spy_lang::program::{FuncId, Program, Value};
use spy_lang::redshift::redshift_all;

use crate::program::{Run, run};

/// Loads a program and redshifts all of it.
pub(crate) fn program(source: &str) -> (Program, FuncId) {
    let mut program = new_program();
    let (host, _) = CaptureHost::new();
    let mut interp = Interp::new(Box::new(host));
    interp.set_budget(Budget::default());
    let root = Root::from_path("app.spy", source);
    let module = load(&mut program, &mut interp, &NoFiles, root).expect("the program loads");
    let errors = redshift_all(&mut program, &mut interp, false);
    let errors: Vec<_> = errors
        .iter()
        .map(|id| &program.errors[id.0 as usize].message)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let Some(Value::Func(main)) = program.module(module).members.get("main") else {
        panic!("no main")
    };
    let main = *main;
    (program, main)
}

pub(crate) fn check(source: &str, stdout: &str) {
    let expected = Run {
        stdout: stdout.to_owned(),
        stderr: String::new(),
        status: Some(0),
    };
    assert_eq!(run(&program(source)), expected);
}

#[test]
fn loops_and_calls() {
    check(
        "
def collatz(limit: i32) -> i64:
    best: i64 = 0
    start: i32 = 1
    while start < limit:
        n: i64 = start
        steps: i64 = 0
        while n != 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = n * 3 + 1
            steps = steps + 1
        if steps > best:
            best = steps
        start = start + 1
    return best

def main() -> None:
    print(collatz(10000))
    for i in range(3):
        print(i, i * 0.5, i > 1, 'x' * i)
",
        "261\n0 0.0 False \n1 0.5 False x\n2 1.0 True xx\n",
    );
}

#[test]
fn structs_and_module_variables() {
    check(
        "
var COUNT: i32 = 40

@struct
class Point:
    x: i32
    y: f64

    def moved(self, by: i32) -> Point:
        return Point(self.x + by, self.y * 2.0)

def main() -> None:
    COUNT = COUNT + 2
    p = Point(1, 1.5)
    q = p.moved(COUNT).moved(1)
    print(COUNT, q.x, q.y)
",
        "42 44 6.0\n",
    );
}

#[test]
fn loops_are_rotated() {
    let (program, main) = program(
        "
def count(n: i32) -> i32:
    i = 0
    while i < n:
        i = i + 1
    return i

def main() -> i32:
    return count(3)
",
    );
    let options = spy_compile::BuildOptions::DEBUG;
    let module = spy_compile::compile_mir(&program, main, &options).expect("it compiles");
    let text = spy_compile::mir::dump(&module);
    let count = text
        .split("function ")
        .find(|text| text.contains("app::count -> "));
    let count = count.unwrap_or_default();
    // One test before the loop, one at its end, and no jump from the end to a test.
    assert_eq!(count.matches("compare LtSigned").count(), 2, "{count}");
    assert_eq!(count.matches("branch").count(), 2, "{count}");
}
