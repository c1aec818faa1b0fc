//! A small language for IR in tests, and running what becomes of it.

use std::process::Command;
use std::rc::Rc;

use spy_compile::{BuildOptions, build_executable};
use spy_lang::ir::{
    Expr, ExprKind, Function, IntOp, Local, LocalId, Prim, Runtime, Stmt, StmtKind,
};
use spy_lang::program::{FuncBody, FuncId, FuncInfo, Program, Value};
use spy_lang::source::{FileId, Span};
use spy_lang::types::{Fqn, FuncColor, FuncType, IntType, ParamKind, ParamType, TypeId};

pub(crate) const I32: TypeId = TypeId::I32;

/// A program whose text gives the places of its parts.
pub(crate) struct Builder {
    pub(crate) program: Program,
    file: FileId,
    text: String,
}

/// What a run printed, and its status.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: Option<i32>,
}

impl Builder {
    pub(crate) fn new(text: &str) -> Self {
        let mut program = Program::default();
        let file = program.sources.add("app.spy", text);
        Self {
            program,
            file,
            text: text.to_owned(),
        }
    }

    /// The first place of `part` in the text.
    pub(crate) fn at(&self, part: &str) -> Span {
        let start = self.text.find(part).unwrap_or(0);
        Span::new(self.file, start as u32, (start + part.len()) as u32)
    }

    /// Declares a function, so that others can call it before it has a body.
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
        let ty = self.program.types.func(ty);
        self.program.add_func(FuncInfo {
            fqn: Fqn::module("app").join(name),
            ty,
            body: FuncBody::Prim(Prim::Runtime(Runtime::IsCompiled)),
            prototype: Span::BUILTINS,
            force_inline: false,
        })
    }

    /// Gives a declared function its locals, parameters first, and its body.
    pub(crate) fn body(&mut self, id: FuncId, locals: &[(&str, TypeId, bool)], body: Vec<Stmt>) {
        let func = self.program.func(id);
        let ty = self
            .program
            .types
            .as_func(func.ty)
            .expect("functions have function types");
        let local = |(name, ty, maybe_unassigned): &(&str, TypeId, bool)| Local {
            name: Rc::from(*name),
            ty: *ty,
            span: Span::BUILTINS,
            maybe_unassigned: *maybe_unassigned,
        };
        let function = Function {
            id,
            fqn: func.fqn.clone(),
            param_count: ty.params.len(),
            result: ty.result,
            locals: locals.iter().map(local).collect(),
            body,
            prototype: Span::BUILTINS,
            end: Span::BUILTINS,
            errors: Vec::new(),
        };
        self.program.ir.insert(id, Rc::new(function));
    }

    /// A program whose `main` has these locals and body.
    pub(crate) fn main(
        mut self,
        locals: &[(&str, TypeId, bool)],
        body: Vec<Stmt>,
    ) -> (Program, FuncId) {
        let main = self.declare("main", &[], TypeId::NONE);
        self.body(main, locals, body);
        (self.program, main)
    }
}

/// Runs a program compiled in both ways, which must not differ.
pub(crate) fn run((program, main): &(Program, FuncId)) -> Run {
    let [debug, release] = [BuildOptions::DEBUG, BuildOptions::RELEASE].map(|options| {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("app");
        build_executable(program, *main, &path, &options).expect("the program compiles");
        let output = Command::new(&path).output().expect("the program runs");
        Run {
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
            status: output.status.code(),
        }
    });
    assert_eq!(debug, release);
    release
}

/// What a program prints that ends well.
pub(crate) fn output(program: &(Program, FuncId)) -> String {
    let run = run(program);
    assert_eq!(
        (run.stderr.as_str(), run.status),
        ("", Some(0)),
        "{}",
        run.stdout
    );
    run.stdout
}

pub(crate) fn expr(kind: ExprKind, ty: TypeId) -> Expr {
    Expr {
        kind,
        ty,
        span: Span::BUILTINS,
    }
}

pub(crate) fn stmt(kind: StmtKind) -> Stmt {
    Stmt {
        kind,
        span: Span::BUILTINS,
    }
}

pub(crate) fn constant(value: Value, ty: TypeId) -> Expr {
    expr(ExprKind::Const(value), ty)
}

pub(crate) fn i32(value: i32) -> Expr {
    constant(Value::i32(value), I32)
}

pub(crate) fn str(text: &str) -> Expr {
    constant(Value::str(text), TypeId::STR)
}

pub(crate) fn local(index: u32, ty: TypeId) -> Expr {
    expr(ExprKind::Local(LocalId(index)), ty)
}

pub(crate) fn prim(prim: Prim, args: Vec<Expr>) -> Expr {
    expr(ExprKind::Prim(prim, args), prim.signature().1)
}

pub(crate) fn int(op: IntOp, a: Expr, b: Expr) -> Expr {
    prim(Prim::Int(IntType::I32, op), vec![a, b])
}

pub(crate) fn call(callee: FuncId, args: Vec<Expr>, ty: TypeId) -> Expr {
    expr(ExprKind::Call(callee, args), ty)
}

pub(crate) fn assign(index: u32, value: Expr) -> Stmt {
    stmt(StmtKind::Assign(LocalId(index), value))
}

pub(crate) fn ret(value: Expr) -> Stmt {
    stmt(StmtKind::Return(value))
}

/// `print(value)` for a text.
pub(crate) fn print(value: Expr) -> Stmt {
    let line = prim(Prim::Runtime(Runtime::StrAdd), vec![value, str("\n")]);
    stmt(StmtKind::Expr(prim(
        Prim::Runtime(Runtime::StdoutWrite),
        vec![line],
    )))
}

/// The text of a value of a scalar type.
pub(crate) fn to_str(value: Expr) -> Expr {
    let scalar = spy_lang::ir::Scalar::of(value.ty).expect("scalars have text forms");
    prim(Prim::ToStr(scalar), vec![value])
}
