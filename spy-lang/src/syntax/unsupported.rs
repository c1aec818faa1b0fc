//! x
use super::ast::Module;
use crate::diagnostics::Diagnostic;
use crate::source::SourceMap;
/// x
pub fn unsupported(_module: &Module, _sources: &SourceMap) -> Vec<Diagnostic> {
    Vec::new()
}
