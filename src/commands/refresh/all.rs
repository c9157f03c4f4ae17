//! `refresh --all`: every profile, so many at a time, one line each, failures after all others.
//!
//! Each worker takes the next profile when it has finished one, over connections of its own, so a server that is slow or floods
//! holds only the worker that waits for it; this thread alone prints. Ctrl-C waits only for workers that are asking Google, since
//! a token that was replaced there must be stored here: a worker that waits for a lock or for the keychain is left behind.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::thread;

use super::ended::Ended;
use super::expires_within::Limit;
use super::metrics::Metrics;
use super::rows::Rows;
use crate::error::{Error, Kind, Result};
use crate::google::{self, Endpoints, Google};
use crate::hardening::{self, Critical};
use crate::profile::{self, Choice, Listed, Location, Profile};
use crate::term::Term;
use crate::tokens::{LockedCredential, clock};

/// How many workers have connections of their own: a thread and a handful of descriptors each.
const MOST_APART: usize = 32;
/// The descriptors of a worker that shares its connections: a lock, the file and what is written beside it, the socket.
const A_WORKER: usize = 4;
/// Those that are open for a moment, whoever works.
const FOR_ALL: usize = 8;

pub fn run(
    jobs: usize,
    choice: Choice,
    term: Term,
    endpoints: Endpoints,
    limit: Limit,
    metrics: Option<Metrics>,
) -> Result<()> {
    let profiles = profile::all_or_only(choice)?;
    if profiles.is_empty() {
        return Err(Error::new(Kind::NoSuchProfile, "there are no profiles")
            .hint("`gads-creds login -p NAME` creates one; without profiles use `gads-creds refresh`"));
    }
    let google = Google::new(endpoints.clone(), term)?;
    // From here on a signal is acted on where nothing can be lost, and after what is known was printed.
    let critical = Critical::enter();
    let next = AtomicUsize::new(0);
    let work =
        Arc::new(Work { profiles, next, google, endpoints, asking: RwLock::default(), no_keychain: OnceLock::new() });
    let results = work.start(jobs)?;
    let mut rows = Rows::new(term, &work.profiles, limit, metrics);
    let end = rows.every(&results);
    work.stop();
    let end = end.and_then(|()| results.try_iter().try_for_each(|result| rows.one(&result)));
    rows.finish();
    critical.finish_for_all().map_err(|stopped| rows.stopped(stopped.kind()))?;
    end?;
    let written = rows.write_metrics();
    match (rows.verdict(), written) {
        (Err(error), Err(not_written)) => Err(error.adding(not_written.message())),
        (verdict, written) => verdict.and(written),
    }
}

/// What the workers share.
struct Work {
    profiles: Vec<Listed>,
    next: AtomicUsize,
    google: Google,
    endpoints: Endpoints,
    /// Held for reading by workers that are asking Google; whoever gets it for writing knows that none is.
    asking: RwLock<()>,
    /// Why the keychain cannot be used, once that is known.
    no_keychain: OnceLock<Error>,
}

impl Work {
    fn start(self: &Arc<Work>, jobs: usize) -> Result<Receiver<Ended>> {
        let (sender, results) = mpsc::channel();
        let fit = |workers: &usize| *workers == 1 || google::can_open(workers * A_WORKER + FOR_ALL).is_ok();
        // Under a low limit on open files there are fewer workers, which share what there is.
        let mut halves =
            std::iter::successors(Some(jobs.min(self.profiles.len())), |workers| Some(workers.div_ceil(2)));
        let workers = halves.find(fit).unwrap_or(1);
        // A worker's lock and file come on top of that.
        let apart = workers.min(MOST_APART) * (google::OWN_CONNECTIONS + 2);
        let apart = if google::can_open(apart).is_ok() { MOST_APART } else { 0 };
        let worker = |number| {
            let (work, sender) = (Arc::clone(self), sender.clone());
            let worker = move || {
                let google = if number < apart { work.google.with_own_connections() } else { work.google.clone() };
                work.run(&google, &sender);
            };
            thread::Builder::new().name("refresh".to_owned()).spawn(worker).ok()
        };
        // If the system cannot start more threads, those that it started do the work.
        match (0..workers).map_while(worker).count() {
            0 => Err(Error::internal("this system cannot start another thread")
                .hint("raise the limit on processes (`ulimit -u`) or on memory (`ulimit -v`)")),
            _ => Ok(results),
        }
    }

    fn run(&self, google: &Google, sender: &Sender<Ended>) {
        while let Some(listed) = self.profiles.get(self.next.fetch_add(1, Ordering::SeqCst)) {
            let ready = listed.profile.clone().and_then(|profile| self.ready(profile));
            let asking = self.asking.read().unwrap_or_else(PoisonError::into_inner);
            if self.next.load(Ordering::SeqCst) >= STOPPED || hardening::stopping().is_some() {
                return;
            }
            let expires_at = ready.as_ref().ok().and_then(LockedCredential::expires_at);
            let warnings = ready.as_ref().map(LockedCredential::warnings).unwrap_or_default();
            let result = ready.and_then(|ready| ready.mint(google));
            if matches!(&result, Err(error) if error.kind().is_stop()) {
                self.begin_no_more();
            }
            let clock = google.clock_error().and_then(clock::warning);
            let ended = Ended { listed: listed.clone(), result, at: google.now(), expires_at, warnings, clock };
            if sender.send(ended).is_err() {
                return;
            }
            // Only now: what was replaced at Google has to be told.
            drop(asking);
        }
    }

    /// A keychain that is locked or silent is waited for once, not once for each profile.
    fn ready(&self, profile: Profile) -> Result<LockedCredential> {
        let in_keychain = matches!(profile.location, Location::Keychain { .. });
        if let Some(error) = self.no_keychain.get().filter(|_| in_keychain) {
            return Err(error.clone());
        }
        LockedCredential::open(profile, &self.endpoints).inspect_err(|error| {
            if in_keychain && error.kind() == Kind::Keychain {
                // Another worker may have found out at the same time.
                let _ = self.no_keychain.set(error.clone());
            }
        })
    }

    fn begin_no_more(&self) {
        self.next.store(STOPPED, Ordering::SeqCst);
    }

    /// Lets no worker begin any more, and waits for those that are asking Google.
    fn stop(&self) {
        self.begin_no_more();
        drop(self.asking.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// More than there can be profiles, and far enough below the largest number for every worker to count on.
const STOPPED: usize = usize::MAX / 2;
