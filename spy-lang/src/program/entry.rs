//! The entry of a program: the function `main` of its main module.
//!
//! Every engine asks here, so all of them accept the same signatures and refuse the others in the
//! same words.

use super::{Closure, Engine, Failure, FuncBody, FuncId, ModuleId, Program, Value};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::source::Span;
use crate::types::{FuncColor, TypeId};

/// The function `main` of a module, or `None` if the module does not define that name.
///
/// It takes nothing or `argv: list[str]` and returns `None` or an `i32`. Errors with the
/// `TypeError` for wrong signatures.
pub fn find_main(program: &Program, module: ModuleId) -> Result<Option<FuncId>, Failure> {
    let info = program.module(module);
    if let Some(Value::Func(func)) = info.members.get("main") {
        return check_main(program, *func).map(|()| Some(*func));
    }
    if info.members.contains_key("main") || info.globals.contains_key("main") {
        return Err(wrong_signature()
            .error("`main` must be a function", definition(program, module))
            .into());
    }
    Ok(None)
}

/// The function that an engine starts: `main` itself, or one that calls it with the arguments of
/// the program.
pub fn start_function(
    program: &mut Program,
    engine: &mut dyn Engine,
    main: FuncId,
) -> Result<FuncId, Failure> {
    let ty = program.types.as_func(program.func(main).ty);
    let (takes_arguments, result) = match ty {
        Some(ty) => (!ty.params.is_empty(), ty.result),
        None => (false, TypeId::NONE),
    };
    if !takes_arguments {
        return Ok(main);
    }
    let library = crate::import::load_library(program, engine, "_start")?;
    let name = if result == TypeId::NONE {
        "start"
    } else {
        "start_status"
    };
    let start = program.module(library).members.get(name).cloned();
    let start = start.expect("the library defines what starts programs");
    match crate::redshift::call(program, engine, &start, vec![Value::Func(main)])? {
        Value::Func(func) => {
            program.demanded.push(func);
            Ok(func)
        }
        _ => unreachable!("the library returns a function"),
    }
}

/// Errors unless a function has a signature that a program can start with.
pub fn check_main(program: &Program, main: FuncId) -> Result<(), Failure> {
    let info = program.func(main);
    let ty = program
        .types
        .as_func(info.ty)
        .expect("functions have function types");
    let FuncBody::Source(closure) = &info.body else {
        return Err(not_red(info.prototype));
    };
    if ty.color != FuncColor::Red {
        return Err(not_red(info.prototype));
    }
    let params: Vec<String> = ty
        .params
        .iter()
        .map(|param| program.type_name(param.ty))
        .collect();
    let takes_arguments = params == ["list[str]"];
    if !params.is_empty() && !takes_arguments {
        return Err(wrong_signature()
            .error(
                "parameters must be `main(argv: list[str])`",
                parameters(closure),
            )
            .into());
    }
    if ty.result != TypeId::NONE && ty.result != TypeId::I32 {
        return Err(wrong_signature()
            .error(
                "the only valid return types are `None`, `int` and `i32`",
                closure.def.returns.span,
            )
            .into());
    }
    Ok(())
}

fn not_red(prototype: Span) -> Failure {
    wrong_signature()
        .error("`main` must be a red function", prototype)
        .into()
}

fn wrong_signature() -> Diagnostic {
    Diagnostic::new(ErrorKind::TypeError, "`main` has the wrong signature")
}

/// From the first parameter to the last.
fn parameters(closure: &Closure) -> Span {
    crate::scope::params(&closure.def)
        .map(|param| param.span)
        .reduce(Span::to)
        .unwrap_or(closure.def.prototype)
}

/// Where the name `main` is declared.
fn definition(program: &Program, module: ModuleId) -> Span {
    let scopes = program
        .module(module)
        .source
        .as_ref()
        .map(|(_, scopes)| scopes);
    let symbol = scopes.and_then(|scopes| scopes.symbol(crate::scope::ScopeTree::MODULE, "main"));
    symbol.map_or(Span::BUILTINS, |symbol| symbol.span)
}
