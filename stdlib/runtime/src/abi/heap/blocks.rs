//! Blocks: memory for small objects, cells of one size in each.
//!
//! All blocks lie in one range of addresses, so that the block of an address is a subtraction and a
//! shift. What is known about a block is in a table apart. A bit per cell says whether it is taken:
//! it held a live object at the last collection, or was handed out since. A second one is the
//! mark; after marking the marks become the bits of what is taken, and the rest is free.

use std::ptr::NonNull;

use super::system::{self, Reservation};
use crate::abi::layout::AREAS;
use crate::abi::size_class::CELL_SIZES;

/// Bytes of a block.
pub(super) const BLOCK_SIZE: usize = 32 << 10;
/// Most bytes handed out at a time.
const RUN_SIZE_MAX: usize = 8 << 10;
/// Sizes of the range of addresses to try, in bytes.
const RANGE_SIZES: [usize; 4] = [1 << 40, 64 << 30, 8 << 30, 1 << 30];
const BITS: usize = u64::BITS as usize;
/// Words of bits of the most cells a block can have.
const BIT_WORDS: usize = BLOCK_SIZE / CELL_SIZES[0] as usize / BITS;
/// Freed cells are filled with this where errors are looked for.
const POISON: u8 = 0xa5;

/// What is known about a block.
#[repr(C)]
struct Block {
    cell_size: u32,
    cells: u32,
    /// 2^32 / `cell_size`, rounded up.
    reciprocal: u32,
    area: u32,
    /// The cell to go on with when cells are handed out.
    cursor: u32,
    /// Whether all cells that have not been handed out are zero.
    is_zero: bool,
    is_empty: bool,
    taken: [u64; BIT_WORDS],
    marked: [u64; BIT_WORDS],
}

/// A cell that holds an object, or may.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    block: usize,
    index: usize,
    /// The start of the object.
    pub(super) address: usize,
}

/// All blocks.
pub(super) struct Blocks {
    memory: Reservation,
    table: Reservation,
    /// How many blocks have been used, the first ones.
    count: usize,
    /// Blocks without objects, the ones to use first last.
    empty: Vec<usize>,
    /// Blocks with free cells by area, likewise.
    partial: [Vec<usize>; AREAS],
    /// The block of each area that cells are handed out from.
    current: [Option<usize>; AREAS],
}

impl Block {
    fn prepare(&mut self, area: usize) {
        let cell_size = u32::from(CELL_SIZES[area / 2]);
        self.cell_size = cell_size;
        self.cells = BLOCK_SIZE as u32 / cell_size;
        self.reciprocal = (1_u64 << 32).div_ceil(u64::from(cell_size)) as u32;
        self.area = area as u32;
        self.cursor = 0;
        self.is_empty = false;
    }

    fn bit_words(&self) -> usize {
        (self.cells as usize).div_ceil(BITS)
    }

    /// The first free cell at the cursor or behind it.
    fn first_free(&self) -> Option<usize> {
        let cells = self.cells as usize;
        let mut at = self.cursor as usize;
        while at < cells {
            let free = !self.taken[at / BITS] >> (at % BITS);
            if free != 0 {
                let found = at + free.trailing_zeros() as usize;
                return (found < cells).then_some(found);
            }
            at = (at / BITS + 1) * BITS;
        }
        None
    }

    /// Takes at most so many free cells next to each other: the first and how many.
    fn take_run(&mut self, most: usize) -> Option<(usize, usize)> {
        let Some(first) = self.first_free() else {
            self.cursor = self.cells;
            return None;
        };
        let end = (first + most).min(self.cells as usize);
        let mut next = first;
        while next < end {
            let (word, bit) = (next / BITS, next % BITS);
            let room = (BITS - bit).min(end - next);
            let free = (self.taken[word] >> bit).trailing_zeros() as usize;
            let count = free.min(room);
            if count > 0 {
                self.taken[word] |= u64::MAX >> (BITS - count) << bit;
            }
            next += count;
            if count < room {
                break;
            }
        }
        self.cursor = next as u32;
        Some((first, next - first))
    }

    /// Makes the marks what is taken. Returns how many cells that are.
    fn sweep(&mut self) -> usize {
        let mut taken = 0;
        for word in 0..self.bit_words() {
            let marked = std::mem::take(&mut self.marked[word]);
            self.taken[word] = marked;
            taken += marked.count_ones() as usize;
        }
        self.cursor = 0;
        taken
    }
}

impl Blocks {
    pub(super) const fn new() -> Self {
        Self {
            memory: Reservation::EMPTY,
            table: Reservation::EMPTY,
            count: 0,
            empty: Vec::new(),
            partial: [const { Vec::new() }; AREAS],
            current: [None; AREAS],
        }
    }

    fn reserve(&mut self) -> Option<()> {
        let pair = RANGE_SIZES.iter().find_map(|size| {
            let table = (size / BLOCK_SIZE * size_of::<Block>()).next_multiple_of(BLOCK_SIZE);
            Some((Reservation::new(*size)?, Reservation::new(table)?))
        });
        (self.memory, self.table) = pair?;
        Some(())
    }

    #[inline]
    fn block(&mut self, index: usize) -> &mut Block {
        debug_assert!(index < self.count);
        // SAFETY: the first `count` records of the table are usable; zero is a valid record. They
        // are reached through this exclusive reference only.
        unsafe { &mut *self.table.base().cast::<Block>().add(index) }
    }

    fn start_of(&self, block: usize) -> usize {
        self.memory.base() as usize + block * BLOCK_SIZE
    }

    /// Bytes of blocks that have memory, and of what is known about them.
    pub(super) fn size(&mut self) -> usize {
        let with_memory = (0..self.count).filter(|index| {
            let block = self.block(*index);
            !(block.is_empty && block.is_zero)
        });
        with_memory.count() * BLOCK_SIZE + self.count * size_of::<Block>()
    }

    /// Free cells for an area, cleared: address and size in bytes.
    pub(super) fn take_run(&mut self, area: usize, single: bool) -> Option<(usize, usize)> {
        loop {
            let index = match self.current[area] {
                Some(index) => index,
                None => self.next_block(area)?,
            };
            self.current[area] = Some(index);
            let start = self.start_of(index);
            let block = self.block(index);
            let most = if single {
                1
            } else {
                RUN_SIZE_MAX / block.cell_size as usize
            };
            let Some((first, count)) = block.take_run(most) else {
                self.current[area] = None;
                continue;
            };
            let cell_size = block.cell_size as usize;
            let (address, size) = (start + first * cell_size, count * cell_size);
            if !block.is_zero {
                // SAFETY: cells of the block, which nobody has.
                unsafe { (address as *mut u8).write_bytes(0, size) };
            }
            return Some((address, size));
        }
    }

    /// Another block with free cells for an area.
    fn next_block(&mut self, area: usize) -> Option<usize> {
        if let Some(index) = self.partial[area].pop() {
            return Some(index);
        }
        let index = match self.empty.pop() {
            Some(index) => index,
            None => self.new_block()?,
        };
        self.block(index).prepare(area);
        Some(index)
    }

    fn new_block(&mut self) -> Option<usize> {
        if self.memory.size() == 0 {
            self.reserve()?;
        }
        let count = self.count + 1;
        let usable =
            self.memory.commit(count * BLOCK_SIZE) && self.table.commit(count * size_of::<Block>());
        if !usable {
            return None;
        }
        self.count = count;
        self.block(count - 1).is_zero = true;
        Some(count - 1)
    }

    /// The cell that an address lies in, if that is inside of a block that has been used.
    #[inline]
    pub(super) fn find(&mut self, address: usize) -> Option<Cell> {
        let offset = address.wrapping_sub(self.memory.base() as usize);
        if offset >= self.count * BLOCK_SIZE {
            return None;
        }
        let (block, inside) = (offset / BLOCK_SIZE, offset % BLOCK_SIZE);
        let start = address - inside;
        let record = self.block(block);
        let index = (inside as u64 * u64::from(record.reciprocal)) >> 32;
        Some(Cell {
            block,
            index: index as usize,
            address: start + index as usize * record.cell_size as usize,
        })
    }

    /// Whether a cell that was found by an arbitrary address has been handed out.
    pub(super) fn is_taken(&mut self, cell: Cell) -> bool {
        let block = self.block(cell.block);
        !block.is_empty
            && cell.index < block.cells as usize
            && block.taken[cell.index / BITS] >> (cell.index % BITS) & 1 == 1
    }

    /// Marks a cell that has been handed out; returns whether it was not, and may have pointers.
    #[inline]
    pub(super) fn mark(&mut self, cell: Cell) -> bool {
        let block = self.block(cell.block);
        let word = &mut block.marked[cell.index / BITS % BIT_WORDS];
        let bit = 1 << (cell.index % BITS);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new && block.area % 2 == 1
    }

    /// Frees what is not marked. Returns the bytes of cells that stay taken.
    pub(super) fn sweep(&mut self) -> usize {
        let mut live = 0;
        self.current = [None; AREAS];
        self.empty.clear();
        self.partial.iter_mut().for_each(Vec::clear);
        // Those with low addresses come last, and are used first.
        for index in (0..self.count).rev() {
            let block = self.block(index);
            if block.is_empty {
                self.empty.push(index);
                continue;
            }
            // Cells that had been handed out are no longer zero.
            block.is_zero = false;
            let (taken, cells, area) = (block.sweep(), block.cells as usize, block.area as usize);
            live += taken * block.cell_size as usize;
            if taken == 0 {
                block.is_empty = true;
                self.empty.push(index);
            } else if taken < cells {
                self.partial[area].push(index);
            }
        }
        live
    }

    /// Fills the cells that are taken, but not marked. To be called before [`Self::sweep`].
    pub(super) fn poison(&mut self) {
        for index in 0..self.count {
            let start = self.start_of(index);
            let block = self.block(index);
            if block.is_empty {
                continue;
            }
            for cell in 0..block.cells as usize {
                let dead = block.taken[cell / BITS] & !block.marked[cell / BITS];
                if dead >> (cell % BITS) & 1 == 1 {
                    let address = start + cell * block.cell_size as usize;
                    // SAFETY: a cell of the block whose object cannot be reached.
                    unsafe {
                        (address as *mut u8).write_bytes(POISON, block.cell_size as usize);
                    }
                }
            }
        }
    }

    /// Gives the memory of empty blocks back but for the first `keep` bytes.
    pub(super) fn release(&mut self, keep: usize) {
        let keep = keep / BLOCK_SIZE;
        let surplus = self.empty.len().saturating_sub(keep);
        let mut at = 0;
        while at < surplus {
            // Neighbors are given back together; those in the list have descending addresses.
            let last = self.empty[at];
            let mut first = last;
            while self.is_dirty(first) && at + 1 < surplus && self.empty[at + 1] + 1 == first {
                at += 1;
                first = self.empty[at];
            }
            at += 1;
            let first = if self.is_dirty(first) {
                first
            } else {
                first + 1
            };
            self.release_range(first, last);
        }
    }

    fn is_dirty(&mut self, index: usize) -> bool {
        !self.block(index).is_zero
    }

    /// Gives back the blocks from `first` to `last`, if there are any.
    fn release_range(&mut self, first: usize, last: usize) {
        let size = (last + 1 - first) * BLOCK_SIZE;
        let Some(start) = NonNull::new(self.start_of(first) as *mut u8).filter(|_| size > 0) else {
            return;
        };
        // SAFETY: blocks without objects; blocks are whole pages.
        let is_zero = unsafe { system::release(start, size) };
        for index in first..=last {
            self.block(index).is_zero = is_zero;
        }
    }
}
