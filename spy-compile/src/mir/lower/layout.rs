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

/// The scalars of a value of type `ty`, in order: none for `None`, two for `complex128`, those of
/// the fields for a struct. `span` is the place that needs it.
pub(super) fn scalars(program: &Program, ty: TypeId, span: Span) -> Lowered<Vec<Ty>> {
    let mut out = Vec::new();
    collect(program, ty, span, &mut out)?;
    Ok(out)
}

fn collect(program: &Program, ty: TypeId, span: Span, out: &mut Vec<Ty>) -> Lowered<()> {
    match program.types.kind(ty) {
        TypeKind::None => {}
        TypeKind::Bool => out.push(Ty::I8),
        TypeKind::Int(int) => out.push(int_ty(*int)),
        TypeKind::Float(float) => out.push(float_ty(*float)),
        TypeKind::Complex => out.extend([Ty::F64; 2]),
        TypeKind::Str | TypeKind::Bytes => out.push(Ty::Ptr),
        TypeKind::Struct(Some(layout)) => {
            for field in layout.fields.iter() {
                collect(program, field.ty, span, out)?;
            }
        }
        TypeKind::Object
        | TypeKind::Dynamic
        | TypeKind::Type
        | TypeKind::Module
        | TypeKind::NotImplemented
        | TypeKind::Func(_)
        | TypeKind::Struct(None)
        | TypeKind::Exception(_)
        | TypeKind::Blue
        | TypeKind::Error => {
            let name = &program.types.get(ty).fqn;
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
