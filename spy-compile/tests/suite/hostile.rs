//! Compile-time code that would never end, or take all memory: `spy check` refuses it soon.

use std::fs;
use std::time::{Duration, Instant};

use crate::command::run;

/// How long a check may take here, where many tests run side by side.
const PATIENCE: Duration = Duration::from_secs(30);

/// A function `f`, evaluated while the module is imported.
fn evaluated(body: &str) -> String {
    format!("{body}\nN = f()\n")
}

/// Checks programs; each ends in the error that stands beside it.
fn check(programs: &[(&str, String)]) {
    let dir = tempfile::tempdir().unwrap();
    for (expected, program) in programs {
        fs::write(dir.path().join("a.spy"), program).unwrap();
        let start = Instant::now();
        let done = run(dir.path(), &["check", "a.spy"]);
        assert_eq!(done.status, Some(1), "{program}\n{done:?}");
        assert!(done.stderr.contains(expected), "{program}\n{}", done.stderr);
        assert!(start.elapsed() < PATIENCE, "{program}");
    }
}

const STEPS: &str = "compile-time evaluation took more than 2000000 steps";
const MEMORY: &str = "compile-time evaluation needs more than 256 MB";
const RED_STEPS: &str = "execution takes too many steps";
const DEEP: &str = "nested more than 400 deep";

#[test]
fn endless_loops_end() {
    check(&[
        (
            STEPS,
            evaluated("@blue\ndef f():\n    x = 1\n    while x == 1:\n        x = 1\n"),
        ),
        (
            STEPS,
            evaluated(
                "@blue\ndef f():\n    x = 0\n    for i in range(1000000000):\n        x = x + i\n    return x\n",
            ),
        ),
        (
            RED_STEPS,
            evaluated("def f() -> i32:\n    while True:\n        pass\n    return 1\n"),
        ),
        (
            MEMORY,
            evaluated(
                "def f() -> i32:\n    x = [1]\n    while True:\n        x.append(3)\n    return 1\n",
            ),
        ),
    ]);
}

#[test]
fn endless_recursion_ends() {
    check(&[
        (DEEP, "@blue\ndef f(n):\n    return f(n + 1)\n\nN = f(0)\n".to_owned()),
        (STEPS, "@blue\ndef fib(n, k):\n    if n < 2:\n        return n\n    return fib(n - 1, k * 2) + fib(n - 2, k * 2 + 1)\n\nN = fib(60, 1)\n".to_owned()),
        ("RecursionError: stack overflow", "def f(n: i32) -> i32:\n    return f(n + 1) + 1\n\nN = f(0)\n".to_owned()),
    ]);
}

#[test]
fn endless_instantiation_ends_and_shows_its_chain() {
    let made = "functions are made more than 400 deep";
    check(&[
        (made, "@blue.generic\ndef f(n):\n    def impl() -> i32:\n        return f[n + 1]()\n    return impl\n\ndef main() -> None:\n    print(f[0]())\n".to_owned()),
        ("more, by `a::main`", "@blue\ndef f(n):\n    def impl() -> i32:\n        return f(n + 1)()\n    return impl\n\ndef main() -> None:\n    print(f(0)())\n".to_owned()),
        (made, "@struct\nclass C[T]:\n    x: i32\n    def deeper(self) -> i32:\n        return C[C[T]](1).deeper()\n\ndef main() -> None:\n    print(C[i32](1).deeper())\n".to_owned()),
        (DEEP, "@blue.generic\ndef C(n):\n    @struct\n    class S:\n        x: C[n + 1]\n    return S\n\nT = C[0]\n".to_owned()),
    ]);
}

#[test]
fn memory_is_bounded() {
    check(&[
        (
            "text of more than 64 MB",
            "N = \"a\" * 1000000000\n".to_owned(),
        ),
        (
            "text of more than 64 MB",
            evaluated("@blue\ndef f():\n    var s = \"x\"\n    while True:\n        s = s + s\n"),
        ),
        (
            "text of more than 512 MB",
            evaluated("def f() -> str:\n    return \"a\".center(2000000000)\n"),
        ),
        (
            "text of more than 512 MB",
            "N = f\"{1:2000000000}\"\n".to_owned(),
        ),
        (
            MEMORY,
            evaluated(
                "def f() -> i32:\n    s = \"x\"\n    while True:\n        s = s + s\n    return 1\n",
            ),
        ),
        (
            MEMORY,
            evaluated(
                "def f() -> i32:\n    s = b\"x\"\n    while True:\n        s = s + s\n    return 1\n",
            ),
        ),
        (
            MEMORY,
            evaluated(
                "from unsafe import gc_alloc\n\ndef f() -> i32:\n    while True:\n        gc_alloc[i64](1000000)\n    return 1\n",
            ),
        ),
        (
            STEPS,
            evaluated(
                "@blue\ndef f():\n    x: list[type] = [i32]\n    while True:\n        x = x + x\n",
            ),
        ),
    ]);
}

#[test]
fn sizes_are_bounded() {
    let inlined: String = (0..40)
        .map(|n| {
            let next = n + 1;
            format!(
                "@force_inline\ndef f{n}(x: i32) -> i32:\n    return f{next}(x) + f{next}(x)\n\n"
            )
        })
        .collect();
    check(&[
        ("a struct of more than 65536 bytes", "@blue\ndef f(T, n):\n    if n == 0:\n        return T\n    @struct\n    class P:\n        a: T\n        b: T\n    return f(P, n - 1)\n\nT = f(i32, 40)\n".to_owned()),
        ("a struct of more than 65536 bytes", "@blue\ndef f(T, n):\n    if n == 0:\n        return T\n    return f(tuple[T, T], n - 1)\n\nT = f(i32, 60)\n".to_owned()),
        ("inlined calls make this function too large", format!("from __spy__ import force_inline\n\n{inlined}@force_inline\ndef f40(x: i32) -> i32:\n    return x\n\ndef main() -> None:\n    print(f0(1))\n")),
    ]);
}

#[test]
fn unrolled_loops_are_bounded() {
    let unrolled =
        |body: &str| format!("from __spy__ import UNROLL_RANGE\n\ndef main() -> None:\n{body}");
    check(&[
        (
            STEPS,
            unrolled("    for i in UNROLL_RANGE(1000000):\n        print(i)\n"),
        ),
        (
            STEPS,
            unrolled(
                "    for i in UNROLL_RANGE(1000):\n        for j in UNROLL_RANGE(1000):\n            for k in UNROLL_RANGE(1000):\n                print(i, j, k)\n",
            ),
        ),
        (
            STEPS,
            format!(
                "items: list[object] = []\n\n{}",
                evaluated("@blue\ndef f():\n    while True:\n        items.append(1)\n"),
            ),
        ),
    ]);
}

#[test]
fn limits_can_be_raised() {
    let dir = tempfile::tempdir().unwrap();
    let program = "@blue\ndef f(n):\n    if n == 0:\n        return 0\n    return f(n - 1)\n\nN = f(500)\n\ndef main() -> None:\n    print(N)\n";
    fs::write(dir.path().join("a.spy"), program).unwrap();
    assert_eq!(run(dir.path(), &["check", "a.spy"]).status, Some(1));
    for arguments in [
        &["check", "--max-depth", "600", "a.spy"][..],
        &[
            "run",
            "--max-depth",
            "600",
            "--max-steps",
            "100000",
            "a.spy",
        ],
        &[
            "build",
            "--max-depth",
            "600",
            "--max-functions",
            "50000",
            "--max-memory",
            "64",
            "a.spy",
        ],
    ] {
        let done = run(dir.path(), arguments);
        assert_eq!(done.status, Some(0), "{done:?}");
    }
    let done = run(dir.path(), &["check", "--max-functions", "10", "a.spy"]);
    assert!(done.stderr.contains("more than 10 functions"), "{done:?}");
}
