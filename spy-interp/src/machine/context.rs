//! What code sees while it runs.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::DynamicOp;
use spy_lang::memory::ObjectId;
use spy_lang::program::{Failure, Program, Value};
use spy_lang::redshift::{self, Dispatched};
use spy_lang::source::Span;
use spy_lang::stack;
use spy_runtime::system::System;

use super::Interp;
use super::code::{Code, CodeIndex, CodeTable};
use crate::failure::recursion_error;
use crate::host::HostError;
use crate::lower;

/// One entry into the machine. Short-lived; passed down to every node.
pub(crate) struct Cx<'m> {
    /// The program that runs.
    pub(crate) program: &'m mut Program,
    /// The value of a `return` on its way out of loops.
    pub(crate) returned: u64,
    interp: &'m mut Interp,
    code: &'m CodeTable,
    /// Calls and loop turns until the budget must be asked again.
    fuel: u64,
    stack_limit: usize,
}

/// What must be left of the native stack to redshift and lower a function.
const LOWERING_BYTES: usize = 128 << 10;

impl<'m> Cx<'m> {
    pub(super) fn new(
        program: &'m mut Program,
        interp: &'m mut Interp,
        code: &'m CodeTable,
    ) -> Self {
        Self {
            program,
            returned: 0,
            interp,
            code,
            fuel: 0,
            stack_limit: stack::limit(),
        }
    }

    /// Ends the entry: gives back what is left of the budget.
    pub(super) fn leave(self) {
        self.interp.budget.give_back(self.fuel);
    }

    /// Counts a call or a loop turn.
    #[inline]
    pub(crate) fn tick(&mut self) -> Result<(), Failure> {
        if self.fuel == 0 {
            self.refuel()?;
        }
        self.fuel -= 1;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn refuel(&mut self) -> Result<(), Failure> {
        if self.program.heap.is_due() {
            self.interp.collect(self.program);
        }
        if self.program.heap.is_full() {
            return Err(Box::new(self.program.heap.out_of_memory().into()));
        }
        self.fuel = self.interp.take_fuel()?;
        Ok(())
    }

    /// To be called after an object has been made: makes the next call or loop turn collect if it
    /// is time, and fail if there is no room left.
    #[inline]
    pub(crate) fn note_allocation(&mut self) {
        if self.program.heap.is_due() || self.program.heap.is_full() {
            self.give_back_fuel();
        }
    }

    /// Calls a function whose arguments are the first slots of `frame`, which reaches to the end
    /// of the stack.
    #[inline]
    pub(crate) fn call(&mut self, callee: CodeIndex, frame: &mut [u64]) -> Result<u64, Failure> {
        // All that is unusual is left to another function, so that this one has little to save.
        match self.code.get(callee) {
            Some(code) if self.fuel != 0 && self.has_room(code, frame) => {
                self.fuel -= 1;
                (code.body)(self, frame)
            }
            _ => self.call_slowly(callee, frame),
        }
    }

    #[inline]
    fn has_room(&self, code: &Code, frame: &[u64]) -> bool {
        frame.len() >= code.frame_size && stack::address() >= self.stack_limit
    }

    #[cold]
    #[inline(never)]
    fn call_slowly(&mut self, callee: CodeIndex, frame: &mut [u64]) -> Result<u64, Failure> {
        if let Some(code) = self.code.get(callee) {
            return self.run(code, frame);
        }
        let code = self.lower(callee)?;
        // The IR of a function that is just being redshifted is only a stopgap.
        if !self.program.ir.contains_key(&callee.func()) {
            return self.run(&code, frame);
        }
        let code = self.code.add(callee, code).ok_or_else(too_many_functions)?;
        self.run(code, frame)
    }

    fn run(&mut self, code: &Code, frame: &mut [u64]) -> Result<u64, Failure> {
        if !self.has_room(code, frame) {
            return Err(recursion_error());
        }
        self.tick()?;
        (code.body)(self, frame)
    }

    /// The code of a function at its first call.
    fn lower(&mut self, callee: CodeIndex) -> Result<Code, Failure> {
        if !stack::has_room(LOWERING_BYTES) {
            return Err(recursion_error());
        }
        // Redshift may run code on this machine.
        self.give_back_fuel();
        let was_running = self.program.heap.set_running(false);
        let function = redshift::function(self.program, self.interp, callee.func());
        let code = lower::function(self.program, self.interp, &function);
        self.program.heap.set_running(was_running);
        code
    }

    /// Carries out an operation that is dispatched at run time.
    pub(crate) fn dynamic(
        &mut self,
        op: &DynamicOp,
        operands: Vec<(Value, Span)>,
        span: Span,
    ) -> Result<Dispatched, Failure> {
        if !stack::has_room(LOWERING_BYTES) {
            return Err(recursion_error());
        }
        self.give_back_fuel();
        let was_running = self.program.heap.set_running(false);
        let dispatched = redshift::dynamic(self.program, self.interp, op, operands, span);
        self.program.heap.set_running(was_running);
        dispatched
    }

    /// Gives back what is left of the budget, to an entry inside this one.
    fn give_back_fuel(&mut self) {
        self.interp.budget.give_back(self.fuel);
        self.fuel = 0;
    }

    /// Writes a text to standard output.
    pub(crate) fn write_stdout(&mut self, text: ObjectId) -> Result<(), Failure> {
        match self.interp.host.write_stdout(self.program.heap.str(text)) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.host_failure(&error)),
        }
    }

    /// What the host lets the code ask of the operating system; if this waits, output so far is
    /// passed on before.
    pub(crate) fn system(&mut self, waits: bool) -> Result<&mut System, Failure> {
        let flushed = if waits {
            self.interp.host.flush_stdout()
        } else {
            Ok(())
        };
        if let Err(error) = flushed {
            return Err(self.host_failure(&error));
        }
        if let Some(refusal) = self.interp.host.system().err() {
            return Err(self.host_failure(&refusal));
        }
        Ok(self
            .interp
            .host
            .system()
            .expect("the host has just allowed it"))
    }

    #[cold]
    fn host_failure(&mut self, error: &HostError) -> Failure {
        self.interp.host_failure(error)
    }
}

#[cold]
fn too_many_functions() -> Failure {
    Box::new(Diagnostic::new(
        ErrorKind::MemoryError,
        "too many functions",
    ))
}
