//! From a text to what an editor wants to know about it: messages and names, with byte ranges.
//!
//! The front end runs as for `spy check`; everything compile-time code would do to the world is
//! refused or dropped, and how long it may run is bounded. Nothing here knows the protocol.

mod findings;
mod imports;
mod loader;
mod names;
mod thread;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use spy_interp::{Budget, CaptureHost, Interp};
use spy_lang::import::{self, Root};
use spy_lang::program::{Program, find_main};
use spy_lang::redshift::{Limits, redshift_all};
use spy_lang::source::FileId;

pub(crate) use spy_lang::redshift::Color;
pub(crate) use thread::start;

/// A text to analyse.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// The file that the text will be in.
    pub(crate) file: String,
    /// Which text it is; for whoever gets the result.
    pub(crate) revision: u64,
    /// The text.
    pub(crate) text: Arc<str>,
    /// Texts that take the place of files.
    pub(crate) open: BTreeMap<String, Arc<str>>,
    /// The analysis ends soon after this has become true.
    pub(crate) cancel: Arc<AtomicBool>,
}

/// What is known of a text.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// What is wrong with it.
    pub(crate) findings: Vec<Finding>,
    /// Its expressions and names; absent if it could not be loaded.
    pub(crate) names: Option<Vec<Name>>,
    /// The files on which all this depends, whether they exist or not.
    pub(crate) read: BTreeSet<String>,
}

impl Analysis {
    /// The result of an analysis that panicked.
    pub(crate) fn failed(panic: &str) -> Self {
        let finding = Finding {
            range: 0..0,
            kind: "InternalError".to_owned(),
            text: format!("the analysis failed: {panic}"),
            related: Vec::new(),
        };
        Self {
            findings: vec![finding],
            names: None,
            read: BTreeSet::new(),
        }
    }
}

/// A message about the text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Finding {
    /// The place.
    pub(crate) range: Range<usize>,
    /// The class of the error.
    pub(crate) kind: String,
    /// What is wrong.
    pub(crate) text: String,
    /// Remarks on other places.
    pub(crate) related: Vec<(Location, String)>,
}

/// An expression or a name in the text.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The place.
    pub(crate) range: Range<usize>,
    /// Its type, if known.
    pub(crate) ty: Option<String>,
    /// Its color, if it has one.
    pub(crate) color: Option<Color>,
    /// Its value, if known.
    pub(crate) value: Option<String>,
    /// Where it is declared.
    pub(crate) definition: Option<Location>,
}

/// A file as it was read.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Source {
    /// The file.
    pub(crate) file: String,
    /// Its text.
    pub(crate) text: String,
}

/// A place in a file.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Location {
    /// The file.
    pub(crate) source: Arc<Source>,
    /// The bytes.
    pub(crate) range: Range<usize>,
}

/// Steps of blue code, and calls and loop turns of red code at compile time.
const STEPS: u64 = 1_000_000;

/// Nested blue calls.
const DEPTH: u32 = 200;

/// Analyses a text, on a thread with a large stack.
pub(crate) fn analyse(task: &Task) -> Analysis {
    let mut program = import::new_program();
    program.facts.enabled = true;
    program.limits = Limits {
        depth: DEPTH,
        steps: STEPS,
        cancel: Some(task.cancel.clone()),
        ..Limits::tight()
    };
    program.heap.limit_bytes = program.limits.memory_bytes;
    let (host, _) = CaptureHost::with_limit(0);
    let mut interp = Interp::new(Box::new(host));
    interp.set_budget(Budget {
        steps: Some(STEPS),
        cancel: Some(task.cancel.clone()),
    });
    let dir = Path::new(&task.file).parent().unwrap_or(Path::new(""));
    let loader = loader::OpenFirst::new(dir, &task.open);
    let root = Root::from_path(&task.file, &*task.text);
    let module_name = root.module.clone();
    let mut loaded = import::load_partially(&mut program, &mut interp, &loader, root);
    let mut errors = std::mem::take(&mut loaded.errors);
    if let Some(module) = loaded.module {
        let found = redshift_all(&mut program, &mut interp, false).into_iter();
        let found = found.map(|id| program.errors[id.0 as usize].clone());
        errors.extend(found.filter(|error| loaded.is_reliable(error)));
        errors.extend(find_main(&program, module).err().map(|failure| *failure));
    }
    let root = root_file(&program, task);
    let imports = imports::of(task);
    let known = program.module_names.get(&module_name).copied();
    let names = known.filter(|module| program.module(*module).file == root);
    Analysis {
        findings: findings::of(&program, root, &errors, &imports),
        names: names.map(|_| names::of(&program, root, &imports)),
        read: loader.read(),
    }
}

/// The file that the text became in the program.
fn root_file(program: &Program, task: &Task) -> FileId {
    // The builtins are the only file before it.
    let first = FileId(FileId::BUILTINS.0 + 1);
    debug_assert_eq!(&*program.sources.file(first).name, task.file.as_str());
    first
}
