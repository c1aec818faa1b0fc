//! The modules that the compiler provides without source text.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Builtin, Dispatcher, builtin_names};
use crate::ir::{
    BlockOp, BoolOp, ComplexOp, FloatOp, IntOp, Prim, Runtime, Scalar, StrOp, UncheckedOp,
};
use crate::program::{
    Descriptor, DescriptorKind, DictValue, FuncBody, FuncId, FuncInfo, ListValue, Members,
    ModuleInfo, Program, Value,
};
use crate::source::{FileId, Span};
use crate::syntax::ast::{BinOp, CmpOp};
use crate::types::{
    FloatType, Fqn, FqnPart, FuncColor, FuncType, IntType, ParamKind, ParamType, TypeId, TypeKind,
};

/// Registers the provided modules in a new program.
pub fn create_modules(program: &mut Program) {
    for (name, module) in super::library_names() {
        let public = Fqn::module(name);
        program
            .aliases
            .insert(Fqn::module(module).join(name), public);
    }
    let slice = Fqn::module("_slice").join("Slice");
    program.aliases.insert(slice, Fqn::module("slice"));
    builtins_module(program);
    operator_module(program);
    types_module(program);
    unsafe_module(program);
    spy_module(program);
    add_methods(program, TypeId::STR, STR_METHODS);
    add_methods(program, TypeId::BYTES, BYTES_METHODS);
    complex_members(program);
    let math = math_members(program);
    add(program, "_math", math);
}

fn builtins_module(program: &mut Program) {
    let names: Vec<&str> = builtin_names().map(|(name, _)| name).collect();
    let mut builtins = Members::default();
    for name in names.into_iter().chain(["None", "NotImplemented"]) {
        builtins.extend(program.builtin(name).map(|value| (Rc::from(name), value)));
    }
    add(program, "builtins", builtins);
}

fn operator_module(program: &mut Program) {
    let mut operator = Members::default();
    for prim in operator_primitives() {
        let func = primitive(program, prim);
        operator.insert(last_name(prim).into(), Value::Func(func));
    }
    for (name, dispatcher, operands) in DISPATCHERS {
        let func = dispatcher_function(program, name, *dispatcher, *operands);
        operator.insert((*name).into(), Value::Func(func));
    }
    for (name, ty) in [
        ("MetaArg", TypeId::META_ARG),
        ("OpSpec", TypeId::OP_SPEC),
        ("OpImpl", TypeId::OP_IMPL),
    ] {
        operator.insert(name.into(), Value::Type(ty));
    }
    add(program, "operator", operator);
}

/// The function that asks what an operator does; one without a fixed number of operands takes any
/// number after the others.
fn dispatcher_function(
    program: &mut Program,
    name: &str,
    dispatcher: Dispatcher,
    operands: Operands,
) -> FuncId {
    let meta = ParamType {
        ty: TypeId::META_ARG,
        kind: ParamKind::Simple,
    };
    let metas = ParamType {
        ty: TypeId::INTERP_TUPLE,
        kind: ParamKind::VarArgs(TypeId::META_ARG),
    };
    let (count, rest) = match operands {
        Operands::Fixed(count) => (count, None),
        Operands::AtLeast(count) => (count, Some(metas)),
    };
    let params = vec![meta; count];
    let ty = program.types.func(FuncType {
        color: FuncColor::Blue,
        params: params.into_iter().chain(rest).collect(),
        result: TypeId::OP_IMPL,
    });
    let fqn = program.unique_name(Fqn::module("operator").join(name));
    add_function(
        program,
        fqn,
        ty,
        FuncBody::Builtin(Builtin::Dispatcher(dispatcher)),
    )
}

fn types_module(program: &mut Program) {
    let mut types = Members::default();
    for (name, ty) in [
        ("NoneType", TypeId::NONE),
        ("NotImplementedType", TypeId::NOT_IMPLEMENTED),
        ("module", TypeId::MODULE),
    ] {
        types.insert(name.into(), Value::Type(ty));
    }
    add_compiler_types(program, "types", COMPILER_TYPES, &mut types);
    add(program, "types", types);
}

/// Adds types whose objects programs do not meet to the members of a module.
fn add_compiler_types(program: &mut Program, module: &str, names: &[&str], members: &mut Members) {
    for name in names {
        let fqn = Fqn::module(module).join(name);
        let ty = program.types.add(fqn, TypeKind::Blue, Span::BUILTINS);
        members.insert((*name).into(), Value::Type(ty));
    }
}

fn unsafe_module(program: &mut Program) {
    let mut memory = Members::default();
    for (name, builtin) in UNSAFE {
        let func = function(program, "unsafe", name, *builtin);
        memory.insert((*name).into(), Value::Func(func));
    }
    add_compiler_types(program, "unsafe", MEMORY_TYPES, &mut memory);
    add(program, "unsafe", memory);
}

fn spy_module(program: &mut Program) {
    let mut spy = Members::default();
    let runtime = [
        Runtime::StdoutWrite,
        Runtime::IsCompiled,
        Runtime::ArgCount,
        Runtime::Arg,
    ];
    for runtime in runtime.iter().chain(LIBRARY_FUNCTIONS) {
        let func = primitive(program, Prim::Runtime(*runtime));
        spy.insert(last_name(Prim::Runtime(*runtime)).into(), Value::Func(func));
    }
    for (name, builtin) in SPY {
        let func = function(program, "__spy__", name, *builtin);
        spy.insert((*name).into(), Value::Func(func));
    }
    for (name, ty) in [
        ("interp_tuple", TypeId::INTERP_TUPLE),
        ("EmptyListType", TypeId::EMPTY_LIST),
        ("EmptyDictType", TypeId::EMPTY_DICT),
    ] {
        spy.insert(name.into(), Value::Type(ty));
    }
    let list = ListValue {
        ty: TypeId::EMPTY_LIST,
        items: RefCell::default(),
    };
    let dict = DictValue {
        ty: TypeId::EMPTY_DICT,
        items: RefCell::default(),
    };
    spy.insert("empty_list".into(), Value::List(list.into()));
    spy.insert("empty_dict".into(), Value::Dict(dict.into()));
    add(program, "__spy__", spy);
}

fn complex_members(program: &mut Program) {
    add_methods(program, TypeId::COMPLEX, &[Runtime::ComplexConjugate]);
    for part in [Runtime::ComplexReal, Runtime::ComplexImag] {
        let func = primitive(program, Prim::Runtime(part));
        let kind = DescriptorKind::Property;
        let property = Descriptor { kind, func };
        let name = last_name(Prim::Runtime(part)).into();
        let members = &mut program.types.get_mut(TypeId::COMPLEX).members;
        members.insert(name, Value::Descriptor(property.into()));
    }
}

/// Makes primitives the methods of a type.
fn add_methods(program: &mut Program, ty: TypeId, methods: &[Runtime]) {
    for runtime in methods {
        let func = primitive(program, Prim::Runtime(*runtime));
        let name = last_name(Prim::Runtime(*runtime)).into();
        let members = &mut program.types.get_mut(ty).members;
        members.insert(name, Value::Func(func));
    }
}

/// The constants and primitives that module `math` takes from `_math`.
fn math_members(program: &mut Program) -> Members {
    use std::f64::consts;

    let mut members = Members::default();
    for (name, value) in [
        ("pi", consts::PI),
        ("e", consts::E),
        ("tau", consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        members.insert(name.into(), Value::F64(value));
    }
    for runtime in Runtime::ALL {
        let prim = Prim::Runtime(*runtime);
        if prim.fqn().starts_with("math::") {
            let func = primitive(program, prim);
            members.insert(last_name(prim).into(), Value::Func(func));
        }
    }
    members
}

fn add(program: &mut Program, name: &str, members: Members) {
    program.add_module(ModuleInfo {
        name: name.into(),
        file: FileId::BUILTINS,
        source: None,
        members,
        globals: rustc_hash::FxHashMap::default(),
        frame: None,
    });
}

fn last_name(prim: Prim) -> String {
    let fqn = prim.fqn();
    fqn.rsplit("::").next().unwrap_or(&fqn).to_owned()
}

/// The function that applies a primitive; one for each.
pub(crate) fn primitive(program: &mut Program, prim: Prim) -> FuncId {
    let is_same = |func: &FuncInfo| matches!(func.body, FuncBody::Prim(known) if known == prim);
    if let Some(found) = program.functions.iter().position(is_same) {
        return FuncId(u32::try_from(found).expect("fewer than 2^32 functions"));
    }
    let (params, result) = prim.signature();
    let params = params
        .into_iter()
        .map(|ty| ParamType {
            ty,
            kind: ParamKind::Simple,
        })
        .collect();
    let ty = program.types.func(FuncType {
        color: FuncColor::Red,
        params,
        result,
    });
    let parts: Vec<FqnPart> = prim.fqn().split("::").map(FqnPart::plain).collect();
    let fqn = program.unique_name(Fqn::from_parts(parts));
    add_function(program, fqn, ty, FuncBody::Prim(prim))
}

/// The function that the compiler resolves as `builtin`; one for each name.
pub fn function(program: &mut Program, module: &str, name: &str, builtin: Builtin) -> FuncId {
    let fqn = Fqn::module(module).join(name);
    if let Some(found) = program.functions.iter().position(|func| func.fqn == fqn) {
        return FuncId(u32::try_from(found).expect("fewer than 2^32 functions"));
    }
    let param = if builtin.takes_item_type() {
        ParamType {
            ty: TypeId::TYPE,
            kind: ParamKind::Simple,
        }
    } else {
        ParamType {
            ty: TypeId::INTERP_TUPLE,
            kind: ParamKind::VarArgs(TypeId::DYNAMIC),
        }
    };
    let color = if builtin.is_generic() {
        FuncColor::Generic
    } else {
        FuncColor::Metafunc
    };
    let ty = FuncType {
        color,
        params: vec![param],
        result: TypeId::DYNAMIC,
    };
    let ty = program.types.func(ty);
    let fqn = program.unique_name(fqn);
    add_function(program, fqn, ty, FuncBody::Builtin(builtin))
}

fn add_function(program: &mut Program, fqn: Fqn, ty: TypeId, body: FuncBody) -> FuncId {
    program.add_func(FuncInfo {
        fqn,
        ty,
        body,
        prototype: Span::BUILTINS,
        force_inline: false,
    })
}

/// The methods of `str` that are primitives; the others are in module `_str`.
const STR_METHODS: &[Runtime] = &[
    Runtime::StrUpper,
    Runtime::StrLower,
    Runtime::StrTitle,
    Runtime::StrCapitalize,
    Runtime::StrSwapcase,
    Runtime::StrCasefold,
    Runtime::StrIsascii,
    Runtime::StrIsspace,
    Runtime::StrIsalpha,
    Runtime::StrIsdigit,
    Runtime::StrIsdecimal,
    Runtime::StrIsnumeric,
    Runtime::StrIsalnum,
    Runtime::StrIsprintable,
    Runtime::StrIsidentifier,
    Runtime::StrIslower,
    Runtime::StrIsupper,
    Runtime::StrIstitle,
    Runtime::StrReplace,
    Runtime::StrRemovePrefix,
    Runtime::StrRemoveSuffix,
    Runtime::StrZfill,
];

/// The methods of `bytes` that are primitives; the others are in module `_bytes`.
const BYTES_METHODS: &[Runtime] = &[
    Runtime::BytesLen,
    Runtime::BytesGetItem,
    Runtime::BytesEq,
    Runtime::BytesNe,
    Runtime::BytesAdd,
    Runtime::BytesMul,
    Runtime::BytesHash,
    Runtime::BytesRepr,
];

/// Functions of the runtime that the modules of the standard library import from `__spy__`.
const LIBRARY_FUNCTIONS: &[Runtime] = &[
    Runtime::StrCenter,
    Runtime::StrLjust,
    Runtime::StrRjust,
    Runtime::StrFind,
    Runtime::StrRfind,
    Runtime::StrCount,
    Runtime::StrStartswith,
    Runtime::StrEndswith,
    Runtime::StrStrip,
    Runtime::StrStripChars,
    Runtime::StrSlice,
    Runtime::StrEncode,
    Runtime::BytesDecode,
    Runtime::MathRound,
    Runtime::FloatBits,
    Runtime::FloatOfBits,
    Runtime::StrSize,
    Runtime::StrFindFrom,
    Runtime::StrFindBefore,
    Runtime::StrCut,
    Runtime::StrNextChar,
    Runtime::StrBlankEnd,
    Runtime::StrWordEnd,
    Runtime::StrLineEnd,
    Runtime::StrLineNext,
    Runtime::Ord,
    Runtime::Chr,
    Runtime::ParseInt,
    Runtime::StrReplace,
    Runtime::BytesGetItem,
    Runtime::StrExpandtabs,
    Runtime::StrReplaceFirst,
    Runtime::BytesChars,
    Runtime::BytesOfChars,
    Runtime::FileOpen,
    Runtime::FileRead,
    Runtime::FileReadLine,
    Runtime::FileWrite,
    Runtime::FileSeek,
    Runtime::FileTell,
    Runtime::FileFlush,
    Runtime::FileDescriptor,
    Runtime::FileClose,
    Runtime::IsTerminal,
    Runtime::TerminalColumns,
    Runtime::TerminalLines,
    Runtime::Time,
    Runtime::Sleep,
];

/// Types of module `types` whose objects programs do not meet.
const COMPILER_TYPES: &[&str] = &[
    "Cell",
    "Loc",
    "Field",
    "StructField",
    "StructType",
    "TracebackType",
    "SPdbQuit",
];

/// Types of module `unsafe` whose objects programs do not meet.
const MEMORY_TYPES: &[&str] = &[
    "PtrField",
    "rawptrtype",
    "rawreftype",
    "_memloc",
    "_memloctype",
];

/// The functions of module `__spy__` that the compiler resolves.
const SPY: &[(&str, Builtin)] = &[
    ("COLOR", Builtin::Color),
    ("force_inline", Builtin::ForceInline),
    ("as_red", Builtin::AsRed),
    ("UNROLL_RANGE", Builtin::UnrollRange),
    ("lookup_fqn", Builtin::LookupFqn),
    ("interp_list", Builtin::InterpList),
    ("interp_dict", Builtin::InterpDict),
    ("item_type", Builtin::ItemType),
    ("item_types", Builtin::ItemTypes),
    ("result_type", Builtin::ResultType),
    ("iterator_type", Builtin::IteratorType),
    ("is_type", Builtin::IsType),
];

/// The functions of module `unsafe`.
const UNSAFE: &[(&str, Builtin)] = &[
    ("raw_ptr", Builtin::RawPtr),
    ("gc_ptr", Builtin::GcPtr),
    ("raw_ref", Builtin::RawRef),
    ("gc_ref", Builtin::GcRef),
    ("raw_alloc", Builtin::RawAlloc),
    ("gc_alloc", Builtin::GcAlloc),
    ("raw_free", Builtin::RawFree),
    ("sizeof", Builtin::SizeOf),
    ("ptr_copy", Builtin::Block(BlockOp::Copy)),
    ("ptr_copy_slice", Builtin::Block(BlockOp::CopySlice)),
    ("ptr_move", Builtin::Block(BlockOp::Move)),
    ("ptr_move_slice", Builtin::Block(BlockOp::MoveSlice)),
    ("ptr_setbytes", Builtin::Block(BlockOp::SetBytes)),
    ("ptr_setbytes_slice", Builtin::Block(BlockOp::SetBytesSlice)),
    ("ptr_cmp", Builtin::Block(BlockOp::Compare)),
    ("ptr_cmp_slice", Builtin::Block(BlockOp::CompareSlice)),
    ("memcpy", Builtin::MemBlock(BlockOp::Copy)),
    ("memmove", Builtin::MemBlock(BlockOp::Move)),
    ("memset", Builtin::MemBlock(BlockOp::SetBytes)),
    ("memcmp", Builtin::MemBlock(BlockOp::Compare)),
    ("unchecked_div", Builtin::Unchecked(UncheckedOp::Div)),
    (
        "unchecked_floordiv",
        Builtin::Unchecked(UncheckedOp::FloorDiv),
    ),
    ("unchecked_mod", Builtin::Unchecked(UncheckedOp::Mod)),
    ("ieee754_div", Builtin::Unchecked(UncheckedOp::Ieee)),
];

impl Program {
    /// The function that allocates items for a pointer type.
    pub(crate) fn allocator(&mut self, pointer: TypeId) -> FuncId {
        let fqn = self.types.get(pointer).fqn.join("alloc");
        if let Some(found) = self.functions.iter().position(|func| func.fqn == fqn) {
            return FuncId(u32::try_from(found).expect("fewer than 2^32 functions"));
        }
        let count = ParamType {
            ty: TypeId::I32,
            kind: ParamKind::Simple,
        };
        let ty = FuncType {
            color: FuncColor::Red,
            params: vec![count],
            result: pointer,
        };
        let ty = self.types.func(ty);
        let fqn = self.unique_name(fqn);
        add_function(self, fqn, ty, FuncBody::Memory(crate::ir::MemoryOp::Alloc))
    }
}

/// The primitives that module `operator` names.
fn operator_primitives() -> Vec<Prim> {
    let mut all = Vec::new();
    for int in IntType::ALL {
        all.extend(INT_OPS.iter().map(|op| Prim::Int(int, *op)));
    }
    for float in [FloatType::F64, FloatType::F32] {
        all.extend(FLOAT_OPS.iter().map(|op| Prim::Float(float, *op)));
    }
    all.extend(COMPLEX_OPS.iter().map(|op| Prim::Complex(*op)));
    all.extend(BOOL_OPS.iter().map(|op| Prim::Bool(*op)));
    all.extend([StrOp::Eq, StrOp::Ne].map(Prim::Str));
    let scalars = IntType::ALL
        .map(Scalar::Int)
        .into_iter()
        .chain([Scalar::Float(FloatType::F32), Scalar::Float(FloatType::F64)])
        .chain([Scalar::Bool, Scalar::Complex, Scalar::Str]);
    let scalars: Vec<Scalar> = scalars.collect();
    for from in &scalars {
        for to in &scalars {
            let convertible = crate::redshift::is_conversion(from.ty(), to.ty());
            all.extend(convertible.then_some(Prim::Convert(*from, *to)));
        }
    }
    all.push(Prim::Runtime(Runtime::ComplexOf));
    all
}

/// How many operands an operator has.
#[derive(Clone, Copy)]
enum Operands {
    Fixed(usize),
    AtLeast(usize),
}

/// The dispatchers of module `operator`.
const DISPATCHERS: &[(&str, Dispatcher, Operands)] = &[
    ("ADD", Dispatcher::Binary(BinOp::Add), Operands::Fixed(2)),
    ("SUB", Dispatcher::Binary(BinOp::Sub), Operands::Fixed(2)),
    ("MUL", Dispatcher::Binary(BinOp::Mul), Operands::Fixed(2)),
    ("DIV", Dispatcher::Binary(BinOp::Div), Operands::Fixed(2)),
    (
        "FLOORDIV",
        Dispatcher::Binary(BinOp::FloorDiv),
        Operands::Fixed(2),
    ),
    ("MOD", Dispatcher::Binary(BinOp::Mod), Operands::Fixed(2)),
    ("POW", Dispatcher::Binary(BinOp::Pow), Operands::Fixed(2)),
    (
        "LSHIFT",
        Dispatcher::Binary(BinOp::LShift),
        Operands::Fixed(2),
    ),
    (
        "RSHIFT",
        Dispatcher::Binary(BinOp::RShift),
        Operands::Fixed(2),
    ),
    ("AND", Dispatcher::Binary(BinOp::And), Operands::Fixed(2)),
    ("OR", Dispatcher::Binary(BinOp::Or), Operands::Fixed(2)),
    ("XOR", Dispatcher::Binary(BinOp::Xor), Operands::Fixed(2)),
    ("EQ", Dispatcher::Compare(CmpOp::Eq), Operands::Fixed(2)),
    ("NE", Dispatcher::Compare(CmpOp::Ne), Operands::Fixed(2)),
    ("LT", Dispatcher::Compare(CmpOp::Lt), Operands::Fixed(2)),
    ("LE", Dispatcher::Compare(CmpOp::Le), Operands::Fixed(2)),
    ("GT", Dispatcher::Compare(CmpOp::Gt), Operands::Fixed(2)),
    ("GE", Dispatcher::Compare(CmpOp::Ge), Operands::Fixed(2)),
    ("IS", Dispatcher::Compare(CmpOp::Is), Operands::Fixed(2)),
    (
        "ISNOT",
        Dispatcher::Compare(CmpOp::IsNot),
        Operands::Fixed(2),
    ),
    ("IN", Dispatcher::Compare(CmpOp::In), Operands::Fixed(2)),
    ("UNIVERSAL_EQ", Dispatcher::UniversalEq, Operands::Fixed(2)),
    ("UNIVERSAL_NE", Dispatcher::UniversalNe, Operands::Fixed(2)),
    ("NEG", Dispatcher::Neg, Operands::Fixed(1)),
    ("NOT", Dispatcher::Not, Operands::Fixed(1)),
    ("GETATTR", Dispatcher::GetAttr, Operands::Fixed(2)),
    ("HASATTR", Dispatcher::HasAttr, Operands::Fixed(2)),
    ("SETATTR", Dispatcher::SetAttr, Operands::Fixed(3)),
    ("GETITEM", Dispatcher::GetItem, Operands::AtLeast(1)),
    ("SETITEM", Dispatcher::SetItem, Operands::AtLeast(2)),
    ("CALL", Dispatcher::Call, Operands::AtLeast(1)),
    ("CALL_METHOD", Dispatcher::CallMethod, Operands::AtLeast(2)),
    ("CONVERT", Dispatcher::Convert, Operands::Fixed(3)),
    ("RAISE", Dispatcher::Raise, Operands::Fixed(1)),
];

const INT_OPS: &[IntOp] = &[
    IntOp::Add,
    IntOp::Sub,
    IntOp::Mul,
    IntOp::Div,
    IntOp::FloorDiv,
    IntOp::Mod,
    IntOp::LShift,
    IntOp::RShift,
    IntOp::And,
    IntOp::Or,
    IntOp::Xor,
    IntOp::Pow,
    IntOp::Eq,
    IntOp::Ne,
    IntOp::Lt,
    IntOp::Le,
    IntOp::Gt,
    IntOp::Ge,
    IntOp::Neg,
];

const FLOAT_OPS: &[FloatOp] = &[
    FloatOp::Add,
    FloatOp::Sub,
    FloatOp::Mul,
    FloatOp::Div,
    FloatOp::FloorDiv,
    FloatOp::Mod,
    FloatOp::Pow,
    FloatOp::Eq,
    FloatOp::Ne,
    FloatOp::Lt,
    FloatOp::Le,
    FloatOp::Gt,
    FloatOp::Ge,
    FloatOp::Neg,
];

const COMPLEX_OPS: &[ComplexOp] = &[
    ComplexOp::Add,
    ComplexOp::Sub,
    ComplexOp::Mul,
    ComplexOp::Div,
    ComplexOp::Eq,
    ComplexOp::Ne,
    ComplexOp::Neg,
];

const BOOL_OPS: &[BoolOp] = &[
    BoolOp::Eq,
    BoolOp::Ne,
    BoolOp::And,
    BoolOp::Or,
    BoolOp::Xor,
    BoolOp::Lt,
    BoolOp::Le,
    BoolOp::Gt,
    BoolOp::Ge,
    BoolOp::Not,
];
