//! Inlining: a call becomes a block of the callee's statements.
//!
//! Arguments are assigned to renamed parameters in order, the body is copied with every local
//! renamed `name$N`, and the value of the final `return` is the value of the block.

use super::errors::type_error;
use super::evaluator::{Emitter, Evaluator};
use super::limits::MOST_LOCALS;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir::{Expr, ExprKind, Function, Handler, LocalId, RaiseSource, Stmt, StmtKind, Try};
use crate::program::{Failure, FuncBody, FuncId, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::TypeId;

impl Evaluator<'_> {
    /// `@force_inline`: marks a function if its body can replace calls.
    pub(super) fn force_inline(&mut self, func: FuncId) -> Result<(), Failure> {
        let info = self.program.func(func);
        let FuncBody::Source(closure) = &info.body else {
            return Err(type_error("@force_inline can only be applied to def'd functions").into());
        };
        let (closure, prototype) = (closure.clone(), info.prototype);
        if closure.def.kind != ast::FuncKind::Red {
            return Err(
                type_error("@force_inline cannot be applied to @blue functions")
                    .error("this is not a red function", prototype)
                    .into(),
            );
        }
        let result = self
            .program
            .types
            .as_func(info.ty)
            .map_or(TypeId::NONE, |ty| ty.result);
        let single = || type_error("@force_inline requires a single tail return");
        let (last, before) = match closure.def.body.split_last() {
            Some((last, before)) if is_return(last) => (Some(last), before),
            _ => (None, closure.def.body.as_slice()),
        };
        if let Some(early) = before.iter().find_map(find_return) {
            return Err(single()
                .error("`return` must be the last statement of the body", early)
                .into());
        }
        if last.is_none() && result != TypeId::NONE {
            return Err(single()
                .error("missing `return` at the end of the body", prototype)
                .into());
        }
        self.program.functions[func.0 as usize].force_inline = true;
        Ok(())
    }

    /// A call of an inlined function as a block.
    pub(super) fn inlined(
        &mut self,
        func: FuncId,
        args: Vec<Expr>,
        span: Span,
    ) -> Result<ExprKind, Failure> {
        if self.program.redshifting.contains(&func) {
            let fqn = self.program.func(func).fqn.clone();
            let name = self.program.human_name(&fqn);
            let message =
                format!("cannot inline a recursive call to @force_inline function `{name}`");
            return Err(type_error(message)
                .error("recursive inline call", span)
                .into());
        }
        let callee = super::function::function(self.program, self.engine, func);
        let emitter = self.emitter();
        if emitter.locals.len() + callee.locals.len() > MOST_LOCALS {
            let message = "inlined calls make this function too large";
            return Err(Diagnostic::new(ErrorKind::RecursionError, message)
                .error("this call cannot be inlined any more", span)
                .into());
        }
        let number = emitter.inlined;
        emitter.inlined += 1;
        let mut copy = Copy {
            renamed: rename(emitter, &callee, number),
        };
        let mut stmts = Vec::with_capacity(callee.body.len() + args.len());
        for (index, arg) in args.into_iter().enumerate() {
            let place = arg.span;
            stmts.push(Stmt {
                kind: StmtKind::Assign(copy.renamed[index], arg),
                span: place,
            });
        }
        let mut value = Expr {
            kind: ExprKind::Const(Value::None),
            ty: TypeId::NONE,
            span,
        };
        for stmt in &callee.body {
            let stmt = copy.stmt(stmt);
            match stmt.kind {
                StmtKind::Return(result) => value = result,
                kind => stmts.push(Stmt {
                    kind,
                    span: stmt.span,
                }),
            }
        }
        if value.ty != callee.result {
            value = self.unreachable_value(callee.result, span);
        }
        Ok(ExprKind::Block(stmts, Box::new(value)))
    }

    /// The value of a block whose statements always raise.
    fn unreachable_value(&mut self, ty: TypeId, span: Span) -> Expr {
        let local = self.new_temporary(ty, span);
        Expr {
            kind: ExprKind::Local(local),
            ty,
            span,
        }
    }
}

fn is_return(stmt: &ast::Stmt) -> bool {
    matches!(stmt.kind, ast::StmtKind::Return(_))
}

/// The first `return` inside a statement.
fn find_return(stmt: &ast::Stmt) -> Option<Span> {
    if is_return(stmt) {
        return Some(stmt.span);
    }
    let bodies: [&[ast::Stmt]; 2] = match &stmt.kind {
        ast::StmtKind::If(node) => [&node.body, &node.orelse],
        ast::StmtKind::While(node) => [&node.body, &node.orelse],
        ast::StmtKind::For(node) => [&node.body, &node.orelse],
        ast::StmtKind::Try(node) => {
            let handlers = node.handlers.iter().map(|handler| &handler.body);
            let bodies = [&node.body].into_iter().chain(handlers);
            let mut bodies = bodies.chain([&node.orelse, &node.finalbody]);
            return bodies.find_map(|body| body.iter().find_map(find_return));
        }
        _ => [&[], &[]],
    };
    bodies.into_iter().flatten().find_map(find_return)
}

/// New locals for those of the callee.
fn rename(emitter: &mut Emitter, callee: &Function, number: u32) -> Vec<LocalId> {
    let fresh = |local: &crate::ir::Local| {
        let id = LocalId(u32::try_from(emitter.locals.len()).expect("fewer than 2^32 locals"));
        let name = format!("{}${number}", local.name).into();
        emitter.locals.push(crate::ir::Local {
            name,
            ..local.clone()
        });
        id
    };
    callee.locals.iter().map(fresh).collect()
}

/// Copies statements with other locals.
struct Copy {
    renamed: Vec<LocalId>,
}

impl Copy {
    fn local(&self, local: LocalId) -> LocalId {
        self.renamed[local.0 as usize]
    }

    fn stmts(&mut self, stmts: &[Stmt]) -> Vec<Stmt> {
        stmts.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    fn stmt(&mut self, stmt: &Stmt) -> Stmt {
        let kind = match &stmt.kind {
            StmtKind::Declare(local) => StmtKind::Declare(self.local(*local)),
            StmtKind::Assign(local, value) => {
                StmtKind::Assign(self.local(*local), self.expr(value))
            }
            StmtKind::Unpack(locals, value) => {
                let locals = locals.iter().map(|local| self.local(*local)).collect();
                StmtKind::Unpack(locals, self.expr(value))
            }
            StmtKind::StoreGlobal(global, value) => {
                StmtKind::StoreGlobal(*global, self.expr(value))
            }
            StmtKind::Expr(value) => StmtKind::Expr(self.expr(value)),
            StmtKind::If(test, then, orelse) => {
                StmtKind::If(self.expr(test), self.stmts(then), self.stmts(orelse))
            }
            StmtKind::While(test, body, orelse) => {
                StmtKind::While(self.expr(test), self.stmts(body), self.stmts(orelse))
            }
            StmtKind::Return(value) => StmtKind::Return(self.expr(value)),
            StmtKind::Raise(source, cause) => {
                let cause = cause.as_ref().map(|cause| self.expr(cause));
                StmtKind::Raise(self.raise_source(source), cause)
            }
            StmtKind::Try(guarded) => StmtKind::Try(self.guarded(guarded).into()),
            StmtKind::Assert(test, message) => {
                let message = message.as_ref().map(|message| self.expr(message));
                StmtKind::Assert(self.expr(test), message)
            }
            StmtKind::Break | StmtKind::Continue | StmtKind::Pass => stmt.kind.clone(),
        };
        Stmt {
            kind,
            span: stmt.span,
        }
    }

    fn raise_source(&mut self, source: &RaiseSource) -> RaiseSource {
        match source {
            RaiseSource::New(class, message) => {
                RaiseSource::New(*class, message.as_ref().map(|message| self.expr(message)))
            }
            RaiseSource::Value(value) => RaiseSource::Value(self.expr(value)),
            RaiseSource::Again | RaiseSource::Compiler(_) => source.clone(),
        }
    }

    fn guarded(&mut self, guarded: &Try) -> Try {
        let handler = |this: &mut Self, handler: &Handler| Handler {
            classes: handler.classes.clone(),
            binding: handler.binding.map(|local| this.local(local)),
            body: this.stmts(&handler.body),
            span: handler.span,
        };
        Try {
            body: self.stmts(&guarded.body),
            handlers: guarded
                .handlers
                .iter()
                .map(|each| handler(self, each))
                .collect(),
            orelse: self.stmts(&guarded.orelse),
            finalbody: self.stmts(&guarded.finalbody),
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn boxed(&mut self, expr: &Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn expr(&mut self, expr: &Expr) -> Expr {
        let kind = match &expr.kind {
            ExprKind::Const(_) | ExprKind::Global(_) => expr.kind.clone(),
            ExprKind::Local(local) => ExprKind::Local(self.local(*local)),
            ExprKind::Call(callee, args) => ExprKind::Call(*callee, self.exprs(args)),
            ExprKind::Prim(prim, args) => ExprKind::Prim(*prim, self.exprs(args)),
            ExprKind::Memory(op, args) => ExprKind::Memory(*op, self.exprs(args)),
            ExprKind::Dynamic(op, args) => ExprKind::Dynamic(op.clone(), self.exprs(args)),
            ExprKind::MakeStruct(args) => ExprKind::MakeStruct(self.exprs(args)),
            ExprKind::MakeException(message) => ExprKind::MakeException(self.boxed(message)),
            ExprKind::GetField(value, index) => ExprKind::GetField(self.boxed(value), *index),
            ExprKind::Upcast(value) => ExprKind::Upcast(self.boxed(value)),
            ExprKind::CheckedCast(value) => ExprKind::CheckedCast(self.boxed(value)),
            ExprKind::And(left, right) => ExprKind::And(self.boxed(left), self.boxed(right)),
            ExprKind::Or(left, right) => ExprKind::Or(self.boxed(left), self.boxed(right)),
            ExprKind::If(test, then, orelse) => {
                ExprKind::If(self.boxed(test), self.boxed(then), self.boxed(orelse))
            }
            ExprKind::AssignLocal(local, value) => {
                ExprKind::AssignLocal(self.local(*local), self.boxed(value))
            }
            ExprKind::AssignGlobal(global, value) => {
                ExprKind::AssignGlobal(*global, self.boxed(value))
            }
            ExprKind::Block(stmts, value) => {
                let stmts = self.stmts(stmts);
                ExprKind::Block(stmts, self.boxed(value))
            }
        };
        Expr {
            kind,
            ty: expr.ty,
            span: expr.span,
        }
    }
}
