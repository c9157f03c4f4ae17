//! Refresh tokens that wait to be stored for the credential: they are revoked and removed with the stored one.

use crate::credentials::{Credentials, IdentityKind};
use crate::error::{Error, Result};
use crate::profile::Profile;
use crate::recovery::{self, Pending, Recovery};
use crate::secret::Secret;
use crate::term::{self, layout};
use crate::tokens::is_for_another_place;

/// Fails if something waits for that profile: once it is forgotten, nothing knows where that belongs.
pub fn check_none(profile: &Profile) -> Result<()> {
    let Some(path) = recovery::waiting_for(|waiting| recovery::is_for(waiting, profile)) else { return Ok(()) };
    let message = format!("a credential that waits for {} is in {}", profile.location, term::path(&path));
    Err(Error::usage(message)
        .hint("run `gads-creds login --recover` once that works again, or remove that file if it is not needed"))
}

pub struct Waiting(Vec<(Recovery, Pending)>);

impl Waiting {
    /// Where nothing is revoked, what another place still waits for stays: the stored token may be a copy.
    pub fn of(profile: &Profile, stored: &Credentials, local_only: bool) -> Waiting {
        let mut left = recovery::of_profile(profile, stored.refresh_token());
        let stays = |pending: &Pending| {
            local_only && !recovery::is_same(&pending.profile, profile) && is_for_another_place(pending, profile)
        };
        left.retain(|(_, pending)| pending.credentials.refresh_token().is_some() && !stays(pending));
        Waiting(left)
    }

    /// Fails for a token that is of another endpoint: it is not sent to this one.
    pub fn check_endpoint(&self, origin: Option<&str>) -> Result<()> {
        self.0.iter().try_for_each(|(_, pending)| pending.profile.check_endpoint(IdentityKind::User, origin))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the same tokens wait.
    pub fn is_same(&self, other: &Waiting) -> bool {
        self.tokens().eq(other.tokens())
    }

    fn tokens(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter().filter_map(|(_, pending)| pending.credentials.refresh_token())
    }

    /// Returns the credentials to revoke, each token once: first what waits, since it may be the one that works.
    pub fn with<'a>(&'a self, stored: &'a Credentials) -> Vec<(&'a Secret, &'a Credentials)> {
        let all = self.0.iter().map(|(_, pending)| &pending.credentials).chain([stored]);
        let mut found: Vec<(&Secret, &Credentials)> = Vec::new();
        for (token, credentials) in all.filter_map(|credentials| Some((credentials.refresh_token()?, credentials))) {
            if found.iter().all(|(known, _)| *known != token) {
                found.push((token, credentials));
            }
        }
        found
    }

    /// Returns the paths in words; `None` if nothing waits.
    pub fn in_words(&self) -> Option<String> {
        let paths: Vec<String> = self.0.iter().map(|(recovery, _)| term::path(recovery.path())).collect();
        (!paths.is_empty()).then(|| layout::list(&paths, "and"))
    }

    /// Removes the files. Returns notes for the user.
    pub fn remove(self) -> Vec<String> {
        self.0.into_iter().filter_map(|(recovery, _)| recovery.remove_or_note()).collect()
    }
}
