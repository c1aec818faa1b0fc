//! Unrolled loops of red functions: their turns one after the other.
//!
//! A turn with jumps becomes the body of a loop that runs once, which `break` and `continue` both
//! leave. A `break` sets a flag before, which each turn is followed by a test of; all turns are
//! in one more such loop, which that test leaves. What follows a jump that is taken for sure is
//! not emitted, nor are the turns after it: `if i == len(t): break` guards a `t[i]` below.
//!
//! A target is blue in the turns. It is a local as well if the function mentions it elsewhere, and
//! nothing but a local if the turns assign to it.

use std::rc::Rc;

use super::evaluator::{Emitter, Evaluator, RedLocal};
use super::unroll::loop_targets;
use crate::ir::{self, LocalId, StmtKind as Ir};
use crate::program::{Failure, FuncBody, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, StmtKind};
use crate::syntax::walk::{Visit, walk_expr, walk_stmt};
use crate::types::TypeId;

/// Steps that a statement of an unrolled loop counts as.
const STEPS_PER_STATEMENT: u64 = 50;

/// A loop around the statement at hand.
#[derive(Clone, Copy)]
pub(super) enum Loop {
    /// One of the residual program.
    Residual,
    /// One that is unrolled, and the flag that `break` sets, if there is one.
    Unrolled(Option<LocalId>),
}

/// Which jumps leave a turn.
#[derive(Clone, Copy, Default)]
struct Jumps {
    breaks: bool,
    continues: bool,
}

/// How control leaves some statements for sure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Jump {
    /// On to the next turn.
    Continue,
    /// Out of the loop or the function.
    Leave,
}

/// What becomes of a loop.
struct Plan {
    targets: Vec<Target>,
    /// The values of the targets, turn by turn.
    turns: Vec<Vec<Value>>,
    jumps: Jumps,
    /// What `break` sets.
    flag: Option<LocalId>,
}

/// A variable of a loop.
struct Target {
    name: Rc<str>,
    span: Span,
    /// What it is as a local.
    local: Option<LocalId>,
    /// Whether the turns assign to it.
    varies: bool,
}

impl Evaluator<'_> {
    /// Emits the turns of a loop.
    pub(super) fn emit_unrolled(
        &mut self,
        node: &ast::For,
        items: &[Value],
        span: Span,
    ) -> Result<(), Failure> {
        let plan = self.plan(node, items, span)?;
        let ((), turns) = self.capture(|this| this.emit_turns(node, &plan, span))?;
        match plan.flag {
            None => self.emitter().out.extend(turns),
            Some(_) => self.emit_once(turns, span),
        }
        for target in &plan.targets {
            if let Some(local) = target.local {
                self.bind_red(&target.name, RedLocal::Red(local));
            }
        }
        match plan.flag {
            Some(flag) if !node.orelse.is_empty() => {
                let (orelse, constants) = self.branch(|this| this.emit_block(&node.orelse));
                self.declare_unsurely(constants);
                self.emit(Ir::If(read(flag, span), Vec::new(), orelse), span);
            }
            Some(_) | None => self.emit_stmts(&node.orelse),
        }
        Ok(())
    }

    fn plan(&mut self, node: &ast::For, items: &[Value], span: Span) -> Result<Plan, Failure> {
        let idents = loop_targets(node)?;
        let turns = items
            .iter()
            .map(|item| self.turn_values(node, &idents, item));
        let turns: Vec<Vec<Value>> = turns.collect::<Result<_, _>>()?;
        let mut targets = Vec::with_capacity(idents.len());
        for (index, ident) in idents.into_iter().enumerate() {
            let uses = self.uses(node, &ident.name);
            let types: Vec<TypeId> = turns
                .iter()
                .map(|values| self.program.type_of(&values[index]))
                .collect();
            let local = match types.as_slice() {
                [ty, rest @ ..] if uses.needs_local() && rest.iter().all(|other| other == ty) => {
                    self.target_local(&ident, *ty)
                }
                _ => None,
            };
            targets.push(Target {
                name: ident.name,
                span: ident.span,
                varies: uses.in_turns && local.is_some(),
                local,
            });
        }
        let mut jumps = Jumps::default();
        jumps.find(&node.body);
        let flag = jumps.breaks.then(|| {
            let flag = self.new_temporary(TypeId::BOOL, span);
            self.emit(Ir::Assign(flag, known(false, span)), span);
            flag
        });
        Ok(Plan {
            targets,
            turns,
            jumps,
            flag,
        })
    }

    /// The local of a target whose values have a type; `None` if there can be none.
    fn target_local(&mut self, ident: &ast::Ident, ty: TypeId) -> Option<LocalId> {
        if self.program.types.is_known_only(ty) {
            return None;
        }
        match self.emitter().names.get(&ident.name) {
            Some(RedLocal::Red(local)) => {
                let local = *local;
                (self.emitter().locals[local.0 as usize].ty == ty).then_some(local)
            }
            _ => Some(self.new_local(&ident.name, ty, ident.span)),
        }
    }

    fn emit_turns(&mut self, node: &ast::For, plan: &Plan, span: Span) -> Result<(), Failure> {
        let before: Vec<Rc<str>> = self.emitter().names.keys().cloned().collect();
        let outer = std::mem::take(&mut self.emitter().reusable);
        for values in &plan.turns {
            self.step(span)?;
            self.forget_turn(&before, &plan.targets, |_| false);
            self.emitter().loops.push(Loop::Unrolled(plan.flag));
            let turn = self.capture(|this| this.emit_turn(node, plan, values));
            self.emitter().loops.pop();
            let ((), turn) = turn?;
            let end = surely_jumps(&turn, plan.flag);
            if plan.jumps.any() {
                self.emit_once(turn, span);
            } else {
                self.emitter().out.extend(turn);
            }
            if end == Some(Jump::Leave) {
                break;
            }
            if let Some(flag) = plan.flag {
                let kind = Ir::Break;
                let leave = vec![ir::Stmt { kind, span }];
                self.emit(Ir::If(read(flag, span), leave, Vec::new()), span);
            }
        }
        // Variables of any turn are those of the function afterwards.
        if plan.flag.is_some() {
            // Which turn was the last is not known.
            self.forget_turn(&before, &plan.targets, |local| {
                matches!(local, RedLocal::Red(_))
            });
        }
        let declared = std::mem::replace(&mut self.emitter().reusable, outer);
        let names = &mut self.emitter().names;
        declared.into_iter().for_each(|(name, local)| {
            names.entry(name).or_insert(RedLocal::Red(local));
        });
        Ok(())
    }

    /// Forgets the variables that a turn has declared, but for those that `stays`. The next turn
    /// uses the same locals for those of the same types.
    fn forget_turn(
        &mut self,
        before: &[Rc<str>],
        targets: &[Target],
        stays: impl Fn(&RedLocal) -> bool,
    ) {
        let Emitter {
            names, reusable, ..
        } = self.emitter();
        names.retain(|name, local| {
            let is_target = targets.iter().any(|target| target.name == *name);
            if before.contains(name) && !is_target {
                return true;
            }
            if let RedLocal::Red(local) = local {
                reusable.insert(name.clone(), *local);
            }
            stays(local)
        });
    }

    fn emit_turn(&mut self, node: &ast::For, plan: &Plan, values: &[Value]) -> Result<(), Failure> {
        for (target, value) in plan.targets.iter().zip(values) {
            let (ty, span) = (self.program.type_of(value), target.span);
            let constant = RedLocal::Blue(ty, value.clone());
            match target.local {
                Some(local) => {
                    let kind = ir::ExprKind::Const(value.clone());
                    self.emit(Ir::Assign(local, ir::Expr { kind, ty, span }), span);
                    let red = RedLocal::Red(local);
                    self.bind_red(&target.name, if target.varies { red } else { constant });
                }
                None => self.bind_constant(&target.name, constant),
            }
        }
        for stmt in &node.body {
            self.program.limits.used_steps += STEPS_PER_STATEMENT;
            self.step(stmt.span)?;
            self.emit_stmt(stmt);
            if surely_jumps(&self.emitter().out, plan.flag).is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Emits statements as the body of a loop that runs once.
    fn emit_once(&mut self, mut stmts: Vec<ir::Stmt>, span: Span) {
        let kind = Ir::Break;
        stmts.push(ir::Stmt { kind, span });
        self.emit(Ir::While(known(true, span), stmts, Vec::new()), span);
    }

    /// `break`
    pub(super) fn emit_break(&mut self, span: Span) {
        if let Some(Loop::Unrolled(Some(flag))) = self.emitter().loops.last().copied() {
            self.emit(Ir::Assign(flag, known(true, span)), span);
        }
        self.emit(Ir::Break, span);
    }

    /// `continue`
    pub(super) fn emit_continue(&mut self, span: Span) {
        let kind = match self.emitter().loops.last() {
            Some(Loop::Unrolled(_)) => Ir::Break,
            Some(Loop::Residual) | None => Ir::Continue,
        };
        self.emit(kind, span);
    }

    /// How the function under construction uses the target of a loop.
    fn uses(&mut self, node: &ast::For, name: &Rc<str>) -> Uses {
        let count = |stmts: &[ast::Stmt]| {
            let mut mentions = Mentions::of(name);
            stmts.iter().for_each(|stmt| mentions.visit_stmt(stmt));
            mentions
        };
        let func = self.emitter().func;
        let FuncBody::Source(closure) = &self.program.func(func).body else {
            return Uses::default();
        };
        let all = count(&closure.def.body).all;
        let in_turns = count(&node.body);
        let mut own = Mentions::of(name);
        own.visit_expr(&node.target);
        own.visit_expr(&node.iter);
        Uses {
            in_turns: in_turns.assigned,
            elsewhere: all > own.all + in_turns.all,
        }
    }
}

/// How a function uses the target of a loop besides reading it in the turns.
#[derive(Clone, Copy, Default)]
struct Uses {
    /// Whether the turns assign to it.
    in_turns: bool,
    /// Whether it is mentioned outside of them.
    elsewhere: bool,
}

impl Uses {
    fn needs_local(self) -> bool {
        self.in_turns || self.elsewhere
    }
}

/// The places where statements mention a name.
struct Mentions<'a> {
    name: &'a str,
    /// How many there are.
    all: usize,
    /// Whether one of them assigns to it.
    assigned: bool,
}

impl<'a> Mentions<'a> {
    fn of(name: &'a str) -> Self {
        Self {
            name,
            all: 0,
            assigned: false,
        }
    }

    fn target(&mut self, target: &ast::Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.assigned |= **name == *self.name,
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                targets.iter().for_each(|target| self.target(target));
            }
            _ => {}
        }
    }
}

impl Visit for Mentions<'_> {
    fn visit_stmt(&mut self, stmt: &ast::Stmt) {
        match &stmt.kind {
            StmtKind::Assign(assign) => {
                assign.targets.iter().for_each(|target| self.target(target));
            }
            StmtKind::AugAssign(assign) => self.target(&assign.target),
            StmtKind::For(node) => self.target(&node.target),
            StmtKind::Delete(targets) => targets.iter().for_each(|target| self.target(target)),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &ast::Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.all += usize::from(**name == *self.name),
            ExprKind::AssignExpr(target, _) if *target.name == *self.name => {
                self.all += 1;
                self.assigned = true;
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

impl Jumps {
    fn any(self) -> bool {
        self.breaks || self.continues
    }

    /// Adds those that leave the turn of which these are statements.
    fn find(&mut self, stmts: &[ast::Stmt]) {
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::Break => self.breaks = true,
                StmtKind::Continue => self.continues = true,
                StmtKind::If(node) => {
                    self.find(&node.body);
                    self.find(&node.orelse);
                }
                StmtKind::While(node) => self.find(&node.orelse),
                StmtKind::For(node) => self.find(&node.orelse),
                StmtKind::Try(node) => {
                    self.find(&node.body);
                    let handlers = node.handlers.iter();
                    handlers.for_each(|handler| self.find(&handler.body));
                    self.find(&node.orelse);
                    self.find(&node.finalbody);
                }
                _ => {}
            }
        }
    }
}

/// How control leaves these statements of a turn, if the last one makes sure that it does.
fn surely_jumps(stmts: &[ir::Stmt], flag: Option<LocalId>) -> Option<Jump> {
    let (last, before) = stmts.split_last()?;
    match &last.kind {
        Ir::Return(_) => Some(Jump::Leave),
        Ir::Break => match before.last().map(|stmt| &stmt.kind) {
            Some(Ir::Assign(local, _)) if Some(*local) == flag => Some(Jump::Leave),
            _ => Some(Jump::Continue),
        },
        Ir::If(test, body, orelse) => match test.kind {
            ir::ExprKind::Const(Value::Bool(true)) => surely_jumps(body, flag),
            ir::ExprKind::Const(Value::Bool(false)) => surely_jumps(orelse, flag),
            _ => None,
        },
        _ => None,
    }
}

fn known(value: bool, span: Span) -> ir::Expr {
    ir::Expr {
        kind: ir::ExprKind::Const(Value::Bool(value)),
        ty: TypeId::BOOL,
        span,
    }
}

fn read(flag: LocalId, span: Span) -> ir::Expr {
    ir::Expr {
        kind: ir::ExprKind::Local(flag),
        ty: TypeId::BOOL,
        span,
    }
}
