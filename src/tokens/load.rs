//! Reads the credentials of a profile: where profiles.toml has it, or where `move` has put it since that was read.

use crate::error::Result;
use crate::format::Contents;
use crate::profile::{self, Profile};
use crate::store::{self, Purpose, Store};

/// Returns what is stored, the store, and the profile with its location.
pub fn load(profile: Profile) -> Result<(Profile, Box<dyn Store>, Contents)> {
    let loaded = store::open(&profile.location, Purpose::Update).and_then(|store| Ok((store.load()?, store)));
    let (contents, store) = loaded.map_err(|error| error.about(profile.target()))?;
    match moved(&profile, &contents) {
        Some(moved) => load(moved),
        None => Ok((profile, store, contents)),
    }
}

/// Returns the profile at its new location, if it has moved and left nothing here.
pub fn moved(profile: &Profile, contents: &Contents) -> Option<Profile> {
    let stored = &contents.credentials;
    let is_there = stored.refresh_token().is_some() || stored.service_account().is_some();
    if is_there { None } else { profile::moved(profile) }
}
