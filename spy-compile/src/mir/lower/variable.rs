//! Functions that read and write a module variable, for those who drive a program from outside.

use spy_lang::program::GlobalId;

use super::{Lowered, State, layout};
use crate::mir::{CellId, Function, Op, Terminator};

/// A function that returns the scalars of a variable.
pub(super) fn lower_load(state: &mut State<'_>, id: GlobalId) -> Lowered<Function> {
    let global = state.program.global(id);
    let types = layout::scalars(state.program, global.ty, global.span)?;
    let cell = state.cell_of(id)?;
    let name = format!("spy.load.{}", global.fqn);
    let mut function = Function::new(name, &[], types.clone());
    let mut values = Vec::with_capacity(types.len());
    for (index, ty) in types.into_iter().enumerate() {
        let op = Op::LoadCell(CellId::new(cell.index() + index), ty);
        values.extend(function.add_inst(Function::ENTRY, op, &[ty], None));
    }
    function.block_mut(Function::ENTRY).end = Terminator::Return(values);
    Ok(function)
}

/// A function that takes the scalars of a variable.
pub(super) fn lower_store(state: &mut State<'_>, id: GlobalId) -> Lowered<Function> {
    let global = state.program.global(id);
    let types = layout::scalars(state.program, global.ty, global.span)?;
    let cell = state.cell_of(id)?;
    let name = format!("spy.store.{}", global.fqn);
    let mut function = Function::new(name, &types, Vec::new());
    let params = function.block(Function::ENTRY).params.clone();
    for (index, value) in params.into_iter().enumerate() {
        let op = Op::StoreCell(CellId::new(cell.index() + index), value);
        function.add_inst(Function::ENTRY, op, &[], None);
    }
    function.block_mut(Function::ENTRY).end = Terminator::Return(Vec::new());
    Ok(function)
}
