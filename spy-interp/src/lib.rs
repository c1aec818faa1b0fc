//! The interpreter of the SPy language: runs the IR, at run time and for the compiler.
//!
//! Each red function is lowered once, at its first call, from IR to a tree of fused closures
//! (`lower` makes them, `node` says what they are made of); `machine` holds what a running program
//! needs: the stack of slots, the table of lowered functions, limits. Everything that reaches
//! beyond the program goes through a [`Host`]. What the primitives compute is written in
//! `spy-runtime`; nothing here knows about syntax, scopes or colors.

mod failure;
mod host;
mod loader;
mod lower;
mod machine;
mod node;
pub mod session;
mod thread;

pub use host::{CaptureHost, Captured, Host, HostError, ProcessHost, RefuseHost};
pub use loader::{DirLoader, ReadError, read_source};
pub use machine::{Budget, Interp, Outcome, Stop, run_main};
pub use spy_lang::program::Failure;
pub use thread::on_big_stack;
