//! Constant string and bytes objects and module variables as static data.

use cranelift_module::{DataDescription, DataId, Linkage, Module as _};
use cranelift_object::ObjectModule;
use spy_runtime::abi::layout::{
    OBJECT_ALIGN, STR_CHARS_OFFSET, STR_HASH_OFFSET, STR_HEADER_SIZE, STR_SIZE_OFFSET,
};

use super::internal;
use super::static_memory::StaticMemory;
use crate::error::CompileError;
use crate::mir::{Cell, CellId, Module, Text, TextId};

/// Bytes from one variable to the next.
const CELL_SIZE: usize = 8;
const ALIGN: usize = OBJECT_ALIGN as usize;

/// All constant string and bytes objects, one after the other.
pub(super) struct Texts {
    pub(super) data: DataId,
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl Texts {
    pub(super) fn declare(object: &mut ObjectModule, texts: &[Text]) -> Result<Self, CompileError> {
        // Writable, because hashes are cached in the objects.
        let data = object.declare_data("spy.texts", Linkage::Local, true, false);
        let mut all = Self {
            data: data.map_err(internal)?,
            bytes: Vec::new(),
            offsets: Vec::new(),
        };
        for text in texts {
            all.add(text);
        }
        Ok(all)
    }

    fn add(&mut self, text: &Text) {
        let (content, length) = (text.bytes(), text.length());
        let start = self.bytes.len().next_multiple_of(ALIGN);
        self.bytes.resize(start + STR_HEADER_SIZE, 0);
        let mut put = |offset: i32, bytes: &[u8]| {
            let at = start + usize::try_from(offset).expect("offsets in objects are not negative");
            self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        };
        put(STR_HASH_OFFSET, &0_i32.to_le_bytes());
        put(STR_SIZE_OFFSET, &(content.len() as u64).to_le_bytes());
        put(STR_CHARS_OFFSET, &(length as u64).to_le_bytes());
        self.bytes.extend_from_slice(content);
        self.offsets.push(start);
    }

    /// Offset of an object in the data.
    pub(super) fn offset(&self, text: TextId) -> i64 {
        i64::try_from(self.offsets[text.index()]).expect("data is smaller than 2^63 bytes")
    }

    pub(super) fn define(&self, object: &mut ObjectModule) -> Result<(), CompileError> {
        define(object, self.data, self.bytes.clone(), |_, _| {})
    }
}

pub(super) fn declare_cells(object: &mut ObjectModule) -> Result<DataId, CompileError> {
    object
        .declare_data("spy.variables", Linkage::Local, true, false)
        .map_err(internal)
}

/// Offset of a variable in the data.
pub(super) fn cell_offset(cell: CellId) -> i32 {
    i32::try_from(cell.index() * CELL_SIZE).expect("there are fewer than 2^28 variables")
}

/// Writes the variables with what they hold when the program starts.
pub(super) fn define_cells(
    object: &mut ObjectModule,
    data: DataId,
    module: &Module,
    addresses: (&Texts, &StaticMemory),
) -> Result<(), CompileError> {
    let mut bytes = Vec::new();
    for cell in &module.cells {
        bytes.extend_from_slice(&bits(*cell).to_le_bytes());
    }
    define(object, data, bytes, |object, description| {
        let cells = module.cells.iter().enumerate();
        let cells = cells.map(|(index, cell)| (index * CELL_SIZE, *cell));
        relocate(object, description, cells, addresses);
    })
}

/// Writes the addresses among cells at their offsets in the data.
pub(super) fn relocate(
    object: &mut ObjectModule,
    description: &mut DataDescription,
    cells: impl Iterator<Item = (usize, Cell)>,
    (texts, memory): (&Texts, &StaticMemory),
) {
    let texts_in_data = object.declare_data_in_data(texts.data, description);
    let memory_in_data = object.declare_data_in_data(memory.data, description);
    for (at, cell) in cells {
        let at = u32::try_from(at).expect("data is smaller than 4 GiB");
        match cell {
            Cell::Bits(_) => {}
            Cell::Text(text) => {
                description.write_data_addr(at, texts_in_data, texts.offset(text));
            }
            Cell::Memory(id, offset) => {
                description.write_data_addr(at, memory_in_data, memory.offset(id, offset));
            }
        }
    }
}

/// The bits of a cell, zero if it is an address.
const fn bits(cell: Cell) -> u64 {
    match cell {
        Cell::Bits(bits) => bits,
        Cell::Text(_) | Cell::Memory(..) => 0,
    }
}

/// Defines a data object; empty ones get a byte, because some linkers dislike empty symbols.
pub(super) fn define(
    object: &mut ObjectModule,
    data: DataId,
    mut bytes: Vec<u8>,
    relocate: impl FnOnce(&mut ObjectModule, &mut DataDescription),
) -> Result<(), CompileError> {
    if bytes.is_empty() {
        bytes.push(0);
    }
    let mut description = DataDescription::new();
    description.define(bytes.into_boxed_slice());
    description.set_align(OBJECT_ALIGN);
    relocate(object, &mut description);
    object.define_data(data, &description).map_err(internal)
}
