//! Sizes of cells: small objects are rounded up to one of a few sizes.
//!
//! Compiled code computes the class of objects whose size it knows, so this is part of the contract
//! with it. At most a third of a cell is wasted.

/// Sizes of cells in bytes, by class.
pub const CELL_SIZES: [u16; 27] = [
    16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768,
    1024, 1280, 1536, 2048, 2720, 4088,
];
/// The size in bytes of the largest cell.
pub const CELL_SIZE_MAX: usize = CELL_SIZES[CELL_SIZES.len() - 1] as usize;
/// Sizes are multiples of this.
const STEP: usize = 8;

/// The class by size, rounded up and divided by [`STEP`].
static CLASSES: [u8; CELL_SIZE_MAX / STEP + 1] = classes();

const fn classes() -> [u8; CELL_SIZE_MAX / STEP + 1] {
    let mut classes = [0; CELL_SIZE_MAX / STEP + 1];
    let (mut class, mut steps) = (0, 0);
    while steps < classes.len() {
        if steps * STEP > CELL_SIZES[class] as usize {
            class += 1;
        }
        classes[steps] = class as u8;
        steps += 1;
    }
    classes
}

/// The class of an object of `size_bytes`, its header included; `None` if it is large.
#[inline]
pub fn size_class(size_bytes: usize) -> Option<usize> {
    let class = CLASSES.get(size_bytes.div_ceil(STEP))?;
    Some(usize::from(*class))
}

#[cfg(test)]
mod tests {
    use super::{CELL_SIZE_MAX, CELL_SIZES, size_class};

    #[test]
    fn class_is_the_smallest_that_fits() {
        for size in 0..=CELL_SIZE_MAX {
            let class = size_class(size).unwrap();
            assert!(size <= usize::from(CELL_SIZES[class]));
            assert!(class == 0 || size > usize::from(CELL_SIZES[class - 1]));
        }
        assert_eq!(size_class(CELL_SIZE_MAX + 1), None);
    }
}
