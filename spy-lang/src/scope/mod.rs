//! Scope analysis: which symbol every name of a module means.
//!
//! [`resolve`] walks the module once, top-down, defining as it goes (the order is observable:
//! shadowing is only seen for names declared earlier), then resolves what each body references.
//! No type is known yet and nothing is executed.

//ANALYSIS
//DUMP
mod tree;

//RESOLVE
pub use tree::{
    Dependency, ImportRef, Scope, ScopeColor, ScopeId, ScopeKind, ScopeTree, Storage, Symbol,
    VarKind, VarOrigin,
};
