//! Visitors: every expression, statement and pattern of a tree, in the order of the text.
//!
//! For passes that care about a few kinds of node. A visitor overrides the method of the node it is
//! interested in and calls the `walk_…` function of the same name to go on into its parts.

use std::rc::Rc;

use super::ast::{
    Arg, ClassDef, DictItem, Expr, ExprKind, FStringPart, FuncDef, Lambda, Params, Pattern,
    PatternKind, Stmt, StmtKind, TypeParam,
};

/// Calls a visitor's method on each element.
macro_rules! each {
    ($visitor:ident . $method:ident, $items:expr) => {
        IntoIterator::into_iter($items).for_each(|item| $visitor.$method(item))
    };
}

/// Defines a visitor and its walks, for shared or for mutable trees.
macro_rules! define_visitor {
    ($vis:vis $visitor:ident, $name:literal, [$($m:tt)?], $shared:path) => {
        #[doc = $name]
        $vis trait $visitor {
            /// Called on each statement.
            fn visit_stmt(&mut self, stmt: & $($m)? Stmt) {
                walk_stmt(self, stmt);
            }
            /// Called on each expression, also in targets, annotations and patterns.
            fn visit_expr(&mut self, expr: & $($m)? Expr) {
                walk_expr(self, expr);
            }
            /// Called on each pattern.
            fn visit_pattern(&mut self, pattern: & $($m)? Pattern) {
                walk_pattern(self, pattern);
            }
        }

        /// Visits the parts of a statement.
        $vis fn walk_stmt<V: $visitor + ?Sized>(visitor: &mut V, stmt: & $($m)? Stmt) {
            match & $($m)? stmt.kind {
                StmtKind::FuncDef(def) => walk_func_def(visitor, $shared(def)),
                StmtKind::ClassDef(def) => walk_class_def(visitor, $shared(def)),
                StmtKind::Import(_)
                | StmtKind::ImportFrom(_)
                | StmtKind::Pass
                | StmtKind::Break
                | StmtKind::Continue
                | StmtKind::Global(_)
                | StmtKind::Nonlocal(_)
                | StmtKind::Error => {}
                StmtKind::Return(value) => each!(visitor.visit_expr, value),
                StmtKind::VarDef(def) => {
                    visitor.visit_expr(& $($m)? def.target);
                    visitor.visit_expr(& $($m)? def.annotation);
                    each!(visitor.visit_expr, & $($m)? def.value);
                }
                StmtKind::Expr(value) => visitor.visit_expr(value),
                StmtKind::Assign(assign) => {
                    each!(visitor.visit_expr, & $($m)? assign.targets);
                    visitor.visit_expr(& $($m)? assign.value);
                }
                StmtKind::AugAssign(assign) => {
                    visitor.visit_expr(& $($m)? assign.target);
                    visitor.visit_expr(& $($m)? assign.value);
                }
                StmtKind::Raise(raise) => {
                    each!(visitor.visit_expr, & $($m)? raise.exc);
                    each!(visitor.visit_expr, & $($m)? raise.cause);
                }
                StmtKind::Assert(assert) => {
                    visitor.visit_expr(& $($m)? assert.test);
                    each!(visitor.visit_expr, & $($m)? assert.msg);
                }
                StmtKind::Delete(targets) => each!(visitor.visit_expr, targets),
                StmtKind::TypeAlias(alias) => {
                    walk_type_params(visitor, & $($m)? alias.type_params);
                    visitor.visit_expr(& $($m)? alias.value);
                }
                StmtKind::If(_)
                | StmtKind::While(_)
                | StmtKind::For(_)
                | StmtKind::Try(_)
                | StmtKind::With(_)
                | StmtKind::Match(_) => walk_compound(visitor, stmt),
            }
        }

        fn walk_compound<V: $visitor + ?Sized>(visitor: &mut V, stmt: & $($m)? Stmt) {
            match & $($m)? stmt.kind {
                StmtKind::If(branch) => {
                    visitor.visit_expr(& $($m)? branch.test);
                    each!(visitor.visit_stmt, & $($m)? branch.body);
                    each!(visitor.visit_stmt, & $($m)? branch.orelse);
                }
                StmtKind::While(turn) => {
                    visitor.visit_expr(& $($m)? turn.test);
                    each!(visitor.visit_stmt, & $($m)? turn.body);
                    each!(visitor.visit_stmt, & $($m)? turn.orelse);
                }
                StmtKind::For(turn) => {
                    visitor.visit_expr(& $($m)? turn.target);
                    visitor.visit_expr(& $($m)? turn.iter);
                    each!(visitor.visit_stmt, & $($m)? turn.body);
                    each!(visitor.visit_stmt, & $($m)? turn.orelse);
                }
                StmtKind::Try(guarded) => {
                    each!(visitor.visit_stmt, & $($m)? guarded.body);
                    for handler in & $($m)? guarded.handlers {
                        each!(visitor.visit_expr, & $($m)? handler.exc);
                        each!(visitor.visit_stmt, & $($m)? handler.body);
                    }
                    each!(visitor.visit_stmt, & $($m)? guarded.orelse);
                    each!(visitor.visit_stmt, & $($m)? guarded.finalbody);
                }
                StmtKind::With(with) => {
                    for (value, target) in & $($m)? with.items {
                        visitor.visit_expr(value);
                        each!(visitor.visit_expr, target);
                    }
                    each!(visitor.visit_stmt, & $($m)? with.body);
                }
                StmtKind::Match(matching) => {
                    visitor.visit_expr(& $($m)? matching.subject);
                    for case in & $($m)? matching.cases {
                        visitor.visit_pattern(& $($m)? case.pattern);
                        each!(visitor.visit_expr, & $($m)? case.guard);
                        each!(visitor.visit_stmt, & $($m)? case.body);
                    }
                }
                _ => {}
            }
        }

        /// Visits decorators, parameters, annotations, defaults and body of a function.
        $vis fn walk_func_def<V: $visitor + ?Sized>(visitor: &mut V, def: & $($m)? FuncDef) {
            each!(visitor.visit_expr, & $($m)? def.decorators);
            walk_type_params(visitor, & $($m)? def.type_params);
            walk_params(visitor, & $($m)? def.params);
            visitor.visit_expr(& $($m)? def.returns);
            each!(visitor.visit_stmt, & $($m)? def.body);
        }

        /// Visits decorators, bases and body of a class.
        $vis fn walk_class_def<V: $visitor + ?Sized>(visitor: &mut V, def: & $($m)? ClassDef) {
            each!(visitor.visit_expr, & $($m)? def.decorators);
            walk_type_params(visitor, & $($m)? def.type_params);
            walk_args(visitor, & $($m)? def.bases);
            each!(visitor.visit_stmt, & $($m)? def.body);
        }

        /// Visits the bounds of type parameters.
        $vis fn walk_type_params<V: $visitor + ?Sized>(
            visitor: &mut V,
            params: & $($m)? Vec<TypeParam>,
        ) {
            for param in params {
                each!(visitor.visit_expr, & $($m)? param.bound);
            }
        }

        /// Visits the annotations and defaults of parameters.
        $vis fn walk_params<V: $visitor + ?Sized>(visitor: &mut V, params: & $($m)? Params) {
            let Params { positional_only, plain, star, keyword_only, double_star } = params;
            let named = positional_only.into_iter().chain(plain).chain(star);
            for param in named.chain(keyword_only).chain(double_star) {
                visitor.visit_expr(& $($m)? param.annotation);
                each!(visitor.visit_expr, & $($m)? param.default);
            }
        }

        /// Visits the values of arguments.
        $vis fn walk_args<V: $visitor + ?Sized>(visitor: &mut V, args: & $($m)? Vec<Arg>) {
            for arg in args {
                match arg {
                    Arg::Positional(value)
                    | Arg::Star(value, _)
                    | Arg::Keyword(_, value, _)
                    | Arg::DoubleStar(value, _) => visitor.visit_expr(value),
                }
            }
        }

        /// Visits parameters and value of a lambda.
        $vis fn walk_lambda<V: $visitor + ?Sized>(visitor: &mut V, lambda: & $($m)? Lambda) {
            walk_params(visitor, & $($m)? lambda.params);
            visitor.visit_expr(& $($m)? lambda.body);
        }

        /// Visits the parts of an expression.
        $vis fn walk_expr<V: $visitor + ?Sized>(visitor: &mut V, expr: & $($m)? Expr) {
            match & $($m)? expr.kind {
                ExprKind::Name(_)
                | ExprKind::Auto
                | ExprKind::Literal(_)
                | ExprKind::Str(_)
                | ExprKind::Bytes(_)
                | ExprKind::Ellipsis
                | ExprKind::Error => {}
                ExprKind::FString(parts) => walk_fstring(visitor, parts),
                ExprKind::List(items) | ExprKind::Tuple(items) | ExprKind::Set(items) => {
                    each!(visitor.visit_expr, items);
                }
                ExprKind::Dict(items) => {
                    for item in items {
                        match item {
                            DictItem::Pair(key, value) => {
                                visitor.visit_expr(key);
                                visitor.visit_expr(value);
                            }
                            DictItem::Unpack(value) => visitor.visit_expr(value),
                        }
                    }
                }
                _ => walk_composed(visitor, expr),
            }
        }

        /// Visits the parts of an expression other than a leaf or a display.
        fn walk_composed<V: $visitor + ?Sized>(visitor: &mut V, expr: & $($m)? Expr) {
            match & $($m)? expr.kind {
                ExprKind::GetItem(value, args) => {
                    visitor.visit_expr(value);
                    each!(visitor.visit_expr, args);
                }
                ExprKind::Slice(parts) => each!(visitor.visit_expr, & $($m)? **parts),
                ExprKind::Call(callee, args) | ExprKind::CallMethod(callee, _, args) => {
                    visitor.visit_expr(callee);
                    walk_args(visitor, args);
                }
                ExprKind::GetAttr(value, _)
                | ExprKind::Unary(_, value)
                | ExprKind::AssignExpr(_, value)
                | ExprKind::Await(value)
                | ExprKind::YieldFrom(value)
                | ExprKind::Starred(value) => visitor.visit_expr(value),
                ExprKind::Binary(_, left, right)
                | ExprKind::Compare(_, left, right)
                | ExprKind::And(left, right)
                | ExprKind::Or(left, right) => {
                    visitor.visit_expr(left);
                    visitor.visit_expr(right);
                }
                ExprKind::CompareChain(first, rest) => {
                    visitor.visit_expr(first);
                    for (_, operand) in rest {
                        visitor.visit_expr(operand);
                    }
                }
                ExprKind::IfExp(choice) => {
                    visitor.visit_expr(& $($m)? choice.body);
                    visitor.visit_expr(& $($m)? choice.test);
                    visitor.visit_expr(& $($m)? choice.orelse);
                }
                ExprKind::Lambda(lambda) => walk_lambda(visitor, $shared(lambda)),
                ExprKind::Comprehension(comprehension) => {
                    visitor.visit_expr(& $($m)? comprehension.element);
                    each!(visitor.visit_expr, & $($m)? comprehension.value);
                    for clause in & $($m)? comprehension.clauses {
                        visitor.visit_expr(& $($m)? clause.target);
                        visitor.visit_expr(& $($m)? clause.iter);
                        each!(visitor.visit_expr, & $($m)? clause.conditions);
                    }
                }
                ExprKind::Yield(value) => {
                    if let Some(value) = value {
                        visitor.visit_expr(value);
                    }
                }
                ExprKind::Block(body, value) => {
                    each!(visitor.visit_stmt, body);
                    visitor.visit_expr(value);
                }
                ExprKind::Name(_)
                | ExprKind::Auto
                | ExprKind::Literal(_)
                | ExprKind::Str(_)
                | ExprKind::Bytes(_)
                | ExprKind::Ellipsis
                | ExprKind::Error
                | ExprKind::FString(_)
                | ExprKind::List(_)
                | ExprKind::Tuple(_)
                | ExprKind::Set(_)
                | ExprKind::Dict(_) => {}
            }
        }

        fn walk_fstring<V: $visitor + ?Sized>(
            visitor: &mut V,
            parts: & $($m)? Vec<FStringPart>,
        ) {
            for part in parts {
                if let FStringPart::Value(field) = part {
                    visitor.visit_expr(& $($m)? field.value);
                    walk_fstring(visitor, & $($m)? field.spec);
                }
            }
        }

        /// Visits the expressions and patterns in a pattern.
        $vis fn walk_pattern<V: $visitor + ?Sized>(visitor: &mut V, pattern: & $($m)? Pattern) {
            match & $($m)? pattern.kind {
                PatternKind::Value(value) | PatternKind::Singleton(value) => {
                    visitor.visit_expr(value);
                }
                PatternKind::Capture(_) | PatternKind::Star(_) => {}
                PatternKind::As(inner, _) => visitor.visit_pattern(inner),
                PatternKind::Sequence(items) | PatternKind::Or(items) => {
                    each!(visitor.visit_pattern, items);
                }
                PatternKind::Mapping(pairs, _) => {
                    for (key, value) in pairs {
                        visitor.visit_expr(key);
                        visitor.visit_pattern(value);
                    }
                }
                PatternKind::Class(class, positional, keywords) => {
                    visitor.visit_expr(class);
                    each!(visitor.visit_pattern, positional);
                    for (_, value) in keywords {
                        visitor.visit_pattern(value);
                    }
                }
            }
        }
    };
}

mod shared {
    use super::*;

    fn borrow<T>(node: &Rc<T>) -> &T {
        node
    }

    define_visitor!(pub Visit, "Visits a tree.", [], borrow);
}

/// The same for trees that are still being built: no definition is shared yet.
pub(super) mod mutable {
    use super::*;

    fn borrow<T>(node: &mut Rc<T>) -> &mut T {
        Rc::get_mut(node).expect("a tree under construction has one owner")
    }

    define_visitor!(pub(in crate::syntax) VisitMut, "Visits and changes a tree.", [mut], borrow);
}

pub use shared::{
    Visit, walk_args, walk_class_def, walk_expr, walk_func_def, walk_lambda, walk_params,
    walk_pattern, walk_stmt, walk_type_params,
};
