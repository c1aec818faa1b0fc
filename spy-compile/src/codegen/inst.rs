//! Instructions, one to one.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, Value, types};
use cranelift_module::FuncId;

use super::function::Translator;
use super::memory::Alias;
use super::shape::{RESULT_STRIDE, Shape, clif};
use crate::mir::{
    BinaryOp, Conversion, FloatCompare, Inst, IntCompare, Op, PlaceId, Ty, UnaryOp, Val,
};

/// Alignment of results in memory, as a power of two.
const RESULT_ALIGN_LOG2: u8 = 3;

impl Translator<'_, '_> {
    pub(super) fn inst(&mut self, inst: &Inst) {
        let value = match &inst.op {
            Op::Int(ty, value) => self.int_const(*ty, *value),
            Op::F32(bits) => self.builder.ins().f32const(f32::from_bits(*bits)),
            Op::F64(bits) => self.builder.ins().f64const(f64::from_bits(*bits)),
            Op::Text(text) => self.text(*text),
            Op::Binary(op, a, b) => self.binary(*op, *a, *b),
            Op::Unary(op, a) => self.unary(*op, *a),
            Op::Compare(op, a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                self.builder.ins().icmp(int_condition(*op), a, b)
            }
            Op::FloatCompare(op, a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                self.builder.ins().fcmp(float_condition(*op), a, b)
            }
            Op::Convert(op, ty, a) => self.convert(*op, *ty, *a),
            Op::Select(condition, a, b) => {
                let (condition, a, b) = (self.value(*condition), self.value(*a), self.value(*b));
                self.builder.ins().select(condition, a, b)
            }
            Op::Memory(memory, offset) => self.static_memory(*memory, *offset),
            Op::Offset(address, distance) => {
                let (address, distance) = (self.value(*address), self.value(*distance));
                self.builder.ins().iadd(address, distance)
            }
            Op::Alloc(map, size) => return self.alloc(*map, *size, inst),
            Op::Load(region, ty, address, offset) => self.load(*region, *ty, *address, *offset),
            Op::Store(region, address, value, offset) => {
                self.store(*region, *address, *value, *offset);
                return;
            }
            Op::LoadCell(cell, ty) => {
                let (flags, address) = (self.flags(Alias::Cells), self.cell(*cell));
                self.builder.ins().load(clif(*ty), flags, address, 0)
            }
            Op::StoreCell(cell, value) => {
                let (address, value) = (self.cell(*cell), self.value(*value));
                let flags = self.flags(Alias::Cells);
                self.builder.ins().store(flags, value, address, 0);
                return;
            }
            Op::Call(callee, args) => {
                let id = self.codegen.function_id(callee.index());
                let shape = self.codegen.shapes[callee.index()].clone();
                return self.call(id, &shape, args, inst);
            }
            Op::CallRuntime(callee, args) => {
                let (shape, id) = self.codegen.runtime[*callee as usize].clone();
                return self.call(id, &shape, args, inst);
            }
            Op::RaiseIf(condition, kind, message) => {
                let (condition, place) = (self.value(*condition), place_of(inst));
                self.cold_if(condition, |translator| {
                    translator.raise_and_leave(*kind, *message, place);
                });
                return;
            }
            Op::Trace => return self.trace(place_of(inst)),
        };
        self.values[inst.results[0].index()] = Some(value);
    }

    fn int_const(&mut self, ty: Ty, value: i64) -> Value {
        // Cranelift wants the bits of narrow constants zero-extended.
        let bits = match ty {
            Ty::I8 => i64::from(value as u8),
            Ty::I32 | Ty::F32 => i64::from(value as u32),
            Ty::I64 | Ty::F64 | Ty::Ptr => value,
        };
        self.builder.ins().iconst(clif(ty), bits)
    }

    /// Calls a function, and goes on behind a test of its flag if it may raise and that is not
    /// caught.
    fn call(&mut self, id: FuncId, shape: &Shape, args: &[Val], inst: &Inst) {
        let mut values: Vec<Value> = args.iter().map(|arg| self.value(*arg)).collect();
        let memory = shape.in_memory.then(|| {
            let size = u32::try_from(shape.results.len() * RESULT_STRIDE);
            let size = size.expect("structs have fewer than 2^28 scalars");
            let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, size, RESULT_ALIGN_LOG2);
            let slot = self.builder.create_sized_stack_slot(slot);
            let address = self.builder.ins().stack_addr(types::I64, slot, 0);
            values.insert(0, address);
            address
        });
        let callee = self.callee(id);
        let call = self.builder.ins().call(callee, &values);
        let mut results = self.builder.inst_results(call).to_vec();
        let flag = if shape.raises { results.pop() } else { None };
        if let Some(flag) = flag.filter(|_| !inst.is_caught) {
            let place = place_of(inst);
            self.cold_if(flag, |translator| translator.trace_and_leave(place));
        }
        if let Some(address) = memory {
            for (index, ty) in shape.results.iter().enumerate() {
                let (flags, offset) = (self.flags(Alias::Results), Shape::offset(index));
                results.push(self.builder.ins().load(clif(*ty), flags, address, offset));
            }
        }
        if inst.is_caught {
            results.push(match flag {
                Some(flag) => flag,
                None => self.builder.ins().iconst(types::I8, 0),
            });
        }
        for (result, value) in inst.results.iter().zip(results) {
            self.values[result.index()] = Some(value);
        }
    }

    fn binary(&mut self, op: BinaryOp, a: Val, b: Val) -> Value {
        let (a, b) = (self.value(a), self.value(b));
        let ins = self.builder.ins();
        match op {
            BinaryOp::Add => ins.iadd(a, b),
            BinaryOp::Sub => ins.isub(a, b),
            BinaryOp::Mul => ins.imul(a, b),
            BinaryOp::DivSigned => ins.sdiv(a, b),
            BinaryOp::DivUnsigned => ins.udiv(a, b),
            BinaryOp::RemUnsigned => ins.urem(a, b),
            BinaryOp::And => ins.band(a, b),
            BinaryOp::Or => ins.bor(a, b),
            BinaryOp::Xor => ins.bxor(a, b),
            BinaryOp::Shl => ins.ishl(a, b),
            BinaryOp::ShrSigned => ins.sshr(a, b),
            BinaryOp::ShrUnsigned => ins.ushr(a, b),
            BinaryOp::MinUnsigned => ins.umin(a, b),
            BinaryOp::MinSigned => ins.smin(a, b),
            BinaryOp::MaxSigned => ins.smax(a, b),
            BinaryOp::FloatAdd => ins.fadd(a, b),
            BinaryOp::FloatSub => ins.fsub(a, b),
            BinaryOp::FloatMul => ins.fmul(a, b),
            BinaryOp::FloatDiv => ins.fdiv(a, b),
        }
    }

    fn unary(&mut self, op: UnaryOp, a: Val) -> Value {
        let a = self.value(a);
        match op {
            UnaryOp::Neg => self.builder.ins().ineg(a),
            UnaryOp::Not => self.builder.ins().bnot(a),
            UnaryOp::FloatNeg => self.builder.ins().fneg(a),
        }
    }

    fn convert(&mut self, op: Conversion, to: Ty, a: Val) -> Value {
        let a = self.value(a);
        let from = self.builder.func.dfg.value_type(a);
        let ty = clif(to);
        let ins = self.builder.ins();
        match op {
            Conversion::SignExtend => ins.sextend(ty, a),
            Conversion::ZeroExtend => ins.uextend(ty, a),
            Conversion::Truncate => ins.ireduce(ty, a),
            Conversion::SignedToFloat => ins.fcvt_from_sint(ty, a),
            Conversion::UnsignedToFloat => ins.fcvt_from_uint(ty, a),
            Conversion::FloatToSigned => ins.fcvt_to_sint_sat(ty, a),
            Conversion::FloatToUnsigned => ins.fcvt_to_uint_sat(ty, a),
            Conversion::FloatToFloat if from.bits() < ty.bits() => ins.fpromote(ty, a),
            Conversion::FloatToFloat => ins.fdemote(ty, a),
        }
    }
}

fn place_of(inst: &Inst) -> PlaceId {
    inst.place.expect("what may raise has a place")
}

const fn int_condition(op: IntCompare) -> IntCC {
    match op {
        IntCompare::Eq => IntCC::Equal,
        IntCompare::Ne => IntCC::NotEqual,
        IntCompare::LtSigned => IntCC::SignedLessThan,
        IntCompare::LeSigned => IntCC::SignedLessThanOrEqual,
        IntCompare::GtSigned => IntCC::SignedGreaterThan,
        IntCompare::GeSigned => IntCC::SignedGreaterThanOrEqual,
        IntCompare::LtUnsigned => IntCC::UnsignedLessThan,
        IntCompare::LeUnsigned => IntCC::UnsignedLessThanOrEqual,
        IntCompare::GtUnsigned => IntCC::UnsignedGreaterThan,
        IntCompare::GeUnsigned => IntCC::UnsignedGreaterThanOrEqual,
    }
}

const fn float_condition(op: FloatCompare) -> FloatCC {
    match op {
        FloatCompare::Eq => FloatCC::Equal,
        FloatCompare::Ne => FloatCC::NotEqual,
        FloatCompare::Lt => FloatCC::LessThan,
        FloatCompare::Le => FloatCC::LessThanOrEqual,
        FloatCompare::Gt => FloatCC::GreaterThan,
        FloatCompare::Ge => FloatCC::GreaterThanOrEqual,
    }
}
