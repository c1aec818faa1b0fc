//! Numbers what has a scope, in the order of the text, and checks what depends on the enclosing
//! function or loop.
//!
//! Functions, classes, lambdas and comprehensions get their [`DefId`], loops their number within
//! the function. `break` and `continue` are refused where they mean nothing, as CPython's compiler
//! does; `return`, `yield` and `await` are left to [`unsupported`](super::unsupported).

use std::rc::Rc;

use super::ast::{DefId, Expr, ExprKind, FuncDef, Stmt, StmtKind};
use super::build::Builder;
use super::walk::mutable::{
    VisitMut, walk_class_def, walk_expr, walk_lambda, walk_params, walk_stmt, walk_type_params,
};

/// Numbers the definitions of a module.
pub(super) fn number(builder: &mut Builder<'_>, body: &mut [Stmt]) {
    let mut numbering = Numbering::new(builder);
    for stmt in body {
        numbering.visit_stmt(stmt);
    }
}

/// Numbers the definitions in an expression.
pub(super) fn number_expr(builder: &mut Builder<'_>, expr: &mut Expr) {
    Numbering::new(builder).visit_expr(expr);
}

/// The innermost scope.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Module,
    Class,
    Function,
}

struct Numbering<'b, 's> {
    builder: &'b mut Builder<'s>,
    next_id: u32,
    scope: Scope,
    in_loop: bool,
    /// Loops of the current function so far.
    loops: u32,
    /// Whether the current function has a `yield`.
    yields: bool,
}

impl<'b, 's> Numbering<'b, 's> {
    fn new(builder: &'b mut Builder<'s>) -> Self {
        Self {
            builder,
            next_id: 0,
            scope: Scope::Module,
            in_loop: false,
            loops: 0,
            yields: false,
        }
    }

    fn next_id(&mut self) -> DefId {
        let id = DefId(self.next_id);
        self.next_id += 1;
        id
    }

    /// Runs `inside` in a scope of its own; returns whether it yields.
    fn enter(&mut self, scope: Scope, inside: impl FnOnce(&mut Self)) -> bool {
        let outer = (self.scope, self.in_loop, self.loops, self.yields);
        (self.scope, self.in_loop, self.yields) = (scope, false, false);
        inside(self);
        let yields = self.yields;
        (self.scope, self.in_loop, self.loops, self.yields) = outer;
        yields
    }

    fn func_def(&mut self, def: &mut FuncDef) {
        for decorator in &mut def.decorators {
            self.visit_expr(decorator);
        }
        def.id = self.next_id();
        def.inner_id = if def.type_params.is_empty() {
            def.id
        } else {
            self.next_id()
        };
        walk_type_params(self, &mut def.type_params);
        walk_params(self, &mut def.params);
        self.visit_expr(&mut def.returns);
        def.is_generator = self.enter(Scope::Function, |inner| {
            for stmt in &mut def.body {
                inner.visit_stmt(stmt);
            }
        });
    }

    fn loop_body(&mut self, body: &mut [Stmt], orelse: &mut [Stmt]) {
        let outer = std::mem::replace(&mut self.in_loop, true);
        for stmt in body {
            self.visit_stmt(stmt);
        }
        self.in_loop = outer;
        for stmt in orelse {
            self.visit_stmt(stmt);
        }
    }

    /// Whether jumps may stand here; modules and classes refuse them as statements.
    fn in_function(&self) -> bool {
        self.scope == Scope::Function
    }
}

impl VisitMut for Numbering<'_, '_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other statements only contain definitions"
    )]
    fn visit_stmt(&mut self, stmt: &mut Stmt) {
        let span = stmt.span;
        match &mut stmt.kind {
            StmtKind::FuncDef(def) => {
                self.func_def(Rc::get_mut(def).expect("a tree under construction has one owner"));
            }
            StmtKind::ClassDef(def) => {
                let def = Rc::get_mut(def).expect("a tree under construction has one owner");
                def.id = self.next_id();
                def.inner_id = if def.type_params.is_empty() {
                    def.id
                } else {
                    self.next_id()
                };
                self.enter(Scope::Class, |inner| walk_class_def(inner, def));
            }
            StmtKind::For(turn) => {
                turn.seq = self.loops;
                self.loops += 1;
                self.visit_expr(&mut turn.target);
                self.visit_expr(&mut turn.iter);
                self.loop_body(&mut turn.body, &mut turn.orelse);
            }
            StmtKind::While(turn) => {
                self.visit_expr(&mut turn.test);
                self.loop_body(&mut turn.body, &mut turn.orelse);
            }
            StmtKind::Break if !self.in_loop && self.in_function() => {
                self.builder.problem(span, "'break' outside loop");
            }
            StmtKind::Continue if !self.in_loop && self.in_function() => {
                self.builder
                    .problem(span, "'continue' not properly in loop");
            }
            _ => walk_stmt(self, stmt),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other expressions only contain definitions"
    )]
    fn visit_expr(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Lambda(lambda) => {
                let lambda = Rc::get_mut(lambda).expect("a tree under construction has one owner");
                lambda.id = self.next_id();
                self.enter(Scope::Function, |inner| walk_lambda(inner, lambda));
            }
            ExprKind::Comprehension(comprehension) => {
                comprehension.id = self.next_id();
                walk_expr(self, expr);
            }
            ExprKind::Yield(_) | ExprKind::YieldFrom(_) => {
                self.yields = true;
                walk_expr(self, expr);
            }
            _ => walk_expr(self, expr),
        }
    }
}
