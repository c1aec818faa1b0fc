//! Files, time and the terminal, for compiled programs.

use super::exception::Outcome;
use super::global::Global;
use super::object::Str;
use super::stdout;
use crate::error::Raise;
use crate::system::{self, System};

static SYSTEM: Global<System> = Global::new(System::new());

/// To be called when the program ends: passes on what has been written.
pub(super) fn flush() {
    SYSTEM.with(System::flush_all);
}

fn number(result: Result<i32, Raise>) -> Outcome<i64> {
    result.map(i64::from).into()
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_open(name: Str, mode: Str) -> Outcome<i64> {
    number(SYSTEM.with(|system| system.open(name.as_str(), mode.as_str())))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_read(file: i32, count: i32) -> Outcome<Option<Str>> {
    let text = SYSTEM.with(|system| system.read(file, count));
    Outcome::of_text(text.map(|text| Str::new(&text)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_read_line(file: i32) -> Outcome<Option<Str>> {
    if file == 0 {
        stdout::flush();
    }
    let line = SYSTEM.with(|system| system.read_line(file));
    Outcome::of_text(line.map(|line| Str::new(&line)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_write(file: i32, text: Str) -> Outcome<i64> {
    number(SYSTEM.with(|system| system.write(file, text.as_str())))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_seek(file: i32, offset: i32, whence: i32) -> Outcome<i64> {
    number(SYSTEM.with(|system| system.seek(file, offset, whence)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_tell(file: i32) -> Outcome<i64> {
    number(SYSTEM.with(|system| system.tell(file)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_flush(file: i32) -> Outcome<i64> {
    number(SYSTEM.with(|system| system.flush(file)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_descriptor(file: i32) -> i32 {
    SYSTEM.with(|system| system.descriptor(file))
}

#[unsafe(no_mangle)]
extern "C" fn spy_file_close(file: i32) -> Outcome<i64> {
    number(SYSTEM.with(|system| system.close(file)))
}

#[unsafe(no_mangle)]
extern "C" fn spy_is_terminal(descriptor: i32) -> bool {
    system::is_terminal(descriptor)
}

#[unsafe(no_mangle)]
extern "C" fn spy_terminal_columns() -> i32 {
    system::terminal_size().0
}

#[unsafe(no_mangle)]
extern "C" fn spy_terminal_lines() -> i32 {
    system::terminal_size().1
}

#[unsafe(no_mangle)]
extern "C" fn spy_time() -> f64 {
    system::time()
}

#[unsafe(no_mangle)]
extern "C" fn spy_sleep(seconds: f64) -> i32 {
    stdout::flush();
    system::sleep(seconds);
    0
}
