//! Names: reading them and assigning to them.

use std::rc::Rc;

use super::errors::uninitialized;
use super::evaluator::{Evaluator, Mode, RedLocal};
use super::operand::Operand;
use super::{BlueLocal, Color};
use crate::builtins::{self, BuiltinName};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::ir::{Expr, ExprKind, LocalId, StmtKind};
use crate::program::{Failure, FrameId, GlobalId, ModuleId, Value};
use crate::scope::{ScopeKind, Storage, Symbol, VarKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::TypeId;

impl Evaluator<'_> {
    /// Reads a name.
    pub(super) fn name(&mut self, name: &Rc<str>, span: Span) -> Result<Operand, Failure> {
        let Some(symbol) = self
            .symbol(name)
            .filter(|s| s.storage != Storage::NameError)
        else {
            return Err(self.undefined(name, span));
        };
        let mut operand = self.read(&symbol, span)?;
        operand.symbol = Some((name.clone(), symbol.span));
        Ok(operand)
    }

    fn read(&mut self, symbol: &Symbol, span: Span) -> Result<Operand, Failure> {
        match (&symbol.import, symbol.level) {
            (Some(import), Some(level)) if level > 0 || self.is_module_scope() => {
                let value = self.imported(&import.module, import.attr.as_deref(), span)?;
                Ok(self.known(value, span))
            }
            (_, Some(0)) => self.read_local(symbol, span),
            (_, Some(level)) => self.read_outer(symbol, level, span),
            (_, None) => Err(self.undefined(&symbol.name, span)),
        }
    }

    fn is_module_scope(&self) -> bool {
        self.scopes.get(self.scope).kind == ScopeKind::Module
    }

    /// `name is not defined`
    pub(super) fn undefined(&self, name: &str, span: Span) -> Failure {
        let message = format!("name `{name}` is not defined");
        let diagnostic =
            Diagnostic::new(ErrorKind::NameError, message).error("not found in this scope", span);
        match self.similar_name(name) {
            Some(similar) => diagnostic.help(format!("did you mean `{similar}`?")).into(),
            None => diagnostic.into(),
        }
    }

    /// The visible name that looks most like a misspelt one.
    fn similar_name(&self, name: &str) -> Option<Rc<str>> {
        let mut candidates: Vec<Rc<str>> = Vec::new();
        let mut scope = Some(self.scope);
        while let Some(id) = scope {
            let entry = self.scopes.get(id);
            let defined = entry.symbols.values().filter(|s| s.level == Some(0));
            candidates.extend(defined.map(|s| s.name.clone()));
            scope = entry.parent;
        }
        candidates.extend(builtins::builtin_names().map(|(name, _)| Rc::from(name)));
        crate::diagnostics::similar(name, candidates)
    }

    fn read_local(&mut self, symbol: &Symbol, span: Span) -> Result<Operand, Failure> {
        if self.is_module_scope()
            && let Some(global) = self.program.module(self.module).globals.get(&symbol.name)
        {
            let (ty, value) = (
                self.program.global(*global).ty,
                self.program.load_global(*global),
            );
            return Ok(Operand::red_value(ty, value, span));
        }
        match &self.mode {
            Mode::Blue(frame) => match self.program.frames[frame.0 as usize]
                .locals
                .get(&symbol.name)
            {
                Some(BlueLocal {
                    value: Some(value),
                    ty,
                    color,
                    ..
                }) => {
                    let (ty, value) = (*ty, value.clone());
                    let color = if self.is_module_scope() {
                        Color::Blue
                    } else {
                        *color
                    };
                    Ok(self.local_operand(ty, color, value, span))
                }
                Some(BlueLocal { value: None, .. }) => Err(uninitialized().into()),
                None if self.is_module_scope() => Err(self.undefined(&symbol.name, span)),
                None => Err(uninitialized().into()),
            },
            Mode::Red(emitter) => match emitter.names.get(&symbol.name).cloned() {
                Some(local) => self.read_red_local(symbol, &local, span),
                None => match self.early_local(&symbol.name, symbol.span) {
                    Some(local) => self.read_red_local(symbol, &RedLocal::Red(local), span),
                    None => Err(Diagnostic {
                        at_run_time: true,
                        ..uninitialized()
                    }
                    .into()),
                },
            },
        }
    }

    fn read_red_local(
        &mut self,
        symbol: &Symbol,
        local: &RedLocal,
        span: Span,
    ) -> Result<Operand, Failure> {
        match local {
            RedLocal::Blue(ty, value) => {
                Ok(self.local_operand(*ty, Color::Blue, value.clone(), span))
            }
            RedLocal::Known(ty, value) => Ok(Operand::red_value(*ty, value.clone(), span)),
            RedLocal::Unsure(constant) => {
                self.check_flag(&symbol.name, span);
                self.read_red_local(symbol, constant, span)
            }
            RedLocal::Red(local) => Ok(Operand::red(Expr {
                kind: ExprKind::Local(*local),
                ty: self.emitter().locals[local.0 as usize].ty,
                span,
            })),
            RedLocal::Failed(error) => Err(self.program.errors[error.0 as usize].clone().into()),
        }
    }

    /// The value of a local; a blue one of static type `dynamic` has its dynamic type.
    fn local_operand(&self, ty: TypeId, color: Color, value: Value, span: Span) -> Operand {
        let ty = match color {
            Color::Blue if ty == TypeId::DYNAMIC => self.program.type_of(&value),
            Color::Blue | Color::Red => ty,
        };
        Operand {
            ty,
            color,
            value: Some(value),
            ir: None,
            span,
            symbol: None,
        }
    }

    fn read_outer(&mut self, symbol: &Symbol, level: u32, span: Span) -> Result<Operand, Failure> {
        if symbol.storage == Storage::Cell {
            let Some(global) = self.global(&symbol.name) else {
                return Err(self.undefined(&symbol.name, span));
            };
            return Ok(self.read_global(global, span));
        }
        let Some(frame) = self.outer_frame(level) else {
            return Err(self.undefined(&symbol.name, span));
        };
        let outer = &self.program.frames[frame.0 as usize];
        let is_mirror = outer.is_mirror;
        match outer.locals.get(&symbol.name) {
            Some(BlueLocal {
                value: Some(value), ..
            }) => {
                let value = value.clone();
                Ok(self.known(value, span))
            }
            Some(BlueLocal { value: None, .. }) if is_mirror => {
                let value = self.read_captured(frame, &symbol.name, span)?;
                Ok(Operand::red(value.ok_or_else(uninitialized)?))
            }
            Some(BlueLocal { value: None, .. }) => Err(uninitialized().into()),
            None if is_mirror => Err(uninitialized().into()),
            None => Err(self.undefined(&symbol.name, span)),
        }
    }

    /// The frame `level` scopes outwards.
    fn outer_frame(&self, level: u32) -> Option<FrameId> {
        let mut frame = self.parent;
        for _ in 1..level {
            frame = self.program.frames[frame?.0 as usize].parent;
        }
        frame
    }

    /// The module variable of this module with a name.
    fn global(&self, name: &str) -> Option<GlobalId> {
        self.program.module(self.module).globals.get(name).copied()
    }

    /// Reads a module variable from a function: red.
    pub(super) fn read_global(&mut self, global: GlobalId, span: Span) -> Operand {
        let ty = self.program.global(global).ty;
        if self.is_blue() {
            return Operand::red_value(ty, self.program.load_global(global), span);
        }
        Operand::red(Expr {
            kind: ExprKind::Global(global),
            ty,
            span,
        })
    }

    /// What an imported or builtin name stands for.
    pub(super) fn imported(
        &mut self,
        module: &str,
        attr: Option<&str>,
        span: Span,
    ) -> Result<Value, Failure> {
        if module == "builtins"
            && let Some(name) = attr
            && let Some(value) = self.program.builtin(name)
        {
            return Ok(value);
        }
        let found = self.program.module_names.get(module).copied();
        match (found, attr) {
            (Some(id), None) => Ok(Value::Module(id)),
            (Some(id), Some(attr)) if self.program.module(id).globals.contains_key(attr) => {
                let diagnostic = super::errors::wip("cannot import `var` and/or `cell`");
                Err(diagnostic.error("this is `cell`", span).into())
            }
            (Some(id), Some(attr)) => self.module_member(id, attr).ok_or_else(|| {
                let message = format!("cannot import `{module}.{attr}`");
                let text = format!("attribute `{attr}` does not exist in module `{module}`");
                let diagnostic = Diagnostic::new(ErrorKind::ImportError, message).error(text, span);
                match self.way_out(id, attr) {
                    Some(help) => diagnostic.help(help).into(),
                    None => diagnostic.into(),
                }
            }),
            (None, _) => {
                let message = format!("cannot import `{module}`");
                let text = format!("module `{module}` does not exist");
                Err(Diagnostic::new(ErrorKind::ImportError, message)
                    .error(text, span)
                    .into())
            }
        }
    }

    /// What to do about an attribute that a module does not have.
    fn way_out(&self, module: ModuleId, attr: &str) -> Option<String> {
        if attr == "*" {
            return Some("name what you need, or import the module".to_owned());
        }
        let info = self.program.module(module);
        let names = info.members.keys().chain(info.globals.keys());
        let similar = crate::diagnostics::similar(attr, names.cloned().collect())?;
        Some(format!("did you mean `{similar}`?"))
    }

    /// A name of a module as others see it.
    pub(super) fn module_member(&self, module: ModuleId, name: &str) -> Option<Value> {
        self.program.module(module).members.get(name).cloned()
    }

    /// Assigns to a name as a statement does.
    pub(super) fn assign(
        &mut self,
        target: &ast::Ident,
        operand: Operand,
        stmt: Span,
    ) -> Result<(), Failure> {
        let Some(symbol) = self.symbol(&target.name) else {
            return Err(self.undefined(&target.name, target.span));
        };
        match symbol.level {
            Some(0) => self.assign_local(&symbol, target.span, operand, stmt),
            Some(_) if symbol.storage == Storage::Cell => {
                let Some(global) = self.global(&symbol.name) else {
                    return Err(self.undefined(&symbol.name, target.span));
                };
                let operand =
                    self.convert_to_declared(operand, self.program.global(global).ty, &symbol)?;
                self.store_global(global, operand, stmt);
                Ok(())
            }
            Some(level) => {
                let variable =
                    symbol.kind == VarKind::Var || symbol.origin == crate::scope::VarOrigin::Auto;
                let captured = variable && symbol.import.is_none() && level > 0;
                Err(self.invalid_target(&symbol, target.span, captured).into())
            }
            None => Err(self.undefined(&target.name, target.span)),
        }
    }

    fn store_global(&mut self, global: GlobalId, operand: Operand, stmt: Span) {
        match operand.value {
            Some(value) if self.is_blue() => self.program.store_global(global, &value),
            value => {
                let operand = Operand { value, ..operand };
                self.emit(StmtKind::StoreGlobal(global, operand.into_ir()), stmt);
            }
        }
    }

    /// Converts to the type of a declaration; a failure points at what fixed that type.
    pub(super) fn convert_to_declared(
        &mut self,
        operand: Operand,
        ty: TypeId,
        symbol: &Symbol,
    ) -> Result<Operand, Failure> {
        let (place, name) = (operand.span, self.type_name(ty));
        self.convert(operand, ty).map_err(|mut failure| {
            self.failed_at.get_or_insert(place);
            if !failure.annotations.is_empty() {
                let text = format!("expected `{name}` because of type declaration");
                *failure = failure.note(text, symbol.type_span);
            }
            failure
        })
    }

    /// Assigns to a variable of this scope: the first time declares it.
    fn assign_local(
        &mut self,
        symbol: &Symbol,
        target: Span,
        operand: Operand,
        stmt: Span,
    ) -> Result<(), Failure> {
        let Some(ty) = self.declared_type(&symbol.name)? else {
            let ty = operand.ty;
            return self.declare(symbol, ty, Some(operand), stmt);
        };
        if symbol.kind == VarKind::Const
            && self.is_assigned(&symbol.name)
            && !self.may_reassign(symbol)
        {
            return Err(self.invalid_target(symbol, target, false).into());
        }
        let operand = self.convert_to_declared(operand, ty, symbol)?;
        self.store_local(symbol, ty, operand, stmt);
        Ok(())
    }

    /// A deduced constant is assigned once in the text, but a blue loop may come back to it.
    fn may_reassign(&self, symbol: &Symbol) -> bool {
        symbol.origin == crate::scope::VarOrigin::Auto
    }

    /// The type of a variable of this scope, if it has been declared.
    pub(super) fn declared_type(&mut self, name: &str) -> Result<Option<TypeId>, Failure> {
        match &self.mode {
            Mode::Blue(frame) => {
                let local = self.program.frames[frame.0 as usize].locals.get(name);
                Ok(local.map(|local| local.ty))
            }
            Mode::Red(emitter) => {
                let local = emitter.names.get(name);
                local.map(|local| self.red_local_type(local)).transpose()
            }
        }
    }

    fn red_local_type(&self, local: &RedLocal) -> Result<TypeId, Failure> {
        match (local, &self.mode) {
            (RedLocal::Blue(ty, _) | RedLocal::Known(ty, _), _) => Ok(*ty),
            (RedLocal::Unsure(constant), _) => self.red_local_type(constant),
            (RedLocal::Red(local), Mode::Red(emitter)) => Ok(emitter.locals[local.0 as usize].ty),
            (RedLocal::Red(_), Mode::Blue(_)) => unreachable!("blue code has no red locals"),
            (RedLocal::Failed(error), _) => {
                Err(self.program.errors[error.0 as usize].clone().into())
            }
        }
    }

    fn is_assigned(&self, name: &str) -> bool {
        match &self.mode {
            Mode::Blue(frame) => {
                let local = self.program.frames[frame.0 as usize].locals.get(name);
                local.is_some_and(|local| local.value.is_some())
            }
            Mode::Red(emitter) => emitter.names.contains_key(name),
        }
    }

    /// Declares a variable of this scope; `operand` has type `ty`.
    pub(super) fn declare(
        &mut self,
        symbol: &Symbol,
        ty: TypeId,
        operand: Option<Operand>,
        stmt: Span,
    ) -> Result<(), Failure> {
        let constant = symbol.kind == VarKind::Const;
        if self.is_blue() {
            let color = match &operand {
                Some(operand) if constant => operand.color,
                _ => Color::Red,
            };
            let value = operand.and_then(|operand| operand.value);
            self.set_blue_local(
                &symbol.name,
                BlueLocal {
                    ty,
                    color,
                    value,
                    declared: stmt,
                },
            );
            return Ok(());
        }
        match operand {
            Some(operand)
                if constant && operand.color == Color::Blue && operand.value.is_some() =>
            {
                let value = operand.value.expect("just checked");
                self.set_flag(&symbol.name, stmt);
                self.bind_constant(&symbol.name, RedLocal::Blue(ty, value));
            }
            Some(operand)
                if constant && operand.value.is_some() && self.program.types.is_known_only(ty) =>
            {
                let value = operand.value.clone().expect("just checked");
                self.drop_operand(operand);
                self.set_flag(&symbol.name, stmt);
                self.bind_constant(&symbol.name, RedLocal::Known(ty, value));
            }
            Some(operand) => {
                let local = self.declared_local(symbol, ty);
                self.bind_red(&symbol.name, RedLocal::Red(local));
                self.emit(StmtKind::Assign(local, operand.into_ir()), stmt);
            }
            None => {
                let local = self.declared_local(symbol, ty);
                self.bind_red(&symbol.name, RedLocal::Red(local));
                self.emit(StmtKind::Declare(local), stmt);
            }
        }
        Ok(())
    }

    /// The local of a variable that is being declared.
    fn declared_local(&mut self, symbol: &Symbol, ty: TypeId) -> LocalId {
        if let Some(local) = self.early_local_of_type(&symbol.name, ty) {
            return local;
        }
        let emitter = self.emitter();
        match emitter.reusable.get(&symbol.name) {
            Some(local) if emitter.locals[local.0 as usize].ty == ty => *local,
            Some(_) | None => self.new_local(&symbol.name, ty, symbol.span),
        }
    }

    /// Stores into a frame of blue code; names of modules become visible to importers.
    pub(super) fn set_blue_local(&mut self, name: &Rc<str>, local: BlueLocal) {
        if self.is_module_scope()
            && let Some(value) = &local.value
        {
            let members = &mut self.program.module_mut(self.module).members;
            members.insert(name.clone(), value.clone());
        }
        self.frame().locals.insert(name.clone(), local);
    }

    /// Stores into a declared variable; `operand` has its type.
    fn store_local(&mut self, symbol: &Symbol, ty: TypeId, operand: Operand, stmt: Span) {
        if self.is_blue() {
            let constant = symbol.kind == VarKind::Const;
            let color = if constant { operand.color } else { Color::Red };
            let local = BlueLocal {
                ty,
                color,
                value: operand.value,
                declared: stmt,
            };
            self.set_blue_local(&symbol.name, local);
            return;
        }
        match self.emitter().names.get(&symbol.name) {
            Some(RedLocal::Red(local)) => {
                let local = *local;
                self.emit(StmtKind::Assign(local, operand.into_ir()), stmt);
            }
            Some(RedLocal::Blue(..)) => {
                if let Some(value) = operand.value {
                    self.bind_red(&symbol.name, RedLocal::Blue(ty, value));
                }
            }
            Some(RedLocal::Known(..) | RedLocal::Unsure(_) | RedLocal::Failed(_)) | None => {}
        }
    }

    /// `x := e`: assigns, and yields the value in the color of the variable.
    pub(super) fn assign_in_expr(
        &mut self,
        target: &ast::Ident,
        operand: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let symbol = self.symbol(&target.name);
        let is_var = symbol
            .as_ref()
            .is_some_and(|symbol| symbol.kind == VarKind::Var);
        let name = symbol.as_ref().map(|symbol| symbol.name.clone());
        let (_, mut stmts) = if self.is_blue() {
            self.assign(target, operand.clone(), span)?;
            ((), Vec::new())
        } else {
            self.capture(|this| this.assign(target, operand.clone(), span))?
        };
        if self.is_blue() {
            let name = name.unwrap_or_else(|| target.name.clone());
            let mut result = self.name(&name, span)?;
            result.color = if is_var { Color::Red } else { operand.color };
            return Ok(result);
        }
        match stmts.pop().map(|stmt| stmt.kind) {
            Some(StmtKind::Assign(local, value)) => {
                let ty = value.ty;
                let kind = ExprKind::AssignLocal(local, Box::new(value));
                Ok(Operand::red(Expr { kind, ty, span }))
            }
            Some(StmtKind::StoreGlobal(global, value)) => {
                let ty = value.ty;
                let kind = ExprKind::AssignGlobal(global, Box::new(value));
                Ok(Operand::red(Expr { kind, ty, span }))
            }
            _ => Ok(Operand {
                span,
                symbol: None,
                ..operand
            }),
        }
    }
}

impl crate::program::Program {
    /// What a name of module `builtins` stands for.
    pub(crate) fn builtin(&mut self, name: &str) -> Option<Value> {
        match name {
            "None" => return Some(Value::None),
            "NotImplemented" => return Some(Value::NotImplemented),
            _ => {}
        }
        let (_, meaning) = builtins::builtin_names().find(|(builtin, _)| *builtin == name)?;
        Some(match meaning {
            BuiltinName::Type(ty) => Value::Type(ty),
            BuiltinName::Function(builtin) => {
                Value::Func(builtins::function(self, "builtins", name, builtin))
            }
            BuiltinName::Primitive(prim) => Value::Func(builtins::primitive(self, prim)),
        })
    }
}
