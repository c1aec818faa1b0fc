//! Memory that the program frees: memory objects of the system's allocator.
//!
//! Those whose items have pointers to objects of the heap are roots, so that what they refer to
//! lives until they are freed.
//!
//! Programs with checks keep memory for a while after it was freed, marked and without size, so that
//! using it is an error rather than chance.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::VecDeque;
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

    /// Marks memory as freed; what to give back, if anything.
    fn retire(&mut self) -> Option<Freed> {
        if self.root as u64 == STATIC_MEMORY {
            return None;
        }
        if self.has_pointers() {
            ROOTS.with(|roots| {
                roots.swap_remove(self.root);
                if let Some(moved) = roots.get_mut(self.root) {
                    // SAFETY: memory that has not been freed.
                    unsafe { moved.as_mut().root = self.root };
                }
            });
        }
        let size = self.header & ((1 << MEMORY_SIZE_BITS) - 1);
        self.root = FREED_MEMORY as usize;
        self.header = memory_header(0, NO_POINTERS);
        let layout = layout(size)?;
        let prefix = NonNull::from(self);
        Some(Freed { prefix, layout })
    }
}

/// Instead of the position of memory that has been freed.
const FREED_MEMORY: u64 = STATIC_MEMORY - 1;

/// Memory that has been freed, but not given back.
struct Freed {
    prefix: NonNull<Prefix>,
    layout: Layout,
}

impl Freed {
    fn give_back(self) {
        // SAFETY: made with this layout, and given back once: this is consumed.
        unsafe { dealloc(self.prefix.as_ptr().cast(), self.layout) };
    }
}

/// Freed memory that is kept, the oldest first.
struct Kept {
    freed: VecDeque<Freed>,
    size_bytes: usize,
}

impl Kept {
    /// How much is kept.
    const MOST_BYTES: usize = 16 << 20;

    fn add(&mut self, freed: Freed) {
        self.size_bytes += freed.layout.size();
        self.freed.push_back(freed);
        while self.size_bytes > Self::MOST_BYTES
            && let Some(oldest) = self.freed.pop_front()
        {
            self.size_bytes -= oldest.layout.size();
            oldest.give_back();
        }
    }
}

static KEPT: Global<Kept> = Global::new(Kept {
    freed: VecDeque::new(),
    size_bytes: 0,
});

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
    let freed = unsafe { memory.cast::<Prefix>().sub(1).as_mut().retire() };
    if let Some(freed) = freed {
        freed.give_back();
    }
}

/// As [`spy_raw_free`], but memory that was freed is known for a while: the result is whether this is
/// such memory.
///
/// # Safety
/// `memory` is NULL, was made by [`spy_raw_alloc`] or is there from the start.
#[unsafe(no_mangle)]
unsafe extern "C" fn spy_raw_free_checked(memory: Option<NonNull<u8>>) -> bool {
    let Some(memory) = memory else { return false };
    // SAFETY: the prefix stands in front of the memory; nothing else refers to it.
    let prefix = unsafe { memory.cast::<Prefix>().sub(1).as_mut() };
    if prefix.root as u64 == FREED_MEMORY {
        return true;
    }
    if let Some(freed) = prefix.retire() {
        KEPT.with(|kept| kept.add(freed));
    }
    false
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
