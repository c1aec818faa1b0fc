//! "Did you mean": the name closest to a misspelt one.

use std::rc::Rc;

/// The candidate with the smallest edit distance, if that is small enough for a slip of the hand.
///
/// Of equally close ones the first in alphabetical order.
pub fn similar(name: &str, candidates: Vec<Rc<str>>) -> Option<Rc<str>> {
    let limit = match name.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    let visible = |candidate: &Rc<str>| {
        !candidate.starts_with(['@', '_']) && **candidate != *name && candidate.len() < 100
    };
    let mut ranked: Vec<(usize, Rc<str>)> = candidates
        .into_iter()
        .filter(visible)
        .map(|candidate| (distance(name, &candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    ranked.sort();
    ranked.into_iter().next().map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance (Damerau 1964, restricted): insertions, deletions,
/// replacements and swaps of neighbours count one each.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let width = b.len() + 1;
    let mut table = vec![0; (a.len() + 1) * width];
    for row in 0..=a.len() {
        for column in 0..=b.len() {
            let at = |row: usize, column: usize| row * width + column;
            table[at(row, column)] = if row == 0 || column == 0 {
                row + column
            } else {
                let replace = usize::from(a[row - 1] != b[column - 1]);
                let mut best = (table[at(row - 1, column)] + 1)
                    .min(table[at(row, column - 1)] + 1)
                    .min(table[at(row - 1, column - 1)] + replace);
                let swapped = row > 1
                    && column > 1
                    && a[row - 1] == b[column - 2]
                    && a[row - 2] == b[column - 1];
                if swapped {
                    best = best.min(table[at(row - 2, column - 2)] + 1);
                }
                best
            };
        }
    }
    table[table.len() - 1]
}
