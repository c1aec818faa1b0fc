//! Expressions.

use spy_runtime::complex::Complex;

use super::Color;
use super::dispatch;
use super::errors::{called_here, type_error, wip};
use super::evaluator::{Evaluator, Mode};
use super::fold::truth;
use super::operand::{Conversion, Operand, Operation, Recipe};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir::{DynamicOp, Expr, ExprKind as Ir, IntOp, Prim, Runtime, StmtKind};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{self, BinOp, ExprKind, Literal, SizedInt, UnaryOp};
use crate::types::{IntType, TypeId};

impl Evaluator<'_> {
    /// Evaluates an expression.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Result<Operand, Failure> {
        let result = self.expr_kind(expr);
        self.evaluated(result, expr)
    }

    /// Notes what has become of an expression.
    pub(super) fn evaluated(
        &mut self,
        result: Result<Operand, Failure>,
        expr: &ast::Expr,
    ) -> Result<Operand, Failure> {
        match &result {
            Ok(operand) => self.record(operand, expr),
            Err(_) => {
                self.failed_at.get_or_insert(expr.span);
            }
        }
        result
    }

    fn expr_kind(&mut self, expr: &ast::Expr) -> Result<Operand, Failure> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, span),
            ExprKind::Literal(literal) => self.literal(literal, span),
            ExprKind::Str(text) => Ok(self.known(Value::Str(text.clone()), span)),
            ExprKind::Bytes(bytes) => Ok(self.known(Value::Bytes(bytes.clone()), span)),
            ExprKind::Binary(op, left, right) => self.binary_expr(*op, left, right, span),
            ExprKind::Compare(op, left, right) => self.compare_expr(*op, left, right, span),
            ExprKind::CompareChain(first, rest) => self.compare_chain(first, rest, span),
            ExprKind::Unary(op, value) => self.unary_expr(*op, value, span),
            ExprKind::And(left, right) => self.logical(Logical::And, left, right, span),
            ExprKind::Or(left, right) => self.logical(Logical::Or, left, right, span),
            ExprKind::IfExp(node) => self.if_expr(node, span),
            ExprKind::AssignExpr(target, value) => self.walrus(target, value, span),
            ExprKind::Call(callee, args) => self.call_expr(callee, args, span),
            ExprKind::CallMethod(target, method, args) => {
                self.call_method_expr(target, method, args, span)
            }
            ExprKind::GetAttr(value, attr) => self.get_attr(value, attr, span),
            ExprKind::GetItem(value, args) => self.get_item(value, args, span),
            ExprKind::FString(parts) => self.fstring(parts, span),
            ExprKind::Block(stmts, value) => self.block(stmts, value, span),
            ExprKind::Auto => Err(type_error(
                "Internal SPy error: ast.Auto expressions should be handled case-by-case",
            )
            .error("this is `auto`", span)
            .into()),
            ExprKind::List(items) => self.list_display(items, span),
            ExprKind::Set(items) => self.set_display(items, span),
            ExprKind::Dict(items) => self.dict_display(items, span),
            ExprKind::Tuple(items) => self.tuple_display(items, span),
            ExprKind::Slice(parts) => self.slice(parts, span),
            ExprKind::Ellipsis
            | ExprKind::Lambda(_)
            | ExprKind::Comprehension(_)
            | ExprKind::Await(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Starred(_)
            | ExprKind::Error => Err(not_supported(span)),
        }
    }

    fn literal(&mut self, literal: &Literal, span: Span) -> Result<Operand, Failure> {
        let value = match literal {
            Literal::None => Value::None,
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Int(number) => match i32::try_from(number) {
                Ok(value) => Value::i32(value),
                Err(_) => {
                    let message = format!(
                        "integer literal {number} is out of range for i32; use i64({number}) or \
                         u64({number}) to get a 64-bit value"
                    );
                    return Err(Diagnostic::new(ErrorKind::ValueError, message)
                        .error("integer literal out of range", span)
                        .into());
                }
            },
            Literal::Float(value) | Literal::F64(value) => Value::F64(*value),
            Literal::F32(value) => Value::F32(*value),
            Literal::Complex(value) => Value::Complex(Complex { ..*value }),
            Literal::SizedInt(sized, value) => Value::Int(int_type(*sized), *value),
        };
        Ok(self.known(value, span))
    }

    fn binary_expr(
        &mut self,
        op: BinOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Result<Operand, Failure> {
        let left = self.expr(left)?;
        let right = self.expr(right)?;
        self.binary(op, left, right, span)
    }

    /// `left op right`
    pub(super) fn binary(
        &mut self,
        op: BinOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        if op == BinOp::MatMul
            && self.method(left.ty, "__matmul__").is_none()
            && self.method(right.ty, "__rmatmul__").is_none()
        {
            return Err(wip("Operator not implemented yet: @").into());
        }
        if self.is_dynamic(&left) || self.is_dynamic(&right) {
            return Ok(self.postpone(DynamicOp::Binary(op), vec![left, right], span));
        }
        let (left, right) = self.adapt_pair(left, right);
        let (left, right) = match op {
            BinOp::Mul if left.ty == TypeId::I32 && right.ty == TypeId::STR => {
                return self.repeat_reversed(left, right, span);
            }
            _ => (left, right),
        };
        let (left, right) = (self.dynamic_type(left), self.dynamic_type(right));
        let (left, right) = (self.dereferenced(left)?, self.dereferenced(right)?);
        if let Some(result) = self.collection_operation(op.symbol(), &left, &right, span) {
            return Ok(result);
        }
        if op == BinOp::Add && self.is_tuple(left.ty) && self.is_tuple(right.ty) {
            return self.tuple_concat(left, right, span);
        }
        let operation = match dispatch::binary(op, left.ty, right.ty) {
            Some(prim) => self.prim_operation(prim, &[&left, &right]),
            None => self
                .binary_method(op, &left, &right)
                .and_then(|found| match found {
                    Some(operation) => Ok(operation),
                    None => self.str_operation(op, &left, &right),
                })
                .map_err(|e| called_here(e, dispatch::binary_name(op), span)),
        }?;
        self.apply(operation, vec![left, right], span)
    }

    /// `+` and `*` of a string, whose right operand converts as the argument of a method does.
    /// No other type is left that supports `left op right`.
    fn str_operation(
        &mut self,
        op: BinOp,
        left: &Operand,
        right: &Operand,
    ) -> Result<Operation, Failure> {
        let (runtime, expected) = match op {
            BinOp::Add if left.ty == TypeId::STR => (Runtime::StrAdd, TypeId::STR),
            BinOp::Mul if left.ty == TypeId::STR => (Runtime::StrMul, TypeId::I32),
            _ => {
                let operands = [left.clone(), right.clone()];
                return Err(self.cannot_do(op.symbol(), &operands).into());
            }
        };
        let conversion = self.conversion(right, expected).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            failure
        })?;
        let right = match conversion {
            Some(conversion) => Recipe::Convert(1, conversion),
            None => Recipe::Operand(1),
        };
        let args = vec![Recipe::Operand(0), right];
        Ok(Operation::prim(Prim::Runtime(runtime), args))
    }

    /// `3 * "ab"`: the operands are evaluated in their order, then swapped.
    fn repeat_reversed(
        &mut self,
        count: Operand,
        text: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let operation = Operation::prim(
            Prim::Runtime(Runtime::StrMul),
            vec![Recipe::Operand(1), Recipe::Operand(0)],
        );
        self.apply(operation, vec![count, text], span)
    }

    /// Lets a constant next to another integer type adapt to it.
    pub(super) fn adapt_pair(&self, left: Operand, right: Operand) -> (Operand, Operand) {
        let (left_ty, right_ty) = (left.ty, right.ty);
        (
            self.adapt_integer(left, right_ty),
            self.adapt_integer(right, left_ty),
        )
    }

    /// In blue code, an operand of static type `dynamic` is dispatched on its dynamic type.
    pub(super) fn dynamic_type(&self, operand: Operand) -> Operand {
        match &operand.value {
            Some(value) if operand.ty == TypeId::DYNAMIC => Operand {
                ty: self.program.type_of(value),
                ..operand
            },
            _ => operand,
        }
    }

    /// A primitive on operands that convert implicitly to its parameter types.
    pub(super) fn prim_operation(
        &mut self,
        prim: Prim,
        operands: &[&Operand],
    ) -> Result<Operation, Failure> {
        let (params, _) = prim.signature();
        let mut recipes = Vec::with_capacity(operands.len());
        for (index, (operand, expected)) in operands.iter().zip(params).enumerate() {
            let conversion = match (operand.ty, crate::ir::Scalar::of(expected)) {
                (TypeId::BOOL, Some(to)) if expected != TypeId::BOOL => {
                    Some(Conversion::Prim(Prim::Convert(crate::ir::Scalar::Bool, to)))
                }
                _ => self.conversion(operand, expected)?,
            };
            recipes.push(match conversion {
                Some(conversion) => Recipe::Convert(index, conversion),
                None => Recipe::Operand(index),
            });
        }
        Ok(Operation::prim(prim, recipes))
    }

    /// Evaluates with a statement list of its own, which is returned with the result.
    pub(super) fn capture<T>(
        &mut self,
        body: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<(T, Vec<crate::ir::Stmt>), Failure> {
        let outer = std::mem::take(&mut self.emitter().out);
        let result = body(self);
        let stmts = std::mem::replace(&mut self.emitter().out, outer);
        result.map(|result| (result, stmts))
    }

    /// Evaluates what the program may not come to. An error may wait until it does; `stand_in`
    /// then has the place of the result.
    pub(super) fn conditional(
        &mut self,
        stand_in: &Operand,
        span: Span,
        body: impl FnOnce(&mut Self) -> Result<Operand, Failure>,
    ) -> Result<Branch, Failure> {
        match self.capture(body) {
            Err(failure) if self.waits(&failure) => self.raising(failure, stand_in, span),
            result => result,
        }
    }

    /// Whether an error may wait until the program comes to its place: functions are compiled when
    /// they are called, or a handler expects it.
    fn waits(&mut self, failure: &Failure) -> bool {
        !self.program.compiles_all || self.is_expected(failure)
    }

    /// An operand whose evaluation raises an error.
    fn raising(
        &mut self,
        failure: Failure,
        stand_in: &Operand,
        span: Span,
    ) -> Result<Branch, Failure> {
        self.capture(|this| {
            this.emit_error(failure, span);
            Ok(stand_in.clone())
        })
    }

    /// The operand in a form that can be used twice: constants and temporaries.
    pub(super) fn hold(&mut self, operand: Operand) -> Result<Operand, Failure> {
        let Some(ir) = &operand.ir else {
            return Ok(operand);
        };
        if matches!(ir.kind, Ir::Const(_)) {
            return Ok(operand);
        }
        let (ty, span) = (operand.ty, operand.span);
        let symbol = operand.symbol.clone();
        let local = self.new_temporary(ty, span);
        self.emit(StmtKind::Assign(local, operand.into_ir()), span);
        let held = Operand::red(Expr {
            kind: Ir::Local(local),
            ty,
            span,
        });
        Ok(Operand { symbol, ..held })
    }

    fn unary_expr(
        &mut self,
        op: UnaryOp,
        value: &ast::Expr,
        span: Span,
    ) -> Result<Operand, Failure> {
        let operand = self.expr(value)?;
        self.unary(op, operand, span)
    }

    /// `op operand`
    pub(super) fn unary(
        &mut self,
        op: UnaryOp,
        operand: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&operand) && op != UnaryOp::Not {
            return Ok(self.postpone(DynamicOp::Unary(op), vec![operand], span));
        }
        let operand = self.dynamic_type(operand);
        let operand = self.dereferenced(operand)?;
        let prim = match op {
            UnaryOp::Not => return self.not_expr(operand, span),
            UnaryOp::Neg => dispatch::negate(operand.ty),
            UnaryOp::Invert => dispatch::invert(operand.ty),
            UnaryOp::Pos => return self.positive(operand, span),
        };
        if let Some(prim) = prim {
            let operation = self.prim_operation(prim, &[&operand])?;
            return self.apply(operation, vec![operand], span);
        }
        let (method, name) = match op {
            UnaryOp::Invert => ("__invert__", "INVERT"),
            UnaryOp::Neg | UnaryOp::Pos | UnaryOp::Not => ("__neg__", "NEG"),
        };
        match self.unary_method(method, &operand) {
            Ok(Some(operation)) => self.apply(operation, vec![operand], span),
            Ok(None) => {
                let message = format!("cannot do {}`{}`", op.symbol(), self.type_name(operand.ty));
                let failure = self.unsupported(message, &operand).into();
                Err(called_here(failure, name, span))
            }
            Err(failure) => Err(called_here(failure, name, span)),
        }
    }

    /// Unary plus: the number itself; a bool becomes an integer.
    fn positive(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        let ty = operand.ty;
        match crate::ir::Scalar::of(ty) {
            Some(crate::ir::Scalar::Bool) => {
                let prim = Prim::Int(IntType::I32, IntOp::Add);
                let zero = Operand::blue(TypeId::I32, Value::i32(0), span);
                let operation = self.prim_operation(prim, &[&operand, &zero])?;
                self.apply(operation, vec![operand, zero], span)
            }
            Some(crate::ir::Scalar::Str) | None => match self.unary_method("__pos__", &operand) {
                Ok(Some(operation)) => self.apply(operation, vec![operand], span),
                Ok(None) => {
                    let message = format!("cannot do +`{}`", self.type_name(ty));
                    let failure = self.unsupported(message, &operand).into();
                    Err(called_here(failure, "POS", span))
                }
                Err(failure) => Err(called_here(failure, "POS", span)),
            },
            Some(_) => Ok(Operand {
                span,
                symbol: None,
                ..operand
            }),
        }
    }

    fn not_expr(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        let test = self.truth(operand).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            called_here(failure, "NOT", span)
        })?;
        self.not(test, span)
    }

    /// `not test` of a bool.
    pub(super) fn not(&mut self, test: Operand, span: Span) -> Result<Operand, Failure> {
        let prim = Prim::Bool(crate::ir::BoolOp::Not);
        self.apply(
            Operation::prim(prim, vec![Recipe::Operand(0)]),
            vec![test],
            span,
        )
    }

    fn walrus(
        &mut self,
        target: &ast::Ident,
        value: &ast::Expr,
        span: Span,
    ) -> Result<Operand, Failure> {
        let operand = self.expr(value)?;
        self.assign_in_expr(target, operand, span)
    }

    fn block(
        &mut self,
        stmts: &[ast::Stmt],
        value: &ast::Expr,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_blue() {
            for stmt in stmts {
                self.execute(stmt)?;
            }
            return self.expr(value);
        }
        let (value, stmts) = self.capture(|this| {
            this.emit_stmts(stmts);
            this.expr(value)
        })?;
        let (ty, value) = (value.ty, value.into_ir());
        let kind = Ir::Block(stmts, Box::new(value));
        Ok(Operand::red(Expr { kind, ty, span }))
    }

    fn if_expr(&mut self, node: &ast::IfExp, span: Span) -> Result<Operand, Failure> {
        let test = self.expr(&node.test)?;
        let test = self.truth(test)?;
        if self.is_blue() {
            let chosen = if test.value.as_ref().is_some_and(truth) {
                &node.body
            } else {
                &node.orelse
            };
            let result = self.expr(chosen)?;
            let color = test.color.and(result.color);
            return Ok(Operand {
                color,
                span,
                symbol: None,
                ..result
            });
        }
        let ((body, body_stmts), (orelse, orelse_stmts)) = self.branches(node)?;
        let (body, orelse) = self.adapt_pair(body, orelse);
        if let Some(Value::Bool(chosen)) = test.blue_value() {
            let (result, stmts) = if *chosen {
                (body, body_stmts)
            } else {
                (orelse, orelse_stmts)
            };
            return Ok(Operand {
                span,
                symbol: None,
                ..with_statements(stmts, result)
            });
        }
        let ty = self.common_type(&body, &orelse)?;
        let body = self.convert(body, ty)?;
        let orelse = self.convert(orelse, ty)?;
        let body = with_statements(body_stmts, body).into_ir();
        let orelse = with_statements(orelse_stmts, orelse).into_ir();
        let kind = Ir::If(Box::new(test.into_ir()), Box::new(body), Box::new(orelse));
        Ok(Operand::red(Expr { kind, ty, span }))
    }

    /// Both branches of a conditional expression with their statements.
    fn branches(&mut self, node: &ast::IfExp) -> Result<(Branch, Branch), Failure> {
        match self.capture(|this| this.expr(&node.body)) {
            Err(failure) if self.waits(&failure) => {
                let place = self.failed_at.take();
                let Ok(orelse) = self.capture(|this| this.expr(&node.orelse)) else {
                    self.failed_at = place;
                    return Err(failure);
                };
                self.failed_at = place;
                let body = self.raising(failure, &orelse.0, node.body.span)?;
                Ok((body, orelse))
            }
            body => {
                let body = body?;
                let span = node.orelse.span;
                let orelse = self.conditional(&body.0, span, |this| this.expr(&node.orelse))?;
                Ok((body, orelse))
            }
        }
    }

    /// The type that both branches of a conditional expression convert to.
    fn common_type(&mut self, a: &Operand, b: &Operand) -> Result<TypeId, Failure> {
        if self.program.types.is_subtype(b.ty, a.ty)
            || dispatch::implicit(b.ty, a.ty).is_some() && dispatch::implicit(a.ty, b.ty).is_none()
        {
            return Ok(a.ty);
        }
        if self.program.types.is_subtype(a.ty, b.ty) || dispatch::implicit(a.ty, b.ty).is_some() {
            return Ok(b.ty);
        }
        Err(self.mismatched(a.ty, b.ty, b.span).into())
    }

    fn logical(
        &mut self,
        logical: Logical,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Result<Operand, Failure> {
        let left = self.expr(left)?;
        if self.is_blue() {
            return self.logical_now(logical, left, right, span);
        }
        let (right, stmts) = self.conditional(&left, right.span, |this| this.expr(right))?;
        if left.ty == right.ty && left.ty != TypeId::BOOL {
            return self.logical_value(logical, left, right, stmts, span);
        }
        let left = self.truth(left)?;
        let (right, more) = self.capture(|this| this.truth(right))?;
        let right = with_statements(stmts.into_iter().chain(more).collect(), right);
        if let (Some(a), Some(b)) = (left.blue_value(), right.blue_value()) {
            let result = match logical {
                Logical::And => truth(a) && truth(b),
                Logical::Or => truth(a) || truth(b),
            };
            return Ok(self.known(Value::Bool(result), span));
        }
        let (left, right) = (Box::new(left.into_ir()), Box::new(right.into_ir()));
        let kind = match logical {
            Logical::And => Ir::And(left, right),
            Logical::Or => Ir::Or(left, right),
        };
        Ok(Operand::red(Expr {
            kind,
            ty: TypeId::BOOL,
            span,
        }))
    }

    /// In blue code the right operand is evaluated only if it decides.
    fn logical_now(
        &mut self,
        logical: Logical,
        left: Operand,
        right: &ast::Expr,
        span: Span,
    ) -> Result<Operand, Failure> {
        let test = self.truth(left.clone())?;
        let holds = test.value.as_ref().is_some_and(truth);
        if holds == (logical == Logical::Or) {
            return Ok(if left.ty == TypeId::BOOL {
                left
            } else {
                Operand { span, ..left }
            });
        }
        let right = self.expr(right)?;
        if right.ty == left.ty {
            return Ok(Operand {
                span,
                symbol: None,
                ..right
            });
        }
        let result = self.truth(right)?;
        Ok(Operand {
            span,
            symbol: None,
            ..result
        })
    }

    /// Operands of one type: the result is one of them.
    fn logical_value(
        &mut self,
        logical: Logical,
        left: Operand,
        right: Operand,
        stmts: Vec<crate::ir::Stmt>,
        span: Span,
    ) -> Result<Operand, Failure> {
        let ty = left.ty;
        if let Some(value) = left.blue_value() {
            let holds = truth(value);
            let right = with_statements(stmts, right);
            let takes_right = holds == (logical == Logical::And);
            if takes_right || right.color == Color::Blue {
                return Ok(Operand {
                    span,
                    symbol: None,
                    ..if takes_right { right } else { left }
                });
            }
            return Ok(Operand::red(Expr {
                span,
                ..left.into_ir()
            }));
        }
        let right = with_statements(stmts, right).into_ir();
        let (held, stmts) = self.capture(|this| this.hold(left))?;
        let test = self.truth(held.clone())?.into_ir();
        let (test, left, right) = (Box::new(test), Box::new(held.into_ir()), Box::new(right));
        let kind = match logical {
            Logical::And => Ir::If(test, right, left),
            Logical::Or => Ir::If(test, left, right),
        };
        let value = Operand::red(Expr { kind, ty, span });
        Ok(with_statements(stmts, value))
    }

    /// Appends effects of an operand that is dropped, in red functions.
    pub(super) fn drop_operand(&mut self, operand: Operand) {
        if let (Mode::Red(emitter), Some(ir)) = (&mut self.mode, operand.ir) {
            emitter.out.extend(super::convert::effects(ir));
        }
    }
}

/// An operand and what is done before it.
type Branch = (Operand, Vec<crate::ir::Stmt>);

/// `and` or `or`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Logical {
    And,
    Or,
}

/// An operand that is computed after some statements.
pub(super) fn with_statements(stmts: Vec<crate::ir::Stmt>, operand: Operand) -> Operand {
    if stmts.is_empty() {
        return operand;
    }
    let (ty, span) = (operand.ty, operand.span);
    let kind = Ir::Block(stmts, Box::new(operand.into_ir()));
    Operand::red(Expr { kind, ty, span })
}

/// The type of a prefixed integer literal.
fn int_type(sized: SizedInt) -> IntType {
    match sized {
        SizedInt::I8 => IntType::I8,
        SizedInt::U8 => IntType::U8,
        SizedInt::I32 => IntType::I32,
        SizedInt::U32 => IntType::U32,
        SizedInt::I64 => IntType::I64,
        SizedInt::U64 => IntType::U64,
    }
}

/// An operation that this implementation does not do yet.
pub(super) fn not_supported(span: Span) -> Failure {
    Diagnostic::new(ErrorKind::NotImplementedError, "this is not supported yet")
        .error("this is not supported", span)
        .into()
}
