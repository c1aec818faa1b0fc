//! The walk over the import graph.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Found, LoadErrors, Loader, NoFiles, Partial, Root, package_of};
use crate::diagnostics::{Diagnostic, ErrorKind, similar};
use crate::program::{Engine, Failure, Members, ModuleId, ModuleInfo, Program, Value};
use crate::scope::{Dependency, ImportRef, ScopeTree};
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
    let mut graph = Graph::new(program, loader);
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
    let mut graph = Graph::new(program, loader);
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
pub(super) struct Parsed {
    name: Rc<str>,
    file: FileId,
    module: Rc<ast::Module>,
    scopes: Rc<ScopeTree>,
}

/// The state of the walk.
pub(super) struct Graph<'a> {
    program: &'a mut Program,
    loader: &'a dyn Loader,
    /// Modules in the order in which they run.
    pub(super) order: Vec<Parsed>,
    /// Modules whose dependencies are being visited.
    visiting: Vec<Rc<str>>,
    /// Collects the errors of modules; without it the first module with errors ends the walk.
    pub(super) partial: Option<Partial>,
}

impl<'a> Graph<'a> {
    /// A walk that has not begun.
    pub(super) fn new(program: &'a mut Program, loader: &'a dyn Loader) -> Self {
        Self {
            program,
            loader,
            order: Vec::new(),
            visiting: Vec::new(),
            partial: None,
        }
    }

    /// Parses a module and visits its dependencies, then puts it last in the order.
    pub(super) fn add(
        &mut self,
        name: &Rc<str>,
        (shown, text): (Rc<str>, Rc<str>),
    ) -> Result<(), LoadErrors> {
        let file = self.program.sources.add(shown, text);
        let parsed = syntax::parse(&self.program.sources, file);
        let mut module = parsed.module;
        self.take_errors(&mut module, parsed.diagnostics)?;
        let refused = syntax::unsupported(&module);
        self.take_errors(&mut module, refused)?;
        let (scopes, errors) = crate::scope::resolve(&module, name);
        self.take_errors(&mut module, errors)?;
        let (module, scopes) = (Rc::new(module), Rc::new(scopes));
        self.visiting.push(name.clone());
        for dependency in &scopes.dependencies {
            self.require(dependency)?;
            self.require_attribute(dependency)?;
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

    /// Ends the walk if a module has errors, unless they are being collected.
    fn take_errors(
        &mut self,
        module: &mut ast::Module,
        errors: Vec<Diagnostic>,
    ) -> Result<(), LoadErrors> {
        match &mut self.partial {
            _ if errors.is_empty() => Ok(()),
            Some(partial) => {
                partial.record(&mut module.body, errors);
                Ok(())
            }
            None => Err(errors),
        }
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
        self.require_package(dependency)?;
        if self.is_known(name) {
            return Ok(());
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
            Found::Missing => {
                let diagnostic = missing(dependency, format!("module `{name}` does not exist"));
                if &**name == "jsffi" {
                    let reason = "it is for programs in web browsers, which cannot be built here";
                    return Err(vec![diagnostic.help(reason)]);
                }
                let mut names = self.loader.modules_like(name);
                names.extend(self.program.module_names.keys().cloned());
                names.extend(crate::stdlib::module_names().map(Rc::from));
                Err(vec![match similar(name, names) {
                    Some(similar) => diagnostic.help(format!("did you mean `{similar}`?")),
                    None => diagnostic,
                }])
            }
        }
    }

    /// The package of a module comes before the module, unless it is what imports the module.
    fn require_package(&mut self, dependency: &Dependency) -> Result<(), LoadErrors> {
        let Some(package) = package_of(&dependency.module) else {
            return Ok(());
        };
        let package: Rc<str> = package.into();
        if self.visiting.contains(&package) {
            return Ok(());
        }
        if !self.is_known(&package) && self.loader.find(&package) == Found::Missing {
            // The module itself is reported.
            return Ok(());
        }
        self.require(&Dependency {
            module: package,
            ..dependency.clone()
        })
    }

    /// `from a import b` may mean a module `a.b` if `a` does not define `b`.
    fn require_attribute(&mut self, dependency: &Dependency) -> Result<(), LoadErrors> {
        let Some(attr) = &dependency.attr else {
            return Ok(());
        };
        let parsed = self
            .order
            .iter()
            .find(|parsed| parsed.name == dependency.module);
        let defines = parsed.is_none_or(|parsed| {
            let symbol = parsed.scopes.symbol(ScopeTree::MODULE, attr);
            symbol.is_some_and(|symbol| symbol.level == Some(0))
        });
        let module: Rc<str> = format!("{}.{attr}", dependency.module).into();
        if defines || self.loader.find(&module) == Found::Missing {
            return Ok(());
        }
        self.require(&Dependency {
            module,
            attr: None,
            ..dependency.clone()
        })
    }
}

fn missing(dependency: &Dependency, text: String) -> Diagnostic {
    match dependency.statement {
        Some(statement) => {
            let reference = ImportRef {
                module: dependency.module.clone(),
                attr: dependency.attr.clone(),
            };
            let message = format!("cannot import `{reference}`");
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
pub(super) fn run(
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
        adopt_modules(program, id);
        crate::redshift::run_module(program, engine, id).map_err(|failure| vec![*failure])?;
        join_package(program, id);
    }
    Ok(())
}

/// Makes modules that ran before their package attributes of it.
fn adopt_modules(program: &mut Program, package: ModuleId) {
    let name = program.module(package).name.clone();
    let in_package = |module: &ModuleInfo| package_of(&module.name) == Some(&*name);
    let ids: Vec<ModuleId> = (0..)
        .map(ModuleId)
        .zip(&program.modules)
        .filter(|(_, module)| in_package(module))
        .map(|(id, _)| id)
        .collect();
    for id in ids {
        join_package(program, id);
    }
}

/// Makes a module an attribute of its package, unless the package has another of that name.
fn join_package(program: &mut Program, module: ModuleId) {
    let name = program.module(module).name.clone();
    let Some((package, attr)) = name.rsplit_once('.') else {
        return;
    };
    if let Some(package) = program.module_names.get(package).copied() {
        let members = &mut program.module_mut(package).members;
        members
            .entry(attr.into())
            .or_insert_with(|| Value::Module(module));
    }
}
