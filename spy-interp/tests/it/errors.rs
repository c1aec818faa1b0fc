//! Exceptions and tracebacks.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::{ErrorId, IntOp, LocalId, RaiseSource, StmtKind};
use spy_lang::program::Value;
use spy_lang::types::TypeId;

use crate::build::*;

const I32: TypeId = TypeId::I32;

#[test]
fn tracebacks_list_the_active_functions() {
    let mut test = Test::new();
    let division = int(IntOp::FloorDiv, number(1), var(0)).at(31);
    let c = test.func("c", &[I32], I32, &[], vec![ret(division).at(30)]);
    let inner = call(c, vec![var(0)], I32).at(21);
    let loop_ = while_(
        constant(Value::Bool(true)),
        vec![assign(1, inner).at(20)],
        vec![],
    );
    let b = test.func("b", &[I32], I32, &[I32], vec![loop_, ret(var(1))]);
    let sum = int(IntOp::Add, number(1), call(b, vec![var(0)], I32).at(11)).at(12);
    let a = test.func("a", &[I32], I32, &[], vec![ret(sum).at(10)]);
    let failure = test.call(a, &[Value::i32(0)]).unwrap_err();
    assert_eq!(
        error_text(&failure),
        "ZeroDivisionError: integer division or modulo by zero"
    );
    assert_eq!(trace(&failure), ["test::a@11", "test::b@21", "test::c@31"]);
    assert!(failure.annotations.is_empty());
}

#[test]
fn raises_carry_class_and_message() {
    let mut test = Test::new();
    let message = Some(constant(Value::str("bad")));
    let raise = stmt(StmtKind::Raise(
        RaiseSource::New(TypeId::exception(ErrorKind::ValueError), message),
        None,
    ))
    .at(5);
    let f = test.func("f", &[], I32, &[], vec![raise]);
    let failure = test.call(f, &[]).unwrap_err();
    assert_eq!(error_text(&failure), "ValueError: bad");
    assert_eq!(trace(&failure), ["test::f@5"]);
    let raise = stmt(StmtKind::Raise(
        RaiseSource::New(TypeId::exception(ErrorKind::IndexError), None),
        None,
    ));
    let f = test.func(
        "f",
        &[],
        I32,
        &[],
        vec![if_(constant(Value::Bool(true)), vec![raise], vec![])],
    );
    test.check(f, &[], "IndexError: ");
}

#[test]
fn errors_of_the_compiler_wait_until_they_are_reached() {
    let mut test = Test::new();
    let error = Diagnostic::new(ErrorKind::TypeError, "mismatched types").error("x", span(7));
    test.program.errors.push(error);
    let raise = stmt(StmtKind::Raise(RaiseSource::Compiler(ErrorId(0)), None)).at(9);
    let body = vec![
        if_(int(IntOp::Lt, var(0), number(0)), vec![raise], vec![]),
        ret(number(1)),
    ];
    let f = test.func("f", &[I32], I32, &[], body);
    test.check(f, &[Value::i32(0)], "1");
    let failure = test.call(f, &[Value::i32(-1)]).unwrap_err();
    assert_eq!(error_text(&failure), "TypeError: mismatched types");
    assert_eq!(
        (failure.annotations.len(), trace(&failure)),
        (1, vec!["test::f@9".to_owned()])
    );
    test.check(f, &[Value::i32(-1)], "TypeError: mismatched types");
}

#[test]
fn assertions_evaluate_the_message_only_on_failure() {
    let mut test = Test::new();
    let holds = || int(IntOp::Lt, var(0), number(10));
    let bare = stmt(StmtKind::Assert(holds(), None)).at(3);
    let f = test.func("f", &[I32], TypeId::NONE, &[], vec![bare]);
    test.check(f, &[Value::i32(1)], "None");
    let failure = test.call(f, &[Value::i32(10)]).unwrap_err();
    assert_eq!(error_text(&failure), "AssertionError: assertion failed");
    assert_eq!(failure.annotations[0].text, "assertion failed");
    assert_eq!(failure.annotations[0].span, span(3));
    let message = Some(constant(Value::str("too large")));
    let told = stmt(StmtKind::Assert(holds(), message)).at(4);
    let g = test.func("g", &[I32], TypeId::NONE, &[], vec![told]);
    let failure = test.call(g, &[Value::i32(10)]).unwrap_err();
    assert_eq!(error_text(&failure), "AssertionError: too large");
    assert_eq!(trace(&failure), ["test::g@4"]);
    assert_eq!(failure.annotations[0].span, span(4));
}

#[test]
fn unassigned_locals_cannot_be_read() {
    let mut test = Test::new();
    let set = |value| {
        if_(
            int(IntOp::Lt, var(0), number(5)),
            vec![assign(1, value)],
            vec![],
        )
    };
    let f = test.declare("f", &[I32], I32);
    test.define_with(f, &[I32], true, vec![set(number(1)), ret(var(1).at(8))]);
    let error = "Exception: read from uninitialized local";
    test.check(f, &[Value::i32(9)], error);
    test.check(f, &[Value::i32(1)], "1");
    let failure = test.call(f, &[Value::i32(9)]).unwrap_err();
    assert_eq!(
        (error_text(&failure).as_str(), trace(&failure)),
        (error, vec!["test::f@8".to_owned()])
    );
    let pair = test.structure("Pair", &[I32, I32]);
    let value = make(pair, vec![number(1), number(2)]);
    let g = test.declare("g", &[I32], I32);
    let body = vec![set(value), ret(field(local(1, pair), 1, I32))];
    test.define_with(g, &[pair], true, body);
    test.check(g, &[Value::i32(1)], "2");
    test.check(g, &[Value::i32(9)], error);
}

/// A declaration in a loop forgets the value of the turn before.
#[test]
fn declarations_unassign() {
    let mut test = Test::new();
    let first = int(IntOp::Eq, var(0), number(2));
    let body = vec![
        stmt(StmtKind::Declare(LocalId(1))),
        if_(first, vec![assign(1, number(1))], vec![]),
        assign(0, int(IntOp::Sub, var(0), var(1).at(4))),
    ];
    let loop_ = while_(int(IntOp::Gt, var(0), number(0)), body, vec![]);
    let f = test.declare("f", &[I32], TypeId::NONE);
    test.define_with(f, &[I32], true, vec![loop_]);
    test.check(
        f,
        &[Value::i32(2)],
        "Exception: read from uninitialized local",
    );
}

#[test]
fn falling_off_the_end_is_an_error_unless_nothing_is_returned() {
    let mut test = Test::new();
    let f = test.func("f", &[], I32, &[], vec![]);
    let failure = test.call(f, &[]).unwrap_err();
    let expected = "TypeError: reached the end of the function without a `return`";
    assert_eq!(error_text(&failure), expected);
    assert_eq!(
        (
            failure.annotations[0].text.as_str(),
            failure.annotations[0].span
        ),
        ("no return", span(999))
    );
    let g = test.func("g", &[], TypeId::NONE, &[], vec![]);
    test.check(g, &[], "None");
}
