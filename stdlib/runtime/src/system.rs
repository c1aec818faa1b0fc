//! What programs ask of the operating system: files, time, the terminal.
//!
//! A [`System`] is the state of one program: its open files, by number. Texts are UTF-8, lines end
//! with `\n`, nothing is translated. Reading is buffered, so positions are those of the program,
//! not of the descriptor; writing is too, until [`System::flush_all`] or the file is closed. Number
//! 0 is standard input.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::bytes;
use crate::error::{ErrorKind, Raise};

const CANNOT_OPEN: Raise = Raise::new(ErrorKind::OsError, "cannot open file");
const READ_ERROR: Raise = Raise::new(ErrorKind::OsError, "freadall: read error");
const LINE_ERROR: Raise = Raise::new(ErrorKind::OsError, "freadline: read error");
const WRITE_ERROR: Raise = Raise::new(ErrorKind::OsError, "fwrite: write error");
const SEEK_ERROR: Raise = Raise::new(ErrorKind::OsError, "fseek failed");
const TELL_ERROR: Raise = Raise::new(ErrorKind::OsError, "ftell failed");
const INVALID_MODE: Raise = Raise::new(ErrorKind::PanicError, "invalid mode for _fopen");

/// How many bytes are read or written at once.
const BUFFER_BYTES: usize = 1 << 16;
/// The size of a terminal that does not tell.
const FALLBACK_SIZE: (i32, i32) = (80, 24);

/// What a program has opened.
#[derive(Debug)]
pub struct System {
    files: Vec<Option<OpenFile>>,
}

#[derive(Debug)]
enum Channel {
    Disk(File),
    Stdin,
}

#[derive(Debug)]
struct OpenFile {
    channel: Channel,
    readable: bool,
    writable: bool,
    /// What has been read from the channel; the program is at `at`.
    read: Vec<u8>,
    at: usize,
    /// What has not been written to the channel yet.
    written: Vec<u8>,
}

impl System {
    /// A program that has opened nothing but standard input.
    pub const fn new() -> Self {
        Self { files: Vec::new() }
    }

    /// The number of a newly opened file.
    ///
    /// Fails with `PanicError` for a mode that is not one of `r w a` and perhaps a `+`, with
    /// `OSError` if the file cannot be opened.
    pub fn open(&mut self, name: &str, mode: &str) -> Result<i32, Raise> {
        let file = OpenFile::open(name, mode)?;
        self.prepare();
        let free = self.files.iter().position(Option::is_none);
        let number = free.unwrap_or(self.files.len());
        if number == self.files.len() {
            self.files.push(None);
        }
        self.files[number] = Some(file);
        i32::try_from(number).map_err(|_| CANNOT_OPEN)
    }

    /// Up to `count` characters, or all that are left if it is negative.
    pub fn read(&mut self, number: i32, count: i32) -> Result<String, Raise> {
        let file = self.file(number, &READ_ERROR)?;
        let limit = usize::try_from(count).ok();
        let end = file.characters(limit).map_err(|_| READ_ERROR)?;
        file.take(end)
    }

    /// The next line with its end; empty if there is none.
    pub fn read_line(&mut self, number: i32) -> Result<String, Raise> {
        let file = self.file(number, &LINE_ERROR)?;
        let end = file.line().map_err(|_| LINE_ERROR)?;
        file.take(end)
    }

    /// Writes a text; the number of its characters.
    pub fn write(&mut self, number: i32, text: &str) -> Result<i32, Raise> {
        let file = self.file(number, &WRITE_ERROR)?;
        file.write(text.as_bytes()).map_err(|_| WRITE_ERROR)?;
        Ok(crate::string::len(text) as i32)
    }

    /// Moves to a position: from the start (0), from here (1), or from the end (2); the new one.
    pub fn seek(&mut self, number: i32, offset: i32, whence: i32) -> Result<i32, Raise> {
        let file = self.file(number, &SEEK_ERROR)?;
        let to = match whence {
            0 => SeekFrom::Start(u64::try_from(offset).map_err(|_| SEEK_ERROR)?),
            1 => SeekFrom::Current(i64::from(offset)),
            2 => SeekFrom::End(i64::from(offset)),
            _ => return Err(SEEK_ERROR),
        };
        let position = file.seek(to).map_err(|_| SEEK_ERROR)?;
        Ok(i32::try_from(position).unwrap_or(i32::MAX))
    }

    /// The position in bytes.
    pub fn tell(&mut self, number: i32) -> Result<i32, Raise> {
        let file = self.file(number, &TELL_ERROR)?;
        let position = file.tell().map_err(|_| TELL_ERROR)?;
        Ok(i32::try_from(position).unwrap_or(i32::MAX))
    }

    /// Passes on what has been written to a file.
    pub fn flush(&mut self, number: i32) -> Result<i32, Raise> {
        let file = self.file(number, &WRITE_ERROR)?;
        file.flush().map_err(|_| WRITE_ERROR)?;
        Ok(0)
    }

    /// The descriptor of a file; -1 if there is no such file.
    pub fn descriptor(&mut self, number: i32) -> i32 {
        match self.file(number, &READ_ERROR) {
            Ok(OpenFile {
                channel: Channel::Disk(file),
                ..
            }) => file.as_fd().as_raw_fd(),
            Ok(_) => 0,
            Err(_) => -1,
        }
    }

    /// Closes a file; its number may be given to the next one.
    pub fn close(&mut self, number: i32) -> Result<i32, Raise> {
        let flushed = self.flush(number);
        if let Some(slot) = usize::try_from(number)
            .ok()
            .and_then(|number| self.files.get_mut(number))
        {
            *slot = None;
        }
        flushed
    }

    /// Passes on what has been written to all files.
    pub fn flush_all(&mut self) {
        for file in self.files.iter_mut().flatten() {
            // Whoever wants to know has flushed or closed the file.
            let _ = file.flush();
        }
    }

    fn prepare(&mut self) {
        if self.files.is_empty() {
            self.files.push(Some(OpenFile::stdin()));
        }
    }

    fn file(&mut self, number: i32, missing: &Raise) -> Result<&mut OpenFile, Raise> {
        self.prepare();
        usize::try_from(number)
            .ok()
            .and_then(|number| self.files.get_mut(number)?.as_mut())
            .ok_or_else(|| missing.clone())
    }
}

impl Default for System {
    fn default() -> Self {
        Self::new()
    }
}

impl OpenFile {
    fn stdin() -> Self {
        Self::of(Channel::Stdin, true, false)
    }

    const fn of(channel: Channel, readable: bool, writable: bool) -> Self {
        Self {
            channel,
            readable,
            writable,
            read: Vec::new(),
            at: 0,
            written: Vec::new(),
        }
    }

    fn open(name: &str, mode: &str) -> Result<Self, Raise> {
        let (kind, both) = match mode {
            "r" | "w" | "a" => (mode, false),
            "r+" | "+r" => ("r", true),
            "w+" | "+w" => ("w", true),
            "a+" | "+a" => ("a", true),
            _ => return Err(INVALID_MODE),
        };
        let (readable, writable) = (both || kind == "r", both || kind != "r");
        let mut options = OpenOptions::new();
        options.read(readable);
        match kind {
            "w" => options.write(true).create(true).truncate(true),
            "a" => options.append(true).create(true),
            _ => options.write(writable),
        };
        let file = options.open(name).map_err(|_| CANNOT_OPEN)?;
        Ok(Self::of(Channel::Disk(file), readable, writable))
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if !self.readable {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.flush()?;
        if self.at == self.read.len() {
            self.read.clear();
            self.at = 0;
        }
        let known = self.read.len();
        self.read.resize(known + BUFFER_BYTES, 0);
        let into = &mut self.read[known..];
        let count = match &mut self.channel {
            Channel::Disk(file) => file.read(into),
            Channel::Stdin => io::stdin().lock().read(into),
        };
        self.read.truncate(known + *count.as_ref().unwrap_or(&0));
        Ok(count? > 0)
    }

    /// Where this many characters end, or all.
    fn characters(&mut self, limit: Option<usize>) -> io::Result<usize> {
        let Some(limit) = limit else {
            while self.fill()? {}
            return Ok(self.read.len());
        };
        let (mut end, mut count) = (0, 0);
        loop {
            let rest = &self.read[self.at + end..];
            match rest.first() {
                Some(first) if count < limit && rest.len() >= character_len(*first) => {
                    end += character_len(*first);
                    count += 1;
                }
                _ if count == limit => return Ok(self.at + end),
                // A character may be cut off at the end of the file.
                _ => {
                    if !self.fill()? {
                        return Ok(self.read.len());
                    }
                }
            }
        }
    }

    /// Where the line ends.
    fn line(&mut self) -> io::Result<usize> {
        let mut searched = 0;
        loop {
            let rest = &self.read[self.at + searched..];
            if let Some(found) = rest.iter().position(|byte| *byte == b'\n') {
                return Ok(self.at + searched + found + 1);
            }
            searched = self.read.len() - self.at;
            if !self.fill()? {
                return Ok(self.read.len());
            }
        }
    }

    fn take(&mut self, end: usize) -> Result<String, Raise> {
        let start = std::mem::replace(&mut self.at, end);
        bytes::decode(&self.read[start..end]).map(str::to_owned)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.writable {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.forget_read()?;
        self.written.extend_from_slice(bytes);
        if self.written.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Moves the channel to where the program is.
    fn forget_read(&mut self) -> io::Result<()> {
        let ahead = self.read.len() - self.at;
        self.read.clear();
        self.at = 0;
        if let (Channel::Disk(file), 1..) = (&mut self.channel, ahead) {
            file.seek(SeekFrom::Current(-(ahead as i64)))?;
        }
        Ok(())
    }

    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.flush()?;
        self.forget_read()?;
        match &mut self.channel {
            Channel::Disk(file) => file.seek(to),
            Channel::Stdin => Err(io::ErrorKind::NotSeekable.into()),
        }
    }

    fn tell(&mut self) -> io::Result<u64> {
        self.flush()?;
        let ahead = (self.read.len() - self.at) as u64;
        match &mut self.channel {
            Channel::Disk(file) => Ok(file.stream_position()? - ahead),
            Channel::Stdin => Err(io::ErrorKind::NotSeekable.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let written = std::mem::take(&mut self.written);
        match &mut self.channel {
            Channel::Disk(file) => file.write_all(&written),
            Channel::Stdin => Ok(()),
        }
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        // Whoever wants to know has flushed or closed the file.
        let _ = self.flush();
    }
}

/// The bytes of the character that starts with this byte.
const fn character_len(first: u8) -> usize {
    match first {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
        0..=0xbf => 1,
    }
}

/// Seconds since 1970.
pub fn time() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |passed| passed.as_secs_f64())
}

/// Waits; not at all if `seconds` is not positive.
pub fn sleep(seconds: f64) {
    if let Ok(duration) = Duration::try_from_secs_f64(seconds) {
        std::thread::sleep(duration);
    }
}

/// Whether a descriptor belongs to a terminal.
pub fn is_terminal(descriptor: i32) -> bool {
    match descriptor {
        0 => io::stdin().is_terminal(),
        1 => io::stdout().is_terminal(),
        2 => io::stderr().is_terminal(),
        _ => false,
    }
}

/// Columns and lines of the terminal, as the environment says; 80 and 24 if it does not.
pub fn terminal_size() -> (i32, i32) {
    let number = |name: &str, fallback: i32| {
        let value = std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok());
        value.filter(|number| *number > 0).unwrap_or(fallback)
    };
    let (columns, lines) = FALLBACK_SIZE;
    (number("COLUMNS", columns), number("LINES", lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> String {
        let name = format!("spy-system-{}-{name}", std::process::id());
        std::env::temp_dir()
            .join(name)
            .to_string_lossy()
            .into_owned()
    }

    #[test]
    fn reading_and_writing_share_a_position() {
        let name = scratch("shared");
        let mut system = System::new();
        let file = system.open(&name, "w+").unwrap();
        system.write(file, "one\nzwölf\n").unwrap();
        assert_eq!(system.seek(file, 0, 0), Ok(0));
        assert_eq!(system.read_line(file).unwrap(), "one\n");
        assert_eq!(system.read(file, 3).unwrap(), "zwö");
        assert_eq!(system.tell(file), Ok(8));
        system.write(file, "LF").unwrap();
        assert_eq!(system.seek(file, 0, 0), Ok(0));
        assert_eq!(system.read(file, -1).unwrap(), "one\nzwöLF\n");
        assert_eq!(system.read_line(file).unwrap(), "");
        system.close(file).unwrap();
        std::fs::remove_file(name).unwrap();
    }

    #[test]
    fn modes_and_failures_have_their_errors() {
        let mut system = System::new();
        assert_eq!(system.open("x", "rb"), Err(INVALID_MODE));
        assert_eq!(system.open("/no/such/file", "r"), Err(CANNOT_OPEN));
        let name = scratch("modes");
        let file = system.open(&name, "w").unwrap();
        assert_eq!(system.read(file, -1), Err(READ_ERROR));
        assert_eq!(system.read_line(file), Err(LINE_ERROR));
        assert_eq!(system.seek(file, -1, 0), Err(SEEK_ERROR));
        system.close(file).unwrap();
        assert_eq!(system.write(file, "x"), Err(WRITE_ERROR));
        std::fs::remove_file(name).unwrap();
    }
}
