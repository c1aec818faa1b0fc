//! The search for a key in a dict or set as a single node, for keys of primitive types.
//!
//! As with lists, a node does what is usual and calls the standard library for everything else.

use std::marker::PhantomData;

use spy_lang::ir::Expr;
use spy_lang::memory;
use spy_lang::program::{Failure, FuncId};
use spy_lang::types::{Field, TypeId, TypeKind};

use super::Lowering;
use crate::machine::CodeIndex;
use crate::node::{
    BitsKey, Call, Consumer, Ex, Find, Key, Local, Node, Operand, TableLayout, TextKey, Tree, Value,
};

/// How the keys of a table are compared.
#[derive(Clone, Copy)]
enum KeyKind {
    Text,
    Bits(u32),
}

impl Lowering<'_> {
    /// The node of a search; `None` for any other call.
    pub(super) fn search(
        &mut self,
        callee: FuncId,
        args: &[Expr],
        call: &Expr,
    ) -> Result<Option<Ex>, Failure> {
        let fqn = &self.program.func(callee).fqn;
        if fqn.module_name() != "_dict" || &*fqn.last().name != "find" {
            return Ok(None);
        }
        let [data, code, key] = args else {
            return Ok(None);
        };
        let Some((kind, layout)) = self.key_kind(key.ty).zip(self.table_layout(data.ty)) else {
            return Ok(None);
        };
        let site = self.site(call.span);
        self.with_temps(args.len(), |lowering, base| {
            let call = Call {
                callee: CodeIndex::of(callee),
                base,
                site,
            };
            let data = Tree(lowering.value(data)?.into_ex());
            let code = Tree(lowering.value(code)?.into_ex());
            Ok(Some(match lowering.value(key)? {
                Operand::Local(key) => find_of(kind, (data, code, Local(key)), layout, call),
                key @ (Operand::Const(_) | Operand::Tree(_)) => {
                    let key = Tree(key.into_ex());
                    find_of(kind, (data, code, key), layout, call)
                }
            }))
        })
    }

    fn key_kind(&self, key: TypeId) -> Option<KeyKind> {
        let types = &self.program.types;
        if matches!(types.kind(key), TypeKind::Str) {
            return Some(KeyKind::Text);
        }
        matches!(types.kind(key), TypeKind::Bool | TypeKind::Int(_))
            .then(|| KeyKind::Bits(types.size_and_align(key).0))
    }

    /// Where things are in the table that a pointer to `DictData` points to.
    fn table_layout(&self, data: TypeId) -> Option<TableLayout> {
        let data = memory::item_type(self.program, data);
        let field = |name| self.field_of(data, name);
        let entries = field("entries")?;
        let entry = memory::item_type(self.program, entries.ty);
        let offset_in_entry = |name| Some(self.field_of(entry, name)?.offset_bytes);
        if offset_in_entry("hash")? != 0 {
            return None;
        }
        Some(TableLayout {
            capacity: field("capacity")?.offset_bytes,
            entries: entries.offset_bytes,
            slots: field("slots")?.offset_bytes,
            stride: self.program.types.size_and_align(entry).0,
            key: offset_in_entry("key")?,
        })
    }

    fn field_of(&self, ty: TypeId, name: &str) -> Option<&Field> {
        let TypeKind::Struct(Some(layout)) = self.program.types.kind(ty) else {
            return None;
        };
        layout.fields.iter().find(|field| &*field.name == name)
    }
}

fn find_of<N: Node>(kind: KeyKind, args: (Tree, Tree, N), layout: TableLayout, call: Call) -> Ex {
    match kind {
        KeyKind::Text => find::<TextKey, N>(args, layout, call),
        KeyKind::Bits(1) => find::<BitsKey<1>, N>(args, layout, call),
        KeyKind::Bits(4) => find::<BitsKey<4>, N>(args, layout, call),
        KeyKind::Bits(_) => find::<BitsKey<8>, N>(args, layout, call),
    }
}

fn find<K: Key, N: Node>(
    (data, code, key): (Tree, Tree, N),
    layout: TableLayout,
    call: Call,
) -> Ex {
    Value.accept(Find::<K, _, _, _> {
        data,
        code,
        key,
        layout,
        call,
        kind: PhantomData,
    })
}
