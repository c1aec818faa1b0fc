//! Replaces calls by the bodies of the functions called.
//!
//! Callees come before callers, so that what is inlined has been inlined into. A function that
//! calls itself gets its own body two times: most of its calls then stay in one frame. Places keep
//! the frames of a traceback as they would be without.

use crate::mir::{
    BlockId, FuncIndex, Function, Inst, Module, Op, PlaceId, RuntimeFunc, Target, Terminator, Ty,
    Val,
};

use super::simplify::simplify;

/// Largest function, in instructions, that is inlined wherever it is called.
const SMALL_SIZE: usize = 40;
/// Largest function that is inlined where it is called, if that is one place.
const SINGLE_CALL_SIZE: usize = 400;
/// A function that has this size gets nothing inlined any more.
const CALLER_SIZE_MAX: usize = 4000;
/// Largest function that is inlined into itself.
const RECURSIVE_SIZE: usize = 60;
const RECURSIVE_ROUNDS: usize = 3;
/// A recursive function does not grow beyond this.
const RECURSIVE_SIZE_MAX: usize = 500;

/// Inlines in all functions.
pub(super) fn inline(module: &mut Module) {
    let mut calls = vec![0; module.functions.len()];
    for function in &module.functions {
        for callee in callees(function) {
            calls[callee.index()] += 1;
        }
    }
    for index in callees_first(module) {
        let mut caller = std::mem::replace(
            &mut module.functions[index.index()],
            Function::new(String::new(), &[], Vec::new()),
        );
        inline_others(module, index, &mut caller, &calls);
        inline_itself(module, index, &mut caller);
        module.functions[index.index()] = caller;
    }
}

fn callees(function: &Function) -> impl Iterator<Item = FuncIndex> {
    let insts = function.blocks.iter().flat_map(|block| &block.insts);
    insts.filter_map(|inst| call_of(inst).map(|(callee, _)| callee))
}

fn call_of(inst: &Inst) -> Option<(FuncIndex, PlaceId)> {
    let (Op::Call(callee, _), Some(place)) = (&inst.op, inst.place) else {
        return None;
    };
    Some((*callee, place))
}

/// The functions that the roots reach, callees before callers where there is no recursion.
fn callees_first(module: &Module) -> Vec<FuncIndex> {
    let mut seen = vec![false; module.functions.len()];
    let mut order = Vec::new();
    let below = |index: FuncIndex| callees(module.function(index)).collect::<Vec<_>>();
    let roots = (0..module.roots).map(FuncIndex::new);
    let mut stack: Vec<_> = roots.map(|root| (root, below(root))).collect();
    seen[..module.roots].fill(true);
    while let Some((index, mut rest)) = stack.pop() {
        let Some(callee) = rest.pop() else {
            order.push(index);
            continue;
        };
        stack.push((index, rest));
        if !std::mem::replace(&mut seen[callee.index()], true) {
            stack.push((callee, below(callee)));
        }
    }
    order
}

fn inline_others(module: &mut Module, index: FuncIndex, caller: &mut Function, calls: &[usize]) {
    let chosen = |module: &Module, callee: FuncIndex| {
        let body = module.function(callee);
        let limit = if calls[callee.index()] == 1 {
            SINGLE_CALL_SIZE
        } else {
            SMALL_SIZE
        };
        callee != index
            && !body.name.is_empty()
            && body.size() <= limit
            && callees(body).all(|below| below != callee)
    };
    if inline_calls(module, caller, chosen) {
        simplify(caller);
    }
}

fn inline_itself(module: &mut Module, index: FuncIndex, caller: &mut Function) {
    let calls = callees(caller).filter(|callee| *callee == index).count();
    if calls == 0 || caller.size() > RECURSIVE_SIZE {
        return;
    }
    let body = caller.clone();
    for _ in 0..RECURSIVE_ROUNDS {
        let calls = callees(caller).filter(|callee| *callee == index).count();
        if caller.size() + calls * body.size() > RECURSIVE_SIZE_MAX {
            break;
        }
        for (block, inst, place) in call_sites(caller, |callee| callee == index) {
            inline_call(module, caller, (block, inst), place, &body);
        }
        simplify(caller);
    }
}

/// The calls of chosen functions, last first, so that inlining one does not move the others.
fn call_sites(
    function: &Function,
    chosen: impl Fn(FuncIndex) -> bool,
) -> Vec<(BlockId, usize, PlaceId)> {
    let mut sites = Vec::new();
    for id in function.reverse_postorder() {
        for (index, inst) in function.block(id).insts.iter().enumerate() {
            if let Some((callee, place)) = call_of(inst)
                && chosen(callee)
            {
                sites.push((id, index, place));
            }
        }
    }
    sites.reverse();
    sites
}

fn inline_calls(
    module: &mut Module,
    caller: &mut Function,
    chosen: impl Fn(&Module, FuncIndex) -> bool,
) -> bool {
    let sites = call_sites(caller, |callee| chosen(module, callee));
    for (block, index, place) in &sites {
        let Op::Call(callee, _) = caller.block(*block).insts[*index].op else {
            continue;
        };
        if caller.size() > CALLER_SIZE_MAX {
            break;
        }
        let body = module.function(callee).clone();
        inline_call(module, caller, (*block, *index), *place, &body);
    }
    !sites.is_empty()
}

/// Replaces one call by a body: the block is cut behind the call, whose results become parameters
/// of the second half.
fn inline_call(
    module: &mut Module,
    caller: &mut Function,
    (block, index): (BlockId, usize),
    place: PlaceId,
    body: &Function,
) {
    let rest = caller.add_block();
    let mut after = caller.block_mut(block).insts.split_off(index);
    let call = after.remove(0);
    let Op::Call(_, args) = call.op else {
        unreachable!("the call is at this index")
    };
    let mut end = std::mem::replace(&mut caller.block_mut(block).end, Terminator::Unreachable);
    let mut params = call.results;
    let way_out = if !call.is_caught {
        WayOut::Leave(place)
    } else if let Some(pad) = pad_of(&params, &after, &mut end) {
        params.pop();
        WayOut::Pad(pad)
    } else {
        WayOut::Flag
    };
    *caller.block_mut(rest) = crate::mir::Block {
        params,
        insts: after,
        end,
    };
    let mut copy = Copy::new(caller, body, block, &args, (rest, way_out));
    for id in body.reverse_postorder() {
        copy.block(module, caller, (id, body.block(id)));
    }
}

/// Where the flag of a call leads, if all that follows the call is a branch on it; the branch then
/// becomes a jump to where control goes without exception.
fn pad_of(results: &[Val], after: &[Inst], end: &mut Terminator) -> Option<Target> {
    let flag = results.last()?;
    let Terminator::Branch(condition, pad, next) = end else {
        return None;
    };
    let is_test = after.is_empty() && condition == flag;
    if !is_test || pad.args.iter().any(|arg| results.contains(arg)) || next.args.contains(flag) {
        return None;
    }
    let pad = pad.clone();
    *end = Terminator::Jump(next.clone());
    Some(pad)
}

/// Where an exception of an inlined body goes.
#[derive(Clone)]
enum WayOut {
    /// It leaves the caller too, past the place of the call.
    Leave(PlaceId),
    /// The caller catches it: it goes where returns go, with the flag set. The place of the call is
    /// noted there.
    Flag,
    /// The same, and this is where the flag leads.
    Pad(Target),
}

/// What the parts of a body become in the caller.
struct Copy {
    values: Vec<Option<Val>>,
    types: Vec<crate::mir::Ty>,
    blocks: Vec<BlockId>,
    /// Where returns go.
    rest: BlockId,
    way_out: WayOut,
}

impl Copy {
    fn new(
        caller: &mut Function,
        body: &Function,
        entry: BlockId,
        args: &[Val],
        (rest, way_out): (BlockId, WayOut),
    ) -> Self {
        let mut values = vec![None; body.types.len()];
        for (param, arg) in body.block(Function::ENTRY).params.iter().zip(args) {
            values[param.index()] = Some(*arg);
        }
        let is_entry = |id: BlockId| id == Function::ENTRY;
        let blocks = body
            .block_ids()
            .map(|id| {
                if is_entry(id) {
                    entry
                } else {
                    caller.add_block()
                }
            })
            .collect();
        Self {
            values,
            types: body.types.clone(),
            blocks,
            rest,
            way_out,
        }
    }

    fn value(&mut self, caller: &mut Function, value: Val) -> Val {
        let ty = self.types[value.index()];
        *self.values[value.index()].get_or_insert_with(|| caller.add_value(ty))
    }

    fn block(
        &mut self,
        module: &mut Module,
        caller: &mut Function,
        (id, block): (BlockId, &crate::mir::Block),
    ) {
        let mut target = self.blocks[id.index()];
        if id != Function::ENTRY {
            let params = block.params.iter();
            caller.block_mut(target).params =
                params.map(|param| self.value(caller, *param)).collect();
        }
        for inst in &block.insts {
            let copy = self.inst(module, caller, inst);
            let leaves = matches!(self.way_out, WayOut::Leave(_));
            if !leaves && !copy.is_caught && copy.op.may_raise() {
                target = self.caught(caller, target, copy);
            } else {
                caller.block_mut(target).insts.push(copy);
            }
        }
        self.end(module, caller, target, &block.end);
    }

    fn inst(&mut self, module: &mut Module, caller: &mut Function, inst: &Inst) -> Inst {
        let mut copy = inst.clone();
        copy.op
            .each_operand_mut(|operand| *operand = self.value(caller, *operand));
        copy.results
            .iter_mut()
            .for_each(|result| *result = self.value(caller, *result));
        // An exception that the body catches passes the place of the call only when it leaves.
        let stays = inst.is_caught || matches!(inst.op, Op::Trace);
        if let (WayOut::Leave(place), false) = (&self.way_out, stays) {
            copy.place = inst.place.map(|inner| module.inlined_place(inner, *place));
        }
        copy
    }

    /// Appends an instruction whose exception goes to the way out, and returns the block behind it.
    fn caught(&self, caller: &mut Function, block: BlockId, mut inst: Inst) -> BlockId {
        let (pad, next) = (caller.add_block(), caller.add_block());
        let place = inst.place;
        let flag = if let Op::RaiseIf(condition, kind, text) = inst.op {
            let message = caller.add_inst(pad, Op::Text(text), &[Ty::Ptr], None);
            let code = Op::Int(Ty::I8, i64::from(kind as u8));
            let code = caller.add_inst(pad, code, &[Ty::I8], None);
            let op = Op::CallRuntime(RuntimeFunc::SetException, vec![code[0], message[0]]);
            caller.add_inst(pad, op, &[], None);
            condition
        } else {
            let flag = caller.add_value(Ty::I8);
            inst.results.push(flag);
            inst.is_caught = true;
            caller.block_mut(block).insts.push(inst);
            flag
        };
        caller.block_mut(block).end =
            Terminator::Branch(flag, Target::plain(pad), Target::plain(next));
        self.leave_caught(caller, pad, place);
        next
    }

    /// Ends a block by going where the caller catches exceptions.
    fn leave_caught(&self, caller: &mut Function, block: BlockId, place: Option<PlaceId>) {
        if place.is_some() {
            caller.add_inst(block, Op::Trace, &[], place);
        }
        if let WayOut::Pad(pad) = &self.way_out {
            caller.block_mut(block).end = Terminator::Jump(pad.clone());
            return;
        }
        let params = caller.block(self.rest).params.clone();
        let (_, results) = params.split_last().unwrap_or((&Val::new(0), &[]));
        let mut args = Vec::with_capacity(params.len());
        for result in results {
            let ty = caller.ty(*result);
            args.extend(caller.add_inst(block, zero(ty), &[ty], None));
        }
        args.extend(caller.add_inst(block, Op::Int(Ty::I8, 1), &[Ty::I8], None));
        let block_id = self.rest;
        caller.block_mut(block).end = Terminator::Jump(Target {
            block: block_id,
            args,
        });
    }

    fn end(
        &mut self,
        module: &mut Module,
        caller: &mut Function,
        block: BlockId,
        end: &Terminator,
    ) {
        let mut copy = end.clone();
        copy.each_operand_mut(|operand| *operand = self.value(caller, *operand));
        for target in copy.targets_mut() {
            target.block = self.blocks[target.block.index()];
        }
        let end = match (copy, &self.way_out) {
            (Terminator::Return(values), way_out) => {
                let mut args = values;
                if matches!(way_out, WayOut::Flag) {
                    args.extend(caller.add_inst(block, Op::Int(Ty::I8, 0), &[Ty::I8], None));
                }
                let block = self.rest;
                Terminator::Jump(Target { block, args })
            }
            (Terminator::Unwind(place), WayOut::Flag | WayOut::Pad(_)) => {
                self.leave_caught(caller, block, place);
                return;
            }
            (Terminator::Unwind(inner), WayOut::Leave(place)) => {
                Terminator::Unwind(Some(match inner {
                    Some(inner) => module.inlined_place(inner, *place),
                    None => *place,
                }))
            }
            (end @ (Terminator::Jump(_) | Terminator::Branch(..) | Terminator::Unreachable), _) => {
                end
            }
        };
        caller.block_mut(block).end = end;
    }
}

const fn zero(ty: Ty) -> Op {
    match ty {
        Ty::F32 => Op::F32(0),
        Ty::F64 => Op::F64(0),
        Ty::I8 | Ty::I32 | Ty::I64 | Ty::Ptr => Op::Int(ty, 0),
    }
}
