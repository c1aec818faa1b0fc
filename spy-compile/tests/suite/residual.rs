//! What `spy colorize` and `spy redshift` show of a program, and in which forms.

use std::fs;

use crate::cli::{WRONG, check, files, with_file};
use crate::command::run;

const COLORED: &str = "N = 2\n\n@blue\ndef twice(n):\n    return n * 2\n\n\
                       def main() -> None:\n    x = twice(N)\n    var k = 3\n    print(k < x, \"<é>\")\n";

#[test]
fn colors_are_shown_as_json() {
    let hello = "def main() -> None:\n    print(\"hi\")\n";
    let shown = "[\n  {\"line\": 2, \"col\": 4, \"length\": 11, \"type\": \"red\"},\n  \
                 {\"line\": 2, \"col\": 4, \"length\": 5, \"type\": \"blue\"},\n  \
                 {\"line\": 2, \"col\": 10, \"length\": 4, \"type\": \"blue\"}\n]\n";
    check(
        &with_file(hello, &["colorize", "-f", "json", "a.spy"]),
        0,
        shown,
        "",
    );
    let done = with_file(COLORED, &["colorize", "-f", "json", "a.spy"]);
    let entries: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    let entries: Vec<String> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let part = |key: &str| entry[key].to_string();
            let color = entry["type"].as_str().unwrap();
            format!(
                "{}:{}+{} {color}",
                part("line"),
                part("col"),
                part("length")
            )
        })
        .collect();
    let expected = [
        "8:8+8 blue",
        "8:8+5 blue",
        "8:14+1 blue",
        "9:12+1 blue",
        "10:4+19 red",
        "10:4+5 blue",
        "10:10+5 red",
        "10:10+1 red",
        "10:14+1 blue",
        "10:17+5 blue",
    ];
    assert_eq!(entries, expected);
    check(
        &with_file("N = 1\n", &["colorize", "-f", "json", "a.spy"]),
        0,
        "[]\n",
        "",
    );
}

#[test]
fn colors_are_shown_on_terminals() {
    let (red, blue, none) = (
        "\x1b[0m\x1b[30;48;5;174m",
        "\x1b[0m\x1b[30;48;5;110m",
        "\x1b[0m",
    );
    let text = "def f(n: i32) -> i32:\n    return (n +\n            1)\n";
    let shown = format!(
        "def f(n: i32) -> i32:\n    return ({red}n +{none}\n{red}            {blue}1{none})\n"
    );
    check(&with_file(text, &["colorize", "a.spy"]), 0, &shown, "");
}

#[test]
fn colors_are_shown_as_a_page() {
    let dir = files(&[("a.spy", COLORED)]);
    let done = run(dir.path(), &["colorize", "--format", "html", "a.spy"]);
    check(&done, 0, "Written build/a_colorize.html\n", "");
    let page = fs::read_to_string(dir.path().join("build/a_colorize.html")).unwrap();
    for part in [
        "<h2>Source</h2>",
        "<h2>Redshifted</h2>",
        "<span class=\"blue\" title=\"i32 = 4\"><span class=\"blue\" title=\"@blue def(dynamic) -&gt; dynamic = a::twice\">twice</span>(<span class=\"blue\" title=\"i32 = 2\">N</span>)</span>",
        "<span class=\"red\" title=\"bool\"><span class=\"red\" title=\"i32\">k</span> &lt; ",
        ">&quot;&lt;é&gt;&quot;</span>)</span>",
        "<span class=\"row\">    k: i32 = 3\n</span>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    for remote in ["http:", "https:", "src=", "href="] {
        assert!(!page.contains(remote), "{remote}");
    }
}

#[test]
fn what_has_no_colors_is_an_error() {
    for format in ["spy", "json", "html"] {
        let done = with_file(WRONG, &["colorize", "-f", format, "a.spy"]);
        assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""));
        assert!(done.stderr.contains("mismatched types"), "{}", done.stderr);
    }
    // What compile-time code prints does not get into the result.
    let noisy = "@blue\ndef f():\n    print(1)\n\nX = f()\n";
    check(
        &with_file(noisy, &["colorize", "-f", "json", "a.spy"]),
        0,
        "[]\n",
        "",
    );
}

#[test]
fn the_redshifted_program_is_shown_as_a_page() {
    let dir = files(&[("a.spy", COLORED)]);
    let done = run(dir.path(), &["redshift", "-f", "html", "a.spy"]);
    check(&done, 0, "Written build/a_rs.html\n", "");
    let page = fs::read_to_string(dir.path().join("build/a_rs.html")).unwrap();
    assert!(
        page.contains("<span class=\"row\">    k: i32 = 3\n</span>"),
        "{page}"
    );
}

const EFFECTS: &str = "def tick(x: i32) -> i32:
    return x

def three(a: i32, b: i32, c: i32) -> i32:
    return a + b + c

def seq(x: i32) -> i32:
    return three(x, tick(1) + tick(2), x)

def sc(a: bool) -> bool:
    return a and (tick(1) + tick(2) == 3)

def count(n: i32) -> i32:
    var i = 0
    while tick(i) < n:
        i += 1
    else:
        i = 7
    assert i == 7, str(tick(i))
    return i if i == 8 else tick(9)

def main() -> None:
    print(seq(4), sc(True))
    print(count(2), (n := tick(5)) + n)
";

const LINEAR: &str = "def tick(x: i32) -> i32:
    return x

def three(a: i32, b: i32, c: i32) -> i32:
    return a + b + c

def seq(x: i32) -> i32:
    $v0: i32 = x
    $v1: i32 = `a::tick`(1)
    $v2: i32 = `a::tick`(2)
    return `a::three`($v0, $v1 + $v2, x)

def sc(a: bool) -> bool:
    if a:
        $v0: i32 = `a::tick`(1)
        $v1: i32 = `a::tick`(2)
        $v2: bool = $v0 + $v1 == 3
    else:
        $v2 = a
    return $v2

def count(n: i32) -> i32:
    i: i32 = 0
    while True:
        $v0: i32 = `a::tick`(i)
        if not $v0 < n:
            i = 7
            break
        i = i + 1
    if not i == 7:
        $v1: i32 = `a::tick`(i)
        assert False, `i32::__str__`($v1)
    if i == 8:
        $v2: i32 = i
    else:
        $v2 = `a::tick`(9)
    return $v2

def main() -> None:
    $t0: i32 = `a::seq`(4)
    $t1: bool = `a::sc`(True)
    `_print::print1[i32]`($t0)
    `_print::println[bool]`($t1)
    $t2: i32 = `a::count`(2)
    $v0: i32 = `a::tick`(5)
    $v1: i32 = n := $v0
    $t3: i32 = $v1 + n
    `_print::print1[i32]`($t2)
    `_print::println[i32]`($t3)
";

#[test]
fn evaluation_order_is_made_explicit() {
    check(
        &with_file(EFFECTS, &["redshift", "--linearize", "a.spy"]),
        0,
        LINEAR,
        "",
    );
    let output = "11 True\n9 10\n";
    check(&with_file(EFFECTS, &["a.spy"]), 0, output, "");
    let done = with_file(EFFECTS, &["redshift", "--linearize", "-x", "a.spy"]);
    check(&done, 0, output, "");
}

#[test]
fn literals_of_the_library_have_plain_names() {
    let text = "def f(n: i32) -> None:
    t = (n, \"a\")
    x, y = t
    lst = [1, 2]
    lst[0] = n
    s = \"abc\"[0:2]
    for q in lst:
        print(q)
";
    let shown = "def f(n: i32) -> None:
    t: `tuple[i32, str]` = `tuple[i32, str]::__make__`(n, 'a')
    x, y = t
    lst: `list[i32]` = `list[i32]::_push`(`list[i32]::_push`(`list[i32]::new`(), 1), 2)
    `list[i32]::_setitem_int`(lst, 0, n)
    s: str = `_str::methods::__getitem__::_getitem_slice`('abc', `slice::__new__::impl4`(0, 2))
    _$iter0: `list[i32]::list_iterator` = `list[i32]::__fastiter__`(lst)
    while `list[i32]::list_iterator::__continue_iteration__`(_$iter0):
        q: i32 = `list[i32]::list_iterator::__item__`(_$iter0)
        _$iter0 = `list[i32]::list_iterator::__next__`(_$iter0)
        `_print::println[i32]`(q)
";
    check(&with_file(text, &["redshift", "a.spy"]), 0, shown, "");
}
