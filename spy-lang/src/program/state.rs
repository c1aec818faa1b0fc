//! The tables of a program.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{FrameId, FuncBody, FuncId, FuncInfo, Members, Value};
use crate::diagnostics::Diagnostic;
use crate::ir;
use crate::memory::Heap;
use crate::redshift::{BlueFrame, Facts, Limits, Lineage, Memo};
use crate::scope::ScopeTree;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::ast;
use crate::types::{Fqn, TypeId, TypeTable};

/// Names a module of the program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModuleId(pub u32);

/// Names a module-level variable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct GlobalId(pub u32);

/// A module.
#[derive(Debug)]
pub struct ModuleInfo {
    /// Its name.
    pub name: Rc<str>,
    /// Its text; [`FileId::BUILTINS`] if it has none.
    pub file: FileId,
    /// Its syntax and scopes; absent for modules that the compiler provides.
    pub source: Option<(Rc<ast::Module>, Rc<ScopeTree>)>,
    /// What its body has defined so far.
    pub members: Members,
    /// Which members are variables.
    pub globals: FxHashMap<Rc<str>, GlobalId>,
    /// The frame its body runs in.
    pub frame: Option<FrameId>,
}

/// A module-level variable: a cell that functions read and write.
#[derive(Debug)]
pub struct Global {
    /// The internal name.
    pub fqn: Fqn,
    /// The declared type.
    pub ty: TypeId,
    /// First of its slots in [`Program::global_slots`].
    pub slot: usize,
    /// Where it is declared.
    pub span: Span,
}

/// What becomes of static errors in red functions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorMode {
    /// The first one stops the compilation.
    Eager,
    /// They are raised when the line runs.
    Lazy,
    /// As lazy, and each is reported.
    Warn,
}

/// The state of a program.
#[derive(Debug, Default)]
pub struct Program {
    /// All texts.
    pub sources: SourceMap,
    /// All types.
    pub types: TypeTable,
    /// All modules in order of registration.
    pub modules: Vec<ModuleInfo>,
    /// Modules by name.
    pub module_names: FxHashMap<Rc<str>, ModuleId>,
    /// All functions in order of registration.
    pub functions: Vec<FuncInfo>,
    /// All variables of modules.
    pub globals: Vec<Global>,
    /// Their current content, 64 bits a slot; structs are flattened.
    pub global_slots: Vec<u64>,
    /// Strings and other objects that red values refer to.
    pub heap: Heap,
    /// Blue frames that functions close over.
    pub frames: Vec<BlueFrame>,
    /// Whether any of them mirrors a red function.
    pub has_mirrors: bool,
    /// Whether all functions are being compiled, rather than each when it is called.
    pub compiles_all: bool,
    /// IR of the red functions redshifted so far.
    pub ir: FxHashMap<FuncId, Rc<ir::Function>>,
    /// Functions of the standard library that code calls; their IR is made only for that.
    pub demanded: Vec<FuncId>,
    /// How many exceptions handlers have taken.
    pub exceptions: u64,
    /// Functions whose IR is being made.
    pub redshifting: FxHashSet<FuncId>,
    /// Errors that were compiled into a `raise`; [`ir::ErrorId`] indexes it.
    pub errors: Vec<Diagnostic>,
    /// Results of blue calls.
    pub memo: Memo,
    /// Names in use.
    pub names: FxHashSet<Fqn>,
    /// Names under which results of generics are shown: internal name and public one.
    pub aliases: FxHashMap<Fqn, Fqn>,
    /// What is known of expressions of the source, for tools.
    pub facts: Facts,
    /// Arguments that the running program was started with, its own name first.
    pub args: Vec<Rc<str>>,
    /// Where functions come from.
    pub lineage: Lineage,
    /// How much compile-time evaluation may use.
    pub limits: Limits,
}

impl Program {
    /// The entry of a function.
    pub fn func(&self, id: FuncId) -> &FuncInfo {
        &self.functions[id.0 as usize]
    }

    /// The entry of a module.
    pub fn module(&self, id: ModuleId) -> &ModuleInfo {
        &self.modules[id.0 as usize]
    }

    /// The entry of a module, to define names in it.
    pub fn module_mut(&mut self, id: ModuleId) -> &mut ModuleInfo {
        &mut self.modules[id.0 as usize]
    }

    /// Whether a loaded module is in the package with this name.
    pub fn is_package(&self, name: &str) -> bool {
        let package_of = crate::import::package_of;
        self.modules
            .iter()
            .any(|module| package_of(&module.name) == Some(name))
    }

    /// The entry of a module variable.
    pub fn global(&self, id: GlobalId) -> &Global {
        &self.globals[id.0 as usize]
    }

    /// Registers a module.
    pub fn add_module(&mut self, module: ModuleInfo) -> ModuleId {
        let id = ModuleId(index(self.modules.len()));
        self.module_names.insert(module.name.clone(), id);
        self.modules.push(module);
        id
    }

    /// Registers a function under a name that [`Self::unique_name`] gave.
    pub fn add_func(&mut self, func: FuncInfo) -> FuncId {
        let id = FuncId(index(self.functions.len()));
        self.functions.push(func);
        self.lineage.add();
        id
    }

    /// Registers a module variable with its initial value, which has type `ty`.
    pub fn add_global(&mut self, fqn: Fqn, ty: TypeId, value: &Value, span: Span) -> GlobalId {
        let slot = self.global_slots.len();
        let mut slots = Vec::new();
        crate::memory::encode(self, ty, value, &mut slots);
        self.global_slots.extend(slots);
        self.globals.push(Global {
            fqn,
            ty,
            slot,
            span,
        });
        GlobalId(index(self.globals.len() - 1))
    }

    /// The current content of a module variable.
    pub fn load_global(&self, id: GlobalId) -> Value {
        let global = self.global(id);
        let slots = &self.global_slots[global.slot..];
        crate::memory::decode(self, global.ty, slots)
    }

    /// Replaces the content of a module variable by a value of its type.
    pub fn store_global(&mut self, id: GlobalId, value: &Value) {
        let (ty, slot) = (self.global(id).ty, self.global(id).slot);
        let mut slots = Vec::new();
        crate::memory::encode(self, ty, value, &mut slots);
        self.global_slots[slot..slot + slots.len()].copy_from_slice(&slots);
    }

    /// Takes a name: `fqn` itself, or with the first free suffix `#1`, `#2`, ….
    pub fn unique_name(&mut self, fqn: Fqn) -> Fqn {
        if self.names.insert(fqn.clone()) {
            return fqn;
        }
        let mut number = 1_u32;
        loop {
            let candidate = fqn.with_suffix(&number.to_string());
            if self.names.insert(candidate.clone()) {
                return candidate;
            }
            number += 1;
        }
    }

    /// The dynamic type of a value.
    pub fn type_of(&self, value: &Value) -> TypeId {
        match value {
            Value::Func(id) => self.func(*id).ty,
            other => other.type_without_functions().unwrap_or(TypeId::OBJECT),
        }
    }

    /// Whether a function belongs to the standard library, where only what is called matters: not
    /// every type of items has what each method needs.
    pub fn is_library(&self, id: FuncId) -> bool {
        crate::stdlib::contains(self.func(id).fqn.module_name())
    }

    /// Gives an exception that a handler takes a number, unless it has one.
    pub fn number_exception(&mut self, failure: &mut Diagnostic) {
        if failure.number == 0 {
            self.exceptions += 1;
            failure.number = self.exceptions;
        }
    }

    /// Whether a function runs at run time and has statements of its own.
    pub fn is_red_source(&self, id: FuncId) -> bool {
        let func = self.func(id);
        let red = self
            .types
            .as_func(func.ty)
            .is_some_and(|ty| ty.color == crate::types::FuncColor::Red);
        red && matches!(func.body, FuncBody::Source(_) | FuncBody::StructMethod(_))
    }
}

fn index(value: usize) -> u32 {
    u32::try_from(value).expect("fewer than 2^32 entries")
}
