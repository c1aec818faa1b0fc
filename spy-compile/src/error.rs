//! What can go wrong on the way to an executable.

use std::io;
use std::path::PathBuf;

use spy_lang::diagnostics::Diagnostic;
use thiserror::Error;

/// Why there is no object file.
#[derive(Debug, Error)]
pub enum CompileError {
    /// The program needs what compiled programs do not support, with the place.
    #[error("{}", .0.message)]
    Unsupported(Box<Diagnostic>),
    /// There is no code generator for this machine: its name, and why.
    #[error("cannot generate code for {0}: {1}")]
    Target(String, String),
    /// A broken invariant of the compiler.
    #[error("code generation failed: {0}")]
    Codegen(String),
}

/// Why there is no executable although there is an object file.
#[derive(Debug, Error)]
pub enum LinkError {
    /// No program that links was found.
    #[error("no C compiler driver found: install gcc or clang (Debian: apt install gcc)")]
    NoLinker,
    /// The linker refused, with what it printed.
    #[error("the linker failed:\n{0}")]
    Failed(String),
    /// A file could not be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// The start of the program could not be generated.
    #[error(transparent)]
    Start(#[from] CompileError),
}

/// Why there is no executable.
#[derive(Debug, Error)]
pub enum BuildError {
    /// Compiling failed.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// Linking failed.
    #[error(transparent)]
    Link(#[from] LinkError),
}
