//! Integer operators on all pairs of 8-bit values, and on pairs of interesting and random wider
//! ones: folding, interpreter and native code against a model that knows no width.

use spy_lang::ir::{IntOp, Prim};
use spy_lang::program::Value;
use spy_lang::redshift::fold;
use spy_lang::types::IntType;

use super::check_everywhere;

/// The operators with their symbols.
const OPERATORS: [(&str, IntOp); 18] = [
    ("+", IntOp::Add),
    ("-", IntOp::Sub),
    ("*", IntOp::Mul),
    ("/", IntOp::Div),
    ("//", IntOp::FloorDiv),
    ("%", IntOp::Mod),
    ("**", IntOp::Pow),
    ("<<", IntOp::LShift),
    (">>", IntOp::RShift),
    ("&", IntOp::And),
    ("|", IntOp::Or),
    ("^", IntOp::Xor),
    ("==", IntOp::Eq),
    ("!=", IntOp::Ne),
    ("<", IntOp::Lt),
    ("<=", IntOp::Le),
    (">", IntOp::Gt),
    (">=", IntOp::Ge),
];

/// What an operation yields, or the text of the exception it raises.
fn model(int: IntType, op: IntOp, a: i128, b: i128) -> Result<Value, &'static str> {
    let integer = |value: i128| Ok(Value::Int(int, int.wrap(value)));
    let truth = |value: bool| Ok(Value::Bool(value));
    match op {
        IntOp::Add => integer(a + b),
        IntOp::Sub => integer(a - b),
        IntOp::Mul => integer(a.wrapping_mul(b)),
        IntOp::Div if b == 0 => Err("division by zero"),
        IntOp::Div => Ok(Value::F64(a as f64 / b as f64)),
        IntOp::FloorDiv if b == 0 => Err("integer division or modulo by zero"),
        IntOp::FloorDiv => integer(floor_quotient(a, b)),
        IntOp::Mod if b == 0 => Err("integer modulo by zero"),
        IntOp::Mod => integer(a - b * floor_quotient(a, b)),
        IntOp::Pow if b < 0 && a == 0 => Err("0 cannot be raised to a negative power"),
        IntOp::Pow if b < 0 => Err("integer ** negative exponent"),
        IntOp::Pow => integer(power(a, b)),
        IntOp::LShift | IntOp::RShift if b < 0 => Err("negative shift count"),
        IntOp::LShift => integer(if b < 64 { a << b } else { 0 }),
        IntOp::RShift => integer(a >> b.min(100)),
        IntOp::And => integer(a & b),
        IntOp::Or => integer(a | b),
        IntOp::Xor => integer(a ^ b),
        IntOp::Eq => truth(a == b),
        IntOp::Ne => truth(a != b),
        IntOp::Lt => truth(a < b),
        IntOp::Le => truth(a <= b),
        IntOp::Gt => truth(a > b),
        IntOp::Ge => truth(a >= b),
        IntOp::Neg | IntOp::Invert => unreachable!("these have one operand"),
    }
}

/// The largest integer that is not above the quotient.
fn floor_quotient(a: i128, b: i128) -> i128 {
    let (a, b) = if b < 0 { (-a, -b) } else { (a, b) };
    a.div_euclid(b)
}

/// The power modulo 2^128.
fn power(base: i128, exponent: i128) -> i128 {
    let (mut result, mut square, mut rest) = (1_i128, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = result.wrapping_mul(square);
        }
        square = square.wrapping_mul(square);
        rest >>= 1;
    }
    result
}

/// The condition under which an operation raises nothing.
fn guard(int: IntType, op: IntOp) -> &'static str {
    let divides = matches!(op, IntOp::Div | IntOp::FloorDiv | IntOp::Mod);
    let counts = matches!(op, IntOp::Pow | IntOp::LShift | IntOp::RShift);
    if divides {
        "b != 0"
    } else if counts && int.is_signed() {
        "b >= 0"
    } else {
        "True"
    }
}

/// A result as an `i64`, as the program computes it too.
fn digest(value: &Value) -> i64 {
    if let Value::Int(_, value) = value {
        *value as i64
    } else if let Value::Bool(value) = value {
        i64::from(*value)
    } else if let Value::F64(value) = value {
        (value * 1000.0) as i64
    } else {
        unreachable!("no operator yields {value:?}")
    }
}

fn folded(int: IntType, op: IntOp, a: i128, b: i128) -> Result<Value, String> {
    let operands = [Value::Int(int, a), Value::Int(int, b)];
    fold::apply(Prim::Int(int, op), &operands).map_err(|raise| raise.message.into_owned())
}

/// All pairs folded, and run in a program of which the checksums are known.
fn check(int: IntType, values: &[i128], declared: &str, title: &'static str) {
    let name = int.name();
    let mut text = format!("{declared}\ndef main() -> None:\n    var h = i64(0)\n");
    for (symbol, op) in OPERATORS {
        let mut sum = 17_i64;
        for &a in values {
            for &b in values {
                let expected = model(int, op, a, b);
                match (&expected, &folded(int, op, a, b)) {
                    (Ok(expected), Ok(found)) => {
                        let same = std::mem::discriminant(expected)
                            == std::mem::discriminant(found)
                            && digest(expected) == digest(found);
                        assert!(same, "{name}({a}) {symbol} {name}({b}) gives {found:?}");
                        sum = sum.wrapping_mul(31).wrapping_add(digest(expected));
                    }
                    (Err(expected), Err(found)) => assert_eq!(expected, found),
                    (expected, found) => {
                        panic!("{name}({a}) {symbol} {name}({b}) is {found:?}, not {expected:?}")
                    }
                }
            }
        }
        let result = if op == IntOp::Div {
            "a / b * 1000.0".to_owned()
        } else {
            format!("a {symbol} b")
        };
        text += &format!(
            "    h = i64(17)\n    for a in values():\n        for b in values():\n            \
             if {}:\n                h = h * i64(31) + i64({result})\n    print(\"{symbol}\", h)\n    \
             # out: {symbol} {sum}\n",
            guard(int, op),
        );
    }
    check_everywhere(title, text);
}

/// A function `values` that returns all values of an 8-bit type.
fn all_values(int: IntType) -> String {
    format!(
        "def values() -> list[{0}]:\n    found: list[{0}] = []\n    for i in range({1}, {2}):\n        \
         x: {0} = i\n        found.append(x)\n    return found\n",
        int.name(),
        int.min(),
        int.max() + 1
    )
}

#[test]
fn all_pairs_of_i8() {
    let values: Vec<i128> = (-128..128).collect();
    check(
        IntType::I8,
        &values,
        &all_values(IntType::I8),
        "all pairs of i8",
    );
}

#[test]
fn all_pairs_of_u8() {
    let values: Vec<i128> = (0..256).collect();
    check(
        IntType::U8,
        &values,
        &all_values(IntType::U8),
        "all pairs of u8",
    );
}

/// Values at the edges of a type and of its parts, and pseudo-random ones of all sizes.
fn interesting(int: IntType) -> Vec<i128> {
    let mut values = vec![int.min(), int.min() + 1, int.max() - 1, int.max()];
    for power in [1, 7, 8, 15, 16, 31, 32, 62, 63] {
        let at = 1_i128 << power;
        values.extend([at - 1, at, at + 1, -at - 1, -at, -at + 1]);
    }
    values.extend(-3..=9);
    values.extend([31, 32, 33, 63, 64, 65, 100]);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for index in 0..24 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        values.push(i128::from((state as i64) >> (2 * index)));
    }
    values.retain(|value| (int.min()..=int.max()).contains(value));
    values.sort_unstable();
    values.dedup();
    values
}

#[test]
fn wider_types() {
    for int in [IntType::I32, IntType::U32, IntType::I64, IntType::U64] {
        let values = interesting(int);
        let name = int.name();
        let items: Vec<String> = values
            .iter()
            .map(|value| format!("{name}({value})"))
            .collect();
        let items = items.join(", ");
        let declared = format!("def values() -> list[{name}]:\n    return [{items}]\n");
        check(int, &values, &declared, "wider types");
    }
}
