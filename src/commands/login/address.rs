//! The address that the browser ended on: pasted at a prompt, or on standard input.

use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};
use crate::google::{Pasted, PastedLines};
use crate::hardening;
use crate::pending::LoginId;
use crate::term::{self, Term};

/// How often a signal is checked for.
const LOOK: Duration = Duration::from_millis(50);
/// Longer than any browser's URL.
const LONGEST: u64 = 64 << 10;

/// Where addresses come from.
pub struct Addresses {
    id: LoginId,
    term: Term,
    limit: Duration,
    end: Instant,
    source: Source,
}

enum Source {
    Terminal(PastedLines),
    /// Standard input, as a thread reads it: reading cannot be given up.
    Piped(Receiver<io::Result<Pasted>>),
}

impl Addresses {
    /// Fails for a terminal at which nothing may be asked.
    pub fn from_input(id: &LoginId, limit: Duration, term: Term) -> Result<Addresses> {
        if !term.input && io::stdin().is_terminal() {
            return Err(Error::usage("no address comes from standard input, and no prompt is allowed")
                .hint(format!("pipe the address into `gads-creds login --finish {id}`, or leave `--no-input` out")));
        }
        let source = if term.input { Source::Terminal(PastedLines::read(true)) } else { Source::Piped(piped()?) };
        Ok(Addresses { id: id.clone(), term, limit, end: Instant::now() + limit, source })
    }

    /// Whether another address can be entered: at a prompt.
    pub fn may_come_again(&self) -> bool {
        self.term.input
    }

    pub fn ask(&self) {
        if self.term.input {
            self.term.must("Paste the address that the browser ended on, even if its page did not load:");
        }
    }

    /// Waits for the next lines, or for the end of the input.
    pub fn next(&mut self) -> Result<Pasted> {
        loop {
            let came = match &mut self.source {
                Source::Terminal(lines) => lines.poll(),
                Source::Piped(lines) => match lines.try_recv() {
                    Ok(Ok(lines)) => Some(lines),
                    Ok(Err(error)) => {
                        return Err(self.pending(Kind::Usage, &format!("cannot read the address: {}", error.kind())));
                    }
                    Err(TryRecvError::Disconnected) => Some(Pasted::End),
                    Err(TryRecvError::Empty) => None,
                },
            };
            if let Some(came) = came {
                return Ok(came);
            }
            if let Some(kind) = hardening::stopping() {
                return Err(self.pending(kind, if kind == Kind::Interrupted { "interrupted" } else { "terminated" }));
            }
            if Instant::now() >= self.end {
                let seconds = term::layout::counted(self.limit.as_secs(), "second");
                return Err(self.pending(Kind::ConsentTimedOut, &format!("no address came within {seconds}")));
            }
            thread::sleep(LOOK);
        }
    }

    /// What else is there already on standard input: the rest of an address that came in several lines.
    pub fn rest(&self) -> Vec<String> {
        let Source::Piped(lines) = &self.source else { return Vec::new() };
        let mut rest = Vec::new();
        while let Ok(Ok(Pasted::Lines(more))) = lines.recv_timeout(LOOK) {
            rest.extend(more);
        }
        rest
    }

    /// The error for an input that ended without an address.
    pub fn none(&self) -> Error {
        self.pending(Kind::Usage, "no address came from standard input")
    }

    fn pending(&self, kind: Kind, fact: &str) -> Error {
        let id = &self.id;
        Error::new(kind, format!("{fact}; login `{id}` is still pending"))
            .hint(format!("run `gads-creds login --finish {id}` and paste the address that the browser ended on"))
    }
}

/// Starts to read standard input, a line at a time.
fn piped() -> Result<Receiver<io::Result<Pasted>>> {
    let (sender, lines) = mpsc::channel();
    let read = move || {
        let mut input = BufReader::new(io::stdin().lock().take(LONGEST));
        loop {
            let mut line = String::new();
            let read = input.read_line(&mut line).map(|length| match length {
                0 => Pasted::End,
                _ => Pasted::Lines(vec![line]),
            });
            let is_last = !matches!(read, Ok(Pasted::Lines(_)));
            // Nobody waits for the line any more where this run gave up.
            if sender.send(read).is_err() || is_last {
                return;
            }
        }
    };
    thread::Builder::new().name("address".to_owned()).spawn(read).map(|_| lines).map_err(|_| {
        Error::internal("this system lets no thread be started").hint("raise the limit of processes (`ulimit -u`)")
    })
}
