//! Statements of red functions: emitted as IR.
//!
//! An error in a statement becomes a `raise` in its place, at the innermost statement.

use super::evaluator::{Evaluator, RedLocal};
use super::turns::Loop;
use crate::diagnostics::Diagnostic;
use crate::ir::{self, RaiseSource, StmtKind as Ir};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, StmtKind};
use crate::types::TypeId;

impl Evaluator<'_> {
    /// Emits the body of a function.
    pub(super) fn emit_body(&mut self, stmts: &[ast::Stmt]) {
        if let Err(failure) = self.forward_declare(stmts) {
            let place = stmts.first().map_or(Span::BUILTINS, |stmt| stmt.span);
            self.emit_failure(*failure, place);
        }
        self.emit_stmts(stmts);
    }

    /// Emits statements in order.
    pub(super) fn emit_stmts(&mut self, stmts: &[ast::Stmt]) {
        for stmt in stmts {
            self.emit_stmt(stmt);
        }
    }

    /// Emits a block of its own.
    pub(super) fn emit_block(&mut self, stmts: &[ast::Stmt]) -> Vec<ir::Stmt> {
        let outer = std::mem::take(&mut self.emitter().out);
        self.emit_stmts(stmts);
        std::mem::replace(&mut self.emitter().out, outer)
    }

    pub(super) fn emit_stmt(&mut self, stmt: &ast::Stmt) {
        let emitted = self.emitter().out.len();
        self.failed_at = None;
        if let Err(failure) = self.emit_kind(stmt) {
            self.emitter().out.truncate(emitted);
            if let Some(error) = self.emit_error(failure, stmt.span) {
                self.poison(stmt, error);
            }
        }
    }

    /// Raises an error in the place of the code at `span`; its number, unless a handler expects it.
    pub(super) fn emit_error(&mut self, mut failure: Failure, span: Span) -> Option<ir::ErrorId> {
        let place = self.failed_at.take().unwrap_or(span);
        if failure.at_run_time && failure.traceback.is_empty() {
            self.emit_uninitialized(&failure, place);
            return None;
        }
        let func = self.emitter().func;
        let fqn = self.program.frame_name(&self.program.func(func).fqn);
        let kind = crate::diagnostics::FrameKind::Redshift;
        failure.push_outer_frame(crate::diagnostics::Frame {
            kind,
            fqn,
            span: place,
        });
        let is_expected = self.is_expected(&failure);
        let error = self.emit_failure(*failure, span);
        (!is_expected).then_some(error)
    }

    /// Reading a variable that has no value yet is an error when the line runs.
    fn emit_uninitialized(&mut self, failure: &Diagnostic, span: Span) {
        let message = ir::Expr {
            kind: ir::ExprKind::Const(Value::Str(failure.message.as_str().into())),
            ty: TypeId::STR,
            span,
        };
        let class = TypeId::exception(failure.kind);
        let source = RaiseSource::New(class, Some(message));
        self.emit(Ir::Raise(source, None), span);
    }

    /// Variables that a failed statement would have declared fail with the same error.
    fn poison(&mut self, stmt: &ast::Stmt, error: ir::ErrorId) {
        let mut names = Vec::new();
        match &stmt.kind {
            StmtKind::VarDef(def) => names.extend(def.name().map(|name| name.name)),
            StmtKind::Assign(assign) => {
                for target in &assign.targets {
                    target_names(target, &mut names);
                }
            }
            StmtKind::For(node) => target_names(&node.target, &mut names),
            StmtKind::FuncDef(def) => names.push(def.name.name.clone()),
            StmtKind::ClassDef(def) => names.push(def.name.name.clone()),
            _ => {}
        }
        for name in names {
            let local = self
                .symbol(&name)
                .is_some_and(|symbol| symbol.level == Some(0));
            if local {
                self.emitter()
                    .names
                    .entry(name)
                    .or_insert(RedLocal::Failed(error));
            }
        }
    }

    fn emit_kind(&mut self, stmt: &ast::Stmt) -> Result<(), Failure> {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Pass => self.emit(Ir::Pass, span),
            StmtKind::Break => self.emit_break(span),
            StmtKind::Continue => self.emit_continue(span),
            StmtKind::Global(_) | StmtKind::Error => {}
            StmtKind::Return(value) => self.emit_return(value.as_ref(), span)?,
            StmtKind::VarDef(def) => self.var_def(def, span)?,
            StmtKind::Expr(value) => {
                let operand = self.expr(value)?;
                self.emit(Ir::Expr(operand.into_ir()), span);
            }
            StmtKind::Assign(assign) => self.assign_stmt(assign, span)?,
            StmtKind::AugAssign(assign) => self.aug_assign(assign, span)?,
            StmtKind::If(node) => {
                let test = self.test(&node.test)?;
                let (body, in_body) = self.branch(|this| this.emit_block(&node.body));
                let (orelse, in_orelse) = self.branch(|this| this.emit_block(&node.orelse));
                self.join_branches(&test, (&body, in_body), (&orelse, in_orelse));
                self.emit(Ir::If(test, body, orelse), span);
            }
            StmtKind::While(node) => {
                let test = self.test(&node.test)?;
                let (body, orelse) = self.loop_bodies(&node.body, &node.orelse);
                self.emit(Ir::While(test, body, orelse), span);
            }
            StmtKind::For(node) => self.emit_for(node, span)?,
            StmtKind::Delete(targets) => self.delete_all(targets, span)?,
            StmtKind::Raise(node) => self.emit_raise(node, span)?,
            StmtKind::Try(node) => self.emit_try(node, span)?,
            StmtKind::Assert(node) => {
                let test = self.test(&node.test)?;
                let message = match &node.msg {
                    Some(msg) => {
                        let empty = self.known(Value::Str("".into()), msg.span);
                        let (operand, stmts) = self.conditional(&empty, msg.span, |this| {
                            let operand = this.expr(msg)?;
                            this.assert_message(operand)
                        })?;
                        Some(super::expr::with_statements(stmts, operand).into_ir())
                    }
                    None => None,
                };
                self.emit(Ir::Assert(test, message), span);
            }
            StmtKind::FuncDef(def) => self.define_func(def, stmt)?,
            StmtKind::ClassDef(def) => self.define_class(def, stmt)?,
            StmtKind::Import(_)
            | StmtKind::ImportFrom(_)
            | StmtKind::With(_)
            | StmtKind::Match(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::TypeAlias(_) => return Err(super::expr::not_supported(span)),
        }
        Ok(())
    }

    /// A condition; what it needs beforehand is computed each time it is.
    fn test(&mut self, test: &ast::Expr) -> Result<ir::Expr, Failure> {
        let (operand, stmts) = self.capture(|this| {
            let operand = this.expr(test)?;
            let place = operand.span;
            this.truth(operand).inspect_err(|_| {
                this.failed_at.get_or_insert(place);
            })
        })?;
        Ok(super::expr::with_statements(stmts, operand).into_ir())
    }

    fn emit_return(&mut self, value: Option<&ast::Expr>, span: Span) -> Result<(), Failure> {
        let operand = self.return_value(value, span)?;
        let place = operand.span;
        let result = self.result_type();
        let operand = self.convert(operand, result).map_err(|mut failure| {
            self.failed_at.get_or_insert(place);
            self.note_result_type(&mut failure, result);
            failure
        })?;
        self.emit(Ir::Return(operand.into_ir()), span);
        Ok(())
    }

    fn result_type(&mut self) -> TypeId {
        let func = self.emitter().func;
        let ty = self.program.func(func).ty;
        self.program
            .types
            .as_func(ty)
            .map_or(TypeId::NONE, |ty| ty.result)
    }

    /// `expected T because of return type`
    pub(super) fn note_result_type(&mut self, failure: &mut Failure, result: TypeId) {
        let Some(symbol) = self.symbol("@return") else {
            return;
        };
        if failure.annotations.is_empty() {
            return;
        }
        let text = format!(
            "expected `{}` because of return type",
            self.type_name(result)
        );
        **failure = (**failure).clone().note(text, symbol.span);
    }

    fn emit_for(&mut self, node: &ast::For, span: Span) -> Result<(), Failure> {
        let iterable = self.expr(&node.iter)?;
        if let Some(items) = Self::known_items(&iterable) {
            return self.emit_unrolled(node, &items, span);
        }
        let iterator = self.iteration(iterable, "__fastiter__", span)?;
        let hidden = ast::Ident {
            name: format!("_${}{}", "iter", node.seq).into(),
            span: node.iter.span,
        };
        self.assign(&hidden, iterator, span)?;
        let read = |this: &mut Self| this.name(&hidden.name, hidden.span);
        let (test, test_stmts) = self.capture(|this| {
            let iterator = read(this)?;
            let more = this.iteration(iterator, "__continue_iteration__", span)?;
            this.truth(more)
        })?;
        let test = super::expr::with_statements(test_stmts, test).into_ir();
        let ((), mut body) = self.capture(|this| {
            let iterator = read(this)?;
            let item = this.iteration(iterator, "__item__", span)?;
            this.assign_turn(node, item, span)?;
            let iterator = read(this)?;
            let next = this.iteration(iterator, "__next__", span)?;
            this.assign(&hidden, next, span)
        })?;
        let (statements, orelse) = self.loop_bodies(&node.body, &node.orelse);
        body.extend(statements);
        self.emit(Ir::While(test, body, orelse), span);
        Ok(())
    }

    /// The statements of a loop and of its `else`, neither of which must run.
    fn loop_bodies(
        &mut self,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
    ) -> (Vec<ir::Stmt>, Vec<ir::Stmt>) {
        self.emitter().loops.push(Loop::Residual);
        let (body, in_body) = self.branch(|this| this.emit_block(body));
        self.emitter().loops.pop();
        let (orelse, in_orelse) = self.branch(|this| this.emit_block(orelse));
        self.declare_unsurely(in_body);
        self.declare_unsurely(in_orelse);
        (body, orelse)
    }
}

/// The names in an assignment target.
fn target_names(target: &ast::Expr, names: &mut Vec<std::rc::Rc<str>>) {
    match &target.kind {
        ExprKind::Name(name) => names.push(name.clone()),
        ExprKind::Tuple(items) | ExprKind::List(items) => {
            items.iter().for_each(|item| target_names(item, names));
        }
        _ => {}
    }
}
