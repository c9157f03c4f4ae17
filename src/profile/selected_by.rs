//! Which rule selected a credential.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::profile::select::{CONFIG_VARIABLE, FILE_VARIABLE, PROFILE_VARIABLE};

/// The rule that selected a credential; what a message says about it is its [`Display`](fmt::Display).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SelectedBy {
    ConfigOption,
    ProfileOption,
    /// `login --profile NAME --config FILE`: no other file will do.
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
    /// The environment variable, if it is one.
    pub fn variable(self) -> Option<&'static str> {
        match self {
            SelectedBy::ProfileVariable => Some(PROFILE_VARIABLE),
            SelectedBy::ConfigVariable => Some(CONFIG_VARIABLE),
            SelectedBy::FileVariable => Some(FILE_VARIABLE),
            _ => None,
        }
    }

    /// Where a path stands that it took, if it took one: the option or the variable.
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
