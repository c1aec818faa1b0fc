//! The identifiers of a file, each stored once and in normal form.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;

/// A set of identifiers that hands out shared texts.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: FxHashSet<Rc<str>>,
}

impl Names {
    /// The shared text of an ASCII identifier.
    pub(super) fn intern(&mut self, name: &str) -> Rc<str> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let name: Rc<str> = name.into();
        self.known.insert(name.clone());
        name
    }

    /// The shared text of an identifier in the normal form NFKC, as Python compares them.
    pub(super) fn intern_normalized(&mut self, name: &str) -> Rc<str> {
        let normalized: String = name.nfkc().collect();
        self.intern(&normalized)
    }
}
