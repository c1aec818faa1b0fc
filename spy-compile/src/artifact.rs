//! From a program to files: the steps of the compiler in order.

use std::path::Path;

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::{FuncId, ModuleId, Program};
use spy_lang::types::TypeId;

use crate::codegen::{self, LibraryFunction, Start, TargetOptions};
use crate::error::{BuildError, CompileError, LinkError};
use crate::library::{self, LeftOut};
use crate::mir::{Export, FuncIndex, MemoryChecks};
use crate::{link, mir, opt};

/// How to compile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BuildOptions {
    /// Whether fast programs matter more than fast compilation.
    pub optimize: bool,
    /// Whether accesses to NULL and outside of memory raise `PanicError`; what they do otherwise
    /// is not defined.
    pub checked: bool,
}

impl BuildOptions {
    /// Fast programs.
    pub const RELEASE: Self = Self {
        optimize: true,
        checked: false,
    };
    /// Fast compilation, and checks of accesses to memory.
    pub const DEBUG: Self = Self {
        optimize: false,
        checked: true,
    };

    const fn target(self) -> TargetOptions {
        TargetOptions {
            optimize: self.optimize,
            anywhere: false,
        }
    }

    const fn memory_checks(self) -> MemoryChecks {
        if self.checked {
            MemoryChecks::Full
        } else {
            MemoryChecks::None
        }
    }
}

/// Where a program starts, and under which name others find that.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'e> {
    /// The function `main`: it takes nothing and returns nothing or an `i32`, the exit status.
    pub main: FuncId,
    /// The symbol of the object file, unique among those linked together.
    pub symbol: &'e str,
}

impl<'e> Entry<'e> {
    /// The name of the only entry of an executable.
    const ONLY: &'static str = "spy_entry";

    /// The only entry of an executable.
    pub const fn only(main: FuncId) -> Entry<'static> {
        Entry {
            main,
            symbol: Self::ONLY,
        }
    }

    /// An entry among others.
    pub const fn named(main: FuncId, symbol: &'e str) -> Self {
        Self { main, symbol }
    }
}

/// The MIR of all functions that `main` reaches, after the passes that the options ask for.
pub fn compile_mir(
    program: &Program,
    main: FuncId,
    options: &BuildOptions,
) -> Result<mir::Module, CompileError> {
    check_main(program, main)?;
    lower(program, &[Export::Call(main)], options)
}

fn lower(
    program: &Program,
    roots: &[Export],
    options: &BuildOptions,
) -> Result<mir::Module, CompileError> {
    let module = mir::lower(program, roots, options.memory_checks());
    let mut module = module.map_err(CompileError::Unsupported)?;
    verify(&module)?;
    if options.optimize {
        opt::optimize(&mut module);
        verify(&module)?;
    }
    Ok(module)
}

/// The object file of a program: all symbols are local but the entry and what the runtime defines.
pub fn compile_object(
    program: &Program,
    entry: Entry<'_>,
    options: &BuildOptions,
) -> Result<Vec<u8>, CompileError> {
    let module = compile_mir(program, entry.main, options)?;
    codegen::compile(&module, &Start::Entry(entry.symbol), &options.target())
}

/// Whether something can be compiled for a session host.
pub(crate) fn can_export(program: &Program, export: Export, options: &BuildOptions) -> bool {
    lower(program, &[export], options).is_ok()
}

/// The object file of a session host: a program that serves these requests, by their position
/// here, until its input ends. How it is spoken to: [`spy_runtime::abi::session`].
///
/// Fails if a function needs what compiled programs do not support, or if values of the types of
/// its parameters or result cannot be passed; [`mir::export_signature`] tells in advance.
pub fn compile_session(
    program: &Program,
    served: &[Export],
    options: &BuildOptions,
) -> Result<Vec<u8>, CompileError> {
    let mut roots: Vec<Export> = Vec::new();
    let mut exports = Vec::new();
    for export in served {
        let signature = mir::export_signature(program, *export);
        let signature = signature.map_err(CompileError::Unsupported)?;
        let known = roots.iter().position(|root| root == export);
        let index = known.unwrap_or(roots.len());
        if index == roots.len() {
            roots.push(*export);
        }
        exports.push((FuncIndex::new(index), signature));
    }
    let module = lower(program, &roots, options)?;
    codegen::compile(&module, &Start::Session(&exports), &options.target())
}

/// Links an object file of [`compile_session`] with the runtime.
pub fn link_session(object: &[u8], output: &Path) -> Result<(), LinkError> {
    link::link(&[object], output)
}

/// Compiles and links a program.
pub fn build_executable(
    program: &Program,
    main: FuncId,
    output: &Path,
    options: &BuildOptions,
) -> Result<(), BuildError> {
    let entry = Entry::only(main);
    let object = compile_object(program, entry, options)?;
    link_entries(&[(entry.symbol.to_owned(), object)], output)?;
    Ok(())
}

/// A shared library that C programs call, and the header for them.
#[derive(Debug)]
pub struct Library {
    object: Vec<u8>,
    symbols: Vec<String>,
    /// The text of the header.
    pub header: String,
    /// The functions with their signatures and symbols, as JSON.
    pub manifest: String,
    /// The functions that it does not have, because of their types.
    pub left_out: Vec<LeftOut>,
}

impl Library {
    /// Links the library with the runtime.
    pub fn link(&self, output: &Path) -> Result<(), LinkError> {
        link::link_shared(&self.object, &self.symbols, output)
    }
}

/// Compiles the functions of a module that C can call. Memory is not checked: that of C has no
/// bounds.
pub fn compile_library(
    program: &Program,
    module: ModuleId,
    options: &BuildOptions,
) -> Result<Library, CompileError> {
    codegen::check_c_abi()?;
    let (exported, left_out) = library::exported(program, module);
    let name = &program.module(module).name;
    let header = library::header(program, name, &exported);
    let manifest = library::manifest(program, name, &exported);
    let roots: Vec<Export> = exported
        .iter()
        .map(|function| Export::Call(function.func))
        .collect();
    let options = BuildOptions {
        checked: false,
        ..*options
    };
    let compiled = lower(program, &roots, &options)?;
    let functions = exported
        .into_iter()
        .enumerate()
        .map(|(index, function)| LibraryFunction {
            symbol: function.symbol,
            function: FuncIndex::new(index),
            signature: function.signature,
        });
    let functions: Vec<LibraryFunction> = functions.collect();
    let target = TargetOptions {
        anywhere: true,
        ..options.target()
    };
    let object = codegen::compile(&compiled, &Start::Library(&functions), &target)?;
    Ok(Library {
        object,
        symbols: functions
            .into_iter()
            .map(|function| function.symbol)
            .collect(),
        header,
        manifest,
        left_out,
    })
}

/// Links an object file, compiled with [`Entry::only`], with the runtime.
pub fn link_executable(object: Vec<u8>, output: &Path) -> Result<(), LinkError> {
    link_entries(&[(Entry::ONLY.to_owned(), object)], output)
}

/// Links many programs, each an entry symbol and its object file, into one executable. Its first
/// argument is the index of the program to run, in decimal; a single program takes none.
pub fn link_test_runner(entries: &[(String, Vec<u8>)], output: &Path) -> Result<(), LinkError> {
    link_entries(entries, output)
}

fn link_entries(entries: &[(String, Vec<u8>)], output: &Path) -> Result<(), LinkError> {
    let symbols: Vec<String> = entries.iter().map(|(symbol, _)| symbol.clone()).collect();
    let start = codegen::compile_dispatch(&symbols)?;
    let programs = entries.iter().map(|(_, object)| object.as_slice());
    let objects: Vec<&[u8]> = std::iter::once(start.as_slice()).chain(programs).collect();
    link::link(&objects, output)
}

fn verify(module: &mir::Module) -> Result<(), CompileError> {
    if cfg!(debug_assertions) {
        mir::verify(module)
            .map_err(|error| CompileError::Codegen(format!("{error}\n{}", mir::dump(module))))?;
    }
    Ok(())
}

fn check_main(program: &Program, main: FuncId) -> Result<(), CompileError> {
    let supported = program
        .ir
        .get(&main)
        .is_none_or(|ir| ir.param_count == 0 && [TypeId::NONE, TypeId::I32].contains(&ir.result));
    if supported {
        return Ok(());
    }
    let message = "this form of `main` is not supported in compiled programs yet";
    let diagnostic = Diagnostic::new(ErrorKind::NotImplementedError, message)
        .error("this is `main`", program.func(main).prototype)
        .help("`main` takes nothing and returns `None` or `i32`");
    Err(CompileError::Unsupported(Box::new(diagnostic)))
}
