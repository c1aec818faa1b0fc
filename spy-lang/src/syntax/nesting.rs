//! A bound on the depth of the tree, found before it is built.
//!
//! Every pass over the tree recurses, and so does freeing it. No path in the tree of a line is
//! longer than the operators on it, so counting tokens between commas gives a bound in linear time.

use super::token::{Problem, Spanned, Token};

/// Levels that every later pass can recurse through.
const MAX_DEPTH: usize = 1000;

/// The problem of a line whose expressions are nested too deeply.
pub(super) fn check(line: &[Spanned]) -> Option<Problem> {
    if line.len() <= MAX_DEPTH {
        return None;
    }
    let mut open = vec![Group::default()];
    for (start, token, _) in line {
        if token.opens() {
            open.push(Group::default());
        } else if token.closes() {
            let inner = open.pop().unwrap_or_default().depth();
            if open.is_empty() {
                open.push(Group::default());
            }
            if let Some(group) = open.last_mut() {
                // A call or subscript is itself an operator; the fields of an f-string lie side by
                // side.
                group.operators += usize::from(*token != Token::FieldClose);
                group.inner = group.inner.max(inner);
            }
        } else if let Some(group) = open.last_mut() {
            group.add(token);
        }
        if open.last().is_some_and(|group| group.depth() > MAX_DEPTH) {
            return Some(Problem::new(
                *start as usize,
                "expression is nested too deeply",
            ));
        }
    }
    None
}

/// What an open bracket contains so far.
#[derive(Default)]
struct Group {
    /// Operators since the last comma.
    operators: usize,
    /// Lambdas: their parameters have commas that end nothing.
    lambdas: usize,
    /// The depth of the deepest bracket since the last comma.
    inner: usize,
    /// The depth of the deepest part before the last comma.
    before: usize,
}

impl Group {
    fn depth(&self) -> usize {
        self.lambdas + self.before.max(self.operators + self.inner)
    }

    fn add(&mut self, token: &Token) {
        if matches!(token, Token::Comma | Token::Semicolon) {
            self.before = self.before.max(self.operators + self.inner);
            self.operators = 0;
            self.inner = 0;
        } else if *token == Token::Lambda {
            self.lambdas += 1;
        } else if !token.is_operand() {
            self.operators += 1;
        }
    }
}
