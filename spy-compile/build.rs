//! Builds the runtime that `spy` carries and links into programs.
//!
//! The compiler is called directly: the runtime has no dependencies, and a nested cargo would wait
//! for the lock of the outer one. Whatever the profile of `spy`, programs get an optimized runtime
//! that does not unwind. What programs do not call is dropped by linking once in advance, where
//! the linker can do that: links are twice as fast then, and `spy` is 7 MB smaller.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const RUNTIME_DIR: &str = "../stdlib/runtime";
/// What the library includes: an archive or an object, which linkers tell apart by content.
const RESULT_NAME: &str = "spy_runtime.bin";

fn main() -> Result<(), Box<dyn Error>> {
    let source_dir = Path::new(RUNTIME_DIR).join("src");
    watch("cargo:rerun-if-changed=", &source_dir);
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let archive = out_dir.join("libspy_runtime.a");
    let result = out_dir.join(RESULT_NAME);
    compile(&source_dir.join("lib.rs"), &archive)?;
    if !prelink(&archive, &exports(&source_dir.join("abi"))?, &result) {
        fs::copy(&archive, &result)?;
    }
    strip(&result);
    let hash = content_hash(&fs::read(&result)?);
    println!("cargo:rustc-env=SPY_RUNTIME_HASH={hash:016x}");
    Ok(())
}

/// FNV-1a, by which the runtimes of different builds are told apart.
fn content_hash(content: &[u8]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    content.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

/// Tells cargo what this depends on.
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
        "lto=fat",
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

/// The symbols that the sources of the ABI define: in a line of their own, or in the table of a
/// macro that defines functions of one kind (`spy_name => implementation;`).
fn exports(abi_dir: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    const DEFINITIONS: [&str; 2] = ["extern \"C\" fn spy_", "static spy_"];
    let mut names = Vec::new();
    for file in fs::read_dir(abi_dir)? {
        let path = file?.path();
        if path.is_dir() {
            names.extend(exports(&path)?);
            continue;
        }
        let text = fs::read_to_string(path)?;
        for line in text.lines() {
            if let Some((name, _)) = line.trim().split_once(" => ")
                && name.starts_with("spy_")
            {
                names.push(name.to_owned());
            }
        }
        for definition in DEFINITIONS {
            for rest in text.split(definition).skip(1) {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                names.push(format!("spy_{}", &rest[..end.unwrap_or(rest.len())]));
            }
        }
    }
    names.sort();
    Ok(names)
}

/// Links the archive into one object that defines `exports`; returns whether that worked.
fn prelink(archive: &Path, exports: &[String], object: &Path) -> bool {
    let mut command = Command::new("ld");
    command.args(["-r", "--gc-sections", "-o"]).arg(object);
    for export in exports {
        command.args(["-u", export]);
    }
    command
        .arg(archive)
        .status()
        .is_ok_and(|status| status.success())
}

/// Removes the debug information of the standard library; links are slower with it, that is all.
fn strip(object: &Path) {
    for tool in ["strip", "llvm-strip"] {
        let done = Command::new(tool).arg("--strip-debug").arg(object).status();
        if done.is_ok_and(|status| status.success()) {
            return;
        }
    }
}
