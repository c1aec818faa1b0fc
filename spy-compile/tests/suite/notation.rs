//! What comments of a suite file expect.
//!
//! | comment | expectation |
//! |---|---|
//! | `# out: TEXT` | the next line of output |
//! | `# exit: N` | the exit status |
//! | `# raises: Kind: message` | the exception that ends the program, raised on this line; a message that ends in `…` is only the start |
//! | `# error: Kind: message` | an error of the compiler; the interpreter meets it at run time |
//! | `# error(compiled): Kind: message` | the same on a line that never runs |
//! | `#    ^^^^ error: text` | a remark on the code right above: these columns exactly |
//! | `#    ^^^>+2:8 note: text` | a place that ends 2 lines further down, before column 8 |
//! | `#    \| error: text` | an empty place |
//! | `#<^^^ note: text` | a place that starts in the first column |
//! | `# <builtins> note: text` | a remark on something without source |
//! | `# help: text` | a way out |
//! | `# skip(ENGINE): reason` | ENGINE (`interp`, `redshift`, `native`, or of the last only `native_debug` or `native_release`) does not run the case |
//! | `# file: name.spy` | the next file of the case |
//!
//! `{line-2}` stands for the number of the line two above the comment.
//!
//! Remarks belong to the next error below them, or to the last one. Their order is: errors, then
//! notes, each as in the file. Expectations also stand at the end of code lines.

/// A line, 1-based, and a column in code points, 0-based.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A remark of an error message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mark {
    /// `error` or `note`.
    pub(crate) level: String,
    pub(crate) text: String,
    /// File, start and end; `None` for what has no source.
    pub(crate) place: Option<(String, Position, Position)>,
}

impl Mark {
    pub(crate) fn in_file(mut self, file: String) -> Self {
        if let Some(place) = &mut self.place {
            place.0 = file;
        }
        self
    }
}

/// An expectation.
#[derive(Debug)]
pub(crate) enum Directive {
    Output(String),
    Exit(i32),
    Raises(String, usize),
    Error {
        headline: String,
        only_compiled: bool,
    },
    Mark(Mark),
    Help(String),
    Skip(String, String),
    File(String),
}

/// The expectations of some lines, each with its line number; `first` lines precede them.
pub(crate) fn directives(lines: &[&str], first: usize) -> Result<Vec<(usize, Directive)>, String> {
    let mut scanner = Scanner { quote: None };
    let mut code_line = first + 1;
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let number = first + index + 1;
        let comment = scanner.comment(line);
        let code = comment.map_or(*line, |start| &line[..start]);
        if !code.trim().is_empty() {
            code_line = number;
        }
        let Some(start) = comment else { continue };
        let column = line[..start].chars().count();
        let comment = with_line_numbers(&line[start + 1..], number)?;
        let directive =
            directive(&comment, column, code_line).map_err(|error| format!("{number}: {error}"))?;
        found.extend(directive.map(|directive| (number, directive)));
    }
    Ok(found)
}

/// The text of a comment in line `number`, with each `{line-N}` replaced.
fn with_line_numbers(comment: &str, number: usize) -> Result<String, String> {
    let mut parts = comment.split("{line-");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (above, rest) = part.split_once('}').ok_or("`}` expected")?;
        let above: usize = above.parse().map_err(|_| format!("{number}: no number"))?;
        text += &(number - above).to_string();
        text += rest;
    }
    Ok(text)
}

/// The expectation in a comment whose `#` stands in `column`, if it is one.
fn directive(comment: &str, column: usize, line: usize) -> Result<Option<Directive>, String> {
    if let Some(mark) = mark(comment, column, line)? {
        return Ok(Some(Directive::Mark(mark)));
    }
    let comment = comment.strip_prefix(' ').unwrap_or(comment);
    let Some((name, text)) = comment.split_once(':') else {
        return Ok(None);
    };
    let (name, argument) = match name.split_once('(') {
        Some((name, rest)) => (name, rest.strip_suffix(')')),
        None => (name, None),
    };
    let text = text.strip_prefix(' ').unwrap_or(text).to_owned();
    let directive = match (name, argument) {
        ("out", None) => Directive::Output(text),
        ("exit", None) => Directive::Exit(text.parse().map_err(|_| "no exit status".to_owned())?),
        ("raises", None) => Directive::Raises(text, line),
        ("error", None) => Directive::Error {
            headline: text,
            only_compiled: false,
        },
        ("error", Some("compiled")) => Directive::Error {
            headline: text,
            only_compiled: true,
        },
        ("help", None) => Directive::Help(text),
        ("skip", Some(engine)) => Directive::Skip(engine.to_owned(), text),
        ("file", None) => Directive::File(text),
        ("out" | "exit" | "raises" | "error" | "help" | "skip" | "file", _) => {
            return Err(format!("unknown expectation `{comment}`"));
        }
        _ => return Ok(None),
    };
    Ok(Some(directive))
}

/// A remark: marks under code, then level and text.
fn mark(comment: &str, column: usize, line: usize) -> Result<Option<Mark>, String> {
    if let Some(rest) = comment.strip_prefix(" <builtins> ") {
        let (level, text) = remark(rest)?;
        return Ok(Some(Mark {
            level,
            text,
            place: None,
        }));
    }
    let trimmed = comment.trim_start_matches(' ');
    let at_start = comment.starts_with("<^");
    if !at_start && !trimmed.starts_with(['^', '|']) {
        return Ok(None);
    }
    let indent = comment.len() - trimmed.len();
    let start = if at_start { 0 } else { column + 1 + indent };
    let marks = trimmed.trim_start_matches(['<', '^']);
    let width = trimmed.len() - marks.len() + usize::from(at_start);
    let mut end = Position {
        line,
        column: start + width,
    };
    let mut rest = marks.strip_prefix('|').unwrap_or(marks);
    if let Some(further) = rest.strip_prefix(">+") {
        let (place, text) = further.split_once(' ').ok_or("nothing after the place")?;
        let (lines, end_column) = place.split_once(':').ok_or("`>+LINES:COLUMN` expected")?;
        let number = |text: &str| text.parse::<usize>().map_err(|error| error.to_string());
        end = Position {
            line: line + number(lines)?,
            column: number(end_column)?,
        };
        rest = text;
    }
    let (level, text) = remark(rest.trim_start())?;
    let start = Position {
        line,
        column: start,
    };
    Ok(Some(Mark {
        level,
        text,
        place: Some((String::new(), start, end)),
    }))
}

/// `error: text`, `note: text`
fn remark(text: &str) -> Result<(String, String), String> {
    let (level, text) = text.split_once(':').ok_or("`error:` or `note:` expected")?;
    if level != "error" && level != "note" {
        return Err(format!("`error:` or `note:` expected, not `{level}:`"));
    }
    Ok((
        level.to_owned(),
        text.strip_prefix(' ').unwrap_or(text).to_owned(),
    ))
}

/// Finds comments: knows which `#` stand in strings.
struct Scanner {
    /// The triple quotes that are open.
    quote: Option<&'static str>,
}

impl Scanner {
    /// Where the comment of the next line starts.
    fn comment(&mut self, line: &str) -> Option<usize> {
        let mut index = 0;
        while index < line.len() {
            let rest = &line[index..];
            if let Some(quote) = self.quote {
                index += rest.find(quote).map_or(rest.len(), |at| {
                    self.quote = None;
                    at + quote.len()
                });
                continue;
            }
            if rest.starts_with('#') {
                return Some(index);
            }
            let triple = ["\"\"\"", "'''"]
                .into_iter()
                .find(|quote| rest.starts_with(quote));
            if triple.is_some() {
                self.quote = triple;
                index += 3;
            } else if rest.starts_with(['"', '\'']) {
                index += string_len(rest);
            } else {
                index += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        None
    }
}

/// The length of the string that a line starts with, in bytes.
fn string_len(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        if !escaped && byte == quote {
            return index + 1;
        }
        escaped = !escaped && byte == b'\\';
    }
    text.len()
}
