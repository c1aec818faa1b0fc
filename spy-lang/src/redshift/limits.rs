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
    /// Statements and loop turns of blue code.
    pub steps: u64,
    /// Evaluation stops soon after this has become true.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Nested blue calls at the moment.
    pub used_depth: u32,
    /// Steps taken so far.
    pub used_steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 400,
            steps: 50_000_000,
            cancel: None,
            used_depth: 0,
            used_steps: 0,
        }
    }
}

impl Limits {
    /// Whether nobody waits for the result any more.
    pub(super) fn is_cancelled(&self) -> bool {
        let flag = self.cancel.as_ref();
        flag.is_some_and(|flag| flag.load(Ordering::Relaxed))
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
