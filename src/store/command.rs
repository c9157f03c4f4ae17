//! A secret manager as a store: runs its command line to get, set and erase one document.
//!
//! A failure never counts as "nothing is saved", and nothing is written after one. What was written is read back and
//! compared value by value. Between machines the last writer wins; on one machine a lock keeps order.

use std::cell::{Cell, RefCell};
use std::thread;
use std::time::Duration;

use crate::credentials::Credentials;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::format::Contents;
use crate::profile::{self, Engine, Location, Profile, same_location, words};
use crate::recovery::{self, Pending};
use crate::secret::Secret;
use crate::store::document::{Document, MOST_WRITTEN};
use crate::store::engine::{Failed, Run};
use crate::store::{Change, Extras, Purpose, Store};
use crate::strict_json::Unfit;
use crate::term;

/// How long to retry while a manager still returns the document before a change: those in a cloud may lag behind.
const UNTIL_UP_TO_DATE: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(250), Duration::from_millis(750), Duration::from_secs(2)];

pub struct CommandStore {
    location: Location,
    engine: Engine,
    /// Whether something is to be saved where there may be no entry yet.
    may_be_new: bool,
    /// Whether `get` has printed a document in this run.
    seen: Cell<bool>,
    /// Whether `set` was started in this run.
    written: Cell<bool>,
    /// The secrets that are in the entry as far as this run knows.
    secrets: RefCell<Vec<Secret>>,
}

impl CommandStore {
    /// Fails if another user may have written the commands.
    pub fn new(location: &Location, engine: &Engine, purpose: Purpose) -> Result<CommandStore> {
        profile::check_engines_are_trusted()?;
        let may_be_new = purpose.is_login();
        Ok(CommandStore {
            location: location.clone(),
            engine: engine.clone(),
            may_be_new,
            seen: Cell::new(false),
            written: Cell::new(false),
            secrets: RefCell::default(),
        })
    }

    /// Returns the saved document, if there is one.
    fn get(&self) -> Result<Option<Document>> {
        Ok(self.look()?.flatten())
    }

    /// Returns the saved document; the outer `None` means that there is not even an entry.
    fn look(&self) -> Result<Option<Option<Document>>> {
        let run = Run::of(&self.engine, &self.engine.get);
        let output = match run.read(self.known_secrets()) {
            Ok(output) => output,
            Err(Failed::Absent) => return Ok(None),
            Err(Failed::Because(error)) => return Err(error),
            Err(Failed::Reported(error)) => {
                let step = self.engine.before_get().filter(|_| self.may_be_new);
                return Err(self.or_broken(match (step, error.next_step().cloned()) {
                    (Some(step), Some(hint)) => error.hint(hint.join("; ", step)),
                    _ => error,
                }));
            }
        };
        let document = Document::read(&output).map_err(|unfit| self.unfit(unfit))?;
        // If it is not such a document, the entry belongs to something else.
        document.iter().try_for_each(|document| document.contents().map(drop)).map_err(|unfit| self.unfit(unfit))?;
        if let Some(document) = &document {
            self.seen.set(true);
            self.secrets.replace(document.secrets());
        }
        Ok(Some(document))
    }

    fn known_secrets(&self) -> Vec<Secret> {
        self.secrets.borrow().clone()
    }

    fn unfit(&self, Unfit { fact, hint }: Unfit) -> Error {
        let error = Error::new(Kind::Engine, format!("what `{}` prints {fact}", words(&self.engine.get)));
        match hint {
            Some(hint) => error.hint(hint),
            None => self
                .or_broken(error)
                .hint_if_none("name an entry that is empty or holds a credential; this one stays as it is"),
        }
    }

    /// Returns the error with the way out of an entry that a write of this program may have left broken.
    fn or_broken(&self, error: Error) -> Error {
        let waiting = recovery::waiting_for(|waiting| same_location(&waiting.location, &self.location));
        if waiting.is_none() && !self.written.get() {
            return error;
        }
        let mut step = match &self.engine.erase {
            Some(erase) => format!("if the entry is broken, remove it with `{}`", words(erase)),
            None => "if the entry is broken, remove it with the secret manager's own program".to_owned(),
        };
        let error = match waiting {
            Some(path) => {
                step += ", then run `gads-creds login --recover`";
                error.adding(&format!("what was to be saved there is kept in {}", term::path(&path)))
            }
            None => error,
        };
        match error.next_step().cloned() {
            Some(first) => error.hint(first.join("; ", step)),
            None => error.hint(step),
        }
    }

    fn contents(&self, document: Option<&Document>) -> Result<Contents> {
        document.map_or(Ok(Contents::default()), |document| document.contents().map_err(|unfit| self.unfit(unfit)))
    }

    /// Returns the document after the change; `None` if it is to be erased.
    fn changed(&self, before: Option<&Document>, change: Change) -> Result<Option<Document>> {
        let contents = self.contents(before)?;
        let mut credentials = contents.credentials.clone();
        change(&mut credentials);
        if credentials == Credentials::default() {
            return Ok(match before {
                // Without `erase` the entry cannot be removed: everything but the token stays.
                Some(before) if self.engine.erase.is_none() => Some(before.without_token()),
                _ => None,
            });
        }
        self.check_is_there(before)?;
        let document = before.cloned().unwrap_or_default().with(&credentials);
        self.check_length(&document)?;
        Ok(Some(document))
    }

    /// Only a login or a move makes an entry, and never where this run has seen a document: a manager that prints nothing
    /// for once may still have it.
    fn check_is_there(&self, before: Option<&Document>) -> Result<()> {
        let location = self.location();
        match (before, self.may_be_new, self.seen.get()) {
            (Some(_), ..) | (None, true, false) => Ok(()),
            (None, false, _) => {
                Err(Error::new(Kind::NotLoggedIn, format!("there is nothing in {location} that could be changed"))
                    .hint("run `gads-creds login`"))
            }
            (None, true, true) => Err(Error::new(
                Kind::Engine,
                format!("`{}` printed a document before, and nothing now", words(&self.engine.get)),
            )
            .hint("try again; nothing was written")),
        }
    }

    fn check_length(&self, document: &Document) -> Result<()> {
        let length = document.line().expose().len();
        if length <= MOST_WRITTEN {
            return Ok(());
        }
        Err(Error::parse(format!(
            "the document would be {length} bytes long, and {} allows at most {MOST_WRITTEN}",
            self.location()
        ))
        .hint("remove members that are not needed"))
    }

    fn setter(&self) -> Result<&[String]> {
        self.engine.set.as_deref().ok_or_else(|| {
            Error::usage(format!("{} can only be read: it has no `set` in profiles.toml", self.location())).hint(
                if self.may_be_new {
                    "name another store with `--store`, or add `set` to the profile in profiles.toml"
                } else {
                    "add `set` to the profile in profiles.toml"
                },
            )
        })
    }

    /// Writes the document and reads it back.
    fn put(&self, lock: &Lock, document: &Document, before: Option<&Document>) -> Result<()> {
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
            .hint(format!("check that `get` and `set` of {} {step}", self.location())))
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

    fn erase(&self, lock: &Lock, command: &[String]) -> Result<()> {
        lock.pass_on();
        Run::of(&self.engine, command).write(Secret::new(""), self.known_secrets())?;
        match self.get()? {
            None => Ok(()),
            Some(_) => Err(Error::new(Kind::Engine, format!("`{}` did not remove the document", words(command)))
                .hint("remove it with the secret manager's own program")),
        }
    }
}

fn is_same(one: &Document, other: &Document) -> bool {
    one.differs_in(other).is_none() && other.differs_in(one).is_none()
}

impl Store for CommandStore {
    fn load(&self) -> Result<Contents> {
        self.contents(self.get()?.as_ref())
    }

    /// Writes the current document again, or an empty object: only a write shows whether the manager allows it.
    fn preflight(&self, change: Change) -> Result<()> {
        let lock = self.lock()?;
        let before = self.get()?;
        if self.changed(before.as_ref(), change)?.is_none() && before.is_none() {
            return Ok(());
        }
        let same = before.clone().unwrap_or_default();
        self.put(&lock, &same, before.as_ref())
    }

    fn lock_name(&self) -> Result<String> {
        Ok(format!("command:{}", self.engine.entry().join("\0")))
    }

    fn update(&self, lock: &Lock, change: Change) -> Result<Vec<String>> {
        self.update_with(lock, change, &Extras::default())
    }

    fn extras(&self) -> Result<Extras> {
        Ok(self.get()?.map(|document| document.extras()).unwrap_or_default())
    }

    fn update_with(&self, lock: &Lock, change: Change, extras: &Extras) -> Result<Vec<String>> {
        let before = self.get()?;
        let cannot = |error: Error| error.while_trying(&format!("cannot save to {}", self.location()));
        let changed = self.changed(before.as_ref(), change)?.map(|document| document.with_extras(extras));
        changed.iter().try_for_each(|document| self.check_length(document))?;
        match (changed, &before) {
            (None, None) => {}
            (None, Some(_)) => {
                let command = self.engine.erase.as_deref().unwrap_or_default();
                self.erase(lock, command)
                    .map_err(|error| error.while_trying(&format!("cannot remove what is in {}", self.location())))?;
            }
            (Some(document), Some(before)) if is_same(before, &document) => {}
            (Some(document), before) => {
                self.setter()?;
                self.put(lock, &document, before.as_ref()).map_err(cannot)?;
            }
        }
        Ok(Vec::new())
    }

    fn location(&self) -> String {
        self.location.to_string()
    }
}
