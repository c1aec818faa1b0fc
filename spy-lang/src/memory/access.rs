//! Checked access to memory.
//!
//! A pointer is the number of an object of the heap, shifted left by 32, plus an offset in bytes.
//! Every access is checked: it must lie in that object, which must not have been freed, and what
//! is read must have been written. NULL is object 0, which is empty.

use spy_runtime::error::{ErrorKind, Raise};

use super::{Allocation, Items};
use crate::diagnostics::Diagnostic;
use crate::ir::MemoryOp;
use crate::program::Program;
use crate::source::Span;
use crate::types::TypeId;

/// The scalars of an item: offset and size in bytes of each; see `TypeTable::leaves`.
pub type Leaves = [(u32, u32)];

pub(super) fn panic(text: String) -> Raise {
    Raise::with_text(ErrorKind::PanicError, text)
}

pub(super) fn split(address: u64) -> (u32, usize) {
    ((address >> 32) as u32, (address & 0xffff_ffff) as usize)
}

/// The address of new zeroed memory for `count` items.
///
/// Errors with `ValueError` for a negative count and `MemoryError` past 4 GiB or what compile-time
/// evaluation may use.
pub fn alloc(program: &mut Program, items: Items, count: i32) -> Result<u64, Raise> {
    let Ok(count) = u64::try_from(count) else {
        return Err(Raise::new(
            ErrorKind::ValueError,
            "negative allocation size",
        ));
    };
    let bytes = count * u64::from(items.stride);
    if bytes >= 1 << 32 {
        return Err(Raise::new(
            ErrorKind::MemoryError,
            "allocation of more than 4 GiB",
        ));
    }
    if !program.heap.has_room(bytes as usize) {
        return Err(program.heap.out_of_memory());
    }
    let memory = Allocation::new(bytes as usize);
    Ok(program.heap.add_memory(memory, items).slot())
}

/// The address of item `index` of items of `size` bytes, all of which lies in its memory.
///
/// Errors with the `PanicError` of `operation`, for example `ptr_getitem`.
#[inline]
pub fn check(
    program: &Program,
    operation: &str,
    address: u64,
    size: u32,
    index: i32,
) -> Result<u64, Raise> {
    let (id, offset) = split(address);
    let length = program.heap.memory(id).len();
    let size = size.max(1) as usize;
    let start = usize::try_from(index)
        .ok()
        .and_then(|index| offset.checked_add(index * size));
    match start.filter(|start| start + size <= length) {
        Some(start) => Ok(u64::from(id) << 32 | start as u64),
        None if program.heap.is_freed(id) => Err(freed(operation)),
        None => Err(out_of_bounds(operation, address, size, index, length)),
    }
}

/// The failure of an operation on memory that has been given back.
#[cold]
pub(super) fn freed(operation: &str) -> Raise {
    panic(format!("{operation} of freed memory"))
}

#[cold]
fn out_of_bounds(operation: &str, address: u64, size: usize, index: i32, length: usize) -> Raise {
    let (_, offset) = split(address);
    let bound = length.saturating_sub(offset) / size;
    let element = address.wrapping_add_signed(i64::from(index) * size as i64);
    panic(format!(
        "{operation} out of bounds: {element:#x}[{index}] (upper bound: {bound})"
    ))
}

/// The scalar of `SIZE` bytes at an offset from an address, zero-extended; `None` if it does not
/// lie in the memory that the address points into, or has not been written.
#[inline]
pub fn scalar<const SIZE: usize>(program: &Program, address: u64, offset: u64) -> Option<u64> {
    let (id, start) = split(address);
    let memory = program.heap.allocation(id)?;
    memory.load(start + offset as usize, SIZE)
}

/// The slots of an item at an address that [`check`] gave; scalars are zero-extended.
///
/// Errors with `PanicError` if a scalar has not been written.
#[inline]
pub fn load(
    program: &Program,
    address: u64,
    leaves: &Leaves,
    slots: &mut [u64],
) -> Result<(), Raise> {
    let (id, offset) = split(address);
    let Some(memory) = program.heap.allocation(id) else {
        return Err(freed("ptr_getitem"));
    };
    for ((inner, size), slot) in leaves.iter().zip(slots) {
        match memory.load(offset + *inner as usize, *size as usize) {
            Some(value) => *slot = value,
            None => return Err(panic("ptr_getitem of uninitialized memory".to_owned())),
        }
    }
    Ok(())
}

/// Writes the slots of an item at an address that [`check`] gave.
#[inline]
pub fn store(program: &mut Program, address: u64, leaves: &Leaves, slots: &[u64]) {
    let (id, offset) = split(address);
    let Some(memory) = program.heap.allocation_mut(id) else {
        return;
    };
    for ((inner, size), slot) in leaves.iter().zip(slots) {
        // `check` has said that it lies there.
        let _ = memory.store(offset + *inner as usize, *size as usize, *slot);
    }
}

/// The scalar of `SIZE` bytes at an offset in item `index` of items of `stride` bytes, as
/// [`scalar`]; `None` also if not all of the item lies in the memory.
#[inline]
pub fn scalar_of_item<const SIZE: usize>(
    program: &Program,
    address: u64,
    index: i32,
    stride: usize,
    offset: usize,
) -> Option<u64> {
    let (id, start) = split(address);
    let memory = program.heap.allocation(id)?;
    let start = start + usize::try_from(index).ok()? * stride;
    let is_inside = start + stride <= memory.bytes().len();
    is_inside.then(|| memory.load(start + offset, SIZE))?
}

/// Writes the scalar of `SIZE` bytes at an offset from an address; `None` if it does not lie in the
/// memory that the address points into.
#[inline]
pub fn store_scalar<const SIZE: usize>(
    program: &mut Program,
    address: u64,
    offset: u64,
    value: u64,
) -> Option<()> {
    let (id, start) = split(address);
    let memory = program.heap.allocation_mut(id)?;
    memory.store(start + offset as usize, SIZE, value)
}

/// Gives the memory of a pointer back; NULL does nothing.
///
/// Errors with `PanicError` if that has been done already.
pub fn free(program: &mut Program, address: u64) -> Result<(), Raise> {
    let (id, _) = split(address);
    if program.heap.is_freed(id) {
        return Err(freed("raw_free"));
    }
    if id != 0 {
        program.heap.free(id);
    }
    Ok(())
}

/// The type of what a pointer or reference points to.
pub fn item_type(program: &Program, pointer: TypeId) -> TypeId {
    program
        .types
        .as_ptr(pointer)
        .map_or(TypeId::ERROR, |pointer| pointer.item)
}

/// Points at the pointer that an access failed for.
pub fn at_pointer(diagnostic: Diagnostic, op: MemoryOp, pointer: Span) -> Diagnostic {
    match op {
        MemoryOp::Load
        | MemoryOp::Store
        | MemoryOp::ItemRef
        | MemoryOp::LoadField(_)
        | MemoryOp::StoreField(_)
        | MemoryOp::FieldRef(_) => diagnostic.error("", pointer),
        MemoryOp::Alloc
        | MemoryOp::NotNull
        | MemoryOp::Same
        | MemoryOp::Block(_)
        | MemoryOp::Free => diagnostic,
    }
}
