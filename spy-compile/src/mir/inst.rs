//! Instructions and the ends of blocks.
//!
//! Every operation does what the machine does: nothing here knows a language type, and an
//! operation that the language defines for more operands than the machine (a shift by 40, a
//! division by zero) has been surrounded by explicit checks.

use spy_runtime::error::ErrorKind;

use super::{
    BlockId, CellId, FuncIndex, MemoryId, PlaceId, PointerMapId, RuntimeFunc, TextId, Ty, Val,
};

/// Operations on two values of one type, which is also that of the result.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    /// Wrapping sum.
    Add,
    /// Wrapping difference.
    Sub,
    /// Wrapping product.
    Mul,
    /// Signed quotient rounded to zero; neither a zero divisor nor overflow occurs.
    DivSigned,
    /// Unsigned quotient; the divisor is not zero.
    DivUnsigned,
    /// Unsigned remainder; the divisor is not zero.
    RemUnsigned,
    /// Bitwise and.
    And,
    /// Bitwise or.
    Or,
    /// Bitwise exclusive or.
    Xor,
    /// Shift to the left; the count is less than the width.
    Shl,
    /// Shift to the right, filling with the sign; the count is less than the width.
    ShrSigned,
    /// Shift to the right, filling with zeros; the count is less than the width.
    ShrUnsigned,
    /// The smaller of two unsigned integers.
    MinUnsigned,
    /// The smaller of two signed integers.
    MinSigned,
    /// The larger of two signed integers.
    MaxSigned,
    /// Float sum.
    FloatAdd,
    /// Float difference.
    FloatSub,
    /// Float product.
    FloatMul,
    /// IEEE quotient.
    FloatDiv,
}

/// Operations on one value, of the type of the result.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    /// Wrapping negation.
    Neg,
    /// Bitwise complement.
    Not,
    /// Flips the sign of a float, that of zero and NaN too.
    FloatNeg,
}

/// Comparisons of integers; the result is an [`Ty::I8`] of 0 or 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the usual names")]
pub enum IntCompare {
    Eq,
    Ne,
    LtSigned,
    LeSigned,
    GtSigned,
    GeSigned,
    LtUnsigned,
    LeUnsigned,
    GtUnsigned,
    GeUnsigned,
}

/// Comparisons of floats; NaN is unequal to everything and in no order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the usual names")]
pub enum FloatCompare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Conversions between machine types.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Conversion {
    /// To a wider integer, repeating the sign.
    SignExtend,
    /// To a wider integer, filling with zeros.
    ZeroExtend,
    /// To a narrower integer, keeping the low bits.
    Truncate,
    /// From a signed integer to the nearest float.
    SignedToFloat,
    /// From an unsigned integer to the nearest float.
    UnsignedToFloat,
    /// From a float to a signed integer of 32 or 64 bits, rounded to zero, saturating, NaN to 0.
    FloatToSigned,
    /// From a float to an unsigned integer of 32 or 64 bits, likewise.
    FloatToUnsigned,
    /// Between the float types, to the nearest.
    FloatToFloat,
}

/// What memory a load or store touches. Those of different regions never meet, nor do those of one
/// region and different machine types: memory keeps the type it was made with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Region {
    /// Length and text of string objects, which never change.
    Text,
    /// Headers of memory objects, which never change.
    Header,
    /// Memory that the garbage collector frees.
    Gc,
    /// Memory that the program frees.
    Raw,
}

/// What an instruction computes.
#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// An integer constant, sign-extended to 64 bits.
    Int(Ty, i64),
    /// A constant by its bits.
    F32(u32),
    /// A constant by its bits.
    F64(u64),
    /// The address of a constant string or bytes object.
    Text(TextId),
    /// An operation on two values.
    Binary(BinaryOp, Val, Val),
    /// An operation on one value.
    Unary(UnaryOp, Val),
    /// A comparison of integers or addresses.
    Compare(IntCompare, Val, Val),
    /// A comparison of floats.
    FloatCompare(FloatCompare, Val, Val),
    /// A conversion to a type.
    Convert(Conversion, Ty, Val),
    /// The second operand if the first, a bool, is 1, the third otherwise.
    Select(Val, Val, Val),
    /// The address of memory that exists when the program starts, plus an offset in bytes.
    Memory(MemoryId, i64),
    /// An address plus a distance in bytes, an [`Ty::I64`].
    Offset(Val, Val),
    /// New zeroed memory that the garbage collector frees, of items with pointers where the map says
    /// and a size in bytes, an [`Ty::I64`]. Raises `MemoryError` if there is none.
    Alloc(PointerMapId, Val),
    /// Reads memory at an address plus an offset in bytes.
    Load(Region, Ty, Val, i32),
    /// Writes the second operand to memory at an address, the first, plus an offset in bytes.
    Store(Region, Val, Val, i32),
    /// Reads a module variable.
    LoadCell(CellId, Ty),
    /// Writes a module variable.
    StoreCell(CellId, Val),
    /// Calls a function of the program. If that raises, so does the function at hand.
    Call(FuncIndex, Vec<Val>),
    /// Calls a function of the runtime. If that raises, so does the function at hand.
    CallRuntime(RuntimeFunc, Vec<Val>),
    /// Raises an exception with a constant message if the operand, a bool, is 1.
    RaiseIf(Val, ErrorKind, TextId),
    /// Notes that the exception at hand passes the place.
    Trace,
}

/// An instruction.
#[derive(Clone, PartialEq, Debug)]
pub struct Inst {
    /// What it computes.
    pub op: Op,
    /// Its results; all but calls, stores and checks have one.
    pub results: Vec<Val>,
    /// Where it stands; present if it may raise.
    pub place: Option<PlaceId>,
    /// Whether it tells by a further result, a bool, that it has raised, instead of leaving the
    /// function.
    pub is_caught: bool,
}

/// A block to go to, with a value for each of its parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// The block.
    pub block: BlockId,
    /// The values in order.
    pub args: Vec<Val>,
}

/// How a block ends.
#[derive(Clone, PartialEq, Debug)]
pub enum Terminator {
    /// Goes to a block.
    Jump(Target),
    /// Goes to the first target if the condition, a bool, is 1, to the second otherwise.
    Branch(Val, Target, Target),
    /// Returns the results of the function.
    Return(Vec<Val>),
    /// Leaves the function with the exception that the runtime holds, and that passes the place.
    Unwind(Option<PlaceId>),
    /// Cannot be reached.
    Unreachable,
}

impl Op {
    /// Calls `visit` with each operand in order.
    pub fn each_operand(&self, mut visit: impl FnMut(Val)) {
        self.clone().each_operand_mut(|operand| visit(*operand));
    }

    /// Calls `visit` with each operand in order, which it may replace.
    pub fn each_operand_mut(&mut self, mut visit: impl FnMut(&mut Val)) {
        match self {
            Self::Int(..)
            | Self::F32(_)
            | Self::F64(_)
            | Self::Text(_)
            | Self::Memory(..)
            | Self::LoadCell(..)
            | Self::Trace => {}
            Self::Unary(_, a)
            | Self::Convert(_, _, a)
            | Self::Load(_, _, a, _)
            | Self::Alloc(_, a)
            | Self::StoreCell(_, a)
            | Self::RaiseIf(a, _, _) => visit(a),
            Self::Binary(_, a, b)
            | Self::Compare(_, a, b)
            | Self::FloatCompare(_, a, b)
            | Self::Offset(a, b)
            | Self::Store(_, a, b, _) => {
                visit(a);
                visit(b);
            }
            Self::Select(a, b, c) => {
                visit(a);
                visit(b);
                visit(c);
            }
            Self::Call(_, args) | Self::CallRuntime(_, args) => args.iter_mut().for_each(visit),
        }
    }

    /// Whether it does nothing but compute its results, so that it may go if they are not used.
    pub fn is_removable(&self) -> bool {
        match self {
            Self::Int(..)
            | Self::F32(_)
            | Self::F64(_)
            | Self::Text(_)
            | Self::Binary(..)
            | Self::Unary(..)
            | Self::Compare(..)
            | Self::FloatCompare(..)
            | Self::Convert(..)
            | Self::Select(..)
            | Self::Memory(..)
            | Self::Offset(..)
            | Self::Alloc(..)
            | Self::Load(..)
            | Self::LoadCell(..) => true,
            Self::CallRuntime(callee, _) => callee.signature().is_removable(),
            Self::Store(..)
            | Self::StoreCell(..)
            | Self::Call(..)
            | Self::RaiseIf(..)
            | Self::Trace => false,
        }
    }

    /// Whether it may raise, as far as the operation itself tells.
    pub fn may_raise(&self) -> bool {
        match self {
            Self::RaiseIf(..) | Self::Alloc(..) | Self::Call(..) => true,
            Self::CallRuntime(callee, _) => callee.signature().raises,
            Self::Int(..)
            | Self::F32(_)
            | Self::F64(_)
            | Self::Text(_)
            | Self::Binary(..)
            | Self::Unary(..)
            | Self::Compare(..)
            | Self::FloatCompare(..)
            | Self::Convert(..)
            | Self::Select(..)
            | Self::Memory(..)
            | Self::Offset(..)
            | Self::Load(..)
            | Self::Store(..)
            | Self::LoadCell(..)
            | Self::StoreCell(..)
            | Self::Trace => false,
        }
    }
}

impl Target {
    /// A target that takes no values.
    pub const fn plain(block: BlockId) -> Self {
        Self {
            block,
            args: Vec::new(),
        }
    }
}

impl Terminator {
    /// Calls `visit` with each value used, which it may replace.
    pub fn each_operand_mut(&mut self, mut visit: impl FnMut(&mut Val)) {
        match self {
            Self::Jump(target) => target.args.iter_mut().for_each(visit),
            Self::Branch(condition, then, otherwise) => {
                visit(condition);
                then.args.iter_mut().for_each(&mut visit);
                otherwise.args.iter_mut().for_each(visit);
            }
            Self::Return(values) => values.iter_mut().for_each(visit),
            Self::Unwind(_) | Self::Unreachable => {}
        }
    }

    /// The blocks that may follow.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let (first, second) = match self {
            Self::Jump(target) => (Some(target), None),
            Self::Branch(_, then, otherwise) => (Some(then), Some(otherwise)),
            Self::Return(_) | Self::Unwind(_) | Self::Unreachable => (None, None),
        };
        first.into_iter().chain(second)
    }

    /// The blocks that may follow, to change them.
    pub fn targets_mut(&mut self) -> impl Iterator<Item = &mut Target> {
        let (first, second) = match self {
            Self::Jump(target) => (Some(target), None),
            Self::Branch(_, then, otherwise) => (Some(then), Some(otherwise)),
            Self::Return(_) | Self::Unwind(_) | Self::Unreachable => (None, None),
        };
        first.into_iter().chain(second)
    }
}
