//! Statements.

use std::collections::BTreeSet;

use spy_lang::ir::{Expr, ExprKind, LocalId, Stmt, StmtKind};
use spy_lang::program::GlobalId;
use spy_lang::source::Span;
use spy_runtime::error::ErrorKind;

use super::flow::Loop;
use super::function::Lowerer;
use super::{Lowered, assigned};
use crate::mir::{CellId, Op, Ty, Val};

/// The message of an `assert` without one.
const ASSERTION_FAILED: &str = "assertion failed";

impl Lowerer<'_, '_> {
    /// Lowers statements up to the first that does not go on.
    pub(super) fn stmts(&mut self, stmts: &[Stmt]) -> Lowered<()> {
        for stmt in stmts {
            if self.dead {
                break;
            }
            self.stmt(stmt)?;
        }
        Ok(())
    }

    /// Does what evaluating an expression does. A folded call may leave a value that has no form at
    /// run time.
    fn effect(&mut self, value: &Expr) -> Lowered<()> {
        if let ExprKind::Block(stmts, value) = &value.kind {
            self.stmts(stmts)?;
            return self.effect(value);
        }
        if value.as_const().is_some() {
            return Ok(());
        }
        self.expr(value).map(|_| ())
    }

    fn stmt(&mut self, stmt: &Stmt) -> Lowered<()> {
        match &stmt.kind {
            StmtKind::Declare(local) => self.set_flag(*local, 0),
            StmtKind::Assign(local, value) => {
                let values = self.expr(value)?;
                self.assign(*local, &values);
            }
            StmtKind::Unpack(locals, value) => {
                let values = self.expr(value)?;
                let mut rest = values.as_slice();
                for local in locals {
                    let (field, after) = rest.split_at(self.slots[local.0 as usize].count);
                    self.assign(*local, field);
                    rest = after;
                }
            }
            StmtKind::StoreGlobal(global, value) => {
                let values = self.expr(value)?;
                self.store_global(*global, &values)?;
            }
            StmtKind::Expr(value) => self.effect(value)?,
            StmtKind::If(test, body, orelse) => self.if_stmt(test, body, orelse)?,
            StmtKind::While(test, body, orelse) => self.while_stmt(test, body, orelse)?,
            StmtKind::Return(value) => {
                let values = self.expr(value)?;
                self.return_values(values);
            }
            StmtKind::Break => self.break_loop(),
            StmtKind::Continue => self.continue_loop(),
            StmtKind::Pass => {}
            StmtKind::Raise(source, cause) => {
                self.raise_stmt(source, cause.as_ref(), stmt.span)?;
            }
            StmtKind::Try(guarded) => self.try_stmt(guarded, stmt.span)?,
            StmtKind::Assert(test, message) => self.assert(test, message.as_ref(), stmt.span)?,
        }
        Ok(())
    }

    /// Gives a local its scalars.
    pub(super) fn assign(&mut self, local: LocalId, values: &[Val]) {
        let first = self.slots[local.0 as usize].first;
        self.env[first..first + values.len()].copy_from_slice(values);
        self.set_flag(local, 1);
    }

    fn set_flag(&mut self, local: LocalId, assigned: i64) {
        if let Some(flag) = self.slots[local.0 as usize].flag {
            self.env[flag] = self.int(Ty::I8, assigned);
        }
    }

    /// Writes the scalars of a module variable.
    pub(super) fn store_global(&mut self, global: GlobalId, values: &[Val]) -> Lowered<()> {
        let cell = self.state.cell_of(global)?;
        for (index, value) in values.iter().enumerate() {
            let cell = CellId::new(cell.index() + index);
            self.function
                .add_inst(self.block, Op::StoreCell(cell, *value), &[], None);
        }
        Ok(())
    }

    fn if_stmt(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Lowered<()> {
        let (mut then, mut otherwise, mut done) = (self.join(), self.join(), self.join());
        self.condition(test, &mut then, &mut otherwise)?;
        self.enter(then);
        self.stmts(body)?;
        self.jump(&mut done, Vec::new());
        self.enter(otherwise);
        self.stmts(orelse)?;
        self.jump(&mut done, Vec::new());
        self.enter(done);
        Ok(())
    }

    /// A loop. Its condition is lowered before the loop and at its end, or only at its start if it
    /// is large.
    fn while_stmt(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Lowered<()> {
        let slots = self.assigned_slots(test, body);
        let rotate = assigned::may_duplicate(test);
        let (mut start, mut otherwise, done) = (self.join(), self.join(), self.join());
        if rotate {
            self.condition(test, &mut start, &mut otherwise)?;
            self.enter(start);
        }
        let mut back = self.open_loop(&slots);
        if !rotate {
            let mut start = self.join();
            self.condition(test, &mut start, &mut otherwise)?;
            self.enter(start);
        }
        let next = self.join();
        self.loops.push(Loop { done, next });
        self.stmts(body)?;
        let Some(Loop { mut done, mut next }) = self.loops.pop() else {
            unreachable!("loops are popped by those who push them")
        };
        self.jump(&mut next, Vec::new());
        self.enter(next);
        if rotate {
            self.condition(test, &mut back, &mut otherwise)?;
        } else {
            self.jump(&mut back, Vec::new());
        }
        self.close_loop(&back, &slots);
        self.enter(otherwise);
        self.stmts(orelse)?;
        self.jump(&mut done, Vec::new());
        self.enter(done);
        Ok(())
    }

    /// Positions in the environment that a loop may change.
    fn assigned_slots(&self, test: &Expr, body: &[Stmt]) -> Vec<usize> {
        let mut locals = BTreeSet::new();
        assigned::in_expr(test, &mut locals);
        assigned::in_stmts(body, &mut locals);
        let slots = locals.iter().map(|local| &self.slots[local.0 as usize]);
        slots
            .flat_map(|slots| (slots.first..slots.first + slots.count).chain(slots.flag))
            .collect()
    }

    /// Leaves the innermost loop in some way.
    pub(super) fn leave(&mut self, jump: impl FnOnce(&mut Self, &mut Loop)) {
        if let Some(mut around) = self.loops.pop() {
            jump(self, &mut around);
            self.loops.push(around);
        }
    }

    fn assert(&mut self, test: &Expr, message: Option<&Expr>, span: Span) -> Lowered<()> {
        let (mut holds, mut fails) = (self.join(), self.join());
        self.condition(test, &mut holds, &mut fails)?;
        self.enter(fails);
        let message = match message {
            Some(message) => self.scalar(message)?,
            None => self.text(ASSERTION_FAILED),
        };
        self.raise(ErrorKind::AssertionError, message, span);
        self.enter(holds);
        Ok(())
    }
}
