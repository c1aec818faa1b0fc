//! `spy build`: executables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Instant;

use spy_compile::{BuildError, BuildOptions, CompileError, build_executable};
use spy_interp::ProcessHost;
use spy_lang::redshift::Limits;

use super::arguments::BuildArguments;
use super::failure::CommandError;
use super::report::{Reporter, Stream, write_message, write_output};
use super::session::{Input, Session};

/// Compiles a program, and runs it if asked to; the exit status.
pub(super) fn build(arguments: &BuildArguments) -> Result<u8, CommandError> {
    let input = Input::read(&arguments.words[0])?;
    let reporter = Reporter::new(arguments.format.error_format, Stream::Stderr);
    let host = Box::new(ProcessHost::new());
    let mut session = Session::new(host, reporter, &arguments.compile, Limits::default());
    let module = session.load(&input)?;
    session.redshift()?;
    let Some(main) = session.main_of(module)? else {
        return Ok(0);
    };
    session.flush()?;
    let output = arguments
        .output
        .clone()
        .unwrap_or_else(|| default_output(&input));
    create_parent(&output)?;
    let (kind, options) = if arguments.debug {
        ("debug", BuildOptions::DEBUG)
    } else {
        ("release", BuildOptions::RELEASE)
    };
    match build_executable(&session.program, main, &output, &options) {
        Err(BuildError::Compile(CompileError::Unsupported(diagnostic))) => {
            return session.refuse(&[*diagnostic]);
        }
        result => result?,
    }
    if arguments.run {
        return run(&output, arguments);
    }
    write_output(&format!("[{kind}] {}\n", output.display()))?;
    Ok(0)
}

/// `build/NAME` beside the source.
fn default_output(input: &Input) -> PathBuf {
    let dir = input.path().parent().unwrap_or(Path::new(""));
    dir.join("build").join(&*input.root.module)
}

fn create_parent(output: &Path) -> Result<(), CommandError> {
    match output.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => fs::create_dir_all(dir)
            .map_err(|error| CommandError::File(dir.display().to_string(), error)),
        _ => Ok(()),
    }
}

/// Runs the executable with the arguments meant for the program; its exit status.
fn run(executable: &Path, arguments: &BuildArguments) -> Result<u8, CommandError> {
    let failed = |error| CommandError::File(executable.display().to_string(), error);
    // A name without a directory would be looked for in PATH.
    let path = fs::canonicalize(executable).map_err(failed)?;
    let start = Instant::now();
    let status = Command::new(path)
        .args(&arguments.words[1..])
        .status()
        .map_err(failed)?;
    if arguments.timeit {
        write_message(&format!(
            "main(): {:.3} seconds\n",
            start.elapsed().as_secs_f64()
        ));
    }
    Ok(exit_status(status))
}

/// The status as shells show it.
fn exit_status(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal as u8;
    }
    status.code().unwrap_or(1) as u8
}
