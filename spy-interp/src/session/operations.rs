//! What a session does on request, other than loading and printing.

use serde_json::{Value as Json, json};
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::program::{Failure, Value, find_main};
use spy_lang::redshift;
use spy_lang::types::{FuncColor, ParamKind, TypeId, TypeKind};

use super::engine::{EngineChoice, blue_call};
use super::request::{Argument, Callee, Name, Operation};
use super::state::Session;

impl Session {
    /// Does what is asked for; the fields of the response.
    pub(super) fn perform(&mut self, operation: &Operation) -> Result<Json, Failure> {
        self.reset_limits();
        match operation {
            Operation::Load(target) => self.load(target),
            Operation::Call(callee, args) => {
                let callee = match callee {
                    Callee::Name(name) => self.read(name)?,
                    Callee::Value(argument) => self.decode(argument, TypeId::DYNAMIC)?,
                };
                let result = self.call(&callee, args)?;
                Ok(json!({"value": self.encode(&result)}))
            }
            Operation::Get(name) => {
                let value = self.read(name)?;
                Ok(json!({"value": self.encode(&value)}))
            }
            Operation::Set(name, argument) => {
                let value = self.set(name, argument)?;
                Ok(json!({"value": self.encode(&value)}))
            }
            Operation::Run(module, argv) => {
                let status = self.run(module, argv)?;
                Ok(json!({"exit_code": status}))
            }
            Operation::Source(module, name, names) => {
                let text = self.source(module, name.as_deref(), *names)?;
                Ok(json!({"text": text}))
            }
            Operation::Quit => Ok(json!({})),
        }
    }

    /// Calls a value on arguments of a request.
    fn call(&mut self, callee: &Value, args: &[Argument]) -> Result<Value, Failure> {
        if matches!(self.engine, EngineChoice::Native(_)) && self.is_blue(callee) {
            return Err(blue_call());
        }
        let expected = self.parameter_types(callee);
        let mut values = Vec::with_capacity(args.len());
        for (index, arg) in args.iter().enumerate() {
            values.push(self.decode(arg, expected(index))?);
        }
        let mark = self.mark();
        let mut engine = self.engine.calls(&mut self.interp);
        let result = redshift::call(&mut self.program, &mut engine, callee, values)?;
        // A blue function may have made functions, which the next request may call.
        if self.is_blue(callee) {
            self.compile_since(mark)?;
        }
        Ok(result)
    }

    fn is_blue(&self, callee: &Value) -> bool {
        let ty = self.program.types.as_func(self.program.type_of(callee));
        ty.is_some_and(|ty| ty.color != FuncColor::Red)
    }

    /// The declared type of each parameter; of a type that is called, those of its fields.
    fn parameter_types(&self, callee: &Value) -> impl Fn(usize) -> TypeId + use<> {
        let func = self.program.types.as_func(self.program.type_of(callee));
        let (mut types, mut rest) = (Vec::new(), TypeId::DYNAMIC);
        for param in func.iter().flat_map(|ty| &ty.params) {
            match param.kind {
                ParamKind::Simple => types.push(param.ty),
                ParamKind::VarArgs(item) => rest = item,
            }
        }
        if let Value::Type(ty) = callee
            && let TypeKind::Struct(Some(layout)) = self.program.types.kind(*ty)
        {
            types = layout.fields.iter().map(|field| field.ty).collect();
        }
        move |index| types.get(index).copied().unwrap_or(rest)
    }

    fn set(&mut self, name: &Name, argument: &Argument) -> Result<Value, Failure> {
        let Some(global) = self.global(name)? else {
            self.read(name)?;
            let message = format!("invalid assignment target: `{}` is const", name.name);
            return Err(Diagnostic::new(ErrorKind::TypeError, message).into());
        };
        let ty = self.program.global(global).ty;
        let value = self.decode(argument, ty)?;
        let value = redshift::convert(&mut self.program, &mut self.interp, value, ty)?;
        match &mut self.engine {
            EngineChoice::Native(code) => code.store_global(&mut self.program, global, &value)?,
            EngineChoice::Interp | EngineChoice::Redshift => {
                self.program.store_global(global, &value);
            }
        }
        Ok(value)
    }

    /// Runs `main`; the exit status.
    fn run(&mut self, module: &str, argv: &[String]) -> Result<i128, Failure> {
        let id = self.module(module)?;
        let Some(main) = find_main(&self.program, id)? else {
            // A host that captures takes everything.
            let _ = self
                .interp
                .host()
                .write_stdout("Cannot find function main()\n");
            return Ok(0);
        };
        let main = Value::Func(main);
        let takes_arguments = self.program.types.as_func(self.program.type_of(&main));
        let args = match takes_arguments.is_some_and(|ty| !ty.params.is_empty()) {
            true => vec![Argument::Json(json!(argv))],
            false => Vec::new(),
        };
        let result = self.call(&main, &args)?;
        if let Value::Int(_, status) = result {
            return Ok(status);
        }
        Ok(0)
    }
}
