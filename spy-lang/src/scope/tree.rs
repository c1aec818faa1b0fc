//! Symbol tables.

use std::fmt;
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::source::Span;
use crate::syntax::ast::DefId;

/// Names a scope of a module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ScopeId(pub u32);

/// What a scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScopeKind {
    /// A module.
    Module,
    /// A class body.
    Class,
    /// A function, or the outer half of a generic function or class.
    Function,
}

/// Whether the code of a scope runs while compiling.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScopeColor {
    /// It does.
    Blue,
    /// It runs at run time.
    Red,
}

/// Whether a symbol may be assigned more than once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum VarKind {
    /// Once.
    Const,
    /// Any number of times.
    Var,
}

/// Why a symbol has its [`VarKind`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum VarOrigin {
    /// Deduced from the assignments.
    Auto,
    /// Declared with `var` or `const`, or a builtin.
    Explicit,
    /// A plain definition at module level.
    GlobalConst,
    /// A function.
    FuncDef,
    /// A class.
    ClassDef,
    /// A field of a class.
    ClassField,
    /// A parameter of a red function.
    RedParam,
    /// A parameter of a blue function.
    BlueParam,
}

impl VarOrigin {
    /// The name shown in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Explicit => "explicit",
            Self::GlobalConst => "global-const",
            Self::FuncDef => "funcdef",
            Self::ClassDef => "classdef",
            Self::ClassField => "class-field",
            Self::RedParam => "red-param",
            Self::BlueParam => "blue-param",
        }
    }
}

/// Where the value of a symbol lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Storage {
    /// In its frame.
    Direct,
    /// In a cell of the module.
    Cell,
    /// Nowhere: the name is not defined.
    NameError,
}

/// What an imported name stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportRef {
    /// The module.
    pub module: Rc<str>,
    /// The attribute; `None` for the module itself.
    pub attr: Option<Rc<str>>,
}

impl fmt::Display for ImportRef {
    /// `mod`, `mod.attr`, `(a.b).attr`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.module.contains('.') {
            write!(f, "({})", self.module)?;
        } else {
            f.write_str(&self.module)?;
        }
        match &self.attr {
            Some(attr) => write!(f, ".{attr}"),
            None => Ok(()),
        }
    }
}

/// An entry of a symbol table.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// The name; internal ones start with `@` or `_$`.
    pub name: Rc<str>,
    /// Assigned once or more often.
    pub kind: VarKind,
    /// Why.
    pub origin: VarOrigin,
    /// Where the value lives.
    pub storage: Storage,
    /// 0: defined in this scope; n: n scopes outwards, class scopes included; `None`: nowhere.
    pub level: Option<u32>,
    /// Where it is declared.
    pub span: Span,
    /// Where its type comes from.
    pub type_span: Span,
    /// What it was imported as.
    pub import: Option<ImportRef>,
}

/// A scope and its symbol table.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The full name: `mod::f::inner`.
    pub name: String,
    /// What it belongs to.
    pub kind: ScopeKind,
    /// When its code runs.
    pub color: ScopeColor,
    /// The enclosing scope; `None` for a module.
    pub parent: Option<ScopeId>,
    /// Definitions of this scope and every name it references.
    pub symbols: IndexMap<Rc<str>, Symbol, FxBuildHasher>,
}

/// A module that must be imported before this one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The module.
    pub module: Rc<str>,
    /// The attribute wanted from it.
    pub attr: Option<Rc<str>>,
    /// The import statement; `None` for an implicit import.
    pub statement: Option<Span>,
    /// The alias within the statement.
    pub alias: Option<Span>,
}

/// All scopes of a module.
#[derive(Debug, Default)]
pub struct ScopeTree {
    /// The scopes, the module's first, in source order.
    pub scopes: Vec<Scope>,
    /// Scopes by the definition they belong to.
    pub by_def: FxHashMap<DefId, ScopeId>,
    /// Modules that syntax or builtin names stand for, in order of first use, whether the compiler
    /// provides them itself or imports their text.
    pub implied: Vec<Rc<str>>,
    /// Modules to import: implicit ones first, then those of import statements.
    pub dependencies: Vec<Dependency>,
}

impl ScopeTree {
    /// The scope of the module.
    pub const MODULE: ScopeId = ScopeId(0);

    /// The scope with this id.
    pub fn get(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// The scope of a function, class or lambda.
    pub fn of_def(&self, id: DefId) -> ScopeId {
        *self
            .by_def
            .get(&id)
            .expect("scope analysis visits every definition")
    }

    /// The symbol a name means in a scope that mentions it.
    pub fn symbol(&self, scope: ScopeId, name: &str) -> Option<&Symbol> {
        self.get(scope).symbols.get(name)
    }

    /// The scope `level` steps outwards.
    pub fn outwards(&self, scope: ScopeId, level: u32) -> Option<ScopeId> {
        (0..level).try_fold(scope, |scope, _| self.get(scope).parent)
    }
}
