//! What may stand on the left of an assignment, after `for`, `with … as` and `del`.
//!
//! A target that may not is reported and replaced by an error node, so that later stages only see
//! names, attributes, items, and tuples, lists and starred ones of them.

use super::super::ast::{ComprehensionKind, Expr, ExprKind, Literal};
use super::Builder;

impl Builder<'_> {
    /// A target of `for`, of a comprehension, or of `with … as`.
    pub(in crate::syntax) fn loop_target(&mut self, target: Expr) -> Expr {
        self.target(target, "cannot assign to ", "")
    }

    /// A target of an assignment statement; `is_only` if a comparison may have been meant.
    pub(super) fn assign_target(&mut self, target: Expr, is_only: bool) -> Expr {
        if matches!(target.kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_)) {
            self.problem(target.span, "assignment to yield expression not possible");
            return error_at(&target);
        }
        let hint = if is_only && may_be_compared(&target.kind) {
            " here. Maybe you meant '==' instead of '='?"
        } else {
            ""
        };
        self.target(target, "cannot assign to ", hint)
    }

    /// A target of `del`.
    pub(super) fn delete_target(&mut self, target: Expr) -> Expr {
        if matches!(target.kind, ExprKind::Starred(_)) {
            self.problem(target.span, "cannot delete starred");
            return error_at(&target);
        }
        self.target(target, "cannot delete ", "")
    }

    fn target(&mut self, target: Expr, action: &str, hint: &str) -> Expr {
        let Expr { kind, span } = target;
        let kind = match kind {
            ExprKind::Name(_) | ExprKind::GetAttr(..) | ExprKind::GetItem(..) | ExprKind::Error => {
                kind
            }
            ExprKind::Tuple(items) => ExprKind::Tuple(self.targets(items, action)),
            ExprKind::List(items) => ExprKind::List(self.targets(items, action)),
            ExprKind::Starred(inner) => {
                ExprKind::Starred(Box::new(self.target(*inner, action, "")))
            }
            ExprKind::Auto
            | ExprKind::Literal(_)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::Ellipsis
            | ExprKind::FString(_)
            | ExprKind::Set(_)
            | ExprKind::Dict(_)
            | ExprKind::Slice(_)
            | ExprKind::Call(..)
            | ExprKind::CallMethod(..)
            | ExprKind::Binary(..)
            | ExprKind::Compare(..)
            | ExprKind::CompareChain(..)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Unary(..)
            | ExprKind::AssignExpr(..)
            | ExprKind::IfExp(_)
            | ExprKind::Lambda(_)
            | ExprKind::Comprehension(_)
            | ExprKind::Await(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Block(..) => {
                self.problem(span, format!("{action}{}{hint}", kind.described()));
                ExprKind::Error
            }
        };
        Expr { kind, span }
    }

    fn targets(&mut self, items: Vec<Expr>, action: &str) -> Vec<Expr> {
        items
            .into_iter()
            .map(|item| self.target(item, action, ""))
            .collect()
    }

    /// The target of `t op= e`.
    pub(super) fn aug_target(&mut self, target: Expr) -> Expr {
        if matches!(
            target.kind,
            ExprKind::Name(_) | ExprKind::GetAttr(..) | ExprKind::GetItem(..) | ExprKind::Error
        ) {
            return target;
        }
        let what = target.kind.described();
        let message = format!("'{what}' is an illegal expression for augmented assignment");
        self.problem(target.span, message);
        error_at(&target)
    }

    /// The target of `t: T`.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "nothing else can be annotated"
    )]
    pub(super) fn annotated_target(&mut self, target: Expr) -> Expr {
        let message = match target.kind {
            ExprKind::Name(_) | ExprKind::GetAttr(..) | ExprKind::GetItem(..) => return target,
            ExprKind::Tuple(_) => "only single target (not tuple) can be annotated",
            ExprKind::List(_) => "only single target (not list) can be annotated",
            _ => "illegal target for annotation",
        };
        self.problem(target.span, message);
        error_at(&target)
    }
}

fn error_at(target: &Expr) -> Expr {
    Expr {
        kind: ExprKind::Error,
        span: target.span,
    }
}

/// Whether `kind = e` looks like a mistyped comparison to CPython.
fn may_be_compared(kind: &ExprKind) -> bool {
    if let ExprKind::Comprehension(comprehension) = kind {
        return comprehension.kind != ComprehensionKind::Generator;
    }
    let is_keyword = matches!(kind, ExprKind::Literal(Literal::None | Literal::Bool(_)));
    !is_keyword
        && matches!(
            kind,
            ExprKind::Literal(_)
                | ExprKind::Str(_)
                | ExprKind::Bytes(_)
                | ExprKind::Ellipsis
                | ExprKind::FString(_)
                | ExprKind::Set(_)
                | ExprKind::Dict(_)
                | ExprKind::Call(..)
                | ExprKind::CallMethod(..)
                | ExprKind::Binary(..)
                | ExprKind::Unary(..)
                | ExprKind::Await(_)
        )
}
