//! One move: everything that can fail is tried, then the new store is written, profiles.toml, and the old store is cleared.

use std::path::PathBuf;

use crate::commands::key_users;
use crate::commands::keys;
use crate::commands::left_behind;
use crate::commands::r#move::access::{gives_access, is_same_access, put};
use crate::commands::r#move::fits;
use crate::commands::r#move::unfinished::{left_in, sharing};
use crate::credentials::{Credentials, Identity, Key};
use crate::diagnosis;
use crate::disk::Lock;
use crate::error::{Error, Result};
use crate::format::{FormatName, IdentityKind};
use crate::google::Endpoints;
use crate::profile::{self, Location, Profile, ProfileName};
use crate::recovery;
use crate::service_account_key;
use crate::store::{self, Extras, Purpose, Store, without_secrets};
use crate::term;
use crate::tokens;

/// One credential on its way.
pub struct Job {
    /// With its new location.
    pub profile: Profile,
    pub name: ProfileName,
    pub from: Location,
    was_named: bool,
    pub old: Box<dyn Store>,
    pub new: Box<dyn Store>,
    /// An interrupted run was about to write there, after it had found the new location without these credentials.
    was_intended: bool,
    /// Other profiles at the old location: the secrets there are theirs as well.
    shared_with: Vec<String>,
}

impl Job {
    pub fn open(source: Profile, name: ProfileName, target: Location) -> Result<Job> {
        let old = store::open(&source.location, Purpose::Update)?;
        let new = store::open(&target, Purpose::Login)?;
        let shared_with = sharing(&source, &name, &source.location)?;
        let was_named = source.name.is_some();
        let intended = if was_named { profile::intended_move(&name)? } else { None };
        let was_intended = intended.is_some_and(|intended| profile::same_location(&intended, &target));
        let profile = Profile { name: Some(name.clone()), location: target, ..source.clone() };
        Ok(Job { profile, name, from: source.location, was_named, old, new, was_intended, shared_with })
    }

    /// Everything that can fail, short of changing anything.
    pub fn preflight(&self) -> Result<()> {
        let (moving, _) = self.moving()?;
        self.check(&moving)?;
        self.check_fits()?;
        // The new store last: a secret manager has an entry after that, though an empty one.
        profile::preflight(&self.profile)?;
        if self.shared_with.is_empty() {
            let cleared = self.old.preflight(&|stored| without_secrets(&*self.old, stored));
            cleared.map_err(|error| if left_behind::is_read_only(&self.from) { self.leave(error) } else { error })?;
        }
        self.new.preflight(&|stored| put(stored, &moving))
    }

    /// Returns the error of an old location that can only be read with the steps that leave it as it is.
    fn leave(&self, error: Error) -> Error {
        let to = match self.profile.location {
            Location::File { .. } => format!(" -p {} --store file{}", self.name, self.file_option()),
            Location::Keychain { .. } | Location::Command { .. } => String::new(),
        };
        let key = if self.profile.metadata.is_of_service_account() { " --key-file FILE" } else { "" };
        error.hint(format!(
            "log in there with `gads-creds login{to}{key}`; or forget the profile with \
             `gads-creds revoke --local-only --forget`"
        ))
    }

    /// What stays at the old location, for another profile there, need not have a place at the new one.
    fn check_fits(&self) -> Result<()> {
        if !self.shared_with.is_empty() {
            return Ok(());
        }
        fits::check(&self.from, &*self.old, &*self.new, &self.profile.location)
    }

    /// The option that names the new file, with a space before it; empty for another store.
    pub fn file_option(&self) -> String {
        match &self.profile.location {
            Location::File { path, .. } => format!(" --config {}", profile::quoted(path)),
            Location::Keychain { .. } | Location::Command { .. } => String::new(),
        }
    }

    /// The credentials at the old location, as the new one can have them: a service account's key by its path, or itself.
    /// With the path of a key that the new location holds itself from now on.
    fn moving(&self) -> Result<(Credentials, Option<PathBuf>)> {
        let stored = self.old.load()?.credentials;
        let from = self.old.location();
        let Some(account) = stored.service_account() else { return Ok((stored, None)) };
        let holds_key = self.new.format().is_none_or(|format| format.holds_key());
        match &account.key {
            Key::File(path) if holds_key => {
                tokens::read_key(account, &from, &Endpoints::from_environment()?)?;
                Ok((keys::held_by(&stored, &from)?, Some(path.clone())))
            }
            Key::Document(_) if !holds_key => {
                let message = format!(
                    "{from} holds the key of the service account, and {} can only name a key by its path",
                    self.new.location()
                );
                Err(Error::usage(message).hint(format!(
                    "write the key to a file with `gads-creds export adc FILE`, then run \
                     `gads-creds login -p {} --store file{} --key-file FILE`",
                    self.name,
                    self.file_option()
                )))
            }
            Key::File(_) | Key::Document(_) => Ok(match self.new.format() {
                Some(format) => (keys::spelled_for(stored, format), None),
                None => (stored, None),
            }),
        }
    }

    /// The credential as it was before.
    fn source(&self) -> Profile {
        let name = self.was_named.then(|| self.name.clone());
        Profile { name, location: self.from.clone(), ..self.profile.clone() }
    }

    /// Another run may have moved the profile since this one looked where it is.
    fn check_still_there(&self) -> Result<()> {
        let known = profile::previous_location(&self.profile)?.map(|(location, _)| location);
        let is_there = match known {
            Some(location) => profile::same_location(&location, &self.from),
            None => !self.was_named,
        };
        if is_there {
            return Ok(());
        }
        Err(Error::usage(format!("another run moved profile `{}` meanwhile; nothing was done", self.name))
            .hint("run `gads-creds show` to see where it is"))
    }

    /// Fails if these credentials may not take the new location. Returns a note about one that has them already.
    fn check(&self, moving: &Credentials) -> Result<Option<String>> {
        diagnosis::check_movable(&self.source(), &self.old.load()?)?;
        let location = self.new.location();
        let contents = self.new.load()?;
        let there = &contents.credentials;
        let is_here_already = is_same_access(there, moving) && gives_access(there).is_some();
        let taken = match gives_access(there).filter(|_| !is_here_already) {
            Some(held) => Some(format!("{location} holds {held}")),
            None => contents.conflict_with(IdentityKind::of(moving)).map(|conflict| {
                let key = term::excerpt(&conflict.key);
                format!("{location} uses {}: `{key}` on line {}", conflict.kind.name(), conflict.line)
            }),
        };
        if let Some(message) = taken {
            return Err(Error::usage(message).hint("name a location that is free: `move` replaces no credential"));
        }
        if let Some(format) = self.new.format().filter(|format| format.holds(moving) != *moving) {
            let name = format.name();
            let message = format!("the format `{name}` has no place for everything that is to be moved");
            return Err(Error::usage(message).hint(format!(
                "name another store, or a file of another format; `gads-creds export {name} FILE` writes what the format holds"
            )));
        }
        let old = self.old.location();
        Ok(is_here_already.then(|| {
            format!("{location} had these credentials already; until now profile `{}` was kept in {old}", self.name)
        }))
    }

    /// Whether both locations can be one entry: two commands may read the same one, or the JSON in a file. To clear the old
    /// location would then clear the new one.
    fn may_be_one_entry(&self) -> bool {
        let is_document = |location: &Location, store: &dyn Store| match location {
            Location::Command { .. } => true,
            Location::File { .. } => store.format().is_some_and(|format| format.name() == FormatName::Adc),
            Location::Keychain { .. } => false,
        };
        is_document(&self.from, &*self.old) && is_document(&self.profile.location, &*self.new)
    }

    /// New store, profiles.toml, old store. Returns what else the user should know, and whether the old store was
    /// cleared.
    pub fn carry_out(&self) -> Result<(Vec<String>, Result<bool>)> {
        // Always in the same order, so that two moves in opposite directions do not wait for each other.
        let is_first = self.old.lock_name()? < self.new.lock_name()?;
        let (first, second) = if is_first { (&self.old, &self.new) } else { (&self.new, &self.old) };
        let (first, second) = (first.lock()?, second.lock()?);
        let (old_lock, new_lock) = if is_first { (first, second) } else { (second, first) };
        self.check_still_there()?;
        // Under the lock: a refresh may have replaced the token since.
        let (moving, key_file) = self.moving()?;
        let extras = self.old.extras()?;
        let held_already = self.check(&moving)?.filter(|_| !self.was_intended);
        self.check_fits()?;
        let may_be_one_entry = held_already.is_some() && self.may_be_one_entry();
        if held_already.is_none() && self.was_named {
            profile::intend_move(&self.name, &self.profile.location)?;
        }
        let mut notes = Vec::from_iter(held_already);
        notes.extend(self.write(&new_lock, &moving, &extras).inspect_err(|_| self.withdraw())?);
        if may_be_one_entry {
            profile::remember(&self.profile)?;
            notes.extend(recovery::follow(&self.source(), &self.profile));
            let old = self.old.location();
            notes.push(format!(
                "left the secrets in {old}: it may be the same entry under another name; if it is not, remove it with its \
                 own program"
            ));
            return Ok((notes, Ok(false)));
        }
        profile::begin_move(&self.profile, &self.from)?;
        notes.extend(recovery::follow(&self.source(), &self.profile));
        let cleared = self.clear(&old_lock, &mut notes);
        // Afterwards, when the old location does not name the file any more.
        notes.extend(
            key_file
                .filter(|path| !key_users::is_itself(path, &self.profile.location))
                .map(|path| key_users::note(&path, &self.new.location())),
        );
        Ok((notes, cleared))
    }

    /// Forgets where the profile was about to move, unless something of it may be there.
    fn withdraw(&self) {
        let is_free = self.new.load().is_ok_and(|contents| gives_access(&contents.credentials).is_none());
        if is_free && self.was_named {
            // What failed before is reported; the entry may name one place too many.
            drop(profile::withdraw_move(&self.name));
        }
    }

    /// Writes the new store and reads it back.
    fn write(&self, lock: &Lock, moving: &Credentials, extras: &Extras) -> Result<Vec<String>> {
        let notes = self.new.update_with(lock, &|stored| put(stored, moving), extras)?;
        let there = self.new.load()?.credentials;
        let mut expected = there.clone();
        put(&mut expected, moving);
        // A secret manager spells the key in its own way.
        if let (Some(Identity::ServiceAccount(account)), Some(stored)) =
            (&mut expected.identity, there.service_account())
            && service_account_key::is_same(&account.key, &stored.key)
        {
            account.key = stored.key.clone();
        }
        if there != expected {
            return Err(Error::io(format!("{} returned other credentials than were written", self.new.location()))
                .hint(format!(
                    "nothing was deleted: profile `{}` is kept in {} as before",
                    self.name,
                    self.old.location()
                )));
        }
        Ok(notes)
    }

    fn clear(&self, lock: &Lock, notes: &mut Vec<String>) -> Result<bool> {
        if !self.shared_with.is_empty() {
            profile::end_move(&self.name)?;
            notes.push(left_in(&self.old.location(), &self.shared_with));
            return Ok(false);
        }
        notes.extend(self.old.update(lock, &|stored| without_secrets(&*self.old, stored))?);
        profile::end_move(&self.name)?;
        Ok(true)
    }
}
