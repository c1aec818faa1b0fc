//! Lists and dicts of the compiler: of types, meta arguments and objects. They never reach red
//! code.

use std::cell::RefCell;

use super::errors::called_here;
use super::evaluator::Evaluator;
use super::operand::{Action, Conversion, Operand, Operation, Recipe};
use crate::builtins::Builtin;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{DictValue, Failure, FuncId, ListValue, Value};
use crate::source::Span;
use crate::syntax::ast::{self, DictItem};
use crate::types::{Fqn, TypeId, TypeKind};

impl Evaluator<'_> {
    /// `[a, b]`
    pub(super) fn list_display(
        &mut self,
        items: &[ast::Expr],
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut operands = Vec::with_capacity(items.len());
        for item in items {
            operands.push(self.expr(item)?);
        }
        if operands.is_empty() {
            let ty = TypeId::EMPTY_LIST;
            let list = ListValue {
                ty,
                items: RefCell::new(Vec::new()),
            };
            let color = super::Color::Red;
            let empty = Operand::red_value(ty, Value::List(list.into()), span);
            return Ok(Operand { color, ..empty });
        }
        let types: Vec<TypeId> = operands.iter().map(|operand| operand.ty).collect();
        let union = types
            .into_iter()
            .reduce(|a, b| self.union_in_display(a, b))
            .unwrap_or(TypeId::OBJECT);
        if !is_compile_time(union) {
            return self.library_display(("_list", "list"), union, operands, span);
        }
        let values: Option<Vec<Value>> = operands
            .iter()
            .map(|operand| operand.value.clone())
            .collect();
        match values {
            Some(values) => {
                let ty = self.program.interp_list(union);
                let list = ListValue {
                    ty,
                    items: RefCell::new(values),
                };
                Ok(self.made_early(ty, Value::List(list.into()), span))
            }
            None => {
                let message = "lists of types, objects or mixed items exist only at compile time";
                Err(Diagnostic::new(ErrorKind::NotImplementedError, message)
                    .error("this is not supported", span)
                    .into())
            }
        }
    }

    /// `{a, b}`
    pub(super) fn set_display(
        &mut self,
        items: &[ast::Expr],
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut operands = Vec::with_capacity(items.len());
        for item in items {
            operands.push(self.expr(item)?);
        }
        let types = operands.iter().map(|operand| operand.ty);
        let union = types.reduce(|a, b| self.program.types.union(a, b));
        match union.filter(|ty| !is_compile_time(*ty)) {
            Some(item) => self.library_display(("_set", "set"), item, operands, span),
            None => {
                let message = "sets of types, objects or mixed items are not supported";
                Err(Diagnostic::new(ErrorKind::NotImplementedError, message)
                    .error("this is not supported", span)
                    .into())
            }
        }
    }

    /// The common type of items: an empty display is of the type of other lists or dicts beside it.
    fn union_in_display(&self, a: TypeId, b: TypeId) -> TypeId {
        let takes = |ty, empty| {
            let module = &self.program.types.get(ty).fqn;
            match empty {
                TypeId::EMPTY_LIST => module.module_name() == "_list",
                TypeId::EMPTY_DICT => module.module_name() == "_dict",
                _ => false,
            }
        };
        if takes(a, b) {
            a
        } else if takes(b, a) {
            b
        } else {
            self.program.types.union(a, b)
        }
    }

    /// A list or set of the library with some items.
    fn library_display(
        &mut self,
        (module, name): (&str, &str),
        item: TypeId,
        operands: Vec<Operand>,
        span: Span,
    ) -> Result<Operand, Failure> {
        let list = self.library_type(module, name, &[Value::Type(item)], span)?;
        let mut items = Vec::with_capacity(operands.len());
        for operand in operands {
            items.push(self.convert(operand, item)?);
        }
        self.collected(list, items, span)
    }

    /// A collection of the library with items of its type.
    pub(super) fn collected(
        &mut self,
        ty: TypeId,
        items: Vec<Operand>,
        span: Span,
    ) -> Result<Operand, Failure> {
        let (new, push) = self.collector(ty);
        let operation = |func, args: usize| Operation {
            action: Action::Call(func),
            args: (0..args).map(Recipe::Operand).collect(),
            result: ty,
        };
        let mut result = self.apply(operation(new, 0), Vec::new(), span)?;
        for item in items {
            result = self.apply(operation(push, 2), vec![result, item], span)?;
        }
        Ok(result)
    }

    /// The functions that make an empty collection of the library and add an item to it.
    pub(super) fn collector(&self, ty: TypeId) -> (FuncId, FuncId) {
        let (Some(new), Some(push)) = (self.method(ty, "new"), self.method(ty, "_push")) else {
            unreachable!("the library's collections have these methods")
        };
        (new, push)
    }

    /// What a generic of the standard library returns for some arguments: a type.
    pub(super) fn library_type(
        &mut self,
        module: &str,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Result<TypeId, Failure> {
        crate::import::load_library(self.program, self.engine, module)?;
        let generic = self.imported(module, Some(name), span)?;
        let Value::Func(generic) = generic else {
            unreachable!("the library defines `{module}.{name}` as a generic")
        };
        match self.call_blue(generic, args)? {
            Value::Type(ty) => Ok(ty),
            _ => unreachable!("`{module}.{name}` returns a type"),
        }
    }

    /// A new list of the library with the items of a list of the compiler.
    pub(super) fn new_collection(
        &mut self,
        new: FuncId,
        ty: TypeId,
        value: &Value,
    ) -> Result<Value, Failure> {
        let mut result = self.call_now(new, &[])?;
        let (Value::List(items), Some(push)) = (value, self.method(ty, "_push")) else {
            return Ok(result);
        };
        let item_type = self.program.list_item(ty).unwrap_or(TypeId::OBJECT);
        for item in items.items.borrow().clone() {
            let operand = self.known(item, Span::BUILTINS);
            let item = self
                .convert(operand, item_type)?
                .value
                .unwrap_or(Value::None);
            result = self.call_now(push, &[result, item])?;
        }
        Ok(result)
    }

    /// The conversion of an empty display to a collection type.
    pub(super) fn empty_conversion(
        &mut self,
        operand: &Operand,
        expected: TypeId,
    ) -> Option<Conversion> {
        let (module, at_compile_time) = match operand.ty {
            TypeId::EMPTY_LIST => ("_list", "interp_list"),
            TypeId::EMPTY_DICT => ("_dict", "interp_dict"),
            _ => return None,
        };
        let fqn = &self.program.types.get(expected).fqn;
        if fqn.module_name() == "__spy__" && &*fqn.last().name == at_compile_time {
            return Some(Conversion::NewAtCompileTime(expected));
        }
        if self.program.types.get(expected).fqn.module_name() != module {
            return None;
        }
        let new = self.method(expected, "new")?;
        Some(Conversion::New(new, expected))
    }

    /// `{k: v}`
    pub(super) fn dict_display(
        &mut self,
        items: &[DictItem],
        span: Span,
    ) -> Result<Operand, Failure> {
        if items.is_empty() && self.is_blue() {
            let ty = TypeId::EMPTY_DICT;
            let items = RefCell::new(Vec::new());
            let empty = Value::Dict(DictValue { ty, items }.into());
            return Ok(Operand::red_value(ty, empty, span));
        }
        let mut pairs = Vec::with_capacity(items.len());
        let mut union: Option<(TypeId, TypeId)> = None;
        for item in items {
            let DictItem::Pair(key, value) = item else {
                return Err(super::expr::not_supported(span));
            };
            let (key, value) = (self.expr(key)?, self.expr(value)?);
            union = Some(match union {
                None => (key.ty, value.ty),
                Some((k, v)) => (
                    self.union_in_display(k, key.ty),
                    self.union_in_display(v, value.ty),
                ),
            });
            pairs.push((key, value));
        }
        let Some((key, value)) = union else {
            return Ok(self.known_dict(TypeId::EMPTY_DICT, Vec::new(), span));
        };
        if !is_compile_time(key) && !is_compile_time(value) {
            return self.library_dict((key, value), pairs, span);
        }
        let pairs: Option<Vec<(Value, Value)>> = pairs
            .into_iter()
            .map(|(key, value)| key.value.zip(value.value))
            .collect();
        match pairs {
            Some(pairs) => {
                let ty = self.program.interp_dict(key, value);
                Ok(self.known_dict(ty, pairs, span))
            }
            None => {
                let message = "dicts of types, objects or mixed items exist only at compile time";
                Err(Diagnostic::new(ErrorKind::NotImplementedError, message)
                    .error("this is not supported", span)
                    .into())
            }
        }
    }

    /// A dict of the compiler.
    fn known_dict(&self, ty: TypeId, pairs: Vec<(Value, Value)>, span: Span) -> Operand {
        let dict = DictValue {
            ty,
            items: RefCell::new(pairs),
        };
        self.made_early(ty, Value::Dict(dict.into()), span)
    }

    /// A collection of the compiler: a constant for red code, which cannot change it.
    fn made_early(&self, ty: TypeId, value: Value, span: Span) -> Operand {
        if self.is_blue() {
            Operand::red_value(ty, value, span)
        } else {
            Operand::blue(ty, value, span)
        }
    }

    /// `dict[key, value]` of the library with some items.
    fn library_dict(
        &mut self,
        (key, value): (TypeId, TypeId),
        pairs: Vec<(Operand, Operand)>,
        span: Span,
    ) -> Result<Operand, Failure> {
        let args = [Value::Type(key), Value::Type(value)];
        let dict = self.library_type("_dict", "dict", &args, span)?;
        let (Some(new), Some(push)) = (self.method(dict, "new"), self.method(dict, "_push")) else {
            unreachable!("the library's dict has these methods")
        };
        let operation = Operation {
            action: Action::Call(new),
            args: Vec::new(),
            result: dict,
        };
        let mut result = self.apply(operation, Vec::new(), span)?;
        for (pair_key, pair_value) in pairs {
            let pair_key = self.convert(pair_key, key)?;
            let pair_value = self.convert(pair_value, value)?;
            let operation = Operation {
                action: Action::Call(push),
                args: (0..3).map(Recipe::Operand).collect(),
                result: dict,
            };
            result = self.apply(operation, vec![result, pair_key, pair_value], span)?;
        }
        Ok(result)
    }

    /// `interp_tuple(a, …)`
    pub(super) fn construct_collection(&self, ty: TypeId, operands: &[Operand]) -> Option<Value> {
        let items: Option<Vec<Value>> = operands
            .iter()
            .map(|operand| operand.value.clone())
            .collect();
        let items = items?;
        if ty == TypeId::INTERP_TUPLE {
            return Some(Value::Tuple(items.into()));
        }
        let fqn = &self.program.types.get(ty).fqn;
        if fqn.module_name() != "__spy__" {
            return None;
        }
        match &*fqn.last().name {
            "interp_list" => {
                let items = RefCell::new(items);
                Some(Value::List(ListValue { ty, items }.into()))
            }
            "interp_dict" if items.is_empty() => {
                let items = RefCell::new(Vec::new());
                Some(Value::Dict(DictValue { ty, items }.into()))
            }
            _ => None,
        }
    }

    /// An item of a collection of the compiler, or `None` if the receiver is not one.
    pub(super) fn collection_item(
        &mut self,
        receiver: &Operand,
        args: &[Operand],
        span: Span,
    ) -> Result<Option<Operand>, Failure> {
        let index = args.first().and_then(|index| index.value.clone());
        let items = match (&receiver.value, args) {
            (Some(Value::Tuple(items)), [_]) => items.to_vec(),
            (Some(Value::List(list)), [_]) => list.items.borrow().clone(),
            (Some(Value::Dict(dict)), [_]) => {
                let key = index.as_ref().and_then(super::memo::key);
                let found = dict.items.borrow().iter().find_map(|(candidate, value)| {
                    let same = key.is_some() && super::memo::key(candidate) == key;
                    same.then(|| value.clone())
                });
                return match found {
                    Some(value) => Ok(Some(self.item(receiver, value, span))),
                    None => Err(Diagnostic::new(ErrorKind::KeyError, "key not found").into()),
                };
            }
            _ => return Ok(None),
        };
        let Some(Value::Int(_, index)) = index else {
            let message = format!("cannot do `{}`[...]", self.type_name(receiver.ty));
            let failure = self.unsupported(message, receiver).into();
            return Err(called_here(failure, "GETITEM", span));
        };
        let length = items.len() as i128;
        let position = if index < 0 { index + length } else { index };
        match usize::try_from(position)
            .ok()
            .and_then(|position| items.get(position))
        {
            Some(value) => Ok(Some(self.item(receiver, value.clone(), span))),
            None => Err(Diagnostic::new(ErrorKind::IndexError, "").into()),
        }
    }

    /// `receiver[index] = value` of a collection of the compiler; false if it is not one.
    pub(super) fn store_collection_item(
        &mut self,
        receiver: &Operand,
        args: &[Operand],
        value: &Operand,
        span: Span,
    ) -> Result<bool, Failure> {
        let [index] = args else {
            return Ok(false);
        };
        let is_collection = matches!(receiver.value, Some(Value::List(_) | Value::Dict(_)));
        if is_collection && !self.is_blue() {
            let message =
                "lists and dicts of types, objects or mixed items change only at compile time";
            return Err(Diagnostic::new(ErrorKind::NotImplementedError, message)
                .error("this is not supported", span)
                .into());
        }
        let arguments = self
            .program
            .types
            .get(receiver.ty)
            .fqn
            .last()
            .qualifiers
            .clone();
        let ty = |position: usize| {
            let types = &self.program.types;
            let wanted = arguments.get(position);
            let found = types.ids().find(|id| Some(&types.get(*id).fqn) == wanted);
            found.unwrap_or(TypeId::OBJECT)
        };
        let (first, second) = (ty(0), ty(1));
        let known = |operand: Operand| operand.value.unwrap_or(Value::None);
        let fail = |failure| called_here(failure, "SETITEM", span);
        match &receiver.value {
            Some(Value::List(list)) => {
                let value = known(self.convert(value.clone(), first).map_err(fail)?);
                let index = known(self.convert(index.clone(), TypeId::I32).map_err(fail)?);
                let mut items = list.items.borrow_mut();
                let Some(position) = position(&index, items.len()) else {
                    return Err(Diagnostic::new(ErrorKind::IndexError, "").into());
                };
                items[position] = value;
            }
            Some(Value::Dict(dict)) => {
                let key = known(self.convert(index.clone(), first).map_err(fail)?);
                let value = known(self.convert(value.clone(), second).map_err(fail)?);
                let wanted = super::memo::key(&key);
                let mut items = dict.items.borrow_mut();
                let same = |(known, _): &&mut (Value, Value)| {
                    wanted.is_some() && super::memo::key(known) == wanted
                };
                let found = items.iter_mut().find(same);
                match found {
                    Some(item) => item.1 = value,
                    None => items.push((key, value)),
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// `receiver.append(item)` of what `list[T]` is at compile time; `None` if it is anything else.
    pub(super) fn collection_method(
        &mut self,
        receiver: &Operand,
        method: &str,
        args: &[Operand],
        span: Span,
    ) -> Result<Option<Operand>, Failure> {
        let (Some(Value::List(list)), "append", [item]) = (&receiver.value, method, args) else {
            return Ok(None);
        };
        let item_type = self.item_type(list.ty);
        if list.ty == TypeId::EMPTY_LIST || !is_compile_time(item_type) {
            return Ok(None);
        }
        let fail = |failure| called_here(failure, "CALL_METHOD", span);
        if !self.is_blue() {
            let message = "lists of types, objects or mixed items change only at compile time";
            let diagnostic = Diagnostic::new(ErrorKind::NotImplementedError, message)
                .error("this is not supported", span);
            return Err(fail(diagnostic.into()));
        }
        let item = self.convert(item.clone(), item_type).map_err(fail)?;
        let item = item.value.unwrap_or(Value::None);
        list.items.borrow_mut().push(item);
        Ok(Some(Operand::red_value(TypeId::NONE, Value::None, span)))
    }

    /// The first type argument of a collection of the compiler.
    fn item_type(&self, ty: TypeId) -> TypeId {
        let types = &self.program.types;
        let wanted = types.get(ty).fqn.last().qualifiers.first().cloned();
        let found = types
            .ids()
            .find(|id| Some(&types.get(*id).fqn) == wanted.as_ref());
        found.unwrap_or(TypeId::OBJECT)
    }

    /// `interp_list[T]` and `interp_dict[K, V]`
    pub(super) fn interp_generic(
        &mut self,
        builtin: Builtin,
        callee: &Operand,
        args: &[Operand],
        span: Span,
    ) -> Result<Operand, Failure> {
        let ty = match (builtin, type_arguments(args).as_deref()) {
            (Builtin::InterpList, Some([item])) => self.program.interp_list(*item),
            (Builtin::InterpDict, Some([key, value])) => self.program.interp_dict(*key, *value),
            _ => {
                let message = format!("cannot do `{}`[...]", self.type_name(callee.ty));
                let failure = self.unsupported(message, callee).into();
                return Err(called_here(failure, "GETITEM", span));
            }
        };
        Ok(self.known(Value::Type(ty), span))
    }

    /// What `list[T]` and `dict[K, V]` are for types that exist only at compile time.
    pub(super) fn compile_time_collection(
        &mut self,
        generic: FuncId,
        args: &[Operand],
    ) -> Option<TypeId> {
        let fqn = &self.program.func(generic).fqn;
        let is_list = *fqn == Fqn::module("_list").join("list");
        let is_dict = *fqn == Fqn::module("_dict").join("dict");
        let types = type_arguments(args)?;
        match types.as_slice() {
            [item] if is_list && is_compile_time(*item) => Some(self.program.interp_list(*item)),
            [key, value] if is_dict && (is_compile_time(*key) || is_compile_time(*value)) => {
                Some(self.program.interp_dict(*key, *value))
            }
            _ => None,
        }
    }

    /// `left + right`, `left == right` and `left != right` of values of the compiler, or `None`
    /// if they are not.
    pub(super) fn collection_operation(
        &mut self,
        symbol: &str,
        left: &Operand,
        right: &Operand,
        span: Span,
    ) -> Option<Operand> {
        let result = match (symbol, &left.value, &right.value) {
            ("+", Some(Value::List(a)), Some(Value::List(b))) if a.ty == b.ty => {
                let items: Vec<Value> = a
                    .items
                    .borrow()
                    .iter()
                    .chain(&*b.items.borrow())
                    .cloned()
                    .collect();
                self.program.limits.used_steps += items.len() as u64;
                let list = ListValue {
                    ty: a.ty,
                    items: RefCell::new(items),
                };
                return Some(Operand::red_value(a.ty, Value::List(list.into()), span));
            }
            ("==" | "!=", Some(a), Some(b)) if left.ty == right.ty => same(a, b)?,
            _ => return None,
        };
        let mut operand = self.known(Value::Bool(result == (symbol == "==")), span);
        operand.color = left.color.and(right.color);
        Some(operand)
    }

    fn item(&self, receiver: &Operand, value: Value, span: Span) -> Operand {
        let color = receiver.color;
        Operand {
            color,
            ..self.known(value, span)
        }
    }
}

/// Whether two values of the compiler are equal; `None` if they are of another kind.
fn same(a: &Value, b: &Value) -> Option<bool> {
    let equal = |a: &[Value], b: &[Value]| {
        let pairs = || a.iter().zip(b);
        a.len() == b.len() && pairs().all(|(a, b)| super::memo::key(a) == super::memo::key(b))
    };
    match (a, b) {
        (Value::MetaArg(_), Value::MetaArg(_)) => Some(super::memo::key(a) == super::memo::key(b)),
        (Value::Tuple(a), Value::Tuple(b)) => Some(equal(a, b)),
        (Value::List(a), Value::List(b)) => Some(equal(&a.items.borrow(), &b.items.borrow())),
        (Value::Dict(a), Value::Dict(b)) => {
            let flat = |items: &[(Value, Value)]| -> Vec<Value> {
                let pairs = items.iter().cloned();
                pairs.flat_map(|(key, value)| [key, value]).collect()
            };
            Some(equal(&flat(&a.items.borrow()), &flat(&b.items.borrow())))
        }
        _ => None,
    }
}

/// The types that arguments in brackets are.
fn type_arguments(args: &[Operand]) -> Option<Vec<TypeId>> {
    let types = args.iter().map(|operand| match operand.value {
        Some(Value::Type(ty)) => Some(ty),
        Some(Value::None) => Some(TypeId::NONE),
        _ => None,
    });
    types.collect()
}

/// The position that an index means; negative ones count from the end.
fn position(index: &Value, length: usize) -> Option<usize> {
    let Value::Int(_, index) = index else {
        return None;
    };
    let from_start = if *index < 0 {
        *index + length as i128
    } else {
        *index
    };
    let found = usize::try_from(from_start).ok()?;
    (found < length).then_some(found)
}

/// Whether a collection of this item type exists only at compile time.
fn is_compile_time(ty: TypeId) -> bool {
    ty == TypeId::TYPE || ty == TypeId::OBJECT || ty == TypeId::META_ARG
}

impl crate::program::Program {
    /// The item type of an instance of the library's `list`.
    pub fn list_item(&self, ty: TypeId) -> Option<TypeId> {
        let info = self.types.get(ty);
        if info.fqn.module_name() != "_list" {
            return None;
        }
        match info.members.get("_getitem_int") {
            Some(Value::Func(func)) => self.types.as_func(self.func(*func).ty).map(|ty| ty.result),
            _ => None,
        }
    }

    /// The type `interp_list[item]`.
    pub(crate) fn interp_list(&mut self, item: TypeId) -> TypeId {
        self.interned_blue("interp_list", &[item])
    }

    /// The type `interp_dict[key, value]`.
    pub(crate) fn interp_dict(&mut self, key: TypeId, value: TypeId) -> TypeId {
        self.interned_blue("interp_dict", &[key, value])
    }

    fn interned_blue(&mut self, name: &str, args: &[TypeId]) -> TypeId {
        let qualifiers = args
            .iter()
            .map(|ty| self.types.get(*ty).fqn.clone())
            .collect();
        let fqn = Fqn::module("__spy__")
            .join(name)
            .with_qualifiers(qualifiers);
        let known = self.types.ids().find(|id| self.types.get(*id).fqn == fqn);
        known.unwrap_or_else(|| self.types.add(fqn, TypeKind::Blue, Span::BUILTINS))
    }
}
