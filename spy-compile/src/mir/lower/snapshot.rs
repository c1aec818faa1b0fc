//! Memory of compile time that the program starts with.
//!
//! Each object of the compile-time heap that a constant or a variable points to becomes one object
//! of the module, so that what was shared stays shared. The heap does not say what its bytes mean;
//! the types of the pointers do: a pointer tells the type of all items, a reference of one. Bytes
//! that no pointer tells about cannot be reached.

use spy_lang::memory::{HeapObject, ObjectId};
use spy_lang::program::Value;
use spy_lang::source::Span;
use spy_lang::types::TypeId;
use spy_runtime::abi::layout::{EXCEPTION_POINTERS, EXCEPTION_SIZE, MEMORY_HEADER_OFFSET};

use super::layout::{self, Content, Leaf};
use super::{Lowered, State};
use crate::mir::{Cell, Memory, MemoryId};

/// A pointer or reference into the compile-time heap, not NULL.
type Link = (u64, TypeId);

impl State<'_> {
    /// The memory that a pointer of type `ty` with an address of the compile-time heap, not NULL,
    /// points to, and the offset in bytes. All that can be reached from there follows.
    pub(super) fn memory(
        &mut self,
        address: u64,
        ty: TypeId,
        span: Span,
    ) -> Lowered<(MemoryId, i64)> {
        let mut work = vec![(address, ty)];
        while let Some(link) = work.pop() {
            if self.seen.insert(link) {
                self.follow(link, span, &mut work)?;
            }
        }
        Ok(self.place_of(address))
    }

    /// The exception object of an exception of the compile-time heap.
    pub(super) fn exception(&mut self, object: ObjectId) -> Cell {
        let HeapObject::Value(Value::Exception(exception)) = self.program.heap.get(object) else {
            unreachable!("a slot of an exception type refers to an exception")
        };
        let next = MemoryId::new(self.module.memories.len());
        let id = *self.memories.entry(object.0).or_insert(next);
        if id == next {
            let mut bytes = vec![0; EXCEPTION_SIZE as usize];
            bytes[0] = exception.kind as u8;
            let [message, lineage, others @ ..] = EXCEPTION_POINTERS else {
                unreachable!("exceptions have a message and a lineage")
            };
            let message = (*message, Cell::Text(self.module.text(&exception.message)));
            let names = self.program.types.lineage(exception.class());
            let names = match names.is_empty() {
                true => Cell::Bits(0),
                false => Cell::Text(self.module.text(&names.join("\n"))),
            };
            let others = others.iter().map(|offset| (*offset, Cell::Bits(0)));
            let links = [message, (*lineage, names)]
                .into_iter()
                .chain(others)
                .collect();
            self.module.memories.push(Memory { bytes, links });
        }
        // Exceptions are known by the address of their header.
        Cell::Memory(id, i64::from(MEMORY_HEADER_OFFSET))
    }

    /// The memory of an address, still without links if it is new, and the offset in it.
    fn place_of(&mut self, address: u64) -> (MemoryId, i64) {
        let (number, offset) = split(address);
        let next = MemoryId::new(self.module.memories.len());
        let id = *self.memories.entry(number).or_insert(next);
        if id == next {
            self.module.memories.push(Memory {
                bytes: self.program.heap.memory(number).to_vec(),
                links: Default::default(),
            });
        }
        (id, i64::from(offset))
    }

    /// Notes the addresses in the items that a pointer points to, and the pointers found.
    fn follow(&mut self, (address, ty): Link, span: Span, work: &mut Vec<Link>) -> Lowered<()> {
        let (memory, _) = self.place_of(address);
        let (number, first) = split(address);
        let Some(pointer) = self.program.types.as_ptr(ty) else {
            unreachable!("links have pointer types")
        };
        let mut leaves = layout::leaves(self.program, pointer.item, span)?;
        leaves.retain(|leaf| leaf.content != Content::Bits);
        let (size, _) = self.program.types.size_and_align(pointer.item);
        let bytes = self.program.heap.memory(number);
        let mut start = first;
        while !leaves.is_empty() && start as usize + size as usize <= bytes.len() {
            for leaf in &leaves {
                self.link(memory, start + leaf.offset, (leaf, bytes), span, work)?;
            }
            start += size;
            if pointer.is_ref {
                break;
            }
        }
        Ok(())
    }

    /// Notes the address at an offset, and the pointer if it is one.
    fn link(
        &mut self,
        memory: MemoryId,
        offset: u32,
        (leaf, bytes): (&Leaf, &[u8]),
        span: Span,
        work: &mut Vec<Link>,
    ) -> Lowered<()> {
        let at = offset as usize;
        let bits = bytes[at..].first_chunk().copied().map(u64::from_le_bytes);
        let bits = bits.unwrap_or(0);
        let cell = match leaf.content {
            Content::Pointer(ty) if bits != 0 => {
                work.push((bits, ty));
                let (target, inside) = self.place_of(bits);
                Cell::Memory(target, inside)
            }
            Content::Bits
            | Content::Text
            | Content::Bytes
            | Content::Exception
            | Content::Pointer(_) => self.cell(leaf.content, bits, span)?,
        };
        self.module.memories[memory.index()]
            .links
            .insert(offset, cell);
        Ok(())
    }
}

/// Number of the object and offset in bytes.
const fn split(address: u64) -> (u32, u32) {
    ((address >> 32) as u32, address as u32)
}
