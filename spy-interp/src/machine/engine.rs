//! The interpreter as the compiler's engine.

use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::Prim;
use spy_lang::memory::{decode, encode};
use spy_lang::program::{Engine, Failure, FuncBody, FuncId, Program, Value};

use super::{CodeIndex, Interp};
use crate::lower;

impl Engine for Interp {
    fn call(
        &mut self,
        program: &mut Program,
        callee: FuncId,
        args: &[Value],
    ) -> Result<Value, Failure> {
        if program.ir.contains_key(&callee) {
            return self.call_red(program, callee, args);
        }
        match &program.func(callee).body {
            FuncBody::Source(_) | FuncBody::StructMethod(_) => self.call_red(program, callee, args),
            FuncBody::MakeStruct(ty) => Ok(Value::Struct(*ty, args.into())),
            FuncBody::Prim(prim) => {
                let prim = *prim;
                self.apply(program, prim, args)
            }
            FuncBody::Builtin(_) | FuncBody::Memory(_) | FuncBody::GenericClass(_) => {
                let name = program.human_name(&program.func(callee).fqn);
                let message = format!("`{name}` was left to the interpreter");
                Err(Box::new(Diagnostic::new(ErrorKind::InternalError, message)))
            }
        }
    }

    fn apply(
        &mut self,
        program: &mut Program,
        prim: Prim,
        args: &[Value],
    ) -> Result<Value, Failure> {
        let (_, result) = prim.signature();
        let code = lower::application(program, prim, args)?;
        let slots = self.enter_code(program, &code, program.types.slots(result))?;
        Ok(decode(program, result, &slots))
    }
}

impl Interp {
    fn call_red(
        &mut self,
        program: &mut Program,
        callee: FuncId,
        args: &[Value],
    ) -> Result<Value, Failure> {
        let ty = program.types.as_func(program.func(callee).ty).cloned();
        let ty = ty.expect("functions have function types");
        let mut slots = Vec::new();
        for (param, arg) in ty.params.iter().zip(args) {
            encode(program, param.ty, arg, &mut slots);
        }
        let result_slots = program.types.slots(ty.result);
        let result = self.enter(program, CodeIndex::of(callee), &slots, result_slots)?;
        Ok(decode(program, ty.result, &result))
    }
}
