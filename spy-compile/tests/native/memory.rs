//! Pointers, references and lists: memory that programs make, and memory they start with.

use spy_compile::{BuildOptions, build_executable};

use crate::source::{check, program};

#[test]
fn pointers_and_references() {
    check(
        "
from unsafe import gc_alloc, gc_ptr

@struct
class Node:
    val: i32
    next: gc_ptr[Node]

@struct
class Line:
    a: i32
    b: i32
    def span(self) -> i32:
        return self.b - self.a

def push(head: gc_ptr[Node], v: i32) -> gc_ptr[Node]:
    n = gc_alloc[Node](1)
    n.val = v
    n.next = head
    return n

def total(head: gc_ptr[Node]) -> i32:
    t = 0
    p = head
    while p:
        t += p.val
        p = p.next
    return t

def main() -> None:
    h = gc_ptr[Node].NULL
    h = push(h, 1)
    h = push(h, 41)
    print(total(h))
    arr = gc_alloc[Line](2)
    arr[0] = Line(1, 4)
    r = arr[0]
    r.b = 10
    snap: Line = arr[0]
    arr[0].a = 0
    print(snap.a, r.a, arr.a, arr[0].span())
    print(arr == arr, arr == gc_alloc[Line](1))
",
        "42\n1 0 0 10\nTrue False\n",
    );
}

#[test]
fn items_of_every_scalar_type() {
    check(
        "
from unsafe import raw_alloc, gc_alloc, gc_ptr

@struct
class Mixed:
    a: i8
    b: f32
    c: u8
    d: f64
    e: bool
    f: str
    g: i64
    h: u32

def fill(p: gc_ptr[Mixed], i: i32) -> None:
    p[i] = Mixed(-1, 1.5, 255, 2.25, True, 'x' * i, -5, 7)

def main() -> None:
    p = gc_alloc[Mixed](3)
    i = 0
    while i < 3:
        fill(p, i)
        i = i + 1
    m = p[2]
    print(m.a, m.c, m.d, m.e, m.f, m.g, m.h, p[1].f, p.f)
    q = raw_alloc[f64](4)
    q[3] = 0.5
    print(q[0], q[3])
    z = raw_alloc[complex128](2)
    z[1] = complex128(1.0, 2.0)
    print(z[0], z[1])
",
        "-1 255 2.25 True xx -5 7 x \n0.0 0.5\n0j (1+2j)\n",
    );
}

#[test]
fn blocks_of_items() {
    check(
        "
from unsafe import gc_alloc, ptr_move, ptr_setbytes, ptr_cmp

def main() -> None:
    a = gc_alloc[i32](5)
    i = 0
    while i < 5:
        a[i] = i
        i = i + 1
    b = gc_alloc[i32](5)
    ptr_move(b, a, 4)
    print(b[0], b[3], b[4], ptr_cmp(a, b, 4), ptr_cmp(a, b, 5), ptr_cmp(b, a, 5))
    ptr_setbytes(b, 255, 2)
    print(b[0], b[1], b[2])
",
        "0 3 0 0 1 -1\n-1 -1 2\n",
    );
}

#[test]
fn lists() {
    check(
        "
def primes(limit: i32) -> list[i32]:
    found: list[i32] = []
    i = 2
    while i < limit:
        prime = True
        for p in found:
            if i % p == 0:
                prime = False
                break
        if prime:
            found.append(i)
        i = i + 1
    return found

def main() -> None:
    ps = primes(100)
    print(len(ps), ps[0], ps[-1])
    names = ['a', 'b']
    names.append('c')
    for name in names:
        print(name)
",
        "25 2 97\na\nb\nc\n",
    );
}

#[test]
fn memory_of_compile_time_is_there_at_the_start() {
    check(
        "
from unsafe import gc_alloc, gc_ptr

@struct
class Node:
    name: str
    next: gc_ptr[Node]

def ring() -> gc_ptr[Node]:
    a = gc_alloc[Node](1)
    b = gc_alloc[Node](1)
    a.name = 'a'
    b.name = 'b'
    a.next = b
    b.next = a
    return a

RING = ring()
SAME = RING.next
var HEAD: gc_ptr[Node] = RING
NAMES = ['x', 'y']
MORE = NAMES

def main() -> None:
    print(RING.name, RING.next.name, RING.next.next.name)
    print(RING.next == SAME, HEAD == RING)
    SAME.name = 'c'
    HEAD = HEAD.next
    print(HEAD.name)
    NAMES.append('z')
    print(len(MORE), MORE[0], MORE[2])
",
        "a b a\nTrue True\nc\n3 x z\n",
    );
}

/// What a program ends with in a checked build.
fn error(body: &str) -> String {
    let source = format!(
        "
from unsafe import gc_alloc, gc_ptr, ptr_move, ptr_setbytes, ptr_cmp

@struct
class P:
    x: i32
    y: i32

def main() -> None:
    p = gc_alloc[P](2)
    n = gc_ptr[P].NULL
    i = 2
    {body}
"
    );
    let (program, main) = program(&source);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("app");
    build_executable(&program, main, &path, &BuildOptions::DEBUG).expect("the program compiles");
    let output = std::process::Command::new(&path)
        .output()
        .expect("the program runs");
    let stderr = String::from_utf8(output.stderr).expect("text");
    stderr.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn checked_builds_raise() {
    for (body, expected) in [
        ("print(p[i].x)", "PanicError: ptr_getitem out of bounds"),
        ("print(p[-1].x)", "PanicError: ptr_getitem out of bounds"),
        ("p[i] = P(1, 2)", "PanicError: ptr_store out of bounds"),
        (
            "print(n[0].x)",
            "PanicError: cannot dereference NULL pointer",
        ),
        ("print(n.x)", "PanicError: cannot dereference NULL pointer"),
        ("n.y = 1", "PanicError: cannot dereference NULL pointer"),
        ("ptr_move(p, n, 1)", "PanicError: ptr_move out of bounds"),
        ("ptr_move(p, n, 0)", ""),
        ("ptr_move(p, p, 3)", "PanicError: ptr_move out of bounds"),
        (
            "ptr_setbytes(p, 0, -1)",
            "PanicError: ptr_setbytes out of bounds",
        ),
        ("i = ptr_cmp(p, p, 3)", "PanicError: ptr_cmp out of bounds"),
        (
            "p = gc_alloc[P](-i)",
            "ValueError: negative allocation size",
        ),
    ] {
        assert_eq!(error(body), expected, "{body}");
    }
}

#[test]
fn large_memory_is_zeroed() {
    check(
        "
from unsafe import gc_alloc

def main() -> None:
    total = 0
    i = 0
    while i < 2000:
        p = gc_alloc[i64](i * 10)
        if i > 0:
            total = total + i32(p[i * 10 - 1])
            p[0] = 1
        i = i + 1
    print(total)
",
        "0\n",
    );
}

#[test]
fn references_of_compile_time_may_point_inside() {
    check(
        "
from unsafe import gc_alloc, gc_ptr

@struct
class Inner:
    name: str
    n: i32

@struct
class Outer:
    a: i32
    inner: Inner
    more: list[str]

def make() -> gc_ptr[Outer]:
    p = gc_alloc[Outer](3)
    p[1] = Outer(1, Inner('one', 10), ['p', 'q'])
    p[2] = Outer(2, Inner('two', 20), ['r'])
    return p

ALL = make()
ITEM = ALL[1]
INNER = ITEM.inner
TABLE = [['a'], ['b', 'c']]

def main() -> None:
    print(INNER.name, INNER.n, ITEM.a, ALL[2].inner.name)
    INNER.n = 11
    ALL[1].a = 5
    print(ITEM.inner.n, ALL[1].inner.n, ITEM.a)
    ITEM.more.append('s')
    print(ALL[1].more[2], len(ALL[2].more))
    TABLE[0].append('d')
    print(TABLE[0][1], TABLE[1][1], len(TABLE))
",
        "one 10 1 two\n11 11 5\ns 1\nd c 2\n",
    );
}

#[test]
fn stores_of_one_type_are_seen_through_other_pointers() {
    check(
        "
from unsafe import gc_alloc, gc_ptr

@struct
class P:
    x: i32
    y: f64

def swap(p: gc_ptr[P], q: gc_ptr[P]) -> i32:
    p.x = 1
    q.x = 2
    p.y = 1.0
    q.y = 2.0
    return p.x * 10 + i32(p.y)

def main() -> None:
    a = gc_alloc[P](1)
    b = gc_alloc[P](1)
    i = 0
    total = 0
    while i < 2:
        total = total * 100 + swap(a, b)
        total = total * 100 + swap(a, a)
        i = i + 1
    print(total)
",
        "11221122\n",
    );
}

#[test]
fn memory_that_is_not_there_raises() {
    let source = "
from unsafe import gc_alloc

@struct
class Wide:
    a: complex128
    b: complex128
    c: complex128
    d: complex128

def main() -> None:
    n = 2147483647
    i = 0
    while i < 4096:
        p = gc_alloc[Wide](n)
        p[i] = p[n - 1 - i]
        i = i + 1
    print('there')
";
    let run = crate::program::run(&program(source));
    let expected = "\n\nMemoryError: no memory left\n";
    assert!(run.stderr.ends_with(expected), "{}", run.stderr);
}
