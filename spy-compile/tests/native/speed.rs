//! What the compiler promises about its output beyond meaning.

use spy_compile::{BuildOptions, Entry, compile_object, link_test_runner};
use spy_lang::ir::{IntOp, StmtKind};
use spy_lang::program::{FuncId, Program};

use crate::program::{Builder, I32, call, i32, int, local, print, ret, stmt, str, to_str};

fn fib(n: i32) -> (Program, FuncId) {
    let mut builder = Builder::new("");
    let fib = builder.declare("fib", &[I32], I32);
    let less = |by| call(fib, vec![int(IntOp::Sub, local(0, I32), i32(by))], I32);
    let small = int(IntOp::Lt, local(0, I32), i32(2));
    let sum = int(IntOp::Add, less(1), less(2));
    let body = vec![
        stmt(StmtKind::If(small, vec![ret(local(0, I32))], vec![])),
        ret(sum),
    ];
    builder.body(fib, &[("n", I32, false)], body);
    builder.main(&[], vec![print(to_str(call(fib, vec![i32(n)], I32)))])
}

#[test]
fn recursion_computes() {
    assert_eq!(crate::program::output(&fib(20)), "6765\n");
}

#[test]
fn identical_programs_give_identical_objects() {
    let object = || {
        let (program, main) = fib(3);
        compile_object(&program, Entry::only(main), &BuildOptions::RELEASE).expect("it compiles")
    };
    assert_eq!(object(), object());
}

#[test]
fn many_programs_share_one_executable() {
    let mut entries = Vec::new();
    for number in 0..3 {
        let body = vec![print(str(&format!("program {number}")))];
        let (program, main) = Builder::new("").main(&[], body);
        let symbol = format!("entry_{number}");
        let entry = Entry::named(main, &symbol);
        let object = compile_object(&program, entry, &BuildOptions::DEBUG).expect("it compiles");
        entries.push((symbol, object));
    }
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("runner");
    link_test_runner(&entries, &path).expect("it links");
    let run = |argument: &str| {
        let output = std::process::Command::new(&path)
            .arg(argument)
            .output()
            .expect("it runs");
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            output.status.code(),
        )
    };
    assert_eq!(run("2"), ("program 2\n".to_owned(), Some(0)));
    assert_eq!(run("3"), (String::new(), Some(2)));
}
