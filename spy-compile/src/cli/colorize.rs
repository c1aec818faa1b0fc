//! `spy colorize`: which expressions of a program the compiler knows.
//!
//! The colors are those that redshift found while it made the residual program. Expressions of
//! blue code are executed rather than redshifted; only the page shows them.

use std::collections::BTreeMap;
use std::fmt::Write;

use spy_interp::CaptureHost;
use spy_lang::program::Program;
use spy_lang::redshift::{Color, ExprFact, Limits, Meaning};
use spy_lang::source::{FileId, Span};

use super::arguments::{ColorFormat, ColorizeArguments, ErrorFormat};
use super::failure::CommandError;
use super::page;
use super::report::{Reporter, Stream, write_output};
use super::session::{Input, Session};

/// An expression of the source.
pub(super) struct Expression {
    pub(super) span: Span,
    pub(super) meaning: Meaning,
    /// Whether it stands in a function that was redshifted.
    is_redshift: bool,
}

/// Redshifts a program and shows the colors of its main module.
pub(super) fn colorize(arguments: &ColorizeArguments) -> Result<u8, CommandError> {
    let input = Input::read(&arguments.file)?;
    let reporter = Reporter::new(ErrorFormat::Text, Stream::Stderr);
    // What compile-time code prints is not part of the result.
    let (host, _) = CaptureHost::with_limit(0);
    let limits = Limits::default();
    let mut session = Session::new(Box::new(host), reporter, &arguments.compile, limits);
    session.program.facts.enabled = true;
    let module = session.load(&input)?;
    session.redshift()?;
    let program = &session.program;
    let file = program.module(module).file;
    let expressions = expressions(program, file);
    match arguments.format {
        ColorFormat::Spy => write_output(&terminal(program, file, &expressions))?,
        ColorFormat::Json => write_output(&json(program, &expressions))?,
        ColorFormat::Html => {
            let page = page::colors(program, module, &expressions);
            let path = page::write(&input, "colorize", &page)?;
            write_output(&format!("Written {}\n", path.display()))?;
        }
    }
    Ok(0)
}

/// The expressions of a file in the order of the text, outer ones before inner ones.
fn expressions(program: &Program, file: FileId) -> Vec<Expression> {
    let mut facts: BTreeMap<(u32, std::cmp::Reverse<u32>), Vec<&ExprFact>> = BTreeMap::new();
    for fact in &program.facts.exprs {
        if fact.span.file == file && fact.span.start < fact.span.end {
            let place = (fact.span.start, std::cmp::Reverse(fact.span.end));
            facts.entry(place).or_default().push(fact);
        }
    }
    let expression = |times: Vec<&ExprFact>| {
        let is_redshift = times.iter().any(|fact| fact.is_redshift);
        let times = times
            .into_iter()
            .filter(|fact| fact.is_redshift == is_redshift);
        let times: Vec<&ExprFact> = times.collect();
        Expression {
            span: times[0].span,
            meaning: program.meaning(&times),
            is_redshift,
        }
    };
    facts.into_values().map(expression).collect()
}

/// The source with colors as backgrounds, the innermost expression's on top.
fn terminal(program: &Program, file: FileId, expressions: &[Expression]) -> String {
    let text = &program.sources.file(file).text;
    let mut colors = vec![None; text.len()];
    for expression in expressions.iter().filter(|each| each.is_redshift) {
        let range = expression.span.start as usize..expression.span.end as usize;
        colors[range].fill(Some(expression.meaning.color));
    }
    let mut shown = String::new();
    let mut current = None;
    for (offset, c) in text.char_indices() {
        let color = colors[offset].filter(|_| c != '\n' && c != '\r');
        if color != current {
            shown.push_str(match color {
                Some(Color::Red) => "\x1b[0m\x1b[30;48;5;174m",
                Some(Color::Blue) => "\x1b[0m\x1b[30;48;5;110m",
                None => "\x1b[0m",
            });
            current = color;
        }
        shown.push(c);
    }
    if current.is_some() {
        shown.push_str("\x1b[0m");
    }
    shown
}

/// The expressions that stand on one line, as JSON.
fn json(program: &Program, expressions: &[Expression]) -> String {
    let mut entries = Vec::new();
    for expression in expressions.iter().filter(|each| each.is_redshift) {
        let start = program.sources.start(expression.span);
        let end = program.sources.end(expression.span);
        if start.line != end.line {
            continue;
        }
        let mut entry = String::new();
        let _ = write!(
            entry,
            "{{\"line\": {}, \"col\": {}, \"length\": {}, \"type\": \"{}\"}}",
            start.line,
            start.column,
            end.column - start.column,
            expression.meaning.color.name()
        );
        entries.push(entry);
    }
    match entries.as_slice() {
        [] => "[]\n".to_owned(),
        entries => format!("[\n  {}\n]\n", entries.join(",\n  ")),
    }
}
