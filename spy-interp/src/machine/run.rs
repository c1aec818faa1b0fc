//! Running a program from its `main`.

use spy_lang::program::{Engine, Failure, FuncId, Program, Value};
use spy_runtime::abi::stress::stress_interval;

use super::{Interp, Stop};

/// How a program ended.
#[derive(Debug)]
pub enum Outcome {
    /// `main` returned: the exit status, of which operating systems keep the low 8 bits.
    Exit(i32),
    /// An exception left `main`.
    Failed(Failure),
    /// Nobody reads the output any more; the program ends without a message.
    OutputClosed,
}

/// Runs `main`, a red function that takes nothing and returns `None` or an `i32`.
///
/// All output has been passed on when this returns, so that a message can follow it.
pub fn run_main(program: &mut Program, interp: &mut Interp, main: FuncId) -> Outcome {
    if let Some(interval) = stress_interval() {
        program.heap.set_stress(interval);
    }
    let was_running = program.heap.set_running(true);
    let result = interp.call(program, main, &[]);
    program.heap.set_running(was_running);
    let flushed = interp
        .host
        .flush_stdout()
        .map_err(|error| interp.host_failure(&error));
    if interp.stopped() == Some(Stop::OutputClosed) {
        return Outcome::OutputClosed;
    }
    match result.and_then(|value| flushed.map(|()| value)) {
        Ok(Value::Int(_, status)) => Outcome::Exit(status as i32),
        Ok(_) => Outcome::Exit(0),
        Err(failure) => Outcome::Failed(failure),
    }
}
