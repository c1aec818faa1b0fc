//! The type checker's messages, as the catalogue words them.

use super::evaluator::Evaluator;
use super::operand::Operand;
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::Failure;
use crate::scope::{Symbol, VarKind, VarOrigin};
use crate::source::Span;
use crate::types::TypeId;

/// A `TypeError`.
pub(super) fn type_error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(ErrorKind::TypeError, message)
}

/// A feature that is recognised and not supported.
pub(super) fn wip(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(ErrorKind::Wip, message)
}

/// Adds the note that every failed resolution of an operator ends with.
pub(super) fn called_here(mut failure: Failure, operator: &str, span: Span) -> Failure {
    *failure = failure.note(format!("operator::{operator} called here"), span);
    failure
}

impl Evaluator<'_> {
    /// `mismatched types`
    pub(super) fn mismatched(&self, expected: TypeId, got: TypeId, span: Span) -> Diagnostic {
        let (expected, got) = (self.type_name(expected), self.type_name(got));
        type_error("mismatched types").error(format!("expected `{expected}`, got `{got}`"), span)
    }

    /// An operation on several operands that no type supports.
    pub(super) fn cannot_do(&self, symbol: &str, operands: &[Operand]) -> Diagnostic {
        let names: Vec<String> = operands.iter().map(|o| self.type_name(o.ty)).collect();
        let message = format!("cannot do `{}` {symbol} `{}`", names[0], names[1]);
        let spans = operands.iter().map(|operand| operand.span);
        names
            .iter()
            .zip(spans)
            .fold(type_error(message), |diagnostic, (name, span)| {
                diagnostic.error(format!("this is `{name}`"), span)
            })
    }

    /// An operation on one operand that its type does not support.
    pub(super) fn unsupported(&self, message: String, operand: &Operand) -> Diagnostic {
        let name = self.type_name(operand.ty);
        let diagnostic = type_error(message).error(format!("this is `{name}`"), operand.span);
        match &operand.symbol {
            Some((name, span)) => diagnostic.note(format!("`{name}` defined here"), *span),
            None => diagnostic,
        }
    }

    /// `invalid assignment target`
    pub(super) fn invalid_target(&self, symbol: &Symbol, span: Span, captured: bool) -> Diagnostic {
        let name = &symbol.name;
        let diagnostic = type_error("invalid assignment target");
        if captured {
            let note = match symbol.kind {
                VarKind::Const => format!("const declared here ({})", symbol.origin.name()),
                VarKind::Var => "declared here".to_owned(),
            };
            return diagnostic
                .error(format!("{name} is captured from an outer function"), span)
                .note(note, symbol.span);
        }
        let diagnostic = diagnostic.error(format!("{name} is const"), span).note(
            format!("const declared here ({})", symbol.origin.name()),
            symbol.span,
        );
        match symbol.origin {
            VarOrigin::GlobalConst => diagnostic.note(
                format!("help: declare it as variable: `var {name} ...` "),
                symbol.span,
            ),
            VarOrigin::BlueParam => {
                diagnostic.note("blue function arguments are const by default", symbol.span)
            }
            VarOrigin::Auto
            | VarOrigin::Explicit
            | VarOrigin::FuncDef
            | VarOrigin::ClassDef
            | VarOrigin::ClassField
            | VarOrigin::RedParam => diagnostic,
        }
    }

    /// `variable already declared`
    pub(super) fn already_declared(name: &str, new: Span, old: Span) -> Diagnostic {
        let message = format!("variable `{name}` already declared");
        Diagnostic::new(ErrorKind::ScopeError, message)
            .error("this is the new declaration", new)
            .note("this is the previous declaration", old)
    }
}

/// `read from uninitialized local`
pub(super) fn uninitialized() -> Diagnostic {
    Diagnostic::new(ErrorKind::Exception, "read from uninitialized local")
}
