//! What running code may do to the world outside.
//!
//! The command line gives programs the [`ProcessHost`]. Tests, sessions and the language server
//! capture what is written ([`CaptureHost`]); code that must not have effects gets the
//! [`RefuseHost`].

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::rc::Rc;

use spy_runtime::system::System;
use thiserror::Error;

/// Why the outside world did not do what it was asked to.
#[derive(Debug, Error)]
pub enum HostError {
    /// Nobody reads the output any more.
    #[error("the reader of the output has gone")]
    OutputClosed,
    /// The host does not offer this.
    #[error("{0} is not possible here")]
    Refused(&'static str),
    /// The operating system failed.
    #[error(transparent)]
    System(io::Error),
}

impl From<io::Error> for HostError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::System(error)
        }
    }
}

/// The outside world as far as running code can reach it.
pub trait Host {
    /// Writes to standard output; the host may hold it back until [`Self::flush_stdout`].
    fn write_stdout(&mut self, text: &str) -> Result<(), HostError>;

    /// Passes on everything written so far.
    fn flush_stdout(&mut self) -> Result<(), HostError>;

    /// Files, clock and terminal.
    fn system(&mut self) -> Result<&mut System, HostError> {
        Err(HostError::Refused("reaching the operating system"))
    }
}

/// The process that the interpreter runs in.
#[derive(Debug)]
pub struct ProcessHost {
    pending: Vec<u8>,
    flush_at_newline: bool,
    system: System,
}

/// How much output is held back, in bytes.
const BUFFER_BYTES: usize = 1 << 16;

impl ProcessHost {
    /// The process; output to a terminal appears line by line, other output in large pieces.
    pub fn new() -> Self {
        Self {
            pending: Vec::new(),
            flush_at_newline: io::stdout().is_terminal(),
            system: System::new(),
        }
    }
}

impl Default for ProcessHost {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for ProcessHost {
    fn write_stdout(&mut self, text: &str) -> Result<(), HostError> {
        self.pending.extend_from_slice(text.as_bytes());
        let line_ends = self.flush_at_newline && text.contains('\n');
        if line_ends || self.pending.len() >= BUFFER_BYTES {
            self.flush_stdout()
        } else {
            Ok(())
        }
    }

    fn flush_stdout(&mut self) -> Result<(), HostError> {
        let pending = std::mem::take(&mut self.pending);
        let mut stdout = io::stdout().lock();
        stdout.write_all(&pending)?;
        stdout.flush()?;
        self.system.flush_all();
        Ok(())
    }

    fn system(&mut self) -> Result<&mut System, HostError> {
        Ok(&mut self.system)
    }
}

/// Output collected by a [`CaptureHost`].
#[derive(Clone, Debug, Default)]
pub struct Captured(Rc<RefCell<String>>);

impl Captured {
    /// What has been written since the last call.
    pub fn take(&self) -> String {
        self.0.take()
    }
}

/// Keeps output in memory.
#[derive(Debug)]
pub struct CaptureHost {
    output: Captured,
    limit_bytes: usize,
    system: Option<System>,
}

impl CaptureHost {
    /// A host, and the handle to read its output with.
    pub fn new() -> (Self, Captured) {
        let (mut host, output) = Self::with_limit(usize::MAX);
        host.system = Some(System::new());
        (host, output)
    }

    /// A host that drops output once more than `limit_bytes` wait to be taken, and does nothing
    /// else.
    pub fn with_limit(limit_bytes: usize) -> (Self, Captured) {
        let output = Captured::default();
        (
            Self {
                output: output.clone(),
                limit_bytes,
                system: None,
            },
            output,
        )
    }
}

impl Host for CaptureHost {
    fn write_stdout(&mut self, text: &str) -> Result<(), HostError> {
        let mut output = self.output.0.borrow_mut();
        if output.len().saturating_add(text.len()) <= self.limit_bytes {
            output.push_str(text);
        }
        Ok(())
    }

    fn flush_stdout(&mut self) -> Result<(), HostError> {
        Ok(())
    }

    fn system(&mut self) -> Result<&mut System, HostError> {
        let refused = HostError::Refused("reaching the operating system");
        self.system.as_mut().ok_or(refused)
    }
}

/// Refuses all effects.
#[derive(Debug)]
pub struct RefuseHost;

impl Host for RefuseHost {
    fn write_stdout(&mut self, _text: &str) -> Result<(), HostError> {
        Err(HostError::Refused("writing to standard output"))
    }

    fn flush_stdout(&mut self) -> Result<(), HostError> {
        Ok(())
    }
}
