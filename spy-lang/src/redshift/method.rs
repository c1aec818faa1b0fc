//! Special methods and members of types.

use super::evaluator::Evaluator;
use super::operand::{Operand, Operation};
use crate::program::{DescriptorKind, Failure, FuncId, Value};
use crate::syntax::ast::{BinOp, CmpOp};
use crate::types::TypeId;

impl Evaluator<'_> {
    /// The attribute of a type with a name.
    pub(super) fn member(&self, ty: TypeId, name: &str) -> Option<Value> {
        self.program.types.get(ty).members.get(name).cloned()
    }

    /// Gives a builtin type the methods that a module of the library defines for it: the functions
    /// whose names do not start with one underscore.
    pub(super) fn load_methods(&mut self, ty: TypeId) -> Result<(), Failure> {
        let module = match ty {
            TypeId::STR => "_str",
            TypeId::BYTES => "_bytes",
            _ if self.is_tuple(ty) => return self.load_tuple_methods(ty),
            _ => return Ok(()),
        };
        if self
            .program
            .types
            .get(ty)
            .members
            .contains_key("__fastiter__")
        {
            return Ok(());
        }
        let id = crate::import::load_library(self.program, self.engine, module)?;
        let members = self.program.module(id).members.clone();
        for (name, value) in members {
            let func = match &value {
                Value::Func(func) => *func,
                Value::Descriptor(descriptor) => descriptor.func,
                _ => continue,
            };
            let is_own = self.program.func(func).fqn.module_name() == module;
            if is_own && (name.starts_with("__") || !name.starts_with('_')) {
                let members = &mut self.program.types.get_mut(ty).members;
                members.insert(name, value);
            }
        }
        Ok(())
    }

    /// Gives a tuple type its methods: module `_tuple` has a blue function for each, which makes it
    /// for the type, or answers `None` if items of these types do not have it.
    fn load_tuple_methods(&mut self, ty: TypeId) -> Result<(), Failure> {
        if self.member(ty, "__hash__").is_some() {
            return Ok(());
        }
        let id = crate::import::load_library(self.program, self.engine, "_tuple")?;
        let members = self.program.module(id).members.clone();
        for (name, value) in members {
            let Value::Func(func) = value else { continue };
            let is_own = self.program.func(func).fqn.module_name() == "_tuple";
            if !is_own || (name.starts_with('_') && !name.starts_with("__")) {
                continue;
            }
            let method = self.call_blue(func, &[Value::Type(ty)])?;
            if matches!(method, Value::Func(_)) {
                let members = &mut self.program.types.get_mut(ty).members;
                members.insert(name, method);
            }
        }
        Ok(())
    }

    /// The method of a type with a name.
    pub(super) fn method(&self, ty: TypeId, name: &str) -> Option<FuncId> {
        match self.member(ty, name) {
            Some(Value::Func(func)) => Some(func),
            Some(Value::Descriptor(descriptor)) if descriptor.kind == DescriptorKind::Static => {
                Some(descriptor.func)
            }
            _ => None,
        }
    }

    /// The operation of a binary operator that one of the operands' types defines.
    pub(super) fn binary_method(
        &mut self,
        op: BinOp,
        left: &Operand,
        right: &Operand,
    ) -> Result<Option<Operation>, Failure> {
        self.load_methods(left.ty)?;
        self.load_methods(right.ty)?;
        let name = method_name(op);
        let method = self.method(left.ty, &format!("__{name}__"));
        let method = match (method, op) {
            (None, BinOp::Div) => self.method(left.ty, "__truediv__"),
            (found, _) => found,
        };
        if let Some(method) = method
            && let Some(operation) = self.method_operation(method, &[left, right], false)?
        {
            return Ok(Some(operation));
        }
        let reflected = self.method(right.ty, &format!("__r{name}__"));
        let reflected = match (reflected, op) {
            (None, BinOp::Div) => self.method(right.ty, "__rtruediv__"),
            (found, _) => found,
        };
        match reflected {
            Some(method) => self.method_operation(method, &[left, right], true),
            None => Ok(None),
        }
    }

    /// The operation of a comparison that the left operand's type defines.
    pub(super) fn compare_method(
        &mut self,
        op: CmpOp,
        left: &Operand,
        right: &Operand,
    ) -> Result<Option<Operation>, Failure> {
        let name = match op {
            CmpOp::Eq => "__eq__",
            CmpOp::Ne => "__ne__",
            CmpOp::Lt => "__lt__",
            CmpOp::Le => "__le__",
            CmpOp::Gt => "__gt__",
            CmpOp::Ge => "__ge__",
            CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => return Ok(None),
        };
        self.load_methods(left.ty)?;
        match self.method(left.ty, name) {
            Some(method) => self.method_operation(method, &[left, right], false),
            None => Ok(None),
        }
    }

    /// `__contains__` of the container.
    pub(super) fn contains_method(
        &mut self,
        item: &Operand,
        container: &Operand,
    ) -> Result<Option<Operation>, Failure> {
        self.load_methods(container.ty)?;
        match self.method(container.ty, "__contains__") {
            Some(method) => self.method_operation(method, &[item, container], true),
            None => Ok(None),
        }
    }

    /// A method without further operands.
    pub(super) fn unary_method(
        &mut self,
        name: &str,
        operand: &Operand,
    ) -> Result<Option<Operation>, Failure> {
        self.load_methods(operand.ty)?;
        match self.method(operand.ty, name) {
            Some(method) => self.method_operation(method, &[operand], false),
            None => Ok(None),
        }
    }

    /// A call of a method; `swapped` if its receiver is the second operand.
    pub(super) fn method_operation(
        &mut self,
        method: FuncId,
        operands: &[&Operand],
        swapped: bool,
    ) -> Result<Option<Operation>, Failure> {
        let mut order: Vec<usize> = (0..operands.len()).collect();
        if swapped {
            order.reverse();
        }
        if !self.is_metafunc(method) {
            return self.bind_positional(method, operands, &order).map(Some);
        }
        let ordered: Vec<&Operand> = order.iter().map(|index| operands[*index]).collect();
        let operation = self.ask_metafunc(method, &ordered, &[], 0, None)?;
        Ok(operation.map(|mut operation| {
            let recipes = operation.args.iter_mut();
            recipes.for_each(|recipe| recipe.reorder(&order));
            operation
        }))
    }
}

/// `__iadd__` and its like.
pub(super) fn in_place_name(op: BinOp) -> String {
    format!("__i{}__", method_name(op))
}

fn method_name(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "add",
        BinOp::Sub => "sub",
        BinOp::Mul => "mul",
        BinOp::MatMul => "matmul",
        BinOp::Div => "div",
        BinOp::FloorDiv => "floordiv",
        BinOp::Mod => "mod",
        BinOp::Pow => "pow",
        BinOp::LShift => "lshift",
        BinOp::RShift => "rshift",
        BinOp::And => "and",
        BinOp::Or => "or",
        BinOp::Xor => "xor",
    }
}
