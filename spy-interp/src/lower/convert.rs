//! Conversions between scalars, and hashes.

use spy_lang::ir::{Expr, Prim, Runtime, Scalar};
use spy_lang::program::Failure;
use spy_lang::source::Span;
use spy_lang::types::{FloatType, IntType};
use spy_lang::with_int;
use spy_runtime::{Complex, Float, Int, Raise, convert, hash, text};

use super::Lowering;
use super::complex::{load_complex, store_complex};
use super::operator::Unary;
use super::text::text_of;
use crate::failure::Site;
use crate::machine::Cx;
use crate::node::{Consumer, Ex, F64ToInt, IntToF64, IntToInt, Slot, ex, fuse_unary};

impl Lowering<'_> {
    /// A conversion whose result takes one slot.
    pub(super) fn convert<C: Consumer>(
        &mut self,
        from: Scalar,
        to: Scalar,
        arg: &Expr,
        site: Site,
        consumer: C,
    ) -> Result<Ex, Failure> {
        use {FloatType::F64, IntType::I32, IntType::I64, Scalar::Float, Scalar::Int};
        if (from, to) == (Int(I32), Int(I64)) {
            return Ok(fuse_unary::<IntToInt<i32, i64>, C>(
                self.value(arg)?,
                consumer,
            ));
        } else if (from, to) == (Int(I32), Float(F64)) {
            return Ok(fuse_unary::<IntToF64<i32>, C>(self.value(arg)?, consumer));
        } else if (from, to) == (Int(I64), Float(F64)) {
            return Ok(fuse_unary::<IntToF64<i64>, C>(self.value(arg)?, consumer));
        } else if (from, to) == (Float(F64), Int(I32)) {
            return Ok(fuse_unary::<F64ToInt<i32>, C>(self.value(arg)?, consumer));
        }
        Ok(consumer.accept_tree(self.plain_convert(from, to, arg, site)?))
    }

    fn plain_convert(
        &mut self,
        from: Scalar,
        to: Scalar,
        arg: &Expr,
        site: Site,
    ) -> Result<Ex, Failure> {
        let op: Unary = match (from, to) {
            (_, Scalar::Complex) => unreachable!("complex numbers take two slots"),
            (_, Scalar::Str) => return self.text_form(from, arg, site),
            (Scalar::Int(from), Scalar::Int(to)) => with_int!(from, F => int_to_int::<F>(to)),
            (Scalar::Int(from), Scalar::Float(to)) => with_int!(from, F => int_to_float::<F>(to)),
            (Scalar::Int(from), Scalar::Bool) => {
                with_int!(from, F => |_, slot| Ok(convert::int_to_bool(F::load(slot)).store()))
            }
            (Scalar::Float(FloatType::F64), to) => float_to::<f64>(to),
            (Scalar::Float(FloatType::F32), to) => float_to::<f32>(to),
            (Scalar::Bool, Scalar::Int(to)) => with_int!(to, T => |_, slot| {
                Ok(convert::bool_to_int::<T>(bool::load(slot)).store())
            }),
            (Scalar::Bool, Scalar::Float(FloatType::F64)) => {
                |_, slot| Ok(convert::bool_to_f64(bool::load(slot)).store())
            }
            (Scalar::Bool, Scalar::Float(FloatType::F32)) => {
                |_, slot| Ok(convert::f64_to_f32(convert::bool_to_f64(bool::load(slot))).store())
            }
            (Scalar::Bool, Scalar::Bool) => |_, slot| Ok(slot),
            (Scalar::Complex, Scalar::Bool) => return self.complex_to_bool(arg),
            (Scalar::Complex, Scalar::Int(_) | Scalar::Float(_)) => {
                unreachable!("complex numbers do not convert to real ones")
            }
            (Scalar::Str, Scalar::Int(to)) => with_int!(to, T => |cx, slot| {
                Ok(text::parse_int::<T>(text_of(cx, slot), 10)?.store())
            }),
            (Scalar::Str, Scalar::Float(FloatType::F64)) => {
                |cx, slot| Ok(text::parse_f64(text_of(cx, slot))?.store())
            }
            (Scalar::Str, Scalar::Float(FloatType::F32)) => {
                |cx, slot| Ok(convert::f64_to_f32(text::parse_f64(text_of(cx, slot))?).store())
            }
            (Scalar::Str, Scalar::Bool) => |cx, slot| Ok((!text_of(cx, slot).is_empty()).store()),
        };
        self.unary(arg, site, op)
    }

    fn complex_to_bool(&mut self, arg: &Expr) -> Result<Ex, Failure> {
        self.with_temps(2, |lowering, temp| {
            let fill = lowering.fill(arg, temp)?;
            Ok(ex(move |cx, frame| {
                fill(cx, frame)?;
                Ok((load_complex(frame, temp) != Complex::default()).store())
            }))
        })
    }

    /// A primitive whose result is not one slot: a complex number, or nothing.
    pub(super) fn fill_prim(
        &mut self,
        prim: Prim,
        args: &[Expr],
        span: Span,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        match prim {
            Prim::Complex(op) => self.fill_complex(op, args, site, dest),
            Prim::Convert(from, Scalar::Complex) => self.complex_of(from, &args[0], site, dest),
            Prim::Runtime(Runtime::StdoutWrite) => self.write_stdout(&args[0], site),
            Prim::Runtime(Runtime::ComplexOf | Runtime::ComplexConjugate) => {
                self.fill_library(prim, args, span, dest)
            }
            Prim::Int(..)
            | Prim::Float(..)
            | Prim::Unchecked(..)
            | Prim::Bool(_)
            | Prim::Str(_)
            | Prim::Convert(..)
            | Prim::ToStr(_)
            | Prim::Repr(_)
            | Prim::Hash(_)
            | Prim::Format(_)
            | Prim::Runtime(_) => unreachable!("the result takes one slot"),
        }
    }

    fn complex_of(
        &mut self,
        from: Scalar,
        arg: &Expr,
        site: Site,
        dest: usize,
    ) -> Result<Ex, Failure> {
        type ToComplex = fn(&mut Cx<'_>, u64) -> Result<Complex, Raise>;
        let op: ToComplex = match from {
            Scalar::Complex => return self.fill(arg, dest),
            Scalar::Int(from) => {
                with_int!(from, F => |_, slot| Ok(convert::int_to_complex(F::load(slot))))
            }
            Scalar::Float(FloatType::F64) => |_, slot| Ok(convert::f64_to_complex(f64::load(slot))),
            Scalar::Float(FloatType::F32) => |_, slot| {
                Ok(convert::f64_to_complex(convert::f32_to_f64(f32::load(
                    slot,
                ))))
            },
            Scalar::Bool => |_, slot| {
                Ok(convert::f64_to_complex(convert::bool_to_f64(bool::load(
                    slot,
                ))))
            },
            Scalar::Str => |cx, slot| Complex::parse(text_of(cx, slot)),
        };
        let arg = self.value(arg)?.into_ex();
        Ok(Box::new(move |cx, frame| {
            let slot = arg(cx, frame)?;
            let value = op(cx, slot).map_err(|raise| site.raise(cx.program, raise))?;
            store_complex(frame, dest, value);
            Ok(0)
        }))
    }

    /// `hash(x)`
    pub(super) fn hash(&mut self, of: Scalar, arg: &Expr, site: Site) -> Result<Ex, Failure> {
        let op: Unary = match of {
            Scalar::Int(IntType::I8) => |_, slot| Ok(hash::hash_i8(i8::load(slot)).store()),
            Scalar::Int(IntType::U8) => |_, slot| Ok(hash::hash_u8(u8::load(slot)).store()),
            Scalar::Int(IntType::I32) => |_, slot| Ok(hash::hash_i32(i32::load(slot)).store()),
            Scalar::Int(IntType::U32) => |_, slot| Ok(hash::hash_u32(u32::load(slot)).store()),
            Scalar::Int(IntType::I64) => |_, slot| Ok(hash::hash_i64(i64::load(slot)).store()),
            Scalar::Int(IntType::U64) => |_, slot| Ok(hash::hash_u64(u64::load(slot)).store()),
            Scalar::Bool => |_, slot| Ok(hash::hash_bool(bool::load(slot)).store()),
            Scalar::Str => |cx, slot| Ok(hash::hash_str(text_of(cx, slot)).store()),
            Scalar::Float(_) | Scalar::Complex => unreachable!("it has no hash"),
        };
        self.unary(arg, site, op)
    }
}

fn int_to_int<F: Int + Slot>(to: IntType) -> Unary {
    with_int!(to, T => |_, slot| Ok(convert::int_to_int::<F, T>(F::load(slot)).store()))
}

fn int_to_float<F: Int + Slot>(to: FloatType) -> Unary {
    match to {
        FloatType::F64 => |_, slot| Ok(convert::int_to_f64(F::load(slot)).store()),
        FloatType::F32 => |_, slot| Ok(convert::int_to_f32(F::load(slot)).store()),
    }
}

fn float_to<F: Float + Slot>(to: Scalar) -> Unary {
    match to {
        Scalar::Int(to) => {
            with_int!(to, T => |_, slot| Ok(convert::float_to_int::<F, T>(F::load(slot)).store()))
        }
        Scalar::Float(FloatType::F64) => |_, slot| Ok(F::load(slot).to_f64().store()),
        Scalar::Float(FloatType::F32) => {
            |_, slot| Ok(f32::from_f64(F::load(slot).to_f64()).store())
        }
        Scalar::Bool => |_, slot| Ok(convert::float_to_bool(F::load(slot)).store()),
        Scalar::Complex | Scalar::Str => unreachable!("handled before"),
    }
}
