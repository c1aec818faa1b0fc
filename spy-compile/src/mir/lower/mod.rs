//! From IR to MIR.
//!
//! SSA is made directly from the structured IR: an environment maps each scalar of each local to
//! its current value, joins make parameters for what differs, loop headers for what the loop
//! assigns. Structs fall apart into scalars here; they are whole only in the memory that pointers
//! point to. Loops come out rotated: the condition is lowered once before the loop and once at its
//! end.
//!
//! What compiled programs do not support is a diagnostic with the place that needs it.

mod assigned;
mod block;
mod c_signature;
mod constant;
mod convert;
mod exception;
mod export;
mod expr;
mod float;
mod flow;
mod function;
mod int;
mod layout;
mod memory;
mod prim;
mod snapshot;
mod stmt;
mod text;
mod variable;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir;
use spy_lang::memory::{HeapObject, ObjectId};
use spy_lang::program::{FuncId, GlobalId, Program};
use spy_lang::source::Span;
use spy_lang::types::TypeId;

use super::{Cell, CellId, FuncIndex, MemoryId, Module};
use layout::Content;

pub use c_signature::{CSignature, CValue, c_signature, has_c_form};
pub use export::{Export, ExportSignature, SlotKind, export_signature, is_portable};

/// What lowering gives, or why the program cannot be compiled.
type Lowered<T> = Result<T, Box<Diagnostic>>;

/// Which accesses to memory raise when they must not happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemoryChecks {
    /// Those of NULL, and those outside of the memory that a pointer points to.
    Full,
    /// None: what such an access does is not defined.
    None,
}

/// The functions that `roots` reach, the roots first, in order and without repetition.
///
/// Fails with a `NotImplementedError` if one of them needs what compiled programs do not support.
pub fn lower(
    program: &Program,
    roots: &[Export],
    checks: MemoryChecks,
) -> Result<Module, Box<Diagnostic>> {
    let mut state = State {
        program,
        module: Module::default(),
        indices: FxHashMap::default(),
        pending: Vec::new(),
        checks,
        cells: FxHashMap::default(),
        memories: FxHashMap::default(),
        seen: FxHashSet::default(),
    };
    for root in roots {
        state.index_of_export(*root);
    }
    state.module.roots = state.pending.len();
    let mut done = 0;
    while let Some(export) = state.pending.get(done).copied() {
        let function = match export {
            Export::Call(id) => {
                let ir = state.ir(id)?;
                function::lower_function(&mut state, &ir)?
            }
            Export::Load(id) => variable::lower_load(&mut state, id)?,
            Export::Store(id) => variable::lower_store(&mut state, id)?,
        };
        state.module.functions.push(function);
        done += 1;
    }
    Ok(state.module)
}

/// What all functions of the program share.
struct State<'p> {
    program: &'p Program,
    module: Module,
    indices: FxHashMap<Export, FuncIndex>,
    /// The functions in order of index.
    pending: Vec<Export>,
    checks: MemoryChecks,
    cells: FxHashMap<GlobalId, CellId>,
    /// The memory and exceptions of the program's heap that the module has, by number.
    memories: FxHashMap<u32, MemoryId>,
    /// The pointers whose memory has been searched for addresses.
    seen: FxHashSet<(u64, TypeId)>,
}

impl State<'_> {
    /// The index of a function, which will be lowered if it has not been.
    fn index_of(&mut self, id: FuncId) -> FuncIndex {
        self.index_of_export(Export::Call(id))
    }

    fn index_of_export(&mut self, id: Export) -> FuncIndex {
        let next = FuncIndex::new(self.pending.len());
        let index = *self.indices.entry(id).or_insert(next);
        if index == next {
            self.pending.push(id);
        }
        index
    }

    fn ir(&self, id: FuncId) -> Lowered<Rc<ir::Function>> {
        self.program.ir.get(&id).cloned().ok_or_else(|| {
            let func = self.program.func(id);
            let message = format!("`{}` is called but has not been redshifted", func.fqn);
            Box::new(Diagnostic::new(ErrorKind::InternalError, message).note("", func.prototype))
        })
    }

    /// The first cell of a module variable.
    fn cell_of(&mut self, id: GlobalId) -> Lowered<CellId> {
        if let Some(cell) = self.cells.get(&id) {
            return Ok(*cell);
        }
        let global = self.program.global(id);
        let Ok(leaves) = layout::leaves(self.program, global.ty, global.span) else {
            let name = self.program.type_name(global.ty);
            let message = format!("var type `{name}` not supported");
            return Err(Box::new(Diagnostic::new(ErrorKind::Wip, message)));
        };
        let slots = &self.program.global_slots[global.slot..global.slot + leaves.len()];
        let mut cells = Vec::new();
        for (leaf, bits) in leaves.iter().zip(slots) {
            cells.push(self.cell(leaf.content, *bits, global.span)?);
        }
        let first = CellId::new(self.module.cells.len());
        self.module.cells.extend(cells);
        self.cells.insert(id, first);
        Ok(first)
    }

    /// What a slot of the interpreter becomes when the program starts.
    fn cell(&mut self, content: Content, bits: u64, span: Span) -> Lowered<Cell> {
        Ok(match content {
            Content::Bits => Cell::Bits(bits),
            Content::Text | Content::Bytes | Content::Exception | Content::Pointer(_)
                if bits == 0 =>
            {
                Cell::Bits(0)
            }
            Content::Text => {
                let object = ObjectId::from_slot(bits);
                Cell::Text(self.module.text(self.program.heap.str(object)))
            }
            Content::Bytes => {
                let object = ObjectId::from_slot(bits);
                let HeapObject::Bytes(bytes) = self.program.heap.get(object) else {
                    unreachable!("a slot of type bytes refers to bytes")
                };
                Cell::Text(self.module.bytes(bytes))
            }
            Content::Exception => self.exception(ObjectId::from_slot(bits)),
            Content::Pointer(pointer) => {
                let (memory, offset) = self.memory(bits, pointer, span)?;
                Cell::Memory(memory, offset)
            }
        })
    }
}
