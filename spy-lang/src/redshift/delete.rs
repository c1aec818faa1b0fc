//! `del`: a local loses its value, an item goes through `__delitem__`.

use super::arguments::{Arguments, Direct};
use super::errors::{called_here, type_error};
use super::evaluator::{Evaluator, RedLocal};
use super::operand::Operand;
use crate::ir::{DynamicOp, StmtKind as Ir};
use crate::program::Failure;
use crate::scope::{Storage, VarKind, VarOrigin};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind};

impl Evaluator<'_> {
    /// `del a, b[c], (d, e)`
    pub(super) fn delete_all(&mut self, targets: &[ast::Expr], span: Span) -> Result<(), Failure> {
        targets
            .iter()
            .try_for_each(|target| self.delete(target, span))
    }

    fn delete(&mut self, target: &ast::Expr, span: Span) -> Result<(), Failure> {
        match &target.kind {
            ExprKind::Name(name) => {
                let ident = ast::Ident {
                    name: name.clone(),
                    span: target.span,
                };
                self.delete_name(&ident, span)
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => self.delete_all(items, span),
            ExprKind::GetItem(object, args) => self.delete_item(object, args, target.span),
            ExprKind::GetAttr(..) => Err(type_error("attributes cannot be deleted")
                .error("this is not supported", target.span)
                .into()),
            _ => Err(super::expr::not_supported(target.span)),
        }
    }

    /// What has no value cannot be deleted; afterwards the variable has none.
    fn delete_name(&mut self, target: &ast::Ident, span: Span) -> Result<(), Failure> {
        let symbol = self
            .symbol(&target.name)
            .filter(|symbol| symbol.storage != Storage::NameError)
            .ok_or_else(|| self.undefined(&target.name, target.span))?;
        if symbol.level != Some(0) || symbol.storage == Storage::Cell {
            let text = format!("{} is not a local variable", symbol.name);
            return Err(type_error("only local variables can be deleted")
                .error(text, target.span)
                .into());
        }
        if symbol.kind == VarKind::Const {
            return Err(self.invalid_target(&symbol, target.span, false).into());
        }
        let value = self.name(&target.name, target.span)?;
        if self.is_blue() {
            if let Some(local) = self.frame().locals.get_mut(&target.name) {
                local.value = None;
            }
            return Ok(());
        }
        self.emit(Ir::Expr(value.into_ir()), span);
        if let Some(RedLocal::Red(local)) = self.emitter().names.get(&target.name) {
            let local = *local;
            let is_param = symbol.origin == VarOrigin::RedParam;
            self.lose(&target.name, local, is_param, span);
        }
        Ok(())
    }

    fn delete_item(
        &mut self,
        object: &ast::Expr,
        args: &[ast::Expr],
        span: Span,
    ) -> Result<(), Failure> {
        let object = self.expr(object)?;
        let object = self.dereferenced(object)?;
        let mut operands = Vec::with_capacity(args.len());
        for arg in args {
            operands.push(self.expr(arg)?);
        }
        self.delete_item_of(object, operands, span)
    }

    /// `del object[operands]` of evaluated operands.
    pub(super) fn delete_item_of(
        &mut self,
        object: Operand,
        mut operands: Vec<Operand>,
        span: Span,
    ) -> Result<(), Failure> {
        if self.is_dynamic(&object) {
            operands.insert(0, object);
            let result = self.postpone(DynamicOp::DelItem, operands, span);
            self.drop_operand(result);
            return Ok(());
        }
        let object = self.dynamic_type(object);
        self.load_methods(object.ty)?;
        // A dict keeps its order here, but not when `__delitem__` is called by name.
        let method = self.method(object.ty, "_del_in_order");
        let Some(method) = method.or_else(|| self.method(object.ty, "__delitem__")) else {
            let message = format!("cannot do del `{}`[...]", self.type_name(object.ty));
            let failure = self.unsupported(message, &object).into();
            return Err(called_here(failure, "DELITEM", span));
        };
        let operands = self.packed_key(method, operands, 2, span)?;
        let direct = Direct {
            callee: object.span,
            receivers: 1,
        };
        let keywords = vec![None; operands.len()];
        let args = Arguments { operands, keywords };
        let result = self.call_with_receiver(method, object, args, direct, span, "DELITEM")?;
        self.drop_operand(result);
        Ok(())
    }
}
