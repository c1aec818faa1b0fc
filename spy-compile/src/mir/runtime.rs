//! The functions of the runtime that compiled programs call.
//!
//! One line each: symbol, parameters, results, and what it may do. The definitions are in
//! `stdlib/runtime/src/abi`, those of C in its library; the names and types here are the contract between the two.

use super::Ty;

/// Types and effects of a function of the runtime.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuntimeSignature {
    /// The name of the symbol.
    pub symbol: &'static str,
    /// Types of the parameters.
    pub params: &'static [Ty],
    /// Types of the results.
    pub results: &'static [Ty],
    /// Whether it may raise; a flag then follows the results.
    pub raises: bool,
    /// Whether it does more than compute its results from its operands and constant memory.
    pub effect: bool,
}

impl RuntimeSignature {
    /// Whether a call may go if its results are not used.
    pub const fn is_removable(self) -> bool {
        !self.raises && !self.effect
    }
}

macro_rules! runtime_functions {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal
        ($($param:ident),*) -> ($($result:ident),*) $(: $($flag:ident)+)?;)*) => {
        /// A function of the runtime.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum RuntimeFunc {
            $($(#[$doc])* $name,)*
        }

        impl RuntimeFunc {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Symbol, types and effects.
            pub const fn signature(self) -> RuntimeSignature {
                match self {
                    $(Self::$name => {
                        let flags = Flags::NONE$($(.$flag())+)?;
                        RuntimeSignature {
                            symbol: $symbol,
                            params: &[$(Ty::$param),*],
                            results: &[$(Ty::$result),*],
                            raises: flags.raises,
                            effect: flags.effect,
                        }
                    })*
                }
            }
        }
    };
}

struct Flags {
    raises: bool,
    effect: bool,
}

impl Flags {
    const NONE: Self = Self {
        raises: false,
        effect: false,
    };

    const fn raises(self) -> Self {
        Self {
            raises: true,
            ..self
        }
    }

    const fn effect(self) -> Self {
        Self {
            effect: true,
            ..self
        }
    }
}

runtime_functions! {
    /// Writes a text to standard output.
    StdoutWrite = "spy_stdout_write" (Ptr) -> (): effect;
    /// How many arguments the program has, its own name included.
    ArgCount = "spy_arg_count" () -> (I32): effect;
    /// An argument of the program.
    Arg = "spy_arg" (I32) -> (Ptr): effect;
    /// Makes an exception of a kind and a message the current one.
    SetException = "spy_set_exception" (I8, Ptr) -> (): effect;
    /// Makes an exception object the current one; the places it has passed stay.
    RaiseException = "spy_raise_exception" (Ptr) -> (): effect;
    /// Makes an exception object the reason for the current one.
    SetCause = "spy_set_cause" (Ptr) -> (): effect;
    /// Keeps silent about what happened before the current exception.
    HideContext = "spy_hide_context" () -> (): effect;
    /// Notes that the current exception left a handler of this one, which may be NULL.
    SetContext = "spy_set_context" (Ptr) -> (): effect;
    /// Whether the current exception is of the class with this full name.
    ExceptionIs = "spy_exception_is" (Ptr) -> (I8): effect;
    /// The kind of the current exception.
    ExceptionKind = "spy_exception_kind" () -> (I8): effect;
    /// The current exception as an object; there is no current one any more.
    CatchException = "spy_catch_exception" () -> (Ptr): effect;
    /// Forgets the current exception.
    DropException = "spy_drop_exception" () -> (): effect;
    /// A new exception object of a kind and a message.
    NewException = "spy_new_exception" (I8, Ptr) -> (Ptr);
    /// The same of a class that the program defines; its lineage comes last.
    NewUserException = "spy_new_user_exception" (I8, Ptr, Ptr) -> (Ptr);
    /// `type(e).__name__`
    ExceptionName = "spy_exception_name" (Ptr) -> (Ptr);
    /// The message of an exception.
    ExceptionMessage = "spy_exception_message" (Ptr) -> (Ptr);
    /// `str(e)`
    ExceptionStr = "spy_exception_str" (Ptr) -> (Ptr);
    /// `repr(e)`
    ExceptionRepr = "spy_exception_repr" (Ptr) -> (Ptr);
    /// `e == f`
    ExceptionEq = "spy_exception_eq" (Ptr, Ptr) -> (I8);
    /// New zeroed memory of a size in bytes, with the number of a map of its pointers, that the
    /// garbage collector frees.
    Alloc = "spy_alloc" (I64, I32) -> (Ptr): raises;
    /// The same, that the program frees.
    RawAlloc = "spy_raw_alloc" (I64, I32) -> (Ptr): raises effect;
    /// Frees memory that the program frees; NULL does nothing.
    RawFree = "spy_raw_free" (Ptr) -> (): effect;
    /// The same; whether it has been freed before.
    RawFreeChecked = "spy_raw_free_checked" (Ptr) -> (I8): effect;
    /// The size in bytes of memory, by the address of its start; 0 for NULL.
    MemorySize = "spy_memory_size" (Ptr) -> (I64);
    /// Copies bytes to the first address from the second; the areas may overlap.
    MemoryMove = "memmove" (Ptr, Ptr, I64) -> (): effect;
    /// Sets bytes to a value.
    MemorySet = "memset" (Ptr, I32, I64) -> (): effect;
    /// Negative, zero or positive, as the bytes at the first address are less, equal or greater.
    MemoryCompare = "memcmp" (Ptr, Ptr, I64) -> (I32): effect;
    /// `a + b`
    StrConcat = "spy_str_concat" (Ptr, Ptr) -> (Ptr);
    /// `s * n`
    StrRepeat = "spy_str_repeat" (Ptr, I32) -> (Ptr): raises;
    /// `s[i]`
    StrGetItem = "spy_str_getitem" (Ptr, I32) -> (Ptr): raises;
    /// `t in s`; the container comes first.
    StrContains = "spy_str_contains" (Ptr, Ptr) -> (I8);
    /// `s.upper()`
    StrUpper = "spy_str_upper" (Ptr) -> (Ptr);
    /// `s.lower()`
    StrLower = "spy_str_lower" (Ptr) -> (Ptr);
    /// `s.title()`
    StrTitle = "spy_str_title" (Ptr) -> (Ptr);
    /// `s.capitalize()`
    StrCapitalize = "spy_str_capitalize" (Ptr) -> (Ptr);
    /// `s.swapcase()`
    StrSwapcase = "spy_str_swapcase" (Ptr) -> (Ptr);
    /// `s.casefold()`
    StrCasefold = "spy_str_casefold" (Ptr) -> (Ptr);
    /// `s.isascii()`
    StrIsascii = "spy_str_isascii" (Ptr) -> (I8);
    /// `s.isspace()`
    StrIsspace = "spy_str_isspace" (Ptr) -> (I8);
    /// `s.isalpha()`
    StrIsalpha = "spy_str_isalpha" (Ptr) -> (I8);
    /// `s.isdigit()`
    StrIsdigit = "spy_str_isdigit" (Ptr) -> (I8);
    /// `s.isdecimal()`
    StrIsdecimal = "spy_str_isdecimal" (Ptr) -> (I8);
    /// `s.isnumeric()`
    StrIsnumeric = "spy_str_isnumeric" (Ptr) -> (I8);
    /// `s.isalnum()`
    StrIsalnum = "spy_str_isalnum" (Ptr) -> (I8);
    /// `s.isprintable()`
    StrIsprintable = "spy_str_isprintable" (Ptr) -> (I8);
    /// `s.isidentifier()`
    StrIsidentifier = "spy_str_isidentifier" (Ptr) -> (I8);
    /// `s.islower()`
    StrIslower = "spy_str_islower" (Ptr) -> (I8);
    /// `s.isupper()`
    StrIsupper = "spy_str_isupper" (Ptr) -> (I8);
    /// `s.istitle()`
    StrIstitle = "spy_str_istitle" (Ptr) -> (I8);
    /// `s.replace(old, new)`
    StrReplace = "spy_str_replace" (Ptr, Ptr, Ptr) -> (Ptr);
    /// `s.removeprefix(prefix)`
    StrRemovePrefix = "spy_str_remove_prefix" (Ptr, Ptr) -> (Ptr);
    /// `s.removesuffix(suffix)`
    StrRemoveSuffix = "spy_str_remove_suffix" (Ptr, Ptr) -> (Ptr);
    /// `s.zfill(width)`
    StrZfill = "spy_str_zfill" (Ptr, I32) -> (Ptr): raises;
    /// `s.center(width, fill)`
    StrCenter = "spy_str_center" (Ptr, I32, Ptr) -> (Ptr): raises;
    /// `s.ljust(width, fill)`
    StrLjust = "spy_str_ljust" (Ptr, I32, Ptr) -> (Ptr): raises;
    /// `s.rjust(width, fill)`
    StrRjust = "spy_str_rjust" (Ptr, I32, Ptr) -> (Ptr): raises;
    /// `s.find(sub, start, end)`
    StrFind = "spy_str_find" (Ptr, Ptr, I32, I32) -> (I32);
    /// `s.rfind(sub, start, end)`
    StrRfind = "spy_str_rfind" (Ptr, Ptr, I32, I32) -> (I32);
    /// `s.count(sub, start, end)`
    StrCount = "spy_str_count" (Ptr, Ptr, I32, I32) -> (I32);
    /// `s.startswith(affix, start, end)`
    StrStartswith = "spy_str_startswith" (Ptr, Ptr, I32, I32) -> (I8);
    /// `s.endswith(affix, start, end)`
    StrEndswith = "spy_str_endswith" (Ptr, Ptr, I32, I32) -> (I8);
    /// Without blanks at the start (1), the end (2) or both (3).
    StrStrip = "spy_str_strip" (Ptr, I32) -> (Ptr);
    /// As `_strip`, but without some characters.
    StrStripChars = "spy_str_strip_chars" (Ptr, Ptr, I32) -> (Ptr);
    /// `s[a:b:c]`: each part and whether it is missing.
    StrSlice = "spy_str_slice" (Ptr, I32, I32, I32, I32, I32, I32) -> (Ptr): raises;
    /// Bytes of the text.
    StrSize = "spy_str_size" (Ptr) -> (I32);
    /// The first occurrence from a byte offset on, or -1.
    StrFindFrom = "spy_str_find_from" (Ptr, Ptr, I32) -> (I32);
    /// The last occurrence that ends at a byte offset or before, or -1.
    StrFindBefore = "spy_str_find_before" (Ptr, Ptr, I32) -> (I32);
    /// The text between two byte offsets.
    StrCut = "spy_str_cut" (Ptr, I32, I32) -> (Ptr);
    /// The byte offset after the character at one.
    StrNextChar = "spy_str_next_char" (Ptr, I32) -> (I32);
    /// Where the blanks from a byte offset on end.
    StrBlankEnd = "spy_str_blank_end" (Ptr, I32) -> (I32);
    /// Where the text without blanks from a byte offset on ends.
    StrWordEnd = "spy_str_word_end" (Ptr, I32) -> (I32);
    /// Where the line from a byte offset on ends, without what ends it.
    StrLineEnd = "spy_str_line_end" (Ptr, I32) -> (I32);
    /// Where the line after the one from a byte offset on starts.
    StrLineNext = "spy_str_line_next" (Ptr, I32) -> (I32);
    /// `s.expandtabs(tabsize)`
    StrExpandtabs = "spy_str_expandtabs" (Ptr, I32) -> (Ptr);
    /// `s.replace(old, new, count)`
    StrReplaceFirst = "spy_str_replace_first" (Ptr, Ptr, Ptr, I32) -> (Ptr);
    /// A text whose code points are the bytes.
    BytesChars = "spy_bytes_chars" (Ptr) -> (Ptr);
    /// The bytes whose values are the code points of a text that may have others.
    BytesFromChars = "spy_bytes_from_chars" (Ptr) -> (Ptr): raises;
    /// Opens a file; its number.
    FileOpen = "spy_file_open" (Ptr, Ptr) -> (I32): raises effect;
    /// Up to a number of characters of a file, or all if it is negative.
    FileRead = "spy_file_read" (I32, I32) -> (Ptr): raises effect;
    /// The next line of a file.
    FileReadLine = "spy_file_read_line" (I32) -> (Ptr): raises effect;
    /// Writes to a file; the number of characters.
    FileWrite = "spy_file_write" (I32, Ptr) -> (I32): raises effect;
    /// Moves to a position in a file.
    FileSeek = "spy_file_seek" (I32, I32, I32) -> (I32): raises effect;
    /// The position in a file.
    FileTell = "spy_file_tell" (I32) -> (I32): raises effect;
    /// Passes on what has been written to a file.
    FileFlush = "spy_file_flush" (I32) -> (I32): raises effect;
    /// The descriptor of a file.
    FileDescriptor = "spy_file_descriptor" (I32) -> (I32): effect;
    /// Closes a file.
    FileClose = "spy_file_close" (I32) -> (I32): raises effect;
    /// Whether a descriptor belongs to a terminal.
    IsTerminal = "spy_is_terminal" (I32) -> (I8): effect;
    /// The width of the terminal.
    TerminalColumns = "spy_terminal_columns" () -> (I32): effect;
    /// The height of the terminal.
    TerminalLines = "spy_terminal_lines" () -> (I32): effect;
    /// Seconds since 1970.
    Time = "spy_time" () -> (F64): effect;
    /// Waits some seconds.
    Sleep = "spy_sleep" (F64) -> (I32): effect;
    /// `ord(s)`
    Ord = "spy_ord" (Ptr) -> (I32): raises;
    /// `chr(i)`
    Chr = "spy_chr" (I32) -> (Ptr): raises;
    /// `math.sqrt(x)`
    MathSqrt = "spy_math_sqrt" (F64) -> (F64);
    /// `math.cbrt(x)`
    MathCbrt = "spy_math_cbrt" (F64) -> (F64);
    /// `math.sin(x)`
    MathSin = "spy_math_sin" (F64) -> (F64);
    /// `math.cos(x)`
    MathCos = "spy_math_cos" (F64) -> (F64);
    /// `math.tan(x)`
    MathTan = "spy_math_tan" (F64) -> (F64);
    /// `math.asin(x)`
    MathAsin = "spy_math_asin" (F64) -> (F64);
    /// `math.acos(x)`
    MathAcos = "spy_math_acos" (F64) -> (F64);
    /// `math.atan(x)`
    MathAtan = "spy_math_atan" (F64) -> (F64);
    /// `math.sinh(x)`
    MathSinh = "spy_math_sinh" (F64) -> (F64);
    /// `math.cosh(x)`
    MathCosh = "spy_math_cosh" (F64) -> (F64);
    /// `math.tanh(x)`
    MathTanh = "spy_math_tanh" (F64) -> (F64);
    /// `math.asinh(x)`
    MathAsinh = "spy_math_asinh" (F64) -> (F64);
    /// `math.acosh(x)`
    MathAcosh = "spy_math_acosh" (F64) -> (F64);
    /// `math.atanh(x)`
    MathAtanh = "spy_math_atanh" (F64) -> (F64);
    /// `math.exp(x)`
    MathExp = "spy_math_exp" (F64) -> (F64);
    /// `math.exp2(x)`
    MathExp2 = "spy_math_exp2" (F64) -> (F64);
    /// `math.expm1(x)`
    MathExpm1 = "spy_math_expm1" (F64) -> (F64);
    /// `math.log(x)`
    MathLog = "spy_math_log" (F64) -> (F64);
    /// `math.log10(x)`
    MathLog10 = "spy_math_log10" (F64) -> (F64);
    /// `math.log2(x)`
    MathLog2 = "spy_math_log2" (F64) -> (F64);
    /// `math.log1p(x)`
    MathLog1p = "spy_math_log1p" (F64) -> (F64);
    /// `math.fabs(x)`
    MathFabs = "spy_math_fabs" (F64) -> (F64);
    /// `math.floor(x)`
    MathFloor = "spy_math_floor" (F64) -> (F64);
    /// `math.ceil(x)`
    MathCeil = "spy_math_ceil" (F64) -> (F64);
    /// `math.trunc(x)`
    MathTrunc = "spy_math_trunc" (F64) -> (F64);
    /// `math.degrees(x)`
    MathDegrees = "spy_math_degrees" (F64) -> (F64);
    /// `math.radians(x)`
    MathRadians = "spy_math_radians" (F64) -> (F64);
    /// `math.atan2(a, b)`
    MathAtan2 = "spy_math_atan2" (F64, F64) -> (F64);
    /// `math.pow(a, b)`
    MathPow = "spy_math_pow" (F64, F64) -> (F64);
    /// `math.hypot(a, b)`
    MathHypot = "spy_math_hypot" (F64, F64) -> (F64);
    /// `math.fmod(a, b)`
    MathFmod = "spy_math_fmod" (F64, F64) -> (F64);
    /// `math.copysign(a, b)`
    MathCopysign = "spy_math_copysign" (F64, F64) -> (F64);
    /// The nearest integer; of two, the even one.
    MathRound = "spy_math_round" (F64) -> (F64);
    /// The bits of a float.
    FloatBits = "spy_float_bits" (F64) -> (I64);
    /// The float with these bits.
    FloatOfBits = "spy_float_of_bits" (I64) -> (F64);
    /// The text in UTF-8.
    StrEncode = "spy_str_encode" (Ptr) -> (Ptr);
    /// `len(b)`
    BytesLen = "spy_bytes_len" (Ptr) -> (I32);
    /// `b[i]`
    BytesGetItem = "spy_bytes_getitem" (Ptr, I32) -> (I8): raises;
    /// `a == b`
    BytesEq = "spy_bytes_eq" (Ptr, Ptr) -> (I8);
    /// `a + b`
    BytesAdd = "spy_bytes_add" (Ptr, Ptr) -> (Ptr);
    /// `b * n`
    BytesMul = "spy_bytes_mul" (Ptr, I32) -> (Ptr): raises;
    /// `hash(b)`
    BytesHash = "spy_bytes_hash" (Ptr) -> (I32);
    /// `repr(b)`
    BytesRepr = "spy_bytes_repr" (Ptr) -> (Ptr);
    /// The bytes as text in UTF-8.
    BytesDecode = "spy_bytes_decode" (Ptr) -> (Ptr): raises;
    /// `int(s, base)`
    ParseInt = "spy_parse_int" (Ptr, I32) -> (I32): raises;
    /// `a == b`
    StrEq = "spy_str_eq" (Ptr, Ptr) -> (I8);
    /// Negative, zero or positive, as the first text is less, equal or greater.
    StrCompare = "spy_str_compare" (Ptr, Ptr) -> (I32);
    /// `repr(s)`
    StrRepr = "spy_str_repr" (Ptr) -> (Ptr);
    /// `hash(s)`
    StrHash = "spy_str_hash" (Ptr) -> (I32);
    /// The text of a signed integer.
    StrFromSigned = "spy_str_from_i64" (I64) -> (Ptr);
    /// The text of an unsigned integer.
    StrFromUnsigned = "spy_str_from_u64" (I64) -> (Ptr);
    /// The text of a float.
    StrFromF64 = "spy_str_from_f64" (F64) -> (Ptr);
    /// The text of a float.
    StrFromF32 = "spy_str_from_f32" (F32) -> (Ptr);
    /// The text of a complex number.
    StrFromComplex = "spy_str_from_complex" (F64, F64) -> (Ptr);
    /// `format(x, spec)` of a signed integer.
    FormatSigned = "spy_format_i64" (I64, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of an unsigned integer.
    FormatUnsigned = "spy_format_u64" (I64, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of a bool.
    FormatBool = "spy_format_bool" (I8, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of a float.
    FormatF64 = "spy_format_f64" (F64, Ptr) -> (Ptr): raises;
    /// `format(x, spec)` of a text.
    FormatStr = "spy_format_str" (Ptr, Ptr) -> (Ptr): raises;
    /// `i8(s)`
    ParseI8 = "spy_parse_i8" (Ptr) -> (I8): raises;
    /// `u8(s)`
    ParseU8 = "spy_parse_u8" (Ptr) -> (I8): raises;
    /// `i32(s)`
    ParseI32 = "spy_parse_i32" (Ptr) -> (I32): raises;
    /// `u32(s)`
    ParseU32 = "spy_parse_u32" (Ptr) -> (I32): raises;
    /// `i64(s)`
    ParseI64 = "spy_parse_i64" (Ptr) -> (I64): raises;
    /// `u64(s)`
    ParseU64 = "spy_parse_u64" (Ptr) -> (I64): raises;
    /// `f64(s)`
    ParseF64 = "spy_parse_f64" (Ptr) -> (F64): raises;
    /// `complex128(s)`
    ParseComplex = "spy_parse_complex" (Ptr) -> (F64, F64): raises;
    /// `a ** b` of signed integers; narrower ones keep the low bits.
    PowSigned = "spy_pow_i64" (I64, I64) -> (I64): raises;
    /// `a ** b` of unsigned integers.
    PowUnsigned = "spy_pow_u64" (I64, I64) -> (I64): raises;
    /// `a ** b`
    PowF64 = "spy_pow_f64" (F64, F64) -> (F64): raises;
    /// `a // b`
    FloorDivF64 = "spy_floordiv_f64" (F64, F64) -> (F64): raises;
    /// `a % b`
    ModF64 = "spy_mod_f64" (F64, F64) -> (F64): raises;
    /// `a / b` of complex numbers.
    DivComplex = "spy_div_complex" (F64, F64, F64, F64) -> (F64, F64): raises;
}
