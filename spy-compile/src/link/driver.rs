//! Finding and calling the C compiler's driver, which knows where the system's libraries are.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::runtime;
use crate::error::LinkError;

/// Drivers to look for, best first.
const DRIVERS: [&str; 3] = ["cc", "gcc", "clang"];
/// Linkers that are faster than the system's, by the names that drivers know and of the programs.
const FAST_LINKERS: [(&str, &str); 2] = [("mold", "mold"), ("lld", "ld.lld")];
/// What the runtime's standard library needs.
const LIBRARIES: [&str; 4] = ["-lpthread", "-ldl", "-lm", "-lc"];

/// Links object files, one of which has a C `main`, with the runtime.
pub(crate) fn link(objects: &[&[u8]], output: &Path) -> Result<(), LinkError> {
    let dir = tempfile::tempdir().map_err(|error| file_error(&env::temp_dir(), error))?;
    run_driver(objects, output, dir.path(), &["-no-pie".into()])
}

/// Links an object file with the runtime to a shared library that has these symbols.
pub(crate) fn link_shared(
    object: &[u8],
    symbols: &[String],
    output: &Path,
) -> Result<(), LinkError> {
    let dir = tempfile::tempdir().map_err(|error| file_error(&env::temp_dir(), error))?;
    let script = dir.path().join("symbols");
    let shown: String = symbols.iter().map(|name| format!("\"{name}\"; ")).collect();
    let shown = match symbols {
        [] => String::new(),
        _ => format!("global: {shown}"),
    };
    let text = format!("{{ {shown}local: *; }};\n");
    fs::write(&script, text).map_err(|error| file_error(&script, error))?;
    let mut script_option = OsString::from("-Wl,--version-script=");
    script_option.push(&script);
    let mut options = vec!["-shared".into(), "-Wl,-z,defs".into(), script_option];
    if let Some(name) = output.file_name() {
        let mut name_option = OsString::from("-Wl,-soname,");
        name_option.push(name);
        options.push(name_option);
    }
    run_driver(&[object], output, dir.path(), &options)
}

/// Links object files, which are written to a directory, with the runtime.
fn run_driver(
    objects: &[&[u8]],
    output: &Path,
    dir: &Path,
    options: &[OsString],
) -> Result<(), LinkError> {
    let driver = DRIVERS
        .into_iter()
        .find_map(find_program)
        .ok_or(LinkError::NoLinker)?;
    let mut command = Command::new(driver);
    command.args(options).arg("-o").arg(output);
    for (index, object) in objects.iter().enumerate() {
        let path = dir.join(format!("{index}.o"));
        fs::write(&path, object).map_err(|error| file_error(&path, error))?;
        command.arg(path);
    }
    command.arg(runtime::path()?);
    command.args([
        "-Wl,--gc-sections",
        "-Wl,--build-id=none",
        "-Wl,-z,noexecstack",
        "-s",
    ]);
    let fast = FAST_LINKERS
        .into_iter()
        .find(|(_, program)| find_program(program).is_some());
    if let Some((name, _)) = fast {
        command.arg(format!("-fuse-ld={name}"));
    }
    command.args(LIBRARIES);
    let run = command
        .output()
        .map_err(|error| file_error(Path::new(&DRIVERS[0]), error))?;
    if run.status.success() {
        return Ok(());
    }
    Err(LinkError::Failed(
        String::from_utf8_lossy(&run.stderr).into_owned(),
    ))
}

fn file_error(path: &Path, error: std::io::Error) -> LinkError {
    LinkError::File {
        path: path.to_owned(),
        error,
    }
}

/// The path of a program that the shell would find.
fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}
