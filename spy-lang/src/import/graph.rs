//! The walk over the import graph.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Found, LoadErrors, Loader, NoFiles, Root};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Engine, Failure, Members, ModuleId, ModuleInfo, Program};
use crate::scope::{Dependency, ScopeTree};
use crate::source::FileId;
use crate::syntax::{self, ast};

/// Parses a main module and everything it imports, then runs their bodies.
///
/// Errors of syntax and scopes are all reported; of what happens when bodies run only the first,
/// since later bodies may depend on it.
pub fn load(
    program: &mut Program,
    engine: &mut dyn Engine,
    loader: &dyn Loader,
    root: Root,
) -> Result<ModuleId, LoadErrors> {
    let text = (root.file_name.clone(), root.text.clone());
    let mut graph = Graph {
        program,
        loader,
        order: Vec::new(),
        visiting: Vec::new(),
    };
    graph.add(&root.module, text)?;
    let order = graph.order;
    run(program, engine, order)?;
    Ok(program.module_names[&root.module])
}

/// Loads a module by name, or returns it if it is loaded.
pub(super) fn load_by_name(
    program: &mut Program,
    engine: &mut dyn Engine,
    loader: &dyn Loader,
    module: &str,
) -> Result<ModuleId, LoadErrors> {
    if let Some(id) = program.module_names.get(module) {
        return Ok(*id);
    }
    let mut graph = Graph {
        program,
        loader,
        order: Vec::new(),
        visiting: Vec::new(),
    };
    graph.require(&Dependency {
        module: module.into(),
        attr: None,
        statement: None,
        alias: None,
    })?;
    let order = graph.order;
    run(program, engine, order)?;
    Ok(program.module_names[module])
}

/// Loads a module of the standard library, or returns it if it is loaded.
pub fn load_library(
    program: &mut Program,
    engine: &mut dyn Engine,
    module: &str,
) -> Result<ModuleId, Failure> {
    load_by_name(program, engine, &NoFiles, module)
        .map_err(|mut errors| Box::new(errors.swap_remove(0)))
}

/// A parsed module that waits to be run.
struct Parsed {
    name: Rc<str>,
    file: FileId,
    module: Rc<ast::Module>,
    scopes: Rc<ScopeTree>,
}

/// The state of the walk.
struct Graph<'a> {
    program: &'a mut Program,
    loader: &'a dyn Loader,
    /// Modules in the order in which they run.
    order: Vec<Parsed>,
    /// Modules whose dependencies are being visited.
    visiting: Vec<Rc<str>>,
}

impl Graph<'_> {
    /// Parses a module and visits its dependencies, then puts it last in the order.
    fn add(&mut self, name: &Rc<str>, (shown, text): (Rc<str>, Rc<str>)) -> Result<(), LoadErrors> {
        let file = self.program.sources.add(shown, text);
        let parsed = syntax::parse(&self.program.sources, file);
        let mut errors = parsed.diagnostics;
        if errors.is_empty() {
            errors = syntax::unsupported(&parsed.module);
        }
        let module = Rc::new(parsed.module);
        let (scopes, scope_errors) = crate::scope::resolve(&module, name);
        if errors.is_empty() {
            errors = scope_errors;
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let scopes = Rc::new(scopes);
        self.visiting.push(name.clone());
        for dependency in &scopes.dependencies {
            self.require(dependency)?;
        }
        self.visiting.pop();
        self.order.push(Parsed {
            name: name.clone(),
            file,
            module,
            scopes,
        });
        Ok(())
    }

    fn is_known(&self, module: &str) -> bool {
        self.program.module_names.contains_key(module)
            || self.order.iter().any(|parsed| &*parsed.name == module)
    }

    /// Visits a dependency unless it is known.
    fn require(&mut self, dependency: &Dependency) -> Result<(), LoadErrors> {
        let name = &dependency.module;
        if self.is_known(name) || self.visiting.last() == Some(name) {
            return Ok(());
        }
        if self.visiting.contains(name) {
            return Err(vec![circular(dependency)]);
        }
        if let Some(text) = crate::stdlib::source(name) {
            return self.add(name, (crate::stdlib::file_name(name).into(), text.into()));
        }
        match self.loader.find(name) {
            Found::Source(shown, text) => self.add(name, (shown, text)),
            Found::Python(_) => Err(vec![missing(
                dependency,
                format!("file `{name}.py` exists, but py files cannot be imported"),
            )]),
            Found::Unreadable(shown, reason) => Err(vec![missing(
                dependency,
                format!("cannot read `{shown}`: {reason}"),
            )]),
            Found::Missing => Err(vec![missing(
                dependency,
                format!("module `{name}` does not exist"),
            )]),
        }
    }
}

/// `mod`, `mod.attr`, `(a.b).attr`
fn reference(dependency: &Dependency) -> String {
    let module = &dependency.module;
    let module = if module.contains('.') {
        format!("({module})")
    } else {
        module.to_string()
    };
    match &dependency.attr {
        Some(attr) => format!("{module}.{attr}"),
        None => module,
    }
}

fn missing(dependency: &Dependency, text: String) -> Diagnostic {
    match dependency.statement {
        Some(statement) => {
            let message = format!("cannot import `{}`", reference(dependency));
            Diagnostic::new(ErrorKind::ImportError, message).error(text, statement)
        }
        None => Diagnostic::new(ErrorKind::ImportError, text),
    }
}

fn circular(dependency: &Dependency) -> Diagnostic {
    let text = format!("module `{}` does not exist", dependency.module);
    let diagnostic = missing(dependency, text);
    match dependency.statement {
        Some(statement) => diagnostic.note("this is likely a circular import (WIP)", statement),
        None => diagnostic,
    }
}

/// Runs module bodies in order.
fn run(
    program: &mut Program,
    engine: &mut dyn Engine,
    order: Vec<Parsed>,
) -> Result<(), LoadErrors> {
    for parsed in order {
        let id = program.add_module(ModuleInfo {
            name: parsed.name,
            file: parsed.file,
            source: Some((parsed.module, parsed.scopes)),
            members: Members::default(),
            globals: FxHashMap::default(),
            frame: None,
        });
        crate::redshift::run_module(program, engine, id).map_err(|failure| vec![*failure])?;
    }
    Ok(())
}
