//! Lines from the terminal while a login waits, and no more than the lines: a question that is asked afterwards must find the
//! terminal free. So the thread that reads looks whether there is a line before it reads one, and stops when it is dropped.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

/// The terminal on standard input, if there is one.
#[derive(Debug)]
pub struct Paste {
    lines: mpsc::UnboundedReceiver<String>,
    stop: Arc<AtomicBool>,
}

impl Paste {
    /// Reads from the terminal until dropped; where there is none, no line ever comes.
    pub fn new(terminal: bool) -> Paste {
        let (sender, lines) = mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        if terminal {
            let stopped = Arc::clone(&stop);
            std::thread::spawn(move || while pass_on(&sender, &stopped).is_some() {});
        }
        Paste { lines, stop }
    }

    /// The next line that is not empty; pends for ever when there is none to come.
    pub async fn line(&mut self) -> String {
        match self.lines.recv().await {
            Some(line) => line,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Paste {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

/// Waits a moment for a line and passes it on; none when it is time to stop.
fn pass_on(lines: &mpsc::UnboundedSender<String>, stopped: &AtomicBool) -> Option<()> {
    let there = is_there();
    if stopped.load(Ordering::SeqCst) {
        return None;
    }
    if !there? {
        return Some(());
    }
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line).ok()?;
    if !line.trim().is_empty() {
        lines.send(line).ok()?;
    }
    (read > 0).then_some(())
}

/// Whether a whole line is there; none if that cannot be told any more.
#[cfg(unix)]
fn is_there() -> Option<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let moment = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
    match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&moment)) {
        Ok(ready) => Some(ready > 0),
        Err(rustix::io::Errno::INTR) => Some(false),
        Err(_) => None,
    }
}

/// Elsewhere a read cannot be looked ahead; who asks for [`Paste`] there has no other way to get the answer.
#[cfg(not(unix))]
fn is_there() -> Option<bool> {
    Some(true)
}
