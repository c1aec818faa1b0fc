//! Numbers for values with identity: the same object has the same number for the whole session.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use spy_lang::program::{FuncId, ModuleId, Program, Value};
use spy_lang::types::TypeId;

use super::containers::Container;

/// What makes two values the same object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Identity {
    NotImplemented,
    Type(TypeId),
    Func(FuncId),
    Module(ModuleId),
    /// A pointer.
    Pointer(TypeId, u64),
    /// A list or dict, by its type and the address of its content.
    Container(TypeId, u64),
    /// The address of an object that the table keeps alive, so that it is never used again.
    Object(usize),
}

/// The objects that have been shown so far.
#[derive(Debug, Default)]
pub(super) struct Handles {
    values: Vec<Value>,
    numbers: FxHashMap<Identity, usize>,
}

impl Handles {
    /// The number of a value; `None` if values of its type have no identity.
    pub(super) fn of(&mut self, program: &Program, value: &Value) -> Option<usize> {
        let identity = identity(program, value)?;
        Some(*self.numbers.entry(identity).or_insert_with(|| {
            self.values.push(value.clone());
            self.values.len()
        }))
    }

    /// The value with a number that [`Self::of`] gave.
    pub(super) fn get(&self, number: u64) -> Option<&Value> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.values.get(index)
    }
}

fn identity(program: &Program, value: &Value) -> Option<Identity> {
    fn object<T>(object: &Rc<T>) -> Identity {
        Identity::Object(Rc::as_ptr(object).addr())
    }
    Some(match value {
        Value::NotImplemented => Identity::NotImplemented,
        Value::Type(ty) => Identity::Type(*ty),
        Value::Func(func) => Identity::Func(*func),
        Value::Module(module) => Identity::Module(*module),
        Value::Exception(exception) => object(exception),
        Value::MetaArg(meta) => object(meta),
        Value::OpSpec(spec) => object(spec),
        Value::OpImpl(implementation) => object(implementation),
        Value::List(list) => object(list),
        Value::Dict(dict) => object(dict),
        Value::Descriptor(descriptor) => object(descriptor),
        Value::Ptr(ty, address) => Identity::Pointer(*ty, *address),
        Value::Struct(ty, fields) => match (Container::of(program, *ty), fields.as_ref()) {
            (Some(Container::List | Container::Dict), [Value::Ptr(_, address)]) => {
                Identity::Container(*ty, *address)
            }
            (Some(_) | None, _) => return None,
        },
        Value::None
        | Value::Bool(_)
        | Value::Int(..)
        | Value::F32(_)
        | Value::F64(_)
        | Value::Complex(_)
        | Value::Str(_)
        | Value::Bytes(_)
        | Value::Tuple(_) => return None,
    })
}
