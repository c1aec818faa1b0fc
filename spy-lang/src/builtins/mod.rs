//! Names that every program has, and the modules the compiler provides.
//!
//! A [`Builtin`] is a function that is resolved by the compiler from the static types and colors
//! of its arguments; what it leaves in the IR is an ordinary call.

use crate::syntax::ast::{BinOp, CmpOp};

mod modules;
mod names;

pub(crate) use modules::primitive;
pub use modules::{create_modules, function};
pub use names::{BuiltinName, builtin_names, home_module, is_builtin, library_names};

use crate::ir::{BlockOp, UncheckedOp};

impl Builtin {
    /// Whether it is used with brackets.
    pub const fn is_generic(self) -> bool {
        self.takes_item_type() || matches!(self, Self::Tuple | Self::InterpList | Self::InterpDict)
    }

    /// Whether it is a generic of memory: `[…]` has the type of the items.
    pub const fn takes_item_type(self) -> bool {
        matches!(
            self,
            Self::RawPtr
                | Self::GcPtr
                | Self::RawRef
                | Self::GcRef
                | Self::RawAlloc
                | Self::GcAlloc
        )
    }
}

/// A function resolved by the compiler.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Builtin {
    /// `print(*args)`
    Print,
    /// `len(x)`
    Len,
    /// `repr(x)`
    Repr,
    /// `hash(x)`
    Hash,
    /// `ord(s)`
    Ord,
    /// `dir(x)`
    Dir,
    /// `__spy__.item_type(T)`: the type of what iterating over a `T` gives.
    ItemType,
    /// `__spy__.item_types(T)`: the types of the items of a tuple type, `None` for other types.
    ItemTypes,
    /// `__spy__.result_type(f)`: the type of what calling a function or type gives.
    ResultType,
    /// `__spy__.iterator_type(T)`: the type of what `__fastiter__` of a `T` returns.
    IteratorType,
    /// `__spy__.is_type(T, X)`: whether a `T` is an instance of a type or of what a generic makes.
    IsType,
    /// `STATIC_TYPE(x)`
    StaticType,
    /// `__spy__.COLOR(x)`
    Color,
    /// `__spy__.force_inline`
    ForceInline,
    /// `__spy__.as_red(x)`
    AsRed,
    /// `__spy__.UNROLL_RANGE(n)`
    UnrollRange,
    /// `__spy__.lookup_fqn(name)`
    LookupFqn,
    /// `__spy__.interp_list[T]`
    InterpList,
    /// `__spy__.interp_dict[K, V]`
    InterpDict,
    /// `getattr(x, name)`
    GetAttr,
    /// `hasattr(x, name)`
    HasAttr,
    /// `setattr(x, name, value)`
    SetAttr,
    /// A dispatcher of module `operator`.
    Dispatcher(Dispatcher),
    /// `tuple[T, …]`
    Tuple,
    /// `unsafe.raw_ptr[T]`
    RawPtr,
    /// `unsafe.gc_ptr[T]`
    GcPtr,
    /// `unsafe.raw_ref[T]`
    RawRef,
    /// `unsafe.gc_ref[T]`
    GcRef,
    /// `unsafe.raw_alloc[T]`
    RawAlloc,
    /// `unsafe.gc_alloc[T]`
    GcAlloc,
    /// `unsafe.raw_free(pointer)`
    RawFree,
    /// `unsafe.sizeof(T)`
    SizeOf,
    /// `unsafe.ptr_copy(dst, src, n)` and its like.
    Block(BlockOp),
    /// `unsafe.memcpy(dst, src, n)` and its like: the same for pointers to bytes only.
    MemBlock(BlockOp),
    /// `unsafe.unchecked_div(a, b)` and its like.
    Unchecked(UncheckedOp),
}

/// A dispatcher of module `operator`: finds out what an operator does with certain operands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dispatcher {
    /// `ADD`, `SUB`, …
    Binary(BinOp),
    /// `EQ`, `LT`, `IS`, `IN`, …
    Compare(CmpOp),
    /// `==` of objects of any types.
    UniversalEq,
    /// `!=` of objects of any types.
    UniversalNe,
    /// `-x`
    Neg,
    /// `not x`
    Not,
    /// `o.a`
    GetAttr,
    /// `hasattr(o, "a")`
    HasAttr,
    /// `o.a = v`
    SetAttr,
    /// `o[i]`
    GetItem,
    /// `o[i] = v`
    SetItem,
    /// `f(a)`
    Call,
    /// `o.m(a)`
    CallMethod,
    /// An implicit conversion.
    Convert,
    /// `raise e`
    Raise,
}
