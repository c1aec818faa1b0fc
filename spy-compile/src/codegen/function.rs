//! One function: blocks, checks, calls and the ways out.

use cranelift_codegen::ir::{
    Block as ClifBlock, BlockArg, FuncRef, Function as ClifFunction, GlobalValue, GlobalValueData,
    InstBuilder, MemFlagsData, Value, condcodes::IntCC, types,
};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{DataId, FuncId, Module as _};
use cranelift_object::ObjectModule;
use rustc_hash::FxHashMap;
use spy_runtime::error::ErrorKind;

use super::memory::Alias;
use super::places::Places;
use super::shape::{Shape, clif};
use super::{Codegen, data};
use crate::mir::{
    BlockId, CellId, Function, MemoryId, Op, PlaceId, Target, Terminator, TextId, Ty, Val,
};

/// Translates one function.
pub(super) struct Translator<'t, 'b> {
    pub(super) codegen: &'t mut Codegen,
    pub(super) builder: FunctionBuilder<'b>,
    pub(super) function: &'t Function,
    shape: Shape,
    /// The translation of each value, once it is defined.
    pub(super) values: Vec<Option<Value>>,
    blocks: Vec<ClifBlock>,
    functions: FxHashMap<FuncId, FuncRef>,
    data: FxHashMap<(DataId, i64), GlobalValue>,
    /// Where results go if not into registers.
    result_pointer: Option<Value>,
    /// Returns the flag.
    leave: Option<ClifBlock>,
}

/// Makes a function of the program known inside a function, to be called directly: everything is
/// linked into one executable.
pub(super) fn import(object: &mut ObjectModule, id: FuncId, into: &mut ClifFunction) -> FuncRef {
    let reference = object.declare_func_in_func(id, into);
    into.dfg.ext_funcs[reference].colocated = true;
    reference
}

/// Translates `function`, the one with this index, into an empty Cranelift function.
pub(super) fn translate(
    codegen: &mut Codegen,
    index: usize,
    function: &Function,
    clif: &mut ClifFunction,
    context: &mut FunctionBuilderContext,
) {
    let mut builder = FunctionBuilder::new(clif, context);
    let blocks = function
        .blocks
        .iter()
        .map(|_| builder.create_block())
        .collect();
    let shape = codegen.shapes[index].clone();
    let checks_stack = codegen.facts[index].checks_stack;
    let config = codegen.object.target_config();
    let mut translator = Translator {
        codegen,
        builder,
        function,
        shape,
        values: vec![None; function.types.len()],
        blocks,
        functions: FxHashMap::default(),
        data: FxHashMap::default(),
        result_pointer: None,
        leave: None,
    };
    translator.start(checks_stack);
    for id in function.reverse_postorder() {
        translator.block(id);
    }
    translator.finish_leave();
    translator.builder.seal_all_blocks();
    translator.builder.finalize(config);
}

impl Translator<'_, '_> {
    /// The prologue: parameters, and the check of the stack.
    fn start(&mut self, checks_stack: bool) {
        let start = self.builder.create_block();
        self.builder.append_block_params_for_function_params(start);
        self.builder.switch_to_block(start);
        let mut params = self.builder.block_params(start).to_vec();
        if self.shape.in_memory {
            self.result_pointer = Some(params.remove(0));
        }
        let entry = self.function.block(Function::ENTRY);
        for (param, value) in entry.params.iter().zip(params) {
            self.values[param.index()] = Some(value);
        }
        if checks_stack {
            self.check_stack();
        }
        self.builder
            .ins()
            .jump(self.blocks[Function::ENTRY.index()], &[]);
    }

    fn check_stack(&mut self) {
        let limit = self.address(self.codegen.raising.stack_limit, 0);
        let flags = MemFlagsData::trusted();
        let limit = self.builder.ins().load(types::I64, flags, limit, 0);
        let pointer = self.builder.ins().get_stack_pointer(types::I64);
        let exhausted = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThan, pointer, limit);
        self.cold_if(exhausted, |translator| {
            let recursion = translator.codegen.raising.recursion;
            translator.call_plain(recursion, &[]);
            translator.leave();
        });
    }

    fn block(&mut self, id: BlockId) {
        let (block, clif_block) = (self.function.block(id), self.blocks[id.index()]);
        self.builder.switch_to_block(clif_block);
        if id != Function::ENTRY {
            for param in &block.params {
                let ty = clif(self.function.ty(*param));
                let value = self.builder.append_block_param(clif_block, ty);
                self.values[param.index()] = Some(value);
            }
        }
        let raises = matches!(block.end, Terminator::Unwind(_))
            || block.insts.iter().any(|inst| matches!(inst.op, Op::Trace));
        if raises && id != Function::ENTRY {
            self.builder.set_cold_block(clif_block);
        }
        for inst in &block.insts {
            self.inst(inst);
        }
        self.end(&block.end);
    }

    fn end(&mut self, end: &Terminator) {
        match end {
            Terminator::Jump(target) => {
                let args = self.args(target);
                self.builder
                    .ins()
                    .jump(self.blocks[target.block.index()], &args);
            }
            Terminator::Branch(condition, then, otherwise) => {
                let condition = self.value(*condition);
                let (then_args, otherwise_args) = (self.args(then), self.args(otherwise));
                let then = self.blocks[then.block.index()];
                let otherwise = self.blocks[otherwise.block.index()];
                self.builder
                    .ins()
                    .brif(condition, then, &then_args, otherwise, &otherwise_args);
            }
            Terminator::Return(values) => self.return_values(values),
            Terminator::Unwind(Some(place)) => self.trace_and_leave(*place),
            Terminator::Unwind(None) => self.leave(),
            Terminator::Unreachable => {
                let code = cranelift_codegen::ir::TrapCode::unwrap_user(1);
                self.builder.ins().trap(code);
            }
        }
    }

    fn args(&self, target: &Target) -> Vec<BlockArg> {
        target
            .args
            .iter()
            .map(|arg| BlockArg::Value(self.value(*arg)))
            .collect()
    }

    fn return_values(&mut self, values: &[Val]) {
        let mut values: Vec<Value> = values.iter().map(|value| self.value(*value)).collect();
        if let Some(pointer) = self.result_pointer {
            for (index, value) in values.drain(..).enumerate() {
                let flags = self.flags(Alias::Results);
                self.builder
                    .ins()
                    .store(flags, value, pointer, Shape::offset(index));
            }
        }
        if self.shape.raises {
            values.push(self.builder.ins().iconst(types::I8, 0));
        }
        self.builder.ins().return_(&values);
    }

    /// The translation of a value that has been defined.
    pub(super) fn value(&self, value: Val) -> Value {
        self.values[value.index()].expect("blocks come after those that dominate them")
    }

    /// Does something in a cold block if the condition holds; that must end the block.
    pub(super) fn cold_if(&mut self, condition: Value, then: impl FnOnce(&mut Self)) {
        let (cold, next) = (self.builder.create_block(), self.builder.create_block());
        self.builder.set_cold_block(cold);
        self.builder.ins().brif(condition, cold, &[], next, &[]);
        self.builder.switch_to_block(cold);
        then(self);
        self.builder.switch_to_block(next);
    }

    /// Raises an exception with a constant message and leaves.
    pub(super) fn raise_and_leave(&mut self, kind: ErrorKind, message: TextId, place: PlaceId) {
        let kind = self.builder.ins().iconst(types::I8, i64::from(kind as u8));
        let (message, place) = (self.text(message), self.place(place));
        self.call_plain(self.codegen.raising.raise, &[kind, message, place]);
        self.leave();
    }

    /// Notes the place and leaves with the exception at hand.
    pub(super) fn trace_and_leave(&mut self, place: PlaceId) {
        self.trace(place);
        self.leave();
    }

    /// Notes that the exception at hand passes a place.
    pub(super) fn trace(&mut self, place: PlaceId) {
        let place = self.place(place);
        self.call_plain(self.codegen.raising.trace, &[place]);
    }

    fn leave(&mut self) {
        let leave = match self.leave {
            Some(leave) => leave,
            None => self.builder.create_block(),
        };
        self.leave = Some(leave);
        self.builder.ins().jump(leave, &[]);
    }

    fn finish_leave(&mut self) {
        let Some(leave) = self.leave else { return };
        self.builder.set_cold_block(leave);
        self.builder.switch_to_block(leave);
        let in_registers = if self.shape.in_memory {
            Vec::new()
        } else {
            self.shape.results.clone()
        };
        let mut values: Vec<Value> = in_registers.iter().map(|ty| self.zero(*ty)).collect();
        values.push(self.builder.ins().iconst(types::I8, 1));
        self.builder.ins().return_(&values);
    }

    fn zero(&mut self, ty: Ty) -> Value {
        match ty {
            Ty::F32 => self.builder.ins().f32const(0.0),
            Ty::F64 => self.builder.ins().f64const(0.0),
            Ty::I8 | Ty::I32 | Ty::I64 | Ty::Ptr => self.builder.ins().iconst(clif(ty), 0),
        }
    }

    /// A function of the program or the runtime, for calls.
    pub(super) fn callee(&mut self, id: FuncId) -> FuncRef {
        if let Some(reference) = self.functions.get(&id) {
            return *reference;
        }
        let reference = import(&mut self.codegen.object, id, self.builder.func);
        self.functions.insert(id, reference);
        reference
    }

    /// Calls a function without results.
    fn call_plain(&mut self, id: FuncId, args: &[Value]) {
        let callee = self.callee(id);
        self.builder.ins().call(callee, args);
    }

    /// The address of data plus an offset.
    pub(super) fn address(&mut self, data: DataId, offset: i64) -> Value {
        let global = match self.data.get(&(data, offset)) {
            Some(global) => *global,
            None => {
                let global = self
                    .codegen
                    .object
                    .declare_data_in_func(data, self.builder.func);
                let symbol = &mut self.builder.func.global_values[global];
                if let GlobalValueData::Symbol {
                    offset: addend,
                    colocated,
                    ..
                } = symbol
                {
                    *addend = offset.into();
                    *colocated = true;
                }
                self.data.insert((data, offset), global);
                global
            }
        };
        self.builder.ins().symbol_value(types::I64, global)
    }

    /// The address of a constant string object.
    pub(super) fn text(&mut self, text: TextId) -> Value {
        let offset = self.codegen.texts.offset(text);
        self.address(self.codegen.texts.data, offset)
    }

    /// An address in memory that exists when the program starts.
    pub(super) fn static_memory(&mut self, memory: MemoryId, inside: i64) -> Value {
        let offset = self.codegen.memory.offset(memory, inside);
        self.address(self.codegen.memory.data, offset)
    }

    fn place(&mut self, place: PlaceId) -> Value {
        self.address(self.codegen.places.data, Places::offset(place))
    }

    /// The address of a module variable.
    pub(super) fn cell(&mut self, cell: CellId) -> Value {
        self.address(self.codegen.cells, i64::from(data::cell_offset(cell)))
    }
}
