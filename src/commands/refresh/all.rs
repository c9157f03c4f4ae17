//! `refresh --all`: every profile, so many at a time, one line each as it ends.
//!
//! Each worker takes the next profile when it has finished one, so a slow server holds only the worker that waits for it; all share
//! one connection pool. Ctrl-C lets the lines that are printed stand and says how far it came.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::error::{Error, Kind, Result};
use crate::google::{Endpoints, Google};
use crate::profile::{self, Profile};
use crate::term::Term;

use super::{Minted, Ready};

pub fn run(jobs: usize, term: Term, endpoints: Endpoints) -> Result<()> {
    let profiles = profile::all()?;
    if profiles.is_empty() {
        return Err(Error::new(Kind::NoSuchProfile, "there are no profiles")
            .hint("`gads-creds login -p NAME` makes one; without profiles use `gads-creds refresh`"));
    }
    let google = Google::open(endpoints.clone(), term)?;
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let done = AtomicUsize::new(0);
    let work = || {
        while let Some(profile) = profiles.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = Ready::new(profile.clone(), &endpoints).and_then(|ready| ready.mint(&google));
            let stopped = matches!(&result, Err(error) if is_stop(error.kind));
            if stopped {
                next.store(profiles.len(), Ordering::Relaxed);
            } else {
                done.fetch_add(1, Ordering::Relaxed);
            }
            if let Err(error) = result.and_then(|minted| ended_well(&minted, term)) {
                if !stopped {
                    ended_badly(profile, &error, term);
                }
                failures.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(error.kind);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.min(profiles.len()) {
            scope.spawn(work);
        }
        work();
    });
    let failures = failures.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    verdict(&failures, done.into_inner(), profiles.len())
}

fn is_stop(kind: Kind) -> bool {
    matches!(kind, Kind::Interrupted | Kind::Terminated)
}

fn ended_well(minted: &Minted, term: Term) -> Result<()> {
    let name = minted.profile.name.as_ref().map(|name| name.as_str()).unwrap_or_default();
    term.say(&format!("{name}: ok, {}", minted.line()));
    if term.json { term.out_json(&minted.json()) } else { Ok(()) }
}

fn ended_badly(profile: &Profile, error: &Error, term: Term) {
    let name = profile.name.as_ref().map(|name| name.as_str()).unwrap_or_default();
    let hint = error.hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    term.must(&format!("{name}: failed, {}{hint}", error.message));
    if term.json {
        // The line on stderr has told it; a closed stdout is found when the next success is written.
        let _ = term.out_json(&json!({ "profile": name, "valid": false, "error": error.json() }));
    }
}

/// The worst is the highest exit code.
fn verdict(failures: &[Kind], done: usize, all: usize) -> Result<()> {
    let Some(worst) = failures.iter().copied().max_by_key(|kind| kind.code()) else { return Ok(()) };
    if is_stop(worst) {
        return Err(Error::new(worst, format!("interrupted after {done} of {all} profiles")));
    }
    Err(Error::new(worst, format!("{} of {all} profiles failed", failures.len())).hint("each line above says why"))
}
