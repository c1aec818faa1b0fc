//! Statements.

use crate::generate::{Generator, Ty};

impl Generator<'_> {
    /// Up to `most` statements, with blocks nested at most `depth` deep.
    pub(crate) fn block(&mut self, most: usize, depth: usize) {
        let count = 1 + self.random.below(most);
        for _ in 0..count {
            self.statement(depth);
        }
    }

    /// A block of its own: what it binds is gone after it.
    fn inner(&mut self, depth: usize) {
        let (variables, fixed) = (self.variables.len(), self.fixed.len());
        self.indent += 1;
        self.block(3, depth);
        self.indent -= 1;
        self.variables.truncate(variables);
        self.fixed.truncate(fixed);
    }

    fn statement(&mut self, depth: usize) {
        let kinds = if depth == 0 { 9 } else { 16 };
        match self.random.below(kinds) {
            0 | 1 => self.bind(),
            2 | 3 => self.assign(),
            4 | 5 => self.change(),
            6 => {
                let ty = *self.random.pick(Ty::ALL);
                let value = self.expr(ty, 2);
                self.line(&format!("print({value})"));
            }
            7 => self.leave(),
            8 => self.unpack(),
            9 | 10 => self.branch(depth - 1),
            11 | 12 => self.for_loop(depth - 1),
            13 => self.while_loop(depth - 1),
            _ => self.attempt(depth - 1),
        }
    }

    fn bind(&mut self) {
        let ty = *self.random.pick(Ty::ALL);
        let value = self.expr(ty, 3);
        let name = self.fresh();
        if self.random.once_in(2) {
            self.line(&format!("{name}: {} = {value}", ty.name()));
        } else {
            self.line(&format!("{name} = {value}"));
        }
        self.variables.push((name, ty));
    }

    fn assign(&mut self) {
        let ty = *self.random.pick(&[
            Ty::Int,
            Ty::Int,
            Ty::Str,
            Ty::Float,
            Ty::Ints,
            Ty::Dict,
            Ty::Point,
            Ty::Long,
        ]);
        let Some(name) = self.variable(ty).filter(|name| !self.fixed.contains(name)) else {
            return self.bind();
        };
        let line = match ty {
            Ty::Int => {
                let pattern = *self.random.pick(&[
                    " += $i", " -= $i", " *= $i", " //= $j", " %= $j", " ^= $i", " = $i",
                ]);
                name + &self.filled(pattern, 2)
            }
            Ty::Str => {
                let value = self.expr(ty, 2);
                format!("{name} = ({value})[:24]")
            }
            Ty::Ints if self.random.once_in(2) => {
                let value = self.expr(ty, 2);
                self.line(&format!("{name} += {value}"));
                format!("{name} = {name}[:9]")
            }
            Ty::Long
            | Ty::Float
            | Ty::Bool
            | Ty::Ints
            | Ty::Strs
            | Ty::Dict
            | Ty::Set
            | Ty::Pair
            | Ty::Point => {
                let value = self.expr(ty, 2);
                format!("{name} = {value}")
            }
        };
        self.line(&line);
    }

    /// Changes a container.
    fn change(&mut self) {
        let ty = *self
            .random
            .pick(&[Ty::Ints, Ty::Ints, Ty::Dict, Ty::Dict, Ty::Set, Ty::Strs]);
        let Some(name) = self.variable(ty) else {
            return self.bind();
        };
        let patterns: &[&str] = match ty {
            Ty::Ints => &[
                ".append($i)",
                ".insert($i, $i)",
                ".pop()",
                ".pop($j)",
                ".reverse()",
                ".sort()",
                ".remove($j)",
                "[$j] = $i",
                "[$i & 3] += $i",
                "[$i:$i] = $l",
                ".sort(key=last_digit)",
                ".extend($l)",
                ".clear()",
                "[::2] = $l",
            ],
            Ty::Strs => &[
                ".append($s)",
                ".pop()",
                ".sort(reverse=True)",
                "[$j] = $s",
                ".insert(0, $s)",
            ],
            Ty::Set => &[
                ".add($i)",
                ".discard($i)",
                ".remove($j)",
                ".update($l)",
                ".clear()",
            ],
            Ty::Int
            | Ty::Long
            | Ty::Float
            | Ty::Bool
            | Ty::Str
            | Ty::Dict
            | Ty::Pair
            | Ty::Point => &[
                "[$s] = $i",
                "[$s] = $i",
                ".pop($t)",
                ".pop($s, 0)",
                ".update($d)",
                ".setdefault($s, $i)",
                "[$t] += $i",
                ".popitem()",
            ],
        };
        let pattern = *self.random.pick(patterns);
        let line = name.clone() + &self.filled(pattern, 2);
        if self.random.once_in(6) && matches!(ty, Ty::Ints | Ty::Dict) {
            let pattern = if ty == Ty::Ints { "[$j]" } else { "[$t]" };
            let target = self.filled(pattern, 1);
            self.line(&format!("del {name}{target}"));
        }
        self.line(&line);
        if ty == Ty::Ints || ty == Ty::Strs {
            self.line(&format!("if len({name}) > 12:"));
            self.line("    raise ValueError(\"long\")");
        }
    }

    /// Leaves the function or a loop, on a condition.
    fn leave(&mut self) {
        let test = self.expr(Ty::Bool, 2);
        self.line(&format!("if {test}:"));
        let line = match self.random.below(6) {
            0 if self.loops > 0 => "break".to_owned(),
            1 if self.loops > 0 => "continue".to_owned(),
            2 => "raise ValueError(\"stop\")".to_owned(),
            3 => self.filled("raise KeyError($s)", 1),
            4 => self.filled("assert $b, $s", 1),
            _ => {
                let value = self.expr(self.result, 2);
                format!("return {value}")
            }
        };
        self.line(&format!("    {line}"));
    }

    fn unpack(&mut self) {
        let (first, second) = (self.fresh(), self.fresh());
        let value = self.filled("$p", 2);
        self.line(&format!("{first}, {second} = {value}"));
        self.variables.push((first, Ty::Int));
        self.variables.push((second, Ty::Str));
    }

    fn branch(&mut self, depth: usize) {
        let test = self.expr(Ty::Bool, 2);
        self.line(&format!("if {test}:"));
        self.inner(depth);
        if self.random.once_in(3) {
            let test = self.expr(Ty::Bool, 2);
            self.line(&format!("elif {test}:"));
            self.inner(depth);
        }
        if self.random.once_in(2) {
            self.line("else:");
            self.inner(depth);
        }
    }

    fn for_loop(&mut self, depth: usize) {
        if self.loops == 2 {
            return self.branch(depth);
        }
        let (one, two) = (self.fresh(), self.fresh());
        // Copies, so that a loop that changes what it goes over ends.
        let (pattern, types): (&str, &[Ty]) = *self.random.pick(&[
            ("range($i & 7)", &[Ty::Int] as &[Ty]),
            ("range($i & 7, $i & 7, $i & 1 | 1)", &[Ty::Int]),
            ("$l[:6]", &[Ty::Int]),
            ("$s[:6]", &[Ty::Str]),
            ("list($d)", &[Ty::Str]),
            ("sorted($e)", &[Ty::Int]),
            ("reversed($l[:6])", &[Ty::Int]),
            ("enumerate($s[:5])", &[Ty::Int, Ty::Str]),
            ("zip($l[:5], $m)", &[Ty::Int, Ty::Str]),
            ("$d.copy().items()", &[Ty::Str, Ty::Int]),
            ("[$p, $p]", &[Ty::Int, Ty::Str]),
            ("map(last_digit, $l[:6])", &[Ty::Int]),
        ]);
        let over = self.filled(pattern, 1);
        let (variables, fixed) = (self.variables.len(), self.fixed.len());
        let mut targets = one.clone();
        self.variables.push((one.clone(), types[0]));
        self.fixed.push(one);
        if let Some(second) = types.get(1) {
            targets += &format!(", {two}");
            self.variables.push((two.clone(), *second));
            self.fixed.push(two);
        }
        self.line(&format!("for {targets} in {over}:"));
        self.loops += 1;
        self.inner(depth);
        self.loops -= 1;
        self.variables.truncate(variables);
        self.fixed.truncate(fixed);
    }

    fn while_loop(&mut self, depth: usize) {
        if self.loops == 2 {
            return self.branch(depth);
        }
        let counter = self.fresh();
        let test = self.expr(Ty::Bool, 2);
        self.line(&format!("{counter} = 0"));
        self.line(&format!("while {counter} < 6 and {test}:"));
        self.line(&format!("    {counter} += 1"));
        self.variables.push((counter.clone(), Ty::Int));
        self.fixed.push(counter);
        self.loops += 1;
        self.inner(depth);
        self.loops -= 1;
    }

    fn attempt(&mut self, depth: usize) {
        self.line("try:");
        self.inner(depth);
        let kind = *self.random.pick(&[
            "ValueError",
            "LookupError",
            "ZeroDivisionError",
            "(KeyError, ValueError)",
            "IndexError",
            "Exception",
        ]);
        let handles = !self.random.once_in(5);
        if handles {
            let name = self.fresh();
            self.line(&format!("except {kind} as {name}:"));
            self.line(&format!("    print(\"caught\", {name})"));
            self.inner(depth);
            if self.random.once_in(4) {
                self.line("    raise");
            }
        }
        if !handles || self.random.once_in(3) {
            self.line("finally:");
            self.line("    print(\"finally\")");
        }
    }
}
