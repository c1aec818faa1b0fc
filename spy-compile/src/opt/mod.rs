//! Passes over MIR.

mod cleanup;
mod inline;
mod simplify;
mod strength;

use crate::mir::Module;

/// Makes a program faster without changing what it does.
pub(crate) fn optimize(module: &mut Module) {
    for function in &mut module.functions {
        simplify::simplify(function);
    }
    inline::inline(module);
    for function in &mut module.functions {
        strength::reduce(function);
        simplify::simplify(function);
    }
}
