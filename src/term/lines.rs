//! Reads lines from standard input for a wait that may be cancelled: a line is read only once it is known to be there,
//! and an unread line is left for the next prompt.
//!
//! A background job reads nothing: the system would stop it ([`in_foreground`]).
//!
//! On Windows a console cannot be checked without reading from it. One thread reads from the first prompt on, and its
//! lines are kept here.

use std::io::{self, BufRead as _};
#[cfg(windows)]
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
#[cfg(windows)]
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// What a terminal puts around pasted text if a program turned that on and not off again.
const PASTE_MARKERS: [&str; 2] = ["\u{1b}[200~", "\u{1b}[201~"];

/// Returns the line without what was not typed: its end, spaces around it, bracketed-paste markers, invisible
/// characters.
pub fn cleaned(line: &str) -> String {
    let mut line = line.to_owned();
    for marker in PASTE_MARKERS {
        line = line.replace(marker, "");
    }
    line.retain(|char| char.is_control() || !super::escape::is_unsafe(char));
    line.trim().to_owned()
}

/// Whether this process is in the foreground of that terminal. True for what is not a terminal.
#[cfg(unix)]
pub fn in_foreground(terminal: impl std::os::fd::AsFd) -> bool {
    rustix::termios::tcgetpgrp(terminal).map_or(true, |group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
pub fn in_foreground<T>(_: T) -> bool {
    true
}

/// Whether it is a terminal that was closed.
#[cfg(unix)]
fn is_closed(terminal: impl std::os::fd::AsFd) -> bool {
    rustix::termios::tcgetpgrp(terminal).is_err_and(|error| error == rustix::io::Errno::IO)
}

/// Whether a whole line, or the end of the input, arrives within that time; `None` if nothing can arrive any more, such
/// as from a terminal that was closed: every read from that one returns the end of the input at once.
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
        Ok(ready) if ready > 0 && is_closed(&stdin) => None,
        Ok(ready) => Some(ready > 0),
        Err(rustix::io::Errno::INTR) => Some(false),
        Err(_) => None,
    }
}

/// Waits for the next line and returns it with its end; `None` at the end of the input.
#[cfg(unix)]
pub fn next() -> io::Result<Option<String>> {
    read()
}

/// Drops what was typed so far: it does not answer a question that is still to be put.
#[cfg(unix)]
pub fn drop_typed() {
    use rustix::termios::{QueueSelector, tcflush};
    // The system would stop a background job.
    if in_foreground(io::stdin()) {
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

#[cfg(windows)]
pub fn drop_typed() {
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    lines.waiting = None;
    while lines.read.try_recv().is_ok() {}
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
    let mut line = Vec::new();
    let read = io::stdin().lock().read_until(b'\n', &mut line)?;
    // What is not UTF-8 answers nothing, and is asked again.
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
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
