//! Compares the standard library with Python: generated calls of its methods, run by both.
//!
//! `cargo run -p spy-compile --example compare -- [COUNT [SEED]]`
//! `cargo run -p spy-compile --example compare -- sample COUNT SEED`
//!
//! The first form prints what differs; `COUNT` is how many calls are made from each template. The
//! second prints a file for the suite with what Python answers. Both need `python3` in the path, 3.11 for
//! its version of Unicode.
//!
//! What is decided to be different is left out, and tested by cases of the suite:
//!
//! | here | in Python |
//! |---|---|
//! | errors of items and keys of lists and dicts have no text | they have one |
//! | an index out of range: `string index out of bound`, and a `PanicError` for bytes | `IndexError` |
//! | `repr` of a text leaves all characters that are not ASCII | only those that can be printed |
//! | `repr` of bytes has single quotes | double ones around a single one |
//! | `insert` at a negative position is at the start | counts from the end |
//! | `min` and `max` of two equal values give the second | the first |
//! | sets keep the order of insertion | any order |
//! | `i32` wraps or overflows | integers have any size |

#![expect(clippy::print_stdout, reason = "a command line tool")]

mod check;
#[path = "../fuzz/random.rs"]
mod random;
mod run;
mod templates;

use std::process::ExitCode;

use check::Check;
use random::Random;

/// How many calls one program makes.
const CALLS_PER_PROGRAM: usize = 400;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_sample = arguments.first().is_some_and(|first| first == "sample");
    if is_sample {
        arguments.remove(0);
    }
    let mut numbers = arguments.iter().map(|text| text.parse::<u64>().ok());
    let (Some(count), Some(seed)) = (
        numbers.next().unwrap_or(Some(5)),
        numbers.next().unwrap_or(Some(1)),
    ) else {
        println!("usage: compare [sample] [COUNT [SEED]]");
        return ExitCode::FAILURE;
    };
    let checks = checks(count, &mut Random::new(seed));
    if is_sample {
        print!("{}", sample(&checks));
        return ExitCode::SUCCESS;
    }
    let different = spy_interp::on_big_stack(move || compare(&checks));
    if different == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// `count` calls of each template.
fn checks(count: u64, random: &mut Random) -> Vec<Check> {
    let mut checks = Vec::new();
    for template in templates::ALL {
        for _ in 0..count {
            checks.push(Check::fill(template, random));
        }
    }
    checks
}

/// Prints what differs; how much.
fn compare(checks: &[Check]) -> usize {
    let mut different = 0;
    for part in checks.chunks(CALLS_PER_PROGRAM) {
        let program = check::program(part);
        let expected = run::by_python(&program);
        let found = run::by_interpreter(&program);
        for ((check, expected), found) in part.iter().zip(expected).zip(found) {
            if !check::is_same(&expected, &found) {
                different += 1;
                println!(
                    "{}\n    python: {expected}\n    here:   {found}",
                    check.code
                );
            }
        }
    }
    println!("{} calls, {different} differ", checks.len());
    different
}

/// Calls with what Python answers, as a file of the suite: a case for each type. Answers that are
/// errors, or that `repr` writes differently here, are left out.
fn sample(checks: &[Check]) -> String {
    let answers = run::by_python(&check::program(checks));
    let answered: Vec<(&Check, &String)> = checks
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| !answer.starts_with('!') && check::unescaped(answer) == **answer)
        .collect();
    let mut text = String::new();
    for of_kind in answered.chunk_by(|(a, _), (b, _)| a.kind == b.kind) {
        let separator = if text.is_empty() { "# " } else { "\n# --- " };
        let kind = of_kind[0].0.kind;
        text += &format!("{separator}{kind}: as Python 3.11\n{}", check::HELPERS);
        let mut main = "def main() -> None:\n".to_owned();
        for (index, (check, answer)) in of_kind.iter().enumerate() {
            let (before, value) = check.parts();
            if before.is_empty() {
                main += &format!("    print(repr({value})) # out: {answer}\n");
                continue;
            }
            text += &format!("def t{index}() -> None:\n");
            for statement in before {
                text += &format!("    {statement}\n");
            }
            text += &format!("    print(repr({value}))\n\n");
            main += &format!("    t{index}() # out: {answer}\n");
        }
        text += &main;
    }
    text
}
