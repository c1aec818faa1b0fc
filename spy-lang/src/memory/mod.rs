//! Memory of compile-time and interpreted execution, and how values are laid out in it.
//!
//! Red values live in 64-bit slots: integers as their bits zero-extended, floats as their bits,
//! structs flattened field by field, `None` in no slot at all. What does not fit a slot (text,
//! bytes, values of static type `object`, …) is an object of the [`Heap`], and the slot holds its
//! number.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not special is an object of the heap"
)]

mod access;
mod allocation;
mod block;
mod collect;
mod heap;
mod items;
mod slots;

pub use access::{
    Leaves, alloc, at_pointer, check, free, item_type, load, scalar, scalar_of_item, store,
    store_scalar,
};
pub use allocation::Allocation;
pub use block::apply_block;
pub use heap::{Heap, HeapObject, ObjectId, ShortText};
pub use items::{Items, items};
pub use slots::{decode, encode, float_bits, int_bits, int_from_bits};
