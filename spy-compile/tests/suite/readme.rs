//! The README keeps its word: its programs run, its commands work, and what it shows is what is
//! printed.
//!
//! A block ```` ```python NAME ```` is a file, in a ```` ```console ```` block lines `$ spy …` are commands
//! with their output below, and in a ```` ```sh ```` block what follows `cargo run` is run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case;
use crate::command::run;
use crate::compare;
use crate::in_process::Redshift;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Info string and text of the code blocks of the README.
fn blocks() -> Vec<(String, String)> {
    let text = fs::read_to_string(repository().join("README.md")).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => blocks.extend(open.take()),
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some((_, text)), _) => text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn commands_print_what_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let mut commands = 0;
    for (info, text) in blocks() {
        if let Some(name) = info.strip_prefix("python ") {
            fs::write(dir.path().join(name), text).unwrap();
        } else if info == "console" {
            for example in text.split("$ spy ").skip(1) {
                let (arguments, expected) = example.split_once('\n').unwrap();
                let words: Vec<&str> = arguments.split(' ').collect();
                let done = run(dir.path(), &words);
                assert_eq!(done.stdout + &done.stderr, expected, "spy {arguments}");
                commands += 1;
            }
        }
    }
    assert!(commands > 3);
}

#[test]
fn cargo_commands_work() {
    let dir = tempfile::tempdir().unwrap();
    let examples = dir.path().join("examples");
    fs::create_dir(&examples).unwrap();
    let source = repository().join("examples");
    for path in case::files_in(&source, "spy") {
        fs::copy(&path, examples.join(path.file_name().unwrap())).unwrap();
    }
    let expected = fs::read_to_string(source.join("mandelbrot.out")).unwrap();
    let mut commands = 0;
    for (_, text) in blocks().iter().filter(|(info, _)| info == "sh") {
        for command in text.lines().flat_map(|line| line.split(" && ")) {
            match command.strip_prefix("cargo run --release -- ") {
                Some(arguments) => {
                    let words: Vec<&str> = arguments.split(' ').collect();
                    let done = run(dir.path(), &words);
                    assert_eq!((done.status, done.stdout), (Some(0), expected.clone()));
                }
                None => assert_eq!(command, "cargo test --workspace"),
            }
            commands += 1;
        }
    }
    assert_eq!(commands, 3);
}

#[test]
fn suite_cases_are_right() {
    let shown = blocks().into_iter().filter(|(info, _)| info == "python");
    let cases: Vec<_> = shown
        .flat_map(|(_, text)| case::parse("README.md", &text))
        .collect();
    assert_eq!(cases.len(), 2);
    compare::check(&Redshift, &cases);
}
