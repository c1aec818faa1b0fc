//! A program that another process drives: it serves calls of its functions.
//!
//! A request on standard input is a line `call NUMBER SLOT…`. A slot is a decimal number (integers
//! zero-extended, floats by their bits, addresses) or a text or bytes, `SIZE:TEXT` with its size in
//! bytes. The reply on standard output is `ok SLOT…` with the slots of the result, or after an
//! exception `err COUNT` and for it and each one before it, from the last to the first,
//! `LINK SIZE:EXCEPTION SIZE:REPORT`: what it is to the next one, itself, and what it prints
//! uncaught. An exception, also as a slot, is a text of its kind in the first line, the lines of its
//! lineage, an empty line, and its message. Before the reply come the outputs of the call, in lines
//! `out SIZE:TEXT`. A request that makes no sense is answered by `bad`, and ends the program, as
//! does the end of its input. Variables keep their values from call to call.

use std::ffi::c_int;
use std::io::{BufRead, Read, StdinLock};

use super::exception::{Exception, Link};
use super::layout::{SESSION_RECORD_SIZE, SLOT_BYTES, SLOT_EXCEPTION, SLOT_POINTER, SLOT_TEXT};
use super::object::{Bytes, Str};
use super::start::on_large_stack;
use super::{exception, heap, stdout, traceback};

const GOOD_STATUS: i32 = 0;
const BAD_REQUEST_STATUS: i32 = 2;

/// A function of the program, as its table has it.
#[repr(C)]
struct Function {
    /// Takes the slots of its arguments and writes those of its result, which are zero before;
    /// returns whether it raised.
    call: unsafe extern "C" fn(*const u64, *mut u64) -> u32,
    params: Kinds,
    results: Kinds,
}

/// The kinds of the slots of parameters or results.
#[repr(C)]
struct Kinds {
    first: *const u8,
    count: usize,
}

const _: () = assert!(size_of::<Function>() == SESSION_RECORD_SIZE);

impl Kinds {
    fn bytes(&self) -> &'static [u8] {
        // SAFETY: compiled code has so many bytes of constant data there.
        unsafe { std::slice::from_raw_parts(self.first, self.count) }
    }
}

/// Serves calls of the functions of a table until the input ends.
///
/// # Safety
/// `functions` has `count` records that last as long as the program.
#[unsafe(no_mangle)]
unsafe extern "C" fn spy_session(functions: *const Function, count: usize) -> c_int {
    // SAFETY: the table that the contract promises.
    let functions: &'static [Function] = unsafe { std::slice::from_raw_parts(functions, count) };
    stdout::init_frames();
    on_large_stack(move || serve(functions))
}

// SAFETY: the table is constant.
unsafe impl Sync for Function {}

fn serve(functions: &[Function]) -> i32 {
    let mut input = Input(std::io::stdin().lock());
    loop {
        match input.request(functions) {
            Request::End => return GOOD_STATUS,
            Request::Bad => {
                stdout::reply(b"bad\n");
                return BAD_REQUEST_STATUS;
            }
            Request::Call(function, args) => stdout::reply(&answer(function, &args)),
        }
    }
}

/// The reply to a call.
fn answer(function: &Function, args: &[u64]) -> Vec<u8> {
    let kinds = function.results.bytes();
    let mut results = vec![0; kinds.len()];
    // SAFETY: there are as many arguments as parameters, each of its kind, and room for the
    // results.
    let raised = unsafe { (function.call)(args.as_ptr(), results.as_mut_ptr()) };
    heap::release_kept();
    let mut line = Vec::new();
    if raised == 0 {
        line.extend(b"ok");
        for (kind, slot) in kinds.iter().zip(results) {
            line.push(b' ');
            push_slot(&mut line, *kind, slot);
        }
    } else if let Some(raised) = exception::take() {
        let before = traceback::before(&raised);
        line.extend(format!("err {}", before.len() + 1).into_bytes());
        let own = traceback::report_one(&raised.exception, &raised.traceback);
        push_raised(&mut line, "last", &raised.exception, &own);
        for (exception, link) in before {
            let link = if link == Link::Cause {
                "cause"
            } else {
                "context"
            };
            let report = traceback::report_one(&exception, &exception.traceback());
            push_raised(&mut line, link, &exception, &report);
        }
    }
    line.push(b'\n');
    line
}

/// Appends an exception with what it prints.
fn push_raised(line: &mut Vec<u8>, link: &str, exception: &Exception, report: &str) {
    line.extend(format!(" {link} ").into_bytes());
    push_text(line, exception.to_text().as_bytes());
    line.push(b' ');
    push_text(line, report.as_bytes());
}

/// Appends a slot of a result.
fn push_slot(line: &mut Vec<u8>, kind: u8, slot: u64) {
    match kind {
        SLOT_TEXT | SLOT_BYTES if slot == 0 => push_text(line, b""),
        // SAFETY: the slot is that of a text.
        SLOT_TEXT => push_text(line, unsafe { Str::from_slot(slot) }.as_str().as_bytes()),
        // SAFETY: the slot is that of bytes.
        SLOT_BYTES => push_text(line, unsafe { Bytes::from_slot(slot) }.as_slice()),
        // SAFETY: the slot is that of an exception.
        SLOT_EXCEPTION => match unsafe { Exception::from_slot(slot) } {
            Some(exception) => push_text(line, exception.to_text().as_bytes()),
            None => push_text(line, b""),
        },
        _ => {
            if kind == SLOT_POINTER {
                heap::hold(slot as usize);
            }
            line.extend(slot.to_string().into_bytes());
        }
    }
}

fn push_text(line: &mut Vec<u8>, text: &[u8]) {
    line.extend(text.len().to_string().into_bytes());
    line.push(b':');
    line.extend(text);
}

/// What the driver wants.
enum Request<'f> {
    /// A function called with these slots.
    Call(&'f Function, Vec<u64>),
    /// Nothing that makes sense.
    Bad,
    /// No more.
    End,
}

struct Input(StdinLock<'static>);

impl Input {
    fn request<'f>(&mut self, functions: &'f [Function]) -> Request<'f> {
        let (word, end) = self.word();
        match (word.as_slice(), end) {
            (b"call", Some(b' ')) => match self.call(functions) {
                Some((function, args)) => Request::Call(function, args),
                None => Request::Bad,
            },
            (b"", None) => Request::End,
            _ => Request::Bad,
        }
    }

    fn call<'f>(&mut self, functions: &'f [Function]) -> Option<(&'f Function, Vec<u64>)> {
        let (number, mut end) = self.number()?;
        let function = functions.get(usize::try_from(number).ok()?)?;
        let mut args = Vec::new();
        for kind in function.params.bytes() {
            if end != b' ' {
                return None;
            }
            let (number, after) = self.number()?;
            end = after;
            args.push(match (*kind, after) {
                (SLOT_TEXT | SLOT_BYTES | SLOT_EXCEPTION, b':') => {
                    let content = self.content(number)?;
                    let text = || std::str::from_utf8(&content).ok();
                    let slot = match *kind {
                        SLOT_TEXT => Str::new(text()?).to_slot(),
                        SLOT_BYTES => Bytes::new(&content).to_slot(),
                        _ => Exception::from_text(text()?)?.to_slot(),
                    };
                    end = self.byte()?;
                    heap::keep(slot as usize);
                    slot
                }
                (SLOT_TEXT | SLOT_BYTES | SLOT_EXCEPTION, _) => return None,
                (_, b' ' | b'\n') => number,
                (_, _) => return None,
            });
        }
        (end == b'\n').then_some((function, args))
    }

    /// A decimal number and the byte behind it.
    fn number(&mut self) -> Option<(u64, u8)> {
        let (word, end) = self.word();
        let number = std::str::from_utf8(&word).ok()?.parse().ok()?;
        Some((number, end?))
    }

    fn content(&mut self, size_bytes: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.0.by_ref().take(size_bytes).read_to_end(&mut bytes);
        (read.ok()? as u64 == size_bytes).then_some(bytes)
    }

    /// The bytes up to a blank, a colon or the end of a line, and that byte unless the input ends.
    fn word(&mut self) -> (Vec<u8>, Option<u8>) {
        let mut word = Vec::new();
        loop {
            match self.byte() {
                Some(end @ (b' ' | b':' | b'\n')) => return (word, Some(end)),
                Some(byte) => word.push(byte),
                None => return (word, None),
            }
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.0.fill_buf().ok()?.first()?;
        self.0.consume(1);
        Some(byte)
    }
}
