//! Lists and dicts of the library from outside: through their own methods.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::import::load_library;
use spy_lang::program::{Failure, FuncId, Program, Value};
use spy_lang::types::TypeId;

use super::exchange::Exchange;

/// What a struct of the library is to its users.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Container {
    /// `list[T]`
    List,
    /// `dict[K, V]`
    Dict,
    /// `tuple[T…]`
    Tuple,
}

impl Container {
    /// Which container a type is, if it is one.
    pub(super) fn of(program: &Program, ty: TypeId) -> Option<Self> {
        let fqn = &program.types.get(ty).fqn;
        // Only the result of a generic has a name of its own; its iterators have not.
        if !program.aliases.contains_key(fqn) {
            return None;
        }
        match fqn.module_name() {
            "_list" => Some(Self::List),
            "_dict" => Some(Self::Dict),
            "_tuple" => Some(Self::Tuple),
            _ => None,
        }
    }

    /// The kind in JSON.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Dict => "dict",
            Self::Tuple => "tuple",
        }
    }
}

/// The functions through which sessions make and read objects of the library, of all types that
/// the program knows.
pub(super) fn methods_of_all(program: &Program) -> Vec<FuncId> {
    let mut methods = Vec::new();
    for ty in program.types.ids() {
        if library_method(program, ty, "_push").is_none() {
            continue;
        }
        let own = ["new", "_push", "__fastiter__", "__getitem__"];
        methods.extend(
            own.iter()
                .filter_map(|name| library_method(program, ty, name)),
        );
        let iterate = library_method(program, ty, "__fastiter__");
        let signature = iterate.and_then(|func| program.types.as_func(program.func(func).ty));
        if let Some(iterator) = signature.map(|signature| signature.result) {
            let steps = ["__continue_iteration__", "__item__", "__next__"];
            methods.extend(
                steps
                    .iter()
                    .filter_map(|name| library_method(program, iterator, name)),
            );
        }
    }
    methods.retain(|func| program.is_red_source(*func));
    methods
}

/// A method of a type that is written in the library.
fn library_method(program: &Program, ty: TypeId, name: &str) -> Option<FuncId> {
    let info = program.types.get(ty);
    let member = info.members.get(name)?;
    let func = if let Value::Descriptor(descriptor) = member {
        descriptor.func
    } else if let Value::Func(func) = member {
        *func
    } else {
        return None;
    };
    program.is_library(func).then_some(func)
}

impl Exchange<'_> {
    /// The items of an iterable, keys of a dict, in order.
    pub(super) fn iterate(&mut self, iterable: &Value) -> Result<Vec<Value>, Failure> {
        let mut iterator = self.call_method("__fastiter__", vec![iterable.clone()])?;
        let mut items = Vec::new();
        loop {
            let more = self.call_method("__continue_iteration__", vec![iterator.clone()])?;
            if !matches!(more, Value::Bool(true)) {
                return Ok(items);
            }
            items.push(self.call_method("__item__", vec![iterator.clone()])?);
            iterator = self.call_method("__next__", vec![iterator])?;
        }
    }

    /// The keys and values of a dict in order.
    pub(super) fn pairs(&mut self, dict: &Value) -> Result<Vec<(Value, Value)>, Failure> {
        let keys = self.iterate(dict)?;
        let mut pairs = Vec::with_capacity(keys.len());
        for key in keys {
            let value = self.call_method("__getitem__", vec![dict.clone(), key.clone()])?;
            pairs.push((key, value));
        }
        Ok(pairs)
    }

    /// The types that `_push` of a list or dict takes after the container itself.
    pub(super) fn item_types(&self, ty: TypeId) -> Vec<TypeId> {
        let push = self.program.types.get(ty).members.get("_push");
        let signature = push.and_then(|push| {
            let ty = self.program.type_of(push);
            self.program.types.as_func(ty)
        });
        let params = signature.map_or(&[][..], |signature| &signature.params);
        params.iter().skip(1).map(|param| param.ty).collect()
    }

    /// A new list or dict with items, each of which is what `_push` takes.
    pub(super) fn build(&mut self, ty: TypeId, items: Vec<Vec<Value>>) -> Result<Value, Failure> {
        let new = library_method(self.program, ty, "new").map_or(Value::Type(ty), Value::Func);
        let mut container = self.call(&new, Vec::new())?;
        for item in items {
            let args = [container].into_iter().chain(item).collect();
            container = self.call_method("_push", args)?;
        }
        Ok(container)
    }

    /// `start:stop:step`
    pub(super) fn slice(&mut self, parts: [Option<i32>; 3]) -> Result<Value, Failure> {
        let module = load_library(self.program, self.engine, "_slice")?;
        let slice = self.program.module(module).members.get("Slice").cloned();
        let args = parts.iter().flat_map(|part| {
            let is_none = i32::from(part.is_none());
            [Value::i32(part.unwrap_or(0)), Value::i32(is_none)]
        });
        let args = args.collect();
        self.call(&slice.unwrap_or(Value::None), args)
    }

    /// Calls a method of the first argument.
    fn call_method(&mut self, name: &str, args: Vec<Value>) -> Result<Value, Failure> {
        let ty = args
            .first()
            .map_or(TypeId::NONE, |receiver| self.program.type_of(receiver));
        let method = self.program.types.get(ty).members.get(name).cloned();
        let Some(method) = method else {
            let ty = self.program.type_name(ty);
            let message = format!("method `{ty}::{name}` does not exist");
            return Err(Diagnostic::new(ErrorKind::TypeError, message).into());
        };
        self.call(&method, args)
    }
}
