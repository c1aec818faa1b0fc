//! `hash(x)`: a stable `i32` for each hashable primitive.
//!
//! The values are part of the language: equal in every engine, on every platform, in every run.
//! -1 is avoided for `i8`, `i32` and text; 0 is avoided for text, where it marks an object whose
//! hash has not been computed.

/// The hash of an `i8`: the value, except that -1 gives 2.
#[inline]
pub fn hash_i8(value: i8) -> i32 {
    hash_i32(i32::from(value))
}

/// The hash of an `i32`: the value, except that -1 gives 2.
#[inline]
pub fn hash_i32(value: i32) -> i32 {
    if value == -1 { 2 } else { value }
}

/// The hash of an `i64`: the low 32 bits, except that -1 gives 2.
#[inline]
pub fn hash_i64(value: i64) -> i32 {
    if value == -1 { 2 } else { value as i32 }
}

/// The hash of a `u8`: the value.
#[inline]
pub fn hash_u8(value: u8) -> i32 {
    i32::from(value)
}

/// The hash of a `u32`: its bits.
#[inline]
pub fn hash_u32(value: u32) -> i32 {
    value as i32
}

/// The hash of a `u64`: its low 32 bits.
#[inline]
pub fn hash_u64(value: u64) -> i32 {
    value as i32
}

/// The hash of a `bool`: 0 or 1.
#[inline]
pub fn hash_bool(value: bool) -> i32 {
    i32::from(value)
}

/// The hash of a `str`: that of its UTF-8 bytes.
#[inline]
pub fn hash_str(value: &str) -> i32 {
    hash_bytes(value.as_bytes())
}

/// The hash of a `bytes`: 32-bit FNV-1a, except that -1 gives -2 and 0 gives 1.
pub fn hash_bytes(value: &[u8]) -> i32 {
    const OFFSET: u32 = 2_166_136_261;
    const PRIME: u32 = 16_777_619;
    let hash = value.iter().fold(OFFSET, |hash, &byte| {
        (hash ^ u32::from(byte)).wrapping_mul(PRIME)
    });
    match hash as i32 {
        -1 => -2,
        0 => 1,
        hash => hash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_hash_to_their_low_bits() {
        assert_eq!((hash_i8(-1), hash_i8(-2)), (2, -2));
        assert_eq!((hash_i32(-1), hash_i32(7)), (2, 7));
        assert_eq!(
            (hash_i64(-1), hash_i64(1 << 32), hash_i64(0xffff_ffff)),
            (2, 0, -1)
        );
        assert_eq!(
            (hash_u8(255), hash_u32(u32::MAX), hash_u64(u64::MAX)),
            (255, -1, -1)
        );
        assert_eq!((hash_bool(false), hash_bool(true)), (0, 1));
    }

    #[test]
    fn text_hashes_with_fnv() {
        assert_eq!(hash_str("a"), -468_965_076);
        assert_eq!(hash_str(""), -2_128_831_035);
        assert_eq!(hash_bytes(b"a"), hash_str("a"));
    }
}
