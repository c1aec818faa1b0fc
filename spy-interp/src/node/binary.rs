//! Binary operators with fused operands.

use std::marker::PhantomData;

use spy_lang::program::Failure;

use super::operator::BinaryOp;
use super::{Const, Consumer, Ex, Local, Node, Operand, Tree};
use crate::failure::Site;
use crate::machine::Cx;

struct Binary<O, A, B> {
    left: A,
    right: B,
    site: Site,
    op: PhantomData<O>,
}

impl<O: BinaryOp, A: Node, B: Node> Node for Binary<O, A, B> {
    #[inline]
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        let left = self.left.eval(cx, frame)?;
        let right = self.right.eval(cx, frame)?;
        match O::apply(left, right) {
            Ok(value) => Ok(value),
            Err(raise) => Err(self.site.raise(cx.program, raise)),
        }
    }
}

fn accept<O: BinaryOp, C: Consumer>(
    left: impl Node,
    right: impl Node,
    site: Site,
    consumer: C,
) -> Ex {
    consumer.accept(Binary {
        left,
        right,
        site,
        op: PhantomData::<O>,
    })
}

/// The operator with the variant for its kinds of operands, fused with its consumer.
pub(crate) fn fuse<O: BinaryOp, C: Consumer>(
    left: Operand,
    right: Operand,
    site: Site,
    consumer: C,
) -> Ex {
    match (left, right) {
        (Operand::Local(a), Operand::Local(b)) => {
            accept::<O, C>(Local(a), Local(b), site, consumer)
        }
        (Operand::Local(a), Operand::Const(b)) => {
            accept::<O, C>(Local(a), Const(b), site, consumer)
        }
        (Operand::Local(a), Operand::Tree(b)) => accept::<O, C>(Local(a), Tree(b), site, consumer),
        (Operand::Const(a), right) => {
            accept::<O, C>(Const(a), Tree(right.into_ex()), site, consumer)
        }
        (Operand::Tree(a), Operand::Local(b)) => accept::<O, C>(Tree(a), Local(b), site, consumer),
        (Operand::Tree(a), Operand::Const(b)) => accept::<O, C>(Tree(a), Const(b), site, consumer),
        (Operand::Tree(a), Operand::Tree(b)) => accept::<O, C>(Tree(a), Tree(b), site, consumer),
    }
}

/// The operator on closures: one variant only, for what is not worth more.
pub(crate) fn fuse_trees<O: BinaryOp>(left: Operand, right: Operand, site: Site) -> Ex {
    accept::<O, super::Value>(
        Tree(left.into_ex()),
        Tree(right.into_ex()),
        site,
        super::Value,
    )
}
