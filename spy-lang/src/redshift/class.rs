//! Classes: forward declarations, bodies, layout, and what every struct gets.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::errors::{type_error, wip};
use super::evaluator::{Evaluator, Mode};
use super::function::add_frame;
use super::limits::MOST_STRUCT_BYTES;
use super::{BlueFrame, BlueLocal, Color};
use crate::diagnostics::{Diagnostic, ErrorKind, Frame, FrameKind};
use crate::program::{Failure, FuncBody, FuncId, FuncInfo, GenericClass, Value};
use crate::scope::{ScopeId, Symbol, VarOrigin};
use crate::source::Span;
use crate::syntax::ast::{self, StmtKind};
use crate::types::{
    Field, FuncColor, FuncType, ParamKind, ParamType, StructType, TypeId, TypeKind,
};

impl Evaluator<'_> {
    /// Binds the classes of a body to types that are not defined yet, so that annotations may name
    /// them.
    pub(super) fn forward_declare(&mut self, body: &[ast::Stmt]) -> Result<(), Failure> {
        for stmt in body {
            if let StmtKind::ClassDef(def) = &stmt.kind
                && def.type_params.is_empty()
                && def.is_struct
                && self.declared_at(&def.name.name).is_none()
            {
                let ty = match self.forward.get(&def.id) {
                    Some(ty) => *ty,
                    None => self.declare_class(def),
                };
                self.forward.insert(def.id, ty);
                if let Mode::Red(emitter) = &mut self.mode {
                    emitter.foresight.forward.insert(def.id, ty);
                }
                self.bind_class(&def.name.name, ty, def.header);
            }
        }
        Ok(())
    }

    /// The type of a class whose body has not been executed.
    fn declare_class(&mut self, def: &ast::ClassDef) -> TypeId {
        let fqn = self.namespace().join(&def.name.name);
        let fqn = self.program.unique_name(fqn);
        let types = &mut self.program.types;
        types.add(fqn, TypeKind::Struct(None), def.header)
    }

    pub(super) fn bind_class(&mut self, name: &Rc<str>, ty: TypeId, declared: Span) {
        let value = Some(Value::Type(ty));
        let local = BlueLocal {
            ty: TypeId::TYPE,
            color: Color::Blue,
            value,
            declared,
        };
        self.bind_definition(name, local);
    }

    /// Executes a `class`.
    pub(super) fn define_class(
        &mut self,
        def: &Rc<ast::ClassDef>,
        _stmt: &ast::Stmt,
    ) -> Result<(), Failure> {
        if let Some(old) = self.declared_at(&def.name.name)
            && old != def.header
        {
            return Err(Self::already_declared(&def.name.name, def.header, old).into());
        }
        if !def.bases.is_empty() {
            return self.define_exception_class(def);
        }
        if !def.is_struct {
            let message = "only @struct classes are supported for now";
            return Err(wip(message).error("class defined here", def.header).into());
        }
        let made_before = self.made_before(def.id);
        if !def.type_params.is_empty() || made_before.is_some() {
            let made = match made_before {
                Some(made) => made,
                None => Value::Func(self.make_generic_class(def)),
            };
            self.remember(def.id, &made);
            let local = BlueLocal {
                ty: self.program.type_of(&made),
                color: Color::Blue,
                value: Some(made),
                declared: def.header,
            };
            self.bind_definition(&def.name.name, local);
            return Ok(());
        }
        let ty = match self.forward.get(&def.id) {
            Some(ty) => *ty,
            None => self.declare_class(def),
        };
        self.bind_class(&def.name.name, ty, def.header);
        self.class_body(def, self.scopes.of_def(def.id), ty)?;
        self.remember(def.id, &Value::Type(ty));
        Ok(())
    }

    /// `class C[T]`: a blue generic of its type parameters that makes the class.
    fn make_generic_class(&mut self, def: &Rc<ast::ClassDef>) -> FuncId {
        let param = ParamType {
            ty: TypeId::DYNAMIC,
            kind: ParamKind::Simple,
        };
        let ty = self.program.types.func(FuncType {
            color: FuncColor::Generic,
            params: vec![param; def.type_params.len()],
            result: TypeId::DYNAMIC,
        });
        let fqn = self.namespace().join(&def.name.name);
        let fqn = self.program.unique_name(fqn);
        let class = GenericClass {
            def: def.clone(),
            scope: self.scopes.of_def(def.id),
            module: self.module,
            parent: self.current_frame(),
        };
        let body = FuncBody::GenericClass(Rc::new(class));
        self.program.add_func(FuncInfo {
            fqn,
            ty,
            body,
            prototype: def.header,
            force_inline: false,
        })
    }

    /// Makes the class of a generic for the arguments in the current frame.
    ///
    /// While its body runs, the same arguments mean the class that is only declared yet, so that
    /// signatures may mention it.
    pub(super) fn instantiate_class(
        &mut self,
        def: &Rc<ast::ClassDef>,
        generic: FuncId,
        args: &[Value],
    ) -> Result<TypeId, Failure> {
        let namespace = self.namespace();
        let fqn = self.program.unique_name(namespace.join("Self"));
        let ty = self
            .program
            .types
            .add(fqn, TypeKind::Struct(None), def.header);
        super::function::name_instance(self.program, generic, &namespace, &Value::Type(ty));
        let key: Option<Vec<_>> = args.iter().map(super::memo::key).collect();
        let key = key.map(|key| (generic, key));
        if let Some(key) = &key {
            self.program
                .memo
                .results
                .insert(key.clone(), Value::Type(ty));
        }
        self.bind_class(&"Self".into(), ty, def.header);
        let result = self.class_body(def, self.scopes.of_def(def.inner_id), ty);
        if let (Err(_), Some(key)) = (&result, &key) {
            self.program.memo.results.remove(key);
        }
        result.map(|()| ty)
    }

    /// Runs a class body in a frame of its own and defines the type.
    fn class_body(
        &mut self,
        def: &Rc<ast::ClassDef>,
        scope: ScopeId,
        ty: TypeId,
    ) -> Result<(), Failure> {
        let namespace = self.program.types.get(ty).fqn.clone();
        let parent = self.current_frame();
        let frame = BlueFrame {
            module: self.module,
            scope,
            parent: Some(parent),
            namespace: namespace.clone(),
            is_mirror: false,
            locals: FxHashMap::default(),
        };
        let frame = add_frame(self.program, frame);
        let mut body = Evaluator {
            program: self.program,
            engine: self.engine,
            module: self.module,
            scopes: self.scopes.clone(),
            scope,
            parent: Some(parent),
            mode: Mode::Blue(frame),
            class: Some(ty),
            forward: FxHashMap::default(),
            failed_at: None,
            handled: Vec::new(),
        };
        let result = body
            .execute_all(&def.body)
            .and_then(|_| body.complete_class(def, ty));
        let failed_at = body.failed_at;
        result.map_err(|mut failure| {
            let fqn = self.program.frame_name(&namespace);
            let span = failed_at.unwrap_or(def.header);
            failure.push_outer_frame(Frame {
                kind: FrameKind::Class,
                fqn,
                span,
            });
            failure
        })
    }

    /// Whether a statement may stand in a class body.
    pub(super) fn check_class_statement(&self, stmt: &ast::Stmt) -> Result<(), Failure> {
        let node = match &stmt.kind {
            StmtKind::Assign(assign) => match assign.targets.iter().find_map(stored_part) {
                Some(node) => node,
                None => return Ok(()),
            },
            StmtKind::FuncDef(_)
            | StmtKind::VarDef(_)
            | StmtKind::Pass
            | StmtKind::If(_)
            | StmtKind::Error => return Ok(()),
            StmtKind::ClassDef(def) if !def.type_params.is_empty() => "GenericClassDef",
            StmtKind::ClassDef(_) => "ClassDef",
            StmtKind::For(_) => "For",
            StmtKind::While(_) => "While",
            StmtKind::Return(_) => "Return",
            StmtKind::Expr(_) => "StmtExpr",
            StmtKind::AugAssign(_) => "AugAssign",
            StmtKind::Raise(_) => "Raise",
            StmtKind::Assert(_) => "Assert",
            StmtKind::Break => "Break",
            StmtKind::Continue => "Continue",
            StmtKind::Import(_) => "Import",
            StmtKind::ImportFrom(_) => "ImportFrom",
            StmtKind::Try(_) => "Try",
            StmtKind::With(_) => "With",
            StmtKind::Match(_) => "Match",
            StmtKind::Delete(_) => "Delete",
            StmtKind::Global(_) => "Global",
            StmtKind::Nonlocal(_) => "Nonlocal",
            StmtKind::TypeAlias(_) => "TypeAlias",
        };
        let place = match &stmt.kind {
            StmtKind::ClassDef(def) => def.header,
            _ => stmt.span,
        };
        Err(
            type_error(format!("`{node}` not supported inside a classdef"))
                .error("this is not supported", place)
                .into(),
        )
    }

    /// Turns what the body has defined into fields and members.
    fn complete_class(&mut self, def: &Rc<ast::ClassDef>, ty: TypeId) -> Result<(), Failure> {
        let symbols: Vec<_> = self
            .scopes
            .get(self.scope)
            .symbols
            .values()
            .cloned()
            .collect();
        let mut fields: Vec<Declared> = Vec::new();
        for symbol in symbols.into_iter().filter(|symbol| symbol.level == Some(0)) {
            let Some(local) = self.frame().locals.get(&symbol.name).cloned() else {
                continue;
            };
            match local.value {
                // `var x: T` and `const x: T` declare fields too.
                Some(value) if symbol.origin != VarOrigin::ClassField => {
                    let members = &mut self.program.types.get_mut(ty).members;
                    members.insert(symbol.name.clone(), value);
                }
                default => fields.push(self.declared(&symbol, local.ty, default, &fields)?),
            }
        }
        self.extra_fields(ty, def, &mut fields)?;
        let layout = self.layout(ty, fields)?;
        self.program.types.get_mut(ty).kind = TypeKind::Struct(Some(layout));
        self.add_constructor(def, ty)?;
        self.add_struct_methods(def, ty)
    }

    /// Fields from the class attribute `__extra_fields__`, after the others.
    fn extra_fields(
        &mut self,
        ty: TypeId,
        def: &ast::ClassDef,
        fields: &mut Vec<Declared>,
    ) -> Result<(), Failure> {
        let Some(extra) = self.member(ty, "__extra_fields__") else {
            return Ok(());
        };
        let expected = self.program.interp_dict(TypeId::STR, TypeId::TYPE);
        let mut operand = self.known(extra, extra_fields_span(&def.body).unwrap_or(def.header));
        operand = self.convert(operand, expected)?;
        if let Some(Value::Dict(extra)) = operand.value {
            for (name, field) in extra.items.borrow().iter() {
                if let (Value::Str(name), Value::Type(field)) = (name, field) {
                    fields.push(Declared {
                        name: name.clone(),
                        ty: *field,
                        default: None,
                        span: def.header,
                    });
                }
            }
        }
        Ok(())
    }

    /// Whether a struct may go on with a field after `offset` bytes.
    pub(super) fn check_size(&self, offset: u64, field: TypeId, span: Span) -> Result<(), Failure> {
        let (size, _) = self.program.types.size_and_align(field);
        if offset + u64::from(size) <= MOST_STRUCT_BYTES {
            return Ok(());
        }
        let message = format!("a struct of more than {MOST_STRUCT_BYTES} bytes");
        Err(Diagnostic::new(ErrorKind::MemoryError, message)
            .error("with this field it is too large", span)
            .into())
    }

    /// A field as it is declared after others.
    fn declared(
        &self,
        symbol: &Symbol,
        ty: TypeId,
        default: Option<Value>,
        before: &[Declared],
    ) -> Result<Declared, Failure> {
        let name = symbol.name.clone();
        let last = before.iter().rev().find(|field| field.default.is_some());
        if let (None, Some(last)) = (&default, last) {
            let message = format!(
                "non-default argument '{name}' follows default argument '{}'",
                last.name
            );
            return Err(type_error(message)
                .error("this has no default", symbol.span)
                .note("this has a default", last.span)
                .into());
        }
        if default.is_some() && self.is_mutable(ty) {
            let message = format!(
                "mutable default `{}` for field '{name}' is not allowed",
                self.type_name(ty)
            );
            return Err(type_error(message)
                .error("all values would share it", symbol.span)
                .into());
        }
        Ok(Declared {
            name,
            ty,
            default,
            span: symbol.span,
        })
    }

    /// Whether values are containers that assignment shares.
    fn is_mutable(&self, ty: TypeId) -> bool {
        let module = self.program.types.get(ty).fqn.module_name().to_owned();
        module == "_list" || module == "_dict"
    }

    fn layout(&self, class: TypeId, fields: Vec<Declared>) -> Result<StructType, Failure> {
        let mut laid_out = Vec::with_capacity(fields.len());
        let (mut offset, mut align) = (0_u32, 1_u32);
        for field in fields {
            let Declared {
                name,
                ty,
                default,
                span,
            } = field;
            self.check_size(u64::from(offset), ty, span)?;
            if matches!(self.program.types.kind(ty), TypeKind::Struct(None)) {
                let message = format!("the size of `{}` is not known yet", self.type_name(ty));
                let label = if ty == class {
                    "a struct cannot contain itself by value"
                } else {
                    "a struct that is contained by value is defined before"
                };
                return Err(type_error(message).error(label, span).into());
            }
            let (size, field_align) = self.program.types.size_and_align(ty);
            offset = offset.next_multiple_of(field_align);
            laid_out.push(Field {
                name,
                ty,
                offset_bytes: offset,
                default,
                span,
            });
            offset += size;
            align = align.max(field_align);
        }
        Ok(StructType {
            fields: laid_out.into(),
            size_bytes: offset.next_multiple_of(align),
            align_bytes: align,
        })
    }

    /// `__make__`, and `__new__` unless the class defines it.
    fn add_constructor(&mut self, def: &Rc<ast::ClassDef>, ty: TypeId) -> Result<(), Failure> {
        if self.member(ty, "__make__").is_some() {
            return Err(wip("you cannot define your own __make__").into());
        }
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(ty) else {
            unreachable!("the layout has just been set")
        };
        let simple = |field: &Field| ParamType {
            ty: field.ty,
            kind: ParamKind::Simple,
        };
        let params: Vec<ParamType> = layout.fields.iter().map(simple).collect();
        let signature = FuncType {
            color: FuncColor::Red,
            params,
            result: ty,
        };
        let make = self.add_struct_func(
            ty,
            "__make__",
            signature,
            FuncBody::MakeStruct(ty),
            def.header,
        );
        let members = &mut self.program.types.get_mut(ty).members;
        members.insert("__make__".into(), Value::Func(make));
        members.entry("__new__".into()).or_insert(Value::Func(make));
        Ok(())
    }

    pub(super) fn add_struct_func(
        &mut self,
        ty: TypeId,
        name: &str,
        signature: FuncType,
        body: FuncBody,
        prototype: Span,
    ) -> FuncId {
        let fqn = self.program.types.get(ty).fqn.join(name);
        let fqn = self.program.unique_name(fqn);
        let ty = self.program.types.func(signature);
        self.program.add_func(FuncInfo {
            fqn,
            ty,
            body,
            prototype,
            force_inline: false,
        })
    }
}

/// A field without its place.
struct Declared {
    name: Rc<str>,
    ty: TypeId,
    default: Option<Value>,
    span: Span,
}

/// The kind of node that assigns to a part of an object.
fn stored_part(target: &ast::Expr) -> Option<&'static str> {
    match target.kind {
        ast::ExprKind::GetAttr(..) => Some("SetAttr"),
        ast::ExprKind::GetItem(..) => Some("SetItem"),
        _ => None,
    }
}

/// The value that a class body assigns to `__extra_fields__`.
fn extra_fields_span(body: &[ast::Stmt]) -> Option<Span> {
    body.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::Assign(assign) => {
            let named = |target: &ast::Expr| {
                matches!(&target.kind, ast::ExprKind::Name(name) if &**name == "__extra_fields__")
            };
            assign.targets.iter().any(named).then_some(assign.value.span)
        }
        _ => None,
    })
}
