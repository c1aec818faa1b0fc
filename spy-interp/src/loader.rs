//! Sources in the file system.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use spy_lang::import::{Found, Loader, package_of};
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
        let Some(path) = relative_path(module) else {
            return Found::Missing;
        };
        let files = || self.dirs.iter().map(|dir| dir.join(&path));
        let module = files().find_map(|base| module_at(&base));
        let package = || files().find(|base| has_modules(base)).map(empty_package);
        module.or_else(package).unwrap_or(Found::Missing)
    }

    fn modules_like(&self, module: &str) -> Vec<Rc<str>> {
        let package = package_of(module);
        let Some(folder) = package.map_or_else(|| Some(PathBuf::new()), relative_path) else {
            return Vec::new();
        };
        let entries = self.dirs.iter().flat_map(|dir| entries(&dir.join(&folder)));
        let names = entries.filter_map(|path| module_name(&path));
        names
            .map(|name| match package {
                Some(package) => format!("{package}.{name}").into(),
                None => name.into(),
            })
            .collect()
    }
}

/// Where a module is, without extension. `None` if a part of the name is no identifier, which
/// could lead out of the directories.
fn relative_path(module: &str) -> Option<PathBuf> {
    let is_name =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut parts = module.split('.');
    parts
        .clone()
        .all(is_name)
        .then(|| parts.by_ref().collect::<PathBuf>())
}

/// The module whose path without extension is `base`: a package, a file, or one of Python.
fn module_at(base: &Path) -> Option<Found> {
    let with = |extension: &str| {
        let mut path = base.as_os_str().to_owned();
        path.push(extension);
        PathBuf::from(path)
    };
    let sources = [base.join("__init__.spy"), with(".spy")];
    if let Some(path) = sources.into_iter().find(|path| path.is_file()) {
        let shown = path.to_string_lossy().as_ref().into();
        return Some(match read_source(&path) {
            Ok(text) => Found::Source(shown, text.into()),
            Err(error) => Found::Unreadable(shown, error.to_string().into()),
        });
    }
    let path = with(".py");
    path.is_file()
        .then(|| Found::Python(path.to_string_lossy().as_ref().into()))
}

/// A package without a text of its own.
fn empty_package(folder: PathBuf) -> Found {
    Found::Source(folder.to_string_lossy().as_ref().into(), "".into())
}

/// Whether a folder is a package although it has no `__init__.spy`.
fn has_modules(folder: &Path) -> bool {
    entries(folder)
        .iter()
        .any(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "spy"))
}

/// Most entries of a folder that are looked at.
const MOST_ENTRIES: usize = 1000;

fn entries(folder: &Path) -> Vec<PathBuf> {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = fs::read_dir(here).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .take(MOST_ENTRIES)
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

/// The name of the module that a file or folder holds.
fn module_name(path: &Path) -> Option<String> {
    let is_source = path.extension().is_some_and(|extension| extension == "spy");
    let name = if is_source {
        path.file_stem()
    } else if path.is_dir() {
        path.file_name()
    } else {
        None
    };
    name.map(|name| name.to_string_lossy().into_owned())
}
