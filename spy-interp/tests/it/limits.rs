//! Deep recursion, budgets and entries inside entries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use spy_interp::{Budget, Stop, on_big_stack};
use spy_lang::ir::{Expr, IntOp, Stmt};
use spy_lang::program::{FuncId, Value};
use spy_lang::types::TypeId;

use crate::build::*;

const I32: TypeId = TypeId::I32;
const TOO_DEEP: &str = "RecursionError: stack overflow";

/// Defines `f(n)`: 0 for 0, else what `body` makes of `f(n - 1) + 1`.
fn recursive(test: &mut Test, body: impl Fn(Expr) -> Vec<Stmt>) -> FuncId {
    let f = test.declare("f", &[I32], I32);
    let again = call(f, vec![int(IntOp::Sub, var(0), number(1))], I32).at(4);
    let base = if_(
        int(IntOp::Eq, var(0), number(0)),
        vec![ret(number(0))],
        vec![],
    );
    let rest = body(int(IntOp::Add, again, number(1)));
    test.define(f, &[I32], [base].into_iter().chain(rest).collect());
    f
}

fn in_statements(value: Expr) -> Vec<Stmt> {
    let yes = || int(IntOp::Lt, number(0), var(0));
    let inner = if_(yes(), vec![assign(1, value), ret(var(1))], vec![]);
    vec![
        while_(
            yes(),
            vec![if_(yes(), vec![inner], vec![]), assign(0, number(0))],
            vec![],
        ),
        ret(var(0)),
    ]
}

#[test]
fn recursion_may_be_deep_on_a_big_stack() {
    on_big_stack(|| {
        let mut test = Test::new();
        let f = recursive(&mut test, |value| vec![ret(value)]);
        test.check(f, &[Value::i32(200_000)], "200000");
        test.check(f, &[Value::i32(i32::MAX)], TOO_DEEP);
        let f = recursive(&mut test, in_statements);
        test.check(f, &[Value::i32(100_000)], "100000");
        test.check(f, &[Value::i32(i32::MAX)], TOO_DEEP);
        test.check(f, &[Value::i32(10)], "10");
    });
}

#[test]
fn recursion_ends_in_an_error_on_any_thread() {
    for body in [in_statements, |value| vec![ret(value)]] {
        let mut test = Test::new();
        let f = recursive(&mut test, body);
        test.check(f, &[Value::i32(500)], "500");
        let failure = test.call(f, &[Value::i32(i32::MAX)]).unwrap_err();
        assert_eq!(error_text(&failure), TOO_DEEP);
        assert_eq!(trace(&failure)[0], "test::f@4");
        test.check(f, &[Value::i32(500)], "500");
    }
}

#[test]
fn results_cross_from_the_big_stack() {
    assert_eq!(on_big_stack(|| 42), 42);
    let panic = std::panic::catch_unwind(|| on_big_stack(|| panic!("inside")));
    assert!(panic.is_err());
}

/// Expressions recurse as well, without any call.
#[test]
fn deep_expressions_work_or_end_in_an_error() {
    let make = |test: &mut Test| {
        let mut sum = var(0);
        for _ in 0..4000 {
            sum = int(IntOp::Add, number(1), sum);
        }
        let f = test.declare("f", &[I32, I32], I32);
        let again = call(f, vec![var(0), int(IntOp::Sub, var(1), number(1))], I32);
        let more = if_(int(IntOp::Ne, var(1), number(0)), vec![ret(again)], vec![]);
        test.define(f, &[], vec![more, ret(sum)]);
        f
    };
    on_big_stack(move || {
        let mut test = Test::new();
        let f = make(&mut test);
        for depth in [0, 100_000] {
            test.check(f, &[Value::i32(5), Value::i32(depth)], "4005");
        }
    });
    let mut test = Test::new();
    let f = make(&mut test);
    let result = test.call(f, &[Value::i32(5), Value::i32(0)]);
    assert!(result.is_ok() || error_text(&result.unwrap_err()) == TOO_DEEP);
}

fn endless(test: &mut Test) -> FuncId {
    let body = vec![
        while_(
            constant(Value::Bool(true)),
            vec![assign(0, number(1))],
            vec![],
        )
        .at(2),
    ];
    test.func("endless", &[], TypeId::NONE, &[I32], body)
}

#[test]
fn budgets_end_endless_loops() {
    let mut test = Test::new();
    let f = endless(&mut test);
    test.interp.set_budget(Budget {
        steps: Some(10_000),
        cancel: None,
    });
    let failure = test.call(f, &[]).unwrap_err();
    assert_eq!(
        error_text(&failure),
        "Exception: execution takes too many steps"
    );
    assert_eq!(trace(&failure), ["test::endless@2"]);
    assert_eq!(test.interp.stopped(), Some(Stop::OutOfSteps));
}

#[test]
fn budgets_count_calls_over_all_entries() {
    let mut test = Test::new();
    let f = recursive(&mut test, |value| vec![ret(value)]);
    test.interp.set_budget(Budget {
        steps: Some(1000),
        cancel: None,
    });
    test.check(f, &[Value::i32(99)], "99");
    assert_eq!(test.interp.steps_left(), Some(900));
    test.check(f, &[Value::i32(899)], "899");
    test.check(
        f,
        &[Value::i32(0)],
        "Exception: execution takes too many steps",
    );
    test.interp.set_budget(Budget::default());
    test.check(f, &[Value::i32(2000)], "2000");
    assert_eq!(test.interp.stopped(), None);
}

#[test]
fn running_code_can_be_cancelled() {
    let mut test = Test::new();
    let f = endless(&mut test);
    let flag = Arc::new(AtomicBool::new(false));
    test.interp.set_budget(Budget {
        steps: None,
        cancel: Some(flag.clone()),
    });
    let other = std::thread::spawn(move || flag.store(true, Ordering::Relaxed));
    test.check(f, &[], "Exception: execution was cancelled");
    assert_eq!(test.interp.stopped(), Some(Stop::Cancelled));
    other.join().unwrap();
}
