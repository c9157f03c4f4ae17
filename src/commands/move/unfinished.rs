//! What an interrupted move left at the old location: the next one says which store has the credentials, and clears the other.

use crate::commands::r#move::access::is_same_access;
use crate::credentials::Credentials;
use crate::error::Result;
use crate::hardening::critically;
use crate::profile::{self, Location, Profile, ProfileName, Shared};
use crate::store::{self, Purpose, without_secrets};
use crate::term::Term;

/// What an interrupted run left, and this one finished.
pub struct Finished {
    /// The old location in words.
    pub from: String,
    /// Whether it keeps no secret of the profile any more.
    pub cleared: bool,
}

/// Deletes what an interrupted run left at the old location, if one was interrupted.
pub fn finish(profile: &Profile, name: &ProfileName, term: Term) -> Result<Option<Finished>> {
    let Some(from) = profile::unfinished_move(name)? else { return Ok(None) };
    let to = &profile.location;
    term.say(&format!("an earlier move of profile `{name}` was interrupted: {to} has the credentials"));
    let old = store::open(&from, Purpose::Update)?;
    let moved = store::open(to, Purpose::Update)?.load()?.credentials;
    let shared_with = sharing(profile, name, &from)?;
    let cleared = critically(|| {
        let lock = old.lock()?;
        old.clear(&lock);
        let left = old.load()?.credentials;
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
    Ok(Some(Finished { from: old.location(), cleared }))
}

pub fn left_in(location: &str, shared_with: &[String]) -> String {
    format!("left the secrets in {location}: it also keeps the credentials of {}", shared_with.join(", "))
}

/// The other profiles at that location.
pub fn sharing(profile: &Profile, name: &ProfileName, location: &Location) -> Result<Vec<String>> {
    let there = Profile { name: Some(name.clone()), location: location.clone(), ..profile.clone() };
    let shared = profile::sharing(&there, &Credentials::default())?;
    Ok(shared.iter().filter(|(_, shared)| *shared == Shared::Location).map(|(name, _)| format!("`{name}`")).collect())
}
