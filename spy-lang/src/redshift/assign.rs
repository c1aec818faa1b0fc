//! Assignments to anything but names, and in-place operators.

use super::arguments::{Arguments, Direct, plural};
use super::errors::{called_here, type_error};
use super::evaluator::{Evaluator, RedLocal};
use super::operand::Operand;
use crate::ir::{DynamicOp, Expr, ExprKind as IrKind, LocalId, StmtKind};
use crate::program::{Failure, FuncId, Value};
use crate::scope::Symbol;
use crate::source::Span;
use crate::syntax::ast::{self, BinOp, ExprKind};
use crate::types::{TypeId, TypeKind};

impl Evaluator<'_> {
    /// `left op= right`
    pub(super) fn in_place(
        &mut self,
        op: BinOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        if self.is_dynamic(&left) {
            return Ok(self.postpone(DynamicOp::InPlace(op), vec![left, right], span));
        }
        let name = super::method::in_place_name(op);
        if let Some(method) = self.method(left.ty, &name) {
            let direct = Direct {
                callee: left.span,
                receivers: 1,
            };
            let args = Arguments {
                operands: vec![right],
                keywords: vec![None],
            };
            return self.call_with_receiver(method, left, args, direct, span, "CALL_METHOD");
        }
        self.binary(op, left, right, span)
    }

    /// `a, b = e`: the right-hand side is evaluated once.
    pub(super) fn unpack(
        &mut self,
        targets: &[ast::Expr],
        operand: Operand,
        span: Span,
    ) -> Result<(), Failure> {
        if let Some(locals) = self.unpack_targets(targets, &operand) {
            self.emit(StmtKind::Unpack(locals, operand.into_ir()), span);
            return Ok(());
        }
        let operand = if self.is_blue() {
            operand
        } else {
            self.hold(operand)?
        };
        let items = self.unpacked(&operand, targets.len(), place_of(targets, span), span)?;
        for (target, item) in targets.iter().zip(items) {
            let ExprKind::Name(name) = &target.kind else {
                return Err(super::expr::not_supported(target.span));
            };
            let ident = ast::Ident {
                name: name.clone(),
                span: target.span,
            };
            self.assign(&ident, item, span)?;
        }
        Ok(())
    }

    /// The locals that a red tuple is unpacked into as it is: one a field, of the field's type.
    fn unpack_targets(&mut self, targets: &[ast::Expr], operand: &Operand) -> Option<Vec<LocalId>> {
        if self.is_blue() || operand.ir.is_none() || !self.is_tuple(operand.ty) {
            return None;
        }
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(operand.ty) else {
            return None;
        };
        let types: Vec<TypeId> = layout.fields.iter().map(|field| field.ty).collect();
        if types.len() != targets.len() {
            return None;
        }
        let mut symbols = Vec::with_capacity(targets.len());
        for (target, ty) in targets.iter().zip(&types) {
            let ExprKind::Name(name) = &target.kind else {
                return None;
            };
            let symbol = self.symbol(name).filter(|symbol| symbol.level == Some(0))?;
            let fits = match self.emitter().names.get(name) {
                Some(RedLocal::Red(local)) => {
                    let local = *local;
                    self.emitter().locals[local.0 as usize].ty == *ty
                }
                Some(
                    RedLocal::Blue(..)
                    | RedLocal::Known(..)
                    | RedLocal::Unsure(_)
                    | RedLocal::Failed(_),
                ) => false,
                None => symbols
                    .iter()
                    .all(|other: &Symbol| other.name != symbol.name),
            };
            if !fits {
                return None;
            }
            symbols.push(symbol);
        }
        let locals = symbols.iter().zip(types).map(|(symbol, ty)| {
            if let Some(RedLocal::Red(local)) = self.emitter().names.get(&symbol.name) {
                return *local;
            }
            let local = self.new_local(&symbol.name, ty, symbol.span);
            self.bind_red(&symbol.name, RedLocal::Red(local));
            local
        });
        Some(locals.collect())
    }

    /// What each of the `count` targets at `targets` gets; `span` is the place of the statement.
    pub(super) fn unpacked(
        &mut self,
        operand: &Operand,
        count: usize,
        targets: Span,
        span: Span,
    ) -> Result<Vec<Operand>, Failure> {
        if self.is_dynamic(operand) {
            let item = |index| {
                let op = DynamicOp::Unpack {
                    index,
                    count,
                    targets,
                };
                self.postpone(op, vec![operand.clone()], span)
            };
            return Ok((0..count).map(item).collect());
        }
        let referred = self.program.types.as_ptr(operand.ty);
        if referred.is_some_and(|ty| ty.is_ref && self.is_tuple(ty.item)) {
            let value = self.dereferenced(operand.clone())?;
            return self.unpacked(&value, count, targets, span);
        }
        if let Some(method) = self.method(operand.ty, "_unpacked") {
            return self.unpacked_at_run_time(method, operand, count, span);
        }
        let items = self.tuple_items(operand)?;
        check_count((count, targets), items.len(), operand.span)?;
        Ok(items)
    }

    /// The items of a collection whose length is known only when the program runs.
    fn unpacked_at_run_time(
        &mut self,
        method: FuncId,
        operand: &Operand,
        count: usize,
        span: Span,
    ) -> Result<Vec<Operand>, Failure> {
        let number = |index: usize| Value::i32(i32::try_from(index).unwrap_or(i32::MAX));
        let count_operand = self.known(number(count), span);
        let items = self.method_of_one(method, operand.clone(), count_operand, span)?;
        let items = if self.is_blue() {
            items
        } else {
            self.hold(items)?
        };
        let item = self.method(items.ty, "_getitem_int");
        let item = item.expect("the library unpacks into lists");
        (0..count)
            .map(|index| {
                let index = self.known(number(index), span);
                self.method_of_one(item, items.clone(), index, span)
            })
            .collect()
    }

    /// A call of a method with one argument, both of the types that it wants.
    fn method_of_one(
        &mut self,
        method: FuncId,
        receiver: Operand,
        argument: Operand,
        span: Span,
    ) -> Result<Operand, Failure> {
        let operands = vec![receiver, argument];
        let operation = self.bind_positional(method, &[&operands[0], &operands[1]], &[0, 1])?;
        self.apply(operation, operands, span)
    }

    /// The items of a tuple.
    fn tuple_items(&mut self, operand: &Operand) -> Result<Vec<Operand>, Failure> {
        if let Some(Value::Tuple(items)) = &operand.value {
            let items = items
                .iter()
                .map(|item| self.known(item.clone(), operand.span));
            return Ok(items.collect());
        }
        let fields = match self.program.types.kind(operand.ty) {
            TypeKind::Struct(Some(layout)) if self.is_tuple(operand.ty) => layout.fields.len(),
            _ => return Err(self.not_unpacked(operand)),
        };
        (0..fields)
            .map(|index| self.read_field(operand.clone(), index, operand.span))
            .collect()
    }

    /// The error of unpacking what is no tuple.
    pub(super) fn not_unpacked(&self, operand: &Operand) -> Failure {
        let name = self.type_name(operand.ty);
        type_error(format!("`{name}` does not support unpacking"))
            .error(format!("this is `{name}`"), operand.span)
            .into()
    }

    /// `object.attr = e`: the object is evaluated before the value.
    pub(super) fn set_attr(
        &mut self,
        object: &ast::Expr,
        attr: &ast::Ident,
        value: &ast::Expr,
        span: Span,
    ) -> Result<(), Failure> {
        let object = self.expr(object)?;
        let operand = self.expr(value)?;
        self.store_attr(object, attr, operand, span)
    }

    /// `object.attr = operand`
    pub(super) fn store_attr(
        &mut self,
        object: Operand,
        attr: &ast::Ident,
        operand: Operand,
        span: Span,
    ) -> Result<(), Failure> {
        if self.is_dynamic(&object) {
            let op = DynamicOp::SetAttr(attr.clone());
            let result = self.postpone(op, vec![object, operand], span);
            self.drop_operand(result);
            return Ok(());
        }
        if let Some(Value::Module(module)) = object.value {
            let global = self.program.module(module).globals.get(&attr.name).copied();
            if let Some(global) = global {
                let ty = self.program.global(global).ty;
                let operand = self.convert(operand, ty)?;
                match (self.is_blue(), operand.value.clone()) {
                    (true, Some(value)) => self.program.store_global(global, &value),
                    _ => self.emit(StmtKind::StoreGlobal(global, operand.into_ir()), span),
                }
                return Ok(());
            }
        }
        if self.is_blue()
            && let (Some(Value::Module(module)), Some(value)) = (&object.value, &operand.value)
        {
            let members = &mut self.program.module_mut(*module).members;
            members.insert(attr.name.clone(), value.clone());
            return Ok(());
        }
        if let Some(ty) = self.program.types.as_ptr(object.ty)
            && let Some(field) = self.pointed_field(ty, &attr.name)
        {
            return self.store_pointed_field(object, &field, operand, span);
        }
        let object = match self.program.types.as_ptr(object.ty) {
            Some(ty) if ty.is_ref && self.has_setter(ty.item, &attr.name) => {
                self.dereferenced(object)?
            }
            _ => object,
        };
        if self.store_through_method(&object, attr, &operand, span)? {
            return Ok(());
        }
        let message = format!(
            "type `{}` does not support assignment to attribute '{}'",
            self.type_name(object.ty),
            attr.name
        );
        let failure = self.unsupported(message, &object).into();
        Err(called_here(failure, "SETATTR", span))
    }

    /// `object[args] = operand`; the value has been evaluated first.
    pub(super) fn set_item(
        &mut self,
        object: &ast::Expr,
        args: &[ast::Expr],
        operand: Operand,
        span: Span,
    ) -> Result<(), Failure> {
        // The value comes first; where nothing can tell, it need not be put aside.
        let simple = self.is_local_or_literal(object)
            && args.iter().all(|arg| self.is_local_or_literal(arg))
            && operand.ir.as_ref().is_none_or(|ir| !assigns_locals(ir));
        let operand = if self.is_blue() || simple {
            operand
        } else {
            self.hold(operand)?
        };
        let object = self.expr(object)?;
        let mut operands = Vec::with_capacity(args.len() + 1);
        for arg in args {
            operands.push(self.expr(arg)?);
        }
        self.store_item(object, operands, operand, span)
    }

    /// Whether evaluating an expression only reads a local of this function, or nothing at all.
    fn is_local_or_literal(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Str(_) => true,
            ExprKind::Name(name) => self
                .symbol(name)
                .is_some_and(|symbol| symbol.level == Some(0)),
            _ => false,
        }
    }

    /// `object[operands] = operand` of evaluated operands.
    pub(super) fn store_item(
        &mut self,
        object: Operand,
        mut operands: Vec<Operand>,
        operand: Operand,
        span: Span,
    ) -> Result<(), Failure> {
        if self.is_dynamic(&object) {
            operands.insert(0, object);
            operands.push(operand);
            let result = self.postpone(DynamicOp::SetItem, operands, span);
            self.drop_operand(result);
            return Ok(());
        }
        if let Some(ty) = self.program.types.as_ptr(object.ty).filter(|ty| !ty.is_ref)
            && operands.len() == 1
        {
            return self.store_pointer_item(object, ty, operands.swap_remove(0), operand, span);
        }
        let object = self.dereferenced(object)?;
        if self.store_collection_item(&object, &operands, &operand, span)? {
            return Ok(());
        }
        let index = operands
            .first()
            .map_or_else(String::new, |index| self.type_name(index.ty));
        let Some(method) = self.method(object.ty, "__setitem__") else {
            let message = format!("cannot do `{}[`{index}`] = ...", self.type_name(object.ty));
            let failure = self.unsupported(message, &object).into();
            return Err(called_here(failure, "SETITEM", span));
        };
        let mut operands = self.packed_key(method, operands, 3, span)?;
        operands.push(operand);
        let direct = Direct {
            callee: object.span,
            receivers: 1,
        };
        let keywords = vec![None; operands.len()];
        let args = Arguments { operands, keywords };
        let result = self.call_with_receiver(method, object, args, direct, span, "SETITEM")?;
        self.drop_operand(result);
        Ok(())
    }

    /// `object.attr op= e`: the object is evaluated once.
    pub(super) fn aug_assign_attr(
        &mut self,
        object: &ast::Expr,
        attr: &ast::Ident,
        assign: &ast::AugAssign,
        span: Span,
    ) -> Result<(), Failure> {
        let object = self.expr(object)?;
        let object = if self.is_blue() {
            object
        } else {
            self.hold(object)?
        };
        let left = self.attribute_of(object.clone(), attr, assign.target.span)?;
        let right = self.expr(&assign.value)?;
        let result = self.in_place(assign.op, left, right, span)?;
        self.store_attr(object, attr, result, span)
    }

    /// `object[args] op= e`: object and subscript are evaluated once.
    pub(super) fn aug_assign_item(
        &mut self,
        object: &ast::Expr,
        args: &[ast::Expr],
        assign: &ast::AugAssign,
        span: Span,
    ) -> Result<(), Failure> {
        let object = self.expr(object)?;
        let object = if self.is_blue() {
            object
        } else {
            self.hold(object)?
        };
        let mut operands = Vec::with_capacity(args.len());
        for arg in args {
            let operand = self.expr(arg)?;
            operands.push(if self.is_blue() {
                operand
            } else {
                self.hold(operand)?
            });
        }
        let place = assign.target.span;
        let left = self.item_of(object.clone(), operands.clone(), place)?;
        let right = self.expr(&assign.value)?;
        let result = self.in_place(assign.op, left, right, span)?;
        self.store_item(object, operands, result, span)
    }
}

/// The place of the targets of an unpacking, or this one.
pub(super) fn place_of(targets: &[ast::Expr], otherwise: Span) -> Span {
    match targets {
        [first, .., last] => first.span.to(last.span),
        [only] => only.span,
        [] => otherwise,
    }
}

/// There is a value for each target of an unpacking: so many, at this place.
pub(super) fn check_count(
    (count, targets): (usize, Span),
    got: usize,
    value: Span,
) -> Result<(), Failure> {
    if got == count {
        return Ok(());
    }
    Err(type_error("Wrong number of values to unpack")
        .error(format!("expected {}", plural(count, "value")), targets)
        .error(format!("got {}", plural(got, "value")), value)
        .into())
}

/// Whether evaluating an expression may assign locals of its function.
fn assigns_locals(expr: &Expr) -> bool {
    match &expr.kind {
        IrKind::Const(_) | IrKind::Local(_) | IrKind::Global(_) => false,
        IrKind::Call(_, args)
        | IrKind::Prim(_, args)
        | IrKind::Memory(_, args)
        | IrKind::Dynamic(_, args)
        | IrKind::MakeStruct(args) => args.iter().any(assigns_locals),
        IrKind::GetField(value, _)
        | IrKind::MakeException(value)
        | IrKind::Upcast(value)
        | IrKind::CheckedCast(value) => assigns_locals(value),
        IrKind::And(left, right) | IrKind::Or(left, right) => {
            assigns_locals(left) || assigns_locals(right)
        }
        IrKind::If(test, then, orelse) => {
            assigns_locals(test) || assigns_locals(then) || assigns_locals(orelse)
        }
        IrKind::AssignLocal(..) | IrKind::AssignGlobal(..) | IrKind::Block(..) => true,
    }
}
