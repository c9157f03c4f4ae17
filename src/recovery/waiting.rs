//! What waits to be stored, found by the credential that it belongs to.

use std::path::PathBuf;

use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::{Location, Profile, same_location};
use crate::recovery::{Pending, Recovery, files_in, open, open_or_at, own_name, paths, read, temporary, waiting};
use crate::secret::Secret;
use crate::{disk, term};

/// Returns where the newest credential waits that is to be stored for such a profile.
pub fn waiting_for(is_meant: impl Fn(&Profile) -> bool) -> Option<PathBuf> {
    let mut left = paths().ok()?.into_iter().rev();
    left.find(|path| read(path).is_ok_and(|pending| is_meant(&pending.profile)))
}

/// Whether what waits is to be stored under this name or at this location.
pub fn is_for(waiting: &Profile, profile: &Profile) -> bool {
    is_same(waiting, profile) || same_location(&waiting.location, &profile.location)
}

/// Returns a file that cannot be read, so that nobody knows whose it is.
pub fn unread() -> Option<PathBuf> {
    paths().ok()?.into_iter().find(|path| read(path).is_err())
}

/// Returns everything that waits for this credential, or took the place of its stored token; the newest first.
pub fn of_profile(profile: &Profile, stored: Option<&Secret>) -> Vec<(Recovery, Pending)> {
    let left = paths().unwrap_or_default().into_iter().rev().map(open);
    let left = left.filter_map(|(recovery, pending)| Some((recovery, pending.ok()?)));
    let is_of_it = |pending: &Pending| {
        is_meant_for(pending, profile) || stored.is_some_and(|stored| is_successor(pending, profile, stored))
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
    let left = paths_without_search()?.into_iter().rev().map(|path| open_or_at(path, Some(&profile.location)));
    let mut left = left.filter_map(|(recovery, pending)| Some((recovery, pending.ok()?)));
    Ok(left.find(|(_, pending)| is_successor(pending, profile, stored)))
}

/// Returns what waits to be stored and is newer than the stored token: the one that took its place, or else what a login was to store
/// instead of it. Fails if that is unknown: the directory is not to be trusted, or a file in it cannot be read.
pub fn newer(profile: &Profile, credentials: &Credentials) -> Result<Option<(Recovery, Pending)>> {
    let Some(stored) = credentials.refresh_token() else { return Ok(None) };
    let (mut of_login, mut unread) = (None, None);
    for path in paths_without_search()?.into_iter().rev() {
        match open_or_at(path, Some(&profile.location)) {
            (_, Err(error)) => unread = Some(error),
            (_, Ok(pending)) if pending.credentials.access() == Some(stored) => {}
            (recovery, Ok(pending)) if pending.replaces_token(stored) => return Ok(Some((recovery, pending))),
            (recovery, Ok(pending)) if of_login.is_none() && is_of_later_login(&pending, profile, stored) => {
                of_login = Some((recovery, pending));
            }
            (_, Ok(_)) => {}
        }
    }
    match unread {
        Some(error) if of_login.is_none() => Err(error),
        _ => Ok(of_login),
    }
}

/// Puts the new token in place of a replaced one that waits for another place as well.
pub fn renew(replaced: &Secret, new: &Secret) {
    let left = paths().unwrap_or_default().into_iter().map(open);
    for (recovery, mut pending) in left.filter_map(|(recovery, pending)| Some((recovery, pending.ok()?))) {
        if pending.credentials.refresh_token() != Some(replaced) {
            continue;
        }
        pending.credentials.set_refresh_token(Some(new.clone()));
        let known = &mut pending.profile.metadata.fingerprint;
        if *known == Some(replaced.fingerprint()) {
            *known = Some(new.fingerprint());
        }
        recovery.redirect(&pending);
    }
}

/// Does what [`paths`] does, but looks through the system's directory for temporary files, which may have thousands of entries,
/// only where another user has made a directory of the name that ours has.
fn paths_without_search() -> Result<Vec<PathBuf>> {
    let directory = temporary()?.join(own_name());
    if directory.symlink_metadata().is_ok() && !disk::is_own_directory(&directory) {
        return paths();
    }
    Ok(waiting(files_in(&[directory])?))
}

/// The fingerprint of the token that Google replaced is proof, whatever became of its profile and its file.
fn is_successor(pending: &Pending, profile: &Profile, stored: &Secret) -> bool {
    let place = &pending.profile.location;
    // A file without a name may have been renamed since.
    let is_renamed =
        || pending.profile.name.is_none() && matches!(place, Location::File { path, .. } if !path.exists());
    pending.replaces_token(stored)
        || pending.credentials.refresh_token() == Some(stored)
            && (is_same(&pending.profile, profile) || same_location(place, &profile.location) || is_renamed())
}

/// Whether it is to be stored where this credential is, or was to take it from there. The name alone does not prove it: it may have
/// been given to another credential since.
fn is_meant_for(pending: &Pending, profile: &Profile) -> bool {
    let places = [Some(&pending.profile.location), pending.moves_from.as_ref()];
    is_same(&pending.profile, profile)
        && places.into_iter().flatten().any(|place| same_location(place, &profile.location))
}

fn is_of_later_login(pending: &Pending, profile: &Profile, stored: &Secret) -> bool {
    let is_meant_here =
        || is_same(&pending.profile, profile) && same_location(&pending.profile.location, &profile.location);
    !pending.rotated && (pending.replaces == Some(stored.fingerprint()) || is_meant_here())
}

/// Whether both are one credential: the same name, wherever it is stored, or without names the same file. Two names for one file
/// are two credentials: the token that waits may be of another account, and will be stored elsewhere.
pub fn is_same(one: &Profile, other: &Profile) -> bool {
    match (&one.name, &other.name) {
        (None, None) => same_location(&one.location, &other.location),
        (one, other) => one == other,
    }
}
