//! Objects that slots refer to.

use std::ops::Range;
use std::rc::Rc;

use arrayvec::ArrayString;
use rustc_hash::FxHashMap;
use spy_runtime::error::{ErrorKind, Raise};

use super::Allocation;
use super::collect::BUDGET_MIN;
use super::items::{Items, OffsetsId};
use crate::program::Value;

/// Names an object of the heap. A slot of static type `str`, `bytes`, `object`, … holds it shifted
/// left by 32, as pointers do; the highest bit is set, so that neither small numbers nor addresses
/// of the machine look like it. Number 0 is NULL.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ObjectId(pub u32);

/// Set in all numbers but that of NULL.
const TAG: u32 = 1 << 31;

impl ObjectId {
    /// The object that a slot refers to.
    #[inline]
    pub const fn from_slot(slot: u64) -> Self {
        Self((slot >> 32) as u32)
    }

    /// The slot of a reference to it.
    #[inline]
    pub const fn slot(self) -> u64 {
        (self.0 as u64) << 32
    }

    const fn new(index: usize) -> Self {
        Self(index as u32 | TAG)
    }

    const fn index(self) -> usize {
        (self.0 & !TAG) as usize
    }
}

/// An object of the heap.
#[derive(Clone, Debug)]
pub enum HeapObject {
    /// Text.
    Str(Rc<str>),
    /// Text that is short enough to lie in the object itself.
    ShortStr(ShortText),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// Memory that pointers point into.
    Memory(Allocation),
    /// Memory that has been given back.
    Freed,
    /// A value whose static type does not say what it is.
    Value(Value),
}

/// Text of up to 36 bytes: as many as fit into an object that is not larger for it.
pub type ShortText = ArrayString<36>;

impl HeapObject {
    /// The object of a text.
    #[inline]
    pub fn text(text: &str) -> Self {
        match ShortText::from(text) {
            Ok(short) => Self::ShortStr(short),
            Err(_) => Self::Str(text.into()),
        }
    }

    /// The object of two texts one after the other.
    #[inline]
    pub fn joined_text(left: &str, right: &str) -> Self {
        let mut short = ShortText::new();
        if left.len() + right.len() <= short.capacity() {
            short.push_str(left);
            short.push_str(right);
            return Self::ShortStr(short);
        }
        Self::Str(spy_runtime::string::concat(left, right).into())
    }
}

/// An object and what collections know about it.
#[derive(Debug)]
pub(super) struct Entry {
    object: HeapObject,
    /// The items of memory.
    pub(super) items: Items,
    pub(super) is_pinned: bool,
    pub(super) is_marked: bool,
}

/// All objects.
///
/// Those made while compiling live for ever, because constants, lowered code and compile-time
/// values refer to them. Those made while the program runs are freed by [`Heap::collect`].
#[derive(Debug)]
pub struct Heap {
    entries: Vec<Entry>,
    /// Numbers to use again.
    free: Vec<ObjectId>,
    constants: FxHashMap<Rc<str>, ObjectId>,
    /// All objects that are pinned; they stay so.
    pub(super) pinned: Vec<ObjectId>,
    pub(super) offsets: Vec<Box<[u32]>>,
    is_running: bool,
    /// How many bytes may be made while compiling; exceeded by at most one object.
    pub limit_bytes: usize,
    /// Bytes of objects made since the last collection.
    pub(super) made: usize,
    /// Bytes to make before the next one.
    pub(super) budget: usize,
    /// That budget, if it does not depend on what lives.
    pub(super) stress: Option<usize>,
    /// References found in an object, empty between uses.
    pub(super) found: Vec<u64>,
}

impl Default for Heap {
    /// A heap with one object, an empty memory: number 0 is NULL.
    fn default() -> Self {
        let mut heap = Self {
            entries: Vec::new(),
            free: Vec::new(),
            constants: FxHashMap::default(),
            pinned: Vec::new(),
            offsets: vec![Box::default()],
            is_running: false,
            limit_bytes: usize::MAX,
            made: 0,
            budget: BUDGET_MIN,
            stress: None,
            found: Vec::new(),
        };
        heap.add(HeapObject::Memory(Allocation::default()));
        heap
    }
}

/// Bytes that an object takes.
fn size_of(object: &HeapObject) -> usize {
    std::mem::size_of::<Entry>()
        + match object {
            HeapObject::Str(text) => text.len(),
            HeapObject::Bytes(bytes) => bytes.len(),
            HeapObject::Memory(memory) => memory.outside_bytes(),
            HeapObject::ShortStr(_) | HeapObject::Freed => 0,
            HeapObject::Value(_) => std::mem::size_of::<Value>(),
        }
}

impl Heap {
    /// Adds an object.
    #[inline]
    pub fn add(&mut self, object: HeapObject) -> ObjectId {
        self.add_entry(object, Items::BYTES)
    }

    /// Adds memory for items.
    #[inline]
    pub(super) fn add_memory(&mut self, memory: Allocation, items: Items) -> ObjectId {
        self.add_entry(HeapObject::Memory(memory), items)
    }

    #[inline]
    fn add_entry(&mut self, object: HeapObject, items: Items) -> ObjectId {
        self.made += size_of(&object);
        let entry = Entry {
            object,
            items,
            is_pinned: !self.is_running,
            is_marked: false,
        };
        let is_pinned = entry.is_pinned;
        let id = match self.free.pop() {
            Some(id) => {
                self.entries[id.index()] = entry;
                id
            }
            None => self.push(entry),
        };
        if is_pinned {
            self.pinned.push(id);
        }
        id
    }

    fn push(&mut self, entry: Entry) -> ObjectId {
        let id = ObjectId::new(self.entries.len());
        assert!(
            self.entries.len() < TAG as usize,
            "fewer than 2^31 heap objects"
        );
        self.entries.push(entry);
        id
    }

    /// Takes objects made from now on as made by the running program, or not; returns what was so
    /// before.
    pub fn set_running(&mut self, is_running: bool) -> bool {
        std::mem::replace(&mut self.is_running, is_running)
    }

    /// How many objects there are.
    pub fn object_count(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Whether it is time for a collection.
    #[inline]
    pub fn is_due(&self) -> bool {
        self.made > self.budget && self.is_running
    }

    /// Whether compile-time evaluation has made more than it may.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.made > self.limit_bytes && !self.is_running
    }

    /// Whether `bytes` more may be made.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.is_running || self.made.saturating_add(bytes) <= self.limit_bytes
    }

    /// The error of compile-time evaluation that has no room left.
    pub fn out_of_memory(&self) -> Raise {
        let megabytes = self.limit_bytes >> 20;
        let text = format!("compile-time evaluation needs more than {megabytes} MB");
        Raise::with_text(ErrorKind::MemoryError, text)
    }

    /// The object of a text: while compiling, equal texts share one.
    pub fn text(&mut self, text: &Rc<str>) -> ObjectId {
        if self.is_running {
            return self.add(HeapObject::Str(text.clone()));
        }
        if let Some(id) = self.constants.get(text) {
            return *id;
        }
        let id = self.add(HeapObject::Str(text.clone()));
        self.constants.insert(text.clone(), id);
        id
    }

    /// The number of a list of offsets.
    pub(super) fn offsets(&mut self, offsets: Vec<u32>) -> OffsetsId {
        let offsets = offsets.into_boxed_slice();
        let known = self.offsets.iter().position(|known| *known == offsets);
        let index = known.unwrap_or_else(|| {
            self.offsets.push(offsets);
            self.offsets.len() - 1
        });
        OffsetsId(u32::try_from(index).expect("there are fewer layouts than types"))
    }

    /// The object that a word refers to, if it has the form of a slot that does.
    pub(super) fn object_of(&self, word: u64) -> Option<ObjectId> {
        let id = ObjectId::from_slot(word);
        (id.0 & TAG != 0 && id.index() < self.entries.len()).then_some(id)
    }

    /// The object with this number.
    #[inline]
    pub fn get(&self, id: ObjectId) -> &HeapObject {
        &self.entry(id).object
    }

    #[inline]
    pub(super) fn entry(&self, id: ObjectId) -> &Entry {
        &self.entries[id.index()]
    }

    pub(super) fn entry_mut(&mut self, id: ObjectId) -> &mut Entry {
        &mut self.entries[id.index()]
    }

    /// Lets an object live for ever.
    pub(super) fn pin_object(&mut self, id: ObjectId) {
        if !std::mem::replace(&mut self.entry_mut(id).is_pinned, true) {
            self.pinned.push(id);
        }
    }

    /// Frees what is neither marked nor pinned. Returns the bytes of what stays.
    pub(super) fn sweep(&mut self) -> usize {
        let mut live = 0;
        self.free.clear();
        // Low numbers are used first.
        for index in (1..self.entries.len()).rev() {
            let entry = &mut self.entries[index];
            if std::mem::take(&mut entry.is_marked) || entry.is_pinned {
                live += size_of(&entry.object);
            } else {
                entry.object = HeapObject::Freed;
                self.free.push(ObjectId::new(index));
            }
        }
        live
    }

    /// The bytes of the memory with this number; empty if there is none.
    pub fn memory(&self, id: u32) -> &[u8] {
        self.allocation(id).map_or(&[], Allocation::bytes)
    }

    /// The memory with this number, if it has not been given back.
    #[inline]
    pub fn allocation(&self, id: u32) -> Option<&Allocation> {
        match self
            .entries
            .get(ObjectId(id).index())
            .map(|entry| &entry.object)
        {
            Some(HeapObject::Memory(memory)) => Some(memory),
            _ => None,
        }
    }

    /// The memory with this number, to write, if it has not been given back.
    #[inline]
    pub fn allocation_mut(&mut self, id: u32) -> Option<&mut Allocation> {
        let entry = self.entries.get_mut(ObjectId(id).index())?;
        match &mut entry.object {
            HeapObject::Memory(memory) => Some(memory),
            _ => None,
        }
    }

    /// Takes the references in a range of memory, whole items, as not written: bytes have been put
    /// there. If these are zero, pointers are NULL.
    pub(super) fn forget_references(&mut self, id: u32, range: Range<usize>, is_null: bool) {
        let Some(entry) = self.entries.get_mut(ObjectId(id).index()) else {
            return;
        };
        let offsets = if is_null {
            entry.items.objects
        } else {
            entry.items.references
        };
        let HeapObject::Memory(memory) = &mut entry.object else {
            return;
        };
        for offset in &self.offsets[offsets.0 as usize] {
            let first = range.start + *offset as usize;
            for start in (first..range.end).step_by(entry.items.stride as usize) {
                memory.unmark_slot(start);
            }
        }
    }

    /// Whether the memory with this number has been given back.
    pub fn is_freed(&self, id: u32) -> bool {
        let entry = self.entries.get(ObjectId(id).index());
        entry.is_some_and(|entry| matches!(entry.object, HeapObject::Freed))
    }

    /// Gives memory back; its number is not used again while something refers to it.
    pub fn free(&mut self, id: u32) {
        self.entry_mut(ObjectId(id)).object = HeapObject::Freed;
    }

    /// The text with this number; `id` comes from a slot of static type `str`.
    #[inline]
    pub fn str(&self, id: ObjectId) -> &str {
        match self.get(id) {
            HeapObject::ShortStr(text) => text,
            HeapObject::Str(text) => text,
            _ => unreachable!("a slot of type str refers to a text"),
        }
    }
}
