//! Allocation, loads and stores.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AliasRegionData, BlockArg, InstBuilder, InstructionData, MemFlagsData, Opcode, Value, types,
};
use spy_runtime::abi::layout::{
    AREA_END_OFFSET, AREA_NEXT_OFFSET, AREA_SIZE, MEMORY_HEADER_OFFSET, MEMORY_HEADER_SIZE,
    area_index, memory_header,
};
use spy_runtime::abi::size_class::{CELL_SIZES, size_class};

use super::function::Translator;
use super::shape::clif;
use crate::mir::{Inst, PointerMapId, Region, RuntimeFunc, Ty, Val};

/// What loads and stores may touch together.
#[derive(Clone, Copy)]
pub(super) enum Alias {
    /// Items of a region that have a machine type.
    Items(Region, Ty),
    /// Module variables.
    Cells,
    /// Results of calls on the stack.
    Results,
    /// Where free cells begin and end.
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
            Region::Header | Region::Gc | Region::Raw => self.item_flags(region, ty),
        };
        let address = self.value(address);
        self.builder.ins().load(clif(ty), flags, address, offset)
    }

    pub(super) fn store(&mut self, region: Region, address: Val, value: Val, offset: i32) {
        let flags = self.item_flags(region, self.function.ty(value));
        let (address, value) = (self.value(address), self.value(value));
        self.builder.ins().store(flags, value, address, offset);
    }

    /// New memory that the garbage collector frees: a free cell if there is one at hand, from the
    /// runtime otherwise.
    pub(super) fn alloc(&mut self, map: PointerMapId, size: Val, inst: &Inst) {
        let size = self.value(size);
        let class = self.constant(size).and_then(|size_bytes| {
            let total = usize::try_from(size_bytes).ok()?;
            let class = size_class(total.checked_add(MEMORY_HEADER_SIZE)?)?;
            Some((class, memory_header(size_bytes, map.0)))
        });
        let values = match class {
            Some((class, header)) => self.alloc_cell((class, header), map, size, inst),
            None => self.alloc_slow(map, size, inst),
        };
        for (result, value) in inst.results.iter().zip(values) {
            self.values[result.index()] = Some(value);
        }
    }

    /// The integer constant that a value is.
    fn constant(&self, value: Value) -> Option<u64> {
        let inst = self.builder.func.dfg.value_def(value).inst()?;
        let InstructionData::UnaryImm {
            opcode: Opcode::Iconst,
            imm,
        } = self.builder.func.dfg.insts[inst]
        else {
            return None;
        };
        u64::try_from(imm.bits()).ok()
    }

    /// Takes a cell of a size class, of which the object with its header needs no more.
    fn alloc_cell(
        &mut self,
        (class, header): (usize, u64),
        map: PointerMapId,
        size: Value,
        inst: &Inst,
    ) -> Vec<Value> {
        let cell_size = i64::from(CELL_SIZES[class]);
        let area = area_index(class, map != PointerMapId::NONE) * AREA_SIZE;
        let area = i64::try_from(area).expect("there are few areas");
        let flags = self.flags(Alias::Heap);
        let area = self.address(self.codegen.heap, area);
        let ins = self.builder.ins();
        let next = ins.load(types::I64, flags, area, AREA_NEXT_OFFSET);
        let ins = self.builder.ins();
        let end = ins.load(types::I64, flags, area, AREA_END_OFFSET);
        let after = self.builder.ins().iadd_imm_s(next, cell_size);
        let (slow, fast) = (self.builder.create_block(), self.builder.create_block());
        let done = self.builder.create_block();
        let memory = self.builder.append_block_param(done, types::I64);
        let mut results = vec![memory];
        if inst.is_caught {
            results.push(self.builder.append_block_param(done, types::I8));
        }
        self.builder.set_cold_block(slow);
        let greater = IntCC::UnsignedGreaterThan;
        let is_full = self.builder.ins().icmp(greater, after, end);
        self.builder.ins().brif(is_full, slow, &[], fast, &[]);

        self.builder.switch_to_block(fast);
        let ins = self.builder.ins();
        ins.store(flags, after, area, AREA_NEXT_OFFSET);
        let header_flags = self.flags(Alias::Items(Region::Header, Ty::I64));
        let header = self.builder.ins().iconst(types::I64, header.cast_signed());
        self.builder.ins().store(header_flags, header, next, 0);
        let header_size = i64::from(-MEMORY_HEADER_OFFSET);
        let start = self.builder.ins().iadd_imm_s(next, header_size);
        let mut args = vec![BlockArg::Value(start)];
        if inst.is_caught {
            let flag = self.builder.ins().iconst(types::I8, 0);
            args.push(BlockArg::Value(flag));
        }
        self.builder.ins().jump(done, &args);

        self.builder.switch_to_block(slow);
        let values = self.alloc_slow(map, size, inst);
        let args: Vec<BlockArg> = values.into_iter().map(BlockArg::Value).collect();
        self.builder.ins().jump(done, &args);
        self.builder.switch_to_block(done);
        results
    }

    /// The results of asking the runtime for memory.
    fn alloc_slow(&mut self, map: PointerMapId, size: Value, inst: &Inst) -> Vec<Value> {
        let (_, id) = self.codegen.runtime[RuntimeFunc::Alloc as usize];
        let callee = self.callee(id);
        let map = self.builder.ins().iconst(types::I32, i64::from(map.0));
        let call = self.builder.ins().call(callee, &[size, map]);
        let results = self.builder.inst_results(call);
        let (memory, failed) = (results[0], results[1]);
        if inst.is_caught {
            return vec![memory, failed];
        }
        let place = inst.place.expect("what may raise has a place");
        self.cold_if(failed, |translator| translator.trace_and_leave(place));
        vec![memory]
    }
}
