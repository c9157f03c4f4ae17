//! A location as it is spelled in the state directory: in recovery files and pending logins.
//!
//! It has its own type, so that a change to [`Location`] does not change the layout of existing files.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::format::UnknownFormat;
use crate::profile::{Location, Profile, ProfileName, SelectedBy, command_location};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "store", rename_all = "lowercase")]
pub enum WrittenLocation {
    /// The path as the system spells it, since it may not be UTF-8.
    File {
        file: OsString,
        format: Option<String>,
        /// Whether the user named this file, and no other may be used.
        #[serde(default)]
        named: bool,
    },
    Keychain {
        profile: String,
    },
    Command {
        profile: String,
        /// As `--store` spells it; `None` for commands in profiles.toml, which are read there again.
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

    /// Whether the user named this file, and no other may be used.
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
