//! The memory in which an interpreter keeps references, for its collector to look at.
//!
//! Running code borrows its part of a stack of slots, and holds references in variables of Rust
//! besides; a collection that happens meanwhile reads both as they are.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::rc::Rc;

use super::registers::registers;

const WORD: usize = size_of::<u64>();

/// Words that stay where they are.
#[derive(Debug)]
struct Words {
    first: NonNull<u64>,
    count: usize,
}

impl Words {
    fn layout(count: usize) -> Option<Layout> {
        Layout::array::<u64>(count).ok()
    }
}

impl Drop for Words {
    fn drop(&mut self) {
        if let Some(layout) = Self::layout(self.count) {
            // SAFETY: made with this layout.
            unsafe { dealloc(self.first.as_ptr().cast(), layout) };
        }
    }
}

/// A stack of slots, which whoever has it may change, and a [`SlotWatch`] reads.
#[derive(Debug)]
pub struct SlotStack(Rc<Words>);

/// Reads a [`SlotStack`] while it is in use.
#[derive(Debug)]
pub struct SlotWatch(Rc<Words>);

impl SlotStack {
    /// A stack of so many slots, at least one, all zero; `None` if there is no memory.
    pub fn new(count: usize) -> Option<Self> {
        // SAFETY: the size is not zero.
        let first = unsafe { alloc_zeroed(Words::layout(count.max(1))?) };
        let first = NonNull::new(first.cast())?;
        let count = count.max(1);
        Some(Self(Rc::new(Words { first, count })))
    }

    /// What reads it.
    pub fn watch(&self) -> SlotWatch {
        SlotWatch(self.0.clone())
    }
}

impl Deref for SlotStack {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        // SAFETY: so many words are there, and only this value gives out references to them.
        unsafe { std::slice::from_raw_parts(self.0.first.as_ptr(), self.0.count) }
    }
}

impl DerefMut for SlotStack {
    fn deref_mut(&mut self) -> &mut [u64] {
        // SAFETY: as above; the reference is exclusive because `self` is.
        unsafe { std::slice::from_raw_parts_mut(self.0.first.as_ptr(), self.0.count) }
    }
}

impl SlotWatch {
    /// Calls `visit` with each slot.
    pub fn each(&self, mut visit: impl FnMut(u64)) {
        for index in 0..self.0.count {
            // SAFETY: so many words are there. Those who change them run on this thread, and have
            // called this; what they have in registers is seen by `each_stack_word`.
            visit(unsafe { self.0.first.add(index).read_volatile() });
        }
    }
}

/// Calls `visit` with each word in registers and on the stack of this thread up to an address in
/// the frame of a caller.
#[inline(never)]
pub fn each_stack_word(base: usize, mut visit: impl FnMut(u64)) {
    let registers = std::hint::black_box(registers());
    let mut at = registers.as_ptr() as usize;
    while at + WORD <= base {
        // SAFETY: from this frame on to that of a caller is the stack.
        visit(unsafe { (at as *const u64).read_volatile() });
        at += WORD;
    }
}
