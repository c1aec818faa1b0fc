//! How items lie in memory, as far as collections need to know.

use crate::program::Program;
use crate::types::{TypeId, TypeKind};

/// Names a list of offsets of the heap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct OffsetsId(pub(super) u32);

impl OffsetsId {
    /// The list without offsets.
    pub(super) const NONE: Self = Self(0);
}

/// Items of memory: their size, and where they have references.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Items {
    /// Bytes from one item to the next, at least 1.
    pub(super) stride: u32,
    /// Offsets of references in an item.
    pub(super) references: OffsetsId,
}

/// How items of a type lie in memory.
pub fn items(program: &mut Program, item: TypeId) -> Items {
    let mut offsets = Vec::new();
    references(program, item, 0, &mut offsets);
    Items {
        stride: program.types.size_and_align(item).0.max(1),
        references: program.heap.offsets(offsets),
    }
}

/// Appends the offsets of the references in a value at an offset.
fn references(program: &Program, ty: TypeId, offset: u32, out: &mut Vec<u32>) {
    match program.types.kind(ty) {
        TypeKind::None
        | TypeKind::Bool
        | TypeKind::Int(_)
        | TypeKind::Float(_)
        | TypeKind::Complex => {}
        TypeKind::Struct(Some(layout)) => {
            for field in layout.fields.iter() {
                references(program, field.ty, offset + field.offset_bytes, out);
            }
        }
        _ => out.push(offset),
    }
}
