//! What the evaluator remembers: frames of blue code.

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
