//! Patterns of `match`.

use super::super::ast::{Expr, ExprKind, Ident, Pattern, PatternKind};
use super::Builder;

/// An argument of a class pattern.
pub(in crate::syntax) enum ClassArgument {
    /// `pattern`
    Positional(Pattern),
    /// `name=pattern`
    Keyword(Ident, Pattern),
}

/// An entry of a mapping pattern.
pub(in crate::syntax) enum MappingEntry {
    /// `key: pattern`
    Pair(Expr, Pattern),
    /// `**rest`
    Rest(Ident),
}

impl Builder<'_> {
    fn pattern(&self, l: u32, kind: PatternKind, r: u32) -> Pattern {
        Pattern {
            kind,
            span: self.span(l, r),
        }
    }

    pub(in crate::syntax) fn value_pattern(&mut self, l: u32, value: Expr, r: u32) -> Pattern {
        if matches!(value.kind, ExprKind::FString(_)) {
            let message = "patterns may only match literals and attribute lookups";
            self.problem(value.span, message);
        }
        self.pattern(l, PatternKind::Value(value), r)
    }

    pub(in crate::syntax) fn singleton_pattern(&self, l: u32, value: Expr, r: u32) -> Pattern {
        self.pattern(l, PatternKind::Singleton(value), r)
    }

    pub(in crate::syntax) fn capture_pattern(&self, name: Ident) -> Pattern {
        let span = name.span;
        Pattern {
            kind: PatternKind::Capture(captured(name)),
            span,
        }
    }

    pub(in crate::syntax) fn star_pattern(&self, l: u32, name: Ident, r: u32) -> Pattern {
        self.pattern(l, PatternKind::Star(captured(name)), r)
    }

    pub(in crate::syntax) fn as_pattern(
        &mut self,
        l: u32,
        pattern: Pattern,
        name: Ident,
        r: u32,
    ) -> Pattern {
        if &*name.name == "_" {
            self.problem(name.span, "cannot use '_' as a target");
        }
        self.pattern(l, PatternKind::As(Box::new(pattern), name), r)
    }

    pub(in crate::syntax) fn or_pattern(
        &self,
        l: u32,
        first: Pattern,
        rest: Vec<Pattern>,
        r: u32,
    ) -> Pattern {
        if rest.is_empty() {
            return first;
        }
        self.pattern(l, PatternKind::Or(self.prepend(first, rest)), r)
    }

    pub(in crate::syntax) fn sequence_pattern(
        &mut self,
        l: u32,
        items: Vec<Pattern>,
        r: u32,
    ) -> Pattern {
        let is_star = |item: &&Pattern| matches!(item.kind, PatternKind::Star(_));
        let second = items.iter().filter(is_star).nth(1).map(|item| item.span);
        if let Some(span) = second {
            self.problem(span, "multiple starred expressions in sequence pattern");
        }
        self.pattern(l, PatternKind::Sequence(items), r)
    }

    pub(in crate::syntax) fn class_pattern(
        &mut self,
        l: u32,
        class: Expr,
        arguments: Vec<ClassArgument>,
        r: u32,
    ) -> Pattern {
        let (mut positional, mut keywords) = (Vec::new(), Vec::new());
        for argument in arguments {
            match argument {
                ClassArgument::Positional(pattern) => {
                    if !keywords.is_empty() {
                        let message = "positional patterns follow keyword patterns";
                        self.problem(pattern.span, message);
                    }
                    positional.push(pattern);
                }
                ClassArgument::Keyword(name, pattern) => keywords.push((name, pattern)),
            }
        }
        self.pattern(l, PatternKind::Class(class, positional, keywords), r)
    }

    pub(in crate::syntax) fn mapping_pattern(
        &mut self,
        l: u32,
        entries: Vec<MappingEntry>,
        r: u32,
    ) -> Pattern {
        let (mut pairs, mut rest) = (Vec::new(), None);
        for entry in entries {
            match entry {
                MappingEntry::Pair(key, pattern) => {
                    if rest.is_some() {
                        self.problem(key.span, "invalid syntax");
                    }
                    pairs.push((key, pattern));
                }
                MappingEntry::Rest(name) => rest = Some(name),
            }
        }
        self.pattern(l, PatternKind::Mapping(pairs, rest), r)
    }
}

/// The captured name; none for the wildcard `_`.
fn captured(name: Ident) -> Option<Ident> {
    (&*name.name != "_").then_some(name)
}
