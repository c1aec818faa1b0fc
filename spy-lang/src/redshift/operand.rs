//! The result of evaluating an expression, and operations on such results.

use std::rc::Rc;

use super::Color;
use crate::ir::{Expr, ExprKind, Prim};
use crate::program::{FuncId, Value};
use crate::source::Span;
use crate::types::TypeId;

/// What evaluating an expression yields.
///
/// In blue code `value` is always there, whatever the color. In a red function a blue operand has
/// a value and no IR, a red one has IR, and also a value if it is a constant all the same.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    /// The static type.
    pub(super) ty: TypeId,
    /// The color that the language reports.
    pub(super) color: Color,
    /// The value, if known.
    pub(super) value: Option<Value>,
    /// What computes it at run time.
    pub(super) ir: Option<Expr>,
    /// The expression.
    pub(super) span: Span,
    /// The variable it was read from and its declaration.
    pub(super) symbol: Option<(Rc<str>, Span)>,
}

impl Operand {
    /// A known value.
    pub(super) fn blue(ty: TypeId, value: Value, span: Span) -> Self {
        Self {
            ty,
            color: Color::Blue,
            value: Some(value),
            ir: None,
            span,
            symbol: None,
        }
    }

    /// A value in blue code that counts as red.
    pub(super) fn red_value(ty: TypeId, value: Value, span: Span) -> Self {
        Self {
            ty,
            color: Color::Red,
            value: Some(value),
            ir: None,
            span,
            symbol: None,
        }
    }

    /// Something computed at run time.
    pub(super) fn red(ir: Expr) -> Self {
        let (ty, span) = (ir.ty, ir.span);
        Self {
            ty,
            color: Color::Red,
            value: None,
            ir: Some(ir),
            span,
            symbol: None,
        }
    }

    /// The value, if the operand is blue.
    pub(super) fn blue_value(&self) -> Option<&Value> {
        if self.color == Color::Blue {
            self.value.as_ref()
        } else {
            None
        }
    }

    /// The IR that yields the operand.
    pub(super) fn into_ir(self) -> Expr {
        match (self.ir, self.value) {
            (Some(ir), _) => ir,
            (None, Some(value)) => Expr {
                kind: ExprKind::Const(value),
                ty: self.ty,
                span: self.span,
            },
            (None, None) => unreachable!("an operand has a value or IR"),
        }
    }
}

/// What an operator, call or conversion resolved to: an implementation and its arguments.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// What is done.
    pub(super) action: Action,
    /// How its arguments come from the operands.
    pub(super) args: Vec<Recipe>,
    /// The static type of the result.
    pub(super) result: TypeId,
}

/// The implementation of an operation.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// A primitive.
    Prim(Prim),
    /// A function of the program.
    Call(FuncId),
    /// A constant.
    Const(Value),
    /// Reads a field of a struct.
    GetField(usize),
}

/// How an argument comes from the operands of an operation.
#[derive(Clone, Debug)]
pub(super) enum Recipe {
    /// The operand at this position.
    Operand(usize),
    /// A constant.
    Const(TypeId, Value),
    /// The operand at this position, converted.
    Convert(usize, Conversion),
    /// A collection of the library with some items.
    Collect(TypeId, Vec<Recipe>),
}

impl Recipe {
    /// The positions of the operands that it uses, in order.
    pub(super) fn positions(&self) -> Vec<usize> {
        match self {
            Self::Operand(index) | Self::Convert(index, _) => vec![*index],
            Self::Const(..) => Vec::new(),
            Self::Collect(_, items) => items.iter().flat_map(Self::positions).collect(),
        }
    }

    /// Makes positions in `order` of it, which holds positions of the operands.
    pub(super) fn reorder(&mut self, order: &[usize]) {
        match self {
            Self::Operand(index) | Self::Convert(index, _) => *index = order[*index],
            Self::Const(..) => {}
            Self::Collect(_, items) => items.iter_mut().for_each(|item| item.reorder(order)),
        }
    }
}

/// An implicit conversion.
#[derive(Clone, Debug)]
pub(super) enum Conversion {
    /// Nothing to do; the value is seen as another static type.
    Upcast(TypeId),
    /// A primitive.
    Prim(Prim),
    /// A run-time check.
    Checked(TypeId),
    /// A copy of what a reference stands for.
    Dereference(TypeId),
    /// Whether a pointer is not NULL.
    NotNull,
    /// A new object from a function without parameters, whatever the operand is.
    New(FuncId, TypeId),
    /// The red meta argument of a type.
    Meta,
    /// A new list or dict of the compiler.
    NewAtCompileTime(TypeId),
    /// What a metafunction answers: an operation on the value, and how its result becomes one of
    /// the wanted type.
    Spec(Box<Operation>, Option<Box<Conversion>>),
}

impl Conversion {
    /// The type that it yields.
    pub(super) fn result(&self) -> TypeId {
        match self {
            Self::Upcast(ty)
            | Self::Checked(ty)
            | Self::New(_, ty)
            | Self::NewAtCompileTime(ty)
            | Self::Dereference(ty) => *ty,
            Self::NotNull => TypeId::BOOL,
            Self::Meta => TypeId::META_ARG,
            Self::Prim(prim) => prim.signature().1,
            Self::Spec(operation, last) => {
                last.as_ref().map_or(operation.result, |last| last.result())
            }
        }
    }
}

impl Operation {
    /// A primitive on the first operands, each converted to its parameter type where needed.
    pub(super) fn prim(prim: Prim, args: Vec<Recipe>) -> Self {
        Self {
            action: Action::Prim(prim),
            args,
            result: prim.signature().1,
        }
    }

    /// A constant.
    pub(super) fn constant(ty: TypeId, value: Value) -> Self {
        Self {
            action: Action::Const(value),
            args: Vec::new(),
            result: ty,
        }
    }
}
