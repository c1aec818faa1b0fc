//! Loading modules, and forgetting those that failed.
//!
//! A load that fails leaves no trace that later requests could see: the modules it brought in can
//! be loaded again, under their own names. Only modules of the standard library stay.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use serde_json::{Value as Json, json};
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::import::{self, LoadErrors, Root};
use spy_lang::ir::ErrorId;
use spy_lang::program::{ErrorMode, Failure, ModuleId, Value};
use spy_lang::redshift::redshift_from;
use spy_lang::types::FuncColor;

use super::containers::methods_of_all;
use super::encode::mentions;
use super::engine::EngineChoice;
use super::request::Target;
use super::state::Session;
use crate::{DirLoader, read_source};

/// How far the tables of a program reached at some moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    modules: usize,
    functions: usize,
}

impl Session {
    /// How far the program reaches now.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            modules: self.program.modules.len(),
            functions: self.program.functions.len(),
        }
    }

    /// Loads a module, and compiles it if the engine wants that; its name and names.
    pub(super) fn load(&mut self, target: &Target) -> Result<Json, Failure> {
        let mark = self.mark();
        self.loading = Some(mark);
        let result = self.import(target).and_then(|module| {
            self.compile_since(mark)?;
            Ok(module)
        });
        self.loading = None;
        match result {
            Ok(module) => Ok(self.names(module)),
            Err(failure) => {
                self.forget(&mark);
                Err(failure)
            }
        }
    }

    fn import(&mut self, target: &Target) -> Result<ModuleId, Failure> {
        match target {
            Target::Module(name) => {
                let loader = self.loader(None);
                let (program, interp) = (&mut self.program, &mut self.interp);
                import::load_module(program, interp, &loader, name).map_err(first)
            }
            Target::File(path) => self.import_file(path),
        }
    }

    fn import_file(&mut self, path: &Path) -> Result<ModuleId, Failure> {
        let shown = path.to_string_lossy();
        let unreadable = |error: &dyn std::fmt::Display| -> Failure {
            let message = format!("cannot read `{shown}`: {error}");
            Diagnostic::new(ErrorKind::OsError, message).into()
        };
        let text = read_source(path).map_err(|error| unreadable(&error))?;
        let root = Root::from_path(&shown, text);
        if let Some(known) = self.program.module_names.get(&root.module) {
            return self.same_file(*known, path);
        }
        let dir = path.parent().map(Path::to_owned).unwrap_or_default();
        let loader = self.loader(Some(&dir));
        let module = import::load(&mut self.program, &mut self.interp, &loader, root);
        let module = module.map_err(first)?;
        if !self.file_dirs.contains(&dir) {
            self.file_dirs.push(dir);
        }
        Ok(module)
    }

    /// A module that is loaded already, if it comes from this file.
    fn same_file(&self, known: ModuleId, path: &Path) -> Result<ModuleId, Failure> {
        let info = self.program.module(known);
        let loaded = &self.program.sources.file(info.file).name;
        let same = match (PathBuf::from(&**loaded).canonicalize(), path.canonicalize()) {
            (Ok(loaded), Ok(path)) => loaded == path,
            (Ok(_), Err(_)) | (Err(_), Ok(_)) | (Err(_), Err(_)) => false,
        };
        if same {
            return Ok(known);
        }
        let message = format!("module `{}` is already loaded from `{loaded}`", info.name);
        Err(Diagnostic::new(ErrorKind::ImportError, message).into())
    }

    /// Searches `--path`, then the directory of the loaded file, then those of earlier ones.
    fn loader(&self, dir: Option<&PathBuf>) -> DirLoader {
        let dirs = self.path.iter().chain(dir).chain(&self.file_dirs);
        DirLoader::new(dirs.cloned().collect())
    }

    /// Compiles all functions that were added since, unless each is compiled when it is called.
    pub(super) fn compile_since(&mut self, mark: Mark) -> Result<(), Failure> {
        if !self.engine.redshifts() {
            return Ok(());
        }
        let eager = self.errors == ErrorMode::Eager;
        let errors = redshift_from(&mut self.program, &mut self.interp, mark.functions, eager);
        for ErrorId(id) in errors {
            let error = &mut self.program.errors[id as usize];
            if eager || !error.is_static() {
                return Err(error.clone().into());
            }
            // Raised when the line runs, the error has that line as its place and no other.
            error.annotations.clear();
            error.help.clear();
            error.traceback.clear();
        }
        match &mut self.engine {
            EngineChoice::Native(code) => {
                let methods = methods_of_all(&self.program);
                self.program.demanded.extend(methods);
                let all = self.program.functions.len();
                // What these methods do wrong matters to those who call them.
                redshift_from(&mut self.program, &mut self.interp, all, false);
                code.build(&mut self.program)
            }
            EngineChoice::Interp | EngineChoice::Redshift => Ok(()),
        }
    }

    /// Removes the modules added since, except those of the standard library.
    pub(super) fn forget(&mut self, mark: &Mark) {
        let program = &mut self.program;
        let mut gone = FxHashSet::default();
        for module in program.modules.iter().skip(mark.modules) {
            let file = &program.sources.file(module.file).name;
            if !file.starts_with("<stdlib>") {
                gone.insert(module.name.clone());
            }
        }
        program.module_names.retain(|name, _| !gone.contains(name));
        let is_gone = |fqn: &_| gone.iter().any(|module| mentions(fqn, module));
        program.names.retain(|fqn| !is_gone(fqn));
    }

    /// The response to a load: what the module defines.
    fn names(&mut self, module: ModuleId) -> Json {
        let info = self.program.module(module);
        let name = info.name.to_string();
        let is_var = |name: &str| info.globals.contains_key(name);
        let visible = info.members.keys().chain(info.globals.keys());
        let mut seen = FxHashSet::default();
        let names = visible.filter(|name| seen.insert((*name).clone()));
        let names: Vec<Json> = names
            .map(|name| match info.members.get(name) {
                _ if is_var(name) => {
                    let ty = self.program.global(info.globals[name]).ty;
                    let ty = self.program.type_name(ty);
                    json!({"name": **name, "kind": "var", "type": ty, "color": "red"})
                }
                Some(Value::Func(func)) => {
                    let func = self.program.func(*func);
                    let red = self.program.types.as_func(func.ty).map(|ty| ty.color)
                        == Some(FuncColor::Red);
                    json!({
                        "name": **name,
                        "kind": "function",
                        "type": self.program.type_name(func.ty),
                        "color": if red { "red" } else { "blue" },
                        "value": func.fqn.to_string(),
                    })
                }
                Some(value) => {
                    let ty = self.program.type_name(self.program.type_of(value));
                    json!({"name": **name, "kind": "const", "type": ty, "color": "blue"})
                }
                None => json!({"name": **name, "kind": "const"}),
            })
            .collect();
        json!({"module": name, "names": names})
    }
}

/// The error to report of a failed load.
fn first(errors: LoadErrors) -> Failure {
    let first = errors.into_iter().next();
    Box::new(first.unwrap_or_else(|| {
        Diagnostic::new(ErrorKind::InternalError, "a load failed without an error")
    }))
}
