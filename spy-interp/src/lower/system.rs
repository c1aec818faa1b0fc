//! Files, time and the terminal: what the host lets code do.

use spy_lang::ir::{Expr, Prim, Runtime};
use spy_lang::memory::encode;
use spy_lang::program::{Failure, Value};
use spy_lang::source::Span;
use spy_runtime::Raise;
use spy_runtime::system::{self, System};

use super::Lowering;
use crate::node::{Ex, ex};

impl Lowering<'_> {
    /// A request to the operating system.
    pub(super) fn request(
        &mut self,
        function: Runtime,
        args: &[Expr],
        span: Span,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        let (_, result) = Prim::Runtime(function).signature();
        self.with_arguments(args, |values| {
            ex(move |cx, frame| {
                let values = values(cx, frame)?;
                let answer = match cx.system(waits(function)) {
                    Ok(system) => answer(system, function, &values),
                    Err(failure) => return Err(site.enclose(cx.program, failure)),
                };
                let answer = answer.map_err(|raise| site.raise(cx.program, raise))?;
                let mut slots = Vec::with_capacity(1);
                encode(cx.program, result, &answer, &mut slots);
                Ok(slots[0])
            })
        })
    }
}

/// Whether somebody should see what has been printed before.
fn waits(function: Runtime) -> bool {
    matches!(function, Runtime::FileReadLine | Runtime::Sleep)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the caller has picked these functions out of all"
)]
fn answer(system: &mut System, function: Runtime, args: &[Value]) -> Result<Value, Raise> {
    let number = |index: usize| {
        let Value::Int(_, number) = &args[index] else {
            unreachable!("arguments have the primitive's types")
        };
        *number as i32
    };
    let text = |index: usize| {
        let Value::Str(text) = &args[index] else {
            unreachable!("arguments have the primitive's types")
        };
        text.clone()
    };
    Ok(match function {
        Runtime::FileOpen => Value::i32(system.open(&text(0), &text(1))?),
        Runtime::FileRead => Value::str(&system.read(number(0), number(1))?),
        Runtime::FileReadLine => Value::str(&system.read_line(number(0))?),
        Runtime::FileWrite => Value::i32(system.write(number(0), &text(1))?),
        Runtime::FileSeek => Value::i32(system.seek(number(0), number(1), number(2))?),
        Runtime::FileTell => Value::i32(system.tell(number(0))?),
        Runtime::FileFlush => Value::i32(system.flush(number(0))?),
        Runtime::FileDescriptor => Value::i32(system.descriptor(number(0))),
        Runtime::FileClose => Value::i32(system.close(number(0))?),
        Runtime::IsTerminal => Value::Bool(system::is_terminal(number(0))),
        Runtime::TerminalColumns => Value::i32(system::terminal_size().0),
        Runtime::TerminalLines => Value::i32(system::terminal_size().1),
        Runtime::Time => Value::F64(system::time()),
        Runtime::Sleep => {
            if let Value::F64(seconds) = args[0] {
                system::sleep(seconds);
            }
            Value::i32(0)
        }
        _ => unreachable!("other functions ask nothing of the operating system"),
    })
}
