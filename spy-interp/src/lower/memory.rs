//! Operations on memory; every access is checked.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::{BlockOp, Expr, ExprKind, MemoryOp};
use spy_lang::memory;
use spy_lang::program::{Failure, Program};
use spy_lang::source::Span;
use spy_lang::types::TypeId;

use super::Lowering;
use crate::failure::Site;
use crate::machine::Cx;
use crate::node::{Ex, Local, Node, Operand, Tree, ex};

impl Lowering<'_> {
    /// An operation on memory; its result goes to the slots from `dest` on.
    pub(super) fn fill_memory(
        &mut self,
        op: MemoryOp,
        args: &[Expr],
        expr: &Expr,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let site = self.site(expr.span);
        match op {
            MemoryOp::Load => self.load(args, expr.span, dest),
            MemoryOp::LoadField(offset) => self.load_field(&args[0], offset, expr, dest),
            MemoryOp::Store => self.store_item(args, expr.span),
            MemoryOp::StoreField(offset) => self.store_field(args, offset, expr.span),
            MemoryOp::Free => {
                let pointer = self.value(&args[0])?.into_ex();
                Ok(ex(move |cx, frame| {
                    let address = pointer(cx, frame)?;
                    memory::free(cx.program, address)
                        .map_err(|raise| site.raise(cx.program, raise))?;
                    Ok(0)
                }))
            }
            MemoryOp::Block(_) if expr.ty == TypeId::NONE => self.memory(op, args, expr),
            MemoryOp::Block(_)
            | MemoryOp::Alloc
            | MemoryOp::ItemRef
            | MemoryOp::FieldRef(_)
            | MemoryOp::NotNull
            | MemoryOp::Same => {
                let value = self.memory(op, args, expr)?;
                Ok(ex(move |cx, frame| {
                    frame[dest] = value(cx, frame)?;
                    Ok(0)
                }))
            }
        }
    }

    /// An operation on memory whose result takes one slot.
    pub(super) fn memory(
        &mut self,
        op: MemoryOp,
        args: &[Expr],
        expr: &Expr,
    ) -> Result<Ex, Failure> {
        let site = self.site(expr.span);
        let (size, _) = self.item_size(args.first().map_or(expr.ty, |pointer| pointer.ty));
        match op {
            MemoryOp::Alloc => self.alloc(&args[0], expr.ty, site),
            MemoryOp::ItemRef => {
                let access = self.access(op, &args[0], expr.span);
                let pointer = self.value(&args[0])?.into_ex();
                let index = self.value(&args[1])?.into_ex();
                Ok(ex(move |cx, frame| {
                    let address = pointer(cx, frame)?;
                    let index = index(cx, frame)? as i32;
                    memory::check(cx.program, "ptr_getitem", address, size, index)
                        .map_err(|raise| access.fail(cx.program, raise))
                }))
            }
            MemoryOp::FieldRef(offset) => {
                let access = self.access(op, &args[0], expr.span);
                let pointer = self.value(&args[0])?.into_ex();
                Ok(ex(move |cx, frame| {
                    let address = pointer(cx, frame)?;
                    if address == 0 {
                        return Err(access.null(cx.program));
                    }
                    Ok(address + u64::from(offset))
                }))
            }
            MemoryOp::NotNull => {
                let pointer = self.value(&args[0])?.into_ex();
                Ok(ex(move |cx, frame| Ok(u64::from(pointer(cx, frame)? != 0))))
            }
            MemoryOp::Same => {
                let left = self.value(&args[0])?.into_ex();
                let right = self.value(&args[1])?.into_ex();
                Ok(ex(move |cx, frame| {
                    let left = left(cx, frame)?;
                    Ok(u64::from(left == right(cx, frame)?))
                }))
            }
            MemoryOp::Block(op) => self.block(op, args, site),
            MemoryOp::Load => self.load_scalar(args, expr.span),
            MemoryOp::LoadField(offset) => self.load_field_scalar(&args[0], offset, expr),
            MemoryOp::Store | MemoryOp::StoreField(_) | MemoryOp::Free => {
                self.fill_memory(op, args, expr, 0)
            }
        }
    }

    fn alloc(&mut self, count: &Expr, pointer: TypeId, site: Site) -> Result<Ex, Failure> {
        let item = memory::item_type(self.program, pointer);
        let items = memory::items(self.program, item);
        let count = self.value(count)?.into_ex();
        Ok(ex(move |cx, frame| {
            let count = count(cx, frame)? as i32;
            let address = memory::alloc(cx.program, items, count)
                .map_err(|raise| site.raise(cx.program, raise))?;
            cx.note_allocation();
            Ok(address)
        }))
    }

    fn load_scalar(&mut self, args: &[Expr], span: Span) -> Result<Ex, Failure> {
        let access = self.access(MemoryOp::Load, &args[0], span);
        let pointer = self.value(&args[0])?;
        let index = self.value(&args[1])?;
        Ok(match self.item_size(args[0].ty).1[..] {
            [(0, 1)] => load_item_of::<1>(pointer, index, access),
            [(0, 4)] => load_item_of::<4>(pointer, index, access),
            [(0, 8)] => load_item_of::<8>(pointer, index, access),
            _ => unreachable!("a value of one slot is one scalar"),
        })
    }

    fn load_field_scalar(
        &mut self,
        pointer: &Expr,
        offset: u32,
        expr: &Expr,
    ) -> Result<Ex, Failure> {
        let access = self.access(MemoryOp::LoadField(offset), pointer, expr.span);
        if let ExprKind::Memory(MemoryOp::ItemRef, item) = &pointer.kind {
            let item_access = self.access(MemoryOp::ItemRef, &item[0], pointer.span);
            let (stride, _) = self.item_size(item[0].ty);
            let field = FieldOfItem {
                stride,
                offset,
                item: item_access,
                field: access,
            };
            let items = self.value(&item[0])?.into_ex();
            let index = self.value(&item[1])?;
            return Ok(match self.program.types.leaves(expr.ty)[..] {
                [(0, 1)] => field.load_of::<1>(items, index),
                [(0, 4)] => field.load_of::<4>(items, index),
                [(0, 8)] => field.load_of::<8>(items, index),
                _ => unreachable!("a value of one slot is one scalar"),
            });
        }
        let pointer = self.value(pointer)?;
        Ok(match self.program.types.leaves(expr.ty)[..] {
            [(0, 1)] => load_field_of::<1>(pointer, offset, access),
            [(0, 4)] => load_field_of::<4>(pointer, offset, access),
            [(0, 8)] => load_field_of::<8>(pointer, offset, access),
            _ => unreachable!("a value of one slot is one scalar"),
        })
    }

    /// Size in bytes and scalars of what a pointer points to.
    fn item_size(&self, pointer: TypeId) -> (u32, Vec<(u32, u32)>) {
        let item = memory::item_type(self.program, pointer);
        (
            self.program.types.size_and_align(item).0,
            self.program.types.leaves(item),
        )
    }

    /// What to say when an operation on memory fails.
    fn access(&self, op: MemoryOp, pointer: &Expr, span: Span) -> Access {
        Access {
            site: self.site(span),
            op,
            pointer: pointer.span,
        }
    }

    fn load(&mut self, args: &[Expr], span: Span, dest: usize) -> Result<Ex, Failure> {
        let access = self.access(MemoryOp::Load, &args[0], span);
        let (size, leaves) = self.item_size(args[0].ty);
        let pointer = self.value(&args[0])?.into_ex();
        let index = self.value(&args[1])?.into_ex();
        Ok(ex(move |cx, frame| {
            let address = pointer(cx, frame)?;
            let index = index(cx, frame)? as i32;
            memory::check(cx.program, "ptr_getitem", address, size, index)
                .and_then(|at| memory::load(cx.program, at, &leaves, &mut frame[dest..]))
                .map_err(|raise| access.fail(cx.program, raise))?;
            Ok(0)
        }))
    }

    fn load_field(
        &mut self,
        pointer: &Expr,
        offset: u32,
        expr: &Expr,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let field = expr.ty;
        let access = self.access(MemoryOp::LoadField(offset), pointer, expr.span);
        let leaves = self.program.types.leaves(field);
        let size = self.program.types.size_and_align(field).0;
        let pointer = self.value(pointer)?.into_ex();
        Ok(ex(move |cx, frame| {
            let address = pointer(cx, frame)?;
            if address == 0 {
                return Err(access.null(cx.program));
            }
            let address = address + u64::from(offset);
            memory::check(cx.program, "ptr_getitem", address, size, 0)
                .and_then(|at| memory::load(cx.program, at, &leaves, &mut frame[dest..]))
                .map_err(|raise| access.fail(cx.program, raise))?;
            Ok(0)
        }))
    }

    fn store_item(&mut self, args: &[Expr], span: Span) -> Result<Ex, Failure> {
        let access = self.access(MemoryOp::Store, &args[0], span);
        let (size, leaves) = self.item_size(args[0].ty);
        let pointer = self.value(&args[0])?.into_ex();
        let index = self.value(&args[1])?.into_ex();
        if let [(0, bytes)] = leaves[..] {
            let value = self.value(&args[2])?.into_ex();
            return Ok(match bytes {
                1 => store_item::<1>(pointer, index, value, access),
                4 => store_item::<4>(pointer, index, value, access),
                _ => store_item::<8>(pointer, index, value, access),
            });
        }
        let count = self.slots(&args[2]);
        self.with_temps(count, |lowering, temp| {
            let value = lowering.fill(&args[2], temp)?;
            Ok(ex(move |cx, frame| {
                let address = pointer(cx, frame)?;
                let index = index(cx, frame)? as i32;
                value(cx, frame)?;
                let address = memory::check(cx.program, "ptr_store", address, size, index)
                    .map_err(|raise| access.fail(cx.program, raise))?;
                memory::store(cx.program, address, &leaves, &frame[temp..]);
                Ok(0)
            }))
        })
    }

    fn store_field(&mut self, args: &[Expr], offset: u32, span: Span) -> Result<Ex, Failure> {
        let access = self.access(MemoryOp::StoreField(offset), &args[0], span);
        let leaves = self.program.types.leaves(args[1].ty);
        let size = self.program.types.size_and_align(args[1].ty).0;
        let pointer = self.value(&args[0])?.into_ex();
        if let [(0, bytes)] = leaves[..] {
            let value = self.value(&args[1])?.into_ex();
            return Ok(match bytes {
                1 => store_field::<1>(pointer, offset, value, access),
                4 => store_field::<4>(pointer, offset, value, access),
                _ => store_field::<8>(pointer, offset, value, access),
            });
        }
        let count = self.slots(&args[1]);
        self.with_temps(count, |lowering, temp| {
            let value = lowering.fill(&args[1], temp)?;
            Ok(ex(move |cx, frame| {
                let address = pointer(cx, frame)?;
                value(cx, frame)?;
                if address == 0 {
                    return Err(access.null(cx.program));
                }
                let address = address + u64::from(offset);
                let address = memory::check(cx.program, "ptr_store", address, size, 0)
                    .map_err(|raise| access.fail(cx.program, raise))?;
                memory::store(cx.program, address, &leaves, &frame[temp..]);
                Ok(0)
            }))
        })
    }

    /// A function on blocks of memory; yields the slot of its result.
    fn block(&mut self, op: BlockOp, args: &[Expr], site: Site) -> Result<Ex, Failure> {
        let (size, _) = self.item_size(args[0].ty);
        let count = args.len();
        self.with_temps(count, |lowering, temp| {
            let fill = lowering.fill_fields(args, temp)?;
            Ok(ex(move |cx, frame| {
                fill(cx, frame)?;
                let operands = &frame[temp..temp + count];
                memory::apply_block(cx.program, op, operands, size)
                    .map_err(|raise| site.raise(cx.program, raise))
            }))
        })
    }
}

fn load_item_of<const SIZE: usize>(pointer: Operand, index: Operand, access: Access) -> Ex {
    let pointer = Tree(pointer.into_ex());
    match index {
        Operand::Local(index) => load_item::<SIZE>(pointer, Local(index), access),
        Operand::Const(_) | Operand::Tree(_) => {
            load_item::<SIZE>(pointer, Tree(index.into_ex()), access)
        }
    }
}

/// An item of one slot and `SIZE` bytes.
fn load_item<const SIZE: usize>(pointer: impl Node, index: impl Node, access: Access) -> Ex {
    ex(move |cx, frame| {
        let address = pointer.eval(cx, frame)?;
        let index = index.eval(cx, frame)? as i32;
        if let Ok(index) = u32::try_from(index)
            && let Some(value) =
                memory::scalar::<SIZE>(cx.program, address, u64::from(index) * SIZE as u64)
        {
            return Ok(value);
        }
        load_checked::<SIZE>(cx, address, index, access)
    })
}

fn load_field_of<const SIZE: usize>(pointer: Operand, offset: u32, access: Access) -> Ex {
    match pointer {
        Operand::Local(slot) => load_field::<SIZE>(Local(slot), offset, access),
        Operand::Const(_) | Operand::Tree(_) => {
            load_field::<SIZE>(Tree(pointer.into_ex()), offset, access)
        }
    }
}

/// A field of one slot and `SIZE` bytes.
fn load_field<const SIZE: usize>(pointer: impl Node, offset: u32, access: Access) -> Ex {
    ex(move |cx, frame| {
        let address = pointer.eval(cx, frame)?;
        if let Some(value) = memory::scalar::<SIZE>(cx.program, address, u64::from(offset)) {
            return Ok(value);
        }
        if address == 0 {
            return Err(access.null(cx.program));
        }
        load_checked::<SIZE>(cx, address + u64::from(offset), 0, access)
    })
}

/// A field of items that lie side by side.
#[derive(Clone, Copy)]
struct FieldOfItem {
    stride: u32,
    offset: u32,
    /// What to say when the item is not there.
    item: Access,
    /// What to say when the field cannot be read.
    field: Access,
}

impl FieldOfItem {
    fn load_of<const SIZE: usize>(self, items: Ex, index: Operand) -> Ex {
        match index {
            Operand::Local(index) => self.load::<SIZE>(items, Local(index)),
            Operand::Const(_) | Operand::Tree(_) => self.load::<SIZE>(items, Tree(index.into_ex())),
        }
    }

    /// `items[index].field` for a field of one slot and `SIZE` bytes.
    fn load<const SIZE: usize>(self, items: Ex, index: impl Node) -> Ex {
        let (stride, offset) = (self.stride.max(1) as usize, self.offset as usize);
        ex(move |cx, frame| {
            let address = items(cx, frame)?;
            let index = index.eval(cx, frame)? as i32;
            match memory::scalar_of_item::<SIZE>(cx.program, address, index, stride, offset) {
                Some(value) => Ok(value),
                None => self.load_checked::<SIZE>(cx, address, index),
            }
        })
    }

    /// The same when something is wrong: says what.
    #[cold]
    #[inline(never)]
    fn load_checked<const SIZE: usize>(
        self,
        cx: &mut Cx<'_>,
        address: u64,
        index: i32,
    ) -> Result<u64, Failure> {
        let item = memory::check(cx.program, "ptr_getitem", address, self.stride, index)
            .map_err(|raise| self.item.fail(cx.program, raise))?;
        load_checked::<SIZE>(cx, item + u64::from(self.offset), 0, self.field)
    }
}

/// Writes an item of one slot and `SIZE` bytes.
fn store_item<const SIZE: usize>(pointer: Ex, index: Ex, value: Ex, access: Access) -> Ex {
    ex(move |cx, frame| {
        let address = pointer(cx, frame)?;
        let index = index(cx, frame)? as i32;
        let value = value(cx, frame)?;
        if let Ok(index) = u32::try_from(index)
            && let offset = u64::from(index) * SIZE as u64
            && let Some(()) = memory::store_scalar::<SIZE>(cx.program, address, offset, value)
        {
            return Ok(0);
        }
        store_checked::<SIZE>(cx, address, index, value, access)
    })
}

/// Writes a field of one slot and `SIZE` bytes.
fn store_field<const SIZE: usize>(pointer: Ex, offset: u32, value: Ex, access: Access) -> Ex {
    ex(move |cx, frame| {
        let address = pointer(cx, frame)?;
        let value = value(cx, frame)?;
        let stored = memory::store_scalar::<SIZE>(cx.program, address, u64::from(offset), value);
        if stored.is_some() {
            return Ok(0);
        }
        if address == 0 {
            return Err(access.null(cx.program));
        }
        store_checked::<SIZE>(cx, address + u64::from(offset), 0, value, access)
    })
}

/// The same when something is wrong: says what.
#[cold]
#[inline(never)]
fn store_checked<const SIZE: usize>(
    cx: &mut Cx<'_>,
    address: u64,
    index: i32,
    value: u64,
    access: Access,
) -> Result<u64, Failure> {
    let size = SIZE as u32;
    let address = memory::check(cx.program, "ptr_store", address, size, index)
        .map_err(|raise| access.fail(cx.program, raise))?;
    memory::store(cx.program, address, &[(0, size)], &[value]);
    Ok(0)
}

/// The same when something is wrong: says what.
#[cold]
#[inline(never)]
fn load_checked<const SIZE: usize>(
    cx: &mut Cx<'_>,
    address: u64,
    index: i32,
    access: Access,
) -> Result<u64, Failure> {
    let size = SIZE as u32;
    let mut slot = [0];
    memory::check(cx.program, "ptr_getitem", address, size, index)
        .and_then(|at| memory::load(cx.program, at, &[(0, size)], &mut slot))
        .map_err(|raise| access.fail(cx.program, raise))?;
    Ok(slot[0])
}

/// An operation on memory that may fail.
#[derive(Clone, Copy)]
struct Access {
    site: Site,
    op: MemoryOp,
    pointer: Span,
}

impl Access {
    #[cold]
    fn fail(&self, program: &Program, diagnostic: impl Into<Diagnostic>) -> Failure {
        let diagnostic = memory::at_pointer(diagnostic.into(), self.op, self.pointer);
        self.site.fail(program, diagnostic)
    }

    #[cold]
    fn null(&self, program: &Program) -> Failure {
        let message = "cannot dereference NULL pointer";
        self.fail(program, Diagnostic::new(ErrorKind::PanicError, message))
    }
}
