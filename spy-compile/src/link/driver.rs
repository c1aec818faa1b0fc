//! Finding and calling the C compiler's driver, which knows where the system's libraries are.

use std::env;
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
    let driver = DRIVERS
        .into_iter()
        .find_map(find_program)
        .ok_or(LinkError::NoLinker)?;
    let dir = tempfile::tempdir().map_err(|error| file_error(&env::temp_dir(), error))?;
    let mut command = Command::new(driver);
    command.arg("-no-pie").arg("-o").arg(output);
    for (index, object) in objects.iter().enumerate() {
        let path = dir.path().join(format!("{index}.o"));
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
