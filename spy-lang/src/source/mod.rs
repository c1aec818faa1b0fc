//! Source texts and places in them.
//!
//! A [`SourceMap`] owns every text the compiler has read; a [`Span`] is a byte range in one of them.
//! Byte offsets are the only form in which places travel through the compiler: line and column are
//! computed when a place is shown. Nothing here touches the file system.

mod map;
mod span;

pub use map::{LineColumn, SourceFile, SourceMap};
pub use span::{FileId, Span};
