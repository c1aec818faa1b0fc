//! Joins of control flow, and conditions.

use spy_lang::ir::{BoolOp, Prim};
use spy_lang::ir::{Expr, ExprKind};
use spy_lang::program::Value;

use super::Lowered;
use super::function::Lowerer;
use crate::mir::{BlockId, Target, Terminator, Val};

/// A block to be, and the edges that lead to it so far.
pub(super) struct Join {
    block: BlockId,
    edges: Vec<Edge>,
}

struct Edge {
    /// The block it leaves.
    from: BlockId,
    /// Which of that block's targets it is.
    target: usize,
    /// The environment it brings.
    env: Vec<Val>,
    /// Further values it brings.
    extra: Vec<Val>,
}

/// Where `break` and `continue` go.
pub(super) struct Loop {
    pub(super) done: Join,
    pub(super) next: Join,
}

impl Lowerer<'_, '_> {
    /// A join without edges.
    pub(super) fn join(&mut self) -> Join {
        Join {
            block: self.function.add_block(),
            edges: Vec::new(),
        }
    }

    fn edge(&self, target: usize, extra: Vec<Val>) -> Edge {
        Edge {
            from: self.block,
            target,
            env: self.env.clone(),
            extra,
        }
    }

    /// Goes to a join with further values; what follows is dead.
    pub(super) fn jump(&mut self, join: &mut Join, extra: Vec<Val>) {
        if !self.dead {
            join.edges.push(self.edge(0, extra));
        }
        self.end_block(Terminator::Jump(Target::plain(join.block)));
    }

    /// Goes to one of two joins; what follows is dead.
    pub(super) fn branch(&mut self, condition: Val, then: &mut Join, otherwise: &mut Join) {
        match self.known_int(condition) {
            Some(0) => self.jump(otherwise, Vec::new()),
            Some(_) => self.jump(then, Vec::new()),
            None => {
                if !self.dead {
                    then.edges.push(self.edge(0, Vec::new()));
                    otherwise.edges.push(self.edge(1, Vec::new()));
                }
                let (then, otherwise) = (Target::plain(then.block), Target::plain(otherwise.block));
                self.end_block(Terminator::Branch(condition, then, otherwise));
            }
        }
    }

    /// Goes on at a join, which gets no further edges, and returns the further values they bring.
    pub(super) fn enter(&mut self, join: Join) -> Vec<Val> {
        self.block = join.block;
        self.dead = join.edges.is_empty();
        let Some(first) = join.edges.first() else {
            return Vec::new();
        };
        let mut env = first.env.clone();
        let mut extra = first.extra.clone();
        for (slot, value) in env.iter_mut().enumerate() {
            *value = self.merge(&join, *value, |edge| edge.env[slot]);
        }
        for (index, value) in extra.iter_mut().enumerate() {
            *value = self.merge(&join, *value, |edge| edge.extra[index]);
        }
        self.env = env;
        extra
    }

    /// One value for what each edge brings, the first of them `first`.
    fn merge(&mut self, join: &Join, first: Val, of: impl Fn(&Edge) -> Val) -> Val {
        if join.edges.iter().all(|edge| of(edge) == first) {
            return first;
        }
        let param = self.function.add_param(join.block, self.function.ty(first));
        self.pass(join, of);
        param
    }

    fn pass(&mut self, join: &Join, of: impl Fn(&Edge) -> Val) {
        for edge in &join.edges {
            let end = &mut self.function.block_mut(edge.from).end;
            if let Some(target) = end.targets_mut().nth(edge.target) {
                target.args.push(of(edge));
            }
        }
    }

    /// A loop header: goes on in a block that has a parameter for each of `slots`, and returns the
    /// join for the back edges, to be given to [`Self::close_loop`].
    pub(super) fn open_loop(&mut self, slots: &[usize]) -> Join {
        let mut header = self.join();
        self.jump(&mut header, Vec::new());
        self.block = header.block;
        self.dead = header.edges.is_empty();
        self.pass_slots(&header, slots);
        for slot in slots {
            let ty = self.function.ty(self.env[*slot]);
            self.env[*slot] = self.function.add_param(header.block, ty);
        }
        Join {
            block: header.block,
            edges: Vec::new(),
        }
    }

    /// Completes the back edges of a loop with the values of the same `slots`.
    pub(super) fn close_loop(&mut self, back: &Join, slots: &[usize]) {
        self.pass_slots(back, slots);
    }

    fn pass_slots(&mut self, join: &Join, slots: &[usize]) {
        for slot in slots {
            self.pass(join, |edge| edge.env[*slot]);
        }
    }

    /// Evaluates a condition and goes to one of two joins; what follows is dead.
    pub(super) fn condition(
        &mut self,
        expr: &Expr,
        then: &mut Join,
        otherwise: &mut Join,
    ) -> Lowered<()> {
        match &expr.kind {
            ExprKind::Const(Value::Bool(true)) => self.jump(then, Vec::new()),
            ExprKind::Const(Value::Bool(false)) => self.jump(otherwise, Vec::new()),
            ExprKind::And(left, right) => {
                let mut middle = self.join();
                self.condition(left, &mut middle, otherwise)?;
                self.enter(middle);
                self.condition(right, then, otherwise)?;
            }
            ExprKind::Or(left, right) => {
                let mut middle = self.join();
                self.condition(left, then, &mut middle)?;
                self.enter(middle);
                self.condition(right, then, otherwise)?;
            }
            ExprKind::Prim(Prim::Bool(BoolOp::Not), args) => {
                self.condition(&args[0], otherwise, then)?;
            }
            ExprKind::Block(stmts, value) => {
                self.stmts(stmts)?;
                self.condition(value, then, otherwise)?;
            }
            ExprKind::Const(_)
            | ExprKind::Local(_)
            | ExprKind::Global(_)
            | ExprKind::Call(..)
            | ExprKind::Prim(..)
            | ExprKind::Memory(..)
            | ExprKind::Dynamic(..)
            | ExprKind::MakeStruct(_)
            | ExprKind::MakeException(_)
            | ExprKind::GetField(..)
            | ExprKind::Upcast(_)
            | ExprKind::CheckedCast(_)
            | ExprKind::If(..)
            | ExprKind::AssignLocal(..)
            | ExprKind::AssignGlobal(..) => {
                let condition = self.scalar(expr)?;
                self.branch(condition, then, otherwise);
            }
        }
        Ok(())
    }
}
