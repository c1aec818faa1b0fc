//! The engines that run in the process of the tests: interpreter, and redshift before it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use spy_interp::{Budget, CaptureHost, Captured, Interp, Outcome, run_main};
use spy_lang::diagnostics::Diagnostic;
use spy_lang::import::{self, Found, Loader, Root};
use spy_lang::program::{FuncId, ModuleId, Program, find_main};
use spy_lang::redshift::redshift_all;

use crate::case::{Case, SourceText};
use crate::engine::{End, Engine, Report, Run};

/// Most steps of a case.
const STEPS: u64 = 200_000_000;

/// Runs programs as written.
pub(crate) struct Interpreter;

/// Redshifts everything, then runs what is left.
pub(crate) struct Redshift;

impl Engine for Interpreter {
    fn name(&self) -> &'static str {
        "interp"
    }

    fn compiles(&self) -> bool {
        false
    }

    fn run_all(&self, cases: &[&Case]) -> Vec<Run> {
        cases
            .iter()
            .map(|case| guarded(|| Session::new(case).interpret()))
            .collect()
    }
}

impl Engine for Redshift {
    fn name(&self) -> &'static str {
        "redshift"
    }

    fn compiles(&self) -> bool {
        true
    }

    fn run_all(&self, cases: &[&Case]) -> Vec<Run> {
        cases
            .iter()
            .map(|case| guarded(|| Session::new(case).redshift_and_run()))
            .collect()
    }
}

/// The outcome, also of a bug.
pub(crate) fn guarded(run: impl FnOnce() -> Run) -> Run {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let end = End::Crashed(text.unwrap_or_else(|| "panic".to_owned()));
        Run {
            output: String::new(),
            end,
        }
    })
}

/// The files of a case as modules.
struct Files<'c>(&'c [SourceText]);

impl Loader for Files<'_> {
    fn find(&self, module: &str) -> Found {
        let path = module.replace('.', "/");
        let file = |end: &str| {
            let name = format!("{path}{end}");
            self.0.iter().find(|file| file.name == name)
        };
        let folder = format!("{path}/");
        let is_folder = self.0.iter().any(|file| file.name.starts_with(&folder));
        match (file("/__init__.spy").or_else(|| file(".spy")), file(".py")) {
            (Some(file), _) => Found::Source(file.name.as_str().into(), file.text.as_str().into()),
            (None, Some(file)) => Found::Python(file.name.as_str().into()),
            (None, None) if is_folder => Found::Source(path.into(), "".into()),
            (None, None) => Found::Missing,
        }
    }

    fn modules_like(&self, _module: &str) -> Vec<Rc<str>> {
        let names = self
            .0
            .iter()
            .filter_map(|file| file.name.strip_suffix(".spy"));
        names.map(|name| name.replace('/', ".").into()).collect()
    }
}

/// A case being run.
pub(crate) struct Session<'c> {
    case: &'c Case,
    pub(crate) program: Program,
    interp: Interp,
    output: Captured,
}

impl<'c> Session<'c> {
    pub(crate) fn new(case: &'c Case) -> Self {
        let (host, output) = CaptureHost::new();
        let mut interp = Interp::new(Box::new(host));
        interp.set_budget(Budget {
            steps: Some(STEPS),
            cancel: None,
        });
        Self {
            case,
            program: import::new_program(),
            interp,
            output,
        }
    }

    fn interpret(mut self) -> Run {
        let end = match self.load() {
            Ok(module) => self.run(module),
            Err(errors) => self.rejected(&errors),
        };
        self.finish(end)
    }

    fn redshift_and_run(mut self) -> Run {
        let end = match self.compile() {
            Ok(main) => self.run(main),
            Err(errors) => self.rejected(&errors),
        };
        self.finish(end)
    }

    /// Loads and redshifts everything; the main module, or the errors.
    pub(crate) fn compile(&mut self) -> Result<ModuleId, Vec<Diagnostic>> {
        let module = self.load()?;
        match redshift_all(&mut self.program, &mut self.interp, true).first() {
            Some(error) => Err(vec![self.program.errors[error.0 as usize].clone()]),
            None => Ok(module),
        }
    }

    fn load(&mut self) -> Result<ModuleId, Vec<Diagnostic>> {
        let main = &self.case.files[0];
        let root = Root::from_path(&main.name, main.text.as_str());
        import::load(
            &mut self.program,
            &mut self.interp,
            &Files(&self.case.files),
            root,
        )
    }

    /// The function to start with.
    pub(crate) fn main_of(&self, module: ModuleId) -> Result<FuncId, Vec<Diagnostic>> {
        match find_main(&self.program, module) {
            Ok(main) => Ok(main.expect("cases have a function `main`")),
            Err(failure) => Err(vec![*failure]),
        }
    }

    fn run(&mut self, module: ModuleId) -> End {
        let main = match self.main_of(module) {
            Ok(main) => main,
            Err(errors) => return self.rejected(&errors),
        };
        match run_main(&mut self.program, &mut self.interp, main) {
            Outcome::Exit(status) => End::Exit(status),
            Outcome::Failed(failure) => End::Raised(Report::new(&failure, &self.program.sources)),
            Outcome::OutputClosed => End::Crashed("nobody reads the output".to_owned()),
        }
    }

    fn rejected(&self, errors: &[Diagnostic]) -> End {
        let report = |error| Report::new(error, &self.program.sources);
        End::Rejected(errors.iter().map(report).collect())
    }

    /// The outcome of a program that the compiler refuses.
    pub(crate) fn finish_rejected(self, errors: &[Diagnostic]) -> Run {
        let end = self.rejected(errors);
        self.finish(end)
    }

    pub(crate) fn finish(self, end: End) -> Run {
        Run {
            output: self.output.take(),
            end,
        }
    }
}
