//! Operations on memory; every access is checked.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::{Expr, MemoryOp};
use spy_lang::memory;
use spy_lang::program::Failure;
use spy_lang::types::TypeId;

use super::Lowering;
use crate::failure::Site;
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
            MemoryOp::Load => self.load(args, site, dest),
            MemoryOp::LoadField(offset) => self.load_field(&args[0], offset, expr.ty, site, dest),
            MemoryOp::Store => self.store_item(args, site),
            MemoryOp::StoreField(offset) => self.store_field(args, offset, site),
            MemoryOp::Move | MemoryOp::SetBytes => self.block(op, args, site),
            MemoryOp::Alloc
            | MemoryOp::ItemRef
            | MemoryOp::FieldRef(_)
            | MemoryOp::NotNull
            | MemoryOp::Same
            | MemoryOp::Compare => {
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
                let pointer = self.value(&args[0])?.into_ex();
                let index = self.value(&args[1])?.into_ex();
                Ok(ex(move |cx, frame| {
                    let address = pointer(cx, frame)?;
                    let index = index(cx, frame)? as i32;
                    memory::check(cx.program, "ptr_getitem", address, size, index)
                        .map_err(|raise| site.raise(cx.program, raise))
                }))
            }
            MemoryOp::FieldRef(offset) => {
                let pointer = self.value(&args[0])?.into_ex();
                Ok(ex(move |cx, frame| {
                    let address = pointer(cx, frame)?;
                    if address == 0 {
                        return Err(null(cx.program, site));
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
            MemoryOp::Compare => self.compare_items(args, size, site),
            MemoryOp::Load => self.load_scalar(args, site),
            MemoryOp::LoadField(offset) => self.load_field_scalar(&args[0], offset, expr.ty, site),
            MemoryOp::Store | MemoryOp::StoreField(_) | MemoryOp::Move | MemoryOp::SetBytes => {
                self.fill_memory(op, args, expr, 0)
            }
        }
    }

    fn load_scalar(&mut self, args: &[Expr], site: Site) -> Result<Ex, Failure> {
        let (pointer, index) = (
            self.value(&args[0])?.into_ex(),
            self.value(&args[1])?.into_ex(),
        );
        Ok(match self.item_size(args[0].ty).1[..] {
            [(0, 1)] => load_item::<1>(pointer, index, site),
            [(0, 4)] => load_item::<4>(pointer, index, site),
            [(0, 8)] => load_item::<8>(pointer, index, site),
            _ => unreachable!("a value of one slot is one scalar"),
        })
    }

    fn load_field_scalar(
        &mut self,
        pointer: &Expr,
        offset: u32,
        field: TypeId,
        site: Site,
    ) -> Result<Ex, Failure> {
        let pointer = self.value(pointer)?;
        Ok(match self.program.types.leaves(field)[..] {
            [(0, 1)] => load_field_of::<1>(pointer, offset, site),
            [(0, 4)] => load_field_of::<4>(pointer, offset, site),
            [(0, 8)] => load_field_of::<8>(pointer, offset, site),
            _ => unreachable!("a value of one slot is one scalar"),
        })
    }

    fn compare_items(&mut self, args: &[Expr], size: u32, site: Site) -> Result<Ex, Failure> {
        let (a, b) = (
            self.value(&args[0])?.into_ex(),
            self.value(&args[1])?.into_ex(),
        );
        let count = self.value(&args[2])?.into_ex();
        Ok(ex(move |cx, frame| {
            let (a, b) = (a(cx, frame)?, b(cx, frame)?);
            let count = count(cx, frame)? as i32;
            let order = memory::compare(cx.program, a, b, size, count);
            let order = order.map_err(|raise| site.raise(cx.program, raise))?;
            Ok(u64::from(order as u32))
        }))
    }

    /// New memory for a number of items, as a pointer of type `pointer`.
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

    /// Size in bytes and scalars of what a pointer points to.
    fn item_size(&self, pointer: TypeId) -> (u32, Vec<(u32, u32)>) {
        let item = memory::item_type(self.program, pointer);
        (
            self.program.types.size_and_align(item).0,
            self.program.types.leaves(item),
        )
    }

    fn load(&mut self, args: &[Expr], site: Site, dest: usize) -> Result<Ex, Failure> {
        let (size, leaves) = self.item_size(args[0].ty);
        let pointer = self.value(&args[0])?.into_ex();
        let index = self.value(&args[1])?.into_ex();
        Ok(ex(move |cx, frame| {
            let address = pointer(cx, frame)?;
            let index = index(cx, frame)? as i32;
            let address = memory::check(cx.program, "ptr_getitem", address, size, index)
                .map_err(|raise| site.raise(cx.program, raise))?;
            memory::load(cx.program, address, &leaves, &mut frame[dest..]);
            Ok(0)
        }))
    }

    fn load_field(
        &mut self,
        pointer: &Expr,
        offset: u32,
        field: TypeId,
        site: Site,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let leaves = self.program.types.leaves(field);
        let size = self.program.types.size_and_align(field).0;
        let pointer = self.value(pointer)?.into_ex();
        Ok(ex(move |cx, frame| {
            let address = pointer(cx, frame)?;
            if address == 0 {
                return Err(null(cx.program, site));
            }
            let address = address + u64::from(offset);
            let address = memory::check(cx.program, "ptr_getitem", address, size, 0)
                .map_err(|raise| site.raise(cx.program, raise))?;
            memory::load(cx.program, address, &leaves, &mut frame[dest..]);
            Ok(0)
        }))
    }

    fn store_item(&mut self, args: &[Expr], site: Site) -> Result<Ex, Failure> {
        let (size, leaves) = self.item_size(args[0].ty);
        let pointer = self.value(&args[0])?.into_ex();
        let index = self.value(&args[1])?.into_ex();
        let count = self.slots(&args[2]);
        self.with_temps(count, |lowering, temp| {
            let value = lowering.fill(&args[2], temp)?;
            Ok(ex(move |cx, frame| {
                let address = pointer(cx, frame)?;
                let index = index(cx, frame)? as i32;
                value(cx, frame)?;
                let address = memory::check(cx.program, "ptr_store", address, size, index)
                    .map_err(|raise| site.raise(cx.program, raise))?;
                memory::store(cx.program, address, &leaves, &frame[temp..]);
                Ok(0)
            }))
        })
    }

    fn store_field(&mut self, args: &[Expr], offset: u32, site: Site) -> Result<Ex, Failure> {
        let leaves = self.program.types.leaves(args[1].ty);
        let size = self.program.types.size_and_align(args[1].ty).0;
        let pointer = self.value(&args[0])?.into_ex();
        let count = self.slots(&args[1]);
        self.with_temps(count, |lowering, temp| {
            let value = lowering.fill(&args[1], temp)?;
            Ok(ex(move |cx, frame| {
                let address = pointer(cx, frame)?;
                value(cx, frame)?;
                if address == 0 {
                    return Err(null(cx.program, site));
                }
                let address = address + u64::from(offset);
                let address = memory::check(cx.program, "ptr_store", address, size, 0)
                    .map_err(|raise| site.raise(cx.program, raise))?;
                memory::store(cx.program, address, &leaves, &frame[temp..]);
                Ok(0)
            }))
        })
    }

    fn block(&mut self, op: MemoryOp, args: &[Expr], site: Site) -> Result<Ex, Failure> {
        let (size, _) = self.item_size(args[0].ty);
        let target = self.value(&args[0])?.into_ex();
        let second = self.value(&args[1])?.into_ex();
        let count = self.value(&args[2])?.into_ex();
        Ok(ex(move |cx, frame| {
            let target = target(cx, frame)?;
            let second = second(cx, frame)?;
            let count = count(cx, frame)? as i32;
            let done = if op == MemoryOp::Move {
                memory::move_items(cx.program, target, second, size, count)
            } else {
                memory::set_bytes(cx.program, target, second as u8, size, count)
            };
            done.map_err(|raise| site.raise(cx.program, raise))?;
            Ok(0)
        }))
    }
}

/// An item of one slot and `SIZE` bytes.
fn load_item<const SIZE: usize>(pointer: Ex, index: Ex, site: Site) -> Ex {
    ex(move |cx, frame| {
        let address = pointer(cx, frame)?;
        let index = index(cx, frame)? as i32;
        if let Ok(index) = u32::try_from(index)
            && let Some(value) =
                memory::scalar::<SIZE>(cx.program, address, u64::from(index) * SIZE as u64)
        {
            return Ok(value);
        }
        let address = memory::check(cx.program, "ptr_getitem", address, SIZE as u32, index)
            .map_err(|raise| site.raise(cx.program, raise))?;
        Ok(memory::scalar::<SIZE>(cx.program, address, 0).unwrap_or_default())
    })
}

fn load_field_of<const SIZE: usize>(pointer: Operand, offset: u32, site: Site) -> Ex {
    match pointer {
        Operand::Local(slot) => load_field::<SIZE>(Local(slot), offset, site),
        Operand::Const(_) | Operand::Tree(_) => {
            load_field::<SIZE>(Tree(pointer.into_ex()), offset, site)
        }
    }
}

/// A field of one slot and `SIZE` bytes.
fn load_field<const SIZE: usize>(pointer: impl Node, offset: u32, site: Site) -> Ex {
    ex(move |cx, frame| {
        let address = pointer.eval(cx, frame)?;
        if let Some(value) = memory::scalar::<SIZE>(cx.program, address, u64::from(offset)) {
            return Ok(value);
        }
        if address == 0 {
            return Err(null(cx.program, site));
        }
        let address = address + u64::from(offset);
        let checked = memory::check(cx.program, "ptr_getitem", address, SIZE as u32, 0);
        checked.map_err(|raise| site.raise(cx.program, raise))
    })
}

#[cold]
fn null(program: &spy_lang::program::Program, site: Site) -> Failure {
    let message = "cannot dereference NULL pointer";
    site.fail(program, Diagnostic::new(ErrorKind::PanicError, message))
}
