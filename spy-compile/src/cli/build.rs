//! `spy build`: executables and shared libraries.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Instant;

use spy_compile::{
    BuildError, BuildOptions, CompileError, LeftOut, build_executable, compile_library,
};
use spy_interp::ProcessHost;
use spy_lang::program::ModuleId;
use spy_lang::redshift::Limits;

use super::arguments::{BuildArguments, OutputKind};
use super::failure::CommandError;
use super::report::{Reporter, Stream, write_message, write_output};
use super::session::{Input, Session};

/// Compiles a program, and runs it if asked to; the exit status.
pub(super) fn build(arguments: &BuildArguments) -> Result<u8, CommandError> {
    if arguments.run && arguments.output_kind == OutputKind::Lib {
        return Err(CommandError::LibraryRun);
    }
    let input = Input::read(&arguments.words[0])?;
    let reporter = Reporter::new(arguments.format.error_format, Stream::Stderr);
    let host = Box::new(ProcessHost::new());
    let mut session = Session::new(host, reporter, &arguments.compile, Limits::default());
    let module = session.load(&input)?;
    session.redshift()?;
    if arguments.output_kind == OutputKind::Lib {
        return library(&mut session, module, &input, arguments);
    }
    let Some(main) = session.main_of(module)? else {
        return Ok(0);
    };
    session.flush()?;
    let output = output_of(arguments, &input)?;
    let (kind, options) = options(arguments);
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

/// Compiles the functions of the main module to a shared library, and writes its header and its
/// manifest beside it; the exit status.
fn library(
    session: &mut Session,
    module: ModuleId,
    input: &Input,
    arguments: &BuildArguments,
) -> Result<u8, CommandError> {
    session.flush()?;
    let name = &input.root.module;
    let (kind, options) = options(arguments);
    let library = match compile_library(&session.program, module, &options) {
        Err(CompileError::Unsupported(diagnostic)) => return session.refuse(&[*diagnostic]),
        result => result.map_err(BuildError::from)?,
    };
    for LeftOut { function, ty } in &library.left_out {
        write_message(&format!(
            "warning: `{function}` is left out, because `{ty}` has no form in C\n"
        ));
    }
    let dir = match &arguments.output {
        Some(dir) => dir.clone(),
        None => build_dir(input),
    };
    let failed = |path: &Path, error| CommandError::File(path.display().to_string(), error);
    fs::create_dir_all(&dir).map_err(|error| failed(&dir, error))?;
    let output = dir.join(format!("lib{name}.so"));
    library.link(&output).map_err(BuildError::from)?;
    let mut made = format!("[{kind}] {}\n", output.display());
    for (name, text) in [
        (format!("{name}.h"), &library.header),
        (format!("{name}.json"), &library.manifest),
    ] {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
        made += &format!("[{kind}] {}\n", path.display());
    }
    write_output(&made)?;
    Ok(0)
}

fn options(arguments: &BuildArguments) -> (&'static str, BuildOptions) {
    if arguments.debug {
        ("debug", BuildOptions::DEBUG)
    } else {
        ("release", BuildOptions::RELEASE)
    }
}

/// The folder `build` beside the source.
fn build_dir(input: &Input) -> PathBuf {
    input.path().parent().unwrap_or(Path::new("")).join("build")
}

/// The executable to make, in a directory that is there: what was asked for, or one in `build`.
fn output_of(arguments: &BuildArguments, input: &Input) -> Result<PathBuf, CommandError> {
    let output = arguments
        .output
        .clone()
        .unwrap_or_else(|| build_dir(input).join(&*input.root.module));
    match output.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => fs::create_dir_all(dir)
            .map_err(|error| CommandError::File(dir.display().to_string(), error))?,
        _ => {}
    }
    Ok(output)
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
