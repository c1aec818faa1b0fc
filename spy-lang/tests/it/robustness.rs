//! Whatever the text: a tree, diagnostics with spans inside it, no panic, time linear in its length.

use spy_lang::diagnostics::json::to_json;
use spy_lang::diagnostics::render::render;
use spy_lang::source::SourceMap;
use spy_lang::syntax::{parse, unsupported};

/// Parses, checks and shows the diagnostics of a text; returns their messages.
fn survive(text: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let file = sources.add("m.spy", text);
    let parsed = parse(&sources, file);
    let refused = unsupported(&parsed.module);
    for diagnostic in parsed.diagnostics.iter().chain(&refused).take(20) {
        for annotation in &diagnostic.annotations {
            let range = annotation.span.start as usize..annotation.span.end as usize;
            assert!(text.get(range).is_some(), "{diagnostic:?}");
        }
        assert!(render(diagnostic, &sources, false).contains(&diagnostic.message));
        assert!(to_json(diagnostic, &sources).is_object());
    }
    parsed
        .diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.message)
        .collect()
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("below a usize")
    }
}

const PROGRAM: &str = include_str!("everything.spy");

#[test]
fn every_truncation_is_survived() {
    for end in (0..PROGRAM.len()).filter(|end| PROGRAM.is_char_boundary(*end)) {
        survive(&PROGRAM[..end]);
    }
}

#[test]
fn every_single_deletion_is_survived() {
    for (start, c) in PROGRAM.char_indices() {
        let text = [&PROGRAM[..start], &PROGRAM[start + c.len_utf8()..]].concat();
        survive(&text);
    }
}

#[test]
fn random_bytes_are_survived() {
    let mut random = Random(0x5eed);
    let bytes: Vec<u8> = (0..1 << 20)
        .map(|_| random.next().to_le_bytes()[0])
        .collect();
    survive(&String::from_utf8_lossy(&bytes));
}

#[test]
fn random_printable_text_is_survived() {
    let mut random = Random(42);
    let letters = b"()[]{}:;,.'\"\\\n\n \t=+-*/<>!@#abfrdx019_if for in\n";
    let text: Vec<u8> = (0..1 << 20)
        .map(|_| letters[random.below(letters.len())])
        .collect();
    survive(&String::from_utf8(text).unwrap());
}

const WORDS: &[&str] = &[
    "def ",
    "f",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    "\n",
    "\n  ",
    "\n    ",
    "if ",
    "else",
    "x",
    "=",
    ",",
    "f\"",
    "\"",
    "'''",
    "for ",
    " in ",
    "lambda ",
    "match ",
    "case ",
    "try",
    "except ",
    "with ",
    " as ",
    "*",
    "**",
    "-",
    "1",
    "0x",
    "@",
    "class ",
    "async ",
    "yield ",
    "await ",
    "return ",
    "import ",
    "from ",
    ".",
    "...",
    ";",
    "!r",
    "\\\n",
    "\t",
    "var ",
    "const ",
    "type ",
    "del ",
    " and ",
    " not ",
    " if ",
    " is ",
    ":=",
    "->",
    "é",
    "# c",
    "__block__('x')",
    "i8(300)",
];

#[test]
fn random_shuffles_of_tokens_are_survived() {
    let mut random = Random(7);
    for _ in 0..3000 {
        let count = 1 + random.below(60);
        let text: String = (0..count)
            .map(|_| WORDS[random.below(WORDS.len())])
            .collect();
        survive(&text);
    }
}

#[test]
fn deep_nesting_is_refused_before_it_can_overflow() {
    let refused = |text: String, message: &str| assert_eq!(survive(&text), [message]);
    let too_deep = "expression is nested too deeply";
    let n = 100_000;
    refused(
        format!("x = {}{}", "(".repeat(n), ")".repeat(n)),
        "too many nested parentheses",
    );
    refused(
        format!("x = {}1", "[".repeat(n)),
        "too many nested parentheses",
    );
    refused(format!("x = a{}", " + a".repeat(n)), too_deep);
    refused(format!("x = {}a", "not ".repeat(n)), too_deep);
    refused(format!("x = {}a", "-".repeat(n)), too_deep);
    refused(format!("x = a{}", " ** a".repeat(n)), too_deep);
    refused(format!("x = {}a", "lambda a, b: ".repeat(n)), too_deep);
    refused(format!("x = {}a", "a if b else ".repeat(n)), too_deep);
    refused(format!("x = a{}", ".b".repeat(n)), too_deep);
    refused(format!("x = a{}", "()".repeat(n)), too_deep);
    refused(format!("x = a{}", "[0]".repeat(n)), too_deep);
    refused(format!("x = a{}", " and a".repeat(n)), too_deep);
}

#[test]
fn depth_below_the_limit_is_accepted() {
    assert_eq!(survive(&format!("x = a{}", " + a".repeat(990))), [""; 0]);
    assert_eq!(
        survive(&format!("x = {}1{}", "(".repeat(200), ")".repeat(200))),
        [""; 0]
    );
    assert_eq!(
        survive(&format!("x = [{}]", "1 + 2, ".repeat(100_000))),
        [""; 0]
    );
}

#[test]
fn deep_blocks_are_refused_once() {
    let mut text = String::new();
    for depth in 0..2000 {
        text.push_str(&format!("{}if x:\n", " ".repeat(depth)));
    }
    text.push_str(&format!("{}y = 1\n", " ".repeat(2000)));
    let messages = survive(&text);
    assert!(
        messages.contains(&"too many levels of indentation".to_owned()),
        "{messages:?}"
    );
    assert!(messages.len() <= 2, "{messages:?}");
}

#[test]
fn a_long_chain_of_elif_is_refused() {
    let chain = |n: usize| format!("if a:\n  b\n{}", "elif a:\n  b\n".repeat(n));
    assert_eq!(survive(&format!("{}else:\n  c\n", chain(999))), [""; 0]);
    assert_eq!(survive(&chain(50_000)), ["too many 'elif' clauses"]);
}

#[test]
fn many_errors_take_linear_time() {
    survive(&"x = (\n".repeat(50_000));
    survive(&"x = 'abc\n".repeat(100_000));
    survive(&"x = f'{a\n".repeat(100_000));
    survive(&"if x y:\n".repeat(100_000));
    survive(&"x = \"\"\"\n".repeat(100_001));
    survive(&"f'{".repeat(100_000));
    survive(&format!("x = {}", "1".repeat(1 << 20)));
    survive(&format!("x = 0x{}", "f".repeat(1 << 20)));
    survive(&format!("x = i8(0x{})", "f".repeat(1 << 20)));
    survive(&format!("x = {}", "a < ".repeat(200_000)));
}
