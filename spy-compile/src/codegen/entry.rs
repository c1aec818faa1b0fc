//! The entry of a program, and the `main` of an executable.

use cranelift_codegen::Context;
use cranelift_codegen::ir::{
    AbiParam, Function as ClifFunction, InstBuilder, Signature, Type, UserFuncName, types,
};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{FuncId, Linkage, Module as _, default_libcall_names};
use cranelift_object::{ObjectBuilder, ObjectModule};

use super::{Codegen, ENTRY_RAISED, Raising, TargetOptions, data, function, internal, target};
use crate::error::CompileError;
use crate::mir::Ty;

/// Declares the functions of the runtime that raising needs.
pub(super) fn declare_raising(object: &mut ObjectModule) -> Result<Raising, CompileError> {
    let raise = import(
        object,
        "spy_raise",
        &[types::I8, types::I64, types::I64],
        &[],
    )?;
    let trace = import(object, "spy_trace", &[types::I64], &[])?;
    let recursion = import(object, "spy_raise_recursion", &[], &[])?;
    let stack_limit = object.declare_data("spy_stack_limit", Linkage::Import, true, false);
    let stack_limit = stack_limit.map_err(internal)?;
    Ok(Raising {
        raise,
        trace,
        recursion,
        stack_limit,
    })
}

fn signature(object: &ObjectModule, params: &[Type], results: &[Type]) -> Signature {
    let mut signature = object.make_signature();
    signature
        .params
        .extend(params.iter().map(|ty| AbiParam::new(*ty)));
    signature
        .returns
        .extend(results.iter().map(|ty| AbiParam::new(*ty)));
    signature
}

/// Declares a function of another object.
pub(super) fn import(
    object: &mut ObjectModule,
    name: &str,
    params: &[Type],
    results: &[Type],
) -> Result<FuncId, CompileError> {
    let signature = signature(object, params, results);
    object
        .declare_function(name, Linkage::Import, &signature)
        .map_err(internal)
}

type Contexts = (Context, FunctionBuilderContext);

/// Starts a function that the object exports.
pub(super) fn exported(
    object: &mut ObjectModule,
    name: &str,
    (params, results): (&[Type], &[Type]),
    context: &mut Context,
) -> Result<FuncId, CompileError> {
    let signature = signature(object, params, results);
    let id = object
        .declare_function(name, Linkage::Export, &signature)
        .map_err(internal)?;
    context.func = ClifFunction::with_name_signature(UserFuncName::user(1, 0), signature);
    Ok(id)
}

impl Codegen {
    /// Defines the entry: tells the runtime about the program, calls `main`, and makes its outcome one integer.
    pub(super) fn define_entry(
        &mut self,
        name: &str,
        (context, builder_context): &mut Contexts,
    ) -> Result<(), CompileError> {
        let main = self.function_id(0);
        let id = exported(&mut self.object, name, (&[], &[types::I64]), context)?;
        let mut builder = FunctionBuilder::new(&mut context.func, builder_context);
        let block = builder.create_block();
        builder.switch_to_block(block);
        self.emit_use_program(&mut builder);
        let main = function::import(&mut self.object, main, builder.func);
        let call = builder.ins().call(main, &[]);
        let results = builder.inst_results(call).to_vec();
        let shape = &self.shapes[0];
        let mut status = match shape.results[..] {
            [Ty::I32] => builder.ins().sextend(types::I64, results[0]),
            _ => builder.ins().iconst(types::I64, 0),
        };
        if let (true, Some(flag)) = (shape.raises, results.last()) {
            let raised = builder.ins().iconst(types::I64, ENTRY_RAISED);
            status = builder.ins().select(*flag, raised, status);
        }
        builder.ins().return_(&[status]);
        builder.seal_all_blocks();
        builder.finalize(self.object.target_config());
        self.object.define_function(id, context).map_err(internal)?;
        self.object.clear_context(context);
        Ok(())
    }
}

/// The object file of a C `main` that runs one of these entries: the only one, or the one whose
/// number is the first argument of the process.
pub(crate) fn compile_dispatch(entries: &[String]) -> Result<Vec<u8>, CompileError> {
    let isa = target::isa(&TargetOptions {
        optimize: true,
        anywhere: false,
    })?;
    let builder = ObjectBuilder::new(isa, "main", default_libcall_names()).map_err(internal)?;
    let mut object = ObjectModule::new(builder);
    let mut functions = Vec::new();
    for entry in entries {
        functions.push(import(&mut object, entry, &[], &[types::I64])?);
    }
    let (mut context, mut builder_context) = (Context::new(), FunctionBuilderContext::new());
    let shape = (&[types::I32, types::I64][..], &[types::I32][..]);
    let main = exported(&mut object, "main", shape, &mut context)?;
    let mut builder = FunctionBuilder::new(&mut context.func, &mut builder_context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    let mut args = builder.block_params(block).to_vec();
    let start = if let [only] = functions[..] {
        let entry = function::import(&mut object, only, builder.func);
        args.push(builder.ins().func_addr(types::I64, entry));
        import(
            &mut object,
            "spy_start",
            &[types::I32, types::I64, types::I64],
            &[types::I32],
        )?
    } else {
        let table = define_table(&mut object, &functions)?;
        let table = object.declare_data_in_func(table, builder.func);
        args.push(builder.ins().symbol_value(types::I64, table));
        let count = i64::try_from(functions.len()).unwrap_or(i64::MAX);
        args.push(builder.ins().iconst(types::I64, count));
        let params = [types::I32, types::I64, types::I64, types::I64];
        import(&mut object, "spy_dispatch", &params, &[types::I32])?
    };
    let start = function::import(&mut object, start, builder.func);
    let call = builder.ins().call(start, &args);
    let status = builder.inst_results(call)[0];
    builder.ins().return_(&[status]);
    builder.seal_all_blocks();
    builder.finalize(object.target_config());
    object
        .define_function(main, &mut context)
        .map_err(internal)?;
    object
        .finish()
        .emit()
        .map_err(|error| CompileError::Codegen(error.to_string()))
}

fn define_table(
    object: &mut ObjectModule,
    functions: &[FuncId],
) -> Result<cranelift_module::DataId, CompileError> {
    const POINTER_SIZE: usize = 8;
    let table = object.declare_data("spy.entries", Linkage::Local, true, false);
    let table = table.map_err(internal)?;
    let bytes = vec![0; functions.len() * POINTER_SIZE];
    data::define(object, table, bytes, |object, description| {
        for (index, function) in functions.iter().enumerate() {
            let function = object.declare_func_in_data(*function, description);
            let at = u32::try_from(index * POINTER_SIZE).expect("fewer than 2^29 entries");
            description.write_function_addr(at, function);
        }
    })?;
    Ok(table)
}
