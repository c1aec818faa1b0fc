//! From MIR to an object file, through Cranelift.
//!
//! One symbol is visible, or in a shared library one for each function that C calls. In a program with a `main` the entry, a C function that runs the program's `main` and returns its
//! exit status, or [`ENTRY_RAISED`] after an exception. Functions that may raise return a flag
//! after their results; the cold path behind each such call notes its place and returns the flag
//! on. Identical MIR gives identical bytes. No Cranelift type leaves this folder.

mod data;
mod entry;
mod function;
mod inst;
mod library;
mod memory;
mod places;
mod roots;
mod session;
mod shape;
mod static_memory;
mod sysv;
mod target;

use cranelift_codegen::Context;
use cranelift_codegen::ir::{Function as ClifFunction, UserFuncName};
use cranelift_frontend::FunctionBuilderContext;
use cranelift_module::{DataId, FuncId, Linkage, Module as _, ModuleError, default_libcall_names};
use cranelift_object::{ObjectBuilder, ObjectModule};
use spy_runtime::abi::layout::ENTRY_RAISED;

use crate::error::CompileError;
use crate::mir::{ExportSignature, FuncFacts, FuncIndex, Function, Module, RuntimeFunc, facts};
use data::Texts;
use places::Places;
use roots::Roots;
use shape::Shape;
use static_memory::StaticMemory;

pub(crate) use entry::compile_dispatch;
pub(crate) use library::LibraryFunction;
pub(crate) use target::{TargetOptions, check_c_abi};

/// How others call the program.
pub(crate) enum Start<'s> {
    /// Through an entry of this name that calls the first function, `main`: it takes nothing and
    /// returns nothing or an `i32`.
    Entry(&'s str),
    /// Through a C `main` that serves calls of functions by number.
    Session(&'s [(FuncIndex, ExportSignature)]),
    /// Through functions that C calls.
    Library(&'s [LibraryFunction]),
}

/// The object file of a program.
pub(crate) fn compile(
    module: &Module,
    start: &Start<'_>,
    options: &TargetOptions,
) -> Result<Vec<u8>, CompileError> {
    let isa = target::isa(options)?;
    let builder = ObjectBuilder::new(isa, "spy", default_libcall_names()).map_err(internal)?;
    let facts = facts(module);
    let mut codegen = Codegen::declare(ObjectModule::new(builder), module, facts)?;
    let mut contexts = (Context::new(), FunctionBuilderContext::new());
    for (index, function) in module.functions.iter().enumerate() {
        codegen.define(index, function, &mut contexts)?;
    }
    match start {
        Start::Entry(name) => codegen.define_entry(name, &mut contexts)?,
        Start::Session(functions) => codegen.define_session(functions, &mut contexts)?,
        Start::Library(functions) => codegen.define_library(functions, &mut contexts)?,
    }
    codegen.texts.define(&mut codegen.object)?;
    let addresses = (&codegen.texts, &codegen.memory);
    data::define_cells(&mut codegen.object, codegen.cells, module, addresses)?;
    codegen
        .memory
        .define(&mut codegen.object, &module.memories, &codegen.texts)?;
    codegen.places.define(&mut codegen.object)?;
    codegen.define_roots(module)?;
    codegen
        .object
        .finish()
        .emit()
        .map_err(|error| CompileError::Codegen(error.to_string()))
}

fn internal(error: ModuleError) -> CompileError {
    CompileError::Codegen(format!("{error:?}"))
}

/// The functions of the runtime that raising needs, beside those of [`RuntimeFunc`].
#[derive(Clone, Copy)]
struct Raising {
    raise: FuncId,
    trace: FuncId,
    recursion: FuncId,
    stack_limit: DataId,
}

/// The object under construction and what it declares.
struct Codegen {
    object: ObjectModule,
    facts: Vec<FuncFacts>,
    shapes: Vec<Shape>,
    /// Only those that are called.
    functions: Vec<Option<FuncId>>,
    runtime: Vec<(Shape, FuncId)>,
    raising: Raising,
    /// Where the runtime keeps the free cells at hand.
    heap: DataId,
    texts: Texts,
    cells: DataId,
    memory: StaticMemory,
    places: Places,
    roots: Roots,
}

impl Codegen {
    fn declare(
        mut object: ObjectModule,
        module: &Module,
        facts: Vec<FuncFacts>,
    ) -> Result<Self, CompileError> {
        let mut shapes = Vec::new();
        let mut functions = Vec::new();
        for (function, facts) in module.functions.iter().zip(&facts) {
            let shape = Shape::new(&function.params(), &function.results, facts.raises);
            let signature = shape.signature(object.isa().default_call_conv());
            functions.push(if facts.is_called {
                let id = object.declare_function(&function.name, Linkage::Local, &signature);
                Some(id.map_err(internal)?)
            } else {
                None
            });
            shapes.push(shape);
        }
        let mut runtime = Vec::new();
        for callee in RuntimeFunc::ALL {
            let signature = callee.signature();
            let shape = Shape::foreign(signature.params, signature.results, signature.raises);
            let clif = shape.signature(object.isa().default_call_conv());
            let id = object.declare_function(signature.symbol, Linkage::Import, &clif);
            runtime.push((shape, id.map_err(internal)?));
        }
        let raising = entry::declare_raising(&mut object)?;
        let heap = object.declare_data("spy_heap", Linkage::Import, true, false);
        let heap = heap.map_err(internal)?;
        let memory = StaticMemory::declare(&mut object, &module.memories)?;
        let texts = Texts::declare(&mut object, &module.texts)?;
        let cells = data::declare_cells(&mut object)?;
        let places = Places::declare(&mut object, &module.places)?;
        let roots = Roots::declare(&mut object)?;
        Ok(Self {
            object,
            facts,
            shapes,
            functions,
            runtime,
            raising,
            heap,
            texts,
            cells,
            memory,
            places,
            roots,
        })
    }

    /// A function that is called.
    fn function_id(&self, index: usize) -> FuncId {
        self.functions[index].expect("calls have been counted")
    }

    fn define(
        &mut self,
        index: usize,
        function: &Function,
        (context, builder_context): &mut (Context, FunctionBuilderContext),
    ) -> Result<(), CompileError> {
        let Some(id) = self.functions[index] else {
            return Ok(());
        };
        let signature = self.shapes[index].signature(self.object.isa().default_call_conv());
        let name = UserFuncName::user(0, u32::try_from(index).unwrap_or(u32::MAX));
        context.func = ClifFunction::with_name_signature(name, signature);
        function::translate(self, index, function, &mut context.func, builder_context);
        let defined = self.object.define_function(id, context);
        let result = defined.map_err(|error| {
            CompileError::Codegen(format!("{}: {error:?}\n{}", function.name, context.func))
        });
        self.object.clear_context(context);
        result
    }
}
