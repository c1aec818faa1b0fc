//! The native compiler on programs whose IR is made by hand.

mod arithmetic;
mod control;
mod errors;
mod layout;
mod memory;
mod program;
mod session;
mod source;
mod speed;
mod texts;
