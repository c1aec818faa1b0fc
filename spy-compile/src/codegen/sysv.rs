//! How C passes values on x86-64: the classification of the System V ABI.
//!
//! A struct of at most 16 bytes travels in registers, each eightbyte of it in an integer register,
//! or in a vector register if it has nothing but floats; but only if registers are left for the
//! whole of it. Everything else is copied to the stack. (System V ABI, AMD64 supplement, 3.2.3.)

use cranelift_codegen::ir::{Type, types};

use crate::mir::{CSignature, CValue};

use super::shape::clif;

const EIGHTBYTE: u32 = 8;
/// Registers for integers and for floats.
const INTEGER_REGISTERS: usize = 6;
const VECTOR_REGISTERS: usize = 8;

/// How a parameter comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Passed {
    /// As one value of its type, wherever that goes.
    Scalar(Type),
    /// Its eightbytes in registers, each an integer or a float of 64 bits.
    Registers(Vec<Type>),
    /// On the stack, with so many bytes.
    Memory(u32),
}

/// How a result goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Returned {
    /// There is none.
    Nothing,
    /// As one value of its type.
    Scalar(Type),
    /// As a byte with a sign, extended to 32 bits.
    SignedByte,
    /// As a byte without a sign, extended to 32 bits.
    Byte,
    /// Its eightbytes in registers.
    Registers(Vec<Type>),
    /// In memory that the caller gives: its address is the first parameter, and the result.
    Memory,
}

/// How the result and the parameters of a function travel.
pub(super) fn passing(signature: &CSignature) -> (Returned, Vec<Passed>) {
    let result = signature
        .result
        .as_ref()
        .map(|result| (result, class(result)));
    let returned = match result {
        None => Returned::Nothing,
        Some((result, Class::Scalar(types::I8))) if result.is_signed => Returned::SignedByte,
        Some((_, Class::Scalar(types::I8))) => Returned::Byte,
        Some((_, Class::Scalar(ty))) => Returned::Scalar(ty),
        Some((_, Class::Eightbytes(parts))) => Returned::Registers(parts),
        Some((_, Class::Memory)) => Returned::Memory,
    };
    let mut free = Free {
        integers: INTEGER_REGISTERS - usize::from(returned == Returned::Memory),
        vectors: VECTOR_REGISTERS,
    };
    let params = signature.params.iter().map(|param| match class(param) {
        Class::Scalar(ty) => {
            // A scalar without a register goes to the stack, and later ones may have registers.
            free.take(&[ty]);
            Passed::Scalar(ty)
        }
        Class::Eightbytes(parts) if free.take(&parts) => Passed::Registers(parts),
        Class::Eightbytes(_) | Class::Memory => {
            Passed::Memory(param.size_bytes.next_multiple_of(EIGHTBYTE))
        }
    });
    let params = params.collect();
    (returned, params)
}

/// Registers that no parameter has taken.
struct Free {
    integers: usize,
    vectors: usize,
}

impl Free {
    /// Takes registers for all parts, or none if there are too few.
    fn take(&mut self, parts: &[Type]) -> bool {
        let vectors = parts.iter().filter(|ty| ty.is_float()).count();
        let integers = parts.len() - vectors;
        let fits = integers <= self.integers && vectors <= self.vectors;
        if fits {
            self.integers -= integers;
            self.vectors -= vectors;
        }
        fits
    }
}

/// How a value travels if there are registers.
enum Class {
    Scalar(Type),
    Eightbytes(Vec<Type>),
    Memory,
}

fn class(value: &CValue) -> Class {
    if let ([(_, ty)], false) = (&value.leaves[..], value.is_aggregate) {
        return Class::Scalar(clif(*ty));
    }
    if value.size_bytes > 2 * EIGHTBYTE {
        return Class::Memory;
    }
    let count = value.size_bytes.div_ceil(EIGHTBYTE);
    let part = |number: u32| {
        let range = number * EIGHTBYTE..(number + 1) * EIGHTBYTE;
        let mut leaves = value.leaves.iter();
        let is_float = leaves.all(|(offset, ty)| !range.contains(offset) || ty.is_float());
        if is_float { types::F64 } else { types::I64 }
    };
    Class::Eightbytes((0..count).map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mir::Ty;

    fn aggregate(leaves: &[(u32, Ty)], size_bytes: u32) -> CValue {
        CValue {
            size_bytes,
            leaves: leaves.to_vec(),
            is_aggregate: true,
            is_signed: false,
        }
    }

    fn params(params: Vec<CValue>) -> Vec<Passed> {
        let signature = CSignature {
            params,
            result: None,
        };
        passing(&signature).1
    }

    #[test]
    fn eightbytes_with_an_integer_are_integers() {
        let mixed = aggregate(
            &[(0, Ty::F32), (4, Ty::I32), (8, Ty::F32), (12, Ty::F32)],
            16,
        );
        let expected = Passed::Registers(vec![types::I64, types::F64]);
        assert_eq!(params(vec![mixed]), [expected]);
    }

    #[test]
    fn structs_are_not_split_between_registers_and_stack() {
        let pair = aggregate(&[(0, Ty::I64), (8, Ty::I64)], 16);
        let one = aggregate(&[(0, Ty::I64)], 8);
        let passed = params(vec![one.clone(), pair.clone(), pair.clone(), pair, one]);
        let registers = |count| Passed::Registers(vec![types::I64; count]);
        let expected = [
            registers(1),
            registers(2),
            registers(2),
            Passed::Memory(16),
            registers(1),
        ];
        assert_eq!(passed, expected);
    }

    #[test]
    fn large_structs_are_in_memory() {
        let large = aggregate(&[(0, Ty::I64), (8, Ty::I64), (16, Ty::I8)], 24);
        let signature = CSignature {
            params: vec![large.clone()],
            result: Some(large),
        };
        let expected = (Returned::Memory, vec![Passed::Memory(24)]);
        assert_eq!(passing(&signature), expected);
    }
}
