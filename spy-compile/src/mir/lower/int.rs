//! Integer operations as machine instructions and explicit checks.
//!
//! What they mean is written in the runtime's `int` module, whose messages are used here; the
//! language suite compares the two on the edges.

use spy_lang::ir::{IntOp, UncheckedOp};
use spy_lang::source::Span;
use spy_lang::types::IntType;
use spy_runtime::error::ErrorKind;
use spy_runtime::int;

use super::function::Lowerer;
use super::layout::int_ty;
use crate::mir::{BinaryOp, Conversion, IntCompare, RuntimeFunc, Ty, UnaryOp, Val};

impl Lowerer<'_, '_> {
    /// Applies an operation; `b` is anything if it takes one operand.
    pub(super) fn int_op(&mut self, ty: IntType, op: IntOp, a: Val, b: Val, span: Span) -> Val {
        match op {
            IntOp::Add => self.binary(BinaryOp::Add, a, b),
            IntOp::Sub => self.binary(BinaryOp::Sub, a, b),
            IntOp::Mul => self.binary(BinaryOp::Mul, a, b),
            IntOp::And => self.binary(BinaryOp::And, a, b),
            IntOp::Or => self.binary(BinaryOp::Or, a, b),
            IntOp::Xor => self.binary(BinaryOp::Xor, a, b),
            IntOp::Neg => self.unary(UnaryOp::Neg, a),
            IntOp::Invert => self.unary(UnaryOp::Not, a),
            IntOp::Eq | IntOp::Ne | IntOp::Lt | IntOp::Le | IntOp::Gt | IntOp::Ge => {
                self.compare(comparison(op, ty.is_signed()), a, b)
            }
            IntOp::Div => {
                self.check_divisor(b, int::TRUE_DIV_BY_ZERO, span);
                self.true_div(ty, a, b)
            }
            IntOp::FloorDiv => {
                self.check_divisor(b, int::FLOOR_DIV_BY_ZERO, span);
                self.floor_div(ty, a, b)
            }
            IntOp::Mod => {
                self.check_divisor(b, int::MOD_BY_ZERO, span);
                self.floor_mod(ty, a, b)
            }
            IntOp::Pow => self.power(ty, a, b, span),
            IntOp::LShift | IntOp::RShift => {
                if ty.is_signed() {
                    let negative = self.compare_with(IntCompare::LtSigned, b, 0);
                    self.raise_if(negative, ErrorKind::ValueError, int::NEGATIVE_SHIFT, span);
                }
                if op == IntOp::LShift {
                    self.shl(ty, a, b)
                } else {
                    self.shr(ty, a, b)
                }
            }
        }
    }

    /// A division of module `unsafe`.
    pub(super) fn unchecked_int(
        &mut self,
        ty: IntType,
        op: UncheckedOp,
        a: Val,
        b: Val,
        span: Span,
    ) -> Val {
        let message = match op {
            UncheckedOp::Div | UncheckedOp::Ieee => int::TRUE_DIV_BY_ZERO,
            UncheckedOp::FloorDiv => int::FLOOR_DIV_BY_ZERO,
            UncheckedOp::Mod => int::MOD_BY_ZERO,
        };
        if self.checks_memory() {
            let zero = self.compare_with(IntCompare::Eq, b, 0);
            self.raise_if(zero, ErrorKind::PanicError, message, span);
        }
        match op {
            UncheckedOp::Div | UncheckedOp::Ieee => self.true_div(ty, a, b),
            UncheckedOp::FloorDiv => self.floor_div(ty, a, b),
            UncheckedOp::Mod => self.floor_mod(ty, a, b),
        }
    }

    fn check_divisor(&mut self, divisor: Val, message: &str, span: Span) {
        let zero = self.compare_with(IntCompare::Eq, divisor, 0);
        self.raise_if(zero, ErrorKind::ZeroDivisionError, message, span);
    }

    /// `a / b` for a divisor that is not zero.
    fn true_div(&mut self, ty: IntType, a: Val, b: Val) -> Val {
        let [a, b] = [a, b].map(|operand| self.int_to_float(ty, operand, Ty::F64));
        self.binary(BinaryOp::FloatDiv, a, b)
    }

    /// `a // b` for a divisor that is not zero.
    fn floor_div(&mut self, ty: IntType, a: Val, b: Val) -> Val {
        if !ty.is_signed() {
            return self.binary(BinaryOp::DivUnsigned, a, b);
        }
        match self.known_int(b) {
            Some(-1) => return self.unary(UnaryOp::Neg, a),
            Some(divisor) if divisor > 0 && divisor & (divisor - 1) == 0 => {
                let count = self.int(int_ty(ty), i64::from(divisor.trailing_zeros()));
                return self.binary(BinaryOp::ShrSigned, a, count);
            }
            _ => {}
        }
        let (quotient, remainder) = self.truncated(ty, a, b);
        let inexact = self.inexact_below(remainder, b);
        let lowered = self.convert(Conversion::ZeroExtend, int_ty(ty), inexact);
        let floor = self.binary(BinaryOp::Sub, quotient, lowered);
        if self.known_int(b).is_some() {
            return floor;
        }
        // `truncated` divides by 1 in this case.
        let by_minus_one = self.compare_with(IntCompare::Eq, b, -1);
        let negated = self.unary(UnaryOp::Neg, a);
        self.select(by_minus_one, negated, floor)
    }

    /// `a % b` for a divisor that is not zero.
    fn floor_mod(&mut self, ty: IntType, a: Val, b: Val) -> Val {
        if !ty.is_signed() {
            return self.binary(BinaryOp::RemUnsigned, a, b);
        }
        match self.known_int(b) {
            Some(-1) => return self.int(int_ty(ty), 0),
            Some(divisor) if divisor > 0 && divisor & (divisor - 1) == 0 => {
                let mask = self.int(int_ty(ty), divisor - 1);
                return self.binary(BinaryOp::And, a, mask);
            }
            _ => {}
        }
        let (_, remainder) = self.truncated(ty, a, b);
        let inexact = self.inexact_below(remainder, b);
        let fixed = self.binary(BinaryOp::Add, remainder, b);
        self.select(inexact, fixed, remainder)
    }

    /// Quotient rounded to zero and its remainder. The machine cannot divide the smallest integer
    /// by -1, so that divides by 1 instead: the remainder is right, the quotient lacks its sign.
    fn truncated(&mut self, ty: IntType, a: Val, b: Val) -> (Val, Val) {
        let divisor = if self.known_int(b).is_some() {
            b
        } else {
            let by_minus_one = self.compare_with(IntCompare::Eq, b, -1);
            let one = self.int(int_ty(ty), 1);
            self.select(by_minus_one, one, b)
        };
        let quotient = self.binary(BinaryOp::DivSigned, a, divisor);
        let product = self.binary(BinaryOp::Mul, quotient, divisor);
        (quotient, self.binary(BinaryOp::Sub, a, product))
    }

    /// Whether a remainder is not zero and has the other sign than the divisor.
    fn inexact_below(&mut self, remainder: Val, divisor: Val) -> Val {
        match self.known_int(divisor) {
            Some(known) if known > 0 => self.compare_with(IntCompare::LtSigned, remainder, 0),
            Some(_) => self.compare_with(IntCompare::GtSigned, remainder, 0),
            None => {
                let signs = self.binary(BinaryOp::Xor, remainder, divisor);
                let differ = self.compare_with(IntCompare::LtSigned, signs, 0);
                let inexact = self.compare_with(IntCompare::Ne, remainder, 0);
                self.binary(BinaryOp::And, differ, inexact)
            }
        }
    }

    fn power(&mut self, ty: IntType, a: Val, b: Val, span: Span) -> Val {
        match self.known_int(b) {
            Some(1) => return a,
            Some(2) => return self.binary(BinaryOp::Mul, a, a),
            Some(3) => {
                let square = self.binary(BinaryOp::Mul, a, a);
                return self.binary(BinaryOp::Mul, square, a);
            }
            _ => {}
        }
        let [base, exponent] = [a, b].map(|operand| self.extend(ty, operand));
        let callee = if ty.is_signed() {
            RuntimeFunc::PowSigned
        } else {
            RuntimeFunc::PowUnsigned
        };
        let result = self.runtime(callee, &[base, exponent], span)[0];
        self.convert(Conversion::Truncate, int_ty(ty), result)
    }

    /// A shift by a count that is not negative as the type sees it.
    fn shl(&mut self, ty: IntType, a: Val, count: Val) -> Val {
        let (shifted, fits) = self.bounded(BinaryOp::Shl, ty, a, count);
        let zero = self.int(int_ty(ty), 0);
        self.select(fits, shifted, zero)
    }

    fn shr(&mut self, ty: IntType, a: Val, count: Val) -> Val {
        if !ty.is_signed() {
            let (shifted, fits) = self.bounded(BinaryOp::ShrUnsigned, ty, a, count);
            let zero = self.int(int_ty(ty), 0);
            return self.select(fits, shifted, zero);
        }
        let most = self.int(int_ty(ty), i64::from(ty.bits() - 1));
        let count = self.binary(BinaryOp::MinUnsigned, count, most);
        self.binary(BinaryOp::ShrSigned, a, count)
    }

    /// The shift by the low bits of the count, and whether the count is less than the width.
    fn bounded(&mut self, op: BinaryOp, ty: IntType, a: Val, count: Val) -> (Val, Val) {
        let fits = self.compare_with(IntCompare::LtUnsigned, count, i64::from(ty.bits()));
        let mask = self.int(int_ty(ty), i64::from(ty.bits() - 1));
        let low = self.binary(BinaryOp::And, count, mask);
        (self.binary(op, a, low), fits)
    }

    /// The integer as one of 64 bits.
    pub(super) fn extend(&mut self, ty: IntType, value: Val) -> Val {
        let conversion = if ty.is_signed() {
            Conversion::SignExtend
        } else {
            Conversion::ZeroExtend
        };
        self.convert(conversion, Ty::I64, value)
    }

    /// The nearest float.
    pub(super) fn int_to_float(&mut self, ty: IntType, value: Val, to: Ty) -> Val {
        // Unsigned integers of 32 bits are signed ones of 64, which machines convert directly.
        let (value, conversion) = match ty {
            IntType::I32 | IntType::I64 => (value, Conversion::SignedToFloat),
            IntType::U64 => (value, Conversion::UnsignedToFloat),
            IntType::I8 | IntType::U8 | IntType::U32 => {
                (self.extend(ty, value), Conversion::SignedToFloat)
            }
        };
        self.convert(conversion, to, value)
    }
}

/// The machine's comparison for an operation of the language.
fn comparison(op: IntOp, signed: bool) -> IntCompare {
    match (op, signed) {
        (IntOp::Eq, _) => IntCompare::Eq,
        (IntOp::Ne, _) => IntCompare::Ne,
        (IntOp::Lt, true) => IntCompare::LtSigned,
        (IntOp::Lt, false) => IntCompare::LtUnsigned,
        (IntOp::Le, true) => IntCompare::LeSigned,
        (IntOp::Le, false) => IntCompare::LeUnsigned,
        (IntOp::Gt, true) => IntCompare::GtSigned,
        (IntOp::Gt, false) => IntCompare::GtUnsigned,
        (IntOp::Ge, true) => IntCompare::GeSigned,
        (IntOp::Ge, false) => IntCompare::GeUnsigned,
        (
            IntOp::Add
            | IntOp::Sub
            | IntOp::Mul
            | IntOp::Div
            | IntOp::FloorDiv
            | IntOp::Mod
            | IntOp::Pow
            | IntOp::LShift
            | IntOp::RShift
            | IntOp::And
            | IntOp::Or
            | IntOp::Xor
            | IntOp::Neg
            | IntOp::Invert,
            _,
        ) => unreachable!("only comparisons compare"),
    }
}
