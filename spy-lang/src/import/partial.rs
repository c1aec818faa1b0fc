//! Loading a program in spite of errors, for tools that report all of them.
//!
//! Statements at the top of a module that have errors are left out, and functions with errors in
//! their bodies keep their signatures. What is then found elsewhere is real, with two exceptions
//! that [`Partial::is_reliable`] knows: errors in functions that are broken themselves, and unknown
//! names where a definition has been left out.

use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Engine, ModuleId, Program};
use crate::source::Span;
use crate::syntax::ast::{FuncDef, Stmt, StmtKind};
use crate::syntax::walk::{Visit, walk_stmt};

use super::graph::Graph;
use super::{LoadErrors, Loader, Root};

/// A program that was loaded as far as its errors allow.
#[derive(Debug, Default)]
pub struct Partial {
    /// The main module, if all module bodies could be run.
    pub module: Option<ModuleId>,
    /// All errors of syntax and scopes, then the one that ended the loading.
    pub errors: LoadErrors,
    /// Functions with errors.
    broken: Vec<Span>,
    /// Whether definitions are missing.
    incomplete: bool,
}

/// Loads a main module and everything it imports, as far as that is possible.
pub fn load_partially(
    program: &mut Program,
    engine: &mut dyn Engine,
    loader: &dyn Loader,
    root: Root,
) -> Partial {
    let module = root.module.clone();
    let mut graph = Graph::new(program, loader);
    graph.partial = Some(Partial::default());
    let walked = graph.add(&module, (root.file_name, root.text));
    let order = std::mem::take(&mut graph.order);
    let mut partial = graph.partial.take().unwrap_or_default();
    let loaded = walked.and_then(|()| super::graph::run(program, engine, order));
    match loaded {
        Ok(()) => partial.module = program.module_names.get(&module).copied(),
        Err(errors) => {
            let errors = errors
                .into_iter()
                .filter(|error| partial.is_reliable(error));
            let errors: Vec<_> = errors.collect();
            partial.errors.extend(errors);
        }
    }
    partial
}

impl Partial {
    /// Whether an error would be there without the errors of syntax and scopes.
    pub fn is_reliable(&self, error: &Diagnostic) -> bool {
        let annotated = error.annotations.iter().map(|annotation| annotation.span);
        let mut places = annotated.chain(error.traceback.iter().map(|frame| frame.span));
        let in_broken = places.any(|place| self.broken.iter().any(|broken| broken.contains(place)));
        let misses_a_name = matches!(error.kind, ErrorKind::NameError | ErrorKind::ImportError);
        !(in_broken || self.incomplete && misses_a_name)
    }

    /// Records errors of a module, and leaves out the statements that have them.
    pub(super) fn record(&mut self, body: &mut [Stmt], errors: Vec<Diagnostic>) {
        for error in &errors {
            let place = error.primary_span();
            for stmt in body.iter_mut() {
                let is_here = place
                    .is_some_and(|place| stmt.span.contains(place) || place.contains(stmt.span));
                if is_here {
                    self.leave_out(stmt, place);
                }
            }
        }
        self.incomplete |= body.iter().any(|stmt| matches!(stmt.kind, StmtKind::Error));
        self.errors.extend(errors);
    }

    /// Leaves out a statement, or the body of the function in it that has the error.
    fn leave_out(&mut self, stmt: &mut Stmt, place: Option<Span>) {
        let mut search = BodyWith { place, found: None };
        search.visit_stmt(stmt);
        match search.found {
            Some(broken) => self.broken.push(broken),
            None => stmt.kind = StmtKind::Error,
        }
    }
}

/// Searches the outermost function whose body contains a place.
struct BodyWith {
    place: Option<Span>,
    found: Option<Span>,
}

impl BodyWith {
    fn is_in_body(&self, def: &FuncDef) -> bool {
        let before_body = def.prototype.end;
        self.place
            .is_some_and(|place| def.span.contains(place) && place.start >= before_body)
    }
}

impl Visit for BodyWith {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        if let StmtKind::FuncDef(def) = &stmt.kind
            && self.is_in_body(def)
        {
            self.found = Some(def.span);
        } else {
            walk_stmt(self, stmt);
        }
    }
}
