//! The text form of a tree, as `spy parse` prints it.
//!
//! Node and field names are those of the language's AST vocabulary; constructs beyond it use the
//! names of Python's `ast` module. Locations are left out.

mod expr;
mod node;
mod stmt;

use super::ast::{DefId, Module};
use node::{Node, string};

/// What a dump says about a scope.
#[derive(Clone, Debug)]
pub struct ScopeLabel {
    /// Full name, for example `app::main`.
    pub name: String,
    /// `red` or `blue`.
    pub color: &'static str,
    /// `module`, `function` or `class`.
    pub kind: &'static str,
}

impl ScopeLabel {
    /// The form in which symbol tables are printed.
    fn text(&self) -> Node {
        Node::Text(format!(
            "<SymTable '{}' ({}, {})>",
            self.name, self.color, self.kind
        ))
    }
}

/// Looks up the scope of a definition, or of the module.
type Scopes<'s> = &'s dyn Fn(Option<DefId>) -> ScopeLabel;

/// The dump of a module, ended by a line end; `scopes` labels the module (`None`) and its definitions.
pub fn dump(module: &Module, scopes: &dyn Fn(Option<DefId>) -> ScopeLabel) -> String {
    let dumper = Dumper { scopes };
    let docstring = node::optional_string(module.docstring.as_deref());
    let decls = module
        .body
        .iter()
        .flat_map(|stmt| dumper.declaration(stmt))
        .collect();
    let node = Node::new(
        "Module",
        vec![
            ("filename", string(&module.filename)),
            ("docstring", docstring),
            ("decls", Node::List(decls)),
            ("symtable", scopes(None).text()),
        ],
    );
    let mut text = String::new();
    node.write_into(&mut text, 0);
    text.push('\n');
    text
}

/// Turns parts of the tree into nodes of the dump.
struct Dumper<'s> {
    scopes: Scopes<'s>,
}
