//! The dispatchers of module `operator`: what an operator does with operands of given types.
//!
//! The operator is emitted in a red function of its own that nobody calls; its implementation is
//! what the emitted expression applies.

use std::rc::Rc;

use super::arguments::{Arguments, Direct};
use super::errors::type_error;
use super::evaluator::{Emitter, Evaluator, Mode};
use super::operand::Operand;
use crate::builtins::Dispatcher;
use crate::ir::{Expr, ExprKind, StmtKind};
use crate::program::{Failure, FuncId, OpImpl, Value};
use crate::source::Span;
use crate::syntax::ast::{CmpOp, Ident, UnaryOp};
use crate::types::{TypeId, TypeKind};

impl Evaluator<'_> {
    /// What `dispatcher(args)` returns; the arguments are meta arguments.
    pub(super) fn call_dispatcher(
        &mut self,
        dispatcher: Dispatcher,
        func: FuncId,
        args: Arguments,
        direct: Direct,
        span: Span,
    ) -> Result<Operand, Failure> {
        let operation = self
            .bind(func, &args, Some(direct))
            .map_err(|failure| super::errors::called_here(failure, "CALL", span))?;
        let mut metas = Vec::with_capacity(operation.args.len());
        for value in self.argument_values(&operation, &args.operands)? {
            match value {
                Value::Tuple(rest) => metas.extend(rest.iter().cloned()),
                meta => metas.push(meta),
            }
        }
        let outer = std::mem::replace(&mut self.mode, Mode::Red(Emitter::new(func)));
        let spans = args.operands.iter().map(|operand| operand.span);
        let operands = metas.iter().zip(spans);
        let operands: Vec<Operand> = operands
            .map(|(meta, span)| self.described(meta, span))
            .collect();
        let result = self.dispatch(dispatcher, operands, span);
        self.mode = outer;
        let (name, result) = result?;
        let value = Value::OpImpl(OpImpl { name, result }.into());
        Ok(self.known(value, span))
    }

    /// An operand as a meta argument describes it.
    fn described(&mut self, meta: &Value, span: Span) -> Operand {
        let Value::MetaArg(meta) = meta else {
            unreachable!("dispatchers have parameters of this type")
        };
        match &meta.value {
            Some(value) => Operand::blue(meta.ty, value.clone(), span),
            None => {
                let kind = ExprKind::Local(self.new_temporary(meta.ty, span));
                let ty = meta.ty;
                Operand::red(Expr { kind, ty, span })
            }
        }
    }

    /// Applies the operator and describes what that emitted.
    fn dispatch(
        &mut self,
        dispatcher: Dispatcher,
        operands: Vec<Operand>,
        span: Span,
    ) -> Result<(Rc<str>, TypeId), Failure> {
        let mut operands = operands.into_iter();
        let mut next = || operands.next().expect("the number has been checked");
        let result = match dispatcher {
            Dispatcher::Binary(op) => self.binary(op, next(), next(), span)?,
            Dispatcher::Compare(op) => self.compare(op, next(), next(), span)?,
            Dispatcher::UniversalEq => self.compare(CmpOp::Eq, next(), next(), span)?,
            Dispatcher::UniversalNe => self.compare(CmpOp::Ne, next(), next(), span)?,
            Dispatcher::Neg => self.unary(UnaryOp::Neg, next(), span)?,
            Dispatcher::Not => self.unary(UnaryOp::Not, next(), span)?,
            Dispatcher::GetAttr => {
                let object = next();
                let attr = attribute_name(&next())?;
                self.attribute_of(object, &attr, span)?
            }
            Dispatcher::HasAttr => {
                let object = next();
                let attr = attribute_name(&next())?;
                let found = self.has_attribute(&object, &attr, span)?;
                self.known(Value::Bool(found), span)
            }
            Dispatcher::SetAttr => {
                let object = next();
                let attr = attribute_name(&next())?;
                self.store_attr(object, &attr, next(), span)?;
                self.emitted(span)
            }
            Dispatcher::GetItem => {
                let object = next();
                self.item_of(object, operands.collect(), span)?
            }
            Dispatcher::SetItem => {
                let object = next();
                let mut rest: Vec<Operand> = operands.collect();
                let value = rest.pop().expect("the number has been checked");
                self.store_item(object, rest, value, span)?;
                self.emitted(span)
            }
            Dispatcher::Call => {
                let callee = next();
                self.call(callee, positional(operands.collect()), span)?
            }
            Dispatcher::CallMethod => {
                let object = next();
                let method = attribute_name(&next())?;
                let args = positional(operands.collect());
                self.call_method(object, &method, args, span)?
            }
            Dispatcher::Convert => {
                let (expected, _, value) = (next(), next(), next());
                match expected.blue_value() {
                    Some(Value::Type(ty)) => self.convert(value, *ty)?,
                    _ => return Err(self.mismatched(TypeId::TYPE, expected.ty, span).into()),
                }
            }
            Dispatcher::Raise => {
                let exception = next();
                self.exception_of(&exception, span)?;
                return Ok(("operator::raise".into(), TypeId::NONE));
            }
        };
        let ty = result.ty;
        Ok((self.implementation(&result), ty))
    }

    /// The expression of the statement that has been emitted last.
    fn emitted(&mut self, span: Span) -> Operand {
        match self.emitter().out.pop().map(|stmt| stmt.kind) {
            Some(StmtKind::Expr(expr)) => Operand::red(expr),
            Some(_) | None => self.known(Value::None, span),
        }
    }

    /// The name of what computes an operand.
    fn implementation(&self, operand: &Operand) -> Rc<str> {
        let Some(ir) = operand.ir.as_ref().filter(|_| operand.value.is_none()) else {
            let value = operand.value.as_ref();
            let text = value.and_then(|value| self.known_text(value));
            return format!("const {}", text.unwrap_or_default()).into();
        };
        let mut expr = ir;
        while let ExprKind::Block(_, value) | ExprKind::Upcast(value) = &expr.kind {
            expr = value;
        }
        match &expr.kind {
            ExprKind::Call(func, _) => self.program.human_name(&self.program.func(*func).fqn),
            ExprKind::Prim(prim, _) => prim.fqn(),
            ExprKind::MakeStruct(_) => format!("{}::__make__", self.type_name(expr.ty)),
            ExprKind::GetField(object, index) => match self.program.types.kind(object.ty) {
                TypeKind::Struct(Some(layout)) => {
                    let owner = self.type_name(object.ty);
                    format!("{owner}::__get_{}__", layout.fields[*index].name)
                }
                _ => "operator::GETATTR".to_owned(),
            },
            _ => format!("{}::identity", self.type_name(expr.ty)),
        }
        .into()
    }
}

fn positional(operands: Vec<Operand>) -> Arguments {
    let keywords = vec![None; operands.len()];
    Arguments { operands, keywords }
}

/// The name of an attribute, which is a blue string.
fn attribute_name(operand: &Operand) -> Result<Ident, Failure> {
    let span = operand.span;
    match operand.blue_value() {
        Some(Value::Str(name)) => Ok(Ident {
            name: name.clone(),
            span,
        }),
        _ => Err(type_error("expected blue argument")
            .error("this is red", span)
            .into()),
    }
}
