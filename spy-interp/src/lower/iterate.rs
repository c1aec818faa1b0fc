//! The heads of `for` statements over `range` and `list` as single nodes.
//!
//! A `for` statement is a loop that asks an iterator whether there is another item, takes it, and
//! replaces the iterator by the next one. These three calls in a row are known by the functions
//! of the standard library that they call; a node does what is usual, and all else is left to them.

use spy_lang::ir::{Expr, ExprKind, LocalId, Stmt, StmtKind};
use spy_lang::program::{Failure, FuncId};

use super::Lowering;
use super::layout::LocalSlots;
use crate::node::{Consumer, Ex, NextItem, NextNumber, Step, ex, sequence};

/// What a `for` statement goes over.
enum Source {
    Range,
    List,
}

/// The head of a loop over one of them.
pub(super) struct Head<'s> {
    source: Source,
    test: &'s Expr,
    /// The statements that take the item and move the iterator.
    steps: &'s [Stmt],
    iterator: LocalSlots,
    item: LocalSlots,
}

impl Lowering<'_> {
    /// The head of a `for` statement that is a single node, and the statements after it.
    pub(super) fn for_head<'s>(
        &self,
        test: &'s Expr,
        body: &'s [Stmt],
    ) -> Option<(Head<'s>, &'s [Stmt])> {
        let (steps, rest) = body.split_at_checked(2)?;
        let [take, advance] = steps else { return None };
        let (goes_on, iterator) = call_of_local(test)?;
        let (item_local, taken) = assigned(take)?;
        let (moved, next) = assigned(advance)?;
        let (item, from) = call_of_local(taken)?;
        let (next, of) = call_of_local(next)?;
        if [from, moved, of] != [iterator; 3] || item_local == iterator {
            return None;
        }
        let source = self.source(goes_on)?;
        let is_head = self.is_method(goes_on, "__continue_iteration__")
            && self.is_method(item, "__item__")
            && self.is_method(next, "__next__");
        let (iterator, item) = (self.layout.local(iterator), self.layout.local(item_local));
        let is_plain = |slots: LocalSlots| slots.flag.is_none() && slots.constant.is_none();
        let head = Head {
            source,
            test,
            steps,
            iterator,
            item,
        };
        (is_head && is_plain(iterator) && item.flag.is_none()).then_some((head, rest))
    }

    /// The node of a head, fused with its loop.
    pub(super) fn give_head<C: Consumer>(
        &mut self,
        head: &Head<'_>,
        consumer: C,
    ) -> Result<Ex, Failure> {
        let (iterator, item) = (head.iterator.first, head.item.first);
        match head.source {
            Source::Range => Ok(consumer.accept(NextNumber { iterator, item })),
            Source::List => {
                let test = self.value(head.test)?.into_ex();
                let steps: Step = sequence(self.steps(head.steps)?);
                let slowly = ex(move |cx, frame| {
                    if test(cx, frame)? == 0 {
                        return Ok(0);
                    }
                    (steps.ex)(cx, frame)?;
                    Ok(1)
                });
                let StmtKind::Assign(_, taken) = &head.steps[0].kind else {
                    unreachable!("the first statement takes the item")
                };
                let shape = self.shape(taken.ty);
                Ok(consumer.accept(NextItem {
                    iterator,
                    item,
                    shape,
                    slowly,
                }))
            }
        }
    }

    fn source(&self, func: FuncId) -> Option<Source> {
        match self.program.func(func).fqn.module_name() {
            "_range" => Some(Source::Range),
            "_list" => Some(Source::List),
            _ => None,
        }
    }

    fn is_method(&self, func: FuncId, name: &str) -> bool {
        &*self.program.func(func).fqn.last().name == name
    }
}

/// The function and the variable that is its only argument.
fn call_of_local(expr: &Expr) -> Option<(FuncId, LocalId)> {
    if let ExprKind::Call(func, args) = &expr.kind
        && let [arg] = &args[..]
        && let ExprKind::Local(local) = arg.kind
    {
        return Some((*func, local));
    }
    None
}

fn assigned(stmt: &Stmt) -> Option<(LocalId, &Expr)> {
    if let StmtKind::Assign(local, value) = &stmt.kind {
        return Some((*local, value));
    }
    None
}
