//! The thread that programs run on.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::thread::Builder;

use spy_lang::stack;

/// Sizes to try for the stack, in bytes. It is reserved, not committed, so large ones cost nothing
/// unless they are used; a machine with little address space left may refuse them.
const SIZES: [usize; 4] = [1 << 30, 512 << 20, 128 << 20, 16 << 20];

/// What is kept free for code that does not check the limit.
const RESERVE_BYTES: usize = 1 << 20;

/// The result of `f`, which runs on a thread of its own with as large a stack as can be had.
///
/// The thread's stack limit is set, so that deep recursion ends in an error. A panic in `f`
/// continues in the caller.
pub fn on_big_stack<R: Send + 'static>(f: impl FnOnce() -> R + Send + 'static) -> R {
    // A refused thread drops its closure, so the work waits outside until one has started.
    let work = Arc::new(Mutex::new(Some(f)));
    let take = |work: &Mutex<Option<_>>| work.lock().ok().and_then(|mut work| work.take());
    for size in SIZES {
        let waiting = work.clone();
        let spawned = Builder::new()
            .name("spy".to_owned())
            .stack_size(size)
            .spawn(move || {
                stack::set_limit(size - RESERVE_BYTES);
                take(&waiting).expect("the first thread that starts takes the work")()
            });
        if let Ok(thread) = spawned {
            return thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    }
    take(&work).expect("no thread has taken the work")()
}
