//! Bodies: modules and blue functions are run, red functions become IR.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::evaluator::{Emitter, Evaluator, Mode, RedLocal};
use super::execute::Flow;
use super::unassigned::{Foresight, MAX_ATTEMPTS};
use super::{BlueFrame, BlueLocal, Color};
use crate::diagnostics::{Diagnostic, ErrorKind, Frame, FrameKind};
use crate::ir;
use crate::program::{
    Closure, Engine, Failure, FrameId, FuncBody, FuncId, FuncInfo, ModuleId, Program, StructMethod,
    Value,
};
use crate::scope::{ScopeId, ScopeTree};
use crate::source::Span;
use crate::types::{Fqn, FuncColor, TypeId};

/// Adds a blue frame to the program.
pub(super) fn add_frame(program: &mut Program, frame: BlueFrame) -> FrameId {
    program.frames.push(frame);
    FrameId(u32::try_from(program.frames.len() - 1).expect("fewer than 2^32 frames"))
}

/// Runs the body of a module whose dependencies have been loaded.
pub(crate) fn run_module(
    program: &mut Program,
    engine: &mut dyn Engine,
    module: ModuleId,
) -> Result<(), Failure> {
    let info = program.module(module);
    let (name, file) = (info.name.clone(), info.file);
    let (ast, scopes) = info.source.clone().expect("only modules with text are run");
    let frame = add_frame(
        program,
        BlueFrame {
            module,
            scope: ScopeTree::MODULE,
            parent: None,
            namespace: Fqn::module(&name),
            is_mirror: false,
            locals: FxHashMap::default(),
        },
    );
    program.module_mut(module).frame = Some(frame);
    let mode = Mode::Blue(frame);
    let mut evaluator = Evaluator {
        program,
        engine,
        module,
        scopes,
        scope: ScopeTree::MODULE,
        parent: None,
        mode,
        class: None,
        forward: FxHashMap::default(),
        failed_at: None,
        handled: Vec::new(),
    };
    let result = evaluator
        .forward_declare(&ast.body)
        .and_then(|()| evaluator.execute_all(&ast.body))
        .and_then(|_| evaluator.call_init(module));
    let failed_at = evaluator.failed_at;
    result.map_err(|mut failure| {
        let span = failed_at.unwrap_or(Span::new(file, 0, 0));
        failure.push_outer_frame(Frame {
            kind: FrameKind::Module,
            fqn: name.to_string(),
            span,
        });
        failure
    })
}

/// Runs a blue function on arguments of its parameter types.
pub(super) fn run_blue(
    program: &mut Program,
    engine: &mut dyn Engine,
    func: FuncId,
    args: &[Value],
) -> Result<Value, Failure> {
    let info = program.func(func).clone();
    let ty = program
        .types
        .as_func(info.ty)
        .expect("functions have function types")
        .clone();
    let home = Home::of(&info.body);
    let qualifiers = type_arguments(program, args);
    let namespace = info.fqn.with_qualifiers(qualifiers);
    let locals = blue_parameters(program, &info, &ty, args);
    let frame = BlueFrame {
        module: home.module,
        scope: home.scope,
        parent: Some(home.parent),
        namespace: namespace.clone(),
        is_mirror: false,
        locals,
    };
    let frame = add_frame(program, frame);
    let mut evaluator = body_evaluator(program, engine, home, Mode::Blue(frame));
    let result = match &info.body {
        FuncBody::GenericClass(class) => evaluator
            .instantiate_class(&class.def, func, args)
            .map(Value::Type),
        FuncBody::Source(closure) => evaluator.run_body(closure, ty.result),
        FuncBody::Prim(_)
        | FuncBody::Builtin(_)
        | FuncBody::MakeStruct(_)
        | FuncBody::Memory(_)
        | FuncBody::StructMethod(_) => unreachable!("only functions with statements are run"),
    };
    let failed_at = evaluator.failed_at;
    let result = result.map_err(|mut failure| {
        let fqn = program.frame_name(&namespace);
        let span = failed_at.unwrap_or(info.prototype);
        failure.push_outer_frame(Frame {
            kind: FrameKind::Function,
            fqn,
            span,
        });
        failure
    })?;
    if ty.color == FuncColor::Generic {
        name_instance(program, func, &namespace, &result);
    }
    Ok(result)
}

/// Where a function's body stands.
#[derive(Clone, Copy)]
struct Home {
    module: ModuleId,
    scope: ScopeId,
    parent: FrameId,
}

impl Home {
    fn of(body: &FuncBody) -> Self {
        match body {
            FuncBody::Source(closure) => Self {
                module: closure.module,
                scope: closure.scope,
                parent: closure.parent,
            },
            FuncBody::GenericClass(class) => Self {
                module: class.module,
                scope: class.scope,
                parent: class.parent,
            },
            FuncBody::Prim(_)
            | FuncBody::Builtin(_)
            | FuncBody::MakeStruct(_)
            | FuncBody::Memory(_)
            | FuncBody::StructMethod(_) => {
                unreachable!("only functions with statements have a place")
            }
        }
    }
}

fn body_evaluator<'a>(
    program: &'a mut Program,
    engine: &'a mut dyn Engine,
    home: Home,
    mode: Mode,
) -> Evaluator<'a> {
    let (_, scopes) = program
        .module(home.module)
        .source
        .clone()
        .expect("functions have text");
    Evaluator {
        program,
        engine,
        module: home.module,
        scopes,
        scope: home.scope,
        parent: Some(home.parent),
        mode,
        class: None,
        forward: FxHashMap::default(),
        failed_at: None,
        handled: Vec::new(),
    }
}

/// The names of those arguments that are types.
fn type_arguments(program: &Program, args: &[Value]) -> Vec<Fqn> {
    let mut names = Vec::new();
    for arg in args {
        match arg {
            Value::Type(ty) => names.push(program.types.get(*ty).fqn.clone()),
            Value::Tuple(items) => names.extend(type_arguments(program, items)),
            _ => {}
        }
    }
    names
}

fn blue_parameters(
    program: &Program,
    info: &FuncInfo,
    ty: &crate::types::FuncType,
    args: &[Value],
) -> FxHashMap<Rc<str>, BlueLocal> {
    let names: Vec<Rc<str>> = match &info.body {
        FuncBody::GenericClass(class) => class
            .def
            .type_params
            .iter()
            .map(|param| param.name.name.clone())
            .collect(),
        FuncBody::Source(closure) => closure.params.clone(),
        FuncBody::Prim(_)
        | FuncBody::Builtin(_)
        | FuncBody::MakeStruct(_)
        | FuncBody::Memory(_)
        | FuncBody::StructMethod(_) => Vec::new(),
    };
    let names = names.into_iter().zip(args).zip(&ty.params);
    names
        .map(|((name, value), param)| {
            let ty = if param.ty == TypeId::DYNAMIC {
                program.type_of(value)
            } else {
                param.ty
            };
            let declared = info.prototype;
            let value = Some(value.clone());
            (
                name,
                BlueLocal {
                    ty,
                    color: Color::Blue,
                    value,
                    declared,
                },
            )
        })
        .collect()
}

/// Gives what a generic returned its public name and origin.
pub(super) fn name_instance(
    program: &mut Program,
    generic: FuncId,
    namespace: &Fqn,
    result: &Value,
) {
    let fqn = match result {
        Value::Type(ty) => {
            let info = program.types.get_mut(*ty);
            if info.origin.is_some() || info.fqn.namespace().as_ref() != Some(namespace) {
                return;
            }
            info.origin = Some(generic);
            info.fqn.clone()
        }
        Value::Func(func) => program.func(*func).fqn.clone(),
        _ => return,
    };
    if fqn.namespace().as_ref() == Some(namespace) {
        program.aliases.insert(fqn, namespace.clone());
    }
}

impl Evaluator<'_> {
    /// Runs the body of a blue function and converts what it returns.
    fn run_body(&mut self, closure: &Closure, result: TypeId) -> Result<Value, Failure> {
        let def = &closure.def;
        if !def.type_params.is_empty() {
            let inner = self.scopes.of_def(def.inner_id);
            self.class = closure.class;
            return self.make_func(def, inner, "__impl").map(Value::Func);
        }
        self.forward_declare(&def.body)?;
        match self.execute_all(&def.body)? {
            Flow::Return(operand) => {
                let place = operand.span;
                let operand = self.convert(operand, result).map_err(|mut failure| {
                    self.failed_at.get_or_insert(place);
                    self.note_result_type(&mut failure, result);
                    failure
                })?;
                Ok(operand.value.unwrap_or(Value::None))
            }
            Flow::Next | Flow::Break | Flow::Continue => {
                if result == TypeId::NONE || result == TypeId::DYNAMIC {
                    return Ok(Value::None);
                }
                let end = end_of(def.span);
                let message = "reached the end of the function without a `return`";
                Err(Diagnostic::new(ErrorKind::TypeError, message)
                    .error("no return", end)
                    .into())
            }
        }
    }

    /// Calls `__INIT__` if the module defines it.
    fn call_init(&mut self, module: ModuleId) -> Result<(), Failure> {
        let symbol = self.symbol("__INIT__");
        let Some(symbol) = symbol.filter(|symbol| symbol.level == Some(0)) else {
            return Ok(());
        };
        let place = match self.module_member(module, "__INIT__") {
            Some(Value::Func(init)) if self.func_color(init) == Color::Blue => {
                return self.call_blue(init, &[Value::Module(module)]).map(|_| ());
            }
            Some(Value::Func(init)) => self.program.func(init).prototype,
            _ => symbol.span,
        };
        Err(
            super::errors::type_error("the __INIT__ function must be @blue")
                .error("function defined here", place)
                .into(),
        )
    }
}

fn end_of(span: Span) -> Span {
    Span::new(span.file, span.end, span.end)
}

/// The IR of a red function with statements, made on first demand.
///
/// Never fails: what cannot be compiled becomes a `raise` of the error at the innermost statement,
/// and [`ir::Function::errors`] lists it.
pub fn function(program: &mut Program, engine: &mut dyn Engine, func: FuncId) -> Rc<ir::Function> {
    if let Some(ir) = program.ir.get(&func) {
        return ir.clone();
    }
    if !program.redshifting.insert(func) {
        return Rc::new(being_compiled(program, func));
    }
    let outer = program.lineage.enter(func);
    let mut ir = redshift(program, engine, func);
    program.lineage.leave(outer);
    program.redshifting.remove(&func);
    ir::assigned::mark(&mut ir);
    if cfg!(debug_assertions) {
        ir::verify::verify(program, &ir);
    }
    let ir = Rc::new(ir);
    program.ir.insert(func, ir.clone());
    ir
}

fn redshift(program: &mut Program, engine: &mut dyn Engine, func: FuncId) -> ir::Function {
    let info = program.func(func).clone();
    let ty = program
        .types
        .as_func(info.ty)
        .expect("functions have function types")
        .clone();
    let closure = match &info.body {
        FuncBody::Source(closure) => closure.clone(),
        FuncBody::StructMethod(method) => {
            return struct_method(program, engine, func, &ty, *method);
        }
        FuncBody::Prim(_)
        | FuncBody::Builtin(_)
        | FuncBody::MakeStruct(_)
        | FuncBody::Memory(_)
        | FuncBody::GenericClass(_) => unreachable!("only functions with statements become IR"),
    };
    let mut emitter = attempt(program, engine, func, &closure, Foresight::default());
    for _ in 1..MAX_ATTEMPTS {
        let Some(foresight) = emitter.foresight_of_next() else {
            break;
        };
        emitter = attempt(program, engine, func, &closure, foresight);
    }
    ir::Function {
        id: func,
        fqn: info.fqn,
        param_count: closure.params.len() + program.captures(func).len(),
        result: ty.result,
        locals: emitter.locals,
        body: emitter.out,
        prototype: info.prototype,
        end: end_of(closure.def.span),
        errors: emitter.errors,
    }
}

/// Redshifts the statements of a function once.
fn attempt(
    program: &mut Program,
    engine: &mut dyn Engine,
    func: FuncId,
    closure: &Closure,
    foresight: Foresight,
) -> Box<Emitter> {
    let info = program.func(func).clone();
    let ty = program
        .types
        .as_func(info.ty)
        .expect("functions have function types")
        .clone();
    let home = Home::of(&info.body);
    let mut emitter = Emitter::new(func);
    let forward = foresight.forward.clone();
    emitter.foresight = foresight;
    let mut evaluator = body_evaluator(program, engine, home, Mode::Red(emitter));
    evaluator.forward = forward;
    let params = closure.params.iter().zip(&ty.params);
    for ((name, param), syntax) in params.zip(crate::scope::params(&closure.def)) {
        let local = evaluator.new_local(name, param.ty, syntax.span);
        evaluator
            .emitter()
            .names
            .insert(name.clone(), RedLocal::Red(local));
    }
    for (name, syntax) in closure
        .params
        .iter()
        .zip(crate::scope::params(&closure.def))
    {
        if let Some(RedLocal::Red(param)) = evaluator.emitter().names.get(name) {
            let param = *param;
            evaluator.copy_deleted_parameter(name, param, syntax.span);
        }
    }
    evaluator.add_captured_params(func);
    evaluator.emit_body(&closure.def.body);
    let Mode::Red(emitter) = evaluator.mode else {
        unreachable!("the mode does not change")
    };
    emitter
}

/// A method that the compiler gives to a struct.
fn struct_method(
    program: &mut Program,
    engine: &mut dyn Engine,
    func: FuncId,
    ty: &crate::types::FuncType,
    method: StructMethod,
) -> ir::Function {
    let info = program.func(func).clone();
    let span = info.prototype;
    let module = program
        .module_names
        .get(info.fqn.module_name())
        .copied()
        .unwrap_or(ModuleId(0));
    let scopes = program
        .module(module)
        .source
        .as_ref()
        .map(|(_, scopes)| scopes.clone());
    let mut evaluator = Evaluator {
        program,
        engine,
        module,
        scopes: scopes.unwrap_or_default(),
        scope: ScopeTree::MODULE,
        parent: None,
        mode: Mode::Red(Emitter::new(func)),
        class: None,
        forward: FxHashMap::default(),
        failed_at: None,
        handled: Vec::new(),
    };
    for (name, param) in ["a", "b"].into_iter().zip(&ty.params) {
        evaluator.new_local(name, param.ty, span);
    }
    evaluator.emit_struct_method(ty.params[0].ty, method, span);
    let Mode::Red(emitter) = evaluator.mode else {
        unreachable!("the mode does not change")
    };
    ir::Function {
        id: func,
        fqn: info.fqn,
        param_count: ty.params.len(),
        result: ty.result,
        locals: emitter.locals,
        body: emitter.out,
        prototype: span,
        end: span,
        errors: emitter.errors,
    }
}

/// What a function does that is called while it is being compiled.
fn being_compiled(program: &mut Program, func: FuncId) -> ir::Function {
    let info = program.func(func).clone();
    let name = program.human_name(&info.fqn);
    let message = format!("`{name}` is called at compile time while it is being compiled");
    let error = ir::ErrorId(u32::try_from(program.errors.len()).expect("fewer than 2^32 errors"));
    let diagnostic = Diagnostic::new(ErrorKind::RecursionError, message);
    program
        .errors
        .push(diagnostic.error("function defined here", info.prototype));
    let ty = program
        .types
        .as_func(info.ty)
        .expect("functions have function types")
        .clone();
    let local = |param: &crate::types::ParamType| ir::Local {
        name: "$argument".into(),
        ty: param.ty,
        span: info.prototype,
        maybe_unassigned: false,
    };
    let kind = ir::StmtKind::Raise(ir::RaiseSource::Compiler(error), None);
    ir::Function {
        id: func,
        fqn: info.fqn,
        param_count: ty.params.len(),
        result: ty.result,
        locals: ty.params.iter().map(local).collect(),
        body: vec![ir::Stmt {
            kind,
            span: info.prototype,
        }],
        prototype: info.prototype,
        end: info.prototype,
        errors: vec![error],
    }
}

/// Redshifts every red function of the program, also those that this creates, and returns the
/// errors in order of registration; functions of the standard library follow, as far as they are
/// called.
///
/// With `stop_at_first`, no function after the first one with an error is looked at.
pub fn redshift_all(
    program: &mut Program,
    engine: &mut dyn Engine,
    stop_at_first: bool,
) -> Vec<ir::ErrorId> {
    redshift_from(program, engine, 0, stop_at_first)
}

/// As [`redshift_all`], of the functions registered after the first `known` ones.
pub fn redshift_from(
    program: &mut Program,
    engine: &mut dyn Engine,
    known: usize,
    stop_at_first: bool,
) -> Vec<ir::ErrorId> {
    let outer = std::mem::replace(&mut program.compiles_all, true);
    let errors = redshift_each(program, engine, known, stop_at_first);
    program.compiles_all = outer;
    errors
}

fn redshift_each(
    program: &mut Program,
    engine: &mut dyn Engine,
    known: usize,
    stop_at_first: bool,
) -> Vec<ir::ErrorId> {
    let mut errors = Vec::new();
    let mut next = known;
    loop {
        let func = if next < program.functions.len() {
            let func = FuncId(u32::try_from(next).expect("fewer than 2^32 functions"));
            next += 1;
            if !program.is_red_source(func) || program.is_library(func) {
                continue;
            }
            func
        } else if let Some(func) = program.demanded.pop() {
            if program.ir.contains_key(&func) {
                continue;
            }
            func
        } else {
            break;
        };
        let ir = function(program, engine, func);
        errors.extend(ir.errors.iter().copied());
        if stop_at_first && !errors.is_empty() {
            break;
        }
    }
    errors
}
