//! Primitives applied at compile time, by way of the runtime crate.

use std::cmp::Ordering;

use spy_runtime::complex::Complex;
use spy_runtime::convert;
use spy_runtime::error::{ErrorKind, Raise};
use spy_runtime::float::Float;
use spy_runtime::int::Int;
use spy_runtime::text;
use spy_runtime::{format, hash};

use super::library::{apply_runtime, check_width};
use crate::ir::{BoolOp, ComplexOp, FloatOp, IntOp, Prim, Scalar, StrOp, UncheckedOp};
use crate::program::Value;
use crate::types::{FloatType, IntType};
use crate::with_int;

/// The result of a primitive without effects on values of exactly its parameter types.
pub fn apply(prim: Prim, args: &[Value]) -> Result<Value, Raise> {
    match prim {
        Prim::Int(int, op) => apply_int(int, op, args),
        Prim::Float(float, op) => apply_float(float, op, args),
        Prim::Complex(op) => apply_complex(op, args),
        Prim::Unchecked(of, op) => apply_unchecked(of, op, args),
        Prim::Bool(op) => Ok(Value::Bool(apply_bool(op, args))),
        Prim::Str(op) => Ok(Value::Bool(apply_str(
            op,
            text_of(&args[0]),
            text_of(&args[1]),
        ))),
        Prim::Convert(from, to) => convert_value(from, to, &args[0]),
        Prim::ToStr(_) => Ok(Value::Str(to_str(&args[0]).into())),
        Prim::Repr(_) => Ok(Value::Str(repr(&args[0]).into())),
        Prim::Format(_) => {
            let spec = text_of(&args[1]);
            let numbers = spec.split(|c: char| !c.is_ascii_digit());
            for number in numbers.filter(|digits| !digits.is_empty()) {
                check_width(number.parse().unwrap_or(i64::MAX))?;
            }
            format_value(&args[0], spec)
        }
        Prim::Hash(_) => Ok(Value::i32(hash_of(&args[0]))),
        Prim::Runtime(function) => apply_runtime(function, args),
    }
}

pub(super) fn integer(value: &Value) -> i128 {
    let Value::Int(_, value) = value else {
        unreachable!("operands have the primitive's types")
    };
    *value
}

pub(super) fn text_of(value: &Value) -> &str {
    let Value::Str(text) = value else {
        unreachable!("operands have the primitive's types")
    };
    text
}

fn boolean(value: &Value) -> bool {
    let Value::Bool(value) = value else {
        unreachable!("operands have the primitive's types")
    };
    *value
}

pub(super) fn complex(value: &Value) -> Complex {
    let Value::Complex(value) = value else {
        unreachable!("operands have the primitive's types")
    };
    *value
}

/// The value of a float; exact for `f32` too.
pub(super) fn double(value: &Value) -> f64 {
    match value {
        Value::F64(value) => *value,
        Value::F32(value) => f64::from(*value),
        _ => unreachable!("operands have the primitive's types"),
    }
}

fn apply_int(int: IntType, op: IntOp, args: &[Value]) -> Result<Value, Raise> {
    let left = integer(&args[0]);
    let right = args.get(1).map_or(0, integer);
    with_int!(int, T => int_op::<T>(int, op, T::from_i128(left), T::from_i128(right)))
}

fn int_op<T: Int>(int: IntType, op: IntOp, a: T, b: T) -> Result<Value, Raise> {
    let wrapped = |value: T| Ok(Value::Int(int, value.to_i128()));
    match op {
        IntOp::Add => wrapped(a.add(b)),
        IntOp::Sub => wrapped(a.sub(b)),
        IntOp::Mul => wrapped(a.mul(b)),
        IntOp::Div => a.true_div(b).map(Value::F64),
        IntOp::FloorDiv => wrapped(a.floor_div(b)?),
        IntOp::Mod => wrapped(a.floor_mod(b)?),
        IntOp::Pow => wrapped(a.power(b)?),
        IntOp::LShift => wrapped(a.shl(b)?),
        IntOp::RShift => wrapped(a.shr(b)?),
        IntOp::And => wrapped(a.and(b)),
        IntOp::Or => wrapped(a.or(b)),
        IntOp::Xor => wrapped(a.xor(b)),
        IntOp::Neg => wrapped(a.neg()),
        IntOp::Invert => wrapped(a.invert()),
        IntOp::Eq => Ok(Value::Bool(a == b)),
        IntOp::Ne => Ok(Value::Bool(a != b)),
        IntOp::Lt => Ok(Value::Bool(a < b)),
        IntOp::Le => Ok(Value::Bool(a <= b)),
        IntOp::Gt => Ok(Value::Bool(a > b)),
        IntOp::Ge => Ok(Value::Bool(a >= b)),
    }
}

fn apply_float(float: FloatType, op: FloatOp, args: &[Value]) -> Result<Value, Raise> {
    let left = double(&args[0]);
    let right = args.get(1).map_or(0.0, double);
    match float {
        FloatType::F32 => float_op(op, left as f32, right as f32, Value::F32),
        FloatType::F64 => float_op(op, left, right, Value::F64),
    }
}

fn float_op<T: Float>(op: FloatOp, a: T, b: T, wrap: fn(T) -> Value) -> Result<Value, Raise> {
    match op {
        FloatOp::Add => Ok(wrap(a.add(b))),
        FloatOp::Sub => Ok(wrap(a.sub(b))),
        FloatOp::Mul => Ok(wrap(a.mul(b))),
        FloatOp::Div => a.true_div(b).map(wrap),
        FloatOp::FloorDiv => a.floor_div(b).map(wrap),
        FloatOp::Mod => a.floor_mod(b).map(wrap),
        FloatOp::Pow => a.power(b).map(wrap),
        FloatOp::Neg => Ok(wrap(a.neg())),
        FloatOp::Eq => Ok(Value::Bool(a == b)),
        FloatOp::Ne => Ok(Value::Bool(a != b)),
        FloatOp::Lt => Ok(Value::Bool(a < b)),
        FloatOp::Le => Ok(Value::Bool(a <= b)),
        FloatOp::Gt => Ok(Value::Bool(a > b)),
        FloatOp::Ge => Ok(Value::Bool(a >= b)),
    }
}

/// The operator of the same meaning, whose failure is one of unsafe code.
fn apply_unchecked(of: Scalar, op: UncheckedOp, args: &[Value]) -> Result<Value, Raise> {
    let done = match of {
        Scalar::Float(float) if op == UncheckedOp::Ieee => {
            let (a, b) = (double(&args[0]), double(&args[1]));
            Ok(match float {
                FloatType::F32 => Value::F32((a as f32).ieee754_div(b as f32)),
                FloatType::F64 => Value::F64(a.ieee754_div(b)),
            })
        }
        Scalar::Float(float) => apply_float(float, op.on_floats(), args),
        Scalar::Int(int) => apply_int(int, op.on_ints(), args),
        Scalar::Bool | Scalar::Complex | Scalar::Str => unreachable!("only numbers are divided"),
    };
    done.map_err(|raise| Raise {
        kind: ErrorKind::PanicError,
        ..raise
    })
}

fn apply_complex(op: ComplexOp, args: &[Value]) -> Result<Value, Raise> {
    let a = complex(&args[0]);
    let b = args.get(1).map_or(a, complex);
    match op {
        ComplexOp::Add => Ok(Value::Complex(a + b)),
        ComplexOp::Sub => Ok(Value::Complex(a - b)),
        ComplexOp::Mul => Ok(Value::Complex(a * b)),
        ComplexOp::Div => a.true_div(b).map(Value::Complex),
        ComplexOp::Neg => Ok(Value::Complex(-a)),
        ComplexOp::Eq => Ok(Value::Bool(a == b)),
        ComplexOp::Ne => Ok(Value::Bool(a != b)),
    }
}

fn apply_bool(op: BoolOp, args: &[Value]) -> bool {
    let a = boolean(&args[0]);
    let b = args.get(1).is_some_and(boolean);
    match op {
        BoolOp::Eq => a == b,
        BoolOp::Ne | BoolOp::Xor => a != b,
        BoolOp::And => a && b,
        BoolOp::Or => a || b,
        BoolOp::Lt => !a & b,
        BoolOp::Le => a <= b,
        BoolOp::Gt => a & !b,
        BoolOp::Ge => a >= b,
        BoolOp::Not => !a,
    }
}

fn apply_str(op: StrOp, a: &str, b: &str) -> bool {
    let order = a.cmp(b);
    match op {
        StrOp::Eq => order == Ordering::Equal,
        StrOp::Ne => order != Ordering::Equal,
        StrOp::Lt => order == Ordering::Less,
        StrOp::Le => order != Ordering::Greater,
        StrOp::Gt => order == Ordering::Greater,
        StrOp::Ge => order != Ordering::Less,
    }
}

/// A conversion between scalars; see [`Prim::Convert`].
pub fn convert_value(from: Scalar, to: Scalar, value: &Value) -> Result<Value, Raise> {
    match to {
        Scalar::Int(int) => to_int(from, int, value),
        Scalar::Float(FloatType::F64) => Ok(Value::F64(to_f64(from, value)?)),
        Scalar::Float(FloatType::F32) => Ok(Value::F32(to_f32(from, value)?)),
        Scalar::Bool => Ok(Value::Bool(truth(value))),
        Scalar::Complex => match from {
            Scalar::Str => Complex::parse(text_of(value)).map(Value::Complex),
            Scalar::Complex => Ok(value.clone()),
            Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool => Ok(Value::Complex(
                convert::f64_to_complex(to_f64(from, value)?),
            )),
        },
        Scalar::Str => Ok(Value::Str(to_str(value).into())),
    }
}

fn to_int(from: Scalar, int: IntType, value: &Value) -> Result<Value, Raise> {
    let converted = match from {
        Scalar::Int(_) => int.wrap(integer(value)),
        Scalar::Bool => i128::from(boolean(value)),
        Scalar::Float(_) => {
            let value = double(value);
            with_int!(int, T => convert::float_to_int::<f64, T>(value).to_i128())
        }
        Scalar::Str => {
            let value = text_of(value);
            with_int!(int, T => text::parse_int::<T>(value, 10)?.to_i128())
        }
        Scalar::Complex => unreachable!("no conversion from complex to integers exists"),
    };
    Ok(Value::Int(int, converted))
}

fn to_f64(from: Scalar, value: &Value) -> Result<f64, Raise> {
    Ok(match from {
        Scalar::Int(int) => {
            let value = integer(value);
            with_int!(int, T => convert::int_to_f64(T::from_i128(value)))
        }
        Scalar::Float(_) => double(value),
        Scalar::Bool => convert::bool_to_f64(boolean(value)),
        Scalar::Str => text::parse_f64(text_of(value))?,
        Scalar::Complex => unreachable!("no conversion from complex to floats exists"),
    })
}

fn to_f32(from: Scalar, value: &Value) -> Result<f32, Raise> {
    Ok(match from {
        Scalar::Int(int) => {
            let value = integer(value);
            with_int!(int, T => convert::int_to_f32(T::from_i128(value)))
        }
        Scalar::Float(_) | Scalar::Bool | Scalar::Str | Scalar::Complex => {
            convert::f64_to_f32(to_f64(from, value)?)
        }
    })
}

/// The truth of a scalar, as Python has it.
pub fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::Int(_, value) => *value != 0,
        Value::F32(value) => *value != 0.0,
        Value::F64(value) => *value != 0.0,
        Value::Complex(value) => value.re != 0.0 || value.im != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::None => false,
        Value::Ptr(_, address) => *address != 0,
        Value::Tuple(items) => !items.is_empty(),
        Value::List(list) => !list.items.borrow().is_empty(),
        Value::Dict(dict) => !dict.items.borrow().is_empty(),
        Value::NotImplemented
        | Value::Type(_)
        | Value::Func(_)
        | Value::Module(_)
        | Value::Struct(..)
        | Value::Exception(_)
        | Value::MetaArg(_)
        | Value::OpSpec(_)
        | Value::OpImpl(_)
        | Value::Descriptor(_) => true,
    }
}

/// `str(x)` of a scalar.
pub fn to_str(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        other => repr(other),
    }
}

/// `repr(x)` of a scalar, `None` and bytes.
pub fn repr(value: &Value) -> String {
    match value {
        Value::None => "None".to_owned(),
        Value::NotImplemented => "NotImplemented".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(_, value) => value.to_string(),
        Value::F32(value) => text::f32_repr(*value),
        Value::F64(value) => text::f64_repr(*value),
        Value::Complex(value) => value.repr(),
        Value::Str(value) => text::str_repr(value),
        Value::Bytes(value) => text::bytes_repr(value),
        Value::Type(_)
        | Value::Func(_)
        | Value::Module(_)
        | Value::Struct(..)
        | Value::Ptr(..)
        | Value::Exception(_)
        | Value::MetaArg(_)
        | Value::OpSpec(_)
        | Value::OpImpl(_)
        | Value::Tuple(_)
        | Value::List(_)
        | Value::Dict(_)
        | Value::Descriptor(_) => unreachable!("only scalars have a text without the program"),
    }
}

/// `format(value, spec)`
fn format_value(value: &Value, spec: &str) -> Result<Value, Raise> {
    let text = match value {
        Value::Int(int, value) => {
            with_int!(*int, T => format::format_int(T::from_i128(*value), spec, "int"))
        }
        Value::F32(value) => format::format_float(f64::from(*value), spec, "float"),
        Value::F64(value) => format::format_float(*value, spec, "float"),
        Value::Str(text) => format::format_str(text, spec, "str"),
        Value::Bool(value) => format::format_int(i32::from(*value), spec, "bool"),
        _ => unreachable!("the type checker refuses other types"),
    };
    text.map(|text| Value::Str(text.into()))
}

fn hash_of(value: &Value) -> i32 {
    match value {
        Value::Bool(value) => hash::hash_bool(*value),
        Value::Int(IntType::I8, value) => hash::hash_i8(*value as i8),
        Value::Int(IntType::U8, value) => hash::hash_u8(*value as u8),
        Value::Int(IntType::I32, value) => hash::hash_i32(*value as i32),
        Value::Int(IntType::U32, value) => hash::hash_u32(*value as u32),
        Value::Int(IntType::I64, value) => hash::hash_i64(*value as i64),
        Value::Int(IntType::U64, value) => hash::hash_u64(*value as u64),
        Value::Str(value) => hash::hash_str(value),
        Value::Bytes(value) => hash::hash_bytes(value),
        _ => unreachable!("the type checker refuses unhashable types"),
    }
}
