//! The methods that the compiler gives to structs: equality, order and hash, as dataclasses have
//! them. `@struct(order=True)` and `@struct(eq=True)` ask for the latter two.

use super::errors::type_error;
use super::evaluator::Evaluator;
use super::operand::{Operand, Operation, Recipe};
use crate::ir::{self, IntOp, Prim, Scalar};
use crate::program::{Failure, FuncBody, StructMethod, Value};
use crate::source::Span;
use crate::syntax::ast::{self, CmpOp, StructOptions};
use crate::types::{FuncColor, FuncType, IntType, ParamKind, ParamType, TypeId, TypeKind};

impl Evaluator<'_> {
    /// Gives a struct the methods that it does not define itself.
    pub(super) fn add_struct_methods(
        &mut self,
        def: &ast::ClassDef,
        ty: TypeId,
    ) -> Result<(), Failure> {
        use StructMethod::{Eq, Ge, Gt, Hash, Le, Lt, Ne};

        let span = def.header;
        let own = |this: &Self, method: StructMethod| this.member(ty, method.name()).is_some();
        let StructOptions { eq, order } = def.struct_options.unwrap_or(StructOptions {
            eq: true,
            order: false,
        });
        if order && !eq {
            return Err(type_error("eq must be true if order is true")
                .error("class defined here", span)
                .into());
        }
        if eq && !own(self, Eq) && !own(self, Ne) {
            self.add_equality(ty, span);
        }
        for method in [Lt, Le, Gt, Ge].into_iter().filter(|_| order) {
            if own(self, method) {
                let (name, class) = (method.name(), self.type_name(ty));
                let message = format!("cannot overwrite attribute {name} in class `{class}`");
                return Err(type_error(message).error("class defined here", span).into());
            }
            self.add_struct_method(ty, method, span);
        }
        let asked = def.struct_options.is_some() && eq;
        if asked && !own(self, Hash) && self.has_hashable_fields(ty) {
            self.add_struct_method(ty, Hash, span);
        }
        Ok(())
    }

    /// Equality of any struct.
    pub(super) fn add_equality(&mut self, ty: TypeId, span: Span) {
        self.add_struct_method(ty, StructMethod::Eq, span);
        self.add_struct_method(ty, StructMethod::Ne, span);
    }

    fn has_hashable_fields(&self, ty: TypeId) -> bool {
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(ty) else {
            return false;
        };
        layout
            .fields
            .iter()
            .all(|field| match Scalar::of(field.ty) {
                Some(Scalar::Int(_) | Scalar::Bool | Scalar::Str) => true,
                Some(Scalar::Float(_) | Scalar::Complex) => false,
                None => self.method(field.ty, "__hash__").is_some(),
            })
    }

    fn add_struct_method(&mut self, ty: TypeId, method: StructMethod, span: Span) {
        let param = ParamType {
            ty,
            kind: ParamKind::Simple,
        };
        let (count, result) = match method {
            StructMethod::Hash => (1, TypeId::I32),
            StructMethod::Eq
            | StructMethod::Ne
            | StructMethod::Lt
            | StructMethod::Le
            | StructMethod::Gt
            | StructMethod::Ge => (2, TypeId::BOOL),
        };
        let signature = FuncType {
            color: FuncColor::Red,
            params: vec![param; count],
            result,
        };
        let name = method.name();
        let func = self.add_struct_func(ty, name, signature, FuncBody::StructMethod(method), span);
        let members = &mut self.program.types.get_mut(ty).members;
        members.insert(name.into(), Value::Func(func));
    }

    /// Emits the body of a method, whose parameters are the first locals.
    pub(super) fn emit_struct_method(&mut self, ty: TypeId, method: StructMethod, span: Span) {
        let result = match method {
            StructMethod::Eq => self.fields_equal(ty, span),
            StructMethod::Ne => self
                .fields_equal(ty, span)
                .and_then(|equal| self.not(equal, span)),
            StructMethod::Lt => self.fields_ordered(ty, CmpOp::Lt, span),
            StructMethod::Le => self.fields_ordered(ty, CmpOp::Le, span),
            StructMethod::Gt => self.fields_ordered(ty, CmpOp::Gt, span),
            StructMethod::Ge => self.fields_ordered(ty, CmpOp::Ge, span),
            StructMethod::Hash => self.fields_hash(ty, span),
        };
        match result {
            Ok(operand) => self.emit(ir::StmtKind::Return(operand.into_ir()), span),
            Err(failure) => {
                self.emit_failure(*failure, span);
            }
        }
    }

    fn field_count(&self, ty: TypeId) -> usize {
        match self.program.types.kind(ty) {
            TypeKind::Struct(Some(layout)) => layout.fields.len(),
            _ => 0,
        }
    }

    /// A field of a parameter.
    fn field_of(
        &mut self,
        (param, ty): (u32, TypeId),
        field: usize,
        span: Span,
    ) -> Result<Operand, Failure> {
        let kind = ir::ExprKind::Local(ir::LocalId(param));
        let value = Operand::red(ir::Expr { kind, ty, span });
        self.read_field(value, field, span)
    }

    /// A comparison of one field of both parameters, as a condition.
    fn compare_field(
        &mut self,
        op: CmpOp,
        ty: TypeId,
        field: usize,
        span: Span,
    ) -> Result<ir::Expr, Failure> {
        let left = self.field_of((0, ty), field, span)?;
        let right = self.field_of((1, ty), field, span)?;
        let result = self.compare(op, left, right, span)?;
        Ok(self.truth(result)?.into_ir())
    }

    /// All fields are equal: left to right, joined by `and`.
    fn fields_equal(&mut self, ty: TypeId, span: Span) -> Result<Operand, Failure> {
        let mut equal: Option<ir::Expr> = None;
        for field in 0..self.field_count(ty) {
            let same = self.compare_field(CmpOp::Eq, ty, field, span)?;
            equal = Some(match equal {
                None => same,
                Some(before) => ir::Expr {
                    kind: ir::ExprKind::And(Box::new(before), Box::new(same)),
                    ty: TypeId::BOOL,
                    span,
                },
            });
        }
        let yes = || Operand::blue(TypeId::BOOL, Value::Bool(true), span);
        Ok(equal.map_or_else(yes, Operand::red))
    }

    /// The first fields that are not equal decide.
    fn fields_ordered(&mut self, ty: TypeId, op: CmpOp, span: Span) -> Result<Operand, Failure> {
        let if_equal = Value::Bool(matches!(op, CmpOp::Le | CmpOp::Ge));
        let mut result = ir::Expr {
            kind: ir::ExprKind::Const(if_equal),
            ty: TypeId::BOOL,
            span,
        };
        for field in (0..self.field_count(ty)).rev() {
            let same = self.compare_field(CmpOp::Eq, ty, field, span)?;
            let ordered = self.compare_field(op, ty, field, span)?;
            result = ir::Expr {
                kind: ir::ExprKind::If(Box::new(same), Box::new(result), Box::new(ordered)),
                ty: TypeId::BOOL,
                span,
            };
        }
        Ok(Operand::red(result))
    }

    /// The hashes of the fields, each multiplied into the one before.
    fn fields_hash(&mut self, ty: TypeId, span: Span) -> Result<Operand, Failure> {
        const FIRST: i32 = 17;
        const FACTOR: i32 = 31;
        let mut hash = self.known(Value::i32(FIRST), span);
        for field in 0..self.field_count(ty) {
            let value = self.field_of((0, ty), field, span)?;
            let value = self.hash(value, span)?;
            let factor = self.known(Value::i32(FACTOR), span);
            let args = || vec![Recipe::Operand(0), Recipe::Operand(1)];
            let multiply = Operation::prim(Prim::Int(IntType::I32, IntOp::Mul), args());
            hash = self.apply(multiply, vec![hash, factor], span)?;
            let add = Operation::prim(Prim::Int(IntType::I32, IntOp::Add), args());
            hash = self.apply(add, vec![hash, value], span)?;
        }
        Ok(hash)
    }
}
