//! Places of the program, and the text of an uncaught exception.

use std::collections::VecDeque;
use std::fmt::{self, Write};
use std::ptr::NonNull;

use super::exception::{Exception, Link, MOST_BEFORE, Raised};
use super::layout::NO_PLACE;
use crate::error::{CAUSE_OF_NEXT, CONTEXT_OF_NEXT};

/// The address of a place in the program's table of places.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Place(NonNull<u32>);

/// The address of a frame in the same table; equal for equal frames.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    words: NonNull<u32>,
    table: NonNull<u8>,
}

impl Place {
    /// The frames of the function that stands here and of those it was inlined into.
    pub(super) fn frames(self) -> impl Iterator<Item = Frame> {
        let mut next = Some(self);
        std::iter::from_fn(move || {
            let Place(words) = next?;
            // SAFETY: compiled code passes addresses of its table of places, whose records have
            // the words and offsets that `layout` says.
            unsafe {
                let table = words.cast::<u8>().sub(words.read() as usize);
                let frame = table.add(words.add(1).read() as usize).cast();
                let outer = words.add(2).read();
                let outer_words = table.add(outer as usize).cast();
                next = (outer != NO_PLACE).then_some(Place(outer_words));
                Some(Frame {
                    words: frame,
                    table,
                })
            }
        })
    }
}

impl Frame {
    fn word(self, index: usize) -> u32 {
        // SAFETY: as in `Place::frames`; callers pass indices below `FRAME_WORDS`.
        unsafe { self.words.add(index).read() }
    }

    fn text(self, index: usize) -> &'static str {
        let (offset, size) = (self.word(index) as usize, self.word(index + 1) as usize);
        // SAFETY: as above; the table is constant data and its texts are UTF-8.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.table.add(offset).as_ptr(), size);
            std::str::from_utf8_unchecked(bytes)
        }
    }
}

/// The form in which tracebacks show it: what and where, the line, and the place underlined.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (function, file, text) = (self.text(0), self.text(2), self.text(5));
        let (line, column, width) = (self.word(4), self.word(7) as usize, self.word(8) as usize);
        writeln!(f, "  * {function} at {file}:{line}")?;
        writeln!(f, "  | {text}")?;
        write!(f, "  | {:column$}", "")?;
        match width {
            0..=2 => writeln!(f, "{:^<width$}", "", width = width.max(1)),
            _ => writeln!(f, "|{:_<width$}|", "", width = width - 2),
        }
    }
}

/// Equal frames in a row, and how many.
type Run = (Frame, usize);

/// Frames from the inside out. Of a deep recursion through several functions the innermost and the
/// outermost runs are kept.
#[derive(Default)]
pub(super) struct Traceback {
    inner: Vec<Run>,
    outer: VecDeque<Run>,
    omitted: usize,
}

const INNER_RUNS: usize = 400;
const OUTER_RUNS: usize = 100;
/// Equal frames in a row that are shown.
const REPEATED_MAX: usize = 3;

impl Traceback {
    /// Adds a frame around all so far.
    pub(super) fn push(&mut self, frame: Frame) {
        let last = self.outer.back_mut().or(self.inner.last_mut());
        if let Some((last, count)) = last
            && *last == frame
        {
            *count += 1;
        } else if self.inner.len() < INNER_RUNS {
            self.inner.push((frame, 1));
        } else {
            self.outer.push_back((frame, 1));
            if self.outer.len() > OUTER_RUNS {
                let (_, count) = self.outer.pop_front().unwrap_or((frame, 0));
                self.omitted += count;
            }
        }
    }
}

/// Words of a run of frames in bytes.
const RUN_WORDS: usize = 3;

impl Traceback {
    /// The traceback as words, in the byte order of the machine.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut words = vec![self.omitted, self.inner.len()];
        for (frame, count) in self.inner.iter().chain(&self.outer) {
            let addresses = [frame.words.as_ptr() as usize, frame.table.as_ptr() as usize];
            words.extend(addresses);
            words.push(*count);
        }
        words.into_iter().flat_map(usize::to_ne_bytes).collect()
    }

    /// The traceback that [`Self::to_bytes`] has made bytes of.
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let (words, _) = bytes.as_chunks();
        let words: Vec<usize> = words.iter().copied().map(usize::from_ne_bytes).collect();
        let [omitted, inner, runs @ ..] = words.as_slice() else {
            return Self::default();
        };
        let run = |run: &[usize; RUN_WORDS]| -> Option<Run> {
            let words = NonNull::new(run[0] as *mut u32)?;
            let table = NonNull::new(run[1] as *mut u8)?;
            Some((Frame { words, table }, run[2]))
        };
        let (runs, _) = runs.as_chunks();
        let mut runs = runs.iter().filter_map(run);
        Self {
            inner: runs.by_ref().take(*inner).collect(),
            outer: runs.collect(),
            omitted: *omitted,
        }
    }
}

fn write_run(out: &mut String, (frame, count): &Run) -> fmt::Result {
    for _ in 0..*count.min(&REPEATED_MAX) {
        write!(out, "{frame}")?;
    }
    if *count > REPEATED_MAX {
        let more = count - REPEATED_MAX;
        writeln!(out, "  [previous frame repeated {more} more times]")?;
    }
    Ok(())
}

/// What an uncaught exception prints: the exceptions that are its reasons, then itself.
pub(super) fn report(raised: &Raised) -> String {
    let mut parts = vec![report_one(&raised.exception, &raised.traceback)];
    for (exception, link) in before(raised) {
        let text = match link {
            Link::Cause => CAUSE_OF_NEXT,
            Link::Context | Link::Hidden => CONTEXT_OF_NEXT,
        };
        parts.push(text.to_owned());
        parts.push(report_one(&exception, &exception.traceback()));
    }
    parts.reverse();
    parts.concat()
}

/// The exceptions to tell before one, the last one first, and what each is to the next.
pub(super) fn before(raised: &Raised) -> Vec<(Exception, Link)> {
    let next = |(exception, _): &(Exception, Link)| exception.before();
    let first = raised.exception.before();
    std::iter::successors(first, next)
        .take(MOST_BEFORE)
        .collect()
}

/// What an uncaught exception prints of itself.
pub(super) fn report_one(exception: &Exception, traceback: &Traceback) -> String {
    let mut out = "Traceback (most recent call last):\n".to_owned();
    let write = |out: &mut String| -> fmt::Result {
        traceback
            .outer
            .iter()
            .rev()
            .try_for_each(|run| write_run(out, run))?;
        if traceback.omitted > 0 {
            writeln!(out, "  [{} frames omitted]", traceback.omitted)?;
        }
        traceback
            .inner
            .iter()
            .rev()
            .try_for_each(|run| write_run(out, run))?;
        writeln!(out, "\n{}: {}", exception.class_name(), exception.message())
    };
    // Writing to a string cannot fail.
    let _ = write(&mut out);
    out
}
