//! The table of all types of a program.

use rustc_hash::FxHashMap;
use spy_runtime::error::ErrorKind;

use crate::diagnostics::UserClass;

use super::{
    FloatType, Fqn, FuncColor, FuncType, IntType, MemoryKind, ParamKind, PtrType, TypeId, TypeInfo,
    TypeKind,
};
use crate::program::Members;
use crate::source::Span;

/// All types of a program, builtin ones first.
#[derive(Debug)]
pub struct TypeTable {
    types: Vec<TypeInfo>,
    func_types: FxHashMap<FuncType, TypeId>,
    ptr_types: FxHashMap<PtrType, TypeId>,
}

impl Default for TypeTable {
    fn default() -> Self {
        let mut table = Self {
            types: Vec::new(),
            func_types: FxHashMap::default(),
            ptr_types: FxHashMap::default(),
        };
        table.add_builtins();
        table
    }
}

impl TypeTable {
    fn add_builtins(&mut self) {
        let builtin = |name: &str| Fqn::builtin(name);
        let inside = |module: &str, name: &str| Fqn::module(module).join(name);
        self.expect(TypeId::OBJECT, builtin("object"), TypeKind::Object);
        self.expect(TypeId::DYNAMIC, builtin("dynamic"), TypeKind::Dynamic);
        self.expect(TypeId::TYPE, builtin("type"), TypeKind::Type);
        self.expect(TypeId::MODULE, inside("types", "module"), TypeKind::Module);
        self.expect(TypeId::NONE, inside("types", "NoneType"), TypeKind::None);
        let not_implemented = inside("types", "NotImplementedType");
        self.expect(
            TypeId::NOT_IMPLEMENTED,
            not_implemented,
            TypeKind::NotImplemented,
        );
        self.expect(TypeId::BOOL, builtin("bool"), TypeKind::Bool);
        for int in IntType::ALL {
            self.expect(TypeId::int(int), builtin(int.name()), TypeKind::Int(int));
        }
        for float in [FloatType::F32, FloatType::F64] {
            self.expect(
                TypeId::float(float),
                builtin(float.name()),
                TypeKind::Float(float),
            );
        }
        self.expect(TypeId::COMPLEX, builtin("complex128"), TypeKind::Complex);
        self.expect(TypeId::STR, builtin("str"), TypeKind::Str);
        self.expect(TypeId::BYTES, builtin("bytes"), TypeKind::Bytes);
        self.expect(TypeId::STRUCT, builtin("struct"), TypeKind::Blue);
        self.expect(
            TypeId::META_ARG,
            inside("operator", "MetaArg"),
            TypeKind::Blue,
        );
        self.expect(
            TypeId::OP_SPEC,
            inside("operator", "OpSpec"),
            TypeKind::Blue,
        );
        self.expect(
            TypeId::OP_IMPL,
            inside("operator", "OpImpl"),
            TypeKind::Blue,
        );
        self.expect(
            TypeId::INTERP_TUPLE,
            inside("__spy__", "interp_tuple"),
            TypeKind::Blue,
        );
        self.expect(
            TypeId::EMPTY_LIST,
            inside("__spy__", "EmptyListType"),
            TypeKind::Blue,
        );
        self.expect(
            TypeId::EMPTY_DICT,
            inside("__spy__", "EmptyDictType"),
            TypeKind::Blue,
        );
        self.expect(TypeId::PROPERTY, builtin("property"), TypeKind::Blue);
        self.expect(
            TypeId::STATIC_METHOD,
            builtin("staticmethod"),
            TypeKind::Blue,
        );
        self.expect(TypeId::CLASS_METHOD, builtin("classmethod"), TypeKind::Blue);
        self.expect(TypeId::ERROR, builtin("<error>"), TypeKind::Error);
        for kind in ErrorKind::ALL.iter().copied() {
            let name = builtin(kind.name());
            self.expect(TypeId::exception(kind), name, TypeKind::Exception(kind));
        }
    }

    /// Whether values of a type have no form at run time.
    pub fn is_known_only(&self, ty: TypeId) -> bool {
        match self.kind(ty) {
            TypeKind::Type | TypeKind::Module | TypeKind::Func(_) | TypeKind::Blue => true,
            TypeKind::Object
            | TypeKind::Dynamic
            | TypeKind::None
            | TypeKind::NotImplemented
            | TypeKind::Bool
            | TypeKind::Int(_)
            | TypeKind::Float(_)
            | TypeKind::Complex
            | TypeKind::Str
            | TypeKind::Bytes
            | TypeKind::Ptr(_)
            | TypeKind::Struct(_)
            | TypeKind::Exception(_)
            | TypeKind::Error => false,
        }
    }

    fn expect(&mut self, id: TypeId, fqn: Fqn, kind: TypeKind) {
        let added = self.add(fqn, kind, Span::BUILTINS);
        assert_eq!(
            added, id,
            "builtin types are added in the order of their ids"
        );
    }

    /// Adds a type under a name that is not taken.
    pub fn add(&mut self, fqn: Fqn, kind: TypeKind, span: Span) -> TypeId {
        let id = TypeId(u32::try_from(self.types.len()).expect("fewer than 2^32 types"));
        self.types.push(TypeInfo {
            fqn,
            kind,
            members: Members::default(),
            origin: None,
            base: None,
            span,
        });
        id
    }

    /// Adds a class of exceptions under a name that is not taken.
    pub fn add_exception(&mut self, fqn: Fqn, base: TypeId, span: Span) -> TypeId {
        let TypeKind::Exception(kind) = *self.kind(base) else {
            unreachable!("exceptions derive from exceptions")
        };
        let id = self.add(fqn, TypeKind::Exception(kind), span);
        self.get_mut(id).base = Some(base);
        id
    }

    /// The direct base of a class of exceptions.
    pub fn exception_base(&self, id: TypeId) -> Option<TypeId> {
        let TypeKind::Exception(kind) = self.kind(id) else {
            return None;
        };
        let derived = self.get(id).base;
        derived.or_else(|| kind.base().map(TypeId::exception))
    }

    /// What a class of exceptions is if a program defines it.
    pub fn user_class(&self, ty: TypeId) -> Option<UserClass> {
        let info = self.get(ty);
        info.base.map(|_| UserClass {
            ty,
            name: (*info.fqn.last().name).into(),
        })
    }

    /// The full names of a class of exceptions and of its bases, as far as programs define them.
    pub fn lineage(&self, class: TypeId) -> Vec<String> {
        std::iter::successors(Some(class), |class| self.exception_base(*class))
            .take_while(|class| self.get(*class).base.is_some())
            .map(|class| self.get(class).fqn.to_string())
            .collect()
    }

    /// The id of a function type.
    pub fn func(&mut self, ty: FuncType) -> TypeId {
        if let Some(id) = self.func_types.get(&ty) {
            return *id;
        }
        let fqn = self.func_fqn(&ty);
        let id = self.add(fqn, TypeKind::Func(ty.clone()), Span::BUILTINS);
        self.func_types.insert(ty, id);
        id
    }

    /// The id of a pointer or reference type.
    pub fn ptr(&mut self, ty: PtrType) -> TypeId {
        if let Some(id) = self.ptr_types.get(&ty) {
            return *id;
        }
        let name = match (ty.memory, ty.is_ref) {
            (MemoryKind::Raw, false) => "raw_ptr",
            (MemoryKind::Gc, false) => "gc_ptr",
            (MemoryKind::Raw, true) => "raw_ref",
            (MemoryKind::Gc, true) => "gc_ref",
        };
        let item = self.get(ty.item).fqn.clone();
        let fqn = Fqn::module("unsafe").join(name).with_qualifiers(vec![item]);
        let id = self.add(fqn, TypeKind::Ptr(ty), Span::BUILTINS);
        self.ptr_types.insert(ty, id);
        id
    }

    /// The pointer or reference type behind an id.
    pub fn as_ptr(&self, id: TypeId) -> Option<PtrType> {
        match self.kind(id) {
            TypeKind::Ptr(ty) => Some(*ty),
            _ => None,
        }
    }

    /// The scalars of a value in memory, in order: offset and size in bytes of each. In a frame
    /// each takes one slot.
    pub fn leaves(&self, id: TypeId) -> Vec<(u32, u32)> {
        match self.kind(id) {
            TypeKind::None => Vec::new(),
            TypeKind::Complex => vec![(0, 8), (8, 8)],
            TypeKind::Struct(Some(layout)) => {
                let field = |field: &super::Field| {
                    let offset = field.offset_bytes;
                    let leaves = self.leaves(field.ty).into_iter();
                    leaves
                        .map(move |(inner, size)| (offset + inner, size))
                        .collect::<Vec<_>>()
                };
                layout.fields.iter().flat_map(field).collect()
            }
            _ => vec![(0, self.size_and_align(id).0)],
        }
    }

    /// `builtins::def[params…, result]`
    fn func_fqn(&self, ty: &FuncType) -> Fqn {
        let name = match ty.color {
            FuncColor::Red => "def",
            FuncColor::Blue => "blue.def",
            FuncColor::Generic => "blue.generic.def",
            FuncColor::Metafunc => "blue.metafunc.def",
        };
        let param = |param: &super::ParamType| {
            let fqn = |ty| self.get(ty).fqn.clone();
            match param.kind {
                ParamKind::Simple => fqn(param.ty),
                ParamKind::VarArgs(item) => {
                    Fqn::builtin("__varargs__").with_qualifiers(vec![fqn(item)])
                }
            }
        };
        let result = self.get(ty.result).fqn.clone();
        let qualifiers = ty.params.iter().map(param).chain([result]).collect();
        Fqn::builtin(name).with_qualifiers(qualifiers)
    }

    /// The entry of a type.
    pub fn get(&self, id: TypeId) -> &TypeInfo {
        &self.types[id.0 as usize]
    }

    /// The entry of a type, to complete its definition.
    pub fn get_mut(&mut self, id: TypeId) -> &mut TypeInfo {
        &mut self.types[id.0 as usize]
    }

    /// What a type is.
    pub fn kind(&self, id: TypeId) -> &TypeKind {
        &self.get(id).kind
    }

    /// All ids in order of creation.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..u32::try_from(self.types.len()).expect("fewer than 2^32 types")).map(TypeId)
    }

    /// The function type behind an id.
    pub fn as_func(&self, id: TypeId) -> Option<&FuncType> {
        match self.kind(id) {
            TypeKind::Func(ty) => Some(ty),
            _ => None,
        }
    }

    /// The integer type behind an id.
    pub fn as_int(&self, id: TypeId) -> Option<IntType> {
        match self.kind(id) {
            TypeKind::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// Number of 64-bit slots a value takes in an interpreter frame: structs are flattened, `None`
    /// takes none, `complex128` two.
    pub fn slots(&self, id: TypeId) -> usize {
        match self.kind(id) {
            TypeKind::None => 0,
            TypeKind::Complex => 2,
            TypeKind::Struct(Some(layout)) => {
                layout.fields.iter().map(|field| self.slots(field.ty)).sum()
            }
            _ => 1,
        }
    }

    /// Size and alignment in bytes of a value in memory, under C rules.
    pub fn size_and_align(&self, id: TypeId) -> (u32, u32) {
        match self.kind(id) {
            TypeKind::None => (0, 1),
            TypeKind::Bool => (1, 1),
            TypeKind::Int(int) => (int.bits() / 8, int.bits() / 8),
            TypeKind::Float(FloatType::F32) => (4, 4),
            TypeKind::Complex => (16, 8),
            TypeKind::Struct(Some(layout)) => (layout.size_bytes, layout.align_bytes),
            _ => (8, 8),
        }
    }

    /// Whether values have no identity.
    pub fn is_value_type(&self, id: TypeId) -> bool {
        match self.kind(id) {
            TypeKind::Bool
            | TypeKind::Int(_)
            | TypeKind::Float(_)
            | TypeKind::Complex
            | TypeKind::Str
            | TypeKind::Bytes
            | TypeKind::Struct(_) => true,
            TypeKind::Ptr(ty) => !ty.is_ref,
            TypeKind::Blue => id == TypeId::META_ARG || id == TypeId::INTERP_TUPLE,
            TypeKind::Object
            | TypeKind::Dynamic
            | TypeKind::Type
            | TypeKind::Module
            | TypeKind::None
            | TypeKind::NotImplemented
            | TypeKind::Func(_)
            | TypeKind::Exception(_)
            | TypeKind::Error => false,
        }
    }

    /// Whether `got` needs no conversion where `expected` is wanted.
    pub fn is_subtype(&self, got: TypeId, expected: TypeId) -> bool {
        if got == expected || expected == TypeId::OBJECT || expected == TypeId::DYNAMIC {
            return true;
        }
        match (self.kind(got), self.kind(expected)) {
            (TypeKind::Exception(_), TypeKind::Exception(_)) => self
                .exception_base(got)
                .is_some_and(|base| self.is_subtype(base, expected)),
            (TypeKind::Struct(_), _) => expected == TypeId::STRUCT,
            _ => false,
        }
    }

    /// The most specific type that both are subtypes of.
    pub fn union(&self, a: TypeId, b: TypeId) -> TypeId {
        if self.is_subtype(a, b) {
            b
        } else if self.is_subtype(b, a) {
            a
        } else if let (Some(base), TypeKind::Exception(_)) = (self.exception_base(a), self.kind(b))
        {
            self.union(base, b)
        } else {
            TypeId::OBJECT
        }
    }
}
