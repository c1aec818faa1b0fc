//! The data of a message.

use spy_runtime::error::{ErrorKind, Raise};

use crate::source::Span;

/// How an annotation is meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Level {
    /// This is what is wrong.
    Error,
    /// This explains it.
    Note,
}

/// A remark on a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Annotation {
    /// Error or note.
    pub level: Level,
    /// The remark; may be empty.
    pub text: String,
    /// The place.
    pub span: Span,
}

/// What was being executed in a traceback's frame.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FrameKind {
    /// A function.
    Function,
    /// A module's body.
    Module,
    /// A class's body.
    Class,
    /// A function being partially evaluated.
    Redshift,
}

/// One line of a traceback.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// What was being executed.
    pub kind: FrameKind,
    /// Its full name, for example `app::helper`.
    pub fqn: String,
    /// The innermost statement or expression being evaluated in it.
    pub span: Span,
}

/// An error of the user's program: an exception of the language that was not caught.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The class of the exception.
    pub kind: ErrorKind,
    /// The message.
    pub message: String,
    /// Remarks in the order the catalogue lists them.
    pub annotations: Vec<Annotation>,
    /// Ways out beyond the specified annotations ("did you mean …").
    pub help: Vec<String>,
    /// Frames from outermost to innermost.
    pub traceback: Vec<Frame>,
    /// The exception that is the reason for this one, as `raise … from` says.
    pub cause: Option<Box<Diagnostic>>,
    /// Whether no handler takes it: whoever runs the program stops it.
    pub is_uncatchable: bool,
    /// Whether the running program raised it, so that the traceback says all about the place.
    pub at_run_time: bool,
}

impl Diagnostic {
    /// A message without annotations.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            annotations: Vec::new(),
            help: Vec::new(),
            traceback: Vec::new(),
            cause: None,
            is_uncatchable: false,
            at_run_time: false,
        }
    }

    /// Adds an annotation of level error.
    #[must_use]
    pub fn error(mut self, text: impl Into<String>, span: Span) -> Self {
        self.annotations.push(Annotation {
            level: Level::Error,
            text: text.into(),
            span,
        });
        self
    }

    /// Adds an annotation of level note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>, span: Span) -> Self {
        self.annotations.push(Annotation {
            level: Level::Note,
            text: text.into(),
            span,
        });
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Makes another exception the reason for this one. Only the last reasons are kept: a program
    /// may chain any number of exceptions.
    pub fn set_cause(&mut self, cause: Box<Diagnostic>) {
        let mut last = self.cause.insert(cause);
        for _ in 1..MOST_CAUSES {
            match &mut last.cause {
                Some(next) => last = next,
                None => return,
            }
        }
        last.cause = None;
    }

    /// Makes it one that no handler takes.
    #[must_use]
    pub fn uncatchable(mut self) -> Self {
        self.is_uncatchable = true;
        self
    }

    /// Whether no handler takes it: the program is stopped, needs something that is not supported,
    /// or met a mistake of the implementation.
    pub fn is_final(&self) -> bool {
        self.is_uncatchable || matches!(self.kind, ErrorKind::Wip | ErrorKind::InternalError)
    }

    /// The place of the first annotation, or of the innermost frame.
    pub fn primary_span(&self) -> Option<Span> {
        let annotated = self.annotations.first().map(|annotation| annotation.span);
        annotated.or_else(|| self.traceback.last().map(|frame| frame.span))
    }

    /// Whether lazy error mode may postpone it to run time: `StaticError` and its subclasses.
    pub fn is_static(&self) -> bool {
        self.kind.is_static()
    }
}

impl From<Raise> for Diagnostic {
    fn from(raise: Raise) -> Self {
        Self::new(raise.kind, raise.message)
    }
}

/// Most exceptions in a row that are kept as reasons.
const MOST_CAUSES: usize = 100;
/// Most frames that a traceback keeps.
const INNERMOST_FRAMES: usize = 400;
const OUTERMOST_FRAMES: usize = 100;

impl Diagnostic {
    /// Adds the frame around all frames so far, as a failure travels outwards.
    ///
    /// Of a very deep recursion the innermost and the outermost frames are kept.
    pub fn push_outer_frame(&mut self, frame: Frame) {
        if self.traceback.len() < INNERMOST_FRAMES + OUTERMOST_FRAMES {
            self.traceback.insert(0, frame);
            return;
        }
        // A failure may pass millions of frames: only the outermost ones move.
        self.traceback[..OUTERMOST_FRAMES].rotate_right(1);
        self.traceback[0] = frame;
    }
}
