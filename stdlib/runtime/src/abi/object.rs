//! String and bytes objects.

use std::ptr::NonNull;

use super::heap::{Contents, try_allocate};
use super::layout::{STR_CHARS_OFFSET, STR_HASH_OFFSET, STR_HEADER_SIZE, STR_SIZE_OFFSET};
use super::start::fatal;
use crate::error::{ErrorKind, Raise};

/// A string object, its text behind it.
#[repr(C)]
pub(super) struct StrObject {
    header: u32,
    hash: i32,
    size_bytes: u64,
    chars: u64,
}

const _: () = {
    assert!(size_of::<StrObject>() == STR_HEADER_SIZE);
    assert!(std::mem::offset_of!(StrObject, hash) == STR_HASH_OFFSET as usize);
    assert!(std::mem::offset_of!(StrObject, size_bytes) == STR_SIZE_OFFSET as usize);
    assert!(std::mem::offset_of!(StrObject, chars) == STR_CHARS_OFFSET as usize);
};

/// The address of a string object. The collector sees it on the stack, but not in memory of Rust's
/// allocator.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Str(NonNull<StrObject>);

impl Str {
    /// A new object with this text.
    pub(super) fn new(text: &str) -> Self {
        Self::concat(text, "", text.chars().count())
    }

    /// A new object with two texts, which have `chars` code points together.
    pub(super) fn concat(left: &str, right: &str, chars: usize) -> Self {
        Self(new_object(left.as_bytes(), right.as_bytes(), chars))
    }

    /// The text.
    pub(super) fn as_str(self) -> &'static str {
        let size = self.object().size_bytes as usize;
        // SAFETY: `size` bytes of UTF-8 follow the header of every string object; they never
        // change, and the object lives as long as something on the stack points into it.
        unsafe {
            let text = self.0.add(1).cast::<u8>();
            std::str::from_utf8_unchecked(std::slice::from_raw_parts(text.as_ptr(), size))
        }
    }

    /// The number of code points.
    pub(super) fn chars(self) -> usize {
        self.object().chars as usize
    }

    /// The object as a slot holds it.
    pub(super) fn to_slot(self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// The object in a slot.
    ///
    /// # Safety
    /// The slot was made by [`Self::to_slot`] or by compiled code, as a text.
    pub(super) unsafe fn from_slot(slot: u64) -> Self {
        // SAFETY: addresses of objects are not zero.
        Self(unsafe { NonNull::new_unchecked(slot as *mut StrObject) })
    }

    fn object(self) -> &'static StrObject {
        // SAFETY: values of this type are made by `concat` or come from compiled code, which only
        // has addresses of string objects.
        unsafe { self.0.as_ref() }
    }
}

/// A new object with two contents one after the other.
fn new_object(left: &[u8], right: &[u8], chars: usize) -> NonNull<StrObject> {
    let size = left.len() + right.len();
    let Some(object) = try_allocate(STR_HEADER_SIZE + size, Contents::Plain) else {
        fatal(&Raise::new(ErrorKind::MemoryError, ""))
    };
    let object = object.cast::<StrObject>();
    let header = StrObject {
        header: 0,
        hash: 0,
        size_bytes: size as u64,
        chars: chars as u64,
    };
    // SAFETY: the memory is new, aligned for objects and large enough for header and contents.
    unsafe {
        object.write(header);
        let content = object.add(1).cast::<u8>();
        content.copy_from_nonoverlapping(NonNull::from(left).cast(), left.len());
        let rest = content.add(left.len());
        rest.copy_from_nonoverlapping(NonNull::from(right).cast(), right.len());
    }
    object
}

/// The address of a bytes object: laid out as a string, its length the size.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Bytes(NonNull<StrObject>);

impl Bytes {
    /// A new object with this content.
    pub(super) fn new(content: &[u8]) -> Self {
        Self(new_object(content, &[], content.len()))
    }

    /// The object as a slot holds it.
    pub(super) fn to_slot(self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// The object in a slot.
    ///
    /// # Safety
    /// The slot was made by [`Self::to_slot`] or by compiled code, as bytes.
    pub(super) unsafe fn from_slot(slot: u64) -> Self {
        // SAFETY: addresses of objects are not zero.
        Self(unsafe { NonNull::new_unchecked(slot as *mut _) })
    }

    /// The content.
    pub(super) fn as_slice(self) -> &'static [u8] {
        // SAFETY: values of this type are made by `new` or come from compiled code, which only has
        // addresses of bytes objects; they never change, and live as long as
        // something on the stack points into them.
        unsafe {
            let size = self.0.as_ref().size_bytes as usize;
            let content = self.0.add(1).cast::<u8>();
            std::slice::from_raw_parts(content.as_ptr(), size)
        }
    }
}
