//! How values cross the border of a compiled program, for functions that others call.

use spy_lang::program::{FuncId, Program};
use spy_lang::source::Span;
use spy_lang::types::TypeId;

use super::Lowered;
use super::layout::{self, Content};

/// What the 64 bits of a slot are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlotKind {
    /// A number: an integer zero-extended, a float by its bits.
    Word,
    /// A text.
    Text,
}

/// The slots of a function that is called from outside; structs are flattened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportSignature {
    /// Those of its parameters, in order.
    pub params: Vec<SlotKind>,
    /// Those of its result.
    pub results: Vec<SlotKind>,
}

/// The slots of a red function. Fails if it takes or returns what cannot be passed.
pub fn export_signature(program: &Program, function: FuncId) -> Lowered<ExportSignature> {
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
        // A pointer means something in the session host only, which gets it back as it gave it.
        Content::Bits | Content::Pointer(_) => Ok(SlotKind::Word),
        Content::Text => Ok(SlotKind::Text),
        Content::Exception => {
            let label = "a part of a parameter or result is an exception".to_owned();
            let what = "exceptions between processes";
            Err(layout::unsupported(what, label, span))
        }
        Content::Bytes => {
            let label = "a part of a parameter or result is `bytes`".to_owned();
            Err(layout::unsupported("bytes between processes", label, span))
        }
    };
    leaves.iter().map(slot).collect()
}
