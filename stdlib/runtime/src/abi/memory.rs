//! Memory that pointers of the program point into: objects of a size and that many bytes.

use std::ptr::NonNull;

use super::exception::Outcome;
use super::heap::try_allocate;
use super::layout::{MEMORY_HEADER_SIZE, MEMORY_SIZE_OFFSET};
use crate::error::{ErrorKind, Raise};

const _: () = assert!(MEMORY_HEADER_SIZE as i32 == -MEMORY_SIZE_OFFSET);

/// The start of the memory of an object, behind its size.
type Memory = NonNull<u8>;

/// New zeroed memory of a size in bytes, if there is any left.
fn allocate_memory(size: u64) -> Option<Memory> {
    let total = usize::try_from(size)
        .ok()?
        .checked_add(MEMORY_HEADER_SIZE)?;
    let object = try_allocate(total)?;
    // SAFETY: the object is new, aligned for a `u64`, and as large as header and memory.
    unsafe {
        object.cast::<u64>().write(size);
        Some(object.add(MEMORY_HEADER_SIZE))
    }
}

/// New zeroed memory; raises `MemoryError`.
#[unsafe(no_mangle)]
extern "C" fn spy_alloc(size: u64) -> Outcome<Option<Memory>> {
    let no_memory = || Raise::new(ErrorKind::MemoryError, "no memory left");
    allocate_memory(size).map(Some).ok_or_else(no_memory).into()
}

/// The size in bytes of memory; 0 for NULL.
///
/// # Safety
/// `memory` is NULL or the start of the memory of an object.
#[unsafe(no_mangle)]
unsafe extern "C" fn spy_memory_size(memory: Option<Memory>) -> u64 {
    let Some(memory) = memory else { return 0 };
    // SAFETY: the size stands in front of the memory of every object.
    unsafe { memory.sub(MEMORY_HEADER_SIZE).cast::<u64>().read() }
}
