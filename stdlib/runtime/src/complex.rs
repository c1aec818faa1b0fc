//! `complex128`: arithmetic, text form and parsing as in CPython's `complexobject.c`.

use crate::error::{ErrorKind, Raise};
use crate::text::{ascii_number, f64_short, float_prefix};

/// `z / 0j`.
pub const DIV_BY_ZERO: &str = "complex division by zero";
/// `complex("spam")`.
pub const MALFORMED: &str = "complex() arg is a malformed string";

/// A complex number. Equality is that of the parts, so NaN is unequal to itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}

impl Complex {
    /// The number `re + im*j`.
    #[inline]
    pub const fn new(re: f64, im: f64) -> Complex {
        Complex { re, im }
    }

    /// The number with the imaginary part negated.
    #[inline]
    pub fn conjugate(self) -> Complex {
        Complex::new(self.re, -self.im)
    }

    /// `self / other`.
    ///
    /// Divides by the larger part of the divisor first (Smith's method), so that intermediate
    /// results do not overflow. Fails with `ZeroDivisionError` when `other` is zero.
    pub fn true_div(self, other: Complex) -> Result<Complex, Raise> {
        let (abs_re, abs_im) = (other.re.abs(), other.im.abs());
        if abs_re >= abs_im {
            if abs_re == 0.0 {
                return Err(Raise::new(ErrorKind::ZeroDivisionError, DIV_BY_ZERO));
            }
            let ratio = other.im / other.re;
            let scale = other.re + other.im * ratio;
            Ok(Complex::new(
                (self.re + self.im * ratio) / scale,
                (self.im - self.re * ratio) / scale,
            ))
        } else if abs_im >= abs_re {
            let ratio = other.re / other.im;
            let scale = other.re * ratio + other.im;
            Ok(Complex::new(
                (self.re * ratio + self.im) / scale,
                (self.im * ratio - self.re) / scale,
            ))
        } else {
            // A part of the divisor is NaN.
            Ok(Complex::new(f64::NAN, f64::NAN))
        }
    }

    /// The text form: `1j`, `(1+2j)`, `(-0-1j)`.
    pub fn repr(self) -> String {
        let im = f64_short(self.im);
        if self.re == 0.0 && self.re.is_sign_positive() {
            return format!("{im}j");
        }
        let plus = if im.starts_with('-') { "" } else { "+" };
        format!("({}{plus}{im}j)", f64_short(self.re))
    }

    /// The value of `complex(text)`.
    ///
    /// Accepts `1`, `2j`, `1+2j`, `1+j`, `j` and their signed forms, in optional parentheses with
    /// optional blanks around them. Anything else is a `ValueError`.
    pub fn parse(text: &str) -> Result<Complex, Raise> {
        parse_parts(text).ok_or(Raise::new(ErrorKind::ValueError, MALFORMED))
    }
}

impl std::ops::Add for Complex {
    type Output = Complex;

    #[inline]
    fn add(self, other: Complex) -> Complex {
        Complex::new(self.re + other.re, self.im + other.im)
    }
}

impl std::ops::Sub for Complex {
    type Output = Complex;

    #[inline]
    fn sub(self, other: Complex) -> Complex {
        Complex::new(self.re - other.re, self.im - other.im)
    }
}

impl std::ops::Mul for Complex {
    type Output = Complex;

    #[inline]
    fn mul(self, other: Complex) -> Complex {
        Complex::new(
            self.re * other.re - self.im * other.im,
            self.re * other.im + self.im * other.re,
        )
    }
}

impl std::ops::Neg for Complex {
    type Output = Complex;

    #[inline]
    fn neg(self) -> Complex {
        Complex::new(-self.re, -self.im)
    }
}

/// The number that all of `text` denotes.
fn parse_parts(text: &str) -> Option<Complex> {
    let plain = ascii_number(text)?;
    let blank = |c: char| c.is_ascii_whitespace() || c == '\x0b';
    let mut body = plain.trim_matches(blank);
    if let Some(open) = body.strip_prefix('(') {
        body = open.strip_suffix(')')?.trim_matches(blank);
    }
    let Some((first, rest)) = float_prefix(body) else {
        return Some(Complex::new(0.0, imaginary_unit(body)?));
    };
    match rest {
        "" => Some(Complex::new(first, 0.0)),
        "j" | "J" => Some(Complex::new(0.0, first)),
        signed if signed.starts_with(['+', '-']) => {
            let im = match float_prefix(signed) {
                Some((im, "j" | "J")) => im,
                Some(_) => return None,
                None => imaginary_unit(signed)?,
            };
            Some(Complex::new(first, im))
        }
        _ => None,
    }
}

/// The value of `j`, `+j` and `-j`.
fn imaginary_unit(text: &str) -> Option<f64> {
    match text {
        "j" | "J" | "+j" | "+J" => Some(1.0),
        "-j" | "-J" => Some(-1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_follow_python() {
        let table: &[(f64, f64, &str)] = &[
            (0.0, 1.0, "1j"),
            (1.0, 2.0, "(1+2j)"),
            (-0.0, -1.0, "(-0-1j)"),
            (0.0, 0.0, "0j"),
            (0.0, -0.0, "-0j"),
            (1.5, -0.25, "(1.5-0.25j)"),
            (1e16, 1e-5, "(1e+16+1e-05j)"),
            (f64::NAN, f64::INFINITY, "(nan+infj)"),
            (0.0, f64::NAN, "nanj"),
            (f64::NEG_INFINITY, f64::NEG_INFINITY, "(-inf-infj)"),
        ];
        for &(re, im, expected) in table {
            assert_eq!(Complex::new(re, im).repr(), expected);
        }
    }

    #[test]
    fn parsing_follows_python() {
        let table = [
            ("1", "(1+0j)"),
            (" 2j ", "2j"),
            ("1+2j", "(1+2j)"),
            ("( 1-2J )", "(1-2j)"),
            ("1+j", "(1+1j)"),
            ("-j", "-1j"),
            ("j", "1j"),
            ("1e3-.5j", "(1000-0.5j)"),
            ("nan-infj", "(nan-infj)"),
            ("1_0+2_0j", "(10+20j)"),
            ("-1-j", "(-1-1j)"),
            ("infinity", "(inf+0j)"),
        ];
        for (text, expected) in table {
            assert_eq!(
                Complex::parse(text).map(Complex::repr).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
        for text in [
            "", "1 + 2j", "(1", "1)", "1+2", "1j+2", "a", "+", "1__0", "1+-2j", "()", "2jj",
        ] {
            assert_eq!(
                Complex::parse(text).unwrap_err().message,
                MALFORMED,
                "{text}"
            );
        }
    }

    #[test]
    fn arithmetic_follows_python() {
        let (a, b) = (Complex::new(1.0, 2.0), Complex::new(3.0, -4.0));
        assert_eq!((a + b).repr(), "(4-2j)");
        assert_eq!((a - b).repr(), "(-2+6j)");
        assert_eq!((a * b).repr(), "(11+2j)");
        assert_eq!(
            a.true_div(b).map(Complex::repr).as_deref(),
            Ok("(-0.2+0.4j)")
        );
        assert_eq!(b.true_div(a).map(Complex::repr).as_deref(), Ok("(-1-2j)"));
        assert_eq!((-a).repr(), "(-1-2j)");
        assert_eq!(a.conjugate().repr(), "(1-2j)");
        assert_eq!(
            a.true_div(Complex::default()).unwrap_err().to_string(),
            "ZeroDivisionError: complex division by zero"
        );
    }
}
