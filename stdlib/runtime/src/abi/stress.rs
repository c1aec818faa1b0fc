//! Collecting far too often, to find objects that collectors overlook.

use std::env;

const VARIABLE: &str = "SPY_GC_STRESS";

/// At which allocations to collect, if the environment says so: 1 for each, 2 for every second, ….
pub fn stress_interval() -> Option<usize> {
    let text = env::var_os(VARIABLE)?;
    let interval = text.to_str()?.parse().ok()?;
    (interval > 0).then_some(interval)
}
