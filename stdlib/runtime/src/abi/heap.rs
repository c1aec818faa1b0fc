//! Memory for objects: bump allocation from large chunks.
//!
//! The free part of the current chunk is two addresses next to each other, so that the common case
//! is an addition and a comparison. Memory is given back when the program ends.

use std::alloc::{Layout, alloc_zeroed};
use std::ptr::NonNull;

use super::global::Global;
use super::layout::{HEAP_END_OFFSET, HEAP_NEXT_OFFSET, OBJECT_ALIGN};
use super::start::fatal;
use crate::error::{ErrorKind, Raise};

/// Size of a chunk in bytes.
const CHUNK_SIZE: usize = 1 << 20;
/// Objects over this size get memory of their own.
const LARGE_SIZE: usize = CHUNK_SIZE / 4;
const ALIGN: usize = OBJECT_ALIGN as usize;

/// The free part of the current chunk. Compiled code takes memory from its start.
#[repr(C)]
struct Chunk {
    next: usize,
    end: usize,
}

const _: () = {
    assert!(std::mem::offset_of!(Chunk, next) == HEAP_NEXT_OFFSET as usize);
    assert!(std::mem::offset_of!(Chunk, end) == HEAP_END_OFFSET as usize);
};

/// The current chunk, for compiled code.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "a symbol of the C ABI")]
static spy_heap: Global<Chunk> = Global::new(Chunk { next: 0, end: 0 });

/// Zeroed memory for an object of `size` bytes. Ends the program if there is none left.
pub(super) fn allocate(size: usize) -> NonNull<u8> {
    try_allocate(size).unwrap_or_else(|| out_of_memory())
}

/// Zeroed memory for an object of `size` bytes, if there is any left.
#[inline]
pub(super) fn try_allocate(size: usize) -> Option<NonNull<u8>> {
    let rounded = size.checked_next_multiple_of(ALIGN)?;
    spy_heap.with(|chunk| {
        if rounded <= chunk.end - chunk.next {
            let address = chunk.next;
            chunk.next += rounded;
            if let Some(address) = NonNull::new(address as *mut u8) {
                return Some(address);
            }
        }
        allocate_slow(chunk, rounded)
    })
}

#[cold]
fn allocate_slow(chunk: &mut Chunk, size: usize) -> Option<NonNull<u8>> {
    if size > LARGE_SIZE {
        return from_system(size);
    }
    let start = from_system(CHUNK_SIZE)?;
    chunk.next = start.as_ptr() as usize + size;
    chunk.end = start.as_ptr() as usize + CHUNK_SIZE;
    Some(start)
}

fn from_system(size: usize) -> Option<NonNull<u8>> {
    let layout = Layout::from_size_align(size.max(ALIGN), ALIGN).ok()?;
    // SAFETY: the size is not zero.
    let memory = unsafe { alloc_zeroed(layout) };
    NonNull::new(memory)
}

fn out_of_memory() -> ! {
    fatal(&Raise::new(ErrorKind::MemoryError, ""))
}
