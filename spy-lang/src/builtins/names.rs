//! The builtin names.

use crate::ir::{Prim, Runtime, Scalar};
use crate::types::{IntType, TypeId};

use super::Builtin;

/// What a builtin name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuiltinName {
    /// A type.
    Type(TypeId),
    /// A function resolved by the compiler.
    Function(Builtin),
    /// A primitive as a function.
    Primitive(Prim),
}

/// All builtin names with what they stand for.
pub fn builtin_names() -> impl Iterator<Item = (&'static str, BuiltinName)> {
    let types = TYPES
        .iter()
        .map(|(name, ty)| (*name, BuiltinName::Type(*ty)));
    let functions = FUNCTIONS
        .iter()
        .map(|(name, f)| (*name, BuiltinName::Function(*f)));
    let primitives = primitives();
    let exceptions = spy_runtime::error::ErrorKind::ALL
        .iter()
        .map(|kind| (kind.name(), BuiltinName::Type(TypeId::exception(*kind))));
    types.chain(functions).chain(primitives).chain(exceptions)
}

/// The primitives behind `hash` and `ord`.
fn primitives() -> impl Iterator<Item = (&'static str, BuiltinName)> {
    let hash = |int| Prim::Hash(Scalar::Int(int));
    [
        ("hash_i8", hash(IntType::I8)),
        ("hash_u8", hash(IntType::U8)),
        ("hash_i32", hash(IntType::I32)),
        ("hash_u32", hash(IntType::U32)),
        ("hash_i64", hash(IntType::I64)),
        ("hash_u64", hash(IntType::U64)),
        ("hash_bool", Prim::Hash(Scalar::Bool)),
        ("hash_str", Prim::Hash(Scalar::Str)),
        ("_ord_str", Prim::Runtime(Runtime::Ord)),
    ]
    .into_iter()
    .map(|(name, prim)| (name, BuiltinName::Primitive(prim)))
}

/// Whether a name is builtin.
pub fn is_builtin(name: &str) -> bool {
    builtin_names().any(|(builtin, _)| builtin == name)
}

/// Builtin names that are written in the language, with their modules.
pub fn library_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    LIBRARY.iter().copied()
}

/// The module that a builtin name comes from.
pub fn home_module(name: &str) -> Option<&'static str> {
    if name == "NotImplemented" || is_builtin(name) {
        return Some("builtins");
    }
    LIBRARY
        .iter()
        .find(|(library, _)| *library == name)
        .map(|(_, module)| *module)
}

/// Builtin names that are written in the language, with their modules.
const LIBRARY: &[(&str, &str)] = &[
    ("list", "_list"),
    ("dict", "_dict"),
    ("set", "_set"),
    ("frozenset", "_set"),
    ("range", "_range"),
    ("file", "_file"),
    ("open", "_file"),
    ("slice", "_slice"),
    ("abs", "_builtins"),
    ("ascii", "_builtins"),
    ("min", "_builtins"),
    ("max", "_builtins"),
    ("sum", "_builtins"),
    ("any", "_builtins"),
    ("all", "_builtins"),
    ("sorted", "_builtins"),
    ("reversed", "_builtins"),
    ("enumerate", "_builtins"),
    ("zip", "_builtins"),
    ("isinstance", "_builtins"),
    ("iter", "_builtins"),
    ("next", "_builtins"),
    ("breakpoint", "_builtins"),
    ("map", "_builtins"),
    ("filter", "_builtins"),
    ("_ord_bytes", "_builtins"),
    ("input", "_builtins"),
    ("divmod", "_builtins"),
    ("pow", "_builtins"),
    ("round", "_builtins"),
    ("bin", "_builtins"),
    ("oct", "_builtins"),
    ("hex", "_builtins"),
    ("chr", "_builtins"),
];

const TYPES: &[(&str, TypeId)] = &[
    ("object", TypeId::OBJECT),
    ("type", TypeId::TYPE),
    ("dynamic", TypeId::DYNAMIC),
    ("bool", TypeId::BOOL),
    ("i8", TypeId::I8),
    ("u8", TypeId::U8),
    ("i32", TypeId::I32),
    ("int", TypeId::I32),
    ("u32", TypeId::U32),
    ("i64", TypeId::I64),
    ("u64", TypeId::U64),
    ("f32", TypeId::F32),
    ("f64", TypeId::F64),
    ("float", TypeId::F64),
    ("complex128", TypeId::COMPLEX),
    ("complex", TypeId::COMPLEX),
    ("str", TypeId::STR),
    ("bytes", TypeId::BYTES),
    ("property", TypeId::PROPERTY),
    ("staticmethod", TypeId::STATIC_METHOD),
    ("classmethod", TypeId::CLASS_METHOD),
];

const FUNCTIONS: &[(&str, Builtin)] = &[
    ("print", Builtin::Print),
    ("len", Builtin::Len),
    ("repr", Builtin::Repr),
    ("hash", Builtin::Hash),
    ("ord", Builtin::Ord),
    ("dir", Builtin::Dir),
    ("STATIC_TYPE", Builtin::StaticType),
    ("getattr", Builtin::GetAttr),
    ("tuple", Builtin::Tuple),
    ("hasattr", Builtin::HasAttr),
    ("setattr", Builtin::SetAttr),
    ("make_interp_list_type", Builtin::InterpList),
    ("make_interp_dict_type", Builtin::InterpDict),
];
