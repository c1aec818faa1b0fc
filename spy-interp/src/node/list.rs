//! Items of lists.
//!
//! A list is a pointer to `ListData` of the standard library's module `_list`: length and capacity
//! (`i32` each), then the pointer to the items.

use spy_lang::memory::Heap;
use spy_lang::program::Failure;

use super::{Call, Ex, Node};
use crate::machine::Cx;

/// What a list knows about itself.
#[derive(Clone, Copy)]
struct Header {
    length: i32,
    capacity: i32,
    items: u64,
}

/// The object and offset of an address.
#[inline]
fn split(address: u64) -> (u32, usize) {
    ((address >> 32) as u32, (address & 0xffff_ffff) as usize)
}

#[inline]
fn header(heap: &Heap, list: u64) -> Option<Header> {
    let (object, start) = split(list);
    let [counts, items] = heap.allocation(object)?.load_words(start)?;
    Some(Header {
        length: counts as i32,
        capacity: (counts >> 32) as i32,
        items,
    })
}

/// The address of an existing item.
#[inline]
fn item_address(heap: &Heap, list: u64, index: i32, stride: usize) -> Option<u64> {
    let Header { length, items, .. } = header(heap, list)?;
    let position = if index < 0 { index + length } else { index };
    (0..length)
        .contains(&position)
        .then(|| items + position as u64 * stride as u64)
}

#[inline]
fn load<const SIZE: usize>(heap: &Heap, list: u64, index: i32) -> Option<u64> {
    let (object, start) = split(item_address(heap, list, index, SIZE)?);
    heap.allocation(object)?.load(start, SIZE)
}

#[inline]
fn store<const SIZE: usize>(heap: &mut Heap, address: u64, item: u64) -> Option<()> {
    let (object, start) = split(address);
    heap.allocation_mut(object)?.store(start, SIZE, item)
}

/// Room for one more item at the end: its address.
#[inline]
fn end(heap: &Heap, list: u64, stride: usize) -> Option<(u64, i32)> {
    let header = header(heap, list)?;
    let end = header.items + header.length as u64 * stride as u64;
    (header.length < header.capacity).then_some((end, header.length))
}

/// `list[index]` for items of one slot and `SIZE` bytes.
pub(crate) struct GetItem<const SIZE: usize, L, I> {
    pub(crate) list: L,
    pub(crate) index: I,
    pub(crate) call: Call,
}

impl<const SIZE: usize, L: Node, I: Node> Node for GetItem<SIZE, L, I> {
    #[inline]
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        let list = self.list.eval(cx, frame)?;
        let index = self.index.eval(cx, frame)?;
        match load::<SIZE>(&cx.program.heap, list, index as i32) {
            Some(item) => Ok(item),
            None => self.call.with([list, index], cx, frame),
        }
    }
}

/// `list[index] = item` for items of one slot and `SIZE` bytes.
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
        let stored = item_address(heap, list, index as i32, SIZE)
            .and_then(|address| store::<SIZE>(heap, address, item));
        match stored {
            Some(()) => Ok(0),
            None => call.with([list, index, item], cx, frame),
        }
    })
}

/// `list.append(item)` for items of one slot and `SIZE` bytes.
pub(crate) fn append<const SIZE: usize>(list: Ex, item: Ex, call: Call) -> Ex {
    Box::new(move |cx, frame| {
        let list = list(cx, frame)?;
        let item = item(cx, frame)?;
        let heap = &mut cx.program.heap;
        let stored = end(heap, list, SIZE).and_then(|(address, length)| {
            store::<SIZE>(heap, address, item)?;
            store::<4>(heap, list, (length + 1) as u64)
        });
        match stored {
            Some(()) => Ok(0),
            None => call.with([list, item], cx, frame),
        }
    })
}

/// How an item of any number of slots lies in memory.
#[derive(Clone)]
pub(crate) struct Shape {
    /// Bytes from one item to the next.
    pub(crate) stride: usize,
    /// Offset and size in bytes of each slot.
    pub(crate) leaves: Box<[(u32, u32)]>,
    /// Whether the item is nothing but slots of eight bytes.
    pub(crate) is_words: bool,
}

impl Shape {
    /// Copies an item to slots; `None`, and nothing has changed, if it is not there.
    #[inline]
    fn load(&self, heap: &Heap, address: u64, slots: &mut [u64]) -> Option<()> {
        let (object, start) = split(address);
        let memory = heap.allocation(object)?;
        if self.is_words {
            return memory.load_slots(start, &mut slots[..self.leaves.len()]);
        }
        let slot =
            |(offset, size): &(u32, u32)| memory.load(start + *offset as usize, *size as usize);
        if !self.leaves.iter().all(|leaf| slot(leaf).is_some()) {
            return None;
        }
        for (leaf, target) in self.leaves.iter().zip(slots) {
            *target = slot(leaf)?;
        }
        Some(())
    }

    /// Copies slots to an item; `None` if there is no room for it.
    #[inline]
    fn store(&self, heap: &mut Heap, address: u64, slots: &[u64]) -> Option<()> {
        let (object, start) = split(address);
        let memory = heap.allocation_mut(object)?;
        if memory.bytes().len() < start + self.stride {
            return None;
        }
        for ((offset, size), slot) in self.leaves.iter().zip(slots) {
            memory.store(start + *offset as usize, *size as usize, *slot)?;
        }
        Some(())
    }
}

/// `list[index]` for items of any number of slots, which go to those from `dest` on.
pub(crate) fn get_struct(
    list: impl Node,
    index: impl Node,
    call: Call,
    shape: Shape,
    dest: usize,
) -> Ex {
    Box::new(move |cx, frame| {
        let list = list.eval(cx, frame)?;
        let index = index.eval(cx, frame)?;
        let heap = &cx.program.heap;
        let loaded = item_address(heap, list, index as i32, shape.stride)
            .and_then(|address| shape.load(heap, address, &mut frame[dest..]));
        if loaded.is_none() {
            call.with([list, index], cx, frame)?;
            let result = call.base..call.base + shape.leaves.len();
            frame.copy_within(result, dest);
        }
        Ok(0)
    })
}

/// `list[index] = item` for items of any number of slots. The arguments are stored where the call
/// expects them.
pub(crate) fn set_struct(store_args: Ex, call: Call, shape: Shape) -> Ex {
    Box::new(move |cx, frame| {
        store_args(cx, frame)?;
        let (list, index) = (frame[call.base], frame[call.base + 1]);
        let heap = &mut cx.program.heap;
        let stored = item_address(heap, list, index as i32, shape.stride)
            .and_then(|address| shape.store(heap, address, &frame[call.base + 2..]));
        match stored {
            Some(()) => Ok(0),
            None => call.invoke_slowly(cx, frame),
        }
    })
}

/// `list.append(item)` for items of any number of slots. The arguments are stored where the call
/// expects them.
pub(crate) fn append_struct(store_args: Ex, call: Call, shape: Shape) -> Ex {
    Box::new(move |cx, frame| {
        store_args(cx, frame)?;
        let list = frame[call.base];
        let heap = &mut cx.program.heap;
        let stored = end(heap, list, shape.stride).and_then(|(address, length)| {
            shape.store(heap, address, &frame[call.base + 1..])?;
            store::<4>(heap, list, (length + 1) as u64)
        });
        match stored {
            Some(()) => Ok(0),
            None => call.invoke_slowly(cx, frame),
        }
    })
}

/// The head of `for item in list`: whether there is another item, which is stored in the slots
/// from `item` on while the iterator moves on. An iterator is the list and the position in it.
pub(crate) struct NextItem {
    /// The slots of the iterator.
    pub(crate) iterator: usize,
    pub(crate) item: usize,
    pub(crate) shape: Shape,
    /// The same as the standard library does it.
    pub(crate) slowly: Ex,
}

impl Node for NextItem {
    #[inline]
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        let (list, position) = (frame[self.iterator], frame[self.iterator + 1] as i32);
        let heap = &cx.program.heap;
        if let Some(header) = header(heap, list)
            && position >= 0
        {
            if position >= header.length {
                return Ok(0);
            }
            let address = header.items + position as u64 * self.shape.stride as u64;
            if let Some(()) = self.shape.load(heap, address, &mut frame[self.item..]) {
                frame[self.iterator + 1] = u64::from((position + 1) as u32);
                return Ok(1);
            }
        }
        (self.slowly)(cx, frame)
    }
}

/// The head of `for item in range(…)`: as [`NextItem`]. An iterator is the next number, the one to
/// stop at, and the step.
pub(crate) struct NextNumber {
    /// The slots of the iterator.
    pub(crate) iterator: usize,
    pub(crate) item: usize,
}

impl Node for NextNumber {
    #[inline]
    fn eval(&self, _cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        let [current, stop, step] = frame[self.iterator..self.iterator + 3] else {
            unreachable!("an iterator takes three slots")
        };
        let (number, stop, step) = (current as i32, stop as i32, step as i32);
        let goes_on = if step > 0 {
            number < stop
        } else {
            number > stop
        };
        if goes_on {
            frame[self.iterator] = u64::from(number.wrapping_add(step) as u32);
            frame[self.item] = current;
        }
        Ok(u64::from(goes_on))
    }
}
