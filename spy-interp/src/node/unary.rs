//! Operators of one operand that cannot fail, fused with it.

use std::marker::PhantomData;

use spy_lang::program::Failure;
use spy_runtime::{Int, convert};

use super::slot::{Arithmetic, Slot};
use super::{Consumer, Ex, Local, Node, Operand, Tree};
use crate::machine::Cx;

/// A unary operator on slots.
pub(crate) trait UnaryOp: 'static {
    /// The slot of the result.
    fn apply(slot: u64) -> u64;
}

/// `-a`
pub(crate) struct Neg<T>(PhantomData<T>);

impl<T: Arithmetic> UnaryOp for Neg<T> {
    #[inline]
    fn apply(slot: u64) -> u64 {
        T::load(slot).negated().store()
    }
}

/// `not a`
pub(crate) struct Not;

impl UnaryOp for Not {
    #[inline]
    fn apply(slot: u64) -> u64 {
        (!bool::load(slot)).store()
    }
}

/// From one integer type to another.
pub(crate) struct IntToInt<F, T>(PhantomData<(F, T)>);

impl<F: Int + Slot, T: Int + Slot> UnaryOp for IntToInt<F, T> {
    #[inline]
    fn apply(slot: u64) -> u64 {
        convert::int_to_int::<F, T>(F::load(slot)).store()
    }
}

/// From an integer type to `f64`.
pub(crate) struct IntToF64<F>(PhantomData<F>);

impl<F: Int + Slot> UnaryOp for IntToF64<F> {
    #[inline]
    fn apply(slot: u64) -> u64 {
        convert::int_to_f64(F::load(slot)).store()
    }
}

/// From `f64` to an integer type.
pub(crate) struct F64ToInt<T>(PhantomData<T>);

impl<T: Int + Slot> UnaryOp for F64ToInt<T> {
    #[inline]
    fn apply(slot: u64) -> u64 {
        convert::float_to_int::<f64, T>(f64::load(slot)).store()
    }
}

struct Unary<O, A> {
    operand: A,
    op: PhantomData<O>,
}

impl<O: UnaryOp, A: Node> Node for Unary<O, A> {
    #[inline]
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        Ok(O::apply(self.operand.eval(cx, frame)?))
    }
}

/// The operator with the variant for its kind of operand, fused with its consumer.
pub(crate) fn fuse_unary<O: UnaryOp, C: Consumer>(operand: Operand, consumer: C) -> Ex {
    let op = PhantomData::<O>;
    match operand {
        Operand::Local(slot) => consumer.accept(Unary {
            operand: Local(slot),
            op,
        }),
        operand @ (Operand::Const(_) | Operand::Tree(_)) => consumer.accept(Unary {
            operand: Tree(operand.into_ex()),
            op,
        }),
    }
}
