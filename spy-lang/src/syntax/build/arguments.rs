//! Calls and their arguments.

use rustc_hash::FxHashSet;

use super::super::ast::{
    Arg, ComprehensionClause, ComprehensionKind, Expr, ExprKind, Ident, Literal,
};
use super::Builder;
use super::expr::Argument;
use super::prefixed;

impl Builder<'_> {
    /// A call: a method call, a prefixed literal, an embedded block, or an ordinary one.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only an attribute makes a method call"
    )]
    pub(in crate::syntax) fn call(
        &mut self,
        l: u32,
        callee: Expr,
        parenthesis: u32,
        mut arguments: Vec<Argument>,
        r: u32,
    ) -> Expr {
        if let [Argument::Generator(value)] = arguments.as_mut_slice() {
            // The parentheses of the call are its own.
            value.span = self.span(parenthesis, r);
        }
        let args = self.arguments(arguments);
        if let ExprKind::Name(name) = &callee.kind {
            if &**name == "__block__" {
                return self.block(self.span(l, r), args);
            }
            if let [Arg::Positional(number)] = args.as_slice()
                && let Some(literal) = prefixed::literal(self, name, number)
            {
                return literal;
            }
        }
        match callee.kind {
            ExprKind::GetAttr(target, method) => {
                self.expr(l, ExprKind::CallMethod(target, method, args), r)
            }
            kind => {
                let callee = Expr {
                    kind,
                    span: callee.span,
                };
                self.expr(l, ExprKind::Call(Box::new(callee), args), r)
            }
        }
    }

    /// Checks the order of arguments.
    pub(super) fn arguments(&mut self, arguments: Vec<Argument>) -> Vec<Arg> {
        let count = arguments.len();
        let mut names = FxHashSet::default();
        let (mut after_keyword, mut after_unpacking) = (false, false);
        let mut args = Vec::with_capacity(count);
        for argument in arguments {
            let arg = match argument {
                Argument::Positional(value) => {
                    if after_unpacking {
                        let message = "positional argument follows keyword argument unpacking";
                        self.problem(value.span, message);
                    } else if after_keyword {
                        self.problem(value.span, "positional argument follows keyword argument");
                    }
                    Arg::Positional(value)
                }
                Argument::Generator(value) => {
                    if count > 1 {
                        self.problem(value.span, "Generator expression must be parenthesized");
                    }
                    Arg::Positional(value)
                }
                Argument::Checked(arg) => arg,
            };
            match &arg {
                Arg::Positional(_) => {}
                Arg::Star(_, span) => {
                    if after_unpacking {
                        let message =
                            "iterable argument unpacking follows keyword argument unpacking";
                        self.problem(*span, message);
                    }
                }
                Arg::Keyword(name, ..) => {
                    after_keyword = true;
                    if !names.insert(name.name.clone()) {
                        let message = format!("keyword argument repeated: {}", name.name);
                        self.problem(name.span, message);
                    }
                }
                Arg::DoubleStar(..) => after_unpacking = true,
            }
            args.push(arg);
        }
        args
    }

    pub(in crate::syntax) fn generator_argument(
        &mut self,
        l: u32,
        element: Expr,
        clauses: Vec<ComprehensionClause>,
        r: u32,
    ) -> Argument {
        let kind = ComprehensionKind::Generator;
        Argument::Generator(self.comprehension(l, kind, element, clauses, r))
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only a name can be a keyword"
    )]
    pub(in crate::syntax) fn keyword_argument(
        &mut self,
        l: u32,
        name: Expr,
        value: Expr,
        r: u32,
    ) -> Argument {
        match name.kind {
            ExprKind::Name(text) => {
                let name = Ident {
                    name: text,
                    span: name.span,
                };
                return Argument::Checked(Arg::Keyword(name, value, self.span(l, r)));
            }
            ExprKind::Literal(Literal::None | Literal::Bool(_)) => {
                let message = format!("cannot assign to {}", name.kind.described());
                self.problem(name.span, message);
            }
            _ => {
                let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
                self.problem(name.span, message);
            }
        }
        Argument::Checked(Arg::Positional(self.expr(l, ExprKind::Error, r)))
    }

    pub(in crate::syntax) fn star_argument(&self, l: u32, value: Expr, r: u32) -> Argument {
        Argument::Checked(Arg::Star(value, self.span(l, r)))
    }

    pub(in crate::syntax) fn double_star_argument(&self, l: u32, value: Expr, r: u32) -> Argument {
        Argument::Checked(Arg::DoubleStar(value, self.span(l, r)))
    }
}
