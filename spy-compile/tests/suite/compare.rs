//! Differences between what a case expects and what an engine did.

use std::fmt::Write;

use crate::case::{Case, ExpectedError};
use crate::engine::{End, Engine, Report, Run};
use crate::notation::Mark;

/// Runs the cases that the engine does not skip; panics with all differences.
pub(crate) fn check(engine: &dyn Engine, cases: &[Case]) {
    let names = [engine.name(), engine.family()];
    let skips = |(name, _): &(String, String)| names.contains(&name.as_str());
    let runs = |case: &&Case| !case.skipped.iter().any(skips);
    let cases: Vec<&Case> = cases.iter().filter(runs).collect();
    let outcomes = engine.run_all(&cases);
    let mut failures = 0;
    let mut text = String::new();
    for (case, run) in cases.iter().zip(&outcomes) {
        let differences = differences(case, run, engine.compiles());
        if !differences.is_empty() {
            failures += 1;
            let _ = writeln!(text, "\n{}:{}: {}", case.path, case.line, case.title);
            text.extend(differences.iter().map(|line| format!("    {line}\n")));
        }
    }
    let count = cases.len();
    assert!(
        failures == 0,
        "{failures} of {count} cases fail in {}:\n{text}",
        engine.name()
    );
}

/// Lines that start with `-` (expected) or `+` (found); empty if all is as expected.
fn differences(case: &Case, run: &Run, compiles: bool) -> Vec<String> {
    let expected = &case.expected;
    let errors: Vec<&ExpectedError> = expected
        .errors
        .iter()
        .filter(|error| compiles || !error.only_compiled)
        .collect();
    let mut lines = match &run.end {
        End::Rejected(reports) => rejected(&errors, reports),
        End::Raised(report) => match (errors.as_slice(), &expected.raises) {
            ([error], _) if !compiles => against_error(error, report),
            (_, Some((headline, at))) => raised(headline, at.line, &expected.marks, report),
            _ => unexpected(&wanted(case, &errors), &described(report)),
        },
        End::Exit(status) => {
            // Processes keep the low 8 bits.
            let same = (*status ^ expected.exit) & 0xff == 0;
            if errors.is_empty() && expected.raises.is_none() && same {
                Vec::new()
            } else {
                unexpected(&wanted(case, &errors), &format!("exit status {status}"))
            }
        }
        End::Crashed(text) => unexpected(&wanted(case, &errors), &format!("a crash: {text}")),
    };
    if !matches!(run.end, End::Rejected(_)) {
        lines.extend(output_differences(&expected.output, &run.output));
    }
    lines
}

fn unexpected(wanted: &str, found: &str) -> Vec<String> {
    vec![format!("- {wanted}"), format!("+ {found}")]
}

/// The end that a case expects.
fn wanted(case: &Case, errors: &[&ExpectedError]) -> String {
    match (errors.first(), &case.expected.raises) {
        (Some(error), _) => format!("error: {}", error.headline),
        (None, Some((headline, at))) => format!("raises: {headline} (line {})", at.line),
        (None, None) => format!("exit status {}", case.expected.exit),
    }
}

fn described(report: &Report) -> String {
    let mut text = report.headline.clone();
    if let Some(line) = report.line {
        let _ = write!(text, " (line {line})");
    }
    for mark in report.marks.iter().flatten() {
        let _ = write!(text, "\n        {}", shown(mark));
    }
    text
}

fn rejected(errors: &[&ExpectedError], reports: &[Report]) -> Vec<String> {
    let mut lines = Vec::new();
    for index in 0..errors.len().max(reports.len()) {
        match (errors.get(index), reports.get(index)) {
            (Some(error), Some(report)) => lines.extend(against_error(error, report)),
            (Some(error), None) => lines.push(format!("- error: {}", error.headline)),
            (None, Some(report)) => lines.push(format!("+ error: {}", described(report))),
            (None, None) => {}
        }
    }
    lines
}

fn against_error(error: &ExpectedError, report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if error.headline != report.headline {
        lines.push(format!("- error: {}", error.headline));
        lines.push(format!("+ error: {}", report.headline));
    }
    if let Some(marks) = &report.marks {
        lines.extend(mark_differences(&error.marks, marks));
    }
    if !error.help.is_empty() && error.help != report.help {
        lines.extend(error.help.iter().map(|help| format!("- help: {help}")));
        lines.extend(report.help.iter().map(|help| format!("+ help: {help}")));
    }
    lines
}

fn raised(headline: &str, line: usize, marks: &[Mark], report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    // A message may be empty, and the notation has no trailing blanks.
    let found = report.headline.trim_end();
    let same = match headline.strip_suffix('…') {
        Some(start) => found.starts_with(start),
        None => headline.trim_end() == found,
    };
    if !same || report.line.is_some_and(|found| found != line) {
        lines.push(format!("- raises: {headline} (line {line})"));
        lines.push(format!("+ raises: {}", described(report)));
    }
    if let Some(found) = &report.marks
        && !marks.is_empty()
    {
        lines.extend(mark_differences(marks, found));
    }
    lines
}

fn mark_differences(expected: &[Mark], found: &[Mark]) -> Vec<String> {
    if expected == found {
        return Vec::new();
    }
    let expected = expected.iter().map(|mark| format!("- {}", shown(mark)));
    expected
        .chain(found.iter().map(|mark| format!("+ {}", shown(mark))))
        .collect()
}

fn shown(mark: &Mark) -> String {
    let place = match &mark.place {
        Some((file, start, end)) => format!(
            "{file}:{}:{}..{}:{}",
            start.line, start.column, end.line, end.column
        ),
        None => "<builtins>".to_owned(),
    };
    format!("{} at {place}: {}", mark.level, mark.text)
}

/// Expected and found output, from the first line that differs.
fn output_differences(expected: &[String], output: &str) -> Vec<String> {
    let found: Vec<&str> = output.lines().collect();
    let same = expected
        .iter()
        .zip(&found)
        .take_while(|(a, b)| a == b)
        .count();
    if same == expected.len() && same == found.len() {
        return Vec::new();
    }
    const SHOWN: usize = 6;
    let mut lines = vec![format!("output differs at line {}:", same + 1)];
    lines.extend(
        expected[same..]
            .iter()
            .take(SHOWN)
            .map(|line| format!("- {line}")),
    );
    lines.extend(
        found[same..]
            .iter()
            .take(SHOWN)
            .map(|line| format!("+ {line}")),
    );
    lines
}
