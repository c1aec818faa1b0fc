//! Runs generated programs in every engine and compares what they print.
//!
//! `cargo run -p spy-compile --example differential -- [COUNT [SEED]]`
//!
//! A program is a function of integers, floats, texts, containers, structs, loops and exceptions,
//! with a few arguments. Many of them make one module, which the interpreter runs as it is and after
//! redshift, and which runs as native code: every other module optimized. The same seed gives the
//! same programs. A module whose engines disagree is written to the current directory.

#![expect(clippy::print_stdout, reason = "a command line tool")]

mod expression;
mod generate;
#[path = "../fuzz/random.rs"]
mod random;
mod run;
mod statement;

use std::process::ExitCode;
use std::time::Instant;

use random::Random;
use spy_compile::BuildOptions;

/// How many programs make one module.
const PROGRAMS_PER_MODULE: usize = 200;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse().ok());
    let (Some(count), Some(seed)) = (
        numbers.next().unwrap_or(Some(1000)),
        numbers.next().unwrap_or(Some(1)),
    ) else {
        println!("usage: differential [COUNT [SEED]]");
        return ExitCode::FAILURE;
    };
    let failures = spy_interp::on_big_stack(move || compare(count, seed as u64));
    if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Makes and runs at least `count` programs; the number of modules that differ.
fn compare(count: usize, seed: u64) -> usize {
    let started = Instant::now();
    let (mut programs, mut failures) = (0, 0);
    let mut module_seed = seed << 20;
    while programs < count {
        let module = generate::module(&mut Random::new(module_seed), PROGRAMS_PER_MODULE);
        let options = if module_seed.is_multiple_of(2) {
            BuildOptions::RELEASE
        } else {
            BuildOptions::DEBUG
        };
        if let Err(difference) = run::compare(&module, &options) {
            failures += 1;
            let file = format!("differential-{module_seed}.spy");
            let written = std::fs::write(&file, &module);
            println!("{file} ({written:?}): {difference}");
        }
        programs += PROGRAMS_PER_MODULE;
        module_seed += 1;
    }
    println!(
        "{programs} programs in {} s, {failures} modules differ",
        started.elapsed().as_secs()
    );
    failures
}
