//! How values travel between functions.
//!
//! Results come back in registers, at most two integers and two floats; the flag of a function
//! that may raise is the last of the integers. More results go through a pointer, which is then
//! the first parameter, one every eight bytes; the flag still comes in a register.

use cranelift_codegen::ir::{AbiParam, Signature, Type, types};
use cranelift_codegen::isa::CallConv;

use crate::mir::Ty;

/// Results of each kind that registers hold.
const REGISTERS: usize = 2;
/// Bytes from one result in memory to the next.
pub(super) const RESULT_STRIDE: usize = 8;

/// Parameters and results of a function.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) params: Vec<Ty>,
    pub(super) results: Vec<Ty>,
    /// Whether a flag says that an exception was raised.
    pub(super) raises: bool,
    /// Whether the results go through a pointer.
    pub(super) in_memory: bool,
}

impl Shape {
    /// The shape of a function of the program.
    pub(super) fn new(params: &[Ty], results: &[Ty], raises: bool) -> Self {
        let floats = results.iter().filter(|ty| ty.is_float()).count();
        let ints = results.len() - floats + usize::from(raises);
        let in_memory = floats > REGISTERS || ints > REGISTERS;
        Self {
            params: params.to_vec(),
            results: results.to_vec(),
            raises,
            in_memory,
        }
    }

    /// The shape of a function of the runtime, whose results and flag are a struct of C: one of more
    /// than two words goes through a pointer.
    pub(super) fn foreign(params: &[Ty], results: &[Ty], raises: bool) -> Self {
        let in_memory = results.len() + usize::from(raises) > REGISTERS;
        Self {
            in_memory,
            ..Self::new(params, results, raises)
        }
    }

    pub(super) fn signature(&self, call_conv: CallConv) -> Signature {
        let mut signature = Signature::new(call_conv);
        if self.in_memory {
            signature.params.push(AbiParam::new(types::I64));
        }
        signature
            .params
            .extend(self.params.iter().map(|ty| AbiParam::new(clif(*ty))));
        if !self.in_memory {
            signature
                .returns
                .extend(self.results.iter().map(|ty| AbiParam::new(clif(*ty))));
        }
        if self.raises {
            signature.returns.push(AbiParam::new(types::I8));
        }
        signature
    }

    /// Offset of a result in memory, in bytes.
    pub(super) fn offset(index: usize) -> i32 {
        i32::try_from(index * RESULT_STRIDE).expect("structs have fewer than 2^28 scalars")
    }
}

/// Cranelift's type of a machine type.
pub(super) const fn clif(ty: Ty) -> Type {
    match ty {
        Ty::I8 => types::I8,
        Ty::I32 => types::I32,
        Ty::I64 | Ty::Ptr => types::I64,
        Ty::F32 => types::F32,
        Ty::F64 => types::F64,
    }
}
