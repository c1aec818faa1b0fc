//! The machine to compile for, and how.

use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{Builder, Configurable, Flags, builder};
use target_lexicon::{Architecture, CallingConvention, Triple};

use crate::error::CompileError;

/// How to generate code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetOptions {
    /// Whether fast programs matter more than fast compilation.
    pub(crate) optimize: bool,
    /// Whether the code may be loaded at any address.
    pub(crate) anywhere: bool,
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
    let is_pic = if options.anywhere { "true" } else { "false" };
    set(&mut flags, "is_pic", is_pic)?;
    set(&mut flags, "unwind_info", "false")?;
    set(
        &mut flags,
        "log2_min_function_alignment",
        FUNCTION_ALIGN_LOG2,
    )?;
    let triple = triple();
    let name = triple.to_string();
    let isa = cranelift_codegen::isa::lookup(triple);
    let isa = isa.map_err(|error| CompileError::Target(name.clone(), error.to_string()))?;
    isa.finish(Flags::new(flags))
        .map_err(|error| CompileError::Target(name, error.to_string()))
}

fn triple() -> Triple {
    Triple::host()
}

/// Fails if it is not known how C passes structs on this machine.
pub(crate) fn check_c_abi() -> Result<(), CompileError> {
    let triple = triple();
    let is_sysv = triple.default_calling_convention() == Ok(CallingConvention::SystemV);
    if is_sysv && triple.architecture == Architecture::X86_64 {
        return Ok(());
    }
    let reason = "libraries are made for x86-64 with the System V ABI only".to_owned();
    Err(CompileError::Target(triple.to_string(), reason))
}

fn set(flags: &mut Builder, name: &str, value: &str) -> Result<(), CompileError> {
    flags
        .set(name, value)
        .map_err(|error| CompileError::Codegen(format!("{name}: {error}")))
}
