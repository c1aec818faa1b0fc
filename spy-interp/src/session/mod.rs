//! Sessions for machines: the program under way, driven by one JSON object a line.
//!
//! `request` says what can be asked for, `session` does it, `load` brings modules in and takes
//! failed ones out again, `encode` and `decode` are the two directions of the `exchange` between
//! values and JSON, and `serve` is the loop that answers every line with exactly one. What an engine is lies in
//! `engine`; native code is brought along by the caller as a [`NativeCode`]. A failed request, even
//! one that ends in a panic, leaves a session that goes on.

mod base64;
mod containers;
mod decode;
mod encode;
mod engine;
mod exchange;
mod handles;
mod load;
mod operations;
mod request;
mod serve;
mod source;
mod state;

pub use engine::{EngineChoice, NativeCode};
pub use serve::serve;
pub use state::SessionOptions;
