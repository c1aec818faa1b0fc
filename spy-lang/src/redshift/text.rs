//! `str`, `repr` and f-strings.

use super::Color;
use super::arguments::Arguments;
use super::errors::type_error;
use super::evaluator::Evaluator;
use super::fold;
use super::operand::{Operand, Operation, Recipe};
use crate::ir::{DynamicOp, Prim, Runtime, Scalar};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::syntax::ast::{FStringPart, FStringValue};
use crate::types::{TypeId, TypeKind};

impl Evaluator<'_> {
    /// `str(operand)`
    pub(super) fn text(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        self.text_form(operand, span, "str", "__str__", Prim::ToStr)
    }

    /// `repr(operand)`
    pub(super) fn representation(
        &mut self,
        operand: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        self.text_form(operand, span, "repr", "__repr__", Prim::Repr)
    }

    fn text_form(
        &mut self,
        operand: Operand,
        span: Span,
        name: &str,
        method: &str,
        prim: fn(Scalar) -> Prim,
    ) -> Result<Operand, Failure> {
        let operand = self.dynamic_type(operand);
        let operand = self.dereferenced(operand)?;
        if let Some(scalar) = Scalar::of(operand.ty) {
            if scalar == Scalar::Str && name == "str" {
                return Ok(Operand {
                    span,
                    symbol: None,
                    ..operand
                });
            }
            let operation = Operation::prim(prim(scalar), vec![Recipe::Operand(0)]);
            return self.apply(operation, vec![operand], span);
        }
        let own = self.unary_method(method, &operand)?;
        let found = match own {
            Some(operation) => Some(operation),
            None => self.unary_method("__repr__", &operand)?,
        };
        if let Some(operation) = found {
            return self.apply(operation, vec![operand], span);
        }
        if matches!(
            self.program.types.kind(operand.ty),
            TypeKind::Struct(Some(_))
        ) {
            return self.struct_text(operand, span);
        }
        if self.is_exception(operand.ty) && (operand.value.is_none() || name == "repr") {
            let form = if name == "repr" {
                Runtime::ExceptionRepr
            } else {
                Runtime::ExceptionStr
            };
            let operation = self.prim_operation(Prim::Runtime(form), &[&operand])?;
            return self.apply(operation, vec![operand], span);
        }
        let known = match &operand.value {
            Some(value) => self.known_text(value),
            None if operand.ty == TypeId::NONE => Some("None".to_owned()),
            None if self.program.types.as_ptr(operand.ty).is_some() => {
                Some(format!("<{}>", self.type_name(operand.ty)))
            }
            None => None,
        };
        match known {
            None if operand.value.is_none() => {
                let result = self.postpone_builtin(name, operand, span);
                self.convert(result, TypeId::STR)
            }
            Some(text) => {
                let color = operand.color;
                let result = self.known(Value::str(&text), span);
                let mut result = self.after_effects(operand, result);
                if self.is_blue() {
                    result.color = color;
                }
                Ok(result)
            }
            None => {
                let type_name = self.type_name(operand.ty);
                Err(type_error(format!("cannot call {name}(`{type_name}`)"))
                    .error(format!("this is `{type_name}`"), operand.span)
                    .into())
            }
        }
    }

    /// The text of a struct, as Python prints dataclasses, or of a tuple.
    fn struct_text(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        let ty = operand.ty;
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(ty) else {
            unreachable!("the caller has checked")
        };
        let names: Vec<std::rc::Rc<str>> = layout
            .fields
            .iter()
            .map(|field| field.name.clone())
            .collect();
        let is_tuple = self.is_tuple(ty);
        let name = if is_tuple {
            String::new()
        } else {
            self.program
                .last_human_name(&self.program.types.get(ty).fqn)
        };
        let mut parts = vec![self.known(Value::str(&format!("{name}(")), span)];
        if self.is_blue() {
            self.field_texts(&operand, &names, is_tuple, &mut parts, span)?;
            return self.joined(parts, span);
        }
        let (result, stmts) = self.capture(|this| {
            let held = this.hold(operand)?;
            this.field_texts(&held, &names, is_tuple, &mut parts, span)?;
            this.joined(parts, span)
        })?;
        Ok(super::expr::with_statements(stmts, result))
    }

    fn field_texts(
        &mut self,
        operand: &Operand,
        names: &[std::rc::Rc<str>],
        is_tuple: bool,
        parts: &mut Vec<Operand>,
        span: Span,
    ) -> Result<(), Failure> {
        for (index, name) in names.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let label = if is_tuple {
                separator.to_owned()
            } else {
                format!("{separator}{name}=")
            };
            parts.push(self.known(Value::str(&label), span));
            let field = self.read_field(operand.clone(), index, span)?;
            parts.push(self.representation(field, span)?);
        }
        let end = if is_tuple && names.len() == 1 {
            ",)"
        } else {
            ")"
        };
        parts.push(self.known(Value::str(end), span));
        Ok(())
    }

    /// Texts one after the other.
    pub(super) fn joined(&mut self, parts: Vec<Operand>, span: Span) -> Result<Operand, Failure> {
        let mut parts = parts.into_iter();
        let mut joined = parts
            .next()
            .unwrap_or_else(|| self.known(Value::str(""), span));
        for part in parts {
            let args = vec![Recipe::Operand(0), Recipe::Operand(1)];
            let operation = Operation::prim(Prim::Runtime(Runtime::StrAdd), args);
            joined = self.apply(operation, vec![joined, part], span)?;
        }
        Ok(joined)
    }

    /// The text of a known value of any type.
    pub(super) fn known_text(&self, value: &Value) -> Option<String> {
        Some(match value {
            Value::Type(ty) => self.program.type_repr(*ty),
            Value::Func(func) => {
                format!(
                    "<spy function '{}'>",
                    self.program.human_name(&self.program.func(*func).fqn)
                )
            }
            Value::Module(module) => {
                format!("<spy module '{}'>", self.program.module(*module).name)
            }
            Value::Exception(exception) => exception.text(),
            Value::Tuple(items) => {
                let items: Option<Vec<String>> =
                    items.iter().map(|item| self.known_repr(item)).collect();
                format!("({})", items?.join(", "))
            }
            Value::List(list) => {
                let items = list.items.borrow();
                let items: Option<Vec<String>> =
                    items.iter().map(|item| self.known_repr(item)).collect();
                format!("[{}]", items?.join(", "))
            }
            Value::Dict(dict) => {
                let items = dict.items.borrow();
                let pair = |(key, value): &(Value, Value)| {
                    Some(format!(
                        "{}: {}",
                        self.known_repr(key)?,
                        self.known_repr(value)?
                    ))
                };
                let items: Option<Vec<String>> = items.iter().map(pair).collect();
                format!("{{{}}}", items?.join(", "))
            }
            Value::Ptr(ty, address) => {
                let name = self.program.type_repr(*ty);
                format!("<spy pointer {name} at {address:#x}>")
            }
            Value::Descriptor(_) => "<spy descriptor>".to_owned(),
            Value::MetaArg(meta) => {
                let color = if meta.value.is_some() {
                    Color::Blue
                } else {
                    Color::Red
                };
                format!("<MetaArg {} {}>", color.name(), self.type_name(meta.ty))
            }
            Value::Struct(..) | Value::OpSpec(_) => return None,
            Value::OpImpl(implementation) => format!("<OpImpl {}>", implementation.name),
            scalar => fold::to_str(scalar),
        })
    }

    fn known_repr(&self, value: &Value) -> Option<String> {
        match value {
            Value::Str(text) => Some(fold::repr(&Value::Str(text.clone()))),
            Value::Exception(exception) => Some(exception.repr()),
            other => self.known_text(other),
        }
    }

    /// `f"…"`: the parts joined.
    pub(super) fn fstring(
        &mut self,
        parts: &[FStringPart],
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut joined: Option<Operand> = None;
        for part in parts {
            let next = match part {
                FStringPart::Text(text) => self.known(Value::Str(text.clone()), span),
                FStringPart::Value(field) => self.replacement(field)?,
            };
            joined = Some(match joined {
                None => next,
                Some(left) => {
                    let prim = Prim::Runtime(Runtime::StrAdd);
                    let args = vec![Recipe::Operand(0), Recipe::Operand(1)];
                    self.apply(Operation::prim(prim, args), vec![left, next], span)?
                }
            });
        }
        Ok(joined.unwrap_or_else(|| self.known(Value::str(""), span)))
    }

    /// `ascii(x)`
    pub(super) fn ascii(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        crate::import::load_library(self.program, self.engine, "_builtins")?;
        let ascii = self.imported("_builtins", Some("ascii"), span)?;
        let callee = self.known(ascii, span);
        let args = Arguments {
            operands: vec![operand],
            keywords: vec![None],
        };
        self.call(callee, args, span)
    }

    /// `{value!r:spec}`
    fn replacement(&mut self, field: &FStringValue) -> Result<Operand, Failure> {
        let value = self.expr(&field.value)?;
        let value = match field.conversion {
            Some('r') => self.representation(value, field.span)?,
            Some('a') => self.ascii(value, field.span)?,
            Some(_) => self.text(value, field.span)?,
            None if field.debug_text.is_some() && field.spec.is_empty() => {
                self.representation(value, field.span)?
            }
            None => value,
        };
        let text = if field.spec.is_empty() {
            self.text(value, field.span)?
        } else {
            let spec = self.fstring(&field.spec, field.span)?;
            self.formatted(value, spec, field.span)?
        };
        let Some(debug) = &field.debug_text else {
            return Ok(text);
        };
        let prefix = self.known(Value::Str(debug.clone()), field.span);
        let operation = Operation::prim(
            Prim::Runtime(Runtime::StrAdd),
            vec![Recipe::Operand(0), Recipe::Operand(1)],
        );
        self.apply(operation, vec![prefix, text], field.span)
    }

    /// `format(value, spec)` of numbers and strings.
    pub(super) fn formatted(
        &mut self,
        value: Operand,
        spec: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&value) || self.is_dynamic(&spec) {
            return self.postpone_as(TypeId::STR, DynamicOp::Format, vec![value, spec], span);
        }
        match Scalar::of(value.ty) {
            Some(scalar) if scalar != Scalar::Complex => {
                let args = vec![Recipe::Operand(0), Recipe::Operand(1)];
                let operation = Operation::prim(Prim::Format(scalar), args);
                self.apply(operation, vec![value, spec], span)
            }
            _ => {
                let name = self.type_name(value.ty);
                Err(
                    type_error(format!("cannot format `{name}` with a format spec"))
                        .error(format!("this is `{name}`"), value.span)
                        .into(),
                )
            }
        }
    }
}
