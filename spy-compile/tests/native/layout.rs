//! Layouts of structs, compared with those of the C compiler.
//!
//! The structs are drawn at random, from a fixed seed; fields are scalars, pointers and structs
//! drawn before. The C program prints what the language says too: the size of each struct, and
//! the offsets of its fields.

use std::fmt::Write;
use std::process::Command;

use spy_lang::program::Value;
use spy_lang::types::TypeKind;

use crate::program::output;
use crate::source::program;

const STRUCTS: usize = 60;
const MOST_FIELDS: u64 = 7;
/// The scalars of the language and of C.
const SCALARS: &[(&str, &str)] = &[
    ("i8", "int8_t"),
    ("u8", "uint8_t"),
    ("bool", "_Bool"),
    ("i32", "int32_t"),
    ("u32", "uint32_t"),
    ("f32", "float"),
    ("i64", "int64_t"),
    ("u64", "uint64_t"),
    ("f64", "double"),
    ("complex", "double _Complex"),
    ("str", "void *"),
    ("gc_ptr[i8]", "void *"),
    ("raw_ptr[f64]", "void *"),
];

/// Knuth's linear congruential generator.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        const FACTOR: u64 = 6_364_136_223_846_793_005;
        const INCREMENT: u64 = 1_442_695_040_888_963_407;
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(INCREMENT);
        (self.0 >> 33) % bound
    }
}

/// The fields of each struct, as types of the language and of C.
pub(crate) fn draw(scalars: &[(&str, &str)]) -> Vec<Vec<(String, String)>> {
    let mut random = Random(20_240_607);
    let mut structs = Vec::new();
    for number in 0..STRUCTS as u64 {
        let count = 1 + random.below(MOST_FIELDS);
        let field = |_| {
            let choices = scalars.len() as u64 + number.min(4);
            let choice = random.below(choices);
            match scalars.get(choice as usize) {
                Some((ours, theirs)) => ((*ours).to_owned(), (*theirs).to_owned()),
                None => {
                    let inner = random.below(number);
                    (format!("S{inner}"), format!("struct S{inner}"))
                }
            }
        };
        structs.push((0..count).map(field).collect());
    }
    structs
}

fn our_source(structs: &[Vec<(String, String)>]) -> String {
    let mut source = "from unsafe import gc_ptr, raw_ptr, sizeof\n".to_owned();
    for (number, fields) in structs.iter().enumerate() {
        let _ = writeln!(source, "\n@struct\nclass S{number}:");
        for (index, (ty, _)) in fields.iter().enumerate() {
            let _ = writeln!(source, "    f{index}: {ty}");
        }
    }
    source += "\ndef main() -> None:\n";
    for number in 0..structs.len() {
        let _ = writeln!(source, "    print(sizeof(S{number}))");
    }
    source
}

fn their_source(structs: &[Vec<(String, String)>]) -> String {
    let mut source = "#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n".to_owned();
    let mut body = String::new();
    for (number, fields) in structs.iter().enumerate() {
        let _ = writeln!(source, "struct S{number} {{");
        let _ = write!(
            body,
            "  printf(\"S{number} %zu:\", sizeof(struct S{number}));"
        );
        for (index, (_, ty)) in fields.iter().enumerate() {
            let _ = writeln!(source, "  {ty} f{index};");
            let _ = write!(
                body,
                " printf(\" %zu\", offsetof(struct S{number}, f{index}));"
            );
        }
        source += "};\n";
        body += " puts(\"\");\n";
    }
    source + "int main(void) {\n" + &body + "}\n"
}

/// What a C program prints.
fn c_output(source: &str) -> String {
    let dir = tempfile::tempdir().expect("a directory for temporary files");
    let (file, binary) = (dir.path().join("layout.c"), dir.path().join("layout"));
    std::fs::write(&file, source).expect("the source can be written");
    let status = Command::new("cc")
        .arg(&file)
        .arg("-o")
        .arg(&binary)
        .status();
    assert!(status.expect("there is a C compiler").success());
    let output = Command::new(&binary).output().expect("the program runs");
    String::from_utf8(output.stdout).expect("it prints numbers")
}

#[test]
fn structs_are_laid_out_as_in_c() {
    let structs = draw(SCALARS);
    let compiled = program(&our_source(&structs));
    let types = &compiled.0.types;
    let module = compiled.0.functions[compiled.1.0 as usize]
        .fqn
        .module_name()
        .to_owned();
    let module = compiled.0.module(compiled.0.module_names[module.as_str()]);
    let (mut ours, mut sizes) = (String::new(), String::new());
    for number in 0..structs.len() {
        let Some(Value::Type(ty)) = module.members.get(format!("S{number}").as_str()) else {
            panic!("no struct S{number}")
        };
        let TypeKind::Struct(Some(layout)) = types.kind(*ty) else {
            panic!("S{number} is a struct")
        };
        let _ = write!(ours, "S{number} {}:", layout.size_bytes);
        for field in layout.fields.iter() {
            let _ = write!(ours, " {}", field.offset_bytes);
        }
        ours.push('\n');
        let _ = writeln!(sizes, "{}", layout.size_bytes);
    }
    assert_eq!(ours, c_output(&their_source(&structs)));
    assert_eq!(output(&compiled), sizes);
}
