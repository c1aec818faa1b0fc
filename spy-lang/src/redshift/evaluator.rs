//! The state of an evaluation: the program, the scope and the frame.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::exception::Handled;
use super::limits::BYTES_PER_STEP;
use super::operand::Operand;
use super::turns::Loop;
use super::unassigned::Foresight;
use super::{BlueFrame, Color, ExprFact, Facts};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir;
use crate::program::{Engine, Failure, FrameId, FuncId, ModuleId, Program, Value};
use crate::scope::{ScopeId, ScopeTree, Symbol};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Fqn, TypeId};

/// Evaluates the statements of one scope.
pub(super) struct Evaluator<'a> {
    pub(super) program: &'a mut Program,
    pub(super) engine: &'a mut dyn Engine,
    /// The module whose text is evaluated, and its scopes.
    pub(super) module: ModuleId,
    pub(super) scopes: Rc<ScopeTree>,
    pub(super) scope: ScopeId,
    /// The frame of the enclosing scope.
    pub(super) parent: Option<FrameId>,
    /// Where values go.
    pub(super) mode: Mode,
    /// The class whose body this is.
    pub(super) class: Option<TypeId>,
    /// Classes of this body that are bound to types before they are executed.
    pub(super) forward: FxHashMap<ast::DefId, TypeId>,
    /// Where the failure that is under way was raised in this scope.
    pub(super) failed_at: Option<Span>,
    /// The exceptions that blue handlers around the statement at hand have taken.
    pub(super) handled: Vec<Handled>,
}

/// The two ways of evaluating.
pub(super) enum Mode {
    /// Everything is executed, in this frame.
    Blue(FrameId),
    /// What is not known becomes IR.
    Red(Box<Emitter>),
}

/// The IR of a red function under construction.
pub(super) struct Emitter {
    /// The function.
    pub(super) func: FuncId,
    /// Its locals so far.
    pub(super) locals: Vec<ir::Local>,
    /// Its variables by name.
    pub(super) names: FxHashMap<Rc<str>, RedLocal>,
    /// The statements of the block under construction.
    pub(super) out: Vec<ir::Stmt>,
    /// Errors compiled into statements.
    pub(super) errors: Vec<ir::ErrorId>,
    /// The parameters for variables of enclosing red functions.
    pub(super) captured: FxHashMap<(FrameId, Rc<str>), ir::LocalId>,
    /// Number of the next inlined call.
    pub(super) inlined: u32,
    /// Number of the next temporary.
    pub(super) temporaries: u32,
    /// What may be unassigned where it is read.
    pub(super) foresight: Foresight,
    /// The loops around the statement at hand, the innermost last.
    pub(super) loops: Vec<Loop>,
    /// The locals of variables that earlier turns of the unrolled loops around have declared.
    pub(super) reusable: FxHashMap<Rc<str>, ir::LocalId>,
    /// Number of handlers around the statement at hand.
    pub(super) handlers: u32,
    /// The classes that handlers take of exceptions of the statement at hand.
    pub(super) taken: Vec<TypeId>,
}

impl Emitter {
    /// The emitter of a function without locals and statements.
    pub(super) fn new(func: FuncId) -> Box<Self> {
        Box::new(Self {
            func,
            locals: Vec::new(),
            names: FxHashMap::default(),
            out: Vec::new(),
            errors: Vec::new(),
            captured: FxHashMap::default(),
            inlined: 0,
            temporaries: 0,
            foresight: Foresight::default(),
            loops: Vec::new(),
            reusable: FxHashMap::default(),
            handlers: 0,
            taken: Vec::new(),
        })
    }
}

/// A variable of a red function.
#[derive(Clone)]
pub(super) enum RedLocal {
    /// A constant that left no trace in the IR.
    Blue(TypeId, Value),
    /// The same, of a constant that counts as red.
    Known(TypeId, Value),
    /// One of these two, declared in a branch that may not have been taken.
    Unsure(Box<RedLocal>),
    /// A local of the IR.
    Red(ir::LocalId),
    /// Its declaration failed with this error.
    Failed(ir::ErrorId),
}

impl Evaluator<'_> {
    /// The symbol that a name means here.
    pub(super) fn symbol(&self, name: &str) -> Option<Symbol> {
        self.scopes.symbol(self.scope, name).cloned()
    }

    /// Whether statements are executed rather than emitted.
    pub(super) fn is_blue(&self) -> bool {
        matches!(self.mode, Mode::Blue(_))
    }

    /// The IR under construction; only in red functions.
    pub(super) fn emitter(&mut self) -> &mut Emitter {
        match &mut self.mode {
            Mode::Red(emitter) => emitter,
            Mode::Blue(_) => unreachable!("only red functions emit"),
        }
    }

    /// The frame that executes; only in blue code.
    pub(super) fn frame(&mut self) -> &mut BlueFrame {
        match &self.mode {
            Mode::Blue(id) => &mut self.program.frames[id.0 as usize],
            Mode::Red(_) => unreachable!("red functions have no frame at compile time"),
        }
    }

    /// Where definitions made here are named.
    pub(super) fn namespace(&mut self) -> Fqn {
        match &self.mode {
            Mode::Blue(id) => self.program.frames[id.0 as usize].namespace.clone(),
            Mode::Red(emitter) => self.program.func(emitter.func).fqn.clone(),
        }
    }

    /// Appends a statement to the IR.
    pub(super) fn emit(&mut self, kind: ir::StmtKind, span: Span) {
        self.emitter().out.push(ir::Stmt { kind, span });
    }

    /// Adds a local to the IR.
    pub(super) fn new_local(&mut self, name: &str, ty: TypeId, span: Span) -> ir::LocalId {
        let locals = &mut self.emitter().locals;
        let id = ir::LocalId(u32::try_from(locals.len()).expect("fewer than 2^32 locals"));
        locals.push(ir::Local {
            name: name.into(),
            ty,
            span,
            maybe_unassigned: false,
        });
        id
    }

    /// A local for an intermediate value.
    pub(super) fn new_temporary(&mut self, ty: TypeId, span: Span) -> ir::LocalId {
        let emitter = self.emitter();
        let name = format!("$t{}", emitter.temporaries);
        emitter.temporaries += 1;
        self.new_local(&name, ty, span)
    }

    /// Notes what is known of an expression, for tools.
    pub(super) fn record(&mut self, operand: &Operand, expr: &ast::Expr) {
        let facts = &self.program.facts;
        if !facts.enabled || facts.exprs.len() >= Facts::MOST {
            return;
        }
        let is_redshift = !self.is_blue();
        let is_name = matches!(expr.kind, ast::ExprKind::Name(_));
        let definition = operand
            .symbol
            .as_ref()
            .filter(|_| is_name)
            .map(|(_, span)| *span);
        self.program.facts.exprs.push(ExprFact {
            span: expr.span,
            ty: operand.ty,
            color: operand.color,
            value: operand
                .value
                .clone()
                .filter(|value| operand.color == Color::Blue && Facts::may_keep(value)),
            definition,
            is_redshift,
        });
    }

    /// Counts a step of blue code.
    pub(super) fn step(&mut self, span: Span) -> Result<(), Failure> {
        self.program.limits.used_steps += 1;
        self.check_steps(span)
    }

    /// Counts what it takes to make a text or bytes.
    pub(super) fn count_bytes(&mut self, value: &Value) {
        let length = match value {
            Value::Str(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        self.program.limits.used_steps += (length / BYTES_PER_STEP) as u64;
    }

    fn check_steps(&self, span: Span) -> Result<(), Failure> {
        if self.program.limits.is_cancelled() {
            let message = "compile-time evaluation was cancelled";
            return Err(Diagnostic::new(ErrorKind::Exception, message)
                .error("still running here", span)
                .uncatchable()
                .into());
        }
        if self.program.limits.used_steps <= self.program.limits.steps {
            return Ok(());
        }
        let message = format!(
            "compile-time evaluation took more than {} steps",
            self.program.limits.steps
        );
        Err(Diagnostic::new(ErrorKind::RecursionError, message)
            .error("still running here", span)
            .help("raise the limit with `--max-steps`")
            .uncatchable()
            .into())
    }

    /// The name of a type in messages.
    pub(super) fn type_name(&self, ty: TypeId) -> String {
        self.program.type_name(ty)
    }

    /// Makes a known value an operand of its dynamic type.
    pub(super) fn known(&self, value: Value, span: Span) -> Operand {
        Operand::blue(self.program.type_of(&value), value, span)
    }
}
