//! Items of lists.
//!
//! A list is a pointer to `ListData` of the standard library's module `_list`: length and capacity
//! (`i32` each), then the pointer to the items.

use spy_lang::memory::Heap;

use super::{Call, Ex, Node};

/// Where the items are: length, capacity, and pointer to the items.
#[inline]
fn header(heap: &Heap, list: u64) -> Option<(i32, i32, u64)> {
    let length = load_at::<4>(heap, list)? as i32;
    let capacity = load_at::<4>(heap, list + 4)? as i32;
    Some((length, capacity, load_at::<8>(heap, list + 8)?))
}

/// The object and offset of an address.
#[inline]
fn split(address: u64) -> (u32, usize) {
    ((address >> 32) as u32, (address & 0xffff_ffff) as usize)
}

#[inline]
fn load_at<const SIZE: usize>(heap: &Heap, address: u64) -> Option<u64> {
    let (object, start) = split(address);
    let memory = heap.allocation(object)?;
    (start + SIZE <= memory.bytes().len()).then(|| memory.load(start, SIZE))?
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
    load_at::<SIZE>(heap, item_address::<SIZE>(heap, list, index)?)
}

#[inline]
fn store<const SIZE: usize>(heap: &mut Heap, address: u64, item: u64) -> Option<()> {
    let (object, start) = split(address);
    let memory = heap.allocation_mut(object)?;
    (start + SIZE <= memory.bytes().len()).then(|| memory.store(start, SIZE, item))
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
