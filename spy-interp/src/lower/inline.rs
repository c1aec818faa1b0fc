//! Calls of small functions, lowered as part of their caller.
//!
//! The callee's locals become temporaries of the caller's frame; a parameter that is only read
//! stands for the slot or constant it is called with. Places of failures stay those of the two
//! functions, so that nothing but time tells an inlined call from another one.

use std::rc::Rc;

use spy_lang::ir::{Expr, ExprKind, Function, LocalId};
use spy_lang::program::{Failure, FuncBody, FuncId};
use spy_lang::syntax::ast;
use spy_lang::syntax::walk::{Visit, walk_expr};
use spy_lang::{redshift, stdlib};

use super::expr::Place;
use super::layout::LocalSlots;
use super::survey::{Survey, assigns_locals};
use super::{Lowering, ResultPlace};
use crate::node::{Operand, Step, body, ex};

/// Most nodes of a function that is inlined.
const MAX_NODES: usize = 60;

/// Most inlined calls inside each other.
const MAX_DEPTH: usize = 4;

/// Longest text of a function that is compiled to find out whether it is small.
const MAX_TEXT: u32 = 600;

impl Lowering<'_> {
    /// A call of a small function, lowered here. A result that does not take one slot goes to
    /// `dest`. `None` if the function is to be called.
    pub(super) fn inlined(
        &mut self,
        callee: FuncId,
        args: &[Expr],
        call: &Expr,
        dest: ResultPlace,
    ) -> Result<Option<Operand>, Failure> {
        let Some((function, survey)) = self.small_function(callee) else {
            return Ok(None);
        };
        let counts: Vec<usize> = function
            .locals
            .iter()
            .map(|local| self.program.types.slots(local.ty))
            .collect();
        self.with_temps(counts.iter().sum(), |lowering, base| {
            let mut locals = Vec::with_capacity(counts.len());
            let mut steps = Vec::new();
            let mut next = base;
            for (index, &count) in counts.iter().enumerate() {
                if let Some(arg) = args.get(index) {
                    if let Some(known) = lowering.known_argument(&survey, index, args) {
                        locals.push(known);
                        continue;
                    }
                    steps.push(Step::plain(lowering.fill(arg, next)?));
                }
                locals.push(LocalSlots::at(next, count));
                next += count;
            }
            let value = lowering.inlined_body(&function, locals, dest)?;
            let value = if survey.can_fail {
                let (site, value) = (lowering.site(call.span), value.into_ex());
                Operand::Tree(ex(move |cx, frame| {
                    value(cx, frame).map_err(|failure| site.enclose(cx.program, failure))
                }))
            } else {
                value
            };
            Ok(Some(body(steps, value)))
        })
    }

    fn inlined_body(
        &mut self,
        function: &Function,
        locals: Vec<LocalSlots>,
        dest: ResultPlace,
    ) -> Result<Operand, Failure> {
        let outer_locals = self.layout.replace_locals(locals);
        let outer_func = self.func.replace(function.id);
        let outer_dest = self.result_place.replace(dest);
        let depth = self.callers.len();
        self.callers.extend(outer_func);
        let outer_handling = std::mem::take(&mut self.handling);
        let outer_return_temps = self.return_temps.take();
        let outer_tail_depth = std::mem::take(&mut self.tail_depth);
        let value = self.function_body(function);
        self.tail_depth = outer_tail_depth;
        self.return_temps = outer_return_temps;
        self.handling = outer_handling;
        self.callers.truncate(depth);
        self.result_place = outer_dest;
        self.func = outer_func;
        self.layout.replace_locals(outer_locals);
        value
    }

    /// What a parameter stands for, if its argument need not be stored.
    fn known_argument(
        &mut self,
        survey: &Survey,
        index: usize,
        args: &[Expr],
    ) -> Option<LocalSlots> {
        if survey.assigned.contains(&LocalId(index as u32)) {
            return None;
        }
        let arg = &args[index];
        let count = self.slots(arg);
        if let ExprKind::Const(value) = &arg.kind
            && count == 1
        {
            let constant = Some(self.constant(arg.ty, value)[0]);
            return Some(LocalSlots {
                constant,
                ..LocalSlots::at(0, 1)
            });
        }
        // An argument further right may assign the variable.
        if args[index + 1..].iter().any(assigns_locals) {
            return None;
        }
        match self.place(arg)? {
            Place::Frame(slot) => Some(LocalSlots::at(slot, count)),
            Place::Global(_) => None,
        }
    }

    /// The IR of a function that is small enough.
    fn small_function(&mut self, callee: FuncId) -> Option<(Rc<Function>, Survey)> {
        let is_recursive = self.func == Some(callee) || self.callers.contains(&callee);
        if is_recursive
            || self.callers.len() == MAX_DEPTH
            || self.program.redshifting.contains(&callee)
        {
            return None;
        }
        let function = match self.program.ir.get(&callee) {
            Some(function) => function.clone(),
            None => self.compiled_early(callee)?,
        };
        let is_whole = function.errors.is_empty()
            && !function.locals.iter().any(|local| local.maybe_unassigned);
        let survey = Survey::of(&function);
        let is_small = is_whole && survey.is_straight && survey.nodes <= MAX_NODES;
        is_small.then_some((function, survey))
    }

    /// The IR of a short function before its first call, if nobody can tell the difference: what
    /// its compilation executes must not be seen.
    fn compiled_early(&mut self, callee: FuncId) -> Option<Rc<Function>> {
        let info = self.program.func(callee);
        let FuncBody::Source(closure) = &info.body else {
            return None;
        };
        let span = closure.def.span;
        let is_silent =
            stdlib::source(info.fqn.module_name()).is_some() || !calls_anything(&closure.def);
        if span.end - span.start > MAX_TEXT || !is_silent {
            return None;
        }
        let engine = self.engine.as_deref_mut()?;
        Some(redshift::function(self.program, engine, callee))
    }
}

/// Whether the text of a function contains a call.
fn calls_anything(def: &ast::FuncDef) -> bool {
    struct Calls(bool);

    impl Visit for Calls {
        fn visit_expr(&mut self, expr: &ast::Expr) {
            self.0 |= matches!(expr.kind, ast::ExprKind::Call(..));
            walk_expr(self, expr);
        }
    }

    let mut calls = Calls(false);
    def.body.iter().for_each(|stmt| calls.visit_stmt(stmt));
    calls.0
}
