//! The exceptions of the language and the outcome of a primitive that fails.
//!
//! [`ErrorKind`] is the closed set of exception types a program can name or meet. Its discriminants
//! are stable: native code passes them as bytes.

use std::borrow::Cow;
use std::fmt;

macro_rules! error_kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal $(: $base:ident)?;)*) => {
        /// An exception type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum ErrorKind {
            $($(#[$doc])* $variant = $code,)*
        }

        impl ErrorKind {
            /// All kinds, each at the index of its discriminant.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$variant,)*];

            /// The class name a program and its user see.
            pub const fn name(self) -> &'static str {
                match self {
                    $(ErrorKind::$variant => $name,)*
                }
            }

            /// The direct base class; `None` for the root.
            pub const fn base(self) -> Option<ErrorKind> {
                match self {
                    $(ErrorKind::$variant => error_kinds!(@base $($base)?),)*
                }
            }
        }
    };
    (@base $base:ident) => { Some(ErrorKind::$base) };
    (@base) => { None };
}

error_kinds! {
    /// The root of the exceptions that programs handle.
    Exception = 0, "Exception": BaseException;
    /// An error that redshift may postpone to run time.
    StaticError = 1, "StaticError": Exception;
    /// An operation on operands of the wrong types; a static error.
    TypeError = 2, "TypeError": StaticError;
    /// A value outside an operation's domain.
    ValueError = 3, "ValueError": Exception;
    /// A number that does not fit its type.
    OverflowError = 4, "OverflowError": ArithmeticError;
    /// An index out of range.
    IndexError = 5, "IndexError": LookupError;
    /// Source text that does not follow the grammar.
    ParseError = 6, "ParseError": Exception;
    /// A module or a name in it that cannot be found.
    ImportError = 7, "ImportError": Exception;
    /// A conflict between declarations.
    ScopeError = 8, "ScopeError": Exception;
    /// An undefined name.
    NameError = 9, "NameError": Exception;
    /// A violated rule of unsafe code.
    PanicError = 10, "PanicError": Exception;
    /// Division or modulo by zero.
    ZeroDivisionError = 11, "ZeroDivisionError": ArithmeticError;
    /// A failed `assert`.
    AssertionError = 12, "AssertionError": Exception;
    /// A missing key.
    KeyError = 13, "KeyError": LookupError;
    /// A failed request to the operating system.
    OsError = 14, "OSError": Exception;
    /// A request for something that user code left unimplemented.
    NotImplementedError = 15, "NotImplementedError": RuntimeError;
    /// A feature that is recognized but not supported.
    Wip = 16, "WIP": Exception;
    /// Calls nested too deeply.
    RecursionError = 17, "RecursionError": RuntimeError;
    /// No memory left.
    MemoryError = 18, "MemoryError": Exception;
    /// A broken invariant of the implementation itself.
    InternalError = 19, "InternalError": Exception;
    /// The root of all exceptions.
    BaseException = 20, "BaseException";
    /// A failed calculation.
    ArithmeticError = 21, "ArithmeticError": Exception;
    /// A missing key or index.
    LookupError = 22, "LookupError": Exception;
    /// An error that has no class of its own.
    RuntimeError = 23, "RuntimeError": Exception;
    /// The end of an iteration.
    StopIteration = 24, "StopIteration": Exception;
    /// A missing attribute.
    AttributeError = 25, "AttributeError": Exception;
    /// The end of input where more was expected.
    EofError = 26, "EOFError": Exception;
    /// A failed floating-point calculation.
    FloatingPointError = 27, "FloatingPointError": ArithmeticError;
    /// A failed operation on a buffer.
    BufferError = 28, "BufferError": Exception;
    /// A module that cannot be found.
    ModuleNotFoundError = 29, "ModuleNotFoundError": ImportError;
    /// A local that has no value yet.
    UnboundLocalError = 30, "UnboundLocalError": NameError;
    /// Use of an object that is gone.
    ReferenceError = 31, "ReferenceError": Exception;
    /// Text that is no program.
    SyntaxError = 32, "SyntaxError": Exception;
    /// Wrong indentation.
    IndentationError = 33, "IndentationError": SyntaxError;
    /// A mixture of tabs and blanks.
    TabError = 34, "TabError": IndentationError;
    /// An error of the system that runs the program.
    SystemError = 35, "SystemError": Exception;
    /// Text that cannot be converted.
    UnicodeError = 36, "UnicodeError": ValueError;
    /// Bytes that are no text.
    UnicodeDecodeError = 37, "UnicodeDecodeError": UnicodeError;
    /// Text without an encoding.
    UnicodeEncodeError = 38, "UnicodeEncodeError": UnicodeError;
    /// Text that cannot be translated.
    UnicodeTranslateError = 39, "UnicodeTranslateError": UnicodeError;
    /// An operation that would block.
    BlockingIoError = 40, "BlockingIOError": OsError;
    /// A failed operation on a child process.
    ChildProcessError = 41, "ChildProcessError": OsError;
    /// A failed connection.
    ConnectionError = 42, "ConnectionError": OsError;
    /// A write to a pipe that nobody reads.
    BrokenPipeError = 43, "BrokenPipeError": ConnectionError;
    /// A connection that the peer aborted.
    ConnectionAbortedError = 44, "ConnectionAbortedError": ConnectionError;
    /// A connection that the peer refused.
    ConnectionRefusedError = 45, "ConnectionRefusedError": ConnectionError;
    /// A connection that the peer reset.
    ConnectionResetError = 46, "ConnectionResetError": ConnectionError;
    /// A file that exists already.
    FileExistsError = 47, "FileExistsError": OsError;
    /// A file that does not exist.
    FileNotFoundError = 48, "FileNotFoundError": OsError;
    /// An interrupted system call.
    InterruptedError = 49, "InterruptedError": OsError;
    /// A directory where a file is wanted.
    IsADirectoryError = 50, "IsADirectoryError": OsError;
    /// A file where a directory is wanted.
    NotADirectoryError = 51, "NotADirectoryError": OsError;
    /// A right that is missing.
    PermissionError = 52, "PermissionError": OsError;
    /// A process that does not exist.
    ProcessLookupError = 53, "ProcessLookupError": OsError;
    /// Something that took too long.
    TimeoutError = 54, "TimeoutError": OsError;
    /// The base of warnings.
    Warning = 55, "Warning": Exception;
    /// A warning of a program.
    UserWarning = 56, "UserWarning": Warning;
    /// A warning of something that will go.
    DeprecationWarning = 57, "DeprecationWarning": Warning;
    /// A warning of doubtful behavior.
    RuntimeWarning = 58, "RuntimeWarning": Warning;
}

impl ErrorKind {
    /// The kind whose [`name`](Self::name) is `name`.
    pub fn from_name(name: &str) -> Option<ErrorKind> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind with discriminant `code`.
    pub fn from_u8(code: u8) -> Option<ErrorKind> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether `self` is `other` or derives from it.
    pub fn is_subclass_of(self, other: ErrorKind) -> bool {
        self == other || self.base().is_some_and(|base| base.is_subclass_of(other))
    }

    /// Whether redshift may postpone such an error to run time: `StaticError` and its subclasses.
    pub fn is_static(self) -> bool {
        self.is_subclass_of(ErrorKind::StaticError)
    }

    /// `str(e)` of an exception with a message: as Python has it, the key of a `KeyError` is quoted.
    pub fn text(self, message: &str) -> String {
        if self.is_subclass_of(ErrorKind::KeyError) && !message.is_empty() {
            crate::text::str_repr(message)
        } else {
            message.to_owned()
        }
    }
}

/// What stands between the reports of an exception and of one that `raise … from` makes of it.
pub const CAUSE_OF_NEXT: &str =
    "\nThe above exception was the direct cause of the following exception:\n\n";

/// What stands between the reports of an exception and of one that its handler raises.
pub const CONTEXT_OF_NEXT: &str =
    "\nDuring handling of the above exception, another exception occurred:\n\n";

/// `repr(e)` of an exception of a class with a message.
pub fn exception_repr(class: &str, message: &str) -> String {
    if message.is_empty() {
        format!("{class}()")
    } else {
        format!("{class}({})", crate::text::str_repr(message))
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The outcome of a primitive that fails: the exception to raise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raise {
    /// The exception's type.
    pub kind: ErrorKind,
    /// The exception's text; may be empty.
    pub message: Cow<'static, str>,
}

impl Raise {
    /// A failure with a fixed text.
    pub const fn new(kind: ErrorKind, message: &'static str) -> Raise {
        Raise {
            kind,
            message: Cow::Borrowed(message),
        }
    }

    /// A failure whose text was put together at run time.
    pub const fn with_text(kind: ErrorKind, message: String) -> Raise {
        Raise {
            kind,
            message: Cow::Owned(message),
        }
    }
}

/// The form in which an uncaught exception is reported: `ValueError: text`.
impl fmt::Display for Raise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for Raise {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_inverse() {
        for (code, kind) in (0u8..).zip(ErrorKind::ALL.iter().copied()) {
            assert_eq!(kind as u8, code);
            assert_eq!(ErrorKind::from_u8(code), Some(kind));
            assert_eq!(ErrorKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(ErrorKind::from_u8(255), None);
        assert_eq!(ErrorKind::from_name("Error"), None);
    }

    #[test]
    fn only_static_error_and_type_error_are_static() {
        let is_static: Vec<_> = ErrorKind::ALL
            .iter()
            .copied()
            .filter(|kind| kind.is_static())
            .collect();
        assert_eq!(is_static, [ErrorKind::StaticError, ErrorKind::TypeError]);
    }

    #[test]
    fn the_hierarchy_has_one_root() {
        assert!(
            ErrorKind::ALL
                .iter()
                .all(|kind| kind.is_subclass_of(ErrorKind::BaseException))
        );
        assert!(ErrorKind::KeyError.is_subclass_of(ErrorKind::LookupError));
        assert!(ErrorKind::ZeroDivisionError.is_subclass_of(ErrorKind::ArithmeticError));
        assert!(!ErrorKind::Exception.is_subclass_of(ErrorKind::TypeError));
        assert!(!ErrorKind::StaticError.is_subclass_of(ErrorKind::TypeError));
    }

    #[test]
    fn a_raise_reads_like_an_uncaught_exception() {
        let raise = Raise::new(ErrorKind::OsError, "cannot open file");
        assert_eq!(raise.to_string(), "OSError: cannot open file");
        assert_eq!(
            Raise::new(ErrorKind::IndexError, "").to_string(),
            "IndexError: "
        );
    }
}
