//! The table of places for tracebacks, in the format of [`spy_runtime::abi::layout`].
//!
//! Offsets instead of addresses: the table needs no relocations and costs nothing when the program
//! starts.

use cranelift_module::{DataId, Linkage, Module as _};
use cranelift_object::ObjectModule;
use rustc_hash::FxHashMap;
use spy_runtime::abi::layout::{FRAME_WORDS, NO_PLACE, PLACE_WORDS};

use super::{data, internal};
use crate::error::CompileError;
use crate::mir::{Place, PlaceId};

const WORD_SIZE: usize = 4;

/// The table: places, frames, texts.
pub(super) struct Places {
    pub(super) data: DataId,
    bytes: Vec<u8>,
}

impl Places {
    pub(super) fn declare(
        object: &mut ObjectModule,
        places: &[Place],
    ) -> Result<Self, CompileError> {
        let data = object.declare_data("spy.places", Linkage::Local, false, false);
        Ok(Self {
            data: data.map_err(internal)?,
            bytes: encode(places),
        })
    }

    /// Offset of a place in the table.
    pub(super) fn offset(place: PlaceId) -> i64 {
        i64::from(place_offset(place.index()))
    }

    pub(super) fn define(&self, object: &mut ObjectModule) -> Result<(), CompileError> {
        data::define(object, self.data, self.bytes.clone(), |_, _| {})
    }
}

fn place_offset(index: usize) -> u32 {
    word(index * PLACE_WORDS * WORD_SIZE)
}

fn word(value: usize) -> u32 {
    u32::try_from(value).expect("the table of places is smaller than 4 GiB")
}

/// A frame: what a place shows, without the call it was inlined at.
type Frame<'p> = (&'p str, &'p str, u32, &'p str, u32, u32);

fn encode(places: &[Place]) -> Vec<u8> {
    let mut frames: Vec<Frame<'_>> = Vec::new();
    let mut frame_indices: FxHashMap<Frame<'_>, usize> = FxHashMap::default();
    let frames_start = places.len() * PLACE_WORDS * WORD_SIZE;
    let mut words = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let Place {
            function,
            file,
            line,
            text,
            column,
            width,
            caller,
        } = place;
        let frame = (
            function.as_str(),
            file.as_str(),
            *line,
            text.as_str(),
            *column,
            *width,
        );
        let at = *frame_indices.entry(frame).or_insert_with(|| {
            frames.push(frame);
            frames.len() - 1
        });
        let frame_offset = word(frames_start + at * FRAME_WORDS * WORD_SIZE);
        let outer = caller.map_or(NO_PLACE, |caller| place_offset(caller.index()));
        words.extend([place_offset(index), frame_offset, outer]);
    }
    let texts_start = frames_start + frames.len() * FRAME_WORDS * WORD_SIZE;
    let mut texts = Texts {
        start: texts_start,
        bytes: Vec::new(),
        spans: FxHashMap::default(),
    };
    for (function, file, line, text, column, width) in frames {
        let (function, file, text) = (texts.add(function), texts.add(file), texts.add(text));
        words.extend(function);
        words.extend(file);
        words.push(line);
        words.extend(text);
        words.extend([column, width]);
    }
    let mut bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    bytes.extend(texts.bytes);
    bytes
}

/// The texts at the end of the table, each once.
struct Texts<'p> {
    start: usize,
    bytes: Vec<u8>,
    spans: FxHashMap<&'p str, [u32; 2]>,
}

impl<'p> Texts<'p> {
    /// Offset and size of a text.
    fn add(&mut self, text: &'p str) -> [u32; 2] {
        let next = [word(self.start + self.bytes.len()), word(text.len())];
        let span = *self.spans.entry(text).or_insert(next);
        if span == next {
            self.bytes.extend_from_slice(text.as_bytes());
        }
        span
    }
}
