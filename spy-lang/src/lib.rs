//! The front end of the SPy language: from source text to typed, resolved IR.
//!
//! `syntax` → `scope` → `import` and `redshift` (which execute what is known) → `ir`. Everything
//! here is independent of how programs are finally run: an engine is handed in as a trait object
//! wherever red code must be executed at compile time. Nothing here touches the file system.

pub mod diagnostics;
pub mod source;
pub mod syntax;
