//! `str.format` with a text known at compile time: what an f-string with the arguments would be.

use std::rc::Rc;

use super::arguments::Arguments;
use super::errors::type_error;
use super::evaluator::Evaluator;
use super::operand::{Action, Operand, Operation, Recipe};
use crate::diagnostics::{Diagnostic, ErrorKind};
use crate::program::{Failure, Value};
use crate::source::Span;
use crate::types::TypeId;

/// A piece of a format.
enum Piece<'t> {
    Text(String),
    /// `{name!conversion:spec}`; an empty name is the next number.
    Field {
        name: &'t str,
        conversion: Option<char>,
        spec: &'t str,
    },
}

impl Evaluator<'_> {
    /// `template.format(args)`
    pub(super) fn format_method(
        &mut self,
        template: &Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        let Some(Value::Str(text)) = template.blue_value().cloned() else {
            return self.format_at_run_time(template, args, span);
        };
        let pieces = pieces(&text)?;
        let Arguments { operands, keywords } = args;
        let names: Vec<Option<Rc<str>>> = keywords
            .into_iter()
            .map(|keyword| keyword.map(|keyword| keyword.name))
            .collect();
        if self.is_blue() {
            return self.filled(&pieces, &operands, &names, span);
        }
        let (result, stmts) = self.capture(|this| {
            let held: Result<Vec<Operand>, Failure> = operands
                .into_iter()
                .map(|operand| this.hold(operand))
                .collect();
            this.filled(&pieces, &held?, &names, span)
        })?;
        Ok(super::expr::with_statements(stmts, result))
    }

    /// `template.format(args)` of a text that is not known at compile time: the library finds the
    /// fields when it runs.
    fn format_at_run_time(
        &mut self,
        template: &Operand,
        args: Arguments,
        span: Span,
    ) -> Result<Operand, Failure> {
        if let Some(keyword) = args.keywords.iter().flatten().next() {
            let message = "`str.format` with names needs a text known at compile time";
            return Err(type_error(message)
                .error("this is red", template.span)
                .note("a name is given here", keyword.span)
                .help("use an f-string".to_owned())
                .into());
        }
        let items = self.tuple_of(args.operands, span)?;
        let format = self.instance("_str", "_formatter", &[Value::Type(items.ty)], span)?;
        let operation = Operation {
            action: Action::Call(format),
            args: vec![Recipe::Operand(0), Recipe::Operand(1)],
            result: TypeId::STR,
        };
        self.apply(operation, vec![template.clone(), items], span)
    }

    fn filled(
        &mut self,
        pieces: &[Piece<'_>],
        operands: &[Operand],
        names: &[Option<Rc<str>>],
        span: Span,
    ) -> Result<Operand, Failure> {
        let mut parts = Vec::with_capacity(pieces.len());
        let mut next = 0;
        for piece in pieces {
            parts.push(match piece {
                Piece::Text(text) => self.known(Value::str(text), span),
                Piece::Field {
                    name,
                    conversion,
                    spec,
                } => {
                    let operand = argument(name, &mut next, operands, names)?.clone();
                    let operand = match conversion {
                        Some('r') => self.representation(operand, span)?,
                        Some('a') => self.ascii(operand, span)?,
                        Some(_) => self.text(operand, span)?,
                        None => operand,
                    };
                    if spec.is_empty() {
                        self.text(operand, span)?
                    } else {
                        let spec = self.known(Value::str(spec), span);
                        self.formatted(operand, spec, span)?
                    }
                }
            });
        }
        self.joined(parts, span)
    }
}

/// The argument that a field names.
fn argument<'o>(
    name: &str,
    next: &mut usize,
    operands: &'o [Operand],
    names: &[Option<Rc<str>>],
) -> Result<&'o Operand, Failure> {
    let number = if name.is_empty() {
        *next += 1;
        Some(*next - 1)
    } else {
        name.parse::<usize>().ok()
    };
    if let Some(number) = number {
        let positional = names.iter().take_while(|name| name.is_none()).count();
        return operands[..positional].get(number).ok_or_else(|| {
            let message =
                format!("Replacement index {number} out of range for positional args tuple");
            Diagnostic::new(ErrorKind::IndexError, message).into()
        });
    }
    let found = names
        .iter()
        .position(|known| known.as_deref() == Some(name));
    match found {
        Some(found) => Ok(&operands[found]),
        None => Err(Diagnostic::new(ErrorKind::KeyError, format!("'{name}'")).into()),
    }
}

/// The pieces of a format, in order.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Failure> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        literal.push_str(before);
        let brace = &after[..1];
        rest = &after[1..];
        if let Some(more) = rest.strip_prefix(brace) {
            literal.push_str(brace);
            rest = more;
            continue;
        }
        if brace == "}" {
            return Err(malformed("Single '}' encountered in format string"));
        }
        let Some((field, more)) = rest.split_once('}') else {
            return Err(malformed("Single '{' encountered in format string"));
        };
        if field.contains('{') {
            return Err(malformed(
                "fields in format specifications are not supported",
            ));
        }
        rest = more;
        pieces.push(Piece::Text(std::mem::take(&mut literal)));
        pieces.push(piece(field)?);
    }
    literal.push_str(rest);
    pieces.push(Piece::Text(literal));
    Ok(pieces)
}

/// `name!conversion:spec`
fn piece(field: &str) -> Result<Piece<'_>, Failure> {
    let (head, spec) = field.split_once(':').unwrap_or((field, ""));
    let (name, conversion) = match head.split_once('!') {
        None => (head, None),
        Some((name, "r")) => (name, Some('r')),
        Some((name, "a")) => (name, Some('a')),
        Some((name, "s")) => (name, Some('s')),
        Some(_) => return Err(malformed("unknown conversion specifier in format string")),
    };
    if name.contains(['.', '[']) {
        return Err(malformed(
            "attributes and items in formats are not supported",
        ));
    }
    Ok(Piece::Field {
        name,
        conversion,
        spec,
    })
}

fn malformed(message: &str) -> Failure {
    Diagnostic::new(ErrorKind::ValueError, message.to_owned()).into()
}
