//! How a run of this program inside a command means the same credential.

use std::ffi::OsString;

use crate::profile::select::{CONFIG_VARIABLE, FORMAT_VARIABLE, PROFILE_VARIABLE};
use crate::profile::{Choice, Location, Profile, SelectedBy};

/// Returns the variables by which a gads-creds inside a command selects the same credential; one without a value is to
/// be removed.
///
/// The name selects it, unless its format was given differently from profiles.toml. A keychain entry always has the
/// profile's name.
pub fn environment_for_child(profile: &Profile, choice: Choice) -> [(&'static str, Option<OsString>); 3] {
    let format_was_given = choice.format.is_some() || profile.selected_by == SelectedBy::ConfigVariable;
    let (name, path, format) = match (&profile.name, &profile.location) {
        (Some(name), Location::File { .. }) if !format_was_given => (Some(name), None, None),
        (_, Location::File { path, format }) => (None, Some(path), *format),
        (_, Location::Keychain { profile } | Location::Command { profile, .. }) => (Some(profile), None, None),
    };
    [
        (PROFILE_VARIABLE, name.map(|name| name.as_str().into())),
        (CONFIG_VARIABLE, path.map(|path| path.into())),
        (FORMAT_VARIABLE, format.map(|format| format.as_str().into())),
    ]
}
