//! The methods of `str`.

use super::exception::Outcome;
use super::object::Str;
use crate::string::{self, cursor};
use crate::text;

/// A part of a slice, if it is not missing.
fn given(part: i64, is_none: i64) -> Option<i64> {
    (is_none == 0).then_some(part)
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_upper(a: Str) -> Str {
    Str::new(&string::upper(a.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_lower(a: Str) -> Str {
    Str::new(&string::lower(a.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_title(a: Str) -> Str {
    Str::new(&string::title(a.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_capitalize(a: Str) -> Str {
    Str::new(&string::capitalize(a.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_swapcase(a: Str) -> Str {
    Str::new(&string::swapcase(a.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_casefold(a: Str) -> Str {
    Str::new(&string::casefold(a.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isascii(a: Str) -> bool {
    string::isascii(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isspace(a: Str) -> bool {
    string::isspace(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isalpha(a: Str) -> bool {
    string::isalpha(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isdigit(a: Str) -> bool {
    string::isdigit(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isdecimal(a: Str) -> bool {
    string::isdecimal(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isnumeric(a: Str) -> bool {
    string::isnumeric(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isalnum(a: Str) -> bool {
    string::isalnum(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isprintable(a: Str) -> bool {
    string::isprintable(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isidentifier(a: Str) -> bool {
    string::isidentifier(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_islower(a: Str) -> bool {
    string::islower(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_isupper(a: Str) -> bool {
    string::isupper(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_istitle(a: Str) -> bool {
    string::istitle(a.as_str())
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_replace(a: Str, b: Str, c: Str) -> Str {
    Str::new(&string::replace(a.as_str(), b.as_str(), c.as_str(), -1))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_remove_prefix(a: Str, b: Str) -> Str {
    Str::new(string::removeprefix(a.as_str(), b.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_remove_suffix(a: Str, b: Str) -> Str {
    Str::new(string::removesuffix(a.as_str(), b.as_str()))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_zfill(a: Str, b: i32) -> Outcome<Option<Str>> {
    Outcome::of_text(string::zfill(a.as_str(), i64::from(b)).map(|text| Str::new(&text)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_center(a: Str, b: i32, c: Str) -> Outcome<Option<Str>> {
    Outcome::of_text(
        string::center(a.as_str(), i64::from(b), c.as_str()).map(|text| Str::new(&text)),
    )
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_ljust(a: Str, b: i32, c: Str) -> Outcome<Option<Str>> {
    Outcome::of_text(
        string::ljust(a.as_str(), i64::from(b), c.as_str()).map(|text| Str::new(&text)),
    )
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_rjust(a: Str, b: i32, c: Str) -> Outcome<Option<Str>> {
    Outcome::of_text(
        string::rjust(a.as_str(), i64::from(b), c.as_str()).map(|text| Str::new(&text)),
    )
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_find(a: Str, b: Str, c: i32, d: i32) -> i32 {
    string::find(
        a.as_str(),
        b.as_str(),
        Some(i64::from(c)),
        Some(i64::from(d)),
    ) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_rfind(a: Str, b: Str, c: i32, d: i32) -> i32 {
    string::rfind(
        a.as_str(),
        b.as_str(),
        Some(i64::from(c)),
        Some(i64::from(d)),
    ) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_count(a: Str, b: Str, c: i32, d: i32) -> i32 {
    string::count(
        a.as_str(),
        b.as_str(),
        Some(i64::from(c)),
        Some(i64::from(d)),
    ) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_startswith(a: Str, b: Str, c: i32, d: i32) -> bool {
    string::startswith(
        a.as_str(),
        b.as_str(),
        Some(i64::from(c)),
        Some(i64::from(d)),
    )
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_endswith(a: Str, b: Str, c: i32, d: i32) -> bool {
    string::endswith(
        a.as_str(),
        b.as_str(),
        Some(i64::from(c)),
        Some(i64::from(d)),
    )
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_strip(a: Str, b: i32) -> Str {
    Str::new(string::strip_ends(a.as_str(), None, i64::from(b)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_strip_chars(a: Str, b: Str, c: i32) -> Str {
    Str::new(string::strip_ends(
        a.as_str(),
        Some(b.as_str()),
        i64::from(c),
    ))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_slice(
    a: Str,
    b: i32,
    c: i32,
    d: i32,
    e: i32,
    f: i32,
    g: i32,
) -> Outcome<Option<Str>> {
    Outcome::of_text(
        string::slice(
            a.as_str(),
            given(i64::from(b), i64::from(c)),
            given(i64::from(d), i64::from(e)),
            given(i64::from(f), i64::from(g)),
        )
        .map(|text| Str::new(&text)),
    )
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_size(a: Str) -> i32 {
    a.as_str().len() as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_find_from(a: Str, b: Str, c: i32) -> i32 {
    cursor::find_from(a.as_str(), b.as_str(), i64::from(c)) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_find_before(a: Str, b: Str, c: i32) -> i32 {
    cursor::find_before(a.as_str(), b.as_str(), i64::from(c)) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_cut(a: Str, b: i32, c: i32) -> Str {
    Str::new(cursor::cut(a.as_str(), i64::from(b), i64::from(c)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_next_char(a: Str, b: i32) -> i32 {
    cursor::next_char(a.as_str(), i64::from(b)) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_blank_end(a: Str, b: i32) -> i32 {
    cursor::blank_end(a.as_str(), i64::from(b)) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_word_end(a: Str, b: i32) -> i32 {
    cursor::word_end(a.as_str(), i64::from(b)) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_line_end(a: Str, b: i32) -> i32 {
    cursor::line_end(a.as_str(), i64::from(b)) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_line_next(a: Str, b: i32) -> i32 {
    cursor::line_next(a.as_str(), i64::from(b)) as i32
}

#[unsafe(no_mangle)]
extern "C" fn spy_ord(a: Str) -> Outcome<i64> {
    string::ord(a.as_str()).map(i64::from).into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_chr(a: i32) -> Outcome<Option<Str>> {
    Outcome::of_text(string::chr(i64::from(a)).map(|text| Str::new(&text)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_parse_int(a: Str, b: i32) -> Outcome<i64> {
    text::parse_based(a.as_str(), i64::from(b))
        .map(i64::from)
        .into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_expandtabs(a: Str, b: i32) -> Str {
    Str::new(&string::expandtabs(a.as_str(), i64::from(b)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_str_replace_first(a: Str, b: Str, c: Str, d: i32) -> Str {
    Str::new(&string::replace(
        a.as_str(),
        b.as_str(),
        c.as_str(),
        i64::from(d),
    ))
}
