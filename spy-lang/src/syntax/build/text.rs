//! String, bytes and f-string literals.

use std::rc::Rc;

use super::super::ast::{Expr, ExprKind, FStringPart, FStringValue, Ident};
use super::Builder;

/// One of several adjacent literals.
pub(in crate::syntax) enum StringPart {
    /// A string.
    Str(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// An f-string.
    FString(Vec<FieldPart>),
}

/// A part of an f-string.
pub(in crate::syntax) type FieldPart = FStringPart;

impl Builder<'_> {
    /// Joins adjacent literals.
    pub(in crate::syntax) fn strings(&mut self, l: u32, parts: Vec<StringPart>, r: u32) -> Expr {
        let is_bytes = |part: &StringPart| matches!(part, StringPart::Bytes(_));
        let bytes_count = parts.iter().filter(|part| is_bytes(part)).count();
        if bytes_count > 0 && bytes_count < parts.len() {
            self.problem(self.span(l, r), "cannot mix bytes and nonbytes literals");
            return self.expr(l, ExprKind::Error, r);
        }
        let kind = if bytes_count > 0 {
            join_bytes(parts)
        } else {
            join_text(parts)
        };
        self.expr(l, kind, r)
    }

    pub(in crate::syntax) fn field_text(&self, text: Rc<str>) -> FieldPart {
        FStringPart::Text(text)
    }

    /// A replacement field; `debug_end` is where the text of `{x=}` ends.
    #[expect(
        clippy::too_many_arguments,
        reason = "one per part of a replacement field"
    )]
    pub(in crate::syntax) fn field(
        &mut self,
        l: u32,
        start: u32,
        value: Expr,
        debug_end: Option<u32>,
        conversion: Option<Ident>,
        spec: Option<Vec<FieldPart>>,
        r: u32,
    ) -> FieldPart {
        let debug_text = debug_end.map(|end| self.file.text[start as usize..end as usize].into());
        let shows_repr = debug_end.is_some() && spec.is_none();
        let conversion = match conversion {
            None => shows_repr.then_some('r'),
            Some(name) => self.conversion(&name),
        };
        let spec = spec.unwrap_or_default();
        let span = self.span(l, r);
        FStringPart::Value(Box::new(FStringValue {
            value,
            debug_text,
            conversion,
            spec,
            span,
        }))
    }

    fn conversion(&mut self, name: &Ident) -> Option<char> {
        match &*name.name {
            "r" => Some('r'),
            "s" => Some('s'),
            "a" => Some('a'),
            other => {
                let message = format!(
                    "f-string: invalid conversion character '{other}': expected 's', 'r', or 'a'"
                );
                self.problem(name.span, message);
                None
            }
        }
    }
}

fn join_bytes(parts: Vec<StringPart>) -> ExprKind {
    let mut joined = Vec::new();
    for part in parts {
        if let StringPart::Bytes(bytes) = part {
            joined.extend_from_slice(&bytes);
        }
    }
    ExprKind::Bytes(joined.into())
}

/// One string, or an f-string if there is any among them.
fn join_text(mut parts: Vec<StringPart>) -> ExprKind {
    if let [StringPart::Str(text)] = parts.as_mut_slice() {
        return ExprKind::Str(text.clone());
    }
    let is_fstring = parts
        .iter()
        .any(|part| matches!(part, StringPart::FString(_)));
    let mut pending = String::new();
    let mut joined = Vec::new();
    for part in parts {
        match part {
            StringPart::Str(text) => pending.push_str(&text),
            StringPart::Bytes(_) => {}
            StringPart::FString(fields) => {
                for field in fields {
                    match field {
                        FStringPart::Text(text) => pending.push_str(&text),
                        FStringPart::Value(_) => {
                            flush(&mut pending, &mut joined);
                            joined.push(field);
                        }
                    }
                }
            }
        }
    }
    if !is_fstring {
        return ExprKind::Str(pending.into());
    }
    flush(&mut pending, &mut joined);
    ExprKind::FString(joined)
}

fn flush(pending: &mut String, joined: &mut Vec<FStringPart>) {
    if !pending.is_empty() {
        joined.push(FStringPart::Text(std::mem::take(pending).into()));
    }
}
