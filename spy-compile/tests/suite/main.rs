//! The language suite: every case in `cases/` on every engine.
//!
//! A directory of `cases` is an area, a file in it a feature. See `notation` for how cases state
//! what they expect. Beside the suite, what people read is compared with snapshots, and the
//! command line, the examples and the README are tried out.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod case;
mod cli;
mod command;
mod compare;
mod compiled;
mod engine;
mod examples;
mod generated;
mod hostile;
mod in_process;
mod machine;
mod notation;
mod readme;
mod residual;
mod snapshots;

use std::fs;
use std::path::{Path, PathBuf};

use crate::engine::Engine;

fn cases_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/cases")
}

/// Runs the cases of an area, on a stack as large as `spy` has.
fn check_area(engine: &'static (dyn Engine + Sync), area: &'static str) {
    spy_interp::on_big_stack(move || {
        compare::check(engine, &case::load_dir(&cases_dir().join(area)));
    });
}

/// A test for each area and engine.
macro_rules! areas {
    ($($area:ident)*) => {
        const AREAS: &[&str] = &[$(stringify!($area)),*];

        mod interp {
            $(#[test] fn $area() {
                super::check_area(&crate::in_process::Interpreter, stringify!($area));
            })*
        }

        mod redshift {
            $(#[test] fn $area() {
                super::check_area(&crate::in_process::Redshift, stringify!($area));
            })*
        }

        mod native {
            $(#[test] fn $area() {
                super::check_area(&crate::compiled::RELEASE, stringify!($area));
            })*
        }

        mod native_debug {
            $(#[test] fn $area() {
                super::check_area(&crate::compiled::DEBUG, stringify!($area));
            })*
        }
    };
}

areas! {
    blue
    catalogue
    control
    conversions
    dynamic
    errors
    functions
    imports
    literals
    memory
    metaprogramming
    numbers
    phases
    scopes
    stdlib
    structs
    syntax
    text
    types
}

#[test]
fn every_area_is_run() {
    let entries = fs::read_dir(cases_dir()).unwrap();
    let mut found: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut areas = AREAS.to_vec();
    areas.sort_unstable();
    assert_eq!(found, areas);
}
