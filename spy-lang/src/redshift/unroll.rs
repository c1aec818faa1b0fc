//! Loops whose turns are known to the compiler: over `UNROLL_RANGE(n)`, and in red functions over
//! any known tuple or list of the compiler.
//!
//! Each turn is evaluated by itself with targets that are blue, so it may index tuples, call blue
//! functions and declare variables of types of its own. What red functions become is in `turns`.

use std::rc::Rc;

use super::arguments::Arguments;
use super::assign::{check_count, place_of};
use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::execute::Flow;
use super::operand::Operand;
use super::{BlueLocal, Color};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind};
use crate::types::TypeId;

impl Evaluator<'_> {
    /// `UNROLL_RANGE(stop)`, `UNROLL_RANGE(start, stop[, step])`: the numbers of a range.
    pub(super) fn unroll_range(&mut self, args: Arguments, span: Span) -> Result<Operand, Failure> {
        let mut numbers = Vec::with_capacity(3);
        for operand in args.operands {
            let operand = self.convert(operand, TypeId::I32)?;
            // The length of a red tuple is red, but known all the same.
            let known = match self.is_blue() {
                true => operand.blue_value(),
                false => operand.value.as_ref(),
            };
            let Some(Value::Int(_, number)) = known else {
                let failure =
                    type_error("expected blue argument").error("this is red", operand.span);
                return Err(called_here(failure.into(), "CALL", span));
            };
            numbers.push(*number);
            self.drop_operand(operand);
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

    /// The items that the turns of an unrolled loop are about: those of a tuple or list of the
    /// compiler.
    pub(super) fn known_items(iterable: &Operand) -> Option<Rc<[Value]>> {
        match iterable.blue_value()? {
            Value::Tuple(items) => Some(items.clone()),
            Value::List(list) => Some(list.items.borrow().clone().into()),
            _ => None,
        }
    }

    /// Executes a loop of blue code with blue targets.
    pub(super) fn execute_unrolled(
        &mut self,
        node: &ast::For,
        items: &[Value],
        span: Span,
    ) -> Result<Flow, Failure> {
        let targets = loop_targets(node)?;
        for item in items {
            self.step(span)?;
            let values = self.turn_values(node, &targets, item)?;
            for (target, value) in targets.iter().zip(values) {
                let local = BlueLocal {
                    ty: self.program.type_of(&value),
                    color: Color::Blue,
                    value: Some(value),
                    declared: span,
                };
                self.set_blue_local(&target.name, local);
            }
            match self.execute_all(&node.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.execute_all(&node.orelse)
    }

    /// What the targets of a loop are in the turn about an item.
    pub(super) fn turn_values(
        &mut self,
        node: &ast::For,
        targets: &[ast::Ident],
        item: &Value,
    ) -> Result<Vec<Value>, Failure> {
        let ExprKind::Tuple(places) = &node.target.kind else {
            return Ok(vec![item.clone()]);
        };
        let operand = self.known(item.clone(), node.iter.span);
        let values = match item {
            Value::Tuple(parts) => parts.to_vec(),
            Value::Struct(ty, parts) if self.is_tuple(*ty) => parts.to_vec(),
            _ => {
                return Err(self.not_unpacked(&operand));
            }
        };
        let expected = (places.len(), place_of(places, node.iter.span));
        check_count(expected, values.len(), node.iter.span)?;
        debug_assert_eq!(values.len(), targets.len(), "one value a target");
        Ok(values)
    }
}

/// The variables of a `for` statement.
pub(super) fn loop_targets(node: &ast::For) -> Result<Vec<ast::Ident>, Failure> {
    let ident = |target: &ast::Expr| match &target.kind {
        ExprKind::Name(name) => Ok(ast::Ident {
            name: name.clone(),
            span: target.span,
        }),
        _ => Err(super::expr::not_supported(target.span)),
    };
    match &node.target.kind {
        ExprKind::Tuple(targets) => targets.iter().map(ident).collect(),
        _ => Ok(vec![ident(&node.target)?]),
    }
}
