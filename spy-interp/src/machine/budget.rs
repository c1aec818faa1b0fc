//! How long code may run.
//!
//! Running code counts down at each call and each turn of a loop. The count it starts with is only
//! a part of what is left, so that the cancellation flag is looked at now and then; without budget
//! and flag it never gets to zero.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::Failure;

/// Bounds of execution.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// Most calls and loop turns, of all entries together; `None` for no bound.
    pub steps: Option<u64>,
    /// Execution stops soon after this has become true.
    pub cancel: Option<Arc<AtomicBool>>,
}

/// Why the machine stopped other than by an exception of the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The steps of the [`Budget`] are used up.
    OutOfSteps,
    /// The flag of the [`Budget`] was raised.
    Cancelled,
    /// Nobody reads the output any more.
    OutputClosed,
}

/// Steps between two looks at the flag.
const STEPS_PER_LOOK: u64 = 4096;

impl Budget {
    /// Takes the next portion of steps, at least one; fails if there is none or it was cancelled.
    pub(super) fn take(&mut self) -> Result<u64, Stop> {
        if self
            .cancel
            .as_ref()
            .is_some_and(|flag| flag.load(Ordering::Relaxed))
        {
            return Err(Stop::Cancelled);
        }
        let wanted = if self.cancel.is_some() {
            STEPS_PER_LOOK
        } else {
            u64::MAX
        };
        let Some(left) = &mut self.steps else {
            return Ok(wanted);
        };
        let portion = wanted.min(*left);
        *left -= portion;
        if portion == 0 {
            Err(Stop::OutOfSteps)
        } else {
            Ok(portion)
        }
    }

    /// Gives back the unused rest of a portion.
    pub(super) fn give_back(&mut self, portion: u64) {
        if let Some(left) = &mut self.steps {
            *left = left.saturating_add(portion);
        }
    }
}

impl Stop {
    /// The failure by which running code is left.
    pub(crate) fn failure(self) -> Failure {
        let message = match self {
            Self::OutOfSteps => "execution takes too many steps",
            Self::Cancelled => "execution was cancelled",
            Self::OutputClosed => "the reader of the output has gone",
        };
        Box::new(Diagnostic::new(ErrorKind::Exception, message).uncatchable())
    }
}
