//! The interpreter on IR made by hand, by feature.

mod arithmetic;
mod build;
mod control;
mod errors;
mod evaluator;
mod limits;
mod session;
mod structs;
mod text;
