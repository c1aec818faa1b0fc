//! Statements: sequences, branches, loops, and how control leaves them.
//!
//! The closure of a statement that may leave a loop or function yields where control goes next;
//! most cannot, and their result means nothing ([`StepKind`]). The value of a `return` inside
//! waits in [`Cx::returned`] or, if it is not one slot, at the start of the frame.

use spy_lang::program::Failure;

use super::{Consumer, Ex, Node, Operand, ex};
use crate::failure::Site;
use crate::machine::Cx;

/// Control goes on with the next statement.
pub(crate) const NEXT: u64 = 0;
/// Control leaves the innermost loop.
pub(crate) const BREAK: u64 = 1;
/// Control goes to the next turn of the innermost loop.
pub(crate) const CONTINUE: u64 = 2;
/// Control leaves the function.
pub(crate) const RETURN: u64 = 3;

/// What the result of a statement's closure means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StepKind {
    /// Nothing; control goes on.
    Plain,
    /// Where control goes.
    Flow,
}

/// A lowered statement.
pub(crate) struct Step {
    pub(crate) ex: Ex,
    pub(crate) kind: StepKind,
}

impl Step {
    /// A statement after which control goes on.
    pub(crate) fn plain(ex: Ex) -> Self {
        Self {
            ex,
            kind: StepKind::Plain,
        }
    }

    /// A statement that says where control goes.
    pub(crate) fn flow(ex: Ex) -> Self {
        Self {
            ex,
            kind: StepKind::Flow,
        }
    }
}

/// The closure of a statement such that its result says where control goes.
pub(crate) fn as_flow(step: Step) -> Ex {
    match step.kind {
        StepKind::Flow => step.ex,
        StepKind::Plain => Box::new(move |cx, frame| {
            (step.ex)(cx, frame)?;
            Ok(NEXT)
        }),
    }
}

/// Statements one after the other.
pub(crate) fn sequence(mut steps: Vec<Step>) -> Step {
    if steps.iter().any(|step| step.kind == StepKind::Flow) {
        return flow_sequence(steps);
    }
    if steps.len() == 1 {
        return steps.remove(0);
    }
    let exs: Vec<Ex> = steps.into_iter().map(|step| step.ex).collect();
    Step::plain(plain_sequence(exs))
}

fn plain_sequence(exs: Vec<Ex>) -> Ex {
    match exs.len() {
        2 => unrolled::<2>(exs),
        3 => unrolled::<3>(exs),
        4 => unrolled::<4>(exs),
        5 => unrolled::<5>(exs),
        6 => unrolled::<6>(exs),
        7 => unrolled::<7>(exs),
        8 => unrolled::<8>(exs),
        _ => Box::new(move |cx, frame| {
            for ex in &exs {
                ex(cx, frame)?;
            }
            Ok(NEXT)
        }),
    }
}

/// A loop over so few closures that it is compiled to one call after the other.
fn unrolled<const COUNT: usize>(exs: Vec<Ex>) -> Ex {
    let Ok(exs) = <[Ex; COUNT]>::try_from(exs) else {
        unreachable!("there are {COUNT} closures")
    };
    Box::new(move |cx, frame| {
        for ex in &exs {
            ex(cx, frame)?;
        }
        Ok(NEXT)
    })
}

/// Runs of plain statements are joined, so that only closures that yield a flow are tested.
fn flow_sequence(steps: Vec<Step>) -> Step {
    let mut flows = Vec::new();
    let mut plain = Vec::new();
    for step in steps {
        match step.kind {
            StepKind::Plain => plain.push(step),
            StepKind::Flow if plain.is_empty() => flows.push(step.ex),
            StepKind::Flow => {
                let (before, after) = (sequence(std::mem::take(&mut plain)).ex, step.ex);
                flows.push(Box::new(move |cx: &mut Cx<'_>, frame: &mut [u64]| {
                    before(cx, frame)?;
                    after(cx, frame)
                }) as Ex);
            }
        }
    }
    if !plain.is_empty() {
        flows.push(as_flow(sequence(plain)));
    }
    Step::flow(match <[Ex; 2]>::try_from(flows) {
        Ok([first, second]) => Box::new(move |cx, frame| match first(cx, frame)? {
            NEXT => second(cx, frame),
            flow => Ok(flow),
        }),
        Err(mut flows) if flows.len() == 1 => flows.remove(0),
        Err(flows) => Box::new(move |cx, frame| {
            for ex in &flows {
                let flow = ex(cx, frame)?;
                if flow != NEXT {
                    return Ok(flow);
                }
            }
            Ok(NEXT)
        }),
    })
}

/// Statements and then the value of a function or block.
pub(crate) fn body(steps: Vec<Step>, value: Operand) -> Operand {
    if steps.is_empty() {
        return value;
    }
    let (step, value) = (sequence(steps), value.into_ex());
    Operand::Tree(match step.kind {
        StepKind::Plain => ex(move |cx, frame| {
            (step.ex)(cx, frame)?;
            value(cx, frame)
        }),
        StepKind::Flow => ex(move |cx, frame| match (step.ex)(cx, frame)? {
            NEXT => value(cx, frame),
            _ => Ok(cx.returned),
        }),
    })
}

/// One node or the other.
pub(crate) struct Branch<T, E> {
    pub(crate) then: T,
    pub(crate) otherwise: E,
}

impl<T: Node, E: Node> Consumer for Branch<T, E> {
    fn accept<N: Node>(self, test: N) -> Ex {
        let Self { then, otherwise } = self;
        Box::new(move |cx, frame| {
            if test.eval(cx, frame)? != 0 {
                then.eval(cx, frame)
            } else {
                otherwise.eval(cx, frame)
            }
        })
    }
}

/// A closure that is reached over one more jump.
///
/// Two closures of which a condition selects one would be compiled to a single indirect jump to a
/// selected address; that is much harder to predict than a condition is.
pub(crate) struct FarTree(pub(crate) Ex);

impl Node for FarTree {
    #[inline(never)]
    fn eval(&self, cx: &mut Cx<'_>, frame: &mut [u64]) -> Result<u64, Failure> {
        (self.0)(cx, frame)
    }
}

/// A closure or nothing.
pub(crate) struct When {
    pub(crate) then: Ex,
}

impl Consumer for When {
    fn accept<N: Node>(self, test: N) -> Ex {
        let Self { then } = self;
        Box::new(move |cx, frame| {
            if test.eval(cx, frame)? != 0 {
                then(cx, frame)
            } else {
                Ok(NEXT)
            }
        })
    }
}

/// A `while` loop, which yields a flow: that of the `else` part, or [`RETURN`].
pub(crate) struct Loop {
    pub(crate) body: Step,
    pub(crate) otherwise: Option<Ex>,
    pub(crate) site: Site,
}

impl Consumer for Loop {
    fn accept<N: Node>(self, test: N) -> Ex {
        let Self {
            body,
            otherwise,
            site,
        } = self;
        let tick = move |cx: &mut Cx<'_>| -> Result<(), Failure> {
            cx.tick()
                .map_err(|failure| site.enclose(cx.program, failure))
        };
        let otherwise = otherwise.unwrap_or_else(|| Box::new(|_, _| Ok(NEXT)));
        let Step { ex: body, kind } = body;
        match kind {
            StepKind::Plain => Box::new(move |cx, frame| {
                while test.eval(cx, frame)? != 0 {
                    tick(cx)?;
                    body(cx, frame)?;
                }
                otherwise(cx, frame)
            }),
            StepKind::Flow => Box::new(move |cx, frame| {
                while test.eval(cx, frame)? != 0 {
                    tick(cx)?;
                    match body(cx, frame)? {
                        BREAK => return Ok(NEXT),
                        RETURN => return Ok(RETURN),
                        _ => {}
                    }
                }
                otherwise(cx, frame)
            }),
        }
    }
}
