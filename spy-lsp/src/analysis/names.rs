//! What redshift recorded about expressions, and names that stand in no expression.
//!
//! Expressions of blue code and of generic functions are evaluated many times: what differs
//! between those times is left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use spy_lang::program::{FuncBody, ModuleId, Program, Value};
use spy_lang::redshift::{Color, ExprFact};
use spy_lang::scope::{ScopeTree, params};
use spy_lang::source::{FileId, Span};
use spy_lang::syntax::ast::{Expr, ExprKind, Ident, Stmt};
use spy_lang::syntax::walk::{Visit, walk_expr, walk_stmt};
use spy_lang::types::{FuncColor, TypeId, TypeKind};

use super::imports::{Import, bytes};
use super::{Location, Name, Source};

/// Files as locations refer to them, each copied once.
pub(super) struct Sources<'a> {
    program: &'a Program,
    known: BTreeMap<FileId, Option<Arc<Source>>>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        Self {
            program,
            known: BTreeMap::new(),
        }
    }

    /// The place of a span; `None` in what is no file: the builtins and the standard library.
    pub(super) fn location(&mut self, span: Span) -> Option<Location> {
        let program = self.program;
        let source = self.known.entry(span.file).or_insert_with(|| {
            let file = program.sources.file(span.file);
            let is_file = !span.is_builtin() && !file.name.starts_with("<stdlib>");
            is_file.then(|| {
                Arc::new(Source {
                    file: file.name.to_string(),
                    text: file.text.to_string(),
                })
            })
        });
        let source = source.clone()?;
        Some(Location {
            source,
            range: bytes(span),
        })
    }
}

/// How often an expression is looked at that is evaluated again and again.
const MOST_TIMES: usize = 8;

/// The expressions, attributes and definitions of a file.
pub(super) fn of(program: &Program, root: FileId, imports: &[Import]) -> Vec<Name> {
    let mut facts: BTreeMap<(u32, u32), Vec<&ExprFact>> = BTreeMap::new();
    for fact in program
        .facts
        .exprs
        .iter()
        .filter(|fact| fact.span.file == root)
    {
        let times = facts.entry((fact.span.start, fact.span.end)).or_default();
        if times.len() < MOST_TIMES {
            times.push(fact);
        }
    }
    let mut finder = Finder {
        program,
        imports,
        sources: Sources::new(program),
        facts,
    };
    let mut names = finder.expressions();
    names.extend(finder.attributes(root));
    names.extend(finder.definitions(root));
    names.extend(finder.imported());
    names
}

struct Finder<'a> {
    program: &'a Program,
    imports: &'a [Import],
    sources: Sources<'a>,
    /// By start and end.
    facts: BTreeMap<(u32, u32), Vec<&'a ExprFact>>,
}

impl Finder<'_> {
    fn expressions(&mut self) -> Vec<Name> {
        let facts = std::mem::take(&mut self.facts);
        let names = facts.values().map(|times| self.expression(times)).collect();
        self.facts = facts;
        names
    }

    /// What all evaluations of an expression have in common.
    fn expression(&mut self, times: &[&ExprFact]) -> Name {
        let first = times[0];
        let meaning = self.program.meaning(times);
        Name {
            range: bytes(first.span),
            ty: Some(meaning.ty),
            color: Some(meaning.color),
            value: meaning.value,
            definition: self.declaration(first),
        }
    }

    /// Where a name is declared; of an imported one, where it is in its module.
    fn declaration(&mut self, fact: &ExprFact) -> Option<Location> {
        let declared = fact.definition?;
        let name = self.program.sources.text(fact.span);
        let (stmt, file) = (bytes(declared), declared.file);
        let import = self.imports.iter().find(|import| {
            file == fact.span.file
                && &*import.bound == name
                && import.stmt.start <= stmt.start
                && stmt.end <= import.stmt.end
        });
        match import {
            Some(import) => self.import_target(import),
            None => self.sources.location(declared),
        }
    }

    fn import_target(&mut self, import: &Import) -> Option<Location> {
        let module = self.program.module_names.get(&import.module).copied()?;
        match &import.attr {
            Some(attr) => self.member(module, attr),
            None => {
                let file = self.program.module(module).file;
                self.sources.location(Span::new(file, 0, 0))
            }
        }
    }

    /// Where a name of a module is declared.
    fn member(&mut self, module: ModuleId, name: &str) -> Option<Location> {
        let mut place = (module, name.to_owned());
        // Modules may pass on what they import themselves.
        for _ in 0..16 {
            let (_, scopes) = self.program.module(place.0).source.as_ref()?;
            let symbol = scopes.symbol(ScopeTree::MODULE, &place.1)?;
            let Some(import) = &symbol.import else {
                return self.sources.location(symbol.span);
            };
            let module = *self.program.module_names.get(&import.module)?;
            match &import.attr {
                Some(attr) => place = (module, attr.to_string()),
                None => {
                    let file = self.program.module(module).file;
                    return self.sources.location(Span::new(file, 0, 0));
                }
            }
        }
        None
    }

    /// The names after a dot.
    fn attributes(&mut self, root: FileId) -> Vec<Name> {
        let module = self
            .program
            .modules
            .iter()
            .find(|module| module.file == root);
        let Some((ast, _)) = module.and_then(|module| module.source.clone()) else {
            return Vec::new();
        };
        let mut collector = Collector(Vec::new());
        ast.body.iter().for_each(|stmt| collector.visit_stmt(stmt));
        let attributes = collector.0.into_iter();
        attributes
            .filter_map(|attribute| self.attribute(&attribute))
            .collect()
    }

    fn attribute(&mut self, attribute: &Attribute) -> Option<Name> {
        let fact_of = |span: Span| self.facts.get(&(span.start, span.end));
        let whole = fact_of(attribute.whole).cloned();
        let target = *fact_of(attribute.target)?.first()?;
        let name = &*attribute.name.name;
        let (definition, member) = match &target.value {
            Some(Value::Module(module)) => {
                let member = self.program.module(*module).members.get(name).cloned();
                (self.member(*module, name), member)
            }
            Some(Value::Type(ty)) => self.type_member(*ty, name),
            Some(_) | None => self.type_member(target.ty, name),
        };
        let mut found = Name {
            range: bytes(attribute.name.span),
            ty: member
                .as_ref()
                .map(|value| self.program.type_name(self.program.type_of(value))),
            color: None,
            value: member.and_then(|value| self.program.short_text(&value)),
            definition,
        };
        if !attribute.is_call
            && let Some(times) = whole
        {
            let expression = self.expression(&times);
            let definition = found.definition.take();
            found = Name {
                range: found.range,
                definition,
                ..expression
            };
        }
        Some(found)
    }

    /// A field or method: where it is declared, and what it is unless it is a field.
    fn type_member(&mut self, ty: TypeId, name: &str) -> (Option<Location>, Option<Value>) {
        let program = self.program;
        if let TypeKind::Struct(Some(layout)) = program.types.kind(ty)
            && let Some(field) = layout.fields.iter().find(|field| &*field.name == name)
        {
            return (self.sources.location(field.span), None);
        }
        let member = program.types.get(ty).members.get(name);
        let place = match member {
            Some(Value::Func(func)) => Some(program.func(*func).prototype),
            Some(Value::Descriptor(descriptor)) => Some(program.func(descriptor.func).prototype),
            Some(Value::Type(ty)) => Some(program.types.get(*ty).span),
            Some(_) | None => None,
        };
        (
            place.and_then(|span| self.sources.location(span)),
            member.cloned(),
        )
    }

    /// The names in `def` lines: functions and their parameters.
    fn definitions(&mut self, root: FileId) -> Vec<Name> {
        let program = self.program;
        let mut names: BTreeMap<usize, Name> = BTreeMap::new();
        for func in &program.functions {
            let FuncBody::Source(closure) = &func.body else {
                continue;
            };
            if closure.def.name.span.file != root {
                continue;
            }
            let Some(ty) = program.types.as_func(func.ty) else {
                continue;
            };
            let color = if ty.color == FuncColor::Red {
                Color::Red
            } else {
                Color::Blue
            };
            let param = params(&closure.def)
                .zip(&ty.params)
                .map(|(param, ty)| (param.name.span, program.type_name(ty.ty), Some(color)));
            let name = (closure.def.name.span, program.type_name(func.ty), None);
            for (span, ty, color) in param.chain([name]) {
                names.entry(span.start as usize).or_insert_with(|| Name {
                    range: bytes(span),
                    ty: Some(ty),
                    color,
                    value: None,
                    definition: self.sources.location(span),
                });
            }
        }
        names.into_values().collect()
    }

    /// The names in import statements.
    fn imported(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        for import in self.imports {
            let module = self.program.module_names.get(&import.module).copied();
            let value = match (&import.attr, module) {
                (_, None) => None,
                (None, Some(module)) => Some(Value::Module(module)),
                (Some(attr), Some(module)) => {
                    self.program.module(module).members.get(attr).cloned()
                }
            };
            names.push(Name {
                range: import.alias.clone(),
                ty: value
                    .as_ref()
                    .map(|v| self.program.type_name(self.program.type_of(v))),
                color: None,
                value: value.and_then(|value| self.program.short_text(&value)),
                definition: self.import_target(import),
            });
        }
        names
    }
}

/// `target.name` or `target.name(…)`
struct Attribute {
    whole: Span,
    target: Span,
    name: Ident,
    is_call: bool,
}

struct Collector(Vec<Attribute>);

impl Visit for Collector {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        let parts = if let ExprKind::GetAttr(target, name) = &expr.kind {
            Some((target, name, false))
        } else if let ExprKind::CallMethod(target, name, _) = &expr.kind {
            Some((target, name, true))
        } else {
            None
        };
        if let Some((target, name, is_call)) = parts {
            let (whole, target, name) = (expr.span, target.span, name.clone());
            self.0.push(Attribute {
                whole,
                target,
                name,
                is_call,
            });
        }
        walk_expr(self, expr);
    }
}
