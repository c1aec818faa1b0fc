//! Programs made by hand: IR without source.
//!
//! Every node gets the span of its number: the `n`-th byte of a file that does not exist, set with
//! [`At::at`]; 0 if nobody asks.

use std::rc::Rc;

use spy_interp::{CaptureHost, Captured, Failure, Interp};
use spy_lang::builtins::Builtin;
use spy_lang::ir::{Expr, ExprKind, Function, IntOp, Local, LocalId, Prim, Stmt, StmtKind};
use spy_lang::program::{Engine, FuncBody, FuncId, FuncInfo, Program, Value};
use spy_lang::source::{FileId, Span};
use spy_lang::types::{
    Field, Fqn, FuncColor, FuncType, IntType, ParamKind, ParamType, StructType, TypeId, TypeKind,
};

/// A program and the interpreter that runs it.
pub(crate) struct Test {
    pub(crate) program: Program,
    pub(crate) interp: Interp,
    pub(crate) output: Captured,
}

impl Test {
    pub(crate) fn new() -> Self {
        let (host, output) = CaptureHost::new();
        Self {
            program: Program::default(),
            interp: Interp::new(Box::new(host)),
            output,
        }
    }

    /// A function without body.
    pub(crate) fn declare(&mut self, name: &str, params: &[TypeId], result: TypeId) -> FuncId {
        let params = params.iter().map(|ty| ParamType {
            ty: *ty,
            kind: ParamKind::Simple,
        });
        let ty = FuncType {
            color: FuncColor::Red,
            params: params.collect(),
            result,
        };
        let info = FuncInfo {
            fqn: Fqn::module("test").join(name),
            ty: self.program.types.func(ty),
            body: FuncBody::Builtin(Builtin::Print),
            prototype: span(0),
            force_inline: false,
        };
        self.program.add_func(info)
    }

    /// Gives a function its other locals and its body. Locals whose type is in `unassigned` may be
    /// read before they are assigned.
    pub(crate) fn define_with(
        &mut self,
        func: FuncId,
        locals: &[TypeId],
        unassigned: bool,
        body: Vec<Stmt>,
    ) {
        let info = self.program.func(func).clone();
        let ty = self
            .program
            .types
            .as_func(info.ty)
            .expect("a function type")
            .clone();
        let params: Vec<_> = ty.params.iter().map(|param| (param.ty, false)).collect();
        let locals = params
            .iter()
            .copied()
            .chain(locals.iter().map(|ty| (*ty, unassigned)));
        let local = |(ty, maybe_unassigned)| Local {
            name: "x".into(),
            ty,
            span: span(0),
            maybe_unassigned,
        };
        let function = Function {
            id: func,
            fqn: info.fqn,
            param_count: params.len(),
            result: ty.result,
            locals: locals.map(local).collect(),
            body,
            prototype: span(0),
            end: span(999),
            errors: Vec::new(),
        };
        self.program.ir.insert(func, Rc::new(function));
    }

    pub(crate) fn define(&mut self, func: FuncId, locals: &[TypeId], body: Vec<Stmt>) {
        self.define_with(func, locals, false, body);
    }

    /// A whole function.
    pub(crate) fn func(
        &mut self,
        name: &str,
        params: &[TypeId],
        result: TypeId,
        locals: &[TypeId],
        body: Vec<Stmt>,
    ) -> FuncId {
        let func = self.declare(name, params, result);
        self.define(func, locals, body);
        func
    }

    /// A struct type.
    pub(crate) fn structure(&mut self, name: &str, fields: &[TypeId]) -> TypeId {
        let field = |ty: &TypeId| Field {
            name: "f".into(),
            ty: *ty,
            offset_bytes: 0,
            default: None,
            span: span(0),
        };
        let layout = StructType {
            fields: fields.iter().map(field).collect(),
            ..Default::default()
        };
        let fqn = Fqn::module("test").join(name);
        self.program
            .types
            .add(fqn, TypeKind::Struct(Some(layout)), span(0))
    }

    pub(crate) fn call(&mut self, func: FuncId, args: &[Value]) -> Result<Value, Failure> {
        self.interp.call(&mut self.program, func, args)
    }

    /// The result of a call as text: a value, or `Kind: message`.
    #[track_caller]
    pub(crate) fn check(&mut self, func: FuncId, args: &[Value], expected: &str) {
        let actual = match self.call(func, args) {
            Ok(value) => show(&value),
            Err(failure) => error_text(&failure),
        };
        assert_eq!(actual, expected);
    }

    /// The value of an expression that stands alone.
    #[track_caller]
    pub(crate) fn check_expr(&mut self, expr: Expr, expected: &str) {
        let ty = expr.ty;
        let func = self.func("f", &[], ty, &[], vec![ret(expr)]);
        self.check(func, &[], expected);
    }
}

pub(crate) fn error_text(failure: &Failure) -> String {
    format!("{}: {}", failure.kind, failure.message)
}

/// The frames of a failure: function and number of the span.
pub(crate) fn trace(failure: &Failure) -> Vec<String> {
    let frame =
        |frame: &spy_lang::diagnostics::Frame| format!("{}@{}", frame.fqn, frame.span.start);
    failure.traceback.iter().map(frame).collect()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "red code yields few kinds of value"
)]
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(_, value) => value.to_string(),
        Value::F64(value) => format!("{value:?}"),
        Value::F32(value) => format!("{value:?}"),
        Value::Complex(value) => value.repr(),
        Value::Str(text) => format!("{text:?}"),
        Value::Struct(_, fields) => {
            format!(
                "({})",
                fields.iter().map(show).collect::<Vec<_>>().join(", ")
            )
        }
        other => format!("{other:?}"),
    }
}

pub(crate) fn span(number: u32) -> Span {
    Span::new(FileId(1), number, number + 1)
}

/// Something with a place.
pub(crate) trait At {
    fn at(self, number: u32) -> Self;
}

impl At for Expr {
    fn at(self, number: u32) -> Self {
        Self {
            span: span(number),
            ..self
        }
    }
}

impl At for Stmt {
    fn at(self, number: u32) -> Self {
        Self {
            span: span(number),
            ..self
        }
    }
}

pub(crate) fn expr(kind: ExprKind, ty: TypeId) -> Expr {
    Expr {
        kind,
        ty,
        span: span(0),
    }
}

pub(crate) fn constant(value: Value) -> Expr {
    let ty = value.type_without_functions().expect("not a function");
    expr(ExprKind::Const(value), ty)
}

pub(crate) fn number(value: i32) -> Expr {
    constant(Value::i32(value))
}

pub(crate) fn local(id: u32, ty: TypeId) -> Expr {
    expr(ExprKind::Local(LocalId(id)), ty)
}

/// A local of type `i32`.
pub(crate) fn var(id: u32) -> Expr {
    local(id, TypeId::I32)
}

pub(crate) fn prim(prim: Prim, args: Vec<Expr>) -> Expr {
    expr(ExprKind::Prim(prim, args), prim.signature().1)
}

/// An operation on `i32`.
pub(crate) fn int(op: IntOp, left: Expr, right: Expr) -> Expr {
    prim(Prim::Int(IntType::I32, op), vec![left, right])
}

pub(crate) fn call(func: FuncId, args: Vec<Expr>, result: TypeId) -> Expr {
    expr(ExprKind::Call(func, args), result)
}

pub(crate) fn make(ty: TypeId, fields: Vec<Expr>) -> Expr {
    expr(ExprKind::MakeStruct(fields), ty)
}

pub(crate) fn field(base: Expr, index: usize, ty: TypeId) -> Expr {
    expr(ExprKind::GetField(Box::new(base), index), ty)
}

pub(crate) fn stmt(kind: StmtKind) -> Stmt {
    Stmt {
        kind,
        span: span(0),
    }
}

pub(crate) fn ret(value: Expr) -> Stmt {
    stmt(StmtKind::Return(value))
}

pub(crate) fn assign(id: u32, value: Expr) -> Stmt {
    stmt(StmtKind::Assign(LocalId(id), value))
}

pub(crate) fn if_(test: Expr, then: Vec<Stmt>, otherwise: Vec<Stmt>) -> Stmt {
    stmt(StmtKind::If(test, then, otherwise))
}

pub(crate) fn while_(test: Expr, body: Vec<Stmt>, otherwise: Vec<Stmt>) -> Stmt {
    stmt(StmtKind::While(test, body, otherwise))
}
