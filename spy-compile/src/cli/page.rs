//! Pages for browsers: the source in its colors, and the program that is left of it. A page is one
//! file that needs nothing else.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use spy_lang::ir::print::{self, Names};
use spy_lang::program::{ModuleId, Program};
use spy_lang::source::SourceFile;

use super::colorize::Expression;
use super::failure::CommandError;
use super::session::Input;

const TEMPLATE: &str = include_str!("page.html");

/// The source of a module in its colors beside the program that is left of it.
pub(super) fn colors(program: &Program, module: ModuleId, expressions: &[Expression]) -> String {
    let info = program.module(module);
    let file = program.sources.file(info.file);
    let residual = print::module(program, module, Names::Short);
    let legend = "<span class=\"blue\">known to the compiler</span> \
                  <span class=\"red\">left for run time</span>";
    let panes = [
        pane("Source", &source(file, expressions)),
        pane("Redshifted", &plain(&residual)),
    ];
    page(&file.name, legend, &panes.concat())
}

/// The program that is left of a module.
pub(super) fn residual(program: &Program, module: ModuleId, names: Names) -> String {
    let name = &program.sources.file(program.module(module).file).name;
    let residual = print::module(program, module, names);
    page(name, "", &pane("Redshifted", &plain(&residual)))
}

/// Writes a page to the directory `build` beside the program; where it is.
pub(super) fn write(input: &Input, kind: &str, page: &str) -> Result<PathBuf, CommandError> {
    let dir = input.path().parent().unwrap_or(Path::new("")).join("build");
    let stem = input.path().file_stem().unwrap_or(OsStr::new("program"));
    let path = dir.join(format!("{}_{kind}.html", stem.to_string_lossy()));
    fs::create_dir_all(&dir)
        .and_then(|()| fs::write(&path, page))
        .map_err(|error| CommandError::File(path.display().to_string(), error))?;
    Ok(path)
}

fn page(title: &str, legend: &str, panes: &str) -> String {
    TEMPLATE
        .replace("{TITLE}", &escaped(title))
        .replace("{LEGEND}", legend)
        .replace("{PANES}", panes)
}

fn pane(title: &str, lines: &str) -> String {
    format!("<section>\n<h2>{title}</h2>\n<pre>{lines}</pre>\n</section>\n")
}

fn plain(text: &str) -> String {
    let lines = text.lines().map(|line| row(&escaped(line)));
    lines.collect()
}

fn row(content: &str) -> String {
    format!("<span class=\"row\">{content}\n</span>")
}

/// The lines of the source, each expression in an element that says what is known of it.
fn source(file: &SourceFile, expressions: &[Expression]) -> String {
    let mut rows = String::new();
    let mut start = 0;
    for number in 1..=file.line_count() {
        let text = file.line_text(number);
        let whole = file.text[start..].len();
        // A text that ends in a line end has nothing on its last line.
        if number > 1 && whole == 0 {
            break;
        }
        rows.push_str(&row(&colored(text, start, expressions)));
        let rest = &file.text[start + text.len()..];
        start += text.len() + line_end(rest);
    }
    rows
}

fn line_end(rest: &str) -> usize {
    match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [_, ..] => 1,
        [] => 0,
    }
}

/// A line that starts at an offset of the file. Expressions go on from line to line.
fn colored(line: &str, offset: usize, expressions: &[Expression]) -> String {
    let indent = line.len() - line.trim_start().len();
    let (first, last) = (offset + indent, offset + line.trim_end().len());
    let mut html = String::new();
    let mut done = offset;
    let mut open: Vec<usize> = Vec::new();
    let mut close_until = |html: &mut String, open: &mut Vec<usize>, place: usize| {
        while let Some(end) = open.last().copied().filter(|end| *end <= place) {
            html.push_str(&escaped(&line[done - offset..end - offset]));
            html.push_str("</span>");
            done = end;
            open.pop();
        }
        html.push_str(&escaped(&line[done - offset..place - offset]));
        done = place;
    };
    for expression in expressions {
        let start = (expression.span.start as usize).max(first);
        let end = (expression.span.end as usize).min(last);
        if start >= end {
            continue;
        }
        close_until(&mut html, &mut open, start);
        let end = end.min(open.last().copied().unwrap_or(end));
        html.push_str(&opening(expression));
        open.push(end);
    }
    close_until(&mut html, &mut open, offset + line.len());
    html
}

fn opening(expression: &Expression) -> String {
    let meaning = &expression.meaning;
    let color = meaning.color.name();
    let mut about = meaning.ty.clone();
    if let Some(value) = &meaning.value {
        let _ = write!(about, " = {value}");
    }
    format!("<span class=\"{color}\" title=\"{}\">", escaped(&about))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '{' => escaped.push_str("&#123;"),
            c => escaped.push(c),
        }
    }
    escaped
}
