//! Memory of running programs: it is reclaimed, in both engines.

use std::path::Path;
use std::process::Command;

use spy_compile::{BuildOptions, build_executable};
use spy_interp::{CaptureHost, Interp, Outcome, run_main};

use crate::source::program;

/// Makes a list of 2000 nodes, and 200 times as much garbage, 10 MB in all at least.
const SOURCE: &str = "
from unsafe import gc_alloc, gc_ptr

@struct
class Node:
    name: str
    next: gc_ptr[Node]

def make(count: i32) -> gc_ptr[Node]:
    head = gc_ptr[Node].NULL
    for i in range(count):
        node = gc_alloc[Node](1)
        node.name = 'node ' + str(i)
        node.next = head
        head = node
    return head

def total(head: gc_ptr[Node]) -> i32:
    t = 0
    node = head
    while node:
        t += len(node.name)
        node = node.next
    return t

def main() -> None:
    kept = make(2000)
    garbage = 0
    for i in range(200):
        garbage += total(make(2000)) % 7
    print(total(kept), garbage)
";
const OUTPUT: &str = "16890 1200\n";

/// Builds the program and runs it with these variables; what it printed, and on standard error.
fn run(path: &Path, variables: &[(&str, &str)]) -> (String, String) {
    let (program, main) = program(SOURCE);
    build_executable(&program, main, path, &BuildOptions::RELEASE).expect("the program compiles");
    let output = Command::new(path)
        .envs(variables.iter().copied())
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

/// A figure of the statistics.
fn figure(report: &str, name: &str) -> u64 {
    let line = report.lines().find_map(|line| {
        let line = line.strip_prefix("gc: ")?.strip_prefix(name)?;
        line.split_whitespace().next()?.parse().ok()
    });
    line.unwrap_or_else(|| panic!("no {name} in {report}"))
}

#[test]
fn native_programs_reclaim_memory() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("app");
    let (stdout, report) = run(&path, &[("SPY_GC_STATS", "1")]);
    assert_eq!(stdout, OUTPUT);
    assert!(figure(&report, "allocated") > 10 << 20, "{report}");
    let (stdout, report) = run(&path, &[("SPY_GC_STATS", "1"), ("SPY_GC_STRESS", "97")]);
    assert_eq!(stdout, OUTPUT);
    assert!(figure(&report, "collections") > 1000, "{report}");
    assert!(figure(&report, "most in use") < 2 << 20, "{report}");
}

#[test]
fn interpreters_reclaim_memory() {
    let (mut program, main) = program(SOURCE);
    let (host, output) = CaptureHost::new();
    let mut interp = Interp::new(Box::new(host));
    program.heap.set_stress(5000);
    let before = program.heap.object_count();
    let outcome = run_main(&mut program, &mut interp, main);
    assert!(matches!(outcome, Outcome::Exit(0)));
    assert_eq!(output.take(), OUTPUT);
    let made = program.heap.object_count() - before;
    assert!(made < 40_000, "{made} objects are left");
}
