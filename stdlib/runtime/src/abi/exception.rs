//! The exception on its way out of the program, and the places it has passed.

use super::global::Global;
use super::object::Str;
use super::traceback::{Frame, Place, Traceback};
use crate::error::{ErrorKind, Raise};

/// An exception that has been raised.
pub(super) struct Exception {
    pub(super) kind: ErrorKind,
    pub(super) message: &'static str,
    pub(super) traceback: Traceback,
}

static CURRENT: Global<Option<Exception>> = Global::new(None);

/// Makes this the exception at hand.
fn set(kind: ErrorKind, message: &'static str) {
    CURRENT.with(|current| {
        *current = Some(Exception {
            kind,
            message,
            traceback: Traceback::default(),
        });
    });
}

/// Takes the exception at hand.
pub(super) fn take() -> Option<Exception> {
    CURRENT.with(Option::take)
}

/// The address of the text of the exception at hand, which may be that of a string object.
pub(super) fn message_address() -> Option<usize> {
    CURRENT.with(|current| {
        let exception = current.as_ref()?;
        Some(exception.message.as_ptr() as usize)
    })
}

/// Makes the failure of a primitive the exception at hand.
#[cold]
pub(super) fn set_raise(raise: &Raise) {
    set(raise.kind, Str::new(&raise.message).as_str());
}

/// A result, and whether there is none because of an exception.
#[repr(C)]
pub(super) struct Outcome<T> {
    value: T,
    raised: u64,
}

impl<T: Default> From<Result<T, Raise>> for Outcome<T> {
    #[inline]
    fn from(result: Result<T, Raise>) -> Self {
        match result {
            Ok(value) => Self { value, raised: 0 },
            Err(raise) => {
                set_raise(&raise);
                Self {
                    value: T::default(),
                    raised: 1,
                }
            }
        }
    }
}

impl Outcome<Option<Str>> {
    /// The outcome of a primitive that gives text.
    pub(super) fn of_text(result: Result<Str, Raise>) -> Self {
        result.map(Some).into()
    }
}

/// Makes an exception of this kind and message the one at hand.
#[unsafe(no_mangle)]
extern "C" fn spy_set_exception(kind: u8, message: Str) {
    set(
        ErrorKind::from_u8(kind).unwrap_or(ErrorKind::InternalError),
        message.as_str(),
    );
}

/// As [`spy_set_exception`], and notes the place.
#[unsafe(no_mangle)]
extern "C" fn spy_raise(kind: u8, message: Str, place: Place) {
    spy_set_exception(kind, message);
    spy_trace(place);
}

/// Notes that the exception at hand passes a place, from the inside out.
#[unsafe(no_mangle)]
extern "C" fn spy_trace(place: Place) {
    CURRENT.with(|current| {
        if let Some(exception) = current {
            place
                .frames()
                .for_each(|frame: Frame| exception.traceback.push(frame));
        }
    });
}

/// Raises the exception for calls nested too deeply.
#[unsafe(no_mangle)]
extern "C" fn spy_raise_recursion() {
    set(
        ErrorKind::RecursionError,
        "maximum recursion depth exceeded",
    );
}
