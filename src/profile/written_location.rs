//! A location as the files in the state directory spell it: recovery files and pending logins.
//!
//! Its type is its own, so that a change to [`Location`] does not change the layout of a file that an older version left.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::format::UnknownFormat;
use crate::profile::{Location, Profile, ProfileName, SelectedBy, command_location};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "store", rename_all = "lowercase")]
pub enum WrittenLocation {
    /// The path as the system spells it, since it need not be UTF-8.
    File {
        file: OsString,
        format: Option<String>,
        /// Whether the person named this file, and no other will do.
        #[serde(default)]
        named: bool,
    },
    Keychain {
        profile: String,
    },
    Command {
        profile: String,
        /// As `--store` spells it; absent for commands that stand in profiles.toml, which are read there again.
        recipe: Option<String>,
    },
}

impl WrittenLocation {
    pub fn of(profile: &Profile) -> WrittenLocation {
        match &profile.location {
            Location::File { path, format } => {
                let (file, format) = (path.clone().into_os_string(), format.map(|format| format.to_string()));
                WrittenLocation::File { file, format, named: profile.selected_by == SelectedBy::ProfileAndConfig }
            }
            Location::Keychain { profile } => WrittenLocation::Keychain { profile: profile.as_str().to_owned() },
            Location::Command { profile, engine } => {
                WrittenLocation::Command { profile: profile.as_str().to_owned(), recipe: engine.recipe() }
            }
        }
    }

    /// Whether the person named this file, and no other will do.
    pub fn is_named(&self) -> bool {
        matches!(self, WrittenLocation::File { named: true, .. })
    }

    pub fn read(self) -> Result<Location> {
        Ok(match self {
            WrittenLocation::Keychain { profile } => Location::Keychain { profile: ProfileName::new(&profile)? },
            WrittenLocation::Command { profile, recipe } => {
                command_location(&ProfileName::new(&profile)?, recipe.as_deref())?
            }
            WrittenLocation::File { file, format: None, .. } => Location::File { path: file.into(), format: None },
            WrittenLocation::File { file, format: Some(name), .. } => {
                let unknown = |_: UnknownFormat| Error::parse("the format of its file is not known");
                Location::File { path: file.into(), format: Some(name.parse().map_err(unknown)?) }
            }
        })
    }
}
