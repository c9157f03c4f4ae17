//! What profiles.toml records about a profile: the metadata of its token, and where it was kept.

use crate::error::Result;
use crate::profile::file::{ProfilesFile, same_location};
use crate::profile::select::choose;
use crate::profile::{Choice, Location, Profile, SelectedBy, TokenMetadata};

/// Returns the profile with the recorded metadata of the token at that location.
pub fn with_recorded_metadata(profile: Profile) -> Result<Profile> {
    let metadata = recorded(&ProfilesFile::read()?, &profile)?.unwrap_or_default();
    Ok(Profile { metadata, ..profile })
}

/// Returns the metadata that is recorded of the token at that location; `None` without an entry for it.
fn recorded(file: &ProfilesFile, profile: &Profile) -> Result<Option<TokenMetadata>> {
    Ok(match (&profile.name, &profile.location) {
        (Some(name), location) => {
            file.entry(name)?.filter(|(known, _)| same_location(known, location)).map(|(_, metadata)| metadata)
        }
        (None, Location::File { path, .. }) => file.entry_of_file(path)?.map(|(_, _, metadata)| metadata),
        (None, _) => None,
    })
}

/// Whether the credentials are found and used as well if nothing is written into profiles.toml: only dates and the like would change
/// there. An old endpoint would keep the new token from being sent.
pub fn is_found_unchanged(profile: &Profile) -> bool {
    let Ok(file) = ProfilesFile::read_whole() else { return profile.name.is_none() };
    match recorded(&file, profile) {
        Ok(Some(known)) => {
            let is_bound = known.endpoint.is_some() || known.fingerprint.is_some();
            !is_bound || known.endpoint == profile.metadata.endpoint
        }
        Ok(None) => profile.name.is_none(),
        Err(_) => false,
    }
}

/// Returns the previous location and its metadata, if it is another one: a login then moves the profile.
pub fn previous_location(profile: &Profile) -> Result<Option<(Location, TokenMetadata)>> {
    let Some(name) = &profile.name else { return Ok(None) };
    let known = ProfilesFile::read()?.entry(name)?;
    Ok(known.filter(|(location, _)| !same_location(location, &profile.location)))
}

/// Returns the profile at the location that profiles.toml has by now, if that is another one: `move` may have been at work since
/// it was read. A file that the user named stays the one that is meant.
pub fn moved(profile: &Profile) -> Option<Profile> {
    let now = match (profile.selected_by, &profile.location) {
        (SelectedBy::DefaultFile, Location::File { format, .. }) => {
            choose(Choice { format: *format, ..Choice::default() }).ok()?
        }
        (by, _) if by.path_source().is_some() => return None,
        _ => {
            let (location, metadata) = previous_location(profile).ok()??;
            Profile { location, metadata, ..profile.clone() }
        }
    };
    (!same_location(&now.location, &profile.location)).then_some(now)
}
