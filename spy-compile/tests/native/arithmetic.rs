//! Primitives on numbers, against what the runtime's own functions give.

use spy_lang::ir::{ComplexOp, FloatOp, IntOp, Prim, Scalar, StmtKind};
use spy_lang::program::Value;
use spy_lang::types::{FloatType, IntType, TypeId};
use spy_runtime::Int;
use spy_runtime::complex::Complex;
use spy_runtime::error::Raise;
use spy_runtime::float::Float;

use crate::program::{Builder, assign, constant, local, output, prim, print, stmt, to_str};

const BINARY: [IntOp; 10] = [
    IntOp::Add,
    IntOp::Sub,
    IntOp::Mul,
    IntOp::FloorDiv,
    IntOp::Mod,
    IntOp::Pow,
    IntOp::LShift,
    IntOp::RShift,
    IntOp::Xor,
    IntOp::Lt,
];

fn apply<T: Int>(op: IntOp, a: T, b: T) -> Result<String, Raise> {
    let text = |value: T| value.to_string();
    match op {
        IntOp::Add => Ok(text(a.add(b))),
        IntOp::Sub => Ok(text(Int::sub(a, b))),
        IntOp::Mul => Ok(text(Int::mul(a, b))),
        IntOp::FloorDiv => Int::floor_div(a, b).map(text),
        IntOp::Mod => Int::floor_mod(a, b).map(text),
        IntOp::Pow => a.power(b).map(text),
        IntOp::LShift => Int::shl(a, b).map(text),
        IntOp::RShift => Int::shr(a, b).map(text),
        IntOp::Xor => Ok(text(a.xor(b))),
        IntOp::Lt => Ok(if a < b { "True" } else { "False" }.to_owned()),
        IntOp::Div
        | IntOp::And
        | IntOp::Or
        | IntOp::Eq
        | IntOp::Ne
        | IntOp::Le
        | IntOp::Gt
        | IntOp::Ge
        | IntOp::Neg
        | IntOp::Invert => unreachable!("not in the list"),
    }
}

/// Prints each operation on each pair of `values`, with known and with unknown operands.
fn check_int<T: Int>(ty: IntType, values: &[T]) {
    let id = TypeId::int(ty);
    let value = |value: T| constant(Value::Int(ty, value.to_i128()), id);
    let mut body = Vec::new();
    let mut expected = String::new();
    for op in BINARY {
        for (a, b) in values.iter().flat_map(|a| values.iter().map(|b| (*a, *b))) {
            let Ok(result) = apply(op, a, b) else {
                continue;
            };
            let operation = |x, y| to_str(prim(Prim::Int(ty, op), vec![x, y]));
            body.push(print(operation(value(a), value(b))));
            // Module variables are unknown to the optimizer.
            body.push(stmt(StmtKind::StoreGlobal(
                spy_lang::program::GlobalId(0),
                value(a),
            )));
            body.push(stmt(StmtKind::StoreGlobal(
                spy_lang::program::GlobalId(1),
                value(b),
            )));
            let global = |index| {
                let global = spy_lang::program::GlobalId(index);
                crate::program::expr(spy_lang::ir::ExprKind::Global(global), id)
            };
            body.push(print(operation(global(0), global(1))));
            body.push(print(operation(global(0), value(b))));
            for _ in 0..3 {
                expected += &format!("{result}\n");
            }
        }
    }
    let mut builder = Builder::new("");
    for name in ["a", "b"] {
        let zero = Value::Int(ty, 0);
        let fqn = spy_lang::types::Fqn::module("app").join(name);
        builder
            .program
            .add_global(fqn, id, &zero, spy_lang::source::Span::BUILTINS);
    }
    assert_eq!(output(&builder.main(&[], body)), expected);
}

#[test]
fn integers_of_8_bits() {
    check_int::<i8>(IntType::I8, &[i8::MIN, -7, -1, 0, 1, 2, 3, 8, 100, i8::MAX]);
    check_int::<u8>(IntType::U8, &[0, 1, 2, 3, 7, 8, 9, 200, u8::MAX]);
}

#[test]
fn integers_of_32_bits() {
    check_int::<i32>(
        IntType::I32,
        &[i32::MIN, -7, -2, -1, 0, 1, 2, 3, 31, 32, 64, i32::MAX],
    );
    check_int::<u32>(
        IntType::U32,
        &[0, 1, 2, 3, 31, 32, 33, u32::MAX - 1, u32::MAX],
    );
}

#[test]
fn integers_of_64_bits() {
    check_int::<i64>(
        IntType::I64,
        &[i64::MIN, -7, -1, 0, 1, 3, 10, 63, 64, i64::MAX],
    );
    check_int::<u64>(IntType::U64, &[0, 1, 3, 10, 63, 64, u64::MAX - 1, u64::MAX]);
}

#[test]
fn floats_divide_as_in_python() {
    let mut body = Vec::new();
    let mut expected = String::new();
    for (a, b) in [
        (7.0, 2.0),
        (-7.0, 2.0),
        (-0.0, 3.0),
        (1.0, 0.1),
        (-5.0, f64::INFINITY),
    ] {
        let operand = |value| constant(Value::F64(value), TypeId::F64);
        let results = [
            (FloatOp::FloorDiv, a.floor_div(b)),
            (FloatOp::Mod, a.floor_mod(b)),
            (FloatOp::Div, Float::true_div(a, b)),
        ];
        for (op, result) in results {
            let operands = vec![operand(a), operand(b)];
            body.push(print(to_str(prim(
                Prim::Float(FloatType::F64, op),
                operands,
            ))));
            let result = result.expect("no division by zero");
            expected += &format!("{}\n", spy_runtime::text::f64_repr(result));
        }
    }
    assert_eq!(output(&Builder::new("").main(&[], body)), expected);
}

#[test]
fn conversions_saturate() {
    let mut body = Vec::new();
    let mut expected = String::new();
    for value in [1e20, -1e20, f64::NAN, -3.99, 300.7, 127.9] {
        let operand = constant(Value::F64(value), TypeId::F64);
        for ty in IntType::ALL {
            let convert = Prim::Convert(Scalar::Float(FloatType::F64), Scalar::Int(ty));
            body.push(print(to_str(prim(convert, vec![operand.clone()]))));
            expected += &match ty {
                IntType::I8 => format!("{}\n", value as i8),
                IntType::U8 => format!("{}\n", value as u8),
                IntType::I32 => format!("{}\n", value as i32),
                IntType::U32 => format!("{}\n", value as u32),
                IntType::I64 => format!("{}\n", value as i64),
                IntType::U64 => format!("{}\n", value as u64),
            };
        }
    }
    assert_eq!(output(&Builder::new("").main(&[], body)), expected);
}

#[test]
fn complex_numbers_are_two_floats() {
    let (a, b) = (Complex::new(1.0, 2.0), Complex::new(3.0, -1.0));
    let results = [
        (ComplexOp::Add, a + b),
        (ComplexOp::Sub, a - b),
        (ComplexOp::Mul, a * b),
        (ComplexOp::Div, a.true_div(b).expect("not zero")),
    ];
    let mut body = vec![assign(0, constant(Value::Complex(a), TypeId::COMPLEX))];
    let mut expected = String::new();
    for (op, result) in results {
        let other = constant(Value::Complex(b), TypeId::COMPLEX);
        let operands = vec![local(0, TypeId::COMPLEX), other];
        body.push(print(to_str(prim(Prim::Complex(op), operands))));
        expected += &format!("{}\n", result.repr());
    }
    let locals = [("z", TypeId::COMPLEX, false)];
    assert_eq!(output(&Builder::new("").main(&locals, body)), expected);
}
