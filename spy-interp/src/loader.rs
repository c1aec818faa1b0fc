//! Sources in the file system.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use spy_lang::import::{Found, Loader};
use thiserror::Error;

/// Why a source file cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The operating system says so.
    #[error("{}", describe(.0))]
    System(io::Error),
    /// It is a directory.
    #[error("Is a directory")]
    Directory,
    /// Its bytes are no text; the offset of the first wrong one.
    #[error("not valid UTF-8 (byte {0})")]
    Encoding(usize),
}

/// What went wrong without the number that the standard library appends.
fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

/// The text of a source file.
pub fn read_source(path: &Path) -> Result<String, ReadError> {
    if path.is_dir() {
        return Err(ReadError::Directory);
    }
    let bytes = fs::read(path).map_err(ReadError::System)?;
    String::from_utf8(bytes).map_err(|error| ReadError::Encoding(error.utf8_error().valid_up_to()))
}

/// Finds modules as files in directories.
#[derive(Clone, Debug)]
pub struct DirLoader {
    dirs: Vec<PathBuf>,
}

impl DirLoader {
    /// Searches `dirs` in order. Files are shown under the names of the directories as given.
    pub fn new(dirs: Vec<PathBuf>) -> Self {
        Self { dirs }
    }

    /// Searches the directory of a file.
    pub fn beside(file: &Path) -> Self {
        Self::new(vec![file.parent().map(Path::to_owned).unwrap_or_default()])
    }
}

impl Loader for DirLoader {
    fn find(&self, module: &str) -> Found {
        // What is no identifier could lead out of the directories.
        if !module.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Found::Missing;
        }
        let in_dir = |dir: &PathBuf| {
            let file = |extension| dir.join(format!("{module}.{extension}"));
            let path = file("spy");
            if path.is_file() {
                let shown = path.to_string_lossy().as_ref().into();
                return Some(match read_source(&path) {
                    Ok(text) => Found::Source(shown, text.into()),
                    Err(error) => Found::Unreadable(shown, error.to_string().into()),
                });
            }
            let path = file("py");
            path.is_file()
                .then(|| Found::Python(path.to_string_lossy().as_ref().into()))
        };
        self.dirs.iter().find_map(in_dir).unwrap_or(Found::Missing)
    }
}
