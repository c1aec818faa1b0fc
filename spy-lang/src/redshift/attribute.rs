//! Attributes, items and method calls.

use super::arguments::Direct;
use super::errors::{called_here, wip};
use super::evaluator::Evaluator;
use super::operand::{Action, Operand, Operation, Recipe};
use crate::builtins::Builtin;
use crate::diagnostics::Diagnostic;
use crate::ir::{DynamicOp, Prim, Runtime};
use crate::program::{
    Descriptor, DescriptorKind, Failure, FuncBody, FuncId, ModuleId, OpSpec, Value,
};
use crate::source::Span;
use crate::syntax::ast::{self, Arg};
use crate::types::{FuncColor, TypeId, TypeKind};

impl Evaluator<'_> {
    /// `value.attr`
    pub(super) fn get_attr(
        &mut self,
        value: &ast::Expr,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<Operand, Failure> {
        if &*attr.name == "__name__"
            && let Some(name) = self.exception_class_name(value, span)?
        {
            return Ok(name);
        }
        let operand = self.expr(value)?;
        self.attribute_of(operand, attr, span)
    }

    /// The attribute of an evaluated object.
    pub(super) fn attribute_of(
        &mut self,
        operand: Operand,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&operand) {
            let op = DynamicOp::GetAttr(attr.clone());
            return Ok(self.postpone(op, vec![operand], span));
        }
        let operand = self.dynamic_type(operand);
        if operand.ty == TypeId::TYPE && operand.value.is_none() {
            return Err(of_red_type(span));
        }
        if &*attr.name == "args" && self.is_exception(operand.ty) {
            return self.exception_args(operand, span);
        }
        match operand.value {
            Some(Value::Module(module)) => return self.module_attr(module, operand, attr, span),
            Some(Value::Type(ty)) => return self.type_attr(ty, operand, attr, span),
            Some(Value::MetaArg(ref meta)) => {
                let meta = meta.clone();
                return match self.meta_attribute(&meta, attr)? {
                    Some(value) => {
                        let color = operand.color;
                        Ok(Operand {
                            color,
                            ..self.known(value, span)
                        })
                    }
                    None => Err(self.no_attribute(&operand, attr, span)),
                };
            }
            _ => {}
        }
        if let Some(ty) = self.program.types.as_ptr(operand.ty) {
            if let Some(field) = self.pointed_field(ty, &attr.name) {
                return self.read_pointed_field(operand, ty, &field, span);
            }
            if !ty.is_ref {
                return Err(self.no_attribute(&operand, attr, span));
            }
        }
        let operand = self.dereferenced(operand)?;
        self.load_methods(operand.ty)?;
        if let Some(func) = self.method(operand.ty, "__getattribute__") {
            return self.dynamic_attribute(func, operand, attr, span);
        }
        if let Some(index) = self.field_index(operand.ty, &attr.name) {
            return self.read_field(operand, index, span);
        }
        match self.member(operand.ty, &attr.name) {
            Some(Value::Descriptor(descriptor)) if descriptor.kind == DescriptorKind::Property => {
                let args = super::arguments::Arguments {
                    operands: Vec::new(),
                    keywords: Vec::new(),
                };
                let direct = Direct {
                    callee: operand.span,
                    receivers: 1,
                };
                self.call_with_receiver(descriptor.func, operand, args, direct, span, "GETATTR")
            }
            Some(value) if self.is_descriptor(&value) => {
                self.read_descriptor(value, operand, attr, span)
            }
            Some(value) => {
                let ty = self.program.type_of(&value);
                self.apply(Operation::constant(ty, value), vec![operand], span)
            }
            None => match self.method(operand.ty, "__getattr__") {
                Some(func) => self.dynamic_attribute(func, operand, attr, span),
                None => Err(self.no_attribute(&operand, attr, span)),
            },
        }
    }

    /// `operand.attr` of a type that defines `__getattribute__`.
    fn dynamic_attribute(
        &mut self,
        func: FuncId,
        operand: Operand,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<Operand, Failure> {
        let name = self.known(Value::Str(attr.name.clone()), span);
        let operands = vec![operand, name];
        let refs: Vec<&Operand> = operands.iter().collect();
        match self.method_operation(func, &refs, false) {
            Ok(Some(operation)) => self.apply(operation, operands, span),
            Ok(None) => Err(self.no_attribute(&operands[0], attr, span)),
            Err(failure) => Err(called_here(failure, "GETATTR", span)),
        }
    }

    /// The position of a struct's field.
    pub(super) fn field_index(&self, ty: TypeId, name: &str) -> Option<usize> {
        match self.program.types.kind(ty) {
            TypeKind::Struct(Some(layout)) => {
                layout.fields.iter().position(|field| &*field.name == name)
            }
            _ => None,
        }
    }

    /// Reads a field of a struct.
    pub(super) fn read_field(
        &mut self,
        operand: Operand,
        index: usize,
        span: Span,
    ) -> Result<Operand, Failure> {
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(operand.ty) else {
            unreachable!("fields belong to structs")
        };
        let result = layout.fields[index].ty;
        let args = vec![Recipe::Operand(0)];
        self.apply(
            Operation {
                action: Action::GetField(index),
                args,
                result,
            },
            vec![operand],
            span,
        )
    }

    pub(super) fn no_attribute(&self, operand: &Operand, attr: &ast::Ident, span: Span) -> Failure {
        let message = format!(
            "type `{}` has no attribute '{}'",
            self.type_name(operand.ty),
            attr.name
        );
        let diagnostic = self.unsupported(message, operand);
        let names = self.names_in(operand);
        let diagnostic = match crate::diagnostics::similar(&attr.name, names) {
            Some(similar) => diagnostic.help(format!("did you mean `{similar}`?")),
            None => diagnostic,
        };
        called_here(diagnostic.into(), "GETATTR", span)
    }

    /// The names that may have been meant where an attribute of an object is missing.
    fn names_in(&self, operand: &Operand) -> Vec<std::rc::Rc<str>> {
        match operand.value {
            Some(Value::Module(module)) => {
                let info = self.program.module(module);
                let names = info.members.keys().chain(info.globals.keys());
                names.cloned().collect()
            }
            Some(Value::Type(ty)) => self.attribute_names(ty),
            _ => self.attribute_names(operand.ty),
        }
    }

    /// Fields and members of a type.
    pub(super) fn attribute_names(&self, ty: TypeId) -> Vec<std::rc::Rc<str>> {
        let info = self.program.types.get(ty);
        let mut names: Vec<_> = info.members.keys().cloned().collect();
        if let TypeKind::Struct(Some(layout)) = &info.kind {
            names.extend(layout.fields.iter().map(|field| field.name.clone()));
        }
        if crate::ir::Scalar::of(ty).is_some() {
            names.push("__new__".into());
        }
        // What every object has.
        names.extend(["__repr__", "__str__"].map(std::rc::Rc::from));
        names
    }

    fn module_attr(
        &mut self,
        module: ModuleId,
        operand: Operand,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<Operand, Failure> {
        if let Some(global) = self.program.module(module).globals.get(&attr.name) {
            let global = *global;
            return Ok(self.read_global(global, span));
        }
        match self.module_member(module, &attr.name) {
            Some(value) => Ok(self.known(value, span)),
            None => Err(self.no_attribute(&operand, attr, span)),
        }
    }

    fn type_attr(
        &mut self,
        ty: TypeId,
        operand: Operand,
        attr: &ast::Ident,
        span: Span,
    ) -> Result<Operand, Failure> {
        self.load_methods(ty)?;
        let info = self.program.types.get(ty);
        let value = match &*attr.name {
            "__name__" => Some(Value::str(&self.program.last_human_name(&info.fqn))),
            "__qualname__" | "__fqn__" => Some(Value::str(&self.program.human_name(&info.fqn))),
            "__full_fqn__" => Some(Value::str(&info.fqn.to_string())),
            "__origin__" => Some(info.origin.map_or(Value::None, Value::Func)),
            "NULL" | "itemtype" if self.program.types.as_ptr(ty).is_some() => {
                self.pointer_type_attribute(ty, attr)
            }
            "NULL" if ty == TypeId::OP_SPEC => Some(Value::OpSpec(OpSpec::Null.into())),
            name => match self.member(ty, name) {
                Some(Value::Descriptor(descriptor)) => match descriptor.kind {
                    DescriptorKind::Property => return Err(through_class(span)),
                    DescriptorKind::Static | DescriptorKind::Class => {
                        Some(Value::Func(descriptor.func))
                    }
                },
                Some(value) if self.is_descriptor(&value) => {
                    return Err(through_class(span));
                }
                None if self.field_index(ty, name).is_some() => return Err(through_class(span)),
                found => found,
            },
        };
        match value {
            Some(value) => {
                let color = operand.color;
                let mut result = self.known(value, span);
                result.color = color;
                Ok(result)
            }
            None => Err(self.no_attribute(&operand, attr, span)),
        }
    }

    /// `target.method(args)`
    pub(super) fn call_method_expr(
        &mut self,
        target: &ast::Expr,
        method: &ast::Ident,
        args: &[Arg],
        span: Span,
    ) -> Result<Operand, Failure> {
        let receiver = self.expr(target)?;
        let receiver = self.dynamic_type(receiver);
        let receiver = self.dereferenced(receiver)?;
        let args = self.arguments(args)?;
        self.call_method(receiver, method, args, span)
    }

    /// `receiver.method(args)` of evaluated operands.
    pub(super) fn call_method(
        &mut self,
        receiver: Operand,
        method: &ast::Ident,
        args: super::arguments::Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&receiver) {
            let op = DynamicOp::CallMethod(method.clone(), args.keywords.into());
            let operands = std::iter::once(receiver).chain(args.operands).collect();
            return Ok(self.postpone(op, operands, span));
        }
        let receiver = self.dynamic_type(receiver);
        let receiver = self.dereferenced(receiver)?;
        self.load_methods(receiver.ty)?;
        if receiver.ty == TypeId::TYPE && receiver.value.is_none() {
            let diagnostic = super::errors::wip("__call_method__ on red types");
            return Err(called_here(diagnostic.into(), "CALL_METHOD", span));
        }
        match receiver.value {
            Some(Value::Module(module)) => {
                self.call_module_function(module, receiver, method, args, span)
            }
            Some(Value::Type(ty)) => self.call_on_type(ty, receiver, method, args, span),
            None if receiver.ty == TypeId::TYPE => {
                let failure = wip("__call_method__ on red types").into();
                Err(called_here(failure, "CALL_METHOD", span))
            }
            _ => self.call_on_instance(receiver, method, args, span),
        }
    }

    /// `module.function(args)`
    fn call_module_function(
        &mut self,
        module: ModuleId,
        receiver: Operand,
        method: &ast::Ident,
        args: super::arguments::Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        match self.module_member(module, &method.name) {
            Some(value) => {
                let callee = self.known(value, receiver.span);
                self.call(callee, args, span)
            }
            None => Err(self.no_method(&receiver, method, span)),
        }
    }

    /// `Type.method(args)`
    fn call_on_type(
        &mut self,
        ty: TypeId,
        receiver: Operand,
        method: &ast::Ident,
        args: super::arguments::Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        if ty == TypeId::OP_SPEC && &*method.name == "const" {
            let value = args
                .operands
                .first()
                .and_then(|operand| operand.value.clone());
            let spec = OpSpec::Const(value.unwrap_or(Value::None));
            return Ok(self.known(Value::OpSpec(spec.into()), span));
        }
        self.load_methods(ty)?;
        match self.member(ty, &method.name) {
            Some(Value::Descriptor(descriptor)) if descriptor.kind != DescriptorKind::Property => {
                let direct = Direct {
                    callee: receiver.span,
                    receivers: 0,
                };
                self.call_type_method(&descriptor, receiver, args, direct, span)
            }
            Some(Value::Func(func)) if self.is_static_method(ty, &method.name) => {
                let direct = Direct {
                    callee: receiver.span,
                    receivers: 0,
                };
                self.call_bound(func, args, Some(direct), span, "CALL_METHOD")
            }
            Some(value) => {
                let what = match value {
                    Value::Func(_) => {
                        "this is a method, not a staticmethod or classmethod".to_owned()
                    }
                    other => {
                        let text = self.known_text(&other).unwrap_or_default();
                        format!("cannot call object {text}")
                    }
                };
                let message = format!("{what} (we should emit a better error)");
                Err(called_here(wip(message).into(), "CALL_METHOD", span))
            }
            None => Err(self.no_method(&receiver, method, span)),
        }
    }

    /// `instance.method(args)`
    fn call_on_instance(
        &mut self,
        receiver: Operand,
        method: &ast::Ident,
        args: super::arguments::Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        if let Some(func) = self.method(receiver.ty, "__call_method__") {
            return self.call_any_method(func, receiver, method, args, span);
        }
        if let Some(Value::Descriptor(descriptor)) = self.member(receiver.ty, &method.name)
            && descriptor.kind != DescriptorKind::Property
        {
            let direct = Direct {
                callee: receiver.span,
                receivers: 0,
            };
            let class = self.known(Value::Type(receiver.ty), receiver.span);
            self.drop_operand(receiver);
            return self.call_type_method(&descriptor, class, args, direct, span);
        }
        if receiver.ty == TypeId::STR && &*method.name == "format" {
            return self.format_method(&receiver, args, span);
        }
        if let Some(result) =
            self.collection_method(&receiver, &method.name, &args.operands, span)?
        {
            return Ok(result);
        }
        match self.method(receiver.ty, &method.name) {
            Some(func) if !self.is_generic(func) => {
                let direct = Direct {
                    callee: receiver.span,
                    receivers: 1,
                };
                self.call_with_receiver(func, receiver, args, direct, span, "CALL_METHOD")
            }
            Some(_) | None => match self.method_of_generic(&receiver, &method.name) {
                Some(func) => {
                    let callee = self.known(Value::Func(func), receiver.span);
                    self.call(callee, args, span)
                }
                None => Err(self.no_method(&receiver, method, span)),
            },
        }
    }

    /// What calls a method of a generic of the library: `_dict.dict_fromkeys` for `dict.fromkeys`.
    fn method_of_generic(&self, receiver: &Operand, method: &str) -> Option<FuncId> {
        match receiver.blue_value() {
            Some(Value::Func(generic)) if self.is_generic(*generic) => {
                self.beside_generic(*generic, method)
            }
            _ => None,
        }
    }

    /// `receiver.method(args)` of a type that defines `__call_method__`.
    fn call_any_method(
        &mut self,
        func: FuncId,
        receiver: Operand,
        method: &ast::Ident,
        args: super::arguments::Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let null = self.no_such_method(&receiver, method);
        let direct = Direct {
            callee: receiver.span,
            receivers: 2,
        };
        let name = self.known(Value::Str(method.name.clone()), method.span);
        let args = args.with_receiver(name).with_receiver(receiver);
        if self.is_metafunc(func) {
            return self.call_metafunc(func, args, 0, (direct, null), span, "CALL_METHOD");
        }
        self.call_bound(func, args, Some(direct), span, "CALL_METHOD")
    }

    /// Calls a static method, or a class method with the class as first argument.
    fn call_type_method(
        &mut self,
        descriptor: &Descriptor,
        class: Operand,
        args: super::arguments::Arguments,
        direct: Direct,
        span: Span,
    ) -> Result<Operand, Failure> {
        let receivers = usize::from(descriptor.kind == DescriptorKind::Class);
        let direct = Direct {
            receivers,
            ..direct
        };
        if receivers == 1 {
            return self.call_with_receiver(
                descriptor.func,
                class,
                args,
                direct,
                span,
                "CALL_METHOD",
            );
        }
        if self.is_metafunc(descriptor.func) {
            let name = self.program.func(descriptor.func).fqn.last().name.clone();
            let message = format!(
                "method `{}::{name}` does not exist",
                self.type_name(class.ty)
            );
            let null = self.unsupported(message, &class);
            return self.call_metafunc(
                descriptor.func,
                args,
                0,
                (direct, null),
                span,
                "CALL_METHOD",
            );
        }
        self.call_bound(descriptor.func, args, Some(direct), span, "CALL_METHOD")
    }

    fn is_static_method(&self, _ty: TypeId, name: &str) -> bool {
        name == "__make__" || name == "__new__"
    }

    fn no_method(&self, receiver: &Operand, method: &ast::Ident, span: Span) -> Failure {
        let grows = matches!(&*method.name, "append" | "extend" | "insert");
        if receiver.ty == TypeId::EMPTY_LIST && grows {
            let diagnostic = super::errors::type_error("cannot mutate an untyped empty list")
                .error("this is untyped", receiver.span);
            let diagnostic = match &receiver.symbol {
                Some((name, place)) => diagnostic.note(
                    format!("help: use an explicit type: `{name}: list[T] = []`"),
                    *place,
                ),
                None => diagnostic,
            };
            return called_here(diagnostic.into(), "CALL_METHOD", span);
        }
        called_here(
            self.no_such_method(receiver, method).into(),
            "CALL_METHOD",
            span,
        )
    }

    /// `method T::m does not exist`
    fn no_such_method(&self, receiver: &Operand, method: &ast::Ident) -> Diagnostic {
        let message = format!(
            "method `{}::{}` does not exist",
            self.type_name(receiver.ty),
            method.name
        );
        let diagnostic = self.unsupported(message, receiver);
        let names = self.names_in(receiver);
        match crate::diagnostics::similar(&method.name, names) {
            Some(similar) => diagnostic.help(format!("did you mean `{similar}`?")),
            None => diagnostic,
        }
    }

    /// `value[args]`
    pub(super) fn get_item(
        &mut self,
        value: &ast::Expr,
        args: &[ast::Expr],
        span: Span,
    ) -> Result<Operand, Failure> {
        let receiver = self.expr(value)?;
        self.item_of_expr(receiver, args, span)
    }

    /// `receiver[args]` of an evaluated object.
    pub(super) fn item_of_expr(
        &mut self,
        receiver: Operand,
        args: &[ast::Expr],
        span: Span,
    ) -> Result<Operand, Failure> {
        if let [
            ast::Expr {
                kind: ast::ExprKind::Slice(parts),
                ..
            },
        ] = args
            && self.is_tuple(receiver.ty)
        {
            return self.tuple_slice(receiver, parts, span);
        }
        let mut operands = Vec::with_capacity(args.len());
        for arg in args {
            operands.push(self.expr(arg)?);
        }
        self.item_of(receiver, operands, span)
    }

    /// The item of an evaluated object.
    pub(super) fn item_of(
        &mut self,
        receiver: Operand,
        operands: Vec<Operand>,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&receiver) {
            let operands = std::iter::once(receiver).chain(operands).collect();
            return Ok(self.postpone(DynamicOp::GetItem, operands, span));
        }
        let receiver = self.dynamic_type(receiver);
        if let Some(Value::Func(func)) = receiver.value
            && let FuncBody::Builtin(builtin) = self.program.func(func).body
            && builtin.is_generic()
        {
            return self.builtin_generic(builtin, &receiver, &operands, span);
        }
        if let Some(ty) = self
            .program
            .types
            .as_ptr(receiver.ty)
            .filter(|ty| !ty.is_ref)
            && operands.len() == 1
        {
            let mut operands = operands;
            return self.pointer_item(receiver, ty, operands.swap_remove(0), span);
        }
        let written = receiver.ty;
        let receiver = self.dereferenced(receiver)?;
        if self.is_tuple(receiver.ty)
            && let [index] = operands.as_slice()
        {
            return self.tuple_item(receiver, index, span);
        }
        let keywords = vec![None; operands.len()];
        let args = super::arguments::Arguments { operands, keywords };
        if let Some(Value::Func(func)) = receiver.value
            && self
                .program
                .types
                .as_func(receiver.ty)
                .is_some_and(|ty| ty.color == FuncColor::Generic)
        {
            if let Some(ty) = self.compile_time_collection(func, &args.operands) {
                return Ok(self.known(Value::Type(ty), span));
            }
            let direct = Direct {
                callee: receiver.span,
                receivers: 0,
            };
            return self.call_bound(func, args, Some(direct), span, "GETITEM");
        }
        if let Some(item) = self.collection_item(&receiver, &args.operands, span)? {
            return Ok(item);
        }
        if receiver.ty == TypeId::STR && args.operands.len() == 1 {
            return self.str_item(receiver, args, span);
        }
        self.load_methods(receiver.ty)?;
        match self.method(receiver.ty, "__getitem__") {
            Some(func) => {
                let direct = Direct {
                    callee: receiver.span,
                    receivers: 1,
                };
                let operands = self.packed_key(func, args.operands, 2, span)?;
                let keywords = vec![None; operands.len()];
                let args = super::arguments::Arguments { operands, keywords };
                self.call_with_receiver(func, receiver, args, direct, span, "GETITEM")
            }
            None => {
                let ty = written;
                Err(self.not_indexed(&Operand { ty, ..receiver }, span))
            }
        }
    }

    fn not_indexed(&self, receiver: &Operand, span: Span) -> Failure {
        let message = format!("cannot do `{}`[...]", self.type_name(receiver.ty));
        called_here(self.unsupported(message, receiver).into(), "GETITEM", span)
    }

    /// `generic[args]` of a builtin.
    fn builtin_generic(
        &mut self,
        builtin: Builtin,
        generic: &Operand,
        args: &[Operand],
        span: Span,
    ) -> Result<Operand, Failure> {
        match builtin {
            Builtin::InterpList | Builtin::InterpDict => {
                self.interp_generic(builtin, generic, args, span)
            }
            Builtin::Tuple => self.tuple_generic(generic, args, span),
            _ => self.memory_generic(builtin, generic, args, span),
        }
    }

    /// `s[i]`
    fn str_item(
        &mut self,
        receiver: Operand,
        args: super::arguments::Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let direct = Direct {
            callee: receiver.span,
            receivers: 1,
        };
        if self.is_slice(args.operands[0].ty) {
            crate::import::load_library(self.program, self.engine, "_str")?;
            let Value::Type(methods) = self.imported("_str", Some("methods"), span)? else {
                unreachable!("the library defines this class")
            };
            let func = self.method(methods, "__getitem__");
            let func = func.expect("the library defines this method");
            return self.call_with_receiver(func, receiver, args, direct, span, "GETITEM");
        }
        let mut operands = vec![receiver];
        operands.extend(args.operands);
        let refs: Vec<&Operand> = operands.iter().collect();
        let prim = Prim::Runtime(Runtime::StrGetItem);
        let operation = self.prim_operation(prim, &refs).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            called_here(failure, "GETITEM", span)
        })?;
        self.apply(operation, operands, span)
    }
}

/// The error of an attribute of a type that is not known.
fn of_red_type(span: Span) -> Failure {
    called_here(wip("getattr on red types").into(), "GETATTR", span)
}

/// A field or property read from the class instead of a value.
fn through_class(span: Span) -> Failure {
    let diagnostic = wip("implement me: descriptor accessed via class");
    called_here(diagnostic.into(), "GETATTR", span)
}
