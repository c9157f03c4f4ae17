//! Writes a document through the manager's `set`, or removes it, and reads back what has become of it.
//!
//! What was written is compared value by value. A write that fails may have destroyed the only copy of a token: that
//! is kept in a recovery file.

use std::thread;
use std::time::Duration;

use super::CommandStore;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::profile::{self, Location, Profile, words};
use crate::recovery::{self, Pending};
use crate::secret::Secret;
use crate::store::document::Document;
use crate::store::engine::Run;
use crate::term;

/// How long to retry while a manager still returns the document before a change: those in a cloud may lag behind.
const UNTIL_UP_TO_DATE: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(250), Duration::from_millis(750), Duration::from_secs(2)];

impl CommandStore {
    /// Writes the document and reads it back.
    pub(super) fn put(&self, lock: &Lock, document: &Document, before: Option<&Document>) -> Result<()> {
        // A killed run's `set` must not overwrite what the next one writes.
        lock.pass_on();
        self.written.set(true);
        let run = Run::of(&self.engine, self.setter()?);
        self.secrets.borrow_mut().extend(document.secrets());
        let error = match run.write(document.line(), self.known_secrets()) {
            Ok(()) => match self.compare(document, before) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            },
            Err(error) => match self.engine.before_set().filter(|_| before.is_none()) {
                Some(step) => error.hint(format!("{step}, then try again")),
                None => error,
            },
        };
        Err(self.keep_if_lost(before, document, error))
    }

    /// Reads the document back, again after a while as long as the previous one is returned.
    fn compare(&self, document: &Document, before: Option<&Document>) -> Result<()> {
        let (mut what, mut step) = (String::new(), "mean one entry and keep every member");
        for pause in UNTIL_UP_TO_DATE {
            thread::sleep(pause);
            let Some(now) = self.look()? else {
                what = "finds nothing where a document was written".to_owned();
                continue;
            };
            let now = now.unwrap_or_default();
            if let Some(name) = document.differs_in(&now) {
                what = format!("returned another `{}` than was written", term::excerpt(name));
            } else if let Some(name) = before.and_then(|before| before.left_in(&now, document)) {
                what = format!("still returns the `{}` that was to be removed", term::excerpt(name));
                step = "mean one entry, and that `set` replaces all of it: `kv patch` of Vault and OpenBao, for one, \
                        keeps what it is not given, and `kv put` does not";
            } else {
                return Ok(());
            }
            if !before.is_some_and(|before| is_same(before, &now)) {
                break;
            }
        }
        Err(Error::new(Kind::Engine, format!("`{}` {what}", words(&self.engine.get)))
            .hint(format!("check that `get` and `set` of {} {step}", self.location)))
    }

    /// Saves the previous token or key in a recovery file if a failed write may have destroyed its only copy. A token that the
    /// write was to replace or remove is not saved: its replacement has a recovery file of its own.
    fn keep_if_lost(&self, before: Option<&Document>, meant: &Document, error: Error) -> Error {
        let token = |document: &Document| document.contents().ok()?.credentials.access().cloned();
        let Some(old) = before.filter(|old| token(old).is_some() && token(old) == token(meant)) else { return error };
        let step = match self.get() {
            Ok(Some(now)) if old.differs_in(&now).is_none() => return error,
            now => now.err().and_then(|error| error.next_step().cloned()).unwrap_or_else(|| "fix that".into()),
        };
        let Ok(contents) = old.contents() else { return error };
        let Location::Command { profile: name, .. } = &self.location else { return error };
        let all = profile::all().unwrap_or_default();
        let known =
            all.into_iter().filter_map(|listed| listed.profile.ok()).find(|known| known.name.as_ref() == Some(name));
        let metadata = known.map(|known| known.metadata).unwrap_or_default();
        let profile = Profile {
            name: Some(name.clone()),
            location: self.location.clone(),
            metadata,
            selected_by: profile::SelectedBy::ProfilesFile,
        };
        let credentials = contents.credentials;
        match recovery::write(&Pending { profile, credentials, replaces: None, rotated: false, moves_from: None }) {
            Ok(kept) => error
                .adding(&format!("what was saved there is kept in {}", term::path(kept.path())))
                .hint(step.join(", then ", "run `gads-creds login --recover` to save it again")),
            Err(_) => error,
        }
    }

    pub(super) fn erase(&self, lock: &Lock, command: &[String]) -> Result<()> {
        lock.pass_on();
        Run::of(&self.engine, command).write(Secret::new(""), self.known_secrets())?;
        match self.get()? {
            None => Ok(()),
            Some(_) => Err(Error::new(Kind::Engine, format!("`{}` did not remove the document", words(command)))
                .hint("remove it with the secret manager's own program")),
        }
    }
}

/// Whether both hold the same members.
pub(super) fn is_same(one: &Document, other: &Document) -> bool {
    one.differs_in(other).is_none() && other.differs_in(one).is_none()
}
