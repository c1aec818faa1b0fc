//! `spy parse`: the syntax tree of a file.

use spy_lang::scope::{self, ScopeTree};
use spy_lang::source::SourceMap;
use spy_lang::syntax;

use super::arguments::FileArguments;
use super::failure::CommandError;
use super::report::{Reporter, write_output};
use super::session::Input;

/// Prints the tree, or the syntax errors.
pub(super) fn parse(arguments: &FileArguments) -> Result<u8, CommandError> {
    let input = Input::read(&arguments.file)?;
    let mut sources = SourceMap::default();
    let file = sources.add(input.root.file_name.clone(), input.root.text.clone());
    let parsed = syntax::parse(&sources, file);
    if !parsed.diagnostics.is_empty() {
        Reporter::text().report(&parsed.diagnostics, &sources)?;
        return Err(CommandError::Program);
    }
    let (scopes, _) = scope::resolve(&parsed.module, &input.root.module);
    let dump = syntax::dump(&parsed.module, &|def| {
        let scope = def.map_or(ScopeTree::MODULE, |def| scopes.of_def(def));
        scope::dump::label(scopes.get(scope))
    });
    write_output(&dump)?;
    Ok(0)
}
