//! Objects that slots refer to.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Allocation;
use crate::program::Value;

/// Names an object of the heap; what a slot of static type `str`, `bytes`, `object`, … holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ObjectId(pub u32);

/// An object of the heap.
#[derive(Clone, Debug)]
pub enum HeapObject {
    /// Text.
    Str(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// Memory that pointers point into.
    Memory(Allocation),
    /// Memory that has been given back.
    Freed,
    /// A value whose static type does not say what it is.
    Value(Value),
}

/// All objects; numbers are never reused.
#[derive(Debug)]
pub struct Heap {
    objects: Vec<HeapObject>,
    constants: FxHashMap<Rc<str>, ObjectId>,
}

impl Default for Heap {
    /// A heap with one object, an empty memory: number 0 is NULL.
    fn default() -> Self {
        Self {
            objects: vec![HeapObject::Memory(Allocation::default())],
            constants: FxHashMap::default(),
        }
    }
}

impl Heap {
    /// Adds an object.
    pub fn add(&mut self, object: HeapObject) -> ObjectId {
        self.objects.push(object);
        ObjectId(u32::try_from(self.objects.len() - 1).expect("fewer than 2^32 heap objects"))
    }

    /// The object of a constant text; equal texts share one.
    pub fn constant(&mut self, text: &Rc<str>) -> ObjectId {
        if let Some(id) = self.constants.get(text) {
            return *id;
        }
        let id = self.add(HeapObject::Str(text.clone()));
        self.constants.insert(text.clone(), id);
        id
    }

    /// The object with this number.
    pub fn get(&self, id: ObjectId) -> &HeapObject {
        &self.objects[id.0 as usize]
    }

    /// The bytes of the memory with this number; empty if there is none.
    pub fn memory(&self, id: u32) -> &[u8] {
        self.allocation(id).map_or(&[], Allocation::bytes)
    }

    /// The memory with this number, if it has not been given back.
    #[inline]
    pub fn allocation(&self, id: u32) -> Option<&Allocation> {
        match self.objects.get(id as usize) {
            Some(HeapObject::Memory(memory)) => Some(memory),
            _ => None,
        }
    }

    /// The memory with this number, to write, if it has not been given back.
    #[inline]
    pub fn allocation_mut(&mut self, id: u32) -> Option<&mut Allocation> {
        match self.objects.get_mut(id as usize) {
            Some(HeapObject::Memory(memory)) => Some(memory),
            _ => None,
        }
    }

    /// Whether the memory with this number has been given back.
    pub fn is_freed(&self, id: u32) -> bool {
        matches!(self.objects.get(id as usize), Some(HeapObject::Freed))
    }

    /// Gives memory back; its number is not used again.
    pub fn free(&mut self, id: u32) {
        self.objects[id as usize] = HeapObject::Freed;
    }

    /// The text with this number; `id` comes from a slot of static type `str`.
    pub fn str(&self, id: ObjectId) -> &Rc<str> {
        let HeapObject::Str(text) = self.get(id) else {
            unreachable!("a slot of type str refers to a text")
        };
        text
    }
}
