//! Tuples and slices.
//!
//! A tuple is a struct of the library whose fields are `_item0`, `_item1`, …; one type for each
//! list of item types.

use spy_runtime::string::slice_indices;

use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::operand::{Action, Operand, Operation, Recipe};
use crate::program::{Failure, FuncBody, FuncId, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{
    Field, Fqn, FuncColor, FuncType, ParamKind, ParamType, StructType, TypeId, TypeKind,
};

impl Evaluator<'_> {
    /// `(a, b)`
    pub(super) fn tuple_display(
        &mut self,
        items: &[ast::Expr],
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut operands = Vec::with_capacity(items.len());
        for item in items {
            operands.push(self.expr(item)?);
        }
        if self.is_blue() && operands.iter().any(|operand| operand.ty == TypeId::TYPE) {
            let values = operands.into_iter().filter_map(|operand| operand.value);
            let tuple = Value::Tuple(values.collect());
            return Ok(Operand::red_value(TypeId::INTERP_TUPLE, tuple, span));
        }
        let are_known = operands
            .iter()
            .all(|operand| operand.blue_value().is_some());
        if are_known && operands.iter().any(|operand| operand.ty == TypeId::TYPE) {
            let values = operands.into_iter().filter_map(|operand| operand.value);
            let tuple = Value::Tuple(values.collect());
            return Ok(self.known(tuple, span));
        }
        self.tuple_of(operands, span)
    }

    /// A tuple with these items.
    pub(super) fn tuple_of(
        &mut self,
        operands: Vec<Operand>,
        span: Span,
    ) -> Result<Operand, Failure> {
        let types: Vec<TypeId> = operands.iter().map(|operand| operand.ty).collect();
        let ty = self.tuple_type(&types, span)?;
        let make = self
            .method(ty, "__make__")
            .expect("tuples have a constructor");
        let args = (0..operands.len()).map(Recipe::Operand).collect();
        let operation = Operation {
            action: Action::Call(make),
            args,
            result: ty,
        };
        self.apply(operation, operands, span)
    }

    /// The type `tuple[items…]`.
    pub(super) fn tuple_type(&mut self, items: &[TypeId], span: Span) -> Result<TypeId, Failure> {
        let qualifiers = items
            .iter()
            .map(|ty| self.program.types.get(*ty).fqn.clone())
            .collect();
        let fqn = Fqn::module("_tuple")
            .join("tuple")
            .with_qualifiers(qualifiers);
        if let Some(known) = self
            .program
            .types
            .ids()
            .find(|id| self.program.types.get(*id).fqn == fqn)
        {
            return Ok(known);
        }
        let human = Fqn::module("tuple").with_qualifiers(fqn.last().qualifiers.clone());
        self.program.aliases.insert(fqn.clone(), human);
        let (mut offset, mut align) = (0_u32, 1_u32);
        let mut fields = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.check_size(u64::from(offset), *item, span)?;
            let (size, field_align) = self.program.types.size_and_align(*item);
            offset = offset.next_multiple_of(field_align);
            let name = format!("_item{index}").into();
            fields.push(Field {
                name,
                ty: *item,
                offset_bytes: offset,
                default: None,
                span,
            });
            offset += size;
            align = align.max(field_align);
        }
        let layout = StructType {
            fields: fields.into(),
            size_bytes: offset.next_multiple_of(align),
            align_bytes: align,
        };
        let ty = self
            .program
            .types
            .add(fqn, TypeKind::Struct(Some(layout)), Span::BUILTINS);
        let params = items
            .iter()
            .map(|ty| ParamType {
                ty: *ty,
                kind: ParamKind::Simple,
            })
            .collect();
        let signature = FuncType {
            color: FuncColor::Red,
            params,
            result: ty,
        };
        let body = FuncBody::MakeStruct(ty);
        let make = self.add_struct_func(ty, "__make__", signature, body, Span::BUILTINS);
        let members = &mut self.program.types.get_mut(ty).members;
        members.insert("__make__".into(), Value::Func(make));
        members.insert("__new__".into(), Value::Func(make));
        self.add_equality(ty, Span::BUILTINS);
        Ok(ty)
    }

    /// `tuple[T0, T1, …]`
    pub(super) fn tuple_generic(
        &mut self,
        callee: &Operand,
        args: &[Operand],
        span: Span,
    ) -> Result<Operand, Failure> {
        let item = |operand: &Operand| match operand.value {
            Some(Value::Type(ty)) => Some(ty),
            Some(Value::None) => Some(TypeId::NONE),
            _ => None,
        };
        match args.iter().map(item).collect::<Option<Vec<TypeId>>>() {
            Some(items) => {
                let ty = self.tuple_type(&items, span)?;
                Ok(self.known(Value::Type(ty), span))
            }
            None => {
                let message = format!("cannot do `{}`[...]", self.type_name(callee.ty));
                let failure = self.unsupported(message, callee).into();
                Err(called_here(failure, "GETITEM", span))
            }
        }
    }

    /// Whether a type is an instance of `tuple`.
    pub(super) fn is_tuple(&self, ty: TypeId) -> bool {
        let info = self.program.types.get(ty);
        info.fqn.module_name() == "_tuple" && matches!(info.kind, TypeKind::Struct(_))
    }

    /// Number of items of a tuple type.
    pub(super) fn tuple_length(&self, ty: TypeId) -> usize {
        match self.program.types.kind(ty) {
            TypeKind::Struct(Some(layout)) => layout.fields.len(),
            _ => 0,
        }
    }

    /// `tuple[index]`
    pub(super) fn tuple_item(
        &mut self,
        tuple: Operand,
        index: &Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let Some(Value::Int(_, index)) = index.blue_value() else {
            let failure = type_error("tuple index must be blue");
            return Err(called_here(failure.into(), "GETITEM", span));
        };
        let length = self.tuple_length(tuple.ty) as i128;
        let position = if *index < 0 { index + length } else { *index };
        match usize::try_from(position).ok().filter(|_| position < length) {
            Some(position) => self.read_field(tuple, position, span),
            None => {
                let failure = type_error("tuple index out of range");
                Err(called_here(failure.into(), "GETITEM", span))
            }
        }
    }

    /// The subscript `a, b` of a method of the library that takes one key is a tuple.
    pub(super) fn packed_key(
        &mut self,
        method: FuncId,
        keys: Vec<Operand>,
        params: usize,
        span: Span,
    ) -> Result<Vec<Operand>, Failure> {
        let ty = self.program.types.as_func(self.program.func(method).ty);
        let takes_one = self.program.is_library(method)
            && ty.is_some_and(|ty| ty.color == FuncColor::Red && ty.params.len() == params);
        if keys.len() < 2 || !takes_one {
            return Ok(keys);
        }
        Ok(vec![self.tuple_of(keys, span)?])
    }

    /// `tuple[a:b:c]`: what it gives has a type, so the bounds must be known.
    pub(super) fn tuple_slice(
        &mut self,
        tuple: Operand,
        parts: &[ast::Expr; 3],
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut bounds = [None; 3];
        for (bound, part) in bounds.iter_mut().zip(parts) {
            let operand = self.expr(part)?;
            *bound = match operand.blue_value() {
                Some(Value::None) => None,
                Some(Value::Int(_, number)) => Some(*number as i64),
                _ => {
                    let failure =
                        type_error("tuple index must be blue").error("this is red", operand.span);
                    return Err(called_here(failure.into(), "GETITEM", span));
                }
            };
        }
        let length = self.tuple_length(tuple.ty) as i64;
        let [start, stop, step] = bounds;
        let bounds = slice_indices(length, start, stop, step)
            .map_err(|raise| called_here(super::convert::failure(raise), "GETITEM", span))?;
        let positions = (0..bounds.count() as i64)
            .map(|turn| (bounds.start + turn * bounds.step) as usize)
            .collect();
        self.tuple_from_fields(vec![tuple], &[positions], span)
    }

    /// `left + right`
    pub(super) fn tuple_concat(
        &mut self,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let all = |tuple: &Operand| (0..self.tuple_length(tuple.ty)).collect::<Vec<_>>();
        let positions = [all(&left), all(&right)];
        self.tuple_from_fields(vec![left, right], &positions, span)
    }

    /// A tuple of some items of each of these tuples, in order.
    fn tuple_from_fields(
        &mut self,
        tuples: Vec<Operand>,
        positions: &[Vec<usize>],
        span: Span,
    ) -> Result<Operand, Failure> {
        let build = |this: &mut Self, tuples: Vec<Operand>| {
            let mut items = Vec::new();
            for (tuple, positions) in tuples.iter().zip(positions) {
                for position in positions {
                    items.push(this.read_field(tuple.clone(), *position, span)?);
                }
            }
            this.tuple_of(items, span)
        };
        if self.is_blue() {
            return build(self, tuples);
        }
        let (result, stmts) = self.capture(|this| {
            let held: Result<Vec<Operand>, Failure> =
                tuples.into_iter().map(|tuple| this.hold(tuple)).collect();
            build(this, held?)
        })?;
        Ok(super::expr::with_statements(stmts, result))
    }

    /// Whether a type is that of `a:b:c`.
    pub(super) fn is_slice(&self, ty: TypeId) -> bool {
        let fqn = &self.program.types.get(ty).fqn;
        fqn.module_name() == "_slice" && &*fqn.last().name == "Slice"
    }

    /// `a:b:c`
    pub(super) fn slice(&mut self, parts: &[ast::Expr; 3], span: Span) -> Result<Operand, Failure> {
        let mut operands = Vec::with_capacity(3);
        for part in parts {
            operands.push(self.expr(part)?);
        }
        crate::import::load_library(self.program, self.engine, "_slice")?;
        let class = self.imported("_slice", Some("Slice"), span)?;
        let class = self.known(class, span);
        let keywords = vec![None; 3];
        self.call(
            class,
            super::arguments::Arguments { operands, keywords },
            span,
        )
    }
}
