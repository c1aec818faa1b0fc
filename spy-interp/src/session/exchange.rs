//! Between the values of a program and JSON: what both directions need.

use spy_lang::program::{Engine, Failure, Program, Value};
use spy_lang::redshift;

use super::handles::Handles;

/// Reads and writes values; `encode` and `decode` are its two directions.
pub(super) struct Exchange<'a> {
    /// The program that the values belong to.
    pub(super) program: &'a mut Program,
    /// What runs the methods of objects of the library.
    pub(super) engine: &'a mut dyn Engine,
    /// The objects shown so far.
    pub(super) handles: &'a mut Handles,
}

impl Exchange<'_> {
    /// Calls a value.
    pub(super) fn call(&mut self, callee: &Value, args: Vec<Value>) -> Result<Value, Failure> {
        redshift::call(self.program, self.engine, callee, args)
    }
}
