//! The invariants of the IR, checked in debug builds after each pass that writes it.
//!
//! 1. Every local exists, and is assigned values of its type.
//! 2. Operands of primitives and arguments of calls have exactly the parameter types.
//! 3. Conditions are `bool`; messages of exceptions and `assert` are `str`.
//! 4. A `return` has the function's result type.
//! 5. `break` and `continue` stand in loops, a `raise` of the exception at hand in handlers.
//! 6. What is raised or handled has an exception type.

use super::{Expr, ExprKind, Function, LocalId, RaiseSource, Stmt, StmtKind, Try};
use crate::program::Program;
use crate::types::{TypeId, TypeKind};

/// Panics with the broken invariant and the function's name if the IR is not well-formed.
pub fn verify(program: &Program, function: &Function) {
    let mut check = Check {
        program,
        function,
        loops: 0,
        handlers: 0,
    };
    check.stmts(&function.body);
}

struct Check<'a> {
    program: &'a Program,
    function: &'a Function,
    loops: u32,
    handlers: u32,
}

impl Check<'_> {
    fn require(&self, holds: bool, invariant: &str) {
        assert!(holds, "invalid IR in {}: {invariant}", self.function.fqn);
    }

    fn same(&self, got: TypeId, expected: TypeId, what: &str) {
        let names = || {
            let (got, expected) = (
                self.program.type_name(got),
                self.program.type_name(expected),
            );
            format!("{what} has type `{got}` instead of `{expected}`")
        };
        assert!(
            got == expected,
            "invalid IR in {}: {}",
            self.function.fqn,
            names()
        );
    }

    fn local(&self, local: LocalId) -> TypeId {
        let found = self.function.locals.get(local.0 as usize);
        found.expect("every local exists").ty
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Declare(local) => {
                self.local(*local);
            }
            StmtKind::Assign(local, value) => {
                self.expr(value);
                self.same(value.ty, self.local(*local), "an assigned value");
            }
            StmtKind::Unpack(_, value) | StmtKind::Expr(value) => self.expr(value),
            StmtKind::StoreGlobal(global, value) => {
                self.expr(value);
                self.same(value.ty, self.program.global(*global).ty, "a stored value");
            }
            StmtKind::If(test, then, orelse) => {
                self.test(test);
                self.stmts(then);
                self.stmts(orelse);
            }
            StmtKind::While(test, body, orelse) => {
                self.test(test);
                self.loops += 1;
                self.stmts(body);
                self.loops -= 1;
                self.stmts(orelse);
            }
            StmtKind::Return(value) => {
                self.expr(value);
                self.same(value.ty, self.function.result, "a returned value");
            }
            StmtKind::Break | StmtKind::Continue => {
                self.require(self.loops > 0, "`break` and `continue` stand in loops");
            }
            StmtKind::Pass => {}
            StmtKind::Raise(source, cause) => {
                self.raise(source);
                if let Some(cause) = cause.as_ref().filter(|cause| cause.ty != TypeId::NONE) {
                    self.exception(cause);
                }
            }
            StmtKind::Try(guarded) => self.try_stmt(guarded),
            StmtKind::Assert(test, message) => {
                self.test(test);
                self.message(message.as_ref());
            }
        }
    }

    fn raise(&mut self, source: &RaiseSource) {
        match source {
            RaiseSource::New(class, message) => {
                self.class(*class);
                self.message(message.as_ref());
            }
            RaiseSource::Value(value) => self.exception(value),
            RaiseSource::Again => {
                self.require(self.handlers > 0, "exceptions are raised again in handlers");
            }
            RaiseSource::Compiler(_) => {}
        }
    }

    fn try_stmt(&mut self, guarded: &Try) {
        self.stmts(&guarded.body);
        for handler in &guarded.handlers {
            self.require(!handler.classes.is_empty(), "handlers have classes");
            handler.classes.iter().for_each(|class| self.class(*class));
            if let Some(binding) = handler.binding {
                let ty = self.local(binding);
                let types = &self.program.types;
                let fits = |class: &TypeId| types.is_subtype(*class, ty);
                self.require(handler.classes.iter().all(fits), "handlers bind exceptions");
            }
            self.handlers += 1;
            self.stmts(&handler.body);
            self.handlers -= 1;
        }
        self.stmts(&guarded.orelse);
        self.stmts(&guarded.finalbody);
    }

    fn exception(&mut self, value: &Expr) {
        self.expr(value);
        self.class(value.ty);
    }

    fn class(&self, class: TypeId) {
        let is_exception = matches!(self.program.types.kind(class), TypeKind::Exception(_));
        self.require(
            is_exception,
            "what is raised or handled has an exception type",
        );
    }

    fn message(&mut self, message: Option<&Expr>) {
        if let Some(message) = message {
            self.expr(message);
            self.same(message.ty, TypeId::STR, "a message");
        }
    }

    fn test(&mut self, test: &Expr) {
        self.expr(test);
        self.same(test.ty, TypeId::BOOL, "a condition");
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Const(_) => {}
            ExprKind::Local(local) => self.same(self.local(*local), expr.ty, "a local"),
            ExprKind::Global(global) => {
                self.same(
                    self.program.global(*global).ty,
                    expr.ty,
                    "a module variable",
                );
            }
            ExprKind::Call(callee, args) => {
                let ty = self.program.types.as_func(self.program.func(*callee).ty);
                let ty = ty.expect("callees are functions").clone();
                let mut params: Vec<TypeId> = ty.params.iter().map(|param| param.ty).collect();
                params.extend(self.program.captures(*callee).iter().map(|it| it.ty));
                self.args(args, &params);
                self.same(ty.result, expr.ty, "a call");
            }
            ExprKind::Prim(prim, args) => {
                let (params, result) = prim.signature();
                self.args(args, &params);
                self.same(result, expr.ty, "a primitive");
            }
            ExprKind::Memory(_, args) => args.iter().for_each(|arg| self.expr(arg)),
            ExprKind::MakeException(message) => {
                self.message(Some(message));
                self.class(expr.ty);
            }
            ExprKind::MakeStruct(args) => {
                let fields = self.fields(expr.ty);
                self.args(args, &fields);
            }
            ExprKind::GetField(value, index) => {
                self.expr(value);
                self.same(self.fields(value.ty)[*index], expr.ty, "a field");
            }
            ExprKind::Upcast(value) | ExprKind::CheckedCast(value) => self.expr(value),
            ExprKind::Dynamic(_, args) => {
                self.args(args, &vec![TypeId::DYNAMIC; args.len()]);
                self.same(TypeId::DYNAMIC, expr.ty, "a dynamic operation");
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.test(left);
                self.test(right);
            }
            ExprKind::If(test, then, orelse) => {
                self.test(test);
                self.expr(then);
                self.expr(orelse);
                self.same(then.ty, expr.ty, "a branch");
                self.same(orelse.ty, expr.ty, "a branch");
            }
            ExprKind::AssignLocal(local, value) => {
                self.expr(value);
                self.same(value.ty, self.local(*local), "an assigned value");
            }
            ExprKind::AssignGlobal(global, value) => {
                self.expr(value);
                self.same(value.ty, self.program.global(*global).ty, "a stored value");
            }
            ExprKind::Block(stmts, value) => {
                self.stmts(stmts);
                self.expr(value);
                self.same(value.ty, expr.ty, "the value of a block");
            }
        }
    }

    fn args(&mut self, args: &[Expr], params: &[TypeId]) {
        self.require(
            args.len() == params.len(),
            "calls have one argument a parameter",
        );
        for (arg, param) in args.iter().zip(params) {
            self.expr(arg);
            self.same(arg.ty, *param, "an argument");
        }
    }

    fn fields(&self, ty: TypeId) -> Vec<TypeId> {
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(ty) else {
            panic!(
                "invalid IR in {}: fields belong to structs",
                self.function.fqn
            )
        };
        layout.fields.iter().map(|field| field.ty).collect()
    }
}
