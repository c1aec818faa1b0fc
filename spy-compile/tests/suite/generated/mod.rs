//! Tests whose programs are too regular to be written down: whole tables, and all pairs of values.

mod integers;
mod tables;

use crate::case;
use crate::compare;
use crate::compiled;
use crate::engine::Engine;
use crate::in_process;

/// Runs a program with its expectations on every engine.
fn check_everywhere(title: &'static str, text: String) {
    spy_interp::on_big_stack(move || {
        let cases = case::parse(title, &text);
        let engines: [&dyn Engine; 4] = [
            &in_process::Interpreter,
            &in_process::Redshift,
            &compiled::RELEASE,
            &compiled::DEBUG,
        ];
        for engine in engines {
            compare::check(engine, &cases);
        }
    });
}
