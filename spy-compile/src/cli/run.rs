//! `spy run`: programs in the interpreter.

use std::ffi::OsString;

use spy_interp::ProcessHost;
use spy_lang::redshift::Limits;

use super::arguments::RunArguments;
use super::failure::CommandError;
use super::report::Reporter;
use super::session::{Input, Session};

/// Runs a program; its exit status.
pub(super) fn run(arguments: &RunArguments) -> Result<u8, CommandError> {
    let input = match (&arguments.code, arguments.words.first()) {
        (Some(code), _) => Input::unnamed("<string>", code.clone()),
        (None, Some(file)) => Input::read(file)?,
        (None, None) => unreachable!("a file or code is required"),
    };
    let host = Box::new(ProcessHost::new());
    let mut session = Session::new(
        host,
        Reporter::text(),
        &arguments.compile,
        Limits::default(),
    );
    let own_name: OsString = "-c".into();
    let own_name = arguments.code.as_ref().map(|_| &own_name);
    session.set_args(own_name.into_iter().chain(&arguments.words));
    let module = session.load(&input)?;
    match session.main_of(module)? {
        Some(main) => session.run(main, arguments.timeit),
        None => Ok(0),
    }
}
