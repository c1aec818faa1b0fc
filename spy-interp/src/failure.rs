//! From a failing operation to an exception with its place and traceback.
//!
//! The node that fails names the function it belongs to and the expression it computes: that is
//! the innermost frame. Each call on the way out adds the frame of its caller, with the place of
//! the call.

use spy_lang::diagnostics::{Diagnostic, ErrorKind, Frame, FrameKind};
use spy_lang::program::{Failure, FuncId, Program};
use spy_lang::source::Span;
use spy_runtime::Raise;

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    /// The function it belongs to; `None` for a primitive applied on its own.
    pub(crate) func: Option<FuncId>,
    /// The expression or statement it computes.
    pub(crate) span: Span,
}

/// How a function is called in a traceback.
fn frame_name(program: &Program, func: FuncId) -> String {
    program.frame_name(&program.func(func).fqn)
}

impl Site {
    /// A failure of the node at this place.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail(&self, program: &Program, diagnostic: impl Into<Diagnostic>) -> Failure {
        let mut diagnostic = diagnostic.into();
        diagnostic.at_run_time = true;
        self.enclose(program, Box::new(diagnostic))
    }

    /// An error found while compiling the statement at this place.
    ///
    /// What redshift was doing becomes the place in the frame of the function itself.
    #[cold]
    #[inline(never)]
    pub(crate) fn postponed(&self, program: &Program, error: usize) -> Failure {
        let mut diagnostic = program.errors[error].clone();
        let mut site = *self;
        if diagnostic
            .traceback
            .first()
            .is_some_and(|frame| frame.kind == FrameKind::Redshift)
        {
            site.span = diagnostic.traceback.remove(0).span;
        }
        site.enclose(program, Box::new(diagnostic))
    }

    /// A failure of a primitive at this place.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise(&self, program: &Program, raise: Raise) -> Failure {
        self.fail(program, raise)
    }

    /// A failure that came out of a call at this place.
    #[cold]
    #[inline(never)]
    pub(crate) fn enclose(&self, program: &Program, mut failure: Failure) -> Failure {
        if let Some(func) = self.func {
            let fqn = frame_name(program, func);
            failure.push_outer_frame(Frame {
                kind: FrameKind::Function,
                fqn,
                span: self.span,
            });
        }
        failure
    }
}

/// Too many calls inside each other; without a frame, which the failing call adds.
#[cold]
#[inline(never)]
pub(crate) fn recursion_error() -> Failure {
    let message = "stack overflow";
    Box::new(Diagnostic::new(ErrorKind::RecursionError, message))
}
