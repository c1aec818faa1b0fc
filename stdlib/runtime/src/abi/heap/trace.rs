//! Marking: from the roots to all that can be reached.
//!
//! What is left to do is on stacks of this module's own, so that the depth of data does not matter.
//! Long arrays are done in parts, so that the stacks stay short.

use super::blocks::Blocks;
use super::large::Larges;
use super::roots::Program;
use crate::abi::layout::{MEMORY_HEADER_SIZE, MEMORY_SIZE_BITS};

/// Items of an array that are done at a time.
const PART_ITEMS: usize = 256;

/// Memory whose pointers are still to be followed.
struct Work {
    /// The first item.
    items: usize,
    count: usize,
    map: PointerMap,
}

/// Where the items of an object have pointers.
#[derive(Clone, Copy)]
pub(super) struct PointerMap {
    /// Bytes from one item to the next.
    pub(super) stride: usize,
    /// Offsets in bytes of the pointers in an item.
    pub(super) offsets: &'static [u32],
}

/// A collection that is marking.
pub(super) struct Marker<'h> {
    blocks: &'h mut Blocks,
    larges: &'h mut Larges,
    program: &'h Program,
    /// Starts of objects.
    objects: Vec<usize>,
    arrays: Vec<Work>,
}

impl<'h> Marker<'h> {
    pub(super) fn new(
        blocks: &'h mut Blocks,
        larges: &'h mut Larges,
        program: &'h Program,
    ) -> Self {
        larges.sort();
        Self {
            blocks,
            larges,
            program,
            objects: Vec::new(),
            arrays: Vec::new(),
        }
    }

    /// Marks the object that a pointer points to or into, and all that it reaches, if it is an
    /// object of the heap.
    pub(super) fn root(&mut self, pointer: usize) {
        self.pointer(pointer);
        self.drain();
    }

    /// As [`Self::root`], for what may be no pointer at all.
    pub(super) fn candidate(&mut self, word: usize) {
        if let Some(cell) = self.blocks.find(word)
            && !self.blocks.is_taken(cell)
        {
            return;
        }
        self.root(word);
    }

    /// Marks what the pointers in memory with a header reach.
    pub(super) fn memory(&mut self, header: usize) {
        self.object(header);
        self.drain();
    }

    /// Marks the object that a pointer points to or into.
    #[inline]
    fn pointer(&mut self, pointer: usize) {
        if let Some(cell) = self.blocks.find(pointer) {
            if self.blocks.mark(cell) {
                self.objects.push(cell.address);
            }
        } else if let Some(start) = self.larges.mark(pointer) {
            self.objects.push(start);
        }
    }

    fn drain(&mut self) {
        loop {
            if let Some(object) = self.objects.pop() {
                self.object(object);
            } else if let Some(work) = self.arrays.pop() {
                self.array(work);
            } else {
                return;
            }
        }
    }

    /// Follows the pointers of an object.
    #[inline]
    fn object(&mut self, start: usize) {
        // SAFETY: objects that may have pointers start with a header, or with zero if they are not
        // initialized yet.
        let header = unsafe { (start as *const u64).read() };
        let map = self.program.map((header >> MEMORY_SIZE_BITS) as usize);
        if map.offsets.is_empty() {
            return;
        }
        let size = header & ((1 << MEMORY_SIZE_BITS) - 1);
        self.array(Work {
            items: start + MEMORY_HEADER_SIZE,
            count: size as usize / map.stride,
            map,
        });
    }

    /// Follows the pointers of the first items, and leaves the rest for later.
    #[inline]
    fn array(&mut self, work: Work) {
        let Work { items, count, map } = work;
        let part = count.min(PART_ITEMS);
        for item in 0..part {
            for offset in map.offsets {
                let address = items + item * map.stride + *offset as usize;
                // SAFETY: the map says that there is a pointer, aligned as structs are.
                self.pointer(unsafe { (address as *const usize).read_unaligned() });
            }
        }
        if part < count {
            self.arrays.push(Work {
                items: items + part * map.stride,
                count: count - part,
                map,
            });
        }
    }
}
