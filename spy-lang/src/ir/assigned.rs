//! Which locals may be read before they are assigned.
//!
//! A forward walk over the structured tree with the set of definitely assigned locals; branches
//! intersect, loops assume nothing of their bodies (definite assignment as in the Java Language
//! Specification, chapter 16).

use super::{Expr, ExprKind, Function, Handler, LocalId, RaiseSource, Stmt, StmtKind, Try};

/// Sets [`maybe_unassigned`](super::Local::maybe_unassigned) of every local.
pub fn mark(function: &mut Function) {
    let mut walk = Walk {
        assigned: vec![false; function.locals.len()],
        suspicious: vec![false; function.locals.len()],
    };
    walk.assigned[..function.param_count].fill(true);
    walk.stmts(&function.body);
    for (local, suspicious) in function.locals.iter_mut().zip(walk.suspicious) {
        local.maybe_unassigned = suspicious;
    }
}

struct Walk {
    /// Definitely assigned here.
    assigned: Vec<bool>,
    /// Read where that is not certain.
    suspicious: Vec<bool>,
}

impl Walk {
    /// Statements in order; the result says whether the end can be reached.
    fn stmts(&mut self, stmts: &[Stmt]) -> bool {
        stmts.iter().all(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Declare(local) => {
                self.assigned[local.0 as usize] = false;
                true
            }
            StmtKind::Assign(local, value) => {
                self.expr(value);
                self.assign(*local);
                true
            }
            StmtKind::Unpack(locals, value) => {
                self.expr(value);
                locals.iter().for_each(|local| self.assign(*local));
                true
            }
            StmtKind::StoreGlobal(_, value) | StmtKind::Expr(value) => {
                self.expr(value);
                true
            }
            StmtKind::If(test, then, orelse) => {
                self.expr(test);
                self.branches(|this| this.stmts(then), |this| this.stmts(orelse))
            }
            StmtKind::While(test, body, orelse) => {
                self.expr(test);
                let before = self.assigned.clone();
                self.stmts(body);
                self.assigned = before;
                self.branches(|this| this.stmts(orelse), |_| true)
            }
            StmtKind::Return(value) => {
                self.expr(value);
                false
            }
            StmtKind::Break | StmtKind::Continue => false,
            StmtKind::Raise(source, cause) => {
                if let RaiseSource::New(_, Some(value)) | RaiseSource::Value(value) = source {
                    self.expr(value);
                }
                cause.iter().for_each(|cause| self.expr(cause));
                false
            }
            StmtKind::Try(guarded) => self.try_stmt(guarded),
            StmtKind::Pass => true,
            StmtKind::Assert(test, message) => {
                self.expr(test);
                message.iter().for_each(|message| self.expr(message));
                true
            }
        }
    }

    /// An exception may come before the first assignment of the body, so that handlers and the
    /// `finally` clause only know what was assigned before it.
    fn try_stmt(&mut self, guarded: &Try) -> bool {
        let before = self.assigned.clone();
        let mut ends = self.stmts(&guarded.body) && self.stmts(&guarded.orelse);
        for handler in &guarded.handlers {
            let after = std::mem::replace(&mut self.assigned, before.clone());
            let handler_ends = self.handler(handler);
            ends = self.join((after, ends), handler_ends);
        }
        if guarded.finalbody.is_empty() {
            return ends;
        }
        let after = std::mem::replace(&mut self.assigned, before);
        let final_ends = self.stmts(&guarded.finalbody);
        for (assigned, earlier) in self.assigned.iter_mut().zip(after) {
            *assigned |= earlier;
        }
        ends && final_ends
    }

    fn handler(&mut self, handler: &Handler) -> bool {
        handler.binding.iter().for_each(|local| self.assign(*local));
        self.stmts(&handler.body)
    }

    /// Two alternatives; what both assign is assigned, what does not end does not count.
    fn branches(
        &mut self,
        first: impl FnOnce(&mut Self) -> bool,
        second: impl FnOnce(&mut Self) -> bool,
    ) -> bool {
        let before = self.assigned.clone();
        let first_ends = first(self);
        let after_first = std::mem::replace(&mut self.assigned, before);
        let second_ends = second(self);
        self.join((after_first, first_ends), second_ends)
    }

    /// Joins another path, which may not end, with the one walked last.
    fn join(&mut self, (after_first, first_ends): (Vec<bool>, bool), second_ends: bool) -> bool {
        match (first_ends, second_ends) {
            (true, true) => {
                for (assigned, other) in self.assigned.iter_mut().zip(after_first) {
                    *assigned &= other;
                }
            }
            (true, false) => self.assigned = after_first,
            (false, true | false) => {}
        }
        first_ends || second_ends
    }

    fn assign(&mut self, local: LocalId) {
        self.assigned[local.0 as usize] = true;
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Global(_) => {}
            ExprKind::Local(local) => {
                let index = local.0 as usize;
                self.suspicious[index] |= !self.assigned[index];
            }
            ExprKind::Call(_, args)
            | ExprKind::Prim(_, args)
            | ExprKind::Memory(_, args)
            | ExprKind::Dynamic(_, args)
            | ExprKind::MakeStruct(args) => {
                args.iter().for_each(|arg| self.expr(arg));
            }
            ExprKind::GetField(value, _)
            | ExprKind::Upcast(value)
            | ExprKind::CheckedCast(value)
            | ExprKind::MakeException(value)
            | ExprKind::AssignGlobal(_, value) => self.expr(value),
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.expr(left);
                let before = self.assigned.clone();
                self.expr(right);
                self.assigned = before;
            }
            ExprKind::If(test, then, orelse) => {
                self.expr(test);
                self.branches(
                    |this| {
                        this.expr(then);
                        true
                    },
                    |this| {
                        this.expr(orelse);
                        true
                    },
                );
            }
            ExprKind::AssignLocal(local, value) => {
                self.expr(value);
                self.assign(*local);
            }
            ExprKind::Block(stmts, value) => {
                self.stmts(stmts);
                self.expr(value);
            }
        }
    }
}
