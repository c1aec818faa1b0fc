//! Where collections start: the program's variables, the registers and the stack.

use std::collections::BTreeSet;

use super::memcheck;
use super::trace::{Marker, PointerMap};
use crate::abi::exception;
use crate::abi::global::Global;
use crate::abi::layout::{EXCEPTION_MAP, EXCEPTION_POINTERS, EXCEPTION_SIZE, PROGRAM_WORDS};
use crate::abi::registers::registers;

const WORD: usize = size_of::<usize>();

/// What compiled code says about a program; `layout` describes it.
#[repr(C)]
pub(in crate::abi) struct Program {
    cells: *const usize,
    cell_count: usize,
    memory: *const u8,
    pointers: *const u32,
    pointer_count: usize,
    maps: *const u32,
}

const _: () = assert!(size_of::<Program>() == PROGRAM_WORDS * size_of::<u64>());

// SAFETY: what it points to is constant but for the variables, and programs have one thread.
unsafe impl Sync for Program {}

impl Program {
    /// A program without variables, whose objects have no pointers.
    const NONE: &'static Self = &Self {
        cells: std::ptr::null(),
        cell_count: 0,
        memory: std::ptr::null(),
        pointers: std::ptr::null(),
        pointer_count: 0,
        maps: std::ptr::null(),
    };

    /// The map with a number.
    #[inline]
    pub(super) fn map(&self, number: usize) -> PointerMap {
        if number == 0 {
            return PointerMap {
                stride: 1,
                offsets: &[],
            };
        }
        if number == EXCEPTION_MAP as usize {
            return PointerMap {
                stride: EXCEPTION_SIZE as usize,
                offsets: EXCEPTION_POINTERS,
            };
        }
        // SAFETY: compiled code has put the map there; numbers come from its headers.
        unsafe {
            let map = self.maps.add(*self.maps.add(number) as usize);
            PointerMap {
                stride: *map as usize,
                offsets: std::slice::from_raw_parts(map.add(2), *map.add(1) as usize),
            }
        }
    }

    /// Marks what variables and constant memory reach.
    pub(super) fn mark(&self, marker: &mut Marker<'_>) {
        for cell in 0..self.cell_count {
            // SAFETY: there are so many variables.
            marker.candidate(unsafe { *self.cells.add(cell) });
        }
        for pointer in 0..self.pointer_count {
            // SAFETY: there are so many offsets of pointers in the memory.
            marker.root(unsafe {
                let offset = *self.pointers.add(pointer) as usize;
                self.memory.add(offset).cast::<usize>().read_unaligned()
            });
        }
    }
}

static PROGRAM: Global<&'static Program> = Global::new(Program::NONE);

/// The program that runs.
pub(super) fn program() -> &'static Program {
    PROGRAM.with(|program| *program)
}

/// Tells the collector about the program that is about to run.
///
/// # Safety
/// The record and what it points to are as `layout` says, and last as long as the program.
#[unsafe(no_mangle)]
pub(in crate::abi) unsafe extern "C" fn spy_use_program(record: *const Program) {
    // SAFETY: the contract above.
    PROGRAM.with(|program| *program = unsafe { &*record });
}

/// Where the frames of the program begin.
static STACK_TOP: Global<usize> = Global::new(0);

/// Tells where the frames of the program begin, an address in the frame of the caller.
pub(in crate::abi) fn note_stack_top(address: usize) {
    STACK_TOP.with(|top| *top = address.next_multiple_of(WORD));
}

/// Bytes of stack in use.
pub(super) fn stack_size() -> usize {
    let here = 0_u8;
    let here = std::ptr::from_ref(&here) as usize;
    STACK_TOP.with(|top| top.saturating_sub(here))
}

/// Words of the stack that are looked at together.
const PART_WORDS: usize = 512;

/// Marks what words on the stack and in registers reach that look like pointers.
#[inline(never)]
pub(super) fn mark_stack(marker: &mut Marker<'_>) {
    let registers = std::hint::black_box(registers());
    let top = STACK_TOP.with(|top| *top);
    let mut at = registers.as_ptr() as usize;
    while at < top {
        let count = ((top - at) / WORD).min(PART_WORDS);
        mark_words(at as *const usize, count, marker);
        at += count * WORD;
    }
}

/// Marks what some words of the stack reach. They are copied, because some may never have been
/// written.
#[inline(never)]
fn mark_words(words: *const usize, count: usize, marker: &mut Marker<'_>) {
    let mut copy = [0; PART_WORDS];
    // SAFETY: between an address in the caller's frame and one in the first frame is the stack.
    unsafe { copy.as_mut_ptr().copy_from_nonoverlapping(words, count) };
    memcheck::take_as_written(&copy[..count]);
    for word in &copy[..count] {
        // SAFETY: a word of the copy; valgrind may have changed what is known about it.
        marker.candidate(unsafe { std::ptr::from_ref(word).read_volatile() });
    }
}

static KEPT: Global<Vec<usize>> = Global::new(Vec::new());

/// Keeps an object that only memory of Rust's allocator refers to, until [`release_kept`].
pub(in crate::abi) fn keep(address: usize) {
    KEPT.with(|kept| kept.push(address));
}

/// Ends what [`keep`] has begun, for all objects.
pub(in crate::abi) fn release_kept() {
    KEPT.with(Vec::clear);
}

static HELD: Global<BTreeSet<usize>> = Global::new(BTreeSet::new());

/// Keeps what an address points to, if it is an object of the heap, as long as the program runs:
/// somebody outside knows the address.
pub(in crate::abi) fn hold(address: usize) {
    HELD.with(|held| held.insert(address));
}

/// Marks what the runtime itself refers to.
pub(super) fn mark_runtime(marker: &mut Marker<'_>) {
    HELD.with(|held| held.iter().for_each(|address| marker.candidate(*address)));
    KEPT.with(|kept| kept.iter().for_each(|address| marker.root(*address)));
    if let Some(address) = exception::current_address() {
        marker.root(address);
    }
}
