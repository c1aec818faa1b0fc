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
    /// Offsets of those that are not pointers: they are never NULL.
    pub(super) objects: OffsetsId,
}

impl Items {
    /// Bytes, without references.
    pub(super) const BYTES: Self = Self {
        stride: 1,
        references: OffsetsId::NONE,
        objects: OffsetsId::NONE,
    };
}

/// How items of a type lie in memory.
pub fn items(program: &mut Program, item: TypeId) -> Items {
    let (mut all, mut objects) = (Vec::new(), Vec::new());
    references(program, item, 0, &mut |offset, ty| {
        all.push(offset);
        if program.types.as_ptr(ty).is_none() {
            objects.push(offset);
        }
    });
    Items {
        stride: program.types.size_and_align(item).0.max(1),
        references: program.heap.offsets(all),
        objects: program.heap.offsets(objects),
    }
}

/// The offset and type of each reference in a value at an offset.
fn references(program: &Program, ty: TypeId, offset: u32, found: &mut dyn FnMut(u32, TypeId)) {
    match program.types.kind(ty) {
        TypeKind::None
        | TypeKind::Bool
        | TypeKind::Int(_)
        | TypeKind::Float(_)
        | TypeKind::Complex => {}
        TypeKind::Struct(Some(layout)) => {
            for field in layout.fields.iter() {
                references(program, field.ty, offset + field.offset_bytes, found);
            }
        }
        _ => found(offset, ty),
    }
}
