//! Generates the parser from `src/syntax/grammar.lalrpop`.

fn main() {
    println!("cargo::rerun-if-changed=src/syntax/grammar.lalrpop");
    println!("cargo::rerun-if-changed=build.rs");
    lalrpop::process_src().expect("the grammar is LR(1)");
}
