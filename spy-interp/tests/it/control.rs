//! Statements, conditions and calls.

use spy_lang::ir::{ExprKind, IntOp, LocalId, StmtKind};
use spy_lang::program::Value;
use spy_lang::source::Span;
use spy_lang::types::{Fqn, TypeId};

use crate::build::*;

const I32: TypeId = TypeId::I32;

fn less(left: spy_lang::ir::Expr, right: spy_lang::ir::Expr) -> spy_lang::ir::Expr {
    int(IntOp::Lt, left, right)
}

fn add_to(id: u32, value: spy_lang::ir::Expr) -> spy_lang::ir::Stmt {
    assign(id, int(IntOp::Add, var(id), value))
}

#[test]
fn functions_recurse() {
    let mut test = Test::new();
    let fib = test.declare("fib", &[I32], I32);
    let back = |n| call(fib, vec![int(IntOp::Sub, var(0), number(n))], I32);
    let body = vec![
        if_(less(var(0), number(2)), vec![ret(var(0))], vec![]),
        ret(int(IntOp::Add, back(1), back(2))),
    ];
    test.define(fib, &[], body);
    test.check(fib, &[Value::i32(20)], "6765");
}

/// `i = 0; s = 0; while i < n: i += 1; if i == 3: continue; if i == 6: break; s += i; else: s += 100`
#[test]
fn loops_break_continue_and_end() {
    let mut test = Test::new();
    let is = |n| int(IntOp::Eq, var(1), number(n));
    let body = vec![
        add_to(1, number(1)),
        if_(is(3), vec![stmt(StmtKind::Continue)], vec![]),
        if_(is(6), vec![stmt(StmtKind::Break)], vec![]),
        add_to(2, var(1)),
    ];
    let body = vec![
        assign(1, number(0)),
        assign(2, number(0)),
        while_(less(var(1), var(0)), body, vec![add_to(2, number(100))]),
        ret(var(2)),
    ];
    let f = test.func("f", &[I32], I32, &[I32, I32], body);
    test.check(f, &[Value::i32(0)], "100");
    test.check(f, &[Value::i32(4)], "107");
    test.check(f, &[Value::i32(9)], "12");
}

#[test]
fn returns_leave_nested_loops() {
    let mut test = Test::new();
    let forever = || constant(Value::Bool(true));
    let inner = vec![
        add_to(1, number(1)),
        if_(
            less(var(0), var(1)),
            vec![ret(int(IntOp::Mul, var(1), number(10)))],
            vec![],
        ),
        stmt(StmtKind::Pass),
    ];
    let outer = vec![while_(forever(), inner, vec![]), add_to(1, number(1000))];
    let body = vec![assign(1, number(0)), while_(forever(), outer, vec![])];
    let f = test.func("f", &[I32], I32, &[I32], body);
    test.check(f, &[Value::i32(4)], "50");
}

#[test]
fn breaks_in_the_else_part_leave_the_outer_loop() {
    let mut test = Test::new();
    let never = || constant(Value::Bool(false));
    let inner = while_(never(), vec![], vec![stmt(StmtKind::Break)]);
    let outer = while_(
        less(var(0), number(5)),
        vec![add_to(0, number(1)), inner],
        vec![],
    );
    let f = test.func("f", &[I32], I32, &[], vec![outer, ret(var(0))]);
    test.check(f, &[Value::i32(0)], "1");
}

/// Ifs that leave in one branch, both, or only sometimes.
#[test]
fn tails_of_all_shapes_return() {
    let mut test = Test::new();
    let below = |n| less(var(0), number(n));
    let sometimes = if_(
        below(3),
        vec![if_(below(2), vec![ret(number(2))], vec![])],
        vec![],
    );
    let body = vec![
        if_(
            below(0),
            vec![ret(number(-1))],
            vec![if_(below(1), vec![ret(number(0))], vec![])],
        ),
        sometimes,
        if_(below(4), vec![add_to(0, number(10))], vec![ret(number(99))]),
        ret(var(0)),
    ];
    let f = test.func("f", &[I32], I32, &[], body);
    for (arg, expected) in [
        (-5, "-1"),
        (0, "0"),
        (1, "2"),
        (2, "12"),
        (3, "13"),
        (4, "99"),
    ] {
        test.check(f, &[Value::i32(arg)], expected);
    }
}

#[test]
fn long_chains_of_returns_work() {
    let mut test = Test::new();
    let case = |n| {
        if_(
            int(IntOp::Eq, var(0), number(n)),
            vec![ret(number(n * 2))],
            vec![],
        )
    };
    let body = (0..2000).map(case).chain([ret(number(-1))]).collect();
    let f = test.func("f", &[I32], I32, &[], body);
    test.check(f, &[Value::i32(0)], "0");
    test.check(f, &[Value::i32(1999)], "3998");
    test.check(f, &[Value::i32(2000)], "-1");
}

#[test]
fn conditions_short_circuit() {
    let mut test = Test::new();
    let crash = || int(IntOp::Lt, int(IntOp::Mod, number(1), number(0)), number(1));
    let truth = |value| constant(Value::Bool(value));
    let both = |a, b| expr(ExprKind::And(Box::new(a), Box::new(b)), TypeId::BOOL);
    let either = |a, b| expr(ExprKind::Or(Box::new(a), Box::new(b)), TypeId::BOOL);
    test.check_expr(both(truth(false), crash()), "false");
    test.check_expr(both(truth(true), truth(true)), "true");
    test.check_expr(either(truth(true), crash()), "true");
    test.check_expr(either(truth(false), truth(false)), "false");
    let chosen = |test| {
        let (then, otherwise) = (Box::new(number(1)), Box::new(number(2)));
        expr(ExprKind::If(Box::new(test), then, otherwise), I32)
    };
    test.check_expr(chosen(truth(false)), "2");
    test.check_expr(chosen(less(number(1), number(2))), "1");
}

/// `x + (x := 5) + x`
#[test]
fn operands_are_evaluated_left_to_right() {
    let mut test = Test::new();
    let set = expr(ExprKind::AssignLocal(LocalId(0), Box::new(number(5))), I32);
    let sum = int(IntOp::Add, int(IntOp::Add, var(0), set.clone()), var(0));
    let f = test.func("f", &[I32], I32, &[], vec![ret(sum)]);
    test.check(f, &[Value::i32(100)], "110");
    let pair = test.func(
        "pair",
        &[I32, I32],
        I32,
        &[],
        vec![ret(int(
            IntOp::Sub,
            int(IntOp::Mul, var(0), number(1000)),
            var(1),
        ))],
    );
    let g = test.func(
        "g",
        &[I32],
        I32,
        &[],
        vec![ret(call(pair, vec![var(0), set], I32))],
    );
    test.check(g, &[Value::i32(7)], "6995");
}

/// `f(f(1, 2), f(3, f(4, 5)))`: arguments in the making survive other calls.
#[test]
fn nested_calls_do_not_disturb_arguments() {
    let mut test = Test::new();
    let sum = int(IntOp::Add, int(IntOp::Mul, var(0), number(10)), var(1));
    let f = test.func("f", &[I32, I32], I32, &[], vec![ret(sum)]);
    let f = |a, b| call(f, vec![a, b], I32);
    let inner = f(number(3), f(number(4), number(5)));
    test.check_expr(f(f(number(1), number(2)), inner), "195");
}

#[test]
fn variables_of_modules_are_shared() {
    let mut test = Test::new();
    let fqn = Fqn::module("test").join("N");
    let n = test
        .program
        .add_global(fqn, I32, &Value::i32(40), Span::BUILTINS);
    let read = || expr(ExprKind::Global(n), I32);
    let bump = stmt(StmtKind::StoreGlobal(n, int(IntOp::Add, read(), number(1))));
    let f = test.func("f", &[], I32, &[], vec![bump, ret(read())]);
    test.check(f, &[], "41");
    test.program.store_global(n, &Value::i32(7));
    test.check(f, &[], "8");
    assert_eq!(show(&test.program.load_global(n)), "8");
    let set = expr(ExprKind::AssignGlobal(n, Box::new(number(3))), I32);
    test.check_expr(int(IntOp::Add, set, read()), "6");
}

#[test]
fn blocks_run_before_their_value() {
    let mut test = Test::new();
    let count = while_(less(var(0), number(10)), vec![add_to(0, number(3))], vec![]);
    let block = expr(ExprKind::Block(vec![count], Box::new(var(0))), I32);
    let f = test.func(
        "f",
        &[I32],
        I32,
        &[],
        vec![ret(int(IntOp::Add, var(0), block))],
    );
    test.check(f, &[Value::i32(1)], "11");
}
