//! `spy check`: all errors of a program, which is not run.
//!
//! Modules are imported, so compile-time code does run: what it prints is dropped, and how long it
//! may take is bounded.

use spy_interp::{Budget, CaptureHost};
use spy_lang::diagnostics::Diagnostic;
use spy_lang::program::find_main;
use spy_lang::redshift::Limits;

use super::arguments::{CheckArguments, ErrorFormat};
use super::failure::CommandError;
use super::report::{Reporter, Stream};
use super::session::{Input, Session};

/// Steps of red code that take as long as one of blue code.
const RED_STEPS: u64 = 10;

/// Reports the errors of a program; status 1 if there are any.
pub(super) fn check(arguments: &CheckArguments) -> Result<u8, CommandError> {
    let input = Input::read(&arguments.file)?;
    let format = arguments.format.error_format;
    let stream = match format {
        ErrorFormat::Text => Stream::Stderr,
        ErrorFormat::Json => Stream::Stdout,
    };
    let reporter = Reporter::new(format, stream);
    let (host, _) = CaptureHost::with_limit(0);
    let mut session = Session::new(
        Box::new(host),
        reporter,
        &arguments.compile,
        Limits::tight(),
    );
    let budget = Budget {
        steps: Some(session.program.limits.steps.saturating_mul(RED_STEPS)),
        cancel: None,
    };
    session.interp.set_budget(budget);
    let errors = errors_of(&mut session, &input);
    if errors.is_empty() {
        Ok(0)
    } else {
        session.refuse(&errors)
    }
}

/// Errors of loading, of all functions and of the signature of `main`.
fn errors_of(session: &mut Session, input: &Input) -> Vec<Diagnostic> {
    let mut loaded = session.load_partially(input);
    let mut errors = std::mem::take(&mut loaded.errors);
    let Some(module) = loaded.module else {
        return errors;
    };
    let ids = spy_lang::redshift::redshift_all(&mut session.program, &mut session.interp, false);
    for id in ids {
        let error = &session.program.errors[id.0 as usize];
        // Instances of a generic function repeat what is wrong with all of them.
        if loaded.is_reliable(error) && !errors.iter().any(|known| is_same(known, error)) {
            errors.push(error.clone());
        }
    }
    errors.extend(
        find_main(&session.program, module)
            .err()
            .map(|failure| *failure),
    );
    errors
}

fn is_same(left: &Diagnostic, right: &Diagnostic) -> bool {
    (left.kind, &left.message, &left.annotations)
        == (right.kind, &right.message, &right.annotations)
        && left.primary_span() == right.primary_span()
}
