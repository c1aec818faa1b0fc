//! Shared libraries for C: which functions of a module they have, the header that declares them,
//! and the manifest that lists them for other programs.
//!
//! A library has the red functions of the main module whose parameters and result have a form in
//! C. Function `f` of module `m` is `spy_m_f` in the header, and `spy_m$f` for the linker.

mod header;
mod manifest;
mod names;

use std::rc::Rc;

use spy_lang::program::{FuncBody, FuncId, ModuleId, Program, Value};
use spy_lang::types::{FqnPart, FuncColor};

use crate::mir::{CSignature, c_signature};

pub(crate) use header::header;
pub(crate) use manifest::manifest;
use names::identifier;

/// A function of the library.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) func: FuncId,
    /// The name for the linker.
    pub(crate) symbol: String,
    /// The name for C.
    pub(crate) name: String,
    pub(crate) signature: CSignature,
}

/// A function that the library does not have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// Its name.
    pub function: Rc<str>,
    /// The type in its signature that has no form in C.
    pub ty: String,
}

/// The functions that C can call, and the others, both in the order of the source.
pub(crate) fn exported(program: &Program, module: ModuleId) -> (Vec<Exported>, Vec<LeftOut>) {
    let info = program.module(module);
    let mut functions: Vec<FuncId> = info.members.values().filter_map(function).collect();
    functions.retain(|func| is_own(program, &info.name, *func));
    functions.sort_by_key(|func| program.func(*func).prototype.start);
    functions.dedup();
    let (mut exported, mut left_out) = (Vec::new(), Vec::new());
    for func in functions {
        let name = &program.func(func).fqn.last().name;
        match c_signature(program, func) {
            Ok(signature) => {
                let (module, name) = (identifier(&info.name), identifier(name));
                exported.push(Exported {
                    func,
                    symbol: format!("spy_{module}${name}"),
                    name: format!("spy_{module}_{name}"),
                    signature,
                });
            }
            Err(ty) => left_out.push(LeftOut {
                function: name.clone(),
                ty: program.type_name(ty),
            }),
        }
    }
    (exported, left_out)
}

const fn function(value: &Value) -> Option<FuncId> {
    if let Value::Func(func) = value {
        Some(*func)
    } else {
        None
    }
}

/// Whether a function is a red one that a `def` of the module has made.
fn is_own(program: &Program, module: &str, func: FuncId) -> bool {
    let info = program.func(func);
    let is_red = program.types.as_func(info.ty).map(|ty| ty.color) == Some(FuncColor::Red);
    let name_fits = match info.fqn.parts() {
        [first, name] => *first == FqnPart::plain(module) && *name == FqnPart::plain(&name.name),
        _ => false,
    };
    let has_body = matches!(info.body, FuncBody::Source(_)) && program.ir.contains_key(&func);
    is_red && name_fits && has_body
}
