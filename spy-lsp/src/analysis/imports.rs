//! The import statements of the text in hand.

use std::ops::Range;
use std::rc::Rc;

use spy_lang::source::{SourceMap, Span};
use spy_lang::syntax::ast::{ImportAlias, Stmt, StmtKind};
use spy_lang::syntax::walk::{Visit, walk_stmt};

use super::Task;

/// A name that an import statement binds.
pub(super) struct Import {
    /// The bytes of the statement.
    pub(super) stmt: Range<usize>,
    /// The bytes of the name of the module or attribute in it.
    pub(super) alias: Range<usize>,
    /// The name that is bound.
    pub(super) bound: Rc<str>,
    /// The module.
    pub(super) module: Rc<str>,
    /// The attribute; `None` for the module itself.
    pub(super) attr: Option<Rc<str>>,
}

/// All imports of a text, also of one with syntax errors.
pub(super) fn of(task: &Task) -> Vec<Import> {
    let mut sources = SourceMap::default();
    let file = sources.add(task.file.as_str(), &*task.text);
    let parsed = spy_lang::syntax::parse(&sources, file);
    let mut collector = Collector(Vec::new());
    for stmt in &parsed.module.body {
        collector.visit_stmt(stmt);
    }
    collector.0
}

/// The bytes of a span.
pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

struct Collector(Vec<Import>);

impl Collector {
    fn add(&mut self, stmt: &Stmt, alias: &ImportAlias, module: &Rc<str>, attr: Option<Rc<str>>) {
        let bound = alias.asname.as_ref().unwrap_or(&alias.name);
        self.0.push(Import {
            stmt: bytes(stmt.span),
            alias: bytes(alias.span),
            bound: bound.name.clone(),
            module: module.clone(),
            attr,
        });
    }
}

impl Visit for Collector {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        if let StmtKind::Import(aliases) = &stmt.kind {
            for alias in aliases {
                self.add(stmt, alias, &alias.name.name, None);
            }
        } else if let StmtKind::ImportFrom(import) = &stmt.kind
            && let Some(module) = &import.module
        {
            for alias in &import.names {
                self.add(stmt, alias, &module.name, Some(alias.name.name.clone()));
            }
        }
        walk_stmt(self, stmt);
    }
}
