//! The programs in `examples/`, whose output stands beside them, on every engine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::case::{Case, Expected, SourceText, files_in};
use crate::compare;
use crate::engine::Engine;
use crate::{compiled, in_process};

fn examples_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// The programs of a directory: files with an `.out` beside them. All files are importable.
fn cases(dir: &Path) -> Vec<Case> {
    let outputs = files_in(dir, "out");
    assert!(!outputs.is_empty(), "{} has no examples", dir.display());
    outputs.iter().map(|output| case(dir, output)).collect()
}

fn case(dir: &Path, output: &Path) -> Case {
    let text = fs::read_to_string(output).unwrap();
    let main = output.with_extension("spy");
    let others = files_in(dir, "spy")
        .into_iter()
        .filter(|path| *path != main);
    let source = |path: PathBuf| SourceText {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    Case {
        title: "example".to_owned(),
        path: main.display().to_string(),
        line: 1,
        files: [main.clone()]
            .into_iter()
            .chain(others)
            .map(source)
            .collect(),
        expected: Expected {
            output: text.lines().map(str::to_owned).collect(),
            ..Expected::default()
        },
        skipped: Vec::new(),
    }
}

fn check(engine: &'static dyn Engine) {
    spy_interp::on_big_stack(move || {
        let dirs = ["", "tour", "metaprogramming"].map(|name| examples_dir().join(name));
        for dir in dirs {
            compare::check(engine, &cases(&dir));
        }
    });
}

#[test]
fn examples_run_in_the_interpreter() {
    check(&in_process::Interpreter);
}

#[test]
fn examples_run_redshifted() {
    check(&in_process::Redshift);
}

#[test]
fn examples_run_natively() {
    check(&compiled::RELEASE);
}

/// Runs a program with Python; `None` if there is no Python here.
fn output_of_python(program: &Path) -> Option<String> {
    let text = fs::read_to_string(program).unwrap();
    let done = Command::new("python3")
        .args([
            "-c",
            &format!("i32 = int\nf64 = float\n\n{text}\n\nmain()\n"),
        ])
        .output()
        .ok()?;
    assert!(done.status.success(), "{}", program.display());
    Some(String::from_utf8(done.stdout).unwrap())
}

#[test]
fn examples_mean_the_same_in_python() {
    for output in files_in(&examples_dir(), "out") {
        let program = output.with_extension("spy");
        if fs::read_to_string(&program).unwrap().contains("@blue") {
            continue;
        }
        if let Some(printed) = output_of_python(&program) {
            let expected = fs::read_to_string(&output).unwrap();
            assert_eq!(printed, expected, "{}", program.display());
        }
    }
}
