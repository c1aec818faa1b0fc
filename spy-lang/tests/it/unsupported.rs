//! Constructs that are recognised and refused: message, annotation, place.

use spy_lang::source::SourceMap;
use spy_lang::syntax::{parse, unsupported};

/// Compares the refusals of a text with `message | annotation | text` entries.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let mut sources = SourceMap::default();
    let file = sources.add("m.spy", text);
    let parsed = parse(&sources, file);
    assert_eq!(parsed.diagnostics, [], "\n{text}");
    let found: Vec<String> = unsupported(&parsed.module)
        .iter()
        .map(|diagnostic| {
            let annotation = &diagnostic.annotations[0];
            let source = sources.text(annotation.span);
            let message = &diagnostic.message;
            match annotation.text.as_str() {
                "this is not supported" => format!("{message} | {source}"),
                other => format!("{message} | {other} | {source}"),
            }
        })
        .collect();
    assert_eq!(found, expected, "\n{text}");
}

/// The same for a statement inside a function.
#[track_caller]
fn check_nested(stmt: &str, expected: &[&str]) {
    check(&format!("def f():\n  {stmt}\n"), expected);
}

#[test]
fn only_definitions_stand_at_the_top_of_a_module() {
    for stmt in [
        "pass",
        "if x: pass",
        "x += 1",
        "f()",
        "del x",
        "a, b = c",
        "o.x = 1",
        "o[0] = 1",
        "return",
    ] {
        let expected = "only function and variable definitions are allowed at global scope";
        check(
            stmt,
            &[&format!("{expected} | this is not allowed here | {stmt}")],
        );
    }
    check(
        "'doc'\nimport m\nfrom m import a, b as c\nx = 1\nvar y: i32 = 2\n'ignored'\n",
        &[],
    );
    check(
        "x: i32",
        &["missing initial value for global variable | this is not allowed here | x: i32"],
    );
    check(
        "a = b = 1",
        &["not implemented yet: assign to multiple targets | a = b = 1"],
    );
    check(
        "from . import x",
        &["relative imports are not supported | from . import x"],
    );
}

#[test]
fn functions() {
    check(
        "def f(a, /): pass",
        &["positional-only arguments are not supported yet | a"],
    );
    check(
        "def f(*, a: int = 1): pass",
        &["keyword-only arguments are not supported yet | a: int"],
    );
    check(
        "def f(**k: int): pass",
        &["**kwargs is not supported yet | k: int"],
    );
    check(
        "@d\ndef f[T](): pass",
        &[
            "cannot use type parameters with decorators | remove the decorators or the type parameters | def f[T](): pass",
        ],
    );
    check("@blue\ndef f[T](): pass", &[]);
    check(
        "def f[T: int](): pass",
        &["bounded TypeVars are not supported yet | remove the bound | T: int"],
    );
    check(
        "def f[*T](): pass",
        &[
            "only plain TypeVar type parameters are supported | ParamSpec and TypeVarTuple are not supported yet | *T",
        ],
    );
    check_nested(
        "async def g(): pass",
        &["not implemented yet: AsyncFunctionDef | async def g(): pass"],
    );
}

#[test]
fn classes() {
    check(
        "class A(B, C): pass",
        &["base classes not supported yet | B"],
    );
    check(
        "class A(metaclass=M): pass",
        &["keywords in classes not supported yet | metaclass=M"],
    );
    check(
        "@d\n@struct\nclass A: pass",
        &["class decorators not supported yet | d"],
    );
}

#[test]
fn statements() {
    let refused = |stmt: &str, node: &str| {
        check_nested(stmt, &[&format!("not implemented yet: {node} | {stmt}")]);
    };
    refused("import m", "Import");
    refused("from m import a", "ImportFrom");
    refused("with a: pass", "With");
    refused("async with a: pass", "AsyncWith");
    refused("async for a in b: pass", "AsyncFor");
    refused("nonlocal a", "Nonlocal");
    refused("type X = int", "TypeAlias");
    refused("try: pass\n  except* A: pass", "TryStar");
    refused("match a:\n    case 1: pass", "Match");
}

#[test]
fn targets() {
    check_nested(
        "[a, b] = c",
        &["not implemented yet: assign to complex expressions | [a, b]"],
    );
    check_nested(
        "a, (b, c) = d",
        &["not implemented yet: assign to complex expressions | (b, c)"],
    );
    check_nested(
        "a, *b = d",
        &["not implemented yet: assign to complex expressions | *b"],
    );
    check_nested(
        "o.x, y = d",
        &["not implemented yet: assign to complex expressions | o.x"],
    );
    check_nested(
        "(a): int = 1",
        &["not supported: assignments targets with parentheses | a"],
    );
    check_nested(
        "o.x: int = 1",
        &["not supported: assignments targets with parentheses | o.x"],
    );
    check_nested(
        "for a, b[0] in c: pass",
        &["not implemented yet: complex for loop targets | a, b[0]"],
    );
}

#[test]
fn expressions() {
    let refused = |expr: &str, node: &str| {
        check(
            &format!("x = {expr}"),
            &[&format!("not implemented yet: {node} | {expr}")],
        );
    };
    refused("lambda: 1", "Lambda");
    refused("[a for a in b]", "ListComp");
    refused("{a for a in b}", "SetComp");
    refused("{a: b for a in b}", "DictComp");
    refused("(a for a in b)", "GeneratorExp");
    check("x = [*a]", &["not implemented yet: Starred | *a"]);
    check("x = f(*a)", &["not implemented yet: Starred | *a"]);
    check(
        "x = f(**a)",
        &["not implemented yet: keyword arguments | **a"],
    );
    check(
        "x = {**a}",
        &["not implemented yet: dict unpacking is unsupported. | a"],
    );
    check(
        "x = ...",
        &["unsupported literal: Ellipsis | this is not supported yet | ..."],
    );
    check_nested("yield 1", &["not implemented yet: Yield | yield 1"]);
    check_nested(
        "yield from a",
        &["not implemented yet: YieldFrom | yield from a"],
    );
}

#[test]
fn what_later_stages_can_do_passes() {
    check_nested("x = a if a < b < c else f(k=1)", &[]);
    check_nested("x = y = f'{+a}' not in ~b", &[]);
    check_nested("o.x += 1; o[0] -= 1; global g", &[]);
    check_nested("while a: pass\n  else: pass", &[]);
    check_nested("for a in b: pass\n  else: pass", &[]);
}
