//! Where an interrupted move may have left the same secrets a second time.

use crate::commands::r#move::{gives_access, is_same_access};
use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::{self, Location, Profile};
use crate::store::{self, Purpose, without_secrets};
use crate::term::Term;

/// Returns those locations. If profiles.toml cannot be read, none is known.
pub fn places(profile: &Profile) -> Vec<Location> {
    let Some(name) = &profile.name else { return Vec::new() };
    let found = [profile::unfinished_move(name), profile::intended_move(name)];
    found.into_iter().filter_map(Result::ok).flatten().collect()
}

/// Names them, where nothing can be removed.
pub fn warn_of(places: &[Location], term: Term) {
    for place in places {
        term.warn(&format!("an interrupted move may have left the same secrets in {place}"));
    }
}

/// Removes these credentials there. The profile's own location has been cleared before: a failure is a warning.
pub fn clear(places: &[Location], profile: &Profile, removed: &Credentials, forgotten: bool, term: Term) {
    let Some(name) = &profile.name else { return };
    let mut all = true;
    for place in places {
        match clear_one(place, removed) {
            Ok(true) => term.say(&format!("removed it from {place} as well, where an interrupted move had left it")),
            Ok(false) => {}
            Err(error) => {
                all = false;
                term.warn(&format!(
                    "an interrupted move may have left the same secrets in {place}: {}",
                    error.message()
                ));
                term.hint("fix that, then remove them there with its own program");
            }
        }
    }
    if all && !forgotten && !places.is_empty() {
        let ended = profile::end_move(name).and_then(|()| profile::withdraw_move(name));
        if let Err(error) = ended {
            term.warn_of(&error);
        }
    }
}

fn clear_one(place: &Location, removed: &Credentials) -> Result<bool> {
    let store = store::open(place, Purpose::Update)?;
    let lock = store.lock()?;
    let there = store.load()?.credentials;
    let is_same = gives_access(&there).is_some() && is_same_access(&there, removed);
    if is_same {
        store.update(&lock, &|stored| without_secrets(&*store, stored))?;
    }
    Ok(is_same)
}
