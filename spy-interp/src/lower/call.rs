//! Calls.

use spy_lang::ir::{Expr, ExprKind, IntOp, Prim};
use spy_lang::program::{Failure, FuncId};
use spy_lang::types::IntType;

use super::Lowering;
use crate::machine::CodeIndex;
use crate::node::{Add, Call, CallWithArg, Ex, Sub, fuse};

impl Lowering<'_> {
    /// The closure of a call expression, and where it leaves a result that is not one slot.
    pub(super) fn call(
        &mut self,
        callee: FuncId,
        args: &[Expr],
        expr: &Expr,
    ) -> Result<(Ex, usize), Failure> {
        let arg_slots: usize = args.iter().map(|arg| self.slots(arg)).sum();
        let slots = arg_slots.max(self.slots(expr));
        let site = self.site(expr.span);
        self.with_temps(slots, |lowering, base| {
            let call = Call {
                callee: CodeIndex::of(callee),
                base,
                site,
            };
            if let [arg] = args
                && arg_slots == 1
            {
                return Ok((lowering.call_with_arg(call, arg)?, base));
            }
            let mut stores = Vec::new();
            let mut next = base;
            for arg in args {
                stores.push(lowering.fill(arg, next)?);
                next += lowering.slots(arg);
            }
            Ok((call.after(stores), base))
        })
    }

    /// A call whose only argument takes one slot. Arguments such as `n - 1` are worth a variant of
    /// their own, because so many recursive calls have one.
    fn call_with_arg(&mut self, call: Call, arg: &Expr) -> Result<Ex, Failure> {
        let consumer = CallWithArg(call);
        let ExprKind::Prim(prim, args) = &arg.kind else {
            return Ok(self.value(arg)?.give(consumer));
        };
        let site = self.site(arg.span);
        Ok(match prim {
            Prim::Int(IntType::I32, IntOp::Add) => {
                let (a, b) = self.operands(args)?;
                fuse::<Add<i32>, _>(a, b, site, consumer)
            }
            Prim::Int(IntType::I32, IntOp::Sub) => {
                let (a, b) = self.operands(args)?;
                fuse::<Sub<i32>, _>(a, b, site, consumer)
            }
            Prim::Int(IntType::I64, IntOp::Add) => {
                let (a, b) = self.operands(args)?;
                fuse::<Add<i64>, _>(a, b, site, consumer)
            }
            Prim::Int(IntType::I64, IntOp::Sub) => {
                let (a, b) = self.operands(args)?;
                fuse::<Sub<i64>, _>(a, b, site, consumer)
            }
            Prim::Int(..)
            | Prim::Float(..)
            | Prim::Complex(_)
            | Prim::Bool(_)
            | Prim::Str(_)
            | Prim::Convert(..)
            | Prim::ToStr(_)
            | Prim::Repr(_)
            | Prim::Hash(_)
            | Prim::Runtime(_) => self.value(arg)?.give(consumer),
        })
    }
}
