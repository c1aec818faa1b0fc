//! Standard output, buffered.
//!
//! The buffer is written when it is full, when the program ends in whatever way, and after each
//! line if a person watches.

use std::fs::File;
use std::io::{ErrorKind as IoErrorKind, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd;

use super::global::Global;
use super::object::Str;

const BUFFER_SIZE: usize = 64 << 10;
/// The exit status of a program ended by SIGPIPE, as a shell shows it.
const BROKEN_PIPE_STATUS: i32 = 141;
const WRITE_FAILED_STATUS: i32 = 1;

/// When the buffer is written, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// When it is full.
    Blocks,
    /// After each line.
    Lines,
    /// After each line, as `out SIZE:TEXT` and the end of a line.
    Frames,
}

struct Stdout {
    buffer: Vec<u8>,
    mode: Mode,
}

static STDOUT: Global<Stdout> = Global::new(Stdout {
    buffer: Vec::new(),
    mode: Mode::Blocks,
});

/// To be called when the program starts.
pub(super) fn init() {
    STDOUT.with(|stdout| {
        stdout.buffer.reserve_exact(BUFFER_SIZE);
        if std::io::stdout().is_terminal() {
            stdout.mode = Mode::Lines;
        }
    });
}

/// To be called instead of [`init`] by a program that serves calls: what they write comes in
/// frames between the replies.
pub(super) fn init_frames() {
    STDOUT.with(|stdout| stdout.mode = Mode::Frames);
}

/// Writes a reply behind all that has been written.
pub(super) fn reply(line: &[u8]) {
    flush();
    write_all(line);
}

/// Writes what is in the buffer.
pub(super) fn flush() {
    STDOUT.with(|stdout| {
        write_text(stdout.mode, &stdout.buffer);
        stdout.buffer.clear();
    });
}

fn write_text(mode: Mode, bytes: &[u8]) {
    if mode != Mode::Frames {
        write_all(bytes);
    } else if !bytes.is_empty() {
        let mut frame = format!("out {}:", bytes.len()).into_bytes();
        frame.extend_from_slice(bytes);
        frame.push(b'\n');
        write_all(&frame);
    }
}

fn write_all(bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    // SAFETY: descriptor 1 is only used here, and is not closed.
    let mut file = ManuallyDrop::new(unsafe { File::from_raw_fd(1) });
    if let Err(error) = file.write_all(bytes) {
        if error.kind() == IoErrorKind::BrokenPipe {
            std::process::exit(BROKEN_PIPE_STATUS);
        }
        let message = format!("OSError: cannot write to standard output: {error}\n");
        // There is nobody left to tell if this fails too.
        let _ = std::io::stderr().write_all(message.as_bytes());
        std::process::exit(WRITE_FAILED_STATUS);
    }
}

/// Writes a text.
#[unsafe(no_mangle)]
extern "C" fn spy_stdout_write(text: Str) {
    let bytes = text.as_str().as_bytes();
    STDOUT.with(|stdout| {
        if stdout.buffer.len() + bytes.len() > BUFFER_SIZE {
            write_text(stdout.mode, &stdout.buffer);
            stdout.buffer.clear();
        }
        if bytes.len() >= BUFFER_SIZE {
            write_text(stdout.mode, bytes);
        } else {
            stdout.buffer.extend_from_slice(bytes);
        }
        if stdout.mode != Mode::Blocks && bytes.contains(&b'\n') {
            write_text(stdout.mode, &stdout.buffer);
            stdout.buffer.clear();
        }
    });
}
