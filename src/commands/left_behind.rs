//! A keychain or secret manager that cannot be opened or written, and what a profile leaves in it.

use crate::error::{Error, Kind};
use crate::profile::Location;
use crate::store;

/// Whether the store cannot be opened at all, so that nothing in it can be read or deleted.
pub fn is_unusable(error: &Error) -> bool {
    matches!(error.kind(), Kind::Keychain | Kind::Engine)
}

/// Whether nothing can be saved or deleted there: the profile has no `set`.
pub fn is_read_only(place: &Location) -> bool {
    matches!(place, Location::Command { engine, .. } if engine.set.is_none())
}

/// Returns the step that deletes what is left there; a file needs none.
pub fn removal(place: &Location) -> Option<String> {
    let command = match place {
        Location::File { .. } => return None,
        Location::Keychain { profile } => store::keychain_removal(profile),
        // A manager that fails may have something else there: its user looks first.
        Location::Command { .. } => None,
    };
    let with = command.map_or_else(|| "its own program".to_owned(), |command| format!("`{command}`"));
    let first = if is_read_only(place) { "" } else { "once it can be opened, " };
    Some(format!("{first}delete what is in {place} with {with}"))
}
