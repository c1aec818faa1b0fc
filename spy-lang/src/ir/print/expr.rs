//! Expressions.

use super::{Names, Printer};
use crate::ir::{DynamicOp, Expr, ExprKind, FloatOp, IntOp, MemoryOp, Prim};
use crate::program::Value;
use crate::types::{FloatType, Fqn, FqnPart, IntType, TypeId, TypeKind};

/// Precedence of atoms, and of what needs no parentheses at the top.
const ATOM: u8 = 100;
const LOWEST: u8 = 0;

impl Printer<'_> {
    /// An expression without surrounding parentheses.
    pub(super) fn expr(&mut self, expr: &Expr) -> String {
        self.with_precedence(expr).0
    }

    /// `not expr`
    pub(super) fn negated(&mut self, expr: &Expr) -> String {
        format!("not {}", self.operand(expr, 5, false))
    }

    /// An operand of an operator of some precedence; `strict` where the same one needs parentheses.
    fn operand(&mut self, expr: &Expr, outer: u8, strict: bool) -> String {
        let (text, precedence) = self.with_precedence(expr);
        let needs = precedence < outer || (strict && precedence == outer);
        if needs { format!("({text})") } else { text }
    }

    fn with_precedence(&mut self, expr: &Expr) -> (String, u8) {
        match &expr.kind {
            ExprKind::Const(value) => {
                let text = self.constant(value);
                let negative = text.starts_with('-');
                (text, if negative { 13 } else { ATOM })
            }
            ExprKind::Local(local) => (self.local_name(*local), ATOM),
            ExprKind::Global(global) => (self.name(&self.program.global(*global).fqn), ATOM),
            ExprKind::Call(callee, args) => {
                let name = self.name(&self.program.func(*callee).fqn);
                (self.call(&name, args), ATOM)
            }
            ExprKind::Prim(prim, args) => self.primitive(*prim, args),
            ExprKind::MakeException(message) => {
                let class = self.type_name(expr.ty);
                (self.call(&class, std::slice::from_ref(&**message)), ATOM)
            }
            ExprKind::MakeStruct(args) => {
                let fqn = self.program.types.get(expr.ty).fqn.join("__make__");
                let name = self.name(&fqn);
                (self.call(&name, args), ATOM)
            }
            ExprKind::GetField(value, index) => {
                let info = self.program.types.get(value.ty);
                let TypeKind::Struct(Some(layout)) = &info.kind else {
                    unreachable!("fields belong to structs")
                };
                let getter = format!("__get_{}__", layout.fields[*index].name);
                let name = self.name(&info.fqn.join(&getter));
                (self.call(&name, std::slice::from_ref(value)), ATOM)
            }
            ExprKind::Memory(op, args) => (self.memory(*op, args, expr.ty), ATOM),
            ExprKind::Upcast(value) => self.with_precedence(value),
            ExprKind::CheckedCast(value) => (self.checked_cast(value, expr.ty), ATOM),
            ExprKind::Dynamic(op, args) => (self.dynamic(op, args), ATOM),
            ExprKind::And(left, right) => {
                let (left, right) = (self.operand(left, 4, false), self.operand(right, 4, true));
                (format!("{left} and {right}"), 4)
            }
            ExprKind::Or(left, right) => {
                let (left, right) = (self.operand(left, 3, false), self.operand(right, 3, true));
                (format!("{left} or {right}"), 3)
            }
            ExprKind::If(test, then, orelse) => {
                let test = self.operand(test, 2, true);
                let then = self.operand(then, 2, true);
                let orelse = self.operand(orelse, 2, false);
                (format!("{then} if {test} else {orelse}"), 2)
            }
            ExprKind::AssignLocal(local, value) => {
                self.declared.insert(*local);
                let name = self.local_name(*local);
                (
                    format!("{name} := {}", self.operand(value, LOWEST, true)),
                    LOWEST,
                )
            }
            ExprKind::AssignGlobal(global, value) => {
                let name = self.name(&self.program.global(*global).fqn);
                (
                    format!("{name} := {}", self.operand(value, LOWEST, true)),
                    LOWEST,
                )
            }
            ExprKind::Block(stmts, value) => {
                let mut parts: Vec<String> = stmts.iter().map(|stmt| self.simple(stmt)).collect();
                parts.push(self.expr(value));
                (format!("__block__({})", parts.join("; ")), ATOM)
            }
        }
    }

    fn call(&mut self, name: &str, args: &[impl std::borrow::Borrow<Expr>]) -> String {
        let args: Vec<String> = args
            .iter()
            .map(|arg| self.operand(arg.borrow(), 1, false))
            .collect();
        format!("{name}({})", args.join(", "))
    }

    fn primitive(&mut self, prim: Prim, args: &[Expr]) -> (String, u8) {
        if self.names == Names::Short
            && let (Some((symbol, precedence)), [left, right]) = (infix(prim), args)
        {
            let left = self.operand(left, precedence, precedence == COMPARISON);
            let right = self.operand(right, precedence, true);
            return (format!("{left} {symbol} {right}"), precedence);
        }
        let parts: Vec<FqnPart> = prim.fqn().split("::").map(FqnPart::plain).collect();
        let name = self.name(&Fqn::from_parts(parts));
        (self.call(&name, args), ATOM)
    }

    /// `operator::from_dynamic[T]::impl(value)`
    fn checked_cast(&mut self, value: &Expr, ty: TypeId) -> String {
        let target = self.program.types.get(ty).fqn.clone();
        let fqn = Fqn::module("operator")
            .join("from_dynamic")
            .with_qualifiers(vec![target])
            .join("impl");
        let name = self.name(&fqn);
        self.call(&name, std::slice::from_ref(value))
    }

    /// `operator::dynamic_…(operands)`
    fn dynamic(&mut self, op: &DynamicOp, args: &[Expr]) -> String {
        let name = self.name(&Fqn::module("operator").join(&op.name()));
        let mut args: Vec<String> = args.iter().map(|arg| self.operand(arg, 1, false)).collect();
        if let Some(attribute) = op.attribute() {
            args.insert(1, spy_runtime::text::str_repr(&attribute.name));
        }
        format!("{name}({})", args.join(", "))
    }

    /// An operation on memory, under the name of the accessor that the library has for it.
    fn memory(&mut self, op: MemoryOp, args: &[Expr], ty: TypeId) -> String {
        let info = |ty: TypeId| self.program.types.get(ty).fqn.clone();
        let pointer = args.first().map_or(ty, |pointer| pointer.ty);
        let accessor = |name: &str, of: Fqn, last: &str| {
            Fqn::module("unsafe")
                .join(name)
                .with_qualifiers(vec![of])
                .join(last)
        };
        let fqn = match op {
            MemoryOp::Alloc => info(ty).join("alloc"),
            MemoryOp::Load if self.program.types.as_ptr(pointer).is_some_and(|p| p.is_ref) => {
                let name = self.name(&info(pointer).join("deref"));
                return self.call(&name, &args[..1]);
            }
            MemoryOp::Load => info(pointer).join("getitem_byval"),
            MemoryOp::ItemRef => info(pointer).join("getitem_byref"),
            MemoryOp::Store => info(pointer).join("store"),
            MemoryOp::NotNull => info(pointer).join("to_bool"),
            MemoryOp::Same => info(pointer).join("__eq__"),
            MemoryOp::LoadField(offset) => {
                let name = self.name(&accessor("ptr_getfield", info(ty), "byval"));
                return self.field_access(&name, &args[..1], pointer, offset, args.len());
            }
            MemoryOp::FieldRef(offset) => {
                let name = self.name(&accessor("ptr_getfield", info(ty), "byref"));
                return self.field_access(&name, &args[..1], pointer, offset, args.len());
            }
            MemoryOp::StoreField(offset) => {
                let name = self.name(&accessor("ptr_setfield", info(args[1].ty), "impl"));
                return self.field_access(&name, args, pointer, offset, args.len());
            }
            MemoryOp::Block(op) => Fqn::module("unsafe").join(op.name()),
            MemoryOp::Free => Fqn::module("unsafe").join("raw_free"),
        };
        let name = self.name(&fqn);
        self.call(&name, args)
    }

    /// `accessor(pointer, 'field', offset, value…)`
    fn field_access(
        &mut self,
        name: &str,
        args: &[Expr],
        pointer: TypeId,
        offset: u32,
        count: usize,
    ) -> String {
        let item = self
            .program
            .types
            .as_ptr(pointer)
            .map(|pointer| pointer.item);
        let kind = item.map(|item| self.program.types.kind(item));
        let field = if let Some(TypeKind::Struct(Some(layout))) = kind {
            layout
                .fields
                .iter()
                .find(|field| field.offset_bytes == offset)
        } else {
            None
        };
        let field = field.map_or_else(String::new, |field| field.name.to_string());
        let base = self.expr(&args[0]);
        match args.get(1).filter(|_| count > 1) {
            Some(value) => format!("{name}({base}, '{field}', {offset}, {})", self.expr(value)),
            None => format!("{name}({base}, '{field}', {offset})"),
        }
    }

    fn constant(&mut self, value: &Value) -> String {
        match value {
            Value::Int(IntType::I32, value) => value.to_string(),
            Value::Int(int, value) => format!("{}({value})", int.name()),
            Value::F32(value) => {
                format!(
                    "{}({})",
                    FloatType::F32.name(),
                    spy_runtime::text::f64_repr(f64::from(*value))
                )
            }
            Value::Type(ty) => self.type_name(*ty),
            Value::Func(func) => self.name(&self.program.func(*func).fqn),
            Value::Module(module) => format!("`{}`", self.program.module(*module).name),
            Value::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|item| self.constant(item)).collect();
                format!("({})", items.join(", "))
            }
            Value::Struct(ty, fields) => {
                let name = self.name(&self.program.types.get(*ty).fqn.join("__make__"));
                let fields: Vec<String> = fields.iter().map(|field| self.constant(field)).collect();
                format!("{name}({})", fields.join(", "))
            }
            Value::Exception(exception) => {
                let message = spy_runtime::text::str_repr(&exception.message);
                format!("{}({message})", exception.class_name())
            }
            Value::Ptr(ty, _) => self.name(&self.program.types.get(*ty).fqn.join("get_NULL")),
            Value::MetaArg(_)
            | Value::OpSpec(_)
            | Value::OpImpl(_)
            | Value::List(_)
            | Value::Dict(_)
            | Value::Descriptor(_) => "<compile-time object>".to_owned(),
            Value::None
            | Value::NotImplemented
            | Value::Bool(_)
            | Value::F64(_)
            | Value::Complex(_)
            | Value::Str(_)
            | Value::Bytes(_) => crate::redshift::fold::repr(value),
        }
    }
}

const COMPARISON: u8 = 6;

/// The operators that short dumps write infix: arithmetic and comparisons of `i32` and `f64`.
fn infix(prim: Prim) -> Option<(&'static str, u8)> {
    match prim {
        Prim::Int(IntType::I32, op) => match op {
            IntOp::Add => Some(("+", 11)),
            IntOp::Sub => Some(("-", 11)),
            IntOp::Mul => Some(("*", 12)),
            IntOp::Div => Some(("/", 12)),
            IntOp::FloorDiv => Some(("//", 12)),
            IntOp::Eq => Some(("==", COMPARISON)),
            IntOp::Ne => Some(("!=", COMPARISON)),
            IntOp::Lt => Some(("<", COMPARISON)),
            IntOp::Le => Some(("<=", COMPARISON)),
            IntOp::Gt => Some((">", COMPARISON)),
            IntOp::Ge => Some((">=", COMPARISON)),
            IntOp::Mod
            | IntOp::Pow
            | IntOp::LShift
            | IntOp::RShift
            | IntOp::And
            | IntOp::Or
            | IntOp::Xor
            | IntOp::Neg
            | IntOp::Invert => None,
        },
        Prim::Float(FloatType::F64, op) => match op {
            FloatOp::Add => Some(("+", 11)),
            FloatOp::Sub => Some(("-", 11)),
            FloatOp::Mul => Some(("*", 12)),
            FloatOp::Div => Some(("/", 12)),
            FloatOp::FloorDiv => Some(("//", 12)),
            FloatOp::Eq => Some(("==", COMPARISON)),
            FloatOp::Ne => Some(("!=", COMPARISON)),
            FloatOp::Lt => Some(("<", COMPARISON)),
            FloatOp::Le => Some(("<=", COMPARISON)),
            FloatOp::Gt => Some((">", COMPARISON)),
            FloatOp::Ge => Some((">=", COMPARISON)),
            FloatOp::Mod | FloatOp::Pow | FloatOp::Neg => None,
        },
        Prim::Int(..)
        | Prim::Float(..)
        | Prim::Complex(_)
        | Prim::Unchecked(..)
        | Prim::Bool(_)
        | Prim::Str(_)
        | Prim::Convert(..)
        | Prim::ToStr(_)
        | Prim::Repr(_)
        | Prim::Hash(_)
        | Prim::Format(_)
        | Prim::Runtime(_) => None,
    }
}
