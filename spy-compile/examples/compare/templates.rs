//! The calls, and the values that fill their places.
//!
//! | place | value |
//! |---|---|
//! | `$s` `$c` `$w` | a text, a short one, one of words and blanks |
//! | `$i` `$n` `$k` | an index, a small number, a step that may be 0 |
//! | `$l` `$m` | a list of numbers, a list of texts |
//! | `$d` `$e` | a dict, a set of numbers |
//! | `$b` `$y` | bytes, short ones |
//! | `$f` `$x` | a float, a text that may be a number |

use crate::random::Random;

/// A type, and statements with places.
pub(crate) type Template = (&'static str, &'static str);

/// The value that fills a place.
pub(crate) fn value(place: char, random: &mut Random) -> String {
    match place {
        's' => text(random, 8),
        'c' => text(random, 2),
        'w' => words(random),
        'i' => (*random.pick(&[
            -2_147_483_648,
            -100,
            -5,
            -3,
            -2,
            -1,
            0,
            1,
            2,
            3,
            4,
            6,
            100,
            2_147_483_647_i32,
        ]))
        .to_string(),
        'n' => (random.below(12) as i32 - 2).to_string(),
        'k' => (*random.pick(&[-3, -2, -1, 0, 1, 1, 2, 3, 100])).to_string(),
        'l' => list(random),
        'm' => list_of("str", random, |random| text(random, 3)),
        'd' => dict(random),
        'e' => set(random),
        'b' => bytes(random, 8),
        'y' => bytes(random, 2),
        'f' => float(random),
        'x' => (*random.pick(NUMBERS)).to_owned(),
        _ => unreachable!("the table of places is complete"),
    }
}

/// Pieces of texts: ASCII, letters whose case is special, combining marks, scripts of both
/// directions, characters outside the first plane, digits and blanks of all kinds.
const PIECES: &[&str] = &[
    "a",
    "b",
    "ab",
    "X",
    "aa",
    " ",
    ",",
    ".",
    "-",
    "0",
    "12",
    "\\t",
    "\\n",
    "\\r\\n",
    "\\x0b",
    "\\x1c",
    "\\x85",
    "\\u2028",
    "\\xa0",
    "\\u3000",
    "\\xe9",
    "e\\u0301",
    "\\xdf",
    "\\u01c5",
    "\\u0130",
    "\\u0131",
    "\\ufb01",
    "\\u03a3",
    "\\u03c2",
    "\\u0149",
    "\\U0001f600",
    "\\U0001f469\\u200d\\U0001f467",
    "\\u65e5\\u672c",
    "\\u05e9\\u05dc",
    "\\u0645\\u0631",
    "\\xb2",
    "\\xbd",
    "\\u0663",
    "\\u2167",
    "_",
    "\\x00",
    "\\'",
    "\\\\",
    "\\u1e9e",
    "\\u10d0",
    "\\u13a0",
    "\\uab70",
    "\\u0345",
    "\\u1fb3",
];

/// Texts that are numbers, or nearly.
const NUMBERS: &[&str] = &[
    "\"12\"",
    "\" -7 \"",
    "\"+3\"",
    "\"0x1f\"",
    "\"1_000\"",
    "\"1__0\"",
    "\"\"",
    "\" \"",
    "\"z\"",
    "\"-\"",
    "\"0b101\"",
    "\"0o17\"",
    "\"1.5\"",
    "\"1e3\"",
    "\"inf\"",
    "\"-Infinity\"",
    "\"1e400\"",
    "\".5\"",
    "\"5.\"",
    "\"1 2\"",
    "\"\\u0663\\u0664\"",
    "\"\\xb2\"",
    "\"0\"",
    "\"-0\"",
    "\"_1\"",
    "\"1_\"",
    "\"1.5.2\"",
    "\"1e\"",
    "\"0xg\"",
    "\"ff\"",
    "\"1e-400\"",
    "\"\\n9\\t\"",
];

fn text(random: &mut Random, most: usize) -> String {
    let length = random.below(most + 1);
    let pieces: String = (0..length).map(|_| *random.pick(PIECES)).collect();
    hidden(format!("\"{pieces}\""), random)
}

/// Words from few letters, so that searches find something.
fn words(random: &mut Random) -> String {
    let length = random.below(10);
    let pieces: String = (0..length)
        .map(|_| *random.pick(&["a", "b", "ab", " ", "  ", "\\xe9", "\\t", ",", "a"]))
        .collect();
    hidden(format!("\"{pieces}\""), random)
}

/// Half of the texts are only known at run time.
fn hidden(literal: String, random: &mut Random) -> String {
    if random.once_in(2) {
        format!("red({literal})")
    } else {
        literal
    }
}

fn bytes(random: &mut Random, most: usize) -> String {
    let length = random.below(most + 1);
    let pieces: String = (0..length)
        .map(|_| {
            *random.pick(&[
                "a",
                "b",
                "ab",
                "A",
                "z",
                " ",
                ",",
                "\\n",
                "\\r\\n",
                "\\t",
                "\\x0b",
                "0",
                "7",
                "\\x00",
                "\\xff",
                "\\xc3\\xa9",
                "-",
                "+",
                "_",
                "\\x1c",
            ])
        })
        .collect();
    format!("b\"{pieces}\"")
}

fn small(random: &mut Random) -> String {
    (random.below(7) as i32 - 1).to_string()
}

fn list(random: &mut Random) -> String {
    list_of("int", random, small)
}

fn list_of(ty: &str, random: &mut Random, item: fn(&mut Random) -> String) -> String {
    let length = random.below(7);
    if length == 0 {
        return format!("list[{ty}]()");
    }
    let items: Vec<String> = (0..length).map(|_| item(random)).collect();
    format!("[{}]", items.join(", "))
}

fn set(random: &mut Random) -> String {
    let length = random.below(6);
    if length == 0 {
        return "set[int]()".to_owned();
    }
    let items: Vec<String> = (0..length).map(|_| small(random)).collect();
    format!("{{{}}}", items.join(", "))
}

fn dict(random: &mut Random) -> String {
    let length = random.below(6);
    if length == 0 {
        return "dict[int, str]()".to_owned();
    }
    let items: Vec<String> = (0..length)
        .map(|_| format!("{}: {}", small(random), text(random, 2)))
        .collect();
    format!("{{{}}}", items.join(", "))
}

fn float(random: &mut Random) -> String {
    let whole = random.below(2_000_000) as f64 / *random.pick(&[1.0, 2.0, 8.0, 1000.0, 3.0, 1e7]);
    let value = if random.once_in(3) { -whole } else { whole };
    format!("{value:?}")
}

/// All calls.
pub(crate) const ALL: &[Template] = &[
    ("str", "$s.upper()"),
    ("str", "$s.lower()"),
    ("str", "$s.title()"),
    ("str", "$s.capitalize()"),
    ("str", "$s.swapcase()"),
    ("str", "$s.casefold()"),
    ("str", "$s.isascii()"),
    ("str", "$s.isspace()"),
    ("str", "$s.isalpha()"),
    ("str", "$s.isdigit()"),
    ("str", "$s.isdecimal()"),
    ("str", "$s.isnumeric()"),
    ("str", "$s.isalnum()"),
    ("str", "$s.isprintable()"),
    ("str", "$s.isidentifier()"),
    ("str", "$s.islower()"),
    ("str", "$s.isupper()"),
    ("str", "$s.istitle()"),
    ("str", "$c.isspace()"),
    ("str", "$c.isalpha()"),
    ("str", "$c.isupper()"),
    ("str", "$c.islower()"),
    ("str", "$c.istitle()"),
    ("str", "$c.isidentifier()"),
    ("str", "len($s)"),
    ("str", "$s"),
    ("str", "str($s)"),
    ("str", "$s + $s"),
    ("str", "$s * $n"),
    ("str", "$n * $c"),
    ("str", "$s[$i]"),
    ("str", "$s[$i:$i]"),
    ("str", "$s[$i:$i:$k]"),
    ("str", "$s[::$k]"),
    ("str", "$s[$i:]"),
    ("str", "$s[:$i:$k]"),
    ("str", "$c in $s"),
    ("str", "$c not in $w"),
    ("str", "$s == $s"),
    ("str", "$c < $c"),
    ("str", "$c >= $c"),
    ("str", "$w.find($w)"),
    ("str", "$w.find(\"a\", $i)"),
    ("str", "$w.find(\"ab\", $i, $i)"),
    ("str", "$w.find(\"\", $i, $i)"),
    ("str", "$w.rfind(\"a\")"),
    ("str", "$w.rfind(\"\", $i, $i)"),
    ("str", "$w.rfind(\"a\", $i, $i)"),
    ("str", "$w.index(\"a\", $i)"),
    ("str", "$w.rindex(\"b\", $i, $i)"),
    ("str", "$w.count(\"a\")"),
    ("str", "$w.count(\"\", $i, $i)"),
    ("str", "$w.count(\"ab\", $i)"),
    ("str", "$w.startswith(\"a\", $i, $i)"),
    ("str", "$w.startswith(\"\", $i, $i)"),
    ("str", "$w.endswith(\"\", $i)"),
    ("str", "$w.endswith(\"b\", $i, $i)"),
    ("str", "$w.startswith((\"a\", \"b \", $c))"),
    ("str", "$w.endswith((\"a\", $c), $i)"),
    ("str", "$w.replace(\"a\", $c)"),
    ("str", "$w.replace(\"\", $c)"),
    ("str", "$w.replace(\"a\", $c, $n)"),
    ("str", "$w.replace(\"\", $c, $n)"),
    ("str", "$w.split()"),
    ("str", "$s.split()"),
    ("str", "$w.split(None, $n)"),
    ("str", "$w.split(\"a\")"),
    ("str", "$w.split(\"ab\", $n)"),
    ("str", "$w.split($c)"),
    ("str", "$w.rsplit()"),
    ("str", "$w.rsplit(None, $n)"),
    ("str", "$w.rsplit(\"a\", $n)"),
    ("str", "$s.splitlines()"),
    ("str", "$s.splitlines(True)"),
    ("str", "$w.partition(\"a\")"),
    ("str", "$w.rpartition(\"a\")"),
    ("str", "$w.partition($c)"),
    ("str", "$c.join($m)"),
    ("str", "$c.join($s)"),
    ("str", "$s.strip()"),
    ("str", "$s.lstrip()"),
    ("str", "$s.rstrip()"),
    ("str", "$w.strip(\"a \")"),
    ("str", "$w.lstrip($c)"),
    ("str", "$w.rstrip(\"b\\xe9\")"),
    ("str", "$w.removeprefix(\"a\")"),
    ("str", "$w.removesuffix($c)"),
    ("str", "$s.zfill($n)"),
    ("str", "$x.zfill($n)"),
    ("str", "$s.center($n)"),
    ("str", "$s.center($n, \"\\xe9\")"),
    ("str", "$s.ljust($n, \"*\")"),
    ("str", "$s.rjust($n)"),
    ("str", "$s.rjust($n, $c)"),
    ("str", "$s.expandtabs()"),
    ("str", "$s.expandtabs($n)"),
    ("str", "$w.encode()"),
    ("str", "$s.encode(\"utf-8\").decode()"),
    ("str", "$s.translate({97: \"x\", 233: \"\"})"),
    ("str", "$w.translate(str.maketrans(\"ab\", \"ba\"))"),
    ("str", "list($s)"),
    ("str", "sorted($s)"),
    ("list", "$l[$i]"),
    ("list", "$l[$i:$i:$k]"),
    ("list", "$l[$i:$i]"),
    ("list", "$l[::$k]"),
    ("list", "$l + $l"),
    ("list", "$l * $n"),
    ("list", "$n * $m"),
    ("list", "$l == $l"),
    ("list", "$l != $l"),
    ("list", "$l < $l"),
    ("list", "$m >= $m"),
    ("list", "$n in $l"),
    ("list", "$c in $m"),
    ("list", "len($m)"),
    ("list", "$m"),
    ("list", "$l.index($n)"),
    ("list", "$l.index($n, $i)"),
    ("list", "$l.index(2, $i, $i)"),
    ("list", "$l.count($n)"),
    ("list", "a = $l; a[$i] = $n; a"),
    ("list", "a = $l; a[$i:$i] = $l; a"),
    ("list", "a = $l; a[$i:$i:$k] = $l; a"),
    ("list", "a = $l; a[::$k] = a; a"),
    ("list", "a = $l; a[$i:] = $l; a"),
    ("list", "a = $l; del a[$i]; a"),
    ("list", "a = $l; del a[$i:$i]; a"),
    ("list", "a = $l; del a[$i:$i:$k]; a"),
    ("list", "a = $l; del a[::$k]; a"),
    ("list", "a = $l; a.append($n); a"),
    ("list", "a = $l; a.extend($l); a"),
    ("list", "a = $m; a.extend($s); a"),
    ("list", "a = $l; a.extend(range($n)); a"),
    ("list", "a = $l; a.insert(abs($n), 9); a"),
    ("list", "a = $l; b = a.pop(); (a, b)"),
    ("list", "a = $l; b = a.pop($n); (a, b)"),
    ("list", "a = $l; a.remove($n); a"),
    ("list", "a = $l; a.reverse(); a"),
    ("list", "a = $l; a.sort(); a"),
    ("list", "a = $m; a.sort(); a"),
    ("list", "a = $m; a.sort(key=len); a"),
    ("list", "a = $l; a.sort(key=abs, reverse=True); a"),
    ("list", "a = $l; a.sort(reverse=True); a"),
    ("list", "a = $l; b = a.copy(); a.clear(); (a, b)"),
    ("list", "a = $l; a += $l; a"),
    ("list", "a = $l; a *= $n; a"),
    ("list", "a = $l; b = a; b += [1]; a"),
    ("tuple", "(1, 2, 3) + (4,)"),
    ("tuple", "(3, 1, 2).index($n)"),
    ("tuple", "(3, 1, 1).count($n)"),
    ("tuple", "$n in (1, 2, 5)"),
    ("tuple", "(1, $c) < (1, $c)"),
    ("tuple", "($n, $c) == (1, \"a\")"),
    ("tuple", "hash(($n, $c)) == hash((1, \"a\")) or True"),
    ("tuple", "sorted([(2, \"b\"), ($n, $c), (1, \"a\")])"),
    ("tuple", "list((1, 2, $n))"),
    ("tuple", "($c,)"),
    ("tuple", "max(($n, $n, $n))"),
    ("dict", "$d"),
    ("dict", "len($d)"),
    ("dict", "$d[$n]"),
    ("dict", "$n in $d"),
    ("dict", "$d.get($n, \"?\")"),
    ("dict", "$d == $d"),
    ("dict", "$d | $d"),
    ("dict", "list($d)"),
    ("dict", "list($d.items())"),
    ("dict", "$d.values()"),
    ("dict", "$d.items()"),
    ("dict", "list(reversed($d))"),
    ("dict", "sorted($d.items())"),
    ("dict", "sorted($d.values())"),
    ("dict", "a = $d; del a[$n]; a"),
    ("dict", "a = $d; b = a.pop($n); (a, b)"),
    ("dict", "a = $d; b = a.pop($n, \"?\"); (a, b)"),
    ("dict", "a = $d; b = a.popitem(); (a, b)"),
    ("dict", "a = $d; b = a.setdefault($n, \"x\"); (a, b)"),
    ("dict", "a = $d; a.update($d); a"),
    ("dict", "a = $d; a |= $d; a"),
    ("dict", "a = $d; a[$n] = \"y\"; a"),
    ("dict", "a = $d; b = a.copy(); a.clear(); (a, b)"),
    ("dict", "a = $d; del a[1]; a[1] = \"z\"; a"),
    ("dict", "dict.fromkeys($l, 0)"),
    ("dict", "dict([(1, $c), (2, $c), (1, $c)])"),
    ("dict", "dict(zip($l, $s))"),
    ("set", "sorted($e | $e)"),
    ("set", "sorted($e & $e)"),
    ("set", "sorted($e - $e)"),
    ("set", "sorted($e ^ $e)"),
    ("set", "$e <= $e"),
    ("set", "$e < $e"),
    ("set", "$e >= $e"),
    ("set", "$e > $e"),
    ("set", "$e == $e"),
    ("set", "$e == frozenset($e)"),
    ("set", "sorted(frozenset($l) | $e)"),
    ("set", "$n in $e"),
    ("set", "len($e)"),
    ("set", "sorted($e.union($l))"),
    ("set", "sorted($e.intersection($l))"),
    ("set", "sorted($e.difference($l))"),
    ("set", "sorted($e.symmetric_difference($l))"),
    ("set", "$e.issubset($l)"),
    ("set", "$e.issuperset($l)"),
    ("set", "$e.isdisjoint($l)"),
    ("set", "a = $e; a.add($n); sorted(a)"),
    ("set", "a = $e; a.discard($n); sorted(a)"),
    ("set", "a = $e; a.remove($n); sorted(a)"),
    ("set", "a = $e; a.update($l); sorted(a)"),
    ("set", "a = $e; a &= $e; sorted(a)"),
    ("set", "a = $e; a ^= $e; sorted(a)"),
    ("set", "a = $e; a -= $e; sorted(a)"),
    ("set", "a = $e; a.intersection_update($l); sorted(a)"),
    ("set", "a = $e; a.difference_update($l); sorted(a)"),
    (
        "set",
        "a = $e; a.symmetric_difference_update($l); sorted(a)",
    ),
    ("bytes", "$b"),
    ("bytes", "str($b)"),
    ("bytes", "len($b)"),
    ("bytes", "$b + $y"),
    ("bytes", "$b * $n"),
    ("bytes", "$b[$i]"),
    ("bytes", "$b[$i:$i:$k]"),
    ("bytes", "$y in $b"),
    ("bytes", "$b == $b"),
    ("bytes", "$y < $y"),
    ("bytes", "list($b)"),
    ("bytes", "$b.find($y)"),
    ("bytes", "$b.find(b\"a\", $i, $i)"),
    ("bytes", "$b.rfind(b\"a\", $i)"),
    ("bytes", "$b.index(b\"a\", $i)"),
    ("bytes", "$b.count(b\"a\")"),
    ("bytes", "$b.count(b\"\", $i, $i)"),
    ("bytes", "$b.startswith($y, $i)"),
    ("bytes", "$b.endswith($y)"),
    ("bytes", "$b.replace(b\"a\", $y)"),
    ("bytes", "$b.replace(b\"\", $y, $n)"),
    ("bytes", "$b.split()"),
    ("bytes", "$b.split(None, $n)"),
    ("bytes", "$b.rsplit(None, $n)"),
    ("bytes", "$b.split(b\"a\")"),
    ("bytes", "$b.split($y, $n)"),
    ("bytes", "$b.rsplit(b\"a\", $n)"),
    ("bytes", "$b.splitlines()"),
    ("bytes", "$b.splitlines(True)"),
    ("bytes", "$b.partition(b\"a\")"),
    ("bytes", "$b.rpartition($y)"),
    ("bytes", "$b.strip()"),
    ("bytes", "$b.lstrip($y)"),
    ("bytes", "$b.rstrip(b\"a\\n\")"),
    ("bytes", "$b.removeprefix($y)"),
    ("bytes", "$b.removesuffix($y)"),
    ("bytes", "$b.upper()"),
    ("bytes", "$b.lower()"),
    ("bytes", "$b.title()"),
    ("bytes", "$b.capitalize()"),
    ("bytes", "$b.swapcase()"),
    ("bytes", "$b.isalpha()"),
    ("bytes", "$b.isalnum()"),
    ("bytes", "$b.isdigit()"),
    ("bytes", "$b.isspace()"),
    ("bytes", "$b.isupper()"),
    ("bytes", "$b.islower()"),
    ("bytes", "$b.istitle()"),
    ("bytes", "$b.isascii()"),
    ("bytes", "$b.center($n)"),
    ("bytes", "$b.ljust($n, b\".\")"),
    ("bytes", "$b.rjust($n)"),
    ("bytes", "$b.zfill($n)"),
    ("bytes", "$b.expandtabs($n)"),
    ("bytes", "$b.hex()"),
    ("bytes", "$y.join([$b, $b])"),
    ("bytes", "bytes($l)"),
    ("bytes", "bytes($n)"),
    ("bytes", "bytes($w, \"utf-8\")"),
    ("bytes", "bytes.fromhex($x)"),
    ("bytes", "$b.translate(None, b\"a\")"),
    ("bytes", "$b.translate(bytes.maketrans(b\"ab \", b\"ba_\"))"),
    ("functions", "sum($l)"),
    ("functions", "sum($l, $n)"),
    ("functions", "min($l)"),
    ("functions", "max($l)"),
    ("functions", "max($m)"),
    ("functions", "min($l, default=9)"),
    ("functions", "max($l, key=abs)"),
    ("functions", "min($m, key=len)"),
    ("functions", "max($n, $n, $n, $n)"),
    ("functions", "sorted($l, reverse=True)"),
    ("functions", "sorted($m, key=len)"),
    ("functions", "list(reversed($l))"),
    ("functions", "list(reversed($s))"),
    ("functions", "any($l)"),
    ("functions", "all($m)"),
    ("functions", "list(enumerate($s, $n))"),
    ("functions", "list(zip($s, $l))"),
    ("functions", "list(zip($s, $l, $m, range($n)))"),
    ("functions", "list(map(len, $m))"),
    ("functions", "list(map(str, $l))"),
    ("functions", "list(map(str.strip, $m))"),
    ("functions", "sorted($m, key=str.lower)"),
    ("functions", "list(map(ord, $s))"),
    ("functions", "list(map(min, $l, $l))"),
    ("functions", "list(filter(str.isalpha, $m))"),
    ("functions", "list(filter(None, $l))"),
    ("functions", "abs($n)"),
    ("functions", "abs($f)"),
    ("functions", "divmod($n, $n)"),
    ("functions", "divmod($f, $f)"),
    ("functions", "pow($n, 3)"),
    ("functions", "pow($n, $n, 7)"),
    ("functions", "pow($n, $n, $n)"),
    ("functions", "round($f)"),
    ("functions", "round($f, $n)"),
    ("functions", "round($n, $k)"),
    ("functions", "ord($c[:1])"),
    ("functions", "bin($n)"),
    ("functions", "hex($i)"),
    ("functions", "oct($n)"),
    ("functions", "int($x)"),
    ("functions", "int($x, 16)"),
    ("functions", "int($x, 0)"),
    ("functions", "int($x, 36)"),
    ("functions", "int($x, $n)"),
    ("functions", "float($x)"),
    ("functions", "int($f)"),
    ("functions", "repr($f)"),
    ("functions", "list(range($n, $n))"),
    ("functions", "list(range($n, $n, abs($k) + 1))"),
    ("functions", "range($n)[$n]"),
    ("functions", "range($n, 20, 3)[$i:$i:$k]"),
    ("functions", "$n in range($n, 9, 2)"),
    ("functions", "len(range($n, $n, 2))"),
];
