//! Calls of C into a shared library.
//!
//! The program has no `main`: each call starts it anew where the caller stands, on the caller's
//! stack. Variables and objects live from call to call. Calls must not overlap: programs have one
//! thread, whichever that is.

use std::cell::Cell;

use super::global::Global;
use super::heap::{self, Program, spy_use_program};
use super::{exception, start, stdout, system, traceback};

/// The most bytes of stack that are kept for functions that do not check.
const STACK_RESERVE: usize = 1 << 20;
/// The part of a small stack that is kept.
const RESERVED_PART: usize = 4;
/// What is taken for the size of the stack, below the caller's frame, if it cannot be found out.
const UNKNOWN_STACK_SIZE: usize = 1 << 20;

static HAS_STARTED: Global<bool> = Global::new(false);

thread_local! {
    /// The lowest address that calls on this thread may use; 0 if that has not been found out.
    static STACK_LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// To be called before a function of the program, with an address in the frame of the caller.
///
/// # Safety
/// As for [`spy_use_program`].
#[unsafe(no_mangle)]
unsafe extern "C" fn spy_enter(record: *const Program, frame: usize) {
    if !HAS_STARTED.with(|started| std::mem::replace(started, true)) {
        stdout::init();
        // SAFETY: the contract above.
        unsafe { spy_use_program(record) };
    }
    heap::note_stack_top(frame);
    let limit = STACK_LIMIT.with(|limit| {
        if limit.get() == 0 {
            limit.set(stack_limit(frame));
        }
        limit.get()
    });
    start::set_stack_limit(limit);
}

/// To be called after a function of the program: writes what it has printed, and ends the process
/// if it raised.
#[unsafe(no_mangle)]
extern "C" fn spy_leave(raised: u32) {
    stdout::flush();
    system::flush();
    if raised == 0 {
        return;
    }
    if let Some(raised) = exception::take() {
        start::complain(&traceback::report(&raised));
    }
    std::process::exit(start::ERROR_STATUS);
}

/// The limit for calls on this thread, one of whose frames has an address.
fn stack_limit(frame: usize) -> usize {
    let (low, size) = match thread_stack() {
        Some((low, size)) if (low..low + size).contains(&frame) => (low, size),
        _ => (frame - UNKNOWN_STACK_SIZE, UNKNOWN_STACK_SIZE),
    };
    low + STACK_RESERVE.min(size / RESERVED_PART)
}

/// Where the stack of this thread is: its lowest address, and its size in bytes.
#[cfg(not(target_os = "linux"))]
const fn thread_stack() -> Option<(usize, usize)> {
    None
}

/// Where the stack of this thread is: its lowest address, and its size in bytes.
#[cfg(target_os = "linux")]
fn thread_stack() -> Option<(usize, usize)> {
    use std::ffi::{c_int, c_void};

    /// The type of the C library, with room for that of every machine.
    #[repr(C, align(16))]
    struct Attributes([u8; 128]);

    unsafe extern "C" {
        fn pthread_self() -> usize;
        fn pthread_getattr_np(thread: usize, attributes: *mut Attributes) -> c_int;
        fn pthread_attr_getstack(
            attributes: *const Attributes,
            low: *mut *mut c_void,
            size: *mut usize,
        ) -> c_int;
        fn pthread_attr_destroy(attributes: *mut Attributes) -> c_int;
    }

    let mut attributes = Attributes([0; 128]);
    let (mut low, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: there is room for the attributes, which are destroyed if they have been made.
    let found = unsafe {
        pthread_getattr_np(pthread_self(), &raw mut attributes) == 0 && {
            let found = pthread_attr_getstack(&raw const attributes, &raw mut low, &raw mut size);
            pthread_attr_destroy(&raw mut attributes);
            found == 0
        }
    };
    found.then_some((low as usize, size))
}
