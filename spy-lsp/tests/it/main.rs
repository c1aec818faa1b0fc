//! The server as an editor sees it, over a pair of pipes.

mod client;
mod hostile;
mod session;
