//! Feeds broken programs to the compiler until the time is up, looking for panics and hangs.
//!
//! `cargo run -p spy-compile --example fuzz -- TARGET [SECONDS [SEED]]`
//!
//! | target | input | what must survive it |
//! |---|---|---|
//! | `syntax` | bytes, token soup, mutated text | lexer, parser, scopes, their dumps |
//! | `program` | programs of the suite with mutated tokens | all of `check`, interpreter, native code |
//!
//! The same seed gives the same inputs. What fails is written to the current directory, once for
//! each place that panics; an input that never ends ends the run. If the process dies, the input
//! is in `fuzz-current.spy`.

#![expect(clippy::print_stdout, reason = "a command line tool")]

mod corpus;
mod mutate;
mod random;
mod target;
mod watch;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use corpus::Corpus;
use random::Random;
use watch::Watch;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let target = match arguments.next().as_deref() {
        Some("syntax") => SYNTAX,
        Some("program") => PROGRAM,
        _ => {
            println!("usage: fuzz syntax|program [SECONDS [SEED]]");
            return ExitCode::FAILURE;
        }
    };
    let mut number = |default: u64| {
        let argument = arguments.next();
        argument.map_or(Some(default), |text| text.parse().ok())
    };
    let (Some(seconds), Some(seed)) = (number(60), number(1)) else {
        println!("SECONDS and SEED are numbers");
        return ExitCode::FAILURE;
    };
    let limit = Duration::from_secs(seconds);
    let failures = spy_interp::on_big_stack(move || fuzz(&target, limit, seed));
    if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What is tested.
struct Target {
    /// Makes an input.
    make: fn(&mut Random, &Corpus) -> String,
    /// Runs it.
    run: fn(&str),
}

const SYNTAX: Target = Target {
    make: mutate::text,
    run: target::syntax,
};

const PROGRAM: Target = Target {
    make: mutate::program,
    run: target::program,
};

/// Makes inputs and runs them until the time is up; the number of places that failed.
fn fuzz(target: &Target, limit: Duration, seed: u64) -> usize {
    let corpus = Corpus::read();
    let mut random = Random::new(seed);
    let watch = Watch::start();
    let started = Instant::now();
    let mut inputs = 0_u64;
    while started.elapsed() < limit {
        let input = (target.make)(&mut random, &corpus);
        watch.run(input, target.run);
        inputs += 1;
    }
    watch.finish();
    let failures = watch.failures();
    println!(
        "{inputs} inputs in {} s, {failures} places failed, slowest {:.2} s",
        started.elapsed().as_secs(),
        watch.slowest().as_secs_f64()
    );
    failures
}
