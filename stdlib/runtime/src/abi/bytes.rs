//! Operations on bytes objects, which are laid out as strings.

use super::exception::Outcome;
use super::object::{Bytes, Str};
use crate::bytes;
use crate::hash::hash_bytes;
use crate::text::bytes_repr;

#[unsafe(no_mangle)]
extern "C" fn spy_str_encode(text: Str) -> Bytes {
    Bytes::new(text.as_str().as_bytes())
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_len(of: Bytes) -> i32 {
    of.as_slice().len() as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_getitem(of: Bytes, position: i32) -> Outcome<i64> {
    bytes::index(of.as_slice(), i64::from(position))
        .map(i64::from)
        .into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_eq(left: Bytes, right: Bytes) -> bool {
    left.as_slice() == right.as_slice()
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_add(left: Bytes, right: Bytes) -> Bytes {
    Bytes::new(&[left.as_slice(), right.as_slice()].concat())
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_mul(of: Bytes, times: i32) -> Outcome<Option<Bytes>> {
    bytes::repeat(of.as_slice(), i64::from(times))
        .map(|repeated| Some(Bytes::new(&repeated)))
        .into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_hash(of: Bytes) -> i32 {
    hash_bytes(of.as_slice())
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_repr(of: Bytes) -> Str {
    Str::new(&bytes_repr(of.as_slice()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_decode(of: Bytes) -> Outcome<Option<Str>> {
    Outcome::of_text(bytes::decode(of.as_slice()).map(Str::new))
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_chars(of: Bytes) -> Str {
    Str::new(&bytes::chars(of.as_slice()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_bytes_from_chars(text: Str) -> Outcome<Option<Bytes>> {
    bytes::of_chars(text.as_str())
        .map(|bytes| Some(Bytes::new(&bytes)))
        .into()
}
