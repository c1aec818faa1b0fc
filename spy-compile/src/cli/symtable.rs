//! `spy symtable`: which symbol every name of a file means.

use spy_lang::scope;
use spy_lang::source::SourceMap;
use spy_lang::syntax;

use super::arguments::FileArguments;
use super::failure::CommandError;
use super::report::{Reporter, write_output};
use super::session::Input;

/// Prints the symbol tables, or the errors of syntax and scopes.
pub(super) fn symtable(arguments: &FileArguments) -> Result<u8, CommandError> {
    let input = Input::read(&arguments.file)?;
    let mut sources = SourceMap::default();
    let file = sources.add(input.root.file_name.clone(), input.root.text.clone());
    let parsed = syntax::parse(&sources, file);
    let (scopes, scope_errors) = scope::resolve(&parsed.module, &input.root.module);
    let errors = if parsed.diagnostics.is_empty() {
        scope_errors
    } else {
        parsed.diagnostics
    };
    if !errors.is_empty() {
        Reporter::text().report(&errors, &sources)?;
        return Err(CommandError::Program);
    }
    write_output(&scope::dump::dump(&scopes))?;
    Ok(0)
}
