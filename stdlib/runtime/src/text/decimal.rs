//! The decimal digits of a float, and the two ways to write them down.
//!
//! The digits come from the standard library, which rounds correctly, ties of the exact expansion to
//! even. This module chooses between equally short ones and places the point and the zeros.

/// More digits than any finite `f64` has after its point, or in all.
const DIGITS_MAX: usize = 1100;

/// A finite number without its sign: 0.`digits` × 10^`point`.
pub(crate) struct Decimal {
    /// ASCII digits without zeros at either end; a single `0` for zero.
    digits: String,
    /// The place of the point, counted from the first digit.
    point: i32,
}

impl Decimal {
    /// The fewest digits that read back as `value`, which is finite; of those, the nearest.
    ///
    /// Of two equally near ones the last digit is even, as in David Gay's algorithm, which CPython
    /// uses. The standard library may give the odd one.
    pub(crate) fn shortest(value: f64) -> Decimal {
        let decimal = Decimal::from_scientific(&format!("{:e}", value.abs()));
        if decimal.digits.ends_with(['0', '2', '4', '6', '8']) {
            return decimal;
        }
        // Rounding to the same number of digits is exact, but next to a power of two the nearest
        // digits may belong to the neighbor.
        let even = format!("{:.*e}", decimal.digits.len() - 1, value.abs());
        if even.parse() == Ok(value.abs()) {
            Decimal::from_scientific(&even)
        } else {
            decimal
        }
    }

    /// `value`, which is finite, rounded to `count` significant digits; at least one.
    pub(crate) fn significant(value: f64, count: usize) -> Decimal {
        let places = count.clamp(1, DIGITS_MAX) - 1;
        Decimal::from_scientific(&format!("{:.places$e}", value.abs()))
    }

    /// `value`, which is finite, rounded to `places` digits after the point.
    pub(crate) fn fixed(value: f64, places: usize) -> Decimal {
        let places = places.min(DIGITS_MAX);
        let text = format!("{:.places$}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.trim_start_matches('0');
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_start_matches('0');
        let point = whole.len() as i32 - (digits.len() - significant.len()) as i32;
        Decimal::trimmed(significant, point)
    }

    /// The number that Rust's `{:e}` wrote as `text`.
    fn from_scientific(text: &str) -> Decimal {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        Decimal::trimmed(&mantissa.replace('.', ""), exponent + 1)
    }

    /// The number with `digits`, of which those that mean nothing are dropped.
    fn trimmed(digits: &str, point: i32) -> Decimal {
        match digits.trim_end_matches('0') {
            "" => Decimal {
                digits: "0".to_owned(),
                point: 1,
            },
            digits => Decimal {
                digits: digits.to_owned(),
                point,
            },
        }
    }

    /// Whether the number is zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits == "0"
    }

    /// The exponent of the first digit: 0 for numbers from 1 to 10.
    pub(crate) fn exponent(&self) -> i32 {
        self.point - 1
    }

    /// The number without an exponent, with at least `places` digits after the point.
    ///
    /// The point is left out if nothing follows it and `keep_point` is false.
    pub(crate) fn positional(&self, places: usize, keep_point: bool) -> String {
        let point = usize::try_from(self.point).unwrap_or(0);
        let (whole, fraction) = self.digits.split_at(point.min(self.digits.len()));
        let mut out = String::with_capacity(point + places + 2);
        out.push_str(if point == 0 { "0" } else { whole });
        out.extend(std::iter::repeat_n('0', point - whole.len()));
        let leading = self.point.min(0).unsigned_abs() as usize;
        push_fraction(&mut out, leading, fraction, places, keep_point);
        out
    }

    /// The number with one digit before the point, at least `places` after it, and an exponent of
    /// two digits or more behind `letter`.
    ///
    /// The point is left out if nothing follows it and `keep_point` is false.
    pub(crate) fn scientific(&self, letter: char, places: usize, keep_point: bool) -> String {
        let (first, rest) = self.digits.split_at(1);
        let mut out = first.to_owned();
        push_fraction(&mut out, 0, rest, places, keep_point);
        let exponent = self.exponent();
        let sign = if exponent < 0 { '-' } else { '+' };
        out.push_str(&format!("{letter}{sign}{:02}", exponent.unsigned_abs()));
        out
    }
}

/// Appends the point and what follows it: `leading` zeros, `digits`, and zeros up to `places`.
fn push_fraction(out: &mut String, leading: usize, digits: &str, places: usize, keep_point: bool) {
    let leading = if digits.is_empty() { 0 } else { leading };
    let size = leading + digits.len();
    if size.max(places) > 0 || keep_point {
        out.push('.');
    }
    out.extend(std::iter::repeat_n('0', leading));
    out.push_str(digits);
    out.extend(std::iter::repeat_n('0', places.saturating_sub(size)));
}
