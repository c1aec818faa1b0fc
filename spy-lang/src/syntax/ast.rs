//! The syntax tree of a module: everything Python 3.12's grammar can express, plus `var`/`const`.
//!
//! The parser fills it completely; which constructs later stages accept is decided by
//! [`unsupported`](super::unsupported), not here. A statement that could not be parsed is
//! [`StmtKind::Error`]. Names follow the vocabulary of the language's AST dump where it has one.
//! The file stays whole: it is one documented type a construct, and nothing else.

use std::rc::Rc;

use num_bigint::BigInt;
use spy_runtime::complex::Complex;

use crate::source::Span;

/// An identifier with its place; the text is NFKC-normalised.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The text.
    pub name: Rc<str>,
    /// Where it stands.
    pub span: Span,
}

/// Numbers the functions, classes and lambdas of a module in source order; keys its scopes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct DefId(pub u32);

/// A source file.
#[derive(Debug)]
pub struct Module {
    /// The name shown in messages: the path as it was given.
    pub filename: Rc<str>,
    /// The first statement, if it is a string literal; then it is not in `body`.
    pub docstring: Option<Rc<str>>,
    /// The statements.
    pub body: Vec<Stmt>,
    /// The whole file.
    pub span: Span,
}

/// A statement with its place.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// From its first to its last token; without decorators.
    pub span: Span,
}

/// The statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `def`, with or without type parameters.
    FuncDef(Rc<FuncDef>),
    /// `class`, with or without type parameters.
    ClassDef(Rc<ClassDef>),
    /// `import a.b as c, d`.
    Import(Vec<ImportAlias>),
    /// `from ..a.b import c as d`.
    ImportFrom(ImportFrom),
    /// `pass`
    Pass,
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `return e`; a bare `return` has no value.
    Return(Option<Expr>),
    /// `x: T`, `x: T = e`, `var x = e`, `const x: T = e`.
    VarDef(VarDef),
    /// An expression.
    Expr(Expr),
    /// `t = e` and `t1 = t2 = e`: at least one target.
    Assign(Assign),
    /// `t op= e`.
    AugAssign(AugAssign),
    /// `if` with `elif` as a nested `If` alone in `orelse`.
    If(If),
    /// `while … else`.
    While(While),
    /// `for … else`, also `async for`.
    For(For),
    /// `raise e from c`; a bare `raise` has neither.
    Raise(Raise),
    /// `assert c, m`
    Assert(Assert),
    /// `try … except … else … finally`, also `except*`.
    Try(Try),
    /// `with a as b, c: …`, also `async with`.
    With(With),
    /// `match e: case …`
    Match(Match),
    /// `del a, b[0]`
    Delete(Vec<Expr>),
    /// `global a, b`
    Global(Vec<Ident>),
    /// `nonlocal a, b`
    Nonlocal(Vec<Ident>),
    /// `type X[T] = e`
    TypeAlias(TypeAlias),
    /// A statement that could not be parsed; a diagnostic says why.
    Error,
}

/// `a.b as c` of an import statement.
#[derive(Clone, Debug)]
pub struct ImportAlias {
    /// The dotted name, or the imported attribute, or `*`.
    pub name: Ident,
    /// The name after `as`.
    pub asname: Option<Ident>,
    /// The whole alias.
    pub span: Span,
}

impl ImportAlias {
    /// The name that an `import` statement binds, and the module: of `a.b` without `as`, the
    /// package `a`.
    pub fn binding(&self) -> (Rc<str>, Rc<str>) {
        let module = &self.name.name;
        match (&self.asname, module.split_once('.')) {
            (Some(asname), _) => (asname.name.clone(), module.clone()),
            (None, Some((package, _))) => (package.into(), package.into()),
            (None, None) => (module.clone(), module.clone()),
        }
    }
}

/// `from ..a.b import c as d, e`.
#[derive(Clone, Debug)]
pub struct ImportFrom {
    /// Number of leading dots.
    pub level: u32,
    /// The dotted module name; absent in `from . import x`.
    pub module: Option<Ident>,
    /// What is imported; a star import has the single name `*`.
    pub names: Vec<ImportAlias>,
}

/// Color and kind of a function, from the decorators `@blue`, `@blue.generic`, `@blue.metafunc`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FuncKind {
    /// A red function.
    Red,
    /// `@blue`
    Blue,
    /// `@blue.generic`
    Generic,
    /// `@blue.metafunc`
    Metafunc,
}

/// `def name[T](…) -> R: …`
#[derive(Debug)]
pub struct FuncDef {
    /// Key of its scope. With type parameters this is the outer (generic) scope.
    pub id: DefId,
    /// Key of the scope of the body when there are type parameters (`__impl`), else equal to `id`.
    pub inner_id: DefId,
    /// Red, blue, generic or metafunc.
    pub kind: FuncKind,
    /// Whether it is an `async def`.
    pub is_async: bool,
    /// The name.
    pub name: Ident,
    /// `[T, *Ts, **P]`
    pub type_params: Vec<TypeParam>,
    /// The parameters.
    pub params: Params,
    /// The result annotation; [`ExprKind::Auto`] if missing, its span as the chapter says.
    pub returns: Expr,
    /// The first statement, if it is a string literal; then it is not in `body`.
    pub docstring: Option<Rc<str>>,
    /// The body without the docstring.
    pub body: Vec<Stmt>,
    /// The decorators other than the special blue ones, in source order.
    pub decorators: Vec<Expr>,
    /// From `def` to the end of the body.
    pub span: Span,
    /// From `def` to the end of the result annotation.
    pub prototype: Span,
    /// Whether the body contains `yield` (not counting nested functions).
    pub is_generator: bool,
}

/// The kinds of type parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeParamKind {
    /// `T`
    TypeVar,
    /// `*Ts`
    TypeVarTuple,
    /// `**P`
    ParamSpec,
}

/// A type parameter of a function, class or alias.
#[derive(Clone, Debug)]
pub struct TypeParam {
    /// The name.
    pub name: Ident,
    /// Plain, starred or double-starred.
    pub kind: TypeParamKind,
    /// `T: bound`
    pub bound: Option<Expr>,
    /// The whole parameter.
    pub span: Span,
}

/// The parameters of a function or lambda.
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// Positional-only ones, before `/`.
    pub positional_only: Vec<Param>,
    /// Ordinary ones.
    pub plain: Vec<Param>,
    /// `*args`
    pub star: Option<Param>,
    /// After `*` or `*args`.
    pub keyword_only: Vec<Param>,
    /// `**kwargs`
    pub double_star: Option<Param>,
}

impl Params {
    /// All parameters in the order of the text.
    pub fn all(&self) -> impl Iterator<Item = &Param> {
        let Self {
            positional_only,
            plain,
            star,
            keyword_only,
            double_star,
        } = self;
        let named = positional_only.iter().chain(plain).chain(star);
        named.chain(keyword_only).chain(double_star)
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The name.
    pub name: Ident,
    /// The annotation; [`ExprKind::Auto`] with the parameter's span if missing.
    pub annotation: Expr,
    /// The default value.
    pub default: Option<Expr>,
    /// Name and annotation, without stars and default.
    pub span: Span,
}

/// `class name[T](bases, key=value): …`
#[derive(Debug)]
pub struct ClassDef {
    /// Key of its scope. With type parameters this is the outer (generic) scope.
    pub id: DefId,
    /// Key of the scope of the body when there are type parameters (`Self`), else equal to `id`.
    pub inner_id: DefId,
    /// Whether it has the decorator `@struct`.
    pub is_struct: bool,
    /// What `@struct(…)` asks for.
    pub struct_options: Option<StructOptions>,
    /// The name.
    pub name: Ident,
    /// `[T]`
    pub type_params: Vec<TypeParam>,
    /// Base classes.
    pub bases: Vec<Arg>,
    /// The first statement, if it is a string literal; then it is not in `body`.
    pub docstring: Option<Rc<str>>,
    /// The body without the docstring.
    pub body: Vec<Stmt>,
    /// The decorators other than `@struct`, in source order.
    pub decorators: Vec<Expr>,
    /// The `class …:` line only (`ClassDef.loc`).
    pub header: Span,
    /// From `class` to the end of the body (`ClassDef.body_loc`).
    pub span: Span,
}

/// What `@struct(eq=…, order=…)` asks for, as dataclasses have it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StructOptions {
    /// Equality and, as structs never change, a hash.
    pub eq: bool,
    /// The four order operators.
    pub order: bool,
}

/// Which keyword introduces a variable definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DeclKind {
    /// None: an annotated assignment.
    Plain,
    /// `var`
    Var,
    /// `const`
    Const,
}

/// `x: T`, `x: T = e`, `var x = e`, `const x: T = e`.
#[derive(Clone, Debug)]
pub struct VarDef {
    /// The keyword.
    pub kind: DeclKind,
    /// The target: a name, or (to be refused) an attribute, item or parenthesised name.
    pub target: Expr,
    /// Whether the target stands in parentheses.
    pub parenthesized: bool,
    /// The annotation; [`ExprKind::Auto`] if missing.
    pub annotation: Expr,
    /// The value.
    pub value: Option<Expr>,
}

impl VarDef {
    /// The declared name; `None` if the target is not a plain name.
    pub fn name(&self) -> Option<Ident> {
        let ExprKind::Name(name) = &self.target.kind else {
            return None;
        };
        Some(Ident {
            name: name.clone(),
            span: self.target.span,
        })
    }
}

/// `t1 = t2 = e`.
#[derive(Clone, Debug)]
pub struct Assign {
    /// The targets, left to right: names, attributes, items, tuples, lists, starred.
    pub targets: Vec<Expr>,
    /// The value.
    pub value: Expr,
}

/// `t op= e`.
#[derive(Clone, Debug)]
pub struct AugAssign {
    /// The target: a name, attribute or item.
    pub target: Expr,
    /// The operator.
    pub op: BinOp,
    /// The right-hand side.
    pub value: Expr,
}

/// `if test: body else: orelse`
#[derive(Clone, Debug)]
pub struct If {
    /// The condition.
    pub test: Expr,
    /// The statements when it holds.
    pub body: Vec<Stmt>,
    /// The statements when it does not.
    pub orelse: Vec<Stmt>,
}

/// `while test: body else: orelse`
#[derive(Clone, Debug)]
pub struct While {
    /// The condition.
    pub test: Expr,
    /// The body.
    pub body: Vec<Stmt>,
    /// The `else` clause; empty if there is none.
    pub orelse: Vec<Stmt>,
}

/// `for target in iter: body else: orelse`
#[derive(Clone, Debug)]
pub struct For {
    /// Numbers the loops of a function from 0 in source order, outer before inner.
    pub seq: u32,
    /// Whether it is an `async for`.
    pub is_async: bool,
    /// The loop variable, or a complex target.
    pub target: Expr,
    /// What is iterated over.
    pub iter: Expr,
    /// The body.
    pub body: Vec<Stmt>,
    /// The `else` clause; empty if there is none.
    pub orelse: Vec<Stmt>,
}

/// `raise exc from cause`
#[derive(Clone, Debug)]
pub struct Raise {
    /// What is raised.
    pub exc: Option<Expr>,
    /// The cause.
    pub cause: Option<Expr>,
}

/// `assert test, msg`
#[derive(Clone, Debug)]
pub struct Assert {
    /// The condition.
    pub test: Expr,
    /// The message.
    pub msg: Option<Expr>,
}

/// `try: body except …: … else: orelse finally: finalbody`
#[derive(Clone, Debug)]
pub struct Try {
    /// Whether the handlers are `except*`.
    pub is_star: bool,
    /// The guarded statements.
    pub body: Vec<Stmt>,
    /// The handlers.
    pub handlers: Vec<ExceptHandler>,
    /// The `else` clause; empty if there is none.
    pub orelse: Vec<Stmt>,
    /// The `finally` clause; empty if there is none.
    pub finalbody: Vec<Stmt>,
}

/// `except exc as name: body`
#[derive(Clone, Debug)]
pub struct ExceptHandler {
    /// The type, or tuple of types.
    pub exc: Option<Expr>,
    /// The name after `as`.
    pub name: Option<Ident>,
    /// The body.
    pub body: Vec<Stmt>,
    /// From `except` to the end of the body.
    pub span: Span,
}

/// `with items: body`
#[derive(Clone, Debug)]
pub struct With {
    /// Whether it is an `async with`.
    pub is_async: bool,
    /// `expr as target` pairs.
    pub items: Vec<(Expr, Option<Expr>)>,
    /// The body.
    pub body: Vec<Stmt>,
}

/// `match subject: cases`
#[derive(Clone, Debug)]
pub struct Match {
    /// What is matched.
    pub subject: Expr,
    /// The cases.
    pub cases: Vec<MatchCase>,
}

/// `case pattern if guard: body`
#[derive(Clone, Debug)]
pub struct MatchCase {
    /// The pattern.
    pub pattern: Pattern,
    /// The guard.
    pub guard: Option<Expr>,
    /// The body.
    pub body: Vec<Stmt>,
    /// From `case` to the end of the body.
    pub span: Span,
}

/// A pattern with its place.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where it stands.
    pub span: Span,
}

/// The patterns of PEP 634.
#[derive(Clone, Debug)]
pub enum PatternKind {
    /// A literal or dotted name, compared with `==`.
    Value(Expr),
    /// `None`, `True`, `False`, compared with `is`.
    Singleton(Expr),
    /// `_` (no name) or a capture.
    Capture(Option<Ident>),
    /// `pattern as name`
    As(Box<Pattern>, Ident),
    /// `[a, *rest]` or `(a, b)`
    Sequence(Vec<Pattern>),
    /// `*name` or `*_` inside a sequence.
    Star(Option<Ident>),
    /// `{key: pattern, **rest}`
    Mapping(Vec<(Expr, Pattern)>, Option<Ident>),
    /// `Class(positional, name=pattern)`
    Class(Expr, Vec<Pattern>, Vec<(Ident, Pattern)>),
    /// `a | b`
    Or(Vec<Pattern>),
}

/// `type name[T] = value`
#[derive(Clone, Debug)]
pub struct TypeAlias {
    /// The name.
    pub name: Ident,
    /// The type parameters.
    pub type_params: Vec<TypeParam>,
    /// The aliased type.
    pub value: Expr,
}

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, without enclosing parentheses (tuples include theirs).
    pub span: Span,
}

/// The expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A name.
    Name(Rc<str>),
    /// A missing annotation.
    Auto,
    /// A number, `None`, `True` or `False`.
    Literal(Literal),
    /// A string literal, adjacent ones joined.
    Str(Rc<str>),
    /// A bytes literal, adjacent ones joined.
    Bytes(Rc<[u8]>),
    /// `...`
    Ellipsis,
    /// An f-string, joined with adjacent strings.
    FString(Vec<FStringPart>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `{a, b}`
    Set(Vec<Expr>),
    /// `{k: v, **d}`
    Dict(Vec<DictItem>),
    /// `x[a, b:c]`; a tuple as only subscript is several arguments, as Python has it.
    GetItem(Box<Expr>, Vec<Expr>),
    /// `a:b:c` in a subscript; missing parts are `None` literals with the slice's span.
    Slice(Box<[Expr; 3]>),
    /// `f(a, k=v, *xs, **d)`
    Call(Box<Expr>, Vec<Arg>),
    /// `x.m(a)`
    CallMethod(Box<Expr>, Ident, Vec<Arg>),
    /// `x.a`
    GetAttr(Box<Expr>, Ident),
    /// `a + b`
    Binary(BinOp, Box<Expr>, Box<Expr>),
    /// `a < b`
    Compare(CmpOp, Box<Expr>, Box<Expr>),
    /// `a < b < c`: at least two comparisons.
    CompareChain(Box<Expr>, Vec<(CmpOp, Expr)>),
    /// `a and b`, left-nested.
    And(Box<Expr>, Box<Expr>),
    /// `a or b`, left-nested.
    Or(Box<Expr>, Box<Expr>),
    /// `-a`
    Unary(UnaryOp, Box<Expr>),
    /// `x := e`
    AssignExpr(Ident, Box<Expr>),
    /// `body if test else orelse`
    IfExp(Box<IfExp>),
    /// `lambda a: e`
    Lambda(Rc<Lambda>),
    /// A comprehension or generator expression.
    Comprehension(Box<Comprehension>),
    /// `await e`
    Await(Box<Expr>),
    /// `yield e`
    Yield(Option<Box<Expr>>),
    /// `yield from e`
    YieldFrom(Box<Expr>),
    /// `*e` in a display, subscript or target.
    Starred(Box<Expr>),
    /// `__block__('''…''')`: statements, then the value.
    Block(Vec<Stmt>, Box<Expr>),
    /// Something that could not be parsed; a diagnostic says why.
    Error,
}

/// The literals that are neither text nor bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer of any size, its sign folded in.
    Int(BigInt),
    /// A float, its sign folded in.
    Float(f64),
    /// `3j`: the imaginary part.
    Complex(Complex),
    /// `u8(3)`: an integer with its type's name, within range.
    SizedInt(SizedInt, i128),
    /// `f32(0.5)`
    F32(f32),
    /// `f64(1)`
    F64(f64),
}

/// The integer types that prefix a literal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SizedInt {
    /// `i8`
    I8,
    /// `u8`
    U8,
    /// `i32`
    I32,
    /// `u32`
    U32,
    /// `i64`
    I64,
    /// `u64`
    U64,
}

/// A part of an f-string.
#[derive(Clone, Debug)]
pub enum FStringPart {
    /// Literal text.
    Text(Rc<str>),
    /// `{value=!r:spec}`
    Value(Box<FStringValue>),
}

/// A replacement field of an f-string.
#[derive(Clone, Debug)]
pub struct FStringValue {
    /// The expression.
    pub value: Expr,
    /// The text shown before the value for `{x=}`.
    pub debug_text: Option<Rc<str>>,
    /// `'r'`, `'s'` or `'a'` of `!r`, `!s`, `!a`.
    pub conversion: Option<char>,
    /// The format spec, itself text and fields.
    pub spec: Vec<FStringPart>,
    /// From `{` to `}`.
    pub span: Span,
}

/// An item of a dict display.
#[derive(Clone, Debug)]
pub enum DictItem {
    /// `key: value`
    Pair(Expr, Expr),
    /// `**expr`
    Unpack(Expr),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Arg {
    /// `e`
    Positional(Expr),
    /// `*e`; the span covers the star.
    Star(Expr, Span),
    /// `name=e`; the span covers all of it.
    Keyword(Ident, Expr, Span),
    /// `**e`; the span covers the stars.
    DoubleStar(Expr, Span),
}

/// Binary operators; [`BinOp::MatMul`] has no implementation yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "the operators are named as in the language's operator module"
)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
}

/// Comparison operators.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "the operators are named as in the language's operator module"
)]
pub enum CmpOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    In,
    NotIn,
}

/// Unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    /// `+`
    Pos,
    /// `-`
    Neg,
    /// `~`
    Invert,
    /// `not`
    Not,
}

impl BinOp {
    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::MatMul => "@",
            Self::Div => "/",
            Self::FloorDiv => "//",
            Self::Mod => "%",
            Self::Pow => "**",
            Self::LShift => "<<",
            Self::RShift => ">>",
            Self::And => "&",
            Self::Or => "|",
            Self::Xor => "^",
        }
    }
}

impl CmpOp {
    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }
}

impl UnaryOp {
    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Pos => "+",
            Self::Neg => "-",
            Self::Invert => "~",
            Self::Not => "not",
        }
    }
}

/// `body if test else orelse`
#[derive(Clone, Debug)]
pub struct IfExp {
    /// The condition.
    pub test: Expr,
    /// The value when it holds.
    pub body: Expr,
    /// The value when it does not.
    pub orelse: Expr,
}

/// `lambda params: body`
#[derive(Debug)]
pub struct Lambda {
    /// Key of its scope.
    pub id: DefId,
    /// The parameters; annotations are all [`ExprKind::Auto`].
    pub params: Params,
    /// The value.
    pub body: Expr,
}

/// What a comprehension makes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ComprehensionKind {
    /// `[e for …]`
    List,
    /// `{e for …}`
    Set,
    /// `{k: v for …}`
    Dict,
    /// `(e for …)`
    Generator,
}

/// `[element for target in iter if cond]`
#[derive(Clone, Debug)]
pub struct Comprehension {
    /// List, set, dict or generator.
    pub kind: ComprehensionKind,
    /// Key of its scope.
    pub id: DefId,
    /// The element, or the key of a dict.
    pub element: Expr,
    /// The value of a dict comprehension.
    pub value: Option<Expr>,
    /// The `for` clauses.
    pub clauses: Vec<ComprehensionClause>,
}

/// `for target in iter if cond if cond`
#[derive(Clone, Debug)]
pub struct ComprehensionClause {
    /// Whether it is an `async for`.
    pub is_async: bool,
    /// The loop variable or a complex target.
    pub target: Expr,
    /// What is iterated over.
    pub iter: Expr,
    /// The conditions.
    pub conditions: Vec<Expr>,
}
