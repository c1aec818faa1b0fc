//! The native compiler of the SPy language: from a program's IR to an executable.
//!
//! IR → [`mir`] (control-flow graph, SSA) → `opt` → `codegen` (Cranelift) → object file → `link`
//! with the runtime, which this library carries. [`build_executable`] does all of it;
//! [`compile_object`] and the link functions are its halves, for many programs in one link.
//! [`compile_session`] makes a program whose functions another process calls, [`compile_library`]
//! one whose functions C calls.

mod artifact;
mod codegen;
mod error;
mod library;
mod link;
pub mod mir;
mod opt;
mod session;

pub use artifact::{
    BuildOptions, Entry, Library, build_executable, compile_library, compile_mir, compile_object,
    compile_session, link_executable, link_session, link_test_runner,
};
pub use error::{BuildError, CompileError, LinkError};
pub use library::LeftOut;
pub use session::NativeSession;
