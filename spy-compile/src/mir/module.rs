//! A whole program in MIR.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{FuncIndex, Function, MemoryId, PlaceId, PointerMapId, TextId};

/// A place in the source, as a traceback shows it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// The full name of the function.
    pub function: String,
    /// The name of the file.
    pub file: String,
    /// Line, 1-based; 0 if there is no source.
    pub line: u32,
    /// The text of that line.
    pub text: String,
    /// First column in code points, 0-based.
    pub column: u32,
    /// Number of code points to underline.
    pub width: u32,
    /// The call that was replaced by the body this place stands in.
    pub caller: Option<PlaceId>,
}

/// A constant string or bytes object; both are laid out alike.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Text {
    /// A string.
    Str(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
}

impl Text {
    /// What the object holds.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Str(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// Its length as the language counts: in code points, or in bytes.
    pub fn length(&self) -> usize {
        match self {
            Self::Str(text) => text.chars().count(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Str(text) => write!(out, "{text:?}"),
            Self::Bytes(bytes) => write!(out, "b\"{}\"", bytes.escape_ascii()),
        }
    }
}

/// What 64 bits of variables or memory hold when the program starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cell {
    /// These bits.
    Bits(u64),
    /// The address of a string or bytes object.
    Text(TextId),
    /// An address in memory: the memory, and an offset in bytes.
    Memory(MemoryId, i64),
}

/// Memory that exists when the program starts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Memory {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// The addresses in it, by offset in bytes.
    pub links: BTreeMap<u32, Cell>,
}

/// Where the items of memory have pointers to what the garbage collector frees.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PointerMap {
    /// Bytes from one item to the next.
    pub stride: u32,
    /// Offsets of the pointers in an item, in bytes.
    pub offsets: Vec<u32>,
}

/// A program: functions, constants and variables.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The functions; [`FuncIndex`] indexes it.
    pub functions: Vec<Function>,
    /// How many functions, the first ones, are called from outside.
    pub roots: usize,
    /// The constant strings and bytes, all different; [`TextId`] indexes it.
    pub texts: Vec<Text>,
    /// The places; [`PlaceId`] indexes it. A caller comes before what was inlined there.
    pub places: Vec<Place>,
    /// The variables; [`CellId`](super::CellId) indexes it.
    pub cells: Vec<Cell>,
    /// The memory that exists when the program starts; [`MemoryId`] indexes it.
    pub memories: Vec<Memory>,
    /// The maps, all different and all with pointers; see [`Self::pointer_map`].
    pub pointer_maps: Vec<PointerMap>,
    text_ids: FxHashMap<Text, TextId>,
    place_ids: FxHashMap<Place, PlaceId>,
    pointer_map_ids: FxHashMap<PointerMap, PointerMapId>,
}

impl Module {
    /// The constant object of a string.
    pub fn text(&mut self, text: &str) -> TextId {
        self.add_text(Text::Str(text.into()))
    }

    /// The constant object of bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> TextId {
        self.add_text(Text::Bytes(bytes.into()))
    }

    fn add_text(&mut self, text: Text) -> TextId {
        if let Some(id) = self.text_ids.get(&text) {
            return *id;
        }
        let id = TextId::new(self.texts.len());
        self.texts.push(text.clone());
        self.text_ids.insert(text, id);
        id
    }

    /// The id of a map: its number in `pointer_maps`, counted from 1, or none if it has no pointers.
    pub fn pointer_map(&mut self, map: PointerMap) -> PointerMapId {
        if map.offsets.is_empty() {
            return PointerMapId::NONE;
        }
        if let Some(id) = self.pointer_map_ids.get(&map) {
            return *id;
        }
        self.pointer_maps.push(map.clone());
        let id = PointerMapId::new(self.pointer_maps.len());
        self.pointer_map_ids.insert(map, id);
        id
    }

    /// The id of a place.
    pub fn place(&mut self, place: Place) -> PlaceId {
        if let Some(id) = self.place_ids.get(&place) {
            return *id;
        }
        let id = PlaceId::new(self.places.len());
        self.places.push(place.clone());
        self.place_ids.insert(place, id);
        id
    }

    /// The same place, seen from a function that the body was inlined into at `caller`.
    pub fn inlined_place(&mut self, place: PlaceId, caller: PlaceId) -> PlaceId {
        let mut inlined = self.places[place.index()].clone();
        inlined.caller = Some(match inlined.caller {
            Some(outer) => self.inlined_place(outer, caller),
            None => caller,
        });
        self.place(inlined)
    }

    /// A function.
    pub fn function(&self, index: FuncIndex) -> &Function {
        &self.functions[index.index()]
    }
}
