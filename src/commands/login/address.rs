//! The address that the browser ended on: pasted at a prompt, or read as one line of standard input.

use std::io::{self, BufRead, IsTerminal, Read};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};
use crate::hardening;
use crate::pending::LoginId;
use crate::term::{self, Term};

/// How often a signal is checked for.
const LOOK: Duration = Duration::from_millis(50);
/// Longer than any browser's URL.
const LONGEST: u64 = 64 << 10;

/// The source of addresses.
pub struct Address {
    id: LoginId,
    term: Term,
    limit: Duration,
    end: Instant,
}

impl Address {
    /// Fails for a terminal that must not prompt.
    pub fn from_input(id: &LoginId, limit: Duration, term: Term) -> Result<Address> {
        if !term.input && io::stdin().is_terminal() {
            return Err(Error::usage("no address comes from standard input, and no prompt is allowed")
                .hint(format!("pipe the address into `gads-creds login --finish {id}`, or leave `--no-input` out")));
        }
        Ok(Address { id: id.clone(), term, limit, end: Instant::now() + limit })
    }

    /// Whether another address can be entered: at a prompt.
    pub fn may_come_again(&self) -> bool {
        self.term.input
    }

    /// Waits for the next line that is not empty.
    pub fn next(&mut self) -> Result<String> {
        if self.term.input {
            self.term.must("Paste the address that the browser ended on, even if its page did not load:");
        }
        loop {
            let line = self.line()?.ok_or_else(|| self.ended(Kind::Usage, "no address came from standard input"))?;
            if !line.trim().is_empty() {
                return Ok(line);
            }
        }
    }

    /// Returns the next line; `None` at the end of the input. A thread reads it, because a blocked read cannot be
    /// cancelled.
    fn line(&self) -> Result<Option<String>> {
        let (sender, lines) = mpsc::channel();
        let is_terminal = self.term.input;
        let read = move || if is_terminal { term::lines::next() } else { bounded_line() };
        // After a time-out nobody receives the line.
        let reader = thread::Builder::new().name("address".to_owned()).spawn(move || drop(sender.send(read())));
        reader.map_err(|_| {
            Error::internal("this system lets no thread be started").hint("raise the limit of processes (`ulimit -u`)")
        })?;
        loop {
            match lines.recv_timeout(LOOK) {
                Ok(Ok(line)) => return Ok(line),
                Ok(Err(error)) => {
                    return Err(self.ended(Kind::Usage, &format!("cannot read the address: {}", error.kind())));
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(kind) = hardening::stopping() {
                return Err(self.ended(kind, if kind == Kind::Interrupted { "interrupted" } else { "terminated" }));
            }
            if Instant::now() >= self.end {
                let seconds = term::layout::counted(self.limit.as_secs(), "second");
                return Err(self.ended(Kind::ConsentTimedOut, &format!("no address came within {seconds}")));
            }
        }
    }

    fn ended(&self, kind: Kind, fact: &str) -> Error {
        let id = &self.id;
        Error::new(kind, format!("{fact}; login `{id}` is still pending"))
            .hint(format!("run `gads-creds login --finish {id}` and paste the address that the browser ended on"))
    }
}

fn bounded_line() -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = io::stdin().lock().take(LONGEST).read_line(&mut line)?;
    Ok((read > 0).then_some(line))
}
