//! Exceptions: making, raising and handling them.
//!
//! An exception travels as the error of a closure's `Result`, so that code that raises nothing pays
//! nothing. Only an exception that a handler names or raises again becomes an object.

use spy_lang::diagnostics::{Before, Diagnostic, UserClass};
use spy_lang::ir::{Expr, Handler, RaiseSource, Stmt, Try};
use spy_lang::memory::{HeapObject, ObjectId};
use spy_lang::program::{ExceptionValue, Failure, Value};
use spy_lang::source::Span;
use spy_lang::types::{TypeId, TypeKind};
use spy_runtime::error::ErrorKind;

use super::Lowering;
use crate::machine::Cx;
use crate::node::{Ex, NEXT, RETURN, Step, as_flow, ex, sequence};

/// Computes the exception that a `raise` raises; fails where that fails.
type Raised = Box<dyn Fn(&mut Cx<'_>, &mut [u64]) -> Result<Failure, Failure>>;

/// The slot for the exception that the handler around the statement at hand has taken.
pub(super) struct Handling {
    slot: usize,
    /// Whether a `raise` reads it.
    is_used: bool,
}

/// A handler when the program runs.
struct Arm {
    classes: Vec<TypeId>,
    /// The slots that get the exception.
    slots: Vec<usize>,
    body: Ex,
}

/// A class of exceptions.
struct Class {
    kind: ErrorKind,
    user_class: Option<UserClass>,
}

impl Class {
    /// A failure of this class.
    fn failure(&self, message: &str) -> Diagnostic {
        let mut failure = Diagnostic::new(self.kind, message);
        failure.user_class.clone_from(&self.user_class);
        failure
    }
}

impl Lowering<'_> {
    pub(super) fn raise_stmt(
        &mut self,
        source: &RaiseSource,
        cause: Option<&Expr>,
        span: Span,
    ) -> Result<Ex, Failure> {
        let raised = self.raised(source, span)?;
        let Some(cause) = cause else {
            return Ok(ex(move |cx, frame| Err(raised(cx, frame)?)));
        };
        if cause.ty == TypeId::NONE {
            let cause = self.effect(cause)?;
            return Ok(ex(move |cx, frame| {
                let mut failure = raised(cx, frame)?;
                cause(cx, frame)?;
                failure.before = Before::Hidden;
                Err(failure)
            }));
        }
        let cause = self.value(cause)?.into_ex();
        Ok(ex(move |cx, frame| {
            let mut failure = raised(cx, frame)?;
            let cause = cause(cx, frame)?;
            failure.set_cause(exception(cx, cause).to_failure());
            Err(failure)
        }))
    }

    fn raised(&mut self, source: &RaiseSource, span: Span) -> Result<Raised, Failure> {
        let site = self.site(span);
        Ok(match source {
            RaiseSource::Compiler(id) => {
                let index = id.0 as usize;
                Box::new(move |cx, _| Ok(site.postponed(cx.program, index)))
            }
            RaiseSource::New(class, None) => {
                let class = self.class_of(*class);
                Box::new(move |cx, _| Ok(site.fail(cx.program, class.failure(""))))
            }
            RaiseSource::New(class, Some(message)) => {
                let class = self.class_of(*class);
                let message = self.value(message)?.into_ex();
                Box::new(move |cx, frame| {
                    let message = message(cx, frame)?;
                    let text = cx.program.heap.str(ObjectId::from_slot(message));
                    Ok(site.fail(cx.program, class.failure(text)))
                })
            }
            RaiseSource::Value(value) => {
                let value = self.value(value)?.into_ex();
                Box::new(move |cx, frame| {
                    let value = value(cx, frame)?;
                    let failure = exception(cx, value).to_failure();
                    Ok(site.fail(cx.program, *failure))
                })
            }
            RaiseSource::Again => {
                let handling = self.handling.last_mut();
                let handling = handling.expect("exceptions are raised again in handlers");
                handling.is_used = true;
                let slot = handling.slot;
                Box::new(move |cx, frame| Ok(exception(cx, frame[slot]).to_failure()))
            }
        })
    }

    fn class_of(&self, class: TypeId) -> Class {
        let TypeKind::Exception(kind) = self.program.types.kind(class) else {
            unreachable!("exceptions have an exception type")
        };
        Class {
            kind: *kind,
            user_class: self.program.types.user_class(class),
        }
    }

    /// A new exception of a class with a message.
    pub(super) fn make_exception(&mut self, class: TypeId, message: &Expr) -> Result<Ex, Failure> {
        let Class { kind, user_class } = self.class_of(class);
        let message = self.value(message)?.into_ex();
        Ok(ex(move |cx, frame| {
            let message = message(cx, frame)?;
            let message = cx.program.heap.str(ObjectId::from_slot(message)).into();
            let raised = None;
            Ok(new_object(
                cx,
                ExceptionValue {
                    kind,
                    user_class: user_class.clone(),
                    message,
                    raised,
                },
            ))
        }))
    }

    pub(super) fn try_stmt(&mut self, guarded: &Try) -> Result<Step, Failure> {
        if guarded.finalbody.is_empty() {
            return Ok(Step::flow(self.handled(guarded)?));
        }
        let count = self.result_slots();
        let keeps_result = count > 1 && self.return_temps.is_none();
        self.with_temps(if keeps_result { count } else { 0 }, |lowering, temp| {
            if keeps_result {
                lowering.return_temps = Some(temp);
                lowering.layout.reserve(0, count);
            }
            let handled = lowering.handled(guarded)?;
            if keeps_result {
                lowering.return_temps = None;
            }
            let finalbody = lowering.flow(&guarded.finalbody)?;
            Ok(Step::flow(ex(move |cx, frame| {
                let mut outcome = handled(cx, frame);
                if let Err(failure) = &mut outcome {
                    cx.program.number_exception(failure);
                }
                if matches!(&outcome, Err(failure) if failure.is_final()) {
                    return outcome;
                }
                let returned = cx.returned;
                match finalbody(cx, frame) {
                    Ok(NEXT) => {}
                    Ok(flow) => return Ok(flow),
                    Err(mut failure) => {
                        if let Err(waiting) = outcome {
                            failure.add_context(waiting);
                        }
                        return Err(failure);
                    }
                }
                cx.returned = returned;
                if keeps_result && matches!(outcome, Ok(RETURN)) {
                    frame.copy_within(temp..temp + count, 0);
                }
                outcome
            })))
        })
    }

    /// Number of slots of the function's result.
    fn result_slots(&self) -> usize {
        let ty = self.func.map(|func| self.program.func(func).ty);
        let ty = ty.and_then(|ty| self.program.types.as_func(ty));
        ty.map_or(0, |ty| self.program.types.slots(ty.result))
    }

    fn flow(&mut self, stmts: &[Stmt]) -> Result<Ex, Failure> {
        Ok(as_flow(sequence(self.steps(stmts)?)))
    }

    /// A `try` without its `finally` clause.
    fn handled(&mut self, guarded: &Try) -> Result<Ex, Failure> {
        let body = self.flow(&guarded.body)?;
        let orelse = self.flow(&guarded.orelse)?;
        let arms: Result<Vec<Arm>, Failure> = guarded
            .handlers
            .iter()
            .map(|handler| self.arm(handler))
            .collect();
        let arms = arms?;
        Ok(ex(move |cx, frame| match body(cx, frame) {
            Ok(NEXT) => orelse(cx, frame),
            Ok(flow) => Ok(flow),
            Err(failure) => handle(&arms, cx, frame, failure),
        }))
    }

    fn arm(&mut self, handler: &Handler) -> Result<Arm, Failure> {
        self.with_temps(1, |lowering, slot| {
            let is_used = false;
            lowering.handling.push(Handling { slot, is_used });
            let body = lowering.flow(&handler.body);
            let handling = lowering.handling.pop();
            let is_used = handling.is_some_and(|handling| handling.is_used);
            let variable = handler.binding.map(|local| lowering.layout.local(local));
            let kept = is_used.then_some(slot);
            Ok(Arm {
                classes: handler.classes.clone(),
                slots: kept
                    .into_iter()
                    .chain(variable.map(|slots| slots.first))
                    .collect(),
                body: body?,
            })
        })
    }
}

/// Gives a failure to the first handler that takes it.
#[cold]
fn handle(
    arms: &[Arm],
    cx: &mut Cx<'_>,
    frame: &mut [u64],
    mut failure: Failure,
) -> Result<u64, Failure> {
    let class = failure.class();
    let types = &cx.program.types;
    let takes = |arm: &&Arm| {
        arm.classes
            .iter()
            .any(|base| types.is_subtype(class, *base))
    };
    let Some(arm) = arms.iter().find(|arm| !failure.is_final() && takes(arm)) else {
        return Err(failure);
    };
    cx.program.number_exception(&mut failure);
    if !arm.slots.is_empty() {
        let object = new_object(cx, ExceptionValue::of_failure(&failure));
        for slot in &arm.slots {
            frame[*slot] = object;
        }
    }
    (arm.body)(cx, frame).map_err(|mut raised| {
        raised.add_context(failure);
        raised
    })
}

fn new_object(cx: &mut Cx<'_>, exception: ExceptionValue) -> u64 {
    let object = HeapObject::Value(Value::Exception(exception.into()));
    let slot = cx.program.heap.add(object).slot();
    cx.note_allocation();
    slot
}

/// The exception in a slot.
fn exception(cx: &Cx<'_>, slot: u64) -> std::rc::Rc<ExceptionValue> {
    let HeapObject::Value(Value::Exception(exception)) =
        cx.program.heap.get(ObjectId::from_slot(slot))
    else {
        unreachable!("a slot of an exception type refers to an exception")
    };
    exception.clone()
}
