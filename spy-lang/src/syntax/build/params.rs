//! Parameters and type parameters.

use super::super::ast::{Expr, ExprKind, Ident, Param, Params, TypeParam, TypeParamKind};
use super::Builder;

/// The parameters of a function or lambda, in order.
pub(in crate::syntax) type ParamList = Params;

/// An entry between the parentheses of a `def`.
pub(in crate::syntax) enum ParamItem {
    /// `a: T = e`
    Plain(Param),
    /// `/` at an offset
    Slash(u32),
    /// `*` at an offset
    BareStar(u32),
    /// `*args`
    Star(Param),
    /// `**kwargs`
    DoubleStar(Param),
}

impl Builder<'_> {
    pub(in crate::syntax) fn type_param(
        &self,
        l: u32,
        kind: TypeParamKind,
        name: Ident,
        bound: Option<Expr>,
        r: u32,
    ) -> TypeParam {
        TypeParam {
            name,
            kind,
            bound,
            span: self.span(l, r),
        }
    }

    fn param(
        &self,
        l: u32,
        name: Ident,
        annotation: Option<Expr>,
        r: u32,
        default: Option<Expr>,
    ) -> Param {
        let span = self.span(l, r);
        let annotation = annotation.unwrap_or(Expr {
            kind: ExprKind::Auto,
            span,
        });
        Param {
            name,
            annotation,
            default,
            span,
        }
    }

    pub(in crate::syntax) fn plain_param(
        &self,
        l: u32,
        name: Ident,
        annotation: Option<Expr>,
        r: u32,
        default: Option<Expr>,
    ) -> ParamItem {
        ParamItem::Plain(self.param(l, name, annotation, r, default))
    }

    pub(in crate::syntax) fn star_param(
        &mut self,
        l: u32,
        name: Ident,
        annotation: Option<Expr>,
        r: u32,
        default: Option<Expr>,
    ) -> ParamItem {
        if default.is_some() {
            self.problem(
                name.span,
                "var-positional argument cannot have default value",
            );
        }
        ParamItem::Star(self.param(l, name, annotation, r, None))
    }

    pub(in crate::syntax) fn double_star_param(
        &mut self,
        l: u32,
        name: Ident,
        annotation: Option<Expr>,
        r: u32,
        default: Option<Expr>,
    ) -> ParamItem {
        if default.is_some() {
            self.problem(name.span, "var-keyword argument cannot have default value");
        }
        ParamItem::DoubleStar(self.param(l, name, annotation, r, None))
    }

    /// Sorts parameters into their kinds and checks their order.
    pub(in crate::syntax) fn params(&mut self, items: Vec<ParamItem>) -> ParamList {
        let mut params = Params::default();
        let mut order = Order::default();
        for item in items {
            self.check_order(&item, &mut order);
            match item {
                ParamItem::Plain(param) if order.star.is_some() => params.keyword_only.push(param),
                ParamItem::Plain(param) => params.plain.push(param),
                ParamItem::Slash(_) => {
                    if params.positional_only.is_empty() {
                        params.positional_only = std::mem::take(&mut params.plain);
                    }
                }
                ParamItem::BareStar(_) => {}
                ParamItem::Star(param) => params.star = Some(param),
                ParamItem::DoubleStar(param) => params.double_star = Some(param),
            }
        }
        if let Some(at) = order.unfollowed_star {
            self.problem(self.span(at, at), "named arguments must follow bare *");
        }
        params
    }

    fn check_order(&mut self, item: &ParamItem, order: &mut Order) {
        let (at, message) = match item {
            ParamItem::Plain(param) => (param.span, order.plain(param)),
            ParamItem::Slash(at) => (self.span(*at, *at), order.slash()),
            ParamItem::BareStar(at) => (self.span(*at, *at), order.star(*at, true)),
            ParamItem::Star(param) => (param.span, order.star(param.span.start, false)),
            ParamItem::DoubleStar(param) => (param.span, order.double_star()),
        };
        if let Some(message) = message {
            self.problem(at, message);
        }
    }
}

/// What has been seen so far in a parameter list.
#[derive(Default)]
struct Order {
    has_plain: bool,
    has_default: bool,
    has_slash: bool,
    /// Offset of `*` or `*args`.
    star: Option<u32>,
    /// Offset of a bare `*` after which no parameter has come yet.
    unfollowed_star: Option<u32>,
    has_double_star: bool,
}

impl Order {
    fn after_double_star(&self) -> Option<&'static str> {
        self.has_double_star
            .then_some("arguments cannot follow var-keyword argument")
    }

    fn plain(&mut self, param: &Param) -> Option<&'static str> {
        self.has_plain = true;
        self.unfollowed_star = None;
        if self.has_double_star {
            return self.after_double_star();
        }
        if self.star.is_none() {
            if param.default.is_none() && self.has_default {
                return Some("parameter without a default follows parameter with a default");
            }
            self.has_default |= param.default.is_some();
        }
        None
    }

    fn slash(&mut self) -> Option<&'static str> {
        let message = if self.has_double_star {
            self.after_double_star()
        } else if self.star.is_some() {
            Some("/ must be ahead of *")
        } else if self.has_slash {
            Some("/ may appear only once")
        } else if !self.has_plain {
            Some("at least one argument must precede /")
        } else {
            None
        };
        self.has_slash = true;
        message
    }

    fn star(&mut self, at: u32, is_bare: bool) -> Option<&'static str> {
        let message = if self.has_double_star {
            self.after_double_star()
        } else {
            self.star.map(|_| "* argument may appear only once")
        };
        self.star = Some(at);
        self.unfollowed_star = is_bare.then_some(at);
        message
    }

    fn double_star(&mut self) -> Option<&'static str> {
        let message = self.after_double_star();
        self.has_double_star = true;
        message
    }
}
