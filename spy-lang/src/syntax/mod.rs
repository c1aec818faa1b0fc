//! From text to syntax tree: lexer, layout, parser.
//!
//! [`parse`] is the only entrance. It always yields a tree; what could not be understood is an
//! error node with a diagnostic. No LALRPOP or logos type leaves this folder.

pub mod ast;
