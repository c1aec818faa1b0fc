//! The functions of module `unsafe` on blocks of memory, `raw_free` and `sizeof`.

use super::arguments::Arguments;
use super::builtin::wrong_count;
use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::operand::Operand;
use crate::ir::{BlockOp, MemoryOp};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::types::{MemoryKind, PtrType, TypeId, TypeKind};

impl Evaluator<'_> {
    /// `ptr_copy(dst, src, n)` and its like.
    pub(super) fn block_function(
        &mut self,
        (op, bytes_only): (BlockOp, bool),
        callee: &Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let expected = operand_count(op);
        let supplied = args.operands.len();
        if supplied != expected {
            return Err(wrong_count(expected, supplied, callee, span));
        }
        self.block_operands(op, bytes_only, args.operands)
            .and_then(|operands| {
                let result = match op {
                    BlockOp::Compare | BlockOp::CompareSlice => TypeId::I32,
                    BlockOp::Copy
                    | BlockOp::CopySlice
                    | BlockOp::Move
                    | BlockOp::MoveSlice
                    | BlockOp::SetBytes
                    | BlockOp::SetBytesSlice => TypeId::NONE,
                };
                self.memory_op(MemoryOp::Block(op), operands, result, span)
            })
            .map_err(|failure| called_here(failure, "CALL", span))
    }

    /// The operands, checked and converted.
    fn block_operands(
        &mut self,
        op: BlockOp,
        bytes_only: bool,
        operands: Vec<Operand>,
    ) -> Result<Vec<Operand>, Failure> {
        let first = &operands[0];
        let item = self.pointer_argument(first)?;
        let second = second_pointer(op);
        if let Some(second) = second {
            self.pointer_argument(&operands[second])?;
        }
        if bytes_only && item.item != TypeId::U8 && item.item != TypeId::I8 {
            let name = self.type_name(first.ty);
            let expected = format!("expected ptr[u8] or ptr[i8], got `{name}`");
            let help = format!("help: use `{}` instead", op.name());
            return Err(type_error("mismatched types")
                .error(expected, first.span)
                .note(help, first.span)
                .into());
        }
        if let Some(second) = second {
            self.same_item(first, &operands[second], item)?;
        }
        let byte = match op {
            BlockOp::SetBytes => Some(1),
            BlockOp::SetBytesSlice => Some(3),
            BlockOp::Copy
            | BlockOp::CopySlice
            | BlockOp::Move
            | BlockOp::MoveSlice
            | BlockOp::Compare
            | BlockOp::CompareSlice => None,
        };
        let mut converted = Vec::with_capacity(operands.len());
        for (index, operand) in operands.into_iter().enumerate() {
            converted.push(if index == 0 || Some(index) == second {
                operand
            } else {
                let ty = if Some(index) == byte {
                    TypeId::U8
                } else {
                    TypeId::I32
                };
                self.builtin_argument(operand, ty)?
            });
        }
        Ok(converted)
    }

    /// An argument of a builtin function converted to its parameter's type.
    pub(super) fn builtin_argument(
        &mut self,
        operand: Operand,
        ty: TypeId,
    ) -> Result<Operand, Failure> {
        self.convert(operand, ty).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            failure
        })
    }

    fn pointer_argument(&self, operand: &Operand) -> Result<PtrType, Failure> {
        match self.program.types.as_ptr(operand.ty) {
            Some(ty) if !ty.is_ref => Ok(ty),
            _ => {
                let name = self.type_name(operand.ty);
                Err(type_error("mismatched types")
                    .error(format!("expected ptr[T], got `{name}`"), operand.span)
                    .into())
            }
        }
    }

    fn same_item(&self, first: &Operand, second: &Operand, item: PtrType) -> Result<(), Failure> {
        if self.pointer_argument(second)?.item == item.item {
            return Ok(());
        }
        let (a, b) = (self.type_name(first.ty), self.type_name(second.ty));
        Err(type_error("mismatched types")
            .error(format!("`{a}`"), first.span)
            .error(format!("`{b}`"), second.span)
            .into())
    }

    /// `raw_free(pointer)`
    pub(super) fn raw_free(&mut self, pointer: Operand, span: Span) -> Result<Operand, Failure> {
        match self.program.types.as_ptr(pointer.ty) {
            Some(ty) if !ty.is_ref && ty.memory == MemoryKind::Raw => {
                self.memory_op(MemoryOp::Free, vec![pointer], TypeId::NONE, span)
            }
            _ => {
                let name = self.type_name(pointer.ty);
                let failure = type_error("mismatched types")
                    .error(format!("expected raw_ptr[T], got `{name}`"), pointer.span);
                Err(called_here(failure.into(), "CALL", span))
            }
        }
    }

    /// `sizeof(T)`: bytes of a value in memory.
    pub(super) fn size_of(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        let ty = match operand.value {
            Some(Value::Type(ty)) => Some(ty),
            Some(Value::None) => Some(TypeId::NONE),
            _ => None,
        };
        let Some(ty) = ty else {
            let failure = self.mismatched(TypeId::TYPE, operand.ty, operand.span);
            let failure = failure.note("function defined here", Span::BUILTINS);
            return Err(called_here(failure.into(), "CALL", span));
        };
        self.check_sized(ty)
            .map_err(|failure| called_here(failure, "CALL", span))?;
        let (size, _) = self.program.types.size_and_align(ty);
        Ok(self.known(Value::i32(i32::try_from(size).unwrap_or(i32::MAX)), span))
    }

    /// Refuses types whose values memory cannot hold.
    pub(super) fn check_sized(&self, ty: TypeId) -> Result<(), Failure> {
        let sized = match self.program.types.kind(ty) {
            TypeKind::Struct(layout) => layout.is_some(),
            TypeKind::Bool
            | TypeKind::Int(_)
            | TypeKind::Float(_)
            | TypeKind::Complex
            | TypeKind::Str
            | TypeKind::Bytes
            | TypeKind::None
            | TypeKind::Ptr(_)
            | TypeKind::Error => true,
            TypeKind::Object
            | TypeKind::Dynamic
            | TypeKind::Type
            | TypeKind::Module
            | TypeKind::NotImplemented
            | TypeKind::Func(_)
            | TypeKind::Exception(_)
            | TypeKind::Blue => false,
        };
        if sized {
            return Ok(());
        }
        let name = self.type_name(ty);
        Err(super::errors::wip(format!("sizeof({name}) not implemented")).into())
    }
}

/// How many operands a function takes.
const fn operand_count(op: BlockOp) -> usize {
    match op {
        BlockOp::Copy | BlockOp::Move | BlockOp::SetBytes | BlockOp::Compare => 3,
        BlockOp::SetBytesSlice => 4,
        BlockOp::CopySlice | BlockOp::MoveSlice | BlockOp::CompareSlice => 6,
    }
}

/// Which operand is the second pointer, if there is one.
const fn second_pointer(op: BlockOp) -> Option<usize> {
    match op {
        BlockOp::Copy | BlockOp::Move | BlockOp::Compare => Some(1),
        BlockOp::CopySlice | BlockOp::MoveSlice | BlockOp::CompareSlice => Some(3),
        BlockOp::SetBytes | BlockOp::SetBytesSlice => None,
    }
}
