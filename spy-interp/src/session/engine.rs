//! The engines that a session runs red code on.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::Prim;
use spy_lang::program::{Engine, Failure, FuncId, GlobalId, Program, Value};

use crate::Interp;

/// Machine code of the program in hand.
///
/// It is made after each load from the IR of all red functions, and kept up to date by making it
/// again; the module variables that are already there keep their content then.
pub trait NativeCode {
    /// Compiles and loads the functions and variables that the program has now.
    fn build(&mut self, program: &mut Program) -> Result<(), Failure>;

    /// Calls a red function with arguments of exactly its parameter types.
    fn call(
        &mut self,
        program: &mut Program,
        callee: FuncId,
        args: &[Value],
    ) -> Result<Value, Failure>;

    /// The current content of a module variable.
    fn load_global(&mut self, program: &mut Program, global: GlobalId) -> Result<Value, Failure>;

    /// Replaces the content of a module variable by a value of its type.
    fn store_global(
        &mut self,
        program: &mut Program,
        global: GlobalId,
        value: &Value,
    ) -> Result<(), Failure>;

    /// What native code has written to standard output since the last call.
    fn take_output(&mut self) -> String;
}

/// What runs the program of a session.
pub enum EngineChoice {
    /// The interpreter, on functions as written: each is redshifted when it is first called.
    Interp,
    /// The interpreter, after everything has been redshifted.
    Redshift,
    /// Machine code, after everything has been redshifted.
    Native(Box<dyn NativeCode>),
}

impl EngineChoice {
    /// Whether functions are redshifted while loading.
    pub(super) fn redshifts(&self) -> bool {
        match self {
            Self::Interp => false,
            Self::Redshift | Self::Native(_) => true,
        }
    }

    /// The engine that calls from outside go to.
    pub(super) fn calls<'a>(&'a mut self, interp: &'a mut Interp) -> CallEngine<'a> {
        let native = match self {
            Self::Interp | Self::Redshift => None,
            Self::Native(code) => Some(&mut **code),
        };
        CallEngine { interp, native }
    }
}

/// The machine code if there is any, with the interpreter for what only it can do.
pub(super) struct CallEngine<'a> {
    interp: &'a mut Interp,
    native: Option<&'a mut (dyn NativeCode + 'static)>,
}

impl Engine for CallEngine<'_> {
    fn call(
        &mut self,
        program: &mut Program,
        callee: FuncId,
        args: &[Value],
    ) -> Result<Value, Failure> {
        match &mut self.native {
            Some(native) if program.is_red_source(callee) => native.call(program, callee, args),
            Some(_) | None => {
                let was_running = program.heap.set_running(true);
                let result = self.interp.call(program, callee, args);
                program.heap.set_running(was_running);
                // The result may be kept, and shown under a number, as long as the session lasts.
                result.inspect(|value| program.heap.pin(value))
            }
        }
    }

    fn apply(
        &mut self,
        program: &mut Program,
        prim: Prim,
        args: &[Value],
    ) -> Result<Value, Failure> {
        self.interp.apply(program, prim, args)
    }
}

/// The error of a blue call where there is only machine code.
pub(super) fn blue_call() -> Failure {
    let message = "cannot call a @blue function: native code has none";
    Box::new(Diagnostic::new(ErrorKind::TypeError, message))
}
