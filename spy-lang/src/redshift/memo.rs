//! Keys of blue calls.

use std::rc::Rc;

use super::MemoKey;
use crate::program::Value;
use crate::types::TypeId;

/// The key of an argument in a call; `None` if its calls are not cached.
///
/// What a metafunction answers names operands by position, which meta arguments that are equal need
/// not share.
pub(super) fn argument_key(value: &Value) -> Option<MemoKey> {
    match value {
        Value::MetaArg(meta) => {
            let position = meta.position.map_or(u128::MAX, |position| position as u128);
            let position = MemoKey::Scalar(TypeId::I32.0, position);
            Some(MemoKey::Parts(
                TypeId::META_ARG.0,
                vec![key(value)?, position],
            ))
        }
        Value::Tuple(items) => {
            let keys: Option<Vec<MemoKey>> = items.iter().map(argument_key).collect();
            Some(MemoKey::Parts(TypeId::INTERP_TUPLE.0, keys?))
        }
        _ => key(value),
    }
}

/// The key of a value; `None` if it has none.
///
/// The key includes the type: `1`, `1.0` and `True` are three keys.
pub(super) fn key(value: &Value) -> Option<MemoKey> {
    let scalar = |ty: TypeId, bits: u128| Some(MemoKey::Scalar(ty.0, bits));
    match value {
        Value::None => scalar(TypeId::NONE, 0),
        Value::NotImplemented => scalar(TypeId::NOT_IMPLEMENTED, 0),
        Value::Bool(value) => scalar(TypeId::BOOL, u128::from(*value)),
        Value::Int(int, value) => scalar(TypeId::int(*int), *value as u128),
        Value::F32(value) => scalar(TypeId::F32, u128::from(value.to_bits())),
        Value::F64(value) => scalar(TypeId::F64, u128::from(value.to_bits())),
        Value::Complex(value) => {
            let bits = u128::from(value.re.to_bits()) << 64 | u128::from(value.im.to_bits());
            scalar(TypeId::COMPLEX, bits)
        }
        Value::Str(text) => Some(MemoKey::Text(text.clone())),
        Value::Bytes(bytes) => Some(MemoKey::Bytes(bytes.clone())),
        Value::Type(ty) => scalar(TypeId::TYPE, u128::from(ty.0)),
        Value::Func(func) => scalar(TypeId::OBJECT, u128::from(func.0)),
        Value::Module(module) => scalar(TypeId::MODULE, u128::from(module.0)),
        Value::Ptr(ty, address) => scalar(*ty, u128::from(*address)),
        Value::Struct(ty, fields) => parts(ty.0, fields),
        Value::Tuple(items) => parts(TypeId::INTERP_TUPLE.0, items),
        Value::Exception(exception) => {
            let kind = MemoKey::Scalar(exception.class().0, 0);
            let message = MemoKey::Text(exception.message.clone());
            Some(MemoKey::Parts(exception.class().0, vec![kind, message]))
        }
        Value::MetaArg(meta) => {
            let ty = MemoKey::Scalar(TypeId::TYPE.0, u128::from(meta.ty.0));
            let value = meta.value.as_ref().map(key);
            let known = match value {
                Some(key) => vec![ty, key?],
                None => vec![ty],
            };
            Some(MemoKey::Parts(TypeId::META_ARG.0, known))
        }
        Value::OpImpl(implementation) => {
            let name = MemoKey::Text(implementation.name.clone());
            let result = MemoKey::Scalar(TypeId::TYPE.0, u128::from(implementation.result.0));
            Some(MemoKey::Parts(TypeId::OP_IMPL.0, vec![name, result]))
        }
        Value::List(list) => identity(Rc::as_ptr(list).addr()),
        Value::Dict(dict) => identity(Rc::as_ptr(dict).addr()),
        Value::Descriptor(descriptor) => identity(Rc::as_ptr(descriptor).addr()),
        Value::OpSpec(_) => None,
    }
}

/// The key of an object with an identity.
fn identity(address: usize) -> Option<MemoKey> {
    Some(MemoKey::Scalar(TypeId::OBJECT.0, 1 << 64 | address as u128))
}

fn parts(tag: u32, items: &[Value]) -> Option<MemoKey> {
    let keys: Option<Vec<MemoKey>> = items.iter().map(key).collect();
    keys.map(|keys| MemoKey::Parts(tag, keys))
}
