//! Simple statements.

use super::super::ast::{
    Assert, Assign, AugAssign, BinOp, DeclKind, Expr, ExprKind, Ident, ImportAlias, ImportFrom,
    Raise, Stmt, StmtKind, TypeAlias, TypeParam, VarDef,
};
use super::Builder;
use super::line::Alias;

impl Builder<'_> {
    fn stmt(&self, l: u32, kind: StmtKind, r: u32) -> Stmt {
        Stmt {
            kind,
            span: self.span(l, r),
        }
    }

    pub(in crate::syntax) fn expr_stmt(&mut self, l: u32, value: Expr, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Expr(value), r)
    }

    pub(in crate::syntax) fn assign(
        &mut self,
        l: u32,
        targets: Vec<Expr>,
        value: Expr,
        r: u32,
    ) -> Stmt {
        let is_only = targets.len() == 1 && is_operand(&value.kind);
        let targets = targets
            .into_iter()
            .map(|target| self.assign_target(target, is_only))
            .collect();
        self.stmt(l, StmtKind::Assign(Assign { targets, value }), r)
    }

    pub(in crate::syntax) fn aug_assign(
        &mut self,
        l: u32,
        target: Expr,
        op: BinOp,
        value: Expr,
        r: u32,
    ) -> Stmt {
        let target = self.aug_target(target);
        self.stmt(l, StmtKind::AugAssign(AugAssign { target, op, value }), r)
    }

    /// `target: annotation = value`, the text of the target ending at `target_end`.
    pub(in crate::syntax) fn annotated(
        &mut self,
        l: u32,
        target: Expr,
        target_end: u32,
        annotation: Expr,
        value: Option<Expr>,
        r: u32,
    ) -> Stmt {
        let is_tuple = matches!(target.kind, ExprKind::Tuple(_));
        let parenthesized = !is_tuple && self.span(l, target_end) != target.span;
        let target = self.annotated_target(target);
        let kind = DeclKind::Plain;
        let definition = VarDef {
            kind,
            target,
            parenthesized,
            annotation,
            value,
        };
        self.stmt(l, StmtKind::VarDef(definition), r)
    }

    /// `var x: T = e` and its kin.
    pub(in crate::syntax) fn declaration(
        &mut self,
        l: u32,
        kind: DeclKind,
        name: Ident,
        annotation: Option<Expr>,
        value: Option<Expr>,
        r: u32,
    ) -> Stmt {
        if annotation.is_none() && value.is_none() {
            self.problem(name.span, "missing type or value in declaration");
        }
        let missing = Expr {
            kind: ExprKind::Auto,
            span: name.span,
        };
        let target = self.name(name);
        let annotation = annotation.unwrap_or(missing);
        let definition = VarDef {
            kind,
            target,
            parenthesized: false,
            annotation,
            value,
        };
        self.stmt(l, StmtKind::VarDef(definition), r)
    }

    /// `del a, b`; parentheses around all of them change nothing.
    pub(in crate::syntax) fn delete(&mut self, l: u32, targets: (Vec<Expr>, bool), r: u32) -> Stmt {
        let targets = targets
            .0
            .into_iter()
            .map(|target| self.delete_target(target))
            .collect();
        self.stmt(l, StmtKind::Delete(targets), r)
    }

    pub(in crate::syntax) fn pass_stmt(&self, l: u32, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Pass, r)
    }

    pub(in crate::syntax) fn break_stmt(&self, l: u32, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Break, r)
    }

    pub(in crate::syntax) fn continue_stmt(&self, l: u32, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Continue, r)
    }

    pub(in crate::syntax) fn return_stmt(&mut self, l: u32, value: Option<Expr>, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Return(value), r)
    }

    pub(in crate::syntax) fn raise(
        &self,
        l: u32,
        exc: Option<Expr>,
        cause: Option<Expr>,
        r: u32,
    ) -> Stmt {
        self.stmt(l, StmtKind::Raise(Raise { exc, cause }), r)
    }

    pub(in crate::syntax) fn global(&self, l: u32, names: Vec<Ident>, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Global(names), r)
    }

    pub(in crate::syntax) fn nonlocal(&self, l: u32, names: Vec<Ident>, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Nonlocal(names), r)
    }

    pub(in crate::syntax) fn assert(&self, l: u32, test: Expr, msg: Option<Expr>, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Assert(Assert { test, msg }), r)
    }

    pub(in crate::syntax) fn import(&self, l: u32, aliases: Vec<Alias>, r: u32) -> Stmt {
        self.stmt(l, StmtKind::Import(aliases), r)
    }

    pub(in crate::syntax) fn import_from(
        &self,
        l: u32,
        (level, module): (u32, Option<Ident>),
        names: Vec<Alias>,
        r: u32,
    ) -> Stmt {
        self.stmt(
            l,
            StmtKind::ImportFrom(ImportFrom {
                level,
                module,
                names,
            }),
            r,
        )
    }

    pub(in crate::syntax) fn star_import(&self, l: u32, r: u32) -> Vec<Alias> {
        vec![self.alias(l, self.ident(l, "*".into(), r), None, r)]
    }

    pub(in crate::syntax) fn alias(
        &self,
        l: u32,
        name: Ident,
        asname: Option<Ident>,
        r: u32,
    ) -> Alias {
        ImportAlias {
            name,
            asname,
            span: self.span(l, r),
        }
    }

    pub(in crate::syntax) fn dotted(&self, module: Ident, name: Ident) -> Ident {
        let span = module.span.to(name.span);
        Ident {
            name: format!("{}.{}", module.name, name.name).into(),
            span,
        }
    }

    pub(in crate::syntax) fn type_alias(
        &self,
        l: u32,
        name: Ident,
        type_params: Option<Vec<TypeParam>>,
        value: Expr,
        r: u32,
    ) -> Stmt {
        let type_params = type_params.unwrap_or_default();
        self.stmt(
            l,
            StmtKind::TypeAlias(TypeAlias {
                name,
                type_params,
                value,
            }),
            r,
        )
    }
}

/// Whether an expression could be the right side of a comparison without parentheses.
fn is_operand(kind: &ExprKind) -> bool {
    !matches!(
        kind,
        ExprKind::Compare(..)
            | ExprKind::CompareChain(..)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::IfExp(_)
            | ExprKind::Lambda(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
    )
}
