//! What compiled programs and the runtime agree on: offsets, sizes and record formats.
//!
//! A string object is a header, its size in bytes, its length in code points and its text in
//! UTF-8. A memory object is its size in bytes and the memory. Constant objects in the program's
//! data have the same forms. The places of a program are
//! one blob of little-endian `u32` words and text, in which all offsets count from its start.

/// Bytes of a string object before its text.
pub const STR_HEADER_SIZE: usize = 24;
/// Offset of the cached hash, an `i32`; 0 if it has not been computed.
pub const STR_HASH_OFFSET: i32 = 4;
/// Offset of the size in bytes, a `u64`.
pub const STR_SIZE_OFFSET: i32 = 8;
/// Offset of the length in code points, a `u64`.
pub const STR_CHARS_OFFSET: i32 = 16;
/// Bytes of a memory object before the memory that pointers point to: its size in bytes, a `u64`.
pub const MEMORY_HEADER_SIZE: usize = 8;
/// Offset of the size from the start of the memory.
pub const MEMORY_SIZE_OFFSET: i32 = -8;
/// Offset in `spy_heap` of the address where free memory begins; all of it is zero.
pub const HEAP_NEXT_OFFSET: i32 = 0;
/// Offset in `spy_heap` of the address where it ends.
pub const HEAP_END_OFFSET: i32 = 8;
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

/// What the entry of a program returns after an exception; otherwise it returns the exit status.
pub const ENTRY_RAISED: i64 = i64::MIN;
