//! Dumps of statements and declarations.

use super::super::ast::{
    Assign, ClassDef, DeclKind, Expr, ExprKind, FuncDef, FuncKind, Ident, ImportAlias, ImportFrom,
    Stmt, StmtKind, Try, TypeParam, VarDef,
};
use super::Dumper;
use super::node::{Node, none, optional_string, str_literal, string};

/// The fields of a node.
type Fields = Vec<(&'static str, Node)>;

impl Dumper<'_> {
    /// The declarations a module-level statement makes; strings and nothing else make none.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "inside and outside functions the rest looks the same"
    )]
    pub(super) fn declaration(&self, stmt: &Stmt) -> Vec<Node> {
        match &stmt.kind {
            StmtKind::FuncDef(def) => {
                let is_generic = !def.type_params.is_empty();
                let name = if is_generic {
                    "GlobalGenericFuncDef"
                } else {
                    "GlobalFuncDef"
                };
                vec![Node::new(name, vec![("funcdef", self.func_def(def))])]
            }
            StmtKind::ClassDef(def) => {
                let is_generic = !def.type_params.is_empty();
                let name = if is_generic {
                    "GlobalGenericClassDef"
                } else {
                    "GlobalClassDef"
                };
                vec![Node::new(name, vec![("classdef", self.class_def(def))])]
            }
            StmtKind::VarDef(def) => vec![global_var(self.var_def(def))],
            StmtKind::Assign(assign) => match assign.targets.as_slice() {
                [
                    Expr {
                        kind: ExprKind::Name(name),
                        ..
                    },
                ] => {
                    let auto = Node::new("Auto", vec![]);
                    let value = self.expr(&assign.value);
                    vec![global_var(var_def(
                        DeclKind::Plain,
                        str_literal(name),
                        auto,
                        value,
                    ))]
                }
                _ => self.stmt(stmt),
            },
            StmtKind::Expr(Expr {
                kind: ExprKind::Str(_),
                ..
            }) => Vec::new(),
            _ => self.stmt(stmt),
        }
    }

    /// A list of statements.
    pub(super) fn stmts(&self, stmts: &[Stmt]) -> Node {
        Node::List(stmts.iter().flat_map(|stmt| self.stmt(stmt)).collect())
    }

    /// The nodes of a statement: one, or one for each imported name.
    fn stmt(&self, stmt: &Stmt) -> Vec<Node> {
        let (name, fields): (_, Fields) = match &stmt.kind {
            StmtKind::FuncDef(def) => return vec![self.func_def(def)],
            StmtKind::ClassDef(def) => return vec![self.class_def(def)],
            StmtKind::Import(names) => return names.iter().map(import).collect(),
            StmtKind::ImportFrom(from) => {
                return from
                    .names
                    .iter()
                    .map(|alias| import_from(from, alias))
                    .collect();
            }
            StmtKind::VarDef(def) => return vec![self.var_def(def)],
            StmtKind::Assign(assign) => return vec![self.assign(assign)],
            StmtKind::Pass => ("Pass", vec![]),
            StmtKind::Break => ("Break", vec![]),
            StmtKind::Continue => ("Continue", vec![]),
            StmtKind::Error => ("Error", vec![]),
            StmtKind::Return(Some(value)) => ("Return", vec![("value", self.expr(value))]),
            StmtKind::Return(None) => (
                "Return",
                vec![("value", Node::new("Literal", vec![("value", none())]))],
            ),
            StmtKind::Expr(value) => ("StmtExpr", vec![("value", self.expr(value))]),
            StmtKind::AugAssign(assign) => (
                "AugAssign",
                vec![
                    ("op", string(assign.op.symbol())),
                    ("target", self.name_or_expr(&assign.target)),
                    ("value", self.expr(&assign.value)),
                ],
            ),
            StmtKind::Raise(raise) => {
                let mut fields = vec![("exc", self.optional(raise.exc.as_ref()))];
                if let Some(cause) = &raise.cause {
                    fields.push(("cause", self.expr(cause)));
                }
                ("Raise", fields)
            }
            StmtKind::Assert(assert) => (
                "Assert",
                vec![
                    ("test", self.expr(&assert.test)),
                    ("msg", self.optional(assert.msg.as_ref())),
                ],
            ),
            StmtKind::Delete(targets) => ("Delete", vec![("targets", self.exprs(targets))]),
            StmtKind::Global(idents) => ("Global", vec![("names", names(idents))]),
            StmtKind::Nonlocal(idents) => ("Nonlocal", vec![("names", names(idents))]),
            StmtKind::TypeAlias(alias) => (
                "TypeAlias",
                vec![
                    ("name", string(&alias.name.name)),
                    ("args", self.type_params(&alias.type_params)),
                    ("value", self.expr(&alias.value)),
                ],
            ),
            StmtKind::If(_)
            | StmtKind::While(_)
            | StmtKind::For(_)
            | StmtKind::Try(_)
            | StmtKind::With(_)
            | StmtKind::Match(_) => self.compound(stmt),
        };
        vec![Node::new(name, fields)]
    }

    /// Statements with a body.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`stmt` lists every kind and sends only these here"
    )]
    fn compound(&self, stmt: &Stmt) -> (&'static str, Fields) {
        match &stmt.kind {
            StmtKind::If(branch) => (
                "If",
                vec![
                    ("test", self.expr(&branch.test)),
                    ("then_body", self.stmts(&branch.body)),
                    ("else_body", self.stmts(&branch.orelse)),
                ],
            ),
            StmtKind::While(turn) => {
                let mut fields = vec![
                    ("test", self.expr(&turn.test)),
                    ("body", self.stmts(&turn.body)),
                ];
                self.else_into(&mut fields, &turn.orelse);
                ("While", fields)
            }
            StmtKind::For(turn) => {
                let mut fields = vec![
                    ("seq", Node::Text(turn.seq.to_string())),
                    ("target", self.name_or_expr(&turn.target)),
                    ("iter", self.expr(&turn.iter)),
                    ("body", self.stmts(&turn.body)),
                ];
                self.else_into(&mut fields, &turn.orelse);
                (if turn.is_async { "AsyncFor" } else { "For" }, fields)
            }
            StmtKind::Try(guarded) => self.try_stmt(guarded),
            StmtKind::With(with) => {
                let items = with.items.iter().map(|(value, target)| {
                    let target = self.optional(target.as_ref());
                    Node::new(
                        "withitem",
                        vec![
                            ("context_expr", self.expr(value)),
                            ("optional_vars", target),
                        ],
                    )
                });
                let items = Node::List(items.collect());
                let name = if with.is_async { "AsyncWith" } else { "With" };
                (
                    name,
                    vec![("items", items), ("body", self.stmts(&with.body))],
                )
            }
            StmtKind::Match(matching) => {
                let cases = matching.cases.iter().map(|case| {
                    let fields = vec![
                        ("pattern", self.pattern(&case.pattern)),
                        ("guard", self.optional(case.guard.as_ref())),
                        ("body", self.stmts(&case.body)),
                    ];
                    Node::new("match_case", fields)
                });
                let cases = Node::List(cases.collect());
                (
                    "Match",
                    vec![("subject", self.expr(&matching.subject)), ("cases", cases)],
                )
            }
            _ => unreachable!("not a compound statement"),
        }
    }

    fn else_into(&self, fields: &mut Fields, orelse: &[Stmt]) {
        if !orelse.is_empty() {
            fields.push(("else_body", self.stmts(orelse)));
        }
    }

    fn try_stmt(&self, guarded: &Try) -> (&'static str, Fields) {
        let handlers = guarded.handlers.iter().map(|handler| {
            let name = handler.name.as_ref().map(|name| &*name.name);
            let fields = vec![
                ("type", self.optional(handler.exc.as_ref())),
                ("name", optional_string(name)),
                ("body", self.stmts(&handler.body)),
            ];
            Node::new("ExceptHandler", fields)
        });
        let fields = vec![
            ("body", self.stmts(&guarded.body)),
            ("handlers", Node::List(handlers.collect())),
            ("else_body", self.stmts(&guarded.orelse)),
            ("finally_body", self.stmts(&guarded.finalbody)),
        ];
        (if guarded.is_star { "TryStar" } else { "Try" }, fields)
    }

    // ---- assignments ----

    /// A name as `StrLiteral`, anything else as an expression.
    fn name_or_expr(&self, target: &Expr) -> Node {
        if let ExprKind::Name(name) = &target.kind {
            str_literal(name)
        } else {
            self.expr(target)
        }
    }

    fn var_def(&self, def: &VarDef) -> Node {
        let value = self.optional(def.value.as_ref());
        var_def(
            def.kind,
            self.name_or_expr(&def.target),
            self.expr(&def.annotation),
            value,
        )
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only attributes and items have nodes of their own"
    )]
    fn assign(&self, assign: &Assign) -> Node {
        let value = self.expr(&assign.value);
        let [target] = assign.targets.as_slice() else {
            let targets = assign
                .targets
                .iter()
                .map(|target| self.target(target))
                .collect();
            return Node::new(
                "Assign",
                vec![("targets", Node::List(targets)), ("value", value)],
            );
        };
        match &target.kind {
            ExprKind::GetAttr(object, attr) => {
                let fields = vec![
                    ("target", self.expr(object)),
                    ("attr", str_literal(&attr.name)),
                    ("value", value),
                ];
                Node::new("SetAttr", fields)
            }
            ExprKind::GetItem(object, args) => {
                let fields = vec![
                    ("target", self.expr(object)),
                    ("args", self.exprs(args)),
                    ("value", value),
                ];
                Node::new("SetItem", fields)
            }
            _ => Node::new(
                "Assign",
                vec![("target", self.target(target)), ("value", value)],
            ),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "other targets are expressions"
    )]
    fn target(&self, target: &Expr) -> Node {
        match &target.kind {
            ExprKind::Name(name) => Node::new("SingleTarget", vec![("name", str_literal(name))]),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                let targets = items.iter().map(|item| self.target(item)).collect();
                Node::new("UnpackTarget", vec![("targets", Node::List(targets))])
            }
            _ => self.expr(target),
        }
    }

    // ---- definitions ----

    fn func_def(&self, def: &FuncDef) -> Node {
        if def.type_params.is_empty() {
            return self.plain_func_def(def, &def.name.name);
        }
        let fields = vec![
            ("name", string(&def.name.name)),
            ("args", self.type_params(&def.type_params)),
            ("inner", self.plain_func_def(def, "__impl")),
            ("symtable", (self.scopes)(Some(def.id)).text()),
        ];
        Node::new("GenericFuncDef", fields)
    }

    fn plain_func_def(&self, def: &FuncDef, name: &str) -> Node {
        let (color, kind) = match def.kind {
            FuncKind::Red => ("red", "plain"),
            FuncKind::Blue => ("blue", "plain"),
            FuncKind::Generic => ("blue", "generic"),
            FuncKind::Metafunc => ("blue", "metafunc"),
        };
        let defaults = def.params.all().filter_map(|param| param.default.as_ref());
        let fields = vec![
            ("color", string(color)),
            ("kind", string(kind)),
            ("name", string(name)),
            ("args", self.params(&def.params)),
            ("return_type", self.expr(&def.returns)),
            (
                "defaults",
                Node::List(defaults.map(|value| self.expr(value)).collect()),
            ),
            ("docstring", optional_string(def.docstring.as_deref())),
            ("body", self.stmts(&def.body)),
            ("decorators", self.exprs(&def.decorators)),
            ("symtable", (self.scopes)(Some(def.inner_id)).text()),
        ];
        Node::new(
            if def.is_async {
                "AsyncFuncDef"
            } else {
                "FuncDef"
            },
            fields,
        )
    }

    fn class_def(&self, def: &ClassDef) -> Node {
        if def.type_params.is_empty() {
            return self.plain_class_def(def, &def.name.name);
        }
        let fields = vec![
            ("name", string(&def.name.name)),
            ("args", self.type_params(&def.type_params)),
            ("inner", self.plain_class_def(def, "Self")),
            ("symtable", (self.scopes)(Some(def.id)).text()),
        ];
        Node::new("GenericClassDef", fields)
    }

    fn plain_class_def(&self, def: &ClassDef, name: &str) -> Node {
        let kind = if def.is_struct { "struct" } else { "class" };
        let mut fields = vec![("name", string(name)), ("kind", string(kind))];
        if !def.bases.is_empty() {
            fields.push(("bases", self.args(&def.bases)));
        }
        fields.push(("docstring", optional_string(def.docstring.as_deref())));
        fields.push(("body", self.stmts(&def.body)));
        if !def.decorators.is_empty() {
            fields.push(("decorators", self.exprs(&def.decorators)));
        }
        fields.push(("symtable", (self.scopes)(Some(def.inner_id)).text()));
        Node::new("ClassDef", fields)
    }

    fn type_params(&self, params: &[TypeParam]) -> Node {
        let args = params.iter().map(|param| {
            let bound = param.bound.as_ref().map(|bound| self.expr(bound));
            let annotation = bound.unwrap_or_else(|| Node::new("Auto", vec![]));
            self.param(&param.name, annotation, "simple")
        });
        Node::List(args.collect())
    }
}

fn global_var(def: Node) -> Node {
    Node::new("GlobalVarDef", vec![("vardef", def)])
}

fn var_def(kind: DeclKind, name: Node, annotation: Node, value: Node) -> Node {
    let kind = match kind {
        DeclKind::Plain => none(),
        DeclKind::Var => string("var"),
        DeclKind::Const => string("const"),
    };
    let fields = vec![
        ("kind", kind),
        ("name", name),
        ("type", annotation),
        ("value", value),
    ];
    Node::new("VarDef", fields)
}

fn names(idents: &[Ident]) -> Node {
    Node::List(idents.iter().map(|ident| string(&ident.name)).collect())
}

fn import(alias: &ImportAlias) -> Node {
    import_node(dotted(&alias.name.name), alias)
}

fn import_from(from: &ImportFrom, alias: &ImportAlias) -> Node {
    let dots = ".".repeat(from.level as usize);
    let module = from.module.as_ref().map_or("", |module| &*module.name);
    let module = dotted(&format!("{dots}{module}"));
    import_node(format!("{module}.{}", alias.name.name), alias)
}

fn import_node(reference: String, alias: &ImportAlias) -> Node {
    let asname = alias.asname.as_ref().unwrap_or(&alias.name);
    let reference = Node::Text(format!("<ImportRef {reference}>"));
    Node::new(
        "Import",
        vec![("ref", reference), ("asname", string(&asname.name))],
    )
}

/// A module's name; in parentheses if it has dots of its own.
fn dotted(module: &str) -> String {
    if module.contains('.') {
        format!("({module})")
    } else {
        module.to_owned()
    }
}
