//! What functions nested in red functions use of them.
//!
//! A red function that defines others mirrors its variables in a frame: known ones with their
//! values, the others with their types. A nested function gets the values that are known only at
//! run time as further arguments of each direct call, so it needs no closure object: these
//! captures follow its own parameters.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::errors::wip;
use super::evaluator::{Evaluator, Mode, RedLocal};
use super::function::add_frame;
use super::{BlueFrame, BlueLocal, Color};
use crate::ir::{Expr, ExprKind};
use crate::program::{Capture, Closure, Failure, FrameId, FuncBody, FuncId, Program, Value};
use crate::scope::{ScopeId, ScopeTree, Storage};
use crate::source::Span;
use crate::syntax::ast::DefId;
use crate::types::TypeId;

impl Evaluator<'_> {
    /// The frame that functions and classes defined here close over.
    pub(super) fn current_frame(&mut self) -> FrameId {
        match &self.mode {
            Mode::Blue(frame) => *frame,
            Mode::Red(emitter) => match emitter.foresight.frame {
                Some(frame) => frame,
                None => self.mirror(),
            },
        }
    }

    /// Makes the frame of a red function and copies to it what has been declared so far.
    fn mirror(&mut self) -> FrameId {
        let namespace = self.namespace();
        let frame = BlueFrame {
            module: self.module,
            scope: self.scope,
            parent: self.parent,
            namespace,
            is_mirror: true,
            locals: FxHashMap::default(),
        };
        let frame = add_frame(self.program, frame);
        self.program.has_mirrors = true;
        self.emitter().foresight.frame = Some(frame);
        let names: Vec<_> = self.emitter().names.keys().cloned().collect();
        names.iter().for_each(|name| self.mirror_local(frame, name));
        frame
    }

    /// Gives a name of the red function under construction its meaning.
    pub(super) fn bind_red(&mut self, name: &Rc<str>, local: RedLocal) {
        self.emitter().names.insert(name.clone(), local);
        self.mirror_name(name);
    }

    /// The same of a constant that leaves no trace in the IR.
    pub(super) fn bind_constant(&mut self, name: &Rc<str>, constant: RedLocal) {
        self.emitter().declare_constant(name, constant);
        self.mirror_name(name);
    }

    fn mirror_name(&mut self, name: &Rc<str>) {
        if let Some(frame) = self.emitter().foresight.frame {
            self.mirror_local(frame, name);
        }
    }

    fn mirror_local(&mut self, frame: FrameId, name: &Rc<str>) {
        let emitter = self.emitter();
        let mut meaning = &emitter.names[name];
        while let RedLocal::Unsure(constant) = meaning {
            meaning = constant;
        }
        let (ty, value) = match meaning {
            RedLocal::Blue(ty, value) | RedLocal::Known(ty, value) => (*ty, Some(value.clone())),
            RedLocal::Red(local) => (emitter.locals[local.0 as usize].ty, None),
            RedLocal::Unsure(_) | RedLocal::Failed(_) => return,
        };
        let local = BlueLocal {
            ty,
            color: Color::Red,
            value,
            declared: Span::BUILTINS,
        };
        let locals = &mut self.program.frames[frame.0 as usize].locals;
        locals.insert(name.clone(), local);
    }

    /// Binds the name of a definition, in blue and red code.
    pub(super) fn bind_definition(&mut self, name: &Rc<str>, local: BlueLocal) {
        match local.value {
            Some(value) if !self.is_blue() => {
                self.set_flag(name, local.declared);
                self.bind_constant(name, RedLocal::Blue(local.ty, value));
            }
            _ => self.set_blue_local(name, local),
        }
    }

    /// Where a name of the frame that executes was declared.
    pub(super) fn declared_at(&mut self, name: &str) -> Option<Span> {
        match self.mode {
            Mode::Blue(_) => self.frame().locals.get(name).map(|local| local.declared),
            Mode::Red(_) => None,
        }
    }

    /// Reads a variable of an enclosing red function; `None` if it is not passed to this one.
    pub(super) fn read_captured(
        &self,
        frame: FrameId,
        name: &Rc<str>,
        span: Span,
    ) -> Result<Option<Expr>, Failure> {
        let Mode::Red(emitter) = &self.mode else {
            return Err(unreachable(name, span));
        };
        let own = emitter.foresight.frame == Some(frame);
        let local = match emitter.names.get(name) {
            Some(RedLocal::Red(local)) if own => Some(*local),
            _ => emitter.captured.get(&(frame, name.clone())).copied(),
        };
        Ok(local.map(|local| Expr {
            kind: ExprKind::Local(local),
            ty: emitter.locals[local.0 as usize].ty,
            span,
        }))
    }

    /// What a call of a nested function passes after the arguments.
    pub(super) fn captured_args(&self, func: FuncId, span: Span) -> Result<Vec<Expr>, Failure> {
        let captures = self.program.captures(func);
        let args = captures.iter().map(|Capture { frame, name, .. }| {
            let value = self.read_captured(*frame, name, span)?;
            value.ok_or_else(|| unreachable(name, span))
        });
        args.collect()
    }

    /// Adds the parameters for what the function under construction captures.
    pub(super) fn add_captured_params(&mut self, func: FuncId) {
        let captures = self.program.captures(func);
        for capture in captures.iter() {
            let local = self.new_local(&capture.name, capture.ty, Span::BUILTINS);
            let key = (capture.frame, capture.name.clone());
            self.emitter().captured.insert(key, local);
        }
    }

    /// What a definition made in an earlier attempt at this red function.
    pub(super) fn made_before(&mut self, def: DefId) -> Option<Value> {
        match &self.mode {
            Mode::Red(emitter) => emitter.foresight.definitions.get(&def).cloned(),
            Mode::Blue(_) => None,
        }
    }

    /// Remembers what a definition made, in case the red function is redshifted again.
    pub(super) fn remember(&mut self, def: DefId, value: &Value) {
        if let Mode::Red(emitter) = &mut self.mode {
            let definitions = &mut emitter.foresight.definitions;
            definitions.insert(def, value.clone());
        }
    }
}

/// The error where the value of a captured variable is not at hand.
pub(super) fn unreachable(name: &str, span: Span) -> Failure {
    let message = format!("`{name}` of an enclosing red function cannot be used here");
    wip(message)
        .error("its value is known at run time only", span)
        .into()
}

impl Program {
    /// The variables of enclosing red functions that a function uses, itself or through others.
    pub fn captures(&self, func: FuncId) -> Rc<[Capture]> {
        let FuncBody::Source(closure) = &self.func(func).body else {
            return Rc::default();
        };
        if !self.has_mirrors || self.frames[closure.parent.0 as usize].parent.is_none() {
            return Rc::default();
        }
        let search = || {
            let mut search = Search {
                program: self,
                seen: FxHashSet::default(),
                found: Vec::new(),
            };
            search.func(func);
            search.found.into()
        };
        closure.captures.get_or_init(search).clone()
    }
}

/// A walk over the functions that a function can call by name.
struct Search<'a> {
    program: &'a Program,
    seen: FxHashSet<FuncId>,
    found: Vec<Capture>,
}

impl Search<'_> {
    fn func(&mut self, func: FuncId) {
        if !self.seen.insert(func) {
            return;
        }
        let info = self.program.func(func);
        if let FuncBody::Source(closure) = &info.body {
            self.closure(&closure.clone());
        }
        // A signature mentions types whose methods the body may call.
        let ty = self.program.types.as_func(info.ty);
        let types: Vec<TypeId> = ty.map_or_else(Vec::new, |ty| {
            let params = ty.params.iter().map(|param| param.ty);
            params.chain([ty.result]).collect()
        });
        types
            .into_iter()
            .for_each(|ty| self.value(&Value::Type(ty)));
    }

    fn closure(&mut self, closure: &Closure) {
        let source = &self.program.module(closure.module).source;
        let (_, scopes) = source.as_ref().expect("functions have text");
        for index in closure.scope.0..u32::try_from(scopes.scopes.len()).unwrap_or(0) {
            let Some(depth) = depth_below(scopes, ScopeId(index), closure.scope) else {
                continue;
            };
            for symbol in scopes.get(ScopeId(index)).symbols.values() {
                let outwards = symbol.level.and_then(|level| level.checked_sub(depth + 1));
                if let Some(outwards) = outwards
                    && symbol.storage == Storage::Direct
                    && symbol.import.is_none()
                {
                    self.name(closure.parent, outwards, &symbol.name);
                }
            }
        }
    }

    fn name(&mut self, parent: FrameId, outwards: u32, name: &Rc<str>) {
        let frames = &self.program.frames;
        let frame = (0..outwards).try_fold(parent, |id, _| frames[id.0 as usize].parent);
        let Some(id) = frame.filter(|id| frames[id.0 as usize].parent.is_some()) else {
            return;
        };
        let frame = &frames[id.0 as usize];
        match frame.locals.get(name) {
            Some(BlueLocal {
                value: None, ty, ..
            }) if frame.is_mirror => self.add(id, name, *ty),
            Some(BlueLocal {
                value: Some(value), ..
            }) => self.value(&value.clone()),
            Some(_) | None => {}
        }
    }

    fn add(&mut self, frame: FrameId, name: &Rc<str>, ty: TypeId) {
        let known = |capture: &Capture| capture.frame == frame && capture.name == *name;
        if !self.found.iter().any(known) {
            let name = name.clone();
            self.found.push(Capture { frame, name, ty });
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Func(func) => self.func(*func),
            Value::Type(ty) => {
                let members = &self.program.types.get(*ty).members;
                let funcs = members.values().filter_map(|member| match member {
                    Value::Func(func) => Some(*func),
                    Value::Descriptor(descriptor) => Some(descriptor.func),
                    _ => None,
                });
                funcs.for_each(|func| self.func(func));
            }
            Value::Tuple(items) => items.iter().for_each(|item| self.value(item)),
            _ => {}
        }
    }
}

/// How many scopes lie between a scope and one around it: 0 if they are the same.
fn depth_below(scopes: &ScopeTree, scope: ScopeId, around: ScopeId) -> Option<u32> {
    let mut current = scope;
    let mut depth = 0;
    while current != around {
        current = scopes
            .get(current)
            .parent
            .filter(|parent| *parent >= around)?;
        depth += 1;
    }
    Some(depth)
}
