//! Address space from the operating system.

use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

const PROT_NONE: c_int = 0;
const PROT_READ_WRITE: c_int = 1 | 2;
const MAP_PRIVATE: c_int = 2;
#[cfg(target_os = "linux")]
const MAP_ANONYMOUS: c_int = 0x20;
#[cfg(not(target_os = "linux"))]
const MAP_ANONYMOUS: c_int = 0x1000;
#[cfg(target_os = "linux")]
const MAP_NORESERVE: c_int = 0x4000;
#[cfg(not(target_os = "linux"))]
const MAP_NORESERVE: c_int = 0x40;
const MADV_DONTNEED: c_int = 4;

unsafe extern "C" {
    fn mmap(
        address: *mut c_void,
        size: usize,
        protection: c_int,
        flags: c_int,
        file: c_int,
        offset: i64,
    ) -> *mut c_void;
    fn mprotect(address: *mut c_void, size: usize, protection: c_int) -> c_int;
    fn madvise(address: *mut c_void, size: usize, advice: c_int) -> c_int;
}

/// Bytes that become usable at a time.
const COMMIT_STEP: usize = 1 << 20;

/// Addresses of which the first ones have memory. They are kept until the program ends.
pub(super) struct Reservation {
    base: *mut u8,
    size: usize,
    usable: usize,
}

impl Reservation {
    /// No addresses.
    pub(super) const EMPTY: Self = Self {
        base: std::ptr::null_mut(),
        size: 0,
        usable: 0,
    };

    /// Reserves `size` bytes of addresses, a multiple of the step.
    pub(super) fn new(size: usize) -> Option<Self> {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        // SAFETY: a new mapping wherever there is room.
        let base = unsafe { mmap(std::ptr::null_mut(), size, PROT_NONE, flags, -1, 0) };
        let failed = base as isize == -1;
        (!failed).then_some(Self {
            base: base.cast(),
            size,
            usable: 0,
        })
    }

    /// The first address.
    pub(super) const fn base(&self) -> *mut u8 {
        self.base
    }

    /// How many bytes of addresses there are.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// Makes the first `bytes` usable, new ones zeroed; returns whether that is possible.
    pub(super) fn commit(&mut self, bytes: usize) -> bool {
        if bytes <= self.usable {
            return true;
        }
        let step = COMMIT_STEP.max(self.usable / 8);
        let usable = (bytes + step).next_multiple_of(COMMIT_STEP).min(self.size);
        if bytes > usable {
            return false;
        }
        // SAFETY: within the mapping, of which nobody uses this part yet.
        let done = unsafe {
            let start = self.base.add(self.usable).cast();
            mprotect(start, usable - self.usable, PROT_READ_WRITE)
        };
        if done == 0 {
            self.usable = usable;
        }
        done == 0
    }
}

/// Gives the memory of whole pages back; they stay usable, and are zero when used again. Returns
/// whether that is so.
///
/// # Safety
/// The memory is usable, of a reservation, and nothing in it is needed.
pub(super) unsafe fn release(start: NonNull<u8>, size: usize) -> bool {
    // Elsewhere the contents may stay.
    if cfg!(not(target_os = "linux")) {
        return false;
    }
    // SAFETY: the contract above.
    unsafe { madvise(start.as_ptr().cast(), size, MADV_DONTNEED) == 0 }
}
