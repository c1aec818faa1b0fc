//! Statements of blue code: executed at once.

use super::errors::type_error;
use super::evaluator::Evaluator;
use super::fold::truth;
use super::operand::Operand;
use super::{BlueLocal, Color};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir::DynamicOp;
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, StmtKind};
use crate::types::TypeId;

/// How a statement ends.
pub(super) enum Flow {
    /// The next one follows.
    Next,
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `return`, with the operand before its conversion to the result type.
    Return(Operand),
}

impl Evaluator<'_> {
    /// Executes statements in order.
    pub(super) fn execute_all(&mut self, stmts: &[ast::Stmt]) -> Result<Flow, Failure> {
        for stmt in stmts {
            match self.execute(stmt)? {
                Flow::Next => {}
                flow @ (Flow::Break | Flow::Continue | Flow::Return(_)) => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    /// Executes a statement.
    pub(super) fn execute(&mut self, stmt: &ast::Stmt) -> Result<Flow, Failure> {
        let result = self.step(stmt.span).and_then(|()| self.execute_kind(stmt));
        if result.is_err() {
            self.failed_at.get_or_insert(stmt.span);
        }
        result
    }

    fn execute_kind(&mut self, stmt: &ast::Stmt) -> Result<Flow, Failure> {
        let span = stmt.span;
        if self.class.is_some() {
            self.check_class_statement(stmt)?;
        }
        match &stmt.kind {
            StmtKind::Pass | StmtKind::Global(_) | StmtKind::Error => {}
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Return(value) => {
                return self.return_value(value.as_ref(), span).map(Flow::Return);
            }
            StmtKind::FuncDef(def) => self.define_func(def, stmt)?,
            StmtKind::ClassDef(def) => self.define_class(def, stmt)?,
            StmtKind::Import(_) | StmtKind::ImportFrom(_) => self.bind_imports(stmt)?,
            StmtKind::VarDef(def) => self.var_def(def, span)?,
            StmtKind::Expr(value) => {
                self.expr(value)?;
            }
            StmtKind::Assign(assign) => self.assign_stmt(assign, span)?,
            StmtKind::AugAssign(assign) => self.aug_assign(assign, span)?,
            StmtKind::If(node) => {
                let branch = if self.condition(&node.test)? {
                    &node.body
                } else {
                    &node.orelse
                };
                return self.execute_all(branch);
            }
            StmtKind::While(node) => return self.execute_while(node, span),
            StmtKind::For(node) => return self.execute_for(node, span),
            StmtKind::Raise(node) => return Err(self.execute_raise(node, span)?),
            StmtKind::Assert(node) => self.execute_assert(node, span)?,
            StmtKind::Delete(targets) => self.delete_all(targets, span)?,
            StmtKind::Try(node) => return self.execute_try(node),
            StmtKind::With(_)
            | StmtKind::Match(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::TypeAlias(_) => return Err(super::expr::not_supported(span)),
        }
        Ok(Flow::Next)
    }

    fn condition(&mut self, test: &ast::Expr) -> Result<bool, Failure> {
        let operand = self.expr(test)?;
        let place = operand.span;
        let operand = self.truth(operand).inspect_err(|_| {
            self.failed_at.get_or_insert(place);
        })?;
        Ok(operand.value.as_ref().is_some_and(truth))
    }

    /// The operand of a `return`; a bare one returns `None`.
    pub(super) fn return_value(
        &mut self,
        value: Option<&ast::Expr>,
        span: Span,
    ) -> Result<Operand, Failure> {
        match value {
            Some(value) => self.expr(value),
            None => Ok(Operand::blue(TypeId::NONE, Value::None, span)),
        }
    }

    fn execute_while(&mut self, node: &ast::While, span: Span) -> Result<Flow, Failure> {
        while self.condition(&node.test)? {
            self.step(span)?;
            match self.execute_all(&node.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.execute_all(&node.orelse)
    }

    fn execute_for(&mut self, node: &ast::For, span: Span) -> Result<Flow, Failure> {
        let iterable = self.expr(&node.iter)?;
        if self.is_unroll_range(&node.iter)
            && let Some(items) = Self::known_items(&iterable)
        {
            return self.execute_unrolled(node, &items, span);
        }
        match &iterable.value {
            Some(Value::Tuple(items)) => {
                return self.execute_for_items(node, &items.clone(), span);
            }
            Some(Value::List(list)) => {
                let items = list.items.borrow().clone();
                return self.execute_for_items(node, &items, span);
            }
            _ => {}
        }
        let mut iterator = self.iteration(iterable, "__fastiter__", span)?;
        loop {
            self.step(span)?;
            let more = self.iteration(iterator.clone(), "__continue_iteration__", span)?;
            let more = self.truth(more)?;
            if !more.value.as_ref().is_some_and(truth) {
                break;
            }
            let item = self.iteration(iterator.clone(), "__item__", span)?;
            self.assign_turn(node, item, span)?;
            iterator = self.iteration(iterator, "__next__", span)?;
            match self.execute_all(&node.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.execute_all(&node.orelse)
    }

    /// A loop over a tuple of the compiler.
    fn execute_for_items(
        &mut self,
        node: &ast::For,
        items: &[Value],
        span: Span,
    ) -> Result<Flow, Failure> {
        for item in items {
            self.step(span)?;
            let item = Operand::red_value(TypeId::DYNAMIC, item.clone(), span);
            self.assign_turn(node, item, span)?;
            match self.execute_all(&node.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.execute_all(&node.orelse)
    }

    /// Gives the variables of a `for` statement what a turn of the loop is about.
    pub(super) fn assign_turn(
        &mut self,
        node: &ast::For,
        item: Operand,
        span: Span,
    ) -> Result<(), Failure> {
        match &node.target.kind {
            ExprKind::Tuple(targets) => {
                let item = Operand {
                    span: node.iter.span,
                    ..self.dynamic_type(item)
                };
                self.unpack(targets, item, span)
            }
            _ => self.assign(&loop_target(node)?, item, span),
        }
    }

    /// A method call that a `for` statement implies.
    pub(super) fn iteration(
        &mut self,
        receiver: Operand,
        method: &str,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&receiver) {
            let name = ast::Ident {
                name: method.into(),
                span,
            };
            let op = DynamicOp::CallMethod(name, Vec::new().into());
            return Ok(self.postpone(op, vec![receiver], span));
        }
        let receiver = self.dereferenced(receiver)?;
        self.load_methods(receiver.ty)?;
        let Some(func) = self.method(receiver.ty, method) else {
            let message = format!(
                "method `{}::{method}` does not exist",
                self.type_name(receiver.ty)
            );
            let failure = self.unsupported(message, &receiver).into();
            return Err(super::errors::called_here(failure, "CALL_METHOD", span));
        };
        let direct = super::arguments::Direct {
            callee: receiver.span,
            receivers: 1,
        };
        let args = super::arguments::Arguments {
            operands: Vec::new(),
            keywords: Vec::new(),
        };
        self.call_with_receiver(func, receiver, args, direct, span, "CALL_METHOD")
    }

    /// `x: T`, `x: T = e`, `var x = e`, `const x = e`.
    pub(super) fn var_def(&mut self, def: &ast::VarDef, span: Span) -> Result<(), Failure> {
        let Some(name) = def.name() else {
            return Err(super::expr::not_supported(span));
        };
        let Some(symbol) = self.symbol(&name.name) else {
            return Err(self.undefined(&name.name, name.span));
        };
        self.check_redeclaration(&name, span)?;
        let declared = match def.annotation.kind {
            ExprKind::Auto => None,
            _ => Some(self.type_expr(&def.annotation)?),
        };
        let operand = match &def.value {
            Some(value) => Some(self.expr(value)?),
            None => None,
        };
        let operand = match (operand, declared) {
            (Some(operand), Some(ty)) => Some(self.convert_to_declared(operand, ty, &symbol)?),
            (operand, _) => operand,
        };
        let ty = declared.or(operand.as_ref().map(|operand| operand.ty));
        let Some(ty) = ty else {
            return Err(super::expr::not_supported(span));
        };
        if symbol.storage == crate::scope::Storage::Cell {
            return self.define_global(&symbol, ty, operand, span);
        }
        self.redeclare_or_declare(&symbol, ty, operand, span)
    }

    /// A declaration in a loop makes the variable anew on each turn.
    fn redeclare_or_declare(
        &mut self,
        symbol: &crate::scope::Symbol,
        ty: TypeId,
        operand: Option<Operand>,
        span: Span,
    ) -> Result<(), Failure> {
        self.declare(symbol, ty, operand, span)
    }

    /// A name declared by another statement of the same frame is an error.
    fn check_redeclaration(&mut self, name: &ast::Ident, span: Span) -> Result<(), Failure> {
        if !self.is_blue() {
            return Ok(());
        }
        match self.frame().locals.get(&name.name) {
            Some(local) if local.declared != span => {
                Err(Self::already_declared(&name.name, span, local.declared).into())
            }
            _ => Ok(()),
        }
    }

    /// Defines a module variable with its initial value.
    fn define_global(
        &mut self,
        symbol: &crate::scope::Symbol,
        ty: TypeId,
        operand: Option<Operand>,
        span: Span,
    ) -> Result<(), Failure> {
        let value = operand
            .and_then(|operand| operand.value)
            .unwrap_or(Value::None);
        let fqn = self.namespace().join(&symbol.name);
        let fqn = self.program.unique_name(fqn);
        let global = self.program.add_global(fqn, ty, &value, span);
        let module = self.program.module_mut(self.module);
        module.globals.insert(symbol.name.clone(), global);
        let local = BlueLocal {
            ty,
            color: Color::Red,
            value: Some(value),
            declared: span,
        };
        self.frame().locals.insert(symbol.name.clone(), local);
        Ok(())
    }

    /// Evaluates an annotation.
    pub(super) fn type_expr(&mut self, annotation: &ast::Expr) -> Result<TypeId, Failure> {
        let operand = self.expr(annotation)?;
        match operand.value {
            Some(Value::Type(ty)) => {
                self.drop_operand(operand);
                Ok(ty)
            }
            Some(Value::None) => Ok(TypeId::NONE),
            _ => {
                let got = self.type_name(operand.ty);
                Err(type_error(format!("expected `type`, got `{got}`"))
                    .error("expected `type`", annotation.span)
                    .into())
            }
        }
    }

    /// `t1 = t2 = e`
    pub(super) fn assign_stmt(&mut self, assign: &ast::Assign, span: Span) -> Result<(), Failure> {
        if let [target] = assign.targets.as_slice()
            && let ExprKind::GetAttr(object, attr) = &target.kind
        {
            return self.set_attr(object, attr, &assign.value, span);
        }
        let mut operand = self.expr(&assign.value)?;
        if assign.targets.len() > 1 && !self.is_blue() {
            operand = self.hold(operand)?;
        }
        for target in &assign.targets {
            match &target.kind {
                ExprKind::Name(name) => {
                    let ident = ast::Ident {
                        name: name.clone(),
                        span: target.span,
                    };
                    if self.is_blue() {
                        self.check_module_redefinition(&ident, span)?;
                    }
                    self.assign(&ident, operand.clone(), span)?;
                }
                ExprKind::Tuple(items) => self.unpack(items, operand.clone(), span)?,
                ExprKind::GetAttr(object, attr) => {
                    let object = self.expr(object)?;
                    self.store_attr(object, attr, operand.clone(), span)?;
                }
                ExprKind::GetItem(object, args) => {
                    self.set_item(object, args, operand.clone(), span)?;
                }
                _ => return Err(super::expr::not_supported(target.span)),
            }
        }
        Ok(())
    }

    /// Two definitions of one name at module level.
    fn check_module_redefinition(&mut self, name: &ast::Ident, span: Span) -> Result<(), Failure> {
        let scope = self.scopes.get(self.scope);
        if scope.kind == crate::scope::ScopeKind::Module {
            return self.check_redeclaration(name, span);
        }
        Ok(())
    }

    /// `x op= e`
    pub(super) fn aug_assign(
        &mut self,
        assign: &ast::AugAssign,
        span: Span,
    ) -> Result<(), Failure> {
        match &assign.target.kind {
            ExprKind::Name(name) => {
                let left = self.name(name, assign.target.span)?;
                let right = self.expr(&assign.value)?;
                let result = self.in_place(assign.op, left, right, span)?;
                let ident = ast::Ident {
                    name: name.clone(),
                    span: assign.target.span,
                };
                self.assign(&ident, result, span)
            }
            ExprKind::GetAttr(object, attr) => self.aug_assign_attr(object, attr, assign, span),
            ExprKind::GetItem(object, args) => self.aug_assign_item(object, args, assign, span),
            _ => Err(super::expr::not_supported(assign.target.span)),
        }
    }

    fn execute_assert(&mut self, node: &ast::Assert, span: Span) -> Result<(), Failure> {
        if self.condition(&node.test)? {
            return Ok(());
        }
        let message = match &node.msg {
            Some(msg) => {
                let operand = self.expr(msg)?;
                self.assert_message(operand)?.value
            }
            None => None,
        };
        let text = match message {
            Some(Value::Str(text)) => text.to_string(),
            _ => "assertion failed".to_owned(),
        };
        Err(Diagnostic::new(ErrorKind::AssertionError, text)
            .error("assertion failed", span)
            .into())
    }

    /// The message of an assertion has static type `str`.
    pub(super) fn assert_message(&mut self, operand: Operand) -> Result<Operand, Failure> {
        if operand.ty == TypeId::STR {
            return Ok(operand);
        }
        Err(self
            .mismatched(TypeId::STR, operand.ty, operand.span)
            .into())
    }
}

/// The variable of a `for` statement that has one.
fn loop_target(node: &ast::For) -> Result<ast::Ident, Failure> {
    match &node.target.kind {
        ExprKind::Name(name) => Ok(ast::Ident {
            name: name.clone(),
            span: node.target.span,
        }),
        _ => Err(super::expr::not_supported(node.target.span)),
    }
}
