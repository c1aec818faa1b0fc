//! Exceptions: raising and handling them.
//!
//! What may raise inside a `try` yields a flag, which a branch tests; the branch leads to a pad that
//! notes the place and goes on to the landing of the `try`, with the variables as they were.
//! Outside of a `try` the flag is left to codegen, so that nothing changes there.
//!
//! A `finally` clause exists once. Whoever wants to leave the statement goes there with the number
//! of a way out, the exception and the results of a `return`; behind the clause control goes on in
//! that way.

use spy_lang::ir::{Expr, ExprKind, Handler, RaiseSource, Stmt, StmtKind, Try};
use spy_lang::source::Span;
use spy_lang::types::{TypeId, TypeKind};
use spy_runtime::error::ErrorKind;

use super::Lowered;
use super::flow::Join;
use super::function::Lowerer;
use crate::mir::{BinaryOp, IntCompare, Op, PlaceId, RuntimeFunc, Terminator, Ty, Val};

/// A way out of a `try` with a `finally` clause.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exit {
    Next,
    Raise,
    Return,
    Break,
    Continue,
}

/// A `finally` clause around the statement at hand.
pub(super) struct Finally {
    entry: Join,
    /// The ways out that have been taken, in order.
    exits: Vec<Exit>,
    /// How many loops are around it.
    loops: usize,
}

impl Lowerer<'_, '_> {
    // ---- what may raise ----

    /// Appends an operation that may raise; results of these types.
    pub(super) fn raising(&mut self, op: Op, types: &[Ty], place: PlaceId) -> Vec<Val> {
        if self.landings.is_empty() {
            return self.function.add_inst(self.block, op, types, Some(place));
        }
        let mut results = self.function.add_caught_inst(self.block, op, types, place);
        if let Some(flag) = results.pop() {
            self.pad_if(flag, |lowerer| lowerer.trace(place));
        }
        results
    }

    /// Goes to the landing if the condition holds, after something else.
    pub(super) fn pad_if(&mut self, condition: Val, before: impl FnOnce(&mut Self)) {
        let (mut pad, mut next) = (self.join(), self.join());
        self.branch(condition, &mut pad, &mut next);
        self.enter(pad);
        before(self);
        self.pass_on();
        self.enter(next);
    }

    /// Notes that the exception at hand passes a place.
    pub(super) fn trace(&mut self, place: PlaceId) {
        self.function
            .add_inst(self.block, Op::Trace, &[], Some(place));
    }

    /// Makes an exception of a kind and a message, a `str`, the one at hand.
    pub(super) fn set_exception(&mut self, kind: ErrorKind, message: Val, span: Span) {
        let kind = self.int(Ty::I8, i64::from(kind as u8));
        self.runtime(RuntimeFunc::SetException, &[kind, message], span);
    }

    /// Leaves with the exception at hand, which is raised here.
    pub(super) fn leave_from(&mut self, span: Span) {
        let place = self.place(span);
        if self.landings.is_empty() {
            self.end_block(Terminator::Unwind(Some(place)));
        } else {
            self.trace(place);
            self.pass_on();
        }
    }

    /// Leaves with the exception at hand, which has been raised elsewhere.
    fn pass_on(&mut self) {
        match self.landings.pop() {
            Some(mut landing) => {
                self.jump(&mut landing, Vec::new());
                self.landings.push(landing);
            }
            None => self.end_block(Terminator::Unwind(None)),
        }
    }

    // ---- raise ----

    pub(super) fn raise_stmt(
        &mut self,
        source: &RaiseSource,
        cause: Option<&Expr>,
        span: Span,
    ) -> Lowered<()> {
        if matches!(source, RaiseSource::Again) {
            let exception = *self.handled.last().expect("a handler is around");
            self.runtime(RuntimeFunc::RaiseException, &[exception], span);
            self.pass_on();
            return Ok(());
        }
        let raised = self.raised(source, span)?;
        let hides = cause.is_some_and(|cause| cause.ty == TypeId::NONE);
        let cause = match cause {
            Some(cause) if hides => {
                self.expr(cause)?;
                None
            }
            Some(cause) => Some(self.scalar(cause)?),
            None => None,
        };
        match raised {
            Raised::New(kind, message) => self.set_exception(kind, message, span),
            Raised::Value(exception) => {
                self.runtime(RuntimeFunc::RaiseException, &[exception], span);
            }
        }
        if let Some(cause) = cause {
            self.runtime(RuntimeFunc::SetCause, &[cause], span);
        } else if hides {
            self.runtime(RuntimeFunc::HideContext, &[], span);
        }
        self.leave_from(span);
        Ok(())
    }

    fn raised(&mut self, source: &RaiseSource, span: Span) -> Lowered<Raised> {
        Ok(match source {
            RaiseSource::New(class, message) => {
                let message = match message {
                    Some(message) => self.scalar(message)?,
                    None => self.text(""),
                };
                self.new_raised(*class, message, span)
            }
            RaiseSource::Value(value) => Raised::Value(self.scalar(value)?),
            RaiseSource::Compiler(id) => {
                let error = &self.state.program.errors[id.0 as usize];
                let (class, message) = (error.class(), self.text(&error.message));
                self.new_raised(class, message, span)
            }
            RaiseSource::Again => unreachable!("the caller has seen to it"),
        })
    }

    fn new_raised(&mut self, class: TypeId, message: Val, span: Span) -> Raised {
        if self.state.program.types.user_class(class).is_some() {
            return Raised::Value(self.make_exception(class, message, span));
        }
        Raised::New(self.kind_of(class), message)
    }

    /// A new exception of a class with a message.
    pub(super) fn make_exception(&mut self, class: TypeId, message: Val, span: Span) -> Val {
        let kind = i64::from(self.kind_of(class) as u8);
        let kind = self.int(Ty::I8, kind);
        let lineage = self.state.program.types.lineage(class);
        if lineage.is_empty() {
            return self.runtime(RuntimeFunc::NewException, &[kind, message], span)[0];
        }
        let lineage = self.text(&lineage.join("\n"));
        let operands = [kind, message, lineage];
        self.runtime(RuntimeFunc::NewUserException, &operands, span)[0]
    }

    fn kind_of(&self, class: TypeId) -> ErrorKind {
        let TypeKind::Exception(kind) = self.state.program.types.kind(class) else {
            unreachable!("exceptions have an exception type")
        };
        *kind
    }

    // ---- try ----

    pub(super) fn try_stmt(&mut self, guarded: &Try, span: Span) -> Lowered<()> {
        if guarded.finalbody.is_empty() {
            return self.handled(guarded, span);
        }
        let (entry, landing) = (self.join(), self.join());
        self.finals.push(Finally {
            entry,
            exits: Vec::new(),
            loops: self.loops.len(),
        });
        self.landings.push(landing);
        self.handled(guarded, span)?;
        let landing = self.landings.pop().expect("pushed above");
        self.exit(Exit::Next, None, &[]);
        self.enter(landing);
        let exception = self.runtime(RuntimeFunc::CatchException, &[], span)[0];
        self.exit(Exit::Raise, Some(exception), &[]);
        let Finally { entry, exits, .. } = self.finals.pop().expect("pushed above");
        let values = self.enter(entry);
        if self.dead {
            return Ok(());
        }
        let waiting = exits.contains(&Exit::Raise).then_some(values[1]);
        self.with_context(waiting, &guarded.finalbody, span)?;
        self.go_on(&exits, &values, span);
        Ok(())
    }

    /// Statements; an exception that leaves them tells of the one that was at hand before.
    fn with_context(&mut self, before: Option<Val>, stmts: &[Stmt], span: Span) -> Lowered<()> {
        let Some(before) = before.filter(|_| stmts.iter().any(can_raise)) else {
            return self.stmts(stmts);
        };
        let landing = self.join();
        self.landings.push(landing);
        self.stmts(stmts)?;
        let landing = self.landings.pop().expect("pushed above");
        let mut next = self.join();
        self.jump(&mut next, Vec::new());
        self.enter(landing);
        self.runtime(RuntimeFunc::SetContext, &[before], span);
        self.pass_on();
        self.enter(next);
        Ok(())
    }

    /// Goes to the innermost `finally` clause; what follows is dead.
    fn exit(&mut self, exit: Exit, exception: Option<Val>, results: &[Val]) {
        if self.dead {
            return;
        }
        let number = self.int(Ty::I8, exit as i64);
        let exception = match exception {
            Some(exception) => exception,
            None => self.int(Ty::Ptr, 0),
        };
        let mut values = vec![number, exception];
        if results.is_empty() {
            let types = self.function.results.clone();
            values.extend(types.into_iter().map(|ty| self.zero(ty)));
        } else {
            values.extend(results);
        }
        let mut around = self.finals.pop().expect("the caller has seen one");
        if !around.exits.contains(&exit) {
            around.exits.push(exit);
        }
        self.jump(&mut around.entry, values);
        self.finals.push(around);
    }

    /// Goes on behind a `finally` clause, as the number among the values says.
    fn go_on(&mut self, exits: &[Exit], values: &[Val], span: Span) {
        let mut done = self.join();
        for (index, exit) in exits.iter().enumerate() {
            let mut next = self.join();
            if index + 1 < exits.len() {
                let mut here = self.join();
                let is_exit = self.compare_with(IntCompare::Eq, values[0], *exit as i64);
                self.branch(is_exit, &mut here, &mut next);
                self.enter(here);
            }
            match exit {
                Exit::Next => self.jump(&mut done, Vec::new()),
                Exit::Raise => {
                    self.runtime(RuntimeFunc::RaiseException, &values[1..2], span);
                    self.pass_on();
                }
                Exit::Return => self.return_values(values[2..].to_vec()),
                Exit::Break => self.break_loop(),
                Exit::Continue => self.continue_loop(),
            }
            self.enter(next);
        }
        self.enter(done);
    }

    /// `return` with these scalars.
    pub(super) fn return_values(&mut self, values: Vec<Val>) {
        if self.finals.is_empty() {
            self.end_block(Terminator::Return(values));
        } else {
            self.exit(Exit::Return, None, &values);
        }
    }

    pub(super) fn break_loop(&mut self) {
        if self.is_final_before_loop() {
            self.exit(Exit::Break, None, &[]);
        } else {
            self.leave(|lowerer, around| lowerer.jump(&mut around.done, vec![]));
        }
    }

    pub(super) fn continue_loop(&mut self) {
        if self.is_final_before_loop() {
            self.exit(Exit::Continue, None, &[]);
        } else {
            self.leave(|lowerer, around| lowerer.jump(&mut around.next, vec![]));
        }
    }

    /// Whether a `finally` clause has to run before control can leave the innermost loop.
    fn is_final_before_loop(&self) -> bool {
        let innermost = self.finals.last();
        innermost.is_some_and(|around| around.loops == self.loops.len())
    }

    // ---- handlers ----

    /// A `try` without its `finally` clause.
    fn handled(&mut self, guarded: &Try, span: Span) -> Lowered<()> {
        let landing = self.join();
        if guarded.handlers.is_empty() {
            self.stmts(&guarded.body)?;
            return self.stmts(&guarded.orelse);
        }
        self.landings.push(landing);
        self.stmts(&guarded.body)?;
        let landing = self.landings.pop().expect("pushed above");
        self.stmts(&guarded.orelse)?;
        let mut done = self.join();
        self.jump(&mut done, Vec::new());
        self.enter(landing);
        let kind = self.runtime(RuntimeFunc::ExceptionKind, &[], span)[0];
        for handler in &guarded.handlers {
            let (mut here, mut next) = (self.join(), self.join());
            match self.takes(handler, kind) {
                Some(condition) => self.branch(condition, &mut here, &mut next),
                None => self.jump(&mut here, Vec::new()),
            }
            self.enter(here);
            self.handler(handler)?;
            self.jump(&mut done, Vec::new());
            self.enter(next);
        }
        self.pass_on();
        self.enter(done);
        Ok(())
    }

    /// Whether a handler takes exceptions of a kind; `None` if it takes all.
    fn takes(&mut self, handler: &Handler, kind: Val) -> Option<Val> {
        let types = &self.state.program.types;
        let (own, others): (Vec<TypeId>, Vec<TypeId>) = handler
            .classes
            .iter()
            .partition(|class| types.user_class(**class).is_some());
        let names: Vec<String> = own
            .iter()
            .map(|class| types.get(*class).fqn.to_string())
            .collect();
        let bases: Vec<ErrorKind> = others.iter().map(|class| self.kind_of(*class)).collect();
        let (taken, others): (Vec<ErrorKind>, Vec<ErrorKind>) = ErrorKind::ALL
            .iter()
            .copied()
            .partition(|kind| bases.iter().any(|base| kind.is_subclass_of(*base)));
        let (kinds, compare, join) = if taken.len() <= others.len() {
            (taken, IntCompare::Eq, BinaryOp::Or)
        } else {
            (others, IntCompare::Ne, BinaryOp::And)
        };
        let of_kind = kinds
            .into_iter()
            .map(|each| self.compare_with(compare, kind, i64::from(each as u8)))
            .collect::<Vec<_>>()
            .into_iter()
            .reduce(|a, b| self.binary(join, a, b));
        if names.is_empty() || (of_kind.is_none() && !bases.is_empty()) {
            return of_kind;
        }
        let mut conditions: Vec<Val> = of_kind.into_iter().collect();
        for name in names {
            let name = self.text(&name);
            let found = self.runtime(RuntimeFunc::ExceptionIs, &[name], handler.span)[0];
            conditions.push(self.compare_with(IntCompare::Ne, found, 0));
        }
        conditions
            .into_iter()
            .reduce(|a, b| self.binary(BinaryOp::Or, a, b))
    }

    fn handler(&mut self, handler: &Handler) -> Lowered<()> {
        let is_read = handler.binding.is_some() || handler.body.iter().any(can_raise);
        if !is_read {
            self.runtime(RuntimeFunc::DropException, &[], handler.span);
            return self.stmts(&handler.body);
        }
        let exception = self.runtime(RuntimeFunc::CatchException, &[], handler.span)[0];
        if let Some(local) = handler.binding {
            self.assign(local, &[exception]);
        }
        self.handled.push(exception);
        let outcome = self.with_context(Some(exception), &handler.body, handler.span);
        self.handled.pop();
        outcome
    }
}

/// What a `raise` raises.
enum Raised {
    New(ErrorKind, Val),
    Value(Val),
}

/// Whether a statement may raise anything; simple ones are known not to.
fn can_raise(stmt: &Stmt) -> bool {
    let is_plain = |value: &Expr| {
        matches!(
            value.kind,
            ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Global(_)
        )
    };
    match &stmt.kind {
        StmtKind::Assign(_, value) | StmtKind::StoreGlobal(_, value) => !is_plain(value),
        StmtKind::Expr(value) | StmtKind::Return(value) => !is_plain(value),
        StmtKind::Declare(_) | StmtKind::Break | StmtKind::Continue | StmtKind::Pass => false,
        StmtKind::If(test, body, orelse) | StmtKind::While(test, body, orelse) => {
            !is_plain(test) || body.iter().chain(orelse).any(can_raise)
        }
        StmtKind::Unpack(..) | StmtKind::Raise(..) | StmtKind::Try(_) | StmtKind::Assert(..) => {
            true
        }
    }
}
