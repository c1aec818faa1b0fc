//! What a function does, as far as it decides whether calls of it are inlined.

use spy_lang::ir::{
    Expr, ExprKind, FloatOp, Function, IntOp, LocalId, Prim, RaiseSource, Stmt, StmtKind,
};

/// The facts about a function.
#[derive(Debug)]
pub(super) struct Survey {
    /// How many statements and expressions it has.
    pub(super) nodes: usize,
    /// The locals that it assigns.
    pub(super) assigned: Vec<LocalId>,
    /// Whether something in it may raise.
    pub(super) can_fail: bool,
    /// Whether it has neither loops nor other statements that need a frame of their own.
    pub(super) is_straight: bool,
}

/// Whether evaluating an expression may assign a local.
pub(super) fn assigns_locals(expr: &Expr) -> bool {
    let mut survey = Survey::new();
    survey.expr(expr);
    !survey.assigned.is_empty()
}

impl Survey {
    fn new() -> Self {
        Self {
            nodes: 0,
            assigned: Vec::new(),
            can_fail: false,
            is_straight: true,
        }
    }

    /// The facts about a function with IR.
    pub(super) fn of(function: &Function) -> Self {
        let mut survey = Self::new();
        survey.stmts(&function.body);
        survey
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        self.nodes += 1;
        match &stmt.kind {
            StmtKind::Pass => {}
            StmtKind::Declare(local) => self.assigned.push(*local),
            StmtKind::Assign(local, value) => {
                self.assigned.push(*local);
                self.expr(value);
            }
            StmtKind::Unpack(locals, value) => {
                self.assigned.extend(locals);
                self.expr(value);
            }
            StmtKind::StoreGlobal(_, value) | StmtKind::Expr(value) | StmtKind::Return(value) => {
                self.expr(value);
            }
            StmtKind::If(test, then, otherwise) => {
                self.expr(test);
                self.stmts(then);
                self.stmts(otherwise);
            }
            StmtKind::Raise(source, cause) => {
                self.can_fail = true;
                match source {
                    RaiseSource::New(_, message) => {
                        message.iter().for_each(|message| self.expr(message));
                    }
                    RaiseSource::Value(exception) => self.expr(exception),
                    RaiseSource::Again => self.is_straight = false,
                    RaiseSource::Compiler(_) => {}
                }
                cause.iter().for_each(|cause| self.expr(cause));
            }
            StmtKind::Assert(test, message) => {
                self.can_fail = true;
                self.expr(test);
                message.iter().for_each(|message| self.expr(message));
            }
            StmtKind::While(..) | StmtKind::Break | StmtKind::Continue | StmtKind::Try(_) => {
                self.is_straight = false;
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        self.nodes += 1;
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Global(_) => {}
            ExprKind::Prim(prim, args) => {
                self.can_fail |= !is_total(*prim);
                self.exprs(args);
            }
            ExprKind::Call(_, args) | ExprKind::Memory(_, args) | ExprKind::Dynamic(_, args) => {
                self.can_fail = true;
                self.exprs(args);
            }
            ExprKind::MakeStruct(args) => self.exprs(args),
            ExprKind::CheckedCast(value) => {
                self.can_fail = true;
                self.expr(value);
            }
            ExprKind::GetField(value, _)
            | ExprKind::Upcast(value)
            | ExprKind::MakeException(value)
            | ExprKind::AssignGlobal(_, value) => self.expr(value),
            ExprKind::AssignLocal(local, value) => {
                self.assigned.push(*local);
                self.expr(value);
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::If(test, then, otherwise) => {
                self.expr(test);
                self.expr(then);
                self.expr(otherwise);
            }
            ExprKind::Block(stmts, value) => {
                self.stmts(stmts);
                self.expr(value);
            }
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }
}

/// Whether a primitive never raises; only those that small functions are made of matter.
fn is_total(prim: Prim) -> bool {
    match prim {
        Prim::Int(_, op) => !matches!(
            op,
            IntOp::Div | IntOp::FloorDiv | IntOp::Mod | IntOp::Pow | IntOp::LShift | IntOp::RShift
        ),
        Prim::Float(_, op) => !matches!(
            op,
            FloatOp::Div | FloatOp::FloorDiv | FloatOp::Mod | FloatOp::Pow
        ),
        Prim::Bool(_) => true,
        Prim::Complex(_)
        | Prim::Str(_)
        | Prim::Convert(..)
        | Prim::ToStr(_)
        | Prim::Repr(_)
        | Prim::Hash(_)
        | Prim::Format(_)
        | Prim::Unchecked(..)
        | Prim::Runtime(_) => false,
    }
}
