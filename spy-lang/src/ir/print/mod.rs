//! The residual program as source: what `spy redshift` prints.
//!
//! The format is that of the chapter on phases: short or full names, backquoted unless they are
//! plain identifiers, parentheses only where precedence requires them.

mod expr;
mod stmt;

use rustc_hash::FxHashSet;

use super::{Function, LocalId};
use crate::program::{FuncId, ModuleId, Program, Value};
use crate::types::{Fqn, TypeId};

/// How global names are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// As in messages, with public aliases; arithmetic as operators.
    Short,
    /// The internal names; every operation by name.
    Full,
}

/// The dump of a module: alias lines, then its red functions in order of registration.
pub fn module(program: &Program, module: ModuleId, names: Names) -> String {
    let info = program.module(module);
    let mut blocks = Vec::new();
    let aliases = alias_lines(program, module, names);
    if !aliases.is_empty() {
        blocks.push(aliases);
    }
    for (index, func) in program.functions.iter().enumerate() {
        let id = FuncId(u32::try_from(index).expect("fewer than 2^32 functions"));
        let printed = program
            .ir
            .get(&id)
            .filter(|_| func.fqn.module_name() == &*info.name && !func.force_inline);
        blocks.extend(printed.map(|ir| function(program, ir, names)));
    }
    blocks.join("\n")
}

/// `attr = name` for each attribute bound to a red function of another name.
fn alias_lines(program: &Program, module: ModuleId, names: Names) -> String {
    let info = program.module(module);
    let home = Fqn::module(&info.name);
    let mut text = String::new();
    for (name, value) in &info.members {
        let Value::Func(func) = value else { continue };
        let target = program.func(*func);
        let elsewhere = target.fqn != home.join(name);
        if program.is_red_source(*func) && elsewhere && !target.force_inline {
            let shown = Printer::bare(program, names).name(&target.fqn);
            text.push_str(&format!("{name} = {shown}\n"));
        }
    }
    text
}

/// The dump of one function, with a line end.
pub fn function(program: &Program, function: &Function, names: Names) -> String {
    let mut printer = Printer {
        program,
        names,
        function: Some(function),
        declared: FxHashSet::default(),
        text: String::new(),
    };
    printer.function(function);
    printer.text
}

/// Writes one function.
struct Printer<'a> {
    program: &'a Program,
    names: Names,
    function: Option<&'a Function>,
    /// Locals whose type has been written.
    declared: FxHashSet<LocalId>,
    text: String,
}

impl<'a> Printer<'a> {
    fn bare(program: &'a Program, names: Names) -> Self {
        Self {
            program,
            names,
            function: None,
            declared: FxHashSet::default(),
            text: String::new(),
        }
    }

    /// A global name, in backquotes unless it is an identifier.
    fn name(&self, fqn: &Fqn) -> String {
        let name = match self.names {
            Names::Short => self.program.human_name(fqn),
            Names::Full => fqn.to_string(),
        };
        quoted(name)
    }

    /// A type; that of `None` is `None` in short form.
    fn type_name(&self, ty: TypeId) -> String {
        if ty == TypeId::NONE && self.names == Names::Short {
            return "None".to_owned();
        }
        self.name(&self.program.types.get(ty).fqn)
    }

    /// The name of a function where it is defined: bare if it is a plain name of its module.
    fn definition_name(&self, fqn: &Fqn) -> String {
        let plain = fqn.parts().len() == 2
            && fqn.last().qualifiers.is_empty()
            && fqn.last().suffix.is_none();
        if plain && self.names == Names::Short {
            return fqn.last().name.to_string();
        }
        self.name(fqn)
    }
}

fn quoted(name: String) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { name } else { format!("`{name}`") }
}
