//! Linear form: the order of evaluation made explicit, for back ends that have none.
//!
//! Blocks of expressions become statements before the one they stand in. A side effect goes to a
//! temporary `$v0`, `$v1`, …, and so do the variables that were read before it; constants and pure
//! operations stay where they are, and so does the outermost expression of a statement. `and`,
//! `or` and conditional expressions whose later operands have effects become `if`, a loop whose
//! condition has them `while True`. References are never put aside.
//!
//! Expressions are walked from the last operand to the first: what is to the left of a side effect
//! is what comes after it.

use std::rc::Rc;

use super::{Expr, ExprKind, Function, Local, LocalId, RaiseSource, Stmt, StmtKind, Try};
use crate::program::{Program, Value};
use crate::source::Span;
use crate::types::TypeId;

impl Program {
    /// Brings all red functions into linear form.
    pub fn linearize(&mut self) {
        let mut funcs: Vec<_> = self.ir.keys().copied().collect();
        funcs.sort_unstable();
        for func in funcs {
            let linear = linearized(self, &self.ir[&func]);
            if cfg!(debug_assertions) {
                super::verify::verify(self, &linear);
            }
            self.ir.insert(func, Rc::new(linear));
        }
    }
}

fn linearized(program: &Program, function: &Function) -> Function {
    let mut linearizer = Linearizer {
        program,
        locals: function.locals.clone(),
        hoisted: Vec::new(),
        followed: false,
    };
    let body = linearizer.block(&function.body);
    let mut function = Function {
        locals: linearizer.locals,
        body,
        ..function.clone()
    };
    let mut number = 0;
    name_temporaries(&function.body, &mut function.locals, &mut number);
    function
}

/// What the temporaries are called until they are numbered.
const UNNAMED: &str = "$v";

/// Numbers the temporaries in the order of the text.
fn name_temporaries(stmts: &[Stmt], locals: &mut [Local], number: &mut u32) {
    for stmt in stmts {
        match &stmt.kind {
            StmtKind::Assign(local, _) => {
                let local = &mut locals[local.0 as usize];
                if &*local.name == UNNAMED {
                    local.name = format!("{UNNAMED}{number}").into();
                    *number += 1;
                }
            }
            StmtKind::If(_, then, orelse) | StmtKind::While(_, then, orelse) => {
                name_temporaries(then, locals, number);
                name_temporaries(orelse, locals, number);
            }
            StmtKind::Try(guarded) => {
                name_temporaries(&guarded.body, locals, number);
                for handler in &guarded.handlers {
                    name_temporaries(&handler.body, locals, number);
                }
                name_temporaries(&guarded.orelse, locals, number);
                name_temporaries(&guarded.finalbody, locals, number);
            }
            StmtKind::Declare(_)
            | StmtKind::Unpack(..)
            | StmtKind::StoreGlobal(..)
            | StmtKind::Expr(_)
            | StmtKind::Return(_)
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Pass
            | StmtKind::Raise(..)
            | StmtKind::Assert(..) => {}
        }
    }
}

struct Linearizer<'a> {
    program: &'a Program,
    locals: Vec<Local>,
    /// Statements for in front of the one at hand, in groups, the last group first.
    hoisted: Vec<Vec<Stmt>>,
    /// Whether a side effect of the statement at hand follows what is being walked.
    followed: bool,
}

impl Linearizer<'_> {
    fn block(&mut self, stmts: &[Stmt]) -> Vec<Stmt> {
        let mut linear = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            self.stmt(stmt, &mut linear);
        }
        linear
    }

    fn stmt(&mut self, stmt: &Stmt, out: &mut Vec<Stmt>) {
        let span = stmt.span;
        let kind = match &stmt.kind {
            StmtKind::Declare(_) | StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {
                stmt.kind.clone()
            }
            StmtKind::Assign(local, value) => StmtKind::Assign(*local, self.whole(value, out)),
            StmtKind::Unpack(locals, value) => {
                StmtKind::Unpack(locals.clone(), self.whole(value, out))
            }
            StmtKind::StoreGlobal(global, value) => {
                StmtKind::StoreGlobal(*global, self.whole(value, out))
            }
            StmtKind::Expr(value) => StmtKind::Expr(self.whole(value, out)),
            StmtKind::Return(value) => StmtKind::Return(self.whole(value, out)),
            StmtKind::If(test, then, orelse) => {
                let test = self.whole(test, out);
                StmtKind::If(test, self.block(then), self.block(orelse))
            }
            StmtKind::While(test, body, orelse) => self.while_stmt(test, body, orelse, span),
            StmtKind::Raise(source, cause) => self.raise(source, cause.as_ref(), out),
            StmtKind::Try(guarded) => StmtKind::Try(Box::new(self.try_stmt(guarded))),
            StmtKind::Assert(test, message) => self.assert(test, message.as_ref(), span, out),
        };
        out.push(Stmt { kind, span });
    }

    /// An outermost expression; what it needs beforehand goes to `out`.
    fn whole(&mut self, expr: &Expr, out: &mut Vec<Stmt>) -> Expr {
        let (linear, stmts) = self.apart(|this| this.expr(expr, Position::Outermost));
        out.extend(stmts);
        linear
    }

    /// Walks expressions of a statement of its own; the result and what comes before it.
    fn apart<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> (T, Vec<Stmt>) {
        let hoisted = std::mem::take(&mut self.hoisted);
        let followed = std::mem::replace(&mut self.followed, false);
        let result = walk(self);
        self.followed = followed;
        let groups = std::mem::replace(&mut self.hoisted, hoisted);
        (result, groups.into_iter().rev().flatten().collect())
    }

    fn while_stmt(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt], span: Span) -> StmtKind {
        let (test, mut stmts) = self.apart(|this| this.expr(test, Position::Outermost));
        let (body, mut orelse) = (self.block(body), self.block(orelse));
        if stmts.is_empty() {
            return StmtKind::While(test, body, orelse);
        }
        let kind = StmtKind::Break;
        orelse.push(Stmt { kind, span });
        let kind = StmtKind::If(test, Vec::new(), orelse);
        stmts.push(Stmt { kind, span });
        stmts.extend(body);
        StmtKind::While(known(true, span), stmts, Vec::new())
    }

    fn raise(
        &mut self,
        source: &RaiseSource,
        cause: Option<&Expr>,
        out: &mut Vec<Stmt>,
    ) -> StmtKind {
        let (raise, stmts) = self.apart(|this| {
            let cause = cause.map(|cause| this.expr(cause, Position::Operand));
            let source = match source {
                RaiseSource::New(class, message) => {
                    let message = message.as_ref();
                    let message = message.map(|text| this.expr(text, Position::Operand));
                    RaiseSource::New(*class, message)
                }
                RaiseSource::Value(value) => {
                    RaiseSource::Value(this.expr(value, Position::Operand))
                }
                RaiseSource::Again | RaiseSource::Compiler(_) => source.clone(),
            };
            StmtKind::Raise(source, cause)
        });
        out.extend(stmts);
        raise
    }

    fn try_stmt(&mut self, guarded: &Try) -> Try {
        let handlers = guarded.handlers.iter().map(|handler| super::Handler {
            body: self.block(&handler.body),
            ..handler.clone()
        });
        let handlers = handlers.collect();
        Try {
            handlers,
            body: self.block(&guarded.body),
            orelse: self.block(&guarded.orelse),
            finalbody: self.block(&guarded.finalbody),
        }
    }

    /// An assertion, whose message is evaluated only if it fails.
    fn assert(
        &mut self,
        test: &Expr,
        message: Option<&Expr>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> StmtKind {
        let test = self.whole(test, out);
        let Some(message) = message else {
            return StmtKind::Assert(test, None);
        };
        let (message, mut stmts) = self.apart(|this| this.expr(message, Position::Outermost));
        if stmts.is_empty() {
            return StmtKind::Assert(test, Some(message));
        }
        let kind = StmtKind::Assert(known(false, span), Some(message));
        stmts.push(Stmt { kind, span });
        StmtKind::If(test, Vec::new(), stmts)
    }

    fn expr(&mut self, expr: &Expr, position: Position) -> Expr {
        let kind = match &expr.kind {
            ExprKind::Const(_) => return expr.clone(),
            ExprKind::Local(_) | ExprKind::Global(_) => {
                return if self.followed && !self.is_reference(expr) {
                    let group = self.reserve();
                    self.spill(expr.clone(), group)
                } else {
                    expr.clone()
                };
            }
            ExprKind::And(left, right) if !has_effects(right) => {
                let right = self.expr(right, Position::Operand).into();
                ExprKind::And(self.expr(left, Position::Operand).into(), right)
            }
            ExprKind::Or(left, right) if !has_effects(right) => {
                let right = self.expr(right, Position::Operand).into();
                ExprKind::Or(self.expr(left, Position::Operand).into(), right)
            }
            ExprKind::If(test, then, orelse) if !has_effects(then) && !has_effects(orelse) => {
                let orelse = self.expr(orelse, Position::Operand).into();
                let then = self.expr(then, Position::Operand).into();
                ExprKind::If(self.expr(test, Position::Operand).into(), then, orelse)
            }
            ExprKind::And(left, right) => {
                return self.choice(expr, left, Some(right), None);
            }
            ExprKind::Or(left, right) => {
                return self.choice(expr, left, None, Some(right));
            }
            ExprKind::If(test, then, orelse) => {
                return self.choice(expr, test, Some(then), Some(orelse));
            }
            ExprKind::Upcast(value) => ExprKind::Upcast(self.expr(value, position).into()),
            ExprKind::Block(stmts, value) => return self.block_expr(stmts, value, position),
            ExprKind::Call(..)
            | ExprKind::Prim(..)
            | ExprKind::MakeException(_)
            | ExprKind::MakeStruct(_)
            | ExprKind::GetField(..)
            | ExprKind::Memory(..)
            | ExprKind::CheckedCast(_)
            | ExprKind::Dynamic(..)
            | ExprKind::AssignLocal(..)
            | ExprKind::AssignGlobal(..) => {
                let is_effect = is_effect(expr);
                return match position {
                    Position::Operand if is_effect && !self.is_reference(expr) => {
                        let group = self.reserve();
                        // Its operands are used up before anything else happens.
                        self.followed = false;
                        let value = self.with_operands(expr);
                        let result = self.spill(value, group);
                        self.followed = true;
                        result
                    }
                    Position::Operand | Position::Outermost => {
                        let result = self.with_operands(expr);
                        self.followed |= is_effect;
                        result
                    }
                };
            }
        };
        Expr {
            kind,
            ..expr.clone()
        }
    }

    /// `left and right`, `left or right` or `then if left else orelse`, whose other operands have
    /// effects; an operand that is not there is the value of `left`.
    fn choice(
        &mut self,
        expr: &Expr,
        left: &Expr,
        then: Option<&Expr>,
        orelse: Option<&Expr>,
    ) -> Expr {
        let span = expr.span;
        let group = self.reserve();
        let result = self.temporary(expr.ty, span);
        self.followed = false;
        let left = self.expr(left, Position::Operand);
        let mut branch = |operand: Option<&Expr>| {
            let (value, mut stmts) = match operand {
                Some(operand) => self.apart(|this| this.expr(operand, Position::Outermost)),
                None => (left.clone(), Vec::new()),
            };
            let kind = StmtKind::Assign(result, value);
            stmts.push(Stmt { kind, span });
            stmts
        };
        let (then, orelse) = (branch(then), branch(orelse));
        let kind = StmtKind::If(left, then, orelse);
        self.hoisted[group].push(Stmt { kind, span });
        self.followed = true;
        let kind = ExprKind::Local(result);
        Expr {
            kind,
            ty: expr.ty,
            span,
        }
    }

    fn block_expr(&mut self, stmts: &[Stmt], value: &Expr, position: Position) -> Expr {
        let group = self.reserve();
        let result = match position {
            Position::Outermost => self.expr(value, position),
            Position::Operand => {
                self.followed = false;
                let value = self.expr(value, Position::Outermost);
                if matches!(value.kind, ExprKind::Const(_)) || self.is_reference(&value) {
                    value
                } else {
                    self.spill(value, group)
                }
            }
        };
        let (stmts, _) = self.apart(|this| this.block(stmts));
        self.hoisted.push(stmts);
        self.followed = true;
        result
    }

    /// The same operation on operands in linear form.
    fn with_operands(&mut self, expr: &Expr) -> Expr {
        let mut list = |args: &[Expr]| {
            let mut linear: Vec<Expr> = args
                .iter()
                .rev()
                .map(|arg| self.expr(arg, Position::Operand))
                .collect();
            linear.reverse();
            linear
        };
        let kind = match &expr.kind {
            ExprKind::Call(func, args) => ExprKind::Call(*func, list(args)),
            ExprKind::Prim(prim, args) => ExprKind::Prim(*prim, list(args)),
            ExprKind::MakeStruct(args) => ExprKind::MakeStruct(list(args)),
            ExprKind::Memory(op, args) => ExprKind::Memory(*op, list(args)),
            ExprKind::Dynamic(op, args) => ExprKind::Dynamic(op.clone(), list(args)),
            ExprKind::MakeException(value) => {
                ExprKind::MakeException(self.expr(value, Position::Operand).into())
            }
            ExprKind::GetField(value, index) => {
                ExprKind::GetField(self.expr(value, Position::Operand).into(), *index)
            }
            ExprKind::CheckedCast(value) => {
                ExprKind::CheckedCast(self.expr(value, Position::Operand).into())
            }
            ExprKind::AssignLocal(local, value) => {
                ExprKind::AssignLocal(*local, self.expr(value, Position::Operand).into())
            }
            ExprKind::AssignGlobal(global, value) => {
                ExprKind::AssignGlobal(*global, self.expr(value, Position::Operand).into())
            }
            ExprKind::Const(_)
            | ExprKind::Local(_)
            | ExprKind::Global(_)
            | ExprKind::Upcast(_)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::If(..)
            | ExprKind::Block(..) => unreachable!("these are not operations"),
        };
        Expr {
            kind,
            ..expr.clone()
        }
    }

    /// A place for statements in front of what has been hoisted so far.
    fn reserve(&mut self) -> usize {
        self.hoisted.push(Vec::new());
        self.hoisted.len() - 1
    }

    /// Puts a value into a temporary.
    fn spill(&mut self, value: Expr, group: usize) -> Expr {
        let (ty, span) = (value.ty, value.span);
        let local = self.temporary(ty, span);
        let kind = StmtKind::Assign(local, value);
        self.hoisted[group].push(Stmt { kind, span });
        let kind = ExprKind::Local(local);
        Expr { kind, ty, span }
    }

    fn temporary(&mut self, ty: TypeId, span: Span) -> LocalId {
        let id = LocalId(u32::try_from(self.locals.len()).expect("fewer than 2^32 locals"));
        self.locals.push(Local {
            name: UNNAMED.into(),
            ty,
            span,
            maybe_unassigned: false,
        });
        id
    }

    fn is_reference(&self, expr: &Expr) -> bool {
        let pointer = self.program.types.as_ptr(expr.ty);
        pointer.is_some_and(|pointer| pointer.is_ref)
    }
}

/// Where an expression stands in its statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// It is all there is: it happens last.
    Outermost,
    /// In another expression.
    Operand,
}

/// Whether an operation has side effects itself, or may notice those of others.
fn is_effect(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_)
        | ExprKind::Local(_)
        | ExprKind::Global(_)
        | ExprKind::MakeException(_)
        | ExprKind::CheckedCast(_)
        | ExprKind::Upcast(_)
        | ExprKind::And(..)
        | ExprKind::Or(..)
        | ExprKind::If(..) => false,
        ExprKind::Prim(prim, _) => !prim.is_pure(),
        ExprKind::Call(..)
        | ExprKind::MakeStruct(_)
        | ExprKind::GetField(..)
        | ExprKind::Memory(..)
        | ExprKind::Dynamic(..)
        | ExprKind::AssignLocal(..)
        | ExprKind::AssignGlobal(..)
        | ExprKind::Block(..) => true,
    }
}

/// Whether an expression has side effects somewhere in it.
fn has_effects(expr: &Expr) -> bool {
    is_effect(expr)
        || match &expr.kind {
            ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Global(_) => false,
            ExprKind::Call(_, args)
            | ExprKind::Prim(_, args)
            | ExprKind::MakeStruct(args)
            | ExprKind::Memory(_, args)
            | ExprKind::Dynamic(_, args) => args.iter().any(has_effects),
            ExprKind::MakeException(value)
            | ExprKind::GetField(value, _)
            | ExprKind::CheckedCast(value)
            | ExprKind::Upcast(value)
            | ExprKind::AssignLocal(_, value)
            | ExprKind::AssignGlobal(_, value)
            | ExprKind::Block(_, value) => has_effects(value),
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                has_effects(left) || has_effects(right)
            }
            ExprKind::If(test, then, orelse) => {
                has_effects(test) || has_effects(then) || has_effects(orelse)
            }
        }
}

fn known(value: bool, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Const(Value::Bool(value)),
        ty: TypeId::BOOL,
        span,
    }
}
