//! Places: a file and a half-open byte range.

/// Identifies a text in a [`SourceMap`](super::SourceMap).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

impl FileId {
    /// The file of everything that has no source text: builtins.
    pub const BUILTINS: Self = Self(0);
}

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// UTF-8 offset of the first byte.
    pub start: u32,
    /// UTF-8 offset past the last byte.
    pub end: u32,
}

impl Span {
    /// The place of things without source text.
    pub const BUILTINS: Self = Self::new(FileId::BUILTINS, 0, 0);

    /// A span from `start` up to, not including, `end` (UTF-8 offsets).
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that covers both; both lie in the same file.
    pub fn to(self, other: Self) -> Self {
        Self::new(
            self.file,
            self.start.min(other.start),
            self.end.max(other.end),
        )
    }

    /// Whether this is the place of something without source text.
    pub fn is_builtin(self) -> bool {
        self.file == FileId::BUILTINS
    }

    /// Whether the other span lies in this one.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Whether the UTF-8 offset lies in the span or right after it.
    pub fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }
}
