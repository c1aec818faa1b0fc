//! The interpreter on IR made by hand, by feature.

mod arithmetic;
mod build;
mod control;
mod errors;
mod evaluator;
mod limits;
mod structs;
mod text;
