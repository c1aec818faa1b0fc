//! The parsed form of a format spec: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

use crate::error::{ErrorKind, Raise};
use crate::text::decimal_digit;

/// Where the filler goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// `<`: on the right.
    Left,
    /// `>`: on the left.
    Right,
    /// `^`: on both sides.
    Center,
    /// `=`: between sign and digits.
    AfterSign,
}

impl Align {
    /// The alignment that `c` stands for.
    fn from_char(c: char) -> Option<Align> {
        match c {
            '<' => Some(Align::Left),
            '>' => Some(Align::Right),
            '^' => Some(Align::Center),
            '=' => Some(Align::AfterSign),
            _ => None,
        }
    }
}

/// What stands in front of numbers that are not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// `-`: nothing, written out.
    Minus,
    /// `+`: a plus sign.
    Plus,
    /// A space.
    Space,
}

/// A format spec. What it does not mention is `None`.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    /// The filler.
    pub(super) fill: char,
    /// Where the filler goes.
    pub(super) align: Align,
    /// What stands in front of numbers.
    pub(super) sign: Option<Sign>,
    /// `z`: a negative zero loses its sign.
    pub(super) no_negative_zero: bool,
    /// `#`: prefixes, or a point in any case.
    pub(super) alternate: bool,
    /// The least number of characters.
    pub(super) width: usize,
    /// `,` or `_`: what separates groups of digits.
    pub(super) separator: Option<char>,
    /// The digits after the point, or the most characters of a string.
    pub(super) precision: Option<usize>,
    /// The presentation type.
    pub(super) code: Option<char>,
}

/// A `ValueError` with `text`.
pub(super) fn value_error(text: &'static str) -> Raise {
    Raise::new(ErrorKind::ValueError, text)
}

/// The error for a presentation type that the value does not have.
pub(super) fn unknown_code(code: char, type_name: &str) -> Raise {
    let code = quoted_code(code);
    let message = format!("Unknown format code {code} for object of type '{type_name}'");
    Raise::with_text(ErrorKind::ValueError, message)
}

/// A presentation type in quotes; outside printable ASCII as a number.
fn quoted_code(code: char) -> String {
    match code {
        '!'..='\x7f' => format!("'{code}'"),
        _ => format!("'\\x{:x}'", u32::from(code)),
    }
}

impl Spec {
    /// Parses `text` for a value that is aligned `align` by default.
    ///
    /// `default_code` is the presentation type of such values for the error of a grouping that does
    /// not fit. Fails with `ValueError`.
    pub(super) fn parse(
        text: &str,
        align: Align,
        default_code: Option<char>,
        type_name: &str,
    ) -> Result<Spec, Raise> {
        let mut reader = Reader { rest: text };
        let (fill, chosen_align) = reader.fill_and_align();
        let sign = reader.sign();
        let no_negative_zero = reader.eat('z');
        let alternate = reader.eat('#');
        let zero = fill.is_none() && reader.eat('0');
        let zero_align = if align == Align::Right {
            Align::AfterSign
        } else {
            align
        };
        let width = reader.number()?;
        let separator = reader.separator()?;
        let precision = if reader.eat('.') {
            let missing = value_error("Format specifier missing precision");
            Some(reader.number()?.ok_or(missing)?)
        } else {
            None
        };
        let code = reader.code(text, type_name)?;
        let spec = Spec {
            fill: fill.unwrap_or(if zero { '0' } else { ' ' }),
            align: chosen_align.unwrap_or(if zero { zero_align } else { align }),
            sign,
            no_negative_zero,
            alternate,
            width: width.unwrap_or(0),
            separator,
            precision,
            code,
        };
        spec.check_grouping(default_code)?;
        Ok(spec)
    }

    /// Fails unless the presentation type can be grouped the way the spec asks.
    fn check_grouping(&self, default_code: Option<char>) -> Result<(), Raise> {
        let Some(separator) = self.separator else {
            return Ok(());
        };
        match (self.code.or(default_code), separator) {
            (None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F'), _) => Ok(()),
            (Some('b' | 'o' | 'x' | 'X'), '_') => Ok(()),
            (Some(code), _) => {
                let message = format!("Cannot specify '{separator}' with {}.", quoted_code(code));
                Err(Raise::with_text(ErrorKind::ValueError, message))
            }
        }
    }
}

/// The part of a spec that is still to be read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Reads `wanted` if it is next.
    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads an alignment and the filler in front of it.
    fn fill_and_align(&mut self) -> (Option<char>, Option<Align>) {
        let mut chars = self.rest.chars();
        let first = chars.next();
        let after_first = chars.as_str();
        if let Some(align) = chars.next().and_then(Align::from_char) {
            self.rest = chars.as_str();
            return (first, Some(align));
        }
        let align = first.and_then(Align::from_char);
        if align.is_some() {
            self.rest = after_first;
        }
        (None, align)
    }

    /// Reads a sign option.
    fn sign(&mut self) -> Option<Sign> {
        if self.eat('-') {
            Some(Sign::Minus)
        } else if self.eat('+') {
            Some(Sign::Plus)
        } else {
            self.eat(' ').then_some(Sign::Space)
        }
    }

    /// Reads a number in decimal digits of any script.
    fn number(&mut self) -> Result<Option<usize>, Raise> {
        let mut number: Option<i64> = None;
        let mut chars = self.rest.chars();
        while let Some(digit) = chars.next().and_then(decimal_digit) {
            self.rest = chars.as_str();
            let next = number
                .unwrap_or(0)
                .checked_mul(10)
                .and_then(|n| n.checked_add(digit.into()));
            let too_many = value_error("Too many decimal digits in format string");
            number = Some(next.ok_or(too_many)?);
        }
        Ok(number.and_then(|number| usize::try_from(number).ok()))
    }

    /// Reads a grouping option.
    fn separator(&mut self) -> Result<Option<char>, Raise> {
        let both = || Err(value_error("Cannot specify both ',' and '_'."));
        if self.eat(',') {
            return if self.eat('_') { both() } else { Ok(Some(',')) };
        }
        if self.eat('_') {
            return if self.eat(',') { both() } else { Ok(Some('_')) };
        }
        Ok(None)
    }

    /// Reads the presentation type, which must be all that is left of the spec `text`.
    fn code(&mut self, text: &str, type_name: &str) -> Result<Option<char>, Raise> {
        let mut chars = self.rest.chars();
        let code = chars.next();
        if chars.as_str().is_empty() {
            return Ok(code);
        }
        let message = format!("Invalid format specifier '{text}' for object of type '{type_name}'");
        Err(Raise::with_text(ErrorKind::ValueError, message))
    }
}
