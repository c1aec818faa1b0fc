//! Places in a text as editors count them: lines, and columns in UTF-16 code units.

use std::ops::Range;

/// A place: line and column, both 0-based.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Point {
    /// The line.
    pub(crate) line: u32,
    /// The column in UTF-16 code units.
    pub(crate) column_utf16: u32,
}

/// The lines of a text.
pub(crate) struct Lines<'t> {
    text: &'t str,
    /// Byte offset of the first byte of each line.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Lines end with `\n`, `\r\n` or `\r`.
    pub(crate) fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |&index: &usize| {
            bytes[index] == b'\n' || (bytes[index] == b'\r' && bytes.get(index + 1) != Some(&b'\n'))
        };
        let starts = (0..bytes.len()).filter(ends_line).map(|index| index + 1);
        Self {
            text,
            starts: [0].into_iter().chain(starts).collect(),
        }
    }

    /// The byte offset of a place. What lies beyond a line counts as its end, what lies beyond the
    /// text as the end of that; a column within a character as its start.
    pub(crate) fn offset(&self, point: Point) -> usize {
        let line = point.line as usize;
        let Some(&start) = self.starts.get(line) else {
            return self.text.len();
        };
        let end = self
            .starts
            .get(line + 1)
            .copied()
            .unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\n', '\r']);
        let mut column = 0;
        for (index, char) in line.char_indices() {
            column += char.len_utf16();
            if column > point.column_utf16 as usize {
                return start + index;
            }
        }
        start + line.len()
    }

    /// The place of a byte offset; offsets past the end count as the end.
    pub(crate) fn point(&self, offset: usize) -> Point {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = self.text[self.starts[line]..offset].encode_utf16().count();
        let count = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Point {
            line: count(line),
            column_utf16: count(column),
        }
    }

    /// The places of both ends of a byte range.
    pub(crate) fn points(&self, range: &Range<usize>) -> Range<Point> {
        self.point(range.start)..self.point(range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, column_utf16: u32) -> Point {
        Point { line, column_utf16 }
    }

    #[test]
    fn columns_count_utf16_units() {
        let lines = Lines::of("a𝄞é\r\nb\rc\n");
        for (offset, point) in [
            (0, at(0, 0)),
            (1, at(0, 1)),
            (5, at(0, 3)),
            (9, at(1, 0)),
            (11, at(2, 0)),
        ] {
            assert_eq!(lines.point(offset), point);
            assert_eq!(lines.offset(point), offset);
        }
        assert_eq!(lines.offset(at(0, 2)), 1);
    }

    #[test]
    fn places_outside_are_moved_inside() {
        let lines = Lines::of("ab\ncd");
        assert_eq!(lines.offset(at(0, 99)), 2);
        assert_eq!(lines.offset(at(7, 0)), 5);
        assert_eq!(lines.offset(at(u32::MAX, u32::MAX)), 5);
        assert_eq!(lines.point(99), at(1, 2));
        assert_eq!(Lines::of("").offset(at(3, 3)), 0);
    }
}
