//! Exceptions: the one on its way to a handler, with the places it has passed, and objects.
//!
//! An exception object is a header as that of memory, then its kind, message, cause and the places
//! it has passed; all but the kind are addresses of other objects or NULL. The exception on its way is such an object too, but its
//! places are kept outside until a handler takes it.

use std::ptr::NonNull;

use super::global::Global;
use super::heap::{Contents, try_allocate};
use super::layout::{
    EXCEPTION_MAP, EXCEPTION_POINTERS, EXCEPTION_SIZE, MEMORY_HEADER_SIZE, memory_header,
};
use super::object::{Bytes, Str};
use super::start::fatal;
use super::traceback::{Frame, Place, Traceback};
use crate::error::{ErrorKind, Raise, exception_repr};

/// An exception object.
#[repr(C)]
struct ExceptionObject {
    header: u64,
    kind: u64,
    message: Str,
    cause: Option<Exception>,
    places: Option<Bytes>,
}

const _: () = {
    use std::mem::offset_of;
    let offsets = [
        offset_of!(ExceptionObject, message),
        offset_of!(ExceptionObject, cause),
        offset_of!(ExceptionObject, places),
    ];
    let mut index = 0;
    while index < offsets.len() {
        let offset = MEMORY_HEADER_SIZE + EXCEPTION_POINTERS[index] as usize;
        assert!(offsets[index] == offset);
        index += 1;
    }
    assert!(size_of::<ExceptionObject>() == MEMORY_HEADER_SIZE + EXCEPTION_SIZE as usize);
};

/// The address of an exception object.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Exception(NonNull<ExceptionObject>);

impl Exception {
    fn new(kind: ErrorKind, message: Str) -> Self {
        let Some(object) = try_allocate(size_of::<ExceptionObject>(), Contents::Pointers) else {
            fatal(&Raise::new(ErrorKind::MemoryError, ""))
        };
        let object = object.cast::<ExceptionObject>();
        let content = ExceptionObject {
            header: memory_header(EXCEPTION_SIZE, EXCEPTION_MAP),
            kind: u64::from(kind as u8),
            message,
            cause: None,
            places: None,
        };
        // SAFETY: the memory is new, aligned for objects and large enough.
        unsafe { object.write(content) };
        Self(object)
    }

    fn object(&self) -> &ExceptionObject {
        // SAFETY: values of this type are made by `new` or come from compiled code, which only has
        // addresses of exception objects; they live as long as something on the stack refers to them.
        unsafe { self.0.as_ref() }
    }

    fn object_mut(&mut self) -> &mut ExceptionObject {
        // SAFETY: as in `object`; the reference lasts for one assignment, by the only thread.
        unsafe { self.0.as_mut() }
    }

    /// Its class.
    pub(super) fn kind(&self) -> ErrorKind {
        let code = u8::try_from(self.object().kind).ok();
        code.and_then(ErrorKind::from_u8)
            .unwrap_or(ErrorKind::InternalError)
    }

    /// Its message; may be empty.
    pub(super) fn message(&self) -> &'static str {
        self.object().message.as_str()
    }

    /// The exception that is the reason for it.
    pub(super) fn cause(&self) -> Option<Self> {
        self.object().cause
    }

    /// The places it had passed when a handler took it.
    pub(super) fn traceback(&self) -> Traceback {
        let places = self.object().places;
        places.map_or_else(Traceback::default, |places| {
            Traceback::from_bytes(places.as_slice())
        })
    }
}

/// An exception on its way.
pub(super) struct Raised {
    pub(super) exception: Exception,
    pub(super) traceback: Traceback,
}

static CURRENT: Global<Option<Raised>> = Global::new(None);

/// Makes this the exception at hand.
fn set(kind: ErrorKind, message: Str) {
    let exception = Exception::new(kind, message);
    let traceback = Traceback::default();
    CURRENT.with(|current| {
        *current = Some(Raised {
            exception,
            traceback,
        });
    });
}

/// Takes the exception at hand.
pub(super) fn take() -> Option<Raised> {
    CURRENT.with(Option::take)
}

/// The address of the object of the exception at hand.
pub(super) fn current_address() -> Option<usize> {
    CURRENT.with(|current| {
        let raised = current.as_ref()?;
        Some(raised.exception.0.as_ptr() as usize)
    })
}

/// Makes the failure of a primitive the exception at hand.
#[cold]
pub(super) fn set_raise(raise: &Raise) {
    set(raise.kind, Str::new(&raise.message));
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
    set(known_kind(kind), message);
}

fn known_kind(kind: u8) -> ErrorKind {
    ErrorKind::from_u8(kind).unwrap_or(ErrorKind::InternalError)
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
        if let Some(raised) = current {
            place
                .frames()
                .for_each(|frame: Frame| raised.traceback.push(frame));
        }
    });
}

/// Raises the exception for calls nested too deeply.
#[unsafe(no_mangle)]
extern "C" fn spy_raise_recursion() {
    set(ErrorKind::RecursionError, Str::new("stack overflow"));
}

/// A new exception object.
#[unsafe(no_mangle)]
extern "C" fn spy_new_exception(kind: u8, message: Str) -> Exception {
    Exception::new(known_kind(kind), message)
}

/// Makes an exception object the one at hand; the places it has passed stay.
#[unsafe(no_mangle)]
extern "C" fn spy_raise_exception(exception: Exception) {
    let traceback = exception.traceback();
    CURRENT.with(|current| {
        *current = Some(Raised {
            exception,
            traceback,
        });
    });
}

/// Makes an exception the reason for the one at hand.
#[unsafe(no_mangle)]
extern "C" fn spy_set_cause(cause: Exception) {
    CURRENT.with(|current| {
        if let Some(raised) = current {
            raised.exception.object_mut().cause = Some(cause);
        }
    });
}

/// The kind of the exception at hand.
#[unsafe(no_mangle)]
extern "C" fn spy_exception_kind() -> u8 {
    CURRENT.with(|current| {
        let kind = current.as_ref().map(|raised| raised.exception.kind());
        kind.unwrap_or(ErrorKind::InternalError) as u8
    })
}

/// The exception at hand as an object, for a handler: nothing is on its way any more.
#[unsafe(no_mangle)]
extern "C" fn spy_catch_exception() -> Exception {
    let Some(raised) = take() else {
        return Exception::new(ErrorKind::InternalError, Str::new("nothing was raised"));
    };
    let places = Bytes::new(&raised.traceback.to_bytes());
    let mut exception = raised.exception;
    exception.object_mut().places = Some(places);
    exception
}

/// Forgets the exception at hand: a handler that does not ask for it has taken it.
#[unsafe(no_mangle)]
extern "C" fn spy_drop_exception() {
    take();
}

/// `str(e)`
#[unsafe(no_mangle)]
extern "C" fn spy_exception_str(exception: Exception) -> Str {
    Str::new(&exception.kind().text(exception.message()))
}

/// `repr(e)`
#[unsafe(no_mangle)]
extern "C" fn spy_exception_repr(exception: Exception) -> Str {
    let text = exception_repr(exception.kind().name(), exception.message());
    Str::new(&text)
}

/// `e == f`
#[unsafe(no_mangle)]
extern "C" fn spy_exception_eq(a: Exception, b: Exception) -> u8 {
    u8::from(a.kind() == b.kind() && a.message() == b.message())
}
