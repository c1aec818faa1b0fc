//! Scope analysis: which symbol every name of a module means.
//!
//! [`resolve`] walks the module once, top-down, defining as it goes (the order is observable:
//! shadowing is only seen for names declared earlier), then resolves what each body references.
//! No type is known yet and nothing is executed.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "scope analysis cares about a few kinds of node and passes over the rest"
)]

mod analysis;
mod declare;
pub mod dump;
mod parts;
mod reference;
mod tree;

pub use analysis::{param_names, params, resolve};
pub use tree::{
    Dependency, ImportRef, Scope, ScopeColor, ScopeId, ScopeKind, ScopeTree, Storage, Symbol,
    VarKind, VarOrigin,
};
