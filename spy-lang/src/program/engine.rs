//! What the compiler needs from whoever runs red code.

use super::{FuncId, Program, Value};
use crate::diagnostics::Diagnostic;
use crate::ir::Prim;

/// Why an evaluation stopped: the exception of the language that was raised.
pub type Failure = Box<Diagnostic>;

/// Runs red code at compile time.
///
/// The interpreter is the implementation that programs use; a compiler without one may refuse.
pub trait Engine {
    /// Calls a red function with arguments of exactly its parameter types.
    fn call(
        &mut self,
        program: &mut Program,
        callee: FuncId,
        args: &[Value],
    ) -> Result<Value, Failure>;

    /// Applies a primitive that is not pure, such as writing to standard output.
    fn apply(
        &mut self,
        program: &mut Program,
        prim: Prim,
        args: &[Value],
    ) -> Result<Value, Failure>;
}
