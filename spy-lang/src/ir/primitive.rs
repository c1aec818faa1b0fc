//! Primitive operations: what the IR leaves to the runtime crate or to machine instructions.
//!
//! This file says which there are, how they are named, typed and colored. What they compute is
//! written once, in `spy-runtime`; [`fold`](crate::redshift::fold) applies them at compile time,
//! each engine in its own way afterwards.

use crate::types::{FloatType, IntType, TypeId};

/// Operations on two integers of one type; `Neg` and `Invert` take one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum IntOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Neg,
    Invert,
}

/// Operations on two floats of one type; `Neg` takes one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Neg,
}

/// Operations on two complex numbers; `Neg` takes one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum ComplexOp {
    Add,
    Sub,
    Mul,
    Div,
    Eq,
    Ne,
    Neg,
}

/// Operations on two bools; `Not` takes one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum BoolOp {
    Eq,
    Ne,
    And,
    Or,
    Xor,
    Lt,
    Le,
    Gt,
    Ge,
    Not,
}

/// Comparisons of two texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    missing_docs,
    reason = "named after the functions of the language's operator module"
)]
pub enum StrOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// The divisions of module `unsafe`, of two numbers of one type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UncheckedOp {
    /// `/`; by zero it raises `PanicError`, or is not defined.
    Div,
    /// `//`, likewise.
    FloorDiv,
    /// `%`, likewise.
    Mod,
    /// IEEE division of floats.
    Ieee,
}

impl UncheckedOp {
    /// The operator on integers that it is when the divisor is not zero.
    pub const fn on_ints(self) -> IntOp {
        match self {
            Self::Div | Self::Ieee => IntOp::Div,
            Self::FloorDiv => IntOp::FloorDiv,
            Self::Mod => IntOp::Mod,
        }
    }

    /// The operator on floats that it is when the divisor is not zero.
    pub const fn on_floats(self) -> FloatOp {
        match self {
            Self::Div | Self::Ieee => FloatOp::Div,
            Self::FloorDiv => FloatOp::FloorDiv,
            Self::Mod => FloatOp::Mod,
        }
    }
}

/// The types that convert into each other by a primitive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the variants are the types of the same name")]
pub enum Scalar {
    Int(IntType),
    Float(FloatType),
    Bool,
    Complex,
    Str,
}

impl Scalar {
    /// The type.
    pub const fn ty(self) -> TypeId {
        match self {
            Self::Int(int) => TypeId::int(int),
            Self::Float(float) => TypeId::float(float),
            Self::Bool => TypeId::BOOL,
            Self::Complex => TypeId::COMPLEX,
            Self::Str => TypeId::STR,
        }
    }

    /// The scalar of a type, if it is one.
    pub fn of(ty: TypeId) -> Option<Self> {
        let int = IntType::ALL
            .into_iter()
            .find(|int| TypeId::int(*int) == ty)
            .map(Self::Int);
        int.or(match ty {
            TypeId::F32 => Some(Self::Float(FloatType::F32)),
            TypeId::F64 => Some(Self::Float(FloatType::F64)),
            TypeId::BOOL => Some(Self::Bool),
            TypeId::COMPLEX => Some(Self::Complex),
            TypeId::STR => Some(Self::Str),
            _ => None,
        })
    }

    /// The name in programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int(int) => int.name(),
            Self::Float(float) => float.name(),
            Self::Bool => "bool",
            Self::Complex => "complex128",
            Self::Str => "str",
        }
    }
}

/// A primitive operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Prim {
    /// On integers of one type.
    Int(IntType, IntOp),
    /// On floats of one type.
    Float(FloatType, FloatOp),
    /// On complex numbers.
    Complex(ComplexOp),
    /// A division of numbers without the checks of the operators.
    Unchecked(Scalar, UncheckedOp),
    /// On bools.
    Bool(BoolOp),
    /// On texts.
    Str(StrOp),
    /// From one type to another, as implicit and explicit conversions do: integers wrap, floats
    /// to integers saturate, text is parsed, anything to `bool` is compared with zero.
    Convert(Scalar, Scalar),
    /// `str(x)`
    ToStr(Scalar),
    /// `repr(x)`
    Repr(Scalar),
    /// `hash(x)`
    Hash(Scalar),
    /// `format(x, spec)`
    Format(Scalar),
    /// A function of the runtime library.
    Runtime(Runtime),
}

/// Types, color and behavior of a runtime function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuntimeSignature {
    /// The full name, `::` between the parts.
    pub fqn: &'static str,
    /// Parameter types in order.
    pub params: &'static [TypeId],
    /// Type of the result.
    pub result: TypeId,
    /// Whether the result is blue when all operands are.
    pub pure: bool,
    /// Whether it does anything but compute its result, so that only an engine may apply it.
    pub effect: bool,
    /// Whether it may raise.
    pub raises: bool,
}

macro_rules! runtime_functions {
    ($($(#[$doc:meta])* $name:ident = $fqn:literal
        ($($param:ident),*) -> $result:ident $(: $($flag:ident)+)?;)*) => {
        /// The functions of the runtime library that programs and the standard library call.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Runtime {
            $($(#[$doc])* $name,)*
        }

        impl Runtime {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Types, color and behavior.
            pub const fn signature(self) -> RuntimeSignature {
                match self {
                    $(Self::$name => {
                        let flags = Flags { $($($flag: true,)+)? ..Flags::NONE };
                        RuntimeSignature {
                            fqn: $fqn,
                            params: &[$(TypeId::$param),*],
                            result: TypeId::$result,
                            pure: flags.pure,
                            effect: flags.effect,
                            raises: flags.raises,
                        }
                    })*
                }
            }
        }
    };
}

struct Flags {
    pure: bool,
    effect: bool,
    raises: bool,
}

impl Flags {
    const NONE: Self = Self {
        pure: false,
        effect: false,
        raises: false,
    };
}

runtime_functions! {
    /// Writes to standard output, as it is.
    StdoutWrite = "__spy__::_stdout_write" (STR) -> NONE: effect;
    /// How many arguments the program was started with, its own name included.
    ArgCount = "__spy__::_arg_count" () -> I32: effect;
    /// An argument that the program was started with, by number; empty if there is none.
    Arg = "__spy__::_arg" (I32) -> STR: effect;
    /// Whether the program runs as machine code; never folded.
    IsCompiled = "__spy__::is_compiled" () -> BOOL: effect;
    /// `a + b`
    StrAdd = "builtins::str::__add__" (STR, STR) -> STR: pure;
    /// `s * n`
    StrMul = "builtins::str::__mul__" (STR, I32) -> STR: pure;
    /// `s[i]`, by code point.
    StrGetItem = "builtins::str::__getitem__" (STR, I32) -> STR: pure raises;
    /// `len(s)` in code points.
    StrLen = "builtins::str::__len__" (STR) -> I32: pure;
    /// `complex(re, im)`
    ComplexOf = "operator::f64_f64_to_complex128" (F64, F64) -> COMPLEX: pure;
    /// `t in s`; the container is the first operand.
    StrContains = "builtins::str::__contains__" (STR, STR) -> BOOL;
    /// `s.upper()`
    StrUpper = "builtins::str::upper" (STR) -> STR;
    /// `s.lower()`
    StrLower = "builtins::str::lower" (STR) -> STR;
    /// `s.title()`
    StrTitle = "builtins::str::title" (STR) -> STR;
    /// `s.capitalize()`
    StrCapitalize = "builtins::str::capitalize" (STR) -> STR;
    /// `s.swapcase()`
    StrSwapcase = "builtins::str::swapcase" (STR) -> STR;
    /// `s.casefold()`
    StrCasefold = "builtins::str::casefold" (STR) -> STR;
    /// `s.isascii()`
    StrIsascii = "builtins::str::isascii" (STR) -> BOOL;
    /// `s.isspace()`
    StrIsspace = "builtins::str::isspace" (STR) -> BOOL;
    /// `s.isalpha()`
    StrIsalpha = "builtins::str::isalpha" (STR) -> BOOL;
    /// `s.isdigit()`
    StrIsdigit = "builtins::str::isdigit" (STR) -> BOOL;
    /// `s.isdecimal()`
    StrIsdecimal = "builtins::str::isdecimal" (STR) -> BOOL;
    /// `s.isnumeric()`
    StrIsnumeric = "builtins::str::isnumeric" (STR) -> BOOL;
    /// `s.isalnum()`
    StrIsalnum = "builtins::str::isalnum" (STR) -> BOOL;
    /// `s.isprintable()`
    StrIsprintable = "builtins::str::isprintable" (STR) -> BOOL;
    /// `s.isidentifier()`
    StrIsidentifier = "builtins::str::isidentifier" (STR) -> BOOL;
    /// `s.islower()`
    StrIslower = "builtins::str::islower" (STR) -> BOOL;
    /// `s.isupper()`
    StrIsupper = "builtins::str::isupper" (STR) -> BOOL;
    /// `s.istitle()`
    StrIstitle = "builtins::str::istitle" (STR) -> BOOL;
    /// `s.replace(old, new)`
    StrReplace = "builtins::str::replace" (STR, STR, STR) -> STR: pure;
    /// `s.removeprefix(prefix)`
    StrRemovePrefix = "builtins::str::removeprefix" (STR, STR) -> STR;
    /// `s.removesuffix(suffix)`
    StrRemoveSuffix = "builtins::str::removesuffix" (STR, STR) -> STR;
    /// `s.zfill(width)`
    StrZfill = "builtins::str::zfill" (STR, I32) -> STR: raises;
    /// `s.center(width, fill)`
    StrCenter = "_str::_center" (STR, I32, STR) -> STR: raises;
    /// `s.ljust(width, fill)`
    StrLjust = "_str::_ljust" (STR, I32, STR) -> STR: raises;
    /// `s.rjust(width, fill)`
    StrRjust = "_str::_rjust" (STR, I32, STR) -> STR: raises;
    /// `s.find(sub, start, end)`
    StrFind = "_str::_find" (STR, STR, I32, I32) -> I32;
    /// `s.rfind(sub, start, end)`
    StrRfind = "_str::_rfind" (STR, STR, I32, I32) -> I32;
    /// `s.count(sub, start, end)`
    StrCount = "_str::_count" (STR, STR, I32, I32) -> I32;
    /// `s.startswith(affix, start, end)`
    StrStartswith = "_str::_startswith" (STR, STR, I32, I32) -> BOOL;
    /// `s.endswith(affix, start, end)`
    StrEndswith = "_str::_endswith" (STR, STR, I32, I32) -> BOOL;
    /// Without blanks at the start (1), the end (2) or both (3).
    StrStrip = "_str::_strip" (STR, I32) -> STR;
    /// As `_strip`, but without some characters.
    StrStripChars = "_str::_strip_chars" (STR, STR, I32) -> STR;
    /// `s[a:b:c]`: each part and whether it is missing.
    StrSlice = "_str::_slice" (STR, I32, I32, I32, I32, I32, I32) -> STR: pure raises;
    /// Bytes of the text.
    StrSize = "_str::_size" (STR) -> I32;
    /// The first occurrence from a byte offset on, or -1.
    StrFindFrom = "_str::_find_from" (STR, STR, I32) -> I32;
    /// The last occurrence that ends at a byte offset or before, or -1.
    StrFindBefore = "_str::_find_before" (STR, STR, I32) -> I32;
    /// The text between two byte offsets.
    StrCut = "_str::_cut" (STR, I32, I32) -> STR;
    /// The byte offset after the character at one.
    StrNextChar = "_str::_next_char" (STR, I32) -> I32;
    /// Where the blanks from a byte offset on end.
    StrBlankEnd = "_str::_blank_end" (STR, I32) -> I32;
    /// Where the text without blanks from a byte offset on ends.
    StrWordEnd = "_str::_word_end" (STR, I32) -> I32;
    /// Where the line from a byte offset on ends, without what ends it.
    StrLineEnd = "_str::_line_end" (STR, I32) -> I32;
    /// Where the line after the one from a byte offset on starts.
    StrLineNext = "_str::_line_next" (STR, I32) -> I32;
    /// `s.expandtabs(tabsize)`
    StrExpandtabs = "_str::_expandtabs" (STR, I32) -> STR;
    /// `s.replace(old, new, count)`
    StrReplaceFirst = "_str::_replace_first" (STR, STR, STR, I32) -> STR;
    /// A text whose code points are the bytes.
    BytesChars = "_bytes::_chars" (BYTES) -> STR;
    /// The bytes whose values are the code points of a text.
    BytesOfChars = "_bytes::_of_chars" (STR) -> BYTES: raises;
    /// Opens a file; its number.
    FileOpen = "posix::_open" (STR, STR) -> I32: effect raises;
    /// Up to a number of characters of a file, or all if it is negative.
    FileRead = "posix::_read" (I32, I32) -> STR: effect raises;
    /// The next line of a file.
    FileReadLine = "posix::_read_line" (I32) -> STR: effect raises;
    /// Writes to a file; the number of characters.
    FileWrite = "posix::_write" (I32, STR) -> I32: effect raises;
    /// Moves to a position in a file: from the start, from here, or from the end.
    FileSeek = "posix::_seek" (I32, I32, I32) -> I32: effect raises;
    /// The position in a file.
    FileTell = "posix::_tell" (I32) -> I32: effect raises;
    /// Passes on what has been written to a file.
    FileFlush = "posix::_flush" (I32) -> I32: effect raises;
    /// The descriptor of a file.
    FileDescriptor = "posix::_descriptor" (I32) -> I32: effect;
    /// Closes a file.
    FileClose = "posix::_close" (I32) -> I32: effect raises;
    /// Whether a descriptor belongs to a terminal.
    IsTerminal = "posix::_is_terminal" (I32) -> BOOL: effect;
    /// The width of the terminal.
    TerminalColumns = "posix::_terminal_columns" () -> I32: effect;
    /// The height of the terminal.
    TerminalLines = "posix::_terminal_lines" () -> I32: effect;
    /// Seconds since 1970.
    Time = "time::_now" () -> F64: effect;
    /// Waits some seconds.
    Sleep = "time::_wait" (F64) -> I32: effect;
    /// `str(e)` of an exception
    ExceptionStr = "builtins::BaseException::__str__" (BASE_EXCEPTION) -> STR;
    /// `repr(e)` of an exception
    ExceptionRepr = "builtins::BaseException::__repr__" (BASE_EXCEPTION) -> STR;
    /// `type(e).__name__` of an exception
    ExceptionName = "builtins::BaseException::__class_name__" (BASE_EXCEPTION) -> STR;
    /// `e.args[0]` of an exception; empty if it has no message
    ExceptionMessage = "builtins::BaseException::__message__" (BASE_EXCEPTION) -> STR;
    /// `e == f`: the same class and message
    ExceptionEq = "builtins::BaseException::__eq__" (BASE_EXCEPTION, BASE_EXCEPTION) -> BOOL: pure;
    /// `ord(s)`
    Ord = "builtins::_ord_str" (STR) -> I32: pure raises;
    /// `chr(i)`
    Chr = "builtins::_chr" (I32) -> STR: raises;
    /// `math.sqrt(x)`
    MathSqrt = "math::sqrt" (F64) -> F64;
    /// `math.cbrt(x)`
    MathCbrt = "math::cbrt" (F64) -> F64;
    /// `math.sin(x)`
    MathSin = "math::sin" (F64) -> F64;
    /// `math.cos(x)`
    MathCos = "math::cos" (F64) -> F64;
    /// `math.tan(x)`
    MathTan = "math::tan" (F64) -> F64;
    /// `math.asin(x)`
    MathAsin = "math::asin" (F64) -> F64;
    /// `math.acos(x)`
    MathAcos = "math::acos" (F64) -> F64;
    /// `math.atan(x)`
    MathAtan = "math::atan" (F64) -> F64;
    /// `math.sinh(x)`
    MathSinh = "math::sinh" (F64) -> F64;
    /// `math.cosh(x)`
    MathCosh = "math::cosh" (F64) -> F64;
    /// `math.tanh(x)`
    MathTanh = "math::tanh" (F64) -> F64;
    /// `math.asinh(x)`
    MathAsinh = "math::asinh" (F64) -> F64;
    /// `math.acosh(x)`
    MathAcosh = "math::acosh" (F64) -> F64;
    /// `math.atanh(x)`
    MathAtanh = "math::atanh" (F64) -> F64;
    /// `math.exp(x)`
    MathExp = "math::exp" (F64) -> F64;
    /// `math.exp2(x)`
    MathExp2 = "math::exp2" (F64) -> F64;
    /// `math.expm1(x)`
    MathExpm1 = "math::expm1" (F64) -> F64;
    /// `math.log(x)`
    MathLog = "math::log" (F64) -> F64;
    /// `math.log10(x)`
    MathLog10 = "math::log10" (F64) -> F64;
    /// `math.log2(x)`
    MathLog2 = "math::log2" (F64) -> F64;
    /// `math.log1p(x)`
    MathLog1p = "math::log1p" (F64) -> F64;
    /// `math.fabs(x)`
    MathFabs = "math::fabs" (F64) -> F64;
    /// `math.floor(x)`
    MathFloor = "math::floor" (F64) -> F64;
    /// `math.ceil(x)`
    MathCeil = "math::ceil" (F64) -> F64;
    /// `math.trunc(x)`
    MathTrunc = "math::trunc" (F64) -> F64;
    /// `math.degrees(x)`
    MathDegrees = "math::degrees" (F64) -> F64;
    /// `math.radians(x)`
    MathRadians = "math::radians" (F64) -> F64;
    /// `math.atan2(a, b)`
    MathAtan2 = "math::atan2" (F64, F64) -> F64;
    /// `math.pow(a, b)`
    MathPow = "math::pow" (F64, F64) -> F64;
    /// `math.hypot(a, b)`
    MathHypot = "math::hypot" (F64, F64) -> F64;
    /// `math.fmod(a, b)`
    MathFmod = "math::fmod" (F64, F64) -> F64;
    /// `math.copysign(a, b)`
    MathCopysign = "math::copysign" (F64, F64) -> F64;
    /// The nearest integer; of two, the even one.
    MathRound = "__spy__::_round" (F64) -> F64;
    /// The bits of a float.
    FloatBits = "__spy__::_float_bits" (F64) -> I64;
    /// The float with these bits.
    FloatOfBits = "__spy__::_float_of_bits" (I64) -> F64;
    /// `z.real`
    ComplexReal = "builtins::complex128::real" (COMPLEX) -> F64;
    /// `z.imag`
    ComplexImag = "builtins::complex128::imag" (COMPLEX) -> F64;
    /// `z.conjugate()`
    ComplexConjugate = "builtins::complex128::conjugate" (COMPLEX) -> COMPLEX;
    /// The text in UTF-8.
    StrEncode = "_str::_encode" (STR) -> BYTES;
    /// `len(b)`
    BytesLen = "builtins::bytes::__len__" (BYTES) -> I32;
    /// `b[i]`
    BytesGetItem = "builtins::bytes::__getitem__" (BYTES, I32) -> U8: raises;
    /// `a == b`
    BytesEq = "builtins::bytes::__eq__" (BYTES, BYTES) -> BOOL;
    /// `a != b`
    BytesNe = "builtins::bytes::__ne__" (BYTES, BYTES) -> BOOL;
    /// `a + b`
    BytesAdd = "builtins::bytes::__add__" (BYTES, BYTES) -> BYTES;
    /// `b * n`
    BytesMul = "builtins::bytes::__mul__" (BYTES, I32) -> BYTES: raises;
    /// `hash(b)`
    BytesHash = "builtins::bytes::__hash__" (BYTES) -> I32;
    /// `repr(b)`
    BytesRepr = "builtins::bytes::__repr__" (BYTES) -> STR;
    /// The bytes as text in UTF-8.
    BytesDecode = "_bytes::_decode" (BYTES) -> STR: raises;
    /// `int(s, base)`
    ParseInt = "_builtins::_parse_int" (STR, I32) -> I32: raises;
}

impl Prim {
    /// The full name, `::` between the parts.
    pub fn fqn(self) -> String {
        match self {
            Self::Int(int, op) => format!("operator::{}_{}", int.name(), int_name(op)),
            Self::Float(float, op) => format!("operator::{}_{}", float.name(), float_name(op)),
            Self::Complex(op) => format!("operator::complex128_{}", complex_name(op)),
            Self::Unchecked(of, op) => format!("operator::{}_{}", of.name(), unchecked_name(op)),
            Self::Bool(op) => format!("operator::bool_{}", bool_name(op)),
            Self::Str(op) => format!("operator::str_{}", str_name(op)),
            Self::Convert(from, to) => format!("operator::{}_to_{}", from.name(), to.name()),
            Self::ToStr(of) => format!("builtins::{}::__str__", of.name()),
            Self::Repr(of) => format!("builtins::{}::__repr__", of.name()),
            Self::Hash(of) => format!("builtins::hash_{}", of.name()),
            Self::Format(of) => format!("builtins::{}::__format__", of.name()),
            Self::Runtime(function) => function.signature().fqn.to_owned(),
        }
    }

    /// Parameter types in order, and the result type.
    pub fn signature(self) -> (Vec<TypeId>, TypeId) {
        match self {
            Self::Int(int, op) => int_signature(TypeId::int(int), op),
            Self::Float(float, op) => float_signature(TypeId::float(float), op),
            Self::Complex(op) => complex_signature(op),
            Self::Unchecked(Scalar::Int(int), UncheckedOp::Div) => {
                (vec![TypeId::int(int); 2], TypeId::F64)
            }
            Self::Unchecked(of, _) => (vec![of.ty(); 2], of.ty()),
            Self::Bool(BoolOp::Not) => (vec![TypeId::BOOL], TypeId::BOOL),
            Self::Bool(_) => (vec![TypeId::BOOL; 2], TypeId::BOOL),
            Self::Str(_) => (vec![TypeId::STR; 2], TypeId::BOOL),
            Self::Convert(from, to) => (vec![from.ty()], to.ty()),
            Self::ToStr(of) | Self::Repr(of) => (vec![of.ty()], TypeId::STR),
            Self::Hash(of) => (vec![of.ty()], TypeId::I32),
            Self::Format(of) => (vec![of.ty(), TypeId::STR], TypeId::STR),
            Self::Runtime(function) => {
                let signature = function.signature();
                (signature.params.to_vec(), signature.result)
            }
        }
    }

    /// Whether the result is blue when all operands are.
    pub fn is_pure(self) -> bool {
        match self {
            Self::ToStr(of) => of == Scalar::Bool || of == Scalar::Str,
            Self::Repr(of) => of == Scalar::Str,
            Self::Hash(_) | Self::Format(_) => false,
            Self::Runtime(function) => function.signature().pure,
            Self::Int(..)
            | Self::Float(..)
            | Self::Complex(_)
            | Self::Unchecked(..)
            | Self::Bool(_)
            | Self::Str(_)
            | Self::Convert(..) => true,
        }
    }

    /// Whether it does anything but compute its result, so that only an engine may apply it.
    pub fn has_effect(self) -> bool {
        matches!(self, Self::Runtime(function) if function.signature().effect)
    }

    /// Whether it may raise.
    pub fn may_raise(self) -> bool {
        match self {
            Self::Int(_, op) => matches!(
                op,
                IntOp::Div
                    | IntOp::FloorDiv
                    | IntOp::Mod
                    | IntOp::Pow
                    | IntOp::LShift
                    | IntOp::RShift
            ),
            Self::Float(_, op) => {
                matches!(
                    op,
                    FloatOp::Div | FloatOp::FloorDiv | FloatOp::Mod | FloatOp::Pow
                )
            }
            Self::Complex(op) => op == ComplexOp::Div,
            Self::Unchecked(_, op) => op != UncheckedOp::Ieee,
            Self::Convert(from, to) => from == Scalar::Str && to != Scalar::Bool,
            Self::Runtime(function) => function.signature().raises,
            Self::Format(_) => true,
            Self::Bool(_) | Self::Str(_) | Self::ToStr(_) | Self::Repr(_) | Self::Hash(_) => false,
        }
    }
}

fn int_signature(ty: TypeId, op: IntOp) -> (Vec<TypeId>, TypeId) {
    match op {
        IntOp::Neg | IntOp::Invert => (vec![ty], ty),
        IntOp::Div => (vec![ty; 2], TypeId::F64),
        IntOp::Eq | IntOp::Ne | IntOp::Lt | IntOp::Le | IntOp::Gt | IntOp::Ge => {
            (vec![ty; 2], TypeId::BOOL)
        }
        IntOp::Add
        | IntOp::Sub
        | IntOp::Mul
        | IntOp::FloorDiv
        | IntOp::Mod
        | IntOp::Pow
        | IntOp::LShift
        | IntOp::RShift
        | IntOp::And
        | IntOp::Or
        | IntOp::Xor => (vec![ty; 2], ty),
    }
}

fn float_signature(ty: TypeId, op: FloatOp) -> (Vec<TypeId>, TypeId) {
    match op {
        FloatOp::Neg => (vec![ty], ty),
        FloatOp::Eq | FloatOp::Ne | FloatOp::Lt | FloatOp::Le | FloatOp::Gt | FloatOp::Ge => {
            (vec![ty; 2], TypeId::BOOL)
        }
        FloatOp::Add
        | FloatOp::Sub
        | FloatOp::Mul
        | FloatOp::Div
        | FloatOp::FloorDiv
        | FloatOp::Mod
        | FloatOp::Pow => (vec![ty; 2], ty),
    }
}

fn complex_signature(op: ComplexOp) -> (Vec<TypeId>, TypeId) {
    match op {
        ComplexOp::Neg => (vec![TypeId::COMPLEX], TypeId::COMPLEX),
        ComplexOp::Eq | ComplexOp::Ne => (vec![TypeId::COMPLEX; 2], TypeId::BOOL),
        ComplexOp::Add | ComplexOp::Sub | ComplexOp::Mul | ComplexOp::Div => {
            (vec![TypeId::COMPLEX; 2], TypeId::COMPLEX)
        }
    }
}

fn int_name(op: IntOp) -> &'static str {
    match op {
        IntOp::Add => "add",
        IntOp::Sub => "sub",
        IntOp::Mul => "mul",
        IntOp::Div => "div",
        IntOp::FloorDiv => "floordiv",
        IntOp::Mod => "mod",
        IntOp::Pow => "pow",
        IntOp::LShift => "lshift",
        IntOp::RShift => "rshift",
        IntOp::And => "and",
        IntOp::Or => "or",
        IntOp::Xor => "xor",
        IntOp::Eq => "eq",
        IntOp::Ne => "ne",
        IntOp::Lt => "lt",
        IntOp::Le => "le",
        IntOp::Gt => "gt",
        IntOp::Ge => "ge",
        IntOp::Neg => "neg",
        IntOp::Invert => "invert",
    }
}

fn float_name(op: FloatOp) -> &'static str {
    match op {
        FloatOp::Add => "add",
        FloatOp::Sub => "sub",
        FloatOp::Mul => "mul",
        FloatOp::Div => "div",
        FloatOp::FloorDiv => "floordiv",
        FloatOp::Mod => "mod",
        FloatOp::Pow => "pow",
        FloatOp::Eq => "eq",
        FloatOp::Ne => "ne",
        FloatOp::Lt => "lt",
        FloatOp::Le => "le",
        FloatOp::Gt => "gt",
        FloatOp::Ge => "ge",
        FloatOp::Neg => "neg",
    }
}

fn unchecked_name(op: UncheckedOp) -> &'static str {
    match op {
        UncheckedOp::Div => "unchecked_div",
        UncheckedOp::FloorDiv => "unchecked_floordiv",
        UncheckedOp::Mod => "unchecked_mod",
        UncheckedOp::Ieee => "ieee754_div",
    }
}

fn complex_name(op: ComplexOp) -> &'static str {
    match op {
        ComplexOp::Add => "add",
        ComplexOp::Sub => "sub",
        ComplexOp::Mul => "mul",
        ComplexOp::Div => "div",
        ComplexOp::Eq => "eq",
        ComplexOp::Ne => "ne",
        ComplexOp::Neg => "neg",
    }
}

fn bool_name(op: BoolOp) -> &'static str {
    match op {
        BoolOp::Eq => "eq",
        BoolOp::Ne => "ne",
        BoolOp::And => "and",
        BoolOp::Or => "or",
        BoolOp::Xor => "xor",
        BoolOp::Lt => "lt",
        BoolOp::Le => "le",
        BoolOp::Gt => "gt",
        BoolOp::Ge => "ge",
        BoolOp::Not => "not",
    }
}

fn str_name(op: StrOp) -> &'static str {
    match op {
        StrOp::Eq => "eq",
        StrOp::Ne => "ne",
        StrOp::Lt => "lt",
        StrOp::Le => "le",
        StrOp::Gt => "gt",
        StrOp::Ge => "ge",
    }
}
