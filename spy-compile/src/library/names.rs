//! Names of the language as names of C.

/// The reserved words of C and C++ that the language has no word for itself.
const RESERVED: &[&str] = &[
    "alignas",
    "alignof",
    "auto",
    "bool",
    "case",
    "catch",
    "char",
    "const",
    "delete",
    "default",
    "do",
    "double",
    "enum",
    "explicit",
    "extern",
    "false",
    "float",
    "friend",
    "goto",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "nullptr",
    "operator",
    "private",
    "protected",
    "public",
    "register",
    "restrict",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "template",
    "this",
    "throw",
    "true",
    "typedef",
    "typename",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
];

/// The name with `_` for what C does not have in names.
pub(super) fn identifier(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().map(letter).collect()
}

/// The name of a field or parameter, with `_` behind it if the word is reserved.
pub(super) fn local(name: &str) -> String {
    let mut name = identifier(name);
    if RESERVED.contains(&name.as_str()) {
        name.push('_');
    }
    name
}
