//! The invariants of MIR.
//!
//! * Block 0 exists and nothing goes to it.
//! * Every value has one definition, which dominates its uses.
//! * Targets pass as many values as the block has parameters, of the same types; returns match the
//!   results of the function, and calls the signature of the callee.
//! * Operands of an operation have one type; conditions are [`Ty::I8`].
//! * What may raise has a place; what is caught may raise, and has a flag as a last result.

use super::{Block, BlockId, Function, Inst, Module, Op, Target, Terminator, Ty, Val};

/// Checks all functions; the error names the function and what is wrong.
pub fn verify(module: &Module) -> Result<(), String> {
    for function in &module.functions {
        let verifier = Verifier { module, function };
        verifier
            .run()
            .map_err(|error| format!("MIR of {}: {error}", function.name))?;
    }
    Ok(())
}

struct Verifier<'m> {
    module: &'m Module,
    function: &'m Function,
}

type Outcome = Result<(), String>;

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(problem()) }
}

impl Verifier<'_> {
    fn run(&self) -> Outcome {
        ensure(!self.function.blocks.is_empty(), || {
            "no entry block".to_owned()
        })?;
        let order = self.function.reverse_postorder();
        let mut defined = vec![None; self.function.types.len()];
        for id in &order {
            self.define(*id, &mut defined)?;
        }
        let dominators = dominators(self.function, &order);
        for id in &order {
            self.check_block(*id, &defined, &dominators)?;
        }
        Ok(())
    }

    /// Notes block and position of each definition of a block.
    fn define(&self, id: BlockId, defined: &mut [Option<(BlockId, usize)>]) -> Outcome {
        let block = self.function.block(id);
        let params = block.params.iter().map(|param| (*param, 0));
        let results =
            block.insts.iter().enumerate().flat_map(|(index, inst)| {
                inst.results.iter().map(move |result| (*result, index + 1))
            });
        for (value, position) in params.chain(results) {
            let previous = defined[value.index()].replace((id, position));
            ensure(previous.is_none(), || format!("{value} is defined twice"))?;
        }
        Ok(())
    }

    fn check_block(
        &self,
        id: BlockId,
        defined: &[Option<(BlockId, usize)>],
        dominators: &[Option<BlockId>],
    ) -> Outcome {
        let block = self.function.block(id);
        let check = |value: Val, position: usize| -> Outcome {
            let Some((home, at)) = defined[value.index()] else {
                return Err(format!("{value} in {id} has no definition"));
            };
            let before = if home == id {
                at <= position
            } else {
                dominates(dominators, home, id)
            };
            ensure(before, || {
                format!("{value} is used in {id} before its definition in {home}")
            })
        };
        for (position, inst) in block.insts.iter().enumerate() {
            let mut outcome = Ok(());
            inst.op
                .each_operand(|operand| outcome = outcome.clone().and(check(operand, position)));
            outcome?;
            self.check_inst(inst)
                .map_err(|error| format!("{error} in {id}: {inst:?}"))?;
        }
        let mut outcome = Ok(());
        block.end.clone().each_operand_mut(|operand| {
            outcome = outcome.clone().and(check(*operand, block.insts.len()));
        });
        outcome?;
        self.check_end(block)
            .map_err(|error| format!("{error} at the end of {id}"))
    }

    fn types(&self, values: &[Val]) -> Vec<Ty> {
        values
            .iter()
            .map(|value| self.function.ty(*value))
            .collect()
    }

    fn check_end(&self, block: &Block) -> Outcome {
        match &block.end {
            Terminator::Jump(target) => self.check_target(target),
            Terminator::Branch(condition, then, otherwise) => {
                self.expect(&[*condition], &[Ty::I8])?;
                self.check_target(then)?;
                self.check_target(otherwise)
            }
            Terminator::Return(values) => self.expect(values, &self.function.results),
            Terminator::Unwind(_) | Terminator::Unreachable => Ok(()),
        }
    }

    fn check_target(&self, target: &Target) -> Outcome {
        ensure(target.block != Function::ENTRY, || {
            "jump to the entry".to_owned()
        })?;
        let params = self.types(&self.function.block(target.block).params);
        self.expect(&target.args, &params)
    }

    fn expect(&self, values: &[Val], types: &[Ty]) -> Outcome {
        let found = self.types(values);
        ensure(found == types, || {
            format!("expected {types:?}, found {found:?}")
        })
    }

    fn check_inst(&self, inst: &Inst) -> Outcome {
        let ty = |value: &Val| self.function.ty(*value);
        let same =
            |a: &Val, b: &Val| ensure(ty(a) == ty(b), || "operands of different types".to_owned());
        let results = self.types(&inst.results);
        let mut expected = match &inst.op {
            Op::Int(ty, _) | Op::Load(_, ty, _, _) | Op::LoadCell(_, ty) => vec![*ty],
            Op::Convert(_, ty, _) => vec![*ty],
            Op::F32(_) => vec![Ty::F32],
            Op::F64(_) => vec![Ty::F64],
            Op::Text(_) => vec![Ty::Ptr],
            Op::Binary(_, a, b) => {
                same(a, b)?;
                vec![ty(a)]
            }
            Op::Unary(_, a) => vec![ty(a)],
            Op::Compare(_, a, b) | Op::FloatCompare(_, a, b) => {
                same(a, b)?;
                vec![Ty::I8]
            }
            Op::Select(condition, a, b) => {
                self.expect(&[*condition], &[Ty::I8])?;
                same(a, b)?;
                vec![ty(a)]
            }
            Op::Memory(..) => vec![Ty::Ptr],
            Op::Offset(address, distance) => {
                self.expect(&[*address, *distance], &[Ty::Ptr, Ty::I64])?;
                vec![Ty::Ptr]
            }
            Op::Alloc(_, size) => {
                self.expect(&[*size], &[Ty::I64])?;
                ensure(inst.place.is_some(), || {
                    "allocation without place".to_owned()
                })?;
                vec![Ty::Ptr]
            }
            Op::StoreCell(..) | Op::Store(..) => Vec::new(),
            Op::Call(callee, args) => {
                let callee = self.module.function(*callee);
                self.expect(args, &callee.params())?;
                ensure(inst.place.is_some(), || "call without place".to_owned())?;
                callee.results.clone()
            }
            Op::CallRuntime(callee, args) => {
                let signature = callee.signature();
                self.expect(args, signature.params)?;
                ensure(!signature.raises || inst.place.is_some(), || {
                    "no place".to_owned()
                })?;
                signature.results.to_vec()
            }
            Op::Trace => {
                ensure(inst.place.is_some(), || "trace without place".to_owned())?;
                Vec::new()
            }
            Op::RaiseIf(condition, _, _) => {
                self.expect(&[*condition], &[Ty::I8])?;
                ensure(inst.place.is_some(), || "check without place".to_owned())?;
                Vec::new()
            }
        };
        if inst.is_caught {
            ensure(inst.op.may_raise(), || "nothing to catch".to_owned())?;
            expected.push(Ty::I8);
        }
        ensure(results == expected, || {
            format!("results {results:?}, expected {expected:?}")
        })
    }
}

/// The immediate dominator of each block that can be reached (Cooper, Harvey, Kennedy: A Simple,
/// Fast Dominance Algorithm); that of the entry is itself.
fn dominators(function: &Function, order: &[BlockId]) -> Vec<Option<BlockId>> {
    let mut position = vec![usize::MAX; function.blocks.len()];
    for (index, id) in order.iter().enumerate() {
        position[id.index()] = index;
    }
    let mut predecessors = vec![Vec::new(); function.blocks.len()];
    for id in order {
        for target in function.block(*id).end.targets() {
            predecessors[target.block.index()].push(*id);
        }
    }
    let mut idom: Vec<Option<BlockId>> = vec![None; function.blocks.len()];
    idom[Function::ENTRY.index()] = Some(Function::ENTRY);
    let mut changed = true;
    while changed {
        changed = false;
        for id in order.iter().skip(1) {
            let mut new = None;
            for predecessor in &predecessors[id.index()] {
                if idom[predecessor.index()].is_some() {
                    new = Some(new.map_or(*predecessor, |other| {
                        intersect(&idom, &position, *predecessor, other)
                    }));
                }
            }
            changed |= new != idom[id.index()];
            idom[id.index()] = new;
        }
    }
    idom
}

fn intersect(
    idom: &[Option<BlockId>],
    position: &[usize],
    mut a: BlockId,
    mut b: BlockId,
) -> BlockId {
    let up = |block: BlockId| idom[block.index()].unwrap_or(Function::ENTRY);
    while a != b {
        if position[a.index()] > position[b.index()] {
            a = up(a);
        } else {
            b = up(b);
        }
    }
    a
}

fn dominates(idom: &[Option<BlockId>], home: BlockId, mut block: BlockId) -> bool {
    loop {
        if block == home {
            return true;
        }
        match idom[block.index()] {
            Some(up) if up != block => block = up,
            _ => return false,
        }
    }
}
