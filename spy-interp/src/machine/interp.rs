//! The state of the machine between entries.

use std::rc::Rc;

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::{Failure, Program};
use spy_lang::stack;
use spy_runtime::abi::slots::{SlotStack, SlotWatch, each_stack_word};

use super::code::{CodeIndex, CodeTable};
use super::{Budget, Code, Cx, Stop};
use crate::failure::recursion_error;
use crate::host::{Host, HostError};

/// Slots of the first entry's stack, enough for some hundred thousand calls inside each other.
/// Only what is used gets committed; a runaway recursion uses all of it, and should end soon.
const MAIN_SLOTS: usize = 2 << 20;

/// Slots of the stack of an entry inside another.
const NESTED_SLOTS: usize = 512 << 10;

/// Most entries inside each other; each holds a stack segment.
const MAX_ENTRIES: usize = 128;

/// An interpreter: lowered functions, stack and host of one program.
pub struct Interp {
    pub(super) host: Box<dyn Host>,
    pub(super) budget: Budget,
    code: Rc<CodeTable>,
    main_stack: Option<SlotStack>,
    nested_stacks: Vec<SlotStack>,
    /// The stacks in use, one for each entry.
    entries: Vec<SlotWatch>,
    /// Where the native stack of the first entry begins.
    stack_base: usize,
    stop: Option<Stop>,
}

impl Interp {
    /// A machine without a budget. It may be used with one program only.
    pub fn new(host: Box<dyn Host>) -> Self {
        Self {
            host,
            budget: Budget::default(),
            code: Rc::new(CodeTable::new()),
            main_stack: None,
            nested_stacks: Vec::new(),
            entries: Vec::new(),
            stack_base: 0,
            stop: None,
        }
    }

    /// Bounds what is executed from now on; also forgets why the last execution was stopped.
    pub fn set_budget(&mut self, budget: Budget) {
        self.budget = budget;
        self.stop = None;
    }

    /// Steps of the budget that are left; `None` if it has no bound.
    pub fn steps_left(&self) -> Option<u64> {
        self.budget.steps
    }

    /// Why execution was stopped, if it was not the program's doing. The failure that execution
    /// then ended with is only the way out.
    pub fn stopped(&self) -> Option<Stop> {
        self.stop
    }

    /// The host, to write or flush in the order of the program's own output.
    pub fn host(&mut self) -> &mut dyn Host {
        &mut *self.host
    }

    pub(super) fn take_fuel(&mut self) -> Result<u64, Failure> {
        self.budget.take().map_err(|stop| self.stop(stop))
    }

    fn stop(&mut self, stop: Stop) -> Failure {
        self.stop = Some(stop);
        stop.failure()
    }

    pub(super) fn host_failure(&mut self, error: &HostError) -> Failure {
        match error {
            HostError::OutputClosed => self.stop(Stop::OutputClosed),
            HostError::Refused(_) | HostError::System(_) => {
                Box::new(Diagnostic::new(ErrorKind::OsError, error.to_string()))
            }
        }
    }

    /// Runs a function on arguments given as slots; the slots of its result.
    pub(super) fn enter(
        &mut self,
        program: &mut Program,
        callee: CodeIndex,
        args: &[u64],
        result_slots: usize,
    ) -> Result<Vec<u64>, Failure> {
        self.on_stack(args, result_slots, |interp, code, frame| {
            let mut cx = Cx::new(program, interp, code);
            let result = cx.call(callee, frame);
            cx.leave();
            result
        })
    }

    /// Runs code that is not in the table.
    pub(super) fn enter_code(
        &mut self,
        program: &mut Program,
        code: &Code,
        result_slots: usize,
    ) -> Result<Vec<u64>, Failure> {
        self.on_stack(&[], result_slots, |interp, table, frame| {
            let mut cx = Cx::new(program, interp, table);
            let result = (code.body)(&mut cx, frame);
            cx.leave();
            result
        })
    }

    /// Gives `run` a stack segment that starts with `args`, and collects the result from it.
    fn on_stack(
        &mut self,
        args: &[u64],
        result_slots: usize,
        run: impl FnOnce(&mut Self, &CodeTable, &mut [u64]) -> Result<u64, Failure>,
    ) -> Result<Vec<u64>, Failure> {
        if stack::is_exhausted() || self.entries.len() == MAX_ENTRIES {
            return Err(recursion_error());
        }
        let mut slots = self.take_stack().ok_or_else(recursion_error)?;
        if self.entries.is_empty() {
            self.stack_base = stack::address();
        }
        self.entries.push(slots.watch());
        slots[..args.len()].copy_from_slice(args);
        let code = self.code.clone();
        let result = run(self, &code, &mut slots).map(|value| match result_slots {
            1 => vec![value],
            count => slots[..count].to_vec(),
        });
        self.entries.pop();
        if self.entries.is_empty() {
            self.main_stack = Some(slots);
        } else {
            self.nested_stacks.push(slots);
        }
        result
    }

    fn take_stack(&mut self) -> Option<SlotStack> {
        if self.entries.is_empty() {
            let stack = self.main_stack.take();
            return stack.or_else(|| SlotStack::new(MAIN_SLOTS));
        }
        let stack = self.nested_stacks.pop();
        stack.or_else(|| SlotStack::new(NESTED_SLOTS))
    }

    /// Frees objects that running code cannot reach.
    pub(super) fn collect(&mut self, program: &mut Program) {
        let Program {
            heap, global_slots, ..
        } = program;
        heap.collect(|visit| {
            global_slots.iter().copied().for_each(&mut *visit);
            self.entries
                .iter()
                .for_each(|slots| slots.each(&mut *visit));
            each_stack_word(self.stack_base, visit);
        });
    }
}
