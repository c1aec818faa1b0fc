//! Loops whose turns are known to the compiler: over `UNROLL_RANGE(n)`, and in red functions over
//! any known tuple of the compiler.
//!
//! Each turn is evaluated by itself with a target that is blue, so it may index tuples, call blue
//! functions and declare variables of types of its own.

use std::rc::Rc;

use super::arguments::Arguments;
use super::errors::{called_here, type_error};
use super::evaluator::{Evaluator, RedLocal};
use super::execute::Flow;
use super::operand::Operand;
use super::{BlueLocal, Color};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, StmtKind};
use crate::types::TypeId;

impl Evaluator<'_> {
    /// `UNROLL_RANGE(stop)`, `UNROLL_RANGE(start, stop[, step])`: the numbers of a range.
    pub(super) fn unroll_range(&mut self, args: Arguments, span: Span) -> Result<Operand, Failure> {
        let mut numbers = Vec::with_capacity(3);
        for operand in args.operands {
            let operand = self.convert(operand, TypeId::I32)?;
            let Some(Value::Int(_, number)) = operand.blue_value() else {
                let failure =
                    type_error("expected blue argument").error("this is red", operand.span);
                return Err(called_here(failure.into(), "CALL", span));
            };
            numbers.push(*number);
        }
        let (start, stop, step) = match numbers.as_slice() {
            [stop] => (0, *stop, 1),
            [start, stop] => (*start, *stop, 1),
            [start, stop, step] if *step != 0 => (*start, *stop, *step),
            [_, _, _] => {
                let message = "range() arg 3 must not be zero";
                return Err(Diagnostic::new(ErrorKind::ValueError, message).into());
            }
            other => {
                let message = format!(
                    "this function takes from 1 to 3 arguments but {} arguments were supplied",
                    other.len()
                );
                return Err(called_here(type_error(message).into(), "CALL", span));
            }
        };
        let mut turns = Vec::new();
        let mut number = start;
        while (step > 0 && number < stop) || (step < 0 && number > stop) {
            self.step(span)?;
            turns.push(Value::Int(crate::types::IntType::I32, number));
            number += step;
        }
        Ok(self.known(Value::Tuple(turns.into()), span))
    }

    /// Whether a loop is over a call of `UNROLL_RANGE`.
    pub(super) fn is_unroll_range(&self, iter: &ast::Expr) -> bool {
        let ExprKind::Call(callee, _) = &iter.kind else {
            return false;
        };
        let ExprKind::Name(name) = &callee.kind else {
            return false;
        };
        let import = self.symbol(name).and_then(|symbol| symbol.import);
        import.is_some_and(|import| {
            &*import.module == "__spy__" && import.attr.as_deref() == Some("UNROLL_RANGE")
        })
    }

    /// Executes a loop of blue code with a blue target.
    pub(super) fn execute_unrolled(
        &mut self,
        node: &ast::For,
        target: &ast::Ident,
        items: &[Value],
        span: Span,
    ) -> Result<Flow, Failure> {
        for item in items {
            self.step(span)?;
            let local = BlueLocal {
                ty: self.program.type_of(item),
                color: Color::Blue,
                value: Some(item.clone()),
                declared: span,
            };
            self.set_blue_local(&target.name, local);
            match self.execute_all(&node.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.execute_all(&node.orelse)
    }

    /// Emits the turns of a loop of a red function one after the other.
    pub(super) fn emit_unrolled(
        &mut self,
        node: &ast::For,
        target: &ast::Ident,
        items: &[Value],
    ) -> Result<(), Failure> {
        if let Some(jump) = find_jump(&node.body) {
            let message = "`break` and `continue` are not supported in unrolled loops";
            return Err(super::errors::wip(message)
                .error("this is not supported", jump)
                .into());
        }
        for item in items {
            self.step(target.span)?;
            let ty = self.program.type_of(item);
            self.bind_constant(&target.name, RedLocal::Blue(ty, item.clone()));
            let before: Vec<Rc<str>> = self.emitter().names.keys().cloned().collect();
            self.emit_stmts(&node.body);
            let names = &mut self.emitter().names;
            names.retain(|name, _| before.contains(name));
        }
        self.emit_stmts(&node.orelse);
        Ok(())
    }
}

/// A `break` or `continue` of the loop that these statements are the body of.
fn find_jump(stmts: &[ast::Stmt]) -> Option<Span> {
    stmts.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::Break | StmtKind::Continue => Some(stmt.span),
        StmtKind::If(node) => find_jump(&node.body).or_else(|| find_jump(&node.orelse)),
        _ => None,
    })
}
