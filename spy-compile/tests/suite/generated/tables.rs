//! The tables of operators and conversions: every pair of types, accepted or refused with exactly
//! the message, marks and notes that the table's rule gives.

use std::collections::BTreeMap;
use std::fmt::Write;

use spy_interp::{CaptureHost, Interp};
use spy_lang::diagnostics::{Diagnostic, Level};
use spy_lang::import::{self, NoFiles, Root};
use spy_lang::redshift::redshift_all;

use super::check_everywhere;

const INTEGERS: [&str; 6] = ["i8", "u8", "i32", "u32", "i64", "u64"];

/// Types with a value of each, and their names in messages.
const TYPES: [(&str, &str, &str); 13] = [
    ("i8", "i8(1)", "i8"),
    ("u8", "u8(1)", "u8"),
    ("i32", "1", "i32"),
    ("u32", "u32(1)", "u32"),
    ("i64", "i64(1)", "i64"),
    ("u64", "u64(1)", "u64"),
    ("f32", "f32(1)", "f32"),
    ("f64", "1.0", "f64"),
    ("complex128", "1j", "complex128"),
    ("bool", "True", "bool"),
    ("str", "\"1\"", "str"),
    ("bytes", "b\"1\"", "bytes"),
    ("None", "None", "types::NoneType"),
];

const ARITHMETIC: [(&str, &str); 7] = [
    ("+", "ADD"),
    ("-", "SUB"),
    ("*", "MUL"),
    ("/", "DIV"),
    ("//", "FLOORDIV"),
    ("%", "MOD"),
    ("**", "POW"),
];
const BITS: [(&str, &str); 5] = [
    ("<<", "LSHIFT"),
    (">>", "RSHIFT"),
    ("&", "AND"),
    ("|", "OR"),
    ("^", "XOR"),
];
const COMPARISONS: [(&str, &str); 6] = [
    ("==", "EQ"),
    ("!=", "NE"),
    ("<", "LT"),
    ("<=", "LE"),
    (">", "GT"),
    (">=", "GE"),
];
const IDENTITY: [(&str, &str); 2] = [("is", "IS"), ("is not", "ISNOT")];

/// What a row of a table says of a pair.
enum Cell {
    /// The type of the result.
    Result(&'static str),
    /// The message and the remarks, in order.
    Refused(String, Vec<(Level, String)>),
}

fn has(table: &[(&str, &str)], op: &str) -> bool {
    table.iter().any(|(symbol, _)| *symbol == op)
}

fn interned(name: &str) -> &'static str {
    let found = TYPES.iter().find(|(ty, ..)| *ty == name);
    found.expect("the name of a type").0
}

/// The type in which a mixed pair is computed, and whether it is mixed.
fn common(a: &str, b: &str) -> Option<(&'static str, bool)> {
    if a == b && matches!(a, "f32" | "f64" | "complex128") {
        return Some((interned(a), false));
    }
    let pair = |x: &str, others: &[&str]| {
        (a == x && others.contains(&b)) || (b == x && others.contains(&a))
    };
    if pair("f64", &["i8", "u8", "i32", "u32", "f32"]) {
        Some(("f64", true))
    } else if pair("f32", &["i32"]) {
        Some(("f32", true))
    } else if pair("complex128", &["i32", "f64"]) {
        Some(("complex128", true))
    } else {
        None
    }
}

/// The type of the result of an operator, if the pair has it.
fn result(op: &str, a: &str, b: &str) -> Option<&'static str> {
    let compares = has(&COMPARISONS, op);
    let is_int = |ty: &str| INTEGERS.contains(&ty);
    if has(&IDENTITY, op) {
        return (a == "None" || b == "None").then_some("bool");
    }
    if let Some((ty, mixed)) = common(a, b) {
        return if ty == "complex128" {
            match op {
                "==" | "!=" => Some("bool"),
                "+" | "-" | "*" | "/" => Some(ty),
                _ => None,
            }
        } else if compares {
            Some("bool")
        } else if has(&ARITHMETIC, op) && !(mixed && matches!(op, "//" | "%")) {
            Some(ty)
        } else {
            None
        };
    }
    match (a, b) {
        _ if a == b && is_int(a) && compares => Some("bool"),
        _ if a == b && is_int(a) => Some(if op == "/" { "f64" } else { interned(a) }),
        ("bool", "bool") if compares || matches!(op, "&" | "|" | "^") => Some("bool"),
        ("bool", "bool") => Some(if op == "/" { "f64" } else { "i32" }),
        ("bool", other) | (other, "bool") if !compares => with_bool(op, other),
        ("str", "str") if compares => Some("bool"),
        ("str", "str") => (op == "+").then_some("str"),
        ("str", "i8" | "u8" | "i32" | "u32") | ("i32", "str") => (op == "*").then_some("str"),
        ("None", "None") if matches!(op, "==" | "!=") => Some("bool"),
        _ => None,
    }
}

/// A bool counts as a number of the other type.
fn with_bool(op: &str, other: &str) -> Option<&'static str> {
    match other {
        _ if INTEGERS.contains(&other) => Some(if op == "/" { "f64" } else { interned(other) }),
        "f32" | "f64" if has(&ARITHMETIC, op) => Some(interned(other)),
        "complex128" if matches!(op, "+" | "-" | "*" | "/") => Some("complex128"),
        _ => None,
    }
}

fn message_name(ty: &str) -> &'static str {
    let found = TYPES.iter().find(|(name, ..)| *name == ty);
    found.expect("the name of a type").2
}

fn operator_cell(op: &str, name: &str, a: &str, b: &str) -> Cell {
    if let Some(result) = result(op, a, b) {
        return Cell::Result(result);
    }
    let (left, right) = (message_name(a), message_name(b));
    let called = (Level::Note, format!("operator::{name} called here"));
    let takes = match (a, op) {
        ("str", "+") => Some("str"),
        ("str", "*") => Some("i32"),
        _ => None,
    };
    if let Some(takes) = takes {
        let remarks = vec![
            (Level::Error, format!("expected `{takes}`, got `{right}`")),
            (Level::Note, "function defined here".to_owned()),
            called,
        ];
        return Cell::Refused("mismatched types".to_owned(), remarks);
    }
    let mut remarks = vec![
        (Level::Error, format!("this is `{left}`")),
        (Level::Error, format!("this is `{right}`")),
    ];
    if has(&IDENTITY, op) {
        let note = format!("cannot use `{op}` between value types as they don't have an identity");
        remarks.push((Level::Note, note));
    }
    remarks.push(called);
    Cell::Refused(format!("cannot do `{left}` {op} `{right}`"), remarks)
}

/// Whether a value of one type becomes one of another without being asked to.
fn converts(from: &str, to: &str) -> bool {
    from == to
        || match from {
            "i8" | "u8" => matches!(to, "i32" | "i64" | "f64"),
            "i32" => !matches!(to, "u64" | "str" | "bytes" | "None"),
            "u32" => matches!(to, "i32" | "i64" | "f64"),
            "i64" => matches!(to, "u64" | "f64"),
            "u64" => matches!(to, "i64" | "f64"),
            "f32" => to == "f64",
            "f64" => matches!(to, "f32" | "complex128"),
            "str" => to == "complex128",
            _ => false,
        }
}

fn conversion_cell(from: &str, to: &str, remarks: Vec<(Level, String)>) -> Cell {
    if converts(from, to) {
        return Cell::Result(interned(to));
    }
    let (expected, got) = (message_name(to), message_name(from));
    let first = (Level::Error, format!("expected `{expected}`, got `{got}`"));
    let remarks = std::iter::once(first).chain(remarks).collect();
    Cell::Refused("mismatched types".to_owned(), remarks)
}

/// A program of which each function is one cell, on two lines.
#[derive(Default)]
struct Program {
    text: String,
    cells: Vec<(String, Cell)>,
}

impl Program {
    fn add(&mut self, params: &str, result: &str, body: &str, what: String, cell: Cell) {
        let index = self.cells.len();
        let _ = writeln!(
            self.text,
            "def cell_{index}({params}) -> {result}:\n    {body}"
        );
        self.cells.push((what, cell));
    }

    /// Compares what the compiler says of each function with its cell.
    fn check(self) {
        spy_interp::on_big_stack(move || {
            let found = errors_by_line(&self.text);
            for (index, (what, cell)) in self.cells.iter().enumerate() {
                let found = found.get(&(2 * index + 2));
                match (cell, found) {
                    (Cell::Result(_), None) => {}
                    (Cell::Result(_), Some(found)) => panic!("{what}: {}", found.message),
                    (Cell::Refused(message, _), None) => panic!("{what} has no error `{message}`"),
                    (Cell::Refused(message, remarks), Some(found)) => {
                        let annotations = found.annotations.iter();
                        let annotations = annotations.map(|note| (note.level, note.text.clone()));
                        assert_eq!(&found.message, message, "{what}");
                        assert_eq!(&annotations.collect::<Vec<_>>(), remarks, "{what}");
                    }
                }
            }
        });
    }
}

/// All errors of a program, by the line of the innermost frame.
fn errors_by_line(text: &str) -> BTreeMap<usize, Diagnostic> {
    let (host, _) = CaptureHost::new();
    let mut interp = Interp::new(Box::new(host));
    let mut program = import::new_program();
    let root = Root::from_path("table.spy", text);
    let loaded = import::load(&mut program, &mut interp, &NoFiles, root);
    loaded.unwrap_or_else(|errors| panic!("{}", errors[0].message));
    let errors = redshift_all(&mut program, &mut interp, false);
    let by_line = errors.into_iter().map(|id| {
        let error = program.errors[id.0 as usize].clone();
        let frame = error.traceback.last().expect("errors have a place");
        (program.sources.start(frame.span).line as usize, error)
    });
    by_line.collect()
}

/// All binary operators; what `bytes` support is up to the library.
fn operator_cells() -> Vec<(&'static str, &'static str, &'static str, Cell)> {
    let tables: [&[(&str, &str)]; 4] = [&ARITHMETIC, &BITS, &COMPARISONS, &IDENTITY];
    let mut cells = Vec::new();
    for (a, ..) in TYPES.iter().filter(|(name, ..)| *name != "bytes") {
        for (b, ..) in TYPES.iter().filter(|(name, ..)| *name != "bytes") {
            for (op, name) in tables.into_iter().flatten() {
                cells.push((*op, *a, *b, operator_cell(op, name, a, b)));
            }
        }
    }
    cells
}

#[test]
fn operators_are_refused_as_the_table_says() {
    let mut program = Program::default();
    for (op, a, b, cell) in operator_cells() {
        let params = format!("a: {a}, b: {b}");
        program.add(
            &params,
            "None",
            &format!("a {op} b"),
            format!("{a} {op} {b}"),
            cell,
        );
    }
    program.check();
}

#[test]
fn results_have_the_types_of_the_table() {
    let mut text = String::new();
    let mut main = String::from("def main() -> None:\n");
    let value = |ty: &str| {
        TYPES
            .iter()
            .find(|(name, ..)| *name == ty)
            .expect("a type")
            .1
    };
    for (index, (op, a, b, cell)) in operator_cells().into_iter().enumerate() {
        let Cell::Result(result) = cell else { continue };
        let _ = writeln!(
            text,
            "def cell_{index}(a: {a}, b: {b}) -> None:\n    \
             print(\"{a} {op} {b}:\", STATIC_TYPE(a {op} b))\n    a {op} b"
        );
        let _ = writeln!(
            main,
            "    cell_{index}({}, {})\n    # out: {a} {op} {b}: <spy type '{result}'>",
            value(a),
            value(b),
        );
    }
    check_everywhere("types of results", text + &main);
}

#[test]
fn implicit_conversions_are_those_of_the_table() {
    let mut program = Program::default();
    for (from, ..) in TYPES {
        for (to, _, name) in TYPES {
            let note = |text: String| (Level::Note, text);
            let param = format!("x: {from}");
            let declared = vec![note(format!(
                "expected `{name}` because of type declaration"
            ))];
            let cell = conversion_cell(from, to, declared);
            let what = format!("{from} assigned to {to}");
            program.add(&param, "None", &format!("y: {to} = x"), what, cell);
            let returned = vec![note(format!("expected `{name}` because of return type"))];
            let cell = conversion_cell(from, to, returned);
            program.add(
                &param,
                to,
                "return x",
                format!("{from} returned as {to}"),
                cell,
            );
            let called = vec![
                note("function defined here".to_owned()),
                note("operator::CALL called here".to_owned()),
            ];
            let cell = conversion_cell(from, to, called);
            let body = format!("take_{}(x)", to);
            program.add(
                &param,
                "None",
                &body,
                format!("{from} passed as {to}"),
                cell,
            );
        }
    }
    for (ty, ..) in TYPES {
        let _ = writeln!(program.text, "def take_{ty}(x: {ty}) -> None:\n    pass");
    }
    program.check();
}
