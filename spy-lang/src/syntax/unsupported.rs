//! Refuses what the grammar knows and later stages cannot do yet.
//!
//! One function per construct, listed in the tables at the top: to lift a restriction, delete its
//! function and its line. Inside a refused construct nothing more is reported.

use std::rc::Rc;

use super::ast::{
    Arg, ClassDef, ComprehensionKind, DictItem, Expr, ExprKind, FuncDef, ImportAlias, Module,
    Param, Stmt, StmtKind, TypeParam, TypeParamKind,
};
use super::walk::{Visit, walk_expr, walk_stmt};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::source::Span;

/// What a check says about a node.
type Refusal = Option<Diagnostic>;

/// Checks of statements at the top of a module.
const MODULE_CHECKS: &[fn(&Stmt) -> Refusal] = &[
    relative_import,
    chained_global,
    global_without_value,
    not_a_definition,
];

/// Checks of statements in functions and classes.
const NESTED_CHECKS: &[fn(&Stmt) -> Refusal] = &[nested_import, nested_async_def];

/// Checks of statements anywhere.
const STMT_CHECKS: &[fn(&Stmt) -> Refusal] = &[
    declared_target,
    complex_target,
    loop_target,
    async_for,
    try_star,
    with_stmt,
    match_stmt,
    nonlocal_stmt,
    type_alias,
];

/// Checks of expressions.
const EXPR_CHECKS: &[fn(&Expr) -> Refusal] = &[
    ellipsis,
    lambda,
    comprehension,
    dict_unpacking,
    starred,
    star_argument,
    double_star_argument,
    await_expr,
    yield_expr,
];

/// Checks of functions.
const FUNC_CHECKS: &[fn(&FuncDef) -> Refusal] = &[
    decorated_generic,
    double_star_param,
    positional_only_param,
    keyword_only_param,
];

/// Checks of classes.
const CLASS_CHECKS: &[fn(&ClassDef) -> Refusal] = &[class_keyword, class_decorator];

/// The errors for constructs of a module that cannot be executed yet, in the order of the text.
pub fn unsupported(module: &Module) -> Vec<Diagnostic> {
    let mut checker = Checker {
        diagnostics: Vec::new(),
        exceptions: imported_names(module),
    };
    for stmt in &module.body {
        if !checker.refuse(MODULE_CHECKS.iter().find_map(|check| check(stmt))) {
            checker.statement(stmt);
        }
    }
    let mut diagnostics = checker.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary_span().map(|span| span.start));
    diagnostics
}

/// The names that a module imports.
fn imported_names(module: &Module) -> Vec<Rc<str>> {
    let mut names = Vec::new();
    for stmt in &module.body {
        if let StmtKind::Import(aliases) = &stmt.kind {
            names.extend(aliases.iter().map(|alias| alias.binding().0));
        } else if let StmtKind::ImportFrom(import) = &stmt.kind {
            let own =
                |alias: &ImportAlias| alias.asname.as_ref().unwrap_or(&alias.name).name.clone();
            names.extend(import.names.iter().map(own));
        }
    }
    names
}

struct Checker {
    diagnostics: Vec<Diagnostic>,
    /// Names that may stand for classes of exceptions, or for modules with such.
    exceptions: Vec<Rc<str>>,
}

impl Checker {
    /// Records a refusal; returns whether there was one.
    fn refuse(&mut self, refusal: Refusal) -> bool {
        let refused = refusal.is_some();
        self.diagnostics.extend(refusal);
        refused
    }

    fn statement(&mut self, stmt: &Stmt) {
        if self.refuse(STMT_CHECKS.iter().find_map(|check| check(stmt))) {
            return;
        }
        if let StmtKind::FuncDef(def) = &stmt.kind {
            self.diagnostics
                .extend(FUNC_CHECKS.iter().filter_map(|check| check(def)));
            self.type_params(&def.type_params);
        } else if let StmtKind::ClassDef(def) = &stmt.kind {
            let refusal = self.base_class(def);
            self.refuse(refusal);
            self.diagnostics
                .extend(CLASS_CHECKS.iter().filter_map(|check| check(def)));
            self.type_params(&def.type_params);
        }
        walk_stmt(self, stmt);
    }

    /// Only exceptions have base classes: one each.
    fn base_class(&mut self, def: &ClassDef) -> Refusal {
        if let [Arg::Positional(base)] = def.bases.as_slice()
            && self.may_be_exception(base)
            && !def.is_struct
            && def.type_params.is_empty()
        {
            self.exceptions.push(def.name.name.clone());
            return None;
        }
        let base = def.bases.iter().find_map(|arg| match arg {
            Arg::Positional(value) => Some(value.span),
            Arg::Star(_, span) => Some(*span),
            Arg::Keyword(..) | Arg::DoubleStar(..) => None,
        })?;
        Some(refusal("base classes not supported yet", base))
    }

    fn may_be_exception(&self, base: &Expr) -> bool {
        if let ExprKind::GetAttr(module, _) = &base.kind {
            return self.may_be_exception(module);
        }
        let ExprKind::Name(name) = &base.kind else {
            return false;
        };
        ErrorKind::from_name(name).is_some() || self.exceptions.contains(name)
    }

    fn type_params(&mut self, params: &[TypeParam]) {
        for param in params {
            self.diagnostics
                .extend(variadic_type_param(param).or_else(|| type_bound(param)));
        }
    }
}

impl Visit for Checker {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        if !self.refuse(NESTED_CHECKS.iter().find_map(|check| check(stmt))) {
            self.statement(stmt);
        }
    }

    fn visit_expr(&mut self, expr: &Expr) {
        if !self.refuse(EXPR_CHECKS.iter().find_map(|check| check(expr))) {
            walk_expr(self, expr);
        }
    }
}

/// An error with the usual annotation.
fn refusal(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::new(ErrorKind::ParseError, message).error("this is not supported", span)
}

/// The error for a construct that is known by the name of its node.
fn not_yet(node: &str, span: Span) -> Diagnostic {
    refusal(format!("not implemented yet: {node}"), span)
}

// ---- at the top of a module ----

fn relative_import(stmt: &Stmt) -> Refusal {
    let StmtKind::ImportFrom(import) = &stmt.kind else {
        return None;
    };
    (import.level > 0).then(|| refusal("relative imports are not supported", stmt.span))
}

fn chained_global(stmt: &Stmt) -> Refusal {
    let StmtKind::Assign(assign) = &stmt.kind else {
        return None;
    };
    (assign.targets.len() > 1).then(|| not_yet("assign to multiple targets", stmt.span))
}

fn global_without_value(stmt: &Stmt) -> Refusal {
    let StmtKind::VarDef(def) = &stmt.kind else {
        return None;
    };
    let is_missing = def.value.is_none() && def.name().is_some();
    is_missing.then(|| {
        Diagnostic::new(
            ErrorKind::ParseError,
            "missing initial value for global variable",
        )
        .error("this is not allowed here", stmt.span)
    })
}

/// Everything at the top of a module that neither defines something nor is a string.
fn not_a_definition(stmt: &Stmt) -> Refusal {
    let is_definition = match &stmt.kind {
        StmtKind::FuncDef(def) => !def.is_async,
        StmtKind::ClassDef(_)
        | StmtKind::Import(_)
        | StmtKind::ImportFrom(_)
        | StmtKind::VarDef(_)
        | StmtKind::Error => true,
        StmtKind::Assign(assign) => assign
            .targets
            .iter()
            .all(|target| matches!(target.kind, ExprKind::Name(_) | ExprKind::Error)),
        StmtKind::Expr(value) => matches!(value.kind, ExprKind::Str(_)),
        StmtKind::Pass
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Return(_)
        | StmtKind::AugAssign(_)
        | StmtKind::If(_)
        | StmtKind::While(_)
        | StmtKind::For(_)
        | StmtKind::Raise(_)
        | StmtKind::Assert(_)
        | StmtKind::Try(_)
        | StmtKind::With(_)
        | StmtKind::Match(_)
        | StmtKind::Delete(_)
        | StmtKind::Global(_)
        | StmtKind::Nonlocal(_)
        | StmtKind::TypeAlias(_) => false,
    };
    (!is_definition).then(|| {
        let message = "only function and variable definitions are allowed at global scope";
        Diagnostic::new(ErrorKind::ParseError, message).error("this is not allowed here", stmt.span)
    })
}

// ---- inside functions and classes ----

fn nested_import(stmt: &Stmt) -> Refusal {
    if matches!(stmt.kind, StmtKind::Import(_)) {
        return Some(not_yet("Import", stmt.span));
    }
    matches!(stmt.kind, StmtKind::ImportFrom(_)).then(|| not_yet("ImportFrom", stmt.span))
}

fn nested_async_def(stmt: &Stmt) -> Refusal {
    let StmtKind::FuncDef(def) = &stmt.kind else {
        return None;
    };
    def.is_async.then(|| not_yet("AsyncFunctionDef", stmt.span))
}

// ---- functions and classes ----

fn decorated_generic(def: &FuncDef) -> Refusal {
    let is_refused = !def.type_params.is_empty() && !def.decorators.is_empty();
    is_refused.then(|| {
        let message = "cannot use type parameters with decorators";
        Diagnostic::new(ErrorKind::ParseError, message)
            .error("remove the decorators or the type parameters", def.span)
    })
}

fn variadic_type_param(param: &TypeParam) -> Refusal {
    (param.kind != TypeParamKind::TypeVar).then(|| {
        let message = "only plain TypeVar type parameters are supported";
        Diagnostic::new(ErrorKind::ParseError, message).error(
            "ParamSpec and TypeVarTuple are not supported yet",
            param.span,
        )
    })
}

fn type_bound(param: &TypeParam) -> Refusal {
    param.bound.as_ref().map(|_| {
        let message = "bounded TypeVars are not supported yet";
        Diagnostic::new(ErrorKind::ParseError, message).error("remove the bound", param.span)
    })
}

fn refused_param(param: Option<&Param>, message: &str) -> Refusal {
    param.map(|param| refusal(message, param.span))
}

fn double_star_param(def: &FuncDef) -> Refusal {
    refused_param(
        def.params.double_star.as_ref(),
        "**kwargs is not supported yet",
    )
}

fn positional_only_param(def: &FuncDef) -> Refusal {
    let message = "positional-only arguments are not supported yet";
    refused_param(def.params.positional_only.first(), message)
}

fn keyword_only_param(def: &FuncDef) -> Refusal {
    let message = "keyword-only arguments are not supported yet";
    refused_param(def.params.keyword_only.first(), message)
}

fn class_keyword(def: &ClassDef) -> Refusal {
    let keyword = def.bases.iter().find_map(|arg| match arg {
        Arg::Positional(_) | Arg::Star(..) => None,
        Arg::Keyword(_, _, span) | Arg::DoubleStar(_, span) => Some(*span),
    })?;
    Some(refusal("keywords in classes not supported yet", keyword))
}

fn class_decorator(def: &ClassDef) -> Refusal {
    let decorator = def.decorators.first()?;
    Some(refusal(
        "class decorators not supported yet",
        decorator.span,
    ))
}

// ---- assignments and loops ----

/// `(a): T = e`, `o.x: T = e`
fn declared_target(stmt: &Stmt) -> Refusal {
    let StmtKind::VarDef(def) = &stmt.kind else {
        return None;
    };
    let is_broken = matches!(def.target.kind, ExprKind::Error);
    let is_plain = def.name().is_some() && !def.parenthesized;
    (!is_plain && !is_broken).then(|| {
        refusal(
            "not supported: assignments targets with parentheses",
            def.target.span,
        )
    })
}

/// Lists and starred expressions as targets, and anything but names in a tuple.
fn complex_target(stmt: &Stmt) -> Refusal {
    let StmtKind::Assign(assign) = &stmt.kind else {
        return None;
    };
    let span = assign.targets.iter().find_map(|target| {
        if let ExprKind::Tuple(items) = &target.kind {
            let item = items.iter().find(|item| !is_name(item))?;
            return Some(item.span);
        }
        matches!(target.kind, ExprKind::List(_) | ExprKind::Starred(_)).then_some(target.span)
    })?;
    Some(not_yet("assign to complex expressions", span))
}

fn is_name(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Name(_) | ExprKind::Error)
}

fn loop_target(stmt: &Stmt) -> Refusal {
    let StmtKind::For(turn) = &stmt.kind else {
        return None;
    };
    let is_simple = if let ExprKind::Tuple(targets) = &turn.target.kind {
        targets.iter().all(is_name)
    } else {
        is_name(&turn.target)
    };
    let is_refused = !turn.is_async && !is_simple;
    is_refused.then(|| not_yet("complex for loop targets", turn.target.span))
}

fn async_for(stmt: &Stmt) -> Refusal {
    let StmtKind::For(turn) = &stmt.kind else {
        return None;
    };
    turn.is_async.then(|| not_yet("AsyncFor", stmt.span))
}

// ---- other statements ----

fn try_star(stmt: &Stmt) -> Refusal {
    let StmtKind::Try(guarded) = &stmt.kind else {
        return None;
    };
    guarded.is_star.then(|| not_yet("TryStar", stmt.span))
}

fn with_stmt(stmt: &Stmt) -> Refusal {
    let StmtKind::With(with) = &stmt.kind else {
        return None;
    };
    Some(not_yet(
        if with.is_async { "AsyncWith" } else { "With" },
        stmt.span,
    ))
}

fn match_stmt(stmt: &Stmt) -> Refusal {
    matches!(stmt.kind, StmtKind::Match(_)).then(|| not_yet("Match", stmt.span))
}

fn nonlocal_stmt(stmt: &Stmt) -> Refusal {
    matches!(stmt.kind, StmtKind::Nonlocal(_)).then(|| not_yet("Nonlocal", stmt.span))
}

fn type_alias(stmt: &Stmt) -> Refusal {
    matches!(stmt.kind, StmtKind::TypeAlias(_)).then(|| not_yet("TypeAlias", stmt.span))
}

// ---- expressions ----

fn ellipsis(expr: &Expr) -> Refusal {
    matches!(expr.kind, ExprKind::Ellipsis).then(|| {
        Diagnostic::new(ErrorKind::ParseError, "unsupported literal: Ellipsis")
            .error("this is not supported yet", expr.span)
    })
}

fn lambda(expr: &Expr) -> Refusal {
    matches!(expr.kind, ExprKind::Lambda(_)).then(|| not_yet("Lambda", expr.span))
}

fn comprehension(expr: &Expr) -> Refusal {
    let ExprKind::Comprehension(comprehension) = &expr.kind else {
        return None;
    };
    let node = match comprehension.kind {
        ComprehensionKind::List => "ListComp",
        ComprehensionKind::Set => "SetComp",
        ComprehensionKind::Dict => "DictComp",
        ComprehensionKind::Generator => "GeneratorExp",
    };
    Some(not_yet(node, expr.span))
}

fn dict_unpacking(expr: &Expr) -> Refusal {
    let ExprKind::Dict(items) = &expr.kind else {
        return None;
    };
    let span = items.iter().find_map(|item| match item {
        DictItem::Pair(..) => None,
        DictItem::Unpack(value) => Some(value.span),
    })?;
    Some(not_yet("dict unpacking is unsupported.", span))
}

fn starred(expr: &Expr) -> Refusal {
    matches!(expr.kind, ExprKind::Starred(_)).then(|| not_yet("Starred", expr.span))
}

/// The arguments of a call.
fn args(expr: &Expr) -> &[Arg] {
    if let ExprKind::Call(_, args) | ExprKind::CallMethod(_, _, args) = &expr.kind {
        args
    } else {
        &[]
    }
}

fn star_argument(expr: &Expr) -> Refusal {
    let span = args(expr).iter().find_map(|arg| match arg {
        Arg::Star(_, span) => Some(*span),
        Arg::Positional(_) | Arg::Keyword(..) | Arg::DoubleStar(..) => None,
    })?;
    Some(not_yet("Starred", span))
}

fn double_star_argument(expr: &Expr) -> Refusal {
    let span = args(expr).iter().find_map(|arg| match arg {
        Arg::DoubleStar(_, span) => Some(*span),
        Arg::Positional(_) | Arg::Keyword(..) | Arg::Star(..) => None,
    })?;
    Some(not_yet("keyword arguments", span))
}

fn await_expr(expr: &Expr) -> Refusal {
    matches!(expr.kind, ExprKind::Await(_)).then(|| not_yet("Await", expr.span))
}

fn yield_expr(expr: &Expr) -> Refusal {
    if matches!(expr.kind, ExprKind::YieldFrom(_)) {
        return Some(not_yet("YieldFrom", expr.span));
    }
    matches!(expr.kind, ExprKind::Yield(_)).then(|| not_yet("Yield", expr.span))
}
