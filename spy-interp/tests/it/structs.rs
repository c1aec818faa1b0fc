//! Values of several slots, or of none.

use spy_lang::ir::{Expr, ExprKind, IntOp, LocalId, StmtKind};
use spy_lang::program::Value;
use spy_lang::source::Span;
use spy_lang::types::{Fqn, TypeId};

use crate::build::*;

const I32: TypeId = TypeId::I32;

/// `Point(x, y)` and `Line(a: Point, tag: None, b: Point)`
fn shapes(test: &mut Test) -> (TypeId, TypeId) {
    let point = test.structure("Point", &[I32, I32]);
    let line = test.structure("Line", &[point, TypeId::NONE, point]);
    (point, line)
}

fn none() -> Expr {
    constant(Value::None)
}

#[test]
fn structs_are_parameters_and_results() {
    let mut test = Test::new();
    let (point, line) = shapes(&mut test);
    let p = |id| local(id, point);
    let swapped = make(point, vec![field(p(0), 1, I32), field(p(0), 0, I32)]);
    let swap = test.func("swap", &[point], point, &[], vec![ret(swapped)]);
    let both = make(line, vec![call(swap, vec![p(1)], point), none(), p(0)]);
    let join = test.func("join", &[point, point], line, &[], vec![ret(both)]);
    let point_of = |x, y| make(point, vec![number(x), number(y)]);
    let joined = || call(join, vec![point_of(1, 2), point_of(3, 4)], line);
    test.check_expr(joined(), "((4, 3), None, (1, 2))");
    test.check_expr(field(joined(), 2, point), "(1, 2)");
    test.check_expr(field(field(joined(), 0, point), 1, I32), "3");
    let arg = Value::Struct(point, [Value::i32(8), Value::i32(9)].into());
    test.check(swap, &[arg], "(9, 8)");
}

/// `p = Point(p.y, p.x)`
#[test]
fn assignments_read_before_they_write() {
    let mut test = Test::new();
    let (point, _) = shapes(&mut test);
    let p = || local(2, point);
    let body = vec![
        assign(2, make(point, vec![var(0), var(1)])),
        assign(2, make(point, vec![field(p(), 1, I32), field(p(), 0, I32)])),
        ret(p()),
    ];
    let f = test.func("f", &[I32, I32], point, &[point], body);
    test.check(f, &[Value::i32(1), Value::i32(2)], "(2, 1)");
}

#[test]
fn structs_unpack_into_locals() {
    let mut test = Test::new();
    let (point, _) = shapes(&mut test);
    let pair = make(point, vec![var(1), var(0)]);
    let swap = stmt(StmtKind::Unpack(vec![LocalId(0), LocalId(1)], pair));
    let result = int(IntOp::Add, int(IntOp::Mul, var(0), number(10)), var(1));
    let f = test.func("f", &[I32, I32], I32, &[], vec![swap, ret(result)]);
    test.check(f, &[Value::i32(1), Value::i32(2)], "21");
}

#[test]
fn structs_return_from_loops() {
    let mut test = Test::new();
    let (point, _) = shapes(&mut test);
    let result = make(point, vec![var(1), var(0)]);
    let body = vec![if_(constant(Value::Bool(true)), vec![ret(result)], vec![])];
    let body = vec![while_(constant(Value::Bool(true)), body, vec![])];
    let f = test.func("f", &[I32, I32], point, &[], body);
    test.check(f, &[Value::i32(1), Value::i32(2)], "(2, 1)");
}

#[test]
fn structs_are_chosen_and_assigned_in_expressions() {
    let mut test = Test::new();
    let (point, _) = shapes(&mut test);
    let of = |x, y| Box::new(make(point, vec![number(x), number(y)]));
    let test_ = Box::new(int(IntOp::Lt, var(0), number(0)));
    let chosen = expr(ExprKind::If(test_, of(1, 2), of(3, 4)), point);
    let set = expr(ExprKind::AssignLocal(LocalId(1), Box::new(chosen)), point);
    let sum = int(
        IntOp::Add,
        field(set, 0, I32),
        field(local(1, point), 1, I32),
    );
    let f = test.func("f", &[I32], I32, &[point], vec![ret(sum)]);
    test.check(f, &[Value::i32(-1)], "3");
    test.check(f, &[Value::i32(0)], "7");
}

#[test]
fn structs_lie_in_module_variables() {
    let mut test = Test::new();
    let (point, _) = shapes(&mut test);
    let initial = Value::Struct(point, [Value::i32(1), Value::i32(2)].into());
    let fqn = Fqn::module("test").join("P");
    let global = test
        .program
        .add_global(fqn, point, &initial, Span::BUILTINS);
    let read = || expr(ExprKind::Global(global), point);
    let swapped = make(point, vec![field(read(), 1, I32), field(read(), 0, I32)]);
    let body = vec![stmt(StmtKind::StoreGlobal(global, swapped)), ret(read())];
    let f = test.func("f", &[], point, &[], body);
    test.check(f, &[], "(2, 1)");
    assert_eq!(show(&test.program.load_global(global)), "(2, 1)");
}

#[test]
fn structs_of_one_slot_are_that_slot() {
    let mut test = Test::new();
    let inner = test.structure("Inner", &[TypeId::NONE, I32]);
    let outer = test.structure("Outer", &[inner]);
    let value = make(outer, vec![make(inner, vec![none(), number(5)])]);
    let f = test.func("f", &[outer], outer, &[], vec![ret(local(0, outer))]);
    let result = call(f, vec![value], outer);
    test.check_expr(result.clone(), "((None, 5))");
    test.check_expr(field(field(result, 0, inner), 1, I32), "5");
}

#[test]
fn none_takes_no_slot() {
    let mut test = Test::new();
    let f = test.func(
        "f",
        &[TypeId::NONE, I32],
        TypeId::NONE,
        &[],
        vec![ret(local(0, TypeId::NONE))],
    );
    let body = vec![assign(0, call(f, vec![none(), number(1)], TypeId::NONE))];
    let g = test.func("g", &[], TypeId::NONE, &[TypeId::NONE], body);
    test.check(g, &[], "None");
}
