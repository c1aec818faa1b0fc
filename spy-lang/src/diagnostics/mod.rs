//! Messages for the user: what is wrong, where, why, and a way out.
//!
//! A [`Diagnostic`] is plain data, built where the problem is understood. [`render`] shows it to
//! people through codespan-reporting, [`json`] to machines; nobody else formats messages.

mod diagnostic;
pub mod json;
pub mod render;
mod similar;

pub use diagnostic::{Annotation, Before, Diagnostic, Frame, FrameKind, Level, UserClass};
pub use similar::similar;
pub use spy_runtime::error::ErrorKind;
