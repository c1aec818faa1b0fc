//! The two walks of scope analysis: declarations, then references.

use std::rc::Rc;

use super::declare::Declare;
use super::reference::Reference;
use super::{Scope, ScopeColor, ScopeId, ScopeKind, ScopeTree, VarOrigin};
use crate::diagnostics::Diagnostic;
use crate::syntax::ast;

/// The scopes of a module named `name`, and what is wrong with its declarations.
pub fn resolve(module: &ast::Module, name: &str) -> (ScopeTree, Vec<Diagnostic>) {
    let mut tree = ScopeTree::default();
    tree.scopes.push(Scope {
        name: name.to_owned(),
        kind: ScopeKind::Module,
        color: ScopeColor::Blue,
        parent: None,
        symbols: indexmap::IndexMap::default(),
    });
    let mut declare = Declare::new(tree);
    declare.module(module);
    let (tree, diagnostics) = declare.finish();
    let mut reference = Reference::new(tree);
    reference.module(module);
    (reference.finish(), diagnostics)
}

/// What looking a name up found.
pub(super) struct Found {
    /// The scope that defines it.
    pub(super) scope: ScopeId,
    /// How many scopes outwards that is.
    pub(super) level: u32,
}

/// Finds the definition of a name, innermost scope first. Class scopes are visible only from the
/// class body itself.
pub(super) fn lookup(tree: &ScopeTree, from: ScopeId, name: &str) -> Option<Found> {
    let mut scope = from;
    let mut level = 0;
    loop {
        let entry = tree.get(scope);
        let visible = entry.kind != ScopeKind::Class || level == 0;
        let defined = entry
            .symbols
            .get(name)
            .is_some_and(|symbol| symbol.level == Some(0));
        if visible && defined {
            return Some(Found { scope, level });
        }
        scope = entry.parent?;
        level += 1;
    }
}

/// The parameters of a function in the order of its frame.
pub(super) fn all_params(params: &ast::Params) -> impl Iterator<Item = &ast::Param> {
    params
        .positional_only
        .iter()
        .chain(&params.plain)
        .chain(&params.star)
        .chain(&params.keyword_only)
        .chain(&params.double_star)
}

/// The parameters of a function in the order of its frame.
pub fn params(def: &ast::FuncDef) -> impl Iterator<Item = &ast::Param> {
    all_params(&def.params)
}

/// The names of a function's parameters in the order of its frame; of a generic function those of
/// its type parameters.
pub fn param_names(def: &ast::FuncDef) -> Vec<Rc<str>> {
    params(def).map(|param| param.name.name.clone()).collect()
}

/// Origin of the parameters of a function of this color.
pub(super) fn param_origin(color: ScopeColor) -> VarOrigin {
    match color {
        ScopeColor::Blue => VarOrigin::BlueParam,
        ScopeColor::Red => VarOrigin::RedParam,
    }
}

/// The color of a function's scope.
pub(super) fn func_color(def: &ast::FuncDef) -> ScopeColor {
    match def.kind {
        ast::FuncKind::Red => ScopeColor::Red,
        ast::FuncKind::Blue | ast::FuncKind::Generic | ast::FuncKind::Metafunc => ScopeColor::Blue,
    }
}

/// The targets of an assignment: names inside tuples and lists, other targets as they are.
pub(super) fn flatten_targets<'a>(target: &'a ast::Expr, found: &mut Vec<&'a ast::Expr>) {
    match &target.kind {
        ast::ExprKind::Tuple(items) | ast::ExprKind::List(items) => {
            items.iter().for_each(|item| flatten_targets(item, found));
        }
        ast::ExprKind::Starred(inner) => flatten_targets(inner, found),
        _ => found.push(target),
    }
}

/// A name as shared text.
pub(super) fn name_of(expr: &ast::Expr) -> Option<Rc<str>> {
    match &expr.kind {
        ast::ExprKind::Name(name) => Some(name.clone()),
        _ => None,
    }
}
