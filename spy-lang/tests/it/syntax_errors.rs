//! Messages and lines of grammar errors; the wording is CPython 3.12's.

use spy_lang::diagnostics::{ErrorKind, Level};
use spy_lang::source::SourceMap;
use spy_lang::syntax::parse;

/// Compares the errors of a text with `line: message` entries.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let mut sources = SourceMap::default();
    let file = sources.add("m.spy", text);
    let parsed = parse(&sources, file);
    let mut found = Vec::new();
    for diagnostic in &parsed.diagnostics {
        assert_eq!(diagnostic.kind, ErrorKind::ParseError);
        let [annotation] = diagnostic.annotations.as_slice() else {
            panic!("one annotation expected: {diagnostic:?}");
        };
        assert_eq!(annotation.level, Level::Error);
        let line = sources.start(annotation.span).line;
        if annotation.text.is_empty() {
            assert_eq!(
                sources.text(annotation.span),
                sources.file(file).line_text(line)
            );
        }
        found.push(format!("{line}: {}", diagnostic.message));
    }
    assert_eq!(found, expected, "\n{text}");
}

#[test]
fn a_missing_block_names_the_header_and_points_at_what_follows() {
    check(
        "def f() -> int:\nreturn 1",
        &["2: expected an indented block after function definition on line 1"],
    );
    check(
        "if x:\ny = 1",
        &["2: expected an indented block after 'if' statement on line 1"],
    );
    check(
        "if x:\n",
        &["1: expected an indented block after 'if' statement on line 1"],
    );
    check(
        "\nfor x in y:\nz",
        &["3: expected an indented block after 'for' statement on line 2"],
    );
    check(
        "while x:\nz",
        &["2: expected an indented block after 'while' statement on line 1"],
    );
    check(
        "class C:\nz",
        &["2: expected an indented block after class definition on line 1"],
    );
    check(
        "with x:\nz",
        &["2: expected an indented block after 'with' statement on line 1"],
    );
    check(
        "if x:\n  y\nelse:\nz",
        &["4: expected an indented block after 'else' statement on line 3"],
    );
    check(
        "if x:\n  y\nelif a:\nz",
        &["4: expected an indented block after 'elif' statement on line 3"],
    );
    check(
        "match x:\nz",
        &["2: expected an indented block after 'match' statement on line 1"],
    );
    check(
        "match x:\n  case 1:\n  case 2: y",
        &["3: expected an indented block after 'case' statement on line 2"],
    );
    check(
        "try:\n  x\nexcept:\ny",
        &["4: expected an indented block after 'except' statement on line 3"],
    );
}

#[test]
fn indentation() {
    check("  x = 1", &["1: unexpected indent"]);
    check("x = 1\n  y = 2\nz = 3", &["2: unexpected indent"]);
    check(
        "if x:\n    y\n  z",
        &["3: unindent does not match any outer indentation level"],
    );
    check(
        "if x:\n\ty\n        z",
        &["3: inconsistent use of tabs and spaces in indentation"],
    );
    check("if x:\n\ty\n\tz\n", &[]);
    check("if x:\r\n  y\rz = 1\r\n", &[]);
    check("\u{FEFF}x = 1\n\x0C  \n  # comment\ny = 2", &[]);
    check("x = 1 + \\\n  2\n", &[]);
    check("x = [\n1,\n  2,\n]\n", &[]);
}

#[test]
fn brackets() {
    check("x = (1\ny = 2\n", &["1: '(' was never closed"]);
    check("x = [1, 2", &["1: '[' was never closed"]);
    check(
        "x = f(a,\ndef g():\n  y z\n",
        &["1: '(' was never closed", "3: invalid syntax"],
    );
    check("x = )", &["1: unmatched ')'"]);
    check(
        "x = (1]",
        &["1: closing parenthesis ']' does not match opening parenthesis '('"],
    );
    check(
        "x = (\n1]",
        &["2: closing parenthesis ']' does not match opening parenthesis '(' on line 1"],
    );
}

#[test]
fn tokens() {
    check(
        "x = \"abc",
        &["1: unterminated string literal (detected at line 1)"],
    );
    check(
        "x = '''abc\ny\n",
        &["1: unterminated triple-quoted string literal (detected at line 2)"],
    );
    check(
        "x = f'abc\ny = 1",
        &["1: unterminated f-string literal (detected at line 1)"],
    );
    check(
        "x = 0777",
        &[
            "1: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        ],
    );
    check("x = 1_", &["1: invalid decimal literal"]);
    check("x = 1abc", &["1: invalid decimal literal"]);
    check("x = 0x", &["1: invalid hexadecimal literal"]);
    check("x = 0b2", &["1: invalid digit '2' in binary literal"]);
    check("x = 0o8", &["1: invalid digit '8' in octal literal"]);
    check("x = 1if y else 2", &[]);
    check(
        "x = 1_000 + 0xFF + 0O17 + 0b1_1 + 1. + .5 + 1e3 + 00 + 012.5 + 3J",
        &[],
    );
    check(
        "x = a\\ b",
        &["1: unexpected character after line continuation character"],
    );
    check("x = $", &["1: invalid syntax"]);
    check("x = `a`", &["1: invalid syntax"]);
    check("x = €", &["1: invalid character '€' (U+20AC)"]);
    check(
        "x = \u{a0}1",
        &["1: invalid non-printable character U+00A0"],
    );
    check(
        r#"x = "\x1""#,
        &[
            r"1: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \xXX escape",
        ],
    );
    check(
        r#"x = b"\x1""#,
        &[r"1: (value error) invalid \x escape at position 0"],
    );
    check(
        "x = b'é'",
        &["1: bytes can only contain ASCII literal characters"],
    );
    check(
        "x = 'a' b'b'",
        &["1: cannot mix bytes and nonbytes literals"],
    );
}

#[test]
fn null_bytes_are_reported_once() {
    let message = "source code cannot contain null bytes";
    check("x = \"a\0b\"\ny = \0\0", &[&format!("1: {message}")]);
    check("x = 1\n# \0", &[&format!("2: {message}")]);
}

#[test]
fn line_ends_of_every_kind() {
    check("def f():\r\n    x = (1,\r\n  2)\r    return x\r\n", &[]);
    check("x = '''a\r\nb'''\r\ny = = 1\r\n", &["3: invalid syntax"]);
    check("", &[]);
    check("\n\n", &[]);
    check("# comment", &[]);
    check("x = 1 \\\r\n + 2", &[]);
}

#[test]
fn statements() {
    check("x = ", &["1: invalid syntax"]);
    check("a b", &["1: invalid syntax"]);
    check("(a b)", &["1: invalid syntax. Perhaps you forgot a comma?"]);
    check(
        "print x",
        &["1: Missing parentheses in call to 'print'. Did you mean print(...)?"],
    );
    check("if x\n  y", &["1: expected ':'"]);
    check("class C\n  x", &["1: expected ':'"]);
    check("def f\n  x", &["1: expected '('"]);
    check("def f[T = int](x: T): pass", &["1: expected '('"]);
    check(
        "def f(a, (b, c)): pass",
        &["1: Function parameters cannot be parenthesized"],
    );
    check(
        "if x = 1: pass",
        &["1: invalid syntax. Maybe you meant '==' or ':=' instead of '='?"],
    );
    check("x = 5 if y", &["1: expected 'else' after 'if' expression"]);
    check("else: pass", &["1: invalid syntax"]);
    check("try:\n  x\ny", &["3: expected 'except' or 'finally' block"]);
    check("@x\ny = 1", &["2: invalid syntax"]);
    check(
        "from x import a,",
        &["1: trailing comma not allowed without surrounding parentheses"],
    );
    check(
        "except A, B: pass",
        &["1: multiple exception types must be parenthesized"],
    );
    check("match x\n  case 1: pass", &["1: expected ':'"]);
}

#[test]
fn targets() {
    check(
        "f() = 1",
        &["1: cannot assign to function call here. Maybe you meant '==' instead of '='?"],
    );
    check(
        "1 = x",
        &["1: cannot assign to literal here. Maybe you meant '==' instead of '='?"],
    );
    check("a = 1 = b", &["1: cannot assign to literal"]);
    check("None = 1", &["1: cannot assign to None"]);
    check("for 1 in x: pass", &["1: cannot assign to literal"]);
    check("del f()", &["1: cannot delete function call"]);
    check(
        "(a, b) += 1",
        &["1: 'tuple' is an illegal expression for augmented assignment"],
    );
    check(
        "(a, b): int",
        &["1: only single target (not tuple) can be annotated"],
    );
    check(
        "(a.b := 1)",
        &["1: cannot use assignment expressions with attribute"],
    );
}

#[test]
fn arguments_and_parameters() {
    check(
        "f(a=1, 2)",
        &["1: positional argument follows keyword argument"],
    );
    check(
        "f(**k, a)",
        &["1: positional argument follows keyword argument unpacking"],
    );
    check("f(a=1, a=2)", &["1: keyword argument repeated: a"]);
    check(
        "f(a.b=3)",
        &["1: expression cannot contain assignment, perhaps you meant \"==\"?"],
    );
    check(
        "f(x for x in y, 1)",
        &["1: Generator expression must be parenthesized"],
    );
    check(
        "def f(a=1, b): pass",
        &["1: parameter without a default follows parameter with a default"],
    );
    check("def f(*): pass", &["1: named arguments must follow bare *"]);
    check(
        "def f(**a, b): pass",
        &["1: arguments cannot follow var-keyword argument"],
    );
    check(
        "def f(/, a): pass",
        &["1: at least one argument must precede /"],
    );
    check(
        "def f(*a, *b): pass",
        &["1: * argument may appear only once"],
    );
}

#[test]
fn fstrings() {
    check(
        "x = f\"{a b}\"",
        &["1: f-string: invalid syntax. Perhaps you forgot a comma?"],
    );
    check(
        "x = f\"{}\"",
        &["1: f-string: valid expression required before '}'"],
    );
    check("x = f\"{a\"", &["1: f-string: expecting '}'"]);
    check("x = f\"}\"", &["1: f-string: single '}' is not allowed"]);
    check(
        "x = f\"{a!x}\"",
        &["1: f-string: invalid conversion character 'x': expected 's', 'r', or 'a'"],
    );
    check(
        "x = f\"{a!r:>{w}} {{}} {b=} {'q'} {f'{c}'} \\N{BULLET}\"",
        &[],
    );
}

#[test]
fn where_statements_make_sense() {
    check("def f():\n  break", &["2: 'break' outside loop"]);
    check(
        "def f():\n  continue",
        &["2: 'continue' not properly in loop"],
    );
    check(
        "def f():\n  for x in y:\n    def g():\n      break",
        &["4: 'break' outside loop"],
    );
    check(
        "def f():\n  for x in y: pass\n  else: break",
        &["3: 'break' outside loop"],
    );
}

#[test]
fn ends_of_texts() {
    check("x = 1 \\\n", &["1: unexpected EOF while parsing"]);
    check("x = 1\\", &["1: unexpected EOF while parsing"]);
    check("x = (1,\\\n", &["1: '(' was never closed"]);
    check(
        "x = \"\"\"a\nb\n",
        &["1: unterminated triple-quoted string literal (detected at line 2)"],
    );
}

#[test]
fn declarations() {
    check("var x = 1\nconst y: T = 2\nvar z: T", &[]);
    check(
        "var = 3\nprint(var)\nx = const + 1\ny = var in xs\nz = var if c else d",
        &[],
    );
    check("var x", &["1: missing type or value in declaration"]);
    check("for var i in x: pass", &["1: invalid syntax"]);
    check("def f(var a: i32): pass", &["1: invalid syntax"]);
    check("if x: var y = 1; const z = 2", &[]);
    check("var \\\n  x = 1", &[]);
}

#[test]
fn soft_keywords_are_names_elsewhere() {
    check(
        "match = 1\nmatch.x = 2\nmatch(x)\nmatch[0] = 1\nmatch -x",
        &[],
    );
    check("case = 1\ncase: int = 2\ntype = 3\ntype(x)\n_ = match", &[]);
    check(
        "match x:\n  case case: match = 1\n  case (a, *_): pass",
        &[],
    );
    check(
        "match (x):\n  case {'a': 1, **r} | C(y=2) as z if z: pass",
        &[],
    );
    check("match -x:\n  case -1 | 1+2j | None | a.b: pass", &[]);
}

#[test]
fn prefixed_literals_are_checked_while_parsing() {
    let message = "1: i8 literal 300 is out of range [-128, 127]";
    check("x = i8(300)", &[message]);
    check("x = i8(-128); y = u64(18446744073709551615)", &[]);
    check("x = u8(-1)", &["1: u8 literal -1 is out of range [0, 255]"]);
}

#[test]
fn embedded_blocks() {
    check(
        "x = __block__(1)",
        &["1: __block__ requires a single string literal argument"],
    );
    check("x = __block__('')", &["1: __block__ body is empty"]);
    check(
        "x = __block__('a = 1')",
        &["1: __block__ last statement must be an expression (the result)"],
    );
    check("x = __block__('''\n  a = 1\n  a + 1\n''')", &[]);
    check("x = __block__('a b')", &["1: invalid syntax"]);
}

#[test]
fn each_broken_line_is_reported_and_the_rest_is_parsed() {
    check(
        "x = = 1\ndef f(:\n  y y\n  z = 1\ny = 2 3\n",
        &[
            "1: invalid syntax",
            "2: '(' was never closed",
            "3: invalid syntax",
            "5: invalid syntax",
        ],
    );
    check(
        "if x y:\n  a b\nelse:\n  c d\n",
        &[
            "1: invalid syntax",
            "2: invalid syntax",
            "4: invalid syntax",
        ],
    );
    check(
        "x = foo(1\ny = 2\nz = 3 +\n",
        &["1: '(' was never closed", "3: invalid syntax"],
    );
}
