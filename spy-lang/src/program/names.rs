//! Names as people see them.

use super::Program;
use crate::types::{Fqn, FqnPart, TypeId, TypeKind};

impl Program {
    /// The name of a type in messages: `i32`, `list[i32]`, `m::Point`, `def(i32) -> None`.
    pub fn type_name(&self, ty: TypeId) -> String {
        self.human_name(&self.types.get(ty).fqn)
    }

    /// A name with public aliases for results of generics and without `builtins::`.
    pub fn human_name(&self, fqn: &Fqn) -> String {
        if let Some(text) = self.function_type_name(fqn) {
            return text;
        }
        let shown = self.public_name(fqn);
        let text: Vec<String> = shown
            .parts()
            .iter()
            .map(|part| self.part_name(part))
            .collect();
        match text.split_first() {
            Some((first, rest)) if first == "builtins" && !rest.is_empty() => rest.join("::"),
            _ => text.join("::"),
        }
    }

    fn part_name(&self, part: &FqnPart) -> String {
        let plain = FqnPart {
            qualifiers: Vec::new(),
            ..part.clone()
        };
        if part.qualifiers.is_empty() {
            return plain.to_string();
        }
        let names: Vec<String> = part
            .qualifiers
            .iter()
            .map(|fqn| self.human_name(fqn))
            .collect();
        let suffix = part
            .suffix
            .as_ref()
            .map(|s| format!("#{s}"))
            .unwrap_or_default();
        format!("{}[{}]{suffix}", part.name, names.join(", "))
    }

    /// Replaces the longest prefix that has an alias, repeatedly.
    fn public_name(&self, fqn: &Fqn) -> Fqn {
        let mut name = fqn.clone();
        for _ in 0..16 {
            let Some(next) = self.replace_prefix(&name) else {
                break;
            };
            name = next;
        }
        name
    }

    fn replace_prefix(&self, fqn: &Fqn) -> Option<Fqn> {
        let parts = fqn.parts();
        for length in (1..=parts.len()).rev() {
            let prefix = Fqn::from_parts(&parts[..length]);
            let last = prefix.last().clone();
            let bare = FqnPart {
                qualifiers: Vec::new(),
                suffix: None,
                ..last.clone()
            };
            let alias = self.aliases.get(&prefix).cloned().or_else(|| {
                let bare = prefix.namespace()?.join_part(bare);
                let alias = self.aliases.get(&bare)?;
                let alias = alias.with_qualifiers(last.qualifiers.clone());
                Some(match &last.suffix {
                    Some(suffix) => alias.with_suffix(suffix),
                    None => alias,
                })
            });
            if let Some(alias) = alias {
                let replaced: Vec<FqnPart> = alias
                    .parts()
                    .iter()
                    .chain(&parts[length..])
                    .cloned()
                    .collect();
                return Some(Fqn::from_parts(replaced));
            }
        }
        None
    }

    /// The name of a function in tracebacks: the internal one without `builtins::`.
    pub fn frame_name(&self, fqn: &Fqn) -> String {
        internal_name(fqn)
    }

    /// `def(i32, *str) -> None` for the name of a function type.
    fn function_type_name(&self, fqn: &Fqn) -> Option<String> {
        function_type_name(fqn, &|fqn| self.human_name(fqn))
    }

    /// The last part of a human name, brackets included.
    pub fn last_human_name(&self, fqn: &Fqn) -> String {
        if let Some(text) = self.function_type_name(fqn) {
            return text;
        }
        self.part_name(self.public_name(fqn).last())
    }

    /// `str` of a type: `<spy type 'm::P' (struct)>`, with internal names.
    pub fn type_repr(&self, ty: TypeId) -> String {
        let info = self.types.get(ty);
        let name = internal_name(&info.fqn);
        match &info.kind {
            TypeKind::Struct(Some(_)) => format!("<spy type '{name}' (struct)>"),
            TypeKind::Struct(None) => format!("<spy type '{name}' (fwdecl)>"),
            _ => format!("<spy type '{name}'>"),
        }
    }
}

/// `def(i32, *str) -> None` for the name of a function type; `shown` writes names of other types.
fn function_type_name(fqn: &Fqn, shown: &dyn Fn(&Fqn) -> String) -> Option<String> {
    let [module, last] = fqn.parts() else {
        return None;
    };
    if &*module.name != "builtins" {
        return None;
    }
    let prefix = match &*last.name {
        "def" => "def",
        "blue.def" => "@blue def",
        "blue.generic.def" => "@blue.generic def",
        "blue.metafunc.def" => "@blue.metafunc def",
        _ => return None,
    };
    let param = |param: &Fqn| match param.last().qualifiers.as_slice() {
        [of] if &*param.last().name == "__varargs__" => format!("*{}", shown(of)),
        _ => shown(param),
    };
    let (result, params) = last.qualifiers.split_last()?;
    let params: Vec<String> = params.iter().map(param).collect();
    let is_none = result.module_name() == "types" && &*result.last().name == "NoneType";
    let result = if is_none {
        "None".to_owned()
    } else {
        shown(result)
    };
    Some(format!("{prefix}({}) -> {result}", params.join(", ")))
}

/// An internal name without `builtins::`, also inside brackets.
fn internal_name(fqn: &Fqn) -> String {
    if let Some(text) = function_type_name(fqn, &internal_name) {
        return text;
    }
    let part = |part: &FqnPart| {
        let name = &part.name;
        let suffix = part
            .suffix
            .as_ref()
            .map(|suffix| format!("#{suffix}"))
            .unwrap_or_default();
        if part.qualifiers.is_empty() {
            return format!("{name}{suffix}");
        }
        let qualifiers: Vec<String> = part.qualifiers.iter().map(internal_name).collect();
        format!("{name}[{}]{suffix}", qualifiers.join(", "))
    };
    let parts: Vec<String> = fqn.parts().iter().map(part).collect();
    match parts.split_first() {
        Some((first, rest)) if first == "builtins" && !rest.is_empty() => rest.join("::"),
        _ => parts.join("::"),
    }
}
