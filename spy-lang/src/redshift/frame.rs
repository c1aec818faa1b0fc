//! What the evaluator remembers: frames of blue code, and facts for tools.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::program::{FrameId, ModuleId, Value};
use crate::scope::ScopeId;
use crate::source::Span;
use crate::types::{Fqn, TypeId};

/// When the value of an expression is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Color {
    /// At compile time.
    Blue,
    /// At run time.
    Red,
}

impl Color {
    /// Blue if both are.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == Self::Blue { other } else { Self::Red }
    }

    /// The name in programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Red => "red",
        }
    }
}

/// A local variable of blue code.
#[derive(Clone, Debug)]
pub struct BlueLocal {
    /// The static type.
    pub ty: TypeId,
    /// Its color, as `const` or `var` and the assigned value determine it.
    pub color: Color,
    /// The value; `None` until assigned.
    pub value: Option<Value>,
    /// The statement that declared it.
    pub declared: Span,
}

/// A frame of blue code: a module body, a class body or a call of a blue function.
#[derive(Clone, Debug)]
pub struct BlueFrame {
    /// The module whose text runs.
    pub module: ModuleId,
    /// The scope that runs.
    pub scope: ScopeId,
    /// The frame of the enclosing scope; `None` for a module.
    pub parent: Option<FrameId>,
    /// Where definitions are named.
    pub namespace: Fqn,
    /// Whether it mirrors a red function under construction: variables without a value get one at
    /// run time.
    pub is_mirror: bool,
    /// The variables declared so far.
    pub locals: FxHashMap<Rc<str>, BlueLocal>,
}

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
