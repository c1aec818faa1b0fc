//! What each function may do, from its body and its callees.

use super::{FuncIndex, Function, Inst, Module, Op, Terminator};

/// What is known of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FuncFacts {
    /// Whether one of the roots reaches it.
    pub is_called: bool,
    /// Whether it may raise: a flag then follows its results.
    pub raises: bool,
    /// Whether it tests at its start that stack is left, and raises `RecursionError` if not.
    pub checks_stack: bool,
}

/// Calls in a row that need no check of the stack: their frames fit the reserve below the limit.
const CHAIN_MAX: usize = 24;

/// Facts of all functions, by index.
///
/// Every cycle of calls has a function that checks the stack, and so has every long chain. What
/// may raise is the least fixpoint over the calls.
pub fn facts(module: &Module) -> Vec<FuncFacts> {
    let all = |function| callees(function, |_| true);
    let callees: Vec<Vec<FuncIndex>> = module.functions.iter().map(all).collect();
    let checks = stack_checks(&callees);
    let raises_itself = |function: &Function, checks: bool| checks || raises_directly(function);
    let mut facts: Vec<FuncFacts> = module
        .functions
        .iter()
        .zip(&checks)
        .map(|(function, checks)| FuncFacts {
            is_called: false,
            raises: raises_itself(function, *checks),
            checks_stack: *checks,
        })
        .collect();
    mark_called(module.roots, &callees, &mut facts);
    let mut callers = vec![Vec::new(); callees.len()];
    for (caller, function) in module.functions.iter().enumerate() {
        for callee in self::callees(function, |inst| !inst.is_caught) {
            callers[callee.index()].push(caller);
        }
    }
    let mut work: Vec<usize> = (0..facts.len())
        .filter(|index| facts[*index].raises)
        .collect();
    while let Some(callee) = work.pop() {
        for caller in &callers[callee] {
            if !facts[*caller].raises {
                facts[*caller].raises = true;
                work.push(*caller);
            }
        }
    }
    facts
}

fn mark_called(roots: usize, callees: &[Vec<FuncIndex>], facts: &mut [FuncFacts]) {
    let mut work: Vec<usize> = (0..roots).collect();
    while let Some(function) = work.pop() {
        if !std::mem::replace(&mut facts[function].is_called, true) {
            work.extend(callees[function].iter().map(|callee| callee.index()));
        }
    }
}

/// The functions that a function calls in chosen instructions, without repetition, in order of
/// first call.
fn callees(function: &Function, counts: impl Fn(&Inst) -> bool) -> Vec<FuncIndex> {
    let mut found = Vec::new();
    let mut seen = rustc_hash::FxHashSet::default();
    for inst in function.blocks.iter().flat_map(|block| &block.insts) {
        if let Op::Call(callee, _) = &inst.op
            && counts(inst)
            && seen.insert(*callee)
        {
            found.push(*callee);
        }
    }
    found
}

/// Whether an instruction other than a call makes a function raise, or its end does.
fn raises_directly(function: &Function) -> bool {
    function.blocks.iter().any(|block| {
        matches!(block.end, Terminator::Unwind(_))
            || block.insts.iter().any(|inst| {
                !inst.is_caught && !matches!(inst.op, Op::Call(..)) && inst.op.may_raise()
            })
    })
}

/// Which functions check the stack: the targets of back edges of a depth-first walk over the calls,
/// which cut every cycle, and those that head a chain of more than [`CHAIN_MAX`] others.
fn stack_checks(callees: &[Vec<FuncIndex>]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; callees.len()];
    let mut checks = vec![false; callees.len()];
    let mut height = vec![0_usize; callees.len()];
    for root in 0..callees.len() {
        if state[root] != State::New {
            continue;
        }
        let mut stack = vec![(root, 0)];
        state[root] = State::Open;
        while let Some((function, next)) = stack.pop() {
            let Some(callee) = callees[function].get(next).map(|callee| callee.index()) else {
                state[function] = State::Done;
                let below = callees[function].iter().map(|callee| callee.index());
                let unchecked = below.filter(|callee| !checks[*callee]);
                height[function] = unchecked
                    .map(|callee| height[callee] + 1)
                    .max()
                    .unwrap_or(0);
                checks[function] |= height[function] > CHAIN_MAX;
                continue;
            };
            stack.push((function, next + 1));
            match state[callee] {
                State::New => {
                    state[callee] = State::Open;
                    stack.push((callee, 0));
                }
                State::Open => checks[callee] = true,
                State::Done => {}
            }
        }
    }
    checks
}
