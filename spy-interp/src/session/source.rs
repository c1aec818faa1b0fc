//! The text of a module or function: as written, or as redshift left it.

use std::rc::Rc;

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::print::{self, Names};
use spy_lang::program::{Closure, Failure, FuncBody, FuncId, Program, Value};
use spy_lang::redshift;

use super::request::Name;
use super::state::Session;

impl Session {
    /// A module, or one function of it, as source text.
    pub(super) fn source(
        &mut self,
        module: &str,
        name: Option<&str>,
        names: Names,
    ) -> Result<String, Failure> {
        let id = self.module(module)?;
        let func = match name {
            Some(name) => Some(self.function(module, name)?),
            None => None,
        };
        match (func, self.engine.redshifts()) {
            (None, false) => {
                let file = self.program.module(id).file;
                Ok(self.program.sources.file(file).text.to_string())
            }
            (None, true) => Ok(print::module(&self.program, id, names)),
            (Some(func), false) => {
                let FuncBody::Source(closure) = &self.program.func(func).body else {
                    return Err(type_error("the function is not written in the language"));
                };
                Ok(as_written(&self.program, closure))
            }
            (Some(func), true) => {
                if !self.program.is_red_source(func) {
                    return Err(type_error("only red functions are redshifted"));
                }
                let ir = redshift::function(&mut self.program, &mut self.interp, func);
                Ok(print::function(&self.program, &ir, names))
            }
        }
    }

    fn function(&mut self, module: &str, name: &str) -> Result<FuncId, Failure> {
        let name = Name {
            module: module.to_owned(),
            name: name.to_owned(),
        };
        let value = self.read(&name)?;
        let Value::Func(func) = value else {
            return Err(type_error(&format!("`{}` is not a function", name.name)));
        };
        Ok(func)
    }
}

fn type_error(message: &str) -> Failure {
    Box::new(Diagnostic::new(ErrorKind::TypeError, message))
}

/// The lines of a `def` with its decorators, moved to the left margin.
fn as_written(program: &Program, closure: &Rc<Closure>) -> String {
    let def = &closure.def;
    let file = program.sources.file(def.span.file);
    let decorators = def.decorators.iter().map(|decorator| decorator.span.start);
    let start = decorators.fold(def.span.start, u32::min);
    let mut first = file.line_of(start);
    while first > 1 && file.line_text(first - 1).trim_start().starts_with('@') {
        first -= 1;
    }
    let margin = file.line_text(file.line_of(def.span.start));
    let margin = &margin[..margin.len() - margin.trim_start().len()];
    let last = file.line_of(def.span.end.saturating_sub(1));
    let mut text = String::new();
    for line in first..=last {
        let line = file.line_text(line);
        text.push_str(line.strip_prefix(margin).unwrap_or(line));
        text.push('\n');
    }
    format!("{}\n", text.trim_end())
}
