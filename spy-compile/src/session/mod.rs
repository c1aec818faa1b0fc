//! The native engine of sessions: compiled functions in a process of their own.
//!
//! After each load all red functions are compiled into a session host (see
//! `spy_runtime::abi::session` for the protocol), which is started and asked to call them. If the
//! code crashes only that process ends, and the next call starts another. `report` makes diagnostics
//! of what is reported of exceptions.

mod exchange;
mod report;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rustc_hash::FxHashMap;
use spy_interp::session::NativeCode;
use spy_lang::diagnostics::{Before, Diagnostic, ErrorKind};
use spy_lang::memory::{HeapObject, ObjectId, decode, encode};
use spy_lang::program::{ExceptionValue, Failure, FuncId, GlobalId, Program, Value};
use tempfile::TempDir;

use crate::artifact::{BuildOptions, can_export, compile_session, link_session};
use crate::mir::{Export, SlotKind, export_signature, is_portable};

/// Compiled functions of a session and the process that runs them.
#[derive(Default)]
pub struct NativeSession {
    directory: Option<TempDir>,
    executable: PathBuf,
    builds: u32,
    /// The number by which the host knows what it serves.
    numbers: FxHashMap<Export, usize>,
    host: Option<Host>,
    output: String,
}

/// A running session host.
struct Host {
    child: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Drop for Host {
    fn drop(&mut self) {
        // The host may have ended by itself; either way it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the host answered.
enum Reply {
    Slots(Vec<u64>),
    /// The exception, and those before it.
    Raised(Vec<Raised>),
}

/// An exception of the native code.
struct Raised {
    /// Whether it is the cause of the next one, rather than what was being handled.
    is_cause: bool,
    exception: ExceptionValue,
    /// What an uncaught one prints.
    report: String,
}

impl NativeSession {
    fn start(&mut self) -> Result<&mut Host, Failure> {
        if self.host.is_none() {
            let mut child = Command::new(&self.executable)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .map_err(|error| broken(&error.to_string()))?;
            let (Some(requests), Some(replies)) = (child.stdin.take(), child.stdout.take()) else {
                return Err(broken("the process has no pipes"));
            };
            let replies = BufReader::new(replies);
            self.host = Some(Host {
                child,
                requests,
                replies,
            });
        }
        self.host
            .as_mut()
            .ok_or_else(|| broken("the process has not started"))
    }

    /// Sends a request and reads its reply; a host that does not answer is forgotten.
    fn ask(
        &mut self,
        program: &mut Program,
        request: &[u8],
        kinds: &[SlotKind],
    ) -> Result<Reply, Failure> {
        let mut output = std::mem::take(&mut self.output);
        let host = self.start()?;
        let reply = host
            .requests
            .write_all(request)
            .and_then(|()| host.requests.flush())
            .ok()
            .and_then(|()| read_reply(&mut host.replies, program, kinds, &mut output));
        self.output = output;
        reply.ok_or_else(|| {
            self.host = None;
            let message = "the native code crashed";
            Failure::from(Diagnostic::new(ErrorKind::PanicError, message))
        })
    }
}

impl NativeCode for NativeSession {
    fn build(&mut self, program: &mut Program) -> Result<(), Failure> {
        let variables = self.variables(program);
        let mut exports = exportable(program);
        let object = match compile_session(program, &exports, &BuildOptions::DEBUG) {
            Ok(object) => object,
            Err(_) => {
                exports.retain(|export| can_export(program, *export, &BuildOptions::DEBUG));
                compile_session(program, &exports, &BuildOptions::DEBUG)
                    .map_err(|error| broken(&error.to_string()))?
            }
        };
        self.install(&object, exports)?;
        variables
            .into_iter()
            .try_for_each(|(global, value)| self.store_global(program, global, &value))
    }

    fn call(
        &mut self,
        program: &mut Program,
        callee: FuncId,
        args: &[Value],
    ) -> Result<Value, Failure> {
        let ty = program.types.as_func(program.func(callee).ty).cloned();
        let ty = ty.ok_or_else(|| broken("only functions are called"))?;
        let mut slots = Vec::new();
        for (param, arg) in ty.params.iter().zip(args) {
            encode(program, param.ty, arg, &mut slots);
        }
        let slots = self.request(program, Export::Call(callee), &slots)?;
        Ok(decode(program, ty.result, &slots))
    }

    fn load_global(&mut self, program: &mut Program, global: GlobalId) -> Result<Value, Failure> {
        let slots = self.request(program, Export::Load(global), &[])?;
        Ok(decode(program, program.global(global).ty, &slots))
    }

    fn store_global(
        &mut self,
        program: &mut Program,
        global: GlobalId,
        value: &Value,
    ) -> Result<(), Failure> {
        let mut slots = Vec::new();
        encode(program, program.global(global).ty, value, &mut slots);
        self.request(program, Export::Store(global), &slots)?;
        Ok(())
    }

    fn take_output(&mut self) -> String {
        std::mem::take(&mut self.output)
    }
}

impl NativeSession {
    /// Asks for something with these slots, and gets those of the result.
    fn request(
        &mut self,
        program: &mut Program,
        export: Export,
        slots: &[u64],
    ) -> Result<Vec<u64>, Failure> {
        let Some(number) = self.numbers.get(&export).copied() else {
            let fqn = match export {
                Export::Call(func) => &program.func(func).fqn,
                Export::Load(global) | Export::Store(global) => &program.global(global).fqn,
            };
            let name = program.human_name(fqn);
            let message = format!("`{name}` uses what native code does not support yet");
            return Err(Diagnostic::new(ErrorKind::NotImplementedError, message).into());
        };
        let signature = export_signature(program, export)?;
        let mut request = format!("call {number}").into_bytes();
        for (kind, slot) in signature.params.iter().zip(slots) {
            request.push(b' ');
            match kind {
                SlotKind::Word | SlotKind::Pointer => {
                    request.extend(slot.to_string().into_bytes());
                }
                SlotKind::Text | SlotKind::Bytes => {
                    let id = ObjectId::from_slot(*slot);
                    let content = if let HeapObject::Bytes(bytes) = program.heap.get(id) {
                        bytes
                    } else {
                        program.heap.str(id).as_bytes()
                    };
                    push_content(&mut request, content);
                }
                SlotKind::Exception => {
                    let id = ObjectId::from_slot(*slot);
                    let HeapObject::Value(Value::Exception(exception)) = program.heap.get(id)
                    else {
                        unreachable!("the slot is one of an exception")
                    };
                    let text = exchange::exception_text(program, exception);
                    push_content(&mut request, text.as_bytes());
                }
            }
        }
        request.push(b'\n');
        match self.ask(program, &request, &signature.results)? {
            Reply::Slots(slots) => Ok(slots),
            Reply::Raised(raised) => Err(failure(raised, program)),
        }
    }

    /// What the module variables of a running host hold, as far as another one can hold it.
    fn variables(&mut self, program: &mut Program) -> Vec<(GlobalId, Value)> {
        if self.host.is_none() {
            return Vec::new();
        }
        let served = all_globals(program).filter(|global| {
            self.numbers.contains_key(&Export::Load(*global)) && is_portable(program, *global)
        });
        let served: Vec<GlobalId> = served.collect();
        let mut variables = Vec::with_capacity(served.len());
        for global in served {
            if let Ok(value) = self.load_global(program, global) {
                variables.push((global, value));
            }
        }
        variables
    }

    /// Links the object and takes it into use.
    fn install(&mut self, object: &[u8], exports: Vec<Export>) -> Result<(), Failure> {
        if self.directory.is_none() {
            self.directory = Some(TempDir::new().map_err(|error| broken(&error.to_string()))?);
        }
        let Some(directory) = &self.directory else {
            return Err(broken("there is no directory to build in"));
        };
        self.builds += 1;
        self.executable = directory.path().join(format!("session{}", self.builds));
        link_session(object, &self.executable).map_err(|error| broken(&error.to_string()))?;
        let numbers = exports.into_iter().enumerate();
        self.numbers = numbers.map(|(number, export)| (export, number)).collect();
        self.host = None;
        Ok(())
    }
}

/// The red functions whose parameters and results can be passed, and such module variables.
fn exportable(program: &Program) -> Vec<Export> {
    let mut functions: Vec<FuncId> = program.ir.keys().copied().collect();
    functions.sort();
    let functions = functions.into_iter().map(Export::Call);
    let variables = all_globals(program).flat_map(|id| [Export::Load(id), Export::Store(id)]);
    functions
        .chain(variables)
        .filter(|export| export_signature(program, *export).is_ok())
        .collect()
}

fn all_globals(program: &Program) -> impl Iterator<Item = GlobalId> + use<> {
    let count = u32::try_from(program.globals.len()).expect("fewer than 2^32 variables");
    (0..count).map(GlobalId)
}

/// The failure that an exception and those before it, from the last to the first, make.
fn failure(raised: Vec<Raised>, program: &Program) -> Failure {
    let mut before = Before::Nothing;
    for raised in raised.into_iter().rev() {
        let mut failure = *raised.exception.to_failure();
        failure.at_run_time = true;
        failure.traceback = report::traceback(&raised.report, &program.sources);
        failure.before = before;
        let failure = Box::new(report::labelled(failure, program));
        before = if raised.is_cause {
            Before::Cause(failure)
        } else {
            Before::Context(failure)
        };
    }
    match before {
        Before::Cause(failure) | Before::Context(failure) => failure,
        Before::Nothing | Before::Hidden => broken("an exception got lost"),
    }
}

fn push_content(request: &mut Vec<u8>, content: &[u8]) {
    request.extend(format!("{}:", content.len()).into_bytes());
    request.extend(content);
}

/// Reads outputs and the reply after them; `None` if the host has ended or talks nonsense.
fn read_reply(
    replies: &mut BufReader<ChildStdout>,
    program: &mut Program,
    kinds: &[SlotKind],
    output: &mut String,
) -> Option<Reply> {
    loop {
        match word(replies)?.0.as_str() {
            "out" => {
                output.push_str(&text(replies)?);
                end_of_line(replies)?;
            }
            "ok" if kinds.is_empty() => return Some(Reply::Slots(Vec::new())),
            "ok" => {
                let mut slots = Vec::with_capacity(kinds.len());
                for kind in kinds {
                    slots.push(match kind {
                        SlotKind::Word | SlotKind::Pointer => word(replies)?.0.parse().ok()?,
                        SlotKind::Text | SlotKind::Bytes | SlotKind::Exception => {
                            let content = content(replies)?;
                            let object = object(*kind, content, program)?;
                            let slot = program.heap.add(object).slot();
                            separator(replies)?;
                            slot
                        }
                    });
                }
                return Some(Reply::Slots(slots));
            }
            "err" => {
                let count: usize = word(replies)?.0.parse().ok()?;
                let mut raised = Vec::new();
                for _ in 0..count {
                    let is_cause = word(replies)?.0 == "cause";
                    let exception = exchange::exception_of(program, &text(replies)?)?;
                    separator(replies)?;
                    let report = text(replies)?;
                    separator(replies)?;
                    raised.push(Raised {
                        is_cause,
                        exception,
                        report,
                    });
                }
                return Some(Reply::Raised(raised));
            }
            _ => return None,
        }
    }
}

/// The object of a result.
fn object(kind: SlotKind, content: Vec<u8>, program: &Program) -> Option<HeapObject> {
    if kind == SlotKind::Bytes {
        return Some(HeapObject::Bytes(content.into()));
    }
    let text = String::from_utf8(content).ok()?;
    if kind == SlotKind::Exception {
        let exception = exchange::exception_of(program, &text)?;
        return Some(HeapObject::Value(Value::Exception(exception.into())));
    }
    Some(HeapObject::text(&text))
}

/// The characters up to a blank, a colon or the end of the line, and which of them it was.
fn word(replies: &mut BufReader<ChildStdout>) -> Option<(String, u8)> {
    let mut bytes = Vec::new();
    loop {
        let byte = separator(replies)?;
        if matches!(byte, b' ' | b':' | b'\n') {
            return Some((String::from_utf8(bytes).ok()?, byte));
        }
        bytes.push(byte);
    }
}

/// `SIZE:TEXT`
fn text(replies: &mut BufReader<ChildStdout>) -> Option<String> {
    String::from_utf8(content(replies)?).ok()
}

/// `SIZE:BYTES`
fn content(replies: &mut BufReader<ChildStdout>) -> Option<Vec<u8>> {
    let size: usize = word(replies)?.0.parse().ok()?;
    let mut bytes = vec![0; size];
    replies.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// The next byte.
fn separator(replies: &mut BufReader<ChildStdout>) -> Option<u8> {
    let byte = *replies.fill_buf().ok()?.first()?;
    replies.consume(1);
    Some(byte)
}

fn end_of_line(replies: &mut BufReader<ChildStdout>) -> Option<()> {
    (separator(replies)? == b'\n').then_some(())
}

fn broken(reason: &str) -> Failure {
    let message = format!("native code cannot be run: {reason}");
    Diagnostic::new(ErrorKind::OsError, message).into()
}
