//! What the inputs are fed to.

use spy_compile::{BuildOptions, Entry, compile_object};
use spy_interp::{Budget, CaptureHost, Interp, run_main};
use spy_lang::import::{self, NoFiles, Root};
use spy_lang::program::find_main;
use spy_lang::redshift::redshift_all;
use spy_lang::source::SourceMap;
use spy_lang::{diagnostics, scope, syntax};

/// Small limits: what takes longer is slow, not long.
const STEPS: u64 = 20_000;
const DEPTH: u32 = 50;
const OUTPUT_BYTES: usize = 1 << 16;

/// Lexer, parser, scope analysis, dumps and the rendering of errors.
pub(crate) fn syntax(text: &str) {
    let mut sources = SourceMap::default();
    let file = sources.add("fuzz.spy", text);
    let parsed = syntax::parse(&sources, file);
    let (scopes, errors) = scope::resolve(&parsed.module, "fuzz");
    let refused = syntax::unsupported(&parsed.module);
    for error in parsed.diagnostics.iter().chain(&errors).chain(&refused) {
        diagnostics::json::to_json(error, &sources);
        diagnostics::render::render(error, &sources, false);
    }
    scope::dump::dump(&scopes);
}

/// Everything that `spy check` does; what passes is run, and compiled to native code.
pub(crate) fn program(text: &str) {
    let mut program = import::new_program();
    program.limits.steps = STEPS;
    program.limits.depth = DEPTH;
    let (host, _) = CaptureHost::with_limit(OUTPUT_BYTES);
    let mut interp = Interp::new(Box::new(host));
    interp.set_budget(Budget {
        steps: Some(STEPS),
        cancel: None,
    });
    let root = Root::from_path("fuzz.spy", text);
    let Ok(module) = import::load(&mut program, &mut interp, &NoFiles, root) else {
        return;
    };
    let errors = redshift_all(&mut program, &mut interp, false);
    for error in &errors {
        let error = &program.errors[error.0 as usize];
        diagnostics::json::to_json(error, &program.sources);
    }
    let Ok(Some(main)) = find_main(&program, module) else {
        return;
    };
    if errors.is_empty() {
        let entry = Entry::named(main, "main");
        // Only a panic counts: what the compiler refuses it refuses.
        let _ = compile_object(&program, entry, &BuildOptions::DEBUG);
        let _ = compile_object(&program, Entry::named(main, "main"), &BuildOptions::RELEASE);
    }
    run_main(&mut program, &mut interp, main);
}
