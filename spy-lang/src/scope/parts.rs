//! Direct parts of syntax nodes, as scope analysis needs them: what belongs to which scope.

use crate::syntax::ast::{
    Arg, DictItem, Expr, ExprKind, FStringPart, Pattern, PatternKind, Stmt, StmtKind,
};

/// Calls `visit` with each direct subexpression, left to right; not inside lambdas, comprehensions
/// and the statements of blocks, which have scopes of their own.
pub(super) fn children(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    match &expr.kind {
        ExprKind::Name(_)
        | ExprKind::Auto
        | ExprKind::Literal(_)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_)
        | ExprKind::Ellipsis
        | ExprKind::Lambda(_)
        | ExprKind::Comprehension(_)
        | ExprKind::Error => {}
        ExprKind::FString(parts) => fstring(parts, visit),
        ExprKind::List(items) | ExprKind::Tuple(items) | ExprKind::Set(items) => {
            items.iter().for_each(visit);
        }
        ExprKind::Dict(items) => {
            for item in items {
                match item {
                    DictItem::Pair(key, value) => {
                        visit(key);
                        visit(value);
                    }
                    DictItem::Unpack(value) => visit(value),
                }
            }
        }
        ExprKind::GetItem(value, items) => {
            visit(value);
            items.iter().for_each(visit);
        }
        ExprKind::Slice(parts) => parts.iter().for_each(visit),
        ExprKind::Call(callee, args) | ExprKind::CallMethod(callee, _, args) => {
            visit(callee);
            args.iter().for_each(|arg| visit(arg_value(arg)));
        }
        ExprKind::Binary(_, left, right)
        | ExprKind::Compare(_, left, right)
        | ExprKind::And(left, right)
        | ExprKind::Or(left, right) => {
            visit(left);
            visit(right);
        }
        ExprKind::CompareChain(first, rest) => {
            visit(first);
            rest.iter().for_each(|(_, operand)| visit(operand));
        }
        ExprKind::IfExp(node) => {
            visit(&node.test);
            visit(&node.body);
            visit(&node.orelse);
        }
        ExprKind::Yield(value) => value.iter().for_each(|value| visit(value)),
        ExprKind::GetAttr(value, _)
        | ExprKind::Unary(_, value)
        | ExprKind::AssignExpr(_, value)
        | ExprKind::Await(value)
        | ExprKind::YieldFrom(value)
        | ExprKind::Starred(value)
        | ExprKind::Block(_, value) => visit(value),
    }
}

/// The expression of an argument.
pub(super) fn arg_value(arg: &Arg) -> &Expr {
    match arg {
        Arg::Positional(value)
        | Arg::Star(value, _)
        | Arg::Keyword(_, value, _)
        | Arg::DoubleStar(value, _) => value,
    }
}

fn fstring(parts: &[FStringPart], visit: &mut dyn FnMut(&Expr)) {
    for part in parts {
        if let FStringPart::Value(field) = part {
            visit(&field.value);
            fstring(&field.spec, visit);
        }
    }
}

/// Calls `visit` with the expressions that a statement evaluates itself, left to right; not with
/// assignment targets, nested statements, or parts of definitions.
pub(super) fn stmt_exprs(stmt: &Stmt, visit: &mut dyn FnMut(&Expr)) {
    match &stmt.kind {
        StmtKind::FuncDef(_)
        | StmtKind::ClassDef(_)
        | StmtKind::Import(_)
        | StmtKind::ImportFrom(_)
        | StmtKind::Pass
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Global(_)
        | StmtKind::Nonlocal(_)
        | StmtKind::TypeAlias(_)
        | StmtKind::Error => {}
        StmtKind::Return(value) => value.iter().for_each(visit),
        StmtKind::VarDef(def) => {
            visit(&def.annotation);
            def.value.iter().for_each(visit);
        }
        StmtKind::Expr(value) => visit(value),
        StmtKind::Assign(assign) => visit(&assign.value),
        StmtKind::AugAssign(assign) => visit(&assign.value),
        StmtKind::If(node) => visit(&node.test),
        StmtKind::While(node) => visit(&node.test),
        StmtKind::For(node) => visit(&node.iter),
        StmtKind::Raise(node) => {
            node.exc.iter().for_each(&mut *visit);
            node.cause.iter().for_each(visit);
        }
        StmtKind::Assert(node) => {
            visit(&node.test);
            node.msg.iter().for_each(visit);
        }
        StmtKind::Try(node) => {
            node.handlers
                .iter()
                .filter_map(|handler| handler.exc.as_ref())
                .for_each(visit);
        }
        StmtKind::With(node) => node.items.iter().for_each(|(value, _)| visit(value)),
        StmtKind::Match(node) => {
            visit(&node.subject);
            for case in &node.cases {
                pattern(&case.pattern, visit);
                case.guard.iter().for_each(&mut *visit);
            }
        }
        StmtKind::Delete(targets) => targets.iter().for_each(visit),
    }
}

fn pattern(node: &Pattern, visit: &mut dyn FnMut(&Expr)) {
    match &node.kind {
        PatternKind::Value(value) | PatternKind::Singleton(value) => visit(value),
        PatternKind::Capture(_) | PatternKind::Star(_) => {}
        PatternKind::As(inner, _) => pattern(inner, visit),
        PatternKind::Sequence(items) | PatternKind::Or(items) => {
            items.iter().for_each(|item| pattern(item, visit));
        }
        PatternKind::Mapping(items, _) => {
            for (key, value) in items {
                visit(key);
                pattern(value, visit);
            }
        }
        PatternKind::Class(class, positional, keywords) => {
            visit(class);
            positional.iter().for_each(|item| pattern(item, visit));
            keywords.iter().for_each(|(_, item)| pattern(item, visit));
        }
    }
}

/// Calls `visit` with the assignment targets of a statement, left to right.
pub(super) fn stmt_targets(stmt: &Stmt, visit: &mut dyn FnMut(&Expr)) {
    match &stmt.kind {
        StmtKind::Assign(assign) => assign.targets.iter().for_each(visit),
        StmtKind::AugAssign(assign) => visit(&assign.target),
        StmtKind::VarDef(def) => visit(&def.target),
        StmtKind::For(node) => visit(&node.target),
        StmtKind::With(node) => {
            node.items
                .iter()
                .filter_map(|(_, target)| target.as_ref())
                .for_each(visit);
        }
        _ => {}
    }
}

/// Calls `visit` with the statement lists of a compound statement, in source order; not with the
/// bodies of functions and classes.
pub(super) fn stmt_bodies(stmt: &Stmt, visit: &mut dyn FnMut(&[Stmt])) {
    match &stmt.kind {
        StmtKind::If(node) => {
            visit(&node.body);
            visit(&node.orelse);
        }
        StmtKind::While(node) => {
            visit(&node.body);
            visit(&node.orelse);
        }
        StmtKind::For(node) => {
            visit(&node.body);
            visit(&node.orelse);
        }
        StmtKind::Try(node) => {
            visit(&node.body);
            node.handlers
                .iter()
                .for_each(|handler| visit(&handler.body));
            visit(&node.orelse);
            visit(&node.finalbody);
        }
        StmtKind::With(node) => visit(&node.body),
        StmtKind::Match(node) => node.cases.iter().for_each(|case| visit(&case.body)),
        _ => {}
    }
}
