//! The header of a library: structs as C lays them out, and the functions.
//!
//! A struct is defined if all its fields have a form in C, behind those it contains; others, which
//! only pointers lead to, are declared. What the compiler of C makes of a struct is compared with
//! the layout that the library was compiled for.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use spy_lang::program::Program;
use spy_lang::types::{FloatType, IntType, StructType, TypeId, TypeKind};

use super::Exported;
use super::names::{identifier, local};
use crate::mir::has_c_form;

/// The text of the header of a library that is named after its module.
pub(crate) fn header(program: &Program, module: &str, functions: &[Exported]) -> String {
    let mut structs = Structs {
        program,
        names: FxHashMap::default(),
        declared: Vec::new(),
        defined: Vec::new(),
    };
    let mut prototypes = String::new();
    for function in functions {
        structs.prototype(function, &mut prototypes);
    }
    let guard = format!("SPY_{}_H", identifier(module).to_uppercase());
    let mut out = format!(
        "/* Functions of module {module}, compiled by spy {}. */\n\
         #ifndef {guard}\n#define {guard}\n\n\
         #include <stdbool.h>\n#include <stdint.h>\n\n\
         #ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n",
        env!("CARGO_PKG_VERSION")
    );
    structs.write(&mut out);
    out += &prototypes;
    out += "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
    out
}

/// The structs that a header has.
struct Structs<'p> {
    program: &'p Program,
    names: FxHashMap<TypeId, String>,
    /// All of them, in the order they were met.
    declared: Vec<TypeId>,
    /// Those with fields, each behind what it contains.
    defined: Vec<TypeId>,
}

impl Structs<'_> {
    fn prototype(&mut self, function: &Exported, out: &mut String) {
        let program = self.program;
        let ir = &program.ir[&function.func];
        let params = ir.locals[..ir.param_count].iter();
        let mut params: Vec<String> = params
            .map(|param| declaration(&self.type_name(param.ty), &local(&param.name)))
            .collect();
        if params.is_empty() {
            params.push("void".to_owned());
        }
        let name = format!("{}({})", function.name, params.join(", "));
        let result = self.type_name(ir.result);
        let _ = writeln!(
            out,
            "{} __asm__(\"{}\");",
            declaration(&result, &name),
            function.symbol
        );
    }

    /// The type as C writes it.
    fn type_name(&mut self, ty: TypeId) -> String {
        let program = self.program;
        match program.types.kind(ty) {
            TypeKind::Bool => "bool".to_owned(),
            TypeKind::Int(int) => int_name(*int).to_owned(),
            TypeKind::Float(FloatType::F32) => "float".to_owned(),
            TypeKind::Float(FloatType::F64) => "double".to_owned(),
            TypeKind::Complex => "double _Complex".to_owned(),
            TypeKind::Struct(Some(layout)) if !layout.fields.is_empty() => {
                format!("struct {}", self.struct_name(ty))
            }
            TypeKind::Ptr(pointer) if has_c_form(program, ty) => {
                let item = self.type_name(pointer.item);
                if item.ends_with('*') {
                    item + "*"
                } else {
                    item + " *"
                }
            }
            TypeKind::Struct(_)
            | TypeKind::Ptr(_)
            | TypeKind::None
            | TypeKind::Object
            | TypeKind::Dynamic
            | TypeKind::Type
            | TypeKind::Module
            | TypeKind::NotImplemented
            | TypeKind::Str
            | TypeKind::Bytes
            | TypeKind::Func(_)
            | TypeKind::Exception(_)
            | TypeKind::Blue
            | TypeKind::Error => "void".to_owned(),
        }
    }

    /// The tag of a struct, which the header will declare and, if it can, define.
    fn struct_name(&mut self, ty: TypeId) -> String {
        if let Some(name) = self.names.get(&ty) {
            return name.clone();
        }
        let shown = format!("spy_{}", self.program.type_name(ty).replace("::", "_"));
        let mut name = identifier(&shown);
        let mut number = 1;
        while self.names.values().any(|known| *known == name) {
            number += 1;
            name = format!("{}_{number}", identifier(&shown));
        }
        self.names.insert(ty, name.clone());
        self.declared.push(ty);
        if has_c_form(self.program, ty) {
            let fields = self.layout(ty).fields;
            let is_struct = |ty| matches!(self.program.types.kind(ty), TypeKind::Struct(_));
            let (contained, others): (Vec<TypeId>, Vec<TypeId>) = fields
                .iter()
                .map(|field| field.ty)
                .partition(|ty| is_struct(*ty));
            for ty in contained {
                self.type_name(ty);
            }
            self.defined.push(ty);
            for ty in others {
                self.type_name(ty);
            }
        }
        name
    }

    fn layout(&self, ty: TypeId) -> StructType {
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(ty) else {
            unreachable!("only structs have a layout")
        };
        layout.clone()
    }

    /// Writes declarations and definitions.
    fn write(&mut self, out: &mut String) {
        for ty in &self.declared {
            let _ = writeln!(out, "struct {};", self.names[ty]);
        }
        if !self.declared.is_empty() {
            out.push('\n');
        }
        let mut sizes = String::new();
        for ty in self.defined.clone() {
            let layout = self.layout(ty);
            let name = self.names[&ty].clone();
            let _ = writeln!(out, "struct {name} {{");
            for field in layout.fields.iter() {
                let field = declaration(&self.type_name(field.ty), &local(&field.name));
                let _ = writeln!(out, "    {field};");
            }
            out.push_str("};\n\n");
            let size = layout.size_bytes;
            let _ = writeln!(
                sizes,
                "_Static_assert(sizeof(struct {name}) == {size}, \"{name} is laid out differently\");"
            );
        }
        if !sizes.is_empty() {
            let _ = write!(out, "#if __STDC_VERSION__ >= 201112L\n{sizes}#endif\n\n");
        }
    }
}

/// A name declared to have a type.
fn declaration(ty: &str, name: &str) -> String {
    if ty.ends_with('*') {
        format!("{ty}{name}")
    } else {
        format!("{ty} {name}")
    }
}

const fn int_name(int: IntType) -> &'static str {
    match int {
        IntType::I8 => "int8_t",
        IntType::U8 => "uint8_t",
        IntType::I32 => "int32_t",
        IntType::U32 => "uint32_t",
        IntType::I64 => "int64_t",
        IntType::U64 => "uint64_t",
    }
}
