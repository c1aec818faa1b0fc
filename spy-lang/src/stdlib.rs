//! The part of the standard library that is written in the language, embedded.

/// The text of a module of the standard library.
pub fn source(module: &str) -> Option<&'static str> {
    SOURCES
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, text)| *text)
}

/// Whether a module belongs to the standard library.
pub fn contains(module: &str) -> bool {
    SOURCES.iter().any(|(name, _)| *name == module)
}

/// The names of all modules of the standard library that are written in the language.
pub fn module_names() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().map(|(name, _)| *name)
}

/// The name under which messages show a module of the standard library.
pub fn file_name(module: &str) -> String {
    format!("<stdlib>/{module}.spy")
}

const SOURCES: &[(&str, &str)] = &[
    ("_builtins", include_str!("../../stdlib/_builtins.spy")),
    ("_bytes", include_str!("../../stdlib/_bytes.spy")),
    ("_dict", include_str!("../../stdlib/_dict.spy")),
    ("_identity", include_str!("../../stdlib/_identity.spy")),
    ("_print", include_str!("../../stdlib/_print.spy")),
    ("_list", include_str!("../../stdlib/_list.spy")),
    ("_range", include_str!("../../stdlib/_range.spy")),
    ("_str", include_str!("../../stdlib/_str.spy")),
    ("_start", include_str!("../../stdlib/_start.spy")),
    ("_file", include_str!("../../stdlib/_file.spy")),
    ("array", include_str!("../../stdlib/array.spy")),
    ("math", include_str!("../../stdlib/math.spy")),
    ("os", include_str!("../../stdlib/os.spy")),
    ("posix", include_str!("../../stdlib/posix.spy")),
    ("rawbuffer", include_str!("../../stdlib/rawbuffer.spy")),
    ("time", include_str!("../../stdlib/time.spy")),
    ("_set", include_str!("../../stdlib/_set.spy")),
    (
        "_testing_helpers",
        include_str!("../../stdlib/_testing_helpers.spy"),
    ),
    ("xxdemo", include_str!("../../stdlib/xxdemo.spy")),
    ("_tuple", include_str!("../../stdlib/_tuple.spy")),
    ("_slice", include_str!("../../stdlib/_slice.spy")),
    ("_varargs", include_str!("../../stdlib/_varargs.spy")),
];
