//! The data of a message.

use spy_runtime::error::{ErrorKind, Raise};

use crate::source::Span;
use crate::types::TypeId;

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

/// A class of exceptions that a program defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserClass {
    /// The class.
    pub ty: TypeId,
    /// Its name.
    pub name: Box<str>,
}

/// What is told of the exception before an exception.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Before {
    /// There is none.
    #[default]
    Nothing,
    /// Nothing, as `raise … from None` says.
    Hidden,
    /// It is the cause, as `raise … from` says.
    Cause(Box<Diagnostic>),
    /// It was being handled.
    Context(Box<Diagnostic>),
}

impl Before {
    /// The exception, if it is told.
    pub fn exception(&self) -> Option<&Diagnostic> {
        match self {
            Self::Cause(exception) | Self::Context(exception) => Some(exception),
            Self::Nothing | Self::Hidden => None,
        }
    }

    fn exception_mut(&mut self) -> Option<&mut Diagnostic> {
        match self {
            Self::Cause(exception) | Self::Context(exception) => Some(exception),
            Self::Nothing | Self::Hidden => None,
        }
    }
}

/// An error of the user's program: an exception of the language that was not caught.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The class of the exception, or the nearest base of those that every program has.
    pub kind: ErrorKind,
    /// The class, if the program defines it.
    pub user_class: Option<UserClass>,
    /// The message.
    pub message: String,
    /// Remarks in the order the catalogue lists them.
    pub annotations: Vec<Annotation>,
    /// Ways out beyond the specified annotations ("did you mean …").
    pub help: Vec<String>,
    /// Frames from outermost to innermost.
    pub traceback: Vec<Frame>,
    /// The exception before this one.
    pub before: Before,
    /// Numbers the exceptions that handlers have taken, from 1 on; 0 if none has yet.
    pub number: u64,
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
            user_class: None,
            message: message.into(),
            annotations: Vec::new(),
            help: Vec::new(),
            traceback: Vec::new(),
            before: Before::Nothing,
            number: 0,
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

    /// The name of its class.
    pub fn class_name(&self) -> &str {
        match &self.user_class {
            Some(class) => &class.name,
            None => self.kind.name(),
        }
    }

    /// Its class.
    pub fn class(&self) -> TypeId {
        match &self.user_class {
            Some(class) => class.ty,
            None => TypeId::exception(self.kind),
        }
    }

    /// Makes another exception the reason for this one. Only the last reasons are kept: a program
    /// may chain any number of exceptions.
    pub fn set_cause(&mut self, cause: Box<Diagnostic>) {
        self.before = Before::Cause(cause);
        let mut last = self;
        for _ in 0..MOST_BEFORE {
            match last.before.exception_mut() {
                Some(next) => last = next,
                None => return,
            }
        }
        last.before = Before::Nothing;
    }

    /// Notes that this exception left the handler of another one, unless it is that one or tells of
    /// it already.
    pub fn add_context(&mut self, handled: Box<Diagnostic>) {
        let mut last = self;
        for _ in 0..MOST_BEFORE {
            if last.number == handled.number && last.number != 0 {
                return;
            }
            if last.before.exception().is_none() {
                if last.before == Before::Nothing {
                    last.before = Before::Context(handled);
                }
                return;
            }
            last = last.before.exception_mut().expect("just seen");
        }
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
const MOST_BEFORE: usize = 100;
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
