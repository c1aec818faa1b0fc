//! A program in the hands of a command: read, loaded, redshifted, run.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use spy_interp::{DirLoader, Host, Interp, Outcome, ReadError, read_source, run_main};
use spy_lang::diagnostics::Diagnostic;
use spy_lang::import::{self, Root};
use spy_lang::ir::ErrorId;
use spy_lang::program::{Failure, FuncId, ModuleId, Program, find_main, start_function};
use spy_lang::redshift::Limits;

use super::arguments::{CompileArguments, ErrorMode};
use super::failure::CommandError;
use super::report::{Reporter, write_message, write_output};

/// A main module as it was given on the command line.
#[derive(Clone, Debug)]
pub(super) struct Input {
    /// The file, for modules to be found beside it.
    path: PathBuf,
    /// What to call it, and its text.
    pub(super) root: Root,
}

impl Input {
    /// Reads the file of this name, or standard input for `-`.
    pub(super) fn read(file: &OsStr) -> Result<Self, CommandError> {
        let shown = file.to_string_lossy();
        if file == "-" {
            let text = read_stdin().map_err(|error| CommandError::Read(shown.into(), error))?;
            return Ok(Self::unnamed("<stdin>", text));
        }
        let path = Path::new(file);
        if path.extension().is_some_and(|extension| extension == "py") {
            return Err(CommandError::Python(shown.into()));
        }
        let text =
            read_source(path).map_err(|error| CommandError::Read(shown.clone().into(), error))?;
        Ok(Self {
            path: path.to_owned(),
            root: Root::from_path(&shown, text),
        })
    }

    /// A program without a file.
    pub(super) fn unnamed(shown: &str, text: String) -> Self {
        let root = Root {
            module: "__main__".into(),
            file_name: shown.into(),
            text: text.into(),
        };
        Self {
            path: PathBuf::new(),
            root,
        }
    }

    /// Where it was read from; empty for a program without a file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn read_stdin() -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(ReadError::System)?;
    String::from_utf8(bytes).map_err(|error| ReadError::Encoding(error.utf8_error().valid_up_to()))
}

/// A program, its interpreter, and the way to show what is wrong with it.
pub(super) struct Session {
    pub(super) program: Program,
    pub(super) interp: Interp,
    reporter: Reporter,
    error_mode: ErrorMode,
}

impl Session {
    /// An empty program; its code has effects on `host`.
    pub(super) fn new(
        host: Box<dyn Host>,
        reporter: Reporter,
        options: &CompileArguments,
        limits: Limits,
    ) -> Self {
        let mut program = import::new_program();
        let megabytes = options.max_memory.map(|size| size.saturating_mul(1 << 20));
        program.limits = Limits {
            depth: options.max_depth.unwrap_or(limits.depth),
            steps: options.max_steps.unwrap_or(limits.steps),
            functions: options.max_functions.unwrap_or(limits.functions),
            memory_bytes: megabytes.unwrap_or(limits.memory_bytes),
            ..limits
        };
        program.heap.limit_bytes = program.limits.memory_bytes;
        let interp = Interp::new(host);
        Self {
            program,
            interp,
            reporter,
            error_mode: options.error_mode,
        }
    }

    /// Loads the main module and what it imports.
    pub(super) fn load(&mut self, input: &Input) -> Result<ModuleId, CommandError> {
        self.try_load(input).or_else(|errors| self.refuse(&errors))
    }

    /// Loads the main module and what it imports, or gives the errors.
    pub(super) fn try_load(&mut self, input: &Input) -> Result<ModuleId, Vec<Diagnostic>> {
        let loader = DirLoader::beside(input.path());
        import::load(
            &mut self.program,
            &mut self.interp,
            &loader,
            input.root.clone(),
        )
    }

    /// Loads as much of the main module and what it imports as its errors allow.
    pub(super) fn load_partially(&mut self, input: &Input) -> import::Partial {
        let loader = DirLoader::beside(input.path());
        let (program, interp) = (&mut self.program, &mut self.interp);
        import::load_partially(program, interp, &loader, input.root.clone())
    }

    /// The function to start with; `None`, with a message, if there is none.
    pub(super) fn main_of(&mut self, module: ModuleId) -> Result<Option<FuncId>, CommandError> {
        match find_main(&self.program, module) {
            Ok(Some(main)) => match self.start_of(main) {
                Ok(start) => Ok(Some(start)),
                Err(failure) => self.refuse(&[*failure]),
            },
            Ok(None) => {
                self.flush()?;
                write_output("Cannot find function main()\n")?;
                Ok(None)
            }
            Err(failure) => self.refuse(&[*failure]),
        }
    }

    /// The function that starts the program, redshifted if `main` is.
    fn start_of(&mut self, main: FuncId) -> Result<FuncId, Failure> {
        let start = start_function(&mut self.program, &mut self.interp, main)?;
        if start != main && self.program.ir.contains_key(&main) {
            spy_lang::redshift::redshift_all(&mut self.program, &mut self.interp, true);
        }
        Ok(start)
    }

    /// Says what the program was started with: its own name, then its arguments.
    pub(super) fn set_args<'a>(&mut self, words: impl IntoIterator<Item = &'a OsString>) {
        let words = words.into_iter();
        self.program.args = words.map(|word| word.to_string_lossy().into()).collect();
    }

    /// Redshifts all functions and deals with errors as the mode says.
    pub(super) fn redshift(&mut self) -> Result<(), CommandError> {
        let eager = self.error_mode == ErrorMode::Eager;
        let errors = spy_lang::redshift::redshift_all(&mut self.program, &mut self.interp, eager);
        let index = |id: &ErrorId| id.0 as usize;
        let stops = |id: &&ErrorId| eager || !self.program.errors[index(id)].is_static();
        if let Some(id) = errors.iter().find(stops) {
            let diagnostic = self.program.errors[index(id)].clone();
            return self.refuse(&[diagnostic]);
        }
        for id in errors.iter().map(index) {
            if self.error_mode == ErrorMode::Warn {
                self.reporter
                    .warn(&self.program.errors[id], &self.program.sources)?;
            }
            postpone(&mut self.program.errors[id]);
        }
        Ok(())
    }

    /// Runs `main`; the exit status.
    pub(super) fn run(&mut self, main: FuncId, timeit: bool) -> Result<u8, CommandError> {
        let start = Instant::now();
        let outcome = run_main(&mut self.program, &mut self.interp, main);
        if timeit {
            write_message(&format!(
                "main(): {:.3} seconds\n",
                start.elapsed().as_secs_f64()
            ));
        }
        match outcome {
            // Operating systems keep the low 8 bits.
            Outcome::Exit(status) => Ok(status as u8),
            Outcome::Failed(failure) => self.refuse(&[*failure]),
            Outcome::OutputClosed => Err(CommandError::OutputClosed),
        }
    }

    /// Reports why the command ends.
    pub(super) fn refuse<T>(&mut self, errors: &[Diagnostic]) -> Result<T, CommandError> {
        self.flush()?;
        self.reporter.report(errors, &self.program.sources)?;
        Err(CommandError::Program)
    }

    /// Passes on what compile-time code has written, so that it stands before what follows.
    pub(super) fn flush(&mut self) -> Result<(), CommandError> {
        use spy_interp::HostError;
        match self.interp.host().flush_stdout() {
            Ok(()) | Err(HostError::Refused(_)) => Ok(()),
            Err(HostError::OutputClosed) => Err(CommandError::OutputClosed),
            Err(HostError::System(error)) => Err(CommandError::Write(error)),
        }
    }
}

/// Leaves of a static error what is raised when its line runs.
fn postpone(diagnostic: &mut Diagnostic) {
    diagnostic.annotations.clear();
    diagnostic.help.clear();
    diagnostic.traceback.clear();
}
