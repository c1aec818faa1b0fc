//! `spy redshift`: what is left of a program for run time.

use spy_interp::ProcessHost;
use spy_lang::ir::print::{self, Names};
use spy_lang::redshift::Limits;

use super::arguments::{RedshiftArguments, ResidualFormat};
use super::failure::CommandError;
use super::page;
use super::report::{Reporter, Stream, write_output};
use super::session::{Input, Session};

/// Redshifts a program and prints its main module, or runs it; the exit status.
pub(super) fn redshift(arguments: &RedshiftArguments) -> Result<u8, CommandError> {
    let input = Input::read(&arguments.words[0])?;
    let reporter = Reporter::new(arguments.format.error_format, Stream::Stderr);
    let host = Box::new(ProcessHost::new());
    let mut session = Session::new(host, reporter, &arguments.compile, Limits::default());
    session.set_args(&arguments.words);
    let module = session.load(&input)?;
    session.redshift()?;
    if arguments.linearize {
        session.program.linearize();
    }
    if arguments.execute {
        return match session.main_of(module)? {
            Some(main) => session.run(main, arguments.timeit),
            None => Ok(0),
        };
    }
    session.flush()?;
    let names = if arguments.full_fqn {
        Names::Full
    } else {
        Names::Short
    };
    let program = &session.program;
    match arguments.form {
        ResidualFormat::Spy => write_output(&print::module(program, module, names))?,
        ResidualFormat::Html => {
            let page = page::residual(program, module, names);
            let path = page::write(&input, "rs", &page)?;
            write_output(&format!("Written {}\n", path.display()))?;
        }
    }
    Ok(0)
}
