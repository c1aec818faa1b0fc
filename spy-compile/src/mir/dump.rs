//! The text form of MIR, for people and for tests.

use std::fmt::{self, Write};

use super::{Block, BlockId, FuncIndex, Function, Inst, Module, Op, Target, Terminator, Val};

/// The text of a whole program, function by function.
pub fn dump(module: &Module) -> String {
    let mut out = String::new();
    for (index, function) in module.functions.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write_function(&mut out, module, FuncIndex::new(index), function);
    }
    out
}

fn write_function(
    out: &mut String,
    module: &Module,
    index: FuncIndex,
    function: &Function,
) -> fmt::Result {
    let results: Vec<String> = function.results.iter().map(ToString::to_string).collect();
    writeln!(
        out,
        "function {index} {} -> ({}) {{",
        function.name,
        results.join(", ")
    )?;
    for id in function.reverse_postorder() {
        write_block(out, module, function, id, function.block(id))?;
    }
    writeln!(out, "}}\n")
}

fn write_block(
    out: &mut String,
    module: &Module,
    function: &Function,
    id: BlockId,
    block: &Block,
) -> fmt::Result {
    let typed = |value: &Val| format!("{value}: {}", function.ty(*value));
    let params: Vec<String> = block.params.iter().map(typed).collect();
    writeln!(out, "{id}({}):", params.join(", "))?;
    for inst in &block.insts {
        out.push_str("    ");
        write_inst(out, module, function, inst)?;
        out.push('\n');
    }
    match &block.end {
        Terminator::Jump(target) => writeln!(out, "    jump {}", target_text(target)),
        Terminator::Branch(condition, then, otherwise) => {
            let (then, otherwise) = (target_text(then), target_text(otherwise));
            writeln!(out, "    branch {condition}, {then}, {otherwise}")
        }
        Terminator::Return(values) => writeln!(out, "    return {}", list(values)),
        Terminator::Unwind(_) => writeln!(out, "    unwind"),
        Terminator::Unreachable => writeln!(out, "    unreachable"),
    }
}

fn target_text(target: &Target) -> String {
    format!("{}({})", target.block, list(&target.args))
}

fn list(values: &[Val]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

fn write_inst(out: &mut String, module: &Module, function: &Function, inst: &Inst) -> fmt::Result {
    if let Some(first) = inst.results.first() {
        write!(out, "{}: {} = ", list(&inst.results), function.ty(*first))?;
    }
    if inst.is_caught {
        write!(out, "caught ")?;
    }
    match &inst.op {
        Op::Int(_, value) => write!(out, "int {value}"),
        Op::F32(bits) => write!(out, "float {:?}", f32::from_bits(*bits)),
        Op::F64(bits) => write!(out, "float {:?}", f64::from_bits(*bits)),
        Op::Text(text) => write!(out, "text {}", module.texts[text.index()]),
        Op::Binary(op, a, b) => write!(out, "{op:?} {a}, {b}"),
        Op::Unary(op, a) => write!(out, "{op:?} {a}"),
        Op::Compare(op, a, b) => write!(out, "compare {op:?} {a}, {b}"),
        Op::FloatCompare(op, a, b) => write!(out, "float_compare {op:?} {a}, {b}"),
        Op::Convert(op, _, a) => write!(out, "{op:?} {a}"),
        Op::Select(a, b, c) => write!(out, "select {a}, {b}, {c}"),
        Op::Memory(memory, offset) => write!(out, "{memory} + {offset}"),
        Op::Offset(address, distance) => write!(out, "offset {address}, {distance}"),
        Op::Alloc(map, size) => write!(out, "alloc {map} {size}"),
        Op::Store(region, address, value, offset) => {
            write!(out, "store {region:?} {address} + {offset}, {value}")
        }
        Op::Load(region, _, address, offset) => write!(out, "load {region:?} {address} + {offset}"),
        Op::LoadCell(cell, _) => write!(out, "load {cell}"),
        Op::StoreCell(cell, value) => write!(out, "store {cell}, {value}"),
        Op::Call(callee, args) => {
            write!(
                out,
                "call {}({})",
                module.function(*callee).name,
                list(args)
            )
        }
        Op::CallRuntime(callee, args) => {
            write!(out, "call {}({})", callee.signature().symbol, list(args))
        }
        Op::Trace => write!(out, "trace"),
        Op::RaiseIf(condition, kind, text) => {
            write!(
                out,
                "raise_if {condition}, {kind} {}",
                module.texts[text.index()]
            )
        }
    }
}
