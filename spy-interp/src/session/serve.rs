//! The loop: one line in, one line out.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value as Json, json};
use spy_lang::diagnostics::json::to_json;
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::Failure;

use super::request::{Operation, Request};
use super::state::{Session, SessionOptions};

/// Answers requests until the input ends or one asks to quit.
///
/// Programs recurse as deep as they like until the stack limit of the thread, so this belongs
/// inside [`on_big_stack`](crate::on_big_stack). Errors only if input or output fail.
pub fn serve(
    mut input: impl BufRead,
    mut output: impl Write,
    options: SessionOptions,
) -> io::Result<()> {
    let mut session = Session::new(options);
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let request = Request::parse(&line);
        let ends = matches!(request.operation, Ok(Operation::Quit));
        let response = answer(&mut session, request);
        serde_json::to_writer(&mut output, &response)?;
        output.write_all(b"\n")?;
        output.flush()?;
        if ends {
            return Ok(());
        }
    }
}

/// The response to a request.
fn answer(session: &mut Session, request: Request) -> Json {
    let result = request
        .operation
        .and_then(|operation| without_panic(session, &operation));
    let mut response = match result {
        Ok(fields) => fields,
        Err(failure) => json!({"error": to_json(&failure, &session.program.sources)}),
    };
    let ok = response.get("error").is_none();
    if let Some(fields) = response.as_object_mut() {
        fields.insert("ok".to_owned(), json!(ok));
        fields.insert("stdout".to_owned(), json!(session.take_output()));
        if let Some(id) = request.id {
            fields.insert("id".to_owned(), id);
        }
    }
    response
}

/// Performs an operation; a panic in it becomes an error of the implementation.
fn without_panic(session: &mut Session, operation: &Operation) -> Result<Json, Failure> {
    // What a panic leaves half done is put right by `recover`.
    let result = catch_unwind(AssertUnwindSafe(|| session.perform(operation)));
    result.unwrap_or_else(|panic| {
        session.recover();
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("panic");
        let message = format!("the implementation failed: {text}");
        Err(Diagnostic::new(ErrorKind::InternalError, message).into())
    })
}
