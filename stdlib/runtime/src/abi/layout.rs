//! What compiled programs and the runtime agree on: offsets, sizes and record formats.
//!
//! A string object is a header, its size in bytes, its length in code points and its text in
//! UTF-8. A memory object is a header, which has its size in bytes and the number of a map, and the
//! memory; the map tells where its pointers are. Constant objects in the program's
//! data have the same forms. The places of a program are
//! one blob of little-endian `u32` words and text, in which all offsets count from its start.

use super::size_class::CELL_SIZES;

/// Bytes of a string object before its text.
pub const STR_HEADER_SIZE: usize = 24;
/// Offset of the cached hash, an `i32`; 0 if it has not been computed.
pub const STR_HASH_OFFSET: i32 = 4;
/// Offset of the size in bytes, a `u64`.
pub const STR_SIZE_OFFSET: i32 = 8;
/// Offset of the length in code points, a `u64`.
pub const STR_CHARS_OFFSET: i32 = 16;
/// Bytes of a memory object before the memory that pointers point to: its header, a `u64`.
pub const MEMORY_HEADER_SIZE: usize = 8;
/// Offset of the header from the start of the memory.
pub const MEMORY_HEADER_OFFSET: i32 = -8;
/// The low bits of a header are the size of the memory in bytes, the others the number of its map.
pub const MEMORY_SIZE_BITS: u32 = 40;
/// Bytes of an area of `spy_heap`: the address where its free cells begin, all of them zero, and
/// the address where they end.
pub const AREA_SIZE: usize = 16;
/// Offset in an area of the address where free cells begin.
pub const AREA_NEXT_OFFSET: i32 = 0;
/// Offset in an area of the address where they end.
pub const AREA_END_OFFSET: i32 = 8;
/// How many areas there are: two for each size of cell.
pub const AREAS: usize = 2 * CELL_SIZES.len();

/// The position in `spy_heap` of the area for objects of a size class, with pointers or without.
#[inline]
pub const fn area_index(class: usize, has_pointers: bool) -> usize {
    2 * class + has_pointers as usize
}

/// The header of a memory object.
#[inline]
pub const fn memory_header(size_bytes: u64, map: u32) -> u64 {
    size_bytes | (map as u64) << MEMORY_SIZE_BITS
}

/// The number of the map of memory without pointers.
pub const NO_POINTERS: u32 = 0;
/// The number of the map of exception objects, which no program has in its own maps.
pub const EXCEPTION_MAP: u32 = (1 << (64 - MEMORY_SIZE_BITS)) - 1;
/// Bytes of an exception object behind its header.
pub const EXCEPTION_SIZE: u64 = 40;
/// Offsets of the pointers of an exception object, from behind its header: the message, the lineage
/// of a class that the program defines, and what only the runtime knows.
pub const EXCEPTION_POINTERS: &[u32] = &[8, 16, 24, 32];
/// Words, each a `u64`, of what a program tells the collector: the address and number of its
/// variables, the address of its constant memory, the address and number of the offsets in it
/// where pointers are (each a `u32`), the address of its maps.
///
/// The maps start with the index in words, each a `u32`, of each map by number. A map is the
/// bytes from one item to the next, the number of pointers in an item, and their offsets in it.
pub const PROGRAM_WORDS: usize = 6;
/// The word before the header of memory that a program starts with: it is not freed.
pub const STATIC_MEMORY: u64 = u64::MAX;
/// Alignment of objects in bytes.
pub const OBJECT_ALIGN: u64 = 8;

/// Words of a place: its own offset, the offset of its frame, the offset of the place around it.
pub const PLACE_WORDS: usize = 3;
/// Instead of the offset of the place around a place that was not inlined.
pub const NO_PLACE: u32 = u32::MAX;
/// Words of a frame: offset and size of the function's name, offset and size of the file's name,
/// line, offset and size of the line's text, column, width.
pub const FRAME_WORDS: usize = 9;

/// Bytes of the record of a function of a session: its wrapper, then for parameters and results
/// the address and the number of the kinds of their slots, a byte each.
pub const SESSION_RECORD_SIZE: usize = 40;
/// The kind of a slot that is a number.
pub const SLOT_WORD: u8 = b'w';
/// The kind of a slot that is the address of a string object.
pub const SLOT_TEXT: u8 = b's';
/// The kind of a slot that is the address of a bytes object.
pub const SLOT_BYTES: u8 = b'b';
/// The kind of a slot that is the address of an exception object.
pub const SLOT_EXCEPTION: u8 = b'e';
/// The kind of a slot that is the address of memory, which lives as long as the program from then on.
pub const SLOT_POINTER: u8 = b'p';

/// What the entry of a program returns after an exception; otherwise it returns the exit status.
pub const ENTRY_RAISED: i64 = i64::MIN;
