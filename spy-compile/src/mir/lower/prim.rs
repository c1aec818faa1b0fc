//! Primitives: which file knows which, and the small ones.

use spy_lang::ir::{BoolOp, ComplexOp, Prim, Scalar, UncheckedOp};
use spy_lang::source::Span;
use spy_lang::types::IntType;
use spy_runtime::complex;
use spy_runtime::error::ErrorKind;

use super::Lowered;
use super::function::Lowerer;
use crate::mir::{
    BinaryOp, Conversion, FloatCompare, IntCompare, Op, RuntimeFunc, Ty, UnaryOp, Val,
};

impl Lowerer<'_, '_> {
    /// Applies a primitive to the scalars of its operands.
    pub(super) fn prim(&mut self, prim: Prim, args: &[Vec<Val>], span: Span) -> Lowered<Vec<Val>> {
        // Two operands, the second of which is missing in unary operations.
        let pair = || (args[0][0], args.last().map_or(args[0][0], |last| last[0]));
        let value = match prim {
            Prim::Int(int, op) => {
                let (a, b) = pair();
                self.int_op(int, op, a, b, span)
            }
            Prim::Float(float, op) => {
                let (a, b) = pair();
                self.float_op(float, op, a, b, span)
            }
            Prim::Unchecked(of, op) => {
                let (a, b) = pair();
                self.unchecked(of, op, a, b, span)
            }
            Prim::Bool(op) => {
                let (a, b) = pair();
                self.bool_op(op, a, b)
            }
            Prim::Str(op) => {
                let (a, b) = pair();
                self.str_op(op, a, b, span)
            }
            Prim::Complex(op) => {
                let operands = args.concat();
                return Ok(self.complex_op(op, &operands, span));
            }
            Prim::Convert(from, to) => return self.convert_op(from, to, &args[0], span),
            Prim::ToStr(of) => self.text_of(of, &args[0], span),
            Prim::Repr(of) => self.repr_of(of, &args[0], span),
            Prim::Hash(of) => return self.hash(of, &args[0], span).map(|value| vec![value]),
            Prim::Format(of) => self.format(of, &args[0], args[1][0], span)?,
            Prim::Runtime(function) => return self.runtime_op(function, &args.concat(), span),
        };
        Ok(vec![value])
    }

    /// A division: its check is one of unsafe code.
    fn unchecked(&mut self, of: Scalar, op: UncheckedOp, a: Val, b: Val, span: Span) -> Val {
        match of {
            Scalar::Int(int) => self.unchecked_int(int, op, a, b, span),
            Scalar::Float(float) => self.unchecked_float(float, op, a, b, span),
            Scalar::Bool | Scalar::Complex | Scalar::Str => {
                unreachable!("only numbers are divided")
            }
        }
    }

    fn bool_op(&mut self, op: BoolOp, a: Val, b: Val) -> Val {
        match op {
            BoolOp::Eq => self.compare(IntCompare::Eq, a, b),
            BoolOp::Ne | BoolOp::Xor => self.binary(BinaryOp::Xor, a, b),
            BoolOp::And => self.binary(BinaryOp::And, a, b),
            BoolOp::Or => self.binary(BinaryOp::Or, a, b),
            BoolOp::Lt => self.compare(IntCompare::LtUnsigned, a, b),
            BoolOp::Le => self.compare(IntCompare::LeUnsigned, a, b),
            BoolOp::Gt => self.compare(IntCompare::GtUnsigned, a, b),
            BoolOp::Ge => self.compare(IntCompare::GeUnsigned, a, b),
            BoolOp::Not => self.not(a),
        }
    }

    /// Operands are real and imaginary parts in turn.
    fn complex_op(&mut self, op: ComplexOp, operands: &[Val], span: Span) -> Vec<Val> {
        let (re, im) = (operands[0], operands[1]);
        let &[_, _, other_re, other_im] = operands else {
            return vec![
                self.unary(UnaryOp::FloatNeg, re),
                self.unary(UnaryOp::FloatNeg, im),
            ];
        };
        let mut both = |op| vec![self.binary(op, re, other_re), self.binary(op, im, other_im)];
        match op {
            ComplexOp::Add => both(BinaryOp::FloatAdd),
            ComplexOp::Sub => both(BinaryOp::FloatSub),
            ComplexOp::Mul => {
                let mut product = |a, b| self.binary(BinaryOp::FloatMul, a, b);
                let (re_re, im_im) = (product(re, other_re), product(im, other_im));
                let (re_im, im_re) = (product(re, other_im), product(im, other_re));
                vec![
                    self.binary(BinaryOp::FloatSub, re_re, im_im),
                    self.binary(BinaryOp::FloatAdd, re_im, im_re),
                ]
            }
            ComplexOp::Div => self.complex_div(operands, span),
            ComplexOp::Eq => vec![self.complex_eq(operands)],
            ComplexOp::Ne => {
                let equal = self.complex_eq(operands);
                vec![self.not(equal)]
            }
            ComplexOp::Neg => unreachable!("negation has one operand"),
        }
    }

    fn complex_div(&mut self, operands: &[Val], span: Span) -> Vec<Val> {
        let zero = self.f64(0.0);
        let divisor = [operands[2], operands[3]];
        let [re, im] =
            divisor.map(|part| self.emit(Op::FloatCompare(FloatCompare::Eq, part, zero), Ty::I8));
        let both = self.binary(BinaryOp::And, re, im);
        self.raise_if(
            both,
            ErrorKind::ZeroDivisionError,
            complex::DIV_BY_ZERO,
            span,
        );
        self.runtime(RuntimeFunc::DivComplex, operands, span)
    }

    fn complex_eq(&mut self, operands: &[Val]) -> Val {
        let mut equal = |a, b| self.emit(Op::FloatCompare(FloatCompare::Eq, a, b), Ty::I8);
        let (re, im) = (
            equal(operands[0], operands[2]),
            equal(operands[1], operands[3]),
        );
        self.binary(BinaryOp::And, re, im)
    }

    /// `hash(x)`; the values are those of the runtime's `hash` module.
    fn hash(&mut self, of: Scalar, value: &[Val], span: Span) -> Lowered<Val> {
        let hash = match of {
            Scalar::Int(int) => self.hash_int(int, value[0]),
            Scalar::Bool => self.convert(Conversion::ZeroExtend, Ty::I32, value[0]),
            Scalar::Str => self.runtime(RuntimeFunc::StrHash, value, span)[0],
            Scalar::Float(_) | Scalar::Complex => {
                let label = format!("this is `{}`", of.name());
                return Err(super::layout::unsupported("hashes of floats", label, span));
            }
        };
        Ok(hash)
    }

    fn hash_int(&mut self, int: IntType, value: Val) -> Val {
        let hash = match int {
            IntType::I8 => self.convert(Conversion::SignExtend, Ty::I32, value),
            IntType::U8 => self.convert(Conversion::ZeroExtend, Ty::I32, value),
            IntType::I32 | IntType::U32 => value,
            IntType::I64 | IntType::U64 => self.convert(Conversion::Truncate, Ty::I32, value),
        };
        if !int.is_signed() {
            return hash;
        }
        let is_minus_one = self.compare_with(IntCompare::Eq, value, -1);
        let two = self.int(Ty::I32, 2);
        self.select(is_minus_one, two, hash)
    }
}
