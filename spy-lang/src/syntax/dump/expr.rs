//! Dumps of expressions and patterns.

use spy_runtime::text::{bytes_repr, f64_repr};

use super::super::ast::{
    Arg, Comprehension, ComprehensionKind, DictItem, Expr, ExprKind, FStringPart, Ident, Literal,
    Param, Params, Pattern, PatternKind, SizedInt,
};
use super::Dumper;
use super::node::{Node, boolean, none, optional_string, str_literal, string};

impl Dumper<'_> {
    /// An optional expression, `None` if missing.
    pub(super) fn optional(&self, value: Option<&Expr>) -> Node {
        value.map_or_else(none, |value| self.expr(value))
    }

    /// A list of expressions.
    pub(super) fn exprs(&self, values: &[Expr]) -> Node {
        Node::List(values.iter().map(|value| self.expr(value)).collect())
    }

    /// An expression.
    pub(super) fn expr(&self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Name(name) => Node::new("Name", vec![("id", string(name))]),
            ExprKind::Auto => Node::new("Auto", vec![]),
            ExprKind::Literal(value) => Node::new("Literal", vec![("value", literal(value))]),
            ExprKind::Str(value) => str_literal(value),
            ExprKind::Bytes(value) => {
                Node::new("BytesLiteral", vec![("value", Node::Text(bytes(value)))])
            }
            ExprKind::Ellipsis => Node::new(
                "Literal",
                vec![("value", Node::Text("Ellipsis".to_owned()))],
            ),
            ExprKind::FString(parts) => self.fstring(parts),
            ExprKind::List(items) => Node::new("List", vec![("items", self.exprs(items))]),
            ExprKind::Tuple(items) => Node::new("Tuple", vec![("items", self.exprs(items))]),
            ExprKind::Set(items) => Node::new("Set", vec![("items", self.exprs(items))]),
            ExprKind::Dict(items) => self.dict(items),
            ExprKind::GetItem(value, args) => Node::new(
                "GetItem",
                vec![("value", self.expr(value)), ("args", self.exprs(args))],
            ),
            ExprKind::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let fields = [("start", start), ("stop", stop), ("step", step)];
                Node::new(
                    "Slice",
                    fields.map(|(name, part)| (name, self.expr(part))).into(),
                )
            }
            ExprKind::Call(func, args) => Node::new(
                "Call",
                vec![("func", self.expr(func)), ("args", self.args(args))],
            ),
            ExprKind::CallMethod(target, method, args) => Node::new(
                "CallMethod",
                vec![
                    ("target", self.expr(target)),
                    ("method", str_literal(&method.name)),
                    ("args", self.args(args)),
                ],
            ),
            ExprKind::GetAttr(value, attr) => Node::new(
                "GetAttr",
                vec![
                    ("value", self.expr(value)),
                    ("attr", str_literal(&attr.name)),
                ],
            ),
            ExprKind::Error => Node::new("Error", vec![]),
            ExprKind::Binary(..)
            | ExprKind::Compare(..)
            | ExprKind::CompareChain(..)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Unary(..) => self.operation(expr),
            ExprKind::AssignExpr(..)
            | ExprKind::IfExp(_)
            | ExprKind::Lambda(_)
            | ExprKind::Comprehension(_)
            | ExprKind::Await(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Starred(_)
            | ExprKind::Block(..) => self.keyword_expr(expr),
        }
    }

    /// Expressions made of operators.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`expr` lists every kind and sends only these here"
    )]
    fn operation(&self, expr: &Expr) -> Node {
        let pair = |name, left: &Expr, right: &Expr| {
            Node::new(
                name,
                vec![("left", self.expr(left)), ("right", self.expr(right))],
            )
        };
        let binary = |name, op: &str, left: &Expr, right: &Expr| {
            let fields = vec![
                ("op", string(op)),
                ("left", self.expr(left)),
                ("right", self.expr(right)),
            ];
            Node::new(name, fields)
        };
        match &expr.kind {
            ExprKind::Binary(op, left, right) => binary("BinOp", op.symbol(), left, right),
            ExprKind::Compare(op, left, right) => binary("CmpOp", op.symbol(), left, right),
            ExprKind::CompareChain(first, rest) => {
                let ops = rest.iter().map(|(op, _)| string(op.symbol())).collect();
                let operands = rest.iter().map(|(_, operand)| self.expr(operand)).collect();
                let fields = vec![
                    ("left", self.expr(first)),
                    ("ops", Node::List(ops)),
                    ("comparators", Node::List(operands)),
                ];
                Node::new("Compare", fields)
            }
            ExprKind::And(left, right) => pair("And", left, right),
            ExprKind::Or(left, right) => pair("Or", left, right),
            ExprKind::Unary(op, value) => Node::new(
                "UnaryOp",
                vec![("op", string(op.symbol())), ("value", self.expr(value))],
            ),
            _ => unreachable!("not made of operators"),
        }
    }

    /// Expressions made of keywords.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`expr` lists every kind and sends only these here"
    )]
    fn keyword_expr(&self, expr: &Expr) -> Node {
        let unary = |name, value: &Expr| Node::new(name, vec![("value", self.expr(value))]);
        match &expr.kind {
            ExprKind::AssignExpr(target, value) => Node::new(
                "AssignExpr",
                vec![
                    ("target", str_literal(&target.name)),
                    ("value", self.expr(value)),
                ],
            ),
            ExprKind::IfExp(choice) => {
                let fields = [
                    ("test", &choice.test),
                    ("body", &choice.body),
                    ("orelse", &choice.orelse),
                ];
                Node::new(
                    "IfExp",
                    fields.map(|(name, part)| (name, self.expr(part))).into(),
                )
            }
            ExprKind::Lambda(lambda) => Node::new(
                "Lambda",
                vec![
                    ("args", self.params(&lambda.params)),
                    ("body", self.expr(&lambda.body)),
                    ("symtable", (self.scopes)(Some(lambda.id)).text()),
                ],
            ),
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension),
            ExprKind::Await(value) => unary("Await", value),
            ExprKind::Yield(value) => {
                Node::new("Yield", vec![("value", self.optional(value.as_deref()))])
            }
            ExprKind::YieldFrom(value) => unary("YieldFrom", value),
            ExprKind::Starred(value) => unary("Starred", value),
            ExprKind::Block(body, value) => Node::new(
                "BlockExpr",
                vec![("body", self.stmts(body)), ("value", self.expr(value))],
            ),
            _ => unreachable!("not made of keywords"),
        }
    }

    fn dict(&self, items: &[DictItem]) -> Node {
        let items = items.iter().map(|item| match item {
            DictItem::Pair(key, value) => Node::new(
                "KeyValuePair",
                vec![("key", self.expr(key)), ("value", self.expr(value))],
            ),
            DictItem::Unpack(value) => Node::new(
                "KeyValuePair",
                vec![("key", none()), ("value", self.expr(value))],
            ),
        });
        Node::new("Dict", vec![("items", Node::List(items.collect()))])
    }

    fn fstring(&self, parts: &[FStringPart]) -> Node {
        let values = parts.iter().map(|part| match part {
            FStringPart::Text(text) => str_literal(text),
            FStringPart::Value(field) => {
                let conversion = field.conversion.map(String::from);
                let spec = if field.spec.is_empty() {
                    none()
                } else {
                    self.fstring(&field.spec)
                };
                Node::new(
                    "FormattedValue",
                    vec![
                        ("value", self.expr(&field.value)),
                        ("debug_text", optional_string(field.debug_text.as_deref())),
                        ("conversion", optional_string(conversion.as_deref())),
                        ("format_spec", spec),
                    ],
                )
            }
        });
        Node::new("JoinedStr", vec![("values", Node::List(values.collect()))])
    }

    fn comprehension(&self, comprehension: &Comprehension) -> Node {
        let element = self.expr(&comprehension.element);
        let (name, mut fields) = match comprehension.kind {
            ComprehensionKind::List => ("ListComp", vec![("elt", element)]),
            ComprehensionKind::Set => ("SetComp", vec![("elt", element)]),
            ComprehensionKind::Generator => ("GeneratorExp", vec![("elt", element)]),
            ComprehensionKind::Dict => {
                let value = self.optional(comprehension.value.as_ref());
                ("DictComp", vec![("key", element), ("value", value)])
            }
        };
        let clauses = comprehension.clauses.iter().map(|clause| {
            let fields = vec![
                ("target", self.expr(&clause.target)),
                ("iter", self.expr(&clause.iter)),
                ("ifs", self.exprs(&clause.conditions)),
                ("is_async", boolean(clause.is_async)),
            ];
            Node::new("comprehension", fields)
        });
        fields.push(("generators", Node::List(clauses.collect())));
        Node::new(name, fields)
    }

    /// The arguments of a call or the bases of a class.
    pub(super) fn args(&self, args: &[Arg]) -> Node {
        let args = args.iter().map(|arg| match arg {
            Arg::Positional(value) => self.expr(value),
            Arg::Star(value, _) => Node::new("Starred", vec![("value", self.expr(value))]),
            Arg::Keyword(name, value, _) => self.keyword(string(&name.name), value),
            Arg::DoubleStar(value, _) => self.keyword(none(), value),
        });
        Node::List(args.collect())
    }

    fn keyword(&self, name: Node, value: &Expr) -> Node {
        Node::new("keyword", vec![("arg", name), ("value", self.expr(value))])
    }

    /// The parameters of a function, without their defaults.
    pub(super) fn params(&self, params: &Params) -> Node {
        let of = |kind: &'static str| move |param| (kind, param);
        let all = params
            .positional_only
            .iter()
            .map(of("positional_only"))
            .chain(params.plain.iter().map(of("simple")))
            .chain(params.star.iter().map(of("var_positional")))
            .chain(params.keyword_only.iter().map(of("keyword_only")))
            .chain(params.double_star.iter().map(of("var_keyword")));
        Node::List(
            all.map(|(kind, param): (_, &Param)| {
                self.param(&param.name, self.expr(&param.annotation), kind)
            })
            .collect(),
        )
    }

    /// One parameter.
    pub(super) fn param(&self, name: &Ident, annotation: Node, kind: &str) -> Node {
        let fields = vec![
            ("name", string(&name.name)),
            ("type", annotation),
            ("kind", string(kind)),
        ];
        Node::new("FuncArg", fields)
    }

    /// A pattern.
    pub(super) fn pattern(&self, pattern: &Pattern) -> Node {
        let name = |name: &Option<Ident>| optional_string(name.as_ref().map(|name| &*name.name));
        match &pattern.kind {
            PatternKind::Value(value) => Node::new("MatchValue", vec![("value", self.expr(value))]),
            PatternKind::Singleton(value) => {
                Node::new("MatchSingleton", vec![("value", self.expr(value))])
            }
            PatternKind::Capture(capture) => Node::new(
                "MatchAs",
                vec![("pattern", none()), ("name", name(capture))],
            ),
            PatternKind::As(inner, capture) => Node::new(
                "MatchAs",
                vec![
                    ("pattern", self.pattern(inner)),
                    ("name", string(&capture.name)),
                ],
            ),
            PatternKind::Sequence(items) => {
                Node::new("MatchSequence", vec![("patterns", self.patterns(items))])
            }
            PatternKind::Star(capture) => Node::new("MatchStar", vec![("name", name(capture))]),
            PatternKind::Mapping(pairs, rest) => {
                let keys = pairs.iter().map(|(key, _)| self.expr(key)).collect();
                let patterns = pairs.iter().map(|(_, value)| self.pattern(value)).collect();
                let fields = vec![
                    ("keys", Node::List(keys)),
                    ("patterns", Node::List(patterns)),
                    ("rest", name(rest)),
                ];
                Node::new("MatchMapping", fields)
            }
            PatternKind::Class(class, positional, keywords) => {
                let names = keywords
                    .iter()
                    .map(|(name, _)| string(&name.name))
                    .collect();
                let values = keywords
                    .iter()
                    .map(|(_, value)| self.pattern(value))
                    .collect();
                let fields = vec![
                    ("cls", self.expr(class)),
                    ("patterns", self.patterns(positional)),
                    ("kwd_attrs", Node::List(names)),
                    ("kwd_patterns", Node::List(values)),
                ];
                Node::new("MatchClass", fields)
            }
            PatternKind::Or(items) => {
                Node::new("MatchOr", vec![("patterns", self.patterns(items))])
            }
        }
    }

    fn patterns(&self, items: &[Pattern]) -> Node {
        Node::List(items.iter().map(|item| self.pattern(item)).collect())
    }
}

fn literal(literal: &Literal) -> Node {
    match literal {
        Literal::None => none(),
        Literal::Bool(value) => boolean(*value),
        Literal::Int(value) => Node::Text(value.to_string()),
        Literal::Float(value) | Literal::F64(value) => Node::Text(f64_repr(*value)),
        Literal::Complex(value) => Node::Text(value.repr()),
        Literal::SizedInt(kind, value) => Node::Text(format!("{}({value})", sized_name(*kind))),
        Literal::F32(value) => Node::Text(format!("c_float({})", f64_repr(f64::from(*value)))),
    }
}

fn sized_name(kind: SizedInt) -> &'static str {
    match kind {
        SizedInt::I8 => "Int8",
        SizedInt::U8 => "UInt8",
        SizedInt::I32 => "Int32",
        SizedInt::U32 => "UInt32",
        SizedInt::I64 => "Int64",
        SizedInt::U64 => "UInt64",
    }
}

/// A bytes literal as Python shows it: between `"` if it contains `'` and no `"`.
fn bytes(value: &[u8]) -> String {
    let text = bytes_repr(value);
    if !value.contains(&b'\'') || value.contains(&b'"') {
        return text;
    }
    let inner = &text[2..text.len() - 1];
    format!("b\"{}\"", inner.replace("\\'", "'"))
}
