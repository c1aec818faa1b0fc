//! From the words of the command line to an exit status.

use std::env;
use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use super::arguments::{Arguments, Command, with_default_command};
use super::failure::CommandError;
use super::report::{write_message, write_output};
use super::{build, check, colorize, parse, redshift, repl, run, symtable};

/// The exit status of a wrong command line.
const USAGE: u8 = 2;
/// The exit status after a bug in `spy` itself.
const BUG: u8 = 101;

/// Does what the command line asks for.
pub(crate) fn main() -> ExitCode {
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    if words.is_empty() {
        return ExitCode::from(show(&Arguments::command().render_help().to_string()));
    }
    panic::set_hook(Box::new(|info| {
        write_message(&format!(
            "InternalError: {info}\nThis is a bug in spy, please report it.\n"
        ));
    }));
    let status = match parse_words(words) {
        Ok(command) => {
            panic::catch_unwind(move || spy_interp::on_big_stack(move || perform(&command)))
        }
        Err(status) => Ok(status),
    };
    ExitCode::from(status.unwrap_or(BUG))
}

fn perform(command: &Command) -> u8 {
    let result = match command {
        Command::Run(arguments) => run::run(arguments),
        Command::Redshift(arguments) => redshift::redshift(arguments),
        Command::Build(arguments) => build::build(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Colorize(arguments) => colorize::colorize(arguments),
        Command::Parse(arguments) => parse::parse(arguments),
        Command::Symtable(arguments) => symtable::symtable(arguments),
        Command::Repl(arguments) => repl::repl(arguments),
        Command::Lsp => spy_lsp::serve_stdio()
            .map(|()| 0)
            .map_err(CommandError::from),
    };
    result.unwrap_or_else(|error| tell(&error))
}

/// Tells why a command failed; its exit status.
fn tell(error: &CommandError) -> u8 {
    if let Some(message) = error.message() {
        write_message(&format!("{message}\n"));
    }
    error.status()
}

/// Writes to standard output; the exit status.
fn show(text: &str) -> u8 {
    write_output(text).map_or_else(|error| tell(&error), |()| 0)
}

/// The command that the words ask for; or, when they only ask for help or are wrong, the exit
/// status after saying so.
fn parse_words(words: Vec<OsString>) -> Result<Command, u8> {
    let definition = Arguments::command();
    let commands: Vec<&str> = definition
        .get_subcommands()
        .flat_map(|command| std::iter::once(command.get_name()).chain(command.get_all_aliases()))
        .collect();
    let words = with_default_command(words, &commands);
    let words = std::iter::once("spy".into()).chain(words);
    Arguments::try_parse_from(words)
        .map(|arguments| arguments.command)
        .map_err(|error| usage(&error))
}

/// Shows what clap has to say; the exit status.
fn usage(error: &clap::Error) -> u8 {
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand)
    {
        let usage = Arguments::command().render_usage();
        let hint = "Files to run have names that end in .spy";
        write_message(&format!("{usage}\n\nNo such command '{name}'.\n{hint}\n"));
        return USAGE;
    }
    if error.use_stderr() {
        write_message(&error.render().to_string());
        return USAGE;
    }
    show(&error.render().to_string())
}
