//! The divisions of module `unsafe`: which types they take.

use super::arguments::Arguments;
use super::builtin::wrong_count;
use super::dispatch;
use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::operand::Operand;
use crate::ir::{Prim, Scalar, UncheckedOp};
use crate::program::Failure;
use crate::source::Span;
use crate::types::{FloatType, IntType, TypeId};

impl Evaluator<'_> {
    /// `unchecked_div(a, b)` and its like.
    pub(super) fn unchecked(
        &mut self,
        op: UncheckedOp,
        callee: &Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let supplied = args.operands.len();
        let Ok([left, right]) = <[Operand; 2]>::try_from(args.operands) else {
            return Err(wrong_count(2, supplied, callee, span));
        };
        let (left, right) = (self.dynamic_type(left), self.dynamic_type(right));
        let (left, right) = self.adapt_pair(left, right);
        let Some(common) = common(op, left.ty, right.ty) else {
            let (left, right) = (self.type_name(left.ty), self.type_name(right.ty));
            let (symbol, name) = match op {
                UncheckedOp::Div => ("/", "unchecked division"),
                UncheckedOp::FloorDiv => ("//", "unchecked floordiv"),
                UncheckedOp::Mod => ("%", "unchecked modulus"),
                UncheckedOp::Ieee => ("/", "unchecked ieee754 division"),
            };
            let message =
                format!("Unsupported types `{left}` {symbol} `{right}` for {name} operation");
            return Err(called_here(type_error(message).into(), "CALL", span));
        };
        let operation = self.prim_operation(Prim::Unchecked(common, op), &[&left, &right])?;
        self.apply(operation, vec![left, right], span)
    }
}

/// The type that two operands are divided in, if there is one.
fn common(op: UncheckedOp, left: TypeId, right: TypeId) -> Option<Scalar> {
    let common = dispatch::computed_together(left, right)?;
    let takes = |ty: TypeId| match Scalar::of(ty) {
        Some(Scalar::Int(IntType::I8 | IntType::U8 | IntType::U32)) => op != UncheckedOp::Ieee,
        Some(Scalar::Int(IntType::I32) | Scalar::Float(_)) => true,
        Some(Scalar::Int(IntType::I64 | IntType::U64))
        | Some(Scalar::Bool | Scalar::Complex | Scalar::Str)
        | None => false,
    };
    let with_u32 = left != right && (left == TypeId::U32 || right == TypeId::U32);
    match common {
        _ if !takes(left) || !takes(right) || with_u32 => None,
        Scalar::Int(_) if op == UncheckedOp::Ieee => Some(Scalar::Float(FloatType::F64)),
        Scalar::Int(_) | Scalar::Float(_) => Some(common),
        Scalar::Bool | Scalar::Complex | Scalar::Str => None,
    }
}
