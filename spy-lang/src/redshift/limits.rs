//! Bounds of compile-time evaluation, and the memory of blue calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use crate::program::{FuncId, Value};

/// How much compile-time evaluation may use before it is refused.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Nested blue calls.
    pub depth: u32,
    /// Statements, calls and loop turns of blue code, and the bytes it makes.
    pub steps: u64,
    /// Functions, those of the library included.
    pub functions: usize,
    /// Bytes of objects that red code makes at compile time.
    pub memory_bytes: usize,
    /// Evaluation stops soon after this has become true.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Nested blue calls at the moment.
    pub used_depth: u32,
    /// Steps taken so far.
    pub used_steps: u64,
}

/// Steps that the call of a blue function counts as.
pub(super) const STEPS_PER_CALL: u64 = 5;

/// Bytes of text that count as a step.
pub(super) const BYTES_PER_STEP: usize = 128;

/// Largest struct, in bytes.
pub(super) const MOST_STRUCT_BYTES: u64 = 1 << 16;

/// Most locals of a function, those of inlined calls included.
pub(super) const MOST_LOCALS: usize = 20_000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 400,
            steps: 20_000_000,
            functions: 100_000,
            memory_bytes: 2 << 30,
            cancel: None,
            used_depth: 0,
            used_steps: 0,
        }
    }
}

impl Limits {
    /// Limits for tools, which answer within two seconds whatever the program is.
    #[must_use]
    pub fn tight() -> Self {
        Self {
            steps: 2_000_000,
            functions: 20_000,
            memory_bytes: 256 << 20,
            ..Self::default()
        }
    }

    /// Whether nobody waits for the result any more.
    pub(super) fn is_cancelled(&self) -> bool {
        let flag = self.cancel.as_ref();
        flag.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

/// Which function's redshift each function was made in.
#[derive(Debug, Default)]
pub struct Lineage {
    /// The function that is being redshifted.
    current: Option<FuncId>,
    /// By function.
    makers: Vec<Option<FuncId>>,
}

impl Lineage {
    /// Notes that another function was made.
    pub(crate) fn add(&mut self) {
        self.makers.push(self.current);
    }

    /// Starts the redshift of a function; what [`Self::leave`] takes.
    pub(super) fn enter(&mut self, func: FuncId) -> Option<FuncId> {
        self.current.replace(func)
    }

    /// Goes back to what was redshifted before.
    pub(super) fn leave(&mut self, outer: Option<FuncId>) {
        self.current = outer;
    }

    /// The function that is being redshifted, the one that it was made in, and so on outwards.
    pub(super) fn chain(&self) -> impl Iterator<Item = FuncId> {
        let maker = |func: &FuncId| self.makers.get(func.0 as usize).copied().flatten();
        std::iter::successors(self.current, maker)
    }
}

/// An argument of a blue call as its cache sees it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum MemoKey {
    /// A value without parts: its type and its bits.
    Scalar(u32, u128),
    /// Text.
    Text(std::rc::Rc<str>),
    /// Bytes.
    Bytes(std::rc::Rc<[u8]>),
    /// A tag and parts.
    Parts(u32, Vec<MemoKey>),
}

/// Results of blue calls by callee and argument keys.
#[derive(Debug, Default)]
pub struct Memo {
    /// The results.
    pub results: FxHashMap<(FuncId, Vec<MemoKey>), Value>,
}
