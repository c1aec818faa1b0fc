//! Modules as the editor sees them: open documents first, then files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use spy_interp::DirLoader;
use spy_lang::import::{Found, Loader};

/// Finds modules beside a file.
pub(super) struct OpenFirst<'a> {
    dir: PathBuf,
    open: &'a BTreeMap<String, Arc<str>>,
    files: DirLoader,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> OpenFirst<'a> {
    pub(super) fn new(dir: &Path, open: &'a BTreeMap<String, Arc<str>>) -> Self {
        Self {
            dir: dir.to_owned(),
            open,
            files: DirLoader::new(vec![dir.to_owned()]),
            read: RefCell::default(),
        }
    }

    /// The files that were looked for.
    pub(super) fn read(self) -> BTreeSet<String> {
        self.read.into_inner()
    }
}

impl Loader for OpenFirst<'_> {
    fn find(&self, module: &str) -> Found {
        let path = module.replace('.', "/");
        for path in [format!("{path}/__init__.spy"), format!("{path}.spy")] {
            let file = self.dir.join(path).to_string_lossy().into_owned();
            self.read.borrow_mut().insert(file.clone());
            if let Some(text) = self.open.get(&file) {
                return Found::Source(file.into(), (&**text).into());
            }
        }
        self.files.find(module)
    }

    fn modules_like(&self, module: &str) -> Vec<Rc<str>> {
        self.files.modules_like(module)
    }
}
