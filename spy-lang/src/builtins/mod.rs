//! Names that every program has, and the modules the compiler provides.
//!
//! A [`Builtin`] is a function that is resolved by the compiler from the static types and colors
//! of its arguments; what it leaves in the IR is an ordinary call.

mod modules;
mod names;

pub use modules::{create_modules, function};
pub use names::{BuiltinName, builtin_names, home_module, is_builtin, library_names};

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
    /// `STATIC_TYPE(x)`
    StaticType,
    /// `__spy__.COLOR(x)`
    Color,
    /// `__spy__.force_inline`
    ForceInline,
    /// `getattr(x, name)`
    GetAttr,
    /// `hasattr(x, name)`
    HasAttr,
    /// `setattr(x, name, value)`
    SetAttr,
}
