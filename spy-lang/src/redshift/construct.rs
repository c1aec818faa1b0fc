//! Calling a type: explicit conversions and construction.

use super::Color;
use super::arguments::{Arguments, Direct};
use super::dispatch;
use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::operand::{Operand, Operation, Recipe};
use crate::ir::{Expr, ExprKind, Scalar};
use crate::program::{Descriptor, DescriptorKind, Failure, Value};
use crate::source::Span;
use crate::types::{FloatType, IntType, TypeId, TypeKind};

impl Evaluator<'_> {
    /// `T(args)` of a known type.
    pub(super) fn construct(
        &mut self,
        ty: TypeId,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        match self.program.types.kind(ty) {
            TypeKind::Type => self.construct_type(callee, args, span),
            TypeKind::Str => self.construct_str(callee, args, span),
            TypeKind::Bytes => {
                self.load_methods(ty)?;
                let new = self.imported("_bytes", Some("_new"), span)?;
                let callee = Operand {
                    ty: self.program.type_of(&new),
                    value: Some(new),
                    ..callee
                };
                self.call(callee, args, span)
            }
            TypeKind::Exception(_) => self.construct_exception(ty, callee, args, span),
            TypeKind::Struct(_) => self.construct_struct(ty, callee, args, span),
            TypeKind::Blue => self.construct_blue(ty, callee, args, span),
            _ if Scalar::of(ty).is_some() => self.construct_scalar(ty, callee, args, span),
            _ => {
                let name = self.type_name(ty);
                let diagnostic = type_error(format!("cannot instantiate `{name}`")).error(
                    format!("`{name}` does not have a method `__new__`"),
                    callee.span,
                );
                let diagnostic = match &callee.symbol {
                    Some((symbol, place)) => {
                        diagnostic.note(format!("{symbol} defined here"), *place)
                    }
                    None => diagnostic,
                };
                Err(called_here(diagnostic.into(), "CALL", span))
            }
        }
    }

    /// `cannot call objects of type type`, the answer to arguments that no constructor takes.
    fn no_constructor(&self, callee: &Operand, span: Span) -> Failure {
        let failure = self.unsupported("cannot call objects of type `type`".to_owned(), callee);
        called_here(failure.into(), "CALL", span)
    }

    /// `type(x)`: the dynamic type.
    fn construct_type(
        &mut self,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let Ok([operand]) = <[Operand; 1]>::try_from(args.operands) else {
            return Err(self.no_constructor(&callee, span));
        };
        if operand.value.is_none() && matches!(operand.ty, TypeId::DYNAMIC | TypeId::OBJECT) {
            let result = self.postpone_call(Value::Type(TypeId::TYPE), vec![operand], span);
            return self.convert(result, TypeId::TYPE);
        }
        let ty = match &operand.value {
            Some(value) => self.program.type_of(value),
            None => operand.ty,
        };
        let color = operand.color;
        let mut result = self.known(Value::Type(ty), span);
        result = self.after_effects(operand, result);
        result.color = color;
        result.value = Some(Value::Type(ty));
        Ok(result)
    }

    fn construct_scalar(
        &mut self,
        ty: TypeId,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.any_dynamic(&args.operands) {
            let result = self.postpone_call(Value::Type(ty), args.operands, span);
            return self.convert(result, ty);
        }
        if ty == TypeId::COMPLEX && args.operands.len() == 2 {
            return self.construct_complex(&callee, args, span);
        }
        if ty == TypeId::I32
            && let [text, base] = args.operands.as_slice()
            && (text.ty, base.ty) == (TypeId::STR, TypeId::I32)
        {
            let parts = vec![Recipe::Operand(0), Recipe::Operand(1)];
            let prim = crate::ir::Prim::Runtime(crate::ir::Runtime::ParseInt);
            return self.apply(Operation::prim(prim, parts), args.operands, span);
        }
        let Ok([operand]) = <[Operand; 1]>::try_from(args.operands) else {
            return Err(self.no_constructor(&callee, span));
        };
        let operand = self.dynamic_type(operand);
        if ty == TypeId::BOOL {
            let test = self
                .truth(operand)
                .map_err(|e| called_here(e, "CALL", span))?;
            return Ok(Operand {
                span,
                symbol: None,
                ..test
            });
        }
        if operand.ty == ty {
            return Ok(Operand {
                span,
                symbol: None,
                ..operand
            });
        }
        let Some(prim) = dispatch::explicit(operand.ty, ty) else {
            return Err(self.no_constructor(&callee, span));
        };
        self.apply(
            Operation::prim(prim, vec![Recipe::Operand(0)]),
            vec![operand],
            span,
        )
    }

    /// `complex(re, im)` with `i32` and `f64` parts.
    fn construct_complex(
        &mut self,
        callee: &Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut parts = Vec::with_capacity(2);
        for operand in args.operands {
            let scalar = Scalar::of(operand.ty);
            let accepted = matches!(
                scalar,
                Some(Scalar::Int(IntType::I32) | Scalar::Float(FloatType::F64))
            );
            if !accepted {
                return Err(self.no_constructor(callee, span));
            }
            parts.push(self.convert(operand, TypeId::F64)?);
        }
        let operation = Operation::prim(
            crate::ir::Prim::Runtime(crate::ir::Runtime::ComplexOf),
            vec![Recipe::Operand(0), Recipe::Operand(1)],
        );
        self.apply(operation, parts, span)
    }

    fn construct_str(
        &mut self,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let Ok([operand]) = <[Operand; 1]>::try_from(args.operands) else {
            return Err(self.no_constructor(&callee, span));
        };
        self.text(operand, span)
            .map_err(|e| called_here(e, "CALL", span))
    }

    /// `E()` and `E("message")`.
    fn construct_exception(
        &mut self,
        class: TypeId,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut operands = args.operands.into_iter();
        let (message, extra) = (operands.next(), operands.next());
        if extra.is_some() {
            return Err(self.no_constructor(&callee, span));
        }
        let Some(message) = message else {
            return Ok(self.new_exception(class, "".into(), span));
        };
        let message = self.convert(message, TypeId::STR).map_err(|mut failure| {
            *failure = failure.note("function defined here", Span::BUILTINS);
            called_here(failure, "CALL", span)
        })?;
        match (&message.value, message.color) {
            (Some(Value::Str(text)), Color::Blue) => {
                Ok(self.new_exception(class, text.clone(), span))
            }
            (Some(Value::Str(text)), Color::Red) if self.is_blue() => {
                let mut exception = self.new_exception(class, text.clone(), span);
                exception.color = Color::Red;
                Ok(exception)
            }
            _ => Ok(Operand::red(Expr {
                kind: ExprKind::MakeException(message.into_ir().into()),
                ty: class,
                span,
            })),
        }
    }

    /// `T(fields…)` through `__new__`, or the fields in order.
    fn construct_struct(
        &mut self,
        ty: TypeId,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let direct = Direct {
            callee: callee.span,
            receivers: 0,
        };
        let new = self
            .method(ty, "__new__")
            .or_else(|| self.method(ty, "__make__"));
        match new {
            Some(new) if self.is_metafunc(new) => {
                let message = format!(
                    "cannot call objects of type `{}`",
                    self.type_name(callee.ty)
                );
                let null = self.unsupported(message, &callee);
                let args = args.with_receiver(callee);
                self.call_metafunc(new, args, 1, (direct, null), span, "CALL")
            }
            Some(new) => self.call_bound(new, args, None, span, "CALL"),
            None => {
                let name = self.type_name(ty);
                let failure = type_error(format!("`{name}` is not defined yet"))
                    .error("only declared so far", callee.span);
                Err(called_here(failure.into(), "CALL", span))
            }
        }
    }

    /// Objects of the compiler: specs, meta arguments, descriptors.
    fn construct_blue(
        &mut self,
        ty: TypeId,
        callee: Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let kind = match ty {
            TypeId::PROPERTY => Some(DescriptorKind::Property),
            TypeId::STATIC_METHOD => Some(DescriptorKind::Static),
            TypeId::CLASS_METHOD => Some(DescriptorKind::Class),
            _ => None,
        };
        let operands = &args.operands;
        let value = match (kind, ty) {
            (Some(kind), _) => match operands.first().and_then(|operand| operand.value.clone()) {
                Some(Value::Func(func)) => {
                    Some(Value::Descriptor(Descriptor { kind, func }.into()))
                }
                _ => None,
            },
            (None, TypeId::OP_SPEC) => self.construct_op_spec(operands),
            (None, TypeId::META_ARG) => self.construct_meta_arg(operands)?,
            (None, _) => self.construct_collection(ty, operands),
        };
        match value {
            Some(value) => Ok(self.known(value, span)),
            None => Err(self.no_constructor(&callee, span)),
        }
    }
}
