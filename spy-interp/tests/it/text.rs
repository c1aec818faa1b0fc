//! Text, output and how programs end.

use spy_interp::{Host, HostError, Interp, Outcome, RefuseHost, run_main};
use spy_lang::ir::{Prim, Runtime, Scalar, StmtKind, StrOp};
use spy_lang::program::{Engine, Value};
use spy_lang::types::{IntType, TypeId};

use crate::build::*;

fn text(value: &str) -> spy_lang::ir::Expr {
    constant(Value::str(value))
}

fn runtime(function: Runtime, args: Vec<spy_lang::ir::Expr>) -> spy_lang::ir::Expr {
    prim(Prim::Runtime(function), args)
}

fn write(value: spy_lang::ir::Expr) -> spy_lang::ir::Stmt {
    stmt(StmtKind::Expr(
        runtime(Runtime::StdoutWrite, vec![value]).at(6),
    ))
}

#[test]
fn texts_are_joined_compared_and_indexed() {
    let mut test = Test::new();
    test.check_expr(
        runtime(Runtime::StrAdd, vec![text("é"), text("b")]),
        "\"éb\"",
    );
    test.check_expr(
        runtime(Runtime::StrMul, vec![text("ab"), number(2)]),
        "\"abab\"",
    );
    test.check_expr(
        runtime(Runtime::StrMul, vec![text("ab"), number(-2)]),
        "\"\"",
    );
    test.check_expr(
        runtime(Runtime::StrGetItem, vec![text("aéb"), number(-1)]),
        "\"b\"",
    );
    let error = "IndexError: string index out of bound";
    test.check_expr(
        runtime(Runtime::StrGetItem, vec![text("a"), number(1)]),
        error,
    );
    test.check_expr(runtime(Runtime::StrLen, vec![text("aé")]), "2");
    test.check_expr(
        runtime(Runtime::StrContains, vec![text("abc"), text("bc")]),
        "true",
    );
    test.check_expr(
        prim(Prim::Str(StrOp::Lt), vec![text("a"), text("b")]),
        "true",
    );
    test.check_expr(prim(Prim::Hash(Scalar::Str), vec![text("a")]), "-468965076");
    test.check_expr(
        prim(Prim::Repr(Scalar::Str), vec![text("a'b")]),
        "\"\\\"a'b\\\"\"",
    );
    let shown = prim(Prim::ToStr(Scalar::Int(IntType::I32)), vec![number(-5)]);
    test.check_expr(shown, "\"-5\"");
    test.check_expr(runtime(Runtime::IsCompiled, vec![]), "false");
}

#[test]
fn primitives_apply_to_values() {
    let mut test = Test::new();
    let write = Prim::Runtime(Runtime::StdoutWrite);
    let args = [Value::str("hello")];
    let result = test.interp.apply(&mut test.program, write, &args).unwrap();
    assert_eq!(
        (show(&result), test.output.take()),
        ("None".to_owned(), "hello".to_owned())
    );
    let parse = Prim::Convert(Scalar::Str, Scalar::Int(IntType::I32));
    let failure = test
        .interp
        .apply(&mut test.program, parse, &args)
        .unwrap_err();
    assert!(failure.traceback.is_empty());
}

#[test]
fn main_gives_the_exit_status() {
    let mut test = Test::new();
    let main = test.func(
        "main",
        &[],
        TypeId::I32,
        &[],
        vec![write(text("hi\n")), ret(number(-1))],
    );
    let outcome = run_main(&mut test.program, &mut test.interp, main);
    assert!(matches!(outcome, Outcome::Exit(-1)));
    assert_eq!(test.output.take(), "hi\n");
    let main = test.func("main", &[], TypeId::NONE, &[], vec![]);
    assert!(matches!(
        run_main(&mut test.program, &mut test.interp, main),
        Outcome::Exit(0)
    ));
}

#[test]
fn refused_output_is_an_error_of_the_program() {
    let mut test = Test::new();
    test.interp = Interp::new(Box::new(RefuseHost));
    let main = test.func("main", &[], TypeId::NONE, &[], vec![write(text("hi"))]);
    let Outcome::Failed(failure) = run_main(&mut test.program, &mut test.interp, main) else {
        panic!("output was not refused");
    };
    assert_eq!(
        error_text(&failure),
        "OSError: writing to standard output is not possible here"
    );
    assert_eq!(trace(&failure), ["test::main@6"]);
}

struct ClosedHost;

impl Host for ClosedHost {
    fn write_stdout(&mut self, _text: &str) -> Result<(), HostError> {
        Err(HostError::OutputClosed)
    }

    fn flush_stdout(&mut self) -> Result<(), HostError> {
        Ok(())
    }
}

#[test]
fn programs_end_quietly_when_nobody_reads() {
    let mut test = Test::new();
    test.interp = Interp::new(Box::new(ClosedHost));
    let main = test.func("main", &[], TypeId::NONE, &[], vec![write(text("hi"))]);
    let outcome = run_main(&mut test.program, &mut test.interp, main);
    assert!(matches!(outcome, Outcome::OutputClosed));
}
