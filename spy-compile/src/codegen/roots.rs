//! What a program tells the garbage collector: its roots, and where objects have pointers.
//!
//! The record is described in [`spy_runtime::abi::layout`].

use cranelift_codegen::ir::{InstBuilder, types};
use cranelift_frontend::FunctionBuilder;
use cranelift_module::{DataId, FuncId, Linkage, Module as _};
use cranelift_object::ObjectModule;
use spy_runtime::abi::layout::PROGRAM_WORDS;

use super::{Codegen, data, entry, function, internal};
use crate::error::CompileError;
use crate::mir::{Module, PointerMap};

const WORD_SIZE: usize = 8;

/// The record, and the function of the runtime that takes it.
pub(super) struct Roots {
    record: DataId,
    pointers: DataId,
    maps: DataId,
    use_program: FuncId,
}

impl Roots {
    pub(super) fn declare(object: &mut ObjectModule) -> Result<Self, CompileError> {
        let mut declare = |name: &str| {
            object
                .declare_data(name, Linkage::Local, false, false)
                .map_err(internal)
        };
        Ok(Self {
            record: declare("spy.program")?,
            pointers: declare("spy.pointers")?,
            maps: declare("spy.maps")?,
            use_program: entry::import(object, "spy_use_program", &[types::I64], &[])?,
        })
    }
}

impl Roots {
    /// The record.
    pub(super) const fn record(&self) -> DataId {
        self.record
    }
}

impl Codegen {
    /// Emits the call that tells the collector about the program; to be done before its code runs.
    pub(super) fn emit_use_program(&mut self, builder: &mut FunctionBuilder<'_>) {
        let record = self
            .object
            .declare_data_in_func(self.roots.record, builder.func);
        let record = builder.ins().symbol_value(types::I64, record);
        let callee = function::import(&mut self.object, self.roots.use_program, builder.func);
        builder.ins().call(callee, &[record]);
    }

    pub(super) fn define_roots(&mut self, module: &Module) -> Result<(), CompileError> {
        let pointers = self.memory.pointers(&module.memories);
        let counts = [(1, module.cells.len()), (4, pointers.len())];
        let addresses = [
            (0, self.cells),
            (2, self.memory.data),
            (3, self.roots.pointers),
            (5, self.roots.maps),
        ];
        let mut record = vec![0; PROGRAM_WORDS * WORD_SIZE];
        for (word, count) in counts {
            let at = word * WORD_SIZE;
            record[at..at + WORD_SIZE].copy_from_slice(&(count as u64).to_le_bytes());
        }
        let object = &mut self.object;
        data::define(object, self.roots.record, record, |object, description| {
            for (word, data) in addresses {
                let at = u32::try_from(word * WORD_SIZE).expect("the record is small");
                let data = object.declare_data_in_data(data, description);
                description.write_data_addr(at, data, 0);
            }
        })?;
        data::define(object, self.roots.pointers, bytes(&pointers), |_, _| {})?;
        let maps = encode(&module.pointer_maps);
        data::define(object, self.roots.maps, bytes(&maps), |_, _| {})
    }
}

/// The words of all maps: the index of each by its number, and behind that the maps.
fn encode(maps: &[PointerMap]) -> Vec<u32> {
    let word = |value: usize| u32::try_from(value).expect("maps are smaller than 4 GiB");
    let mut words = vec![0; maps.len() + 1];
    for (number, map) in maps.iter().enumerate() {
        words[number + 1] = word(words.len());
        words.extend([map.stride, word(map.offsets.len())]);
        words.extend(&map.offsets);
    }
    words
}

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
