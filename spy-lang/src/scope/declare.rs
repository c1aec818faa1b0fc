//! The first walk: what each scope defines, in source order.

use std::rc::Rc;

use super::analysis::{all_params, flatten_targets, func_color, lookup, name_of, param_origin};
use super::parts as walk;
use super::{
    Dependency, ImportRef, Scope, ScopeColor, ScopeId, ScopeKind, ScopeTree, Storage, Symbol,
    VarKind, VarOrigin,
};
use crate::builtins::is_builtin;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::source::Span;
use crate::syntax::ast::{self, DeclKind, ExprKind, StmtKind};

/// The state of the walk.
pub(super) struct Declare {
    tree: ScopeTree,
    current: ScopeId,
    /// Whether the statement is lexically inside a loop of the current function.
    in_loop: bool,
    diagnostics: Vec<Diagnostic>,
}

/// A definition about to be made.
struct Definition<'a> {
    name: &'a Rc<str>,
    kind: VarKind,
    origin: VarOrigin,
    span: Span,
    type_span: Span,
}

impl Declare {
    pub(super) fn new(tree: ScopeTree) -> Self {
        Self {
            tree,
            current: ScopeTree::MODULE,
            in_loop: false,
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> (ScopeTree, Vec<Diagnostic>) {
        (self.tree, self.diagnostics)
    }

    pub(super) fn module(&mut self, module: &ast::Module) {
        self.stmts(&module.body);
    }

    fn stmts(&mut self, stmts: &[ast::Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn scope(&self) -> &Scope {
        self.tree.get(self.current)
    }

    /// Adds a symbol to the current scope.
    fn insert(&mut self, definition: &Definition<'_>, import: Option<ImportRef>) {
        let is_cell = self.scope().kind == ScopeKind::Module
            && definition.kind == VarKind::Var
            && definition.origin == VarOrigin::Explicit;
        let symbol = Symbol {
            name: definition.name.clone(),
            kind: definition.kind,
            origin: definition.origin,
            storage: if is_cell {
                Storage::Cell
            } else {
                Storage::Direct
            },
            level: Some(0),
            span: definition.span,
            type_span: definition.type_span,
            import,
        };
        let symbols = &mut self.tree.scopes[self.current.0 as usize].symbols;
        symbols.insert(definition.name.clone(), symbol);
    }

    /// Defines a name unless that is a conflict.
    fn define(&mut self, definition: &Definition<'_>, import: Option<ImportRef>) {
        let Some(found) = lookup(&self.tree, self.current, definition.name) else {
            self.insert(definition, import);
            return;
        };
        let previous = &self.tree.get(found.scope).symbols[definition.name];
        let is_param = definition.origin == VarOrigin::BlueParam;
        let message = if found.level > 0 {
            format!(
                "variable `{}` shadows a name declared in an outer scope",
                definition.name
            )
        } else if self.scope().color == ScopeColor::Red || is_param {
            format!("variable `{}` already declared", definition.name)
        } else {
            return;
        };
        let diagnostic = Diagnostic::new(ErrorKind::ScopeError, message)
            .error("this is the new declaration", definition.span)
            .note("this is the previous declaration", previous.span);
        self.diagnostics.push(diagnostic);
    }

    fn auto_kind(&self) -> VarKind {
        if self.in_loop {
            VarKind::Var
        } else {
            VarKind::Const
        }
    }

    /// An assignment without a declaration: the first one of a name not visible anywhere defines
    /// it, a second one makes it a variable.
    fn assign(&mut self, name: &Rc<str>, span: Span, value: Span) {
        match lookup(&self.tree, self.current, name) {
            None if is_builtin(name) => {}
            None => {
                let at_module = self.scope().kind == ScopeKind::Module;
                let origin = if at_module {
                    VarOrigin::GlobalConst
                } else {
                    VarOrigin::Auto
                };
                let kind = self.auto_kind();
                self.insert(
                    &Definition {
                        name,
                        kind,
                        origin,
                        span,
                        type_span: value,
                    },
                    None,
                );
            }
            Some(found) if found.level == 0 => self.promote(name),
            Some(_) => {}
        }
    }

    /// A second assignment turns a deduced `const` into a `var`.
    fn promote(&mut self, name: &Rc<str>) {
        let symbols = &mut self.tree.scopes[self.current.0 as usize].symbols;
        if let Some(symbol) = symbols.get_mut(name)
            && symbol.level == Some(0)
            && symbol.origin == VarOrigin::Auto
        {
            symbol.kind = VarKind::Var;
        }
    }

    fn assign_target(&mut self, target: &ast::Expr, value: Span) {
        let mut targets = Vec::new();
        flatten_targets(target, &mut targets);
        for target in targets {
            match name_of(target) {
                Some(name) => self.assign(&name, target.span, value),
                None => self.expr(target),
            }
        }
    }

    /// Declares the targets of walrus expressions inside an expression.
    fn expr(&mut self, expr: &ast::Expr) {
        if let ExprKind::AssignExpr(target, value) = &expr.kind {
            self.assign(&target.name, target.span, value.span);
        }
        if let ExprKind::Block(stmts, _) = &expr.kind {
            self.stmts(stmts);
        }
        walk::children(expr, &mut |child| self.expr(child));
    }

    fn stmt(&mut self, stmt: &ast::Stmt) {
        match &stmt.kind {
            StmtKind::FuncDef(def) => self.func_def(def),
            StmtKind::ClassDef(def) => self.class_def(def),
            StmtKind::Import(aliases) => self.import(stmt, aliases),
            StmtKind::ImportFrom(import) => self.import_from(stmt, import),
            StmtKind::VarDef(def) => self.var_def(stmt, def),
            StmtKind::Assign(assign) => self.assign_stmt(stmt, assign),
            StmtKind::AugAssign(assign) => {
                self.expr(&assign.value);
                match name_of(&assign.target) {
                    Some(name) => self.promote(&name),
                    None => self.expr(&assign.target),
                }
            }
            StmtKind::Delete(targets) => self.delete(targets),
            StmtKind::While(node) => {
                self.in_loop(|this| {
                    this.expr(&node.test);
                    this.stmts(&node.body);
                });
                self.stmts(&node.orelse);
            }
            StmtKind::For(node) => self.for_stmt(node),
            StmtKind::Try(node) => self.try_stmt(node),
            StmtKind::If(node) => {
                self.expr(&node.test);
                self.stmts(&node.body);
                self.stmts(&node.orelse);
            }
            StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Return(_)
            | StmtKind::Expr(_)
            | StmtKind::Raise(_)
            | StmtKind::Assert(_)
            | StmtKind::With(_)
            | StmtKind::Match(_)
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::TypeAlias(_)
            | StmtKind::Error => walk::stmt_exprs(stmt, &mut |expr| self.expr(expr)),
        }
    }

    /// A deleted name is a variable.
    fn delete(&mut self, targets: &[ast::Expr]) {
        let mut parts = Vec::new();
        targets
            .iter()
            .for_each(|target| flatten_targets(target, &mut parts));
        for part in parts {
            match name_of(part) {
                Some(name) => self.promote(&name),
                None => self.expr(part),
            }
        }
    }

    fn in_loop(&mut self, body: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.in_loop, true);
        body(self);
        self.in_loop = outer;
    }

    fn assign_stmt(&mut self, stmt: &ast::Stmt, assign: &ast::Assign) {
        self.expr(&assign.value);
        if self.scope().kind == ScopeKind::Module {
            if let [target] = assign.targets.as_slice()
                && let Some(name) = name_of(target)
            {
                let (kind, origin) = (VarKind::Const, VarOrigin::GlobalConst);
                let span = stmt.span;
                self.define(
                    &Definition {
                        name: &name,
                        kind,
                        origin,
                        span,
                        type_span: span,
                    },
                    None,
                );
            }
            return;
        }
        for target in &assign.targets {
            self.assign_target(target, assign.value.span);
        }
    }

    fn var_def(&mut self, stmt: &ast::Stmt, def: &ast::VarDef) {
        if let Some(value) = &def.value {
            self.expr(value);
        }
        let Some(name) = def.name() else { return };
        let scope_kind = self.scope().kind;
        let (kind, origin) = match (def.kind, scope_kind) {
            (DeclKind::Var, _) => (VarKind::Var, VarOrigin::Explicit),
            (DeclKind::Const, _) => (VarKind::Const, VarOrigin::Explicit),
            (DeclKind::Plain, ScopeKind::Module) => (VarKind::Const, VarOrigin::GlobalConst),
            (DeclKind::Plain, ScopeKind::Class) => (VarKind::Var, VarOrigin::ClassField),
            (DeclKind::Plain, ScopeKind::Function) => (self.auto_kind(), VarOrigin::Auto),
        };
        let annotated = !matches!(def.annotation.kind, ExprKind::Auto);
        let type_span = if annotated {
            def.annotation.span
        } else {
            stmt.span
        };
        let name = &name.name;
        self.define(
            &Definition {
                name,
                kind,
                origin,
                span: stmt.span,
                type_span,
            },
            None,
        );
    }

    fn for_stmt(&mut self, node: &ast::For) {
        self.in_loop(|this| {
            this.expr(&node.iter);
            let iterator: Rc<str> = format!("_${}{}", "iter", node.seq).into();
            let (kind, origin, span) = (VarKind::Var, VarOrigin::Auto, node.iter.span);
            let name = &iterator;
            this.insert(
                &Definition {
                    name,
                    kind,
                    origin,
                    span,
                    type_span: span,
                },
                None,
            );
            let mut targets = Vec::new();
            flatten_targets(&node.target, &mut targets);
            for target in targets {
                let Some(name) = name_of(target) else {
                    continue;
                };
                let here = this
                    .scope()
                    .symbols
                    .get(&name)
                    .is_some_and(|s| s.level == Some(0));
                if here {
                    this.promote(&name);
                } else {
                    let (name, span) = (&name, target.span);
                    let type_span = node.iter.span;
                    this.define(
                        &Definition {
                            name,
                            kind,
                            origin,
                            span,
                            type_span,
                        },
                        None,
                    );
                }
            }
            this.stmts(&node.body);
        });
        self.stmts(&node.orelse);
    }

    fn try_stmt(&mut self, node: &ast::Try) {
        self.stmts(&node.body);
        for handler in &node.handlers {
            handler.exc.iter().for_each(|exc| self.expr(exc));
            handler.name.iter().for_each(|name| self.handler_name(name));
            self.stmts(&handler.body);
        }
        self.stmts(&node.orelse);
        self.stmts(&node.finalbody);
    }

    /// The variable of a handler; several handlers may have one of the same name.
    fn handler_name(&mut self, ident: &ast::Ident) {
        let symbol = self.scope().symbols.get(&ident.name);
        if symbol.is_some_and(|symbol| symbol.level == Some(0)) {
            self.promote(&ident.name);
            return;
        }
        let (name, span) = (&ident.name, ident.span);
        let (kind, origin) = (VarKind::Var, VarOrigin::Auto);
        self.define(
            &Definition {
                name,
                kind,
                origin,
                span,
                type_span: span,
            },
            None,
        );
    }

    fn import(&mut self, stmt: &ast::Stmt, aliases: &[ast::ImportAlias]) {
        for alias in aliases {
            let module = alias.name.name.clone();
            self.depend(stmt.span, alias.span, &module, None);
            let (bound, module) = alias.binding();
            self.bind_import(stmt.span, &bound, ImportRef { module, attr: None });
        }
    }

    fn import_from(&mut self, stmt: &ast::Stmt, import: &ast::ImportFrom) {
        let Some(module) = &import.module else { return };
        for alias in &import.names {
            let attr = Some(alias.name.name.clone());
            let bound = alias.asname.as_ref().unwrap_or(&alias.name).name.clone();
            let module = module.name.clone();
            self.depend(stmt.span, alias.span, &module, attr.clone());
            self.bind_import(stmt.span, &bound, ImportRef { module, attr });
        }
    }

    fn depend(&mut self, stmt: Span, alias: Span, module: &Rc<str>, attr: Option<Rc<str>>) {
        self.tree.dependencies.push(Dependency {
            module: module.clone(),
            attr,
            statement: Some(stmt),
            alias: Some(alias),
        });
    }

    fn bind_import(&mut self, stmt: Span, name: &Rc<str>, import: ImportRef) {
        let (kind, origin) = (VarKind::Const, VarOrigin::Auto);
        let definition = Definition {
            name,
            kind,
            origin,
            span: stmt,
            type_span: stmt,
        };
        self.define(&definition, Some(import));
    }

    /// Opens a scope inside the current one and walks it.
    fn inside(
        &mut self,
        name: &str,
        kind: ScopeKind,
        color: ScopeColor,
        body: impl FnOnce(&mut Self),
    ) -> ScopeId {
        let id = ScopeId(u32::try_from(self.tree.scopes.len()).expect("fewer than 2^32 scopes"));
        let full_name = format!("{}::{name}", self.scope().name);
        self.tree.scopes.push(Scope {
            name: full_name,
            kind,
            color,
            parent: Some(self.current),
            symbols: indexmap::IndexMap::default(),
        });
        let outer = (
            std::mem::replace(&mut self.current, id),
            std::mem::take(&mut self.in_loop),
        );
        body(self);
        (self.current, self.in_loop) = outer;
        id
    }

    fn type_params(&mut self, params: &[ast::TypeParam]) {
        for param in params {
            let (kind, origin) = (VarKind::Const, VarOrigin::BlueParam);
            let (name, span) = (&param.name.name, param.span);
            self.define(
                &Definition {
                    name,
                    kind,
                    origin,
                    span,
                    type_span: span,
                },
                None,
            );
        }
    }

    fn hidden_return(&mut self, span: Span) {
        let name: Rc<str> = "@return".into();
        let (kind, origin) = (VarKind::Var, VarOrigin::Auto);
        self.insert(
            &Definition {
                name: &name,
                kind,
                origin,
                span,
                type_span: span,
            },
            None,
        );
    }

    fn func_def(&mut self, def: &ast::FuncDef) {
        let (kind, origin) = (VarKind::Const, VarOrigin::FuncDef);
        let (name, span) = (&def.name.name, def.prototype);
        self.define(
            &Definition {
                name,
                kind,
                origin,
                span,
                type_span: span,
            },
            None,
        );
        for expr in def
            .decorators
            .iter()
            .chain(all_params(&def.params).filter_map(|p| p.default.as_ref()))
        {
            self.expr(expr);
        }
        if def.type_params.is_empty() {
            let scope = self.inside(
                &def.name.name,
                ScopeKind::Function,
                func_color(def),
                |this| {
                    this.func_body(def);
                },
            );
            self.tree.by_def.insert(def.id, scope);
            return;
        }
        let mut inner = None;
        let outer = self.inside(
            &def.name.name,
            ScopeKind::Function,
            ScopeColor::Blue,
            |this| {
                this.type_params(&def.type_params);
                let name: Rc<str> = "__impl".into();
                this.define(
                    &Definition {
                        name: &name,
                        kind,
                        origin,
                        span,
                        type_span: span,
                    },
                    None,
                );
                this.hidden_return(span);
                let body = |this: &mut Self| this.func_body(def);
                inner = Some(this.inside("__impl", ScopeKind::Function, ScopeColor::Red, body));
            },
        );
        self.tree.by_def.insert(def.id, outer);
        self.tree
            .by_def
            .extend(inner.map(|inner| (def.inner_id, inner)));
    }

    fn func_body(&mut self, def: &ast::FuncDef) {
        let color = self.scope().color;
        let origin = param_origin(color);
        let kind = match color {
            ScopeColor::Blue => VarKind::Const,
            ScopeColor::Red => VarKind::Var,
        };
        for param in all_params(&def.params) {
            let annotated = !matches!(param.annotation.kind, ExprKind::Auto);
            let type_span = if annotated {
                param.annotation.span
            } else {
                param.span
            };
            let (name, span) = (&param.name.name, param.span);
            self.define(
                &Definition {
                    name,
                    kind,
                    origin,
                    span,
                    type_span,
                },
                None,
            );
        }
        self.hidden_return(def.returns.span);
        self.stmts(&def.body);
    }

    fn class_def(&mut self, def: &ast::ClassDef) {
        let generic = !def.type_params.is_empty();
        let origin = if generic {
            VarOrigin::FuncDef
        } else {
            VarOrigin::ClassDef
        };
        let (kind, span, name) = (VarKind::Const, def.header, &def.name.name);
        self.define(
            &Definition {
                name,
                kind,
                origin,
                span,
                type_span: span,
            },
            None,
        );
        for expr in &def.decorators {
            self.expr(expr);
        }
        for base in &def.bases {
            if let ast::Arg::Positional(expr) = base {
                self.expr(expr);
            }
        }
        if !generic {
            let body = |this: &mut Self| this.stmts(&def.body);
            let scope = self.inside(&def.name.name, ScopeKind::Class, ScopeColor::Blue, body);
            self.tree.by_def.insert(def.id, scope);
            return;
        }
        let mut inner = None;
        let outer = self.inside(
            &def.name.name,
            ScopeKind::Function,
            ScopeColor::Blue,
            |this| {
                this.type_params(&def.type_params);
                let name: Rc<str> = "Self".into();
                let origin = VarOrigin::ClassDef;
                this.define(
                    &Definition {
                        name: &name,
                        kind,
                        origin,
                        span,
                        type_span: span,
                    },
                    None,
                );
                this.hidden_return(span);
                let body = |this: &mut Self| this.stmts(&def.body);
                inner = Some(this.inside("Self", ScopeKind::Class, ScopeColor::Blue, body));
            },
        );
        self.tree.by_def.insert(def.id, outer);
        self.tree
            .by_def
            .extend(inner.map(|inner| (def.inner_id, inner)));
    }
}
