//! Operations that are rare enough to go through values: library functions, and casts from and to
//! types whose slots do not say what they hold.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::{DynamicOp, Expr, Prim};
use spy_lang::memory::{decode, encode};
use spy_lang::program::{Failure, FuncId, Value};
use spy_lang::redshift::{Dispatched, fold};
use spy_lang::source::Span;
use spy_lang::types::{TypeId, TypeKind};

use super::Lowering;
use crate::failure::recursion_error;
use crate::machine::{CodeIndex, Cx};
use crate::node::{Ex, ex};

impl Lowering<'_> {
    /// A primitive without effects, applied as the compiler applies it; the result goes to the
    /// slots from `dest` on.
    pub(super) fn fill_library(
        &mut self,
        prim: Prim,
        args: &[Expr],
        span: Span,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        let result = prim.signature().1;
        self.with_arguments(args, |values| {
            Box::new(move |cx, frame| {
                let values = values(cx, frame)?;
                let value =
                    fold::apply(prim, &values).map_err(|raise| site.raise(cx.program, raise))?;
                write(cx, frame, result, &value, dest);
                Ok(0)
            })
        })
    }

    /// The same, for a result of one slot.
    pub(super) fn library(&mut self, prim: Prim, args: &[Expr], span: Span) -> Result<Ex, Failure> {
        self.with_temps(1, |lowering, temp| {
            let fill = lowering.fill_library(prim, args, span, temp)?;
            Ok(ex(move |cx, frame| {
                fill(cx, frame)?;
                Ok(frame[temp])
            }))
        })
    }

    /// A value seen as `object` or `dynamic`.
    pub(super) fn upcast(&mut self, value: &Expr, target: TypeId) -> Result<Ex, Failure> {
        if self.is_boxed(value.ty) {
            return Ok(self.value(value)?.into_ex());
        }
        self.with_arguments(std::slice::from_ref(value), |values| {
            Box::new(move |cx, frame| {
                let values = values(cx, frame)?;
                let mut slots = Vec::with_capacity(1);
                encode(cx.program, target, &values[0], &mut slots);
                Ok(slots[0])
            })
        })
    }

    /// A value whose dynamic type must be a subtype of `target`.
    pub(super) fn checked_cast(
        &mut self,
        value: &Expr,
        target: TypeId,
        span: Span,
        dest: usize,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        self.with_arguments(std::slice::from_ref(value), |values| {
            Box::new(move |cx, frame| {
                let values = values(cx, frame)?;
                let got = cx.program.type_of(&values[0]);
                if !cx.program.types.is_subtype(got, target) {
                    let expected = cx.program.type_name(target);
                    let got = cx.program.type_name(got);
                    let message = format!("Invalid cast. Expected `{expected}`, got `{got}`");
                    let diagnostic = Diagnostic::new(ErrorKind::TypeError, message);
                    return Err(site.fail(cx.program, diagnostic));
                }
                write(cx, frame, target, &values[0], dest);
                Ok(0)
            })
        })
    }

    /// An operation that the front end dispatches on the types of its operands, now that they are
    /// known.
    pub(super) fn dynamic(
        &mut self,
        op: &DynamicOp,
        args: &[Expr],
        span: Span,
    ) -> Result<Ex, Failure> {
        let site = self.site(span);
        let op = op.clone();
        let places: Vec<Span> = args.iter().map(|arg| arg.span).collect();
        let base = self.layout.next_temp();
        self.with_arguments(args, |values| {
            Box::new(move |cx, frame| {
                let operands = values(cx, frame)?.into_iter().zip(places.iter().copied());
                let value = cx
                    .dynamic(&op, operands.collect(), span)
                    .and_then(|dispatched| match dispatched {
                        Dispatched::Done(value) => Ok(value),
                        Dispatched::Call(func, args) => call(cx, func, &args, &mut frame[base..]),
                    })
                    .map_err(|failure| site.enclose(cx.program, failure))?;
                let mut slots = Vec::with_capacity(1);
                encode(cx.program, TypeId::DYNAMIC, &value, &mut slots);
                Ok(slots[0])
            })
        })
    }

    /// Whether slots of a type hold objects that know their own type.
    fn is_boxed(&self, ty: TypeId) -> bool {
        matches!(
            self.program.types.kind(ty),
            TypeKind::Object | TypeKind::Dynamic | TypeKind::Exception(_)
        )
    }

    /// A node made from one that computes the values of some expressions.
    pub(super) fn with_arguments(
        &mut self,
        args: &[Expr],
        make: impl FnOnce(Values) -> Ex,
    ) -> Result<Ex, Failure> {
        let count: usize = args.iter().map(|arg| self.slots(arg)).sum();
        self.with_temps(count, |lowering, temp| {
            let fill = lowering.fill_fields(args, temp)?;
            let mut places = Vec::with_capacity(args.len());
            let mut next = temp;
            for arg in args {
                places.push((arg.ty, next));
                next += lowering.slots(arg);
            }
            Ok(make(Box::new(move |cx, frame| {
                fill(cx, frame)?;
                let value = |(ty, slot): &(TypeId, usize)| decode(cx.program, *ty, &frame[*slot..]);
                Ok(places.iter().map(value).collect())
            })))
        })
    }
}

/// Calls a function whose parameters were not known when its caller was lowered; the frame is as
/// long as the stack.
fn call(
    cx: &mut Cx<'_>,
    func: FuncId,
    args: &[Value],
    frame: &mut [u64],
) -> Result<Value, Failure> {
    let ty = cx.program.types.as_func(cx.program.func(func).ty).cloned();
    let ty = ty.expect("functions have function types");
    let mut slots = Vec::with_capacity(args.len());
    for (param, arg) in ty.params.iter().zip(args) {
        encode(cx.program, param.ty, arg, &mut slots);
    }
    let places = frame.get_mut(..slots.len()).ok_or_else(recursion_error)?;
    places.copy_from_slice(&slots);
    let result = cx.call(CodeIndex::of(func), frame)?;
    if cx.program.types.slots(ty.result) == 1 {
        return Ok(decode(cx.program, ty.result, &[result]));
    }
    Ok(decode(cx.program, ty.result, frame))
}

/// Computes the values of some expressions.
pub(super) type Values = Box<dyn Fn(&mut Cx<'_>, &mut [u64]) -> Result<Vec<Value>, Failure>>;

fn write(cx: &mut Cx<'_>, frame: &mut [u64], ty: TypeId, value: &Value, dest: usize) {
    let mut slots = Vec::with_capacity(2);
    encode(cx.program, ty, value, &mut slots);
    cx.note_allocation();
    frame[dest..dest + slots.len()].copy_from_slice(&slots);
}
