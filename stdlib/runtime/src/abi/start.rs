//! Start and end of a program.
//!
//! The program runs on a thread with a large stack, whose memory is only used as far as calls
//! nest. Functions of the program compare the stack pointer with [`spy_stack_limit`].

use std::ffi::{CStr, c_char, c_int};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::layout::ENTRY_RAISED;
use super::object::Str;
use super::{exception, heap, stdout, system, traceback};
use crate::error::Raise;

/// Sizes of the stack to try, in bytes.
const STACK_SIZES: [usize; 3] = [512 << 20, 64 << 20, 8 << 20];
/// Bytes of stack kept for functions that do not check, and for the runtime.
const STACK_RESERVE: usize = 1 << 20;
/// The status after an exception that nobody handled.
pub(super) const ERROR_STATUS: i32 = 1;
const USAGE_STATUS: i32 = 2;

/// The compiled `main` of a program.
type Entry = extern "C" fn() -> i64;

/// Functions that are entered with the stack pointer below this raise `RecursionError`.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "a symbol of the C ABI")]
static spy_stack_limit: AtomicUsize = AtomicUsize::new(0);

/// Runs a program and ends the process with its status.
#[unsafe(no_mangle)]
extern "C" fn spy_start(_argc: c_int, _argv: *const *const c_char, entry: Entry) -> c_int {
    on_large_stack(move || run(entry))
}

/// Runs what calls compiled code on a thread with a large stack, and ends the process with the
/// status it returns.
pub(super) fn on_large_stack(body: impl Fn() -> i32 + Copy + Send + 'static) -> ! {
    for size in STACK_SIZES {
        let builder = thread::Builder::new().stack_size(size);
        let thread = builder.spawn(move || {
            limit_stack(size);
            std::process::exit(body())
        });
        if let Ok(handle) = thread {
            // The thread ends the process; this only waits.
            let _: thread::Result<()> = handle.join();
            break;
        }
    }
    // No thread could be started; the stack that is there has to do.
    const MAIN_STACK_SIZE: usize = 4 << 20;
    limit_stack(MAIN_STACK_SIZE);
    std::process::exit(body())
}

#[inline(always)]
fn limit_stack(stack_size: usize) {
    let here = 0_u8;
    let top = std::ptr::from_ref(&here) as usize;
    heap::note_stack_top(top);
    set_stack_limit(top - stack_size + STACK_RESERVE);
}

/// Functions entered with the stack pointer below an address raise from now on.
pub(super) fn set_stack_limit(address: usize) {
    spy_stack_limit.store(address, Ordering::Relaxed);
}

fn run(entry: Entry) -> i32 {
    stdout::init();
    let status = entry();
    stdout::flush();
    system::flush();
    let status = if status == ENTRY_RAISED {
        if let Some(raised) = exception::take() {
            complain(&traceback::report(&raised));
        }
        ERROR_STATUS
    } else {
        status as i32
    };
    if let Some(figures) = heap::report() {
        complain(&figures);
    }
    status
}

/// Tells whoever watches.
pub(super) fn complain(text: &str) {
    // There is nobody left to tell if this fails.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Ends the program with an error that cannot be raised.
pub(super) fn fatal(raise: &Raise) -> ! {
    stdout::flush();
    system::flush();
    complain(&format!("{raise}\n"));
    std::process::exit(ERROR_STATUS)
}

/// Runs the program whose number, in decimal, is the first argument of the process.
///
/// # Safety
/// `argv` has `argc` C strings, `entries` has `count` functions.
#[unsafe(no_mangle)]
unsafe extern "C" fn spy_dispatch(
    argc: c_int,
    argv: *const *const c_char,
    entries: *const Entry,
    count: usize,
) -> c_int {
    let number = (argc >= 2).then(|| {
        // SAFETY: the first two of the C strings that the contract promises.
        let text = unsafe { CStr::from_ptr(*argv.add(1)) };
        text.to_str().ok()?.parse::<usize>().ok()
    });
    match number.flatten() {
        Some(number) if number < count => {
            // SAFETY: within the table that the contract promises.
            let entry = unsafe { *entries.add(number) };
            spy_start(argc, argv, entry)
        }
        _ => {
            complain(&format!(
                "usage: PROGRAM NUMBER, with a number below {count}\n"
            ));
            USAGE_STATUS
        }
    }
}

/// Number of arguments of the program, its own name included.
#[unsafe(no_mangle)]
extern "C" fn spy_arg_count() -> i32 {
    std::env::args_os().len() as i32
}

/// An argument of the program; empty if there is none with this number.
#[unsafe(no_mangle)]
extern "C" fn spy_arg(number: i32) -> Str {
    let argument = usize::try_from(number)
        .ok()
        .and_then(|number| std::env::args_os().nth(number));
    Str::new(&argument.unwrap_or_default().to_string_lossy())
}
