//! Executable nodes: what lowered functions are made of.
//!
//! An [`Ex`] is a closure that computes one slot. Nodes are generic over their operands, so that a
//! local or a constant operand costs no call: lowering picks the variant (see [`fuse`]). What is
//! done with a result — return it, store it, branch on it — is a [`Consumer`], which is likewise
//! fused with the node that computes it.
//!
//! A frame is the part of the stack from a function's first slot to the end of the stack: first
//! the parameters, then the other locals, then temporaries. The arguments of a call are evaluated
//! straight into temporaries, which become the first slots of the callee's frame.

mod binary;
mod call;
mod dict;
mod flow;
mod list;
mod operator;
mod slot;
mod unary;

use spy_lang::program::Failure;
use spy_runtime::Int;

use crate::machine::Cx;

pub(crate) use binary::{fuse, fuse_trees};
pub(crate) use call::{Call, CallWithArg};
pub(crate) use dict::{BitsKey, Find, Key, TableLayout, TextKey};
pub(crate) use flow::{
    BREAK, Branch, CONTINUE, FarTree, Loop, NEXT, RETURN, Step, StepKind, When, as_flow, body,
    sequence,
};
pub(crate) use list::{
    GetItem, NextItem, NextNumber, Shape, append, append_struct, get_struct, set_item, set_struct,
};
pub(crate) use operator::{
    Add, BitAnd, BitOr, BitXor, Div, Eq, FloorDiv, Ge, Gt, Le, Lt, Mod, Mul, Ne, Pow, Shl, Shr,
    ShrConst, Sub,
};
pub(crate) use slot::{Arithmetic, Slot};
pub(crate) use unary::{F64ToInt, IntToF64, IntToInt, Neg, Not, fuse_unary};

/// A closure that computes one slot.
pub(crate) type Ex = Box<dyn Fn(&mut Cx<'_>, &mut [u64]) -> Result<u64, Failure>>;

/// A closure as an [`Ex`]; states its type, which the compiler does not always guess.
pub(crate) fn ex(
    compute: impl Fn(&mut Cx<'_>, &mut [u64]) -> Result<u64, Failure> + 'static,
) -> Ex {
    Box::new(compute)
}

/// Something that computes one slot.
pub(crate) trait Node: 'static {
    /// Computes it.
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure>;
}

/// A slot of the frame.
pub(crate) struct Local(pub(crate) usize);

impl Node for Local {
    #[inline]
    fn eval(&self, _cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        Ok(frame[self.0])
    }
}

/// The `i32` in a slot of the frame plus a constant.
pub(crate) struct Displaced(pub(crate) usize, pub(crate) i32);

impl Node for Displaced {
    #[inline]
    fn eval(&self, _cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        let Self(slot, distance) = *self;
        Ok(Int::add(i32::load(frame[slot]), distance).store())
    }
}

/// A constant.
pub(crate) struct Const(pub(crate) u64);

impl Node for Const {
    #[inline]
    fn eval(&self, _cx: &mut Cx<'_>, _frame: &mut [u64]) -> Result<u64, Failure> {
        Ok(self.0)
    }
}

/// A closure.
pub(crate) struct Tree(pub(crate) Ex);

impl Node for Tree {
    #[inline]
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        (self.0)(cx, frame)
    }
}

/// An operand as lowering sees it.
pub(crate) enum Operand {
    /// A slot of the frame that is certainly assigned.
    Local(usize),
    /// A constant.
    Const(u64),
    /// Anything else.
    Tree(Ex),
}

impl Operand {
    /// The operand as a closure.
    pub(crate) fn into_ex(self) -> Ex {
        self.give(Value)
    }

    /// Hands the operand to its consumer.
    pub(crate) fn give<C: Consumer>(self, consumer: C) -> Ex {
        match self {
            Self::Local(slot) => consumer.accept(Local(slot)),
            Self::Const(value) => consumer.accept(Const(value)),
            Self::Tree(ex) => consumer.accept_tree(ex),
        }
    }
}

/// What is done with the result of a node.
pub(crate) trait Consumer: Sized {
    /// The closure that computes the node and uses its result.
    fn accept<N: Node>(self, node: N) -> Ex;

    /// The same for a closure.
    fn accept_tree(self, ex: Ex) -> Ex {
        self.accept(Tree(ex))
    }
}

/// The result is the result.
pub(crate) struct Value;

impl Consumer for Value {
    fn accept<N: Node>(self, node: N) -> Ex {
        Box::new(move |cx, frame| node.eval(cx, frame))
    }

    fn accept_tree(self, ex: Ex) -> Ex {
        ex
    }
}

/// The result goes to a slot of the frame; the closure yields it too.
pub(crate) struct Store(pub(crate) usize);

impl Consumer for Store {
    fn accept<N: Node>(self, node: N) -> Ex {
        let Self(slot) = self;
        Box::new(move |cx, frame| {
            let value = node.eval(cx, frame)?;
            frame[slot] = value;
            Ok(value)
        })
    }
}
