//! Numbers: each fused form of an operator computes what the runtime says.

use spy_lang::ir::{BoolOp, ComplexOp, ExprKind, FloatOp, IntOp, Prim, Scalar};
use spy_lang::program::Value;
use spy_lang::types::{FloatType, IntType, TypeId};
use spy_runtime::Complex;

use crate::build::*;

/// Checks `a op b` with each operand as a constant, a local and a subexpression.
#[track_caller]
fn check_forms(prim_op: Prim, a: &Value, b: &Value, expected: &str) {
    let mut test = Test::new();
    let (params, result) = prim_op.signature();
    let forms = |id: u32, ty: TypeId, value: &Value| {
        let plain = local(id, ty);
        let block = expr(ExprKind::Block(vec![], Box::new(local(id, ty))), ty);
        [plain, constant(value.clone()), block]
    };
    for left in forms(0, params[0], a) {
        for right in forms(1, params[1], b) {
            let value = prim(prim_op, vec![left.clone(), right]);
            let returned = test.func("f", &params, result, &[], vec![ret(value.clone())]);
            test.check(returned, &[a.clone(), b.clone()], expected);
            let body = vec![assign(2, value), ret(local(2, result))];
            let stored = test.func("g", &params, result, &[result], body);
            test.check(stored, &[a.clone(), b.clone()], expected);
        }
    }
}

#[test]
fn integers_wrap_and_round_down() {
    let i32s = |op, a, b, expected| {
        check_forms(
            Prim::Int(IntType::I32, op),
            &Value::i32(a),
            &Value::i32(b),
            expected,
        );
    };
    i32s(IntOp::Add, i32::MAX, 1, "-2147483648");
    i32s(IntOp::Sub, 3, 5, "-2");
    i32s(IntOp::Mul, 1 << 20, 1 << 12, "0");
    i32s(IntOp::FloorDiv, -7, 2, "-4");
    i32s(IntOp::FloorDiv, -7, 3, "-3");
    i32s(IntOp::FloorDiv, i32::MIN, -1, "-2147483648");
    i32s(IntOp::FloorDiv, -5, 1, "-5");
    i32s(IntOp::Mod, -7, 8, "1");
    i32s(IntOp::Mod, 7, -8, "-1");
    i32s(IntOp::Mod, -7, 1, "0");
    i32s(IntOp::Pow, 2, 31, "-2147483648");
    i32s(IntOp::Div, 1, 2, "0.5");
    i32s(IntOp::LShift, 1, 40, "0");
    i32s(IntOp::RShift, -5, 40, "-1");
    i32s(IntOp::Xor, -1, 1, "-2");
    i32s(IntOp::Lt, -1, 1, "true");
    i32s(IntOp::Ge, -1, 1, "false");
    i32s(
        IntOp::FloorDiv,
        1,
        0,
        "ZeroDivisionError: integer division or modulo by zero",
    );
    i32s(
        IntOp::Mod,
        1,
        0,
        "ZeroDivisionError: integer modulo by zero",
    );
    i32s(IntOp::LShift, 1, -1, "ValueError: negative shift count");
}

#[test]
fn all_widths_keep_their_range() {
    for int in IntType::ALL {
        let value = |value| Value::Int(int, value);
        let min = int.min().to_string();
        check_forms(
            Prim::Int(int, IntOp::Add),
            &value(int.max()),
            &value(1),
            &min,
        );
        let half = (int.min() >> 1).to_string();
        check_forms(
            Prim::Int(int, IntOp::FloorDiv),
            &value(int.min()),
            &value(2),
            &half,
        );
        check_forms(
            Prim::Int(int, IntOp::Lt),
            &value(int.min()),
            &value(int.max()),
            "true",
        );
        let mut test = Test::new();
        let inverted = prim(
            Prim::Int(int, IntOp::Invert),
            vec![constant(value(int.min()))],
        );
        test.check_expr(inverted, &int.max().to_string());
    }
}

#[test]
fn floats_follow_python() {
    let f64s = |op, a, b, expected| {
        check_forms(
            Prim::Float(FloatType::F64, op),
            &Value::F64(a),
            &Value::F64(b),
            expected,
        );
    };
    f64s(FloatOp::Add, 0.1, 0.2, "0.30000000000000004");
    f64s(FloatOp::FloorDiv, -7.0, 2.0, "-4.0");
    f64s(FloatOp::Mod, -5.0, f64::INFINITY, "inf");
    f64s(FloatOp::Lt, f64::NAN, 1.0, "false");
    f64s(FloatOp::Ne, f64::NAN, f64::NAN, "true");
    f64s(
        FloatOp::Div,
        1.0,
        0.0,
        "ZeroDivisionError: float division by zero",
    );
    let f32s = |op, a, b, expected| {
        check_forms(
            Prim::Float(FloatType::F32, op),
            &Value::F32(a),
            &Value::F32(b),
            expected,
        );
    };
    f32s(FloatOp::Add, 16_777_216.0, 1.0, "16777216.0");
    f32s(FloatOp::Le, 1.0, 1.0, "true");
}

#[test]
fn bools_compare_and_combine() {
    let bools = |op, a, b, expected| {
        check_forms(Prim::Bool(op), &Value::Bool(a), &Value::Bool(b), expected);
    };
    bools(BoolOp::Lt, false, true, "true");
    bools(BoolOp::Xor, true, true, "false");
    bools(BoolOp::And, true, false, "false");
    let mut test = Test::new();
    test.check_expr(
        prim(Prim::Bool(BoolOp::Not), vec![constant(Value::Bool(true))]),
        "false",
    );
}

#[test]
fn complex_numbers_take_two_slots() {
    let (a, b) = (
        Value::Complex(Complex::new(1.0, 2.0)),
        Value::Complex(Complex::new(0.0, 1.0)),
    );
    check_forms(Prim::Complex(ComplexOp::Mul), &a, &b, "(-2+1j)");
    check_forms(Prim::Complex(ComplexOp::Div), &a, &b, "(2-1j)");
    check_forms(Prim::Complex(ComplexOp::Ne), &a, &b, "true");
    let zero = Value::Complex(Complex::default());
    let error = "ZeroDivisionError: complex division by zero";
    check_forms(Prim::Complex(ComplexOp::Div), &a, &zero, error);
    let mut test = Test::new();
    let negated = prim(Prim::Complex(ComplexOp::Neg), vec![constant(b)]);
    let bool_of = Prim::Convert(Scalar::Complex, Scalar::Bool);
    test.check_expr(prim(bool_of, vec![negated.clone()]), "true");
    test.check_expr(
        prim(Prim::ToStr(Scalar::Complex), vec![negated]),
        "\"(-0-1j)\"",
    );
}

/// Unary operators and conversions on constants, locals and subexpressions.
#[test]
fn unary_operators_take_any_operand() {
    let mut test = Test::new();
    let mut check = |op: Prim, arg: Value, expected: &str| {
        let (params, result) = op.signature();
        let place = local(0, params[0]);
        let block = expr(ExprKind::Block(vec![], Box::new(place.clone())), params[0]);
        for operand in [place, block, constant(arg.clone())] {
            let value = prim(op, vec![operand]);
            let body = vec![assign(1, value), ret(local(1, result))];
            let f = test.func("f", &params, result, &[result], body);
            test.check(f, std::slice::from_ref(&arg), expected);
        }
    };
    for int in IntType::ALL {
        let value = Value::Int(int, 1);
        let minus_one = int.wrap(-1).to_string();
        check(Prim::Int(int, IntOp::Neg), value.clone(), &minus_one);
        let to_i64 = Prim::Convert(Scalar::Int(int), Scalar::Int(IntType::I64));
        check(to_i64, Value::Int(int, int.min()), &int.min().to_string());
        let to_f64 = Prim::Convert(Scalar::Int(int), Scalar::Float(FloatType::F64));
        check(to_f64, value, "1.0");
    }
    let float = FloatType::F64;
    check(Prim::Float(float, FloatOp::Neg), Value::F64(0.0), "-0.0");
    check(
        Prim::Float(FloatType::F32, FloatOp::Neg),
        Value::F32(1.5),
        "-1.5",
    );
    let truncate = Prim::Convert(Scalar::Float(float), Scalar::Int(IntType::I32));
    check(truncate, Value::F64(-2.9), "-2");
    check(Prim::Bool(BoolOp::Not), Value::Bool(false), "true");
}

#[test]
fn conversions_wrap_saturate_and_parse() {
    let mut test = Test::new();
    let (i32_, f64_) = (Scalar::Int(IntType::I32), Scalar::Float(FloatType::F64));
    let mut check = |from, to, value, expected| {
        test.check_expr(
            prim(Prim::Convert(from, to), vec![constant(value)]),
            expected,
        );
    };
    check(i32_, Scalar::Int(IntType::U8), Value::i32(-1), "255");
    check(i32_, Scalar::Int(IntType::I64), Value::i32(-1), "-1");
    check(i32_, f64_, Value::i32(-3), "-3.0");
    check(f64_, i32_, Value::F64(1e20), "2147483647");
    check(f64_, Scalar::Bool, Value::F64(f64::NAN), "true");
    check(i32_, Scalar::Complex, Value::i32(2), "(2+0j)");
    check(Scalar::Bool, i32_, Value::Bool(true), "1");
    check(Scalar::Str, i32_, Value::str(" 42 "), "42");
    let error = "ValueError: invalid literal for int() with base 10: 'x'";
    check(Scalar::Str, i32_, Value::str("x"), error);
}
