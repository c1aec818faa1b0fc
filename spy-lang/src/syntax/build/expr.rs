//! Expressions.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use spy_runtime::complex::Complex;

use super::super::ast::{
    Arg, BinOp, CmpOp, Comprehension, ComprehensionClause, ComprehensionKind, DefId, DictItem,
    Expr, ExprKind, Ident, IfExp, Lambda, Literal, UnaryOp,
};
use super::Builder;
use super::params::ParamList;
use crate::source::Span;

/// An item of a dict display or dict comprehension.
pub(in crate::syntax) enum DictEntry {
    /// `key: value`
    Pair(Expr, Expr),
    /// `**expr`
    Unpack(Expr),
}

/// An argument of a call before its order is checked.
pub(in crate::syntax) enum Argument {
    /// `e`
    Positional(Expr),
    /// `e for x in y`
    Generator(Expr),
    /// `*e`, `name=e` or `**e`
    Checked(Arg),
}

impl Builder<'_> {
    // ---- atoms ----

    pub(in crate::syntax) fn name(&self, name: Ident) -> Expr {
        Expr {
            kind: ExprKind::Name(name.name),
            span: name.span,
        }
    }

    pub(in crate::syntax) fn int(&self, l: u32, value: BigInt, r: u32) -> Expr {
        self.expr(l, ExprKind::Literal(Literal::Int(value)), r)
    }

    pub(in crate::syntax) fn float(&self, l: u32, value: f64, r: u32) -> Expr {
        self.expr(l, ExprKind::Literal(Literal::Float(value)), r)
    }

    pub(in crate::syntax) fn imaginary(&self, l: u32, value: f64, r: u32) -> Expr {
        self.expr(
            l,
            ExprKind::Literal(Literal::Complex(Complex::new(0.0, value))),
            r,
        )
    }

    pub(in crate::syntax) fn none(&self, l: u32, r: u32) -> Expr {
        self.expr(l, ExprKind::Literal(Literal::None), r)
    }

    pub(in crate::syntax) fn boolean(&self, l: u32, value: bool, r: u32) -> Expr {
        self.expr(l, ExprKind::Literal(Literal::Bool(value)), r)
    }

    pub(in crate::syntax) fn ellipsis(&self, l: u32, r: u32) -> Expr {
        self.expr(l, ExprKind::Ellipsis, r)
    }

    // ---- displays ----

    pub(in crate::syntax) fn list(&self, l: u32, items: Vec<Expr>, r: u32) -> Expr {
        self.expr(l, ExprKind::List(items), r)
    }

    pub(in crate::syntax) fn tuple(&self, l: u32, items: Vec<Expr>, r: u32) -> Expr {
        self.expr(l, ExprKind::Tuple(items), r)
    }

    pub(in crate::syntax) fn set(&self, l: u32, items: Vec<Expr>, r: u32) -> Expr {
        self.expr(l, ExprKind::Set(items), r)
    }

    pub(in crate::syntax) fn dict(&self, l: u32, items: Vec<DictEntry>, r: u32) -> Expr {
        let items = items.into_iter().map(|item| match item {
            DictEntry::Pair(key, value) => DictItem::Pair(key, value),
            DictEntry::Unpack(value) => DictItem::Unpack(value),
        });
        self.expr(l, ExprKind::Dict(items.collect()), r)
    }

    pub(in crate::syntax) fn dict_of(
        &self,
        l: u32,
        first: DictEntry,
        rest: Vec<DictEntry>,
        r: u32,
    ) -> Expr {
        self.dict(l, self.prepend(first, rest), r)
    }

    /// Expressions separated by commas, without brackets: a tuple if there is a comma.
    pub(in crate::syntax) fn exprs(
        &self,
        l: u32,
        first: Expr,
        rest: Vec<Expr>,
        has_comma: bool,
        r: u32,
    ) -> Expr {
        if rest.is_empty() && !has_comma {
            return first;
        }
        self.tuple(l, self.prepend(first, rest), r)
    }

    /// The subject of `match`.
    pub(in crate::syntax) fn tuple_or_one(
        &self,
        l: u32,
        (mut items, has_comma): (Vec<Expr>, bool),
        r: u32,
    ) -> Expr {
        match items.pop() {
            Some(only) if items.is_empty() && !has_comma => only,
            Some(last) => self.tuple(l, self.append(items, last), r),
            None => self.tuple(l, items, r),
        }
    }

    /// What stands in parentheses: an expression, or a tuple with them.
    pub(in crate::syntax) fn parenthesized(
        &mut self,
        l: u32,
        items: (Vec<Expr>, bool),
        r: u32,
    ) -> Expr {
        let expr = self.tuple_or_one(l, items, r);
        if matches!(expr.kind, ExprKind::Starred(_)) {
            self.problem(expr.span, "cannot use starred expression here");
        }
        expr
    }

    pub(in crate::syntax) fn starred(&self, l: u32, value: Expr, r: u32) -> Expr {
        self.expr(l, ExprKind::Starred(Box::new(value)), r)
    }

    // ---- operators ----

    pub(in crate::syntax) fn binary(
        &self,
        l: u32,
        left: Expr,
        op: BinOp,
        right: Expr,
        r: u32,
    ) -> Expr {
        self.expr(l, ExprKind::Binary(op, Box::new(left), Box::new(right)), r)
    }

    /// A unary operation; minus and an unsigned number make one literal.
    pub(in crate::syntax) fn unary(&self, l: u32, op: UnaryOp, value: Expr, r: u32) -> Expr {
        if op == UnaryOp::Neg
            && let Some(folded) = negated(&value.kind)
        {
            let span = self.span(l, value.span.end);
            return Expr {
                kind: ExprKind::Literal(folded),
                span,
            };
        }
        self.expr(l, ExprKind::Unary(op, Box::new(value)), r)
    }

    pub(in crate::syntax) fn and(&self, l: u32, left: Expr, right: Expr, r: u32) -> Expr {
        self.expr(l, ExprKind::And(Box::new(left), Box::new(right)), r)
    }

    pub(in crate::syntax) fn or(&self, l: u32, left: Expr, right: Expr, r: u32) -> Expr {
        self.expr(l, ExprKind::Or(Box::new(left), Box::new(right)), r)
    }

    /// One comparison, or a chain of them.
    pub(in crate::syntax) fn comparison(
        &self,
        l: u32,
        first: Expr,
        mut rest: Vec<(CmpOp, Expr)>,
        r: u32,
    ) -> Expr {
        let kind = match rest.pop() {
            Some((op, right)) if rest.is_empty() => {
                ExprKind::Compare(op, Box::new(first), Box::new(right))
            }
            Some(last) => ExprKind::CompareChain(Box::new(first), self.append(rest, last)),
            None => return first,
        };
        self.expr(l, kind, r)
    }

    pub(in crate::syntax) fn assign_expr(
        &mut self,
        l: u32,
        target: Expr,
        value: Expr,
        r: u32,
    ) -> Expr {
        let ExprKind::Name(name) = target.kind else {
            let what = target.kind.described();
            self.problem(
                target.span,
                format!("cannot use assignment expressions with {what}"),
            );
            return self.expr(l, ExprKind::Error, r);
        };
        let target = Ident {
            name,
            span: target.span,
        };
        self.expr(l, ExprKind::AssignExpr(target, Box::new(value)), r)
    }

    pub(in crate::syntax) fn if_exp(
        &self,
        l: u32,
        body: Expr,
        test: Expr,
        orelse: Expr,
        r: u32,
    ) -> Expr {
        self.expr(
            l,
            ExprKind::IfExp(Box::new(IfExp { test, body, orelse })),
            r,
        )
    }

    pub(in crate::syntax) fn lambda(&self, l: u32, params: ParamList, body: Expr, r: u32) -> Expr {
        let lambda = Lambda {
            id: DefId(0),
            params,
            body,
        };
        self.expr(l, ExprKind::Lambda(Rc::new(lambda)), r)
    }

    pub(in crate::syntax) fn await_expr(&self, l: u32, value: Expr, r: u32) -> Expr {
        self.expr(l, ExprKind::Await(Box::new(value)), r)
    }

    pub(in crate::syntax) fn yield_expr(&mut self, l: u32, value: Option<Expr>, r: u32) -> Expr {
        let value = value.map(Box::new);
        self.expr(l, ExprKind::Yield(value), r)
    }

    pub(in crate::syntax) fn yield_from(&self, l: u32, value: Expr, r: u32) -> Expr {
        self.expr(l, ExprKind::YieldFrom(Box::new(value)), r)
    }

    // ---- what follows a primary ----

    pub(in crate::syntax) fn attribute(&self, l: u32, value: Expr, attr: Ident, r: u32) -> Expr {
        self.expr(l, ExprKind::GetAttr(Box::new(value), attr), r)
    }

    pub(in crate::syntax) fn subscript(
        &self,
        l: u32,
        value: Expr,
        args: Vec<Expr>,
        r: u32,
    ) -> Expr {
        self.expr(l, ExprKind::GetItem(Box::new(value), args), r)
    }

    /// The arguments of a subscript. A single tuple counts as several, as Python cannot tell
    /// `x[(a, b)]` from `x[a, b]`.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only a tuple is taken apart"
    )]
    pub(in crate::syntax) fn subscripts(
        &self,
        first: Expr,
        rest: Vec<Expr>,
        has_comma: bool,
    ) -> Vec<Expr> {
        match first.kind {
            ExprKind::Tuple(items) if rest.is_empty() && !has_comma => items,
            kind => self.prepend(
                Expr {
                    kind,
                    span: first.span,
                },
                rest,
            ),
        }
    }

    /// A slice; missing parts are `None` literals with its span.
    pub(in crate::syntax) fn slice(
        &self,
        l: u32,
        start: Option<Expr>,
        stop: Option<Expr>,
        step: Option<Expr>,
        r: u32,
    ) -> Expr {
        let part = |part: Option<Expr>| part.unwrap_or_else(|| self.none(l, r));
        self.expr(
            l,
            ExprKind::Slice(Box::new([part(start), part(stop), part(step)])),
            r,
        )
    }

    // ---- comprehensions ----

    pub(in crate::syntax) fn clause(
        &mut self,
        is_async: bool,
        target: Expr,
        iter: Expr,
        conditions: Vec<Expr>,
    ) -> ComprehensionClause {
        let target = self.loop_target(target);
        ComprehensionClause {
            is_async,
            target,
            iter,
            conditions,
        }
    }

    pub(in crate::syntax) fn comprehension(
        &mut self,
        l: u32,
        kind: ComprehensionKind,
        element: Expr,
        clauses: Vec<ComprehensionClause>,
        r: u32,
    ) -> Expr {
        if matches!(element.kind, ExprKind::Starred(_)) {
            self.problem(
                element.span,
                "iterable unpacking cannot be used in comprehension",
            );
        }
        self.comprehension_of(self.span(l, r), kind, (element, None), clauses)
    }

    pub(in crate::syntax) fn dict_comprehension(
        &mut self,
        l: u32,
        item: DictEntry,
        clauses: Vec<ComprehensionClause>,
        r: u32,
    ) -> Expr {
        let (key, value) = match item {
            DictEntry::Pair(key, value) => (key, Some(value)),
            DictEntry::Unpack(value) => {
                let message = "dict unpacking cannot be used in dict comprehension";
                self.problem(value.span, message);
                (value, None)
            }
        };
        self.comprehension_of(
            self.span(l, r),
            ComprehensionKind::Dict,
            (key, value),
            clauses,
        )
    }

    fn comprehension_of(
        &self,
        span: Span,
        kind: ComprehensionKind,
        (element, value): (Expr, Option<Expr>),
        clauses: Vec<ComprehensionClause>,
    ) -> Expr {
        let comprehension = Comprehension {
            kind,
            id: DefId(0),
            element,
            value,
            clauses,
        };
        Expr {
            kind: ExprKind::Comprehension(Box::new(comprehension)),
            span,
        }
    }
}

/// The literal for minus an unsigned int or float; a folded one is not folded again.
fn negated(kind: &ExprKind) -> Option<Literal> {
    let ExprKind::Literal(literal) = kind else {
        return None;
    };
    match literal {
        Literal::Int(value) if value.sign() != Sign::Minus => Some(Literal::Int(-value)),
        Literal::Float(value) if value.is_sign_positive() => Some(Literal::Float(-value)),
        Literal::None
        | Literal::Bool(_)
        | Literal::Int(_)
        | Literal::Float(_)
        | Literal::Complex(_)
        | Literal::SizedInt(..)
        | Literal::F32(_)
        | Literal::F64(_) => None,
    }
}

impl ExprKind {
    /// What CPython calls such an expression in its messages.
    pub(in crate::syntax) fn described(&self) -> &'static str {
        match self {
            Self::Name(_) | Self::Auto | Self::Error => "name",
            Self::Literal(Literal::None) => "None",
            Self::Literal(Literal::Bool(true)) => "True",
            Self::Literal(Literal::Bool(false)) => "False",
            Self::Literal(_) | Self::Str(_) | Self::Bytes(_) => "literal",
            Self::Ellipsis => "ellipsis",
            Self::FString(_) => "f-string expression",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Set(_) => "set display",
            Self::Dict(_) => "dict literal",
            Self::GetItem(..) | Self::Slice(_) => "subscript",
            Self::Call(..) | Self::CallMethod(..) | Self::Block(..) => "function call",
            Self::GetAttr(..) => "attribute",
            Self::Binary(..) | Self::And(..) | Self::Or(..) | Self::Unary(..) => "expression",
            Self::Compare(..) | Self::CompareChain(..) => "comparison",
            Self::AssignExpr(..) => "named expression",
            Self::IfExp(_) => "conditional expression",
            Self::Lambda(_) => "lambda",
            Self::Comprehension(comprehension) => match comprehension.kind {
                ComprehensionKind::List => "list comprehension",
                ComprehensionKind::Set => "set comprehension",
                ComprehensionKind::Dict => "dict comprehension",
                ComprehensionKind::Generator => "generator expression",
            },
            Self::Await(_) => "await expression",
            Self::Yield(_) | Self::YieldFrom(_) => "yield expression",
            Self::Starred(_) => "starred",
        }
    }
}
