//! Modules of generated programs.

use std::fmt::Write;

use crate::random::Random;

/// Types of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ty {
    Int,
    Long,
    Float,
    Bool,
    Str,
    Ints,
    Strs,
    Dict,
    Set,
    Pair,
    Point,
}

impl Ty {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Int,
        Self::Int,
        Self::Int,
        Self::Str,
        Self::Str,
        Self::Ints,
        Self::Ints,
        Self::Long,
        Self::Float,
        Self::Bool,
        Self::Strs,
        Self::Dict,
        Self::Dict,
        Self::Set,
        Self::Pair,
        Self::Point,
    ];

    /// How programs write the type.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Long => "i64",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Str => "str",
            Self::Ints => "list[int]",
            Self::Strs => "list[str]",
            Self::Dict => "dict[str, int]",
            Self::Set => "set[int]",
            Self::Pair => "tuple[int, str]",
            Self::Point => "Point",
        }
    }
}

/// What all programs of a module share. Values that pass `r` and its like are not known at compile
/// time, so that errors happen when they are reached.
const PRELUDE: &str = r#"@struct
class Point:
    x: int
    y: int
    tag: str

    def moved(self, dx: int) -> Point:
        return Point(self.x + dx, self.y - dx, self.tag + ".")

    def norm(self) -> int:
        return abs(self.x) + abs(self.y)

    def __lt__(self, other: Point) -> bool:
        return self.x < other.x

def r(x: int) -> int:
    return x

def rl(x: i64) -> i64:
    return x

def rf(x: float) -> float:
    return x

def rs(x: str) -> str:
    return x

def positive(x: int) -> int:
    if x < 0:
        raise ValueError("negative: " + str(x))
    return x

def fib(n: int) -> int:
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

def width(s: str) -> int:
    return len(s)

def last_digit(n: int) -> int:
    return n % 10

"#;

/// Writes one program.
pub(crate) struct Generator<'r> {
    pub(crate) random: &'r mut Random,
    pub(crate) text: String,
    /// The variables that have a value here, with their types.
    pub(crate) variables: Vec<(String, Ty)>,
    /// Of these, the loop variables, which are not assigned to.
    pub(crate) fixed: Vec<String>,
    pub(crate) names: usize,
    pub(crate) indent: usize,
    pub(crate) loops: usize,
    pub(crate) result: Ty,
}

impl Generator<'_> {
    /// A line of the program.
    pub(crate) fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{}{text}", "    ".repeat(self.indent));
    }

    /// A name that is not used yet.
    pub(crate) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// A variable of a type.
    pub(crate) fn variable(&mut self, ty: Ty) -> Option<String> {
        let known: Vec<&String> = self
            .variables
            .iter()
            .filter(|(_, known)| *known == ty)
            .map(|(name, _)| name)
            .collect();
        if known.is_empty() {
            return None;
        }
        Some((*self.random.pick(&known)).clone())
    }
}

/// A module of `count` programs.
pub(crate) fn module(random: &mut Random, count: usize) -> String {
    let mut text = PRELUDE.to_owned();
    for index in 0..count {
        program(&mut text, random, index);
    }
    text += "def main() -> None:\n";
    for index in 0..count {
        let _ = writeln!(text, "    t{index}()");
    }
    text
}

/// Functions `f` with a number, which is the program, and `t`, which calls it.
fn program(text: &mut String, random: &mut Random, index: usize) {
    let result = *random.pick(Ty::ALL);
    let params = [
        ("a", Ty::Int),
        ("b", Ty::Int),
        ("s", Ty::Str),
        ("l", Ty::Ints),
    ];
    let mut generator = Generator {
        random,
        text: String::new(),
        variables: params.map(|(name, ty)| (name.to_owned(), ty)).to_vec(),
        fixed: Vec::new(),
        names: 0,
        indent: 1,
        loops: 0,
        result,
    };
    generator.block(5, 3);
    let value = generator.expr(result, 3);
    generator.line(&format!("return {value}"));
    let body = generator.text;
    let _ = write!(
        text,
        "def f{index}(a: int, b: int, s: str, l: list[int]) -> {}:\n{body}\n",
        result.name()
    );
    let _ = writeln!(text, "def t{index}() -> None:");
    for arguments in ["3, -2, \"héllo\", [5, 1, 4]", "0, 7, \"\", [0]"] {
        let _ = write!(
            text,
            "    try:
        print({index}, f{index}({arguments}))
    except ZeroDivisionError as e:
        print({index}, \"zero\", e)
    except Exception as e:
        print({index}, repr(e))
"
        );
    }
    text.push('\n');
}
