//! The C ABI of compiled programs: objects, memory, exceptions, output and program start.
//!
//! Everything here only translates: values come as machine words, the safe modules of this crate
//! compute, and the results go back as machine words. [`layout`] is the contract about memory, the
//! table of runtime functions in the native compiler is the contract about calls. Functions that
//! may raise return a flag after their result, or alone if the result goes through a pointer; the
//! exception itself waits in a variable. A program has one thread.

#![allow(unsafe_code, reason = "compiled code calls in with raw addresses")]

mod bytes;
mod exception;
mod global;
mod heap;
pub mod layout;
pub mod library;
mod math;
mod memory;
mod number;
mod object;
mod registers;
pub mod session;
pub mod size_class;
pub mod slots;
mod start;
mod stdout;
pub mod stress;
mod string;
mod system;
mod text;
mod traceback;
