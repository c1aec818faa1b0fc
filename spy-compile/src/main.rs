//! The `spy` command.
fn main() {}
