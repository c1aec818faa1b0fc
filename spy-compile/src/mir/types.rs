//! Machine types and the ids that name things in MIR.

use std::fmt;

use spy_runtime::abi::layout::NO_POINTERS;

/// The type of a value: what a register holds. Signedness is a property of operations.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ty {
    /// 8 bits; also `bool`, as 0 or 1.
    I8,
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
    /// IEEE single.
    F32,
    /// IEEE double.
    F64,
    /// The address of an object, 64 bits.
    Ptr,
}

impl Ty {
    /// Width in bits.
    pub const fn bits(self) -> u32 {
        match self {
            Self::I8 => 8,
            Self::I32 | Self::F32 => 32,
            Self::I64 | Self::F64 | Self::Ptr => 64,
        }
    }

    /// Whether values live in float registers.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// The integer type of this width.
    pub const fn int_of_bits(bits: u32) -> Self {
        match bits {
            8 => Self::I8,
            32 => Self::I32,
            _ => Self::I64,
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::I8 => "i8",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Ptr => "ptr",
        })
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub struct $name(pub u32);

        impl $name {
            /// The id of the entry at `index` of its table.
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("tables have fewer than 2^32 entries"))
            }

            /// The position in its table.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    )*};
}

ids! {
    /// A value of a function: a parameter of a block or a result of an instruction.
    Val = "v";
    /// A block of a function.
    BlockId = "b";
    /// A function of the module.
    FuncIndex = "fn";
    /// A constant string object of the module.
    TextId = "text";
    /// A place in the source of the module.
    PlaceId = "place";
    /// A 64-bit cell of the module's variables.
    CellId = "cell";
    /// Memory of the module that exists when the program starts.
    MemoryId = "memory";
    /// A map of the pointers of memory: [`Self::NONE`] or one of the module, counted from 1.
    PointerMapId = "map";
}

impl PointerMapId {
    /// The map of memory without pointers.
    pub const NONE: Self = Self(NO_POINTERS);
}
