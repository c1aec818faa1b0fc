//! The table of functions that a session host serves, and its C `main`.
//!
//! Each function gets a wrapper of one C type: slots in, slots out, and whether it raised. The
//! records are described in [`spy_runtime::abi::layout`].

use cranelift_codegen::Context;
use cranelift_codegen::ir::{
    AbiParam, Function as ClifFunction, InstBuilder, MemFlagsData, UserFuncName, Value, types,
};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{DataId, FuncId, Linkage, Module as _};
use spy_runtime::abi::layout::{
    SESSION_RECORD_SIZE, SLOT_BYTES, SLOT_EXCEPTION, SLOT_POINTER, SLOT_TEXT, SLOT_WORD,
};

use super::entry::{exported, import};
use super::shape::{Shape, clif};
use super::{Codegen, data, function, internal};
use crate::error::CompileError;
use crate::mir::{ExportSignature, FuncIndex, SlotKind};

type Contexts = (Context, FunctionBuilderContext);

const POINTER_SIZE: usize = 8;

impl Codegen {
    /// Defines the wrappers, the table, and a `main` that tells the runtime about the program and
    /// passes it the table.
    pub(super) fn define_session(
        &mut self,
        functions: &[(FuncIndex, ExportSignature)],
        contexts: &mut Contexts,
    ) -> Result<(), CompileError> {
        let mut wrappers = Vec::new();
        for (number, (index, _)) in functions.iter().enumerate() {
            wrappers.push(self.define_wrapper(number, *index, contexts)?);
        }
        let table = self.define_session_table(functions, &wrappers)?;
        self.define_session_main(table, functions.len(), contexts)
    }

    fn define_wrapper(
        &mut self,
        number: usize,
        index: FuncIndex,
        (context, builder_context): &mut Contexts,
    ) -> Result<FuncId, CompileError> {
        let mut signature = self.object.make_signature();
        signature.params.extend([AbiParam::new(types::I64); 2]);
        signature.returns.push(AbiParam::new(types::I32));
        let name = format!("spy.session.{number}");
        let id = self
            .object
            .declare_function(&name, Linkage::Local, &signature)
            .map_err(internal)?;
        context.func = ClifFunction::with_name_signature(UserFuncName::user(2, 0), signature);
        let mut builder = FunctionBuilder::new(&mut context.func, builder_context);
        let callee_id = self.function_id(index.index());
        let callee = function::import(&mut self.object, callee_id, builder.func);
        call_with_slots(&mut builder, &self.shapes[index.index()], callee);
        builder.finalize(self.object.target_config());
        self.object.define_function(id, context).map_err(internal)?;
        self.object.clear_context(context);
        Ok(id)
    }

    /// Writes the records, and behind them the kinds of all slots.
    fn define_session_table(
        &mut self,
        functions: &[(FuncIndex, ExportSignature)],
        wrappers: &[FuncId],
    ) -> Result<DataId, CompileError> {
        let table = self
            .object
            .declare_data("spy.session", Linkage::Local, true, false)
            .map_err(internal)?;
        let mut bytes = vec![0; functions.len() * SESSION_RECORD_SIZE];
        let mut addresses = Vec::new();
        for (number, (_, signature)) in functions.iter().enumerate() {
            let mut at = number * SESSION_RECORD_SIZE + POINTER_SIZE;
            for slots in [&signature.params, &signature.results] {
                addresses.push((word(at), word(bytes.len())));
                let count = (slots.len() as u64).to_le_bytes();
                let count_at = at + POINTER_SIZE;
                bytes[count_at..count_at + count.len()].copy_from_slice(&count);
                bytes.extend(slots.iter().map(|slot| match slot {
                    SlotKind::Word => SLOT_WORD,
                    SlotKind::Text => SLOT_TEXT,
                    SlotKind::Bytes => SLOT_BYTES,
                    SlotKind::Exception => SLOT_EXCEPTION,
                    SlotKind::Pointer => SLOT_POINTER,
                }));
                at = count_at + POINTER_SIZE;
            }
        }
        data::define(&mut self.object, table, bytes, |object, description| {
            let itself = object.declare_data_in_data(table, description);
            for (number, wrapper) in wrappers.iter().enumerate() {
                let wrapper = object.declare_func_in_data(*wrapper, description);
                description.write_function_addr(word(number * SESSION_RECORD_SIZE), wrapper);
            }
            for (at, kinds) in addresses {
                description.write_data_addr(at, itself, i64::from(kinds));
            }
        })?;
        Ok(table)
    }

    fn define_session_main(
        &mut self,
        table: DataId,
        count: usize,
        (context, builder_context): &mut Contexts,
    ) -> Result<(), CompileError> {
        let shape = (&[types::I32, types::I64][..], &[types::I32][..]);
        let main = exported(&mut self.object, "main", shape, context)?;
        let params = [types::I64, types::I64];
        let serve = import(&mut self.object, "spy_session", &params, &[types::I32])?;
        let mut builder = FunctionBuilder::new(&mut context.func, builder_context);
        let block = builder.create_block();
        builder.append_block_params_for_function_params(block);
        builder.switch_to_block(block);
        self.emit_use_program(&mut builder);
        let table = self.object.declare_data_in_func(table, builder.func);
        let table = builder.ins().symbol_value(types::I64, table);
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let count = builder.ins().iconst(types::I64, count);
        let serve = function::import(&mut self.object, serve, builder.func);
        let call = builder.ins().call(serve, &[table, count]);
        let status = builder.inst_results(call)[0];
        builder.ins().return_(&[status]);
        builder.seal_all_blocks();
        builder.finalize(self.object.target_config());
        self.object
            .define_function(main, context)
            .map_err(internal)?;
        self.object.clear_context(context);
        Ok(())
    }
}

fn word(value: usize) -> u32 {
    u32::try_from(value).expect("the table is smaller than 4 GiB")
}

/// The body of a wrapper. Narrow values take the low bytes of a slot; the caller has zeroed those
/// of the results.
fn call_with_slots(
    builder: &mut FunctionBuilder<'_>,
    shape: &Shape,
    callee: cranelift_codegen::ir::FuncRef,
) {
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    let (slots, out) = (
        builder.block_params(block)[0],
        builder.block_params(block)[1],
    );
    let flags = MemFlagsData::trusted();
    let mut args: Vec<Value> = Vec::new();
    // Results that go through memory have the form of slots there.
    args.extend(shape.in_memory.then_some(out));
    for (index, ty) in shape.params.iter().enumerate() {
        let offset = Shape::offset(index);
        args.push(builder.ins().load(clif(*ty), flags, slots, offset));
    }
    let call = builder.ins().call(callee, &args);
    let mut results = builder.inst_results(call).to_vec();
    let raised = match shape.raises.then(|| results.pop()).flatten() {
        Some(flag) => builder.ins().uextend(types::I32, flag),
        None => builder.ins().iconst(types::I32, 0),
    };
    for (index, result) in results.into_iter().enumerate() {
        let offset = Shape::offset(index);
        builder.ins().store(flags, result, out, offset);
    }
    builder.ins().return_(&[raised]);
    builder.seal_all_blocks();
}
