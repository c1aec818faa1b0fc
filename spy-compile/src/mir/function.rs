//! Functions in SSA form: blocks with parameters.

use super::{BlockId, Inst, Op, PlaceId, Target, Terminator, Ty, Val};

/// A sequence of instructions with one entrance and one end.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// Values that whoever comes here provides.
    pub params: Vec<Val>,
    /// The instructions in order.
    pub insts: Vec<Inst>,
    /// What comes next.
    pub end: Terminator,
}

/// A function. Its parameters are those of block 0, which nothing jumps to.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// The full name, `::` between the parts.
    pub name: String,
    /// Types of the results in order.
    pub results: Vec<Ty>,
    /// Types of the values; [`Val`] indexes it.
    pub types: Vec<Ty>,
    /// The blocks; [`BlockId`] indexes it.
    pub blocks: Vec<Block>,
}

impl Function {
    /// The block where execution starts.
    pub const ENTRY: BlockId = BlockId(0);

    /// A function with an empty entry block for these parameters.
    pub fn new(name: String, params: &[Ty], results: Vec<Ty>) -> Self {
        let mut function = Self {
            name,
            results,
            types: Vec::new(),
            blocks: Vec::new(),
        };
        let entry = function.add_block();
        for ty in params {
            function.add_param(entry, *ty);
        }
        function
    }

    /// Adds an empty block.
    pub fn add_block(&mut self) -> BlockId {
        let end = Terminator::Unreachable;
        self.blocks.push(Block {
            params: Vec::new(),
            insts: Vec::new(),
            end,
        });
        BlockId::new(self.blocks.len() - 1)
    }

    /// Adds a parameter to a block.
    pub fn add_param(&mut self, block: BlockId, ty: Ty) -> Val {
        let value = self.add_value(ty);
        self.block_mut(block).params.push(value);
        value
    }

    /// Makes a value that nothing defines yet.
    pub fn add_value(&mut self, ty: Ty) -> Val {
        self.types.push(ty);
        Val::new(self.types.len() - 1)
    }

    /// Appends an instruction to a block and returns its results, which have these types.
    pub fn add_inst(
        &mut self,
        block: BlockId,
        op: Op,
        types: &[Ty],
        place: Option<PlaceId>,
    ) -> Vec<Val> {
        let results: Vec<Val> = types.iter().map(|ty| self.add_value(*ty)).collect();
        self.block_mut(block).insts.push(Inst {
            op,
            results: results.clone(),
            place,
            is_caught: false,
        });
        results
    }

    /// As [`Self::add_inst`], of an operation that may raise and then goes on; the last result says
    /// whether it has raised.
    pub fn add_caught_inst(
        &mut self,
        block: BlockId,
        op: Op,
        types: &[Ty],
        place: PlaceId,
    ) -> Vec<Val> {
        let types: Vec<Ty> = types.iter().copied().chain([Ty::I8]).collect();
        let results = self.add_inst(block, op, &types, Some(place));
        if let Some(inst) = self.block_mut(block).insts.last_mut() {
            inst.is_caught = true;
        }
        results
    }

    /// The type of a value.
    pub fn ty(&self, value: Val) -> Ty {
        self.types[value.index()]
    }

    /// A block.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    /// A block, to change it.
    pub fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }

    /// Types of the parameters.
    pub fn params(&self) -> Vec<Ty> {
        self.block(Self::ENTRY)
            .params
            .iter()
            .map(|param| self.ty(*param))
            .collect()
    }

    /// All ids of blocks.
    pub fn block_ids(&self) -> impl Iterator<Item = BlockId> + use<> {
        (0..self.blocks.len()).map(BlockId::new)
    }

    /// Number of instructions.
    pub fn size(&self) -> usize {
        self.blocks.iter().map(|block| block.insts.len() + 1).sum()
    }

    /// The blocks that can be reached, each before those it dominates: reverse postorder.
    pub fn reverse_postorder(&self) -> Vec<BlockId> {
        let mut seen = vec![false; self.blocks.len()];
        let mut order = Vec::new();
        let mut stack = vec![(Self::ENTRY, 0)];
        seen[Self::ENTRY.index()] = true;
        while let Some((block, next)) = stack.pop() {
            let Some(target) = self.block(block).end.targets().nth(next) else {
                order.push(block);
                continue;
            };
            stack.push((block, next + 1));
            if !seen[target.block.index()] {
                seen[target.block.index()] = true;
                stack.push((target.block, 0));
            }
        }
        order.reverse();
        order
    }

    /// For each block the number of edges that lead to it from blocks that can be reached.
    pub fn edge_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.blocks.len()];
        for block in self.reverse_postorder() {
            for target in self.block(block).end.targets() {
                counts[target.block.index()] += 1;
            }
        }
        counts
    }
}

impl Block {
    /// The jump that ends it, if it ends in one.
    pub const fn as_jump(&self) -> Option<&Target> {
        match &self.end {
            Terminator::Jump(target) => Some(target),
            Terminator::Branch(..)
            | Terminator::Return(_)
            | Terminator::Unwind(_)
            | Terminator::Unreachable => None,
        }
    }
}
