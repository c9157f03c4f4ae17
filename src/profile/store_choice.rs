//! The value of `--store`, and the location of a profile that it means.

use crate::error::{Error, Result};
use crate::profile::file::{ProfilesFile, same_location};
use crate::profile::recipes;
use crate::profile::{Engine, Location, ProfileName};

/// The value of `--store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreChoice {
    File,
    Keychain,
    /// The commands in profiles.toml.
    Command,
    /// The commands of a recipe.
    Engine(Engine),
}

impl StoreChoice {
    /// Parses `file`, `keychain`, `command`, or a recipe such as `pass:google-ads/work`.
    pub fn new(text: &str) -> Result<StoreChoice> {
        Ok(match text {
            "file" => StoreChoice::File,
            "keychain" => StoreChoice::Keychain,
            "command" => StoreChoice::Command,
            recipe => StoreChoice::Engine(recipes::engine(recipe)?),
        })
    }

    /// Returns the location of the profile of that name; `None` for a file, whose path depends on more.
    pub fn location(&self, name: &ProfileName, file: &ProfilesFile) -> Result<Option<Location>> {
        let known = file.entry(name)?.map(|(location, _)| location);
        Ok(match self {
            StoreChoice::File => None,
            StoreChoice::Keychain => Some(Location::Keychain { profile: name.clone() }),
            StoreChoice::Engine(engine) => {
                let location = Location::Command { profile: name.clone(), engine: engine.clone() };
                // For the same entry, the lines in profiles.toml take precedence: the user may have set a timeout.
                Some(known.filter(|known| same_location(known, &location)).unwrap_or(location))
            }
            StoreChoice::Command => match known {
                Some(location @ Location::Command { .. }) => Some(location),
                _ => return Err(no_commands(name)),
            },
        })
    }
}

pub fn no_commands(name: &ProfileName) -> Error {
    Error::usage(format!("profile `{name}` has no commands in profiles.toml")).hint(
        "write `store = \"command\"`, `get` and `set` there, or name a secret manager: `--store pass:PATH`, for example",
    )
}

/// Returns the location of a profile in a secret manager: by the recipe, or by its commands in profiles.toml.
pub fn command_location(name: &ProfileName, recipe: Option<&str>) -> Result<Location> {
    let store = recipe.map_or(Ok(StoreChoice::Command), StoreChoice::new)?;
    store.location(name, &ProfilesFile::read()?)?.ok_or_else(|| no_commands(name))
}
