//! Redshift: the partial evaluator.
//!
//! It executes what is known (module bodies, class bodies, blue functions) and turns each red
//! function into IR, in which only what is not known is left. One evaluator serves both: every
//! expression becomes an operand (static type, color, value if known, IR if not), and every
//! operator resolves to an operation that is applied now or emitted.

mod frame;
mod limits;

pub use frame::{BlueFrame, BlueLocal, Color, ExprFact, Facts};
pub use limits::{Limits, Memo, MemoKey};

use std::rc::Rc;

use crate::ir;
use crate::program::{Engine, FuncId, Program};

/// The IR of a red function with statements, made on first demand.
///
/// Never fails: what cannot be compiled becomes a `raise` of the error at the innermost statement.
pub fn function(program: &mut Program, engine: &mut dyn Engine, func: FuncId) -> Rc<ir::Function> {
    let _ = engine;
    program.ir[&func].clone()
}
