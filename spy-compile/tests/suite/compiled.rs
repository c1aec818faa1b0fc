//! The native engine: cases compiled to objects, linked into one program, run as processes.
//!
//! What the compiler refuses has been checked with redshift, with which it shares the front end.
//!
//! The variable `SPY_SUITE_RUNNER` names a command that runs the programs, with its arguments. All
//! accesses to memory are checked by
//!
//! ```sh
//! SPY_SUITE_RUNNER="valgrind -q --error-exitcode=99" \
//!     cargo test -p spy-compile --test suite -- native::memory native::structs native_debug::memory
//! ```

use std::collections::VecDeque;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use spy_compile::{BuildOptions, CompileError, Entry, compile_object, link_test_runner};

use crate::case::Case;
use crate::engine::{End, Engine, Report, Run};
use crate::in_process::{Session, guarded};

/// Compiles programs and runs the executable.
pub(crate) struct Native(BuildOptions);

/// Fast programs.
pub(crate) static RELEASE: Native = Native(BuildOptions::RELEASE);
/// Fast compilation.
pub(crate) static DEBUG: Native = Native(BuildOptions::DEBUG);

/// How long a case may run.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a case may run under the command of `SPY_SUITE_RUNNER`.
const RUNNER_TIMEOUT: Duration = Duration::from_secs(600);
/// How many cases run at a time.
const PROCESSES: usize = 4;

impl Engine for Native {
    fn name(&self) -> &'static str {
        if self.0.checked {
            "native_debug"
        } else {
            "native_release"
        }
    }

    fn family(&self) -> &'static str {
        "native"
    }

    fn compiles(&self) -> bool {
        true
    }

    fn run_all(&self, cases: &[&Case]) -> Vec<Run> {
        let mut objects = Vec::new();
        let mut runs: Vec<Option<Run>> = Vec::new();
        let mut jobs = VecDeque::new();
        for (index, case) in cases.iter().enumerate() {
            match compile(case, index, &self.0) {
                Ok((object, output)) => {
                    jobs.push_back((index, objects.len(), output));
                    objects.push(object);
                    runs.push(None);
                }
                Err(run) => runs.push(Some(run)),
            }
        }
        // A single program takes no index.
        let alone = objects.len() == 1;
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("cases");
        if !objects.is_empty() {
            link_test_runner(&objects, &program).unwrap_or_else(|error| panic!("{error}"));
        }
        let (jobs, finished) = (Mutex::new(jobs), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for _ in 0..PROCESSES {
                scope.spawn(|| {
                    while let Some((index, entry, output)) = jobs.lock().unwrap().pop_front() {
                        let argument = (!alone).then_some(entry);
                        let run = execute(&program, argument, output);
                        finished.lock().unwrap().push((index, run));
                    }
                });
            }
        });
        for (index, run) in finished.into_inner().unwrap() {
            runs[index] = Some(run);
        }
        runs.into_iter()
            .map(|run| run.expect("every case has run"))
            .collect()
    }
}

/// The object of a case with its entry symbol, and what it printed while compiling.
fn compile(
    case: &Case,
    index: usize,
    options: &BuildOptions,
) -> Result<((String, Vec<u8>), String), Run> {
    let mut compiled = None;
    let run = guarded(|| {
        let mut session = Session::new(case);
        let main = match session.compile().and_then(|module| session.main_of(module)) {
            Ok(main) => main,
            Err(errors) => return session.finish_rejected(&errors),
        };
        let symbol = format!("case_{index}");
        let end = match compile_object(&session.program, Entry::named(main, &symbol), options) {
            Ok(object) => {
                compiled = Some((symbol, object));
                End::Exit(0)
            }
            Err(CompileError::Unsupported(diagnostic)) => {
                return session.finish_rejected(&[*diagnostic]);
            }
            Err(error) => End::Crashed(error.to_string()),
        };
        session.finish(end)
    });
    match compiled {
        Some(object) => Ok((object, run.output)),
        None => Err(run),
    }
}

/// Runs a case; `output` is what it printed while compiling.
fn execute(program: &Path, entry: Option<usize>, output: String) -> Run {
    let child = command(program)
        .args(entry.map(|entry| entry.to_string()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (status, stdout, stderr) = wait(child);
    let end = match status {
        None => End::Crashed("it runs too long".to_owned()),
        Some(1) if !stderr.is_empty() => End::Raised(report(&stderr)),
        Some(status) if stderr.is_empty() => End::Exit(status),
        Some(status) => End::Crashed(format!("status {status}: {stderr}")),
    };
    Run {
        output: output + &stdout,
        end,
    }
}

/// The command given to run programs with; empty if there is none.
fn runner() -> String {
    std::env::var("SPY_SUITE_RUNNER").unwrap_or_default()
}

/// The command that runs a program.
fn command(program: &Path) -> Command {
    let runner = runner();
    let mut words = runner.split_whitespace();
    let Some(first) = words.next() else {
        return Command::new(program);
    };
    let mut command = Command::new(first);
    command.args(words).arg(program);
    command
}

/// Exit status (`None` if it had to be stopped), output and messages of a process.
fn wait(mut child: Child) -> (Option<i32>, String, String) {
    let read = |stream: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            stream.map(|mut stream| stream.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = read(child.stdout.take().map(|stream| Box::new(stream) as _));
    let stderr = read(child.stderr.take().map(|stream| Box::new(stream) as _));
    let timeout = if runner().is_empty() {
        TIMEOUT
    } else {
        RUNNER_TIMEOUT
    };
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    let status = loop {
        match child.try_wait().unwrap() {
            // A signal counts as a status that nobody expects.
            Some(status) => break Some(status.code().unwrap_or(-1)),
            None if start.elapsed() > timeout => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            None => thread::sleep(pause),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    (status, stdout.join().unwrap(), stderr.join().unwrap())
}

/// What the message of an uncaught exception says.
fn report(stderr: &str) -> Report {
    let in_case = |line: &&str| line.starts_with("  * ") && !line.contains(" at <");
    let frame = stderr.lines().rev().find(in_case);
    let line = frame.and_then(|frame| frame.rsplit_once(':')?.1.parse().ok());
    let headline = stderr.lines().last().unwrap_or_default().to_owned();
    Report {
        headline,
        marks: None,
        help: Vec::new(),
        line,
    }
}
