//! What runs a case, and what comes out.

use spy_lang::diagnostics::{Diagnostic, Level};
use spy_lang::source::{SourceMap, Span};

use crate::case::Case;
use crate::notation::{Mark, Position};

/// A way to run programs.
pub(crate) trait Engine: Sync {
    /// The name, also in `# skip(NAME)`.
    fn name(&self) -> &'static str;

    /// The name of the engines that `# skip(NAME)` means together with this one.
    fn family(&self) -> &'static str {
        self.name()
    }

    /// Whether all errors of the compiler are found before anything runs.
    fn compiles(&self) -> bool;

    /// Runs cases; one outcome each.
    fn run_all(&self, cases: &[&Case]) -> Vec<Run>;
}

/// What a program did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) output: String,
    pub(crate) end: End,
}

/// How a program ended.
#[derive(Debug)]
pub(crate) enum End {
    /// `main` returned.
    Exit(i32),
    /// An exception left `main`.
    Raised(Report),
    /// The compiler refused it.
    Rejected(Vec<Report>),
    /// A bug of the implementation.
    Crashed(String),
}

/// An exception as it was reported.
#[derive(Debug)]
pub(crate) struct Report {
    /// `Kind: message`
    pub(crate) headline: String,
    /// `None` if this engine does not say.
    pub(crate) marks: Option<Vec<Mark>>,
    pub(crate) help: Vec<String>,
    /// The line of the innermost frame within the case.
    pub(crate) line: Option<usize>,
}

impl Report {
    /// What a diagnostic says.
    pub(crate) fn new(diagnostic: &Diagnostic, sources: &SourceMap) -> Self {
        let mark = |annotation: &spy_lang::diagnostics::Annotation| Mark {
            level: match annotation.level {
                Level::Error => "error".to_owned(),
                Level::Note => "note".to_owned(),
            },
            text: annotation.text.clone(),
            place: place(annotation.span, sources),
        };
        let frames = diagnostic.traceback.iter().rev();
        let frames = frames.filter_map(|frame| place(frame.span, sources));
        Self {
            headline: format!("{}: {}", diagnostic.class_name(), diagnostic.message),
            marks: Some(diagnostic.annotations.iter().map(mark).collect()),
            help: diagnostic.help.clone(),
            line: frames.map(|(_, start, _)| start.line).next(),
        }
    }
}

/// File, start and end of a place in a file of the case.
fn place(span: Span, sources: &SourceMap) -> Option<(String, Position, Position)> {
    let name = &sources.file(span.file).name;
    let position = |at: spy_lang::source::LineColumn| Position {
        line: at.line as usize,
        column: at.column as usize,
    };
    let inside = !name.starts_with('<');
    inside.then(|| {
        (
            name.to_string(),
            position(sources.start(span)),
            position(sources.end(span)),
        )
    })
}
