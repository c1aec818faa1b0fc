//! The manifest of a library: what binding generators have to know of it.

use serde_json::{Value, json};
use spy_lang::program::Program;

use super::Exported;

/// The text of the manifest of a library that is named after its module: a JSON object with the
/// names of the files, and for each function its name, its type as errors print it, and its symbol.
pub(crate) fn manifest(program: &Program, module: &str, functions: &[Exported]) -> String {
    let functions: Vec<Value> = functions
        .iter()
        .map(|function| {
            let info = program.func(function.func);
            json!({
                "name": &*info.fqn.last().name,
                "type": program.type_name(info.ty),
                "symbol": function.symbol,
            })
        })
        .collect();
    let manifest = json!({
        "module": module,
        "library": format!("lib{module}.so"),
        "header": format!("{module}.h"),
        "functions": functions,
    });
    format!("{manifest:#}\n")
}
