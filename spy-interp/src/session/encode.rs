//! Values to JSON.

use serde_json::{Map, Number, Value as Json, json};
use spy_lang::program::{Program, Value};
use spy_lang::types::{Fqn, TypeId, TypeKind};

use super::base64;
use super::containers::Container;
use super::exchange::Exchange;

impl Exchange<'_> {
    /// The JSON object of a value.
    pub(super) fn encode(&mut self, value: &Value) -> Json {
        let mut object = Map::new();
        let ty = self.program.type_of(value);
        object.insert("kind".to_owned(), json!(self.kind(value)));
        object.insert("type".to_owned(), json!(self.shown_type(value, ty)));
        if let Some(content) = self.content(value) {
            object.insert("value".to_owned(), content);
        }
        if let Some(handle) = self.handles.of(self.program, value) {
            object.insert("handle".to_owned(), json!(handle));
        }
        if let Value::Type(ty) = value {
            self.describe_type(*ty, &mut object);
        } else if let Value::Ptr(ty, address) = value {
            object.insert("addr".to_owned(), json!(address));
            let length = length(self.program, *ty, *address);
            object.insert("length".to_owned(), json!(length));
        } else if self.kind(value) == "object" {
            object.insert("repr".to_owned(), json!(self.repr(value)));
        }
        Json::Object(object)
    }

    /// A struct goes by its full name, everything else by the one in messages.
    fn shown_type(&self, value: &Value, ty: TypeId) -> String {
        if self.kind(value) == "struct" {
            return self.program.types.get(ty).fqn.to_string();
        }
        self.program.type_name(ty)
    }

    fn kind(&self, value: &Value) -> &'static str {
        match value {
            Value::None => "none",
            Value::Bool(_) => "bool",
            Value::Int(..) => "int",
            Value::F32(_) | Value::F64(_) => "float",
            Value::Complex(_) => "complex",
            Value::Str(_) => "str",
            Value::Bytes(_) => "bytes",
            Value::Ptr(..) => "ptr",
            Value::Struct(ty, _) => {
                Container::of(self.program, *ty).map_or("struct", Container::kind)
            }
            Value::Tuple(_) => "tuple",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
            Value::Type(_) => "type",
            Value::Func(_) => "function",
            Value::NotImplemented
            | Value::Module(_)
            | Value::Exception(_)
            | Value::MetaArg(_)
            | Value::OpSpec(_)
            | Value::OpImpl(_)
            | Value::Descriptor(_) => "object",
        }
    }

    fn content(&mut self, value: &Value) -> Option<Json> {
        Some(match value {
            Value::Bool(value) => json!(value),
            Value::Int(_, value) => json!(Number::from_i128(*value)),
            Value::F32(value) => float(f64::from(*value)),
            Value::F64(value) => float(*value),
            Value::Complex(value) => json!([float(value.re), float(value.im)]),
            Value::Str(text) => json!(&**text),
            Value::Bytes(bytes) => json!(base64::encode(bytes)),
            Value::Struct(ty, fields) => self.fields(value, *ty, fields),
            Value::Tuple(items) => self.items(items),
            Value::List(list) => {
                let items = list.items.borrow().clone();
                self.items(&items)
            }
            Value::Dict(dict) => {
                let items = dict.items.borrow().clone();
                self.pairs_of(&items)
            }
            Value::Type(ty) => {
                let name = self.program.type_name(*ty);
                json!(name)
            }
            Value::Func(func) => json!(self.program.func(*func).fqn.to_string()),
            Value::Ptr(..)
            | Value::None
            | Value::NotImplemented
            | Value::Module(_)
            | Value::Exception(_)
            | Value::MetaArg(_)
            | Value::OpSpec(_)
            | Value::OpImpl(_)
            | Value::Descriptor(_) => return None,
        })
    }

    fn items(&mut self, items: &[Value]) -> Json {
        Json::Array(items.iter().map(|item| self.encode(item)).collect())
    }

    /// The content of a struct: its fields, or its items if it is a container.
    fn fields(&mut self, value: &Value, ty: TypeId, fields: &[Value]) -> Json {
        match Container::of(self.program, ty) {
            Some(Container::Tuple) => return self.items(fields),
            Some(Container::List) => {
                if let Ok(items) = self.iterate(value) {
                    return self.items(&items);
                }
            }
            Some(Container::Dict) => {
                if let Ok(pairs) = self.pairs(value) {
                    return self.pairs_of(&pairs);
                }
            }
            None => {}
        }
        let names = field_names(self.program, ty);
        let fields = names.iter().zip(fields);
        Json::Array(
            fields
                .map(|(name, value)| json!([name, self.encode(value)]))
                .collect(),
        )
    }

    fn pairs_of(&mut self, pairs: &[(Value, Value)]) -> Json {
        let pairs = pairs.iter().map(|(key, value)| {
            let key = self.encode(key);
            json!([key, self.encode(value)])
        });
        Json::Array(pairs.collect())
    }

    fn describe_type(&self, ty: TypeId, object: &mut Map<String, Json>) {
        let info = self.program.types.get(ty);
        object.insert("fqn".to_owned(), json!(info.fqn.to_string()));
        if let TypeKind::Struct(layout) = &info.kind {
            object.insert("defined".to_owned(), json!(layout.is_some()));
            if let Some(layout) = layout {
                let field = |field: &spy_lang::types::Field| {
                    json!([&*field.name, self.program.type_name(field.ty)])
                };
                let fields: Vec<Json> = layout.fields.iter().map(field).collect();
                object.insert("fields".to_owned(), Json::Array(fields));
            }
        }
    }

    /// The text of an object; its type if it has none.
    fn repr(&mut self, value: &Value) -> String {
        let builtins = self.program.module_names.get("builtins");
        let repr = builtins.and_then(|id| self.program.module(*id).members.get("repr").cloned());
        let text = repr.map(|repr| {
            let args = vec![value.clone()];
            self.call(&repr, args)
        });
        match text {
            Some(Ok(Value::Str(text))) => text.to_string(),
            Some(Ok(_) | Err(_)) | None => {
                let ty = self.program.type_of(value);
                format!("<spy object '{}'>", self.program.type_name(ty))
            }
        }
    }
}

/// How many items lie between an address and the end of its memory.
fn length(program: &Program, ty: TypeId, address: u64) -> usize {
    let Some(pointer) = program.types.as_ptr(ty) else {
        return 0;
    };
    let (item_bytes, _) = program.types.size_and_align(pointer.item);
    // Upper half: the memory; lower half: the offset in it.
    let (memory, offset) = ((address >> 32) as u32, (address & 0xffff_ffff) as usize);
    let rest = program.heap.memory(memory).len().saturating_sub(offset);
    rest / (item_bytes.max(1) as usize)
}

/// The names of the fields of a struct in order.
fn field_names(program: &Program, ty: TypeId) -> Vec<String> {
    let TypeKind::Struct(Some(layout)) = program.types.kind(ty) else {
        return Vec::new();
    };
    let names = layout.fields.iter().map(|field| field.name.to_string());
    names.collect()
}

/// A float; what JSON has no number for becomes a string.
fn float(value: f64) -> Json {
    match Number::from_f64(value) {
        Some(number) => Json::Number(number),
        None if value.is_nan() => json!("nan"),
        None if value > 0.0 => json!("inf"),
        None => json!("-inf"),
    }
}

/// Whether a name or a name in its brackets belongs to a module.
pub(super) fn mentions(fqn: &Fqn, module: &str) -> bool {
    fqn.module_name() == module
        || fqn
            .parts()
            .iter()
            .flat_map(|part| &part.qualifiers)
            .any(|qualifier| mentions(qualifier, module))
}
