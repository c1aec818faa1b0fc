//! The hot operations of `list` as single nodes: `xs[i]`, `xs[i] = x`, `xs.append(x)`.
//!
//! A node does only what is usual: the index is in range, the memory is there, there is room. For
//! everything else it calls the function of the standard library, which alone says what the
//! operation means and how it fails.

use spy_lang::ir::{Expr, ExprKind, IntOp, Prim};
use spy_lang::program::{Failure, FuncId};
use spy_lang::types::{IntType, TypeId};
use spy_runtime::Int;

use super::Lowering;
use super::expr::Place;
use crate::machine::CodeIndex;
use crate::node::{
    Call, Const, Consumer, Displaced, Ex, GetItem, Local, Node, Operand, Shape, Tree, Value,
    append, append_struct, get_struct, set_item, set_struct,
};

/// Which operation a function of the standard library is.
enum Hot {
    GetItem,
    SetItem,
    Append,
}

/// An expression `xs[i]` whose value takes one slot.
pub(super) struct ItemOfList<'e> {
    callee: FuncId,
    args: &'e [Expr],
    size: u32,
}

impl Lowering<'_> {
    /// The node of a hot operation on a list, for its effect; an item goes to the slots from
    /// `dest` on if it does not take one slot. `None` for any other call.
    pub(super) fn list_operation(
        &mut self,
        callee: FuncId,
        args: &[Expr],
        call: &Expr,
        dest: usize,
    ) -> Result<Option<Ex>, Failure> {
        if let Some(item) = self.item_of_list(call) {
            return Ok(Some(self.get_item(&item, call, Value)?));
        }
        let Some(hot) = self.hot(callee) else {
            return Ok(None);
        };
        let item = match hot {
            Hot::GetItem => call.ty,
            Hot::SetItem | Hot::Append => args[args.len() - 1].ty,
        };
        let shape = self.shape(item);
        // The arguments of the call that does what is unusual, and its result.
        let arg_slots: usize = args.iter().map(|arg| self.slots(arg)).sum();
        self.with_temps(arg_slots.max(shape.leaves.len()), |lowering, base| {
            let call = lowering.call_of_list(callee, call, base);
            Ok(Some(match (hot, &shape.leaves[..]) {
                (Hot::SetItem, [(0, size @ (1 | 4 | 8))]) => {
                    lowering.set_item(*size, args, call)?
                }
                (Hot::Append, [(0, size @ (1 | 4 | 8))]) => {
                    let list = lowering.value(&args[0])?.into_ex();
                    let item = lowering.value(&args[1])?.into_ex();
                    match size {
                        1 => append::<1>(list, item, call),
                        4 => append::<4>(list, item, call),
                        _ => append::<8>(list, item, call),
                    }
                }
                (Hot::GetItem, _) => {
                    let (list, index) = (lowering.value(&args[0])?, lowering.value(&args[1])?);
                    match (list, index) {
                        (Operand::Local(list), Operand::Local(index)) => {
                            get_struct(Local(list), Local(index), call, shape, dest)
                        }
                        (list, index) => {
                            let (list, index) = (Tree(list.into_ex()), Tree(index.into_ex()));
                            get_struct(list, index, call, shape, dest)
                        }
                    }
                }
                (Hot::SetItem, _) => set_struct(lowering.fill_fields(args, base)?, call, shape),
                (Hot::Append, _) => append_struct(lowering.fill_fields(args, base)?, call, shape),
            }))
        })
    }

    /// What an expression reads if it is an item of a list and takes one slot.
    pub(super) fn item_of_list<'e>(&self, expr: &'e Expr) -> Option<ItemOfList<'e>> {
        let ExprKind::Call(callee, args) = &expr.kind else {
            return None;
        };
        let Some(Hot::GetItem) = self.hot(*callee) else {
            return None;
        };
        let [(0, size @ (1 | 4 | 8))] = self.program.types.leaves(expr.ty)[..] else {
            return None;
        };
        Some(ItemOfList {
            callee: *callee,
            args,
            size,
        })
    }

    /// `xs[i]`, fused with what is done with the item.
    pub(super) fn get_item<C: Consumer>(
        &mut self,
        item: &ItemOfList<'_>,
        call: &Expr,
        consumer: C,
    ) -> Result<Ex, Failure> {
        self.check_depth()?;
        self.with_temps(item.args.len(), |lowering, base| {
            let call = lowering.call_of_list(item.callee, call, base);
            let list = lowering.value(&item.args[0])?;
            if let (Operand::Local(list), Some(index)) = (&list, lowering.displaced(&item.args[1]))
            {
                return Ok(get_item_of(item.size, Local(*list), index, call, consumer));
            }
            let index = lowering.value(&item.args[1])?;
            Ok(match (list, index) {
                (Operand::Local(list), Operand::Local(index)) => {
                    get_item_of(item.size, Local(list), Local(index), call, consumer)
                }
                (Operand::Local(list), index) => {
                    let index = Tree(index.into_ex());
                    get_item_of(item.size, Local(list), index, call, consumer)
                }
                (list, index) => {
                    let (list, index) = (Tree(list.into_ex()), Tree(index.into_ex()));
                    get_item_of(item.size, list, index, call, consumer)
                }
            })
        })
    }

    /// An index such as `i + 1`.
    fn displaced(&mut self, index: &Expr) -> Option<Displaced> {
        let ExprKind::Prim(Prim::Int(IntType::I32, op @ (IntOp::Add | IntOp::Sub)), args) =
            &index.kind
        else {
            return None;
        };
        let ExprKind::Const(distance) = &args[1].kind else {
            return None;
        };
        let distance = self.constant(args[1].ty, distance)[0] as i32;
        match self.place(&args[0])? {
            Place::Frame(slot) if *op == IntOp::Add => Some(Displaced(slot, distance)),
            Place::Frame(slot) => Some(Displaced(slot, Int::neg(distance))),
            Place::Global(_) => None,
        }
    }

    fn set_item(&mut self, size: u32, args: &[Expr], call: Call) -> Result<Ex, Failure> {
        let list = self.value(&args[0])?;
        let index = self.value(&args[1])?;
        let item = self.value(&args[2])?;
        Ok(match (list, index, item) {
            (Operand::Local(list), Operand::Local(index), Operand::Local(item)) => {
                set_item_of(size, Local(list), Local(index), Local(item), call)
            }
            (Operand::Local(list), Operand::Local(index), Operand::Const(item)) => {
                set_item_of(size, Local(list), Local(index), Const(item), call)
            }
            (Operand::Local(list), Operand::Local(index), Operand::Tree(item)) => {
                set_item_of(size, Local(list), Local(index), Tree(item), call)
            }
            (list, index, item) => {
                let (list, index) = (Tree(list.into_ex()), Tree(index.into_ex()));
                set_item_of(size, list, index, Tree(item.into_ex()), call)
            }
        })
    }

    fn call_of_list(&self, callee: FuncId, call: &Expr, base: usize) -> Call {
        Call {
            callee: CodeIndex::of(callee),
            base,
            site: self.site(call.span),
        }
    }

    /// How items of a type lie in a list.
    pub(super) fn shape(&self, item: TypeId) -> Shape {
        let leaves = self.program.types.leaves(item).into_boxed_slice();
        let (size, _) = self.program.types.size_and_align(item);
        let mut words = leaves.iter().enumerate();
        Shape {
            is_words: words.all(|(index, leaf)| *leaf == (index as u32 * 8, 8)),
            stride: size.max(1) as usize,
            leaves,
        }
    }

    fn hot(&self, callee: FuncId) -> Option<Hot> {
        let fqn = &self.program.func(callee).fqn;
        if fqn.module_name() != "_list" {
            return None;
        }
        match &*fqn.last().name {
            "_getitem_int" => Some(Hot::GetItem),
            "_setitem_int" => Some(Hot::SetItem),
            "append" => Some(Hot::Append),
            _ => None,
        }
    }
}

fn get_item_of<C: Consumer>(
    size: u32,
    list: impl Node,
    index: impl Node,
    call: Call,
    consumer: C,
) -> Ex {
    match size {
        1 => consumer.accept(GetItem::<1, _, _> { list, index, call }),
        4 => consumer.accept(GetItem::<4, _, _> { list, index, call }),
        _ => consumer.accept(GetItem::<8, _, _> { list, index, call }),
    }
}

fn set_item_of(size: u32, list: impl Node, index: impl Node, item: impl Node, call: Call) -> Ex {
    match size {
        1 => set_item::<1>(list, index, item, call),
        4 => set_item::<4>(list, index, item, call),
        _ => set_item::<8>(list, index, item, call),
    }
}
