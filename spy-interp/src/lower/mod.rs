//! Lowering: from the IR of a function to its [`Code`].
//!
//! Every local and temporary gets its slots here, so that running code only uses fixed positions
//! in its frame. A value of one slot becomes an [`Operand`] (`expr`), one of any other size a
//! closure that fills given slots (`aggregate`). The body of a function becomes one closure that
//! yields the result; a `return` at its end costs nothing (`tail`), others are a flow (`stmt`).
//!
//! Lowering never fails on IR that `ir::verify` accepts, unless the native stack is used up.

mod aggregate;
mod call;
mod complex;
mod convert;
mod dict;
mod exception;
mod expr;
mod inline;
mod iterate;
mod layout;
mod library;
mod list;
mod memory;
mod operator;
mod prim;
mod stmt;
mod survey;
mod system;
mod tail;
mod text;

use spy_lang::diagnostics::Diagnostic;
use spy_lang::ir::{Expr, ExprKind, Function, Prim};
use spy_lang::program::{Engine, Failure, FuncId, Program, Value};
use spy_lang::source::Span;
use spy_lang::stack;

use crate::failure::{Site, recursion_error};
use crate::machine::Code;
use crate::node::{Ex, Operand, ex};
use layout::Layout;

/// The executable form of a function.
pub(crate) fn function(
    program: &mut Program,
    engine: &mut dyn Engine,
    function: &Function,
) -> Result<Code, Failure> {
    let layout = Layout::of(program, function);
    let mut lowering = Lowering::new(program, Some(function.id), layout);
    lowering.engine = Some(engine);
    let body = lowering.function_body(function)?.into_ex();
    Ok(lowering.finish(body))
}

/// The executable form of a primitive applied to constants.
pub(crate) fn application(
    program: &mut Program,
    prim: Prim,
    args: &[Value],
) -> Result<Code, Failure> {
    let (params, result) = prim.signature();
    let constant = |(ty, value): (_, &Value)| Expr {
        kind: ExprKind::Const(value.clone()),
        ty,
        span: Span::BUILTINS,
    };
    let args = params.into_iter().zip(args).map(constant).collect();
    let expr = Expr {
        kind: ExprKind::Prim(prim, args),
        ty: result,
        span: Span::BUILTINS,
    };
    let mut lowering = Lowering::new(program, None, Layout::default());
    let body = lowering.result(&expr)?.into_ex();
    Ok(lowering.finish(body))
}

/// The state of lowering one function.
struct Lowering<'p> {
    program: &'p mut Program,
    /// Compiles functions that are to be inlined.
    engine: Option<&'p mut dyn Engine>,
    func: Option<FuncId>,
    layout: Layout,
    /// The handlers around the current statement.
    handling: Vec<exception::Handling>,
    /// Where a result of several slots waits for `finally` clauses around a `return`.
    return_temps: Option<usize>,
    /// Where the result goes if it does not take one slot; the start of the frame for a function
    /// that is not inlined.
    result_place: Option<ResultPlace>,
    /// The functions whose inlined calls are around the current expression, outermost first.
    callers: Vec<FuncId>,
    /// Branches around the current one that end in a `return`.
    tail_depth: usize,
    /// How far the native stack reached when lowering began, and at its deepest since.
    stack_begin: usize,
    stack_end: usize,
}

/// The slots that the result of an inlined call goes to.
#[derive(Clone, Copy, Debug)]
enum ResultPlace {
    /// Those from this one on, which the call does not read.
    Fresh(usize),
    /// Those from this one on, which may be a variable that the call reads.
    Variable(usize),
}

/// Nesting that calls need not look at: far less native stack than is always kept free.
const SHALLOW_BYTES: usize = 64 << 10;

impl<'p> Lowering<'p> {
    fn new(program: &'p mut Program, func: Option<FuncId>, layout: Layout) -> Self {
        let address = stack::address();
        Self {
            program,
            engine: None,
            func,
            layout,
            handling: Vec::new(),
            return_temps: None,
            result_place: None,
            callers: Vec::new(),
            tail_depth: 0,
            stack_begin: address,
            stack_end: address,
        }
    }

    /// The code with this body.
    ///
    /// Nested expressions recurse as deep when they run as they did here, on smaller frames. Where
    /// that is deep, the function makes sure that there is room before it starts.
    fn finish(&self, body: Ex) -> Code {
        let body = self.layout.clear_flags_before(body);
        let frame_size = self.layout.frame_size();
        let depth_bytes = self.stack_begin.saturating_sub(self.stack_end);
        if depth_bytes < SHALLOW_BYTES {
            return Code { body, frame_size };
        }
        let body = ex(move |cx, frame| {
            if !stack::has_room(depth_bytes) {
                return Err(recursion_error());
            }
            body(cx, frame)
        });
        Code { body, frame_size }
    }
}

impl Lowering<'_> {
    fn site(&self, span: Span) -> Site {
        Site {
            func: self.func,
            span,
        }
    }

    /// Number of slots of an expression's value.
    fn slots(&self, expr: &Expr) -> usize {
        self.program.types.slots(expr.ty)
    }

    /// The value of an expression, left where a caller expects a result.
    fn result(&mut self, expr: &Expr) -> Result<Operand, Failure> {
        match self.slots(expr) {
            0 => Ok(Operand::Tree(self.effect(expr)?)),
            1 => self.value(expr),
            count => match self.result_place {
                Some(ResultPlace::Fresh(first)) => Ok(Operand::Tree(self.fill(expr, first)?)),
                Some(ResultPlace::Variable(first)) => {
                    Ok(Operand::Tree(self.fill_variable(expr, first, count)?))
                }
                None => self.with_temps(count, |lowering, temp| {
                    let fill = lowering.fill(expr, temp)?;
                    lowering.layout.reserve(0, count);
                    Ok(Operand::Tree(ex(move |cx, frame| {
                        fill(cx, frame)?;
                        frame.copy_within(temp..temp + count, 0);
                        Ok(0)
                    })))
                }),
            },
        }
    }

    /// Lowers something that needs `count` temporaries, which are free again afterwards.
    fn with_temps<T>(
        &mut self,
        count: usize,
        lower: impl FnOnce(&mut Self, usize) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let first = self.layout.push_temps(count);
        let result = lower(self, first);
        self.layout.pop_temps(first);
        result
    }

    /// Fails when the nesting of the program has used up the native stack.
    fn check_depth(&mut self) -> Result<(), Failure> {
        self.stack_end = self.stack_end.min(stack::address());
        if stack::is_exhausted() {
            Err(recursion_error())
        } else {
            Ok(())
        }
    }

    /// A node that fails with what `diagnostic` makes.
    fn failing(&self, span: Span, diagnostic: impl Fn(&Program) -> Diagnostic + 'static) -> Ex {
        let site = self.site(span);
        Box::new(move |cx, _| {
            let diagnostic = diagnostic(cx.program);
            Err(site.fail(cx.program, diagnostic))
        })
    }
}
