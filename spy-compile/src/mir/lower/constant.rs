//! Constants of the language.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::Value;
use spy_lang::source::Span;

use super::Lowered;
use super::function::Lowerer;
use super::layout::int_ty;
use crate::mir::{Op, Ty, Val};

impl Lowerer<'_, '_> {
    /// The scalars of a constant.
    pub(super) fn constant(&mut self, value: &Value, span: Span) -> Lowered<Vec<Val>> {
        let scalar = match value {
            Value::None => return Ok(Vec::new()),
            Value::Bool(value) => self.int(Ty::I8, i64::from(*value)),
            Value::Int(int, value) => {
                // Constants are kept sign-extended, whatever the signedness of the language's type.
                let bits = match int_ty(*int) {
                    Ty::I8 => i64::from(*value as i8),
                    Ty::I32 => i64::from(*value as i32),
                    Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => *value as i64,
                };
                self.int(int_ty(*int), bits)
            }
            Value::F32(value) => self.emit(Op::F32(value.to_bits()), Ty::F32),
            Value::F64(value) => self.f64(*value),
            Value::Complex(value) => {
                return Ok(vec![self.f64(value.re), self.f64(value.im)]);
            }
            Value::Str(text) => self.text(text),
            Value::Bytes(bytes) => {
                let id = self.state.module.bytes(bytes);
                self.emit(Op::Text(id), Ty::Ptr)
            }
            Value::Ptr(_, 0) => self.int(Ty::Ptr, 0),
            Value::Ptr(ty, address) => {
                let (memory, offset) = self.state.memory(*address, *ty, span)?;
                self.emit(Op::Memory(memory, offset), Ty::Ptr)
            }
            Value::Struct(_, fields) => {
                let mut values = Vec::new();
                for field in fields.iter() {
                    values.extend(self.constant(field, span)?);
                }
                return Ok(values);
            }
            Value::Exception(exception) => {
                let message = self.text(&exception.message);
                let class = self.state.program.type_of(value);
                self.make_exception(class, message, span)
            }
            Value::NotImplemented
            | Value::Type(_)
            | Value::Func(_)
            | Value::Module(_)
            | Value::MetaArg(_)
            | Value::OpSpec(_)
            | Value::OpImpl(_)
            | Value::List(_)
            | Value::Dict(_)
            | Value::Descriptor(_)
            | Value::Tuple(_) => {
                let name = self
                    .state
                    .program
                    .type_name(self.state.program.type_of(value));
                let message = format!(
                    "Prebuilt constant of type `{name}` are not supported by the C backend"
                );
                let diagnostic = Diagnostic::new(ErrorKind::Wip, message);
                return Err(Box::new(
                    diagnostic.error(format!("This is `{name}`"), span),
                ));
            }
        };
        Ok(vec![scalar])
    }
}
