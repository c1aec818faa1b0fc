//! Figures about the heap, printed when the program ends if `SPY_GC_STATS=1`.

use std::env;
use std::time::Duration;

const VARIABLE: &str = "SPY_GC_STATS";

/// Figures since the program started; sizes in bytes.
pub(super) struct Stats {
    /// What was handed out, in whole cells.
    pub(super) allocated: u64,
    collections: u64,
    /// What was live after the last collection.
    live: usize,
    live_max: usize,
    /// Most memory in use, with free cells.
    heap_max: usize,
    pauses: Duration,
    pause_max: Duration,
}

impl Stats {
    pub(super) const fn new() -> Self {
        Self {
            allocated: 0,
            collections: 0,
            live: 0,
            live_max: 0,
            heap_max: 0,
            pauses: Duration::ZERO,
            pause_max: Duration::ZERO,
        }
    }

    /// Notes how much memory is in use, when it is most.
    pub(super) fn note_heap(&mut self, heap: usize) {
        self.heap_max = self.heap_max.max(heap);
    }

    /// Notes a collection, after which `live` bytes are left.
    pub(super) fn note_collection(&mut self, live: usize, pause: Duration) {
        self.collections += 1;
        self.live = live;
        self.live_max = self.live_max.max(live);
        self.pauses += pause;
        self.pause_max = self.pause_max.max(pause);
    }

    /// The figures as text, if they are asked for.
    pub(super) fn report(&self) -> Option<String> {
        env::var_os(VARIABLE).filter(|value| value == "1")?;
        let figures = [
            ("allocated", self.allocated, "bytes"),
            ("most in use", self.heap_max as u64, "bytes"),
            ("most live", self.live_max as u64, "bytes"),
            ("live at last", self.live as u64, "bytes"),
            ("collections", self.collections, ""),
            ("pauses", micros(self.pauses), "us"),
            ("longest pause", micros(self.pause_max), "us"),
        ];
        let mut out = String::new();
        for (name, value, unit) in figures {
            let line = format!("gc: {name:<14}{value:>16} {unit}");
            out.push_str(line.trim_end());
            out.push('\n');
        }
        Some(out)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
