//! Collects what `refresh --all` found: a row a profile, and its sample for the metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use serde_json::{Value, json};

use super::ended::Ended;
use super::expires_within::Limit;
use super::metrics::{Metrics, Sample, State};
use crate::error::{Error, Kind, Result};
use crate::hardening;
use crate::hint::{Hint, Target};
use crate::profile::{Listed, Profile};
use crate::term::{Spinner, Term, layout};
use crate::tokens::Minted;

mod summary;

/// How often a signal is looked for while no profile ends.
const LOOK: Duration = Duration::from_millis(50);

/// What was printed so far, and what is still to be printed.
pub struct Rows {
    term: Term,
    all: usize,
    done: Arc<AtomicUsize>,
    /// The width of the longest name.
    widest: usize,
    /// The rows of profiles that did not fail, by name.
    works: Vec<(String, Row)>,
    /// Profiles whose token was revoked or removed: a state, and not a failure.
    without_token: Vec<(String, Target)>,
    /// Those that work and expire within the time that was given.
    expiring: Vec<Failure>,
    failures: Vec<Failure>,
    /// Warnings about profiles that work: name, text, hint.
    warnings: Vec<(String, String, Option<Hint>, Target)>,
    /// The warning for a clock that is off.
    clock: Option<Error>,
    stopped: Option<Kind>,
    limit: Limit,
    metrics: Option<Metrics>,
    progress: Option<Spinner>,
}

/// What follows a name in its row: the state, its color, and more.
type Row = (&'static str, &'static str, String);

struct Failure {
    /// As its row shows it.
    label: String,
    /// As sentences name it.
    quoted: String,
    kind: Kind,
    state: &'static str,
    text: String,
    next: Option<Hint>,
    target: Target,
}

impl Failure {
    fn new(label: &str, quoted: &str, error: &Error, target: &Target) -> Failure {
        Failure {
            label: label.to_owned(),
            quoted: quoted.to_owned(),
            kind: error.kind(),
            state: "failed",
            text: error.message().to_owned(),
            next: error.next_step().cloned(),
            target: error.about_what(target),
        }
    }

    fn step(&self) -> (Option<&Hint>, &Target) {
        (self.next.as_ref(), &self.target)
    }
}

/// Whether two next steps differ only in the name of the profile, so that one stands for both.
fn is_one_step((one, its): (Option<&Hint>, &Target), (other, others): (Option<&Hint>, &Target)) -> bool {
    one == other && its.profile.is_some() && others.profile.is_some()
}

/// Returns the target of a step that stands for several profiles.
fn of_any(target: &Target) -> Target {
    Target { profile: Some("NAME".to_owned()), ..target.clone() }
}

impl Rows {
    pub fn new(term: Term, profiles: &[Listed], limit: Limit, metrics: Option<Metrics>) -> Rows {
        let (all, done) = (profiles.len(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&done);
        let progress = term.progress(move || format!("{}/{all} refreshed", counter.load(Ordering::Relaxed)));
        let widest = profiles.iter().map(|profile| layout::width(&profile.label())).max().unwrap_or_default();
        Rows {
            term,
            all,
            done,
            widest,
            works: Vec::new(),
            without_token: Vec::new(),
            expiring: Vec::new(),
            failures: Vec::new(),
            warnings: Vec::new(),
            clock: None,
            stopped: None,
            limit,
            metrics,
            progress: Some(progress),
        }
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Prints the results as they come: all of them, or those that come before a signal.
    pub fn every(&mut self, results: &Receiver<Ended>) -> Result<()> {
        loop {
            match results.recv_timeout(LOOK) {
                Ok(result) => self.one(&result)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if hardening::stopping().is_some() {
                return Ok(());
            }
        }
    }

    /// Collects one result; with `--json` it is printed at once.
    pub fn one(&mut self, ended: &Ended) -> Result<()> {
        let Ended { listed, result, at, expires_at, warnings, clock } = ended;
        let (label, name) = (&*listed.label(), listed.name());
        let quoted = quoted(label, name.as_deref());
        let location = listed.profile.as_ref().map(|profile| profile.location.plain()).ok();
        let target = listed.profile.as_ref().map(Profile::target).unwrap_or_default();
        let result = match result {
            Ok(minted) => minted.check_scope().map(|()| minted),
            Err(error) => Err(error.clone()),
        };
        if let Some(kind) = result.as_ref().err().map(Error::kind).filter(|kind| kind.is_stop()) {
            // It was cut short: nothing is known about it.
            self.stopped = Some(kind);
            return Ok(());
        }
        self.done.fetch_add(1, Ordering::Relaxed);
        self.clock = clock.clone().or(self.clock.take());
        let mut sample = Sample { expires_at: *expires_at, checked_at: *at, state: State::Works };
        let object = match result {
            Ok(minted) => {
                sample.expires_at = minted.life().map(|life| life.at);
                self.works(label, &quoted, minted, warnings)
            }
            Err(error) if super::is_no_token(&error, listed.profile.as_ref().ok()) => {
                sample.state = State::NoToken;
                self.works.push((label.to_owned(), ("no token", "33", String::new())));
                self.without_token.push((quoted, target));
                json!({ "profile": name, "location": location, "valid": false, "state": "no_token" })
            }
            Err(error) => {
                sample.state = State::Failed(error.kind().code());
                let error = error.about(target.clone());
                self.failures.push(Failure::new(label, &quoted, &error, &target));
                json!({ "profile": name, "location": location, "valid": false, "error": error.json(&target) })
            }
        };
        if let Some(metrics) = &mut self.metrics {
            metrics.add(name.or(location).unwrap_or_default(), sample);
        }
        if self.term.json { self.term.out_json(&object) } else { Ok(()) }
    }

    /// Notes a profile that works. One that expires too soon is shown with the failures.
    fn works(&mut self, name: &str, quoted: &str, minted: &Minted, warnings: &[Error]) -> Value {
        let target = minted.profile.target();
        let soon = self.limit.warning(minted);
        let all: Vec<Error> = warnings.iter().chain(&self.clock).cloned().chain(soon.clone()).collect();
        let mut object = super::object(minted, &all);
        self.warn(name, quoted, minted, warnings);
        if let Some(error) = self.limit.failure(minted) {
            object["error"] = error.json(&target);
            let has_expired = minted.life().is_some_and(|life| !life.is_left());
            let state = if has_expired { "expired" } else { "expires soon" };
            self.expiring.push(Failure { state, ..Failure::new(name, quoted, &error, &target) });
            return object;
        }
        let valid = minted.grant.expires_in.map(|seconds| match seconds {
            ..60 => format!(", valid {seconds} s"),
            _ => format!(", valid {} min", seconds / 60),
        });
        let valid = valid.unwrap_or_default();
        let rotated = if minted.rotated { ", refresh token replaced by Google" } else { "" };
        self.works.push((name.to_owned(), ("ok", "32", format!("{valid}{rotated}"))));
        if let Some(error) = soon {
            self.warnings.push((name.to_owned(), format!("{quoted}: {error}"), error.next_step().cloned(), target));
        }
        object
    }

    /// Notes what happened on the way, and the first warning: one line a profile.
    fn warn(&mut self, name: &str, quoted: &str, minted: &Minted, warnings: &[Error]) {
        let target = minted.profile.target();
        let notes = minted.notes.iter().map(|note| (note.clone(), None));
        let more = match warnings.len() {
            0 | 1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        let first = warnings.first().map(|error| (format!("{}{more}", error.message()), error.next_step().cloned()));
        let all = notes.chain(first);
        let named = all.map(|(text, hint)| (name.to_owned(), format!("{quoted}: {text}"), hint, target.clone()));
        self.warnings.extend(named);
    }

    /// `name  ok, valid 59 min`: the names in one column.
    fn row(&self, name: &str, state: &str, color: &str, rest: &str) -> String {
        let width = self.width();
        let name = layout::padded(&layout::cut_middle(name, width), width + 2);
        format!("{name}{}{rest}", self.term.stderr.colored(color, state))
    }

    /// The width of the column of names. On a terminal a row stays on one line: what follows the name takes up to 23 columns.
    fn width(&self) -> usize {
        let room = |columns: usize| columns.saturating_sub(23).max(8);
        self.widest.min(self.term.stderr.columns.map_or(usize::MAX, room))
    }

    /// Prints `name  failed: why`, or the reason below it where it does not fit, and the next step. Of several in turn with one
    /// reason and one step only the first has both.
    fn show_failure(&self, failure: &Failure, before: Option<&Failure>, after: Option<&Failure>) {
        let color = if failure.kind == Kind::ExpiresSoon { "33" } else { "1;31" };
        let state = failure.state;
        let row = |rest: &str| self.term.row(&self.row(&failure.label, state, color, rest));
        let is_same = before.is_some_and(|before| before.text == failure.text);
        let text = if is_same { "for the same reason" } else { &failure.text };
        let start = self.width() + 2 + layout::width(state) + 2;
        let fits = self.term.stderr.columns.is_none_or(|columns| start + layout::width(text) <= columns);
        row(&if fits { format!(": {text}") } else { ":".to_owned() });
        let shares_step = |other: Option<&Failure>| {
            other.is_some_and(|other| other.text == failure.text && is_one_step(other.step(), failure.step()))
        };
        let target = if shares_step(after) { of_any(&failure.target) } else { failure.target.clone() };
        let next = failure.next.as_ref().filter(|_| !shares_step(before)).map(|next| next.text(&target));
        for below in [(!fits).then(|| text.to_owned()), next].into_iter().flatten() {
            self.term.must(&format!("    {below}"));
        }
    }

    /// Replaces the metrics file, unless the run was cut short: then not every profile is known.
    pub fn write_metrics(&self) -> Result<()> {
        match &self.metrics {
            Some(metrics) if self.stopped.is_none() => metrics.write(),
            _ => Ok(()),
        }
    }
}

/// As sentences name a profile, or a file that has no name.
fn quoted(label: &str, name: Option<&str>) -> String {
    format!("`{}`", name.unwrap_or(label))
}
