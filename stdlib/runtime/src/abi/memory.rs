//! Memory that pointers of the program point into: objects of a header and the memory.

use std::ptr::NonNull;

use super::exception::Outcome;
use super::heap::{Contents, try_allocate};
use super::layout::{
    MEMORY_HEADER_OFFSET, MEMORY_HEADER_SIZE, MEMORY_SIZE_BITS, NO_POINTERS, memory_header,
};
use crate::error::{ErrorKind, Raise};

const _: () = assert!(MEMORY_HEADER_SIZE as i32 == -MEMORY_HEADER_OFFSET);

/// The start of the memory of an object, behind its header.
type Memory = NonNull<u8>;

/// New zeroed memory of a size in bytes, if there is any left; its pointers are where a map says.
fn allocate_memory(size: u64, map: u32) -> Option<Memory> {
    if size >> MEMORY_SIZE_BITS != 0 {
        return None;
    }
    let total = usize::try_from(size)
        .ok()?
        .checked_add(MEMORY_HEADER_SIZE)?;
    let contents = if map == NO_POINTERS {
        Contents::Plain
    } else {
        Contents::Pointers
    };
    let object = try_allocate(total, contents)?;
    // SAFETY: the object is new, aligned for a `u64`, and as large as header and memory.
    unsafe {
        object.cast::<u64>().write(memory_header(size, map));
        Some(object.add(MEMORY_HEADER_SIZE))
    }
}

/// New zeroed memory; raises `MemoryError`.
#[unsafe(no_mangle)]
extern "C" fn spy_alloc(size: u64, map: u32) -> Outcome<Option<Memory>> {
    let no_memory = || Raise::new(ErrorKind::MemoryError, "no memory left");
    allocate_memory(size, map)
        .map(Some)
        .ok_or_else(no_memory)
        .into()
}

/// The size in bytes of memory; 0 for NULL.
///
/// # Safety
/// `memory` is NULL or the start of the memory of an object.
#[unsafe(no_mangle)]
unsafe extern "C" fn spy_memory_size(memory: Option<Memory>) -> u64 {
    let Some(memory) = memory else { return 0 };
    // SAFETY: a header stands in front of the memory of every object.
    let header = unsafe { memory.sub(MEMORY_HEADER_SIZE).cast::<u64>().read() };
    header & ((1 << MEMORY_SIZE_BITS) - 1)
}
