//! What others may ask a compiled program for, and how values cross its border.

use spy_lang::program::{FuncId, GlobalId, Program};
use spy_lang::source::Span;
use spy_lang::types::TypeId;

use super::Lowered;
use super::layout::{self, Content};

/// Something that a program does for others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Export {
    /// Calls a red function.
    Call(FuncId),
    /// Reads a module variable.
    Load(GlobalId),
    /// Writes a module variable.
    Store(GlobalId),
}

/// What the 64 bits of a slot are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlotKind {
    /// A number: an integer zero-extended, a float by its bits.
    Word,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// An exception.
    Exception,
    /// An address, which means something in the session host only: that gets it back as it gave
    /// it.
    Pointer,
}

/// The slots of what is asked for from outside; structs are flattened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportSignature {
    /// Those of its parameters, in order.
    pub params: Vec<SlotKind>,
    /// Those of its result.
    pub results: Vec<SlotKind>,
}

/// The slots of an export. Fails if it takes or returns what cannot be passed.
pub fn export_signature(program: &Program, export: Export) -> Lowered<ExportSignature> {
    let variable = |id: GlobalId| {
        let global = program.global(id);
        slots(program, global.ty, global.span)
    };
    let function = match export {
        Export::Call(function) => function,
        Export::Load(id) => {
            return Ok(ExportSignature {
                params: Vec::new(),
                results: variable(id)?,
            });
        }
        Export::Store(id) => {
            return Ok(ExportSignature {
                params: variable(id)?,
                results: Vec::new(),
            });
        }
    };
    let info = program.func(function);
    let Some(ty) = program.types.as_func(info.ty) else {
        unreachable!("functions have function types")
    };
    let mut params = Vec::new();
    for param in &ty.params {
        params.extend(slots(program, param.ty, info.prototype)?);
    }
    let results = slots(program, ty.result, info.prototype)?;
    Ok(ExportSignature { params, results })
}

fn slots(program: &Program, ty: TypeId, span: Span) -> Lowered<Vec<SlotKind>> {
    let leaves = layout::leaves(program, ty, span)?;
    let slot = |leaf: &layout::Leaf| match leaf.content {
        Content::Bits => SlotKind::Word,
        Content::Pointer(_) => SlotKind::Pointer,
        Content::Text => SlotKind::Text,
        Content::Bytes => SlotKind::Bytes,
        Content::Exception => SlotKind::Exception,
    };
    Ok(leaves.iter().map(slot).collect())
}

/// Whether the content of a module variable means something to another process of the program.
pub fn is_portable(program: &Program, id: GlobalId) -> bool {
    let global = program.global(id);
    let leaves = layout::leaves(program, global.ty, global.span);
    leaves.is_ok_and(|leaves| {
        leaves
            .iter()
            .all(|leaf| !matches!(leaf.content, Content::Pointer(_)))
    })
}
