//! Large objects, each in memory of its own from the system's allocator.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;

use super::area::Contents;
use crate::abi::layout::OBJECT_ALIGN;

const ALIGN: usize = OBJECT_ALIGN as usize;

struct Large {
    start: NonNull<u8>,
    size: usize,
    contents: Contents,
    is_marked: bool,
}

/// All large objects; while marking in the order of their addresses.
pub(super) struct Larges {
    objects: Vec<Large>,
    /// No object lies outside of these addresses.
    first: usize,
    end: usize,
    size: usize,
}

impl Large {
    fn address(&self) -> usize {
        self.start.as_ptr() as usize
    }
}

/// The layout of an object, which was found to be possible when it was made.
fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size, ALIGN).ok()
}

impl Larges {
    pub(super) const fn new() -> Self {
        Self {
            objects: Vec::new(),
            first: usize::MAX,
            end: 0,
            size: 0,
        }
    }

    /// A new object of `size` bytes, more than none, if the system has memory.
    pub(super) fn allocate(&mut self, size: usize, contents: Contents) -> Option<NonNull<u8>> {
        self.objects.try_reserve(1).ok()?;
        // SAFETY: the size is not zero.
        let start = NonNull::new(unsafe { alloc_zeroed(layout(size)?) })?;
        let object = Large {
            start,
            size,
            contents,
            is_marked: false,
        };
        self.first = self.first.min(object.address());
        self.end = self.end.max(object.address() + size);
        self.size += size;
        self.objects.push(object);
        Some(start)
    }

    /// Bytes of all objects.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// To be called before marking.
    pub(super) fn sort(&mut self) {
        self.objects.sort_unstable_by_key(Large::address);
    }

    /// Marks the object that an address lies in, if there is one. Returns its start if it was not
    /// marked and may have pointers.
    #[inline]
    pub(super) fn mark(&mut self, address: usize) -> Option<usize> {
        if address < self.first || address >= self.end {
            return None;
        }
        let behind = self
            .objects
            .partition_point(|large| large.address() <= address);
        let object = self.objects.get_mut(behind.checked_sub(1)?)?;
        if address - object.address() >= object.size {
            return None;
        }
        let is_new = !std::mem::replace(&mut object.is_marked, true);
        (is_new && object.contents == Contents::Pointers).then(|| object.address())
    }

    /// Frees what is not marked. Returns the bytes of objects that stay.
    pub(super) fn sweep(&mut self) -> usize {
        let (mut live, mut first, mut end) = (0, usize::MAX, 0);
        self.objects.retain_mut(|object| {
            if !std::mem::take(&mut object.is_marked) {
                if let Some(layout) = layout(object.size) {
                    // SAFETY: made with this layout, and out of reach.
                    unsafe { dealloc(object.start.as_ptr(), layout) };
                }
                return false;
            }
            live += object.size;
            first = first.min(object.address());
            end = end.max(object.address() + object.size);
            true
        });
        (self.first, self.end, self.size) = (first, end, live);
        live
    }
}
