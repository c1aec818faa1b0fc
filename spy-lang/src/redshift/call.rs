//! Calls: what the callee is, converting arguments, and calling blue functions.

use super::Color;
use super::arguments::{Arguments, Direct, Slot};
use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::limits::STEPS_PER_CALL;
use super::operand::{Action, Operand, Operation, Recipe};
use crate::builtins::Builtin;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Failure, FuncBody, FuncId, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Arg};
use crate::types::{FuncColor, ParamKind, ParamType, TypeId, TypeKind};

impl Evaluator<'_> {
    /// `callee(args)`
    pub(super) fn call_expr(
        &mut self,
        callee: &ast::Expr,
        args: &[Arg],
        span: Span,
    ) -> Result<Operand, Failure> {
        if let ast::ExprKind::GetItem(target, items) = &callee.kind
            && let ast::ExprKind::GetAttr(object, name) = &target.kind
        {
            let object = self.expr(object)?;
            if let Some(generic) = self.generic_method(&object, &name.name) {
                return self.call_generic_method(generic, object, items, args, span);
            }
            let found = self.attribute_of(object, name, target.span);
            let target = self.evaluated(found, target)?;
            let instance = self.item_of_expr(target, items, callee.span);
            let callee = self.evaluated(instance, callee)?;
            let args = self.arguments(args)?;
            return self.call(callee, args, span);
        }
        let callee = self.expr(callee)?;
        let args = self.arguments(args)?;
        self.call(callee, args, span)
    }

    /// The generic method that `object.name[…](…)` calls; a type or module has no methods.
    fn generic_method(&self, object: &Operand, name: &str) -> Option<FuncId> {
        if matches!(object.value, Some(Value::Type(_) | Value::Module(_))) {
            return None;
        }
        let pointed = self.program.types.as_ptr(object.ty).map(|ty| ty.item);
        let func = self.method(pointed.unwrap_or(object.ty), name)?;
        let FuncBody::Source(closure) = &self.program.func(func).body else {
            return None;
        };
        (closure.class.is_some() && self.is_generic(func)).then_some(func)
    }

    /// Whether a function is called with brackets.
    pub(super) fn is_generic(&self, func: FuncId) -> bool {
        let ty = self.program.types.as_func(self.program.func(func).ty);
        ty.is_some_and(|ty| ty.color == FuncColor::Generic)
    }

    /// `object.method[items](args)`
    fn call_generic_method(
        &mut self,
        generic: FuncId,
        object: Operand,
        items: &[ast::Expr],
        args: &[Arg],
        span: Span,
    ) -> Result<Operand, Failure> {
        let receiver = self.dereferenced(object)?;
        let callee = self.known(Value::Func(generic), receiver.span);
        let instance = self.item_of_expr(callee, items, span)?;
        let args = self.arguments(args)?;
        match instance.value {
            Some(Value::Func(func)) => {
                let direct = Direct {
                    callee: receiver.span,
                    receivers: 1,
                };
                self.call_with_receiver(func, receiver, args, direct, span, "CALL_METHOD")
            }
            _ => self.call(instance, args, span),
        }
    }

    /// Evaluates arguments left to right.
    pub(super) fn arguments(&mut self, args: &[Arg]) -> Result<Arguments, Failure> {
        let mut arguments = Arguments {
            operands: Vec::new(),
            keywords: Vec::new(),
        };
        for arg in args {
            let (value, keyword) = match arg {
                Arg::Positional(value) => (value, None),
                Arg::Keyword(name, value, _) => (value, Some(name.clone())),
                Arg::Star(_, span) | Arg::DoubleStar(_, span) => {
                    return Err(super::expr::not_supported(*span));
                }
            };
            arguments.operands.push(self.expr(value)?);
            arguments.keywords.push(keyword);
        }
        Ok(arguments)
    }

    /// Calls whatever the callee is.
    pub(super) fn call(
        &mut self,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&callee) {
            return Ok(self.postpone_call_of(callee, args, span));
        }
        let callee = self.dynamic_type(callee);
        match self.program.types.kind(callee.ty) {
            TypeKind::Func(ty) => {
                let color = ty.color;
                self.call_function(callee, color, args, span)
            }
            TypeKind::Type => match callee.value.clone() {
                Some(Value::Type(ty)) => self.construct(ty, callee, args, span),
                _ => {
                    let diagnostic = type_error("instantiation of red types is not yet supported")
                        .error("this is red", callee.span);
                    Err(called_here(diagnostic.into(), "CALL", span))
                }
            },
            _ => self.call_object(callee, args, span),
        }
    }

    /// Calls an object whose type defines `__call__`.
    fn call_object(
        &mut self,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let callee = self.dereferenced_for(callee, "__call__")?;
        if let Some(method) = self.method(callee.ty, "__call__") {
            let direct = Direct {
                callee: callee.span,
                receivers: 1,
            };
            return self.call_with_receiver(method, callee, args, direct, span, "CALL");
        }
        let message = format!(
            "cannot call objects of type `{}`",
            self.type_name(callee.ty)
        );
        let failure = self.unsupported(message, &callee).into();
        Err(called_here(failure, "CALL", span))
    }

    fn call_function(
        &mut self,
        callee: Operand,
        color: FuncColor,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let red = callee.color == Color::Red && !self.is_blue();
        let Some(Value::Func(func)) = callee.value.clone().filter(|_| !red) else {
            let diagnostic = super::errors::wip("calling a red function value is not supported")
                .error("this is red", callee.span);
            return Err(called_here(diagnostic.into(), "CALL", span));
        };
        if let FuncBody::Builtin(builtin) = self.program.func(func).body {
            return match builtin {
                Builtin::Dispatcher(dispatcher) => {
                    let direct = Direct {
                        callee: callee.span,
                        receivers: 0,
                    };
                    self.call_dispatcher(dispatcher, func, args, direct, span)
                }
                _ => self.call_builtin(builtin, callee, args, span),
            };
        }
        if color == FuncColor::Generic {
            if let Some(plain) = self.without_brackets(func) {
                let callee = Operand {
                    value: Some(Value::Func(plain)),
                    ty: self.program.func(plain).ty,
                    ..callee
                };
                return self.call(callee, args, span);
            }
            let message = "generic functions must be called via `[...]`".to_owned();
            let failure = self.unsupported(message, &callee).into();
            return Err(called_here(failure, "CALL", span));
        }
        let direct = Direct {
            callee: callee.span,
            receivers: 0,
        };
        let is_builtin = self.program.func(func).fqn.module_name() == "_builtins";
        if is_builtin && self.any_dynamic(&args.operands) {
            return Ok(self.postpone_call_of(callee, args, span));
        }
        if is_builtin && args.operands.len() > 2 && self.takes_pairs(func, &args) {
            return self.call_pairwise(callee, args, span);
        }
        if color == FuncColor::Metafunc {
            let message = format!(
                "cannot call objects of type `{}`",
                self.type_name(callee.ty)
            );
            let null = self.unsupported(message, &callee);
            return self.call_metafunc(func, args, 0, (direct, null), span, "CALL");
        }
        self.call_bound(func, args, Some(direct), span, "CALL")
    }

    /// Whether a call is one of `min` or `max` with more than two values.
    fn takes_pairs(&self, func: FuncId, args: &Arguments) -> bool {
        let name = &self.program.func(func).fqn.last().name;
        let values = args.keywords.iter().filter(|name| name.is_none()).count();
        matches!(&**name, "min" | "max") && values > 2
    }

    /// `min(a, b, c)` is `min(min(a, b), c)`.
    fn call_pairwise(
        &mut self,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let (named, values): (Vec<_>, Vec<_>) = args
            .operands
            .into_iter()
            .zip(args.keywords)
            .partition(|(_, keyword)| keyword.is_some());
        let mut best = None;
        for (value, _) in values {
            let Some(first) = best else {
                best = Some(value);
                continue;
            };
            let (mut operands, mut keywords) = (vec![first, value], vec![None, None]);
            for (operand, keyword) in &named {
                operands.push(operand.clone());
                keywords.push(keyword.clone());
            }
            let pair = Arguments { operands, keywords };
            best = Some(self.call(callee.clone(), pair, span)?);
        }
        Ok(best.expect("there are more than two values"))
    }

    /// What calls a generic of the library without brackets: `_list.list_from` for `list`, and so on.
    fn without_brackets(&self, generic: FuncId) -> Option<FuncId> {
        self.beside_generic(generic, "from")
    }

    /// The function of the library whose name is that of a generic with a suffix.
    pub(super) fn beside_generic(&self, generic: FuncId, suffix: &str) -> Option<FuncId> {
        let fqn = &self.program.func(generic).fqn;
        if !self.program.is_library(generic) {
            return None;
        }
        let module = self.program.module_names.get(fqn.module_name())?;
        let name = format!("{}_{suffix}", fqn.last().name);
        match self.program.module(*module).members.get(&*name) {
            Some(Value::Func(func)) => Some(*func),
            _ => None,
        }
    }

    /// Calls a metafunction and does what it answers; `null` is the error if it answers nothing.
    pub(super) fn call_metafunc(
        &mut self,
        func: FuncId,
        args: Arguments,
        hidden: usize,
        (direct, null): (Direct, Diagnostic),
        span: Span,
        operator: &str,
    ) -> Result<Operand, Failure> {
        let operands: Vec<&Operand> = args.operands.iter().collect();
        let operation = self
            .ask_metafunc(func, &operands, &args.keywords, hidden, Some(direct.callee))
            .and_then(|operation| operation.ok_or_else(|| null.into()))
            .map_err(|failure| called_here(failure, operator, span))?;
        self.apply(operation, args.operands, span)
    }

    /// Calls a method with its receiver as first argument.
    pub(super) fn call_with_receiver(
        &mut self,
        method: FuncId,
        receiver: Operand,
        args: Arguments,
        direct: Direct,
        span: Span,
        operator: &str,
    ) -> Result<Operand, Failure> {
        if self.is_metafunc(method) {
            let null = self.unsupported_operation(operator, method, &receiver, &args);
            let args = args.with_receiver(receiver);
            return self.call_metafunc(method, args, 0, (direct, null), span, operator);
        }
        let args = args.with_receiver(receiver);
        self.call_bound(method, args, Some(direct), span, operator)
    }

    /// The error when a metafunction answers that an operation on a receiver is not supported.
    fn unsupported_operation(
        &self,
        operator: &str,
        method: FuncId,
        receiver: &Operand,
        args: &Arguments,
    ) -> Diagnostic {
        let ty = self.type_name(receiver.ty);
        let message = match operator {
            "GETITEM" => format!("cannot do `{ty}`[...]"),
            "SETITEM" => {
                let index = args.operands.first().map(|index| self.type_name(index.ty));
                format!("cannot do `{ty}[`{}`] = ...", index.unwrap_or_default())
            }
            "DELITEM" => format!("cannot do del `{ty}`[...]"),
            "CALL_METHOD" => {
                let name = &self.program.func(method).fqn.last().name;
                format!("method `{ty}::{name}` does not exist")
            }
            _ => format!("cannot call objects of type `{ty}`"),
        };
        self.unsupported(message, receiver)
    }

    /// Calls a plain function: checks the arguments, then calls or emits.
    pub(super) fn call_bound(
        &mut self,
        func: FuncId,
        args: Arguments,
        direct: Option<Direct>,
        span: Span,
        operator: &str,
    ) -> Result<Operand, Failure> {
        let operation = self
            .bind(func, &args, direct)
            .map_err(|e| called_here(e, operator, span))?;
        self.apply(operation, args.operands, span)
    }

    /// A call of `func` with positional operands in the given order.
    pub(super) fn bind_positional(
        &mut self,
        func: FuncId,
        operands: &[&Operand],
        order: &[usize],
    ) -> Result<Operation, Failure> {
        let args = Arguments {
            operands: order.iter().map(|index| operands[*index].clone()).collect(),
            keywords: vec![None; order.len()],
        };
        let mut operation = self.bind(func, &args, None)?;
        let recipes = operation.args.iter_mut();
        recipes.for_each(|recipe| recipe.reorder(order));
        Ok(operation)
    }

    /// Binds arguments to the parameters of a function.
    pub(super) fn bind(
        &mut self,
        func: FuncId,
        args: &Arguments,
        direct: Option<Direct>,
    ) -> Result<Operation, Failure> {
        let info = self.program.func(func).clone();
        let ty = self
            .program
            .types
            .as_func(info.ty)
            .expect("functions have function types")
            .clone();
        let order = self.order_arguments(&info, &ty.params, args, direct)?;
        if ty.color != FuncColor::Red {
            self.require_blue(args, direct, info.prototype)?;
        }
        let mut recipes = Vec::with_capacity(order.len());
        for (slot, param) in order.iter().zip(&ty.params) {
            let recipe = match slot {
                Slot::Argument(index) => {
                    self.argument(&args.operands[*index], *index, param.ty, info.prototype)?
                }
                Slot::Rest(indices) => {
                    self.rest(&args.operands, indices, *param, info.prototype)?
                }
                Slot::Default(value, span) => {
                    let operand = self.known(value.clone(), *span);
                    let operand = self.convert(operand, param.ty).map_err(|mut failure| {
                        *failure = failure.note("function defined here", info.prototype);
                        failure
                    })?;
                    Recipe::Const(operand.ty, operand.value.unwrap_or(Value::None))
                }
            };
            recipes.push(recipe);
        }
        Ok(Operation {
            action: Action::Call(func),
            args: recipes,
            result: ty.result,
        })
    }

    /// The arguments that a variadic parameter takes.
    fn rest(
        &mut self,
        operands: &[Operand],
        indices: &[usize],
        param: ParamType,
        prototype: Span,
    ) -> Result<Recipe, Failure> {
        let ParamKind::VarArgs(item) = param.kind else {
            unreachable!("only variadic parameters take the rest")
        };
        let mut items = Vec::with_capacity(indices.len());
        for index in indices {
            items.push(self.argument(&operands[*index], *index, item, prototype)?);
        }
        if param.ty != TypeId::INTERP_TUPLE {
            return Ok(Recipe::Collect(param.ty, items));
        }
        let values: Result<Vec<Value>, Failure> = items
            .iter()
            .map(|item| self.argument_value(item, operands))
            .collect();
        let values = Value::Tuple(values?.into());
        Ok(Recipe::Const(TypeId::INTERP_TUPLE, values))
    }

    /// How one argument becomes a parameter.
    fn argument(
        &mut self,
        operand: &Operand,
        index: usize,
        expected: TypeId,
        prototype: Span,
    ) -> Result<Recipe, Failure> {
        match self.conversion(operand, expected) {
            Ok(Some(conversion)) => Ok(Recipe::Convert(index, conversion)),
            Ok(None) => Ok(Recipe::Operand(index)),
            Err(mut failure) => {
                *failure = failure.note("function defined here", prototype);
                Err(failure)
            }
        }
    }

    /// Blue functions take blue arguments only.
    fn require_blue(
        &self,
        args: &Arguments,
        direct: Option<Direct>,
        prototype: Span,
    ) -> Result<(), Failure> {
        let Some(red) = args
            .operands
            .iter()
            .find(|operand| operand.color == Color::Red)
        else {
            return Ok(());
        };
        let diagnostic = type_error("cannot call blue function with red arguments");
        let diagnostic = match direct {
            Some(direct) if direct.receivers == 0 => {
                diagnostic.error("this is blue", direct.callee)
            }
            Some(_) | None => diagnostic,
        };
        Err(diagnostic
            .error("this is red", red.span)
            .note("function defined here", prototype)
            .into())
    }

    /// Calls a blue function, or recalls what it returned for equal arguments.
    pub(super) fn call_blue(&mut self, func: FuncId, args: &[Value]) -> Result<Value, Failure> {
        self.require_cacheable(args)?;
        let key: Option<Vec<_>> = args.iter().map(super::memo::argument_key).collect();
        let key = key.map(|key| (func, key));
        if let Some(result) = key
            .as_ref()
            .and_then(|key| self.program.memo.results.get(key))
        {
            return Ok(result.clone());
        }
        self.enter_blue_call(func)?;
        let result = super::function::run_blue(self.program, self.engine, func, args);
        self.program.limits.used_depth -= 1;
        let result = result?;
        if let Some(key) = key {
            self.program.memo.results.insert(key, result.clone());
        }
        Ok(result)
    }

    /// Structs that define equality themselves are no keys: the cache would not know it.
    fn require_cacheable(&self, args: &[Value]) -> Result<(), Failure> {
        let generated = |ty: TypeId, name: &str| match self.member(ty, name) {
            Some(Value::Func(func)) => {
                matches!(self.program.func(func).body, FuncBody::StructMethod(_))
            }
            _ => true,
        };
        for arg in args {
            match arg {
                // Lists and dicts are keys by their identity.
                Value::Struct(ty, _) if self.is_container(*ty) => {}
                Value::Struct(ty, _) if !(generated(*ty, "__eq__") && generated(*ty, "__ne__")) => {
                    let message = format!(
                        "type {} cannot be cached because it defines __eq__ or __ne__",
                        self.type_name(*ty)
                    );
                    return Err(super::errors::wip(message).into());
                }
                Value::Struct(_, parts) | Value::Tuple(parts) => self.require_cacheable(parts)?,
                Value::MetaArg(meta) => self.require_cacheable(meta.value.as_slice())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn is_container(&self, ty: TypeId) -> bool {
        let module = self.program.types.get(ty).fqn.module_name();
        module == "_list" || module == "_dict"
    }

    /// Counts the call of a blue function, until `used_depth` is lowered again; what is nested too
    /// deeply or goes on for ever is refused.
    pub(super) fn enter_blue_call(&mut self, func: FuncId) -> Result<(), Failure> {
        let prototype = self.program.func(func).prototype;
        let limits = &mut self.program.limits;
        limits.used_steps += STEPS_PER_CALL;
        let fail = |message: String, text: &str, option: &str| {
            Diagnostic::new(ErrorKind::RecursionError, message)
                .error(text, prototype)
                .help(format!("raise the limit with `{option}`"))
        };
        if limits.used_depth >= limits.depth {
            let message = format!(
                "compile-time calls are nested more than {} deep",
                limits.depth
            );
            let text = "this function keeps calling itself";
            return Err(fail(message, text, "--max-depth").into());
        }
        let limits = &self.program.limits;
        if self.program.functions.len() > limits.functions {
            let message = format!("the program has more than {} functions", limits.functions);
            let failure = fail(message, "one more is made here", "--max-functions");
            return Err(self.with_makers(failure).into());
        }
        if self.program.lineage.chain().count() > limits.depth as usize {
            let message = format!("functions are made more than {} deep", limits.depth);
            let failure = fail(message, "one more is made here", "--max-depth");
            return Err(self.with_makers(failure).into());
        }
        self.program.limits.used_depth += 1;
        Ok(())
    }

    /// Adds the chain of functions that were made one in the other, its middle left out.
    fn with_makers(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        const SHOWN: usize = 3;
        let chain: Vec<FuncId> = self.program.lineage.chain().collect();
        for (index, func) in chain.iter().enumerate() {
            if index >= SHOWN && index + 1 < chain.len() {
                continue;
            }
            let info = self.program.func(*func);
            let name = abbreviated(self.program.human_name(&info.fqn));
            let between = chain.len().saturating_sub(SHOWN + 1);
            let text = if index + 1 == chain.len() && between > 0 {
                format!("… after {between} more, by `{name}`")
            } else {
                format!("by `{name}`")
            };
            diagnostic = diagnostic.note(text, info.prototype);
        }
        diagnostic
    }
}

/// The start of a name that may be very long.
fn abbreviated(name: String) -> String {
    const MOST_CHARS: usize = 100;
    match name.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}
