//! Lines that the user pastes into the terminal during a login.
//!
//! The thread polls for a line before it reads one, and stops when the reader is dropped: the next prompt must find the
//! terminal free.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::term;

const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Reads lines from the terminal on standard input.
#[derive(Debug)]
pub struct PastedLines {
    lines: mpsc::UnboundedReceiver<String>,
    stop: Arc<AtomicBool>,
}

impl PastedLines {
    /// Starts reading if there is a terminal. Without one, or without a thread to read it, there are no lines.
    pub fn read(has_terminal: bool) -> PastedLines {
        let (sender, lines) = mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        if has_terminal {
            let stopped = Arc::clone(&stop);
            let _ = std::thread::Builder::new().spawn(move || while forward_line(&sender, &stopped).is_some() {});
        }
        PastedLines { lines, stop }
    }

    /// Returns the next line that is not empty; none at the end of the input.
    pub async fn next(&mut self) -> Option<String> {
        self.lines.recv().await
    }
}

impl Drop for PastedLines {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

/// Waits for a line for a moment and forwards it; none when it is time to stop.
fn forward_line(lines: &mpsc::UnboundedSender<String>, stopped: &AtomicBool) -> Option<()> {
    let has_line = term::lines::is_there(POLL_INTERVAL);
    if stopped.load(Ordering::SeqCst) {
        return None;
    }
    if !has_line? {
        return Some(());
    }
    let line = term::lines::next().ok()??;
    if !line.trim().is_empty() {
        lines.send(line).ok()?;
    }
    Some(())
}
