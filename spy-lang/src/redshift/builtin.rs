//! Functions that the compiler resolves from the types and colors of their arguments.

use super::Color;
use super::arguments::{Arguments, plural};
use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::operand::{Action, Operand, Operation, Recipe};
use crate::builtins::Builtin;
use crate::ir::{DynamicOp, Expr, ExprKind, Prim, Runtime, Scalar, StmtKind};
use crate::program::{Failure, FuncBody, FuncId, Value};
use crate::source::Span;
use crate::syntax::ast::Ident;
use crate::types::{TypeId, TypeKind};

impl Evaluator<'_> {
    /// Calls a builtin function.
    pub(super) fn call_builtin(
        &mut self,
        builtin: Builtin,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        if builtin == Builtin::Print && args.keywords.iter().any(Option::is_some) {
            return self.print_with(args, span);
        }
        if let Some(keyword) = args.keywords.iter().flatten().next() {
            return Err(no_such_argument(keyword, span));
        }
        match builtin {
            Builtin::UnrollRange => return self.unroll_range(args, span),
            Builtin::Print => return self.print(args.operands, span),
            Builtin::IsType => return self.is_type(args.operands, &callee, span),
            Builtin::ResultType => return self.result_of_call(&args.operands, span),
            _ => {}
        }
        if matches!(
            builtin,
            Builtin::GetAttr | Builtin::HasAttr | Builtin::SetAttr
        ) {
            return self.attribute_builtin(builtin, callee, args, span);
        }
        match builtin {
            Builtin::Block(op) => return self.block_function((op, false), &callee, args, span),
            Builtin::MemBlock(op) => return self.block_function((op, true), &callee, args, span),
            Builtin::Unchecked(op) => return self.unchecked(op, &callee, args, span),
            _ => {}
        }
        if builtin.is_generic() {
            let message = "generic functions must be called via `[...]`".to_owned();
            let failure = self.unsupported(message, &callee).into();
            return Err(called_here(failure, "CALL", span));
        }
        let supplied = args.operands.len();
        let Ok([operand]) = <[Operand; 1]>::try_from(args.operands) else {
            return Err(wrong_count(1, supplied, &callee, span));
        };
        match builtin {
            Builtin::Len => self.len(operand, span),
            Builtin::Repr => self
                .representation(operand, span)
                .map_err(|failure| called_here(failure, "CALL", span)),
            Builtin::Hash => self.hash(operand, span),
            Builtin::Ord => self.ord(operand, span),
            Builtin::ItemType | Builtin::IteratorType => {
                self.iteration_type(builtin, operand, span)
            }
            Builtin::ItemTypes => self.item_types(&operand, span),
            Builtin::StaticType => self.constant_of(operand.ty, operand, span),
            Builtin::Color => {
                let text = Value::str(operand.color.name());
                Ok(self.known(text, span))
            }
            Builtin::Dir => self.dir(operand, span),
            Builtin::RawFree => self.raw_free(operand, span),
            Builtin::SizeOf => self.size_of(operand, span),
            Builtin::LookupFqn => self.lookup_fqn(&operand, span),
            Builtin::AsRed => self.as_red(operand, span),
            Builtin::ForceInline => {
                match operand.value {
                    Some(Value::Func(func)) => self.force_inline(func),
                    _ => {
                        let message = "@force_inline can only be applied to def'd functions";
                        Err(type_error(message).into())
                    }
                }?;
                Ok(operand)
            }
            _ => unreachable!("handled above"),
        }
    }

    /// `as_red(operand)`: a call of the identity of its type.
    fn as_red(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        let func = self.instance("_identity", "identity", &[Value::Type(operand.ty)], span)?;
        let operation = Operation {
            action: Action::Call(func),
            args: vec![Recipe::Operand(0)],
            result: operand.ty,
        };
        self.apply(operation, vec![operand], span)
    }

    /// `STATIC_TYPE(operand)`
    fn constant_of(
        &mut self,
        ty: TypeId,
        operand: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let operation = Operation::constant(TypeId::TYPE, Value::Type(ty));
        self.apply(operation, vec![operand], span)
    }

    /// `getattr`, `hasattr` and `setattr`: the syntax forms, with a name known at compile time.
    fn attribute_builtin(
        &mut self,
        builtin: Builtin,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let supplied = args.operands.len();
        let expected = if builtin == Builtin::SetAttr { 3 } else { 2 };
        if supplied != expected {
            return Err(wrong_count(expected, supplied, &callee, span));
        }
        let mut operands = args.operands.into_iter();
        let (Some(object), Some(name)) = (operands.next(), operands.next()) else {
            unreachable!("the count has been checked")
        };
        let Some(Value::Str(text)) = name.blue_value().cloned() else {
            let failure = type_error("expected blue argument").error("this is red", name.span);
            return Err(called_here(failure.into(), "CALL", span));
        };
        let attr = crate::syntax::ast::Ident {
            name: text,
            span: name.span,
        };
        match (builtin, operands.next()) {
            (Builtin::HasAttr, _) if self.is_dynamic(&object) => {
                let op = DynamicOp::HasAttr(attr);
                self.postpone_as(TypeId::BOOL, op, vec![object], span)
            }
            (Builtin::HasAttr, _) => {
                let found = self.has_attribute(&object, &attr, span)?;
                let operation = Operation::constant(TypeId::BOOL, Value::Bool(found));
                self.apply(operation, vec![object], span)
            }
            (_, Some(value)) => {
                self.store_attr(object, &attr, value, span)?;
                Ok(self.known(Value::None, span))
            }
            (_, None) => self.attribute_of(object, &attr, span),
        }
    }

    fn len(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        if self.is_dynamic(&operand) {
            let result = self.postpone_builtin("len", operand, span);
            return self.convert(result, TypeId::I32);
        }
        let operand = self.dynamic_type(operand);
        let operand = self.dereferenced(operand)?;
        if operand.ty == TypeId::STR {
            let prim = Prim::Runtime(Runtime::StrLen);
            return self.apply(
                Operation::prim(prim, vec![Recipe::Operand(0)]),
                vec![operand],
                span,
            );
        }
        if let Some(length) = self.known_length(&operand) {
            let length = i32::try_from(length).unwrap_or(i32::MAX);
            let operation = Operation::constant(TypeId::I32, Value::i32(length));
            return self.apply(operation, vec![operand], span);
        }
        match self.unary_method("__len__", &operand) {
            Ok(Some(operation)) => self.apply(operation, vec![operand], span),
            Ok(None) => Err(self.cannot_call("len", &operand, span)),
            Err(failure) => Err(called_here(failure, "CALL", span)),
        }
    }

    /// How many items a tuple or a collection of the compiler has.
    pub(super) fn known_length(&self, operand: &Operand) -> Option<usize> {
        match &operand.value {
            _ if self.is_tuple(operand.ty) => Some(self.tuple_length(operand.ty)),
            Some(Value::Tuple(items)) => Some(items.len()),
            Some(Value::List(list)) => Some(list.items.borrow().len()),
            Some(Value::Dict(dict)) => Some(dict.items.borrow().len()),
            _ => None,
        }
    }

    /// `ord(operand)`
    fn ord(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        if self.is_dynamic(&operand) {
            let result = self.postpone_builtin("ord", operand, span);
            return Ok(result);
        }
        let operand = self.dynamic_type(operand);
        let first = Operand::blue(TypeId::I32, Value::i32(0), span);
        let (runtime, operands) = match operand.ty {
            TypeId::STR => (Runtime::Ord, vec![operand]),
            TypeId::BYTES => (Runtime::BytesGetItem, vec![operand, first]),
            other => {
                let name = self.type_name(other);
                let message = format!("ord: expected `str` or `bytes`, found `{name}`");
                let failure = type_error(message).error(format!("this is `{name}`"), operand.span);
                return Err(called_here(failure.into(), "CALL", span));
            }
        };
        let args = (0..operands.len()).map(Recipe::Operand).collect();
        self.apply(
            Operation::prim(Prim::Runtime(runtime), args),
            operands,
            span,
        )
    }

    /// The type of the iterator over a type, or of its items.
    fn iteration_type(
        &mut self,
        builtin: Builtin,
        operand: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let Some(Value::Type(ty)) = operand.value else {
            return Err(self.cannot_call("item_type", &operand, span));
        };
        // A reference is iterated over as what it refers to.
        let referred = self.program.types.as_ptr(ty).filter(|ty| ty.is_ref);
        let ty = referred.map_or(ty, |referred| referred.item);
        self.load_methods(ty)?;
        let iterator = self.result_of_method(ty, "__fastiter__");
        let found = match (builtin, iterator) {
            (Builtin::ItemType, Some(iterator)) => self.result_of_method(iterator, "__item__"),
            (_, iterator) => iterator,
        };
        match found {
            Some(found) => Ok(self.known(Value::Type(found), span)),
            None => {
                let name = self.type_name(ty);
                let message = format!("method `{name}::__fastiter__` does not exist");
                Err(called_here(type_error(message).into(), "CALL_METHOD", span))
            }
        }
    }

    /// The item types of a tuple type; `None` for other types.
    fn item_types(&mut self, operand: &Operand, span: Span) -> Result<Operand, Failure> {
        let layout = match operand.value {
            Some(Value::Type(ty)) if self.is_tuple(ty) => self.program.types.kind(ty),
            Some(Value::Type(_)) => return Ok(self.known(Value::None, span)),
            _ => return Err(self.cannot_call("item_types", operand, span)),
        };
        let TypeKind::Struct(Some(layout)) = layout else {
            unreachable!("tuples are structs")
        };
        let types = layout.fields.iter().map(|field| Value::Type(field.ty));
        let types = Value::Tuple(types.collect());
        Ok(self.known(types, span))
    }

    /// `__spy__.result_type(f, T, …)`: the type of what calling a known function or type gives. The
    /// types of the arguments matter if that depends on them.
    fn result_of_call(&mut self, operands: &[Operand], span: Span) -> Result<Operand, Failure> {
        let [callee, args @ ..] = operands else {
            return Ok(self.known(Value::Type(TypeId::NONE), span));
        };
        let found = match callee.value {
            Some(Value::Type(ty)) => Some(ty),
            Some(Value::Func(func)) => self.function_result(func, args, span)?,
            _ => None,
        };
        match found {
            Some(found) => Ok(self.known(Value::Type(found), span)),
            None => Err(self.cannot_call("result_type", callee, span)),
        }
    }

    fn function_result(
        &mut self,
        func: FuncId,
        args: &[Operand],
        span: Span,
    ) -> Result<Option<TypeId>, Failure> {
        let types = args.iter().filter_map(|arg| match arg.value {
            Some(Value::Type(ty)) => Some(ty),
            _ => None,
        });
        let types: Vec<TypeId> = types.collect();
        if self.is_metafunc(func) {
            if let FuncBody::Builtin(builtin) = self.program.func(func).body {
                return Ok(match (builtin, types.first()) {
                    (Builtin::Ord, Some(&TypeId::BYTES)) => Some(TypeId::U8),
                    (Builtin::Len | Builtin::Hash | Builtin::Ord, _) => Some(TypeId::I32),
                    (Builtin::Repr, _) => Some(TypeId::STR),
                    (Builtin::Print, _) => Some(TypeId::NONE),
                    _ => None,
                });
            }
            let unknown = |ty| {
                let kind = ExprKind::Const(Value::None);
                Operand::red(Expr { kind, ty, span })
            };
            let operands: Vec<Operand> = types.into_iter().map(unknown).collect();
            let operands: Vec<&Operand> = operands.iter().collect();
            let operation = self.ask_metafunc(func, &operands, &[], 0, None)?;
            return Ok(operation.map(|operation| operation.result));
        }
        if self.func_color(func) != Color::Red {
            return Ok(None);
        }
        let ty = self.program.types.as_func(self.program.func(func).ty);
        Ok(ty.map(|ty| ty.result))
    }

    /// The type that a method without further parameters returns.
    fn result_of_method(&self, ty: TypeId, name: &str) -> Option<TypeId> {
        let func = self.method(ty, name)?;
        let signature = self.program.types.as_func(self.program.func(func).ty)?;
        Some(signature.result)
    }

    fn cannot_call(&self, name: &str, operand: &Operand, span: Span) -> Failure {
        let type_name = self.type_name(operand.ty);
        let failure = type_error(format!("cannot call {name}(`{type_name}`)"))
            .error(format!("this is `{type_name}`"), operand.span);
        called_here(failure.into(), "CALL", span)
    }

    pub(super) fn hash(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        if self.is_dynamic(&operand) {
            let result = self.postpone_builtin("hash", operand, span);
            return self.convert(result, TypeId::I32);
        }
        let operand = self.dynamic_type(operand);
        match Scalar::of(operand.ty) {
            Some(scalar @ (Scalar::Int(_) | Scalar::Bool | Scalar::Str)) => {
                let operation = Operation::prim(Prim::Hash(scalar), vec![Recipe::Operand(0)]);
                return self.apply(operation, vec![operand], span);
            }
            Some(Scalar::Float(_) | Scalar::Complex) | None => {}
        }
        let operand = self.dereferenced_for(operand, "__hash__")?;
        match self.unary_method("__hash__", &operand) {
            Ok(Some(operation)) => self.apply(operation, vec![operand], span),
            Ok(None) => {
                let name = self.type_name(operand.ty);
                let failure = type_error(format!("unhashable type '{name}'"))
                    .error(format!("this is `{name}`"), operand.span);
                Err(called_here(failure.into(), "CALL", span))
            }
            Err(failure) => Err(called_here(failure, "CALL", span)),
        }
    }

    /// `print(a, b, …)`: one call of the library for each argument, after all are evaluated.
    fn print(&mut self, operands: Vec<Operand>, span: Span) -> Result<Operand, Failure> {
        if operands.is_empty() {
            let empty = self.known(Value::str(""), span);
            return self.print(vec![empty], span);
        }
        let mut texts = Vec::with_capacity(operands.len());
        for operand in operands {
            texts.push(self.printable(operand, span)?);
        }
        if let [_] = texts.as_slice() {
            let text = texts.remove(0);
            return self.print_call("println", text, span);
        }
        if self.is_blue() {
            let last = texts.len() - 1;
            for (index, text) in texts.into_iter().enumerate() {
                let name = if index == last { "println" } else { "print1" };
                self.print_call(name, text, span)?;
            }
            return Ok(Operand::red_value(TypeId::NONE, Value::None, span));
        }
        self.print_block(texts, span)
    }

    /// An argument of `print`: a known one becomes its text at compile time.
    fn printable(&mut self, operand: Operand, span: Span) -> Result<Operand, Failure> {
        let operand = self.dynamic_type(operand);
        let operand = self.dereferenced(operand)?;
        match &operand.value {
            Some(value) if operand.color == Color::Blue || operand.ty == TypeId::TYPE => {
                match self.known_text(value) {
                    Some(text) => {
                        let text = Operand::blue(TypeId::STR, Value::str(&text), operand.span);
                        Ok(self.after_effects(operand, text))
                    }
                    None => Ok(operand),
                }
            }
            _ if operand.ty == TypeId::NONE || Scalar::of(operand.ty).is_some() => Ok(operand),
            _ if self.method(operand.ty, "__str__").is_some()
                || self.method(operand.ty, "__repr__").is_some() =>
            {
                Ok(operand)
            }
            _ => self
                .text(operand, span)
                .map_err(|failure| called_here(failure, "CALL", span)),
        }
    }

    fn print_block(&mut self, texts: Vec<Operand>, span: Span) -> Result<Operand, Failure> {
        let (last, stmts) = self.capture(|this| {
            let mut held = Vec::with_capacity(texts.len());
            for text in texts {
                held.push(this.hold(text)?);
            }
            let last = held.pop().expect("there are at least two");
            for text in held {
                let call = this.print_call("print1", text, span)?;
                this.emit(StmtKind::Expr(call.into_ir()), span);
            }
            this.print_call("println", last, span)
        })?;
        let kind = ExprKind::Block(stmts, Box::new(last.into_ir()));
        Ok(Operand::red(Expr {
            kind,
            ty: TypeId::NONE,
            span,
        }))
    }

    /// `print(a, b, …, sep=…, end=…)`: one text.
    fn print_with(&mut self, args: Arguments, span: Span) -> Result<Operand, Failure> {
        if self.is_blue() {
            let text = self.print_text(args, span)?;
            return self.print_call("write", text, span);
        }
        let (text, stmts) = self.capture(|this| {
            let Arguments { operands, keywords } = args;
            let held: Result<Vec<Operand>, Failure> = operands
                .into_iter()
                .map(|operand| this.hold(operand))
                .collect();
            let args = Arguments {
                operands: held?,
                keywords,
            };
            this.print_text(args, span)
        })?;
        let text = super::expr::with_statements(stmts, text);
        self.print_call("write", text, span)
    }

    /// What `print` writes with these arguments, some of which are named.
    fn print_text(&mut self, args: Arguments, span: Span) -> Result<Operand, Failure> {
        let mut sep = self.known(Value::str(" "), span);
        let mut end = self.known(Value::str("\n"), span);
        let mut texts = Vec::with_capacity(args.operands.len());
        for (operand, keyword) in args.operands.into_iter().zip(args.keywords) {
            match keyword.as_ref().map(|keyword| &*keyword.name) {
                None => texts.push(
                    self.text(operand, span)
                        .map_err(|failure| called_here(failure, "CALL", span))?,
                ),
                Some("sep" | "end") if operand.ty == TypeId::NONE => {}
                Some("sep") => sep = self.convert(operand, TypeId::STR)?,
                Some("end") => end = self.convert(operand, TypeId::STR)?,
                Some("flush") => {}
                Some(_) => {
                    let keyword = keyword.expect("it has a name");
                    return Err(no_such_argument(&keyword, span));
                }
            }
        }
        let mut parts = Vec::with_capacity(2 * texts.len() + 1);
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                parts.push(sep.clone());
            }
            parts.push(text);
        }
        parts.push(end);
        self.joined(parts, span)
    }

    /// `__spy__.is_type(T, X)`: whether values of type `T` are instances of `X`, a type or a
    /// generic that makes types.
    fn is_type(
        &mut self,
        operands: Vec<Operand>,
        callee: &Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let values: Vec<Option<&Value>> = operands.iter().map(|o| o.value.as_ref()).collect();
        let [Some(Value::Type(ty)), Some(class)] = values.as_slice() else {
            return Err(wrong_count(2, operands.len(), callee, span));
        };
        let (ty, types) = (*ty, &self.program.types);
        let found = match class {
            Value::Type(class) => match (types.kind(ty), types.kind(*class)) {
                (TypeKind::Exception(kind), TypeKind::Exception(base)) => {
                    kind.is_subclass_of(*base)
                }
                _ => {
                    let is_integer = (ty, *class) == (TypeId::BOOL, TypeId::I32);
                    ty == *class || *class == TypeId::OBJECT || is_integer
                }
            },
            Value::None => ty == TypeId::NONE,
            Value::Func(generic) => match self.program.func(*generic).body {
                FuncBody::Builtin(Builtin::Tuple) => self.is_tuple(ty),
                _ => types.get(ty).origin == Some(*generic),
            },
            _ => {
                let message = "isinstance() arg 2 must be a type or a tuple of types";
                return Err(type_error(message).into());
            }
        };
        Ok(self.known(Value::Bool(found), span))
    }

    /// Calls `_print::name[T](operand)`.
    fn print_call(&mut self, name: &str, operand: Operand, span: Span) -> Result<Operand, Failure> {
        let func = self.instance("_print", name, &[Value::Type(operand.ty)], span)?;
        let operation = Operation {
            action: Action::Call(func),
            args: vec![Recipe::Operand(0)],
            result: TypeId::NONE,
        };
        self.apply(operation, vec![operand], span)
    }

    /// What a generic of the standard library returns for some arguments: a function.
    pub(super) fn instance(
        &mut self,
        module: &str,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Result<FuncId, Failure> {
        crate::import::load_library(self.program, self.engine, module)?;
        let generic = self.imported(module, Some(name), span)?;
        let Value::Func(generic) = generic else {
            unreachable!("the library defines `{module}.{name}` as a generic")
        };
        match self.call_blue(generic, args)? {
            Value::Func(func) => Ok(func),
            _ => unreachable!("`{module}.{name}` returns a function"),
        }
    }
}

/// A call with a named argument that the function does not have.
fn no_such_argument(keyword: &Ident, span: Span) -> Failure {
    let message = format!("this function has no argument named '{}'", keyword.name);
    let failure = type_error(message).error("not a parameter", keyword.span);
    called_here(failure.into(), "CALL", span)
}

/// A call with too few or too many arguments.
pub(super) fn wrong_count(
    expected: usize,
    supplied: usize,
    callee: &Operand,
    span: Span,
) -> Failure {
    let verb = if supplied == 1 { "was" } else { "were" };
    let message = format!(
        "this function takes {} but {} {verb} supplied",
        plural(expected, "argument"),
        plural(supplied, "argument")
    );
    let text = if supplied < expected {
        format!("{} missing", plural(expected - supplied, "argument"))
    } else {
        plural(supplied - expected, "extra argument")
    };
    let diagnostic = type_error(message)
        .error(text, callee.span)
        .note("function defined here", Span::BUILTINS);
    called_here(diagnostic.into(), "CALL", span)
}
