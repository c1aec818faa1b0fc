//! When memory is collected, and the steps of a collection.
//!
//! A collection happens when as much has been handed out since the last one as [`budget`] says: a
//! part of what was live then. So memory stays in proportion to what is live, and so does the
//! work: each collection takes time proportional to what is live.

use std::ptr::NonNull;
use std::time::Instant;

use super::area::{Area, Contents, with_area};
use super::blocks::Blocks;
use super::large::Larges;
use super::stats::Stats;
use super::trace::Marker;
use super::{raw, roots};
use crate::abi::global::Global;
use crate::abi::layout::AREAS;
use crate::abi::size_class::CELL_SIZES;
use crate::abi::stress::stress_interval;

/// Bytes that are handed out between two collections at least.
const BUDGET_MIN: usize = 24 << 20;

/// The heap.
struct Heap {
    blocks: Blocks,
    larges: Larges,
    stats: Stats,
    /// Bytes handed out since the last collection.
    handed_out: usize,
    /// Bytes to hand out before the next one.
    budget: usize,
    stress: Stress,
}

/// How often to collect for the sake of finding errors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stress {
    /// The environment has not been asked yet.
    Unknown,
    Off,
    /// At each n-th allocation; and the number of allocations till then.
    Every(usize, usize),
}

static HEAP: Global<Heap> = Global::new(Heap {
    blocks: Blocks::new(),
    larges: Larges::new(),
    stats: Stats::new(),
    handed_out: 0,
    budget: BUDGET_MIN,
    stress: Stress::Unknown,
});

/// How many bytes may be handed out after a collection that left `live` bytes.
fn budget(live: usize) -> usize {
    BUDGET_MIN + live / 5 * 2 + roots::stack_size() / 4
}

/// A cell of an area whose free cells are used up.
#[cold]
pub(super) fn allocate_small(area: usize) -> Option<NonNull<u8>> {
    HEAP.with(|heap| {
        heap.collect_if_due(0);
        let (address, size) = heap.blocks.take_run(area, heap.stress.is_on())?;
        heap.handed_out += size;
        heap.stats.allocated += size as u64;
        let mut run = Area {
            next: address,
            end: address + size,
        };
        let cell = run.take(usize::from(CELL_SIZES[area / 2]));
        with_area(area, |area| *area = run);
        cell
    })
}

/// A large object.
#[cold]
pub(super) fn allocate_large(size: usize, contents: Contents) -> Option<NonNull<u8>> {
    HEAP.with(|heap| {
        heap.collect_if_due(size);
        let object = heap.larges.allocate(size, contents).or_else(|| {
            heap.collect();
            heap.larges.allocate(size, contents)
        })?;
        heap.handed_out += size;
        heap.stats.allocated += size as u64;
        Some(object)
    })
}

/// Figures about the heap, if they are asked for, when the program has ended.
pub(in crate::abi) fn report() -> Option<String> {
    HEAP.with(|heap| {
        heap.forget_areas();
        heap.note_size();
        heap.stats.report()
    })
}

impl Stress {
    fn from_environment() -> Self {
        match stress_interval() {
            Some(every) => Self::Every(every, every),
            None => Self::Off,
        }
    }

    fn is_on(self) -> bool {
        matches!(self, Self::Every(..))
    }

    /// Counts an allocation; returns whether to collect first.
    fn is_due(&mut self) -> bool {
        match self {
            Self::Off => false,
            Self::Unknown => {
                *self = Self::from_environment();
                self.is_due()
            }
            Self::Every(every, left) => {
                *left -= 1;
                let is_due = *left == 0;
                if is_due {
                    *left = *every;
                }
                is_due
            }
        }
    }
}

impl Heap {
    /// Collects before `size` bytes are handed out if it is time.
    fn collect_if_due(&mut self, size: usize) {
        if self.stress.is_due() || self.handed_out + size > self.budget {
            self.collect();
        }
    }

    #[inline(never)]
    fn collect(&mut self) {
        let start = Instant::now();
        self.forget_areas();
        self.mark();
        if self.stress.is_on() {
            self.blocks.poison();
        }
        self.note_size();
        let live = self.blocks.sweep() + self.larges.sweep();
        self.budget = budget(live);
        self.handed_out = 0;
        self.blocks.release(self.budget);
        self.stats.note_collection(live, start.elapsed());
    }

    /// Notes the memory in use, free cells included.
    fn note_size(&mut self) {
        let size = self.blocks.size() + self.larges.size();
        self.stats.note_heap(size);
    }

    /// Takes the free cells of all areas back.
    fn forget_areas(&mut self) {
        for area in 0..AREAS {
            let unused = with_area(area, |area| {
                let unused = area.end - area.next;
                *area = Area::EMPTY;
                unused
            });
            self.stats.allocated -= unused as u64;
        }
    }

    fn mark(&mut self) {
        let program = roots::program();
        let mut marker = Marker::new(&mut self.blocks, &mut self.larges, program);
        program.mark(&mut marker);
        roots::mark_runtime(&mut marker);
        raw::mark(&mut marker);
        roots::mark_stack(&mut marker);
    }
}
