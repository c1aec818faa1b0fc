//! Calls.

use spy_lang::ir::{Expr, ExprKind, IntOp, Prim};
use spy_lang::program::{Failure, FuncId};
use spy_lang::types::IntType;

use super::{Lowering, ResultPlace};
use crate::machine::CodeIndex;
use crate::node::{Add, Call, CallWithArg, Ex, Operand, Sub, fuse};

impl Lowering<'_> {
    /// A call whose result takes one slot.
    pub(super) fn call_value(
        &mut self,
        callee: FuncId,
        args: &[Expr],
        expr: &Expr,
    ) -> Result<Operand, Failure> {
        if let Some(hot) = self.list_operation(callee, args, expr, 0)? {
            return Ok(Operand::Tree(hot));
        }
        if let Some(search) = self.search(callee, args, expr)? {
            return Ok(Operand::Tree(search));
        }
        if let Some(inlined) = self.inlined(callee, args, expr, ResultPlace::Fresh(0))? {
            return Ok(inlined);
        }
        Ok(Operand::Tree(self.call(callee, args, expr)?.0))
    }

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
        let ExprKind::Prim(Prim::Int(int, op @ (IntOp::Add | IntOp::Sub)), args) = &arg.kind else {
            return Ok(self.value(arg)?.give(consumer));
        };
        let site = self.site(arg.span);
        let (int, is_sum) = (*int, *op == IntOp::Add);
        if int != IntType::I32 && int != IntType::I64 {
            return Ok(self.value(arg)?.give(consumer));
        }
        let (a, b) = self.operands(args)?;
        Ok(match (int == IntType::I32, is_sum) {
            (true, true) => fuse::<Add<i32>, _>(a, b, site, consumer),
            (true, false) => fuse::<Sub<i32>, _>(a, b, site, consumer),
            (false, true) => fuse::<Add<i64>, _>(a, b, site, consumer),
            (false, false) => fuse::<Sub<i64>, _>(a, b, site, consumer),
        })
    }
}
