//! How much of the native stack recursive code may use.
//!
//! Parsers, evaluators and the interpreter recurse as deep as the program in hand is nested.
//! Each compares the address of a local with a limit of its thread and gives up with an ordinary
//! error in time. A thread that was not given a limit gets a careful one at its first check.

use std::cell::Cell;

/// What a thread without a limit may use from the point of its first check, in bytes; threads of
/// the standard library have 2 MiB in all.
const DEFAULT_BYTES: usize = 1 << 20;

thread_local! {
    static LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// Lets the current thread use `bytes` of its stack from here on.
///
/// What lies beyond stays free for code that does not check: leave at least a few hundred KiB.
pub fn set_limit(bytes: usize) {
    LIMIT.set(address().saturating_sub(bytes).max(1));
}

/// The lowest address that the stack of this thread may reach, to be compared with [`address`].
pub fn limit() -> usize {
    if LIMIT.get() == 0 {
        set_limit(DEFAULT_BYTES);
    }
    LIMIT.get()
}

/// The address that the stack has reached at the caller.
#[inline(always)]
pub fn address() -> usize {
    let marker = 0_u8;
    std::ptr::from_ref(&marker).addr()
}

/// Whether the thread has used up what it may use of its stack.
pub fn is_exhausted() -> bool {
    !has_room(0)
}

/// Whether the thread may use `bytes` more of its stack.
pub fn has_room(bytes: usize) -> bool {
    address().saturating_sub(limit()) > bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth() -> u32 {
        let pad = std::hint::black_box([0_u8; 256]);
        if is_exhausted() {
            0
        } else {
            1 + depth() + u32::from(pad[0])
        }
    }

    #[test]
    fn recursion_ends_at_the_limit() {
        set_limit(64 << 10);
        assert!(depth() > 10);
        assert!(has_room(32 << 10) && !has_room(128 << 10));
    }
}
