//! Folds what is known, and removes what that makes superfluous.
//!
//! Rounds over one function until nothing changes: constants and copies, decided branches, block
//! parameters that only ever have one value, straight lines of blocks, values that nobody uses.

use rustc_hash::FxHashMap;

use super::cleanup;
use crate::mir::{
    BlockId, Constant, Function, Inst, Op, Simplified, Target, Terminator, Val, constant_of,
    simplify as simplify_op,
};

/// Rounds are few in practice; this bounds them.
const ROUNDS_MAX: usize = 16;

/// Simplifies a function.
pub(super) fn simplify(function: &mut Function) {
    for _ in 0..ROUNDS_MAX {
        let mut pass = Pass {
            constants: FxHashMap::default(),
            same: FxHashMap::default(),
        };
        let order = function.reverse_postorder();
        let mut changed = pass.trivial_params(function, &order);
        for block in &order {
            changed |= pass.block(function, *block);
        }
        pass.resolve_all(function, &order);
        changed |= cleanup::merge_blocks(function);
        changed |= cleanup::remove_unused(function);
        if !changed {
            break;
        }
    }
    cleanup::clear_unreachable(function);
}

struct Pass {
    constants: FxHashMap<Val, Constant>,
    /// Values that are another value.
    same: FxHashMap<Val, Val>,
}

impl Pass {
    fn resolve(&self, mut value: Val) -> Val {
        while let Some(other) = self.same.get(&value) {
            value = *other;
        }
        value
    }

    /// Removes parameters for which every edge brings one value, or the parameter itself.
    fn trivial_params(&mut self, function: &mut Function, order: &[BlockId]) -> bool {
        let mut edges: FxHashMap<BlockId, Vec<Vec<Val>>> = FxHashMap::default();
        for block in order {
            for target in function.block(*block).end.targets() {
                edges
                    .entry(target.block)
                    .or_default()
                    .push(target.args.clone());
            }
        }
        let mut removed: FxHashMap<BlockId, Vec<bool>> = FxHashMap::default();
        for block in order.iter().filter(|block| **block != Function::ENTRY) {
            let params = &function.block(*block).params;
            let incoming = edges.get(block).map_or(&[][..], Vec::as_slice);
            let mut trivial = vec![false; params.len()];
            for (index, param) in params.iter().enumerate() {
                if let Some(value) = self.only_value(*param, index, incoming) {
                    self.same.insert(*param, value);
                    trivial[index] = true;
                }
            }
            if trivial.contains(&true) {
                removed.insert(*block, trivial);
            }
        }
        for block in order {
            let block_data = function.block_mut(*block);
            if let Some(trivial) = removed.get(block) {
                retain(&mut block_data.params, trivial);
            }
            for target in block_data.end.targets_mut() {
                if let Some(trivial) = removed.get(&target.block) {
                    retain(&mut target.args, trivial);
                }
            }
        }
        !removed.is_empty()
    }

    fn only_value(&self, param: Val, index: usize, incoming: &[Vec<Val>]) -> Option<Val> {
        let mut found = None;
        for args in incoming {
            let value = self.resolve(args[index]);
            if value == param || found == Some(value) {
                continue;
            }
            if found.is_some() {
                return None;
            }
            found = Some(value);
        }
        found
    }

    fn block(&mut self, function: &mut Function, id: BlockId) -> bool {
        let mut changed = false;
        let mut insts = std::mem::take(&mut function.block_mut(id).insts);
        insts.retain_mut(|inst| {
            inst.op
                .each_operand_mut(|operand| *operand = self.resolve(*operand));
            let keep = self.inst(inst);
            changed |= !keep;
            keep
        });
        let block = function.block_mut(id);
        block.insts = insts;
        block
            .end
            .each_operand_mut(|operand| *operand = self.resolve(*operand));
        changed | self.end(&mut block.end)
    }

    /// Folds an instruction; returns whether it is still needed.
    fn inst(&mut self, inst: &mut Inst) -> bool {
        let known = |value: Val| self.constants.get(&value).copied();
        match simplify_op(&inst.op, known) {
            Some(Simplified::Constant(constant)) => inst.op = constant.op(),
            Some(Simplified::Same(value)) => {
                self.same.insert(inst.results[0], value);
                return false;
            }
            None => {}
        }
        if let Some(constant) = constant_of(&inst.op) {
            self.constants.insert(inst.results[0], constant);
        }
        match inst.op {
            Op::RaiseIf(condition, _, _) => self.known_bool(condition) != Some(false),
            Op::Int(..)
            | Op::F32(_)
            | Op::F64(_)
            | Op::Text(_)
            | Op::Binary(..)
            | Op::Unary(..)
            | Op::Compare(..)
            | Op::FloatCompare(..)
            | Op::Convert(..)
            | Op::Select(..)
            | Op::Memory(..)
            | Op::Offset(..)
            | Op::Alloc(..)
            | Op::Load(..)
            | Op::Store(..)
            | Op::LoadCell(..)
            | Op::StoreCell(..)
            | Op::Call(..)
            | Op::CallRuntime(..)
            | Op::Trace => true,
        }
    }

    fn known_bool(&self, value: Val) -> Option<bool> {
        Some(self.constants.get(&value)?.as_int()? != 0)
    }

    fn end(&self, end: &mut Terminator) -> bool {
        let Terminator::Branch(condition, then, otherwise) = end else {
            return false;
        };
        let target: Target = match self.known_bool(*condition) {
            Some(true) => then.clone(),
            Some(false) => otherwise.clone(),
            None if then == otherwise => then.clone(),
            None => return false,
        };
        *end = Terminator::Jump(target);
        true
    }

    /// Replaces the values found to be others where they were used before that was known.
    fn resolve_all(&self, function: &mut Function, order: &[BlockId]) {
        for block in order {
            let block = function.block_mut(*block);
            for inst in &mut block.insts {
                inst.op
                    .each_operand_mut(|operand| *operand = self.resolve(*operand));
            }
            block
                .end
                .each_operand_mut(|operand| *operand = self.resolve(*operand));
        }
    }
}

fn retain(values: &mut Vec<Val>, removed: &[bool]) {
    let mut removed = removed.iter();
    values.retain(|_| !removed.next().copied().unwrap_or(false));
}
