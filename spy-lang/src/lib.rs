//! The front end of the SPy language: from source text to typed, resolved IR.
//!
//! `syntax` → `scope` → `import` and `redshift` (which execute what is known) → `ir`. Everything
//! here is independent of how programs are finally run: an engine is handed in as a trait object
//! wherever red code must be executed at compile time. Nothing here touches the file system.

pub mod builtins;
pub mod diagnostics;
pub mod import;
pub mod ir;
pub mod memory;
pub mod program;
pub mod redshift;
pub mod scope;
pub mod source;
pub mod stack;
pub mod stdlib;
pub mod syntax;
pub mod types;
