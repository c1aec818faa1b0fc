//! The search for a key in the hash table of a dict or set.
//!
//! The table is that of the standard library's module `_dict`, which describes it.

use spy_lang::memory::{Heap, ObjectId};
use spy_lang::program::Failure;

use super::{Call, Node};
use crate::machine::Cx;

/// Where things are in a table: offsets in bytes.
#[derive(Clone, Copy)]
pub(crate) struct TableLayout {
    /// `DictData`
    pub(crate) capacity: u32,
    pub(crate) entries: u32,
    pub(crate) slots: u32,
    /// `Entry`: its size, and the key in it. The hash comes first.
    pub(crate) stride: u32,
    pub(crate) key: u32,
}

/// Keys that are compared without running code.
pub(crate) trait Key: 'static {
    /// The bytes that a key takes.
    const SIZE: usize;

    /// Whether the keys in two slots are equal.
    fn is_equal(heap: &Heap, a: u64, b: u64) -> bool;
}

/// Keys of so many bytes that are equal if these are.
pub(crate) struct BitsKey<const SIZE: usize>;

impl<const SIZE: usize> Key for BitsKey<SIZE> {
    const SIZE: usize = SIZE;

    #[inline]
    fn is_equal(_heap: &Heap, a: u64, b: u64) -> bool {
        a == b
    }
}

/// Texts.
pub(crate) struct TextKey;

impl Key for TextKey {
    const SIZE: usize = 8;

    #[inline]
    fn is_equal(heap: &Heap, a: u64, b: u64) -> bool {
        a == b || heap.str(ObjectId::from_slot(a)) == heap.str(ObjectId::from_slot(b))
    }
}

/// `find(data, code, key)`: the position of the entry with a key, or -1.
pub(crate) struct Find<K, D, C, N> {
    pub(crate) data: D,
    pub(crate) code: C,
    pub(crate) key: N,
    pub(crate) layout: TableLayout,
    pub(crate) call: Call,
    pub(crate) kind: std::marker::PhantomData<K>,
}

impl<K: Key, D: Node, C: Node, N: Node> Node for Find<K, D, C, N> {
    #[inline]
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        let data = self.data.eval(cx, frame)?;
        let code = self.code.eval(cx, frame)?;
        let key = self.key.eval(cx, frame)?;
        match find::<K>(&cx.program.heap, self.layout, data, code as u32, key) {
            Some(position) => Ok(u64::from(position as u32)),
            None => self.call.with([data, code, key], cx, frame),
        }
    }
}

/// The position or -1; `None` if something about the table is unusual.
#[inline]
fn find<K: Key>(heap: &Heap, layout: TableLayout, data: u64, code: u32, key: u64) -> Option<i32> {
    let (data, start) = split(data);
    let data = heap.allocation(data)?;
    let field = |offset: u32, size| data.load(start + offset as usize, size);
    let capacity = field(layout.capacity, 4)? as u32;
    let (entries, first) = split(field(layout.entries, 8)?);
    let (slots, slots_start) = split(field(layout.slots, 8)?);
    let (entries, slots) = (heap.allocation(entries)?, heap.allocation(slots)?);

    let mask = capacity.wrapping_mul(2).wrapping_sub(1);
    let mixed = (code as i32).wrapping_mul(-1_640_531_535);
    let mut slot = (mixed ^ (mixed >> 15)) as u32 & mask;
    // A table always has an empty slot; what has none is no table.
    for _ in 0..=mask {
        let position = slots.load(slots_start + 4 * slot as usize, 4)? as u32;
        let Some(position) = position.checked_sub(1) else {
            return Some(-1);
        };
        let entry = first + position as usize * layout.stride as usize;
        if entries.load(entry, 4)? as u32 == code {
            let known = entries.load(entry + layout.key as usize, K::SIZE)?;
            if K::is_equal(heap, known, key) {
                return Some(position as i32);
            }
        }
        slot = (slot + 1) & mask;
    }
    None
}

/// The object and offset of an address.
#[inline]
fn split(address: u64) -> (u32, usize) {
    ((address >> 32) as u32, (address & 0xffff_ffff) as usize)
}
