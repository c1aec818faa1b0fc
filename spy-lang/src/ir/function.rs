//! Functions, statements and expressions of the residual program.

use std::rc::Rc;

use super::{DynamicOp, Prim};
use crate::program::{FuncId, GlobalId, Value};
use crate::source::Span;
use crate::types::{Fqn, TypeId};

/// Names a local variable of a function; parameters come first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LocalId(pub u32);

/// Names an error that was compiled into a `raise`: an index of `Program::errors`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ErrorId(pub u32);

/// A red function after redshift.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its entry in the program.
    pub id: FuncId,
    /// The internal name.
    pub fqn: Fqn,
    /// How many of the locals are parameters.
    pub param_count: usize,
    /// Type of the result.
    pub result: TypeId,
    /// Parameters, then variables in order of declaration.
    pub locals: Vec<Local>,
    /// The body. Falling off its end returns `None` if that is the result type or that is `dynamic`, and
    /// raises the `TypeError` "reached the end of the function without a `return`" otherwise.
    pub body: Vec<Stmt>,
    /// From `def` to the end of the result annotation.
    pub prototype: Span,
    /// The empty span at the end of the function.
    pub end: Span,
    /// Errors that the body raises instead of statements that could not be compiled, in source
    /// order.
    pub errors: Vec<ErrorId>,
}

/// A local variable.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name; `$` and `@` mark generated ones.
    pub name: Rc<str>,
    /// The type, fixed for the whole function.
    pub ty: TypeId,
    /// Where it is declared.
    pub span: Span,
    /// Whether a read may come before the first assignment, and must then raise
    /// `Exception: read from uninitialized local`.
    pub maybe_unassigned: bool,
}

/// A statement with its place.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// The statement of the source it comes from.
    pub span: Span,
}

/// The statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `x: T` without a value.
    Declare(LocalId),
    /// `x = e`
    Assign(LocalId, Expr),
    /// Assigns the fields of a struct, in order; one target a field.
    Unpack(Vec<LocalId>, Expr),
    /// Assigns a module variable.
    StoreGlobal(GlobalId, Expr),
    /// Evaluates and drops.
    Expr(Expr),
    /// A condition of type `bool` and two branches.
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// A condition of type `bool`, the body, and what runs when the condition turns false.
    While(Expr, Vec<Stmt>, Vec<Stmt>),
    /// `return e`; the value has the function's result type.
    Return(Expr),
    /// `break` of the innermost loop.
    Break,
    /// `continue` of the innermost loop.
    Continue,
    /// `pass`
    Pass,
    /// Raises an exception, for which the second operand, an exception, is the reason; `None` there hides what happened before.
    Raise(RaiseSource, Option<Expr>),
    /// Statements whose exceptions are handled.
    Try(Box<Try>),
    /// A condition of type `bool` and a message of type `str`, evaluated only on failure.
    Assert(Expr, Option<Expr>),
}

/// `try: body except …: … else: orelse finally: finalbody`
///
/// An exception of the body goes to the first handler that takes it. `orelse` runs after a body
/// that ends as usual, and is not guarded by the handlers. `finalbody` runs whatever way control
/// leaves the rest, and control then goes on in that way unless `finalbody` itself leaves.
#[derive(Clone, Debug)]
pub struct Try {
    /// The guarded statements.
    pub body: Vec<Stmt>,
    /// The handlers in order.
    pub handlers: Vec<Handler>,
    /// What runs after the body.
    pub orelse: Vec<Stmt>,
    /// What runs at the end; empty if there is no such clause.
    pub finalbody: Vec<Stmt>,
}

/// `except classes as binding: body`
#[derive(Clone, Debug)]
pub struct Handler {
    /// The classes of exceptions that it takes.
    pub classes: Vec<TypeId>,
    /// The variable for the exception, of a type that all the classes are subtypes of. Only the
    /// body uses it.
    pub binding: Option<LocalId>,
    /// The statements.
    pub body: Vec<Stmt>,
    /// The clause without its body.
    pub span: Span,
}

/// Where the exception of a `raise` comes from.
#[derive(Clone, Debug)]
pub enum RaiseSource {
    /// A new exception: class and message (type `str`).
    New(TypeId, Option<Expr>),
    /// An exception.
    Value(Expr),
    /// The one that the innermost handler around has taken; the place stays where it was.
    Again,
    /// An error found while compiling.
    Compiler(ErrorId),
}

/// An expression: typed, with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: TypeId,
    /// The expression of the source it comes from.
    pub span: Span,
}

/// The expressions. Operands are evaluated left to right.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant.
    Const(Value),
    /// A local variable.
    Local(LocalId),
    /// A module variable.
    Global(GlobalId),
    /// Calls a red function that has IR.
    Call(FuncId, Vec<Expr>),
    /// Applies a primitive.
    Prim(Prim, Vec<Expr>),
    /// Makes an exception of the node's type with a message of type `str`.
    MakeException(Box<Expr>),
    /// Makes a struct of its fields, in order.
    MakeStruct(Vec<Expr>),
    /// A field of a struct value, by position.
    GetField(Box<Expr>, usize),
    /// Accesses memory; see [`MemoryOp`] for operands and results.
    Memory(MemoryOp, Vec<Expr>),
    /// The same value seen as a supertype: `object` or `dynamic`.
    Upcast(Box<Expr>),
    /// The same value, which must have the node's type dynamically: raises
    /// `TypeError: Invalid cast. Expected …` otherwise.
    CheckedCast(Box<Expr>),
    /// An operation that is dispatched at run time; operands and result have type `dynamic`.
    Dynamic(DynamicOp, Vec<Expr>),
    /// Short-circuit `and`; both operands have the type of the result, which is `bool`.
    And(Box<Expr>, Box<Expr>),
    /// Short-circuit `or`, likewise.
    Or(Box<Expr>, Box<Expr>),
    /// `then if test else otherwise`, in the order test, then, otherwise.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x := e`
    AssignLocal(LocalId, Box<Expr>),
    /// `x := e` of a module variable.
    AssignGlobal(GlobalId, Box<Expr>),
    /// Statements, then the value.
    Block(Vec<Stmt>, Box<Expr>),
}

/// Operations on memory. A pointer or reference operand has a type of kind
/// [`TypeKind::Ptr`](crate::types::TypeKind::Ptr); what it points to gives the item type. Offsets
/// are in bytes, counts and indices in items.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MemoryOp {
    /// `(count: i32) -> pointer`: new zeroed memory for that many items; raises
    /// `ValueError: negative allocation size`.
    Alloc,
    /// `(pointer, index: i32) -> item`: raises `PanicError: ptr_getitem out of bounds…`.
    Load,
    /// `(pointer, index: i32, item) -> None`: raises `PanicError: ptr_store out of bounds…`.
    Store,
    /// `(pointer, index: i32) -> reference` to an item: raises as `Load`.
    ItemRef,
    /// `(pointer) -> field` of the first item, at an offset: raises
    /// `PanicError: cannot dereference NULL pointer`.
    LoadField(u32),
    /// `(pointer, field) -> None`, likewise.
    StoreField(u32),
    /// `(pointer) -> reference` to a field of the first item, likewise.
    FieldRef(u32),
    /// `(pointer) -> bool`: whether it is not NULL.
    NotNull,
    /// `(pointer, pointer) -> bool`: whether both are the same address.
    Same,
    /// A function on blocks of memory; its operands are those of the function.
    Block(BlockOp),
    /// `(pointer) -> None`: gives memory back. NULL does nothing.
    Free,
}

/// The functions of module `unsafe` on blocks of memory. Counts and bounds are `i32`, in items.
/// They raise `PanicError: NAME length mismatch`, `NAME out of bounds`, `NAME regions overlap`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BlockOp {
    /// `(dst, src, n) -> None`
    Copy,
    /// `(dst, ds, de, src, ss, se) -> None`
    CopySlice,
    /// `(dst, src, n) -> None`: the regions may overlap.
    Move,
    /// `(dst, ds, de, src, ss, se) -> None`: the regions may overlap.
    MoveSlice,
    /// `(dst, byte: u8, n) -> None`
    SetBytes,
    /// `(dst, ds, de, byte: u8) -> None`
    SetBytesSlice,
    /// `(a, b, n) -> i32`: bytewise -1, 0 or 1.
    Compare,
    /// `(a, as, ae, b, bs, be) -> i32`, likewise.
    CompareSlice,
}

impl BlockOp {
    /// The name of the function.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "ptr_copy",
            Self::CopySlice => "ptr_copy_slice",
            Self::Move => "ptr_move",
            Self::MoveSlice => "ptr_move_slice",
            Self::SetBytes => "ptr_setbytes",
            Self::SetBytesSlice => "ptr_setbytes_slice",
            Self::Compare => "ptr_cmp",
            Self::CompareSlice => "ptr_cmp_slice",
        }
    }

    /// Whether regions are given by their bounds.
    pub const fn is_slice(self) -> bool {
        matches!(
            self,
            Self::CopySlice | Self::MoveSlice | Self::SetBytesSlice | Self::CompareSlice
        )
    }
}

impl Expr {
    /// The constant, if it is one.
    pub fn as_const(&self) -> Option<&Value> {
        if let ExprKind::Const(value) = &self.kind {
            Some(value)
        } else {
            None
        }
    }
}
