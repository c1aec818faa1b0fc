//! `raise` and `try`: in blue code and in red functions.
//!
//! What is raised is an exception or a class of exceptions; a message or exception that is only
//! known at run time becomes IR. The classes of a handler are known at compile time. The variable
//! of a handler exists in its body only, with the base that all its classes have in common as its
//! type, so that handlers of different classes may share a name.

use std::rc::Rc;

use super::errors::{called_here, type_error};
use super::evaluator::{Evaluator, RedLocal};
use super::execute::Flow;
use super::operand::Operand;
use super::unassigned::leaves;
use super::{BlueLocal, Color};
use crate::diagnostics::{Before, Diagnostic, ErrorKind};
use crate::ir::{self, Prim, RaiseSource, Runtime, StmtKind as Ir};
use crate::program::{ExceptionValue, Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind};
use crate::types::{TypeId, TypeKind};

/// The exception that a blue handler is taking care of.
#[derive(Clone)]
pub(super) struct Handled {
    failure: Failure,
    failed_at: Option<Span>,
}

/// What a `raise` without exception says outside of handlers, as Python has it.
const NOTHING_TO_RAISE: &str = "No active exception to reraise";

// ---- what is raised ----

impl Evaluator<'_> {
    /// The operand of a `raise`: an exception; a class stands for a new one without message.
    fn raised(&mut self, exc: &ast::Expr, span: Span) -> Result<Operand, Failure> {
        let operand = self.expr(exc)?;
        let operand = self.dynamic_type(operand);
        self.exception_of(&operand, span)
    }

    /// The exception that an operand of `raise` stands for.
    pub(super) fn exception_of(&self, operand: &Operand, span: Span) -> Result<Operand, Failure> {
        if let Some(exception) = self.as_exception(operand) {
            return Ok(exception);
        }
        let diagnostic = if operand.blue_value().is_some() {
            self.cannot_raise(operand)
        } else {
            type_error("`raise` only accepts blue values for now")
                .error("this is red", operand.span)
        };
        Err(called_here(diagnostic.into(), "RAISE", span))
    }

    /// An operand that is an exception, or a new exception of the class that it is.
    fn as_exception(&self, operand: &Operand) -> Option<Operand> {
        if self.is_exception(operand.ty) {
            return Some(operand.clone());
        }
        match operand.value {
            Some(Value::Type(class)) if self.is_exception(class) => {
                Some(self.new_exception(class, "".into(), operand.span))
            }
            _ => None,
        }
    }

    /// A known exception.
    pub(super) fn new_exception(&self, class: TypeId, message: Rc<str>, span: Span) -> Operand {
        let TypeKind::Exception(kind) = *self.program.types.kind(class) else {
            unreachable!("exceptions have an exception type")
        };
        let exception = ExceptionValue {
            kind,
            user_class: self.program.types.user_class(class),
            message,
            raised: None,
        };
        self.known(Value::Exception(exception.into()), span)
    }

    /// Whether values of a type are exceptions.
    pub(super) fn is_exception(&self, ty: TypeId) -> bool {
        matches!(self.program.types.kind(ty), TypeKind::Exception(_))
    }

    /// `==` and `!=` of exceptions.
    pub(super) fn same_exceptions(
        &mut self,
        op: ast::CmpOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let prim = ir::Prim::Runtime(ir::Runtime::ExceptionEq);
        let operation = self.prim_operation(prim, &[&left, &right])?;
        let equal = self.apply(operation, vec![left, right], span)?;
        if op == ast::CmpOp::Ne {
            self.not(equal, span)
        } else {
            Ok(equal)
        }
    }

    fn cannot_raise(&self, operand: &Operand) -> Diagnostic {
        let name = self.type_name(operand.ty);
        type_error(format!("cannot raise `{name}`"))
            .error(format!("this is `{name}`"), operand.span)
    }

    /// The exception behind `from`, or `None`.
    fn cause(&mut self, cause: &ast::Expr, span: Span) -> Result<Operand, Failure> {
        let operand = self.expr(cause)?;
        let operand = self.dynamic_type(operand);
        if operand.ty == TypeId::NONE {
            return Ok(operand);
        }
        if let Some(exception) = self.as_exception(&operand) {
            return Ok(exception);
        }
        let name = self.type_name(operand.ty);
        let diagnostic = type_error("exception causes must derive from BaseException")
            .error(format!("this is `{name}`"), operand.span);
        Err(called_here(diagnostic.into(), "RAISE", span))
    }

    /// The failure that a `raise` statement of blue code is.
    pub(super) fn execute_raise(
        &mut self,
        node: &ast::Raise,
        span: Span,
    ) -> Result<Failure, Failure> {
        let Some(exc) = &node.exc else {
            return Ok(match self.handled.last().cloned() {
                Some(handled) => {
                    self.failed_at = handled.failed_at;
                    handled.failure
                }
                None => Diagnostic::new(ErrorKind::RuntimeError, NOTHING_TO_RAISE).into(),
            });
        };
        let mut failure = failure_of(&self.raised(exc, span)?);
        if let Some(cause) = &node.cause {
            let cause = self.cause(cause, span)?;
            if cause.ty == TypeId::NONE {
                failure.before = Before::Hidden;
            } else {
                failure.set_cause(failure_of(&cause));
            }
        }
        Ok(failure)
    }

    /// Emits a `raise` statement.
    pub(super) fn emit_raise(&mut self, node: &ast::Raise, span: Span) -> Result<(), Failure> {
        let Some(exc) = &node.exc else {
            let source = if self.emitter().handlers > 0 {
                RaiseSource::Again
            } else {
                let class = TypeId::exception(ErrorKind::RuntimeError);
                RaiseSource::New(class, message_ir(NOTHING_TO_RAISE, span))
            };
            self.emit(Ir::Raise(source, None), span);
            return Ok(());
        };
        let exception = self.raised(exc, span)?;
        let cause = match &node.cause {
            Some(cause) => Some(self.cause(cause, span)?),
            None => None,
        };
        let source = raise_source(exception, span);
        self.emit(Ir::Raise(source, cause.map(Operand::into_ir)), span);
        Ok(())
    }
}

/// The failure of raising a known exception.
fn failure_of(exception: &Operand) -> Failure {
    let Some(Value::Exception(exception)) = &exception.value else {
        unreachable!("all values of blue code are known")
    };
    exception.to_failure()
}

fn message_ir(message: &str, span: Span) -> Option<ir::Expr> {
    (!message.is_empty()).then(|| ir::Expr {
        kind: ir::ExprKind::Const(Value::str(message)),
        ty: TypeId::STR,
        span,
    })
}

fn raise_source(exception: Operand, span: Span) -> RaiseSource {
    if let Some(Value::Exception(value)) = exception.blue_value()
        && exception.ir.is_none()
    {
        let class = value.class();
        return RaiseSource::New(class, message_ir(&value.message, span));
    }
    let value = exception.into_ir();
    match value.kind {
        ir::ExprKind::MakeException(message) => RaiseSource::New(value.ty, Some(*message)),
        _ => RaiseSource::Value(value),
    }
}

// ---- classes ----

impl Evaluator<'_> {
    /// Executes the `class` statement of a class of exceptions, which has no fields and no methods.
    pub(super) fn define_exception_class(&mut self, def: &ast::ClassDef) -> Result<(), Failure> {
        let made_before = self.made_before(def.id);
        let class = match made_before {
            Some(Value::Type(class)) => class,
            Some(_) | None => {
                let base = self.exception_class_base(def)?;
                let fqn = self.namespace().join(&def.name.name);
                let fqn = self.program.unique_name(fqn);
                self.program.types.add_exception(fqn, base, def.header)
            }
        };
        self.remember(def.id, &Value::Type(class));
        self.bind_class(&def.name.name, class, def.header);
        let is_pass = |stmt: &&ast::Stmt| matches!(stmt.kind, ast::StmtKind::Pass);
        match def.body.iter().find(|stmt| !is_pass(stmt)) {
            Some(stmt) => {
                let message = "classes of exceptions have no fields and methods yet";
                let failure = Diagnostic::new(ErrorKind::NotImplementedError, message);
                Err(failure.error("this is not supported", stmt.span).into())
            }
            None => Ok(()),
        }
    }

    fn exception_class_base(&mut self, def: &ast::ClassDef) -> Result<TypeId, Failure> {
        let [ast::Arg::Positional(base)] = def.bases.as_slice() else {
            unreachable!("other bases are refused before")
        };
        let operand = self.expr(base)?;
        match operand.blue_value() {
            Some(Value::Type(class)) if self.is_exception(*class) => Ok(*class),
            _ => Err(
                Diagnostic::new(ErrorKind::ParseError, "base classes not supported yet")
                    .error("this is not supported", base.span)
                    .into(),
            ),
        }
    }

    /// `type(e).__name__` and `e.__class__.__name__` of a variable `e` that holds an exception: the
    /// class need not be known.
    pub(super) fn exception_class_name(
        &mut self,
        class: &ast::Expr,
        span: Span,
    ) -> Result<Option<Operand>, Failure> {
        let variable = match &class.kind {
            ExprKind::GetAttr(object, attr) if &*attr.name == "__class__" => &**object,
            ExprKind::Call(callee, args) => match args.as_slice() {
                [ast::Arg::Positional(object)] if is_name(object) && is_name(callee) => {
                    let callee = self.expr(callee)?;
                    if !matches!(callee.value, Some(Value::Type(TypeId::TYPE))) {
                        return Ok(None);
                    }
                    object
                }
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        if !is_name(variable) {
            return Ok(None);
        }
        let exception = self.expr(variable)?;
        if !self.is_exception(exception.ty) {
            return Ok(None);
        }
        let name = Prim::Runtime(Runtime::ExceptionName);
        self.of_exception(name, exception, span).map(Some)
    }

    /// `e.args` of an exception: a tuple of its message.
    pub(super) fn exception_args(
        &mut self,
        exception: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let message = Prim::Runtime(Runtime::ExceptionMessage);
        let message = self.of_exception(message, exception, span)?;
        self.tuple_of(vec![message], span)
    }

    fn of_exception(
        &mut self,
        prim: Prim,
        exception: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let operation = self.prim_operation(prim, &[&exception])?;
        self.apply(operation, vec![exception], span)
    }
}

fn is_name(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ExprKind::Name(_))
}

// ---- handlers ----

impl Evaluator<'_> {
    /// The classes that a handler takes.
    fn handler_classes(&mut self, handler: &ast::ExceptHandler) -> Result<Vec<TypeId>, Failure> {
        let mut classes = Vec::new();
        match &handler.exc {
            Some(exc) => self.handler_classes_into(exc, &mut classes)?,
            None => classes.push(TypeId::BASE_EXCEPTION),
        }
        Ok(classes)
    }

    fn handler_classes_into(
        &mut self,
        exc: &ast::Expr,
        classes: &mut Vec<TypeId>,
    ) -> Result<(), Failure> {
        if let ExprKind::Tuple(items) = &exc.kind {
            return items
                .iter()
                .try_for_each(|item| self.handler_classes_into(item, classes));
        }
        let operand = self.expr(exc)?;
        match operand.blue_value() {
            Some(Value::Type(class)) if self.is_exception(*class) => {
                classes.push(*class);
                Ok(())
            }
            _ => {
                let name = self.type_name(operand.ty);
                let message =
                    "catching classes that do not inherit from BaseException is not allowed";
                self.failed_at.get_or_insert(exc.span);
                Err(type_error(message)
                    .error(format!("this is `{name}`"), operand.span)
                    .into())
            }
        }
    }

    /// The type of a variable that holds exceptions of any of these classes.
    fn common_base(&self, classes: &[TypeId]) -> TypeId {
        let types = &self.program.types;
        let base = classes.iter().copied().reduce(|a, b| types.union(a, b));
        base.unwrap_or(TypeId::BASE_EXCEPTION)
    }

    /// Executes a `try` statement.
    pub(super) fn execute_try(&mut self, node: &ast::Try) -> Result<Flow, Failure> {
        let outcome = match self.execute_all(&node.body) {
            Ok(Flow::Next) => self.execute_all(&node.orelse),
            Ok(flow) => Ok(flow),
            Err(failure) if failure.is_final() => return Err(failure),
            Err(failure) => self.execute_handlers(&node.handlers, failure),
        };
        let outcome = outcome.map_err(|mut failure| {
            self.program.number_exception(&mut failure);
            failure
        });
        if matches!(&outcome, Err(failure) if failure.is_final()) {
            return outcome;
        }
        let failed_at = self.failed_at.take();
        let finished = self.execute_all(&node.finalbody).map_err(|mut failure| {
            if let Err(waiting) = &outcome {
                failure.add_context(waiting.clone());
            }
            failure
        });
        match finished? {
            Flow::Next => {
                self.failed_at = failed_at;
                outcome
            }
            flow => Ok(flow),
        }
    }

    fn execute_handlers(
        &mut self,
        handlers: &[ast::ExceptHandler],
        mut failure: Failure,
    ) -> Result<Flow, Failure> {
        let failed_at = self.failed_at.take();
        let class = failure.class();
        self.program.number_exception(&mut failure);
        for handler in handlers {
            let classes = self.handler_classes(handler)?;
            let types = &self.program.types;
            if classes.iter().any(|base| types.is_subtype(class, *base)) {
                let ty = self.common_base(&classes);
                return self.execute_handler(handler, ty, Handled { failure, failed_at });
            }
        }
        self.failed_at = failed_at;
        Err(failure)
    }

    fn execute_handler(
        &mut self,
        handler: &ast::ExceptHandler,
        ty: TypeId,
        handled: Handled,
    ) -> Result<Flow, Failure> {
        let hidden = handler.name.as_ref().map(|name| {
            let exception = ExceptionValue::of_failure(&handled.failure);
            let local = BlueLocal {
                ty,
                color: Color::Red,
                value: Some(Value::Exception(exception.into())),
                declared: name.span,
            };
            self.frame().locals.insert(name.name.clone(), local)
        });
        self.handled.push(handled);
        let outcome = self.execute_all(&handler.body);
        let handled = self.handled.pop().expect("pushed above");
        let outcome = outcome.map_err(|mut failure| {
            failure.add_context(handled.failure);
            failure
        });
        if let (Some(name), Some(hidden)) = (&handler.name, hidden) {
            let locals = &mut self.frame().locals;
            match hidden {
                Some(hidden) => locals.insert(name.name.clone(), hidden),
                None => locals.remove(&name.name),
            };
        }
        outcome
    }

    /// Emits a `try` statement.
    pub(super) fn emit_try(&mut self, node: &ast::Try, span: Span) -> Result<(), Failure> {
        let mut classes = Vec::with_capacity(node.handlers.len());
        for handler in &node.handlers {
            classes.push(self.handler_classes(handler)?);
        }
        let outer = self.emitter().taken.len();
        self.emitter().taken.extend(classes.iter().flatten());
        let (body, in_body) = self.branch(|this| this.emit_block(&node.body));
        self.emitter().taken.truncate(outer);
        self.declare_unsurely(in_body.clone());
        let mut handlers = Vec::with_capacity(node.handlers.len());
        for (handler, classes) in node.handlers.iter().zip(classes) {
            let (handler, constants) = self.branch(|this| this.emit_handler(handler, classes));
            self.declare_unsurely(constants);
            handlers.push(handler);
        }
        let (orelse, in_orelse) = self.branch(|this| {
            this.declare_surely(in_body);
            this.emit_block(&node.orelse)
        });
        self.declare_unsurely(in_orelse.clone());
        let finalbody = self.emit_block(&node.finalbody);
        if handlers.iter().all(|handler| leaves(&handler.body)) {
            self.declare_surely(in_orelse);
        }
        let guarded = ir::Try {
            body,
            handlers,
            orelse,
            finalbody,
        };
        self.emit(Ir::Try(guarded.into()), span);
        Ok(())
    }

    /// Whether a failure at compile time is an exception that a handler of the program takes, as
    /// that of `1 // 0` may be: it is then raised when the program runs. Mistakes of the program
    /// itself, such as errors of types, are not.
    pub(super) fn is_expected(&mut self, failure: &Diagnostic) -> bool {
        let is_mistake = failure.is_final()
            || failure.is_static()
            || matches!(
                failure.kind,
                ErrorKind::NameError
                    | ErrorKind::ScopeError
                    | ErrorKind::ImportError
                    | ErrorKind::ParseError
            );
        if is_mistake {
            return false;
        }
        let class = failure.class();
        let taken = self.emitter().taken.clone();
        let types = &self.program.types;
        taken.iter().any(|base| types.is_subtype(class, *base))
    }

    fn emit_handler(&mut self, handler: &ast::ExceptHandler, classes: Vec<TypeId>) -> ir::Handler {
        let mut binding = None;
        let mut hidden = None;
        if let Some(name) = &handler.name {
            let ty = self.common_base(&classes);
            let local = self.new_local(&name.name, ty, name.span);
            let names = &mut self.emitter().names;
            hidden = names.insert(name.name.clone(), RedLocal::Red(local));
            binding = Some(local);
        }
        self.emitter().handlers += 1;
        let body = self.emit_block(&handler.body);
        self.emitter().handlers -= 1;
        if let Some(name) = &handler.name {
            let names = &mut self.emitter().names;
            match hidden {
                Some(hidden) => names.insert(name.name.clone(), hidden),
                None => names.remove(&name.name),
            };
        }
        ir::Handler {
            classes,
            binding,
            body,
            span: handler.span,
        }
    }
}
