//! Values to slots and back.

use spy_runtime::complex::Complex;

use super::{HeapObject, ObjectId};
use crate::program::{Program, Value};
use crate::types::{FloatType, IntType, TypeId, TypeKind};

/// The slot of an integer: its bits, zero-extended.
pub const fn int_bits(int: IntType, value: i128) -> u64 {
    match int {
        IntType::I8 | IntType::U8 => value as u8 as u64,
        IntType::I32 | IntType::U32 => value as u32 as u64,
        IntType::I64 | IntType::U64 => value as u64,
    }
}

/// The integer that a slot holds.
pub const fn int_from_bits(int: IntType, bits: u64) -> i128 {
    int.wrap(bits as i128)
}

/// The slot of a float: its bits, zero-extended.
pub fn float_bits(value: &Value) -> Option<u64> {
    match value {
        Value::F32(value) => Some(u64::from(value.to_bits())),
        Value::F64(value) => Some(value.to_bits()),
        _ => None,
    }
}

/// Appends the slots of a value, seen as static type `ty`, which its dynamic type is a subtype of.
pub fn encode(program: &mut Program, ty: TypeId, value: &Value, slots: &mut Vec<u64>) {
    match (program.types.kind(ty).clone(), value) {
        (TypeKind::None, _) => {}
        (TypeKind::Bool, Value::Bool(value)) => slots.push(u64::from(*value)),
        (TypeKind::Int(int), Value::Int(_, value)) => slots.push(int_bits(int, *value)),
        (TypeKind::Float(_), value) => slots.extend(float_bits(value)),
        (TypeKind::Complex, Value::Complex(value)) => {
            slots.extend([value.re.to_bits(), value.im.to_bits()]);
        }
        (TypeKind::Str, Value::Str(text)) => {
            slots.push(program.heap.text(text).slot());
        }
        (TypeKind::Bytes, Value::Bytes(bytes)) => {
            slots.push(program.heap.add(HeapObject::Bytes(bytes.clone())).slot());
        }
        (TypeKind::Ptr(_), Value::Ptr(_, address)) => slots.push(*address),
        (TypeKind::Struct(Some(layout)), Value::Struct(_, fields)) => {
            for (field, value) in layout.fields.iter().zip(fields.iter()) {
                encode(program, field.ty, value, slots);
            }
        }
        (_, value) => {
            slots.push(program.heap.add(HeapObject::Value(value.clone())).slot());
        }
    }
}

/// The value of static type `ty` in the slots that `slots` starts with.
pub fn decode(program: &Program, ty: TypeId, slots: &[u64]) -> Value {
    let first = slots.first().copied().unwrap_or(0);
    match program.types.kind(ty) {
        TypeKind::None => Value::None,
        TypeKind::Bool => Value::Bool(first & 1 != 0),
        TypeKind::Int(int) => Value::Int(*int, int_from_bits(*int, first)),
        TypeKind::Float(FloatType::F32) => Value::F32(f32::from_bits(first as u32)),
        TypeKind::Float(FloatType::F64) => Value::F64(f64::from_bits(first)),
        TypeKind::Complex => Value::Complex(Complex {
            re: f64::from_bits(first),
            im: f64::from_bits(slots[1]),
        }),
        TypeKind::Ptr(_) => Value::Ptr(ty, first),
        TypeKind::Struct(Some(layout)) => {
            let mut rest = slots;
            let mut fields = Vec::with_capacity(layout.fields.len());
            for field in layout.fields.iter() {
                fields.push(decode(program, field.ty, rest));
                rest = &rest[program.types.slots(field.ty)..];
            }
            Value::Struct(ty, fields.into())
        }
        _ => match program.heap.get(ObjectId::from_slot(first)) {
            HeapObject::Str(text) => Value::Str(text.clone()),
            HeapObject::ShortStr(text) => Value::Str(text.as_str().into()),
            HeapObject::Bytes(bytes) => Value::Bytes(bytes.clone()),
            HeapObject::Value(value) => value.clone(),
            HeapObject::Memory(_) | HeapObject::Freed => {
                unreachable!("memory is reached through pointers")
            }
        },
    }
}
