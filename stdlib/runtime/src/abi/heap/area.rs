//! The free cells at hand: allocation as long as nothing special happens.

use std::ptr::NonNull;

use super::collect;
use crate::abi::global::Global;
use crate::abi::layout::{AREA_SIZE, AREAS, area_index};
use crate::abi::size_class::{CELL_SIZES, size_class};

/// Free cells next to each other, all zero. Objects are taken from the start.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Area {
    pub(super) next: usize,
    pub(super) end: usize,
}

const _: () = assert!(size_of::<Area>() == AREA_SIZE);

impl Area {
    pub(super) const EMPTY: Self = Self { next: 0, end: 0 };

    #[inline]
    pub(super) fn take(&mut self, size: usize) -> Option<NonNull<u8>> {
        if size > self.end - self.next {
            return None;
        }
        let cell = NonNull::new(self.next as *mut u8);
        self.next += size;
        cell
    }
}

/// The free cells of all areas, for compiled code too.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "a symbol of the C ABI")]
static spy_heap: Global<[Area; AREAS]> = Global::new([Area::EMPTY; AREAS]);

/// Whether an object has pointers, which stand where the map in its header says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::abi) enum Contents {
    /// None at all; there need not be a header.
    Plain,
    /// Some.
    Pointers,
}

/// Zeroed memory for an object of `size` bytes, its header included, if there is any left.
#[inline]
pub(in crate::abi) fn try_allocate(size: usize, contents: Contents) -> Option<NonNull<u8>> {
    let Some(class) = size_class(size) else {
        return collect::allocate_large(size, contents);
    };
    let index = area_index(class, contents == Contents::Pointers);
    let cell = spy_heap.with(|areas| areas[index].take(usize::from(CELL_SIZES[class])));
    cell.or_else(|| collect::allocate_small(index))
}

/// The free cells of an area, to be replaced.
pub(super) fn with_area<R>(index: usize, change: impl FnOnce(&mut Area) -> R) -> R {
    spy_heap.with(|areas| change(&mut areas[index]))
}
