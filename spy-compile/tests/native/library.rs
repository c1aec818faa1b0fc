//! Shared libraries, called by programs that the C compiler makes.
//!
//! Functions with structs and scalars drawn at random, from a fixed seed, find out whether both
//! compilers pass them in the same way: a sum of all scalars comes back from each function, and
//! structs made of scalars and returned are compared field by field.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

use spy_compile::{BuildOptions, LeftOut, Library, compile_library};

use crate::layout::{Random, draw};
use crate::source::program;

/// The scalars that C and the language share.
const SCALARS: &[(&str, &str)] = &[
    ("i8", "int8_t"),
    ("u8", "uint8_t"),
    ("bool", "bool"),
    ("i32", "int32_t"),
    ("u32", "uint32_t"),
    ("f32", "float"),
    ("f32", "float"),
    ("i64", "int64_t"),
    ("u64", "uint64_t"),
    ("f64", "double"),
    ("f64", "double"),
    ("complex128", "double _Complex"),
];
const FUNCTIONS: usize = 120;
const MOST_PARAMS: u64 = 9;
/// Values of scalars are below this, so that all types have them.
const VALUES: u64 = 100;

fn library(source: &str, options: &BuildOptions) -> Library {
    let (program, main) = program(source);
    let module = program.func(main).fqn.module_name().to_owned();
    let module = program.module_names[module.as_str()];
    compile_library(&program, module, options).expect("the library compiles")
}

/// What a C program does that is linked with a library; it includes the header itself.
fn c_output(library: &Library, source: &str, dir: &Path) -> Output {
    let file = dir.join("main.c");
    std::fs::write(dir.join("app.h"), &library.header).expect("the header can be written");
    std::fs::write(&file, source).expect("the source can be written");
    library
        .link(&dir.join("libapp.so"))
        .expect("the library links");
    let binary = dir.join("main");
    let status = Command::new("cc")
        .args(["-O1", "-Wall", "-Wextra", "-Werror", "-o"])
        .arg(&binary)
        .arg(&file)
        .args(["-I", ".", "-L", ".", "-lapp", "-Wl,-rpath,."])
        .current_dir(dir)
        .status();
    assert!(status.expect("there is a C compiler").success());
    let output = Command::new(&binary).current_dir(dir).output();
    output.expect("the program runs")
}

/// What a C program prints that ends well.
fn c_prints(library: &Library, source: &str) -> String {
    let dir = tempfile::tempdir().expect("a directory for temporary files");
    let output = c_output(library, source, dir.path());
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The structs of the program.
struct Types {
    structs: Vec<Vec<(String, String)>>,
}

/// A scalar in a value: how to get it, in both languages alike, and its type.
type Leaf = (String, &'static str);

impl Types {
    fn new() -> Self {
        Self {
            structs: draw(SCALARS),
        }
    }

    /// A scalar or struct, as type of the language and of C.
    fn any(&self, random: &mut Random) -> (String, String) {
        if random.below(2) == 0 {
            let (ours, theirs) = SCALARS[random.below(SCALARS.len() as u64) as usize];
            return (ours.to_owned(), theirs.to_owned());
        }
        let number = random.below(self.structs.len() as u64);
        (format!("S{number}"), format!("struct spy_app_S{number}"))
    }

    fn fields(&self, ty: &str) -> Option<&[(String, String)]> {
        let number = ty.strip_prefix('S')?.parse::<usize>().ok()?;
        Some(&self.structs[number])
    }

    /// The scalars of a value of type `ty` that is called `name`.
    fn leaves(&self, ty: &str, name: &str, out: &mut Vec<Leaf>) {
        let Some(fields) = self.fields(ty) else {
            let scalar = SCALARS.iter().find(|(ours, _)| *ours == ty);
            out.push((name.to_owned(), scalar.expect("a scalar").0));
            return;
        };
        for (index, (ty, _)) in fields.iter().enumerate() {
            self.leaves(ty, &format!("{name}.f{index}"), out);
        }
    }

    /// A value of type `ty` made of the scalars `names`.
    fn made(&self, ty: &str, names: &mut impl Iterator<Item = String>) -> String {
        match self.fields(ty) {
            None => names.next().expect("a name for each scalar"),
            Some(fields) => {
                let parts: Vec<String> =
                    fields.iter().map(|(ty, _)| self.made(ty, names)).collect();
                format!("{ty}({})", parts.join(", "))
            }
        }
    }

    fn source(&self) -> String {
        let mut source = String::new();
        for (number, fields) in self.structs.iter().enumerate() {
            let _ = writeln!(source, "@struct\nclass S{number}:");
            for (index, (ty, _)) in fields.iter().enumerate() {
                let _ = writeln!(source, "    f{index}: {ty}");
            }
        }
        source
    }
}

/// A scalar as an `i64`, in the language and in C.
fn as_i64((name, ty): &Leaf) -> (String, String) {
    match *ty {
        "complex128" => (
            format!("(i64({name}.real) + 7 * i64({name}.imag))"),
            format!("((int64_t)creal({name}) + 7 * (int64_t)cimag({name}))"),
        ),
        _ => (format!("i64({name})"), format!("(int64_t)({name})")),
    }
}

/// A value for a scalar, as C writes it.
fn value((_, ty): &Leaf, random: &mut Random) -> String {
    let number = random.below(VALUES);
    match *ty {
        "bool" => (number % 2).to_string(),
        "complex128" => format!("{number} + {} * I", random.below(VALUES)),
        "u8" | "u32" | "u64" => number.to_string(),
        _ => format!(
            "{}{number}",
            if number.is_multiple_of(3) { "-" } else { "" }
        ),
    }
}

/// What both sides say about functions that take the same parameters.
struct Pair<'t> {
    types: &'t Types,
    number: usize,
    /// Types of the language and of C.
    params: Vec<(String, String)>,
    leaves: Vec<Leaf>,
    ours: String,
    theirs: String,
}

impl<'t> Pair<'t> {
    fn new(types: &'t Types, number: usize, random: &mut Random) -> Self {
        let count = 1 + random.below(MOST_PARAMS);
        let params: Vec<(String, String)> = (0..count).map(|_| types.any(random)).collect();
        let mut leaves = Vec::new();
        let mut theirs = "  {\n".to_owned();
        for (index, (ty, c_ty)) in params.iter().enumerate() {
            types.leaves(ty, &format!("p{index}"), &mut leaves);
            let _ = writeln!(theirs, "    {c_ty} p{index};");
        }
        for leaf in &leaves {
            let value = value(leaf, random);
            let _ = writeln!(theirs, "    {} = {value};", leaf.0);
        }
        Self {
            types,
            number,
            params,
            leaves,
            ours: String::new(),
            theirs,
        }
    }

    /// The parameters as the language declares them, and their names.
    fn params(&self) -> (String, String) {
        let params = self.params.iter().enumerate();
        let params =
            params.map(|(index, (ty, _))| (format!("p{index}: {ty}"), format!("p{index}")));
        let (declared, names): (Vec<String>, Vec<String>) = params.unzip();
        (declared.join(", "), names.join(", "))
    }

    /// A function that returns a sum of all scalars.
    fn sum(&mut self) {
        let number = self.number;
        let terms = self.leaves.iter().zip(1..).map(|(leaf, factor)| {
            let (ours, theirs) = as_i64(leaf);
            (format!("{ours} * {factor}"), format!("{theirs} * {factor}"))
        });
        let (ours, theirs): (Vec<String>, Vec<String>) = terms.unzip();
        let (ours, theirs) = (ours.join(" + "), theirs.join(" + "));
        let (declared, names) = self.params();
        let _ = writeln!(
            self.ours,
            "def sum{number}({declared}) -> i64:\n    return {ours}"
        );
        let _ = writeln!(
            self.theirs,
            "    if (spy_app_sum{number}({names}) != {theirs}) errors += wrong(\"sum{number}\");"
        );
    }

    /// Functions that return the last parameter: as it came, and made of its scalars.
    fn last(&mut self) {
        let (number, last) = (self.number, self.params.len() - 1);
        let (ty, c_ty) = self.params[last].clone();
        let (declared, names) = self.params();
        let _ = writeln!(
            self.ours,
            "def last{number}({declared}) -> {ty}:\n    return p{last}"
        );
        let mut parts = Vec::new();
        self.types.leaves(&ty, "r", &mut parts);
        let scalars: Vec<String> = (0..parts.len()).map(|index| format!("s{index}")).collect();
        let declared = scalars.iter().zip(&parts);
        let declared = declared.map(|(name, (_, ty))| format!("{name}: {ty}"));
        let declared: Vec<String> = declared.collect();
        let declared = declared.join(", ");
        let made = self.types.made(&ty, &mut scalars.into_iter());
        let _ = writeln!(
            self.ours,
            "def make{number}({declared}) -> {ty}:\n    return {made}"
        );
        let given = |(name, _): &Leaf| name.replacen('r', &format!("p{last}"), 1);
        let given: Vec<String> = parts.iter().map(given).collect();
        for call in [
            format!("spy_app_last{number}({names})"),
            format!("spy_app_make{number}({})", given.join(", ")),
        ] {
            let _ = writeln!(self.theirs, "    {{ {c_ty} r = {call};");
            for ((name, _), given) in parts.iter().zip(&given) {
                let what = format!("{name} of {number}");
                let _ = writeln!(
                    self.theirs,
                    "      if ({name} != {given}) errors += wrong(\"{what}\");"
                );
            }
            self.theirs += "    }\n";
        }
    }
}

#[test]
fn structs_are_passed_as_c_passes_them() {
    let types = Types::new();
    let mut random = Random(20_261_122);
    let mut ours = types.source();
    let mut theirs = "#include <complex.h>\n#include <stdio.h>\n#include \"app.h\"\n".to_owned();
    theirs += "static int wrong(const char *what) { printf(\"%s\\n\", what); return 1; }\n";
    theirs += "int main(void) {\n  int errors = 0;\n";
    for number in 0..FUNCTIONS {
        let mut pair = Pair::new(&types, number, &mut random);
        pair.sum();
        pair.last();
        ours += &pair.ours;
        theirs += &pair.theirs;
        theirs += "  }\n";
    }
    theirs += "  puts(errors ? \"different\" : \"same\");\n  return 0;\n}\n";
    ours += "def main() -> None:\n    pass\n";
    for options in [BuildOptions::RELEASE, BuildOptions::DEBUG] {
        assert_eq!(c_prints(&library(&ours, &options), &theirs), "same\n");
    }
}

#[test]
fn variables_and_objects_live_from_call_to_call() {
    let library = library(
        "
from unsafe import raw_alloc, raw_free, raw_ptr

@struct
class Node:
    val: i32
    next: raw_ptr[Node]

var words: list[str] = []

def push(head: raw_ptr[Node], val: i32) -> raw_ptr[Node]:
    node = raw_alloc[Node](1)
    node.val = val
    node.next = head
    return node

def pop(head: raw_ptr[Node]) -> raw_ptr[Node]:
    next = head.next
    raw_free(head)
    return next

def total(items: raw_ptr[f64], count: i32) -> f64:
    sum = 0.0
    for i in range(count):
        sum += items[i]
    return sum

def remember(n: i32) -> i32:
    for i in range(n):
        words.append('word ' + str(i))
    print(len(words), words[-1])
    return len(words)

def main() -> None:
    pass
",
        &BuildOptions::RELEASE,
    );
    let source = r#"
#include "app.h"
#include <pthread.h>
#include <stdio.h>

static void *elsewhere(void *count) {
    *(int32_t *)count = spy_app_remember(*(int32_t *)count);
    return 0;
}

int main(void) {
    struct spy_app_Node *head = 0;
    for (int i = 0; i < 3; i++) head = spy_app_push(head, i);
    printf("%d %d\n", head->val, head->next->next->val);
    while (head) head = spy_app_pop(head);
    double items[] = {1.5, 2.5, 3};
    printf("%g\n", spy_app_total(items, 3));
    fflush(stdout);
    spy_app_remember(100000);
    int32_t count = 10;
    pthread_t thread;
    pthread_create(&thread, 0, elsewhere, &count);
    pthread_join(thread, 0);
    printf("%d\n", count);
}
"#;
    let expected = "2 0\n7\n100000 word 99999\n100010 word 9\n100010\n";
    assert_eq!(c_prints(&library, source), expected);
}

#[test]
fn exceptions_end_the_process() {
    let library = library(
        "
def divide(a: i32, b: i32) -> i32:
    print('dividing')
    return a // b

def down(n: i32) -> i32:
    return down(n + 1) + 1

def main() -> None:
    pass
",
        &BuildOptions::RELEASE,
    );
    let source =
        |call: &str| format!("#include \"app.h\"\nint main(void) {{ {call}; return 7; }}\n");
    let dir = tempfile::tempdir().expect("a directory for temporary files");
    let output = c_output(&library, &source("spy_app_divide(1, 0)"), dir.path());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"dividing\n");
    let end = "\n\nZeroDivisionError: integer division or modulo by zero\n";
    assert!(
        stderr.starts_with("Traceback (most recent call last):\n  * app::divide at app.spy:4\n"),
        "{stderr}"
    );
    assert!(stderr.ends_with(end), "{stderr}");
    let output = c_output(&library, &source("spy_app_down(1)"), dir.path());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr.ends_with("\n\nRecursionError: stack overflow\n"),
        "{stderr}"
    );
}

#[test]
fn functions_with_other_types_are_left_out() {
    let library = library(
        "
from unsafe import gc_ptr, raw_ptr

@struct
class Opaque:
    name: str

@struct
class Empty:
    pass

def text(s: str) -> i32:
    return 1

def collected(p: gc_ptr[i32]) -> None:
    pass

def empty() -> Empty:
    return Empty()

def nothing(n: None) -> None:
    pass

def opaque(p: raw_ptr[Opaque]) -> bool:
    return bool(p)

@blue
def known(n):
    return n

def main() -> None:
    pass
",
        &BuildOptions::DEBUG,
    );
    let left_out = |function: &str, ty: &str| LeftOut {
        function: function.into(),
        ty: ty.to_owned(),
    };
    let expected = [
        left_out("text", "str"),
        left_out("collected", "unsafe::gc_ptr[i32]"),
        left_out("empty", "app::Empty"),
        left_out("nothing", "types::NoneType"),
    ];
    assert_eq!(library.left_out, expected);
    let manifest = r#"{
  "functions": [
    {
      "name": "opaque",
      "symbol": "spy_app$opaque",
      "type": "def(unsafe::raw_ptr[app::Opaque]) -> bool"
    },
    {
      "name": "main",
      "symbol": "spy_app$main",
      "type": "def() -> None"
    }
  ],
  "header": "app.h",
  "library": "libapp.so",
  "module": "app"
}
"#;
    assert_eq!(library.manifest, manifest);
    let source = "
#include \"app.h\"
#include <stdio.h>
int main(void) { printf(\"%d\\n\", spy_app_opaque(0)); }
";
    assert_eq!(c_prints(&library, source), "0\n");
}
