//! The machine to compile for, and how.

use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{Builder, Configurable, Flags, builder};

use crate::error::CompileError;

/// How to generate code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetOptions {
    /// Whether fast programs matter more than fast compilation.
    pub(crate) optimize: bool,
}

/// Functions start at multiples of 2 to this power: loops then lie in as few cache lines as they
/// can, wherever the linker puts the function.
const FUNCTION_ALIGN_LOG2: &str = "5";

/// The instruction set of this machine, without extensions that others of its kind may lack.
pub(super) fn isa(options: &TargetOptions) -> Result<OwnedTargetIsa, CompileError> {
    let mut flags = builder();
    let level = if options.optimize { "speed" } else { "none" };
    let verify = if cfg!(debug_assertions) {
        "true"
    } else {
        "false"
    };
    set(&mut flags, "opt_level", level)?;
    set(&mut flags, "enable_verifier", verify)?;
    set(&mut flags, "is_pic", "false")?;
    set(&mut flags, "unwind_info", "false")?;
    set(
        &mut flags,
        "log2_min_function_alignment",
        FUNCTION_ALIGN_LOG2,
    )?;
    let triple = target_lexicon::Triple::host();
    let name = triple.to_string();
    let isa = cranelift_codegen::isa::lookup(triple);
    let isa = isa.map_err(|error| CompileError::Target(name.clone(), error.to_string()))?;
    isa.finish(Flags::new(flags))
        .map_err(|error| CompileError::Target(name, error.to_string()))
}

fn set(flags: &mut Builder, name: &str, value: &str) -> Result<(), CompileError> {
    flags
        .set(name, value)
        .map_err(|error| CompileError::Codegen(format!("{name}: {error}")))
}
