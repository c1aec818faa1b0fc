//! What a session remembers between requests.

use std::path::PathBuf;

use serde_json::Value as Json;
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::import;
use spy_lang::program::{ErrorMode, Failure, GlobalId, ModuleId, Program, Value};
use spy_lang::types::TypeId;

use super::engine::EngineChoice;
use super::exchange::Exchange;
use super::handles::Handles;
use super::load::Mark;
use super::request::{Argument, Name};
use crate::{CaptureHost, Captured, Interp};

/// How a session works.
pub struct SessionOptions {
    /// What runs the program.
    pub engine: EngineChoice,
    /// When static errors appear; the interpreter is always lazy.
    pub errors: ErrorMode,
    /// Directories to search for modules before all others.
    pub path: Vec<PathBuf>,
}

/// A program under way.
pub(super) struct Session {
    pub(super) program: Program,
    pub(super) interp: Interp,
    pub(super) engine: EngineChoice,
    pub(super) errors: ErrorMode,
    /// Directories of `--path`.
    pub(super) path: Vec<PathBuf>,
    /// Directories of files that have been loaded.
    pub(super) file_dirs: Vec<PathBuf>,
    /// What was there before the load that is under way.
    pub(super) loading: Option<Mark>,
    output: Captured,
    handles: Handles,
}

impl Session {
    pub(super) fn new(options: SessionOptions) -> Self {
        let (host, output) = CaptureHost::new();
        Self {
            program: import::new_program(),
            interp: Interp::new(Box::new(host)),
            engine: options.engine,
            errors: options.errors,
            path: options.path,
            file_dirs: Vec::new(),
            loading: None,
            output,
            handles: Handles::default(),
        }
    }

    /// What has been written since the last request.
    pub(super) fn take_output(&mut self) -> String {
        let mut output = self.output.take();
        if let EngineChoice::Native(code) = &mut self.engine {
            output.push_str(&code.take_output());
        }
        output
    }

    /// Makes the session usable again after a panic in the middle of something.
    pub(super) fn recover(&mut self) {
        let waiting = self.output.take();
        let (mut host, output) = CaptureHost::new();
        // A host that captures takes everything.
        let _ = crate::Host::write_stdout(&mut host, &waiting);
        self.output = output;
        self.interp = Interp::new(Box::new(host));
        self.program.redshifting.clear();
        if let Some(mark) = self.loading.take() {
            self.forget(&mark);
        }
    }

    /// Gives compile-time evaluation its full measure again.
    pub(super) fn reset_limits(&mut self) {
        self.program.limits.used_steps = 0;
        self.program.limits.used_depth = 0;
    }

    /// The module with a name, which has been loaded.
    pub(super) fn module(&self, name: &str) -> Result<ModuleId, Failure> {
        let found = self.program.module_names.get(name);
        found.copied().ok_or_else(|| {
            let message = format!("module `{name}` is not loaded");
            Diagnostic::new(ErrorKind::ImportError, message).into()
        })
    }

    /// The variable that a name stands for, if it is one.
    pub(super) fn global(&self, name: &Name) -> Result<Option<GlobalId>, Failure> {
        let module = self.program.module(self.module(&name.module)?);
        Ok(module.globals.get(name.name.as_str()).copied())
    }

    /// What a name of a module stands for at the moment.
    pub(super) fn read(&mut self, name: &Name) -> Result<Value, Failure> {
        if let Some(global) = self.global(name)? {
            return match &mut self.engine {
                EngineChoice::Native(code) => code.load_global(&mut self.program, global),
                EngineChoice::Interp | EngineChoice::Redshift => {
                    Ok(self.program.load_global(global))
                }
            };
        }
        let module = self.program.module(self.module(&name.module)?);
        let member = module.members.get(name.name.as_str()).cloned();
        member.ok_or_else(|| {
            let message = format!("name `{}` is not defined", name.name);
            Diagnostic::new(ErrorKind::NameError, message).into()
        })
    }

    /// What reads and writes values.
    pub(super) fn exchange<R>(&mut self, work: impl FnOnce(Exchange<'_>) -> R) -> R {
        let mut engine = self.engine.calls(&mut self.interp);
        work(Exchange {
            program: &mut self.program,
            engine: &mut engine,
            handles: &mut self.handles,
        })
    }

    /// The JSON form of a value.
    pub(super) fn encode(&mut self, value: &Value) -> Json {
        self.exchange(|mut exchange| exchange.encode(value))
    }

    /// The value of an argument where a value of type `expected` is wanted.
    pub(super) fn decode(
        &mut self,
        argument: &Argument,
        expected: TypeId,
    ) -> Result<Value, Failure> {
        self.exchange(|mut exchange| exchange.decode(argument, expected))
    }
}
