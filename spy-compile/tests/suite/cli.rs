//! The command line as users and other programs meet it.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;

use crate::command::{Done, run, run_with_input, spy};

const HELLO: &str = "def main() -> None:\n    print(\"hello\")\n";
const FAILS: &str = "def main() -> None:\n    print(\"before\")\n    raise ValueError(\"bad\")\n";
/// Two wrong functions that are never called.
pub(crate) const WRONG: &str = "def f() -> i32:\n    return \"x\"\n\ndef g() -> None:\n    missing\n\n\
                     def main() -> None:\n    print(\"ran\")\n";
/// A wrong line behind a line that runs.
const LATE: &str = "def main() -> None:\n    print(\"before\")\n    x: i32 = \"text\"\n";

/// A directory with files.
pub(crate) fn files(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// Runs `spy ARGUMENTS` where `a.spy` holds `text`.
pub(crate) fn with_file(text: &str, arguments: &[&str]) -> Done {
    run(files(&[("a.spy", text)]).path(), arguments)
}

#[track_caller]
pub(crate) fn check(done: &Done, status: i32, stdout: &str, stderr: &str) {
    let found = (done.status, done.stdout.as_str(), done.stderr.as_str());
    assert_eq!(found, (Some(status), stdout, stderr));
}

#[test]
fn a_file_is_run() {
    for arguments in [
        &["a.spy"][..],
        &["run", "a.spy"],
        &["execute", "a.spy"],
        &["rs", "-x", "a.spy"],
    ] {
        check(&with_file(HELLO, arguments), 0, "hello\n", "");
    }
}

#[test]
fn what_cannot_be_compiled_is_pointed_at() {
    let text = "def main() -> None:\n    var d: dynamic = 1\n    print(d + 1)\n";
    check(&with_file(text, &["a.spy"]), 0, "2\n", "");
    let done = with_file(text, &["build", "a.spy"]);
    assert_eq!(done.status, Some(1));
    let message = "NotImplementedError: values of type `dynamic` are not supported in compiled programs yet\n";
    assert!(done.stderr.starts_with(message), "{}", done.stderr);
    assert!(done.stderr.contains("a.spy:2:5"), "{}", done.stderr);
}

#[test]
fn a_library_is_a_directory_of_files() {
    let dir = files(&[(
        "m.spy",
        "def add(a: i32, b: i32) -> i32:\n    return a + b\n",
    )]);
    let done = run(
        dir.path(),
        &["build", "--kind", "lib", "m.spy", "-o", "out"],
    );
    let made = "[release] out/libm.so\n[release] out/m.h\n[release] out/m.json\n";
    check(&done, 0, made, "");
    for line in made.lines() {
        let path = line.trim_start_matches("[release] ");
        assert!(dir.path().join(path).is_file(), "{path}");
    }
}

#[test]
fn status_of_main_is_the_status_of_the_command() {
    for (value, status) in [(7, 7), (300, 44), (-1, 255)] {
        let text = format!("def main() -> i32:\n    return {value}\n");
        for arguments in [&["a.spy"][..], &["build", "--run", "a.spy"]] {
            check(&with_file(&text, arguments), status, "", "");
        }
    }
}

#[test]
fn programs_come_from_the_command_line_and_from_standard_input() {
    let dir = files(&[("util.spy", "N = 3\n")]);
    let code = "from util import N\ndef main() -> None:\n    print(N)\n";
    check(&run(dir.path(), &["-c", code]), 0, "3\n", "");
    check(
        &run(dir.path(), &["run", "-c", code, "--version"]),
        0,
        "3\n",
        "",
    );
    check(&run_with_input(dir.path(), &["-"], code), 0, "3\n", "");
    check(
        &run_with_input(dir.path(), &["check", "-"], code),
        0,
        "",
        "",
    );
}

#[test]
fn options_behind_the_file_belong_to_the_program() {
    for arguments in [
        &["a.spy", "--help"][..],
        &["run", "a.spy", "--timeit", "-x"],
    ] {
        check(&with_file(HELLO, arguments), 0, "hello\n", "");
    }
    let done = with_file(HELLO, &["--timeit", "a.spy"]);
    assert!(done.stderr.starts_with("main(): 0."), "{done:?}");
}

#[test]
fn a_program_without_main_says_so() {
    for arguments in [&["a.spy"][..], &["rs", "-x", "a.spy"], &["build", "a.spy"]] {
        check(
            &with_file("N = 3\n", arguments),
            0,
            "Cannot find function main()\n",
            "",
        );
    }
}

#[test]
fn unreadable_files_are_told_apart() {
    let dir = files(&[("binary.spy", ""), ("x.py", "")]);
    fs::write(dir.path().join("binary.spy"), b"x = \"\xff\"").unwrap();
    fs::create_dir(dir.path().join("dir.spy")).unwrap();
    let message = |name: &str, reason: &str| format!("error: cannot read '{name}': {reason}\n");
    for command in ["run", "check", "parse", "symtable", "redshift", "build"] {
        let check_file = |name: &str, reason: &str| {
            check(
                &run(dir.path(), &[command, name]),
                2,
                "",
                &message(name, reason),
            );
        };
        check_file("x.spy", "No such file or directory");
        check_file("dir.spy", "Is a directory");
        check_file("binary.spy", "not valid UTF-8 (byte 5)");
        let python = "Error: x.py is a .py file, not a .spy file.\n";
        check(&run(dir.path(), &[command, "x.py"]), 1, "", python);
    }
}

#[test]
fn wrong_command_lines_are_explained() {
    let dir = files(&[]);
    let done = run(dir.path(), &["frobnicate"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(2), ""));
    assert!(done.stderr.starts_with("Usage: spy [COMMAND]"), "{done:?}");
    assert!(
        done.stderr.contains("\nNo such command 'frobnicate'.\n"),
        "{done:?}"
    );
    for arguments in [
        &["run"][..],
        &["run", "--bogus", "a.spy"],
        &["rs", "-E", "odd", "a.spy"],
        &["build", "-k", "lib", "-x", "a.spy"],
        &["build", "-k", "dll", "a.spy"],
    ] {
        let done = run(dir.path(), arguments);
        assert_eq!(
            (done.status, done.stdout.as_str()),
            (Some(2), ""),
            "{done:?}"
        );
        assert!(done.stderr.starts_with("error: "), "{done:?}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let dir = files(&[]);
    let version = format!("spy {}\n", env!("CARGO_PKG_VERSION"));
    check(&run(dir.path(), &["--version"]), 0, &version, "");
    let help = run(dir.path(), &["--help"]);
    check(&run(dir.path(), &[]), 0, &help.stdout, "");
    assert!(help.stdout.contains("Usage: spy [COMMAND]"));
}

#[test]
fn uncaught_exceptions_go_to_standard_error() {
    let expected = "Traceback (most recent call last):\n  * a::main at a.spy:3\n  \
                    |     raise ValueError(\"bad\")\n  |     |_____________________|\n\n\
                    ValueError: bad\n";
    for arguments in [
        &["a.spy"][..],
        &["rs", "-x", "a.spy"],
        &["build", "-x", "a.spy"],
    ] {
        check(&with_file(FAILS, arguments), 1, "before\n", expected);
    }
}

#[test]
fn the_interpreter_meets_errors_when_the_line_runs() {
    let done = with_file(LATE, &["a.spy"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), "before\n"));
    assert!(
        done.stderr.contains("TypeError: mismatched types"),
        "{done:?}"
    );
    assert!(
        done.stderr.contains("expected `i32`, got `str`"),
        "{done:?}"
    );
}

#[test]
fn compilers_meet_errors_before_anything_runs() {
    for arguments in [
        &["rs", "-x", "a.spy"][..],
        &["rs", "a.spy"],
        &["build", "-x", "a.spy"],
    ] {
        let done = with_file(LATE, arguments);
        assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""));
        assert!(
            done.stderr.starts_with("Static error during redshift:\n"),
            "{done:?}"
        );
    }
}

#[test]
fn lazy_mode_postpones_static_errors() {
    let done = with_file(LATE, &["rs", "-E", "lazy", "a.spy"]);
    let dump = "def main() -> None:\n    `_print::println[str]`('before')\n    \
                raise TypeError('mismatched types') # /.../a.spy:3\n";
    check(&done, 0, dump, "");
    let expected = "Traceback (most recent call last):\n  * a::main at a.spy:3\n  \
                    |     x: i32 = \"text\"\n  |     |_____________|\n\n\
                    TypeError: mismatched types\n";
    for arguments in [
        &["rs", "-E", "lazy", "-x", "a.spy"][..],
        &["build", "-E", "lazy", "-x", "a.spy"],
    ] {
        check(&with_file(LATE, arguments), 1, "before\n", expected);
    }
}

#[test]
fn lazy_mode_does_not_postpone_other_errors() {
    let done = with_file(WRONG, &["rs", "-E", "lazy", "-x", "a.spy"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""));
    assert!(
        done.stderr
            .contains("NameError: name `missing` is not defined"),
        "{done:?}"
    );
}

#[test]
fn warn_mode_reports_what_it_postpones() {
    let done = with_file(LATE, &["rs", "-E", "warn", "-x", "a.spy"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), "before\n"));
    assert!(
        done.stderr
            .starts_with("[warning] Static error during redshift:\n"),
        "{done:?}"
    );
    assert!(
        done.stderr.contains("expected `i32`, got `str`"),
        "{done:?}"
    );
}

#[test]
fn check_reports_all_errors_and_runs_nothing() {
    let done = with_file(WRONG, &["check", "a.spy"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""));
    assert!(
        done.stderr.contains("TypeError: mismatched types"),
        "{done:?}"
    );
    assert!(
        done.stderr
            .contains("NameError: name `missing` is not defined"),
        "{done:?}"
    );
    check(&with_file(HELLO, &["check", "a.spy"]), 0, "", "");
}

#[test]
fn check_goes_on_after_syntax_errors() {
    let text = "A = = 1\n\ndef f() -> i32:\n    return \"x\"\n\n\
                def g() -> i32:\n    y = 1 +\n    return y\n\n\
                def h() -> i32:\n    with f() as a:\n        return a\n\n\
                def main() -> None:\n    print(A, f(), g(), h())\n    z: str = 3\n";
    let done = with_file(text, &["check", "--error-format=json", "a.spy"]);
    let errors: Vec<serde_json::Value> = done
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let lines: Vec<_> = errors
        .iter()
        .map(|error| error["annotations"][0]["start_line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [1, 7, 11, 4, 16], "{}", done.stdout);
    assert_eq!(done.status, Some(1));
}

#[test]
fn what_has_no_source_has_no_line() {
    let text = "def main() -> None:\n    len = 3\n";
    let done = with_file(text, &["check", "--error-format=json", "a.spy"]);
    let error: serde_json::Value = serde_json::from_str(done.stdout.trim()).unwrap();
    let note = &error["annotations"][1];
    assert_eq!(note["file"], "<builtins>");
    assert_eq!(
        (note["start_line"].as_u64(), note["end_line"].as_u64()),
        (Some(0), Some(0))
    );
}

#[test]
fn check_bounds_compile_time_code() {
    let endless = "def f() -> i32:\n    while True:\n        pass\n    return 1\n\nN = f()\n";
    let done = with_file(endless, &["check", "--max-steps", "10000", "a.spy"]);
    assert_eq!(done.status, Some(1));
    assert!(
        done.stderr.contains("execution takes too many steps"),
        "{done:?}"
    );
    let deep = "@blue\ndef f(n):\n    return f(n + 1)\n\nN = f(0)\n";
    let done = with_file(deep, &["check", "--max-depth", "50", "a.spy"]);
    assert!(done.stderr.contains("nested more than 50 deep"), "{done:?}");
}

#[test]
fn check_writes_one_object_a_line() {
    let done = with_file(WRONG, &["check", "--error-format=json", "a.spy"]);
    assert_eq!((done.status, done.stderr.as_str()), (Some(1), ""));
    let errors: Vec<serde_json::Value> = done
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<_> = errors
        .iter()
        .map(|error| error["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["TypeError", "NameError"]);
    let expected = serde_json::json!({
        "level": "error", "message": "expected `i32`, got `str`", "file": "a.spy",
        "start_line": 2, "start_col": 11, "end_line": 2, "end_col": 14, "source": "\"x\"",
    });
    assert_eq!(errors[0]["annotations"][0], expected);
    assert_eq!(errors[0]["traceback"][0]["kind"], "redshift");
}

#[test]
fn build_and_redshift_write_objects_to_standard_error() {
    for command in ["build", "redshift"] {
        let done = with_file(WRONG, &[command, "--error-format=json", "a.spy"]);
        assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""));
        let error: serde_json::Value = serde_json::from_str(&done.stderr).unwrap();
        assert_eq!(error["message"], "mismatched types");
    }
}

#[test]
fn build_leaves_an_executable() {
    let dir = files(&[("a.spy", HELLO)]);
    check(
        &run(dir.path(), &["build", "a.spy"]),
        0,
        "[release] build/a\n",
        "",
    );
    assert!(dir.path().join("build/a").is_file());
    check(
        &run(dir.path(), &["build", "--debug", "-o", "out", "a.spy"]),
        0,
        "[debug] out\n",
        "",
    );
    check(
        &run(dir.path(), &["build", "-o", "out", "--run", "a.spy"]),
        0,
        "hello\n",
        "",
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let text = "def main() -> None:\n    while True:\n        print(\"again\")\n";
    let dir = files(&[("a.spy", text)]);
    let mut child = spy(dir.path())
        .arg("a.spy")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(141), &b""[..])
    );
}

#[test]
fn modules_are_found_beside_the_main_file() {
    let dir = files(&[]);
    let sub = dir.path().join("sub");
    fs::create_dir(&sub).unwrap();
    fs::write(
        sub.join("a.spy"),
        "import b\ndef main() -> None:\n    b.fail()\n",
    )
    .unwrap();
    fs::write(
        sub.join("b.spy"),
        "def fail() -> None:\n    raise ValueError(\"bad\")\n",
    )
    .unwrap();
    let done = run(dir.path(), &["sub/a.spy"]);
    let places = [
        "  * a::main at sub/a.spy:3\n",
        "  * b::fail at sub/b.spy:2\n",
    ];
    assert!(
        places.iter().all(|place| done.stderr.contains(place)),
        "{done:?}"
    );
    fs::write(sub.join("b.spy"), b"\xff").unwrap();
    let done = run(dir.path(), &["sub/a.spy"]);
    assert!(
        done.stderr
            .contains("cannot read `sub/b.spy`: not valid UTF-8"),
        "{done:?}"
    );
    fs::write(sub.join("b.spy"), "x = \n").unwrap();
    let done = run(Path::new("/"), &[&sub.join("a.spy").to_string_lossy()]);
    assert!(done.stderr.contains("ParseError: "), "{done:?}");
}

#[test]
fn folders_are_packages() {
    let dir = files(&[
        (
            "a.spy",
            "import p.q\nfrom p import top, r\nimport empty.s as s\n\n\
             def main() -> None:\n    print(p.q.f(), top, r.X, s.Y)\n",
        ),
        ("p/__init__.spy", "top = 1\n"),
        ("p/q.spy", "def f() -> i32:\n    return 2\n"),
        ("p/r.spy", "X = 3\n"),
        ("empty/s.spy", "Y = 4\n"),
    ]);
    check(&run(dir.path(), &["a.spy"]), 0, "2 1 3 4\n", "");
    check(
        &run(dir.path(), &["build", "--run", "a.spy"]),
        0,
        "2 1 3 4\n",
        "",
    );
}

#[test]
fn misspelt_modules_get_a_suggestion() {
    let dir = files(&[
        (
            "a.spy",
            "import pakage.mod\n\ndef main() -> None:\n    pass\n",
        ),
        (
            "b.spy",
            "import package.mode\n\ndef main() -> None:\n    pass\n",
        ),
        ("package/mod.spy", "X = 1\n"),
    ]);
    let done = run(dir.path(), &["check", "b.spy"]);
    assert!(
        done.stderr.contains("did you mean `package.mod`?"),
        "{}",
        done.stderr
    );
    let done = run(dir.path(), &["check", "a.spy"]);
    assert!(
        done.stderr.contains("module `pakage.mod` does not exist"),
        "{}",
        done.stderr
    );
}

#[test]
fn main_gets_its_arguments() {
    let text = "
def main(argv: list[str]) -> i32:
    print(argv[1:])
    return len(argv)
";
    for command in [
        &["a.spy"][..],
        &["rs", "-x", "a.spy"],
        &["build", "-x", "a.spy"],
    ] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--timeit", "x y"]).collect();
        let done = with_file(text, &arguments);
        assert_eq!(done.status, Some(3), "{done:?}");
        assert_eq!(done.stdout, "['--timeit', 'x y']\n", "{done:?}");
    }
}

#[test]
fn build_takes_options_after_the_file() {
    let dir = files(&[("a.spy", "def main() -> None:\n    print('built')\n")]);
    for arguments in [
        &["build", "a.spy", "-o", "one"][..],
        &["build", "--release", "a.spy", "-o", "two"],
        &["build", "-o", "three", "a.spy"],
    ] {
        let done = run(dir.path(), arguments);
        assert_eq!(done.status, Some(0), "{done:?}");
    }
    for name in ["one", "two", "three"] {
        assert!(dir.path().join(name).exists(), "{name}");
    }
    let done = run(dir.path(), &["build", "a.spy", "--run"]);
    assert_eq!(done.stdout, "built\n", "{done:?}");
}

/// Raises in handlers and `finally` clauses.
const CHAIN: &str = "class AppError(Exception):\n    pass\n\ndef f(n: i32) -> None:\n    \
                     try:\n        print([1][n])\n    except IndexError:\n        \
                     raise AppError(\"late\")\n\ndef main() -> None:\n    try:\n        f(3)\n    \
                     finally:\n        var zero = 0\n        print(1 // zero)\n";

/// The headlines of reports and what stands between them.
fn chain(report: &str) -> Vec<&str> {
    let is_told = |line: &&str| {
        let is_headline = line.contains("Error") && !line.starts_with("  ");
        is_headline || line.ends_with("exception:") || line.ends_with("occurred:")
    };
    report.lines().filter(is_told).collect()
}

#[test]
fn exceptions_tell_what_was_being_handled() {
    let during = "During handling of the above exception, another exception occurred:";
    let direct = "The above exception was the direct cause of the following exception:";
    let division = "ZeroDivisionError: integer division or modulo by zero";
    let implicit = vec!["IndexError: ", during, "AppError: late", during, division];
    let from_cause = CHAIN.replace(
        "IndexError:\n        raise AppError(\"late\")",
        "IndexError as e:\n        raise AppError(\"late\") from e",
    );
    let from_none = CHAIN.replace("(\"late\")", "(\"late\") from None");
    let again = "def main() -> None:\n    try:\n        raise ValueError(\"a\")\n    \
                 except ValueError as e:\n        try:\n            raise KeyError(\"b\")\n        \
                 except KeyError:\n            raise e\n";
    let told = [
        (CHAIN, implicit),
        (
            &from_cause,
            vec!["IndexError: ", direct, "AppError: late", during, division],
        ),
        (&from_none, vec!["AppError: late", during, division]),
        (again, vec!["KeyError: b", during, "ValueError: a"]),
    ];
    for (text, expected) in told {
        for arguments in [
            &["a.spy"][..],
            &["rs", "-x", "a.spy"],
            &["build", "-x", "a.spy"],
            &["build", "--debug", "-x", "a.spy"],
        ] {
            let done = with_file(text, arguments);
            assert_eq!(done.status, Some(1), "{arguments:?}");
            assert_eq!(chain(&done.stderr), expected, "{arguments:?} {text}");
        }
    }
}
