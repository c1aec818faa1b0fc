//! Functions and the frames they close over.

use std::cell::OnceCell;
use std::rc::Rc;

use super::{ModuleId, Value};
use crate::builtins::Builtin;
use crate::ir::Prim;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Fqn, TypeId};

/// Names a function of the program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FuncId(pub u32);

/// Names a blue frame: a module body, a class body or a call of a blue function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FrameId(pub u32);

/// A function of the program.
#[derive(Clone, Debug)]
pub struct FuncInfo {
    /// The internal name.
    pub fqn: Fqn,
    /// Its function type.
    pub ty: TypeId,
    /// What calling it does.
    pub body: FuncBody,
    /// "function defined here".
    pub prototype: Span,
    /// Whether calls are replaced by the body.
    pub force_inline: bool,
}

/// What calling a function does.
#[derive(Clone, Debug)]
pub enum FuncBody {
    /// Runs statements of the program.
    Source(Rc<Closure>),
    /// Applies a primitive operation.
    Prim(Prim),
    /// Asks the compiler: `print`, `len`, `STATIC_TYPE`, …
    Builtin(Builtin),
    /// Accesses memory.
    Memory(crate::ir::MemoryOp),
    /// Makes a struct of its arguments, one a field.
    MakeStruct(TypeId),
    /// A method that the compiler gives to structs.
    StructMethod(StructMethod),
    /// Makes a class of its arguments.
    GenericClass(Rc<GenericClass>),
}

/// The methods that the compiler gives to structs: on the fields, in order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StructMethod {
    /// `__eq__`
    Eq,
    /// `__ne__`
    Ne,
    /// `__lt__`
    Lt,
    /// `__le__`
    Le,
    /// `__gt__`
    Gt,
    /// `__ge__`
    Ge,
    /// `__hash__`
    Hash,
}

impl StructMethod {
    /// The name of the method.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "__eq__",
            Self::Ne => "__ne__",
            Self::Lt => "__lt__",
            Self::Le => "__le__",
            Self::Gt => "__gt__",
            Self::Ge => "__ge__",
            Self::Hash => "__hash__",
        }
    }
}

/// A `class` with type parameters that has been executed.
#[derive(Debug)]
pub struct GenericClass {
    /// The syntax.
    pub def: Rc<ast::ClassDef>,
    /// The scope of its type parameters.
    pub scope: crate::scope::ScopeId,
    /// The module whose text it stands in.
    pub module: ModuleId,
    /// The frame it was defined in.
    pub parent: FrameId,
}

/// A `def` that has been executed.
#[derive(Debug)]
pub struct Closure {
    /// The syntax.
    pub def: Rc<ast::FuncDef>,
    /// Which scope of the module its body is.
    pub scope: crate::scope::ScopeId,
    /// The module whose text it stands in.
    pub module: ModuleId,
    /// The class whose body it stands in.
    pub class: Option<TypeId>,
    /// The frame it was defined in.
    pub parent: FrameId,
    /// Names of the parameters in order.
    pub params: Vec<Rc<str>>,
    /// Default values, aligned to the end of the plain parameters, with their places.
    pub defaults: Vec<(Value, Span)>,
    /// What it uses of enclosing red functions, determined when it is first needed; these are its
    /// last parameters.
    pub captures: OnceCell<Rc<[Capture]>>,
}

/// A variable of an enclosing red function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Capture {
    /// The frame that mirrors the function.
    pub frame: FrameId,
    /// The variable.
    pub name: Rc<str>,
    /// Its static type.
    pub ty: TypeId,
}
