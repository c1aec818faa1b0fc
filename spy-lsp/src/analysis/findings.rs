//! Diagnostics of the front end as messages about one text.
//!
//! Every message gets a place in that text. What is wrong in an imported file is reported once for
//! the file, at the import statement, with the actual place as a remark.

use std::ops::Range;
use std::path::Path;

use spy_lang::diagnostics::{Annotation, Diagnostic, Level};
use spy_lang::program::Program;
use spy_lang::source::{FileId, Span};

use super::imports::{Import, bytes};
use super::names::Sources;
use super::{Finding, Location};

/// Most messages about one text.
const MOST: usize = 200;

/// The messages of some diagnostics; what is the same for all instances of a generic is said once.
pub(super) fn of(
    program: &Program,
    root: FileId,
    errors: &[Diagnostic],
    imports: &[Import],
) -> Vec<Finding> {
    let mut reporter = Reporter {
        program,
        root,
        imports,
        sources: Sources::new(program),
    };
    let mut findings: Vec<Finding> = Vec::new();
    for error in errors {
        let finding = match reporter.place(error) {
            Some(place) => Some(reporter.own(error, place)),
            None => reporter.foreign(error, &findings),
        };
        let same = |known: &Finding, new: &Finding| {
            (&known.range, &known.kind, &known.text) == (&new.range, &new.kind, &new.text)
        };
        findings.extend(finding.filter(|new| !findings.iter().any(|known| same(known, new))));
        if findings.len() == MOST {
            break;
        }
    }
    findings
}

/// Where a message goes.
struct Place<'d> {
    span: Span,
    annotation: Option<&'d Annotation>,
}

struct Reporter<'a> {
    program: &'a Program,
    root: FileId,
    imports: &'a [Import],
    sources: Sources<'a>,
}

impl Reporter<'_> {
    /// The first annotation in the text, errors before notes; or the innermost frame in it.
    fn place<'d>(&self, error: &'d Diagnostic) -> Option<Place<'d>> {
        let here = |annotation: &&Annotation| annotation.span.file == self.root;
        let mut annotated = error.annotations.iter().filter(here);
        let wrong = annotated
            .clone()
            .find(|annotation| annotation.level == Level::Error);
        // An error in another file that the text has led to belongs to the line that did.
        let led = error
            .traceback
            .iter()
            .rev()
            .find(|frame| frame.span.file == self.root);
        match (wrong, led) {
            (Some(annotation), _) => Some(Place {
                span: annotation.span,
                annotation: Some(annotation),
            }),
            (None, Some(frame)) => Some(Place {
                span: frame.span,
                annotation: None,
            }),
            (None, None) => {
                // A note alone says that something elsewhere uses what stands here.
                let elsewhere = error.annotations.iter().any(|a| a.level == Level::Error);
                annotated.next().filter(|_| !elsewhere).map(|note| Place {
                    span: note.span,
                    annotation: Some(note),
                })
            }
        }
    }

    fn own(&mut self, error: &Diagnostic, place: Place<'_>) -> Finding {
        let mut text = error.message.clone();
        if let Some(annotation) = place
            .annotation
            .filter(|annotation| !annotation.text.is_empty())
        {
            text = format!("{text}: {}", annotation.text);
        }
        for help in &error.help {
            text = format!("{text}\nhelp: {help}");
        }
        Finding {
            range: bytes(place.span),
            kind: error.class_name().to_owned(),
            text,
            related: self.related(error, place.annotation),
        }
    }

    /// All annotations with a place but the one that is the message itself.
    fn related(
        &mut self,
        error: &Diagnostic,
        shown: Option<&Annotation>,
    ) -> Vec<(Location, String)> {
        let mut related = Vec::new();
        for annotation in &error.annotations {
            let is_shown = shown.is_some_and(|shown| std::ptr::eq(shown, annotation));
            if !is_shown && let Some(location) = self.sources.location(annotation.span) {
                related.push((location, annotation.text.clone()));
            }
        }
        related
    }

    /// What is wrong in another file, unless something else in it has been reported.
    fn foreign(&mut self, error: &Diagnostic, findings: &[Finding]) -> Option<Finding> {
        let Some(span) = error.primary_span().filter(|span| !span.is_builtin()) else {
            return Some(self.own(
                error,
                Place {
                    span: Span::new(self.root, 0, 0),
                    annotation: None,
                },
            ));
        };
        let name = &self.program.sources.file(span.file).name;
        let stem = Path::new(&**name).file_stem()?.to_string_lossy();
        let text = format!("error in module `{stem}`: {}", error.message);
        let start = text.split_inclusive(": ").next()?.to_owned();
        if findings
            .iter()
            .any(|finding| finding.text.starts_with(&start))
        {
            return None;
        }
        let location = self.sources.location(span);
        let remark = error
            .annotations
            .first()
            .map_or("here", |annotation| &annotation.text);
        Some(Finding {
            range: self.import_of(&stem),
            kind: error.class_name().to_owned(),
            text,
            related: location
                .map(|location| (location, remark.to_owned()))
                .into_iter()
                .collect(),
        })
    }

    /// The statement that imports a module, directly or not.
    fn import_of(&self, module: &str) -> Range<usize> {
        let direct = self.imports.iter().find(|import| &*import.module == module);
        let import = direct.or(self.imports.first());
        import.map_or(0..0, |import| import.stmt.clone())
    }
}
