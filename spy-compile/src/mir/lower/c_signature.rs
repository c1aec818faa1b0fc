//! Which functions C can call, and how their parameters and results look there.
//!
//! Numbers, pointers to memory that the program frees, and structs of those have a form in C.
//! Objects that the garbage collector frees have none: it would not know that C refers to them.

use spy_lang::program::{FuncId, Program};
use spy_lang::types::{IntType, MemoryKind, PtrType, TypeId, TypeKind};

use super::layout;
use crate::mir::Ty;

/// A value as C passes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CValue {
    /// Its size in bytes.
    pub size_bytes: u32,
    /// Offset and type of its scalars, in order.
    pub leaves: Vec<(u32, Ty)>,
    /// Whether it is passed as a struct is.
    pub is_aggregate: bool,
    /// Whether it is an integer with a sign, which C extends narrow ones by.
    pub is_signed: bool,
}

/// The signature of a function as C sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CSignature {
    /// The parameters in order.
    pub params: Vec<CValue>,
    /// The result; `None` for `void`.
    pub result: Option<CValue>,
}

/// How C calls a red function. Fails with the first of its types that has no form in C.
pub fn c_signature(program: &Program, function: FuncId) -> Result<CSignature, TypeId> {
    let info = program.func(function);
    let Some(ty) = program.types.as_func(info.ty) else {
        unreachable!("functions have function types")
    };
    let params = ty.params.iter().map(|param| value(program, param.ty));
    Ok(CSignature {
        params: params.collect::<Result<_, _>>()?,
        result: match ty.result {
            TypeId::NONE => None,
            result => Some(value(program, result)?),
        },
    })
}

fn value(program: &Program, ty: TypeId) -> Result<CValue, TypeId> {
    if !has_c_form(program, ty) {
        return Err(ty);
    }
    let span = program.types.get(ty).span;
    let leaves = layout::leaves(program, ty, span).map_err(|_| ty)?;
    Ok(CValue {
        size_bytes: program.types.size_and_align(ty).0,
        leaves: leaves.iter().map(|leaf| (leaf.offset, leaf.ty)).collect(),
        is_aggregate: matches!(
            program.types.kind(ty),
            TypeKind::Struct(_) | TypeKind::Complex
        ),
        is_signed: program.types.as_int(ty).is_some_and(IntType::is_signed),
    })
}

/// Whether values of a type can be passed to and from C.
pub fn has_c_form(program: &Program, ty: TypeId) -> bool {
    match program.types.kind(ty) {
        TypeKind::Bool | TypeKind::Int(_) | TypeKind::Float(_) | TypeKind::Complex => true,
        TypeKind::Ptr(PtrType { memory, .. }) => *memory == MemoryKind::Raw,
        // C has no empty structs.
        TypeKind::Struct(Some(layout)) => {
            let mut fields = layout.fields.iter();
            !layout.fields.is_empty() && fields.all(|field| has_c_form(program, field.ty))
        }
        TypeKind::Struct(None)
        | TypeKind::Object
        | TypeKind::Dynamic
        | TypeKind::Type
        | TypeKind::Module
        | TypeKind::None
        | TypeKind::NotImplemented
        | TypeKind::Str
        | TypeKind::Bytes
        | TypeKind::Func(_)
        | TypeKind::Exception(_)
        | TypeKind::Blue
        | TypeKind::Error => false,
    }
}
