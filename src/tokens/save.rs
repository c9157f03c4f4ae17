//! Stores a refresh token that Google has just issued.
//!
//! The order is the same for a login, for a token that a refresh replaced, and for `login --recover`: recovery file,
//! store, profiles.toml, and last the recovery file is removed. Wherever a run is killed, one of them holds the token.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::format::Contents;
use crate::profile::{self, Location, Profile};
use crate::recovery::{self, Pending, Recovery};
use crate::store::{self, Purpose};
use crate::term;

/// A new refresh token, and its recovery file until it is stored.
pub struct NewToken {
    pub pending: Pending,
    recovery: Result<Recovery>,
}

/// Why a token is not in its store.
pub struct NotSaved {
    error: Error,
    /// The recovery file that holds the token; `None` if no file could be written.
    recovery: Option<PathBuf>,
    what: &'static str,
}

impl NewToken {
    /// Writes the recovery file. If that fails, the token is in memory only: [`NewToken::unsecured`].
    pub fn secure(pending: Pending) -> NewToken {
        NewToken { recovery: recovery::write(&pending), pending }
    }

    /// Returns the token that an earlier run left in this file.
    pub fn left_over(recovery: Recovery, pending: Pending) -> NewToken {
        NewToken { pending, recovery: Ok(recovery) }
    }

    /// Returns why no recovery file holds the token.
    pub fn unsecured(&self) -> Option<&Error> {
        self.recovery.as_ref().err()
    }

    /// Redirects the token to another location. If the recovery file cannot be written again, the first one stays.
    pub fn redirect(&mut self, profile: Profile) {
        self.pending.profile = profile;
        if let Ok(recovery) = std::mem::replace(&mut self.recovery, Err(Error::internal("being replaced"))) {
            self.recovery = Ok(recovery.redirect(&self.pending));
        }
    }

    /// Removes the recovery file of a token that is not to be stored. Returns a note for the user.
    pub fn discard(self) -> Option<String> {
        self.recovery.ok().and_then(Recovery::remove_or_note)
    }

    /// Stores the token through `write`, which returns notes for the user, one line each; then removes the recovery
    /// file. Once `write` has succeeded, nothing is a failure any more.
    pub fn save(
        mut self,
        write: impl FnOnce(&mut NewToken) -> Result<Vec<String>>,
    ) -> std::result::Result<(Profile, Vec<String>), NotSaved> {
        match write(&mut self) {
            Ok(mut notes) => {
                let profile = self.pending.profile.clone();
                notes.extend(self.discard());
                Ok((profile, notes))
            }
            Err(error) => {
                let recovery = self.recovery.ok().map(|recovery| recovery.path().to_owned());
                Err(NotSaved { error, recovery, what: self.pending.what() })
            }
        }
    }

    /// Removes the recovery files of earlier logins for the same credential: their token has just been replaced.
    pub fn supersede_older(&self) -> Option<String> {
        let recovery = self.recovery.as_ref().ok()?;
        match recovery::remove_superseded(&self.pending, recovery) {
            Ok(0) => None,
            Ok(_) => Some("removed what an earlier login for the same credential had left".to_owned()),
            Err(error) => Some(format!("could not remove what earlier logins left: {}", error.message())),
        }
    }

    /// Records the metadata of the token in profiles.toml: [`record`].
    pub fn record(&self) -> Result<Option<String>> {
        record(&self.pending.profile)
    }
}

/// Stores a key through `write`. One that came from standard input is in no file, and has a recovery file until it is stored.
pub fn save_key(pending: Pending, path: Option<&Path>, write: &dyn Fn() -> Result<Vec<String>>) -> Result<Vec<String>> {
    if path.is_some() {
        return write();
    }
    let new = NewToken::secure(pending);
    if let Some(error) = new.unsecured() {
        return Err(error.clone());
    }
    new.save(|_| write()).map(|(_, notes)| notes).map_err(NotSaved::into_error)
}

/// Whether the place in which the token is to be stored is another one, which still has the token that it replaces. A keychain or
/// manager that does not open may have it.
pub fn is_for_another_place(pending: &Pending, profile: &Profile) -> bool {
    let place = &pending.profile.location;
    if profile::same_location(place, &profile.location) {
        return false;
    }
    let stored = store::open(place, Purpose::Update).and_then(|store| store.load());
    let has_old =
        |contents: Contents| contents.credentials.refresh_token().is_some_and(|old| pending.replaces_token(old));
    stored.map_or(!matches!(place, Location::File { .. }), has_old)
}

/// Records the profile in profiles.toml. Where the credential is found without it, a failure is only a note.
pub fn record(profile: &Profile) -> Result<Option<String>> {
    match profile::remember(profile) {
        Ok(()) => Ok(None),
        Err(error) if profile::is_found_unchanged(profile) => Ok(Some(not_recorded(&error))),
        Err(error) => Err(error),
    }
}

/// Returns the note for metadata that could not be written although the token is stored.
pub fn not_recorded(error: &Error) -> String {
    format!("could not record when the token expires: {}", error.message())
}

impl NotSaved {
    /// Whether no file holds the token.
    pub fn is_lost(&self) -> bool {
        self.recovery.is_none()
    }

    /// Returns the error that stopped the store.
    pub fn cause(&self) -> &Error {
        &self.error
    }

    /// Returns the error with the recovery file, and the step that stores the token without a new consent.
    ///
    /// A token that no file holds is not revoked: that would end every other token of the account and the client, and one that
    /// nobody has does no harm. A login offers to print it; a refresh, which may run beside others, does not, since Google
    /// replaces no refresh token.
    pub fn into_error(self) -> Error {
        let (fact, step) = match self.recovery {
            Some(path) => (
                format!("the new {} is kept in {}", self.what, term::path(&path)),
                "run `gads-creds login --recover` to store it; no new consent is needed",
            ),
            None => {
                ("the new refresh token could not be saved anywhere and is lost".to_owned(), "run `gads-creds login`")
            }
        };
        let hint = match self.error.next_step().cloned() {
            Some(first) => first.join("; then ", step),
            None => format!("fix that, then {step}").into(),
        };
        self.error.adding(&fact).hint(hint)
    }
}
