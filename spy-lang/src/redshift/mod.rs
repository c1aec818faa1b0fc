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
