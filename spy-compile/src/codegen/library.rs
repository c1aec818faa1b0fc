//! The functions of a shared library: for each a wrapper that C calls.
//!
//! A wrapper takes parameters as the C ABI has them, tells the runtime where the frames of the
//! program begin, calls the function with scalars, and gives the result as C expects it. An
//! exception that leaves the function ends the process in [`spy_runtime::abi::library`].

use cranelift_codegen::Context;
use cranelift_codegen::ir::{
    AbiParam, ArgumentPurpose, FuncRef, Function as ClifFunction, InstBuilder, MemFlagsData,
    Signature, StackSlotData, StackSlotKind, Type, UserFuncName, Value, types,
};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{FuncId, Linkage, Module as _};

use super::entry::import;
use super::shape::{RESULT_STRIDE, Shape, clif};
use super::sysv::{Passed, Returned, passing};
use super::{Codegen, function, internal};
use crate::error::CompileError;
use crate::mir::{CSignature, CValue, FuncIndex};

type Contexts = (Context, FunctionBuilderContext);

/// Alignment of what scalars of C are put into, as a power of two.
const ALIGN_LOG2: u8 = 3;
const EIGHTBYTE: i32 = 8;

/// A function that C calls.
pub(crate) struct LibraryFunction {
    /// The name of the symbol.
    pub(crate) symbol: String,
    /// What is called.
    pub(crate) function: FuncIndex,
    /// How C sees it.
    pub(crate) signature: CSignature,
}

impl Codegen {
    /// Defines the wrappers.
    pub(super) fn define_library(
        &mut self,
        functions: &[LibraryFunction],
        contexts: &mut Contexts,
    ) -> Result<(), CompileError> {
        let enter = import(&mut self.object, "spy_enter", &[types::I64; 2], &[])?;
        let leave = import(&mut self.object, "spy_leave", &[types::I32], &[])?;
        for function in functions {
            self.define_exported(function, (enter, leave), contexts)?;
        }
        Ok(())
    }

    fn define_exported(
        &mut self,
        exported: &LibraryFunction,
        (enter, leave): (FuncId, FuncId),
        (context, builder_context): &mut Contexts,
    ) -> Result<(), CompileError> {
        let (returned, params) = passing(&exported.signature);
        let signature = signature(self.object.make_signature(), &returned, &params);
        let id = self
            .object
            .declare_function(&exported.symbol, Linkage::Export, &signature)
            .map_err(internal)?;
        context.func = ClifFunction::with_name_signature(UserFuncName::user(3, 0), signature);
        let index = exported.function.index();
        let callee = self.function_id(index);
        let shape = self.shapes[index].clone();
        let record = self
            .object
            .declare_data_in_func(self.roots.record(), &mut context.func);
        let [callee, enter, leave] = [callee, enter, leave]
            .map(|id| function::import(&mut self.object, id, &mut context.func));
        let mut wrapper = Wrapper::new(FunctionBuilder::new(&mut context.func, builder_context));
        let args = wrapper.arguments(&exported.signature.params, &params, &returned);
        let record = wrapper.builder.ins().symbol_value(types::I64, record);
        let frame = wrapper.room(EIGHTBYTE as u32);
        wrapper.builder.ins().call(enter, &[record, frame]);
        let (results, raised) = wrapper.call(callee, &shape, args);
        wrapper.builder.ins().call(leave, &[raised]);
        wrapper.return_values(&returned, exported.signature.result.as_ref(), &results);
        wrapper.builder.seal_all_blocks();
        wrapper.builder.finalize(self.object.target_config());
        self.object.define_function(id, context).map_err(internal)?;
        self.object.clear_context(context);
        Ok(())
    }
}

/// The signature of a wrapper.
fn signature(mut signature: Signature, returned: &Returned, params: &[Passed]) -> Signature {
    match returned {
        Returned::Nothing => {}
        Returned::Scalar(ty) => signature.returns.push(AbiParam::new(*ty)),
        Returned::SignedByte | Returned::Byte => {
            signature.returns.push(AbiParam::new(types::I32));
        }
        Returned::Registers(parts) => {
            let parts = parts.iter().map(|part| AbiParam::new(*part));
            signature.returns.extend(parts);
        }
        Returned::Memory => {
            signature.params.push(AbiParam::new(types::I64));
            signature.returns.push(AbiParam::new(types::I64));
        }
    }
    for param in params {
        match param {
            Passed::Scalar(ty) => signature.params.push(AbiParam::new(*ty)),
            Passed::Registers(parts) => {
                let parts = parts.iter().map(|part| AbiParam::new(*part));
                signature.params.extend(parts);
            }
            Passed::Memory(size) => {
                let purpose = ArgumentPurpose::StructArgument(*size);
                signature
                    .params
                    .push(AbiParam::special(types::I64, purpose));
            }
        }
    }
    signature
}

/// A wrapper under construction.
struct Wrapper<'b> {
    builder: FunctionBuilder<'b>,
    /// Its parameters, those of registers and stack alike.
    params: std::vec::IntoIter<Value>,
    /// Where a result in memory goes.
    result_address: Option<Value>,
}

impl<'b> Wrapper<'b> {
    fn new(mut builder: FunctionBuilder<'b>) -> Self {
        let block = builder.create_block();
        builder.append_block_params_for_function_params(block);
        builder.switch_to_block(block);
        let params = builder.block_params(block).to_vec().into_iter();
        Self {
            builder,
            params,
            result_address: None,
        }
    }

    fn param(&mut self) -> Value {
        self.params
            .next()
            .expect("the signature has this parameter")
    }

    /// The address of new memory of the frame.
    fn room(&mut self, size_bytes: u32) -> Value {
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, size_bytes, ALIGN_LOG2);
        let slot = self.builder.create_sized_stack_slot(slot);
        self.builder.ins().stack_addr(types::I64, slot, 0)
    }

    /// The scalars of all parameters.
    fn arguments(
        &mut self,
        values: &[CValue],
        passed: &[Passed],
        returned: &Returned,
    ) -> Vec<Value> {
        if *returned == Returned::Memory {
            self.result_address = Some(self.param());
        }
        let mut scalars = Vec::new();
        for (value, passed) in values.iter().zip(passed) {
            let address = match passed {
                Passed::Scalar(_) => {
                    scalars.push(self.param());
                    continue;
                }
                Passed::Memory(_) => self.param(),
                Passed::Registers(parts) => {
                    let address = self.room(parts.len() as u32 * EIGHTBYTE as u32);
                    for (at, _) in (0..).step_by(EIGHTBYTE as usize).zip(parts) {
                        let part = self.param();
                        self.store(part, address, at);
                    }
                    address
                }
            };
            for (offset, ty) in &value.leaves {
                scalars.push(self.load(clif(*ty), address, offset_of(*offset)));
            }
        }
        scalars
    }

    /// The scalars of the result, and whether there is none because of an exception.
    fn call(
        &mut self,
        callee: FuncRef,
        shape: &Shape,
        mut args: Vec<Value>,
    ) -> (Vec<Value>, Value) {
        let memory = shape.in_memory.then(|| {
            let size = shape.results.len() * RESULT_STRIDE;
            self.room(u32::try_from(size).expect("structs are smaller than 4 GiB"))
        });
        if let Some(memory) = memory {
            args.insert(0, memory);
        }
        let call = self.builder.ins().call(callee, &args);
        let mut results = self.builder.inst_results(call).to_vec();
        let raised = match shape.raises.then(|| results.pop()).flatten() {
            Some(flag) => self.builder.ins().uextend(types::I32, flag),
            None => self.builder.ins().iconst(types::I32, 0),
        };
        if let Some(memory) = memory {
            for (index, ty) in shape.results.iter().enumerate() {
                results.push(self.load(clif(*ty), memory, Shape::offset(index)));
            }
        }
        (results, raised)
    }

    fn return_values(&mut self, returned: &Returned, result: Option<&CValue>, scalars: &[Value]) {
        let leaves = result.map_or(&[][..], |result| &result.leaves);
        let values = match returned {
            Returned::Nothing => Vec::new(),
            Returned::Scalar(_) => scalars.to_vec(),
            Returned::SignedByte => vec![self.builder.ins().sextend(types::I32, scalars[0])],
            Returned::Byte => vec![self.builder.ins().uextend(types::I32, scalars[0])],
            Returned::Memory => {
                let address = self.result_address.expect("the caller has given memory");
                self.store_all(leaves, scalars, address);
                vec![address]
            }
            Returned::Registers(parts) => {
                let address = self.room(parts.len() as u32 * EIGHTBYTE as u32);
                self.store_all(leaves, scalars, address);
                let offsets = (0..).step_by(EIGHTBYTE as usize);
                let parts = offsets.zip(parts);
                parts.map(|(at, ty)| self.load(*ty, address, at)).collect()
            }
        };
        self.builder.ins().return_(&values);
    }

    fn store_all(&mut self, leaves: &[(u32, crate::mir::Ty)], scalars: &[Value], address: Value) {
        for ((offset, _), scalar) in leaves.iter().zip(scalars) {
            self.store(*scalar, address, offset_of(*offset));
        }
    }

    fn store(&mut self, value: Value, address: Value, offset: i32) {
        let flags = MemFlagsData::trusted();
        self.builder.ins().store(flags, value, address, offset);
    }

    fn load(&mut self, ty: Type, address: Value, offset: i32) -> Value {
        let flags = MemFlagsData::trusted();
        self.builder.ins().load(ty, flags, address, offset)
    }
}

fn offset_of(offset: u32) -> i32 {
    i32::try_from(offset).expect("structs are smaller than 2 GiB")
}
