//! Exceptions: tracebacks, statuses, deep recursion.

use spy_lang::diagnostics::ErrorKind;
use spy_lang::ir::{ExprKind, IntOp, LocalId, RaiseSource, StmtKind};
use spy_lang::types::TypeId;

use crate::program::{
    Builder, I32, assign, call, i32, int, local, print, ret, run, stmt, str, to_str,
};

#[test]
fn an_uncaught_error_prints_its_traceback_after_the_output() {
    let mut builder = Builder::new("def foo(x):\n    return x // 0\n\ndef main():\n    foo(1)\n");
    let foo = builder.declare("foo", &[I32], I32);
    let mut division = int(IntOp::FloorDiv, local(0, I32), i32(0));
    division.span = builder.at("x // 0");
    builder.body(foo, &[("x", I32, false)], vec![ret(division)]);
    let mut foo_call = call(foo, vec![i32(1)], I32);
    foo_call.span = builder.at("foo(1)");
    let program = builder.main(
        &[],
        vec![print(str("before")), stmt(StmtKind::Expr(foo_call))],
    );
    let run = run(&program);
    assert_eq!((run.stdout.as_str(), run.status), ("before\n", Some(1)));
    let expected = "Traceback (most recent call last):
  * app::main at app.spy:5
  |     foo(1)
  |     |____|
  * app::foo at app.spy:2
  |     return x // 0
  |            |____|

ZeroDivisionError: integer division or modulo by zero
";
    assert_eq!(run.stderr, expected);
}

#[test]
fn endless_recursion_is_an_error() {
    let mut builder = Builder::new("def f(x):\n    return f(x) + 1\n");
    let f = builder.declare("f", &[I32], I32);
    let mut again = call(f, vec![local(0, I32)], I32);
    again.span = builder.at("f(x) + 1");
    builder.body(
        f,
        &[("x", I32, false)],
        vec![ret(int(IntOp::Add, again, i32(1)))],
    );
    let program = builder.main(&[], vec![stmt(StmtKind::Expr(call(f, vec![i32(1)], I32)))]);
    let (program, main) = &program;
    for options in [
        spy_compile::BuildOptions::DEBUG,
        spy_compile::BuildOptions::RELEASE,
    ] {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("app");
        spy_compile::build_executable(program, *main, &path, &options).expect("it compiles");
        let output = std::process::Command::new(&path).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr.contains("  [previous frame repeated "), "{stderr}");
        assert!(stderr.ends_with("\n\nRecursionError: stack overflow\n"));
        assert_eq!(stderr.matches("app::f").count(), 3, "{stderr}");
    }
}

#[test]
fn a_raise_has_kind_and_message() {
    for (message, expected) in [
        (None, "IndexError: \n"),
        (Some(str("far")), "IndexError: far\n"),
    ] {
        let raise = RaiseSource::New(TypeId::exception(ErrorKind::IndexError), message);
        let program = Builder::new("").main(&[], vec![stmt(StmtKind::Raise(raise, None))]);
        let stderr = run(&program).stderr;
        assert!(stderr.ends_with(expected), "{stderr}");
        assert!(
            stderr.contains("  * app::main at <builtins>:0\n  | \n  | ^\n"),
            "{stderr}"
        );
    }
}

#[test]
fn an_assertion_may_have_a_message() {
    let test = || int(IntOp::Lt, i32(2), i32(1));
    for (message, expected) in [(None, "assertion failed"), (Some(str("no")), "no")] {
        let program = Builder::new("").main(&[], vec![stmt(StmtKind::Assert(test(), message))]);
        assert!(
            run(&program)
                .stderr
                .ends_with(&format!("\n\nAssertionError: {expected}\n"))
        );
    }
}

#[test]
fn a_local_may_be_read_too_early() {
    let body = vec![print(to_str(local(0, I32)))];
    let program = Builder::new("").main(&[("x", I32, true)], body);
    let expected = "\n\nException: read from uninitialized local\n";
    assert!(run(&program).stderr.ends_with(expected));
    let body = vec![
        assign(0, i32(7)),
        print(to_str(local(0, I32))),
        stmt(StmtKind::Declare(LocalId(0))),
        print(to_str(local(0, I32))),
    ];
    let program = Builder::new("").main(&[("x", I32, true)], body);
    let run = run(&program);
    assert_eq!(run.stdout, "7\n");
    assert!(run.stderr.ends_with(expected));
}

#[test]
fn a_function_must_return_something() {
    let mut builder = Builder::new("");
    let f = builder.declare("f", &[], I32);
    builder.body(f, &[], vec![stmt(StmtKind::Pass)]);
    let program = builder.main(&[], vec![stmt(StmtKind::Expr(call(f, vec![], I32)))]);
    let expected = "\n\nTypeError: reached the end of the function without a `return`\n";
    assert!(run(&program).stderr.ends_with(expected));
}

#[test]
fn the_status_is_what_main_returns() {
    let mut builder = Builder::new("");
    let main = builder.declare("main", &[], I32);
    builder.body(main, &[], vec![ret(i32(300))]);
    assert_eq!(run(&(builder.program, main)).status, Some(44));
}

#[test]
fn what_is_not_supported_is_said() {
    let mut builder = Builder::new("");
    let f = builder.declare("f", &[TypeId::OBJECT], TypeId::NONE);
    builder.body(f, &[("x", TypeId::OBJECT, false)], Vec::new());
    let argument = crate::program::expr(ExprKind::Local(LocalId(0)), TypeId::OBJECT);
    let call = call(f, vec![argument], TypeId::NONE);
    let locals = [("x", TypeId::OBJECT, false)];
    let (program, main) = builder.main(&locals, vec![stmt(StmtKind::Expr(call))]);
    let options = spy_compile::BuildOptions::DEBUG;
    let error = spy_compile::compile_mir(&program, main, &options)
        .err()
        .map(|e| e.to_string());
    let expected = "values of type `object` are not supported in compiled programs yet";
    assert_eq!(error.as_deref(), Some(expected));
}
