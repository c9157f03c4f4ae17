//! `doctor --fix`: fixes what is safe and certain before the checks run.
//!
//! Files are changed as in every other command: under their lock, in the intended lines only, or not at all. Nothing is
//! guessed: an ambiguous value stays, and so does every token, key and login that may still be used.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::clock;
use crate::credentials::Key;
use crate::disk;
use crate::error::{Error, Result};
use crate::hint::{Hint, Target};
use crate::memory_file;
use crate::pending;
use crate::profile::{self, Profile};
use crate::recovery;
use crate::store::{self, Fault, Purpose};
use crate::term;

/// Every kind of fix: the id for programs, and the fault of a store that it fixes.
const OF_STORES: [(&str, Fault); 4] = [
    ("leftovers", Fault::Leftovers),
    ("file-mode", Fault::Mode),
    ("byte-order-mark", Fault::ByteOrderMark),
    ("placeholders", Fault::Placeholders),
];
const LEFTOVERS: &str = "leftovers";
const FILE_MODE: &str = "file-mode";
const PENDING_LOGINS: &str = "pending-logins";

/// What was fixed, and what could not be.
#[derive(Default)]
pub struct Fixes {
    pub done: Vec<(&'static str, String)>,
    pub failed: Vec<(&'static str, Error)>,
}

impl Fixes {
    /// Fixes what belongs to no single credential: files of interrupted runs, and pending logins that can no longer be
    /// used.
    pub fn of_state(&mut self) {
        let lines = |removed: Vec<PathBuf>| -> Vec<String> { removed.iter().map(|path| left(path)).collect() };
        self.add(LEFTOVERS, recovery::leftovers().and_then(remove).map(lines));
        self.add(LEFTOVERS, pending::leftovers().and_then(remove).map(lines));
        self.add(LEFTOVERS, Ok(lines(memory_file::clear_leftovers())));
        if profile::leftovers().is_ok_and(|left| !left.is_empty()) {
            self.add(LEFTOVERS, profile::clear_leftovers().map(lines));
        }
        self.add(PENDING_LOGINS, stale_logins());
    }

    /// Fixes the store of this credential and the key file that it names.
    pub fn of_credential(&mut self, profile: &Profile) {
        // What keeps a place from being opened is reported by the checks.
        let Ok(store) = store::open(&profile.location, Purpose::Update) else { return };
        if store.format().is_none() {
            return;
        }
        match store.lock() {
            Ok(lock) => OF_STORES.iter().for_each(|(id, fault)| self.add(id, store.fix(&lock, *fault))),
            Err(error) => return self.failed.push((LEFTOVERS, error)),
        }
        let stored = store.load().map(|contents| contents.credentials).unwrap_or_default();
        if let Some(Key::File(path)) = stored.service_account().map(|account| &account.key) {
            self.add(FILE_MODE, tighten(path));
        }
    }

    fn add(&mut self, id: &'static str, done: Result<Vec<String>>) {
        match done {
            Ok(lines) => self.done.extend(lines.into_iter().map(|line| (id, line))),
            // A file that cannot be read at all is the first thing that the checks report.
            Err(error) => self.failed.push((id, error)),
        }
    }

    /// Returns the next step after a failed fix, which is not the same command again.
    pub fn next_step(&self) -> Hint {
        let known = self.failed.iter().find_map(|(_, error)| error.next_step().cloned());
        known.unwrap_or_else(|| "edit the file by hand: no fix for this is certain".into())
    }

    pub fn json(&self, target: &Target) -> (Value, Value) {
        let done = self.done.iter().map(|(id, text)| json!({ "id": id, "text": text })).collect();
        let hint = |error: &Error| error.next_step().map(|hint| hint.text(target));
        let failed = |(id, error): &(&str, Error)| json!({ "id": id, "text": error.message(), "hint": hint(error) });
        (done, self.failed.iter().map(failed).collect())
    }
}

fn left(path: &Path) -> String {
    format!("removed {}, which an interrupted run left", term::path(path))
}

fn remove(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    paths.iter().try_for_each(|path| disk::remove(path))?;
    Ok(paths)
}

fn stale_logins() -> Result<Vec<String>> {
    let now = clock::now();
    let mut done = Vec::new();
    for id in pending::stale(now)? {
        let _lock = pending::lock(&id)?;
        // Another run may have finished it, or put it back, before this one had the lock.
        if pending::stale(now)?.contains(&id) {
            pending::remove(&id)?;
            done.push(format!("deleted the pending login `{id}`, which is no longer needed"));
        }
    }
    Ok(done)
}

fn tighten(path: &Path) -> Result<Vec<String>> {
    let lock = disk::lock(&disk::lock_name(path)?)?;
    Ok(Vec::from_iter(disk::tighten(path, &lock)?))
}
