//! Why a command did not do what it was asked to.

use std::io;

use spy_compile::BuildError;
use spy_interp::ReadError;
use thiserror::Error;

/// The reason, and with it the exit status.
#[derive(Debug, Error)]
pub(super) enum CommandError {
    /// The program is wrong, which has been reported.
    #[error("the program has errors")]
    Program,
    /// What was asked for makes no sense.
    #[error("a library cannot be run: leave out `--run` or `--kind lib`")]
    LibraryRun,
    /// A file of another language.
    #[error("{0} is a .py file, not a .spy file.")]
    Python(String),
    /// A file cannot be read.
    #[error("cannot read '{0}': {1}")]
    Read(String, ReadError),
    /// There is no executable.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A file cannot be written or started.
    #[error("{0}: {1}")]
    File(String, io::Error),
    /// Standard output cannot be written.
    #[error("cannot write the output: {0}")]
    Write(io::Error),
    /// Nobody reads the output any more.
    #[error("the reader of the output has gone")]
    OutputClosed,
}

impl CommandError {
    /// The exit status that stands for it.
    pub(super) const fn status(&self) -> u8 {
        match self {
            Self::Program | Self::Python(_) => 1,
            Self::LibraryRun
            | Self::Read(..)
            | Self::Build(_)
            | Self::File(..)
            | Self::Write(_) => 2,
            // What shells show for a program that SIGPIPE ended.
            Self::OutputClosed => 141,
        }
    }

    /// What to tell the user; nothing if that has been done or nobody listens.
    pub(super) fn message(&self) -> Option<String> {
        match self {
            Self::Program | Self::OutputClosed => None,
            Self::Python(_) => Some(format!("Error: {self}")),
            Self::LibraryRun
            | Self::Read(..)
            | Self::Build(_)
            | Self::File(..)
            | Self::Write(_) => Some(format!("error: {self}")),
        }
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::Write(error)
        }
    }
}
