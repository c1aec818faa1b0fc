//! Builds the runtime as a static archive, which `spy` carries and links into programs.
//!
//! The compiler is called directly: the runtime has no dependencies, and a nested cargo would wait
//! for the lock of the outer one. Whatever the profile of `spy`, programs get an optimized runtime
//! that does not unwind.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

const RUNTIME_DIR: &str = "../stdlib/runtime";
const ARCHIVE_NAME: &str = "libspy_runtime.a";

fn main() -> Result<(), Box<dyn Error>> {
    let source_dir = Path::new(RUNTIME_DIR).join("src");
    watch("cargo:rerun-if-changed=", &source_dir);
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let archive = out_dir.join(ARCHIVE_NAME);
    compile(&source_dir.join("lib.rs"), &archive)?;
    strip(&archive);
    Ok(())
}

/// Tells cargo what this depends on.
#[expect(
    clippy::print_stdout,
    reason = "this is how build scripts talk to cargo"
)]
fn watch(key: &str, path: &Path) {
    println!("{key}{}", path.display());
}

fn compile(source: &Path, archive: &Path) -> Result<(), Box<dyn Error>> {
    let rustc = env::var_os("RUSTC").ok_or("cargo sets RUSTC")?;
    let mut command = Command::new(rustc);
    command.args(["--crate-name", "spy_runtime", "--crate-type", "staticlib"]);
    command.args(["--edition", "2024", "--cap-lints", "allow", "--target"]);
    command.arg(env::var_os("TARGET").ok_or("cargo sets TARGET")?);
    for option in [
        "opt-level=3",
        "panic=abort",
        "codegen-units=1",
        "debuginfo=0",
    ] {
        command.args(["-C", option]);
    }
    command.arg("-o").arg(archive).arg(source);
    // Flags and wrappers for the compiler of `spy` are not meant for the runtime.
    command
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    let status = command.status()?;
    if status.success() {
        Ok(())
    } else {
        Err("the runtime does not compile".into())
    }
}

/// Removes the debug information of the standard library; links are slower with it, that is all.
fn strip(archive: &Path) {
    for tool in ["strip", "llvm-strip"] {
        let done = Command::new(tool)
            .arg("--strip-debug")
            .arg(archive)
            .status();
        if done.is_ok_and(|status| status.success()) {
            return;
        }
    }
}
