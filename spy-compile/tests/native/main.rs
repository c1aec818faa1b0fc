//! The native compiler on programs whose IR is made by hand.

mod arithmetic;
mod collector;
mod control;
mod errors;
mod layout;
mod library;
mod memory;
mod program;
mod repl;
mod session;
mod source;
mod speed;
mod texts;
