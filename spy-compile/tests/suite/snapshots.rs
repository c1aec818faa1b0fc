//! What people read: output of the tools on the programs in `snapshots/`, compared with the `.snap`
//! files beside them.
//!
//! `INSTA_UPDATE=always cargo test` rewrites them; read the difference before committing it.

use std::path::{Path, PathBuf};

use crate::case::files_in;
use crate::command::run;

fn snapshots_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/snapshots")
}

/// Compares a text with the snapshot `name` in a directory.
fn compare(dir: &Path, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(dir);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Runs `spy ARGUMENTS FILE` on each program in `snapshots/DIR`.
fn check(dir: &str, arguments: &[&str]) {
    let dir = snapshots_dir().join(dir);
    for path in files_in(&dir, "spy") {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let arguments: Vec<&str> = arguments.iter().copied().chain([file.as_str()]).collect();
        let done = run(&dir, &arguments);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let name = match arguments.as_slice() {
            [_, option, _] => name + &option.replace("--", "."),
            _ => name,
        };
        compare(&dir, &name, &(done.stdout + &done.stderr));
    }
}

#[test]
fn diagnostics() {
    check("diagnostics", &["check"]);
}

#[test]
fn tracebacks() {
    check("tracebacks", &["run"]);
}

#[test]
fn redshift() {
    check("redshift", &["redshift"]);
}

#[test]
fn redshift_with_full_names() {
    check("redshift", &["redshift", "--full-fqn"]);
}

#[test]
fn symbol_tables() {
    check("symtable", &["symtable"]);
}

#[test]
fn syntax_trees() {
    check("parse", &["parse"]);
}

#[test]
fn help() {
    let dir = snapshots_dir().join("help");
    for command in [
        "", "run", "redshift", "build", "check", "colorize", "parse", "symtable",
    ] {
        let arguments: Vec<&str> = [command, "--help"]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        let name = if command.is_empty() { "spy" } else { command };
        compare(&dir, name, &run(&snapshots_dir(), &arguments).stdout);
    }
}
