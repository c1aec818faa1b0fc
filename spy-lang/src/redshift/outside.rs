//! Calls from outside the program: a session or a debugger has values and wants a result.
//!
//! Arguments are bound and converted as in a call that is written in blue code, so the errors are
//! the same; only there is no place to point at.

use rustc_hash::FxHashMap;

use super::BlueFrame;
use super::arguments::Arguments;
use super::evaluator::{Evaluator, Mode};
use super::function::add_frame;
use super::operand::Operand;
use crate::program::{Engine, Failure, ModuleId, Program, Value};
use crate::scope::ScopeTree;
use crate::source::Span;
use crate::types::{Fqn, FuncColor, TypeId};

/// What calling a function, a type or an object with `__call__` on known values returns.
///
/// Arguments become values of the parameter types as in any call. Red functions run in the engine,
/// results of blue ones are memoised; a generic function takes what is written in its brackets.
pub fn call(
    program: &mut Program,
    engine: &mut dyn Engine,
    callee: &Value,
    args: Vec<Value>,
) -> Result<Value, Failure> {
    with_evaluator(program, engine, |evaluator| {
        call_known(evaluator, callee, args)
    })
}

fn call_known(
    evaluator: &mut Evaluator<'_>,
    callee: &Value,
    args: Vec<Value>,
) -> Result<Value, Failure> {
    let known = |value| evaluator.known(value, Span::BUILTINS);
    let operands: Vec<Operand> = args.into_iter().map(known).collect();
    let args = Arguments {
        keywords: vec![None; operands.len()],
        operands,
    };
    let result = if let Value::Func(func) = callee
        && is_plain(evaluator.program, callee)
    {
        let operation = evaluator.bind(*func, &args, None)?;
        evaluator.apply(operation, args.operands, Span::BUILTINS)?
    } else {
        let callee = evaluator.known(callee.clone(), Span::BUILTINS);
        evaluator.call(callee, args, Span::BUILTINS)?
    };
    Ok(result.value.unwrap_or(Value::None))
}

/// A known value as one of type `expected`, converted as in an assignment.
pub fn convert(
    program: &mut Program,
    engine: &mut dyn Engine,
    value: Value,
    expected: TypeId,
) -> Result<Value, Failure> {
    with_evaluator(program, engine, |evaluator| {
        let operand = evaluator.known(value, Span::BUILTINS);
        let operand = evaluator.convert(operand, expected)?;
        Ok(operand.value.unwrap_or(Value::None))
    })
}

/// Whether arguments are bound to parameters as they are, rather than described to the callee.
fn is_plain(program: &Program, callee: &Value) -> bool {
    let ty = program.types.as_func(program.type_of(callee));
    ty.is_some_and(|ty| ty.color != FuncColor::Metafunc)
}

/// Uses an evaluator in a frame of its own that no name is visible in.
pub(super) fn with_evaluator<T>(
    program: &mut Program,
    engine: &mut dyn Engine,
    work: impl FnOnce(&mut Evaluator<'_>) -> T,
) -> T {
    let module = ModuleId(0);
    let frame = BlueFrame {
        module,
        scope: ScopeTree::MODULE,
        parent: None,
        namespace: Fqn::module("__outside__"),
        is_mirror: false,
        locals: FxHashMap::default(),
    };
    let frame = add_frame(program, frame);
    let mut evaluator = Evaluator {
        program,
        engine,
        module,
        scopes: std::rc::Rc::default(),
        scope: ScopeTree::MODULE,
        parent: None,
        mode: Mode::Blue(frame),
        class: None,
        forward: FxHashMap::default(),
        failed_at: None,
        handled: Vec::new(),
    };
    let result = work(&mut evaluator);
    // Nothing refers to the frame; those that were added later may still be in use.
    if program.frames.len() == frame.0 as usize + 1 {
        program.frames.pop();
    }
    result
}
