//! The kinds of type and their constant ids.

use std::rc::Rc;

use spy_runtime::error::ErrorKind;

use super::Fqn;
use crate::program::FuncId;
use crate::program::Members;

/// An entry of the [`TypeTable`](super::TypeTable).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct TypeId(pub u32);

macro_rules! builtin_type_ids {
    ($($(#[$doc:meta])* $name:ident = $id:expr;)*) => {
        impl TypeId {
            $($(#[$doc])* pub const $name: Self = Self($id);)*
        }
    };
}

builtin_type_ids! {
    /// `object`
    OBJECT = 0;
    /// `dynamic`
    DYNAMIC = 1;
    /// `type`
    TYPE = 2;
    /// `types::module`
    MODULE = 3;
    /// `types::NoneType`
    NONE = 4;
    /// `types::NotImplementedType`
    NOT_IMPLEMENTED = 5;
    /// `bool`
    BOOL = 6;
    /// `i8`
    I8 = 7;
    /// `u8`
    U8 = 8;
    /// `i32`
    I32 = 9;
    /// `u32`
    U32 = 10;
    /// `i64`
    I64 = 11;
    /// `u64`
    U64 = 12;
    /// `f32`
    F32 = 13;
    /// `f64`
    F64 = 14;
    /// `complex128`
    COMPLEX = 15;
    /// `str`
    STR = 16;
    /// `bytes`
    BYTES = 17;
    /// `struct`, the base of all structs.
    STRUCT = 18;
    /// `operator::MetaArg`
    META_ARG = 19;
    /// `operator::OpSpec`
    OP_SPEC = 20;
    /// `operator::OpImpl`
    OP_IMPL = 21;
    /// `__spy__::interp_tuple`
    INTERP_TUPLE = 22;
    /// `__spy__::EmptyListType`
    EMPTY_LIST = 23;
    /// `__spy__::EmptyDictType`
    EMPTY_DICT = 24;
    /// `property`
    PROPERTY = 25;
    /// `staticmethod`
    STATIC_METHOD = 26;
    /// `classmethod`
    CLASS_METHOD = 27;
    /// What a failed expression has; never shown, never reported a second time.
    ERROR = 28;
}

impl TypeId {
    /// The first of the exception types, which follow in the order of [`ErrorKind`].
    pub const FIRST_EXCEPTION: u32 = 29;

    /// `BaseException`, the root of the exceptions.
    pub const BASE_EXCEPTION: Self = Self(Self::FIRST_EXCEPTION + ErrorKind::BaseException as u32);

    /// The type of an exception class.
    pub fn exception(kind: ErrorKind) -> Self {
        Self(Self::FIRST_EXCEPTION + kind as u32)
    }

    /// The type of an integer width.
    pub const fn int(int: IntType) -> Self {
        match int {
            IntType::I8 => Self::I8,
            IntType::U8 => Self::U8,
            IntType::I32 => Self::I32,
            IntType::U32 => Self::U32,
            IntType::I64 => Self::I64,
            IntType::U64 => Self::U64,
        }
    }

    /// The type of a float width.
    pub const fn float(float: FloatType) -> Self {
        match float {
            FloatType::F32 => Self::F32,
            FloatType::F64 => Self::F64,
        }
    }
}

/// The integer types.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the variants are the types of the same name")]
pub enum IntType {
    I8,
    U8,
    I32,
    U32,
    I64,
    U64,
}

/// Evaluates an expression with a name for the Rust type of an integer type:
/// `with_int!(int, T => T::MAX.to_string())`.
#[macro_export]
macro_rules! with_int {
    ($int:expr, $T:ident => $body:expr) => {
        match $int {
            $crate::types::IntType::I8 => {
                type $T = i8;
                $body
            }
            $crate::types::IntType::U8 => {
                type $T = u8;
                $body
            }
            $crate::types::IntType::I32 => {
                type $T = i32;
                $body
            }
            $crate::types::IntType::U32 => {
                type $T = u32;
                $body
            }
            $crate::types::IntType::I64 => {
                type $T = i64;
                $body
            }
            $crate::types::IntType::U64 => {
                type $T = u64;
                $body
            }
        }
    };
}

impl IntType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::I8,
        Self::U8,
        Self::I32,
        Self::U32,
        Self::I64,
        Self::U64,
    ];

    /// The name in programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::I8 => "i8",
            Self::U8 => "u8",
            Self::I32 => "i32",
            Self::U32 => "u32",
            Self::I64 => "i64",
            Self::U64 => "u64",
        }
    }

    /// Width in bits.
    pub const fn bits(self) -> u32 {
        match self {
            Self::I8 | Self::U8 => 8,
            Self::I32 | Self::U32 => 32,
            Self::I64 | Self::U64 => 64,
        }
    }

    /// Whether it has negative values.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I32 | Self::I64)
    }

    /// The smallest value.
    pub const fn min(self) -> i128 {
        if self.is_signed() {
            -(1 << (self.bits() - 1))
        } else {
            0
        }
    }

    /// The largest value.
    pub const fn max(self) -> i128 {
        if self.is_signed() {
            (1 << (self.bits() - 1)) - 1
        } else {
            (1 << self.bits()) - 1
        }
    }

    /// The value modulo 2^N, as this type represents it.
    pub const fn wrap(self, value: i128) -> i128 {
        match self {
            Self::I8 => value as i8 as i128,
            Self::U8 => value as u8 as i128,
            Self::I32 => value as i32 as i128,
            Self::U32 => value as u32 as i128,
            Self::I64 => value as i64 as i128,
            Self::U64 => value as u64 as i128,
        }
    }
}

/// The float types.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the variants are the types of the same name")]
pub enum FloatType {
    F32,
    F64,
}

impl FloatType {
    /// The name in programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }
}

/// Color and kind of a function, as its type records them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum FuncColor {
    /// Called at run time.
    Red,
    /// Called while compiling.
    Blue,
    /// Called while compiling, with brackets.
    Generic,
    /// Called while compiling, on meta arguments.
    Metafunc,
}

/// Whether a parameter takes one argument or all that are left.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum ParamKind {
    /// One argument.
    Simple,
    /// `*args`: each of them of this type.
    VarArgs(TypeId),
}

/// A parameter in a function type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ParamType {
    /// Its type; for `*args` that of all arguments together.
    pub ty: TypeId,
    /// Simple or variadic.
    pub kind: ParamKind,
}

/// A function type; equal types are one [`TypeId`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FuncType {
    /// Color and kind.
    pub color: FuncColor,
    /// Parameters in order.
    pub params: Vec<ParamType>,
    /// The result.
    pub result: TypeId,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Rc<str>,
    /// Its type.
    pub ty: TypeId,
    /// Offset in bytes from the start of the struct.
    pub offset_bytes: u32,
    /// What the constructor gives it if there is no argument.
    pub default: Option<crate::program::Value>,
    /// Its declaration.
    pub span: crate::source::Span,
}

/// The layout of a struct.
#[derive(Clone, Debug, Default)]
pub struct StructType {
    /// The fields in declaration order.
    pub fields: Rc<[Field]>,
    /// Size in bytes.
    pub size_bytes: u32,
    /// Alignment in bytes.
    pub align_bytes: u32,
}

/// Who frees the memory that a pointer points into.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum MemoryKind {
    /// The program.
    Raw,
    /// The garbage collector.
    Gc,
}

/// A pointer or reference type; equal ones are one [`TypeId`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PtrType {
    /// Who frees the memory.
    pub memory: MemoryKind,
    /// Whether it stands for the one item it points to.
    pub is_ref: bool,
    /// The type of the items.
    pub item: TypeId,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// Root of the hierarchy.
    Object,
    /// Dispatched at run time.
    Dynamic,
    /// The type of types.
    Type,
    /// The type of modules.
    Module,
    /// The type of `None`.
    None,
    /// The type of `NotImplemented`.
    NotImplemented,
    /// `bool`
    Bool,
    /// An integer type.
    Int(IntType),
    /// A float type.
    Float(FloatType),
    /// `complex128`
    Complex,
    /// `str`
    Str,
    /// `bytes`
    Bytes,
    /// A function type.
    Func(FuncType),
    /// A pointer to items in memory, or a reference to one.
    Ptr(PtrType),
    /// A struct; `None` until its class body has run.
    Struct(Option<StructType>),
    /// A class of exceptions: this one, or one that a program derives from it.
    Exception(ErrorKind),
    /// A type of the compiler's own objects (meta arguments, properties, …) that no red code holds.
    Blue,
    /// The type of failed expressions.
    Error,
}

/// An entry of the type table.
#[derive(Clone, Debug)]
pub struct TypeInfo {
    /// The internal name.
    pub fqn: Fqn,
    /// What it is.
    pub kind: TypeKind,
    /// Class attributes and methods in definition order.
    pub members: Members,
    /// The generic that made it.
    pub origin: Option<FuncId>,
    /// The base of a class of exceptions that a program defines.
    pub base: Option<TypeId>,
    /// Where it is declared.
    pub span: crate::source::Span,
}
