//! The command line: one file per sub-command.
//!
//! `arguments` says what can be asked for, `dispatch` does it and turns every outcome into an exit
//! status, `session` loads programs, `report` shows diagnostics. Programs write to standard
//! output, everything said about them goes to standard error.

mod arguments;
mod build;
mod check;
mod colorize;
mod dispatch;
mod failure;
mod page;
mod parse;
mod redshift;
mod repl;
mod report;
mod run;
mod session;
mod symtable;

pub(crate) use dispatch::main;
