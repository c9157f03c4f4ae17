//! `refresh --all`: every profile, so many at a time, one line each as it ends.
//!
//! Each worker takes the next profile when it has finished one, over connections of its own, so a server that is slow or floods
//! holds only the worker that waits for it; this thread alone prints. Ctrl-C waits for nobody but those who are asking Google, since
//! a token that was replaced there must be stored here: whoever waits for a lock or for the keychain is left behind.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::error::{Error, Kind, Result};
use crate::google::{self, Endpoints, Google};
use crate::hardening::{self, Critical};
use crate::profile::{self, Listed, Location, Profile};
use crate::term::{self, Term};

use crate::tokens::{LockedCredential, Minted, SOON};

/// How many workers have connections of their own: a thread and a handful of descriptors each.
const MOST_APART: usize = 32;
/// The descriptors of a worker that shares its connections: a lock, the file and what is written beside it, the socket.
const A_WORKER: usize = 4;
/// Those that are open for a moment, whoever works.
const FOR_ALL: usize = 8;
/// How often a signal is looked for while no profile ends.
const LOOK: Duration = Duration::from_millis(50);

pub fn run(jobs: usize, term: Term, endpoints: Endpoints) -> Result<()> {
    let profiles = profile::all()?;
    if profiles.is_empty() {
        return Err(Error::new(Kind::NoSuchProfile, "there are no profiles")
            .hint("`gads-creds login -p NAME` makes one; without profiles use `gads-creds refresh`"));
    }
    let google = Google::open(endpoints.clone(), term)?;
    // From here on a signal is heeded where nothing can be lost, and after what is known was told.
    let critical = Critical::enter();
    let next = AtomicUsize::new(0);
    let work =
        Arc::new(Work { profiles, next, google, endpoints, asking: RwLock::default(), no_keychain: OnceLock::new() });
    let results = work.start(jobs)?;
    let mut told = Told { term, all: work.profiles.len(), done: 0, failures: Vec::new() };
    let end = told.every(&results);
    work.stop();
    let end = end.and_then(|()| results.try_iter().try_for_each(|result| told.one(&result)));
    critical.finish().map_err(|stopped| told.stopped(stopped.kind()))?;
    end.and_then(|()| told.verdict())
}

/// What the workers share.
struct Work {
    profiles: Vec<Listed>,
    next: AtomicUsize,
    google: Google,
    endpoints: Endpoints,
    /// Read by those who are asking Google; who can write to it knows that nobody is.
    asking: RwLock<()>,
    /// Why the keychain does not serve, once that is known.
    no_keychain: OnceLock<Error>,
}

type Ended = (Listed, Result<Minted>);

impl Work {
    fn start(self: &Arc<Work>, jobs: usize) -> Result<Receiver<Ended>> {
        let (sender, results) = mpsc::channel();
        let fit = |workers: &usize| *workers == 1 || google::may_open(workers * A_WORKER + FOR_ALL).is_ok();
        // Under a low limit on open files there are fewer workers, which share what there is.
        let mut halves =
            std::iter::successors(Some(jobs.min(self.profiles.len())), |workers| Some(workers.div_ceil(2)));
        let workers = halves.find(fit).unwrap_or(1);
        // Lock and file of a worker come to it.
        let apart = workers.min(MOST_APART) * (google::APART + 2);
        let apart = if google::may_open(apart).is_ok() { MOST_APART } else { 0 };
        let worker = |number| {
            let (work, sender) = (Arc::clone(self), sender.clone());
            let worker = move || {
                let google = if number < apart { work.google.apart() } else { work.google.clone() };
                work.run(&google, &sender);
            };
            thread::Builder::new().name("refresh".to_owned()).spawn(worker).ok()
        };
        // Where the system has no more threads to give, those that it gave do the work.
        match (0..workers).map_while(worker).count() {
            0 => Err(Error::internal("this system lets no thread be started")
                .hint("raise the limit of processes (`ulimit -u`)")),
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
            let result = ready.and_then(|ready| ready.mint(google));
            if matches!(&result, Err(error) if is_stop(error.kind())) {
                self.begin_no_more();
            }
            drop(asking);
            if sender.send((listed.clone(), result)).is_err() {
                return;
            }
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

    /// Lets nobody begin any more, and waits for those who are asking Google.
    fn stop(&self) {
        self.begin_no_more();
        drop(self.asking.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// More than there can be profiles, and far enough from the end of the numbers for every worker to count on.
const STOPPED: usize = usize::MAX / 2;

/// What was printed so far.
struct Told {
    term: Term,
    all: usize,
    done: usize,
    failures: Vec<Kind>,
}

impl Told {
    /// Prints the results as they come: all of them, or those that come before a signal.
    fn every(&mut self, results: &Receiver<Ended>) -> Result<()> {
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

    fn one(&mut self, (listed, result): &Ended) -> Result<()> {
        let name = &term::excerpt(&listed.key);
        let target = listed.profile.as_ref().map(Profile::target).unwrap_or_default();
        let result = match result {
            Ok(minted) => minted.check_scope().map(|()| minted),
            Err(error) => Err(error.clone()),
        };
        match result {
            Ok(minted) => {
                self.done += 1;
                self.term.say(&format!("{name}: ok, {}", minted.line()));
                if let Some(life) = minted.life(Timestamp::now()).filter(|life| life.left.as_secs() <= SOON) {
                    let next = life.hint.unwrap_or_else(|| "run `gads-creds login` before that".into());
                    self.term.warn(&format!("{name}: {} ({})", life.text, next.text(&minted.profile.target())));
                }
                if self.term.json { self.term.out_json(&minted.json()) } else { Ok(()) }
            }
            // Its turn was cut short: nothing is known of it.
            Err(error) if is_stop(error.kind()) => {
                self.failures.push(error.kind());
                Ok(())
            }
            Err(error) => {
                self.done += 1;
                self.failures.push(error.kind());
                let error = error.about(target.clone());
                // The line names the profile already.
                let message = error.message().strip_prefix(&format!("profile `{name}`: ")).unwrap_or(error.message());
                let next = error.next_step().map(|hint| format!(" ({})", hint.text(&target)));
                let hint = next.unwrap_or_default();
                self.term.must(&format!("{name}: failed, {message}{hint}"));
                if !self.term.json {
                    return Ok(());
                }
                self.term.out_json(&json!({ "profile": name, "valid": false, "error": error.json(&target) }))
            }
        }
    }

    fn stopped(&self, kind: Kind) -> Error {
        Error::new(kind, format!("interrupted after {} of {} profiles", self.done, self.all))
    }

    /// The worst is the highest exit code.
    fn verdict(&self) -> Result<()> {
        let Some(worst) = self.failures.iter().copied().max_by_key(|kind| kind.code()) else { return Ok(()) };
        if is_stop(worst) {
            return Err(self.stopped(worst));
        }
        let message = format!("{} of {} profiles failed", self.failures.len(), self.all);
        Err(Error::new(worst, message).hint("each line above says why"))
    }
}

fn is_stop(kind: Kind) -> bool {
    matches!(kind, Kind::Interrupted | Kind::Terminated)
}
