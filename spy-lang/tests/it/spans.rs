//! Which text nodes of the tree cover.

use std::rc::Rc;

use spy_lang::source::{SourceMap, Span};
use spy_lang::syntax::ast::{
    ClassDef, Expr, ExprKind, FuncDef, FuncKind, Literal, Module, Stmt, StmtKind,
};
use spy_lang::syntax::parse;

fn module(text: &str) -> (SourceMap, Module) {
    let mut sources = SourceMap::default();
    let file = sources.add("m.spy", text);
    let parsed = parse(&sources, file);
    assert_eq!(parsed.diagnostics, []);
    (sources, parsed.module)
}

#[track_caller]
fn covers(sources: &SourceMap, span: Span, text: &str) {
    assert_eq!(sources.text(span), text);
}

fn function(module: &Module) -> &Rc<FuncDef> {
    let StmtKind::FuncDef(def) = &module.body[0].kind else {
        panic!("a function is expected")
    };
    def
}

fn class(module: &Module) -> &Rc<ClassDef> {
    let StmtKind::ClassDef(def) = &module.body[0].kind else {
        panic!("a class is expected")
    };
    def
}

fn value(stmt: &Stmt) -> &Expr {
    if let StmtKind::Assign(assign) = &stmt.kind {
        return &assign.value;
    }
    let StmtKind::Expr(value) = &stmt.kind else {
        panic!("a value is expected")
    };
    value
}

#[test]
fn a_function_excludes_decorators_and_its_prototype_ends_at_the_result() {
    let (sources, module) =
        module("@blue\ndef f(a: i32 = 1, *b: str) -> i32:  # c\n    x = 1\n    return x\n");
    let def = function(&module);
    covers(
        &sources,
        def.span,
        "def f(a: i32 = 1, *b: str) -> i32:  # c\n    x = 1\n    return x",
    );
    covers(&sources, def.prototype, "def f(a: i32 = 1, *b: str) -> i32");
    covers(&sources, def.params.plain[0].span, "a: i32");
    covers(&sources, def.params.star.as_ref().unwrap().span, "b: str");
    covers(&sources, module.body[0].span, sources.text(def.span));
    assert_eq!(def.kind, FuncKind::Blue);
}

#[test]
fn a_missing_result_covers_the_rest_of_the_line_of_the_last_parameter() {
    let (sources, module) = module("def f(a,\n  b): # c\n    pass\n");
    let def = function(&module);
    covers(&sources, def.returns.span, "b): # c");
    covers(&sources, def.params.plain[0].annotation.span, "a");
}

#[test]
fn a_missing_result_without_parameters_covers_the_line() {
    let (sources, module) = module("def f(): pass\n");
    let def = function(&module);
    covers(&sources, def.returns.span, "def f(): pass");
    covers(&sources, def.prototype, "def f(): pass");
}

#[test]
fn a_class_header_is_its_first_line() {
    let (sources, module) = module("@struct\nclass P:  # c\n    \"doc\"\n    x: i32\n");
    let def = class(&module);
    covers(&sources, def.header, "class P:  # c");
    covers(&sources, def.span, "class P:  # c\n    \"doc\"\n    x: i32");
    assert!(def.is_struct && def.decorators.is_empty());
    assert_eq!(def.docstring.as_deref(), Some("doc"));
}

#[test]
fn parentheses_belong_to_operations_and_tuples_only() {
    let (sources, module) = module("(a)\n((a) + (b))\n(a, b)\na, b\n(a).b\nvar x: i32 = 1\n");
    let expected = ["a", "(a) + (b)", "(a, b)", "a, b", "(a).b"];
    for (stmt, expected) in module.body.iter().zip(expected) {
        covers(&sources, value(stmt).span, expected);
    }
    covers(&sources, module.body[5].span, "var x: i32 = 1");
}

#[test]
fn literals_fold_their_sign_and_prefixed_ones_are_the_number() {
    let (sources, module) = module("-5\n-(2147483648)\ni8(-5)\nf32(- 1.5)\n-1j\n+5\n");
    let expected = ["-5", "-(2147483648", "5", "1.5"];
    for (stmt, expected) in module.body.iter().zip(expected) {
        assert!(matches!(value(stmt).kind, ExprKind::Literal(_)));
        covers(&sources, value(stmt).span, expected);
    }
    assert!(matches!(
        value(&module.body[2]).kind,
        ExprKind::Literal(Literal::SizedInt(_, -5))
    ));
    assert!(matches!(value(&module.body[4]).kind, ExprKind::Unary(..)));
    assert!(matches!(value(&module.body[5]).kind, ExprKind::Unary(..)));
}

#[test]
fn columns_count_code_points() {
    let (sources, module) = module("x = 'é' + ü\n");
    let span = value(&module.body[0]).span;
    assert_eq!(
        (sources.start(span).column, sources.end(span).column),
        (4, 11)
    );
}

#[test]
fn names_are_normalised() {
    let (_, module) = module("ﬁ = 1\n");
    let StmtKind::Assign(assign) = &module.body[0].kind else {
        panic!("an assignment")
    };
    assert!(matches!(&assign.targets[0].kind, ExprKind::Name(name) if &**name == "fi"));
}

#[test]
fn definitions_and_loops_are_numbered_in_the_order_of_the_text() {
    let (_, module) = module(
        "def f():\n  for a in b:\n    for c in d: pass\n  def g():\n    for e in h: pass\n  for i in j: pass\n",
    );
    let def = function(&module);
    let seq = |stmt: &Stmt| {
        let StmtKind::For(turn) = &stmt.kind else {
            panic!("a loop is expected")
        };
        turn.seq
    };
    assert_eq!((seq(&def.body[0]), seq(&def.body[2])), (0, 2));
    let StmtKind::FuncDef(inner) = &def.body[1].kind else {
        panic!("a function")
    };
    assert_eq!((def.id.0, inner.id.0, seq(&inner.body[0])), (0, 1, 2));
}

#[test]
fn generators_are_recognised() {
    let (_, module) = module("def f():\n  def g(): yield 1\n");
    let def = function(&module);
    let StmtKind::FuncDef(inner) = &def.body[0].kind else {
        panic!("a function")
    };
    assert!(!def.is_generator && inner.is_generator);
}
