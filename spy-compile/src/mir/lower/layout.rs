//! Which scalars a value of a type of the language consists of.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::Program;
use spy_lang::source::Span;
use spy_lang::types::{FloatType, IntType, TypeId, TypeKind};

use super::Lowered;
use crate::mir::Ty;

/// The machine type of an integer type.
pub(super) const fn int_ty(int: IntType) -> Ty {
    match int {
        IntType::I8 | IntType::U8 => Ty::I8,
        IntType::I32 | IntType::U32 => Ty::I32,
        IntType::I64 | IntType::U64 => Ty::I64,
    }
}

/// The machine type of a float type.
pub(super) const fn float_ty(float: FloatType) -> Ty {
    match float {
        FloatType::F32 => Ty::F32,
        FloatType::F64 => Ty::F64,
    }
}

/// What a scalar in memory means to those who look from outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Content {
    /// A number.
    Bits,
    /// A string object.
    Text,
    /// A bytes object.
    Bytes,
    /// An exception object.
    Exception,
    /// A pointer or reference of this type.
    Pointer(TypeId),
}

/// A scalar of a value in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    /// Offset in bytes from the start of the value.
    pub(super) offset: u32,
    /// What a register holds of it.
    pub(super) ty: Ty,
    pub(super) content: Content,
}

/// The machine types of the scalars of a value of type `ty`, in order: none for `None`, two for
/// `complex128`, those of the fields for a struct. `span` is the place that needs it.
pub(super) fn scalars(program: &Program, ty: TypeId, span: Span) -> Lowered<Vec<Ty>> {
    let leaves = leaves(program, ty, span)?;
    Ok(leaves.iter().map(|leaf| leaf.ty).collect())
}

/// The scalars of a value of type `ty`, in the order of [`scalars`].
pub(super) fn leaves(program: &Program, ty: TypeId, span: Span) -> Lowered<Vec<Leaf>> {
    let mut out = Vec::new();
    collect(program, (ty, 0), span, &mut out)?;
    Ok(out)
}

/// Appends the scalars of a value at an offset.
fn collect(
    program: &Program,
    (ty, offset): (TypeId, u32),
    span: Span,
    out: &mut Vec<Leaf>,
) -> Lowered<()> {
    let mut leaf = |offset, ty, content| {
        out.push(Leaf {
            offset,
            ty,
            content,
        });
    };
    match program.types.kind(ty) {
        TypeKind::None => {}
        TypeKind::Bool => leaf(offset, Ty::I8, Content::Bits),
        TypeKind::Int(int) => leaf(offset, int_ty(*int), Content::Bits),
        TypeKind::Float(float) => leaf(offset, float_ty(*float), Content::Bits),
        TypeKind::Complex => {
            let imaginary = offset + Ty::F64.bits() / 8;
            leaf(offset, Ty::F64, Content::Bits);
            leaf(imaginary, Ty::F64, Content::Bits);
        }
        TypeKind::Str => leaf(offset, Ty::Ptr, Content::Text),
        TypeKind::Bytes => leaf(offset, Ty::Ptr, Content::Bytes),
        TypeKind::Exception(_) => leaf(offset, Ty::Ptr, Content::Exception),
        TypeKind::Ptr(_) => leaf(offset, Ty::Ptr, Content::Pointer(ty)),
        TypeKind::Struct(Some(layout)) => {
            for field in layout.fields.iter() {
                collect(program, (field.ty, offset + field.offset_bytes), span, out)?;
            }
        }
        TypeKind::Object
        | TypeKind::Dynamic
        | TypeKind::Type
        | TypeKind::Module
        | TypeKind::NotImplemented
        | TypeKind::Func(_)
        | TypeKind::Struct(None)
        | TypeKind::Blue
        | TypeKind::Error => {
            let name = program.type_name(ty);
            let what = format!("values of type `{name}`");
            return Err(unsupported(&what, format!("this is `{name}`"), span));
        }
    }
    Ok(())
}

/// The diagnostic for what compiled programs do not have.
pub(super) fn unsupported(what: &str, label: String, span: Span) -> Box<Diagnostic> {
    let message = format!("{what} are not supported in compiled programs yet");
    let diagnostic = Diagnostic::new(ErrorKind::NotImplementedError, message);
    Box::new(
        diagnostic
            .error(label, span)
            .help("run the program with the interpreter"),
    )
}
