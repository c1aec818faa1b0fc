//! Loading programs: the import graph, and module bodies in its order.
//!
//! The set of modules is computed before anything runs. Modules run depth-first, dependencies
//! first, each once. Where texts come from is the caller's: see [`Loader`].
//!
//! A folder is a package: `a.b` is a module in the folder `a`, whose own text is `__init__.spy`, or
//! nothing. A package is a dependency of its modules, and has them as attributes.

mod graph;
mod partial;

use std::path::PathBuf;
use std::rc::Rc;

use crate::diagnostics::Diagnostic;
use crate::program::{Engine, ModuleId, Program};

pub use graph::{load, load_library};
pub use partial::{Partial, load_partially};

/// What looking for a module found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// A file of the language: the name to show in messages, and its text.
    Source(Rc<str>, Rc<str>),
    /// Only a file of Python: its name.
    Python(Rc<str>),
    /// A file that cannot be read: its name and the reason.
    Unreadable(Rc<str>, Rc<str>),
    /// Nothing.
    Missing,
}

/// Finds the texts of modules outside the standard library.
pub trait Loader {
    /// The file `name.spy` in the first directory of the search path that has one. Dots in the
    /// name separate folders.
    fn find(&self, module: &str) -> Found;

    /// The names of modules that could have been meant by a misspelt one.
    fn modules_like(&self, module: &str) -> Vec<Rc<str>>;
}

/// A loader without files: only the standard library can be imported.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn find(&self, _module: &str) -> Found {
        Found::Missing
    }

    fn modules_like(&self, _module: &str) -> Vec<Rc<str>> {
        Vec::new()
    }
}

/// The package that a module is in: `a.b` of `a.b.c`.
pub fn package_of(module: &str) -> Option<&str> {
    module.rsplit_once('.').map(|(package, _)| package)
}

/// A program's main module.
#[derive(Clone, Debug)]
pub struct Root {
    /// The name of the module: the file's name without `.spy`.
    pub module: Rc<str>,
    /// The name shown in messages.
    pub file_name: Rc<str>,
    /// Its text.
    pub text: Rc<str>,
}

impl Root {
    /// A main module from a path as the user gave it, and its text.
    pub fn from_path(path: &str, text: impl Into<Rc<str>>) -> Self {
        let stem = PathBuf::from(path);
        let stem = stem
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        let module = stem.unwrap_or_else(|| "main".to_owned()).into();
        Self {
            module,
            file_name: path.into(),
            text: text.into(),
        }
    }
}

/// A new program with the modules that the compiler provides.
pub fn new_program() -> Program {
    let mut program = Program::default();
    crate::builtins::create_modules(&mut program);
    program
}

/// The errors of a failed load, in source order for syntax errors.
pub type LoadErrors = Vec<Diagnostic>;

/// Loads a module by name, or returns it if it is loaded.
pub fn load_module(
    program: &mut Program,
    engine: &mut dyn Engine,
    loader: &dyn Loader,
    module: &str,
) -> Result<ModuleId, LoadErrors> {
    graph::load_by_name(program, engine, loader, module)
}
