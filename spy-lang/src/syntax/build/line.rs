//! Logical lines: simple statements, a decorator, or the header of a compound statement.

use super::super::ast::{Arg, Expr, ExprKind, Ident, ImportAlias, Pattern, Stmt, TypeParam};
use super::Builder;
use super::expr::Argument;
use super::params::ParamList;
use crate::source::Span;

/// What a logical line is.
pub(in crate::syntax) enum Line {
    /// Statements separated by semicolons.
    Simple(Vec<Stmt>),
    /// `@expr`
    Decorator(Expr),
    /// The beginning of a compound statement.
    Compound(Compound),
}

/// A header with the statements after its colon, if there are any on the line.
pub(in crate::syntax) struct Compound {
    /// The header.
    pub header: Header,
    /// From its first token to the colon.
    pub span: Span,
    /// The body on the same line.
    pub body: Option<Vec<Stmt>>,
}

/// The header of a compound statement or of one of its clauses.
pub(in crate::syntax) enum Header {
    /// `if test:`
    If(Expr),
    /// `elif test:`
    Elif(Expr),
    /// `else:`
    Else,
    /// `while test:`
    While(Expr),
    /// `for target in iter:`
    For {
        is_async: bool,
        target: Expr,
        iter: Expr,
    },
    /// `try:`
    Try,
    /// `except exc as name:`
    Except {
        is_star: bool,
        exc: Option<Expr>,
        name: Option<Ident>,
    },
    /// `finally:`
    Finally,
    /// `with items:`
    With {
        is_async: bool,
        items: Vec<WithItem>,
    },
    /// `def name(params) -> returns:`
    Def(Box<DefHeader>),
    /// `class name(bases):`
    Class(Box<ClassHeader>),
    /// `match subject:`
    Match(Expr),
    /// `case pattern if guard:`
    Case(Pattern, Option<Expr>),
}

impl Header {
    /// Whether it continues a statement instead of beginning one.
    pub(in crate::syntax) fn is_clause(&self) -> bool {
        matches!(
            self,
            Self::Elif(_) | Self::Else | Self::Except { .. } | Self::Finally | Self::Case(..)
        )
    }

    /// What CPython calls the statement in "expected an indented block after …".
    pub(in crate::syntax) fn described(&self) -> &'static str {
        match self {
            Self::If(_) => "'if' statement",
            Self::Elif(_) => "'elif' statement",
            Self::Else => "'else' statement",
            Self::While(_) => "'while' statement",
            Self::For { .. } => "'for' statement",
            Self::Try => "'try' statement",
            Self::Except { is_star: false, .. } => "'except' statement",
            Self::Except { is_star: true, .. } => "'except*' statement",
            Self::Finally => "'finally' statement",
            Self::With { .. } => "'with' statement",
            Self::Def(_) => "function definition",
            Self::Class(_) => "class definition",
            Self::Match(_) => "'match' statement",
            Self::Case(..) => "'case' statement",
        }
    }
}

/// `expr as target`
pub(in crate::syntax) type WithItem = (Expr, Option<Expr>);

/// A name of an import statement.
pub(in crate::syntax) type Alias = ImportAlias;

/// The parts of a `def` line.
pub(in crate::syntax) struct DefHeader {
    /// Whether it is an `async def`.
    pub is_async: bool,
    /// The name.
    pub name: Ident,
    /// `[T]`
    pub type_params: Vec<TypeParam>,
    /// The parameters.
    pub params: ParamList,
    /// The result annotation.
    pub returns: Option<Expr>,
}

/// The parts of a `class` line.
pub(in crate::syntax) struct ClassHeader {
    /// The name.
    pub name: Ident,
    /// `[T]`
    pub type_params: Vec<TypeParam>,
    /// Bases and keywords.
    pub bases: Vec<Arg>,
}

impl Builder<'_> {
    pub(in crate::syntax) fn compound(
        &self,
        l: u32,
        header: Header,
        r: u32,
        body: Option<Vec<Stmt>>,
    ) -> Line {
        Line::Compound(Compound {
            header,
            span: self.span(l, r),
            body,
        })
    }

    pub(in crate::syntax) fn for_header(
        &mut self,
        is_async: bool,
        target: Expr,
        iter: Expr,
    ) -> Header {
        let target = self.loop_target(target);
        Header::For {
            is_async,
            target,
            iter,
        }
    }

    pub(in crate::syntax) fn with_target(&mut self, value: Expr, target: Expr) -> WithItem {
        (value, Some(self.loop_target(target)))
    }

    /// The header of a `with`. A single tuple in parentheses is the items, not a tuple.
    pub(in crate::syntax) fn with_header(
        &self,
        is_async: bool,
        mut items: Vec<WithItem>,
    ) -> Header {
        if let [(value, None)] = items.as_mut_slice()
            && let ExprKind::Tuple(values) = &mut value.kind
            && !values.is_empty()
            && values.iter().all(is_plain_item)
        {
            items = std::mem::take(values)
                .into_iter()
                .map(|value| (value, None))
                .collect();
        }
        Header::With { is_async, items }
    }

    pub(in crate::syntax) fn def_header(
        &self,
        is_async: bool,
        name: Ident,
        type_params: Option<Vec<TypeParam>>,
        params: ParamList,
        returns: Option<Expr>,
    ) -> Header {
        let type_params = type_params.unwrap_or_default();
        Header::Def(Box::new(DefHeader {
            is_async,
            name,
            type_params,
            params,
            returns,
        }))
    }

    pub(in crate::syntax) fn class_header(
        &mut self,
        name: Ident,
        type_params: Option<Vec<TypeParam>>,
        bases: Option<Vec<Argument>>,
    ) -> Header {
        let bases = self.arguments(bases.unwrap_or_default());
        let type_params = type_params.unwrap_or_default();
        Header::Class(Box::new(ClassHeader {
            name,
            type_params,
            bases,
        }))
    }
}

/// Whether an element of `with (a, b):` can be an item of its own.
fn is_plain_item(value: &Expr) -> bool {
    !matches!(value.kind, ExprKind::Starred(_) | ExprKind::AssignExpr(..))
}
