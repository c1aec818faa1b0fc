//! User descriptors: class attributes whose type defines `__get__` or `__set__`, and
//! `__setattr__`.

use super::errors::called_here;
use super::evaluator::Evaluator;
use super::operand::Operand;
use crate::program::{Failure, FuncId, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::TypeId;

impl Evaluator<'_> {
    /// Whether a class attribute decides what reading it from a value yields.
    pub(super) fn is_descriptor(&self, value: &Value) -> bool {
        self.method(self.program.type_of(value), "__get__")
            .is_some()
    }

    /// `object.attr` of a descriptor: `__get__(descriptor, object)`.
    pub(super) fn read_descriptor(
        &mut self,
        descriptor: Value,
        object: Operand,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<Operand, Failure> {
        let descriptor = self.known(descriptor, span);
        let get = self
            .method(descriptor.ty, "__get__")
            .expect("the caller has found it");
        let operands = vec![descriptor, object];
        let refs: Vec<&Operand> = operands.iter().collect();
        match self.method_operation(get, &refs, false) {
            Ok(Some(operation)) => self.apply(operation, operands, span),
            Ok(None) => Err(self.no_attribute(&operands[1], attr, span)),
            Err(failure) => Err(called_here(failure, "GETATTR", span)),
        }
    }

    /// Whether a type has a descriptor for the attribute, or `__setattr__`.
    pub(super) fn has_setter(&self, ty: TypeId, name: &str) -> bool {
        match self.member(ty, name) {
            Some(found) => {
                let ty = self.program.type_of(&found);
                self.method(ty, "__set__").is_some()
            }
            None => self.method(ty, "__setattr__").is_some(),
        }
    }

    /// `object.attr = value` through a descriptor or `__setattr__`; false if there is neither, or
    /// if it does not support the attribute.
    pub(super) fn store_through_method(
        &mut self,
        object: &Operand,
        attr: &ast::Ident,
        value: &Operand,
        span: Span,
    ) -> Result<bool, Failure> {
        if let Some(found) = self.member(object.ty, &attr.name) {
            let descriptor = self.known(found, span);
            let Some(set) = self.method(descriptor.ty, "__set__") else {
                return Ok(false);
            };
            return self.store_by(set, [descriptor, object.clone(), value.clone()], span);
        }
        if self.field_index(object.ty, &attr.name).is_some() {
            return Ok(false);
        }
        let Some(set) = self.method(object.ty, "__setattr__") else {
            return Ok(false);
        };
        let name = self.known(Value::Str(attr.name.clone()), attr.span);
        self.store_by(set, [object.clone(), name, value.clone()], span)
    }

    fn store_by(
        &mut self,
        set: FuncId,
        operands: [Operand; 3],
        span: Span,
    ) -> Result<bool, Failure> {
        let refs: Vec<&Operand> = operands.iter().collect();
        let found = self
            .method_operation(set, &refs, false)
            .map_err(|failure| called_here(failure, "SETATTR", span))?;
        let Some(operation) = found else {
            return Ok(false);
        };
        let result = self.apply(operation, operands.into(), span)?;
        self.drop_operand(result);
        Ok(true)
    }
}
