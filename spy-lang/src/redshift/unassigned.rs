//! Variables of red functions that may be read before they are assigned.
//!
//! Redshift meets the statements of a function in the order of the text. Three things show too late
//! for that: the type of a variable that a loop reads above the statement that declares it; that a
//! constant, which leaves no trace in the IR, is read after a branch that may not have declared it;
//! and that a parameter is deleted. The function is then redshifted again with this knowledge: the
//! variable is a local from its first mention on, the constant gets a flag, a local that is
//! assigned where the constant is declared, and the parameter is copied to a local, which can lose
//! its value. Reading any of them unassigned is an error when the line runs.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluator::{Emitter, Evaluator, RedLocal};
use crate::ir::{self, LocalId, StmtKind as Ir};
use crate::program::{FrameId, Value};
use crate::source::Span;
use crate::syntax::ast::DefId;
use crate::types::TypeId;

/// How often a function is redshifted. Each time something was learned about a variable.
pub(super) const MAX_ATTEMPTS: usize = 8;

/// What earlier attempts at a function found out, and what this one does.
#[derive(Default)]
pub(super) struct Foresight {
    /// Types of variables that are read above their declaration.
    types: FxHashMap<Rc<str>, TypeId>,
    /// Constants that are read where they may be undeclared.
    flagged: FxHashSet<Rc<str>>,
    /// Their flags.
    flags: FxHashMap<Rc<str>, LocalId>,
    /// The constants declared so far, innermost branch last.
    constants: Vec<Rc<str>>,
    /// Parameters that are deleted.
    deleted: FxHashSet<Rc<str>>,
    /// Variables that were read before they were declared.
    early: Vec<Rc<str>>,
    /// Constants that were read although they may be undeclared, without a flag.
    unsure: Vec<Rc<str>>,
    /// Parameters that were deleted although they are not copied.
    lost: Vec<Rc<str>>,
    /// The frame that mirrors the variables for functions defined here.
    pub(super) frame: Option<FrameId>,
    /// Classes bound to types before they are executed.
    pub(super) forward: FxHashMap<DefId, TypeId>,
    /// What the functions and classes defined here are: they are made once.
    pub(super) definitions: FxHashMap<DefId, Value>,
}

/// The constants that the statements of a branch declare.
pub(super) type BranchConstants = Vec<(Rc<str>, RedLocal)>;

impl Emitter {
    /// What the next attempt has to know, if there must be one.
    pub(super) fn foresight_of_next(&self) -> Option<Foresight> {
        let mut types = self.foresight.types.clone();
        for name in &self.foresight.early {
            if let Some(RedLocal::Red(local)) = self.names.get(name) {
                types.insert(name.clone(), self.locals[local.0 as usize].ty);
            }
        }
        let mut flagged = self.foresight.flagged.clone();
        flagged.extend(self.foresight.unsure.iter().cloned());
        let mut deleted = self.foresight.deleted.clone();
        deleted.extend(self.foresight.lost.iter().cloned());
        let learned = types.len() > self.foresight.types.len()
            || flagged.len() > self.foresight.flagged.len()
            || deleted.len() > self.foresight.deleted.len();
        learned.then(|| Foresight {
            types,
            flagged,
            deleted,
            frame: self.foresight.frame,
            forward: self.foresight.forward.clone(),
            definitions: self.foresight.definitions.clone(),
            ..Foresight::default()
        })
    }

    /// Remembers a constant that leaves no trace in the IR.
    pub(super) fn declare_constant(&mut self, name: &Rc<str>, constant: RedLocal) {
        self.foresight.constants.push(name.clone());
        self.names.insert(name.clone(), constant);
    }
}

impl Evaluator<'_> {
    /// A variable that is read before it is declared, as a local of the type it will have.
    pub(super) fn early_local(&mut self, name: &Rc<str>, declared: Span) -> Option<LocalId> {
        let Some(ty) = self.emitter().foresight.types.get(name).copied() else {
            self.emitter().foresight.early.push(name.clone());
            return None;
        };
        let local = self.new_local(name, ty, declared);
        self.bind_red(name, RedLocal::Red(local));
        Some(local)
    }

    /// The local made for a variable that was read above its declaration.
    pub(super) fn early_local_of_type(&mut self, name: &str, ty: TypeId) -> Option<LocalId> {
        let emitter = self.emitter();
        match emitter.names.get(name) {
            Some(RedLocal::Red(local)) if emitter.foresight.types.get(name) == Some(&ty) => {
                Some(*local)
            }
            _ => None,
        }
    }

    /// Copies a parameter to a local if it is deleted later.
    pub(super) fn copy_deleted_parameter(&mut self, name: &Rc<str>, param: LocalId, span: Span) {
        if !self.emitter().foresight.deleted.contains(name) {
            return;
        }
        let ty = self.emitter().locals[param.0 as usize].ty;
        let local = self.new_local(name, ty, span);
        let kind = ir::ExprKind::Local(param);
        self.emit(Ir::Assign(local, ir::Expr { kind, ty, span }), span);
        self.bind_red(name, RedLocal::Red(local));
    }

    /// Takes the value of a local.
    pub(super) fn lose(&mut self, name: &Rc<str>, local: LocalId, is_param: bool, span: Span) {
        let foresight = &mut self.emitter().foresight;
        if is_param && !foresight.deleted.contains(name) {
            foresight.lost.push(name.clone());
        }
        self.emit(Ir::Declare(local), span);
    }

    /// Sets the flag of a constant that is being declared, if it has one.
    pub(super) fn set_flag(&mut self, name: &Rc<str>, span: Span) {
        if !self.emitter().foresight.flagged.contains(name) {
            return;
        }
        let flag = match self.emitter().foresight.flags.get(name) {
            Some(flag) => *flag,
            None => self.new_local(name, TypeId::BOOL, span),
        };
        self.emitter().foresight.flags.insert(name.clone(), flag);
        let value = ir::Expr {
            kind: ir::ExprKind::Const(Value::Bool(true)),
            ty: TypeId::BOOL,
            span,
        };
        self.emit(Ir::Assign(flag, value), span);
    }

    /// Makes reading a constant that may be undeclared an error if it is.
    pub(super) fn check_flag(&mut self, name: &Rc<str>, span: Span) {
        let foresight = &mut self.emitter().foresight;
        let Some(flag) = foresight.flags.get(name) else {
            foresight.unsure.push(name.clone());
            return;
        };
        let read = ir::Expr {
            kind: ir::ExprKind::Local(*flag),
            ty: TypeId::BOOL,
            span,
        };
        self.emit(Ir::Expr(read), span);
    }

    /// Runs `body`, and takes away the constants that it declares.
    pub(super) fn branch<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> (T, BranchConstants) {
        let outer = self.emitter().foresight.constants.len();
        let result = body(self);
        let emitter = self.emitter();
        let mut constants = BranchConstants::new();
        for name in emitter.foresight.constants.split_off(outer) {
            if let Some(constant) = emitter.names.remove(&name) {
                constants.push((name, constant));
            }
        }
        (result, constants)
    }

    /// Declares constants of a branch for what follows it.
    pub(super) fn declare_surely(&mut self, constants: BranchConstants) {
        for (name, constant) in constants {
            self.emitter().declare_constant(&name, constant);
        }
    }

    /// The same, if the branch may not have been taken.
    pub(super) fn declare_unsurely(&mut self, constants: BranchConstants) {
        for (name, constant) in constants {
            let unsure = match constant {
                RedLocal::Unsure(_) => constant,
                sure => RedLocal::Unsure(Box::new(sure)),
            };
            self.emitter().declare_constant(&name, unsure);
        }
    }

    /// Declares the constants of the branches of an `if`, as far as what follows can read them.
    pub(super) fn join_branches(
        &mut self,
        test: &ir::Expr,
        (body, in_body): (&[ir::Stmt], BranchConstants),
        (orelse, in_orelse): (&[ir::Stmt], BranchConstants),
    ) {
        let known = match &test.kind {
            ir::ExprKind::Const(Value::Bool(known)) => Some(*known),
            _ => None,
        };
        let branches = [
            (
                in_body,
                known == Some(false) || leaves(body),
                known == Some(true) || leaves(orelse),
            ),
            (
                in_orelse,
                known == Some(true) || leaves(orelse),
                known == Some(false) || leaves(body),
            ),
        ];
        for (constants, never_joins, is_only_one) in branches {
            if never_joins {
                continue;
            }
            if is_only_one {
                self.declare_surely(constants);
            } else {
                self.declare_unsurely(constants);
            }
        }
    }
}

/// Whether control never reaches the end of some statements, nor any place after them in the
/// function.
pub(super) fn leaves(stmts: &[ir::Stmt]) -> bool {
    stmts.last().is_some_and(|last| match &last.kind {
        Ir::Return(_) | Ir::Raise(..) => true,
        Ir::If(_, body, orelse) => leaves(body) && leaves(orelse),
        Ir::Try(guarded) => {
            let body = leaves(&guarded.body) || leaves(&guarded.orelse);
            let mut handlers = guarded.handlers.iter();
            (body && handlers.all(|handler| leaves(&handler.body))) || leaves(&guarded.finalbody)
        }
        _ => false,
    })
}
