//! Operations on operands of static type `dynamic`.
//!
//! A red function leaves them to run time as [`DynamicOp`]s. The engine then asks [`dynamic`],
//! which dispatches on the types that the operands turn out to have, as blue code would. An error
//! of that dispatch points at the operands; only the note about the operator is left out.

use std::rc::Rc;

use super::arguments::{Arguments, Direct};
use super::dispatch;
use super::evaluator::Evaluator;
use super::operand::Operand;
use super::outside;
use crate::diagnostics::ErrorKind;
use crate::ir::{DynamicOp, Expr, ExprKind};
use crate::program::{Engine, Failure, FuncId, Program, Value};
use crate::source::Span;
use crate::syntax::ast::{CmpOp, Ident, UnaryOp};
use crate::types::TypeId;

/// What an operation comes to.
pub enum Dispatched {
    /// It has been carried out.
    Done(Value),
    /// It is left to call a red function with arguments of its parameter types.
    Call(FuncId, Vec<Value>),
}

/// Carries out an operation on operands that are known at last, each with the place it was
/// computed at; `span` is the place of the operation.
pub fn dynamic(
    program: &mut Program,
    engine: &mut dyn Engine,
    op: &DynamicOp,
    operands: Vec<(Value, Span)>,
    span: Span,
) -> Result<Dispatched, Failure> {
    outside::with_evaluator(program, engine, |evaluator| {
        let result = evaluator.perform_dynamic(op, operands, span);
        result.map_err(|failure| without_operator(failure, span))
    })
}

/// A failure of the dispatch itself, rather than of a function that was called, has no note about
/// the operator.
fn without_operator(mut failure: Failure, span: Span) -> Failure {
    if is_from_dispatch(&failure) {
        let is_note = |text: &str| text.starts_with("operator::") && text.ends_with(" called here");
        failure
            .annotations
            .retain(|note| !(note.span == span && is_note(&note.text)));
    }
    failure
}

fn is_from_dispatch(failure: &Failure) -> bool {
    failure.kind == ErrorKind::TypeError && failure.traceback.is_empty()
}

impl Evaluator<'_> {
    /// Whether the type of an operand is known only when the program runs.
    pub(super) fn is_dynamic(&self, operand: &Operand) -> bool {
        operand.ty == TypeId::DYNAMIC && operand.value.is_none()
    }

    /// The same of any of some operands.
    pub(super) fn any_dynamic(&self, operands: &[Operand]) -> bool {
        operands.iter().any(|operand| self.is_dynamic(operand))
    }

    /// Leaves an operation to run time.
    pub(super) fn postpone(
        &mut self,
        op: DynamicOp,
        operands: Vec<Operand>,
        span: Span,
    ) -> Operand {
        let seen = |operand: Operand| {
            let ir = operand.into_ir();
            if ir.ty == TypeId::DYNAMIC {
                return ir;
            }
            let (ty, span) = (TypeId::DYNAMIC, ir.span);
            let kind = match ir.kind {
                ExprKind::Const(value) => ExprKind::Const(value),
                _ => ExprKind::Upcast(Box::new(ir)),
            };
            Expr { kind, ty, span }
        };
        let operands = operands.into_iter().map(seen).collect();
        Operand::red(Expr {
            kind: ExprKind::Dynamic(op, operands),
            ty: TypeId::DYNAMIC,
            span,
        })
    }

    /// Leaves an operation to run time whose result has a type that is known.
    pub(super) fn postpone_as(
        &mut self,
        ty: TypeId,
        op: DynamicOp,
        operands: Vec<Operand>,
        span: Span,
    ) -> Result<Operand, Failure> {
        let result = self.postpone(op, operands, span);
        self.convert(result, ty)
    }

    /// Leaves a call of something known to run time: what it does depends on the operands' types.
    pub(super) fn postpone_call(
        &mut self,
        callee: Value,
        operands: Vec<Operand>,
        span: Span,
    ) -> Operand {
        let callee = self.known(callee, span);
        let keywords = vec![None; operands.len()];
        let args = Arguments { operands, keywords };
        self.postpone_call_of(callee, args, span)
    }

    /// Leaves a call of a builtin function of one operand to run time.
    pub(super) fn postpone_builtin(&mut self, name: &str, operand: Operand, span: Span) -> Operand {
        let callee = self.program.builtin(name);
        self.postpone_call(callee.expect("the builtin exists"), vec![operand], span)
    }

    /// Leaves a call to run time.
    pub(super) fn postpone_call_of(
        &mut self,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Operand {
        let op = DynamicOp::Call(args.keywords.into());
        let operands = std::iter::once(callee).chain(args.operands).collect();
        self.postpone(op, operands, span)
    }

    fn perform_dynamic(
        &mut self,
        op: &DynamicOp,
        operands: Vec<(Value, Span)>,
        span: Span,
    ) -> Result<Dispatched, Failure> {
        let mut operands = operands.into_iter();
        let mut next = || operands.next().expect("the operation has this operand");
        let result = match op {
            DynamicOp::Binary(op) => {
                let (left, right) = (self.at_last(next()), self.at_last(next()));
                self.binary(*op, left, right, span)?
            }
            DynamicOp::InPlace(op) => {
                let (left, right) = (self.at_last(next()), self.at_last(next()));
                self.in_place(*op, left, right, span)?
            }
            DynamicOp::Compare(op) => {
                let (left, right) = (self.at_last(next()), self.at_last(next()));
                self.compare_universally(*op, left, right, span)?
            }
            DynamicOp::Unary(op) => {
                let operand = self.at_last(next());
                self.unary(*op, operand, span)?
            }
            DynamicOp::Call(keywords) => {
                let callee = self.blue_at_last(next());
                let args = self.arguments_at_last(operands, keywords);
                if let Some(func) = self.red_source(&callee) {
                    return self.bind_dynamic(func, &callee, &args);
                }
                self.call(callee, args, span)?
            }
            DynamicOp::CallMethod(method, keywords) => {
                let receiver = self.blue_at_last(next());
                let args = self.arguments_at_last(operands, keywords);
                self.call_method(receiver, method, args, span)?
            }
            DynamicOp::GetAttr(attr) => {
                let object = self.blue_at_last(next());
                self.attribute_of(object, attr, span)?
            }
            DynamicOp::SetAttr(attr) => {
                let (object, value) = (self.blue_at_last(next()), self.at_last(next()));
                self.store_attr(object, attr, value, span)?;
                return Ok(Dispatched::Done(Value::None));
            }
            DynamicOp::HasAttr(attr) => {
                let object = self.blue_at_last(next());
                let found = self.has_attribute(&object, attr, span)?;
                return Ok(Dispatched::Done(Value::Bool(found)));
            }
            DynamicOp::GetItem
            | DynamicOp::SetItem
            | DynamicOp::DelItem
            | DynamicOp::Unpack { .. } => {
                let value = self.perform_on_items(op, operands, span)?;
                return Ok(Dispatched::Done(value));
            }
            DynamicOp::Format => {
                let (value, spec) = (self.at_last(next()), self.at_last(next()));
                self.formatted(value, spec, span)?
            }
        };
        Ok(Dispatched::Done(result.value.unwrap_or(Value::None)))
    }

    /// Carries out an operation on an object and its items.
    fn perform_on_items(
        &mut self,
        op: &DynamicOp,
        mut operands: impl Iterator<Item = (Value, Span)>,
        span: Span,
    ) -> Result<Value, Failure> {
        let object = operands.next().expect("the object comes first");
        if let DynamicOp::Unpack {
            index,
            count,
            targets,
        } = op
        {
            let tuple = self.at_last(object);
            let mut items = self.unpacked(&tuple, *count, *targets, span)?;
            return Ok(items.swap_remove(*index).value.unwrap_or(Value::None));
        }
        let object = self.blue_at_last(object);
        let mut args: Vec<Operand> = operands.map(|arg| self.blue_at_last(arg)).collect();
        match op {
            DynamicOp::SetItem => {
                let value = args.pop().expect("the value comes last");
                self.store_item(object, args, value, span)?;
                Ok(Value::None)
            }
            DynamicOp::DelItem => {
                self.delete_item_of(object, args, span)?;
                Ok(Value::None)
            }
            _ => {
                let item = self.item_of(object, args, span)?;
                Ok(item.value.unwrap_or(Value::None))
            }
        }
    }

    /// The callee, if it is a red function with statements.
    fn red_source(&self, callee: &Operand) -> Option<FuncId> {
        match callee.value {
            Some(Value::Func(func)) if self.program.is_red_source(func) => Some(func),
            _ => None,
        }
    }

    /// The call of a red function, for the engine to make without entering itself anew.
    fn bind_dynamic(
        &mut self,
        func: FuncId,
        callee: &Operand,
        args: &Arguments,
    ) -> Result<Dispatched, Failure> {
        let direct = Direct {
            callee: callee.span,
            receivers: 0,
        };
        let operation = self.bind(func, args, Some(direct))?;
        let values = self.argument_values(&operation, &args.operands)?;
        Ok(Dispatched::Call(func, values))
    }

    /// An operand as what it turned out to be: of its dynamic type, but no constant, so that
    /// integers do not adapt to each other.
    fn at_last(&self, (value, span): (Value, Span)) -> Operand {
        Operand::red_value(self.program.type_of(&value), value, span)
    }

    /// The same where only constants are accepted: callees, and subscripts of tuples.
    fn blue_at_last(&self, (value, span): (Value, Span)) -> Operand {
        self.known(value, span)
    }

    fn arguments_at_last(
        &self,
        operands: impl Iterator<Item = (Value, Span)>,
        keywords: &Rc<[Option<Ident>]>,
    ) -> Arguments {
        Arguments {
            operands: operands.map(|arg| self.blue_at_last(arg)).collect(),
            keywords: keywords.to_vec(),
        }
    }

    /// A comparison for which values of unrelated types are different, rather than an error.
    fn compare_universally(
        &mut self,
        op: CmpOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        if matches!(op, CmpOp::Is | CmpOp::IsNot) {
            return self.identical(op == CmpOp::IsNot, left, right, span);
        }
        let unrelated = left.ty != right.ty;
        match self.compare(op, left, right, span) {
            Err(failure)
                if unrelated
                    && matches!(op, CmpOp::Eq | CmpOp::Ne)
                    && is_from_dispatch(&failure) =>
            {
                Ok(self.known(Value::Bool(op == CmpOp::Ne), span))
            }
            result => result,
        }
    }
}

impl DynamicOp {
    /// The last component of its name in module `operator`.
    pub(crate) fn name(&self) -> String {
        let name = match self {
            Self::Binary(op) => dispatch::binary_name(*op).to_lowercase(),
            Self::InPlace(op) => format!("i{}", dispatch::binary_name(*op).to_lowercase()),
            Self::Compare(op) => dispatch::compare_name(*op).to_lowercase(),
            Self::Unary(UnaryOp::Pos) => "pos".to_owned(),
            Self::Unary(UnaryOp::Neg) => "neg".to_owned(),
            Self::Unary(UnaryOp::Invert) => "invert".to_owned(),
            Self::Unary(UnaryOp::Not) => "not".to_owned(),
            Self::Call(_) => "call".to_owned(),
            Self::CallMethod(..) => "call_method".to_owned(),
            Self::GetAttr(_) => "getattr".to_owned(),
            Self::SetAttr(_) => "setattr".to_owned(),
            Self::HasAttr(_) => "hasattr".to_owned(),
            Self::GetItem => "getitem".to_owned(),
            Self::SetItem => "setitem".to_owned(),
            Self::DelItem => "delitem".to_owned(),
            Self::Unpack { .. } => "unpack".to_owned(),
            Self::Format => "format".to_owned(),
        };
        format!("dynamic_{name}")
    }

    /// The attribute or method that it names.
    pub(crate) fn attribute(&self) -> Option<&Ident> {
        match self {
            Self::CallMethod(name, _)
            | Self::GetAttr(name)
            | Self::SetAttr(name)
            | Self::HasAttr(name) => Some(name),
            Self::Binary(_)
            | Self::InPlace(_)
            | Self::Compare(_)
            | Self::Unary(_)
            | Self::Call(_)
            | Self::GetItem
            | Self::SetItem
            | Self::DelItem
            | Self::Unpack { .. }
            | Self::Format => None,
        }
    }
}
