//! Primitive operations whose result takes one slot.

use spy_lang::ir::{BoolOp, Expr, FloatOp, IntOp, Prim};
use spy_lang::program::Failure;
use spy_lang::source::Span;
use spy_lang::types::{FloatType, IntType};

use super::Lowering;
use super::operator::{
    Unary, bool_trees, compare, compare_trees, comparison_of_float, comparison_of_int, float_neg,
    float_op, float_trees, int_invert, int_neg, int_op, int_trees, unary,
};
use crate::failure::Site;
use crate::node::{Consumer, Ex, Not, Operand, Value, fuse_unary};

impl Lowering<'_> {
    /// A primitive whose result takes one slot.
    pub(super) fn prim<C: Consumer>(
        &mut self,
        prim: Prim,
        args: &[Expr],
        span: Span,
        consumer: C,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        let tree = match prim {
            Prim::Int(int, IntOp::Neg) => {
                return Ok(int_neg(int, self.value(&args[0])?, site, consumer));
            }
            Prim::Int(int, IntOp::Invert) => int_invert(int, self.value(&args[0])?, site),
            Prim::Float(float, FloatOp::Neg) => {
                return Ok(float_neg(float, self.value(&args[0])?, site, consumer));
            }
            Prim::Bool(BoolOp::Not) => {
                return Ok(fuse_unary::<Not, C>(self.value(&args[0])?, consumer));
            }
            Prim::Int(int, op) => {
                if comparison_of_int(op).is_some() {
                    return self.comparison(prim, args, span, consumer);
                }
                let operands = self.operands(args)?;
                return Ok(match int {
                    IntType::I32 => int_op::<i32, C>(op, operands, site, consumer),
                    IntType::I64 => int_op::<i64, C>(op, operands, site, consumer),
                    IntType::I8 => consumer.accept_tree(int_trees::<i8>(op, operands, site)),
                    IntType::U8 => consumer.accept_tree(int_trees::<u8>(op, operands, site)),
                    IntType::U32 => consumer.accept_tree(int_trees::<u32>(op, operands, site)),
                    IntType::U64 => consumer.accept_tree(int_trees::<u64>(op, operands, site)),
                });
            }
            Prim::Float(float, op) => {
                if comparison_of_float(op).is_some() {
                    return self.comparison(prim, args, span, consumer);
                }
                let operands = self.operands(args)?;
                return Ok(match float {
                    FloatType::F64 => float_op::<C>(op, operands, site, consumer),
                    FloatType::F32 => consumer.accept_tree(float_trees::<f32>(op, operands, site)),
                });
            }
            Prim::Bool(op) => bool_trees(op, self.operands(args)?, site),
            Prim::Complex(op) => self.complex_comparison(op, args)?,
            Prim::Str(op) => self.compare_texts(op, args)?,
            Prim::Convert(from, to) => return self.convert(from, to, &args[0], site, consumer),
            Prim::ToStr(of) => self.text_form(of, &args[0], site)?,
            Prim::Repr(of) => self.repr(of, &args[0], site)?,
            Prim::Hash(of) => self.hash(of, &args[0], site)?,
            Prim::Format(_) | Prim::Unchecked(..) => self.library(prim, args, span)?,
            Prim::Runtime(function) => self.runtime(function, args, span)?,
        };
        Ok(consumer.accept_tree(tree))
    }

    /// A primitive whose result is used as a condition.
    pub(super) fn comparison<C: Consumer>(
        &mut self,
        prim: Prim,
        args: &[Expr],
        span: Span,
        consumer: C,
    ) -> Result<Ex, Failure> {
        self.check_depth()?;
        let site = self.site(span);
        match prim {
            Prim::Int(int, op) => {
                if let Some(op) = comparison_of_int(op) {
                    let operands = self.operands(args)?;
                    return Ok(match int {
                        IntType::I32 => compare::<i32, C>(op, operands, site, consumer),
                        IntType::I64 => compare::<i64, C>(op, operands, site, consumer),
                        IntType::I8 => {
                            consumer.accept_tree(compare_trees::<i8>(op, operands, site))
                        }
                        IntType::U8 => {
                            consumer.accept_tree(compare_trees::<u8>(op, operands, site))
                        }
                        IntType::U32 => {
                            consumer.accept_tree(compare_trees::<u32>(op, operands, site))
                        }
                        IntType::U64 => {
                            consumer.accept_tree(compare_trees::<u64>(op, operands, site))
                        }
                    });
                }
            }
            Prim::Float(float, op) => {
                if let Some(op) = comparison_of_float(op) {
                    let operands = self.operands(args)?;
                    return Ok(match float {
                        FloatType::F64 => compare::<f64, C>(op, operands, site, consumer),
                        FloatType::F32 => {
                            consumer.accept_tree(compare_trees::<f32>(op, operands, site))
                        }
                    });
                }
            }
            Prim::Complex(_)
            | Prim::Unchecked(..)
            | Prim::Bool(_)
            | Prim::Str(_)
            | Prim::Convert(..)
            | Prim::ToStr(_)
            | Prim::Repr(_)
            | Prim::Hash(_)
            | Prim::Format(_)
            | Prim::Runtime(_) => {}
        }
        Ok(consumer.accept_tree(self.prim(prim, args, span, Value)?))
    }

    /// The two operands of a binary primitive.
    pub(super) fn operands(&mut self, args: &[Expr]) -> Result<(Operand, Operand), Failure> {
        Ok((self.value(&args[0])?, self.value(&args[1])?))
    }

    /// A primitive of one operand.
    pub(super) fn unary(&mut self, arg: &Expr, site: Site, op: Unary) -> Result<Ex, Failure> {
        Ok(unary(self.value(arg)?, site, op))
    }
}
