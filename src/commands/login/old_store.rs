//! The previous store of a profile that moves, for example from a file into the keychain. It is cleared last.

use std::path::PathBuf;

use crate::commands::left_behind;
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::hint::Target;
use crate::profile::{self, Location, Profile, Shared, TokenMetadata};
use crate::store::{self, Purpose, Store};
use crate::term::{self, Term};

/// The previous store of a profile.
pub struct Old {
    store: Box<dyn Store>,
    /// What it held when the login began.
    pub before: Credentials,
    /// The metadata of that token.
    pub metadata: TokenMetadata,
    /// A secret manager without `set`.
    is_read_only: bool,
    /// The command that removes the secrets there, if there is one.
    by_hand: Option<String>,
    /// Other profiles in the same file, which use the same secrets.
    shared_with: Vec<String>,
    /// The profile where it is now.
    target: Target,
}

/// Returns the previous store, if the profile moves. One that cannot be opened keeps what it has, with a warning: to leave it is the way
/// out of it.
pub fn open(profile: &Profile, term: Term) -> Result<Option<Old>> {
    let Some((place, metadata)) = profile::previous_location(profile)? else { return Ok(None) };
    // From one file to another only the profile's location changes; the old file is not to be cleared.
    if matches!((&place, &profile.location), (Location::File { .. }, Location::File { .. })) {
        return Ok(None);
    }
    let opened = store::open(&place, Purpose::Update).and_then(|store| Ok((store.load()?.credentials, store)));
    let (before, store) = match opened {
        Err(error) if left_behind::is_unusable(&error) => {
            term.warn(&format!("what is in {place} is neither used nor deleted: {}", error.message()));
            left_behind::removal(&place).into_iter().for_each(|step| term.hint(step));
            return Ok(None);
        }
        opened => opened?,
    };
    let by_hand = match &place {
        Location::File { path, .. } => Some(removal(path.clone())),
        Location::Keychain { .. } | Location::Command { .. } => None,
    };
    let is_read_only = left_behind::is_read_only(&place);
    let there = Profile { location: place, ..profile.clone() };
    let shared = profile::sharing(&there, &before)?;
    let shared_with =
        shared.iter().filter(|(_, tie)| *tie == Shared::Location).map(|(sharer, _)| sharer.to_string()).collect();
    Ok(Some(Old { store, before, metadata, is_read_only, by_hand, shared_with, target: there.target() }))
}

impl Old {
    pub fn preflight(&self) -> Result<()> {
        if self.is_read_only || !self.shared_with.is_empty() {
            return Ok(());
        }
        if let Some(names) = self.store.extras()?.listed() {
            let message = format!("{} also holds {names}, which this login would delete there", self.store.location());
            return Err(Error::usage(message)
                .hint("run `gads-creds move --store WHERE` first, which keeps all of it or changes nothing; or remove them from the entry")
                .about(self.target.clone()));
        }
        self.store.preflight(&|stored| store::without_secrets(&*self.store, stored))
    }

    /// Returns `None` if the store holds something other than before the login. Two commands may name one entry, which
    /// then holds what the login has just saved.
    fn clear(&self) -> Result<Option<Vec<String>>> {
        let lock = self.store.lock()?;
        let now = self.store.load()?.credentials;
        if now.identity.is_some() && now.identity != self.before.identity {
            return Ok(None);
        }
        self.store.update(&lock, &|stored| store::without_secrets(&*self.store, stored)).map(Some)
    }

    /// Removes the secrets from the previous store. The new one has been read back before this is called.
    pub fn take_out(&self, term: Term) -> Vec<String> {
        let place = self.store.location();
        if !self.shared_with.is_empty() {
            return vec![format!(
                "left the secrets in {place}: it also keeps the credentials of {}",
                self.shared_with.join(", ")
            )];
        }
        match self.clear() {
            Ok(Some(mut notes)) => {
                notes.push(format!("removed the secrets from {place}"));
                notes
            }
            Ok(None) => vec![format!("left the secrets in {place}: it has other credentials by now")],
            // The login itself is complete: a failure here is a warning.
            Err(error) => {
                term.warn(&format!("the old secrets are still in {place}: {}", error.message()));
                match &self.by_hand {
                    _ if self.is_read_only => term.hint("remove them there with its own program"),
                    Some(command) => term.hint(format!("fix that, then run `{command}`")),
                    None => term.hint("fix that, then remove them there with its own program"),
                }
                Vec::new()
            }
        }
    }
}

/// Warns that the library's own file still holds a token after a login without a name went into the keychain: the login
/// did not name that file, so it was not changed.
pub fn warn_of_left_behind(profile: &Profile, term: Term) {
    // A file that cannot be read is reported by doctor, not by a completed login.
    let Ok(Some(path)) = profile::library_file_with_token(profile) else { return };
    term.warn(&format!("{} still holds a refresh token in plain text", term::path(&path)));
    term.hint(format!("once it is no longer needed: `{}`", removal(path)));
}

fn removal(path: PathBuf) -> String {
    format!("gads-creds revoke --local-only --forget --config {}", profile::quoted(&path))
}
