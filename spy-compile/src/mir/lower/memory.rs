//! Operations on memory: addresses are computed, loads and stores move one scalar each.
//!
//! What they mean is written in `spy_lang::memory`. Pointers point to the start of their memory,
//! whose header stands in front of it; references may point inside, and are valid if they exist.

use spy_lang::ir::MemoryOp;
use spy_lang::source::Span;
use spy_lang::types::{MemoryKind, PtrType, TypeId};
use spy_runtime::abi::layout::{MEMORY_HEADER_OFFSET, MEMORY_SIZE_BITS};
use spy_runtime::error::ErrorKind;

use super::function::Lowerer;
use super::layout::Content;
use super::{Lowered, MemoryChecks, layout};
use crate::mir::{
    BinaryOp, Conversion, IntCompare, Op, PointerMap, PointerMapId, Region, RuntimeFunc, Ty, Val,
};

const NULL_DEREFERENCED: &str = "cannot dereference NULL pointer";
const LOAD_OUT_OF_BOUNDS: &str = "ptr_getitem out of bounds";
const STORE_OUT_OF_BOUNDS: &str = "ptr_store out of bounds";
const LOAD_UNINITIALIZED: &str = "ptr_getitem of uninitialized memory";
const FREED_AGAIN: &str = "raw_free of freed memory";
const NEGATIVE_SIZE: &str = "negative allocation size";

/// An operand that points to items.
#[derive(Clone, Copy)]
struct Pointer {
    value: Val,
    ty: PtrType,
}

/// A place in memory: an address plus an offset in bytes.
#[derive(Clone, Copy)]
struct Address {
    base: Val,
    offset: i32,
    region: Region,
}

impl Lowerer<'_, '_> {
    /// Applies an operation on memory to the scalars of its operands. The types are those of the
    /// first operand and of the result.
    pub(super) fn memory_op(
        &mut self,
        op: MemoryOp,
        args: &[Vec<Val>],
        (first, result): (TypeId, TypeId),
        span: Span,
    ) -> Lowered<Vec<Val>> {
        let arg = |index: usize| args[index][0];
        let pointer = |lowerer: &Self, index: usize| lowerer.pointer(first, arg(index));
        let value = match op {
            MemoryOp::Alloc => self.alloc(arg(0), result, span)?,
            MemoryOp::Load => {
                let pointer = pointer(self, 0);
                let address = self.item(pointer, arg(1), LOAD_OUT_OF_BOUNDS, span);
                return self.load(address, result, span);
            }
            MemoryOp::Store => {
                let pointer = pointer(self, 0);
                let address = self.item(pointer, arg(1), STORE_OUT_OF_BOUNDS, span);
                self.store(address, pointer.ty.item, &args[2], span)?;
                return Ok(Vec::new());
            }
            MemoryOp::ItemRef => {
                let pointer = pointer(self, 0);
                let address = self.item(pointer, arg(1), LOAD_OUT_OF_BOUNDS, span);
                self.address(address)
            }
            MemoryOp::LoadField(offset) => {
                let address = self.field_place(pointer(self, 0), offset, span);
                return self.load(address, result, span);
            }
            MemoryOp::StoreField(offset) => {
                let pointer = pointer(self, 0);
                let address = self.field_place(pointer, offset, span);
                self.store_field(address, (pointer.ty.item, offset), &args[1], span)?;
                return Ok(Vec::new());
            }
            MemoryOp::FieldRef(offset) => {
                let address = self.field_place(pointer(self, 0), offset, span);
                self.address(address)
            }
            MemoryOp::NotNull => self.compare_with(IntCompare::Ne, arg(0), 0),
            MemoryOp::Same => self.compare(IntCompare::Eq, arg(0), arg(1)),
            MemoryOp::Block(op) => return Ok(self.block(op, pointer(self, 0).ty.item, args, span)),
            MemoryOp::Free => {
                self.free(arg(0), span);
                return Ok(Vec::new());
            }
        };
        Ok(vec![value])
    }

    fn pointer(&self, ty: TypeId, value: Val) -> Pointer {
        let ty = self.state.program.types.as_ptr(ty);
        let ty = ty.unwrap_or_else(|| unreachable!("memory is accessed through pointers"));
        Pointer { value, ty }
    }

    /// Bytes from one item to the next; never zero, as the interpreter has it.
    pub(super) fn item_size(&self, item: TypeId) -> i64 {
        let (size, _) = self.state.program.types.size_and_align(item);
        i64::from(size.max(1))
    }

    fn alloc(&mut self, count: Val, result: TypeId, span: Span) -> Lowered<Val> {
        let negative = self.compare_with(IntCompare::LtSigned, count, 0);
        self.raise_if(negative, ErrorKind::ValueError, NEGATIVE_SIZE, span);
        let pointer = self.pointer(result, count).ty;
        let size = self.scaled(count, pointer.item);
        let map = self.pointer_map(pointer.item, span)?;
        if pointer.memory == MemoryKind::Raw {
            let map = self.int(Ty::I32, i64::from(map.0));
            return Ok(self.runtime(RuntimeFunc::RawAlloc, &[size, map], span)[0]);
        }
        let place = self.place(span);
        let op = Op::Alloc(map, size);
        Ok(self.raising(op, &[Ty::Ptr], place)[0])
    }

    fn free(&mut self, pointer: Val, span: Span) {
        if self.checks_memory() {
            let again = self.runtime(RuntimeFunc::RawFreeChecked, &[pointer], span)[0];
            self.raise_if(again, ErrorKind::PanicError, FREED_AGAIN, span);
        } else {
            self.runtime(RuntimeFunc::RawFree, &[pointer], span);
        }
    }

    /// Where items have pointers to what the garbage collector frees.
    fn pointer_map(&mut self, item: TypeId, span: Span) -> Lowered<PointerMapId> {
        let leaves = layout::leaves(self.state.program, item, span)?;
        let is_pointer = |content| match content {
            Content::Bits => false,
            Content::Text | Content::Bytes | Content::Exception => true,
            Content::Pointer(ty) => {
                let ty = self.state.program.types.as_ptr(ty);
                ty.is_some_and(|ty| ty.memory == MemoryKind::Gc)
            }
        };
        let pointers = leaves.iter().filter(|leaf| is_pointer(leaf.content));
        let offsets = pointers.map(|leaf| leaf.offset).collect();
        let stride = u32::try_from(self.item_size(item)).expect("structs are smaller than 4 GiB");
        Ok(self
            .state
            .module
            .pointer_map(PointerMap { stride, offsets }))
    }

    /// The size in bytes of `count` items, which is not negative.
    pub(super) fn scaled(&mut self, count: Val, item: TypeId) -> Val {
        let wide = self.convert(Conversion::ZeroExtend, Ty::I64, count);
        let size = self.item_size(item);
        let size = self.int(Ty::I64, size);
        self.binary(BinaryOp::Mul, wide, size)
    }

    /// The place of an item.
    fn item(&mut self, pointer: Pointer, index: Val, error: &str, span: Span) -> Address {
        self.check_item(pointer, index, error, span);
        let base = Address {
            base: pointer.value,
            offset: 0,
            region: region(pointer.ty),
        };
        let size = self.item_size(pointer.ty.item);
        let known = self.known_int(index).map(|index| index * size);
        if let Some(offset) = known.and_then(|offset| i32::try_from(offset).ok()) {
            return Address { offset, ..base };
        }
        let distance = self.scaled(index, pointer.ty.item);
        let base_value = self.emit(Op::Offset(pointer.value, distance), Ty::Ptr);
        Address {
            base: base_value,
            ..base
        }
    }

    fn check_item(&mut self, pointer: Pointer, index: Val, error: &str, span: Span) {
        if !self.checks_memory() {
            return;
        }
        self.check_not_null(pointer.value, span);
        if pointer.ty.is_ref {
            return;
        }
        let load = Op::Load(Region::Header, Ty::I64, pointer.value, MEMORY_HEADER_OFFSET);
        let header = self.emit(load, Ty::I64);
        let size_mask = self.int(Ty::I64, (1 << MEMORY_SIZE_BITS) - 1);
        let length = self.binary(BinaryOp::And, header, size_mask);
        let start = self.scaled(index, pointer.ty.item);
        let size = self.item_size(pointer.ty.item);
        let size = self.int(Ty::I64, size);
        let end = self.binary(BinaryOp::Add, start, size);
        let outside = self.compare(IntCompare::GtUnsigned, end, length);
        self.raise_if(outside, ErrorKind::PanicError, error, span);
    }

    /// Whether what must not happen in memory raises.
    pub(super) fn checks_memory(&self) -> bool {
        self.state.checks == MemoryChecks::Full
    }

    fn check_not_null(&mut self, pointer: Val, span: Span) {
        if self.checks_memory() {
            let null = self.compare_with(IntCompare::Eq, pointer, 0);
            self.raise_if(null, ErrorKind::PanicError, NULL_DEREFERENCED, span);
        }
    }

    /// The place of a field of the first item.
    fn field_place(&mut self, pointer: Pointer, offset: u32, span: Span) -> Address {
        self.check_not_null(pointer.value, span);
        Address {
            base: pointer.value,
            offset: i32::try_from(offset).expect("structs are smaller than 2 GiB"),
            region: region(pointer.ty),
        }
    }

    /// An address as one value.
    fn address(&mut self, address: Address) -> Val {
        let distance = self.int(Ty::I64, i64::from(address.offset));
        self.emit(Op::Offset(address.base, distance), Ty::Ptr)
    }

    /// The scalars of a value in memory.
    fn load(&mut self, from: Address, ty: TypeId, span: Span) -> Lowered<Vec<Val>> {
        let leaves = layout::leaves(self.state.program, ty, span)?;
        let load = |leaf: &layout::Leaf| {
            let offset = leaf_offset(from, leaf.offset);
            let value = self.emit(Op::Load(from.region, leaf.ty, from.base, offset), leaf.ty);
            self.check_object(value, leaf.content, span);
            value
        };
        Ok(leaves.iter().map(load).collect())
    }

    /// Only memory that has not been written has no object where there should be one.
    fn check_object(&mut self, value: Val, content: Content, span: Span) {
        let is_object = match content {
            Content::Text | Content::Bytes | Content::Exception => true,
            Content::Bits | Content::Pointer(_) => false,
        };
        if is_object && self.checks_memory() {
            let missing = self.compare_with(IntCompare::Eq, value, 0);
            self.raise_if(missing, ErrorKind::PanicError, LOAD_UNINITIALIZED, span);
        }
    }

    fn store(&mut self, to: Address, ty: TypeId, values: &[Val], span: Span) -> Lowered<()> {
        let leaves = layout::leaves(self.state.program, ty, span)?;
        for (leaf, value) in leaves.iter().zip(values) {
            self.store_scalar(to, leaf.offset, *value);
        }
        Ok(())
    }

    /// Stores the scalars of the field that starts at an offset in a struct of type `item`.
    fn store_field(
        &mut self,
        to: Address,
        (item, offset): (TypeId, u32),
        values: &[Val],
        span: Span,
    ) -> Lowered<()> {
        let leaves = layout::leaves(self.state.program, item, span)?;
        let field = leaves.iter().skip_while(|leaf| leaf.offset != offset);
        for (leaf, value) in field.zip(values) {
            self.store_scalar(to, leaf.offset - offset, *value);
        }
        Ok(())
    }

    fn store_scalar(&mut self, to: Address, inner: u32, value: Val) {
        let op = Op::Store(to.region, to.base, value, leaf_offset(to, inner));
        self.function.add_inst(self.block, op, &[], None);
    }
}

const fn region(ty: PtrType) -> Region {
    match ty.memory {
        MemoryKind::Gc => Region::Gc,
        MemoryKind::Raw => Region::Raw,
    }
}

fn leaf_offset(address: Address, inner: u32) -> i32 {
    let inner = i32::try_from(inner).expect("structs are smaller than 2 GiB");
    address.offset.saturating_add(inner)
}
