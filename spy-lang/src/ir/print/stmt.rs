//! Functions and statements.

use super::{Names, Printer};
use crate::ir::{Expr, ExprKind, Function, Handler, LocalId, RaiseSource, Stmt, StmtKind, Try};
use crate::program::Value;
use crate::source::Span;
use crate::types::TypeId;

impl Printer<'_> {
    pub(super) fn function(&mut self, function: &Function) {
        let name = self.definition_name(&function.fqn);
        let params: Vec<String> = function.locals[..function.param_count]
            .iter()
            .map(|param| format!("{}: {}", param.name, self.type_name(param.ty)))
            .collect();
        let result = self.type_name(function.result);
        self.text
            .push_str(&format!("def {name}({}) -> {result}:\n", params.join(", ")));
        self.block(&function.body, 1);
    }

    fn block(&mut self, stmts: &[Stmt], depth: usize) {
        if stmts.is_empty() {
            self.line(depth, "pass");
        }
        for stmt in stmts {
            self.stmt(stmt, depth);
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"    ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn stmt(&mut self, stmt: &Stmt, depth: usize) {
        match &stmt.kind {
            StmtKind::If(test, then, orelse) if then.is_empty() && !orelse.is_empty() => {
                let test = self.negated(test);
                self.line(depth, &format!("if {test}:"));
                self.block(orelse, depth + 1);
            }
            StmtKind::If(test, then, orelse) => {
                let test = self.expr(test);
                self.line(depth, &format!("if {test}:"));
                self.block(then, depth + 1);
                if !orelse.is_empty() {
                    self.line(depth, "else:");
                    self.block(orelse, depth + 1);
                }
            }
            StmtKind::While(test, body, orelse) => {
                let test = self.expr(test);
                self.line(depth, &format!("while {test}:"));
                self.block(body, depth + 1);
                if !orelse.is_empty() {
                    self.line(depth, "else:");
                    self.block(orelse, depth + 1);
                }
            }
            StmtKind::Try(guarded) => self.try_stmt(guarded, depth),
            StmtKind::Declare(_)
            | StmtKind::Assign(..)
            | StmtKind::Unpack(..)
            | StmtKind::StoreGlobal(..)
            | StmtKind::Expr(_)
            | StmtKind::Return(_)
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Pass
            | StmtKind::Raise(..)
            | StmtKind::Assert(..) => {
                let text = self.simple(stmt);
                self.line(depth, &text);
            }
        }
    }

    fn try_stmt(&mut self, guarded: &Try, depth: usize) {
        self.line(depth, "try:");
        self.block(&guarded.body, depth + 1);
        for handler in &guarded.handlers {
            let header = self.handler_header(handler);
            self.line(depth, &header);
            self.block(&handler.body, depth + 1);
        }
        for (header, body) in [("else:", &guarded.orelse), ("finally:", &guarded.finalbody)] {
            if !body.is_empty() {
                self.line(depth, header);
                self.block(body, depth + 1);
            }
        }
    }

    /// `except (A, B) as e:`
    fn handler_header(&mut self, handler: &Handler) -> String {
        let classes: Vec<String> = handler
            .classes
            .iter()
            .map(|class| self.type_name(*class))
            .collect();
        let classes = match classes.as_slice() {
            [class] => class.clone(),
            classes => format!("({})", classes.join(", ")),
        };
        match handler.binding {
            Some(local) => {
                self.declared.insert(local);
                format!("except {classes} as {}:", self.local_name(local))
            }
            None => format!("except {classes}:"),
        }
    }

    fn inline_try(&mut self, guarded: &Try) -> String {
        let mut text = format!("try: {}", self.inline(&guarded.body));
        for handler in &guarded.handlers {
            let header = self.handler_header(handler);
            text.push_str(&format!(" {header} {}", self.inline(&handler.body)));
        }
        for (header, body) in [("else", &guarded.orelse), ("finally", &guarded.finalbody)] {
            if !body.is_empty() {
                text.push_str(&format!(" {header}: {}", self.inline(body)));
            }
        }
        text
    }

    /// A statement on one line; compound ones appear only inside blocks of expressions.
    pub(super) fn simple(&mut self, stmt: &Stmt) -> String {
        match &stmt.kind {
            StmtKind::Declare(local) => {
                self.declared.insert(*local);
                format!("{}: {}", self.local_name(*local), self.local_type(*local))
            }
            StmtKind::Assign(local, value) => {
                let value = self.expr(value);
                let name = self.local_name(*local);
                if self.declared.insert(*local) {
                    format!("{name}: {} = {value}", self.local_type(*local))
                } else {
                    format!("{name} = {value}")
                }
            }
            StmtKind::Unpack(locals, value) => {
                let value = self.expr(value);
                let names: Vec<String> =
                    locals.iter().map(|local| self.local_name(*local)).collect();
                self.declared.extend(locals.iter().copied());
                format!("{} = {value}", names.join(", "))
            }
            StmtKind::StoreGlobal(global, value) => {
                let name = self.name(&self.program.global(*global).fqn);
                format!("{name} = {}", self.expr(value))
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Return(value) => self.return_text(value, stmt.span),
            StmtKind::Break => "break".to_owned(),
            StmtKind::Continue => "continue".to_owned(),
            StmtKind::Pass => "pass".to_owned(),
            StmtKind::Raise(source, cause) => self.raise(source, cause.as_ref(), stmt.span),
            StmtKind::Try(guarded) => self.inline_try(guarded),
            StmtKind::Assert(test, message) => {
                let test = self.expr(test);
                match message {
                    Some(message) => format!("assert {test}, {}", self.expr(message)),
                    None => format!("assert {test}"),
                }
            }
            StmtKind::If(test, then, orelse) => {
                let (test, then) = (self.expr(test), self.inline(then));
                match orelse.as_slice() {
                    [] => format!("if {test}: {then}"),
                    orelse => format!("if {test}: {then} else: {}", self.inline(orelse)),
                }
            }
            StmtKind::While(test, body, _) => {
                format!("while {}: {}", self.expr(test), self.inline(body))
            }
        }
    }

    fn inline(&mut self, stmts: &[Stmt]) -> String {
        let stmts: Vec<String> = stmts.iter().map(|stmt| self.simple(stmt)).collect();
        stmts.join("; ")
    }

    fn return_text(&mut self, value: &Expr, span: Span) -> String {
        let implied = matches!(&value.kind, ExprKind::Const(Value::None)) && value.span == span;
        if implied && value.ty == TypeId::NONE {
            return "return None".to_owned();
        }
        format!("return {}", self.expr(value))
    }

    fn raise(&mut self, source: &RaiseSource, cause: Option<&Expr>, span: Span) -> String {
        let place = self.place(span);
        let (class, message) = match source {
            RaiseSource::New(class, message) => {
                let message = message.as_ref().map(|message| self.expr(message));
                (self.program.type_name(*class), message)
            }
            RaiseSource::Value(value) => (self.expr(value), None),
            RaiseSource::Again => return "raise".to_owned(),
            RaiseSource::Compiler(error) => {
                let error = &self.program.errors[error.0 as usize];
                let message = spy_runtime::text::str_repr(&error.message);
                let message = (!error.message.is_empty()).then_some(message);
                (error.class_name().to_owned(), message)
            }
        };
        let from = cause.map_or_else(String::new, |cause| format!(" from {}", self.expr(cause)));
        let is_new = !matches!(source, RaiseSource::Value(_));
        if self.names == Names::Full && is_new && cause.is_none() {
            let message = message.unwrap_or_else(|| "''".to_owned());
            let line = self.program.sources.start(span).line;
            let file = self.program.sources.file(span.file).name.clone();
            return format!("`operator::raise`('{class}', {message}, '{file}', {line})");
        }
        match message {
            Some(message) => format!("raise {class}({message}){from} # {place}"),
            None => format!("raise {class}{from} # {place}"),
        }
    }

    /// `/.../file.spy:3`
    fn place(&self, span: Span) -> String {
        let file = &self.program.sources.file(span.file).name;
        let file = file.rsplit('/').next().unwrap_or(file);
        format!("/.../{file}:{}", self.program.sources.start(span).line)
    }

    pub(super) fn local_name(&self, local: LocalId) -> String {
        let function = self.function.expect("locals are printed inside functions");
        function.locals[local.0 as usize].name.to_string()
    }

    fn local_type(&self, local: LocalId) -> String {
        let function = self.function.expect("locals are printed inside functions");
        self.type_name(function.locals[local.0 as usize].ty)
    }
}
