//! Shapes of functions that other passes leave behind, and values that nobody uses.

use rustc_hash::FxHashMap;

use crate::mir::{BlockId, Function, Terminator, Val};

/// Joins each block that ends in a jump with its target, if nothing else goes there.
pub(super) fn merge_blocks(function: &mut Function) -> bool {
    let mut counts = function.edge_counts();
    let mut same: FxHashMap<Val, Val> = FxHashMap::default();
    let mut changed = false;
    for id in function.reverse_postorder() {
        while let Some(target) = function.block(id).as_jump().cloned() {
            if counts[target.block.index()] != 1 || target.block == id {
                break;
            }
            counts[target.block.index()] = 0;
            let merged = std::mem::replace(function.block_mut(target.block), empty());
            let block = function.block_mut(id);
            block.insts.extend(merged.insts);
            block.end = merged.end;
            same.extend(merged.params.into_iter().zip(target.args));
            changed = true;
        }
    }
    replace(function, &same);
    changed
}

const fn empty() -> crate::mir::Block {
    crate::mir::Block {
        params: Vec::new(),
        insts: Vec::new(),
        end: Terminator::Unreachable,
    }
}

/// Replaces values by others everywhere.
fn replace(function: &mut Function, same: &FxHashMap<Val, Val>) {
    if same.is_empty() {
        return;
    }
    let change = |operand: &mut Val| {
        while let Some(other) = same.get(operand) {
            *operand = *other;
        }
    };
    for block in &mut function.blocks {
        for inst in &mut block.insts {
            inst.op.each_operand_mut(change);
        }
        block.end.each_operand_mut(change);
    }
}

/// Removes instructions without effect whose results are not used, and parameters likewise.
pub(super) fn remove_unused(function: &mut Function) -> bool {
    let order = function.reverse_postorder();
    let used = used_values(function, &order);
    let mut changed = false;
    let is_used = |value: &Val| used[value.index()];
    let kept: Vec<Vec<bool>> = function
        .block_ids()
        .map(|id| {
            let all = id == Function::ENTRY;
            function
                .block(id)
                .params
                .iter()
                .map(|param| all || is_used(param))
                .collect()
        })
        .collect();
    for id in order {
        let block = function.block_mut(id);
        let before = block.insts.len() + block.params.len();
        block
            .insts
            .retain(|inst| !inst.op.is_removable() || inst.results.iter().any(is_used));
        filter(&mut block.params, &kept[id.index()]);
        changed |= block.insts.len() + block.params.len() != before;
        for target in block.end.targets_mut() {
            filter(&mut target.args, &kept[target.block.index()]);
        }
    }
    changed
}

fn filter(values: &mut Vec<Val>, kept: &[bool]) {
    let mut kept = kept.iter();
    values.retain(|_| kept.next().copied().unwrap_or(true));
}

/// Which values something with an effect depends on.
fn used_values(function: &Function, order: &[BlockId]) -> Vec<bool> {
    let mut used = vec![false; function.types.len()];
    let mut sources: Vec<Vec<Val>> = vec![Vec::new(); function.types.len()];
    let mut work = Vec::new();
    for id in order {
        let block = function.block(*id);
        for inst in &block.insts {
            let mut operands = Vec::new();
            inst.op.each_operand(|operand| operands.push(operand));
            if inst.op.is_removable() {
                for result in &inst.results {
                    sources[result.index()].clone_from(&operands);
                }
            } else {
                work.extend(operands);
            }
        }
        match &block.end {
            Terminator::Branch(condition, _, _) => work.push(*condition),
            Terminator::Return(values) => work.extend(values),
            Terminator::Jump(_) | Terminator::Unwind(_) | Terminator::Unreachable => {}
        }
        for target in block.end.targets() {
            let params = &function.block(target.block).params;
            for (param, arg) in params.iter().zip(&target.args) {
                sources[param.index()].push(*arg);
            }
        }
    }
    while let Some(value) = work.pop() {
        if !std::mem::replace(&mut used[value.index()], true) {
            work.extend(&sources[value.index()]);
        }
    }
    used
}

/// Empties the blocks that cannot be reached.
pub(super) fn clear_unreachable(function: &mut Function) {
    let mut reachable = vec![false; function.blocks.len()];
    for id in function.reverse_postorder() {
        reachable[id.index()] = true;
    }
    for (block, reachable) in function.blocks.iter_mut().zip(reachable) {
        if !reachable {
            *block = empty();
        }
    }
}
