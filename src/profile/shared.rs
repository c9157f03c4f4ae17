//! Finds profiles with the same location, token or grant.

use std::fmt;

use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::file::{ProfilesFile, same_location};
use crate::profile::{Location, Profile, ProfileName};

/// What another profile has in common with this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// The same file, or the same entry of a secret manager: logging in to one logs in to the other.
    Location,
    /// The same refresh token: revoking it affects both.
    Token,
    /// The same OAuth client and account: revoking one revokes the other (RFC 7009 section 2.1).
    Grant,
    /// The same OAuth client; it is not known whether the account is the same as well.
    Client,
}

/// Another credential that profiles.toml knows.
#[derive(Clone, Debug)]
pub struct Sharer {
    /// Absent if nobody gave it one.
    pub name: Option<ProfileName>,
    pub location: Location,
}

impl Sharer {
    /// Returns its name, or the path of a file without one.
    pub fn plain(&self) -> String {
        self.name.as_ref().map_or_else(|| self.location.plain(), ToString::to_string)
    }
}

/// As sentences name it.
impl fmt::Display for Sharer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "`{name}`"),
            None => self.location.fmt(f),
        }
    }
}

/// Returns the other profiles that share something with this one, as far as is recorded; no store is opened.
pub fn sharing(profile: &Profile, stored: &Credentials) -> Result<Vec<(Sharer, Shared)>> {
    // If profiles.toml cannot be read, no other profile is known; commands that need it fail on their own.
    let Ok(file) = ProfilesFile::read() else { return Ok(Vec::new()) };
    let token = stored.refresh_token().map(|token| token.fingerprint());
    let account = stored.refresh_token().and_then(|token| profile.metadata.valid_for(token).account);
    let mut found = Vec::new();
    for name in file.names() {
        // An entry that cannot be read is skipped.
        let Ok(Some((location, metadata))) = file.entry(&name) else { continue };
        let is_one_place =
            !matches!(location, Location::Keychain { .. }) && same_location(&location, &profile.location);
        let itself = profile.name.as_ref() == Some(&name) || (is_one_place && file.is_path_made(&name));
        if itself {
            continue;
        }
        let one_client = metadata.client_id.is_some() && metadata.client_id.as_deref() == stored.client_id();
        let is_one_account = metadata.account.as_ref().zip(account.as_ref()).map(|(theirs, ours)| theirs == ours);
        let tie = if is_one_place {
            Shared::Location
        } else if token.is_some() && metadata.fingerprint == token {
            Shared::Token
        } else if token.is_some() && one_client {
            match is_one_account {
                Some(true) => Shared::Grant,
                Some(false) => continue,
                None => Shared::Client,
            }
        } else {
            continue;
        };
        let name = Some(name).filter(|name| !file.is_path_made(name));
        found.push((Sharer { name, location }, tie));
    }
    Ok(found)
}
