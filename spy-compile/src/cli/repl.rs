//! `spy repl --json`: a session for editors, notebooks and test tools.

use std::io;

use spy_compile::NativeSession;
use spy_interp::session::{EngineChoice, SessionOptions, serve};
use spy_lang::program::ErrorMode;

use super::arguments::{ReplArguments, ReplEngine, ReplErrors};
use super::failure::CommandError;

/// Answers one JSON object a line until the input ends.
pub(super) fn repl(arguments: &ReplArguments) -> Result<u8, CommandError> {
    let engine = match arguments.engine {
        ReplEngine::Interp => EngineChoice::Interp,
        ReplEngine::Redshift => EngineChoice::Redshift,
        ReplEngine::Native => EngineChoice::Native(Box::new(NativeSession::default())),
    };
    let errors = match arguments.errors {
        ReplErrors::Eager => ErrorMode::Eager,
        ReplErrors::Lazy => ErrorMode::Lazy,
    };
    let path = arguments.path.clone();
    let options = SessionOptions {
        engine,
        errors,
        path,
    };
    serve(io::stdin().lock(), io::stdout().lock(), options)?;
    Ok(0)
}
