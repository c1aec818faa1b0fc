//! Function bodies in tail form.
//!
//! `if c: return a` followed by `return b` becomes a conditional expression: control never has to
//! be told that a `return` happened. Only returns inside loops, and in the rare `if` that neither
//! always nor never returns, take the slower way of a flow.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::{Expr, Function, Stmt, StmtKind};
use spy_lang::program::{Failure, Value};
use spy_lang::types::TypeId;

use super::Lowering;
use crate::node::{Operand, body};

/// What is executed after some statements, up to the end of the function.
struct Rest<'a> {
    stmts: &'a [Stmt],
    next: Option<&'a Rest<'a>>,
}

/// Most branches inside each other in tail form: each holds native stack while it runs.
const MAX_TAIL_DEPTH: usize = 48;

impl Lowering<'_> {
    /// The result of a whole function.
    pub(super) fn function_body(&mut self, function: &Function) -> Result<Operand, Failure> {
        self.tail(function, &function.body, None)
    }

    fn tail(
        &mut self,
        function: &Function,
        stmts: &[Stmt],
        next: Option<&Rest<'_>>,
    ) -> Result<Operand, Failure> {
        let mut steps = Vec::new();
        let mut rest = Rest { stmts, next };
        loop {
            let Some((stmt, after)) = rest.stmts.split_first() else {
                match rest.next {
                    Some(Rest { stmts, next }) => rest = Rest { stmts, next: *next },
                    None => return Ok(body(steps, self.end(function))),
                }
                continue;
            };
            rest = Rest {
                stmts: after,
                next: rest.next,
            };
            match &stmt.kind {
                StmtKind::Return(value) => return Ok(body(steps, self.result(value)?)),
                StmtKind::Raise(source, cause) => {
                    let raise = self.raise_stmt(source, cause.as_ref(), stmt.span)?;
                    return Ok(body(steps, Operand::Tree(raise)));
                }
                StmtKind::If(test, then, otherwise)
                    if (leaves(then) || leaves(otherwise)) && self.tail_depth < MAX_TAIL_DEPTH =>
                {
                    let branch = self.tail_if(function, test, then, otherwise, &rest)?;
                    return Ok(body(steps, branch));
                }
                StmtKind::If(..)
                | StmtKind::Declare(_)
                | StmtKind::Assign(..)
                | StmtKind::Unpack(..)
                | StmtKind::StoreGlobal(..)
                | StmtKind::Expr(_)
                | StmtKind::While(..)
                | StmtKind::Try(_)
                | StmtKind::Break
                | StmtKind::Continue
                | StmtKind::Pass
                | StmtKind::Assert(..) => steps.extend(self.stmt(stmt)?),
            }
        }
    }

    /// An `if` of which at least one branch always leaves the function.
    fn tail_if(
        &mut self,
        function: &Function,
        test: &Expr,
        then: &[Stmt],
        otherwise: &[Stmt],
        rest: &Rest<'_>,
    ) -> Result<Operand, Failure> {
        self.check_depth()?;
        self.tail_depth += 1;
        let then = self.tail(function, then, (!leaves(then)).then_some(rest))?;
        let otherwise = self.tail(function, otherwise, (!leaves(otherwise)).then_some(rest))?;
        self.tail_depth -= 1;
        Ok(Operand::Tree(self.branch(test, then, otherwise)?))
    }

    /// Falling off the end.
    fn end(&mut self, function: &Function) -> Operand {
        if self.program.types.slots(function.result) == 0 {
            return Operand::Const(0);
        }
        if function.result == TypeId::DYNAMIC {
            return Operand::Const(self.constant(TypeId::DYNAMIC, &Value::None)[0]);
        }
        let end = function.end;
        Operand::Tree(self.failing(end, move |_| {
            let message = "reached the end of the function without a `return`";
            Diagnostic::new(ErrorKind::TypeError, message).error("no return", end)
        }))
    }
}

/// Whether control never reaches the end of these statements; outside of loops.
fn leaves(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(_) | StmtKind::Raise(..) => true,
        StmtKind::If(_, then, otherwise) => leaves(then) && leaves(otherwise),
        StmtKind::Declare(_)
        | StmtKind::Assign(..)
        | StmtKind::Unpack(..)
        | StmtKind::StoreGlobal(..)
        | StmtKind::Expr(_)
        | StmtKind::While(..)
        | StmtKind::Try(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Pass
        | StmtKind::Assert(..) => false,
    })
}

/// Whether there is a `return` among these statements.
pub(super) fn contains_return(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(_) => true,
        StmtKind::If(_, then, otherwise) | StmtKind::While(_, then, otherwise) => {
            contains_return(then) || contains_return(otherwise)
        }
        StmtKind::Try(guarded) => {
            let parts = [&guarded.body, &guarded.orelse, &guarded.finalbody];
            parts.into_iter().any(|part| contains_return(part))
                || guarded
                    .handlers
                    .iter()
                    .any(|handler| contains_return(&handler.body))
        }
        StmtKind::Declare(_)
        | StmtKind::Assign(..)
        | StmtKind::Unpack(..)
        | StmtKind::StoreGlobal(..)
        | StmtKind::Expr(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Pass
        | StmtKind::Raise(..)
        | StmtKind::Assert(..) => false,
    })
}
