//! The functions of the runtime that compiled programs call.
//!
//! One line each: symbol, parameters, results, and what it may do. The definitions are in
//! `stdlib/runtime/src/abi`, those of C in its library; the names and types here are the contract between the two.

use super::Ty;

/// Types and effects of a function of the runtime.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuntimeSignature {
    /// The name of the symbol.
    pub symbol: &'static str,
    /// Types of the parameters.
    pub params: &'static [Ty],
    /// Types of the results.
    pub results: &'static [Ty],
    /// Whether it may raise; a flag then follows the results.
    pub raises: bool,
    /// Whether it does more than compute its results from its operands and constant memory.
    pub effect: bool,
}

impl RuntimeSignature {
    /// Whether a call may go if its results are not used.
    pub const fn is_removable(self) -> bool {
        !self.raises && !self.effect
    }
}

macro_rules! runtime_functions {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal
        ($($param:ident),*) -> ($($result:ident),*) $(: $($flag:ident)+)?;)*) => {
        /// A function of the runtime.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum RuntimeFunc {
            $($(#[$doc])* $name,)*
        }

        impl RuntimeFunc {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Symbol, types and effects.
            pub const fn signature(self) -> RuntimeSignature {
                match self {
                    $(Self::$name => {
                        let flags = Flags { $($($flag: true,)+)? ..Flags::NONE };
                        RuntimeSignature {
                            symbol: $symbol,
                            params: &[$(Ty::$param),*],
                            results: &[$(Ty::$result),*],
                            raises: flags.raises,
                            effect: flags.effect,
                        }
                    })*
                }
            }
        }
    };
}

struct Flags {
    raises: bool,
    effect: bool,
}

impl Flags {
    const NONE: Self = Self {
        raises: false,
        effect: false,
    };
}

runtime_functions! {
    /// Writes a text to standard output.
    StdoutWrite = "spy_stdout_write" (Ptr) -> (): effect;
    /// Makes an exception of a kind and a message the current one.
    SetException = "spy_set_exception" (I8, Ptr) -> (): effect;
    /// New zeroed memory of a size in bytes, for which the current chunk has no room.
    Alloc = "spy_alloc" (I64) -> (Ptr): raises;
    /// The size in bytes of memory, by the address of its start; 0 for NULL.
    MemorySize = "spy_memory_size" (Ptr) -> (I64);
    /// Copies bytes to the first address from the second; the areas may overlap.
    MemoryMove = "memmove" (Ptr, Ptr, I64) -> (): effect;
    /// Sets bytes to a value.
    MemorySet = "memset" (Ptr, I32, I64) -> (): effect;
    /// Negative, zero or positive, as the bytes at the first address are less, equal or greater.
    MemoryCompare = "memcmp" (Ptr, Ptr, I64) -> (I32): effect;
    /// `a + b`
    StrConcat = "spy_str_concat" (Ptr, Ptr) -> (Ptr);
    /// `s * n`
    StrRepeat = "spy_str_repeat" (Ptr, I32) -> (Ptr): raises;
    /// `s[i]`
    StrGetItem = "spy_str_getitem" (Ptr, I32) -> (Ptr): raises;
    /// `t in s`; the container comes first.
    StrContains = "spy_str_contains" (Ptr, Ptr) -> (I8);
    /// `a == b`
    StrEq = "spy_str_eq" (Ptr, Ptr) -> (I8);
    /// Negative, zero or positive, as the first text is less, equal or greater.
    StrCompare = "spy_str_compare" (Ptr, Ptr) -> (I32);
    /// `repr(s)`
    StrRepr = "spy_str_repr" (Ptr) -> (Ptr);
    /// `hash(s)`
    StrHash = "spy_str_hash" (Ptr) -> (I32);
    /// The text of a signed integer.
    StrFromSigned = "spy_str_from_i64" (I64) -> (Ptr);
    /// The text of an unsigned integer.
    StrFromUnsigned = "spy_str_from_u64" (I64) -> (Ptr);
    /// The text of a float.
    StrFromF64 = "spy_str_from_f64" (F64) -> (Ptr);
    /// The text of a float.
    StrFromF32 = "spy_str_from_f32" (F32) -> (Ptr);
    /// The text of a complex number.
    StrFromComplex = "spy_str_from_complex" (F64, F64) -> (Ptr);
    /// `format(x, spec)` of a signed integer.
    FormatSigned = "spy_format_i64" (I64, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of an unsigned integer.
    FormatUnsigned = "spy_format_u64" (I64, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of a bool.
    FormatBool = "spy_format_bool" (I8, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of a float.
    FormatF64 = "spy_format_f64" (F64, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of a text.
    FormatStr = "spy_format_str" (Ptr, Ptr) -> (Ptr): raises;
    /// `i8(s)`
    ParseI8 = "spy_parse_i8" (Ptr) -> (I8): raises;
    /// `u8(s)`
    ParseU8 = "spy_parse_u8" (Ptr) -> (I8): raises;
    /// `i32(s)`
    ParseI32 = "spy_parse_i32" (Ptr) -> (I32): raises;
    /// `u32(s)`
    ParseU32 = "spy_parse_u32" (Ptr) -> (I32): raises;
    /// `i64(s)`
    ParseI64 = "spy_parse_i64" (Ptr) -> (I64): raises;
    /// `u64(s)`
    ParseU64 = "spy_parse_u64" (Ptr) -> (I64): raises;
    /// `f64(s)`
    ParseF64 = "spy_parse_f64" (Ptr) -> (F64): raises;
    /// `complex128(s)`
    ParseComplex = "spy_parse_complex" (Ptr) -> (F64, F64): raises;
    /// `a ** b` of signed integers; narrower ones keep the low bits.
    PowSigned = "spy_pow_i64" (I64, I64) -> (I64): raises;
    /// `a ** b` of unsigned integers.
    PowUnsigned = "spy_pow_u64" (I64, I64) -> (I64): raises;
    /// `a ** b`
    PowF64 = "spy_pow_f64" (F64, F64) -> (F64): raises;
    /// `a // b`
    FloorDivF64 = "spy_floordiv_f64" (F64, F64) -> (F64): raises;
    /// `a % b`
    ModF64 = "spy_mod_f64" (F64, F64) -> (F64): raises;
    /// `a / b` of complex numbers.
    DivComplex = "spy_div_complex" (F64, F64, F64, F64) -> (F64, F64): raises;
}
