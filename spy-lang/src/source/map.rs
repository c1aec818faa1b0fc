//! The texts themselves, and the way from offsets to lines and columns.

use std::rc::Rc;

use super::{FileId, Span};

/// A place as people count it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// Line, 1-based.
    pub line: u32,
    /// Column in code points, 0-based.
    pub column: u32,
}

/// One text with its name and line index.
#[derive(Debug)]
pub struct SourceFile {
    /// The name shown in messages: the path as it was given.
    pub name: Rc<str>,
    /// The text.
    pub text: Rc<str>,
    /// UTF-8 offset of the first byte of each line.
    line_starts: Vec<u32>,
}

impl SourceFile {
    fn new(name: Rc<str>, text: Rc<str>) -> Self {
        let mut line_starts = vec![0];
        let bytes = text.as_bytes();
        for (index, byte) in bytes.iter().enumerate() {
            let ends_line =
                *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
            if ends_line {
                line_starts.push(offset(index + 1));
            }
        }
        Self {
            name,
            text,
            line_starts,
        }
    }

    /// Number of lines; an empty text has one.
    pub fn line_count(&self) -> u32 {
        offset(self.line_starts.len())
    }

    /// The line (1-based) that contains the byte at `position`.
    pub fn line_of(&self, position: u32) -> u32 {
        offset(self.line_starts.partition_point(|start| *start <= position))
    }

    /// The text of a line (1-based) without its line end; empty if there is no such line.
    pub fn line_text(&self, line: u32) -> &str {
        let Some((start, end)) = self.line_range(line) else {
            return "";
        };
        self.text[start as usize..end as usize].trim_end_matches(['\n', '\r'])
    }

    /// Byte range of a line (1-based) including its line end.
    fn line_range(&self, line: u32) -> Option<(u32, u32)> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.line_starts.get(index)?;
        let end = self
            .line_starts
            .get(index + 1)
            .copied()
            .unwrap_or(offset(self.text.len()));
        Some((start, end))
    }

    /// UTF-8 offset of the end of a line's text (1-based), before its line end.
    pub fn line_end(&self, line: u32) -> u32 {
        let Some((start, _)) = self.line_range(line) else {
            return offset(self.text.len());
        };
        start + offset(self.line_text(line).len())
    }

    /// UTF-8 offset of the first byte of a line (1-based).
    pub fn line_start(&self, line: u32) -> u32 {
        self.line_range(line)
            .map_or(offset(self.text.len()), |(start, _)| start)
    }

    /// Line and column of a UTF-8 offset; offsets past the end count as the end.
    pub fn line_column(&self, position: u32) -> LineColumn {
        let mut position = position.min(offset(self.text.len())) as usize;
        while !self.text.is_char_boundary(position) {
            position -= 1;
        }
        let line = self.line_of(offset(position));
        let start = self.line_start(line) as usize;
        let column = offset(self.text[start..position].chars().count());
        LineColumn { line, column }
    }
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).expect("sources are limited to 4 GiB when they are added")
}

/// Every text read so far. File 0 is the empty text of the builtins.
#[derive(Debug)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl Default for SourceMap {
    fn default() -> Self {
        Self {
            files: vec![SourceFile::new("<builtins>".into(), "".into())],
        }
    }
}

impl SourceMap {
    /// Adds a text under the name to show in messages. Texts over 256 MiB are cut there.
    pub fn add(&mut self, name: impl Into<Rc<str>>, text: impl Into<Rc<str>>) -> FileId {
        let mut text: Rc<str> = text.into();
        if text.len() > Self::MAX_BYTES {
            let mut end = Self::MAX_BYTES;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text = text[..end].into();
        }
        self.files.push(SourceFile::new(name.into(), text));
        FileId(offset(self.files.len() - 1))
    }

    const MAX_BYTES: usize = 256 << 20;

    /// The file that was added last under a name.
    pub fn named(&self, name: &str) -> Option<FileId> {
        let found = self.files.iter().rposition(|file| &*file.name == name)?;
        u32::try_from(found).ok().map(FileId)
    }

    /// The file of an id handed out by this map.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text a span covers.
    pub fn text(&self, span: Span) -> &str {
        let text = &self.file(span.file).text;
        text.get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Line and column of the start of a span.
    pub fn start(&self, span: Span) -> LineColumn {
        self.file(span.file).line_column(span.start)
    }

    /// Line and column of the end of a span.
    pub fn end(&self, span: Span) -> LineColumn {
        self.file(span.file).line_column(span.end)
    }

    /// The part of a span that lies on its first line.
    pub fn first_line(&self, span: Span) -> Span {
        let file = self.file(span.file);
        let end = file.line_end(file.line_of(span.start));
        Span::new(span.file, span.start, span.end.min(end).max(span.start))
    }
}
