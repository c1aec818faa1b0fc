//! Running programs, in both languages.

use std::io::Write;
use std::process::{Command, Stdio};

use spy_interp::{Budget, CaptureHost, Interp, run_main};
use spy_lang::import::{self, NoFiles, Root};
use spy_lang::program::find_main;

/// The lines that `python3` prints.
pub(crate) fn by_python(program: &str) -> Vec<String> {
    let mut child = Command::new("python3")
        .arg("-")
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`python3` is in the path");
    let text = format!("{program}\nmain()\n");
    let mut input = child.stdin.take().expect("it is a pipe");
    input
        .write_all(text.as_bytes())
        .expect("python3 reads its program");
    drop(input);
    let output = child.wait_with_output().expect("python3 ends");
    lines(&String::from_utf8_lossy(&output.stdout))
}

/// The lines that the interpreter prints.
pub(crate) fn by_interpreter(text: &str) -> Vec<String> {
    let mut program = import::new_program();
    let (host, output) = CaptureHost::new();
    let mut interp = Interp::new(Box::new(host));
    interp.set_budget(Budget {
        steps: None,
        cancel: None,
    });
    let root = Root::from_path("compare.spy", text);
    if let Ok(module) = import::load(&mut program, &mut interp, &NoFiles, root)
        && let Ok(Some(main)) = find_main(&program, module)
    {
        run_main(&mut program, &mut interp, main);
    }
    lines(&output.take())
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(str::to_owned).collect()
}
