//! Operations on `str`.

use spy_lang::ir::{Prim, Runtime, Scalar, StrOp};
use spy_lang::types::IntType;

use crate::program::{Builder, i32, output, prim, print, run, str, to_str};

#[test]
fn texts_count_code_points() {
    let runtime = |function, args| prim(Prim::Runtime(function), args);
    let body = vec![
        print(to_str(runtime(Runtime::StrLen, vec![str("aé😀")]))),
        print(runtime(Runtime::StrGetItem, vec![str("aé😀"), i32(-2)])),
        print(runtime(Runtime::StrMul, vec![str("ab"), i32(3)])),
        print(to_str(runtime(
            Runtime::StrContains,
            vec![str("hello"), str("ell")],
        ))),
        print(to_str(prim(Prim::Str(StrOp::Lt), vec![str("a"), str("b")]))),
        print(to_str(prim(Prim::Str(StrOp::Ne), vec![str("a"), str("a")]))),
        print(prim(Prim::Repr(Scalar::Str), vec![str("it's")])),
        print(to_str(prim(Prim::Hash(Scalar::Str), vec![str("a")]))),
        print(to_str(prim(
            Prim::Convert(Scalar::Str, Scalar::Int(IntType::I32)),
            vec![str(" 4_2 ")],
        ))),
    ];
    let expected = "3\né\nababab\nTrue\nTrue\nFalse\n\"it's\"\n-468965076\n42\n";
    assert_eq!(output(&Builder::new("").main(&[], body)), expected);
}

#[test]
fn an_index_out_of_bound_raises() {
    let item = prim(Prim::Runtime(Runtime::StrGetItem), vec![str("abc"), i32(3)]);
    let run = run(&Builder::new("").main(&[], vec![print(item)]));
    assert!(
        run.stderr
            .ends_with("\n\nIndexError: string index out of bound\n")
    );
}

#[test]
fn a_text_that_is_no_number_raises() {
    let number = prim(
        Prim::Convert(Scalar::Str, Scalar::Int(IntType::U8)),
        vec![str("256")],
    );
    let run = run(&Builder::new("").main(&[], vec![print(to_str(number))]));
    let expected = "\n\nOverflowError: u8 value 256 out of range [0, 255]\n";
    assert!(run.stderr.ends_with(expected), "{}", run.stderr);
}
