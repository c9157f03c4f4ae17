//! What profiles.toml records about a profile: the metadata of its token, and where it was kept.

use crate::error::Result;
use crate::profile::file::{ProfilesFile, same_location};
use crate::profile::{Location, Profile, TokenMetadata};

/// Returns the profile with the recorded metadata of the token at that location.
pub fn with_recorded_metadata(profile: Profile) -> Result<Profile> {
    let file = ProfilesFile::read()?;
    let metadata = match (&profile.name, &profile.location) {
        (Some(name), location) => {
            file.entry(name)?.filter(|(known, _)| same_location(known, location)).map(|(_, metadata)| metadata)
        }
        (None, Location::File { path, .. }) => file.entry_of_file(path)?.map(|(_, _, metadata)| metadata),
        (None, _) => None,
    };
    Ok(Profile { metadata: metadata.unwrap_or_default(), ..profile })
}

/// Returns the previous location and its metadata, if it is another one: a login then moves the profile.
pub fn previous_location(profile: &Profile) -> Result<Option<(Location, TokenMetadata)>> {
    let Some(name) = &profile.name else { return Ok(None) };
    let known = ProfilesFile::read()?.entry(name)?;
    Ok(known.filter(|(location, _)| !same_location(location, &profile.location)))
}
