//! The machine: what running code needs beyond the program itself.
//!
//! An [`Interp`] lives as long as its program. It is entered by a call from outside: of `main`, or
//! by the compiler, which may happen while code is running because a callee that was never called
//! before is redshifted first. Each entry has a [`Cx`] and a segment of stack of its own.

mod budget;
mod code;
mod context;
mod engine;
mod interp;
mod run;

pub use budget::{Budget, Stop};
pub use interp::Interp;
pub use run::{Outcome, run_main};

pub(crate) use code::{Code, CodeIndex};
pub(crate) use context::Cx;
