//! The functions on blocks of memory, as module `unsafe` has them.
//!
//! Checks come in the order: lengths of slices, bounds, overlap.

use spy_runtime::error::Raise;

use super::access::{freed, panic, split};
use crate::ir::BlockOp;
use crate::program::Program;

/// Bytes of an object: its number, start and end.
#[derive(Clone, Copy)]
struct Region {
    id: u32,
    start: usize,
    end: usize,
}

/// Items as the operands of a function give them.
#[derive(Clone, Copy)]
struct Items {
    address: u64,
    start: i32,
    end: i32,
}

impl Items {
    const fn length(self) -> i64 {
        self.end as i64 - self.start as i64
    }
}

/// Applies a function on blocks of items of `size` bytes to its operands, a slot each. The result
/// is the slot of an `i32`, or anything.
///
/// Errors with the `PanicError` of the function.
pub fn apply_block(
    program: &mut Program,
    op: BlockOp,
    operands: &[u64],
    size: u32,
) -> Result<u64, Raise> {
    // Items without contents lie one byte apart.
    let size = size.max(1);
    if op == BlockOp::SetBytes || op == BlockOp::SetBytesSlice {
        set_bytes(program, op, operands, size)?;
        return Ok(0);
    }
    let [first, second] = pair(op, operands);
    if first.length() != second.length() {
        return Err(panic(format!("{} length mismatch", op.name())));
    }
    let first = region(program, op, first, size)?;
    let second = region(program, op, second, size)?;
    match op {
        BlockOp::Compare | BlockOp::CompareSlice => Ok(compare(program, first, second)),
        BlockOp::Copy | BlockOp::CopySlice if overlap(first, second) => {
            Err(panic(format!("{} regions overlap", op.name())))
        }
        BlockOp::Copy
        | BlockOp::CopySlice
        | BlockOp::Move
        | BlockOp::MoveSlice
        | BlockOp::SetBytes
        | BlockOp::SetBytesSlice => {
            move_bytes(program, first, second);
            Ok(0)
        }
    }
}

/// Both blocks of a function on two.
fn pair(op: BlockOp, operands: &[u64]) -> [Items; 2] {
    let number = |index: usize| operands[index] as i32;
    let items = |address: usize, start, end| Items {
        address: operands[address],
        start,
        end,
    };
    if op.is_slice() {
        let slice = |first: usize| items(first, number(first + 1), number(first + 2));
        [slice(0), slice(3)]
    } else {
        [items(0, 0, number(2)), items(1, 0, number(2))]
    }
}

fn region(program: &Program, op: BlockOp, items: Items, size: u32) -> Result<Region, Raise> {
    let (id, offset) = split(items.address);
    if program.heap.is_freed(id) {
        return Err(freed(op.name()));
    }
    let bytes = |count: i32| usize::try_from(count).ok()?.checked_mul(size as usize);
    let bounds = bytes(items.start).zip(bytes(items.end));
    let length = program.heap.memory(id).len();
    match bounds {
        Some((start, end)) if start <= end && offset + end <= length => Ok(Region {
            id,
            start: offset + start,
            end: offset + end,
        }),
        _ => Err(panic(format!("{} out of bounds", op.name()))),
    }
}

const fn overlap(a: Region, b: Region) -> bool {
    a.id == b.id && a.start < b.end && b.start < a.end
}

fn move_bytes(program: &mut Program, to: Region, from: Region) {
    if to.id == from.id {
        if let Some(memory) = program.heap.allocation_mut(to.id) {
            memory.copy_within(from.start, from.end, to.start);
        }
        return;
    }
    let source = program.heap.allocation(from.id);
    let Some(piece) = source.map(|memory| memory.piece(from.start, from.end)) else {
        return;
    };
    if let Some(memory) = program.heap.allocation_mut(to.id) {
        memory.paste(&piece, to.start);
    }
}

fn set_bytes(program: &mut Program, op: BlockOp, operands: &[u64], size: u32) -> Result<(), Raise> {
    let number = |index: usize| operands[index] as i32;
    let (start, end, byte) = if op.is_slice() {
        (number(1), number(2), operands[3])
    } else {
        (0, number(2), operands[1])
    };
    let address = operands[0];
    let region = region(
        program,
        op,
        Items {
            address,
            start,
            end,
        },
        size,
    )?;
    let byte = byte as u8;
    if let Some(memory) = program.heap.allocation_mut(region.id) {
        memory.fill(region.start, region.end, byte);
        let is_null = byte == 0;
        program
            .heap
            .forget_references(region.id, region.start..region.end, is_null);
    }
    Ok(())
}

/// The slot of -1, 0 or 1.
fn compare(program: &Program, a: Region, b: Region) -> u64 {
    let left = &program.heap.memory(a.id)[a.start..a.end];
    let right = &program.heap.memory(b.id)[b.start..b.end];
    u64::from(left.cmp(right) as i32 as u32)
}
