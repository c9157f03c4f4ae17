//! What the user pastes into the terminal during a login.
//!
//! The thread polls for a line before it reads one, and stops when the reader is dropped: the next prompt must find the
//! terminal free.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::google::authorization_response::{self, AuthorizationResponse, Rejection, ResponseChecks};
use crate::term::lines;

const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// What came from the terminal.
#[derive(Debug)]
pub enum Pasted {
    /// One line, or all lines of one paste.
    Lines(Vec<String>),
    /// The end of the input, which on a terminal is Ctrl-D and may be followed by more.
    End,
}

/// Reads from the terminal on standard input.
#[derive(Debug)]
pub struct PastedLines {
    received: mpsc::UnboundedReceiver<Pasted>,
    stop: Arc<AtomicBool>,
}

impl PastedLines {
    /// Starts reading if there is a terminal. Without one, or without a thread to read it, nothing comes.
    pub fn read(has_terminal: bool) -> PastedLines {
        let (sender, received) = mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        if has_terminal {
            let stopped = Arc::clone(&stop);
            let _ = std::thread::Builder::new().spawn(move || while forward(&sender, &stopped).is_some() {});
        }
        PastedLines { received, stop }
    }

    /// Returns what has come; `None` if that is nothing yet.
    pub fn poll(&mut self) -> Option<Pasted> {
        match self.received.try_recv() {
            Ok(pasted) => Some(pasted),
            Err(mpsc::error::TryRecvError::Empty) => None,
            Err(mpsc::error::TryRecvError::Disconnected) => Some(Pasted::End),
        }
    }

    /// Returns what comes next; `None` if nothing can come any more.
    pub async fn next(&mut self) -> Option<Pasted> {
        self.received.recv().await
    }
}

impl Drop for PastedLines {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

/// Waits for a line for a moment and forwards it with those that came with it; `None` when it is time to stop.
fn forward(pasted: &mpsc::UnboundedSender<Pasted>, stopped: &AtomicBool) -> Option<()> {
    let mut batch = Vec::new();
    let mut has_ended = false;
    loop {
        let has_line = lines::is_there(POLL_INTERVAL);
        if stopped.load(Ordering::SeqCst) {
            return None;
        }
        if !has_line? {
            break;
        }
        match lines::next() {
            Ok(Some(line)) => batch.push(line),
            Ok(None) => {
                has_ended = true;
                break;
            }
            Err(_) => return None,
        }
    }
    if !batch.is_empty() {
        pasted.send(Pasted::Lines(batch)).ok()?;
    }
    if has_ended {
        pasted.send(Pasted::End).ok()?;
    }
    Some(())
}

/// The text of a response that may come in several lines, as terminals and mail programs wrap it.
#[derive(Debug, Default)]
pub struct PastedText {
    /// The beginning of a response, whose rest is still to come.
    start: String,
    /// Nobody can be asked whether a response is whole, and a whole mail may have come.
    is_piped: bool,
}

impl PastedText {
    /// The text of standard input, where other text may surround the response.
    pub fn piped() -> PastedText {
        PastedText { is_piped: true, ..PastedText::default() }
    }

    /// Adds the lines of one paste. Returns what they say with what was pasted before; `None` if they say nothing.
    pub fn add(
        &mut self,
        lines: &[String],
        checks: &ResponseChecks,
    ) -> Option<Result<AuthorizationResponse, Rejection>> {
        let mut result = None;
        for line in lines {
            result = self.add_line(&lines::cleaned(line), checks).or(result);
            if matches!(result, Some(Ok(_))) {
                break;
            }
        }
        result
    }

    /// Whether it may go on: what came so far is the beginning of a response.
    pub fn is_incomplete(&self) -> bool {
        !self.start.is_empty()
    }

    fn add_line(&mut self, line: &str, checks: &ResponseChecks) -> Option<Result<AuthorizationResponse, Rejection>> {
        // Mail programs mark quoted lines.
        let line = line.trim_start_matches(['>', ' ']);
        if self.is_piped {
            return self.add_piped(line, checks);
        }
        let start = std::mem::take(&mut self.start);
        if line.is_empty() {
            // Enter after a response that may be incomplete: it was all.
            return (!start.is_empty()).then(|| authorization_response::from_pasted(&start, checks));
        }
        self.join(start, address_in(line, checks).unwrap_or(line), checks)
    }

    fn add_piped(&mut self, line: &str, checks: &ResponseChecks) -> Option<Result<AuthorizationResponse, Rejection>> {
        if line.is_empty() {
            let rejection = authorization_response::from_pasted(&self.start, checks).err();
            return (!self.start.is_empty()).then(|| Err(rejection.unwrap_or(Rejection::MayBeTruncated)));
        }
        let line = address_in(line, checks).or((!line.contains(char::is_whitespace)).then_some(line))?;
        let start = std::mem::take(&mut self.start);
        let is_first = start.is_empty();
        self.join(start, line, checks).filter(|result| {
            // A word without a parameter is text around the address.
            !(is_first && matches!(result, Err(Rejection::Truncated | Rejection::NotAUrl)) && !checks.may_go_on(line))
        })
    }

    /// Adds a line to the beginning of a response.
    fn join(
        &mut self,
        start: String,
        line: &str,
        checks: &ResponseChecks,
    ) -> Option<Result<AuthorizationResponse, Rejection>> {
        // A line that begins as an address does, or is a whole response, goes on from nothing.
        let is_first = checks.begins_address(line) || authorization_response::from_pasted(line, checks).is_ok();
        let start = if is_first { String::new() } else { start };
        let joined = format!("{start}{line}");
        match authorization_response::from_pasted(&joined, checks) {
            Ok(_) if ends_with_code(&joined) => {
                self.start = joined;
                Some(Err(Rejection::MayBeTruncated))
            }
            Err(Rejection::Truncated) if checks.may_go_on(&joined) => {
                self.start = joined;
                Some(Err(Rejection::Truncated))
            }
            // It does not go on from what was pasted before.
            Err(_) if !start.is_empty() => self.add_line(line, checks),
            result => Some(result),
        }
    }
}

/// Returns the address in a line that has other text before or after it, as chats, shells and markup have; in the first line of
/// a request it has no origin.
fn address_in<'l>(line: &'l str, checks: &ResponseChecks) -> Option<&'l str> {
    let in_request = || {
        let begin = line.find("GET ")? + "GET ".len();
        line[begin..].starts_with(checks.redirect_uri.path()).then_some(begin)
    };
    let begin = line.find(checks.start()).or_else(in_request)?;
    let is_behind = |char: char| char.is_whitespace() || (begin > 0 && "\"'`<>()[]^".contains(char));
    line.get(begin..)?.split(is_behind).next()
}

/// Whether nothing follows the code, so that a part of it may be missing.
fn ends_with_code(text: &str) -> bool {
    text.rsplit(['?', '&']).next().is_some_and(|last| last.starts_with("code="))
}
