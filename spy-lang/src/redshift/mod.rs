//! Redshift: the partial evaluator.
//!
//! It executes what is known (module bodies, class bodies, blue functions) and turns each red
//! function into IR, in which only what is not known is left. One evaluator serves both: every
//! expression becomes an operand (static type, color, value if known, IR if not), and every
//! operator resolves to an operation that is applied now or emitted.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the evaluator mostly asks whether a value or type is one particular thing"
)]

mod arguments;
mod assign;
mod attribute;
mod block;
mod builtin;
mod call;
mod capture;
mod class;
mod collection;
mod compare;
mod construct;
mod convert;
mod define;
mod delete;
mod descriptor;
mod dispatch;
mod dispatcher;
mod dynamic;
mod emit;
mod errors;
mod evaluator;
mod exception;
mod execute;
mod expr;
mod facts;
pub mod fold;
mod format;
mod frame;
mod function;
mod inline;
mod library;
mod limits;
mod memo;
mod meta;
mod method;
mod name;
mod operand;
mod operation;
mod outside;
mod pointer;
mod reflect;
mod struct_method;
mod text;
mod tuple;
mod turns;
mod unassigned;
mod unchecked;
mod unroll;

pub use dynamic::{Dispatched, dynamic};
pub use facts::{ExprFact, Facts, Meaning};
pub use frame::{BlueFrame, BlueLocal, Color};
pub(crate) use function::run_module;
pub use function::{function, redshift_all, redshift_from};
pub use limits::{Limits, Lineage, Memo, MemoKey};
pub use outside::{call, convert};

/// Whether a value of one scalar type can become one of another, implicitly or explicitly.
pub(crate) fn is_conversion(from: crate::types::TypeId, to: crate::types::TypeId) -> bool {
    from != to && dispatch::explicit(from, to).is_some()
}
