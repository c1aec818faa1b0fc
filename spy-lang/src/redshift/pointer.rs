//! Pointers and references: items, fields and dereferencing.

use super::arguments::{Arguments, Direct};
use super::convert::failure;
use super::errors::called_here;
use super::evaluator::Evaluator;
use super::operand::Operand;
use crate::builtins::Builtin;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir::{Expr, ExprKind, MemoryOp};
use crate::memory;
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Field, MemoryKind, PtrType, TypeId, TypeKind};

impl Evaluator<'_> {
    /// `raw_ptr[T]`, `gc_alloc[T]`, …
    pub(super) fn memory_generic(
        &mut self,
        builtin: Builtin,
        callee: &Operand,
        args: &[Operand],
        span: Span,
    ) -> Result<Operand, Failure> {
        let item = match args {
            [operand] if matches!(operand.value, Some(Value::None)) => TypeId::NONE,
            _ => self.item_argument(callee, args, span)?,
        };
        let (memory, is_ref) = match builtin {
            Builtin::RawPtr | Builtin::RawAlloc => (MemoryKind::Raw, false),
            Builtin::RawRef => (MemoryKind::Raw, true),
            Builtin::GcRef => (MemoryKind::Gc, true),
            _ => (MemoryKind::Gc, false),
        };
        let ty = self.program.types.ptr(PtrType {
            memory,
            is_ref,
            item,
        });
        if matches!(builtin, Builtin::RawAlloc | Builtin::GcAlloc) {
            let func = self.program.allocator(ty);
            return Ok(self.known(Value::Func(func), span));
        }
        Ok(self.known(Value::Type(ty), span))
    }

    /// The type of the items, the only argument in brackets.
    fn item_argument(
        &mut self,
        callee: &Operand,
        args: &[Operand],
        span: Span,
    ) -> Result<TypeId, Failure> {
        let Some(Value::Func(func)) = callee.value else {
            unreachable!("generics of the compiler are functions")
        };
        let direct = Direct {
            callee: callee.span,
            receivers: 0,
        };
        let args = Arguments {
            operands: args.to_vec(),
            keywords: vec![None; args.len()],
        };
        self.bind(func, &args, Some(direct))
            .map_err(|failure| called_here(failure, "GETITEM", span))?;
        match args.operands[0].value {
            Some(Value::Type(ty)) => Ok(ty),
            _ => unreachable!("the argument is a type that is known"),
        }
    }

    /// Applies an operation on memory now, or emits it.
    pub(super) fn memory_op(
        &mut self,
        op: MemoryOp,
        operands: Vec<Operand>,
        result: TypeId,
        span: Span,
    ) -> Result<Operand, Failure> {
        if !self.is_blue() {
            let args = operands.into_iter().map(Operand::into_ir).collect();
            let kind = ExprKind::Memory(op, args);
            return Ok(Operand::red(Expr {
                kind,
                ty: result,
                span,
            }));
        }
        let values: Option<Vec<Value>> = operands
            .iter()
            .map(|operand| operand.value.clone())
            .collect();
        let values = values.expect("operands of blue code have values");
        let pointer = operands.first().map_or(result, |operand| operand.ty);
        let at = operands.first().map_or(span, |operand| operand.span);
        let value = self
            .memory_now(op, &values, pointer, result)
            .map_err(|failure| Box::new(memory::at_pointer(*failure, op, at)))?;
        Ok(Operand::red_value(result, value, span))
    }

    pub(super) fn memory_now(
        &mut self,
        op: MemoryOp,
        values: &[Value],
        pointer: TypeId,
        result: TypeId,
    ) -> Result<Value, Failure> {
        let address = |index: usize| match values.get(index) {
            Some(Value::Ptr(_, address)) => *address,
            _ => 0,
        };
        let number = |index: usize| match values.get(index) {
            Some(Value::Int(_, value)) => *value as i32,
            _ => 0,
        };
        let item = memory::item_type(self.program, pointer);
        let (size, _) = self.program.types.size_and_align(item);
        let program = &mut *self.program;
        Ok(match op {
            MemoryOp::Alloc => {
                let item = memory::item_type(program, result);
                let items = memory::items(program, item);
                let address = memory::alloc(program, items, number(0)).map_err(failure)?;
                Value::Ptr(result, address)
            }
            MemoryOp::Load => {
                let place = memory::check(program, "ptr_getitem", address(0), size, number(1));
                read(program, place.map_err(failure)?, result)?
            }
            MemoryOp::LoadField(offset) => {
                let place = field_place(program, address(0), offset, result)?;
                read(program, place, result)?
            }
            MemoryOp::Store => {
                let place = memory::check(program, "ptr_store", address(0), size, number(1));
                write(program, place.map_err(failure)?, item, &values[2]);
                Value::None
            }
            MemoryOp::StoreField(offset) => {
                let ty = program.type_of(&values[1]);
                let place = field_place(program, address(0), offset, ty)?;
                write(program, place, ty, &values[1]);
                Value::None
            }
            MemoryOp::ItemRef => {
                let place = memory::check(program, "ptr_getitem", address(0), size, number(1));
                Value::Ptr(result, place.map_err(failure)?)
            }
            MemoryOp::FieldRef(offset) => {
                require_not_null(address(0))?;
                Value::Ptr(result, address(0) + u64::from(offset))
            }
            MemoryOp::NotNull => Value::Bool(address(0) != 0),
            MemoryOp::Same => Value::Bool(address(0) == address(1)),
            MemoryOp::Block(op) => {
                let slots: Vec<u64> = values.iter().map(slot).collect();
                let order = memory::apply_block(program, op, &slots, size).map_err(failure)?;
                if result == TypeId::NONE {
                    Value::None
                } else {
                    Value::i32(order as i32)
                }
            }
            MemoryOp::Free => {
                memory::free(program, address(0)).map_err(failure)?;
                Value::None
            }
        })
    }

    /// `pointer[index]`: the item, or a reference to it if it is a struct.
    pub(super) fn pointer_item(
        &mut self,
        pointer: Operand,
        ty: PtrType,
        index: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let index = self.pointer_index(index, span, "GETITEM")?;
        if !matches!(self.program.types.kind(ty.item), TypeKind::Struct(_)) {
            return self.memory_op(MemoryOp::Load, vec![pointer, index], ty.item, span);
        }
        let reference = self.program.types.ptr(PtrType { is_ref: true, ..ty });
        self.memory_op(MemoryOp::ItemRef, vec![pointer, index], reference, span)
    }

    fn pointer_index(
        &mut self,
        index: Operand,
        span: Span,
        operator: &str,
    ) -> Result<Operand, Failure> {
        self.convert(index, TypeId::I32).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            called_here(failure, operator, span)
        })
    }

    /// `pointer[index] = value`
    pub(super) fn store_pointer_item(
        &mut self,
        pointer: Operand,
        ty: PtrType,
        index: Operand,
        value: Operand,
        span: Span,
    ) -> Result<(), Failure> {
        let index = self.pointer_index(index, span, "SETITEM")?;
        let value = self.convert(value, ty.item).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            called_here(failure, "SETITEM", span)
        })?;
        let stored = self.memory_op(
            MemoryOp::Store,
            vec![pointer, index, value],
            TypeId::NONE,
            span,
        )?;
        self.drop_operand(stored);
        Ok(())
    }

    /// The field of what a pointer or reference points to.
    pub(super) fn pointed_field(&self, ty: PtrType, name: &str) -> Option<Field> {
        match self.program.types.kind(ty.item) {
            TypeKind::Struct(Some(layout)) => layout
                .fields
                .iter()
                .find(|field| &*field.name == name)
                .cloned(),
            _ => None,
        }
    }

    /// Reads a field through a pointer: its value, or a reference to it if it is a struct.
    pub(super) fn read_pointed_field(
        &mut self,
        pointer: Operand,
        ty: PtrType,
        field: &Field,
        span: Span,
    ) -> Result<Operand, Failure> {
        if !matches!(self.program.types.kind(field.ty), TypeKind::Struct(_)) {
            let op = MemoryOp::LoadField(field.offset_bytes);
            return self.memory_op(op, vec![pointer], field.ty, span);
        }
        let reference = PtrType {
            memory: ty.memory,
            is_ref: true,
            item: field.ty,
        };
        let reference = self.program.types.ptr(reference);
        self.memory_op(
            MemoryOp::FieldRef(field.offset_bytes),
            vec![pointer],
            reference,
            span,
        )
    }

    /// Writes a field through a pointer.
    pub(super) fn store_pointed_field(
        &mut self,
        pointer: Operand,
        field: &Field,
        value: Operand,
        span: Span,
    ) -> Result<(), Failure> {
        let value = self.convert(value, field.ty).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            called_here(failure, "SETATTR", span)
        })?;
        let op = MemoryOp::StoreField(field.offset_bytes);
        let stored = self.memory_op(op, vec![pointer, value], TypeId::NONE, span)?;
        self.drop_operand(stored);
        Ok(())
    }

    /// A reference becomes a copy of what it stands for; other operands stay.
    pub(super) fn dereferenced(&mut self, operand: Operand) -> Result<Operand, Failure> {
        match self.program.types.as_ptr(operand.ty) {
            Some(ty) if ty.is_ref => {
                let (span, symbol) = (operand.span, operand.symbol.clone());
                let index = self.known(Value::i32(0), span);
                let value = self.memory_op(MemoryOp::Load, vec![operand, index], ty.item, span)?;
                Ok(Operand { symbol, ..value })
            }
            _ => Ok(operand),
        }
    }

    /// A reference to what has a method becomes a copy of that; other operands stay.
    pub(super) fn dereferenced_for(
        &mut self,
        operand: Operand,
        method: &str,
    ) -> Result<Operand, Failure> {
        let ty = self.program.types.as_ptr(operand.ty);
        let Some(ty) = ty.filter(|ty| ty.is_ref) else {
            return Ok(operand);
        };
        self.load_methods(ty.item)?;
        if self.method(ty.item, method).is_some() {
            self.dereferenced(operand)
        } else {
            Ok(operand)
        }
    }

    /// The attribute `NULL` or `itemtype` of a pointer type.
    pub(super) fn pointer_type_attribute(&self, ty: TypeId, attr: &ast::Ident) -> Option<Value> {
        let pointer = self.program.types.as_ptr(ty)?;
        match &*attr.name {
            "NULL" if !pointer.is_ref => Some(Value::Ptr(ty, 0)),
            "itemtype" => Some(Value::Type(pointer.item)),
            _ => None,
        }
    }
}

fn require_not_null(address: u64) -> Result<(), Failure> {
    if address != 0 {
        return Ok(());
    }
    let message = "cannot dereference NULL pointer";
    Err(Diagnostic::new(ErrorKind::PanicError, message).into())
}

fn field_place(
    program: &crate::program::Program,
    address: u64,
    offset: u32,
    ty: TypeId,
) -> Result<u64, Failure> {
    require_not_null(address)?;
    let (size, _) = program.types.size_and_align(ty);
    memory::check(program, "ptr_getitem", address + u64::from(offset), size, 0).map_err(failure)
}

/// The slot of an operand of a function on blocks of memory.
fn slot(value: &Value) -> u64 {
    match value {
        Value::Ptr(_, address) => *address,
        Value::Int(int, value) => memory::int_bits(*int, *value),
        _ => 0,
    }
}

fn read(program: &crate::program::Program, address: u64, ty: TypeId) -> Result<Value, Failure> {
    let leaves = program.types.leaves(ty);
    let mut slots = vec![0; leaves.len()];
    memory::load(program, address, &leaves, &mut slots).map_err(failure)?;
    Ok(memory::decode(program, ty, &slots))
}

fn write(program: &mut crate::program::Program, address: u64, ty: TypeId, value: &Value) {
    let leaves = program.types.leaves(ty);
    let mut slots = Vec::with_capacity(leaves.len());
    memory::encode(program, ty, value, &mut slots);
    memory::store(program, address, &leaves, &slots);
}
