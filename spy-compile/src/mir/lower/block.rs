//! The functions on blocks of memory: the checks of debug builds, then a call of the C library.
//!
//! What they mean, and in which order they check, is written in `spy_lang::memory`.

use spy_lang::ir::BlockOp;
use spy_lang::source::Span;
use spy_lang::types::TypeId;
use spy_runtime::error::ErrorKind;

use super::function::Lowerer;
use crate::mir::{BinaryOp, Conversion, IntCompare, Op, RuntimeFunc, Ty, Val};

/// Items of a pointer: from an index on, and how many.
#[derive(Clone, Copy)]
struct Items {
    pointer: Val,
    start: Option<Val>,
    end: Val,
    count: Val,
}

/// Where items are, and where they end.
#[derive(Clone, Copy)]
struct Bytes {
    start: Val,
    size: Val,
}

impl Lowerer<'_, '_> {
    /// Applies a function on blocks of items to its operands.
    pub(super) fn block(
        &mut self,
        op: BlockOp,
        item: TypeId,
        args: &[Vec<Val>],
        span: Span,
    ) -> Vec<Val> {
        let arg = |index: usize| args[index][0];
        let [first, second] = match op {
            BlockOp::SetBytes => {
                let items = self.items(arg(0), None, arg(2));
                return self.set_bytes(op, items, item, arg(1), span);
            }
            BlockOp::SetBytesSlice => {
                let items = self.items(arg(0), Some(arg(1)), arg(2));
                return self.set_bytes(op, items, item, arg(3), span);
            }
            BlockOp::Copy | BlockOp::Move | BlockOp::Compare => {
                [0, 1].map(|index| self.items(arg(index), None, arg(2)))
            }
            BlockOp::CopySlice | BlockOp::MoveSlice | BlockOp::CompareSlice => {
                [0, 3].map(|index| self.items(arg(index), Some(arg(index + 1)), arg(index + 2)))
            }
        };
        if op.is_slice() && self.checks_memory() {
            let differ = self.compare(IntCompare::Ne, first.count, second.count);
            let message = format!("{} length mismatch", op.name());
            self.raise_if(differ, ErrorKind::PanicError, &message, span);
        }
        let first = self.bytes(op, first, item, span);
        let second = self.bytes(op, second, item, span);
        let operands = [first.start, second.start, first.size];
        if matches!(op, BlockOp::Compare | BlockOp::CompareSlice) {
            let order = self.runtime(RuntimeFunc::MemoryCompare, &operands, span)[0];
            return vec![self.sign(order)];
        }
        if matches!(op, BlockOp::Copy | BlockOp::CopySlice) && self.checks_memory() {
            self.check_apart(op, first, second, span);
        }
        self.runtime(RuntimeFunc::MemoryMove, &operands, span)
    }

    fn items(&mut self, pointer: Val, start: Option<Val>, end: Val) -> Items {
        let count = start.map_or(end, |start| self.binary(BinaryOp::Sub, end, start));
        Items {
            pointer,
            start,
            end,
            count,
        }
    }

    fn set_bytes(
        &mut self,
        op: BlockOp,
        items: Items,
        item: TypeId,
        byte: Val,
        span: Span,
    ) -> Vec<Val> {
        let to = self.bytes(op, items, item, span);
        let byte = self.convert(Conversion::ZeroExtend, Ty::I32, byte);
        self.runtime(RuntimeFunc::MemorySet, &[to.start, byte, to.size], span)
    }

    /// The bytes of items, all of which lie in the memory of their pointer.
    fn bytes(&mut self, op: BlockOp, items: Items, item: TypeId, span: Span) -> Bytes {
        if self.checks_memory() {
            self.check_bounds(op, items, item, span);
        }
        let start = match items.start {
            Some(start) => {
                let distance = self.scaled(start, item);
                self.emit(Op::Offset(items.pointer, distance), Ty::Ptr)
            }
            None => items.pointer,
        };
        let size = self.scaled(items.count, item);
        Bytes { start, size }
    }

    fn check_bounds(&mut self, op: BlockOp, items: Items, item: TypeId, span: Span) {
        let message = format!("{} out of bounds", op.name());
        if let Some(start) = items.start {
            let negative = self.compare_with(IntCompare::LtSigned, start, 0);
            self.raise_if(negative, ErrorKind::PanicError, &message, span);
            let backwards = self.compare(IntCompare::GtSigned, start, items.end);
            self.raise_if(backwards, ErrorKind::PanicError, &message, span);
        }
        let length = self.runtime(RuntimeFunc::MemorySize, &[items.pointer], span)[0];
        // A negative index counts as a large one.
        let end = self.scaled(items.end, item);
        let outside = self.compare(IntCompare::GtUnsigned, end, length);
        self.raise_if(outside, ErrorKind::PanicError, &message, span);
    }

    /// Two areas of one size overlap if each starts before the other ends.
    fn check_apart(&mut self, op: BlockOp, a: Bytes, b: Bytes, span: Span) {
        let mut starts_within = |a: Bytes, b: Bytes| {
            let end = self.emit(Op::Offset(b.start, b.size), Ty::Ptr);
            self.compare(IntCompare::LtUnsigned, a.start, end)
        };
        let (first, second) = (starts_within(a, b), starts_within(b, a));
        let overlap = self.binary(BinaryOp::And, first, second);
        let some = self.compare_with(IntCompare::Ne, a.size, 0);
        let overlap = self.binary(BinaryOp::And, overlap, some);
        let message = format!("{} regions overlap", op.name());
        self.raise_if(overlap, ErrorKind::PanicError, &message, span);
    }

    /// -1, 0 or 1.
    fn sign(&mut self, value: Val) -> Val {
        let (greater, less) = (IntCompare::GtSigned, IntCompare::LtSigned);
        let signs = [greater, less].map(|compare| {
            let holds = self.compare_with(compare, value, 0);
            self.convert(Conversion::ZeroExtend, Ty::I32, holds)
        });
        self.binary(BinaryOp::Sub, signs[0], signs[1])
    }
}
