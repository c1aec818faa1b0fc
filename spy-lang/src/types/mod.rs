//! Types: what they are, how they are named, how much room they take.
//!
//! A [`TypeId`] names an entry of the [`TypeTable`]; ids of builtin types are constants. Types are
//! equal exactly when their ids are: function types and instances of generics are interned.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the table mostly asks whether a type is one particular kind"
)]

mod fqn;
mod kind;
mod table;

pub use fqn::{Fqn, FqnPart};
pub use kind::{
    Field, FloatType, FuncColor, FuncType, IntType, MemoryKind, ParamKind, ParamType, PtrType,
    StructType, TypeId, TypeInfo, TypeKind,
};
pub use table::TypeTable;
