//! The state of a program: its modules, functions, types, variables and memory.
//!
//! [`Program`] is what the front end builds up and every engine reads. Running red code needs an
//! [`Engine`], which travels beside it, so that the engine can in turn ask for a function's IR.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "names and values are mostly asked whether they are one particular thing"
)]

mod engine;
mod entry;
mod function;
mod names;
mod state;
mod value;

pub use engine::{Engine, Failure};
pub use entry::{check_main, find_main, start_function};
pub use function::{
    Capture, Closure, FrameId, FuncBody, FuncId, FuncInfo, GenericClass, StructMethod,
};
pub use state::{ErrorMode, Global, GlobalId, ModuleId, ModuleInfo, Program};
pub use value::{
    Descriptor, DescriptorKind, DictValue, ExceptionValue, ListValue, Members, MetaArg, OpImpl,
    OpSpec, Value,
};
