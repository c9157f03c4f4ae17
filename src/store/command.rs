//! A secret manager as a store: runs its command line to get, set and erase one document.
//!
//! A failure never counts as "nothing is saved", and nothing is written after one. What was written is read back
//! (`write.rs`). Between machines the last writer wins; on one machine a lock keeps order.

use std::cell::{Cell, RefCell};

use crate::credentials::Credentials;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::format::Contents;
use crate::profile::{self, Engine, Location, same_location, words};
use crate::recovery;
use crate::secret::Secret;
use crate::store::document::{Document, MOST_WRITTEN};
use crate::store::engine::{Failed, Run};
use crate::store::{Change, Extras, Purpose, Store};
use crate::strict_json::Unfit;
use crate::term;

mod write;

use write::is_same;

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
            None => self.or_broken(error).hint_if_none(
                "name an entry that is empty or holds a credential, and a command that prints that and nothing else; \
                     this one stays as it is",
            ),
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
