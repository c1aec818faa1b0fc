//! Values known to the compiler.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use spy_runtime::complex::Complex;
use spy_runtime::error::{ErrorKind, exception_repr};

use super::{FuncId, ModuleId};
use crate::diagnostics::{Diagnostic, UserClass};
use crate::types::{IntType, TypeId};

/// Names and values in definition order: a namespace.
pub type Members = IndexMap<Rc<str>, Value, FxBuildHasher>;

/// A value of the language, as blue code and the evaluator see it.
#[derive(Clone, Debug)]
pub enum Value {
    /// `None`
    None,
    /// `NotImplemented`
    NotImplemented,
    /// `True`, `False`
    Bool(bool),
    /// An integer within the range of its type.
    Int(IntType, i128),
    /// `f32`
    F32(f32),
    /// `f64`
    F64(f64),
    /// `complex128`
    Complex(Complex),
    /// `str`
    Str(Rc<str>),
    /// `bytes`
    Bytes(Rc<[u8]>),
    /// A type.
    Type(TypeId),
    /// A function.
    Func(FuncId),
    /// A module.
    Module(ModuleId),
    /// A struct: its type and its fields in order.
    Struct(TypeId, Rc<[Value]>),
    /// A pointer or reference: its type and the number of its memory, shifted left by 32, plus
    /// an offset in bytes; 0 is NULL.
    Ptr(TypeId, u64),
    /// An exception object.
    Exception(Rc<ExceptionValue>),
    /// A meta argument.
    MetaArg(Rc<MetaArg>),
    /// The answer of a metafunction.
    OpSpec(Rc<OpSpec>),
    /// What an operator does with certain operands.
    OpImpl(Rc<OpImpl>),
    /// A tuple of the compiler: `*args` and the like.
    Tuple(Rc<[Value]>),
    /// A list of the compiler: of types, meta arguments or objects.
    List(Rc<ListValue>),
    /// A dict of the compiler.
    Dict(Rc<DictValue>),
    /// A property, static method or class method.
    Descriptor(Rc<Descriptor>),
}

/// A list of the compiler; it has an identity.
#[derive(Debug)]
pub struct ListValue {
    /// Its type, an `interp_list`.
    pub ty: TypeId,
    /// The items.
    pub items: RefCell<Vec<Value>>,
}

/// A dict of the compiler; it has an identity.
#[derive(Debug)]
pub struct DictValue {
    /// Its type, an `interp_dict`.
    pub ty: TypeId,
    /// Keys and values in order of insertion.
    pub items: RefCell<Vec<(Value, Value)>>,
}

/// What a decorator of the class body makes of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DescriptorKind {
    /// Read like a field.
    Property,
    /// Called without receiver.
    Static,
    /// Called with the class.
    Class,
}

/// A property, static method or class method.
#[derive(Debug)]
pub struct Descriptor {
    /// Which of them.
    pub kind: DescriptorKind,
    /// The function.
    pub func: FuncId,
}

/// An exception object.
#[derive(Clone, Debug)]
pub struct ExceptionValue {
    /// Its class, or the nearest base of those that every program has.
    pub kind: ErrorKind,
    /// Its class, if the program defines it.
    pub user_class: Option<UserClass>,
    /// Its message; empty if none was given.
    pub message: Rc<str>,
    /// What is known of the time it was raised: places and remarks.
    pub raised: Option<Rc<Diagnostic>>,
}

impl ExceptionValue {
    /// The exception that a handler has taken.
    pub fn of_failure(failure: &Diagnostic) -> Self {
        Self {
            kind: failure.kind,
            user_class: failure.user_class.clone(),
            message: failure.message.as_str().into(),
            raised: Some(failure.clone().into()),
        }
    }

    /// The failure of raising it, which remembers the places where it was raised before.
    pub fn to_failure(&self) -> Box<Diagnostic> {
        match &self.raised {
            Some(raised) => Box::new((**raised).clone()),
            None => {
                let mut failure = Diagnostic::new(self.kind, &*self.message);
                failure.user_class.clone_from(&self.user_class);
                Box::new(failure)
            }
        }
    }

    /// Its class.
    pub fn class(&self) -> TypeId {
        match &self.user_class {
            Some(class) => class.ty,
            None => TypeId::exception(self.kind),
        }
    }

    /// The name of its class.
    pub fn class_name(&self) -> &str {
        match &self.user_class {
            Some(class) => &class.name,
            None => self.kind.name(),
        }
    }

    /// `str(e)`
    pub fn text(&self) -> String {
        self.kind.text(&self.message)
    }

    /// `repr(e)`
    pub fn repr(&self) -> String {
        exception_repr(self.class_name(), &self.message)
    }
}

/// Exceptions of one class with one message are equal.
impl PartialEq for ExceptionValue {
    fn eq(&self, other: &Self) -> bool {
        self.class() == other.class() && self.message == other.message
    }
}

impl Eq for ExceptionValue {}

/// What a metafunction is told about an operand.
#[derive(Clone, Debug)]
pub struct MetaArg {
    /// The static type.
    pub ty: TypeId,
    /// The value, if blue.
    pub value: Option<Value>,
    /// Which operand it describes; not part of its identity.
    pub position: Option<usize>,
}

impl MetaArg {
    /// That of a value of a type that is not known.
    pub const fn red(ty: TypeId) -> Self {
        Self {
            ty,
            value: None,
            position: None,
        }
    }
}

/// What a metafunction answers.
#[derive(Clone, Debug)]
pub enum OpSpec {
    /// Not supported.
    Null,
    /// The operation yields this constant.
    Const(Value),
    /// Call the function with all operands in order.
    Simple(FuncId),
    /// Call the function with these arguments.
    Complex(FuncId, Vec<Rc<MetaArg>>),
}

/// What an operator does with certain operands.
#[derive(Debug)]
pub struct OpImpl {
    /// The name of what it applies.
    pub name: Rc<str>,
    /// The static type of its result.
    pub result: TypeId,
}

impl Value {
    /// An `i32`.
    pub const fn i32(value: i32) -> Self {
        Self::Int(IntType::I32, value as i128)
    }

    /// A `str`.
    pub fn str(text: &str) -> Self {
        Self::Str(text.into())
    }

    /// The dynamic type of everything but functions, whose type their entry holds.
    pub fn type_without_functions(&self) -> Option<TypeId> {
        let ty = match self {
            Self::None => TypeId::NONE,
            Self::NotImplemented => TypeId::NOT_IMPLEMENTED,
            Self::Bool(_) => TypeId::BOOL,
            Self::Int(int, _) => TypeId::int(*int),
            Self::F32(_) => TypeId::F32,
            Self::F64(_) => TypeId::F64,
            Self::Complex(_) => TypeId::COMPLEX,
            Self::Str(_) => TypeId::STR,
            Self::Bytes(_) => TypeId::BYTES,
            Self::Type(_) => TypeId::TYPE,
            Self::Module(_) => TypeId::MODULE,
            Self::Struct(ty, _) | Self::Ptr(ty, _) => *ty,
            Self::Exception(exception) => exception.class(),
            Self::MetaArg(_) => TypeId::META_ARG,
            Self::OpSpec(_) => TypeId::OP_SPEC,
            Self::OpImpl(_) => TypeId::OP_IMPL,
            Self::Tuple(_) => TypeId::INTERP_TUPLE,
            Self::List(list) => list.ty,
            Self::Dict(dict) => dict.ty,
            Self::Descriptor(descriptor) => match descriptor.kind {
                DescriptorKind::Property => TypeId::PROPERTY,
                DescriptorKind::Static => TypeId::STATIC_METHOD,
                DescriptorKind::Class => TypeId::CLASS_METHOD,
            },
            Self::Func(_) => return None,
        };
        Some(ty)
    }
}
