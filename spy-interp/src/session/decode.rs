//! JSON to values.
//!
//! Bare JSON takes the type that is expected of it where it can; whatever comes out is converted
//! and checked like an argument that is written in the program.

use std::rc::Rc;

use serde_json::{Map, Number, Value as Json};
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::{Failure, Value};
use spy_lang::types::{IntType, TypeId, TypeKind};
use spy_runtime::Complex;

use super::base64;
use super::containers::Container;
use super::exchange::Exchange;
use super::request::{Argument, refusal};

impl Exchange<'_> {
    /// The value of an argument where a value of type `expected` is wanted.
    pub(super) fn decode(
        &mut self,
        argument: &Argument,
        expected: TypeId,
    ) -> Result<Value, Failure> {
        match argument {
            Argument::Json(json) => self.json(json, expected),
            Argument::BigInt(digits) => {
                Ok(self.integer(wrapped(digits), || approximate(digits), expected))
            }
        }
    }

    fn json(&mut self, json: &Json, expected: TypeId) -> Result<Value, Failure> {
        match json {
            Json::Null => Ok(Value::None),
            Json::Bool(value) => Ok(Value::Bool(*value)),
            Json::Number(number) => Ok(self.number(number, expected)),
            Json::String(text) => Ok(Value::str(text)),
            Json::Array(items) => self.bare_array(items, expected),
            Json::Object(object) => self.object(object, expected),
        }
    }

    fn number(&self, number: &Number, expected: TypeId) -> Value {
        let float = number.as_f64().unwrap_or(f64::NAN);
        match number.as_i128() {
            Some(value) => self.integer(value, || float, expected),
            None => self.float(float, expected),
        }
    }

    /// An integer as the expected type if that is a number, otherwise as an `i32`.
    fn integer(&self, value: i128, float: impl Fn() -> f64, expected: TypeId) -> Value {
        let kind = self.program.types.kind(expected);
        if let TypeKind::Int(int) = kind {
            Value::Int(*int, int.wrap(value))
        } else if matches!(kind, TypeKind::Float(_) | TypeKind::Complex) {
            self.float(float(), expected)
        } else {
            Value::Int(IntType::I32, IntType::I32.wrap(value))
        }
    }

    /// A float as the expected type if that is one, otherwise as an `f64`.
    fn float(&self, value: f64, expected: TypeId) -> Value {
        if expected == TypeId::F32 {
            Value::F32(value as f32)
        } else if expected == TypeId::COMPLEX {
            Value::Complex(Complex::new(value, 0.0))
        } else {
            Value::F64(value)
        }
    }

    /// An array stands for the fields of the expected struct in order.
    fn bare_array(&mut self, items: &[Json], expected: TypeId) -> Result<Value, Failure> {
        if Container::of(self.program, expected) == Some(Container::List) {
            return self.container("list", items, expected);
        }
        if matches!(self.program.types.kind(expected), TypeKind::Struct(Some(_))) {
            let pairs: Vec<(Option<&str>, &Json)> = items.iter().map(|item| (None, item)).collect();
            self.fields_of(expected, &pairs)
        } else {
            Err(refusal(
                "an array needs the type of its value: {\"kind\", \"type\", \"value\"}",
            ))
        }
    }

    fn object(&mut self, object: &Map<String, Json>, expected: TypeId) -> Result<Value, Failure> {
        if let Some(handle) = object.get("handle") {
            let value = handle.as_u64().and_then(|handle| self.handles.get(handle));
            return value
                .cloned()
                .ok_or_else(|| refusal(format!("there is no object with handle {handle}")));
        }
        let Some(Json::String(kind)) = object.get("kind") else {
            return Err(refusal("a value needs a `kind` or a `handle`"));
        };
        let expected = match object.get("type").and_then(Json::as_str) {
            Some(name) => self.named_type(name)?,
            None => expected,
        };
        self.of_kind(
            kind,
            object.get("value").unwrap_or(&Json::Null),
            expected,
            object,
        )
    }

    fn of_kind(
        &mut self,
        kind: &str,
        content: &Json,
        expected: TypeId,
        object: &Map<String, Json>,
    ) -> Result<Value, Failure> {
        match (kind, content) {
            ("none", _) => Ok(Value::None),
            ("bool", Json::Bool(value)) => Ok(Value::Bool(*value)),
            ("int", Json::Number(number)) if number.as_i128().is_some() => {
                Ok(self.number(number, expected))
            }
            ("float", content) => {
                let value = float(content).ok_or_else(|| malformed(kind))?;
                Ok(self.float(value, expected))
            }
            ("complex", Json::Array(parts)) => {
                let parts: Option<Vec<f64>> = parts.iter().map(float).collect();
                match parts.as_deref() {
                    Some([re, im]) => Ok(Value::Complex(Complex { re: *re, im: *im })),
                    Some(_) | None => Err(malformed(kind)),
                }
            }
            ("str", Json::String(text)) => Ok(Value::str(text)),
            ("bytes", Json::String(text)) => {
                let bytes = base64::decode(text).ok_or_else(|| malformed(kind))?;
                Ok(Value::Bytes(bytes.into()))
            }
            ("struct" | "tuple", Json::Array(items)) => self.aggregate(kind, items, expected),
            ("type", content) => {
                let name = object.get("fqn").unwrap_or(content).as_str();
                let ty = self.named_type(name.ok_or_else(|| malformed(kind))?)?;
                Ok(Value::Type(ty))
            }
            ("function" | "object" | "ptr", _) => Err(refusal(format!(
                "a value of kind `{kind}` is passed by its `handle`"
            ))),
            ("list" | "dict", Json::Array(items)) => self.container(kind, items, expected),
            ("slice", Json::Array(parts)) => {
                let parts: Option<Vec<Option<i32>>> = parts.iter().map(slice_part).collect();
                let parts = parts.and_then(|parts| <[Option<i32>; 3]>::try_from(parts).ok());
                self.slice(parts.ok_or_else(|| malformed(kind))?)
            }
            (kind, _) => Err(malformed(kind)),
        }
    }

    /// A list from its items, or a dict from pairs of key and value.
    fn container(&mut self, kind: &str, items: &[Json], ty: TypeId) -> Result<Value, Failure> {
        if Container::of(self.program, ty).map(Container::kind) != Some(kind) {
            let name = self.program.type_name(ty);
            return Err(refusal(format!("`{name}` is not the type of a {kind}")));
        }
        let types = self.item_types(ty);
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let parts = if kind == "dict" {
                item.as_array().map(Vec::as_slice).unwrap_or_default()
            } else {
                std::slice::from_ref(item)
            };
            if parts.len() != types.len() {
                return Err(malformed(kind));
            }
            let parts = parts.iter().zip(&types);
            let parts: Result<Vec<Value>, Failure> =
                parts.map(|(json, ty)| self.json(json, *ty)).collect();
            values.push(parts?);
        }
        self.build(ty, values)
    }

    /// A struct from its fields, by name or in order.
    fn aggregate(&mut self, kind: &str, items: &[Json], ty: TypeId) -> Result<Value, Failure> {
        if ty == TypeId::INTERP_TUPLE {
            let items: Result<Vec<Value>, Failure> = items
                .iter()
                .map(|item| self.json(item, TypeId::DYNAMIC))
                .collect();
            return Ok(Value::Tuple(items?.into()));
        }
        let pair = |item| {
            if kind == "tuple" {
                return Some((None, item));
            }
            match Json::as_array(item).map(Vec::as_slice) {
                Some([Json::String(name), value]) => Some((Some(name.as_str()), value)),
                Some(_) | None => None,
            }
        };
        let pairs: Option<Vec<(Option<&str>, &Json)>> = items.iter().map(pair).collect();
        let pairs = pairs.ok_or_else(|| malformed(kind))?;
        self.fields_of(ty, &pairs)
    }

    fn fields_of(&mut self, ty: TypeId, pairs: &[(Option<&str>, &Json)]) -> Result<Value, Failure> {
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(ty) else {
            let name = self.program.type_name(ty);
            return Err(refusal(format!("`{name}` is not a struct")));
        };
        let layout = layout.clone();
        let fits = layout.fields.len() == pairs.len()
            && layout
                .fields
                .iter()
                .zip(pairs)
                .all(|(field, (name, _))| name.is_none_or(|name| name == &*field.name));
        if !fits {
            let name = self.program.type_name(ty);
            return Err(refusal(format!("these are not the fields of `{name}`")));
        }
        let mut values = Vec::with_capacity(pairs.len());
        for (field, (_, json)) in layout.fields.iter().zip(pairs) {
            let value = self.json(json, field.ty)?;
            let got = self.program.type_of(&value);
            if !self.program.types.is_subtype(got, field.ty) {
                let (expected, got) = (
                    self.program.type_name(field.ty),
                    self.program.type_name(got),
                );
                let message = format!("field `{}`: expected `{expected}`, got `{got}`", field.name);
                return Err(Diagnostic::new(ErrorKind::TypeError, message).into());
            }
            values.push(value);
        }
        Ok(Value::Struct(ty, Rc::from(values)))
    }

    /// The type with a name as messages show it, or a full name. Of several, the newest.
    fn named_type(&self, name: &str) -> Result<TypeId, Failure> {
        let is_meant = |ty: &TypeId| {
            self.program.types.get(*ty).fqn.to_string() == name
                || self.program.type_name(*ty) == name
        };
        let found = self.program.types.ids().filter(is_meant).last();
        found.ok_or_else(|| refusal(format!("there is no type `{name}`")))
    }
}

fn malformed(kind: &str) -> Failure {
    refusal(format!("malformed value of kind `{kind}`"))
}

/// A part of a slice: an integer, or `None` for a missing one.
fn slice_part(json: &Json) -> Option<Option<i32>> {
    if json.is_null() {
        return Some(None);
    }
    let value = json.as_number()?.as_i128()?;
    Some(Some(IntType::I32.wrap(value) as i32))
}

/// A number, or the name of what JSON has no number for.
fn float(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "nan" => Some(f64::NAN),
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// An integer of any length modulo 2^128; every narrower type wraps it the same.
fn wrapped(digits: &str) -> i128 {
    let (negative, digits) = match digits.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, digits),
    };
    let value = digits.bytes().fold(0_u128, |value, digit| {
        let digit = u128::from(digit - b'0');
        value.wrapping_mul(10).wrapping_add(digit)
    });
    let value = if negative {
        value.wrapping_neg()
    } else {
        value
    };
    value.cast_signed()
}

fn approximate(digits: &str) -> f64 {
    digits.parse().unwrap_or(f64::NAN)
}
