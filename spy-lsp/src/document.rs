//! An open document: its text, and what the last analysis said about it.

use std::ops::Range;
use std::sync::Arc;

use crate::analysis::Name;
use crate::text::{Lines, Point};

/// A change of a text.
#[derive(Debug)]
pub(crate) struct Edit {
    /// What is replaced; everything if absent.
    pub(crate) range: Option<Range<Point>>,
    /// The replacement.
    pub(crate) text: String,
}

/// A document that the editor has open.
#[derive(Debug)]
pub(crate) struct Document {
    /// The name that the editor uses for it.
    pub(crate) uri: String,
    /// The editor's number of the text.
    pub(crate) version: i32,
    /// Our own number of the text; no two texts of a session share one.
    pub(crate) revision: u64,
    /// The text.
    pub(crate) text: Arc<str>,
    /// Files that the last analysis looked for.
    pub(crate) read: std::collections::BTreeSet<String>,
    /// The text and the names of the last analysis that got as far as names.
    known: Option<(Arc<str>, Vec<Name>)>,
}

impl Document {
    /// A document that has not been analysed.
    pub(crate) fn new(uri: String, version: i32, revision: u64, text: &str) -> Self {
        Self {
            uri,
            version,
            revision,
            text: text.into(),
            read: std::collections::BTreeSet::new(),
            known: None,
        }
    }

    /// Changes the text. Places outside it are moved inside, ranges that end before they start are
    /// turned around.
    pub(crate) fn edit(&mut self, edit: &Edit) {
        let Some(range) = &edit.range else {
            self.text = edit.text.as_str().into();
            return;
        };
        let lines = Lines::of(&self.text);
        let (a, b) = (lines.offset(range.start), lines.offset(range.end));
        let mut text = self.text.to_string();
        text.replace_range(a.min(b)..a.max(b), &edit.text);
        self.text = text.into();
    }

    /// Keeps the names that an analysis of the current text found.
    pub(crate) fn remember(&mut self, names: Vec<Name>) {
        self.known = Some((self.text.clone(), names));
    }

    /// The name at a place, found where the place was when names were last known. The range is
    /// that of the name in the current text.
    pub(crate) fn name_at(&self, point: Point) -> Option<(&Name, Range<usize>)> {
        let (old, names) = self.known.as_ref()?;
        let offset = Lines::of(&self.text).offset(point);
        let shift = Shift::between(old, &self.text);
        let name = innermost(names, shift.to_old(offset)?)?;
        let (start, end) = (
            shift.to_new(name.range.start)?,
            shift.to_new(name.range.end)?,
        );
        (start <= end).then_some((name, start..end))
    }
}

/// The smallest of the ranges that contain an offset or end there.
fn innermost(names: &[Name], offset: usize) -> Option<&Name> {
    let touching = names
        .iter()
        .filter(|name| name.range.start <= offset && offset <= name.range.end);
    touching.min_by_key(|name| (name.range.len(), name.range.end == offset))
}

/// How one text became another: the bytes that both start and both end with are the same.
struct Shift {
    prefix: usize,
    suffix: usize,
    old_length: usize,
    new_length: usize,
}

impl Shift {
    fn between(old: &str, new: &str) -> Self {
        let (a, b) = (old.as_bytes(), new.as_bytes());
        let prefix = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let rest = a.len().min(b.len()) - prefix;
        let ends = a.iter().rev().zip(b.iter().rev()).take(rest);
        let suffix = ends.take_while(|(a, b)| a == b).count();
        Self {
            prefix,
            suffix,
            old_length: a.len(),
            new_length: b.len(),
        }
    }

    fn to_old(&self, offset: usize) -> Option<usize> {
        moved(
            offset,
            self.prefix,
            self.suffix,
            self.new_length,
            self.old_length,
        )
    }

    fn to_new(&self, offset: usize) -> Option<usize> {
        moved(
            offset,
            self.prefix,
            self.suffix,
            self.old_length,
            self.new_length,
        )
    }
}

/// An offset of one text in the other; `None` in the part that differs.
fn moved(offset: usize, prefix: usize, suffix: usize, from: usize, to: usize) -> Option<usize> {
    if offset <= prefix {
        Some(offset)
    } else if offset + suffix >= from {
        Some(offset + to - from)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, range: Option<[(u32, u32); 2]>, replacement: &str) -> String {
        let point = |(line, column_utf16)| Point { line, column_utf16 };
        let mut document = Document::new(String::new(), 0, 0, text);
        document.edit(&Edit {
            range: range.map(|[start, end]| point(start)..point(end)),
            text: replacement.to_owned(),
        });
        document.text.to_string()
    }

    #[test]
    fn edits_replace_ranges() {
        assert_eq!(edited("ab\ncd", Some([(0, 1), (1, 1)]), "X"), "aXd");
        assert_eq!(edited("ab\ncd", None, "new"), "new");
        assert_eq!(edited("ab\ncd", Some([(1, 1), (0, 1)]), "X"), "aXd");
        assert_eq!(edited("ab", Some([(9, 9), (9, 9)]), "X"), "abX");
    }

    #[test]
    fn offsets_move_with_the_text_around_a_change() {
        let shift = Shift::between("abc def", "abc XX def");
        assert_eq!(shift.to_old(1), Some(1));
        assert_eq!(shift.to_old(9), Some(6));
        assert_eq!(shift.to_new(6), Some(9));
        assert_eq!(shift.to_old(6), None);
    }
}
