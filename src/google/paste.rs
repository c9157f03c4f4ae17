//! Lines from the terminal while a login waits, and no more than the lines: a question that is asked afterwards must find the
//! terminal free. So the thread that reads looks whether there is a line before it reads one, and stops when it is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::term;

/// How long the thread looks before it asks whether it is still needed.
const MOMENT: Duration = Duration::from_millis(100);

/// The terminal on standard input, if there is one.
#[derive(Debug)]
pub struct Paste {
    lines: mpsc::UnboundedReceiver<String>,
    stop: Arc<AtomicBool>,
}

impl Paste {
    /// Reads from the terminal until dropped; where there is none, or no thread to read it, its end has come.
    pub fn new(terminal: bool) -> Paste {
        let (sender, lines) = mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        if terminal {
            let stopped = Arc::clone(&stop);
            let _ = std::thread::Builder::new().spawn(move || while pass_on(&sender, &stopped).is_some() {});
        }
        Paste { lines, stop }
    }

    /// The next line that is not empty; none when there is none to come.
    pub async fn line(&mut self) -> Option<String> {
        self.lines.recv().await
    }
}

impl Drop for Paste {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

/// Waits a moment for a line and passes it on; none when it is time to stop.
fn pass_on(lines: &mpsc::UnboundedSender<String>, stopped: &AtomicBool) -> Option<()> {
    let there = term::lines::is_there(MOMENT);
    if stopped.load(Ordering::SeqCst) {
        return None;
    }
    if !there? {
        return Some(());
    }
    let line = term::lines::next().ok()??;
    if !line.trim().is_empty() {
        lines.send(line).ok()?;
    }
    Some(())
}
