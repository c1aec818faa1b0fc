//! Suite files: cases, their sources, and what they expect.
//!
//! A file holds cases separated by lines `# --- title`; the first case is named by the first
//! comment. `# file: name.spy` starts another file of the case, or names the main one if no code
//! precedes it. The text of each file keeps its line numbers, so that places in messages can be
//! looked up in the suite file. What comments can expect is described in `notation`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::notation::{Directive, Mark, Position, directives};

/// A program and what it does.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) title: String,
    /// The suite file, as shown in failures.
    pub(crate) path: String,
    /// The line of the title.
    pub(crate) line: usize,
    /// The main file first.
    pub(crate) files: Vec<SourceText>,
    pub(crate) expected: Expected,
    /// Engines that do not run it, with the reasons.
    pub(crate) skipped: Vec<(String, String)>,
}

/// A file of a case.
#[derive(Debug, Default)]
pub(crate) struct SourceText {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What a case does.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// Lines of output.
    pub(crate) output: Vec<String>,
    pub(crate) exit: i32,
    /// The exception that ends it, and where.
    pub(crate) raises: Option<(String, Position)>,
    /// Remarks that stand beside `raises`.
    pub(crate) marks: Vec<Mark>,
    /// The errors of the compiler.
    pub(crate) errors: Vec<ExpectedError>,
}

/// An error of the compiler.
#[derive(Debug)]
pub(crate) struct ExpectedError {
    /// `Kind: message`
    pub(crate) headline: String,
    /// Errors before notes, each in the order of the file.
    pub(crate) marks: Vec<Mark>,
    pub(crate) help: Vec<String>,
    /// Whether the line never runs, so that only compilers see it.
    pub(crate) only_compiled: bool,
}

/// All cases of the files in a directory, by path.
pub(crate) fn load_dir(dir: &Path) -> Vec<Case> {
    files_in(dir, "spy")
        .iter()
        .flat_map(|path| load_file(path))
        .collect()
}

/// The files of a directory with an extension, sorted.
pub(crate) fn files_in(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths
}

fn load_file(path: &Path) -> Vec<Case> {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let shown = path.iter().rev().take(2).collect::<Vec<_>>();
    let shown = shown
        .iter()
        .rev()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/");
    parse(&shown, &text)
}

/// The cases of a suite file.
pub(crate) fn parse(path: &str, text: &str) -> Vec<Case> {
    let lines: Vec<&str> = text.lines().collect();
    let title = |line: &str| line.strip_prefix("# --- ").map(str::to_owned);
    let first = lines
        .iter()
        .find_map(|line| line.strip_prefix("# "))
        .unwrap_or("untitled");
    let mut starts = vec![(0, title(lines[0]).unwrap_or_else(|| first.to_owned()))];
    starts.extend(
        lines
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(i, line)| Some((i, title(line)?))),
    );
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([lines.len()]);
    let ranges: Vec<_> = starts.iter().map(|(start, _)| *start).zip(ends).collect();
    let titles = starts.into_iter().map(|(_, title)| title);
    titles
        .zip(ranges)
        .map(|(title, (from, to))| case(path, title, &lines, from, to))
        .collect()
}

fn case(path: &str, title: String, lines: &[&str], from: usize, to: usize) -> Case {
    let mut builder = Builder {
        case: Case {
            title,
            path: path.to_owned(),
            line: from + 1,
            files: vec![SourceText {
                name: "main.spy".to_owned(),
                text: "\n".repeat(from),
            }],
            expected: Expected::default(),
            skipped: Vec::new(),
        },
        marks: Vec::new(),
        help: Vec::new(),
    };
    let found = directives(&lines[from..to], from).unwrap_or_else(|error| panic!("{path}:{error}"));
    let mut found = found.into_iter().peekable();
    for (index, line) in lines.iter().enumerate().take(to).skip(from) {
        while let Some((_, directive)) = found.next_if(|(at, _)| *at == index + 1) {
            builder.take(directive, index);
        }
        let file = builder.case.files.last_mut().expect("the main file");
        file.text += line;
        file.text.push('\n');
    }
    builder.finish()
}

/// A case whose lines are being read.
struct Builder {
    case: Case,
    /// Marks that wait for the error they belong to.
    marks: Vec<Mark>,
    help: Vec<String>,
}

impl Builder {
    fn take(&mut self, directive: Directive, index: usize) {
        let expected = &mut self.case.expected;
        match directive {
            Directive::Output(text) => expected.output.push(text),
            Directive::Exit(status) => expected.exit = status,
            Directive::Raises(headline, line) => {
                expected.raises = Some((headline, Position { line, column: 0 }));
            }
            Directive::Error {
                headline,
                only_compiled,
            } => {
                let marks = std::mem::take(&mut self.marks);
                let help = std::mem::take(&mut self.help);
                expected.errors.push(ExpectedError {
                    headline,
                    marks,
                    help,
                    only_compiled,
                });
            }
            Directive::Mark(mark) => {
                let file = self.case.files.last().expect("the main file").name.clone();
                self.marks.push(mark.in_file(file));
            }
            Directive::Help(text) => self.help.push(text),
            Directive::Skip(engine, reason) => self.case.skipped.push((engine, reason)),
            Directive::File(name) => self.start_file(name, index),
        }
    }

    fn start_file(&mut self, name: String, index: usize) {
        let files = &mut self.case.files;
        let is_code = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
        if files.len() == 1 && !files[0].text.lines().any(is_code) {
            files[0].name = name;
        } else {
            let text = "\n".repeat(index);
            files.push(SourceText { name, text });
        }
    }

    fn finish(mut self) -> Case {
        let expected = &mut self.case.expected;
        match expected.errors.last_mut() {
            Some(error) => {
                error.marks.append(&mut self.marks);
                error.help.append(&mut self.help);
            }
            None => expected.marks = std::mem::take(&mut self.marks),
        }
        for error in &mut expected.errors {
            error.marks.sort_by_key(|mark| mark.level == "note");
        }
        self.case
    }
}
