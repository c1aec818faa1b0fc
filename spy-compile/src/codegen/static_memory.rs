//! Memory that exists when the program starts, as static data: each object behind its header.

use cranelift_module::{DataId, Linkage, Module as _};
use cranelift_object::ObjectModule;
use spy_runtime::abi::layout::{
    MEMORY_HEADER_SIZE, NO_POINTERS, OBJECT_ALIGN, STATIC_MEMORY, memory_header,
};

use super::data::{self, Texts};
use super::internal;
use crate::error::CompileError;
use crate::mir::{Memory, MemoryId};

const ALIGN: usize = OBJECT_ALIGN as usize;

/// All objects, one after the other.
pub(super) struct StaticMemory {
    pub(super) data: DataId,
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl StaticMemory {
    pub(super) fn declare(
        object: &mut ObjectModule,
        memories: &[Memory],
    ) -> Result<Self, CompileError> {
        let data = object.declare_data("spy.memory", Linkage::Local, true, false);
        let mut all = Self {
            data: data.map_err(internal)?,
            bytes: Vec::new(),
            offsets: Vec::new(),
        };
        for memory in memories {
            let size = memory.bytes.len() as u64;
            all.bytes.resize(all.bytes.len().next_multiple_of(ALIGN), 0);
            all.bytes.extend_from_slice(&STATIC_MEMORY.to_le_bytes());
            // The collector asks for no map: it knows where all pointers in this memory are.
            let header = memory_header(size, NO_POINTERS);
            all.bytes.extend_from_slice(&header.to_le_bytes());
            all.offsets.push(all.bytes.len());
            all.bytes.extend_from_slice(&memory.bytes);
        }
        Ok(all)
    }

    /// Offset in the data of an offset in an object.
    pub(super) fn offset(&self, memory: MemoryId, inside: i64) -> i64 {
        let start = i64::try_from(self.offsets[memory.index()]);
        start.expect("data is smaller than 2^63 bytes") + inside
    }

    /// Offsets in the data of all addresses, which the program may replace by others.
    pub(super) fn pointers(&self, memories: &[Memory]) -> Vec<u32> {
        let pointers = memories.iter().zip(&self.offsets).flat_map(|(memory, at)| {
            let start = u32::try_from(*at).expect("data is smaller than 4 GiB");
            memory.links.keys().map(move |offset| start + offset)
        });
        pointers.collect()
    }

    pub(super) fn define(
        &self,
        object: &mut ObjectModule,
        memories: &[Memory],
        texts: &Texts,
    ) -> Result<(), CompileError> {
        let links = memories.iter().zip(&self.offsets).flat_map(|(memory, at)| {
            let links = memory.links.iter();
            links.map(move |(offset, cell)| (at + *offset as usize, *cell))
        });
        data::define(
            object,
            self.data,
            self.bytes.clone(),
            |object, description| {
                data::relocate(object, description, links, (texts, self));
            },
        )
    }
}

const _: () = assert!(MEMORY_HEADER_SIZE == size_of::<u64>());
