//! Items of lists.
//!
//! A list is a pointer to `ListData` of the standard library's module `_list`: length and capacity
//! (`i32` each), then the pointer to the items.

use spy_lang::memory::Heap;

use super::{Call, Ex, Node};

/// Where the items are: length, capacity, and pointer to the items.
#[inline]
fn header(heap: &Heap, list: u64) -> Option<(i32, i32, u64)> {
    let bytes: &[u8; 16] = bytes_at(heap, list)?;
    let [a, b, c, d, e, f, g, h, items @ ..] = *bytes;
    let length = i32::from_le_bytes([a, b, c, d]);
    let capacity = i32::from_le_bytes([e, f, g, h]);
    Some((length, capacity, u64::from_le_bytes(items)))
}

#[inline]
fn bytes_at<const SIZE: usize>(heap: &Heap, address: u64) -> Option<&[u8; SIZE]> {
    let offset = (address & 0xffff_ffff) as usize;
    heap.memory((address >> 32) as u32)
        .get(offset..)?
        .first_chunk()
}

/// The address of an existing item.
#[inline]
fn item_address<const SIZE: usize>(heap: &Heap, list: u64, index: i32) -> Option<u64> {
    let (length, _, items) = header(heap, list)?;
    let position = if index < 0 { index + length } else { index };
    (0..length)
        .contains(&position)
        .then(|| items + position as u64 * SIZE as u64)
}

#[inline]
fn load<const SIZE: usize>(heap: &Heap, list: u64, index: i32) -> Option<u64> {
    let bytes: &[u8; SIZE] = bytes_at(heap, item_address::<SIZE>(heap, list, index)?)?;
    let mut slot = [0; 8];
    slot[..SIZE].copy_from_slice(bytes);
    Some(u64::from_le_bytes(slot))
}

#[inline]
fn store<const SIZE: usize>(heap: &mut Heap, address: u64, item: u64) -> Option<()> {
    let offset = (address & 0xffff_ffff) as usize;
    let memory = heap.memory_mut((address >> 32) as u32).get_mut(offset..)?;
    let bytes: &mut [u8; SIZE] = memory.first_chunk_mut()?;
    bytes.copy_from_slice(&item.to_le_bytes()[..SIZE]);
    Some(())
}

#[inline]
fn push<const SIZE: usize>(heap: &mut Heap, list: u64, item: u64) -> Option<()> {
    let (length, capacity, items) = header(heap, list)?;
    if length >= capacity {
        return None;
    }
    store::<SIZE>(heap, items + length as u64 * SIZE as u64, item)?;
    store::<4>(heap, list, (length + 1) as u64)
}

/// `list[index]` for items of one slot and `SIZE` bytes.
pub(crate) fn get_item<const SIZE: usize>(list: impl Node, index: impl Node, call: Call) -> Ex {
    Box::new(move |cx, frame| {
        let list = list.eval(cx, frame)?;
        let index = index.eval(cx, frame)?;
        match load::<SIZE>(&cx.program.heap, list, index as i32) {
            Some(item) => Ok(item),
            None => call.with([list, index], cx, frame),
        }
    })
}

/// `list[index] = item`
pub(crate) fn set_item<const SIZE: usize>(
    list: impl Node,
    index: impl Node,
    item: impl Node,
    call: Call,
) -> Ex {
    Box::new(move |cx, frame| {
        let list = list.eval(cx, frame)?;
        let index = index.eval(cx, frame)?;
        let item = item.eval(cx, frame)?;
        let heap = &mut cx.program.heap;
        let stored = item_address::<SIZE>(heap, list, index as i32)
            .and_then(|address| store::<SIZE>(heap, address, item));
        match stored {
            Some(()) => Ok(0),
            None => call.with([list, index, item], cx, frame),
        }
    })
}

/// `list.append(item)`
pub(crate) fn append<const SIZE: usize>(list: Ex, item: Ex, call: Call) -> Ex {
    Box::new(move |cx, frame| {
        let list = list(cx, frame)?;
        let item = item(cx, frame)?;
        match push::<SIZE>(&mut cx.program.heap, list, item) {
            Some(()) => Ok(0),
            None => call.with([list, item], cx, frame),
        }
    })
}
