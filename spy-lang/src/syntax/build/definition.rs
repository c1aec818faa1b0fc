//! Functions and classes: what their header, decorators and body amount to.

use std::rc::Rc;

use super::super::ast::{
    Arg, ClassDef, DefId, Expr, ExprKind, FuncDef, FuncKind, Literal, Stmt, StmtKind, StructOptions,
};
use super::Builder;
use super::line::{ClassHeader, DefHeader};
use crate::source::Span;

impl Builder<'_> {
    /// A function; `span` covers it without its decorators.
    pub(in crate::syntax) fn func_def(
        &self,
        header: DefHeader,
        decorators: Vec<Expr>,
        mut body: Vec<Stmt>,
        span: Span,
    ) -> FuncDef {
        let DefHeader {
            is_async,
            name,
            type_params,
            params,
            returns,
        } = header;
        let last = params.all().last().map(|param| param.span);
        let returns = returns.unwrap_or_else(|| {
            let from = last.unwrap_or(span);
            let line = if last.is_some() { from.end } else { from.start };
            Expr {
                kind: ExprKind::Auto,
                span: self.to_line_end(from.start, line),
            }
        });
        let (kind, decorators) = func_kind(decorators);
        let kind = if type_params.is_empty() {
            kind
        } else {
            FuncKind::Red
        };
        let docstring = take_docstring(&mut body);
        let prototype = Span::new(span.file, span.start, returns.span.end);
        FuncDef {
            id: DefId(0),
            inner_id: DefId(0),
            kind,
            is_async,
            name,
            type_params,
            params,
            returns,
            docstring,
            body,
            decorators,
            span,
            prototype,
            is_generator: false,
        }
    }

    /// A class; `span` covers it without its decorators.
    pub(in crate::syntax) fn class_def(
        &self,
        header: ClassHeader,
        mut decorators: Vec<Expr>,
        mut body: Vec<Stmt>,
        span: Span,
    ) -> ClassDef {
        let ClassHeader {
            name,
            type_params,
            bases,
        } = header;
        let count = decorators.len();
        decorators.retain(|decorator| !is_name(decorator, "struct"));
        let options = decorators
            .iter()
            .position(|it| struct_options(it).is_some());
        let struct_options = options.and_then(|at| struct_options(&decorators.remove(at)));
        let docstring = take_docstring(&mut body);
        ClassDef {
            id: DefId(0),
            inner_id: DefId(0),
            is_struct: decorators.len() < count,
            struct_options,
            name,
            type_params,
            bases,
            docstring,
            body,
            decorators,
            header: self.to_line_end(span.start, span.start),
            span,
        }
    }
}

/// Removes the string literal that starts a body.
pub(in crate::syntax) fn take_docstring(body: &mut Vec<Stmt>) -> Option<Rc<str>> {
    let StmtKind::Expr(Expr {
        kind: ExprKind::Str(text),
        ..
    }) = &body.first()?.kind
    else {
        return None;
    };
    let text = text.clone();
    body.remove(0);
    Some(text)
}

fn is_name(expr: &Expr, expected: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if &**name == expected)
}

/// What `struct(eq=True, order=True)` asks for; `None` for anything else.
fn struct_options(decorator: &Expr) -> Option<StructOptions> {
    let ExprKind::Call(callee, args) = &decorator.kind else {
        return None;
    };
    let mut options = StructOptions {
        eq: true,
        order: false,
    };
    for arg in args {
        let Arg::Keyword(name, value, _) = arg else {
            return None;
        };
        let ExprKind::Literal(Literal::Bool(chosen)) = value.kind else {
            return None;
        };
        match &*name.name {
            "eq" => options.eq = chosen,
            "order" => options.order = chosen,
            _ => return None,
        }
    }
    (is_name(callee, "struct") && !args.is_empty()).then_some(options)
}

/// The kind the special decorators give a function, and the other decorators.
fn func_kind(decorators: Vec<Expr>) -> (FuncKind, Vec<Expr>) {
    let mut kind = FuncKind::Red;
    let mut others = Vec::new();
    for decorator in decorators {
        match special_decorator(&decorator) {
            // `@blue` beside `@blue.generic` adds nothing.
            Some(FuncKind::Blue) if kind != FuncKind::Red => {}
            Some(special) => kind = special,
            None => others.push(decorator),
        }
    }
    (kind, others)
}

fn special_decorator(decorator: &Expr) -> Option<FuncKind> {
    if is_name(decorator, "blue") {
        return Some(FuncKind::Blue);
    }
    let ExprKind::GetAttr(value, attr) = &decorator.kind else {
        return None;
    };
    match &*attr.name {
        "generic" if is_name(value, "blue") => Some(FuncKind::Generic),
        "metafunc" if is_name(value, "blue") => Some(FuncKind::Metafunc),
        _ => None,
    }
}
