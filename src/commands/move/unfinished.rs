//! What an interrupted move left at the old location: the next one says which store has the credentials, and clears the other.

use crate::commands::r#move::access::{gives_access, is_same_access};
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::hardening::critically;
use crate::profile::{self, Location, Profile, ProfileName, Shared};
use crate::store::{self, Purpose, without_secrets};
use crate::term::Term;

/// What an interrupted run left, and this one finished.
pub struct Finished {
    /// The old location.
    pub from: Location,
    /// Whether it keeps no secret of the profile any more.
    pub cleared: bool,
}

/// Deletes what an interrupted run left at the old location, if one was interrupted.
pub fn finish(profile: &Profile, name: &ProfileName, term: Term) -> Result<Option<Finished>> {
    let Some(from) = profile::unfinished_move(name)? else { return Ok(None) };
    let to = &profile.location;
    let old = store::open(&from, Purpose::Update)?;
    let moved = store::open(to, Purpose::Update)?.load()?.credentials;
    let shared_with = sharing(profile, name, &from)?;
    let cleared = critically(|| {
        let lock = old.lock()?;
        old.clear(&lock);
        let left = old.load()?.credentials;
        if let (Some(held), None, true) = (gives_access(&left), gives_access(&moved), shared_with.is_empty()) {
            let message = format!("{} still holds {held}, and {to} nothing to compare it with", old.location());
            return Err(
                Error::usage(message).hint("remove it there with its own program if it is not needed, then try again")
            );
        }
        term.say(&format!("an earlier move of profile `{name}` was interrupted: {to} has the credentials"));
        let is_ours = left.identity.is_none() || is_same_access(&left, &moved);
        let cleared = is_ours && shared_with.is_empty();
        if cleared {
            old.update(&lock, &|stored| without_secrets(&*old, stored))?;
        } else if is_ours {
            term.say(&left_in(&old.location(), &shared_with));
        } else {
            term.say(&format!("{} has another credential by now, which stays", old.location()));
        }
        profile::end_move(name)?;
        Ok(cleared)
    })?;
    Ok(Some(Finished { from, cleared }))
}

/// Deletes what an interrupted run copied to a location that the profile is not to move to any more.
pub fn abandon(profile: &Profile, name: &ProfileName, target: &Location, term: Term) -> Result<()> {
    let intended = if profile.name.is_some() { profile::intended_move(name)? } else { None };
    let Some(place) = intended.filter(|place| !profile::same_location(place, target)) else { return Ok(()) };
    let copy = store::open(&place, Purpose::Update)?;
    let ours = store::open(&profile.location, Purpose::Update)?.load()?.credentials;
    let is_shared = !sharing(profile, name, &place)?.is_empty();
    critically(|| {
        let lock = copy.lock()?;
        // Another run may have held the lock, and have finished that move.
        let is_still_meant = profile::intended_move(name)?.is_some_and(|now| profile::same_location(&now, &place));
        if !is_still_meant {
            return Ok(());
        }
        let there = copy.load()?.credentials;
        if !is_shared && gives_access(&there).is_some() && is_same_access(&there, &ours) {
            copy.update(&lock, &|stored| without_secrets(&*copy, stored))?;
            term.say(&format!("an earlier move of profile `{name}` was interrupted: removed the secrets from {place}"));
        }
        profile::withdraw_move(name)
    })
}

/// Returns what an interrupted move of the profile left, and the command that finishes it.
pub fn interrupted(profile: &Profile) -> Option<(String, String)> {
    let (name, here) = (profile.name.as_ref()?, &profile.location);
    let from = profile::unfinished_move(name).ok()?;
    let to = profile::intended_move(name).ok()?;
    let (what, other, next) = match (&from, &to) {
        (Some(from), _) => ("from", from, here),
        (None, Some(to)) => ("to", to, to),
        (None, None) => return None,
    };
    let text =
        format!("a move {what} {other} was interrupted: {here} has the credentials, but {other} may have them too");
    Some((text, format!("run `gads-creds move -p {name} --store {}` to finish it", store_word(next))))
}

/// Warns if a move of the profile was interrupted.
pub fn warn_of_interrupted(profile: &Profile, term: Term) {
    if let Some((text, step)) = interrupted(profile) {
        term.warn(&text);
        term.hint(step);
    }
}

/// Returns the value of `--store` for the location, and the option that names its file.
fn store_word(place: &Location) -> String {
    let store = profile::quoted_word(&place.store_option());
    match place {
        Location::File { path, .. } => format!("{store} --config {}", profile::quoted(path)),
        Location::Keychain { .. } | Location::Command { .. } => store,
    }
}

pub fn left_in(location: &str, shared_with: &[String]) -> String {
    format!("left the secrets in {location}: it also keeps the credentials of {}", shared_with.join(", "))
}

/// The other profiles at that location.
pub fn sharing(profile: &Profile, name: &ProfileName, location: &Location) -> Result<Vec<String>> {
    let there = Profile { name: Some(name.clone()), location: location.clone(), ..profile.clone() };
    let shared = profile::sharing(&there, &Credentials::default())?;
    Ok(shared.iter().filter(|(_, shared)| *shared == Shared::Location).map(|(sharer, _)| sharer.to_string()).collect())
}
