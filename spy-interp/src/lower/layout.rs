//! The slots of a frame: locals, flags of locals that may be unassigned, temporaries.

use spy_lang::ir::{Function, LocalId};
use spy_lang::program::Program;

use crate::node::{Ex, ex};

/// The slots of a local variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct LocalSlots {
    /// The first of them.
    pub(super) first: usize,
    /// How many there are.
    pub(super) count: usize,
    /// The slot that says whether it has been assigned, if it has one.
    pub(super) flag: Option<usize>,
    /// What it holds, if that is known when its function is lowered; it then has no slots.
    pub(super) constant: Option<u64>,
}

impl LocalSlots {
    /// A local that lies in the frame and is assigned before it is read.
    pub(super) fn at(first: usize, count: usize) -> Self {
        Self {
            first,
            count,
            flag: None,
            constant: None,
        }
    }
}

/// The slots of a function's frame.
#[derive(Debug, Default)]
pub(super) struct Layout {
    locals: Vec<LocalSlots>,
    first_flag: usize,
    flag_count: usize,
    next_temp: usize,
    frame_size: usize,
}

impl Layout {
    /// The layout of a function; parameters come first, as its callers expect.
    pub(super) fn of(program: &Program, function: &Function) -> Self {
        let mut locals = Vec::new();
        let mut next = 0;
        for local in &function.locals {
            let count = program.types.slots(local.ty);
            locals.push(LocalSlots::at(next, count));
            next += count;
        }
        let first_flag = next;
        for (index, local) in function.locals.iter().enumerate() {
            if local.maybe_unassigned && index >= function.param_count {
                locals[index].flag = Some(next);
                next += 1;
            }
        }
        let flag_count = next - first_flag;
        let frame_size = next.max(program.types.slots(function.result));
        Self {
            locals,
            first_flag,
            flag_count,
            next_temp: next,
            frame_size,
        }
    }

    /// The slots of a local.
    pub(super) fn local(&self, id: LocalId) -> LocalSlots {
        self.locals[id.0 as usize]
    }

    /// Puts the locals of another function in the place of the current ones, which come back.
    pub(super) fn replace_locals(&mut self, locals: Vec<LocalSlots>) -> Vec<LocalSlots> {
        std::mem::replace(&mut self.locals, locals)
    }

    /// The first of `count` new temporaries.
    pub(super) fn push_temps(&mut self, count: usize) -> usize {
        let first = self.next_temp;
        self.next_temp += count;
        self.reserve(first, count);
        first
    }

    /// Where the next temporary will be.
    pub(super) fn next_temp(&self) -> usize {
        self.next_temp
    }

    /// Frees the temporaries from `first` on.
    pub(super) fn pop_temps(&mut self, first: usize) {
        self.next_temp = first;
    }

    /// Makes the frame reach over `count` slots from `first` on.
    pub(super) fn reserve(&mut self, first: usize, count: usize) {
        self.frame_size = self.frame_size.max(first + count);
    }

    /// How many slots the frame has.
    pub(super) fn frame_size(&self) -> usize {
        self.frame_size
    }

    /// A function's body after its locals have been marked as unassigned.
    pub(super) fn clear_flags_before(&self, body: Ex) -> Ex {
        if self.flag_count == 0 {
            return body;
        }
        let flags = self.first_flag..self.first_flag + self.flag_count;
        ex(move |cx, frame| {
            frame[flags.clone()].fill(0);
            body(cx, frame)
        })
    }
}
