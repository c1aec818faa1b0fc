//! The text form of trees.

use spy_lang::source::SourceMap;
use spy_lang::syntax::{ScopeLabel, dump, parse};

fn dumped(text: &str) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add("m.spy", text);
    let parsed = parse(&sources, file);
    assert_eq!(parsed.diagnostics, []);
    dump(&parsed.module, &|id| match id {
        Some(id) => ScopeLabel {
            name: format!("m::{}", id.0),
            color: "red",
            kind: "function",
        },
        None => ScopeLabel {
            name: "m".to_owned(),
            color: "blue",
            kind: "module",
        },
    })
}

#[test]
fn a_small_program() {
    insta::assert_snapshot!(dumped(
        "def main(n: i32) -> None:\n    \"doc\"\n    return n * 2\n"
    ));
}

#[test]
fn everything_the_grammar_knows() {
    insta::assert_snapshot!(dumped(include_str!("everything.spy")));
}

#[test]
fn statements_of_the_vocabulary() {
    insta::assert_snapshot!(dumped(
        "import m, a.b as c\nfrom a.b import d\nx = u8(3)\nconst y: i32 = f32(3.5)\n\
         @blue.generic\ndef f(a, *b):\n    a.b = c.d(1)\n    a[0, 1:2] = -b\n    a, b = c\n    \
         for i in a: assert i, 'm'\n    raise E('x')\n    a = b = {1: b'x'}\n\
         @struct\nclass P[T]:\n    x: T\n"
    ));
}

#[test]
fn literals_as_python_shows_them() {
    let text = dumped("x = '\\x7f\\xa0é\\u2028', b\"it's\", f32(0.1), f32(3), 1e16, -1j\n");
    let values = text.lines().filter(|line| line.contains("Literal(value"));
    let values: Vec<_> = values.map(str::trim).collect();
    assert_eq!(
        values,
        [
            "name=StrLiteral(value='x'),",
            "StrLiteral(value='\\x7f\\xa0é\\u2028'),",
            "BytesLiteral(value=b\"it's\"),",
            "Literal(value=c_float(0.10000000149011612)),",
            "Literal(value=c_float(3.0)),",
            "Literal(value=1e+16),",
            "value=Literal(value=1j),",
        ]
    );
}
