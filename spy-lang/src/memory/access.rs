//! Checked access to memory.
//!
//! A pointer is the number of an object of the heap, shifted left by 32, plus an offset in bytes.
//! Every access is checked against the size of that object. NULL is object 0, which is empty.

use spy_runtime::error::{ErrorKind, Raise};

use super::Items;
use crate::program::Program;
use crate::types::TypeId;

/// The scalars of an item: offset and size in bytes of each; see `TypeTable::leaves`.
pub type Leaves = [(u32, u32)];

fn panic(text: String) -> Raise {
    Raise::with_text(ErrorKind::PanicError, text)
}

fn split(address: u64) -> (u32, usize) {
    ((address >> 32) as u32, (address & 0xffff_ffff) as usize)
}

/// The address of new zeroed memory for `count` items.
///
/// Errors with `ValueError` for a negative count and `MemoryError` past 4 GiB.
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
    let memory = vec![0; bytes as usize];
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
        None => Err(out_of_bounds(operation, address, size, index, length)),
    }
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
/// lie in the memory that the address points into.
#[inline]
pub fn scalar<const SIZE: usize>(program: &Program, address: u64, offset: u64) -> Option<u64> {
    let (id, start) = split(address);
    let memory = program.heap.memory(id);
    let bytes: &[u8; SIZE] = memory.get(start + offset as usize..)?.first_chunk()?;
    let mut slot = [0; 8];
    slot[..SIZE].copy_from_slice(bytes);
    Some(u64::from_le_bytes(slot))
}

/// The slots of an item at an address that [`check`] gave; scalars are zero-extended.
#[inline]
pub fn load(program: &Program, address: u64, leaves: &Leaves, slots: &mut [u64]) {
    let (id, offset) = split(address);
    let memory = program.heap.memory(id);
    for ((inner, size), slot) in leaves.iter().zip(slots) {
        let start = offset + *inner as usize;
        let mut bytes = [0; 8];
        bytes[..*size as usize].copy_from_slice(&memory[start..start + *size as usize]);
        *slot = u64::from_le_bytes(bytes);
    }
}

/// Writes the slots of an item at an address that [`check`] gave.
#[inline]
pub fn store(program: &mut Program, address: u64, leaves: &Leaves, slots: &[u64]) {
    let (id, offset) = split(address);
    let memory = program.heap.memory_mut(id);
    for ((inner, size), slot) in leaves.iter().zip(slots) {
        let start = offset + *inner as usize;
        let bytes = slot.to_le_bytes();
        memory[start..start + *size as usize].copy_from_slice(&bytes[..*size as usize]);
    }
}

/// The bytes of `count` items at an address: object, start and end.
fn region(
    program: &Program,
    operation: &str,
    address: u64,
    size: u32,
    count: i32,
) -> Result<(u32, usize, usize), Raise> {
    let (id, offset) = split(address);
    let bytes = usize::try_from(count)
        .ok()
        .and_then(|count| count.checked_mul(size as usize));
    let end = bytes.and_then(|bytes| offset.checked_add(bytes));
    match end.filter(|end| *end <= program.heap.memory(id).len()) {
        Some(end) => Ok((id, offset, end)),
        None => Err(panic(format!("{operation} out of bounds"))),
    }
}

/// Copies `count` items of `size` bytes between regions that may overlap.
///
/// Errors with `PanicError: ptr_move out of bounds`.
pub fn move_items(
    program: &mut Program,
    destination: u64,
    source: u64,
    size: u32,
    count: i32,
) -> Result<(), Raise> {
    let (from, start, end) = region(program, "ptr_move", source, size, count)?;
    let (to, target, _) = region(program, "ptr_move", destination, size, count)?;
    if from == to {
        program.heap.memory_mut(to).copy_within(start..end, target);
        return Ok(());
    }
    let bytes = program.heap.memory(from)[start..end].to_vec();
    program.heap.memory_mut(to)[target..target + bytes.len()].copy_from_slice(&bytes);
    Ok(())
}

/// Sets every byte of `count` items of `size` bytes.
///
/// Errors with `PanicError: ptr_setbytes out of bounds`.
pub fn set_bytes(
    program: &mut Program,
    address: u64,
    byte: u8,
    size: u32,
    count: i32,
) -> Result<(), Raise> {
    let (id, start, end) = region(program, "ptr_setbytes", address, size, count)?;
    program.heap.memory_mut(id)[start..end].fill(byte);
    Ok(())
}

/// Compares `count` items of `size` bytes bytewise: -1, 0 or 1.
///
/// Errors with `PanicError: ptr_cmp out of bounds`.
pub fn compare(program: &Program, a: u64, b: u64, size: u32, count: i32) -> Result<i32, Raise> {
    let (first, start, end) = region(program, "ptr_cmp", a, size, count)?;
    let (second, other, other_end) = region(program, "ptr_cmp", b, size, count)?;
    let left = &program.heap.memory(first)[start..end];
    let right = &program.heap.memory(second)[other..other_end];
    Ok(left.cmp(right) as i32)
}

/// The type of what a pointer or reference points to.
pub fn item_type(program: &Program, pointer: TypeId) -> TypeId {
    program
        .types
        .as_ptr(pointer)
        .map_or(TypeId::ERROR, |pointer| pointer.item)
}
