//! Where a token or key that waits belongs: profiles and files may have been moved, renamed or removed by hand since.
//!
//! A token that Google replaced belongs where the old one is, and changes no profile but for its dates. What a login granted goes where
//! that login was to store it, and its profile is made or moved as the login would have done.

use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::hint::Target;
use crate::profile::{self, Location, Profile, ProfileName, same_location};
use crate::recovery::Pending;
use crate::secret::Secret;
use crate::store::{self, Purpose};
use crate::tokens;

/// Returns where it is to be stored: of a replaced token, the place of the old one.
pub fn location(pending: &Pending, file: &str, force: bool) -> Result<Location> {
    let meant = &pending.profile.location;
    if !pending.rotated {
        return Ok(meant.clone());
    }
    let unusable = match holds_it(pending, meant) {
        Ok(true) => return Ok(meant.clone()),
        held => held.err(),
    };
    let may_hold_it = |profile: &Profile| {
        let is_file = matches!(profile.location, Location::File { .. });
        is_file || profile.metadata.fingerprint == pending.replaces
    };
    let mut others = profiles().filter(may_hold_it);
    if let Some(other) = others.find(|other| holds_it(pending, &other.location).unwrap_or(false)) {
        return Ok(other.location);
    }
    if let Some(error) = unusable {
        return Err(error);
    }
    match meant {
        Location::File { path, .. } if !path.exists() && !force => {
            let message = format!("{meant}, whose refresh token Google replaced, is gone; the new one stays in {file}");
            Err(Error::usage(message)
                .hint(
                    "if that file was moved, run `gads-creds refresh --config FILE` with its new path, which stores the token \
                     there; if not, `gads-creds login --recover --force` makes it again",
                )
                .about(Target::default()))
        }
        _ => Ok(meant.clone()),
    }
}

fn holds_it(pending: &Pending, place: &Location) -> Result<bool> {
    let stored = store::open(place, Purpose::Update)?.load()?.credentials;
    let is_it = |token: &Secret| pending.replaces_token(token) || pending.credentials.refresh_token() == Some(token);
    Ok(stored.refresh_token().is_some_and(is_it))
}

/// Returns every profile that can be read.
fn profiles() -> impl Iterator<Item = Profile> {
    profile::all().unwrap_or_default().into_iter().filter_map(|listed| listed.profile.ok())
}

fn profiles_at(place: &Location) -> impl Iterator<Item = Profile> {
    profiles().filter(move |profile| same_location(&profile.location, place))
}

/// Returns the name of the credential: of a replaced token, the one that its place has by now; of a login, the one that its profile
/// was given since.
pub fn name(pending: &Pending, profile: &Profile, stored: &Credentials) -> Option<ProfileName> {
    let names: Vec<ProfileName> = profiles_at(&profile.location).filter_map(|profile| profile.name).collect();
    let own = profile.name.clone();
    if own.as_ref().is_some_and(|own| names.contains(own)) {
        return own;
    }
    let is_there = own.as_ref().is_none_or(|own| profile::names().contains(own));
    let is_replaced = stored.access().is_some_and(|stored| pending.replaces == Some(stored.fingerprint()));
    let renamed = names.into_iter().next();
    match pending.rotated {
        true => renamed,
        false if !is_there && is_replaced => renamed.or(own),
        false => own,
    }
}

/// Returns the location that the profile of a login has been given since, and that it is to leave on demand; `None` if it is where it was.
pub fn left(pending: &Pending, profile: &Profile, file: &str, force: bool) -> Result<Option<Location>> {
    let now = profile::previous_location(profile)?.map(|(now, _)| now);
    let was_left = |now: &Location| pending.moves_from.as_ref().is_some_and(|then| same_location(then, now));
    let Some(now) = now.filter(|now| !was_left(now)) else { return Ok(None) };
    if force {
        return Ok(Some(now));
    }
    let name = profile.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "profile `{name}` is kept in {now} since that login was begun, which was to store in {}; the {} stays in {file}",
        profile.location,
        pending.what()
    );
    Err(Error::usage(message)
        .hint(format!(
            "remove {file} if it is not needed; `gads-creds login --recover --force` stores it, and profile `{name}` is kept there \
             from then on"
        ))
        .about(profile.target()))
}

/// Records the dates of a token that took the place of another in the profiles at that location that have those of the other.
pub fn record_successor(pending: &Pending, place: &Location) -> Result<Vec<String>> {
    let metadata = &pending.profile.metadata;
    if metadata.fingerprint != pending.credentials.refresh_token().map(Secret::fingerprint) {
        return Ok(Vec::new());
    }
    let of_old = profiles_at(place).filter(|profile| profile.metadata.fingerprint == pending.replaces);
    let recorded = of_old.map(|profile| tokens::record(&Profile { metadata: metadata.clone(), ..profile }));
    recorded.filter_map(Result::transpose).collect()
}
