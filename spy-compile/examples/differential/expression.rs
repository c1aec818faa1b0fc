//! Expressions of a type. Containers and texts stay short, whatever loops do with them.

use crate::generate::{Generator, Ty};

impl Generator<'_> {
    /// An expression of a type, nested at most `depth` deep.
    pub(crate) fn expr(&mut self, ty: Ty, depth: usize) -> String {
        if self.random.once_in(3)
            && let Some(name) = self.variable(ty)
        {
            return name;
        }
        if depth == 0 {
            return self.simple(ty);
        }
        if self.random.once_in(12) {
            let test = self.expr(Ty::Bool, depth - 1);
            let (yes, no) = (self.expr(ty, depth - 1), self.expr(ty, depth - 1));
            return format!("({yes} if {test} else {no})");
        }
        let depth = depth - 1;
        match ty {
            Ty::Int => self.int(depth),
            Ty::Long => self.long(depth),
            Ty::Float => self.float(depth),
            Ty::Bool => self.bool(depth),
            Ty::Str => self.str(depth),
            Ty::Ints => self.ints(depth),
            Ty::Strs => self.strs(depth),
            Ty::Dict => self.dict(depth),
            Ty::Set => self.set(depth),
            Ty::Pair => self.pair(depth),
            Ty::Point => self.point(depth),
        }
    }

    /// A literal.
    fn simple(&mut self, ty: Ty) -> String {
        let number = self.small();
        match ty {
            Ty::Int if self.random.once_in(8) => {
                (*self
                    .random
                    .pick(&["2147483647", "-2147483648", "65535", "1000003"]))
                .to_owned()
            }
            Ty::Int => number,
            Ty::Long => (*self.random.pick(&[
                "i64(7)",
                "i64(-3)",
                "(i64(1) << 40)",
                "i64(9007199254740993)",
                "i64(0)",
            ]))
            .to_owned(),
            Ty::Float => (*self.random.pick(&[
                "0.5",
                "-2.25",
                "1e10",
                "0.1",
                "3.0",
                "1e-7",
                "123456789.125",
                "0.0",
            ]))
            .to_owned(),
            Ty::Bool => (*self.random.pick(&["True", "False"])).to_owned(),
            Ty::Str => (*self.random.pick(&[
                "\"\"",
                "\"a\"",
                "\"bc\"",
                "\"é\"",
                "\"日本\"",
                "\"a b,c\"",
                "\"Xx\"",
                "\"12\"",
            ]))
            .to_owned(),
            Ty::Ints => (*self
                .random
                .pick(&["list[int]()", "[1, 2, 3]", "[4, -4, 4]", "[0]"]))
            .to_owned(),
            Ty::Strs => {
                (*self
                    .random
                    .pick(&["list[str]()", "[\"x\", \"\", \"yé\"]", "[\"b\", \"a\"]"]))
                .to_owned()
            }
            Ty::Dict => {
                (*self
                    .random
                    .pick(&["dict[str, int]()", "{\"a\": 1, \"bc\": -2}", "{\"é\": 5}"]))
                .to_owned()
            }
            Ty::Set => (*self.random.pick(&["set[int]()", "{1, 2, 3}", "{-4, 0}"])).to_owned(),
            Ty::Pair => format!("({number}, \"p\")"),
            Ty::Point => format!("Point({number}, 2, \"t\")"),
        }
    }

    fn small(&mut self) -> String {
        let number = self.random.below(14);
        if number > 10 {
            format!("-{}", number - 10)
        } else {
            number.to_string()
        }
    }

    /// Replaces the letters of a pattern in front of which a `$` stands: `i` an int, `g` a long, `f`
    /// a float, `b` a bool, `s` a text, `l` a list of ints, `m` one of texts, `d` a dict, `e` a set,
    /// `p` a pair, `q` a point; `j`, `k`, `h` and `t` an int, a long, a float and a text that are
    /// only known at run time.
    pub(crate) fn filled(&mut self, pattern: &str, depth: usize) -> String {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find('$') {
            text += &rest[..at];
            let (ty, hidden) = match rest.as_bytes()[at + 1] {
                b'i' => (Ty::Int, ""),
                b'j' => (Ty::Int, "r"),
                b'g' => (Ty::Long, ""),
                b'k' => (Ty::Long, "rl"),
                b'f' => (Ty::Float, ""),
                b'h' => (Ty::Float, "rf"),
                b'b' => (Ty::Bool, ""),
                b's' => (Ty::Str, ""),
                b't' => (Ty::Str, "rs"),
                b'l' => (Ty::Ints, ""),
                b'm' => (Ty::Strs, ""),
                b'd' => (Ty::Dict, ""),
                b'e' => (Ty::Set, ""),
                b'p' => (Ty::Pair, ""),
                _ => (Ty::Point, ""),
            };
            let value = self.expr(ty, depth);
            if hidden.is_empty() {
                text += &value;
            } else {
                text += &format!("{hidden}({value})");
            }
            rest = &rest[at + 2..];
        }
        text + rest
    }

    fn one_of(&mut self, patterns: &[&str], depth: usize) -> String {
        let pattern = *self.random.pick(patterns);
        self.filled(pattern, depth)
    }

    fn int(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "($i + $i)",
                "($i - $i)",
                "($i * $i)",
                "($i // $j)",
                "($i % $j)",
                "($i & $i)",
                "($i | $i)",
                "($i ^ $i)",
                "($j << ($i & 15))",
                "($j >> ($i & 15))",
                "(-$j)",
                "(~$i)",
                "abs($j)",
                "len($s)",
                "len($l)",
                "len($d)",
                "len($e)",
                "len($m)",
                "$l[$j]",
                "$l[$i & 3]",
                "$d[$t]",
                "$d.get($s, $i)",
                "sum($l)",
                "min($i, $i)",
                "max($i, $i, $i)",
                "$s.find($s)",
                "$s.count($s)",
                "int($h)",
                "int($k & i64(65535))",
                "$p[0]",
                "$q.x",
                "$q.norm()",
                "$q.moved($i).y",
                "($j ** ($i & 3))",
                "divmod($i, $j)[1]",
                "positive($j)",
                "fib($i & 7)",
                "max($l, default=$i)",
                "$l.count($i)",
                "$l.index($j)",
                "int($t)",
                "ord($t[0])",
                "hash($s) * 0 + $i",
                "hash($i)",
                "round($h)",
                "width($s)",
                "min($m, key=width, default=\"\").count(\"a\")",
                "$l.pop()",
                "sum($e)",
                "($i)",
                "sum($d.values())",
                "next(iter($l), $i)",
                "(1 if $b else $i)",
                "$s.rfind($s, $i)",
            ],
            depth,
        )
    }

    fn long(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "($g + $g)",
                "($g - $g)",
                "($g * $g)",
                "($g // $k)",
                "($g % $k)",
                "i64($j)",
                "($g & $g)",
                "($g ^ $g)",
                "($k << i64($i & 31))",
                "($k >> i64($i & 31))",
                "(-$k)",
                "i64($h)",
                "i64(len($s))",
                "min($g, $g)",
                "i64($t)",
            ],
            depth,
        )
    }

    fn float(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "($f + $f)",
                "($f - $f)",
                "($f * $f)",
                "($f / $h)",
                "($f // $h)",
                "($f % $h)",
                "float($j)",
                "($i / $j)",
                "abs($h)",
                "(-$h)",
                "min($f, $f)",
                "max($f, $i)",
                "float($t)",
                "round($h, $i & 3)",
                "($f * $i)",
                "($i - $f)",
                "sum([$f, $f])",
                "($h ** 2.0)",
            ],
            depth,
        )
    }

    fn bool(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "($i < $i)",
                "($i == $i)",
                "($i >= $i)",
                "($s == $s)",
                "($s < $s)",
                "($f <= $f)",
                "($f != $f)",
                "($b and $b)",
                "($b or $b)",
                "(not $b)",
                "($s in $s)",
                "($i in $l)",
                "($s in $d)",
                "($i in $e)",
                "($i not in $l)",
                "($l == $l)",
                "($l < $l)",
                "($d == $d)",
                "($e <= $e)",
                "($p == $p)",
                "($p < $p)",
                "$s.isalpha()",
                "$s.isdigit()",
                "any($l)",
                "all($l)",
                "$s.startswith($s)",
                "($i < $i < $i)",
                "bool($l)",
                "bool($s)",
                "($q == $q)",
                "$e.isdisjoint($l)",
                "($g < $g)",
                "($m == $m)",
            ],
            depth,
        )
    }

    fn str(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "($s + $s)",
                "($s * ($i & 3))",
                "$s[$i:]",
                "$s[:$i]",
                "$s[$i:$i]",
                "$s[::-1]",
                "$t[$j]",
                "str($i)",
                "str($f)",
                "str($b)",
                "f\"{($i)}\"",
                "f\"{($i):>4}|{($s)!r}\"",
                "$s.upper()",
                "$s.replace($s, $s)[:20]",
                "$s.strip()",
                "\"-\".join($m)",
                "$m[$j]",
                "$p[1]",
                "$q.tag",
                "repr($s)[:20]",
                "str($l)[:30]",
                "str($d)[:30]",
                "hex($j)",
                "$s.title()",
                "$s.center($i & 15)",
                "$s.zfill($i & 7)",
                "max($m, default=$s)",
                "str($p)[:30]",
                "f\"{($f):.2f}\"",
                "str($q)[:40]",
                "chr(97 + ($i & 15))",
                "str($g)",
                "$s.partition($t)[2]",
                "\"\".join(sorted($s))",
                "str(sorted($e))[:30]",
            ],
            depth,
        )
    }

    fn ints(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "[$i, $i]",
                "[$i, $i, $i]",
                "($l + $l)[:9]",
                "$l[$i:$i]",
                "$l[::-1]",
                "$l[::2]",
                "sorted($l)",
                "list(range($i & 7))",
                "list(range($i & 7, $i & 7, -1))",
                "($l * ($i & 3))[:9]",
                "sorted($e)",
                "list($d.values())",
                "list(map(width, $m))",
                "list(map(last_digit, $l))",
                "sorted($l, key=last_digit)",
                "sorted($l, reverse=True)",
                "list(reversed($l))",
                "list(map(ord, $s[:5]))",
                "list(map(abs, $l))",
                "$l.copy()",
                "list(divmod($j, $j))",
                "list(filter(None, $l))",
            ],
            depth,
        )
    }

    fn strs(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "[$s, $s]",
                "($m + $m)[:9]",
                "$s.split()",
                "$s.split($t)",
                "list($d)",
                "sorted($m)",
                "list($s[:8])",
                "$m[$i:]",
                "$m[::-1]",
                "list(map(str, $l))",
                "sorted($m, key=width)",
                "sorted($d)",
                "$s.splitlines()",
                "list(map(str.upper, $m))",
            ],
            depth,
        )
    }

    fn dict(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "{$s: $i}",
                "{$s: $i, $s: $i}",
                "($d | $d)",
                "$d.copy()",
                "dict.fromkeys($m, $i)",
                "dict(zip($m, $l))",
            ],
            depth,
        )
    }

    fn set(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "{$i, $i}",
                "set($l)",
                "($e | $e)",
                "($e & $e)",
                "($e - $e)",
                "($e ^ $e)",
                "$e.union($l)",
                "set(map(width, $m))",
                "($e - frozenset($l))",
            ],
            depth,
        )
    }

    fn pair(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "($i, $s)",
                "($i, $s)",
                "max($p, $p)",
                "min([$p, $p])",
                "($q.x, $q.tag)",
            ],
            depth,
        )
    }

    fn point(&mut self, depth: usize) -> String {
        self.one_of(
            &[
                "Point($i, $i, $s[:5])",
                "$q.moved($i)",
                "min($q, $q)",
                "[$q, $q][$i & 1]",
            ],
            depth,
        )
    }
}
