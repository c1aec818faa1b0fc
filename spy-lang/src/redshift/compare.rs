//! Comparisons: the operators, identity, membership and chains.

use super::Color;
use super::dispatch;
use super::errors::called_here;
use super::evaluator::Evaluator;
use super::expr::with_statements;
use super::fold::truth;
use super::operand::{Operand, Operation, Recipe};
use crate::ir::{DynamicOp, Expr, ExprKind as Ir, MemoryOp, Prim, Runtime};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{self, CmpOp};
use crate::types::TypeId;

impl Evaluator<'_> {
    /// `left op right` of expressions.
    pub(super) fn compare_expr(
        &mut self,
        op: CmpOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Result<Operand, Failure> {
        let left = self.expr(left)?;
        let right = self.expr(right)?;
        self.compare(op, left, right, span)
    }

    /// `left op right`
    pub(super) fn compare(
        &mut self,
        op: CmpOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let identity = matches!(op, CmpOp::Is | CmpOp::IsNot);
        if !identity && (self.is_dynamic(&left) || self.is_dynamic(&right)) {
            return Ok(self.postpone(DynamicOp::Compare(op), vec![left, right], span));
        }
        match op {
            CmpOp::Is | CmpOp::IsNot => return self.identity(op, left, right, span),
            CmpOp::In | CmpOp::NotIn => return self.membership(op, left, right, span),
            CmpOp::Eq | CmpOp::Ne | CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => {}
        }
        let (left, right) = self.adapt_pair(left, right);
        let (left, right) = (self.dynamic_type(left), self.dynamic_type(right));
        if matches!(op, CmpOp::Eq | CmpOp::Ne)
            && left.ty == right.ty
            && self
                .program
                .types
                .as_ptr(left.ty)
                .is_some_and(|ty| !ty.is_ref)
        {
            let same = self.memory_op(MemoryOp::Same, vec![left, right], TypeId::BOOL, span)?;
            return if op == CmpOp::Ne {
                self.not(same, span)
            } else {
                Ok(same)
            };
        }
        let (left, right) = (self.dereferenced(left)?, self.dereferenced(right)?);
        if let Some(result) = self.collection_operation(op.symbol(), &left, &right, span) {
            return Ok(result);
        }
        if matches!(op, CmpOp::Eq | CmpOp::Ne)
            && self.is_exception(left.ty)
            && self.is_exception(right.ty)
        {
            return self.same_exceptions(op, left, right, span);
        }
        let operation = match dispatch::compare(op, left.ty, right.ty) {
            Some(prim) => self.prim_operation(prim, &[&left, &right])?,
            None => match self.compare_method(op, &left, &right) {
                Ok(Some(operation)) => operation,
                Ok(None) if op == CmpOp::Ne && self.method(left.ty, "__eq__").is_some() => {
                    let equal = self.compare(CmpOp::Eq, left, right, span)?;
                    let equal = self.truth(equal)?;
                    return self.not(equal, span);
                }
                Ok(None) => return self.compare_identity(op, left, right, span),
                Err(e) => return Err(called_here(e, dispatch::compare_name(op), span)),
            },
        };
        self.apply(operation, vec![left, right], span)
    }

    /// `==` and `!=` of reference types without a method compare identity.
    fn compare_identity(
        &mut self,
        op: CmpOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let union = self.program.types.union(left.ty, right.ty);
        let comparable = matches!(op, CmpOp::Eq | CmpOp::Ne)
            && !self.program.types.is_value_type(union)
            && union != TypeId::OBJECT
            && union != TypeId::DYNAMIC;
        if !comparable {
            let failure = self.cannot_do(op.symbol(), &[left, right]).into();
            return Err(called_here(failure, dispatch::compare_name(op), span));
        }
        self.identical(op == CmpOp::Ne, left, right, span)
    }

    fn identity(
        &mut self,
        op: CmpOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let types = &self.program.types;
        if types.is_value_type(left.ty) && types.is_value_type(right.ty) {
            let place = left.span;
            let note = format!(
                "cannot use `{}` between value types as they don't have an identity",
                op.symbol()
            );
            let failure = self
                .cannot_do(op.symbol(), &[left, right])
                .note(note, place)
                .into();
            return Err(called_here(failure, dispatch::compare_name(op), span));
        }
        self.identical(op == CmpOp::IsNot, left, right, span)
    }

    /// Whether two operands are the same object; different static types without a common
    /// reference never are.
    pub(super) fn identical(
        &mut self,
        negate: bool,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let color = left.color.and(right.color);
        if let (Some(a), Some(b)) = (&left.value, &right.value) {
            let same = super::memo::key(a).is_some_and(|key| Some(key) == super::memo::key(b));
            let mut result = self.known(Value::Bool(same != negate), span);
            result.color = color;
            return Ok(result);
        }
        if left.ty == TypeId::NONE && right.ty == TypeId::NONE {
            return Ok(self.known(Value::Bool(!negate), span));
        }
        if left.ty == right.ty && self.program.types.as_ptr(left.ty).is_some() {
            let same = self.memory_op(MemoryOp::Same, vec![left, right], TypeId::BOOL, span)?;
            return if negate {
                self.not(same, span)
            } else {
                Ok(same)
            };
        }
        let known_different = left.ty != right.ty
            && !self.program.types.is_subtype(left.ty, right.ty)
            && !self.program.types.is_subtype(right.ty, left.ty);
        if known_different {
            let result = self.known(Value::Bool(negate), span);
            let result = self.after_effects(right, result);
            return Ok(self.after_effects(left, result));
        }
        let op = if negate { CmpOp::IsNot } else { CmpOp::Is };
        let operands = vec![left, right];
        self.postpone_as(TypeId::BOOL, DynamicOp::Compare(op), operands, span)
    }

    fn membership(
        &mut self,
        op: CmpOp,
        item: Operand,
        container: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let container = self.dereferenced_for(container, "__contains__")?;
        let found = if container.ty == TypeId::STR {
            let text = self.conversion(&item, TypeId::STR).map_err(|mut failure| {
                *failure = failure.note("function defined here", Span::BUILTINS);
                called_here(failure, "IN", span)
            })?;
            let text = match text {
                Some(conversion) => Recipe::Convert(0, conversion),
                None => Recipe::Operand(0),
            };
            let args = vec![Recipe::Operand(1), text];
            let operation = Operation::prim(Prim::Runtime(Runtime::StrContains), args);
            self.apply(operation, vec![item, container], span)?
        } else {
            match self.contains_method(&item, &container) {
                Ok(Some(operation)) => self.apply(operation, vec![item, container], span)?,
                Ok(None) => {
                    let failure = self.cannot_do("in", &[item, container]).into();
                    return Err(called_here(failure, "IN", span));
                }
                Err(failure) => return Err(called_here(failure, "IN", span)),
            }
        };
        if op == CmpOp::NotIn {
            self.not(found, span)
        } else {
            Ok(found)
        }
    }

    /// `a < b < c`: each operand is evaluated once, and only if the comparisons before it hold.
    pub(super) fn compare_chain(
        &mut self,
        first: &ast::Expr,
        rest: &[(CmpOp, ast::Expr)],
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_blue() {
            let left = self.expr(first)?;
            return self.chain_link(left, rest, span);
        }
        // The operand in the middle is held too, and must not overtake the first one.
        let (left, stmts) = self.capture(|this| {
            let left = this.expr(first)?;
            this.hold(left)
        })?;
        let chain = self.chain_link(left, rest, span)?;
        Ok(with_statements(stmts, chain))
    }

    fn chain_link(
        &mut self,
        left: Operand,
        rest: &[(CmpOp, ast::Expr)],
        span: Span,
    ) -> Result<Operand, Failure> {
        let ((op, right), rest) = rest.split_first().expect("a chain has comparisons");
        if rest.is_empty() {
            let right = self.expr(right)?;
            let place = left.span.to(right.span);
            return self.compare(*op, left, right, place);
        }
        if self.is_blue() {
            let right = self.expr(right)?;
            let place = left.span.to(right.span);
            let test = self.compare(*op, left, right.clone(), place)?;
            let test = self.truth(test)?;
            if !test.value.as_ref().is_some_and(truth) {
                return Ok(test);
            }
            return self.chain_link(right, rest, span);
        }
        let (right, stmts) = self.capture(|this| {
            let right = this.expr(right)?;
            this.hold(right)
        })?;
        let place = left.span.to(right.span);
        let test = self.compare(*op, left, right.clone(), place)?;
        let test = self.truth(test)?;
        let test = with_statements(stmts, test);
        let (next, stmts) = self.conditional(&test, span, |this| {
            let next = this.chain_link(right, rest, span)?;
            this.truth(next)
        })?;
        let next = with_statements(stmts, next);
        let color = test.color.and(next.color);
        if color == Color::Blue {
            let both = [&test, &next]
                .iter()
                .all(|o| o.value.as_ref().is_some_and(truth));
            return Ok(self.known(Value::Bool(both), span));
        }
        let kind = Ir::And(Box::new(test.into_ir()), Box::new(next.into_ir()));
        Ok(Operand::red(Expr {
            kind,
            ty: TypeId::BOOL,
            span,
        }))
    }
}
