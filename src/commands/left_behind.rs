//! A keychain or secret manager that cannot be opened, and what a profile leaves in it.

use crate::error::{Error, Kind};
use crate::profile::Location;

/// Whether the store cannot be opened at all, so that nothing in it can be read or deleted.
pub fn is_unusable(error: &Error) -> bool {
    matches!(error.kind(), Kind::Keychain | Kind::Engine)
}

/// Returns the step that deletes what is left there; a file needs none.
pub fn removal(place: &Location) -> Option<String> {
    let command = match place {
        Location::File { .. } => return None,
        Location::Keychain { profile } if cfg!(target_os = "linux") => {
            Some(format!("secret-tool clear service gads-creds username {profile}/refresh_token"))
        }
        Location::Keychain { profile } if cfg!(target_os = "macos") => {
            Some(format!("security delete-generic-password -s gads-creds -a {profile}/refresh_token"))
        }
        // A manager that fails may have something else there: its user looks first.
        Location::Keychain { .. } | Location::Command { .. } => None,
    };
    let with = command.map_or_else(|| "its own program".to_owned(), |command| format!("`{command}`"));
    Some(format!("once it can be opened, delete what is in {place} with {with}"))
}
