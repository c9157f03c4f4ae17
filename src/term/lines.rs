//! Lines from standard input, for a wait that may be given up: whether one is there is looked at before it is read, and a
//! line that nobody took is there for the next who asks.
//!
//! A job in the background reads nothing: the system would stop it ([`in_foreground`]).
//!
//! On Windows nobody can look into a console without reading from it. So one thread reads, from the first question on, and
//! what it has read waits here.

use std::io;
#[cfg(windows)]
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
#[cfg(windows)]
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// What a terminal puts around pasted text if a program asked for it and did not take it back.
const PASTE_MARKERS: [&str; 2] = ["\u{1b}[200~", "\u{1b}[201~"];

/// The line without what was not typed: its end, spaces around it, the marks of a bracketed paste, invisible characters.
pub fn cleaned(line: &str) -> String {
    let mut line = line.to_owned();
    for marker in PASTE_MARKERS {
        line = line.replace(marker, "");
    }
    line.retain(|char| char.is_control() || !super::is_unsafe(char));
    line.trim().to_owned()
}

/// Whether this process is in the foreground of that terminal. What is not a terminal has no background.
#[cfg(unix)]
pub fn in_foreground(terminal: impl std::os::fd::AsFd) -> bool {
    rustix::termios::tcgetpgrp(terminal).map_or(true, |group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
pub fn in_foreground<T>(_: T) -> bool {
    true
}

/// Whether a whole line, or the end of the input, comes within that time; none if that cannot be told any more.
#[cfg(unix)]
pub fn is_there(within: Duration) -> Option<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    if !in_foreground(&stdin) {
        std::thread::sleep(within);
        return Some(false);
    }
    let limit = Timespec::try_from(within).ok()?;
    match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&limit)) {
        Ok(ready) => Some(ready > 0),
        Err(rustix::io::Errno::INTR) => Some(false),
        Err(_) => None,
    }
}

/// The next line with its end; waits for it. None at the end of the input.
#[cfg(unix)]
pub fn next() -> io::Result<Option<String>> {
    read()
}

#[cfg(windows)]
pub fn is_there(within: Duration) -> Option<bool> {
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.waiting.is_none() {
        match lines.read.recv_timeout(within) {
            Ok(line) => lines.waiting = Some(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    Some(lines.waiting.is_some())
}

#[cfg(windows)]
pub fn next() -> io::Result<Option<String>> {
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = lines.waiting.take();
    waiting.or_else(|| lines.read.recv().ok()).unwrap_or(Ok(None))
}

fn read() -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line)?;
    Ok((read > 0).then_some(line))
}

#[cfg(windows)]
struct Lines {
    read: Receiver<io::Result<Option<String>>>,
    waiting: Option<io::Result<Option<String>>>,
}

#[cfg(windows)]
static LINES: LazyLock<Mutex<Lines>> = LazyLock::new(|| {
    let (sender, read) = mpsc::channel();
    std::thread::spawn(move || {
        loop {
            let line = self::read();
            let more = matches!(line, Ok(Some(_)));
            if sender.send(line).is_err() || !more {
                return;
            }
        }
    });
    Mutex::new(Lines { read, waiting: None })
});
