//! The hot operations of `list` as single nodes: `xs[i]`, `xs[i] = x`, `xs.append(x)`.
//!
//! A node does only what is usual: the index is in range, the memory is there, there is room. For
//! everything else it calls the function of the standard library, which alone says what the
//! operation means and how it fails.

use spy_lang::ir::Expr;
use spy_lang::program::{Failure, FuncId};

use super::Lowering;
use crate::machine::CodeIndex;
use crate::node::{Call, Ex, Local, Node, Operand, Tree, append, get_item, set_item};

/// Which operation a function of the standard library is.
enum Hot {
    GetItem,
    SetItem,
    Append,
}

impl Lowering<'_> {
    /// The node of a hot operation on a list whose items take one slot; `None` for any other call.
    pub(super) fn list_operation(
        &mut self,
        callee: FuncId,
        args: &[Expr],
        call: &Expr,
    ) -> Result<Option<Ex>, Failure> {
        let Some(hot) = self.hot(callee) else {
            return Ok(None);
        };
        let item = match hot {
            Hot::GetItem => call.ty,
            Hot::SetItem | Hot::Append => args[args.len() - 1].ty,
        };
        let leaves = self.program.types.leaves(item);
        let [(0, size @ (1 | 4 | 8))] = leaves[..] else {
            return Ok(None);
        };
        let site = self.site(call.span);
        // The arguments of the call that does what is unusual.
        self.with_temps(args.len(), |lowering, base| {
            let call = Call {
                callee: CodeIndex::of(callee),
                base,
                site,
            };
            let list = lowering.value(&args[0])?;
            Ok(Some(match hot {
                Hot::GetItem => {
                    let index = lowering.value(&args[1])?;
                    match (list, index) {
                        (Operand::Local(list), Operand::Local(index)) => {
                            get_item_of(size, Local(list), Local(index), call)
                        }
                        (Operand::Local(list), index) => {
                            get_item_of(size, Local(list), Tree(index.into_ex()), call)
                        }
                        (list, index) => {
                            get_item_of(size, Tree(list.into_ex()), Tree(index.into_ex()), call)
                        }
                    }
                }
                Hot::SetItem => {
                    let (index, item) = (lowering.value(&args[1])?, lowering.value(&args[2])?);
                    let item = Tree(item.into_ex());
                    match (list, index) {
                        (Operand::Local(list), Operand::Local(index)) => {
                            set_item_of(size, Local(list), Local(index), item, call)
                        }
                        (list, index) => {
                            let (list, index) = (Tree(list.into_ex()), Tree(index.into_ex()));
                            set_item_of(size, list, index, item, call)
                        }
                    }
                }
                Hot::Append => {
                    let (list, item) = (list.into_ex(), lowering.value(&args[1])?.into_ex());
                    match size {
                        1 => append::<1>(list, item, call),
                        4 => append::<4>(list, item, call),
                        _ => append::<8>(list, item, call),
                    }
                }
            }))
        })
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

fn get_item_of(size: u32, list: impl Node, index: impl Node, call: Call) -> Ex {
    match size {
        1 => get_item::<1>(list, index, call),
        4 => get_item::<4>(list, index, call),
        _ => get_item::<8>(list, index, call),
    }
}

fn set_item_of(size: u32, list: impl Node, index: impl Node, item: Tree, call: Call) -> Ex {
    match size {
        1 => set_item::<1>(list, index, item, call),
        4 => set_item::<4>(list, index, item, call),
        _ => set_item::<8>(list, index, item, call),
    }
}
