//! Notices panics and hangs, and keeps the inputs that cause them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long an input may take before the run ends.
const TOO_LONG: Duration = Duration::from_secs(20);
/// How long an input may take before it is reported.
const SLOW: Duration = Duration::from_secs(2);

/// Where the input is while it is being run.
const CURRENT: &str = "fuzz-current.spy";

/// The input that is being run, and since when.
type Current = Arc<Mutex<Option<(Instant, String)>>>;

/// Runs inputs.
pub(crate) struct Watch {
    current: Current,
    /// Where the last panic was.
    place: Arc<Mutex<String>>,
    seen: RefCell<BTreeSet<String>>,
    slowest: RefCell<Duration>,
}

impl Watch {
    /// Starts the clock and takes over the reporting of panics.
    pub(crate) fn start() -> Self {
        let current = Current::default();
        let watched = Arc::clone(&current);
        thread::spawn(move || guard(&watched));
        let place = Arc::new(Mutex::new(String::new()));
        let last = Arc::clone(&place);
        std::panic::set_hook(Box::new(move |info| {
            let at = info.location().map(ToString::to_string).unwrap_or_default();
            let payload = info.payload();
            let text = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            if let Ok(mut last) = last.lock() {
                *last = format!("{at}: {}", text.unwrap_or("panic"));
            }
        }));
        Self {
            current,
            place,
            seen: RefCell::default(),
            slowest: RefCell::default(),
        }
    }

    /// Runs an input; a panic is written down with it.
    pub(crate) fn run(&self, input: String, run: fn(&str)) {
        write(CURRENT, &input);
        let started = Instant::now();
        self.set(Some((started, input.clone())));
        let result = catch_unwind(AssertUnwindSafe(|| run(&input)));
        self.set(None);
        let took = started.elapsed();
        self.slowest.replace_with(|slowest| took.max(*slowest));
        if result.is_err() {
            let place = self.place.lock().map(|place| place.clone());
            self.report(&place.unwrap_or_default(), &input);
        } else if took > SLOW {
            self.report(&format!("slow: {:.1} s", took.as_secs_f64()), &input);
        }
    }

    /// Removes the file of the current input.
    pub(crate) fn finish(&self) {
        // It is only a leftover.
        let _ = fs::remove_file(CURRENT);
    }

    /// The number of different failures.
    pub(crate) fn failures(&self) -> usize {
        self.seen.borrow().len()
    }

    /// The longest time an input took.
    pub(crate) fn slowest(&self) -> Duration {
        *self.slowest.borrow()
    }

    fn set(&self, value: Option<(Instant, String)>) {
        if let Ok(mut current) = self.current.lock() {
            *current = value;
        }
    }

    fn report(&self, failure: &str, input: &str) {
        let key: String = failure.chars().take_while(|c| *c != ' ').collect();
        if self.seen.borrow_mut().insert(key) {
            let name = format!("fuzz-{}.spy", self.failures());
            write(&name, input);
            println!("{name}: {failure}");
        }
    }
}

fn write(name: &str, input: &str) {
    if let Err(error) = fs::write(name, input) {
        println!("{name}: {error}\n{input}");
    }
}

/// Ends the process when an input takes too long.
fn guard(current: &Current) {
    loop {
        thread::sleep(Duration::from_millis(500));
        let Ok(current) = current.lock() else { return };
        if let Some((started, input)) = &*current
            && started.elapsed() > TOO_LONG
        {
            write("fuzz-hang.spy", input);
            println!("fuzz-hang.spy: no end after {} s", TOO_LONG.as_secs());
            std::process::exit(1);
        }
    }
}
