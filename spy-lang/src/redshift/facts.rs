//! Facts about the source, recorded as redshift goes, for tools.

use super::{Color, fold};
use crate::program::{Program, Value};
use crate::source::Span;
use crate::types::TypeId;

/// What is known of an expression.
#[derive(Clone, Debug)]
pub struct ExprFact {
    /// The expression.
    pub span: Span,
    /// Its static type.
    pub ty: TypeId,
    /// Its color.
    pub color: Color,
    /// Its value, if known.
    pub value: Option<Value>,
    /// Where the name is declared, if it is one.
    pub definition: Option<Span>,
    /// Whether a red function was redshifted, rather than blue code executed.
    pub is_redshift: bool,
}

/// Facts about the source that tools ask for, recorded as redshift goes.
#[derive(Debug, Default)]
pub struct Facts {
    /// Whether to record.
    pub enabled: bool,
    /// In order of evaluation; inner expressions before outer ones.
    pub exprs: Vec<ExprFact>,
}

impl Facts {
    /// How many are recorded: loops of blue code would go on for ever.
    pub const MOST: usize = 500_000;

    /// Longest text that is kept, in bytes.
    const MOST_TEXT_BYTES: usize = 4 << 10;

    /// Whether a value is small enough to be kept for every time it was computed.
    pub(super) fn may_keep(value: &Value) -> bool {
        let length = match value {
            Value::Str(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::None
            | Value::NotImplemented
            | Value::Bool(_)
            | Value::Int(..)
            | Value::F32(_)
            | Value::F64(_)
            | Value::Complex(_)
            | Value::Type(_)
            | Value::Func(_)
            | Value::Module(_)
            | Value::Struct(..)
            | Value::Ptr(..)
            | Value::Exception(_)
            | Value::MetaArg(_)
            | Value::OpSpec(_)
            | Value::OpImpl(_)
            | Value::Tuple(_)
            | Value::List(_)
            | Value::Dict(_)
            | Value::Descriptor(_) => 0,
        };
        length <= Self::MOST_TEXT_BYTES
    }
}

/// What all evaluations of an expression have in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meaning {
    /// The static types, as messages call them.
    pub ty: String,
    /// Blue if it was always known.
    pub color: Color,
    /// The value, if it was the same each time and has a short text.
    pub value: Option<String>,
}

impl Program {
    /// What the facts about one expression, at least one, have in common.
    pub fn meaning(&self, times: &[&ExprFact]) -> Meaning {
        let mut types: Vec<String> = Vec::new();
        for fact in times {
            let name = self.type_name(fact.ty);
            if !types.contains(&name) {
                types.push(name);
            }
        }
        let is_blue = times.iter().all(|fact| fact.color == Color::Blue);
        let mut texts = times
            .iter()
            .map(|fact| fact.value.as_ref().and_then(|value| self.short_text(value)));
        let first = texts.next().flatten();
        let same = texts.all(|text| text == first);
        Meaning {
            ty: types.join(" | "),
            color: if is_blue { Color::Blue } else { Color::Red },
            value: first.filter(|_| same),
        }
    }

    /// A value as text, if it has a short one that says more than its type.
    pub fn short_text(&self, value: &Value) -> Option<String> {
        const MOST_CHARS: usize = 80;
        let text = match value {
            Value::Type(ty) => self.type_name(*ty),
            Value::Func(func) => self.human_name(&self.func(*func).fqn),
            Value::Module(module) => self.module(*module).name.to_string(),
            Value::None
            | Value::NotImplemented
            | Value::Bool(_)
            | Value::Int(..)
            | Value::F32(_)
            | Value::F64(_)
            | Value::Complex(_) => fold::repr(value),
            Value::Str(text) if text.len() <= 4 * MOST_CHARS => fold::repr(value),
            Value::Bytes(bytes) if bytes.len() <= MOST_CHARS => fold::repr(value),
            _ => return None,
        };
        (text.chars().count() <= MOST_CHARS).then_some(text)
    }
}
