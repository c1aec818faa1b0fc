//! The tokens, and how logos recognises those that need no context.
//!
//! Variants without a logos attribute are made by hand: parts of f-strings and decoded literals by
//! the [`lexer`](super::lexer), soft keywords, `Newline`, `Indent` and `Dedent` by the
//! [`layout`](super::layout) pass.

use std::rc::Rc;

use logos::{Lexer, Logos};
use num_bigint::BigInt;

use super::names::Names;
use super::number;

/// A token between the UTF-8 offsets where it starts and ends.
pub(super) type Spanned = (u32, Token, u32);

/// What is wrong with the text at an offset.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Problem {
    /// UTF-8 offset; its line is the one to show.
    pub at: u32,
    /// The message.
    pub message: String,
}

impl Problem {
    /// A problem of the line that contains `at`.
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at: offset(at),
            message: message.into(),
        }
    }
}

/// A text offset as tokens carry it.
pub(super) fn offset(value: usize) -> u32 {
    u32::try_from(value).expect("the source map limits texts to 256 MiB")
}

/// A token of the language.
#[derive(Logos, Clone, Debug, PartialEq)]
#[logos(extras = Names, error = Problem)]
#[logos(skip r"[ \t\x0C]+")]
#[logos(skip("#[^\r\n]*", allow_greedy = true))]
pub(super) enum Token {
    /// An identifier. The lexer extends it over non-ASCII characters.
    #[regex("[a-zA-Z_][a-zA-Z0-9_]*", |lex| { let name = lex.slice(); lex.extras.intern(name) })]
    Name(Rc<str>),
    /// An integer literal.
    #[regex(
        "0[xX](_?[0-9a-fA-F])+|0[oO](_?[0-7])+|0[bB](_?[01])+",
        number::integer
    )]
    #[regex("[0-9](_?[0-9])*", number::integer)]
    Int(BigInt),
    /// A float literal.
    #[regex(
        r"[0-9](_?[0-9])*\.([0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?",
        number::float
    )]
    #[regex(r"\.[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?", number::float)]
    #[regex(r"[0-9](_?[0-9])*[eE][+-]?[0-9](_?[0-9])*", number::float)]
    Float(f64),
    /// An imaginary literal.
    #[regex(
        r"[0-9](_?[0-9])*\.([0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?[jJ]",
        number::imaginary
    )]
    #[regex(r"\.[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?[jJ]", number::imaginary)]
    #[regex(r"[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?[jJ]", number::imaginary)]
    Imaginary(f64),
    /// Prefix and opening quote of a string, bytes or f-string; never leaves the lexer.
    #[regex("([rR]|[bB]|[uU]|[fF]|[rR][bB]|[bB][rR]|[rR][fF]|[fF][rR])?(\"|'|\"\"\"|''')")]
    Quote,
    /// A string literal, decoded.
    Str(Rc<str>),
    /// A bytes literal, decoded.
    Bytes(Rc<[u8]>),
    /// The opening quote of an f-string.
    FStringStart,
    /// Text of an f-string or of a format spec, decoded.
    FStringText(Rc<str>),
    /// The closing quote of an f-string.
    FStringEnd,
    /// `{` that opens a replacement field.
    FieldOpen,
    /// `}` that closes a replacement field.
    FieldClose,
    /// `:` before a format spec.
    FieldColon,
    /// `!` before a conversion.
    FieldBang,
    /// The end of a logical line (of a physical line, before layout).
    #[regex(r"\r\n|\n|\r")]
    Newline,
    /// More indentation than the line before.
    Indent,
    /// Back to an outer indentation.
    Dedent,
    /// A backslash at the end of a line; never leaves the lexer.
    #[regex(r"\\(\r\n|\n|\r)")]
    Continuation,
    /// A place where no token could be made; the problem is recorded.
    Invalid,

    /// `match`, where it starts a match statement.
    Match,
    /// `case`, where it starts a case block.
    Case,
    /// `type`, where it starts a type alias.
    Type,
    /// `var`, where it starts a declaration.
    Var,
    /// `const`, where it starts a declaration.
    Const,
    /// `(` around the items of a `with` statement.
    WithParen,

    #[token("False")]
    False,
    #[token("None")]
    None,
    #[token("True")]
    True,
    #[token("and")]
    And,
    #[token("as")]
    As,
    #[token("assert")]
    Assert,
    #[token("async")]
    Async,
    #[token("await")]
    Await,
    #[token("break")]
    Break,
    #[token("class")]
    Class,
    #[token("continue")]
    Continue,
    #[token("def")]
    Def,
    #[token("del")]
    Del,
    #[token("elif")]
    Elif,
    #[token("else")]
    Else,
    #[token("except")]
    Except,
    #[token("finally")]
    Finally,
    #[token("for")]
    For,
    #[token("from")]
    From,
    #[token("global")]
    Global,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("in")]
    In,
    #[token("is")]
    Is,
    #[token("lambda")]
    Lambda,
    #[token("nonlocal")]
    Nonlocal,
    #[token("not")]
    Not,
    #[token("or")]
    Or,
    #[token("pass")]
    Pass,
    #[token("raise")]
    Raise,
    #[token("return")]
    Return,
    #[token("try")]
    Try,
    #[token("while")]
    While,
    #[token("with")]
    With,
    #[token("yield")]
    Yield,

    #[token("(")]
    LeftParen,
    #[token(")")]
    RightParen,
    #[token("[")]
    LeftBracket,
    #[token("]")]
    RightBracket,
    #[token("{")]
    LeftBrace,
    #[token("}")]
    RightBrace,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(":=")]
    ColonEqual,
    #[token(";")]
    Semicolon,
    #[token(".")]
    Dot,
    #[token("...")]
    Ellipsis,
    #[token("->")]
    Arrow,
    #[token("@")]
    At,
    #[token("=")]
    Equal,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("**")]
    DoubleStar,
    #[token("/")]
    Slash,
    #[token("//")]
    DoubleSlash,
    #[token("%")]
    Percent,
    #[token("<<")]
    LeftShift,
    #[token(">>")]
    RightShift,
    #[token("&")]
    Ampersand,
    #[token("|")]
    Bar,
    #[token("^")]
    Caret,
    #[token("~")]
    Tilde,
    #[token("==")]
    EqualEqual,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("+=")]
    PlusEqual,
    #[token("-=")]
    MinusEqual,
    #[token("*=")]
    StarEqual,
    #[token("**=")]
    DoubleStarEqual,
    #[token("/=")]
    SlashEqual,
    #[token("//=")]
    DoubleSlashEqual,
    #[token("%=")]
    PercentEqual,
    #[token("<<=")]
    LeftShiftEqual,
    #[token(">>=")]
    RightShiftEqual,
    #[token("&=")]
    AmpersandEqual,
    #[token("|=")]
    BarEqual,
    #[token("^=")]
    CaretEqual,
    #[token("@=")]
    AtEqual,
}

impl Token {
    /// Whether an expression can begin right after a token of this kind, so that nesting counts it.
    pub(super) fn is_operand(&self) -> bool {
        matches!(
            self,
            Self::Name(_)
                | Self::Int(_)
                | Self::Float(_)
                | Self::Imaginary(_)
                | Self::Str(_)
                | Self::Bytes(_)
                | Self::FStringText(_)
                | Self::True
                | Self::False
                | Self::None
                | Self::Ellipsis
        )
    }

    /// Whether it opens something that a closing token ends.
    pub(super) fn opens(&self) -> bool {
        matches!(
            self,
            Self::LeftParen
                | Self::WithParen
                | Self::LeftBracket
                | Self::LeftBrace
                | Self::FStringStart
                | Self::FieldOpen
        )
    }

    /// Whether it ends what [`opens`](Self::opens) began.
    pub(super) fn closes(&self) -> bool {
        matches!(
            self,
            Self::RightParen
                | Self::RightBracket
                | Self::RightBrace
                | Self::FStringEnd
                | Self::FieldClose
        )
    }

    /// Whether no expression contains it: a keyword that only starts statements.
    pub(super) fn starts_statement_only(&self) -> bool {
        matches!(
            self,
            Self::Assert
                | Self::Break
                | Self::Class
                | Self::Continue
                | Self::Def
                | Self::Del
                | Self::Elif
                | Self::Except
                | Self::Finally
                | Self::Global
                | Self::Import
                | Self::Nonlocal
                | Self::Pass
                | Self::Raise
                | Self::Return
                | Self::Try
                | Self::While
                | Self::With
        )
    }
}

/// The name logos passes to the callbacks of [`Token`].
pub(super) type RawLexer<'s> = Lexer<'s, Token>;
