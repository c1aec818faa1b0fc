//! Fully qualified names: `mod::make[i32]::impl#1`.

use std::fmt;
use std::rc::Rc;

/// A fully qualified name: parts joined by `::`, the first of which is a module.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Fqn {
    parts: Rc<[FqnPart]>,
}

/// A part of a name: `name[qualifiers]#suffix`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FqnPart {
    /// The identifier, or a special form such as `blue.def`.
    pub name: Rc<str>,
    /// The names of the types in brackets.
    pub qualifiers: Vec<Fqn>,
    /// What follows `#`.
    pub suffix: Option<Rc<str>>,
}

impl Fqn {
    /// The name of a module.
    pub fn module(name: &str) -> Self {
        Self {
            parts: [FqnPart::plain(name)].into(),
        }
    }

    /// A name made of these parts; there is at least one.
    pub fn from_parts(parts: impl Into<Rc<[FqnPart]>>) -> Self {
        Self {
            parts: parts.into(),
        }
    }

    /// A builtin: `builtins::name`.
    pub fn builtin(name: &str) -> Self {
        Self::module("builtins").join(name)
    }

    /// The parts, module first.
    pub fn parts(&self) -> &[FqnPart] {
        &self.parts
    }

    /// The last part.
    pub fn last(&self) -> &FqnPart {
        self.parts.last().expect("a name has at least one part")
    }

    /// The name of the module.
    pub fn module_name(&self) -> &str {
        &self.parts[0].name
    }

    /// This namespace with one more name in it.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        self.join_part(FqnPart::plain(name))
    }

    /// This namespace with one more part in it.
    #[must_use]
    pub fn join_part(&self, part: FqnPart) -> Self {
        Self {
            parts: self.parts.iter().cloned().chain([part]).collect(),
        }
    }

    /// The same name with other brackets on its last part.
    #[must_use]
    pub fn with_qualifiers(&self, qualifiers: Vec<Self>) -> Self {
        self.map_last(|last| FqnPart { qualifiers, ..last })
    }

    /// The same name with another suffix on its last part.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        self.map_last(|last| FqnPart {
            suffix: Some(suffix.into()),
            ..last
        })
    }

    /// All but the last part; `None` for a module.
    pub fn namespace(&self) -> Option<Self> {
        let (_, init) = self.parts.split_last()?;
        (!init.is_empty()).then(|| Self { parts: init.into() })
    }

    /// Brackets show builtin types without their module.
    fn write_qualifier(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = match &*self.parts {
            [module, rest @ ..] if &*module.name == "builtins" && !rest.is_empty() => rest,
            all => all,
        };
        write_parts(shown, f)
    }

    fn map_last(&self, change: impl FnOnce(FqnPart) -> FqnPart) -> Self {
        let mut parts = self.parts.to_vec();
        let last = parts.pop().expect("a name has at least one part");
        parts.push(change(last));
        Self {
            parts: parts.into(),
        }
    }
}

impl FqnPart {
    /// An identifier without brackets and suffix.
    pub fn plain(name: &str) -> Self {
        Self {
            name: name.into(),
            qualifiers: Vec::new(),
            suffix: None,
        }
    }
}

impl fmt::Display for FqnPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.qualifiers.is_empty() {
            f.write_str("[")?;
            for (index, qualifier) in self.qualifiers.iter().enumerate() {
                let separator = if index == 0 { "" } else { ", " };
                write!(f, "{separator}")?;
                qualifier.write_qualifier(f)?;
            }
            f.write_str("]")?;
        }
        match &self.suffix {
            Some(suffix) => write!(f, "#{suffix}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Fqn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_parts(&self.parts, f)
    }
}

fn write_parts(parts: &[FqnPart], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        let separator = if index == 0 { "" } else { "::" };
        write!(f, "{separator}{part}")?;
    }
    Ok(())
}
