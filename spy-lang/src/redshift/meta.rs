//! Metafunctions: functions that decide at compile time what an operation means.

use std::rc::Rc;

use super::Color;
use super::arguments::Arguments;
use super::errors::type_error;
use super::evaluator::Evaluator;
use super::operand::{Operand, Operation, Recipe};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Failure, FuncId, MetaArg, OpSpec, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{FuncColor, TypeId};

impl Evaluator<'_> {
    /// Whether a function is a metafunction.
    pub(super) fn is_metafunc(&self, func: FuncId) -> bool {
        let ty = self.program.types.as_func(self.program.func(func).ty);
        ty.is_some_and(|ty| ty.color == FuncColor::Metafunc)
    }

    /// What a metafunction makes of operands: an operation on them, or `None` if it answers
    /// `OpSpec.NULL`. The first `hidden` operands are shown to the metafunction, but a simple spec
    /// does not pass them on.
    pub(super) fn ask_metafunc(
        &mut self,
        func: FuncId,
        operands: &[&Operand],
        keywords: &[Option<ast::Ident>],
        hidden: usize,
        callee: Option<Span>,
    ) -> Result<Option<Operation>, Failure> {
        let metas = operands.iter().enumerate().map(|(position, operand)| {
            let meta = MetaArg {
                ty: operand.ty,
                value: operand.blue_value().cloned(),
                position: Some(position),
            };
            Operand::blue(TypeId::META_ARG, Value::MetaArg(meta.into()), operand.span)
        });
        let metas: Vec<Operand> = metas.collect();
        let mut keywords = keywords.to_vec();
        keywords.resize(metas.len(), None);
        let args = Arguments {
            operands: metas,
            keywords,
        };
        let operation = self.bind(func, &args, None)?;
        match self.perform(&operation, &args.operands)? {
            Value::OpSpec(spec) => {
                // The operands of the answer may need the same metafunction again.
                self.enter_blue_call(func)?;
                let operation = self.resolve_spec(&spec, operands, hidden);
                self.program.limits.used_depth -= 1;
                operation.map_err(|mut failure| {
                    if failure.kind == ErrorKind::RecursionError {
                        // Each level has added its notes.
                        failure.annotations.truncate(1);
                    }
                    failure
                })
            }
            other => {
                let got = self.type_name(self.program.type_of(&other));
                let message =
                    format!("wrong metafunc return type: expected `operator::OpSpec`, got `{got}`");
                let place = callee.unwrap_or(self.program.func(func).prototype);
                Err(type_error(message)
                    .error("this is a metafunc", place)
                    .note("metafunc defined here", self.program.func(func).prototype)
                    .into())
            }
        }
    }

    /// The operation that a spec describes.
    fn resolve_spec(
        &mut self,
        spec: &OpSpec,
        operands: &[&Operand],
        hidden: usize,
    ) -> Result<Option<Operation>, Failure> {
        match spec {
            OpSpec::Null => Ok(None),
            OpSpec::Const(value) => {
                let ty = self.program.type_of(value);
                Ok(Some(Operation::constant(ty, value.clone())))
            }
            OpSpec::Simple(func) => {
                let order: Vec<usize> = (hidden..operands.len()).collect();
                self.bind_positional(*func, operands, &order).map(Some)
            }
            OpSpec::Complex(func, metas) => self.resolve_complex(*func, metas, operands).map(Some),
        }
    }

    /// A call with exactly these meta arguments: red ones are operands, blue ones constants.
    fn resolve_complex(
        &mut self,
        func: FuncId,
        metas: &[Rc<MetaArg>],
        operands: &[&Operand],
    ) -> Result<Operation, Failure> {
        let mut given = Vec::with_capacity(metas.len());
        for meta in metas {
            given.push(match (&meta.value, meta.position) {
                (Some(value), _) => Operand::blue(meta.ty, value.clone(), Span::BUILTINS),
                (None, Some(position)) => operands[position].clone(),
                (None, None) => {
                    let message = "a red argument of an OpSpec must be one of the operands";
                    return Err(type_error(message).into());
                }
            });
        }
        let keywords = vec![None; given.len()];
        let args = Arguments {
            operands: given,
            keywords,
        };
        let mut operation = self.bind(func, &args, None)?;
        for recipe in &mut operation.args {
            self.resolve_recipe(recipe, metas, &args.operands)?;
        }
        Ok(operation)
    }

    /// Makes a recipe on given arguments one on the operands that these describe.
    fn resolve_recipe(
        &mut self,
        recipe: &mut Recipe,
        metas: &[Rc<MetaArg>],
        given: &[Operand],
    ) -> Result<(), Failure> {
        let (index, conversion) = match recipe {
            Recipe::Operand(index) => (index, None),
            Recipe::Convert(index, conversion) => (index, Some(conversion.clone())),
            Recipe::Const(..) => return Ok(()),
            Recipe::Collect(_, items) => {
                return items
                    .iter_mut()
                    .try_for_each(|item| self.resolve_recipe(item, metas, given));
            }
        };
        let meta = &metas[*index];
        if let (None, Some(position)) = (&meta.value, meta.position) {
            *index = position;
            return Ok(());
        }
        let constant = given[*index].clone();
        let constant = match conversion {
            Some(conversion) => self.convert_by(constant, &conversion)?,
            None => constant,
        };
        *recipe = Recipe::Const(constant.ty, constant.value.unwrap_or(Value::None));
        Ok(())
    }

    /// The attribute of a meta argument.
    pub(super) fn meta_attribute(
        &mut self,
        meta: &MetaArg,
        attr: &ast::Ident,
    ) -> Result<Option<Value>, Failure> {
        Ok(Some(match &*attr.name {
            "static_type" => Value::Type(meta.ty),
            "color" => {
                let color = if meta.value.is_some() {
                    Color::Blue
                } else {
                    Color::Red
                };
                Value::str(color.name())
            }
            "blueval" => match &meta.value {
                Some(value) => value.clone(),
                None => {
                    let message = "oparg is not blue";
                    return Err(Diagnostic::new(ErrorKind::ValueError, message).into());
                }
            },
            _ => return Ok(None),
        }))
    }

    /// `OpSpec(f)` and `OpSpec(f, [m, …])`.
    pub(super) fn construct_op_spec(&mut self, args: &[Operand]) -> Option<Value> {
        let func = match args.first()?.value {
            Some(Value::Func(func)) => func,
            _ => return None,
        };
        let spec = match args {
            [_] => OpSpec::Simple(func),
            [_, metas] => OpSpec::Complex(func, self.meta_args(metas.value.as_ref()?)?),
            _ => return None,
        };
        Some(Value::OpSpec(spec.into()))
    }

    /// The meta arguments in a list of the compiler; types stand for red ones of that type.
    fn meta_args(&self, list: &Value) -> Option<Vec<Rc<MetaArg>>> {
        let items = match list {
            Value::List(list) => list.items.borrow().clone(),
            Value::Tuple(items) => items.to_vec(),
            _ => return None,
        };
        let meta = |item: Value| match item {
            Value::MetaArg(meta) => Some(meta),
            Value::Type(ty) => Some(MetaArg::red(ty).into()),
            _ => None,
        };
        items.into_iter().map(meta).collect()
    }

    /// `MetaArg(color, static_type, value)`
    pub(super) fn construct_meta_arg(
        &mut self,
        args: &[Operand],
    ) -> Result<Option<Value>, Failure> {
        let [color, ty, value] = args else {
            return Ok(None);
        };
        let Some(Value::Str(color)) = &color.value else {
            let got = self.type_name(color.ty);
            return Err(type_error(format!("MetaArg color must be a string, got {got}")).into());
        };
        let Some(Value::Type(ty)) = ty.value else {
            return Ok(None);
        };
        let value = match &**color {
            "red" => None,
            "blue" => value.value.clone(),
            other => {
                let message = format!("MetaArg color must be 'red' or 'blue', got '{other}'");
                return Err(type_error(message).into());
            }
        };
        Ok(Some(Value::MetaArg(
            MetaArg {
                ty,
                value,
                position: None,
            }
            .into(),
        )))
    }
}
