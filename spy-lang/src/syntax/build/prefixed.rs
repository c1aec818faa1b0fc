//! Prefixed literals: `u8(3)`, `f32(-0.5)`.
//!
//! A call of one of the type names below with one numeric literal is a literal itself, whatever the
//! name means in the program. Aliases such as `int` are not included.

use num_bigint::BigInt;
use num_bigint::Sign;

use super::super::ast::{Expr, ExprKind, Literal, SizedInt};
use super::Builder;
use crate::source::Span;

/// Bits beyond which a value is not spelled out in a message.
const MAX_SHOWN_BITS: u64 = 1 << 14;

/// The literal that `name(number)` denotes, if it does.
pub(super) fn literal(builder: &mut Builder<'_>, name: &str, number: &Expr) -> Option<Expr> {
    let ExprKind::Literal(value) = &number.kind else {
        return None;
    };
    let span = unsigned_span(builder, number.span);
    let literal = match (name, value) {
        ("f32", Literal::Int(value)) => Literal::F32(nearest_float(value) as f32),
        ("f32", Literal::Float(value)) => Literal::F32(*value as f32),
        ("f64", Literal::Int(value)) => Literal::F64(nearest_float(value)),
        ("f64", Literal::Float(value)) => Literal::F64(*value),
        (_, Literal::Int(value)) => sized_int(builder, name, value, span)?,
        _ => return None,
    };
    Some(Expr {
        kind: ExprKind::Literal(literal),
        span,
    })
}

fn sized_int(builder: &mut Builder<'_>, name: &str, value: &BigInt, span: Span) -> Option<Literal> {
    let (kind, min, max) = match name {
        "i8" => (SizedInt::I8, i128::from(i8::MIN), i128::from(i8::MAX)),
        "u8" => (SizedInt::U8, 0, i128::from(u8::MAX)),
        "i32" => (SizedInt::I32, i128::from(i32::MIN), i128::from(i32::MAX)),
        "u32" => (SizedInt::U32, 0, i128::from(u32::MAX)),
        "i64" => (SizedInt::I64, i128::from(i64::MIN), i128::from(i64::MAX)),
        "u64" => (SizedInt::U64, 0, i128::from(u64::MAX)),
        _ => return None,
    };
    let fitting = i128::try_from(value)
        .ok()
        .filter(|value| (min..=max).contains(value));
    if fitting.is_none() {
        let shown = if value.bits() > MAX_SHOWN_BITS {
            let sign = if value.sign() == Sign::Minus { "-" } else { "" };
            format!("{sign}2**{}", value.bits() - 1)
        } else {
            value.to_string()
        };
        let message = format!("{name} literal {shown} is out of range [{min}, {max}]");
        builder.error(message, "integer literal out of range", span);
    }
    Some(Literal::SizedInt(kind, fitting.unwrap_or(0)))
}

/// The nearest float; infinite if there is none.
fn nearest_float(value: &BigInt) -> f64 {
    if value.bits() > 1024 {
        return if value.sign() == Sign::Minus {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
    }
    value.to_string().parse().unwrap_or(f64::NAN)
}

/// The span of a number without the minus that was folded into it.
fn unsigned_span(builder: &Builder<'_>, span: Span) -> Span {
    let text = builder
        .file
        .text
        .get(span.start as usize..span.end as usize)
        .unwrap_or("");
    if !text.starts_with('-') {
        return span;
    }
    let digits = text
        .find(|c: char| c.is_ascii_digit() || c == '.')
        .unwrap_or(0);
    let skipped = u32::try_from(digits).unwrap_or(0);
    Span::new(span.file, span.start + skipped, span.end)
}
