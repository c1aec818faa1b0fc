//! Values of any number of slots: structs, complex numbers, `None`.
//!
//! They are computed into slots of the frame. Those slots are never read by the expression that
//! fills them: an assignment to a variable that its own value mentions goes through temporaries.

use spy_lang::ir::{Expr, ExprKind, LocalId};
use spy_lang::program::{Failure, FuncId};
use spy_lang::types::{TypeId, TypeKind};

use super::expr::Place;
use super::{Lowering, ResultPlace};
use crate::node::{Const, Consumer, Ex, Operand, Step, Store, body, ex, sequence};

impl Lowering<'_> {
    /// The closure that computes an expression into the slots from `dest` on.
    pub(super) fn fill(&mut self, expr: &Expr, dest: usize) -> Result<Ex, Failure> {
        self.check_depth()?;
        let count = self.slots(expr);
        if count == 1 {
            return self.store(expr, dest);
        }
        if let Some(place) = self.place(expr) {
            return Ok(copy(place, dest, count));
        }
        match &expr.kind {
            ExprKind::Const(value) => {
                let slots = self.constant(expr.ty, value);
                Ok(Box::new(move |_, frame| {
                    frame[dest..dest + slots.len()].copy_from_slice(&slots);
                    Ok(0)
                }))
            }
            ExprKind::Local(local) => {
                let check = self.assigned_check(*local, expr.span);
                let copy = copy(Place::Frame(self.layout.local(*local).first), dest, count);
                Ok(sequence(vec![Step::plain(check), Step::plain(copy)]).ex)
            }
            ExprKind::Global(_) => unreachable!("module variables have a place"),
            ExprKind::Call(callee, args) => self.fill_call(*callee, args, expr, dest),
            ExprKind::Prim(prim, args) => self.fill_prim(*prim, args, expr.span, dest),
            ExprKind::MakeStruct(fields) => self.fill_fields(fields, dest),
            ExprKind::GetField(base, index) => {
                let offset = self.field_offset(base.ty, *index);
                self.with_temps(self.slots(base), |lowering, temp| {
                    let fill = lowering.fill(base, temp)?;
                    let copy = copy(Place::Frame(temp + offset), dest, count);
                    Ok(sequence(vec![Step::plain(fill), Step::plain(copy)]).ex)
                })
            }
            ExprKind::Memory(op, args) => self.fill_memory(*op, args, expr, dest),
            ExprKind::Upcast(value) => self.fill(value, dest),
            ExprKind::CheckedCast(value) => self.checked_cast(value, expr.ty, expr.span, dest),
            ExprKind::Dynamic(..) => unreachable!("a `dynamic` value takes one slot"),
            ExprKind::MakeException(_) => unreachable!("exceptions take one slot"),
            ExprKind::And(..) | ExprKind::Or(..) => unreachable!("`and` and `or` yield a bool"),
            ExprKind::If(test, then, otherwise) => {
                let (then, otherwise) = (self.fill(then, dest)?, self.fill(otherwise, dest)?);
                self.branch(test, Operand::Tree(then), Operand::Tree(otherwise))
            }
            ExprKind::AssignLocal(local, value) => {
                let assign = self.assign(*local, value)?;
                let copy = copy(Place::Frame(self.layout.local(*local).first), dest, count);
                Ok(sequence(vec![Step::plain(assign), Step::plain(copy)]).ex)
            }
            ExprKind::AssignGlobal(global, value) => {
                let slot = self.program.global(*global).slot;
                let store = self.store_global(slot, value)?;
                let copy = copy(Place::Global(slot), dest, count);
                Ok(sequence(vec![Step::plain(store), Step::plain(copy)]).ex)
            }
            ExprKind::Block(stmts, value) => {
                let steps = self.steps(stmts)?;
                Ok(body(steps, Operand::Tree(self.fill(value, dest)?)).into_ex())
            }
        }
    }

    /// A call whose result does not take one slot.
    fn fill_call(
        &mut self,
        callee: FuncId,
        args: &[Expr],
        expr: &Expr,
        dest: usize,
    ) -> Result<Ex, Failure> {
        if let Some(hot) = self.list_operation(callee, args, expr, dest)? {
            return Ok(hot);
        }
        if let Some(inlined) = self.inlined(callee, args, expr, ResultPlace::Fresh(dest))? {
            return Ok(inlined.into_ex());
        }
        let (call, base) = self.call(callee, args, expr)?;
        let copy = copy(Place::Frame(base), dest, self.slots(expr));
        Ok(sequence(vec![Step::plain(call), Step::plain(copy)]).ex)
    }

    /// Fields one after the other.
    pub(super) fn fill_fields(&mut self, fields: &[Expr], dest: usize) -> Result<Ex, Failure> {
        let mut steps = Vec::new();
        let mut next = dest;
        let mut fields = fields;
        while let [field, rest @ ..] = fields {
            let (run, slots) = self.run_of_places(fields);
            if let Some(place) = self.place(field)
                && run > 1
            {
                steps.push(Step::plain(copy(place, next, slots)));
                fields = &fields[run..];
                next += slots;
            } else {
                steps.push(Step::plain(self.fill(field, next)?));
                fields = rest;
                next += self.slots(field);
            }
        }
        Ok(sequence(steps).ex)
    }

    /// How many of the first fields lie side by side in the frame already, and in how many slots.
    fn run_of_places(&self, fields: &[Expr]) -> (usize, usize) {
        let (mut start, mut slots) = (None, 0);
        for (index, field) in fields.iter().enumerate() {
            let Some(Place::Frame(slot)) = self.place(field) else {
                return (index, slots);
            };
            if slot != *start.get_or_insert(slot) + slots {
                return (index, slots);
            }
            slots += self.slots(field);
        }
        (fields.len(), slots)
    }

    /// `x = e`; yields the value if it takes one slot.
    pub(super) fn assign(&mut self, local: LocalId, value: &Expr) -> Result<Ex, Failure> {
        let slots = self.layout.local(local);
        let assign = match slots.count {
            1 => self.store(value, slots.first)?,
            0 => self.effect(value)?,
            count => self.fill_variable(value, slots.first, count)?,
        };
        let Some(flag) = slots.flag else {
            return Ok(assign);
        };
        Ok(ex(move |cx, frame| {
            let value = assign(cx, frame)?;
            frame[flag] = 1;
            Ok(value)
        }))
    }

    /// The closure that computes an expression into slots that it may read.
    pub(super) fn fill_variable(
        &mut self,
        value: &Expr,
        first: usize,
        count: usize,
    ) -> Result<Ex, Failure> {
        if let Some((field, slot)) = self.changed_field(value, first) {
            return self.fill(field, slot);
        }
        if let ExprKind::Call(callee, args) = &value.kind {
            // An item replaces the variable only after all else.
            if let Some(hot) = self.list_operation(*callee, args, value, first)? {
                return Ok(hot);
            }
            let dest = ResultPlace::Variable(first);
            if let Some(inlined) = self.inlined(*callee, args, value, dest)? {
                return Ok(inlined.into_ex());
            }
        }
        self.with_temps(count, |lowering, temp| {
            let fill = lowering.fill(value, temp)?;
            let copy = copy(Place::Frame(temp), first, count);
            Ok(sequence(vec![Step::plain(fill), Step::plain(copy)]).ex)
        })
    }

    /// The field of one slot that is all that `x = S(x.a, e, x.c)` changes of the slots from
    /// `first` on, and its slot.
    fn changed_field<'e>(&self, value: &'e Expr, first: usize) -> Option<(&'e Expr, usize)> {
        let ExprKind::MakeStruct(fields) = &value.kind else {
            return None;
        };
        let mut changed = None;
        let mut slot = first;
        for field in fields {
            let stays = matches!(self.place(field), Some(Place::Frame(place)) if place == slot);
            if !stays && changed.replace((field, slot)).is_some() {
                return None;
            }
            slot += self.slots(field);
        }
        changed.filter(|(field, _)| self.slots(field) == 1)
    }

    /// `x = e` of a module variable; yields the value if it takes one slot.
    pub(super) fn store_global(&mut self, slot: usize, value: &Expr) -> Result<Ex, Failure> {
        match self.slots(value) {
            1 => {
                let compute = self.value(value)?.into_ex();
                Ok(ex(move |cx, frame| {
                    let value = compute(cx, frame)?;
                    cx.program.global_slots[slot] = value;
                    Ok(value)
                }))
            }
            count => self.with_temps(count, |lowering, temp| {
                let fill = lowering.fill(value, temp)?;
                Ok(ex(move |cx, frame| {
                    fill(cx, frame)?;
                    let target = &mut cx.program.global_slots[slot..slot + count];
                    target.copy_from_slice(&frame[temp..temp + count]);
                    Ok(0)
                }))
            }),
        }
    }

    /// `a, b = e`
    pub(super) fn unpack(&mut self, targets: &[LocalId], value: &Expr) -> Result<Ex, Failure> {
        let count = self.slots(value);
        self.with_temps(count, |lowering, temp| {
            let mut steps = vec![Step::plain(lowering.fill(value, temp)?)];
            let mut next = temp;
            for target in targets {
                let local = lowering.layout.local(*target);
                steps.push(Step::plain(copy(
                    Place::Frame(next),
                    local.first,
                    local.count,
                )));
                next += local.count;
                if let Some(flag) = local.flag {
                    steps.push(Step::plain(Store(flag).accept(Const(1))));
                }
            }
            Ok(sequence(steps).ex)
        })
    }

    /// The first slot of a field within a struct.
    pub(super) fn field_offset(&self, ty: TypeId, index: usize) -> usize {
        let types = &self.program.types;
        let TypeKind::Struct(Some(layout)) = types.kind(ty) else {
            unreachable!("fields are read from complete structs")
        };
        layout.fields[..index]
            .iter()
            .map(|field| types.slots(field.ty))
            .sum()
    }
}

fn copy(from: Place, dest: usize, count: usize) -> Ex {
    match from {
        // The usual sizes without a call of `memmove`.
        Place::Frame(slot) if count == 2 => Box::new(move |_, frame| {
            (frame[dest], frame[dest + 1]) = (frame[slot], frame[slot + 1]);
            Ok(0)
        }),
        Place::Frame(slot) if count == 3 => Box::new(move |_, frame| {
            (frame[dest], frame[dest + 1], frame[dest + 2]) =
                (frame[slot], frame[slot + 1], frame[slot + 2]);
            Ok(0)
        }),
        Place::Frame(slot) => Box::new(move |_, frame| {
            frame.copy_within(slot..slot + count, dest);
            Ok(0)
        }),
        Place::Global(slot) => Box::new(move |cx, frame| {
            let source = &cx.program.global_slots[slot..slot + count];
            frame[dest..dest + count].copy_from_slice(source);
            Ok(0)
        }),
    }
}
