//! From IR to MIR.
//!
//! SSA is made directly from the structured IR: an environment maps each scalar of each local to
//! its current value, joins make parameters for what differs, loop headers for what the loop
//! assigns. Structs fall apart into scalars here and never exist in memory. Loops come out rotated:
//! the condition is lowered once before the loop and once at its end.
//!
//! What compiled programs do not support is a diagnostic with the place that needs it.

mod assigned;
mod constant;
mod convert;
mod expr;
mod float;
mod flow;
mod function;
mod int;
mod layout;
mod prim;
mod stmt;
mod text;

use std::rc::Rc;

use rustc_hash::FxHashMap;
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir;
use spy_lang::memory::ObjectId;
use spy_lang::program::{FuncId, GlobalId, Program};

use super::{Cell, CellId, FuncIndex, Module, Ty};

/// What lowering gives, or why the program cannot be compiled.
type Lowered<T> = Result<T, Box<Diagnostic>>;

/// The functions that `main` reaches, `main` first.
///
/// Fails with a `NotImplementedError` if one of them needs what compiled programs do not support.
pub fn lower(program: &Program, main: FuncId) -> Result<Module, Box<Diagnostic>> {
    let mut state = State {
        program,
        module: Module::default(),
        indices: FxHashMap::default(),
        pending: Vec::new(),
        cells: FxHashMap::default(),
    };
    state.index_of(main);
    let mut done = 0;
    while let Some(id) = state.pending.get(done).copied() {
        let ir = state.ir(id)?;
        let function = function::lower_function(&mut state, &ir)?;
        state.module.functions.push(function);
        done += 1;
    }
    Ok(state.module)
}

/// What all functions of the program share.
struct State<'p> {
    program: &'p Program,
    module: Module,
    indices: FxHashMap<FuncId, FuncIndex>,
    /// The functions in order of index.
    pending: Vec<FuncId>,
    cells: FxHashMap<GlobalId, CellId>,
}

impl State<'_> {
    /// The index of a function, which will be lowered if it has not been.
    fn index_of(&mut self, id: FuncId) -> FuncIndex {
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
        let first = CellId::new(self.module.cells.len());
        let global = self.program.global(id);
        let types = layout::scalars(self.program, global.ty, global.span)?;
        let slots = &self.program.global_slots[global.slot..global.slot + types.len()];
        for (ty, bits) in types.iter().zip(slots) {
            let cell = match ty {
                Ty::Ptr => {
                    let object = ObjectId(u32::try_from(*bits).unwrap_or(u32::MAX));
                    Cell::Text(self.module.text(self.program.heap.str(object)))
                }
                Ty::I8 | Ty::I32 | Ty::I64 | Ty::F32 | Ty::F64 => Cell::Bits(*bits),
            };
            self.module.cells.push(cell);
        }
        self.cells.insert(id, first);
        Ok(first)
    }
}
