//! Memory that pointers point into, and which of its bytes have been written.

/// So many bytes, and a mark for each that has been written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allocation(Storage);

/// Where bytes and marks lie. Marks are a bit for each byte, eight in a word.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Storage {
    /// In the allocation itself, if they are few.
    Inside {
        size: u8,
        written: [u8; INSIDE_BYTES / 8],
        bytes: [u8; INSIDE_BYTES],
    },
    /// In memory of their own.
    Outside { bytes: Vec<u8>, written: Vec<u8> },
}

/// Most bytes that lie in the allocation itself, which is not larger for them.
const INSIDE_BYTES: usize = 32;

impl Default for Allocation {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Allocation {
    /// Zeroed memory of which nothing has been written.
    #[inline]
    pub fn new(size: usize) -> Self {
        Self(if size <= INSIDE_BYTES {
            Storage::Inside {
                size: size as u8,
                written: [0; INSIDE_BYTES / 8],
                bytes: [0; INSIDE_BYTES],
            }
        } else {
            Storage::Outside {
                bytes: vec![0; size],
                written: vec![0; size.div_ceil(8)],
            }
        })
    }

    /// Bytes and marks.
    #[inline]
    fn parts(&self) -> (&[u8], &[u8]) {
        match &self.0 {
            Storage::Inside {
                size,
                written,
                bytes,
            } => (&bytes[..usize::from(*size)], written),
            Storage::Outside { bytes, written } => (bytes, written),
        }
    }

    #[inline]
    fn parts_mut(&mut self) -> (&mut [u8], &mut [u8]) {
        match &mut self.0 {
            Storage::Inside {
                size,
                written,
                bytes,
            } => (&mut bytes[..usize::from(*size)], written),
            Storage::Outside { bytes, written } => (bytes, written),
        }
    }

    /// The bytes; those that have not been written are zero.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.parts().0
    }

    /// How many bytes it has outside of itself.
    pub(super) fn outside_bytes(&self) -> usize {
        match &self.0 {
            Storage::Inside { .. } => 0,
            Storage::Outside { bytes, written } => bytes.len() + written.len(),
        }
    }

    /// The scalar of 1, 2, 4 or 8 bytes at an offset that is a multiple of that, zero-extended;
    /// `None` if it has not been written or does not lie in the memory.
    #[inline]
    pub fn load(&self, start: usize, size: usize) -> Option<u64> {
        // Sizes that are known are copied without a call.
        match size {
            8 => self.load_exactly::<8>(start),
            4 => self.load_exactly::<4>(start),
            2 => self.load_exactly::<2>(start),
            _ => self.load_exactly::<1>(start),
        }
    }

    #[inline(always)]
    fn load_exactly<const SIZE: usize>(&self, start: usize) -> Option<u64> {
        let (all, written) = self.parts();
        let source = all.get(start..start + SIZE)?;
        let marks = marks(start, SIZE);
        if written.get(start / 8)? & marks != marks {
            return None;
        }
        let mut bytes = [0; 8];
        bytes[..SIZE].copy_from_slice(source);
        Some(u64::from_le_bytes(bytes))
    }

    /// Two words from an offset on that is a multiple of eight; `None` if they have not been
    /// written or do not lie in the memory.
    #[inline]
    pub fn load_words(&self, start: usize) -> Option<[u64; 2]> {
        let (bytes, written) = self.parts();
        let bytes = bytes.get(start..start + 16)?;
        let (first, second) = (bytes.first_chunk()?, bytes.last_chunk()?);
        let is_written = written.get(start / 8..start / 8 + 2)? == [0xff; 2];
        is_written.then(|| [u64::from_le_bytes(*first), u64::from_le_bytes(*second)])
    }

    /// Words from an offset on that is a multiple of eight, to all of `slots`; `None`, and nothing
    /// has changed, if they have not been written or do not lie in the memory.
    #[inline]
    pub fn load_slots(&self, start: usize, slots: &mut [u64]) -> Option<()> {
        let (bytes, written) = self.parts();
        let bytes = bytes.get(start..start + 8 * slots.len())?;
        let written = written.get(start / 8..start / 8 + slots.len())?;
        if !written.iter().all(|marks| *marks == 0xff) {
            return None;
        }
        for (slot, bytes) in slots.iter_mut().zip(bytes.chunks_exact(8)) {
            *slot = u64::from_le_bytes(*bytes.first_chunk()?);
        }
        Some(())
    }

    /// Writes the low bytes of a scalar, at an offset as for [`Allocation::load`]; `None`, and
    /// nothing has changed, if it does not lie in the memory.
    #[inline]
    pub fn store(&mut self, start: usize, size: usize, value: u64) -> Option<()> {
        match size {
            8 => self.store_exactly::<8>(start, value),
            4 => self.store_exactly::<4>(start, value),
            2 => self.store_exactly::<2>(start, value),
            _ => self.store_exactly::<1>(start, value),
        }
    }

    #[inline(always)]
    fn store_exactly<const SIZE: usize>(&mut self, start: usize, value: u64) -> Option<()> {
        let (bytes, written) = self.parts_mut();
        let target = bytes.get_mut(start..start + SIZE)?;
        *written.get_mut(start / 8)? |= marks(start, SIZE);
        target.copy_from_slice(&value.to_le_bytes()[..SIZE]);
        Some(())
    }

    /// Sets all bytes of a range.
    pub fn fill(&mut self, start: usize, end: usize, byte: u8) {
        self.parts_mut().0[start..end].fill(byte);
        self.mark(start, end);
    }

    /// Copies the bytes from `start` to `end` to another place, with their marks.
    pub fn copy_within(&mut self, start: usize, end: usize, target: usize) {
        if self.is_written(start, end) {
            self.parts_mut().0.copy_within(start..end, target);
            self.mark(target, target + (end - start));
            return;
        }
        let source = self.piece(start, end);
        self.paste(&source, target);
    }

    /// A copy of the bytes from `start` to `end`, with their marks.
    pub fn piece(&self, start: usize, end: usize) -> Self {
        let mut piece = Self::new(end - start);
        piece
            .parts_mut()
            .0
            .copy_from_slice(&self.bytes()[start..end]);
        if self.is_written(start, end) {
            piece.mark(0, end - start);
        } else {
            let (_, written) = self.parts();
            let is_written = |at: usize| written[at / 8] & marks(at, 1) != 0;
            for at in (start..end).filter(|at| is_written(*at)) {
                piece.mark(at - start, at - start + 1);
            }
        }
        piece
    }

    /// Writes a piece to a place, with its marks.
    pub fn paste(&mut self, piece: &Self, target: usize) {
        let (source, marked) = piece.parts();
        let size = source.len();
        self.parts_mut().0[target..target + size].copy_from_slice(source);
        if piece.is_written(0, size) {
            self.mark(target, target + size);
            return;
        }
        let (_, written) = self.parts_mut();
        for at in 0..size {
            let mark = marks(target + at, 1);
            if marked[at / 8] & marks(at, 1) == 0 {
                written[(target + at) / 8] &= !mark;
            } else {
                written[(target + at) / 8] |= mark;
            }
        }
    }

    /// Takes the slot at an offset, a multiple of its size, as not written.
    pub(super) fn unmark_slot(&mut self, start: usize) {
        self.parts_mut().1[start / 8] = 0;
    }

    /// Marks the bytes of a range as written.
    fn mark(&mut self, start: usize, end: usize) {
        let (_, written) = self.parts_mut();
        for (word, mask) in masks(start, end) {
            written[word] |= mask;
        }
    }

    fn is_written(&self, start: usize, end: usize) -> bool {
        let (_, written) = self.parts();
        masks(start, end).all(|(word, mask)| written[word] & mask == mask)
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
        check_marks(Allocation::new(32));
    }

    #[test]
    fn marks_travel_with_bytes_outside() {
        check_marks(Allocation::new(40));
    }

    fn check_marks(mut memory: Allocation) {
        assert!(memory.store(4, 4, 7).is_some() && memory.store(9, 1, 1).is_some());
        assert!(memory.store(40, 4, 7).is_none());
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
