//! Cheaper instructions for products with small constants.
//!
//! Next to a power of two, a shift and an addition (one `lea` on x86 for 3, 5 and 9) have a third
//! of the latency of a multiplication. Cranelift does powers of two by itself.

use rustc_hash::FxHashMap;

use crate::mir::{BinaryOp, Constant, Function, Inst, Op, Val, constant_of};

/// Replaces products by `2^k + 1` and `2^k - 1`.
pub(super) fn reduce(function: &mut Function) {
    let mut constants: FxHashMap<Val, i64> = FxHashMap::default();
    for id in function.reverse_postorder() {
        let insts = std::mem::take(&mut function.block_mut(id).insts);
        let mut reduced = Vec::with_capacity(insts.len());
        for inst in insts {
            let value = constant_of(&inst.op).and_then(Constant::as_int);
            if let (Some(value), [result]) = (value, inst.results.as_slice()) {
                constants.insert(*result, value);
            }
            match product(&inst, &constants) {
                Some((factor, shift, op)) => {
                    split(function, &inst, factor, (shift, op), &mut reduced);
                }
                None => reduced.push(inst),
            }
        }
        function.block_mut(id).insts = reduced;
    }
}

/// The factor that is not constant, the count to shift it by, and what to do with it then.
fn product(inst: &Inst, constants: &FxHashMap<Val, i64>) -> Option<(Val, u32, BinaryOp)> {
    let Op::Binary(BinaryOp::Mul, a, b) = inst.op else {
        return None;
    };
    let (factor, constant) = match (constants.get(&a), constants.get(&b)) {
        (None, Some(constant)) => (a, *constant),
        (Some(constant), None) => (b, *constant),
        (Some(_), Some(_)) | (None, None) => return None,
    };
    let power = |value: i64| (value > 2 && value.count_ones() == 1).then(|| value.trailing_zeros());
    let below = constant
        .checked_sub(1)
        .and_then(power)
        .map(|shift| (factor, shift, BinaryOp::Add));
    let small = if constant == 3 {
        Some((factor, 1, BinaryOp::Add))
    } else {
        below
    };
    small.or_else(|| {
        let above = constant.checked_add(1).and_then(power);
        above.map(|shift| (factor, shift, BinaryOp::Sub))
    })
}

fn split(
    function: &mut Function,
    inst: &Inst,
    factor: Val,
    (shift, op): (u32, BinaryOp),
    out: &mut Vec<Inst>,
) {
    let ty = function.ty(factor);
    let (count, shifted) = (function.add_value(ty), function.add_value(ty));
    let plain = |op, result| Inst {
        op,
        results: vec![result],
        place: None,
        is_caught: false,
    };
    out.push(plain(Op::Int(ty, i64::from(shift)), count));
    out.push(plain(Op::Binary(BinaryOp::Shl, factor, count), shifted));
    out.push(plain(Op::Binary(op, shifted, factor), inst.results[0]));
}
