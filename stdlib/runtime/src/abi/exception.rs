//! Exceptions: the one on its way to a handler, with the places it has passed, and objects.
//!
//! An exception object is a header as that of memory, then its kind, message, lineage, the exception
//! before it and the places it has passed; all but the kind are addresses of other objects or NULL. The
//! exception on its way is such an object too, but its places are kept outside until a handler takes
//! it.
//!
//! The kind of an exception whose class the program defines is the nearest class that every program
//! has. Its lineage is a text: the full names of its class and of the bases that the program
//! defines, from the class on, a line each.

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
    kind: u8,
    link: Link,
    message: Str,
    lineage: Option<Str>,
    before: Option<Exception>,
    places: Option<Bytes>,
}

/// What the exception before an exception is to it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Link {
    /// The one that was being handled, if there is any.
    Context = 0,
    /// Its cause, as `raise … from` says.
    Cause = 1,
    /// Nothing worth telling, as `raise … from None` says.
    Hidden = 2,
}

const _: () = {
    use std::mem::offset_of;
    let offsets = [
        offset_of!(ExceptionObject, message),
        offset_of!(ExceptionObject, lineage),
        offset_of!(ExceptionObject, before),
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
            kind: kind as u8,
            link: Link::Context,
            message,
            lineage: None,
            before: None,
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

    /// Its class, or the nearest one of those that every program has.
    pub(super) fn kind(&self) -> ErrorKind {
        known_kind(self.object().kind)
    }

    /// The lineage of its class; empty if every program has that.
    pub(super) fn lineage(&self) -> &'static str {
        self.object().lineage.map_or("", Str::as_str)
    }

    /// The name of its class.
    pub(super) fn class_name(&self) -> &'static str {
        let Some(own) = self.lineage().lines().next() else {
            return self.kind().name();
        };
        let name = own.rsplit("::").next().unwrap_or(own);
        name.split('#').next().unwrap_or(name)
    }

    /// Its message; may be empty.
    pub(super) fn message(&self) -> &'static str {
        self.object().message.as_str()
    }

    /// The exception to tell before it, and how they are related.
    pub(super) fn before(&self) -> Option<(Self, Link)> {
        let link = self.object().link;
        let before = self.object().before.filter(|_| link != Link::Hidden)?;
        Some((before, link))
    }

    /// Notes that a handler of `handled` let it out, unless it is that exception or tells of it
    /// already.
    fn add_context(self, handled: Self) {
        let mut last = self;
        for _ in 0..MOST_BEFORE {
            if last.0 == handled.0 {
                return;
            }
            match last.before() {
                Some((before, _)) => last = before,
                None => {
                    let object = last.object_mut();
                    if object.link == Link::Context {
                        object.before = Some(handled);
                    }
                    return;
                }
            }
        }
    }

    /// The exception as a session passes it: its kind, the lines of its lineage, an empty line, its
    /// message.
    pub(super) fn to_text(self) -> String {
        let mut lines = vec![self.kind().name()];
        lines.extend(self.lineage().lines());
        lines.extend(["", self.message()]);
        lines.join("\n")
    }

    /// The exception that [`Self::to_text`] has made a text of.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (class, message) = text.split_once("\n\n")?;
        let (kind, lineage) = class.split_once('\n').unwrap_or((class, ""));
        let mut exception = Self::new(ErrorKind::from_name(kind)?, Str::new(message));
        exception.object_mut().lineage = (!lineage.is_empty()).then(|| Str::new(lineage));
        Some(exception)
    }

    /// The object as a slot holds it.
    pub(super) fn to_slot(self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// The object in a slot.
    ///
    /// # Safety
    /// The slot was made by [`Self::to_slot`] or by compiled code, as an exception.
    pub(super) unsafe fn from_slot(slot: u64) -> Option<Self> {
        NonNull::new(slot as *mut ExceptionObject).map(Self)
    }

    /// The places it had passed when a handler took it.
    pub(super) fn traceback(&self) -> Traceback {
        let places = self.object().places;
        places.map_or_else(Traceback::default, |places| {
            Traceback::from_bytes(places.as_slice())
        })
    }
}

/// Most exceptions that are told before another one.
pub(super) const MOST_BEFORE: usize = 100;

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

/// A new exception object of a class that the program defines.
#[unsafe(no_mangle)]
extern "C" fn spy_new_user_exception(kind: u8, message: Str, lineage: Str) -> Exception {
    let mut exception = Exception::new(known_kind(kind), message);
    exception.object_mut().lineage = Some(lineage);
    exception
}

/// Whether the exception at hand is of a class that the program defines, or of one derived from it.
#[unsafe(no_mangle)]
extern "C" fn spy_exception_is(class: Str) -> u8 {
    CURRENT.with(|current| {
        let lineage = current.as_ref().map(|raised| raised.exception.lineage());
        let found = lineage.is_some_and(|lineage| lineage.lines().any(|it| it == class.as_str()));
        u8::from(found)
    })
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
            let object = raised.exception.object_mut();
            object.before = Some(cause);
            object.link = Link::Cause;
        }
    });
}

/// Keeps silent about what happened before the exception at hand.
#[unsafe(no_mangle)]
extern "C" fn spy_hide_context() {
    CURRENT.with(|current| {
        if let Some(raised) = current {
            raised.exception.object_mut().link = Link::Hidden;
        }
    });
}

/// Notes that the exception at hand leaves a handler of `handled`, or a `finally` clause with it
/// waiting; there may be none.
#[unsafe(no_mangle)]
extern "C" fn spy_set_context(handled: Option<Exception>) {
    CURRENT.with(|current| {
        if let (Some(raised), Some(handled)) = (current, handled) {
            raised.exception.add_context(handled);
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
    let text = exception_repr(exception.class_name(), exception.message());
    Str::new(&text)
}

/// `type(e).__name__`
#[unsafe(no_mangle)]
extern "C" fn spy_exception_name(exception: Exception) -> Str {
    Str::new(exception.class_name())
}

/// `e.args[0]`
#[unsafe(no_mangle)]
extern "C" fn spy_exception_message(exception: Exception) -> Str {
    exception.object().message
}

/// `e == f`
#[unsafe(no_mangle)]
extern "C" fn spy_exception_eq(a: Exception, b: Exception) -> u8 {
    let same_class = a.kind() == b.kind() && a.lineage() == b.lineage();
    u8::from(same_class && a.message() == b.message())
}
