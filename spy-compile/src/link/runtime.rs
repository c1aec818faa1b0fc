//! The runtime on disk.
//!
//! The compiler carries the runtime; the linker wants a file. It is written once per version into
//! the user's cache, under a name made of its content, and never changed.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::LinkError;

/// The object, or archive, that the build script made.
static RUNTIME: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/spy_runtime.bin"));

/// The path of the runtime, which is there when this returns.
pub(super) fn path() -> Result<PathBuf, LinkError> {
    let name = concat!(
        "spy_runtime-",
        env!("CARGO_PKG_VERSION"),
        "-",
        env!("SPY_RUNTIME_HASH"),
        ".o"
    );
    let mut failure = None;
    for dir in cache_dirs() {
        let path = dir.join(name);
        match write_once(&dir, &path) {
            Ok(()) => return Ok(path),
            Err(error) => failure = Some(LinkError::File { path, error }),
        }
    }
    Err(failure.unwrap_or(LinkError::NoLinker))
}

/// The user's cache, and the directory for temporary files in case that cannot be written.
fn cache_dirs() -> Vec<PathBuf> {
    let set = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let user = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
    let user = user.map(|cache| cache.join("spy"));
    user.into_iter()
        .chain([env::temp_dir().join("spy-runtime")])
        .collect()
}

fn write_once(dir: &Path, path: &Path) -> std::io::Result<()> {
    let size = RUNTIME.len() as u64;
    if fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() == size) {
        return Ok(());
    }
    fs::create_dir_all(dir)?;
    // Readers see no file or all of it.
    let mut file = NamedTempFile::new_in(dir)?;
    file.write_all(RUNTIME)?;
    file.persist(path)?;
    Ok(())
}
