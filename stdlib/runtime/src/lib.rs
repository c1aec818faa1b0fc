//! What every SPy engine computes with.
//!
//! This crate holds the meaning of each primitive of the language once: arithmetic with Python's
//! rules, conversions, text forms, hashing and the string operations. The compile-time evaluator,
//! the interpreter and native programs all call the functions here, so they cannot disagree.
//!
//! Nothing outside [`abi`] and [`system`] allocates language objects or touches the outside world. A primitive that can fail
//! returns a [`Raise`], which names the exception and its text and leaves it to the caller to
//! decide what raising means. The crate has no dependencies because it is also compiled on its own
//! into the archive that native programs link.

pub mod abi;
pub mod bytes;
pub mod complex;
pub mod convert;
pub mod error;
pub mod float;
pub mod format;
pub mod hash;
pub mod int;
pub mod math;
pub mod string;
pub mod system;
pub mod text;

pub use complex::Complex;
pub use error::{ErrorKind, Raise};
pub use float::Float;
pub use int::Int;
