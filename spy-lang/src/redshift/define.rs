//! Definitions: functions, classes, imports.

use std::cell::OnceCell;
use std::rc::Rc;

use super::errors::type_error;
use super::evaluator::Evaluator;
use super::operand::Operand;
use super::{BlueLocal, Color};
use crate::program::{Closure, Failure, FuncBody, FuncId, FuncInfo, Value};
use crate::scope::ScopeId;
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, FuncKind, StmtKind};
use crate::types::{FuncColor, FuncType, ParamKind, ParamType, TypeId};

impl Evaluator<'_> {
    /// Executes a `def`: creates the function, applies its decorators, binds its name.
    pub(super) fn define_func(
        &mut self,
        def: &Rc<ast::FuncDef>,
        stmt: &ast::Stmt,
    ) -> Result<(), Failure> {
        let name = &def.name.name;
        if let Some(old) = self.declared_at(name)
            && old != def.prototype
        {
            return Err(Self::already_declared(name, def.prototype, old).into());
        }
        let made = match self.made_before(def.id) {
            Some(made) => made,
            None => self.make_definition(def, stmt)?,
        };
        self.remember(def.id, &made);
        let local = BlueLocal {
            ty: self.program.type_of(&made),
            color: Color::Blue,
            value: Some(made),
            declared: def.prototype,
        };
        self.bind_definition(name, local);
        Ok(())
    }

    /// What a `def` binds its name to: the function, or what its decorators make of it.
    fn make_definition(
        &mut self,
        def: &Rc<ast::FuncDef>,
        stmt: &ast::Stmt,
    ) -> Result<Value, Failure> {
        let name = &def.name.name;
        let func = if def.type_params.is_empty() {
            self.make_func(def, self.scopes.of_def(def.id), name)?
        } else {
            self.make_generic(def)
        };
        let mut operand = self.known(Value::Func(func), def.prototype);
        for decorator in def.decorators.iter().rev() {
            operand = self.decorate(decorator, operand, stmt.span)?;
        }
        Ok(operand.value.unwrap_or(Value::None))
    }

    fn decorate(
        &mut self,
        decorator: &ast::Expr,
        operand: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let callee = self.expr(decorator)?;
        let args = super::arguments::Arguments {
            operands: vec![operand],
            keywords: vec![None],
        };
        let result = self.call(callee, args, decorator.span).inspect_err(|_| {
            self.failed_at.get_or_insert(span);
        })?;
        if result.color == Color::Red {
            return Err(type_error("decorators must be @blue")
                .error("this is red", decorator.span)
                .into());
        }
        Ok(result)
    }

    /// Creates the function of a `def` without type parameters; `scope` is that of its body.
    pub(super) fn make_func(
        &mut self,
        def: &Rc<ast::FuncDef>,
        scope: ScopeId,
        name: &str,
    ) -> Result<FuncId, Failure> {
        let color = if def.type_params.is_empty() {
            func_color(def.kind)
        } else {
            FuncColor::Red
        };
        let params = self.param_types(def, color)?;
        let result = match def.returns.kind {
            ExprKind::Auto if color != FuncColor::Red => TypeId::DYNAMIC,
            ExprKind::Auto => {
                return Err(type_error("missing return type")
                    .error("", def.returns.span)
                    .into());
            }
            _ => self.type_expr(&def.returns)?,
        };
        let defaults = self.defaults(def)?;
        let ty = self.program.types.func(FuncType {
            color,
            params,
            result,
        });
        let name = if def.decorators.is_empty() || !def.type_params.is_empty() {
            name.to_owned()
        } else {
            format!("{name}#__bare__")
        };
        Ok(self.add_func(def, scope, &name, ty, defaults))
    }

    fn add_func(
        &mut self,
        def: &Rc<ast::FuncDef>,
        scope: ScopeId,
        name: &str,
        ty: TypeId,
        defaults: Vec<(Value, Span)>,
    ) -> FuncId {
        let generic = self
            .program
            .types
            .as_func(ty)
            .is_some_and(|ty| ty.color == FuncColor::Generic);
        let params = if generic && !def.type_params.is_empty() {
            def.type_params
                .iter()
                .map(|param| param.name.name.clone())
                .collect()
        } else {
            crate::scope::param_names(def)
        };
        let fqn = match name.split_once('#') {
            Some((name, suffix)) => self.namespace().join(name).with_suffix(suffix),
            None => self.namespace().join(name),
        };
        let fqn = self.program.unique_name(fqn);
        let parent = self.current_frame();
        let module = self.module;
        let def = def.clone();
        let prototype = def.prototype;
        let closure = Closure {
            def,
            scope,
            module,
            class: self.class,
            parent,
            params,
            defaults,
            captures: OnceCell::new(),
        };
        let body = FuncBody::Source(Rc::new(closure));
        self.program.add_func(FuncInfo {
            fqn,
            ty,
            body,
            prototype,
            force_inline: false,
        })
    }

    /// `def f[T]`: a blue generic of its type parameters that makes the function.
    fn make_generic(&mut self, def: &Rc<ast::FuncDef>) -> FuncId {
        let param = ParamType {
            ty: TypeId::DYNAMIC,
            kind: ParamKind::Simple,
        };
        let ty = FuncType {
            color: FuncColor::Generic,
            params: vec![param; def.type_params.len()],
            result: TypeId::DYNAMIC,
        };
        let ty = self.program.types.func(ty);
        let scope = self.scopes.of_def(def.id);
        self.add_func(def, scope, &def.name.name.clone(), ty, Vec::new())
    }

    fn param_types(
        &mut self,
        def: &ast::FuncDef,
        color: FuncColor,
    ) -> Result<Vec<ParamType>, Failure> {
        let plain = def.params.positional_only.iter().chain(&def.params.plain);
        let mut params = Vec::new();
        for (index, param) in plain.enumerate() {
            let ty = self.param_type(param, color, index == 0)?;
            params.push(ParamType {
                ty,
                kind: ParamKind::Simple,
            });
        }
        if let Some(star) = &def.params.star {
            let item = self.param_type(star, color, false)?;
            let ty = match color {
                FuncColor::Red => {
                    self.library_type("_varargs", "varargs", &[Value::Type(item)], star.span)?
                }
                FuncColor::Blue | FuncColor::Generic | FuncColor::Metafunc => TypeId::INTERP_TUPLE,
            };
            params.push(ParamType {
                ty,
                kind: ParamKind::VarArgs(item),
            });
        }
        Ok(params)
    }

    fn param_type(
        &mut self,
        param: &ast::Param,
        color: FuncColor,
        first: bool,
    ) -> Result<TypeId, Failure> {
        match (&param.annotation.kind, self.class) {
            (ExprKind::Auto, Some(class)) if first && color == FuncColor::Red => Ok(class),
            (ExprKind::Auto, _) if color != FuncColor::Red => Ok(TypeId::DYNAMIC),
            (ExprKind::Auto, _) => Err(type_error(format!(
                "missing type for argument '{}'",
                param.name.name
            ))
            .error("type is missing here", param.span)
            .into()),
            _ => self.type_expr(&param.annotation),
        }
    }

    fn defaults(&mut self, def: &ast::FuncDef) -> Result<Vec<(Value, Span)>, Failure> {
        let plain = def.params.positional_only.iter().chain(&def.params.plain);
        let mut defaults = Vec::new();
        for default in plain.filter_map(|param| param.default.as_ref()) {
            let operand = self.expr(default)?;
            let Some(value) = operand.value else {
                let message = "defaults of nested functions must be known while compiling";
                return Err(super::errors::wip(message)
                    .error("this is red", default.span)
                    .into());
            };
            defaults.push((value, default.span));
        }
        Ok(defaults)
    }

    /// Binds the names of an import statement; their modules have been loaded.
    pub(super) fn bind_imports(&mut self, stmt: &ast::Stmt) -> Result<(), Failure> {
        match &stmt.kind {
            StmtKind::Import(aliases) => {
                for alias in aliases {
                    let (bound, module) = alias.binding();
                    if self.binds_again(alias, &bound, &module) {
                        continue;
                    }
                    self.bind_import(&module, None, &bound, stmt.span, alias.span)?;
                }
            }
            StmtKind::ImportFrom(import) => {
                let Some(module) = &import.module else {
                    return Ok(());
                };
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    let attr = Some(&*alias.name.name);
                    self.bind_import(&module.name, attr, &bound.name, stmt.span, alias.span)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether an import binds a package whose name an import of one of its modules has bound.
    fn binds_again(&mut self, alias: &ast::ImportAlias, bound: &str, module: &str) -> bool {
        let local = self.frame().locals.get(bound);
        let value = local.and_then(|local| local.value.clone());
        let known = self.program.module_names.get(module).copied();
        let is_same = matches!((value, known), (Some(Value::Module(old)), Some(new)) if old == new);
        is_same && (&*alias.name.name != module || self.program.is_package(module))
    }

    fn bind_import(
        &mut self,
        module: &str,
        attr: Option<&str>,
        name: &Rc<str>,
        stmt: Span,
        alias: Span,
    ) -> Result<(), Failure> {
        if let Some(local) = self.frame().locals.get(name) {
            let old = local.declared;
            return Err(Self::already_declared(name, stmt, old).into());
        }
        let is_variable = attr.is_some_and(|attr| {
            let id = self.program.module_names.get(module);
            id.is_some_and(|id| self.program.module(*id).globals.contains_key(attr))
        });
        let value = if is_variable {
            None
        } else {
            Some(self.imported(module, attr, if attr.is_some() { alias } else { stmt })?)
        };
        let ty = value
            .as_ref()
            .map_or(TypeId::OBJECT, |value| self.program.type_of(value));
        let local = BlueLocal {
            ty,
            color: Color::Blue,
            value,
            declared: stmt,
        };
        self.set_blue_local(name, local);
        Ok(())
    }
}

/// The color in the type of a function.
pub(super) fn func_color(kind: FuncKind) -> FuncColor {
    match kind {
        FuncKind::Red => FuncColor::Red,
        FuncKind::Blue => FuncColor::Blue,
        FuncKind::Generic => FuncColor::Generic,
        FuncKind::Metafunc => FuncColor::Metafunc,
    }
}
