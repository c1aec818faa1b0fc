//! MIR: the middle of the native compiler.
//!
//! A control-flow graph per function in SSA form with block parameters. Structs are split into
//! scalars, `None` is no value at all, and every check is an instruction. Functions of the program
//! and of the runtime may raise; an instruction that may raise has a place for the traceback and
//! leaves the function if it does. Nothing here knows the code generator.
//!
//! [`lower`] makes it from IR, [`verify`] states its invariants, [`dump`] shows it as text.

mod dump;
mod facts;
mod fold;
mod function;
mod inst;
mod lower;
mod module;
mod runtime;
mod types;
mod verify;

pub use dump::dump;
pub use facts::{FuncFacts, facts};
pub(crate) use fold::{Constant, Simplified, constant_of, simplify};
pub use function::{Block, Function};
pub use inst::{
    BinaryOp, Conversion, FloatCompare, Inst, IntCompare, Op, Region, Target, Terminator, UnaryOp,
};
pub use lower::{
    CSignature, CValue, Export, ExportSignature, MemoryChecks, SlotKind, c_signature,
    export_signature, has_c_form, is_portable, lower,
};
pub use module::{Cell, Memory, Module, Place, PointerMap, Text};
pub use runtime::{RuntimeFunc, RuntimeSignature};
pub use types::{BlockId, CellId, FuncIndex, MemoryId, PlaceId, PointerMapId, TextId, Ty, Val};
pub use verify::verify;
