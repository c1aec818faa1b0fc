//! The interpreter as the compiler's engine: programs from source, in which running code has
//! functions compiled that execute others.

use spy_interp::{Budget, CaptureHost, Interp, Outcome, run_main};
use spy_lang::import::{NoFiles, Root, load, new_program};
use spy_lang::program::Value;

use crate::build::{error_text, trace};

/// The exit status of a program, or its error and traceback.
fn run(source: &str, budget: Budget) -> String {
    let mut program = new_program();
    let mut interp = Interp::new(Box::new(CaptureHost::new().0));
    interp.set_budget(budget);
    let root = Root::from_path("test.spy", source);
    let module = match load(&mut program, &mut interp, &NoFiles, root) {
        Ok(module) => module,
        Err(errors) => return format!("{:?}", errors[0]),
    };
    let Some(Value::Func(main)) = program.module(module).members.get("main").cloned() else {
        panic!("there is no main");
    };
    match run_main(&mut program, &mut interp, main) {
        Outcome::Exit(status) => status.to_string(),
        Outcome::Failed(failure) => {
            let functions: Vec<_> = trace(&failure)
                .iter()
                .map(|frame| frame.split('@').next().unwrap_or_default().to_owned())
                .collect();
            format!("{} in {}", error_text(&failure), functions.join(", "))
        }
        Outcome::OutputClosed => "closed".to_owned(),
    }
}

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(run(source, Budget::default()), expected);
}

const FIB: &str = "
def fib(n: i32) -> i32:
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

@blue
def early(n: i32) -> i32:
    return fib(n)
";

/// `late` is compiled in the middle of an addition, and runs `fib` for that.
#[test]
fn running_code_is_entered_again() {
    let source = "
def late(n: i32) -> i32:
    return early(10) + n

def main() -> i32:
    return fib(6) * 100 + late(fib(5) + 1)
";
    check(&format!("{FIB}{source}"), "861");
}

#[test]
fn budgets_hold_across_entries() {
    let source = "
def late() -> i32:
    return early(25)

def main() -> i32:
    return fib(3) + late()
";
    let budget = |steps| Budget {
        steps: Some(steps),
        cancel: None,
    };
    let source = format!("{FIB}{source}");
    assert_eq!(run(&source, budget(1_000_000)), "75027");
    let out_of_steps = run(&source, budget(1000));
    assert!(
        out_of_steps.contains("execution takes too many steps"),
        "{out_of_steps}"
    );
}

/// What a call finds while its callee is being compiled does not stay.
#[test]
fn functions_needed_for_their_own_compilation_are_errors() {
    let source = "
@blue
def circle() -> i32:
    return f(0)

def f(n: i32) -> i32:
    if n < 5:
        return n
    return circle()

def main() -> i32:
    return f(3)
";
    check(source, "3");
}

#[test]
fn failures_cross_entries() {
    let source = "
def div(a: i32, b: i32) -> i32:
    return a // b

@blue
def early() -> i32:
    return div(1, 0)

def late() -> i32:
    return early()

def main() -> i32:
    return late()
";
    let result = run(source, Budget::default());
    assert!(
        result.starts_with("ZeroDivisionError: integer division"),
        "{result}"
    );
    assert!(result.ends_with("test::div"), "{result}");
}
