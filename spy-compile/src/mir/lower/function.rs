//! The state of lowering one function, and the instructions it appends.

use rustc_hash::FxHashMap;
use spy_lang::ir;
use spy_lang::source::Span;
use spy_runtime::error::ErrorKind;

use super::exception::Finally;
use super::flow::{Join, Loop};
use super::{Lowered, State, layout};
use crate::mir::{
    BinaryOp, BlockId, Constant, Conversion, Function, IntCompare, Op, Place, PlaceId, RuntimeFunc,
    Simplified, Terminator, Ty, UnaryOp, Val, constant_of, simplify,
};

/// Where the environment keeps a local.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    /// Position of its first scalar.
    pub(super) first: usize,
    /// Number of scalars.
    pub(super) count: usize,
    /// Position of the flag that says whether it has been assigned, if that is not known.
    pub(super) flag: Option<usize>,
}

/// Lowers one function.
pub(super) struct Lowerer<'s, 'p> {
    pub(super) state: &'s mut State<'p>,
    pub(super) ir: &'s ir::Function,
    pub(super) function: Function,
    /// The block that instructions are appended to.
    pub(super) block: BlockId,
    /// Whether that block cannot be reached.
    pub(super) dead: bool,
    /// Current value of each scalar of each local.
    pub(super) env: Vec<Val>,
    pub(super) slots: Vec<Slots>,
    pub(super) loops: Vec<Loop>,
    /// Where exceptions go, from the outside in.
    pub(super) landings: Vec<Join>,
    pub(super) finals: Vec<Finally>,
    /// The exceptions that the handlers around have taken.
    pub(super) handled: Vec<Val>,
    /// The constants among the values.
    constants: FxHashMap<Val, Constant>,
    places: FxHashMap<Span, PlaceId>,
}

/// Lowers a function that has IR.
pub(super) fn lower_function(state: &mut State<'_>, ir: &ir::Function) -> Lowered<Function> {
    let mut params = Vec::new();
    for local in &ir.locals[..ir.param_count] {
        params.extend(layout::scalars(state.program, local.ty, local.span)?);
    }
    let results = layout::scalars(state.program, ir.result, ir.prototype)?;
    let function = Function::new(ir.fqn.to_string(), &params, results);
    let mut lowerer = Lowerer {
        env: function.block(Function::ENTRY).params.clone(),
        state,
        ir,
        function,
        block: Function::ENTRY,
        dead: false,
        slots: Vec::new(),
        loops: Vec::new(),
        landings: Vec::new(),
        finals: Vec::new(),
        handled: Vec::new(),
        constants: FxHashMap::default(),
        places: FxHashMap::default(),
    };
    lowerer.declare_locals()?;
    lowerer.stmts(&ir.body)?;
    lowerer.end_of_body();
    Ok(lowerer.function)
}

impl Lowerer<'_, '_> {
    /// Lays out the environment; everything but parameters starts as zero.
    fn declare_locals(&mut self) -> Lowered<()> {
        let mut zeros: FxHashMap<Ty, Val> = FxHashMap::default();
        let mut first = 0;
        for (index, local) in self.ir.locals.iter().enumerate() {
            let types = layout::scalars(self.state.program, local.ty, local.span)?;
            let count = types.len();
            let is_param = index < self.ir.param_count;
            let flag_ty = (local.maybe_unassigned && !is_param).then_some(Ty::I8);
            let flag = flag_ty.map(|_| first + count);
            let scalars = if is_param { Vec::new() } else { types };
            for ty in scalars.into_iter().chain(flag_ty) {
                let zero = match zeros.get(&ty) {
                    Some(zero) => *zero,
                    None => self.zero(ty),
                };
                zeros.insert(ty, zero);
                self.env.push(zero);
            }
            self.slots.push(Slots { first, count, flag });
            first += count + usize::from(flag.is_some());
        }
        Ok(())
    }

    /// Zero of a type.
    pub(super) fn zero(&mut self, ty: Ty) -> Val {
        match ty {
            Ty::I8 | Ty::I32 | Ty::I64 | Ty::Ptr => self.int(ty, 0),
            Ty::F32 => self.append(Op::F32(0), ty),
            Ty::F64 => self.append(Op::F64(0), ty),
        }
    }

    /// Appends an instruction with one result.
    fn append(&mut self, op: Op, ty: Ty) -> Val {
        let constant = constant_of(&op);
        let results = self.function.add_inst(self.block, op, &[ty], None);
        let value = results[0];
        if let Some(constant) = constant {
            self.constants.insert(value, constant);
        }
        value
    }

    /// Appends an operation that cannot raise, or finds its result known.
    pub(super) fn emit(&mut self, op: Op, ty: Ty) -> Val {
        match simplify(&op, |value| self.constants.get(&value).copied()) {
            Some(Simplified::Constant(constant)) => self.append(constant.op(), ty),
            Some(Simplified::Same(value)) => value,
            None => self.append(op, ty),
        }
    }

    /// The integer, if the value is a constant.
    pub(super) fn known_int(&self, value: Val) -> Option<i64> {
        self.constants
            .get(&value)
            .copied()
            .and_then(Constant::as_int)
    }

    /// An integer constant.
    pub(super) fn int(&mut self, ty: Ty, value: i64) -> Val {
        self.append(Op::Int(ty, value), ty)
    }

    /// A float constant.
    pub(super) fn f64(&mut self, value: f64) -> Val {
        self.append(Op::F64(value.to_bits()), Ty::F64)
    }

    /// A constant string object.
    pub(super) fn text(&mut self, text: &str) -> Val {
        let id = self.state.module.text(text);
        self.append(Op::Text(id), Ty::Ptr)
    }

    /// An operation on two values of one type.
    pub(super) fn binary(&mut self, op: BinaryOp, a: Val, b: Val) -> Val {
        let ty = self.function.ty(a);
        self.emit(Op::Binary(op, a, b), ty)
    }

    /// An operation on one value.
    pub(super) fn unary(&mut self, op: UnaryOp, a: Val) -> Val {
        let ty = self.function.ty(a);
        self.emit(Op::Unary(op, a), ty)
    }

    /// A comparison of integers.
    pub(super) fn compare(&mut self, op: IntCompare, a: Val, b: Val) -> Val {
        self.emit(Op::Compare(op, a, b), Ty::I8)
    }

    /// A comparison of an integer with a constant.
    pub(super) fn compare_with(&mut self, op: IntCompare, a: Val, b: i64) -> Val {
        let b = self.int(self.function.ty(a), b);
        self.compare(op, a, b)
    }

    /// A choice between two values.
    pub(super) fn select(&mut self, condition: Val, a: Val, b: Val) -> Val {
        let ty = self.function.ty(a);
        self.emit(Op::Select(condition, a, b), ty)
    }

    /// A conversion; none if the value has the type.
    pub(super) fn convert(&mut self, conversion: Conversion, to: Ty, a: Val) -> Val {
        if self.function.ty(a) == to {
            return a;
        }
        self.emit(Op::Convert(conversion, to, a), to)
    }

    /// The negation of a bool.
    pub(super) fn not(&mut self, a: Val) -> Val {
        let one = self.int(Ty::I8, 1);
        self.binary(BinaryOp::Xor, a, one)
    }

    /// Raises an exception at `span` if the condition is true.
    pub(super) fn raise_if(&mut self, condition: Val, kind: ErrorKind, message: &str, span: Span) {
        if self.known_int(condition) == Some(0) {
            return;
        }
        let place = self.place(span);
        if !self.landings.is_empty() {
            self.pad_if(condition, |lowerer| {
                let message = lowerer.text(message);
                lowerer.set_exception(kind, message, span);
                lowerer.trace(place);
            });
            return;
        }
        let text = self.state.module.text(message);
        let op = Op::RaiseIf(condition, kind, text);
        self.function.add_inst(self.block, op, &[], Some(place));
    }

    /// Calls a function of the runtime.
    pub(super) fn runtime(&mut self, callee: RuntimeFunc, args: &[Val], span: Span) -> Vec<Val> {
        let signature = callee.signature();
        let op = Op::CallRuntime(callee, args.to_vec());
        if signature.raises {
            let place = self.place(span);
            return self.raising(op, signature.results, place);
        }
        self.function
            .add_inst(self.block, op, signature.results, None)
    }

    /// Leaves the function with an exception of a kind and a message, a `str`.
    pub(super) fn raise(&mut self, kind: ErrorKind, message: Val, span: Span) {
        self.set_exception(kind, message, span);
        self.leave_from(span);
    }

    /// Ends the block; what follows is dead.
    pub(super) fn end_block(&mut self, end: Terminator) {
        if !self.dead {
            self.function.block_mut(self.block).end = end;
        }
        self.block = self.function.add_block();
        self.dead = true;
    }

    fn end_of_body(&mut self) {
        if self.dead {
            return;
        }
        if self.function.results.is_empty() {
            self.end_block(Terminator::Return(Vec::new()));
        } else {
            let message = self.text("reached the end of the function without a `return`");
            self.raise(ErrorKind::TypeError, message, self.ir.end);
        }
    }

    /// The place of a span, as a traceback shows it.
    pub(super) fn place(&mut self, span: Span) -> PlaceId {
        if let Some(place) = self.places.get(&span) {
            return *place;
        }
        let sources = &self.state.program.sources;
        let file = sources.file(span.file);
        let (start, end) = (sources.start(span), sources.end(sources.first_line(span)));
        let line = if span.is_builtin() { 0 } else { start.line };
        let place = self.state.module.place(Place {
            function: self.function.name.clone(),
            file: file.name.to_string(),
            line,
            text: file.line_text(line).to_owned(),
            column: start.column,
            width: end.column.saturating_sub(start.column).max(1),
            caller: None,
        });
        self.places.insert(span, place);
        place
    }
}
