//! Laying out the parts of a number: filler, sign, prefix, grouped digits and the rest.

use crate::error::Raise;
use crate::format::spec::{Align, Sign, Spec};
use crate::string::{len, surround};

/// The parts of a number's text.
pub(super) struct Number<'a> {
    /// Whether there is a minus sign.
    pub(super) negative: bool,
    /// What stands between sign and digits, such as `0x`.
    pub(super) prefix: &'a str,
    /// The digits that can be grouped and filled up with zeros.
    pub(super) digits: &'a str,
    /// The point, what follows it, or the whole of a word.
    pub(super) rest: &'a str,
    /// The number of digits between separators.
    pub(super) group: usize,
}

impl Number<'_> {
    /// The number laid out as `spec` asks.
    ///
    /// Fails with `MemoryError` when there is no room for the result.
    pub(super) fn lay_out(&self, spec: &Spec) -> Result<String, Raise> {
        let sign = match (self.negative, spec.sign) {
            (true, _) => "-",
            (false, Some(Sign::Plus)) => "+",
            (false, Some(Sign::Space)) => " ",
            (false, Some(Sign::Minus) | None) => "",
        };
        let fixed = sign.len() + self.prefix.len() + len(self.rest);
        let zero_fill = spec.fill == '0' && spec.align == Align::AfterSign;
        let room = if zero_fill {
            spec.width.saturating_sub(fixed)
        } else {
            0
        };
        let digits = self.grouped_digits(spec.separator, room)?;
        let body = format!("{digits}{}", self.rest);
        let missing = spec.width.saturating_sub(fixed + digits.len());
        if spec.align == Align::AfterSign {
            let filled = surround(&body, missing, 0, spec.fill)?;
            return Ok(format!("{sign}{}{filled}", self.prefix));
        }
        pad(&format!("{sign}{}{body}", self.prefix), missing, spec)
    }

    /// The digits with separators between groups, filled up with zeros to `width` characters.
    ///
    /// A separator never comes first, so the result may be one character wider.
    fn grouped_digits(&self, separator: Option<char>, width: usize) -> Result<String, Raise> {
        if self.digits.is_empty() {
            return Ok(String::new());
        }
        let Some(separator) = separator else {
            return surround(self.digits, width.saturating_sub(self.digits.len()), 0, '0');
        };
        // Each separator takes the place of a digit, but none can come first.
        let separator_first = width > 0 && width.is_multiple_of(self.group + 1);
        let wanted = width - width / (self.group + 1) + usize::from(separator_first);
        let zeros = wanted.saturating_sub(self.digits.len());
        let digits = surround(self.digits, zeros, 0, '0')?;
        let mut out = String::with_capacity(digits.len() + digits.len() / self.group);
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(self.group) {
                out.push(separator);
            }
            out.push(digit);
        }
        Ok(out)
    }
}

/// `text` with `missing` times the filler of `spec`.
pub(super) fn pad(text: &str, missing: usize, spec: &Spec) -> Result<String, Raise> {
    let left = match spec.align {
        Align::Left => 0,
        Align::Right | Align::AfterSign => missing,
        Align::Center => missing / 2,
    };
    surround(text, left, missing - left, spec.fill)
}
