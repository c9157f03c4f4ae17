//! The address that the browser ended on: pasted at a prompt, or on standard input.

use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use crate::clock;
use crate::encoding;
use crate::error::{Error, Kind, Result, system_reason};
use crate::google::authorization_response::Rejection;
use crate::google::{
    AuthorizationRecord, Endpoints, Pasted, PastedLines, PastedText, ResumedAuthorization, is_response_to,
};
use crate::hardening;
use crate::pending::{self, LoginId, PendingLogin};
use crate::secret::Secret;
use crate::term::{self, Term};

/// How often a signal is checked for.
const LOOK: Duration = Duration::from_millis(50);
/// Longer than any browser's URL.
const LONGEST: u64 = 64 << 10;

/// Where addresses come from.
struct Addresses {
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
    fn from_input(id: &LoginId, limit: Duration, term: Term) -> Result<Addresses> {
        if !term.input && io::stdin().is_terminal() {
            return Err(Error::usage("no address comes from standard input, and no prompt is allowed")
                .hint(format!("pipe the address into `gads-creds login --finish {id}`, or leave `--no-input` out")));
        }
        let source = if term.input { Source::Terminal(PastedLines::read(true)) } else { Source::Piped(piped()?) };
        Ok(Addresses { id: id.clone(), term, limit, end: Instant::now() + limit, source })
    }

    /// Whether another address can be entered: at a prompt.
    fn may_come_again(&self) -> bool {
        self.term.input
    }

    fn ask(&self) {
        if self.term.input {
            self.term.must("Paste the address that the browser ended on, even if its page did not load:");
        }
    }

    /// Waits for the next lines, or for the end of the input.
    fn next(&mut self) -> Result<Pasted> {
        loop {
            let came = match &mut self.source {
                Source::Terminal(lines) => lines.poll(),
                Source::Piped(lines) => match lines.try_recv() {
                    Ok(Ok(lines)) => Some(lines),
                    Ok(Err(error)) => {
                        return Err(
                            self.error(Kind::Usage, &format!("cannot read the address: {}", system_reason(&error)))
                        );
                    }
                    Err(TryRecvError::Disconnected) => Some(Pasted::End),
                    Err(TryRecvError::Empty) => None,
                },
            };
            if let Some(came) = came {
                return Ok(came);
            }
            if let Some(kind) = hardening::stopping() {
                return Err(self.error(kind, kind.name()));
            }
            if Instant::now() >= self.end {
                let limit = term::layout::limit(self.limit.as_secs());
                return Err(self.error(Kind::ConsentTimedOut, &format!("no address came within {limit}")));
            }
            thread::sleep(LOOK);
        }
    }

    /// What else is there already on standard input: the rest of an address that came in several lines.
    fn rest(&self) -> Vec<String> {
        let Source::Piped(lines) = &self.source else { return Vec::new() };
        let mut rest = Vec::new();
        while let Ok(Ok(Pasted::Lines(more))) = lines.recv_timeout(LOOK) {
            rest.extend(more);
        }
        rest
    }

    /// The error for an input that ended without an address.
    fn none(&self, seen: &[String]) -> Error {
        let is_empty = seen.iter().all(|line| line.trim().is_empty());
        let fact = if is_empty {
            "no address came from standard input"
        } else {
            "what came from standard input is not an address"
        };
        self.error(Kind::Usage, fact)
    }

    fn error(&self, kind: Kind, fact: &str) -> Error {
        let id = &self.id;
        Error::new(kind, format!("{fact}; {}", still_pending(id)))
            .hint(format!("run `gads-creds login --finish {id}` and paste the address that the browser ended on"))
    }
}

/// Returns what the second step needs of the first.
pub fn record(pending: &PendingLogin) -> AuthorizationRecord {
    AuthorizationRecord {
        redirect_uri: pending.redirect_uri.clone(),
        state: pending.state.clone(),
        verifier: pending.verifier.clone(),
    }
}

/// Reads addresses until one is this login's: on a terminal as often as needed, from standard input once. Either may come in
/// several lines, as mail programs wrap it. Returns the code, or the error that Google sent in its place.
pub fn read(
    authorization: &ResumedAuthorization,
    id: &LoginId,
    endpoints: &Endpoints,
    limit: Duration,
    term: Term,
) -> Result<Result<Secret>> {
    let mut addresses = Addresses::from_input(id, limit, term)?;
    let may_come_again = addresses.may_come_again();
    let mut text = if may_come_again { PastedText::default() } else { PastedText::piped() };
    let mut seen = Vec::new();
    let mut reason: Option<Rejection> = None;
    // Why what came from standard input so far is not the address; the rest of it may follow.
    let mut incomplete: Option<Error> = None;
    addresses.ask();
    loop {
        let (lines, has_ended) = match addresses.next() {
            Ok(Pasted::Lines(lines)) => (lines, false),
            Ok(Pasted::End) => (vec![String::new()], true),
            Err(error) => return Err(incomplete.filter(|_| error.kind() == Kind::ConsentTimedOut).unwrap_or(error)),
        };
        seen.extend(lines.iter().cloned());
        let mut rejection = match authorization.read(&mut text, &lines) {
            Some(Ok(response)) => return Ok(response),
            Some(Err(rejection)) => Some(rejection),
            None => None,
        };
        if rejection.is_some() && !text.is_incomplete() {
            let rest = addresses.rest();
            seen.extend(rest.iter().cloned());
            // The address may follow other text.
            let response = rest.iter().find_map(|line| read_piped(authorization, &mut text, line, &mut rejection));
            if let Some(response) = response {
                return Ok(response);
            }
        }
        if let Some(rejection) = rejection {
            let rejection = match reason {
                Some(before) if !may_come_again => before.or_better(rejection),
                _ => rejection,
            };
            reason = Some(rejection);
            let error = rejected(&seen, rejection, authorization, id, endpoints, may_come_again);
            if may_come_again {
                term.warn_of(&error);
                addresses.ask();
            } else if has_ended || !text.is_incomplete() {
                return Err(error);
            } else {
                incomplete = Some(error);
            }
        }
        if has_ended {
            return Err(incomplete.unwrap_or_else(|| addresses.none(&seen)));
        }
    }
}

/// Reads a further line of standard input. Returns the response, or notes why it is not one.
fn read_piped(
    authorization: &ResumedAuthorization,
    text: &mut PastedText,
    line: &str,
    rejection: &mut Option<Rejection>,
) -> Option<Result<Secret>> {
    match authorization.read(text, &[line.to_owned()])? {
        Ok(response) => Some(response),
        Err(further) => {
            *rejection = Some(rejection.map_or(further, |before| before.or_better(further)));
            None
        }
    }
}

/// Returns why the address does not complete this login, and whose it is if that is known.
fn rejected(
    seen: &[String],
    rejection: Rejection,
    authorization: &ResumedAuthorization,
    id: &LoginId,
    endpoints: &Endpoints,
    may_come_again: bool,
) -> Error {
    let error = |fact: &str| {
        Error::usage(format!("what was pasted does not complete login `{id}`: {fact}; {}", still_pending(id)))
    };
    let joined: String = seen.iter().map(|line| line.trim()).collect();
    let others = pending::all().unwrap_or_default().into_iter().filter(|(other, _)| other != id);
    let whose = others
        .filter_map(|(other, login)| Some((other, login.ok()?)))
        .find(|(_, login)| seen.iter().chain([&joined]).any(|text| is_response_to(text, &record(login), endpoints)));
    match whose {
        Some((other, login)) if login.is_expired(clock::now()) => {
            error(&format!("it belongs to login `{other}`, which expired {}", login.expires(clock::now())))
                .hint("run `gads-creds login --start` again for that one")
        }
        Some((other, login)) => error(&format!("it belongs to login `{other}`"))
            .hint(format!("run `gads-creds login --finish {other}` and paste it there"))
            .about(login.profile.target()),
        None => error(rejection.reason()).hint(authorization.next_step(match rejection {
            // Nobody is there to press Enter.
            Rejection::MayBeTruncated if !may_come_again => Rejection::Truncated,
            rejection => rejection,
        })),
    }
}

pub fn still_pending(id: &LoginId) -> String {
    format!("login `{id}` is still pending")
}

/// Starts to read standard input: nobody may end it.
fn piped() -> Result<Receiver<io::Result<Pasted>>> {
    let (sender, lines) = mpsc::channel();
    let read = move || {
        let mut input = BufReader::new(io::stdin().lock().take(LONGEST));
        loop {
            let read = next_lines(&mut input);
            let is_last = !matches!(read, Ok(Pasted::Lines(_)));
            // Nobody waits for the line any more where this run gave up.
            if sender.send(read).is_err() || is_last {
                return;
            }
        }
    };
    thread::Builder::new().name("address".to_owned()).spawn(read).map(|_| lines).map_err(|_| {
        Error::internal("this system cannot start another thread")
            .hint("raise the limit on processes (`ulimit -u`) or on memory (`ulimit -v`)")
    })
}

/// Returns the next line; of UTF-16 text all that comes.
fn next_lines(input: &mut impl BufRead) -> io::Result<Pasted> {
    let mut bytes = Vec::new();
    if input.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(Pasted::End);
    }
    if encoding::is_utf16(&bytes) {
        input.read_to_end(&mut bytes)?;
    }
    let text = encoding::piped(bytes).ok_or(io::ErrorKind::InvalidData)?;
    Ok(Pasted::Lines(text.split_inclusive('\n').map(str::to_owned).collect()))
}
