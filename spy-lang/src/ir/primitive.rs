//! Primitive operations: what the IR leaves to the runtime crate or to machine instructions.
//!
//! This file says which there are, how they are named, typed and colored. What they compute is
//! written once, in `spy-runtime`; [`fold`](crate::redshift::fold) applies them at compile time,
//! each engine in its own way afterwards.

use crate::types::{FloatType, IntType, TypeId};

/// Operations on two integers of one type; `Neg` and `Invert` take one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum IntOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Neg,
    Invert,
}

/// Operations on two floats of one type; `Neg` takes one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Neg,
}

/// Operations on two complex numbers; `Neg` takes one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum ComplexOp {
    Add,
    Sub,
    Mul,
    Div,
    Eq,
    Ne,
    Neg,
}

/// Operations on two bools; `Not` takes one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum BoolOp {
    Eq,
    Ne,
    And,
    Or,
    Xor,
    Lt,
    Le,
    Gt,
    Ge,
    Not,
}

/// Comparisons of two texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum StrOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// The types that convert into each other by a primitive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the variants are the types of the same name")]
pub enum Scalar {
    Int(IntType),
    Float(FloatType),
    Bool,
    Complex,
    Str,
}

impl Scalar {
    /// The type.
    pub const fn ty(self) -> TypeId {
        match self {
            Self::Int(int) => TypeId::int(int),
            Self::Float(float) => TypeId::float(float),
            Self::Bool => TypeId::BOOL,
            Self::Complex => TypeId::COMPLEX,
            Self::Str => TypeId::STR,
        }
    }

    /// The scalar of a type, if it is one.
    pub fn of(ty: TypeId) -> Option<Self> {
        let int = IntType::ALL
            .into_iter()
            .find(|int| TypeId::int(*int) == ty)
            .map(Self::Int);
        int.or(match ty {
            TypeId::F32 => Some(Self::Float(FloatType::F32)),
            TypeId::F64 => Some(Self::Float(FloatType::F64)),
            TypeId::BOOL => Some(Self::Bool),
            TypeId::COMPLEX => Some(Self::Complex),
            TypeId::STR => Some(Self::Str),
            _ => None,
        })
    }

    /// The name in programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int(int) => int.name(),
            Self::Float(float) => float.name(),
            Self::Bool => "bool",
            Self::Complex => "complex128",
            Self::Str => "str",
        }
    }
}

/// A primitive operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Prim {
    /// On integers of one type.
    Int(IntType, IntOp),
    /// On floats of one type.
    Float(FloatType, FloatOp),
    /// On complex numbers.
    Complex(ComplexOp),
    /// On bools.
    Bool(BoolOp),
    /// On texts.
    Str(StrOp),
    /// From one type to another, as implicit and explicit conversions do: integers wrap, floats
    /// to integers saturate, text is parsed, anything to `bool` is compared with zero.
    Convert(Scalar, Scalar),
    /// `str(x)`
    ToStr(Scalar),
    /// `repr(x)`
    Repr(Scalar),
    /// `hash(x)`
    Hash(Scalar),
    /// `format(x, spec)`
    Format(Scalar),
    /// A function of the runtime library.
    Runtime(Runtime),
}

/// Types, color and behavior of a runtime function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuntimeSignature {
    /// The full name, `::` between the parts.
    pub fqn: &'static str,
    /// Parameter types in order.
    pub params: &'static [TypeId],
    /// Type of the result.
    pub result: TypeId,
    /// Whether the result is blue when all operands are.
    pub pure: bool,
    /// Whether it does anything but compute its result, so that only an engine may apply it.
    pub effect: bool,
    /// Whether it may raise.
    pub raises: bool,
}

macro_rules! runtime_functions {
    ($($(#[$doc:meta])* $name:ident = $fqn:literal
        ($($param:ident),*) -> $result:ident $(: $($flag:ident)+)?;)*) => {
        /// The functions of the runtime library that programs and the standard library call.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Runtime {
            $($(#[$doc])* $name,)*
        }

        impl Runtime {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Types, color and behavior.
            pub const fn signature(self) -> RuntimeSignature {
                match self {
                    $(Self::$name => {
                        let flags = Flags { $($($flag: true,)+)? ..Flags::NONE };
                        RuntimeSignature {
                            fqn: $fqn,
                            params: &[$(TypeId::$param),*],
                            result: TypeId::$result,
                            pure: flags.pure,
                            effect: flags.effect,
                            raises: flags.raises,
                        }
                    })*
                }
            }
        }
    };
}

struct Flags {
    pure: bool,
    effect: bool,
    raises: bool,
}

impl Flags {
    const NONE: Self = Self {
        pure: false,
        effect: false,
        raises: false,
    };
}

runtime_functions! {
    /// Writes to standard output, as it is.
    StdoutWrite = "__spy__::_stdout_write" (STR) -> NONE: effect;
    /// Whether the program runs as machine code; never folded.
    IsCompiled = "__spy__::is_compiled" () -> BOOL: effect;
    /// `a + b`
    StrAdd = "builtins::str::__add__" (STR, STR) -> STR: pure;
    /// `s * n`
    StrMul = "builtins::str::__mul__" (STR, I32) -> STR: pure;
    /// `s[i]`, by code point.
    StrGetItem = "builtins::str::__getitem__" (STR, I32) -> STR: pure raises;
    /// `len(s)` in code points.
    StrLen = "builtins::str::__len__" (STR) -> I32: pure;
    /// `complex(re, im)`
    ComplexOf = "operator::f64_f64_to_complex128" (F64, F64) -> COMPLEX: pure;
    /// `t in s`; the container is the first operand.
    StrContains = "builtins::str::__contains__" (STR, STR) -> BOOL;
}

impl Prim {
    /// The full name, `::` between the parts.
    pub fn fqn(self) -> String {
        match self {
            Self::Int(int, op) => format!("operator::{}_{}", int.name(), int_name(op)),
            Self::Float(float, op) => format!("operator::{}_{}", float.name(), float_name(op)),
            Self::Complex(op) => format!("operator::complex128_{}", complex_name(op)),
            Self::Bool(op) => format!("operator::bool_{}", bool_name(op)),
            Self::Str(op) => format!("operator::str_{}", str_name(op)),
            Self::Convert(from, to) => format!("operator::{}_to_{}", from.name(), to.name()),
            Self::ToStr(of) => format!("builtins::{}::__str__", of.name()),
            Self::Repr(of) => format!("builtins::{}::__repr__", of.name()),
            Self::Hash(of) => format!("builtins::hash_{}", of.name()),
            Self::Format(of) => format!("builtins::{}::__format__", of.name()),
            Self::Runtime(function) => function.signature().fqn.to_owned(),
        }
    }

    /// Parameter types in order, and the result type.
    pub fn signature(self) -> (Vec<TypeId>, TypeId) {
        match self {
            Self::Int(int, op) => int_signature(TypeId::int(int), op),
            Self::Float(float, op) => float_signature(TypeId::float(float), op),
            Self::Complex(op) => complex_signature(op),
            Self::Bool(BoolOp::Not) => (vec![TypeId::BOOL], TypeId::BOOL),
            Self::Bool(_) => (vec![TypeId::BOOL; 2], TypeId::BOOL),
            Self::Str(_) => (vec![TypeId::STR; 2], TypeId::BOOL),
            Self::Convert(from, to) => (vec![from.ty()], to.ty()),
            Self::ToStr(of) | Self::Repr(of) => (vec![of.ty()], TypeId::STR),
            Self::Hash(of) => (vec![of.ty()], TypeId::I32),
            Self::Format(of) => (vec![of.ty(), TypeId::STR], TypeId::STR),
            Self::Runtime(function) => {
                let signature = function.signature();
                (signature.params.to_vec(), signature.result)
            }
        }
    }

    /// Whether the result is blue when all operands are.
    pub fn is_pure(self) -> bool {
        match self {
            Self::ToStr(of) => of == Scalar::Bool || of == Scalar::Str,
            Self::Repr(of) => of == Scalar::Str,
            Self::Hash(_) | Self::Format(_) => false,
            Self::Runtime(function) => function.signature().pure,
            Self::Int(..)
            | Self::Float(..)
            | Self::Complex(_)
            | Self::Bool(_)
            | Self::Str(_)
            | Self::Convert(..) => true,
        }
    }

    /// Whether it does anything but compute its result, so that only an engine may apply it.
    pub fn has_effect(self) -> bool {
        matches!(self, Self::Runtime(function) if function.signature().effect)
    }

    /// Whether it may raise.
    pub fn may_raise(self) -> bool {
        match self {
            Self::Int(_, op) => matches!(
                op,
                IntOp::Div
                    | IntOp::FloorDiv
                    | IntOp::Mod
                    | IntOp::Pow
                    | IntOp::LShift
                    | IntOp::RShift
            ),
            Self::Float(_, op) => {
                matches!(
                    op,
                    FloatOp::Div | FloatOp::FloorDiv | FloatOp::Mod | FloatOp::Pow
                )
            }
            Self::Complex(op) => op == ComplexOp::Div,
            Self::Convert(from, to) => from == Scalar::Str && to != Scalar::Bool,
            Self::Runtime(function) => function.signature().raises,
            Self::Format(_) => true,
            Self::Bool(_) | Self::Str(_) | Self::ToStr(_) | Self::Repr(_) | Self::Hash(_) => false,
        }
    }
}

fn int_signature(ty: TypeId, op: IntOp) -> (Vec<TypeId>, TypeId) {
    match op {
        IntOp::Neg | IntOp::Invert => (vec![ty], ty),
        IntOp::Div => (vec![ty; 2], TypeId::F64),
        IntOp::Eq | IntOp::Ne | IntOp::Lt | IntOp::Le | IntOp::Gt | IntOp::Ge => {
            (vec![ty; 2], TypeId::BOOL)
        }
        IntOp::Add
        | IntOp::Sub
        | IntOp::Mul
        | IntOp::FloorDiv
        | IntOp::Mod
        | IntOp::Pow
        | IntOp::LShift
        | IntOp::RShift
        | IntOp::And
        | IntOp::Or
        | IntOp::Xor => (vec![ty; 2], ty),
    }
}

fn float_signature(ty: TypeId, op: FloatOp) -> (Vec<TypeId>, TypeId) {
    match op {
        FloatOp::Neg => (vec![ty], ty),
        FloatOp::Eq | FloatOp::Ne | FloatOp::Lt | FloatOp::Le | FloatOp::Gt | FloatOp::Ge => {
            (vec![ty; 2], TypeId::BOOL)
        }
        FloatOp::Add
        | FloatOp::Sub
        | FloatOp::Mul
        | FloatOp::Div
        | FloatOp::FloorDiv
        | FloatOp::Mod
        | FloatOp::Pow => (vec![ty; 2], ty),
    }
}

fn complex_signature(op: ComplexOp) -> (Vec<TypeId>, TypeId) {
    match op {
        ComplexOp::Neg => (vec![TypeId::COMPLEX], TypeId::COMPLEX),
        ComplexOp::Eq | ComplexOp::Ne => (vec![TypeId::COMPLEX; 2], TypeId::BOOL),
        ComplexOp::Add | ComplexOp::Sub | ComplexOp::Mul | ComplexOp::Div => {
            (vec![TypeId::COMPLEX; 2], TypeId::COMPLEX)
        }
    }
}

fn int_name(op: IntOp) -> &'static str {
    match op {
        IntOp::Add => "add",
        IntOp::Sub => "sub",
        IntOp::Mul => "mul",
        IntOp::Div => "div",
        IntOp::FloorDiv => "floordiv",
        IntOp::Mod => "mod",
        IntOp::Pow => "pow",
        IntOp::LShift => "lshift",
        IntOp::RShift => "rshift",
        IntOp::And => "and",
        IntOp::Or => "or",
        IntOp::Xor => "xor",
        IntOp::Eq => "eq",
        IntOp::Ne => "ne",
        IntOp::Lt => "lt",
        IntOp::Le => "le",
        IntOp::Gt => "gt",
        IntOp::Ge => "ge",
        IntOp::Neg => "neg",
        IntOp::Invert => "invert",
    }
}

fn float_name(op: FloatOp) -> &'static str {
    match op {
        FloatOp::Add => "add",
        FloatOp::Sub => "sub",
        FloatOp::Mul => "mul",
        FloatOp::Div => "div",
        FloatOp::FloorDiv => "floordiv",
        FloatOp::Mod => "mod",
        FloatOp::Pow => "pow",
        FloatOp::Eq => "eq",
        FloatOp::Ne => "ne",
        FloatOp::Lt => "lt",
        FloatOp::Le => "le",
        FloatOp::Gt => "gt",
        FloatOp::Ge => "ge",
        FloatOp::Neg => "neg",
    }
}

fn complex_name(op: ComplexOp) -> &'static str {
    match op {
        ComplexOp::Add => "add",
        ComplexOp::Sub => "sub",
        ComplexOp::Mul => "mul",
        ComplexOp::Div => "div",
        ComplexOp::Eq => "eq",
        ComplexOp::Ne => "ne",
        ComplexOp::Neg => "neg",
    }
}

fn bool_name(op: BoolOp) -> &'static str {
    match op {
        BoolOp::Eq => "eq",
        BoolOp::Ne => "ne",
        BoolOp::And => "and",
        BoolOp::Or => "or",
        BoolOp::Xor => "xor",
        BoolOp::Lt => "lt",
        BoolOp::Le => "le",
        BoolOp::Gt => "gt",
        BoolOp::Ge => "ge",
        BoolOp::Not => "not",
    }
}

fn str_name(op: StrOp) -> &'static str {
    match op {
        StrOp::Eq => "eq",
        StrOp::Ne => "ne",
        StrOp::Lt => "lt",
        StrOp::Le => "le",
        StrOp::Gt => "gt",
        StrOp::Ge => "ge",
    }
}
