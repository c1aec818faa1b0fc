//! Memory that the program frees: memory objects of the system's allocator.
//!
//! Those whose items have pointers to objects of the heap are roots, so that what they refer to
//! lives until they are freed.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;

use super::trace::Marker;
use crate::abi::exception::Outcome;
use crate::abi::global::Global;
use crate::abi::layout::{
    MEMORY_HEADER_SIZE, MEMORY_SIZE_BITS, NO_POINTERS, OBJECT_ALIGN, STATIC_MEMORY, memory_header,
};
use crate::error::{ErrorKind, Raise};

/// What stands in front of the memory.
#[repr(C)]
struct Prefix {
    /// The position in [`ROOTS`] of memory with pointers, or [`STATIC_MEMORY`].
    root: usize,
    header: u64,
}

const PREFIX_SIZE: usize = size_of::<Prefix>();
const _: () = assert!(std::mem::offset_of!(Prefix, header) + MEMORY_HEADER_SIZE == PREFIX_SIZE);

/// The memory with pointers.
static ROOTS: Global<Vec<NonNull<Prefix>>> = Global::new(Vec::new());

impl Prefix {
    const fn has_pointers(&self) -> bool {
        self.header >> MEMORY_SIZE_BITS != NO_POINTERS as u64
    }
}

fn layout(size: u64) -> Option<Layout> {
    let size = usize::try_from(size).ok()?.checked_add(PREFIX_SIZE)?;
    Layout::from_size_align(size, OBJECT_ALIGN as usize).ok()
}

fn allocate(size: u64, map: u32) -> Option<NonNull<u8>> {
    if size >> MEMORY_SIZE_BITS != 0 {
        return None;
    }
    // SAFETY: the size is not zero.
    let prefix = NonNull::new(unsafe { alloc_zeroed(layout(size)?) })?.cast::<Prefix>();
    let header = memory_header(size, map);
    let root = ROOTS.with(|roots| {
        if map == NO_POINTERS {
            return 0;
        }
        roots.push(prefix);
        roots.len() - 1
    });
    // SAFETY: new, and as large as prefix and memory.
    unsafe {
        prefix.write(Prefix { root, header });
        Some(prefix.add(1).cast())
    }
}

/// New zeroed memory that the program frees, of a size in bytes; raises `MemoryError`.
#[unsafe(no_mangle)]
extern "C" fn spy_raw_alloc(size: u64, map: u32) -> Outcome<Option<NonNull<u8>>> {
    let no_memory = || Raise::new(ErrorKind::MemoryError, "no memory left");
    allocate(size, map).map(Some).ok_or_else(no_memory).into()
}

/// Frees memory; NULL is none, and memory that the program starts with stays.
///
/// # Safety
/// `memory` is NULL, was made by [`spy_raw_alloc`] and has not been freed, or is there from the
/// start.
#[unsafe(no_mangle)]
unsafe extern "C" fn spy_raw_free(memory: Option<NonNull<u8>>) {
    let Some(memory) = memory else { return };
    // SAFETY: the prefix stands in front of the memory.
    let (prefix, record) = unsafe {
        let prefix = memory.cast::<Prefix>().sub(1);
        (prefix, prefix.read())
    };
    if record.root as u64 == STATIC_MEMORY {
        return;
    }
    if record.has_pointers() {
        ROOTS.with(|roots| {
            roots.swap_remove(record.root);
            if let Some(moved) = roots.get_mut(record.root) {
                // SAFETY: memory that has not been freed.
                unsafe { moved.as_mut().root = record.root };
            }
        });
    }
    let size = record.header & ((1 << MEMORY_SIZE_BITS) - 1);
    if let Some(layout) = layout(size) {
        // SAFETY: made with this layout.
        unsafe { dealloc(prefix.as_ptr().cast(), layout) };
    }
}

/// Marks what memory with pointers reaches.
pub(super) fn mark(marker: &mut Marker<'_>) {
    ROOTS.with(|roots| {
        for prefix in roots {
            // SAFETY: memory that has not been freed.
            marker.memory(unsafe { &raw const (*prefix.as_ptr()).header } as usize);
        }
    });
}
