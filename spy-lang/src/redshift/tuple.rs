//! Tuples and slices.
//!
//! A tuple is a struct of the library whose fields are `_item0`, `_item1`, …; one type for each
//! list of item types.

use super::errors::{called_here, type_error};
use super::evaluator::Evaluator;
use super::operand::{Action, Operand, Operation, Recipe};
use crate::program::{Failure, FuncBody, Value};
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
        let types: Vec<TypeId> = operands.iter().map(|operand| operand.ty).collect();
        let ty = self.tuple_type(&types, span);
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
    pub(super) fn tuple_type(&mut self, items: &[TypeId], span: Span) -> TypeId {
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
            return known;
        }
        let human = Fqn::module("tuple").with_qualifiers(fqn.last().qualifiers.clone());
        self.program.aliases.insert(fqn.clone(), human);
        let (mut offset, mut align) = (0_u32, 1_u32);
        let mut fields = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let (size, field_align) = self.program.types.size_and_align(*item);
            offset = offset.next_multiple_of(field_align);
            let name = format!("_item{index}").into();
            fields.push(Field {
                name,
                ty: *item,
                offset_bytes: offset,
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
        ty
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
                let ty = self.tuple_type(&items, span);
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
        self.call(class, super::call::Arguments { operands, keywords }, span)
    }
}
