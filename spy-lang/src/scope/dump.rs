//! The text form of symbol tables, as `spy symtable` prints it.

use std::fmt::Write;

use super::{Scope, ScopeColor, ScopeId, ScopeKind, ScopeTree, Storage, Symbol, VarKind};
use crate::syntax::ScopeLabel;

/// The implied modules and all tables, outermost first, nested ones indented.
pub fn dump(tree: &ScopeTree) -> String {
    let mut text = String::from("Implicit imports:\n");
    let mut implied: Vec<&str> = tree.implied.iter().map(|module| &**module).collect();
    implied.push("builtins");
    implied.sort_unstable();
    for module in implied {
        let _ = writeln!(text, "    {module}");
    }
    for index in 0..tree.scopes.len() {
        let scope = tree.get(ScopeId(u32::try_from(index).expect("scope ids fit")));
        text.push('\n');
        let indent = "    ".repeat(scope.name.matches("::").count());
        let _ = writeln!(text, "{indent}{}", header(scope));
        for symbol in sorted(scope) {
            let _ = writeln!(text, "{indent}    {}", symbol_line(symbol));
        }
    }
    text
}

/// `<SymTable 'mod::f' (red, function)>`
pub fn header(scope: &Scope) -> String {
    let ScopeLabel { name, color, kind } = label(scope);
    format!("<SymTable '{name}' ({color}, {kind})>")
}

/// What dumps of syntax trees say about a scope.
pub fn label(scope: &Scope) -> ScopeLabel {
    let color = match scope.color {
        ScopeColor::Blue => "blue",
        ScopeColor::Red => "red",
    };
    let kind = match scope.kind {
        ScopeKind::Module => "module",
        ScopeKind::Class => "class",
        ScopeKind::Function => "function",
    };
    ScopeLabel {
        name: scope.name.clone(),
        color,
        kind,
    }
}

/// Symbols by level, then const before var, then name with `@names` last.
fn sorted(scope: &Scope) -> Vec<&Symbol> {
    let mut symbols: Vec<&Symbol> = scope.symbols.values().collect();
    symbols.sort_by_key(|symbol| {
        let level = symbol.level.unwrap_or(u32::MAX);
        (
            level,
            symbol.kind,
            symbol.name.starts_with('@'),
            symbol.name.clone(),
        )
    });
    symbols
}

fn symbol_line(symbol: &Symbol) -> String {
    let Some(level) = symbol.level else {
        return format!("[ ] NameError  {:<10}", symbol.name);
    };
    let kind = match symbol.kind {
        VarKind::Const => "const",
        VarKind::Var => "var  ",
    };
    let cell = if symbol.storage == Storage::Cell {
        "[cell] "
    } else {
        ""
    };
    let import = symbol.import.as_ref();
    let import = import.map(|import| format!("  => <ImportRef {import}>"));
    format!(
        "[{level}] {kind} {:<10} {cell}{}",
        symbol.name,
        import.unwrap_or_default()
    )
}
