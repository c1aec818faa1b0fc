//! The operations of `str`, counted in code points over UTF-8 storage.
//!
//! All positions and lengths are code points, as in Python; text that is pure ASCII takes a path
//! where they are byte offsets. Results that are part of an operand borrow from it. Behavior is that
//! of CPython 3.11 unless an item says otherwise.

mod case;
mod character;
mod classify;
pub mod cursor;
mod index;
mod pad;
mod search;
mod split;
mod strip;
mod unicode_table;

pub use case::{capitalize, casefold, lower, swapcase, title, upper};
pub use character::{chr, ord};
pub use classify::{
    isalnum, isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric, isprintable,
    isspace, istitle, isupper,
};
pub use index::{
    SliceIndices, byte_offset, compare, concat, index, index_with_len, len, repeat, slice,
    slice_indices, slice_with_len,
};
pub(crate) use pad::surround;
pub use pad::{center, expandtabs, ljust, rjust, zfill};
pub use search::{
    contains, count, endswith, find, index_of, replace, rfind, rindex_of, startswith,
};
pub use split::{
    join, partition, rpartition, rsplit, rsplit_whitespace, split, split_whitespace, splitlines,
};
pub use strip::{lstrip, removeprefix, removesuffix, rstrip, strip, strip_ends};
