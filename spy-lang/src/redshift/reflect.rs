//! Looking at programs from within: `hasattr`, `dir`, `lookup_fqn`.

use std::cell::RefCell;
use std::rc::Rc;

use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::operand::{Operand, Operation};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Failure, FuncId, GlobalId, ListValue, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::TypeId;

impl Evaluator<'_> {
    /// Whether reading an attribute is supported.
    pub(super) fn has_attribute(
        &mut self,
        object: &Operand,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<bool, Failure> {
        match &object.value {
            Some(Value::Module(module)) => {
                let globals = &self.program.module(*module).globals;
                let variable = globals.contains_key(&attr.name);
                return Ok(variable || self.module_member(*module, &attr.name).is_some());
            }
            Some(Value::Type(ty)) => {
                let known = TYPE_ATTRIBUTES.contains(&&*attr.name);
                return Ok(known || self.member(*ty, &attr.name).is_some());
            }
            _ => {}
        }
        let mut ty = object.ty;
        if let Some(pointer) = self.program.types.as_ptr(ty) {
            if self.pointed_field(pointer, &attr.name).is_some() {
                return Ok(true);
            }
            if !pointer.is_ref {
                return Ok(false);
            }
            ty = pointer.item;
        }
        if let Some(func) = self.method(ty, "__getattribute__") {
            return self.answers(func, object, attr, span);
        }
        if self.field_index(ty, &attr.name).is_some() || self.member(ty, &attr.name).is_some() {
            return Ok(true);
        }
        match self.method(ty, "__getattr__") {
            Some(func) => self.answers(func, object, attr, span),
            None => Ok(false),
        }
    }

    /// Whether a method that decides about attributes has an answer for one.
    fn answers(
        &mut self,
        func: FuncId,
        object: &Operand,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<bool, Failure> {
        let name = self.known(Value::Str(attr.name.clone()), attr.span);
        let found = self.method_operation(func, &[object, &name], false);
        let found = found.map_err(|failure| called_here(failure, "HASATTR", span))?;
        Ok(found.is_some())
    }

    /// `dir(operand)`: the sorted names of its type's attributes, and its own if it is a known
    /// module or type.
    pub(super) fn dir(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        self.load_methods(operand.ty)?;
        let mut names = self.attribute_names(operand.ty);
        match operand.blue_value() {
            Some(Value::Module(module)) => {
                names.extend(self.program.module(*module).members.keys().cloned());
            }
            Some(Value::Type(ty)) => {
                names.extend(self.attribute_names(*ty));
                names.extend(TYPE_ATTRIBUTES.iter().map(|name| Rc::from(*name)));
            }
            _ => {}
        }
        names.sort_unstable();
        names.dedup();
        let ty = self.program.interp_list(TypeId::STR);
        let items = RefCell::new(names.into_iter().map(Value::Str).collect());
        let list = Value::List(ListValue { ty, items }.into());
        self.apply(Operation::constant(ty, list), vec![operand], span)
    }

    /// `lookup_fqn(name)`: the function, type or module variable with a full name.
    pub(super) fn lookup_fqn(&mut self, operand: &Operand, span: Span) -> Result<Operand, Failure> {
        let Some(Value::Str(name)) = operand.blue_value() else {
            let failure = type_error("cannot call blue function with red arguments")
                .error("this is red", operand.span)
                .note("function defined here", Span::BUILTINS);
            return Err(called_here(failure.into(), "CALL", span));
        };
        let wanted = without_spaces(name);
        let module = wanted.split("::").next().unwrap_or_default().to_owned();
        if crate::stdlib::contains(&module) {
            crate::import::load_library(self.program, self.engine, &module)?;
        }
        let types = &self.program.types;
        let ty = types
            .ids()
            .find(|id| without_spaces(&types.get(*id).fqn.to_string()) == wanted);
        let func = || {
            let mut functions = self.program.functions.iter();
            functions.position(|func| without_spaces(&func.fqn.to_string()) == wanted)
        };
        let found = match ty {
            Some(ty) => Some(Value::Type(ty)),
            None => func().map(|index| {
                Value::Func(FuncId(
                    u32::try_from(index).expect("fewer than 2^32 functions"),
                ))
            }),
        };
        let mut globals = self.program.globals.iter();
        let global = globals.position(|global| without_spaces(&global.fqn.to_string()) == wanted);
        match (found, global) {
            (Some(value), _) => Ok(self.known(value, span)),
            (None, Some(index)) => {
                let index = u32::try_from(index).expect("fewer than 2^32 globals");
                Ok(self.read_global(GlobalId(index), span))
            }
            (None, None) => {
                let message = format!("FQN not found: {name}");
                Err(Diagnostic::new(ErrorKind::ValueError, message).into())
            }
        }
    }
}

/// What every type has.
const TYPE_ATTRIBUTES: &[&str] = &[
    "__name__",
    "__qualname__",
    "__fqn__",
    "__full_fqn__",
    "__origin__",
];

fn without_spaces(name: &str) -> String {
    name.chars().filter(|c| *c != ' ').collect()
}
