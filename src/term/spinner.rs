//! A line that shows that a wait goes on, never wider than the terminal, or one that invites input during it. Both make way
//! for every other line.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError::Timeout};
use std::thread;
use std::time::Duration;

use super::{Stream, layout, lines};

/// The time between two frames.
const FRAME: Duration = Duration::from_millis(120);

/// Set permanently once a program that we started has written to the terminal: no spinner overwrites it.
static RELAYED: AtomicBool = AtomicBool::new(false);
/// The number of columns that the current line takes.
static SHOWN: AtomicUsize = AtomicUsize::new(0);

/// A wait: its line is removed when this is dropped.
pub struct Spinner {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Returns the text of the line, for each frame.
pub type Text = Box<dyn Fn() -> String + Send>;

impl Spinner {
    /// Starts after a second; `None` shows nothing.
    pub fn start(what: Option<Text>) -> Spinner {
        let Some(text) = what else { return Spinner { stop: None, thread: None } };
        let (stop, stopped) = mpsc::channel::<()>();
        let turn = move || {
            let mut wait = Duration::from_secs(1);
            for frame in ["|", "/", "-", "\\"].iter().cycle() {
                if stopped.recv_timeout(wait) != Err(Timeout) || !draw(&format!("{frame} {}", text())) {
                    break;
                }
                wait = FRAME;
            }
            clear(&mut io::stderr().lock());
        };
        // If the system cannot start a thread, the wait goes on without a line.
        Spinner { stop: Some(stop), thread: thread::Builder::new().spawn(turn).ok() }
    }

    /// Shows a prompt, and again below whatever else was printed: what is typed behind it is never drawn over.
    pub fn prompt(text: &'static str, is_shown: bool) -> Spinner {
        if !is_shown {
            return Spinner { stop: None, thread: None };
        }
        let (stop, stopped) = mpsc::channel::<()>();
        let turn = move || {
            loop {
                let mut stderr = io::stderr().lock();
                if lines::in_foreground(&stderr) && SHOWN.load(Relaxed) == 0 && !RELAYED.load(Relaxed) {
                    SHOWN.store(layout::width(text) + 1, Relaxed);
                    let _ = write!(stderr, "{text} ").and_then(|()| stderr.flush());
                }
                drop(stderr);
                if stopped.recv_timeout(FRAME) != Err(Timeout) {
                    break;
                }
            }
            clear(&mut io::stderr().lock());
        };
        Spinner { stop: Some(stop), thread: thread::Builder::new().spawn(turn).ok() }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Draws the line; returns whether to go on.
fn draw(line: &str) -> bool {
    let mut stderr = io::stderr().lock();
    if RELAYED.load(Relaxed) {
        return false;
    }
    // The line belongs to the foreground process.
    if !lines::in_foreground(&stderr) {
        SHOWN.store(0, Relaxed);
        return true;
    }
    let line = layout::cut(line, room());
    let before = SHOWN.swap(layout::width(&line), Relaxed);
    // A terminal that is closed shows nothing.
    let _ =
        write!(stderr, "\r{line}{}\r", rest(before.saturating_sub(layout::width(&line)))).and_then(|()| stderr.flush());
    true
}

/// Removes the line, so that another can be written in its place; the next frame draws it again below.
pub fn clear(stderr: &mut impl Write) {
    let width = SHOWN.swap(0, Relaxed);
    if width > 0 {
        let _ = write!(stderr, "\r{}\r", rest(width)).and_then(|()| stderr.flush());
    }
}

/// Removes what the line of the cursor shows, such as `^C`; a terminal without escape sequences begins a new one.
pub fn erase(stderr: &mut impl Write) {
    let width = SHOWN.swap(0, Relaxed).max("^C".len());
    let text = if Stream::stderr().escapes { format!("\r{}\r", rest(width)) } else { "\n".to_owned() };
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}

/// What erases the rest of the line, of which so many columns are known to be in use: EL of ECMA-48, which also finds what a
/// window that became narrower has moved; with `NO_COLOR` there are no escape sequences, and spaces must do.
fn rest(width: usize) -> String {
    if Stream::stderr().color { "\x1b[K".to_owned() } else { " ".repeat(width.min(room())) }
}

/// Returns how many columns the line may take: the terminal may have been resized since the last frame. The last column
/// stays free: some terminals break the line there.
fn room() -> usize {
    Stream::stderr().columns.unwrap_or_default().saturating_sub(1)
}

/// Stops drawing: a program that we started is writing now.
pub fn give_way() {
    RELAYED.store(true, Relaxed);
}
