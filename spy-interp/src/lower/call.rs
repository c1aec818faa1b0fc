//! Calls.

use spy_lang::ir::Expr;
use spy_lang::program::{Failure, FuncId};

use super::Lowering;
use crate::machine::CodeIndex;
use crate::node::{Call, CallWithArg, Ex, Operand};

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

    fn call_with_arg(&mut self, call: Call, arg: &Expr) -> Result<Ex, Failure> {
        match self.value(arg)? {
            operand @ (Operand::Local(_) | Operand::Const(_)) => {
                Ok(operand.give(CallWithArg(call)))
            }
            Operand::Tree(ex) => Ok(Operand::Tree(ex).give(CallWithArg(call))),
        }
    }
}
