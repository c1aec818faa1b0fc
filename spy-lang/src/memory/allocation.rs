//! Memory that pointers point into, and which of its bytes have been written.

/// So many bytes, and a mark for each that has been written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Allocation {
    bytes: Vec<u8>,
    /// A bit for each byte, eight in a word.
    written: Vec<u8>,
}

impl Allocation {
    /// Zeroed memory of which nothing has been written.
    pub fn new(size: usize) -> Self {
        Self {
            bytes: vec![0; size],
            written: vec![0; size.div_ceil(8)],
        }
    }

    /// The bytes; those that have not been written are zero.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The scalar of 1, 2, 4 or 8 bytes at an offset that is a multiple of that, zero-extended;
    /// `None` if it has not been written.
    #[inline]
    pub fn load(&self, start: usize, size: usize) -> Option<u64> {
        let marks = marks(start, size);
        if self.written[start / 8] & marks != marks {
            return None;
        }
        let mut bytes = [0; 8];
        bytes[..size].copy_from_slice(&self.bytes[start..start + size]);
        Some(u64::from_le_bytes(bytes))
    }

    /// [`Allocation::load`] that also yields `None` if the scalar does not lie in the memory.
    #[inline]
    pub fn load_inside(&self, start: usize, size: usize) -> Option<u64> {
        (start + size <= self.bytes.len()).then(|| self.load(start, size))?
    }

    /// Two words from an offset on that is a multiple of eight; `None` if they do not lie in the
    /// memory or have not been written.
    #[inline]
    pub fn load_words(&self, start: usize) -> Option<[u64; 2]> {
        let bytes = self.bytes.get(start..start + 16)?;
        let (first, second) = (bytes.first_chunk()?, bytes.last_chunk()?);
        let is_written = self.written.get(start / 8..start / 8 + 2)? == [0xff; 2];
        is_written.then(|| [u64::from_le_bytes(*first), u64::from_le_bytes(*second)])
    }

    /// Words from an offset on that is a multiple of eight, to all of `slots`; `None`, and nothing
    /// has changed, if they do not lie in the memory or have not been written.
    #[inline]
    pub fn load_slots(&self, start: usize, slots: &mut [u64]) -> Option<()> {
        let bytes = self.bytes.get(start..start + 8 * slots.len())?;
        let written = self.written.get(start / 8..start / 8 + slots.len())?;
        if !written.iter().all(|marks| *marks == 0xff) {
            return None;
        }
        for (slot, bytes) in slots.iter_mut().zip(bytes.chunks_exact(8)) {
            *slot = u64::from_le_bytes(*bytes.first_chunk()?);
        }
        Some(())
    }

    /// [`Allocation::store`], or `None` if the scalar does not lie in the memory.
    #[inline]
    pub fn store_inside(&mut self, start: usize, size: usize, value: u64) -> Option<()> {
        (start + size <= self.bytes.len()).then(|| self.store(start, size, value))
    }

    /// Writes the low bytes of a scalar; the offset is as in [`Allocation::load`].
    #[inline]
    pub fn store(&mut self, start: usize, size: usize, value: u64) {
        self.written[start / 8] |= marks(start, size);
        self.bytes[start..start + size].copy_from_slice(&value.to_le_bytes()[..size]);
    }

    /// Sets all bytes of a range.
    pub fn fill(&mut self, start: usize, end: usize, byte: u8) {
        self.bytes[start..end].fill(byte);
        self.mark(start, end);
    }

    /// Copies the bytes from `start` to `end` to another place, with their marks.
    pub fn copy_within(&mut self, start: usize, end: usize, target: usize) {
        if self.is_written(start, end) {
            self.bytes.copy_within(start..end, target);
            self.mark(target, target + (end - start));
            return;
        }
        let source = self.piece(start, end);
        self.paste(&source, target);
    }

    /// A copy of the bytes from `start` to `end`, with their marks.
    pub fn piece(&self, start: usize, end: usize) -> Self {
        let mut piece = Self {
            bytes: self.bytes[start..end].to_vec(),
            written: vec![0; (end - start).div_ceil(8)],
        };
        if self.is_written(start, end) {
            piece.mark(0, end - start);
        } else {
            let is_written = |at: usize| self.written[at / 8] & marks(at, 1) != 0;
            for at in (start..end).filter(|at| is_written(*at)) {
                piece.mark(at - start, at - start + 1);
            }
        }
        piece
    }

    /// Writes a piece to a place, with its marks.
    pub fn paste(&mut self, piece: &Self, target: usize) {
        let size = piece.bytes.len();
        self.bytes[target..target + size].copy_from_slice(&piece.bytes);
        if piece.is_written(0, size) {
            self.mark(target, target + size);
            return;
        }
        for at in 0..size {
            let mark = marks(target + at, 1);
            if piece.written[at / 8] & marks(at, 1) == 0 {
                self.written[(target + at) / 8] &= !mark;
            } else {
                self.written[(target + at) / 8] |= mark;
            }
        }
    }

    /// Takes the slot at an offset, a multiple of its size, as not written.
    pub(super) fn unmark_slot(&mut self, start: usize) {
        self.written[start / 8] = 0;
    }

    /// Marks the bytes of a range as written.
    fn mark(&mut self, start: usize, end: usize) {
        for (word, mask) in masks(start, end) {
            self.written[word] |= mask;
        }
    }

    fn is_written(&self, start: usize, end: usize) -> bool {
        masks(start, end).all(|(word, mask)| self.written[word] & mask == mask)
    }
}

/// The marks of a scalar within the word of its first byte.
const fn marks(start: usize, size: usize) -> u8 {
    (0xff_u8 >> (8 - size)) << (start % 8)
}

/// The words of the marks of a range, with the bits in it.
fn masks(start: usize, end: usize) -> impl Iterator<Item = (usize, u8)> {
    let words = if start < end { end.div_ceil(8) } else { 0 };
    (start / 8..words).map(move |word| {
        let from = start.max(word * 8);
        let to = end.min(word * 8 + 8);
        (word, marks(from, to - from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_moved_anywhere() {
        let mut memory = Allocation::new(16);
        memory.copy_within(9, 9, 13);
        memory.fill(5, 5, 1);
        memory.copy_within(16, 16, 3);
        assert_eq!(memory, Allocation::new(16));
    }

    #[test]
    fn marks_travel_with_bytes() {
        let mut memory = Allocation::new(32);
        memory.store(4, 4, 7);
        memory.store(9, 1, 1);
        assert_eq!(memory.load(4, 4), Some(7));
        assert_eq!((memory.load(0, 4), memory.load(8, 1)), (None, None));
        memory.copy_within(4, 10, 17);
        assert_eq!((memory.load(17, 1), memory.load(22, 1)), (Some(7), Some(1)));
        assert_eq!((memory.load(21, 1), memory.load(23, 1)), (None, None));
        memory.fill(3, 30, 9);
        assert_eq!(memory.load(16, 8), Some(0x0909_0909_0909_0909));
        assert_eq!((memory.load(2, 1), memory.load(31, 1)), (None, None));
        memory.copy_within(0, 3, 16);
        assert_eq!((memory.load(16, 1), memory.load(19, 1)), (None, Some(9)));
    }
}
