//! Tests of the front end through its public interface.

mod dumps;
mod rendering;
mod robustness;
mod spans;
mod syntax_errors;
mod unsupported;
