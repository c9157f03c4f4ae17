//! What waits to be stored, found by the credential that it belongs to.

use std::path::PathBuf;

use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::{Location, Profile, same_location};
use crate::recovery::{Pending, Recovery, files_of_state, open, own_name, paths, read, temporary, waiting};
use crate::secret::Secret;
use crate::term;

/// Returns where a credential waits that is to be stored at this location.
pub fn waiting_for(location: &Location) -> Option<PathBuf> {
    let mut left = paths().ok()?.into_iter().rev();
    left.find(|path| read(path).is_ok_and(|pending| same_location(&pending.profile.location, location)))
}

/// Returns everything that waits for this credential, or in the place of its stored token; the newest first.
pub fn of_profile(profile: &Profile, stored: Option<&Secret>) -> Vec<(Recovery, Pending)> {
    let left = paths().unwrap_or_default().into_iter().rev().map(open);
    let left = left.filter_map(|(recovery, pending)| Some((recovery, pending.ok()?)));
    let is_of_it = |pending: &Pending| {
        is_same(&pending.profile, profile) || stored.is_some_and(|stored| is_successor(pending, profile, stored))
    };
    left.filter(|(_, pending)| is_of_it(pending)).collect()
}

/// Redirects what waits for a credential that has moved to its new location. What a login was to store elsewhere stays as it is.
/// Returns notes for the user.
pub fn follow(from: &Profile, to: &Profile) -> Vec<String> {
    let mut left = of_profile(from, None);
    left.retain(|(_, pending)| same_location(&pending.profile.location, &from.location));
    // The names begin with the time: the newest stays the newest.
    left.into_iter()
        .rev()
        .map(|(recovery, mut pending)| {
            (pending.profile.name, pending.profile.location) = (to.name.clone(), to.location.clone());
            let what = pending.what();
            let path = term::path(recovery.redirect(&pending).path());
            format!("the {what} that waits in {path} goes to {} from now on", to.location)
        })
        .collect()
}

/// Returns the recovery file with the token that took the place of this stored one, if that token was replaced by a refresh and
/// the new one could not be stored; or with the stored one itself, if the run was killed before it could remove the file. Fails
/// if the directory is not to be trusted.
pub fn successor(profile: &Profile, stored: &Secret) -> Result<Option<(Recovery, Pending)>> {
    Ok(successor_among(paths()?, profile, stored))
}

/// Does the same, and looks through the system's directory for temporary files, which may have thousands of entries, only if there
/// is one of the name that ours has.
pub fn successor_without_search(profile: &Profile, stored: &Secret) -> Result<Option<(Recovery, Pending)>> {
    let temporary = temporary()?.join(own_name());
    if temporary.symlink_metadata().is_err() {
        return Ok(successor_among(waiting(files_of_state()?), profile, stored));
    }
    successor(profile, stored)
}

/// Puts the token that waits to be stored into credentials that are handed out: the stored one does not work any more.
pub fn use_successor(profile: &Profile, credentials: &mut Credentials) {
    let stored = credentials.refresh_token();
    let found = stored.and_then(|stored| successor_without_search(profile, stored).ok().flatten());
    if let Some((_, pending)) = found {
        credentials.set_refresh_token(pending.credentials.refresh_token().cloned());
    }
}

fn successor_among(paths: Vec<PathBuf>, profile: &Profile, stored: &Secret) -> Option<(Recovery, Pending)> {
    let left = paths.into_iter().rev().map(open);
    let mut left = left.filter_map(|(recovery, pending)| Some((recovery, pending.ok()?)));
    left.find(|(_, pending)| is_successor(pending, profile, stored))
}

fn is_successor(pending: &Pending, profile: &Profile, stored: &Secret) -> bool {
    let replaces = pending.rotated && pending.replaces == Some(stored.fingerprint());
    let place = &pending.profile.location;
    // A file without a name may have been renamed since.
    let is_renamed =
        || pending.profile.name.is_none() && matches!(place, Location::File { path, .. } if !path.exists());
    (replaces || pending.credentials.refresh_token() == Some(stored))
        && (is_same(&pending.profile, profile) || same_location(place, &profile.location) || is_renamed())
}

/// Whether both are one credential: the same name, wherever it is stored, or without names the same file. Two names for one file
/// are two credentials: the token that waits may be of another account, and will be stored elsewhere.
pub fn is_same(one: &Profile, other: &Profile) -> bool {
    match (&one.name, &other.name) {
        (None, None) => same_location(&one.location, &other.location),
        (one, other) => one == other,
    }
}
