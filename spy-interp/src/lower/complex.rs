//! Arithmetic on complex numbers, which take two slots.

use spy_lang::ir::{ComplexOp, Expr};
use spy_lang::program::Failure;
use spy_runtime::{Complex, Raise};

use super::Lowering;
use crate::failure::Site;
use crate::node::{Ex, Slot, ex};

impl Lowering<'_> {
    /// The operands of a complex operation, put into temporaries.
    fn complex_operands<T>(
        &mut self,
        args: &[Expr],
        lower: impl FnOnce(Ex, usize) -> T,
    ) -> Result<T, Failure> {
        self.with_temps(2 * args.len(), |lowering, temp| {
            let first = lowering.fill(&args[0], temp)?;
            let Some(second) = args.get(1) else {
                return Ok(lower(first, temp));
            };
            let second = lowering.fill(second, temp + 2)?;
            let both = ex(move |cx, frame| {
                first(cx, frame)?;
                second(cx, frame)
            });
            Ok(lower(both, temp))
        })
    }

    /// `==` or `!=`
    pub(super) fn complex_comparison(
        &mut self,
        op: ComplexOp,
        args: &[Expr],
    ) -> Result<Ex, Failure> {
        let equal = match op {
            ComplexOp::Eq => true,
            ComplexOp::Ne => false,
            ComplexOp::Add | ComplexOp::Sub | ComplexOp::Mul | ComplexOp::Div | ComplexOp::Neg => {
                unreachable!("the result of complex arithmetic takes two slots")
            }
        };
        self.complex_operands(args, |operands, temp| {
            ex(move |cx, frame| {
                operands(cx, frame)?;
                let same = load_complex(frame, temp) == load_complex(frame, temp + 2);
                Ok((same == equal).store())
            })
        })
    }

    /// Arithmetic on complex numbers, into two slots.
    pub(super) fn fill_complex(
        &mut self,
        op: ComplexOp,
        args: &[Expr],
        site: Site,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let apply: fn(Complex, Complex) -> Result<Complex, Raise> = match op {
            ComplexOp::Add => |a, b| Ok(a + b),
            ComplexOp::Sub => |a, b| Ok(a - b),
            ComplexOp::Mul => |a, b| Ok(a * b),
            ComplexOp::Div => Complex::true_div,
            ComplexOp::Neg => |a, _| Ok(-a),
            ComplexOp::Eq | ComplexOp::Ne => unreachable!("comparisons take one slot"),
        };
        let second = if op == ComplexOp::Neg { 0 } else { 2 };
        self.complex_operands(args, |operands, temp| {
            ex(move |cx, frame| {
                operands(cx, frame)?;
                let (a, b) = (
                    load_complex(frame, temp),
                    load_complex(frame, temp + second),
                );
                let result = apply(a, b).map_err(|raise| site.raise(cx.program, raise))?;
                store_complex(frame, dest, result);
                Ok(0)
            })
        })
    }
}

/// The complex number in two slots of the frame.
pub(super) fn load_complex(frame: &[u64], slot: usize) -> Complex {
    Complex::new(f64::load(frame[slot]), f64::load(frame[slot + 1]))
}

/// Puts a complex number into two slots of the frame.
pub(super) fn store_complex(frame: &mut [u64], slot: usize, value: Complex) {
    frame[slot] = value.re.store();
    frame[slot + 1] = value.im.store();
}
