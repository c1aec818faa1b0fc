//! Statements, structs and calls.

use std::rc::Rc;

use spy_lang::ir::{BoolOp, Expr, ExprKind, IntOp, LocalId, Prim, StmtKind};
use spy_lang::source::Span;
use spy_lang::types::{Field, Fqn, StructType, TypeId, TypeKind};

use crate::program::{
    Builder, I32, assign, call, expr, i32, int, local, output, prim, print, ret, stmt, str, to_str,
};

fn less(a: Expr, b: Expr) -> Expr {
    int(IntOp::Lt, a, b)
}

fn add(a: Expr, b: Expr) -> Expr {
    int(IntOp::Add, a, b)
}

#[test]
fn loops_break_continue_and_have_an_else() {
    let i = || local(0, I32);
    let is = |value| int(IntOp::Eq, i(), i32(value));
    for (stop, expected) in [(5, "1\n3\n4\n"), (50, "1\n3\n4\n5\n6\nelse\n")] {
        let body = vec![
            assign(0, add(i(), i32(1))),
            stmt(StmtKind::If(is(2), vec![stmt(StmtKind::Continue)], vec![])),
            stmt(StmtKind::If(is(stop), vec![stmt(StmtKind::Break)], vec![])),
            print(to_str(i())),
        ];
        let otherwise = vec![print(str("else"))];
        let body = vec![
            assign(0, i32(0)),
            stmt(StmtKind::While(less(i(), i32(6)), body, otherwise)),
        ];
        assert_eq!(
            output(&Builder::new("").main(&[("i", I32, false)], body)),
            expected
        );
    }
}

#[test]
fn conditions_stop_early() {
    let mut builder = Builder::new("");
    let loud = builder.declare("loud", &[I32], TypeId::BOOL);
    let body = vec![
        print(to_str(local(0, I32))),
        ret(less(local(0, I32), i32(3))),
    ];
    builder.body(loud, &[("x", I32, false)], body);
    let test = |value| Box::new(call(loud, vec![i32(value)], TypeId::BOOL));
    let and = expr(ExprKind::And(test(4), test(1)), TypeId::BOOL);
    let or = expr(ExprKind::Or(Box::new(and), test(2)), TypeId::BOOL);
    let not = prim(Prim::Bool(BoolOp::Not), vec![or.clone()]);
    let (yes, no) = (Box::new(str("yes")), Box::new(str("no")));
    let body = vec![
        print(to_str(or.clone())),
        stmt(StmtKind::If(
            not,
            vec![print(str("a"))],
            vec![print(str("b"))],
        )),
        print(expr(ExprKind::If(Box::new(or), yes, no), TypeId::STR)),
    ];
    let expected = "4\n2\nTrue\n4\n2\nb\n4\n2\nyes\n";
    assert_eq!(output(&builder.main(&[], body)), expected);
}

#[test]
fn structs_travel_as_scalars() {
    let mut builder = Builder::new("");
    let types = [I32, TypeId::F64, TypeId::STR, TypeId::I64];
    let field = |(index, ty): (usize, &TypeId)| Field {
        name: Rc::from(format!("f{index}")),
        ty: *ty,
        offset_bytes: 8 * index as u32,
        default: None,
        span: Span::BUILTINS,
    };
    let fields = types.iter().enumerate().map(field).collect();
    let layout = StructType {
        fields,
        size_bytes: 32,
        align_bytes: 8,
    };
    let fqn = Fqn::module("app").join("S");
    let kind = TypeKind::Struct(Some(layout));
    let ty = builder.program.types.add(fqn, kind, Span::BUILTINS);
    let change = builder.declare("change", &[ty], ty);
    let part =
        |value: Expr, index: usize| expr(ExprKind::GetField(Box::new(value), index), types[index]);
    let mut fields: Vec<Expr> = (0..4).map(|index| part(local(0, ty), index)).collect();
    fields[0] = add(fields[0].clone(), i32(1));
    let made = expr(ExprKind::MakeStruct(fields), ty);
    // A call of itself keeps it from being inlined.
    let stop = less(i32(0), part(local(0, ty), 0));
    let again = call(change, vec![made], ty);
    let body = vec![stmt(StmtKind::If(
        stop,
        vec![ret(local(0, ty))],
        vec![ret(again)],
    ))];
    builder.body(change, &[("s", ty, false)], body);
    let float = crate::program::constant(spy_lang::program::Value::F64(1.5), TypeId::F64);
    let long = spy_lang::program::Value::Int(spy_lang::types::IntType::I64, i128::from(i64::MIN));
    let long = crate::program::constant(long, TypeId::I64);
    let start = expr(
        ExprKind::MakeStruct(vec![i32(-5), float, str("x"), long]),
        ty,
    );
    let targets = (0..4).map(LocalId).collect();
    let mut body = vec![stmt(StmtKind::Unpack(
        targets,
        call(change, vec![start], ty),
    ))];
    body.extend(
        types
            .iter()
            .zip(0..)
            .map(|(ty, index)| print(to_str(local(index, *ty)))),
    );
    let names = ["a", "b", "c", "d"];
    let locals: Vec<_> = names
        .iter()
        .zip(types)
        .map(|(name, ty)| (*name, ty, false))
        .collect();
    let expected = "1\n1.5\nx\n-9223372036854775808\n";
    assert_eq!(output(&builder.main(&locals, body)), expected);
}

#[test]
fn operands_are_evaluated_in_order() {
    let walrus = expr(ExprKind::AssignLocal(LocalId(0), Box::new(i32(10))), I32);
    let sum = add(int(IntOp::Mul, local(0, I32), i32(100)), walrus);
    let body = vec![
        assign(0, i32(1)),
        print(to_str(sum)),
        print(to_str(local(0, I32))),
    ];
    assert_eq!(
        output(&Builder::new("").main(&[("x", I32, false)], body)),
        "110\n10\n"
    );
}
