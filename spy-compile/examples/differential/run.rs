//! The engines.

use std::path::Path;
use std::process::{Command, Stdio};

use spy_compile::{BuildOptions, Entry, compile_object, link_executable};
use spy_interp::{Budget, CaptureHost, Captured, Interp, Outcome, run_main};
use spy_lang::import::{self, NoFiles, Root};
use spy_lang::program::{FuncId, Program, find_main};
use spy_lang::redshift::redshift_all;

/// Runs a module in the interpreter, in the interpreter after redshift, and as native code; the
/// first difference, if there is one.
pub(crate) fn compare(module: &str, options: &BuildOptions) -> Result<(), String> {
    let (mut program, mut interp, output, main) = load(module)?;
    let interpreted = interpret(&mut program, &mut interp, &output, main)?;
    let (mut program, mut interp, output, main) = load(module)?;
    redshift(&mut program, &mut interp)?;
    let compiled = native(&program, main, options)?;
    let redshifted = interpret(&mut program, &mut interp, &output, main)?;
    same("interpreter", &interpreted, "redshift", &redshifted)?;
    let name = if options.checked {
        "native debug"
    } else {
        "native"
    };
    same("interpreter", &interpreted, name, &compiled)
}

/// What a program prints in the interpreter.
fn interpret(
    program: &mut Program,
    interp: &mut Interp,
    output: &Captured,
    main: FuncId,
) -> Result<String, String> {
    match run_main(program, interp, main) {
        Outcome::Exit(0) => Ok(output.take()),
        Outcome::Exit(status) => Err(format!("exit status {status}")),
        Outcome::Failed(failure) => Err(format!("failed: {}", failure.message)),
        Outcome::OutputClosed => Err("nobody reads the output".to_owned()),
    }
}

/// What a redshifted program prints when it is compiled.
fn native(program: &Program, main: FuncId, options: &BuildOptions) -> Result<String, String> {
    let object = compile_object(program, Entry::only(main), options).map_err(|e| e.to_string())?;
    let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
    let path = dir.path().join("program");
    link_executable(object, &path).map_err(|e| e.to_string())?;
    execute(&path)
}

fn execute(path: &Path) -> Result<String, String> {
    let output = Command::new(path)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {errors}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn load(module: &str) -> Result<(Program, Interp, Captured, FuncId), String> {
    let mut program = import::new_program();
    let (host, output) = CaptureHost::new();
    let mut interp = Interp::new(Box::new(host));
    interp.set_budget(Budget {
        steps: None,
        cancel: None,
    });
    let root = Root::from_path("differential.spy", module);
    let id = import::load(&mut program, &mut interp, &NoFiles, root)
        .map_err(|errors| errors[0].message.clone())?;
    match find_main(&program, id) {
        Ok(Some(main)) => Ok((program, interp, output, main)),
        _ => Err("there is no main".to_owned()),
    }
}

fn redshift(program: &mut Program, interp: &mut Interp) -> Result<(), String> {
    match redshift_all(program, interp, true).first() {
        None => Ok(()),
        Some(error) => {
            let error = &program.errors[error.0 as usize];
            let shown = spy_lang::diagnostics::render::render(error, &program.sources, false);
            Err(format!("refused: {shown}"))
        }
    }
}

/// The first line that differs.
fn same(first: &str, expected: &str, second: &str, found: &str) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    for (expected, found) in expected.lines().zip(found.lines()) {
        if expected != found {
            return Err(format!("\n    {first}: {expected}\n    {second}: {found}"));
        }
    }
    let lengths = (expected.lines().count(), found.lines().count());
    Err(format!("{first} and {second} print {lengths:?} lines"))
}
