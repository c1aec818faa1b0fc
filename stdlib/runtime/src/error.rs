//! The exceptions of the language and the outcome of a primitive that fails.
//!
//! [`ErrorKind`] is the closed set of exception types a program can name or meet. Its discriminants
//! are stable: native code passes them as bytes.

use std::borrow::Cow;
use std::fmt;

/// An exception type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ErrorKind {
    /// The root of all exceptions.
    Exception = 0,
    /// An error that redshift may postpone to run time.
    StaticError = 1,
    /// An operation on operands of the wrong types; a static error.
    TypeError = 2,
    /// A value outside an operation's domain.
    ValueError = 3,
    /// A number that does not fit its type.
    OverflowError = 4,
    /// An index out of range.
    IndexError = 5,
    /// Source text that does not follow the grammar.
    ParseError = 6,
    /// A module or a name in it that cannot be found.
    ImportError = 7,
    /// A conflict between declarations.
    ScopeError = 8,
    /// An undefined name.
    NameError = 9,
    /// A violated rule of unsafe code.
    PanicError = 10,
    /// Division or modulo by zero.
    ZeroDivisionError = 11,
    /// A failed `assert`.
    AssertionError = 12,
    /// A missing key.
    KeyError = 13,
    /// A failed request to the operating system.
    OsError = 14,
    /// A request for something that user code left unimplemented.
    NotImplementedError = 15,
    /// A feature that is recognized but not supported.
    Wip = 16,
    /// Calls nested too deeply.
    RecursionError = 17,
    /// No memory left.
    MemoryError = 18,
    /// A broken invariant of the implementation itself.
    InternalError = 19,
}

impl ErrorKind {
    /// All kinds, each at the index of its discriminant.
    pub const ALL: [ErrorKind; 20] = [
        ErrorKind::Exception,
        ErrorKind::StaticError,
        ErrorKind::TypeError,
        ErrorKind::ValueError,
        ErrorKind::OverflowError,
        ErrorKind::IndexError,
        ErrorKind::ParseError,
        ErrorKind::ImportError,
        ErrorKind::ScopeError,
        ErrorKind::NameError,
        ErrorKind::PanicError,
        ErrorKind::ZeroDivisionError,
        ErrorKind::AssertionError,
        ErrorKind::KeyError,
        ErrorKind::OsError,
        ErrorKind::NotImplementedError,
        ErrorKind::Wip,
        ErrorKind::RecursionError,
        ErrorKind::MemoryError,
        ErrorKind::InternalError,
    ];

    /// The class name a program and its user see.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::Exception => "Exception",
            ErrorKind::StaticError => "StaticError",
            ErrorKind::TypeError => "TypeError",
            ErrorKind::ValueError => "ValueError",
            ErrorKind::OverflowError => "OverflowError",
            ErrorKind::IndexError => "IndexError",
            ErrorKind::ParseError => "ParseError",
            ErrorKind::ImportError => "ImportError",
            ErrorKind::ScopeError => "ScopeError",
            ErrorKind::NameError => "NameError",
            ErrorKind::PanicError => "PanicError",
            ErrorKind::ZeroDivisionError => "ZeroDivisionError",
            ErrorKind::AssertionError => "AssertionError",
            ErrorKind::KeyError => "KeyError",
            ErrorKind::OsError => "OSError",
            ErrorKind::NotImplementedError => "NotImplementedError",
            ErrorKind::Wip => "WIP",
            ErrorKind::RecursionError => "RecursionError",
            ErrorKind::MemoryError => "MemoryError",
            ErrorKind::InternalError => "InternalError",
        }
    }

    /// The kind whose [`name`](Self::name) is `name`.
    pub fn from_name(name: &str) -> Option<ErrorKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind with discriminant `code`.
    pub fn from_u8(code: u8) -> Option<ErrorKind> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The direct base class; `None` for the root.
    pub const fn base(self) -> Option<ErrorKind> {
        match self {
            ErrorKind::Exception => None,
            ErrorKind::TypeError => Some(ErrorKind::StaticError),
            ErrorKind::StaticError
            | ErrorKind::ValueError
            | ErrorKind::OverflowError
            | ErrorKind::IndexError
            | ErrorKind::ParseError
            | ErrorKind::ImportError
            | ErrorKind::ScopeError
            | ErrorKind::NameError
            | ErrorKind::PanicError
            | ErrorKind::ZeroDivisionError
            | ErrorKind::AssertionError
            | ErrorKind::KeyError
            | ErrorKind::OsError
            | ErrorKind::NotImplementedError
            | ErrorKind::Wip
            | ErrorKind::RecursionError
            | ErrorKind::MemoryError
            | ErrorKind::InternalError => Some(ErrorKind::Exception),
        }
    }

    /// Whether `self` is `other` or derives from it.
    pub fn is_subclass_of(self, other: ErrorKind) -> bool {
        self == other || self.base().is_some_and(|base| base.is_subclass_of(other))
    }

    /// Whether redshift may postpone such an error to run time: `StaticError` and its subclasses.
    pub fn is_static(self) -> bool {
        self.is_subclass_of(ErrorKind::StaticError)
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
        for (code, kind) in (0u8..).zip(ErrorKind::ALL) {
            assert_eq!(kind as u8, code);
            assert_eq!(ErrorKind::from_u8(code), Some(kind));
            assert_eq!(ErrorKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(ErrorKind::from_u8(20), None);
        assert_eq!(ErrorKind::from_name("Error"), None);
    }

    #[test]
    fn only_static_error_and_type_error_are_static() {
        let is_static: Vec<_> = ErrorKind::ALL
            .into_iter()
            .filter(|kind| kind.is_static())
            .collect();
        assert_eq!(is_static, [ErrorKind::StaticError, ErrorKind::TypeError]);
    }

    #[test]
    fn every_kind_derives_from_exception() {
        assert!(
            ErrorKind::ALL
                .into_iter()
                .all(|kind| kind.is_subclass_of(ErrorKind::Exception))
        );
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
