//! The rule that selected a credential.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::profile::select::{CONFIG_VARIABLE, FILE_VARIABLE, PROFILE_VARIABLE};

/// The rule that selected a credential; its [`Display`](fmt::Display) is the wording for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SelectedBy {
    ConfigOption,
    ProfileOption,
    /// `login --profile NAME --config FILE`: only this file.
    ProfileAndConfig,
    ProfileVariable,
    ConfigVariable,
    /// `GOOGLE_ADS_CONFIGURATION_FILE_PATH`, the variable of Google's libraries.
    FileVariable,
    DefaultProfile,
    DefaultFile,
    /// It was listed, not selected.
    ProfilesFile,
    RecoveryFile,
}

impl SelectedBy {
    /// Returns the environment variable, if it is one.
    pub fn variable(self) -> Option<&'static str> {
        match self {
            SelectedBy::ProfileVariable => Some(PROFILE_VARIABLE),
            SelectedBy::ConfigVariable => Some(CONFIG_VARIABLE),
            SelectedBy::FileVariable => Some(FILE_VARIABLE),
            _ => None,
        }
    }

    /// Returns the option or variable that the path came from, if it did.
    pub fn path_source(self) -> Option<&'static str> {
        match self {
            SelectedBy::ConfigOption | SelectedBy::ProfileAndConfig => Some("--config"),
            SelectedBy::ConfigVariable | SelectedBy::FileVariable => self.variable(),
            _ => None,
        }
    }
}

impl fmt::Display for SelectedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SelectedBy::ConfigOption => "--config",
            SelectedBy::ProfileOption => "--profile",
            SelectedBy::ProfileAndConfig => "--profile with --config",
            SelectedBy::ProfileVariable => PROFILE_VARIABLE,
            SelectedBy::ConfigVariable => CONFIG_VARIABLE,
            SelectedBy::FileVariable => FILE_VARIABLE,
            SelectedBy::DefaultProfile => "default in profiles.toml",
            SelectedBy::DefaultFile => "the default",
            SelectedBy::ProfilesFile => "profiles.toml",
            SelectedBy::RecoveryFile => "the recovery file",
        })
    }
}
