//! x
use super::ast::{DefId, Module};
/// label
pub struct ScopeLabel {}
/// dump
pub fn dump(_module: &Module, _scopes: &dyn Fn(Option<DefId>) -> ScopeLabel) -> String {
    String::new()
}
