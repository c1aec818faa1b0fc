//! Which locals a loop assigns.

use std::collections::BTreeSet;

use spy_lang::ir::{Expr, ExprKind, LocalId, RaiseSource, Stmt, StmtKind};

/// The locals that statements assign or declare.
pub(super) fn in_stmts(stmts: &[Stmt], out: &mut BTreeSet<LocalId>) {
    for stmt in stmts {
        in_stmt(stmt, out);
    }
}

fn in_stmt(stmt: &Stmt, out: &mut BTreeSet<LocalId>) {
    match &stmt.kind {
        StmtKind::Declare(local) => {
            out.insert(*local);
        }
        StmtKind::Assign(local, value) => {
            out.insert(*local);
            in_expr(value, out);
        }
        StmtKind::Unpack(locals, value) => {
            out.extend(locals);
            in_expr(value, out);
        }
        StmtKind::StoreGlobal(_, expr) | StmtKind::Expr(expr) | StmtKind::Return(expr) => {
            in_expr(expr, out);
        }
        StmtKind::If(test, body, orelse) | StmtKind::While(test, body, orelse) => {
            in_expr(test, out);
            in_stmts(body, out);
            in_stmts(orelse, out);
        }
        StmtKind::Raise(source, cause) => {
            if let RaiseSource::New(_, Some(value)) | RaiseSource::Value(value) = source {
                in_expr(value, out);
            }
            in_exprs(cause, out);
        }
        StmtKind::Try(guarded) => {
            in_stmts(&guarded.body, out);
            for handler in &guarded.handlers {
                out.extend(handler.binding);
                in_stmts(&handler.body, out);
            }
            in_stmts(&guarded.orelse, out);
            in_stmts(&guarded.finalbody, out);
        }
        StmtKind::Assert(test, message) => {
            in_expr(test, out);
            in_exprs(message, out);
        }
        StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
    }
}

fn in_exprs<'a>(exprs: impl IntoIterator<Item = &'a Expr>, out: &mut BTreeSet<LocalId>) {
    for expr in exprs {
        in_expr(expr, out);
    }
}

/// The locals that an expression assigns.
pub(super) fn in_expr(expr: &Expr, out: &mut BTreeSet<LocalId>) {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Global(_) => {}
        ExprKind::Call(_, args)
        | ExprKind::Prim(_, args)
        | ExprKind::Memory(_, args)
        | ExprKind::Dynamic(_, args)
        | ExprKind::MakeStruct(args) => {
            in_exprs(args, out);
        }
        ExprKind::GetField(value, _)
        | ExprKind::AssignGlobal(_, value)
        | ExprKind::Upcast(value)
        | ExprKind::CheckedCast(value)
        | ExprKind::MakeException(value) => in_expr(value, out),
        ExprKind::And(left, right) | ExprKind::Or(left, right) => {
            in_expr(left, out);
            in_expr(right, out);
        }
        ExprKind::If(test, then, otherwise) => {
            in_expr(test, out);
            in_expr(then, out);
            in_expr(otherwise, out);
        }
        ExprKind::AssignLocal(local, value) => {
            out.insert(*local);
            in_expr(value, out);
        }
        ExprKind::Block(stmts, value) => {
            in_stmts(stmts, out);
            in_expr(value, out);
        }
    }
}

/// Most nodes of a condition that is lowered twice.
const DUPLICATED_NODES_MAX: usize = 48;

/// Whether the condition of a loop is small enough to be lowered twice.
pub(super) fn may_duplicate(condition: &Expr) -> bool {
    let mut left = DUPLICATED_NODES_MAX;
    is_small(condition, &mut left)
}

fn is_small(expr: &Expr, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Global(_) => true,
        ExprKind::Call(_, args)
        | ExprKind::Prim(_, args)
        | ExprKind::Memory(_, args)
        | ExprKind::Dynamic(_, args)
        | ExprKind::MakeStruct(args) => args.iter().all(|arg| is_small(arg, left)),
        ExprKind::GetField(value, _)
        | ExprKind::Upcast(value)
        | ExprKind::CheckedCast(value)
        | ExprKind::MakeException(value)
        | ExprKind::AssignGlobal(_, value)
        | ExprKind::AssignLocal(_, value) => is_small(value, left),
        ExprKind::And(a, b) | ExprKind::Or(a, b) => is_small(a, left) && is_small(b, left),
        ExprKind::If(test, then, otherwise) => {
            is_small(test, left) && is_small(then, left) && is_small(otherwise, left)
        }
        ExprKind::Block(..) => false,
    }
}
