//! Allocation, loads and stores.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AliasRegionData, BlockArg, InstBuilder, MemFlagsData, Value, types};
use spy_runtime::abi::layout::{
    HEAP_END_OFFSET, HEAP_NEXT_OFFSET, MEMORY_HEADER_SIZE, OBJECT_ALIGN,
};

use super::function::Translator;
use super::shape::clif;
use crate::mir::{Inst, PlaceId, Region, RuntimeFunc, Ty, Val};

/// What loads and stores may touch together.
#[derive(Clone, Copy)]
pub(super) enum Alias {
    /// Items of a region that have a machine type.
    Items(Region, Ty),
    /// Module variables.
    Cells,
    /// Results of calls on the stack.
    Results,
    /// Where the free memory begins and ends.
    Heap,
}

impl Alias {
    /// A number for each.
    const fn id(self) -> u32 {
        const FIRST_ITEM: u32 = 3;
        const TYPES: u32 = Ty::Ptr as u32 + 1;
        match self {
            Self::Cells => 0,
            Self::Results => 1,
            Self::Heap => 2,
            Self::Items(region, ty) => FIRST_ITEM + region as u32 * TYPES + ty as u32,
        }
    }
}

impl Translator<'_, '_> {
    /// The flags of an access to aligned memory that is there.
    pub(super) fn flags(&mut self, alias: Alias) -> MemFlagsData {
        let region = self.builder.func.dfg.alias_regions.insert(AliasRegionData {
            user_id: alias.id(),
            description: "".into(),
        });
        MemFlagsData::trusted().with_alias_region(Some(region))
    }

    /// The flags of an access to items, whose alignment is up to the program's structs.
    fn item_flags(&mut self, region: Region, ty: Ty) -> MemFlagsData {
        let items = self.flags(Alias::Items(region, ty));
        let flags = MemFlagsData::new().with_notrap();
        flags.with_alias_region(items.alias_region())
    }

    pub(super) fn load(&mut self, region: Region, ty: Ty, address: Val, offset: i32) -> Value {
        let flags = match region {
            Region::Text => MemFlagsData::trusted().with_readonly().with_can_move(),
            Region::Size | Region::Gc | Region::Raw => self.item_flags(region, ty),
        };
        let address = self.value(address);
        self.builder.ins().load(clif(ty), flags, address, offset)
    }

    pub(super) fn store(&mut self, region: Region, address: Val, value: Val, offset: i32) {
        let flags = self.item_flags(region, self.function.ty(value));
        let (address, value) = (self.value(address), self.value(value));
        self.builder.ins().store(flags, value, address, offset);
    }

    /// New memory: the next of the current chunk if there is room, from the runtime otherwise.
    pub(super) fn alloc(&mut self, size: Val, inst: &Inst) -> Value {
        let place = inst.place.expect("what may raise has a place");
        let size = self.value(size);
        let heap_flags = self.flags(Alias::Heap);
        let heap = self.address(self.codegen.heap, 0);
        let next = self
            .builder
            .ins()
            .load(types::I64, heap_flags, heap, HEAP_NEXT_OFFSET);
        let end = self
            .builder
            .ins()
            .load(types::I64, heap_flags, heap, HEAP_END_OFFSET);
        let total = self.with_header(size);
        let after = self.builder.ins().iadd(next, total);
        let (slow, fast) = (self.builder.create_block(), self.builder.create_block());
        let done = self.builder.create_block();
        let memory = self.builder.append_block_param(done, types::I64);
        self.builder.set_cold_block(slow);
        let is_full = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedGreaterThan, after, end);
        self.builder.ins().brif(is_full, slow, &[], fast, &[]);

        self.builder.switch_to_block(fast);
        self.builder
            .ins()
            .store(heap_flags, after, heap, HEAP_NEXT_OFFSET);
        let size_flags = self.flags(Alias::Items(Region::Size, Ty::I64));
        self.builder.ins().store(size_flags, size, next, 0);
        let header = i64::try_from(MEMORY_HEADER_SIZE).unwrap_or(i64::MAX);
        let start = self.builder.ins().iadd_imm_s(next, header);
        self.builder.ins().jump(done, &[BlockArg::Value(start)]);

        self.builder.switch_to_block(slow);
        let start = self.alloc_slow(size, place);
        self.builder.ins().jump(done, &[BlockArg::Value(start)]);
        self.builder.switch_to_block(done);
        memory
    }

    /// A size with that of the header, rounded up to whole objects.
    fn with_header(&mut self, size: Value) -> Value {
        let align = i64::try_from(OBJECT_ALIGN).unwrap_or(i64::MAX);
        let header = i64::try_from(MEMORY_HEADER_SIZE).unwrap_or(i64::MAX);
        let padded = self.builder.ins().iadd_imm_s(size, header + align - 1);
        self.builder.ins().band_imm_s(padded, -align)
    }

    fn alloc_slow(&mut self, size: Value, place: PlaceId) -> Value {
        let (_, id) = self.codegen.runtime[RuntimeFunc::Alloc as usize];
        let callee = self.callee(id);
        let call = self.builder.ins().call(callee, &[size]);
        let results = self.builder.inst_results(call);
        let (memory, failed) = (results[0], results[1]);
        self.cold_if(failed, |translator| translator.trace_and_leave(place));
        memory
    }
}
