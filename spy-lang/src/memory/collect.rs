//! Collections: freeing objects that nothing refers to.
//!
//! Whoever runs code says when, and gives the slots to start from; what is pinned lives anyway.
//! Numbers of freed objects are used again: nothing refers to them. Slots are known by their form
//! (see [`ObjectId`]), memory by the layout of its items.

use super::heap::{Heap, HeapObject, ObjectId};
use crate::program::{OpSpec, Value};

/// Bytes of objects made between two collections at least.
pub(super) const BUDGET_MIN: usize = 8 << 20;

/// About the bytes of a small object.
const SMALL_SIZE: usize = 64;

impl Heap {
    /// Frees all objects that are not pinned and that neither `roots` nor objects that live refer
    /// to. Roots are slots, or any other words.
    pub fn collect(&mut self, roots: impl FnOnce(&mut dyn FnMut(u64))) {
        let mut work = self.pinned.clone();
        for id in &work {
            self.entry_mut(*id).is_marked = true;
        }
        roots(&mut |slot| {
            if let Some(id) = self.object_of(slot) {
                self.mark(id, &mut work);
            }
        });
        while let Some(id) = work.pop() {
            self.follow(id, &mut work);
        }
        let live = self.sweep();
        self.budget = match self.stress {
            Some(budget) => budget,
            None => BUDGET_MIN + live,
        };
        self.made = 0;
    }

    /// Makes a collection due after each `every` small objects, to find errors.
    pub fn set_stress(&mut self, every: usize) {
        self.stress = Some((every - 1) * SMALL_SIZE);
        self.budget = self.budget.min(every * SMALL_SIZE);
    }

    /// Lets the objects that a value refers to live for ever.
    pub fn pin(&mut self, value: &Value) {
        each_reference(value, &mut |slot| {
            if let Some(id) = self.object_of(slot) {
                self.pin_object(id);
            }
        });
    }

    fn mark(&mut self, id: ObjectId, work: &mut Vec<ObjectId>) {
        let entry = self.entry_mut(id);
        if !entry.is_marked && !entry.is_pinned {
            entry.is_marked = true;
            work.push(id);
        }
    }

    /// Marks what an object refers to.
    fn follow(&mut self, id: ObjectId, work: &mut Vec<ObjectId>) {
        let mut found = std::mem::take(&mut self.found);
        match self.get(id) {
            HeapObject::Str(_)
            | HeapObject::ShortStr(_)
            | HeapObject::Bytes(_)
            | HeapObject::Freed => {}
            HeapObject::Value(value) => each_reference(value, &mut |slot| found.push(slot)),
            HeapObject::Memory(memory) => {
                let items = self.entry(id).items;
                let offsets = &self.offsets[items.references.0 as usize];
                if !offsets.is_empty() {
                    for item in memory.bytes().chunks_exact(items.stride as usize) {
                        let slots = offsets.iter().filter_map(|at| item.get(*at as usize..));
                        let slots = slots.filter_map(|bytes| bytes.first_chunk());
                        found.extend(slots.map(|bytes| u64::from_le_bytes(*bytes)));
                    }
                }
            }
        }
        for slot in found.drain(..) {
            if let Some(id) = self.object_of(slot) {
                self.mark(id, work);
            }
        }
        self.found = found;
    }
}

/// Calls `visit` with the pointers in a value.
fn each_reference(value: &Value, visit: &mut dyn FnMut(u64)) {
    match value {
        Value::Ptr(_, address) => visit(*address),
        Value::Struct(_, values) | Value::Tuple(values) => {
            values.iter().for_each(|value| each_reference(value, visit));
        }
        Value::List(list) => {
            let items = list.items.borrow();
            items.iter().for_each(|value| each_reference(value, visit));
        }
        Value::Dict(dict) => {
            for (key, value) in dict.items.borrow().iter() {
                each_reference(key, visit);
                each_reference(value, visit);
            }
        }
        Value::MetaArg(meta) => {
            if let Some(value) = &meta.value {
                each_reference(value, visit);
            }
        }
        Value::OpSpec(spec) => match spec.as_ref() {
            OpSpec::Const(value) => each_reference(value, visit),
            OpSpec::Complex(_, args) => {
                for value in args.iter().filter_map(|arg| arg.value.as_ref()) {
                    each_reference(value, visit);
                }
            }
            OpSpec::Null | OpSpec::Simple(_) => {}
        },
        _ => {}
    }
}
