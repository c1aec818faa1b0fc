//! Running the `spy` command in tests.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The `spy` of this build.
pub(crate) fn spy(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spy"));
    command.current_dir(dir);
    command
}

/// Runs `spy` in a directory.
pub(crate) fn run(dir: &Path, arguments: &[&str]) -> Done {
    done(
        spy(dir)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap(),
    )
}

/// Runs `spy` with a text on standard input.
pub(crate) fn run_with_input(dir: &Path, arguments: &[&str], input: &str) -> Done {
    let mut child = spy(dir)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    done(child.wait_with_output().unwrap())
}

fn done(output: Output) -> Done {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Done {
        status: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}
