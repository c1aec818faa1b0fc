//! The second walk: an entry for every name a scope mentions, and the modules they imply.

use std::rc::Rc;

use super::analysis::{all_params, lookup};
use super::parts as walk;
use super::{Dependency, ImportRef, ScopeId, ScopeTree, Storage, Symbol, VarKind, VarOrigin};
use crate::builtins::home_module;
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, StmtKind};

/// The state of the walk.
pub(super) struct Reference {
    tree: ScopeTree,
    current: ScopeId,
}

impl Reference {
    pub(super) fn new(tree: ScopeTree) -> Self {
        Self {
            tree,
            current: ScopeTree::MODULE,
        }
    }

    pub(super) fn module(&mut self, module: &ast::Module) {
        self.stmts(&module.body);
    }

    pub(super) fn finish(mut self) -> ScopeTree {
        let with_text = self.tree.implied.iter();
        let with_text = with_text.filter(|module| crate::stdlib::contains(module));
        let implicit: Vec<Dependency> = with_text
            .map(|module| Dependency {
                module: module.clone(),
                attr: None,
                statement: None,
                alias: None,
            })
            .collect();
        let explicit = std::mem::take(&mut self.tree.dependencies);
        self.tree.dependencies = implicit.into_iter().chain(explicit).collect();
        self.tree
    }

    fn implies(&mut self, module: &str) {
        let known = self.tree.implied.iter().any(|implied| &**implied == module);
        if !known && module != "builtins" {
            self.tree.implied.push(module.into());
        }
    }

    /// Records what a name means in the current scope.
    fn name(&mut self, name: &Rc<str>) {
        if self.tree.get(self.current).symbols.contains_key(name) {
            return;
        }
        let symbol = match lookup(&self.tree, self.current, name) {
            Some(found) => {
                let definition = &self.tree.get(found.scope).symbols[name];
                Symbol {
                    level: Some(found.level),
                    ..definition.clone()
                }
            }
            None => self.outermost(name),
        };
        self.tree.scopes[self.current.0 as usize]
            .symbols
            .insert(name.clone(), symbol);
    }

    /// A builtin, or a name defined nowhere.
    fn outermost(&mut self, name: &Rc<str>) -> Symbol {
        let home = home_module(name);
        let mut level = 1;
        let mut scope = self.current;
        while let Some(parent) = self.tree.get(scope).parent {
            scope = parent;
            level += 1;
        }
        if let Some(module) = home {
            self.implies(module);
        }
        Symbol {
            name: name.clone(),
            kind: VarKind::Const,
            origin: VarOrigin::Explicit,
            storage: if home.is_some() {
                Storage::Direct
            } else {
                Storage::NameError
            },
            level: home.map(|_| level),
            span: Span::BUILTINS,
            type_span: Span::BUILTINS,
            import: home.map(|module| ImportRef {
                module: module.into(),
                attr: Some(name.clone()),
            }),
        }
    }

    fn stmts(&mut self, stmts: &[ast::Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &ast::Stmt) {
        match &stmt.kind {
            StmtKind::FuncDef(def) => self.func_def(def),
            StmtKind::ClassDef(def) => self.class_def(def),
            StmtKind::Assign(assign) => {
                let unpacks = |target: &ast::Expr| {
                    matches!(target.kind, ExprKind::Tuple(_) | ExprKind::List(_))
                };
                if assign.targets.iter().any(unpacks) {
                    self.implies("_tuple");
                }
                self.exprs_of(stmt);
            }
            _ => self.exprs_of(stmt),
        }
        walk::stmt_bodies(stmt, &mut |body| self.stmts(body));
    }

    fn exprs_of(&mut self, stmt: &ast::Stmt) {
        walk::stmt_exprs(stmt, &mut |expr| self.expr(expr));
        walk::stmt_targets(stmt, &mut |expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &ast::Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.name(name),
            ExprKind::AssignExpr(target, _) => self.name(&target.name),
            ExprKind::List(_) => self.implies("_list"),
            ExprKind::Tuple(_) => self.implies("_tuple"),
            ExprKind::Set(_) => self.implies("_set"),
            ExprKind::Dict(_) => self.implies("_dict"),
            ExprKind::Slice(_) => self.implies("_slice"),
            ExprKind::Block(stmts, _) => self.stmts(stmts),
            _ => {}
        }
        walk::children(expr, &mut |child| self.expr(child));
    }

    fn inside(&mut self, scope: ScopeId, body: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.current, scope);
        body(self);
        self.current = outer;
    }

    fn func_def(&mut self, def: &ast::FuncDef) {
        for expr in &def.decorators {
            self.expr(expr);
        }
        let outer = self.tree.of_def(def.id);
        if def.type_params.is_empty() {
            self.signature(def);
            self.inside(outer, |this| this.stmts(&def.body));
            return;
        }
        let inner = self.tree.of_def(def.inner_id);
        self.inside(outer, |this| {
            this.signature(def);
            this.inside(inner, |this| this.stmts(&def.body));
        });
    }

    /// Annotations and defaults, which are evaluated in the enclosing scope.
    fn signature(&mut self, def: &ast::FuncDef) {
        for param in all_params(&def.params) {
            self.expr(&param.annotation);
            if let Some(default) = &param.default {
                self.expr(default);
            }
        }
        self.expr(&def.returns);
    }

    fn class_def(&mut self, def: &ast::ClassDef) {
        for expr in &def.decorators {
            self.expr(expr);
        }
        for base in &def.bases {
            if let ast::Arg::Positional(expr) = base {
                self.expr(expr);
            }
        }
        let outer = self.tree.of_def(def.id);
        let inner = self.tree.of_def(def.inner_id);
        if outer == inner {
            self.inside(outer, |this| this.stmts(&def.body));
        } else {
            self.inside(outer, |this| {
                this.inside(inner, |this| this.stmts(&def.body))
            });
        }
    }
}
