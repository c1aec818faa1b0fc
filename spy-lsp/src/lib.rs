//! The language server of the SPy language.
//!
//! `server` speaks the protocol and is the only part that knows its types. It turns messages into
//! plain events for `state`, which owns the documents and takes one event at a time, in order; what
//! has to happen next comes back as actions. `analysis` runs the front end on a thread of its own
//! and returns plain data with byte ranges; `text` is the way between those and the lines and
//! UTF-16 columns of the protocol. An analysis is dropped as soon as the text has changed, and
//! neither endless code nor a panic in it ends the server.

mod analysis;
mod document;
mod frames;
mod protocol;
mod server;
mod state;
mod text;

pub use server::{serve, serve_stdio};
