//! The residual program: typed, resolved, every call specialized.
//!
//! One [`Function`] per red function, a structured tree. No implicit conversions, no unresolved
//! names, no dispatch: what is left of an operation is a call of a known function or a primitive,
//! or, if an operand is `dynamic`, a [`DynamicOp`] for the front end to dispatch at run time. Every node has a type and a span. [`verify`] states the invariants, [`mod@print`] gives the dump.

pub mod assigned;
mod dynamic;
mod function;
mod linearize;
mod primitive;
pub mod print;
pub mod verify;

pub use dynamic::DynamicOp;
pub use function::{
    BlockOp, ErrorId, Expr, ExprKind, Function, Handler, Local, LocalId, MemoryOp, RaiseSource,
    Stmt, StmtKind, Try,
};
pub use primitive::{
    BoolOp, ComplexOp, FloatOp, IntOp, Prim, Runtime, RuntimeSignature, Scalar, StrOp, UncheckedOp,
};
