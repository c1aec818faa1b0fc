//! The residual program: typed, resolved, every call specialized.
//!
//! One [`Function`] per red function, a structured tree. No implicit conversions, no unresolved
//! names, no dispatch: what is left of an operation is a call of a known function or a primitive.
//! Every node has a type and a span. [`verify`] states the invariants, [`mod@print`] gives the dump.

pub mod assigned;
mod function;
mod primitive;
pub mod print;
pub mod verify;

pub use function::{
    ErrorId, Expr, ExprKind, Function, Local, LocalId, MemoryOp, RaiseSource, Stmt, StmtKind,
};
pub use primitive::{
    BoolOp, ComplexOp, FloatOp, IntOp, Prim, Runtime, RuntimeSignature, Scalar, StrOp,
};
