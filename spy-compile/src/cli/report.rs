//! Diagnostics on their way to people and programs.

use std::env;
use std::io::{self, IsTerminal, Write};

use spy_lang::diagnostics::{Diagnostic, json, render};
use spy_lang::source::SourceMap;

use super::arguments::ErrorFormat;
use super::failure::CommandError;

const BOLD_YELLOW: &str = "\x1b[33;01m";
const RESET: &str = "\x1b[00m";

/// Where diagnostics go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stream {
    /// Beside the output.
    Stderr,
    /// They are the output.
    Stdout,
}

/// Shows diagnostics in one way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reporter {
    format: ErrorFormat,
    stream: Stream,
    color: bool,
}

impl Reporter {
    /// Text on standard error.
    pub(super) fn text() -> Self {
        Self::new(ErrorFormat::Text, Stream::Stderr)
    }

    /// A way to show diagnostics; text is colored on terminals unless `NO_COLOR` is set.
    pub(super) fn new(format: ErrorFormat, stream: Stream) -> Self {
        let terminal = match stream {
            Stream::Stderr => io::stderr().is_terminal(),
            Stream::Stdout => io::stdout().is_terminal(),
        };
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = terminal && !refused && env::var_os("TERM").is_none_or(|term| term != "dumb");
        Self {
            format,
            stream,
            color,
        }
    }

    /// Shows diagnostics in order.
    pub(super) fn report(
        &self,
        diagnostics: &[Diagnostic],
        sources: &SourceMap,
    ) -> Result<(), CommandError> {
        for (index, diagnostic) in diagnostics.iter().enumerate() {
            if index > 0 && self.format == ErrorFormat::Text {
                self.write("\n")?;
            }
            self.write(&self.text_of(diagnostic, sources))?;
        }
        Ok(())
    }

    /// Shows an error that does not end anything.
    pub(super) fn warn(
        &self,
        diagnostic: &Diagnostic,
        sources: &SourceMap,
    ) -> Result<(), CommandError> {
        let prefix = match (self.format, self.color) {
            (ErrorFormat::Json, _) => String::new(),
            (ErrorFormat::Text, true) => format!("{BOLD_YELLOW}[warning] {RESET}"),
            (ErrorFormat::Text, false) => "[warning] ".to_owned(),
        };
        self.write(&format!("{prefix}{}", self.text_of(diagnostic, sources)))
    }

    fn text_of(&self, diagnostic: &Diagnostic, sources: &SourceMap) -> String {
        match self.format {
            ErrorFormat::Text => render::render(diagnostic, sources, self.color),
            ErrorFormat::Json => format!("{}\n", json::to_json(diagnostic, sources)),
        }
    }

    fn write(&self, text: &str) -> Result<(), CommandError> {
        match self.stream {
            Stream::Stdout => write_output(text),
            Stream::Stderr => {
                write_message(text);
                Ok(())
            }
        }
    }
}

/// Writes to standard output.
pub(super) fn write_output(text: &str) -> Result<(), CommandError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

/// Writes to standard error. There is nobody to tell if that fails.
pub(super) fn write_message(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
