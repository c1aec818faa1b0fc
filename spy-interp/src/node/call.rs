//! Calls of functions.

use spy_lang::program::Failure;

use super::{Consumer, Ex, Node};
use crate::failure::Site;
use crate::machine::{CodeIndex, Cx};

/// A call whose arguments have been stored.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    /// The function.
    pub(crate) callee: CodeIndex,
    /// Where the callee's frame starts in the caller's.
    pub(crate) base: usize,
    /// The call expression.
    pub(crate) site: Site,
}

impl Call {
    #[inline]
    fn invoke(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        self.enter(cx, &mut frame[self.base..])
    }

    #[inline]
    fn enter(&self, cx: &mut Cx<'_>, callee_frame: &mut [u64]) -> Result<u64, Failure> {
        match cx.call(self.callee, callee_frame) {
            Ok(value) => Ok(value),
            Err(failure) => Err(self.site.enclose(cx.program, failure)),
        }
    }

    /// The call with arguments of one slot each.
    #[cold]
    #[inline(never)]
    pub(crate) fn with<const COUNT: usize>(
        &self,
        args: [u64; COUNT],
        cx: &mut Cx<'_>,
        frame: &mut [u64],
    ) -> Result<u64, Failure> {
        frame[self.base..self.base + COUNT].copy_from_slice(&args);
        self.invoke(cx, frame)
    }

    /// The call of a node that does not know better.
    #[cold]
    #[inline(never)]
    pub(crate) fn invoke_slowly(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        self.invoke(cx, frame)
    }

    /// The call after the closures that store its arguments. Yields the result if it takes one
    /// slot; otherwise it is left where the arguments were.
    pub(crate) fn after(self, args: Vec<Ex>) -> Ex {
        match <[Ex; 2]>::try_from(args) {
            Ok([first, second]) => Box::new(move |cx, frame| {
                first(cx, frame)?;
                second(cx, frame)?;
                self.invoke(cx, frame)
            }),
            Err(args) => Box::new(move |cx, frame| {
                for arg in &args {
                    arg(cx, frame)?;
                }
                self.invoke(cx, frame)
            }),
        }
    }
}

/// The result is the only argument of a call.
pub(crate) struct CallWithArg(pub(crate) Call);

impl Consumer for CallWithArg {
    fn accept<N: Node>(self, node: N) -> Ex {
        let Self(call) = self;
        Box::new(move |cx, frame| {
            let arg = node.eval(cx, frame)?;
            let callee_frame = &mut frame[call.base..];
            callee_frame[0] = arg;
            call.enter(cx, callee_frame)
        })
    }
}
