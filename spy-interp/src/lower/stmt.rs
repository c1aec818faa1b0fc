//! Statements.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::{Expr, Stmt, StmtKind};
use spy_lang::memory::ObjectId;
use spy_lang::program::Failure;
use spy_lang::source::Span;

use super::Lowering;
use crate::failure::Site;
use crate::machine::Cx;
use crate::node::{
    BREAK, CONTINUE, Const, Consumer, Ex, Loop, NEXT, Operand, RETURN, Step, StepKind, Store,
    Value, When, as_flow, ex, sequence,
};

impl Lowering<'_> {
    /// Statements in order; those without effect are left out.
    pub(super) fn steps(&mut self, stmts: &[Stmt]) -> Result<Vec<Step>, Failure> {
        let mut steps = Vec::new();
        for stmt in stmts {
            steps.extend(self.stmt(stmt)?);
        }
        Ok(steps)
    }

    /// A statement; `None` if it does nothing.
    pub(super) fn stmt(&mut self, stmt: &Stmt) -> Result<Option<Step>, Failure> {
        self.check_depth()?;
        let step = match &stmt.kind {
            StmtKind::Pass => return Ok(None),
            StmtKind::Declare(local) => match self.layout.local(*local).flag {
                Some(flag) => Step::plain(Store(flag).accept(Const(0))),
                None => return Ok(None),
            },
            StmtKind::Assign(local, value) => Step::plain(self.assign(*local, value)?),
            StmtKind::Unpack(targets, value) => Step::plain(self.unpack(targets, value)?),
            StmtKind::StoreGlobal(global, value) => {
                let slot = self.program.global(*global).slot;
                Step::plain(self.store_global(slot, value)?)
            }
            StmtKind::Expr(expr) => Step::plain(self.effect(expr)?),
            StmtKind::If(test, then, otherwise) => self.if_stmt(test, then, otherwise)?,
            StmtKind::While(test, body, otherwise) => {
                self.while_stmt(test, body, otherwise, stmt.span)?
            }
            StmtKind::Return(value) => Step::flow(self.return_stmt(value)?),
            StmtKind::Break => Step::flow(Value.accept(Const(BREAK))),
            StmtKind::Continue => Step::flow(Value.accept(Const(CONTINUE))),
            StmtKind::Raise(source, cause) => {
                Step::plain(self.raise_stmt(source, cause.as_ref(), stmt.span)?)
            }
            StmtKind::Try(guarded) => self.try_stmt(guarded)?,
            StmtKind::Assert(test, message) => {
                Step::plain(self.assert_stmt(test, message.as_ref(), stmt.span)?)
            }
        };
        Ok(Some(step))
    }

    fn if_stmt(&mut self, test: &Expr, then: &[Stmt], otherwise: &[Stmt]) -> Result<Step, Failure> {
        let (then, otherwise) = (sequence(self.steps(then)?), self.steps(otherwise)?);
        if otherwise.is_empty() {
            let kind = then.kind;
            return Ok(Step {
                ex: self.test(test, When { then: then.ex })?,
                kind,
            });
        }
        let otherwise = sequence(otherwise);
        let plain = then.kind == StepKind::Plain && otherwise.kind == StepKind::Plain;
        if plain {
            let (then, otherwise) = (Operand::Tree(then.ex), Operand::Tree(otherwise.ex));
            return Ok(Step::plain(self.branch(test, then, otherwise)?));
        }
        let (then, otherwise) = (as_flow(then), as_flow(otherwise));
        let branch = self.branch(test, Operand::Tree(then), Operand::Tree(otherwise))?;
        Ok(Step::flow(branch))
    }

    fn while_stmt(
        &mut self,
        test: &Expr,
        body: &[Stmt],
        otherwise: &[Stmt],
        span: Span,
    ) -> Result<Step, Failure> {
        let returns = super::tail::contains_return(body);
        let site = self.site(span);
        let (head, body) = match self.for_head(test, body) {
            Some((head, rest)) => (Some(head), rest),
            None => (None, body),
        };
        let body = sequence(self.steps(body)?);
        let otherwise = sequence(self.steps(otherwise)?);
        let is_flow = returns || otherwise.kind == StepKind::Flow;
        let consumer = Loop {
            body,
            otherwise: Some(as_flow(otherwise)),
            site,
        };
        let ex = match head {
            Some(head) => self.give_head(&head, consumer)?,
            None => self.test(test, consumer)?,
        };
        Ok(if is_flow {
            Step::flow(ex)
        } else {
            Step::plain(ex)
        })
    }

    /// A `return` that is not the last thing its function does.
    fn return_stmt(&mut self, value: &Expr) -> Result<Ex, Failure> {
        if let Some(temps) = self.return_temps {
            let fill = self.fill(value, temps)?;
            return Ok(Box::new(move |cx, frame| {
                fill(cx, frame)?;
                Ok(RETURN)
            }));
        }
        let result = self.result(value)?.into_ex();
        Ok(Box::new(move |cx, frame| {
            cx.returned = result(cx, frame)?;
            Ok(RETURN)
        }))
    }

    fn assert_stmt(
        &mut self,
        test: &Expr,
        message: Option<&Expr>,
        span: Span,
    ) -> Result<Ex, Failure> {
        let label = "assertion failed";
        let otherwise = match message {
            None => self.failing(span, move |_| {
                Diagnostic::new(ErrorKind::AssertionError, label).error(label, span)
            }),
            Some(message) => {
                let (site, message) = (self.site(span), self.value(message)?.into_ex());
                ex(move |cx, frame| {
                    let message = message(cx, frame)?;
                    let kind = ErrorKind::AssertionError;
                    let mut failure = fail_with_text(cx, site, kind, message);
                    *failure = failure.error(label, span);
                    Err(failure)
                })
            }
        };
        self.branch(test, Operand::Const(NEXT), Operand::Tree(otherwise))
    }
}

#[cold]
fn fail_with_text(cx: &mut Cx<'_>, site: Site, kind: ErrorKind, message: u64) -> Failure {
    let text = cx.program.heap.str(ObjectId::from_slot(message));
    site.fail(cx.program, Diagnostic::new(kind, text))
}
