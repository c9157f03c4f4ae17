//! Selects the credential; the first match wins: `--config` > `--profile` > `GADS_CREDS_PROFILE` > `GADS_CREDS_CONFIG`
//! > `GOOGLE_ADS_CONFIGURATION_FILE_PATH` > `default` in profiles.toml > `~/google-ads.yaml`.
//!
//! `exec` sets one of the first two variables and removes the other, so that a run inside the command selects the same
//! credential ([`environment_for_child`](crate::profile::environment_for_child)): the third may name a file in memory, whose name does not show its format.
//! `GADS_CREDS_FORMAT` applies only to the file of `GADS_CREDS_CONFIG`.
//!
//! `--format` alone changes the last one to the file that the other library looks for, and passes over a default profile that is in
//! no such file: INI text in a file called `google-ads.yaml` would be useless.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::error::{Error, Kind, Result};
use crate::format::{self, FormatName};
use crate::hint::Target;
use crate::paths;
use crate::profile::file::{self, Listed, ProfilesFile, same_location};
use crate::profile::library_file::{free_location, library_location};
use crate::profile::name::nearest;
use crate::profile::store_choice::StoreChoice;
use crate::profile::{Choice, Location, Profile, ProfileName, SelectedBy, TokenMetadata};
use crate::term;

/// Names the file, as `--config` does.
const CONFIG_OPTION: &str = "--config";
pub const CONFIG_VARIABLE: &str = "GADS_CREDS_CONFIG";
/// Names the profile, as `--profile` does.
pub const PROFILE_VARIABLE: &str = "GADS_CREDS_PROFILE";
/// The format of the file in the variable before, as `--format` spells it.
pub const FORMAT_VARIABLE: &str = "GADS_CREDS_FORMAT";
/// The variable of Google's libraries for the file.
pub const FILE_VARIABLE: &str = "GOOGLE_ADS_CONFIGURATION_FILE_PATH";

/// Returns the selected credential; fails with exit code 3 for an unknown profile.
pub fn choose(choice: Choice) -> Result<Profile> {
    if choice.config.is_some() && choice.profile.is_some() {
        return Err(Error::usage("`--profile` and `--config` both say which credential is meant")
            .hint("leave one of them out; only `login` takes both, to give the file that name"));
    }
    let file = profiles_file(choice)?;
    let (meant, choice) = meant(choice, &file)?;
    match meant {
        Meant::File(path, by) => unnamed(path, choice, &file, by),
        Meant::Profile(name, by) => {
            let (location, metadata) = file.entry(&name)?.ok_or_else(|| unknown(&name, by, &file))?;
            Ok(Profile { location: spelled(location, choice)?, metadata, name: Some(name), selected_by: by })
        }
    }
}

/// Returns every profile. Without any, the one file that every other command would use, if it is there.
pub fn all_or_only(choice: Choice) -> Result<Vec<Listed>> {
    // Without a home directory there is no profiles.toml, unless a variable says where.
    let is_known = ProfilesFile::path().is_ok();
    let listed = if is_known { file::all()? } else { Vec::new() };
    if !listed.is_empty() {
        return Ok(listed);
    }
    let only = match choose(choice) {
        Err(_) if is_known && paths::home().is_err() => return Ok(listed),
        only => only?,
    };
    let is_there = match &only.location {
        Location::File { path, .. } => path.exists() || !only.is_fallback(),
        Location::Keychain { .. } | Location::Command { .. } => true,
    };
    let listed = Listed::unnamed(only);
    Ok(Vec::from_iter(is_there.then_some(listed)))
}

/// Reads profiles.toml; returns an empty one if it cannot be read but the command line names a file, which does not
/// need it.
fn profiles_file(choice: Choice) -> Result<ProfilesFile> {
    let is_set = |name| variable(name).is_some();
    let names_file = choice.profile.is_none()
        && (choice.config.is_some()
            || (!is_set(PROFILE_VARIABLE) && (is_set(CONFIG_VARIABLE) || is_set(FILE_VARIABLE))));
    match ProfilesFile::read() {
        Err(_) if names_file => Ok(ProfilesFile::empty()),
        read => read,
    }
}

/// Returns the credential for `login`: its profile may be new, and `--profile` with `--config` names a file. `store` is
/// the value of `--store`.
pub fn choose_for_login(choice: Choice, store: Option<&StoreChoice>) -> Result<Profile> {
    let file = profiles_file(choice)?;
    let is_file = matches!(store, None | Some(StoreChoice::File));
    let (meant, choice) = match (choice.profile, choice.config) {
        (Some(name), Some(path)) if is_file => {
            let location = choice.file(paths::resolve(path, CONFIG_OPTION)?);
            let name = ProfileName::new(name)?;
            refuse_other_case(&name, SelectedBy::ProfileAndConfig, &file)?;
            return named(name, location, &file, SelectedBy::ProfileAndConfig);
        }
        _ => meant(choice, &file)?,
    };
    let elsewhere = |name: &ProfileName| store.map_or(Ok(None), |store| store.location(name, &file));
    match meant {
        Meant::File(_, by) if !is_file && by != SelectedBy::DefaultFile => {
            Err(Error::usage(format!("`{by}` names a file, and `--store` another location for the credentials"))
                .hint("name the profile only, without a file: `--profile NAME`"))
        }
        Meant::File(path, by) => {
            let name = ProfileName::new("default")?;
            match elsewhere(&name)? {
                Some(location) => {
                    refuse_other_case(&name, by, &file)?;
                    named(name, location, &file, by)
                }
                None => unnamed(path, choice, &file, by),
            }
        }
        Meant::Profile(name, by) => {
            refuse_other_case(&name, by, &file)?;
            let location = match (elsewhere(&name)?, file.entry(&name)?) {
                (Some(location), _) | (None, Some((location @ Location::File { .. }, _))) => location,
                (None, Some((location, _))) if store.is_none() => location,
                (None, _) => free_location(&name, choice, &file)?,
            };
            named(name, spelled(location, choice)?, &file, by)
        }
    }
}

/// Returns the location that a profile moves to: the named store. For files, the one that `--config` names, or the
/// current one, or a free one.
pub fn choose_target(name: &ProfileName, store: &StoreChoice, choice: Choice) -> Result<Location> {
    let file = ProfilesFile::read()?;
    match (store.location(name, &file)?, choice.config, file.entry(name)?) {
        (Some(location), ..) | (None, None, Some((location @ Location::File { .. }, _))) => spelled(location, choice),
        (None, Some(path), _) => Ok(choice.file(paths::resolve(path, CONFIG_OPTION)?)),
        (None, None, _) => free_location(name, choice, &file),
    }
}

impl Profile {
    /// Whether nothing selects a credential, so that the library's own file is used.
    pub fn is_fallback(&self) -> bool {
        self.selected_by == SelectedBy::DefaultFile
    }
}

/// What a rule selected, and which rule.
enum Meant {
    File(PathBuf, SelectedBy),
    Profile(ProfileName, SelectedBy),
}

/// Applies the rules, and returns the first match and the choice with the format that applies to it.
fn meant<'a>(choice: Choice<'a>, file: &ProfilesFile) -> Result<(Meant, Choice<'a>)> {
    let meant = first_meant(choice, file)?;
    let format = match (choice.format, &meant) {
        (None, Meant::File(_, SelectedBy::ConfigVariable)) => format_of_variable()?,
        (format, _) => format,
    };
    Ok((meant, Choice { format, ..choice }))
}

fn first_meant(choice: Choice, file: &ProfilesFile) -> Result<Meant> {
    if let Some(path) = choice.config {
        return Ok(Meant::File(paths::resolve(path, CONFIG_OPTION)?, SelectedBy::ConfigOption));
    }
    if let Some(name) = choice.profile {
        return Ok(Meant::Profile(ProfileName::new(name)?, SelectedBy::ProfileOption));
    }
    if let Some(name) = variable(PROFILE_VARIABLE) {
        let name = ProfileName::new(&name.to_string_lossy())
            .map_err(|error| error.while_trying(&format!("`{PROFILE_VARIABLE}` in the environment")))?;
        return Ok(Meant::Profile(name, SelectedBy::ProfileVariable));
    }
    if let Some(path) = variable(CONFIG_VARIABLE) {
        return Ok(Meant::File(paths::resolve(path, CONFIG_VARIABLE)?, SelectedBy::ConfigVariable));
    }
    if let Some(path) = variable(FILE_VARIABLE) {
        return Ok(Meant::File(paths::resolve(path, FILE_VARIABLE)?, SelectedBy::FileVariable));
    }
    if let Some(name) = file.default()?
        && choice.format.is_none_or(|format| may_be(&name, format, file))
    {
        return Ok(Meant::Profile(name, SelectedBy::DefaultProfile));
    }
    Ok(Meant::File(library_location(choice.format)?, SelectedBy::DefaultFile))
}

/// Whether the profile is in a file that may be of this format. A `.env` may hold several.
fn may_be(name: &ProfileName, format: FormatName, file: &ProfilesFile) -> bool {
    let Ok(Some((location, _))) = file.entry(name) else { return true };
    let Location::File { path, format: recorded } = location else { return false };
    let shown = path.file_name().and_then(|name| format::which(&name.to_string_lossy(), ""));
    recorded == Some(format) || shown.is_none_or(|shown| [format, FormatName::Env].contains(&shown.name()))
}

fn format_of_variable() -> Result<Option<FormatName>> {
    let Some(name) = variable(FORMAT_VARIABLE) else { return Ok(None) };
    let name = name.to_string_lossy();
    name.parse().map(Some).map_err(|_| {
        let names = format::names().join("`, `");
        Error::usage(format!("`{FORMAT_VARIABLE}` is `{}`, which is not a format", term::excerpt(&name)))
            .hint(format!("set it to one of `{names}`, or to nothing"))
    })
}

/// An empty variable counts as unset.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Returns the location with the format that the command line adds.
fn spelled(location: Location, choice: Choice) -> Result<Location> {
    match (location, choice.format) {
        (Location::File { path, .. }, Some(format)) => Ok(Location::File { path, format: Some(format) }),
        (Location::Keychain { profile }, Some(_)) => {
            Err(Error::usage(format!("profile `{profile}` is kept in the keychain, which takes no `--format`"))
                .hint("leave `--format` out; `gads-creds export` writes a file"))
        }
        (Location::Command { profile, .. }, Some(_)) => {
            Err(Error::usage(format!("profile `{profile}` is kept by a secret manager, which takes no `--format`"))
                .hint("leave `--format` out; `gads-creds export` writes a file"))
        }
        (location, None) => Ok(location),
    }
}

/// Returns a file that was not selected by name, with its metadata; it has a name only if the user gave it one.
fn unnamed(path: PathBuf, choice: Choice, file: &ProfilesFile, by: SelectedBy) -> Result<Profile> {
    let format = choice.format;
    let Some((name, known, metadata)) = file.entry_of_file(&path)? else {
        return Ok(nameless(Location::File { path, format }, by));
    };
    let recorded = match known {
        Location::File { format, .. } => format,
        Location::Keychain { .. } | Location::Command { .. } => None,
    };
    let name = Some(name).filter(|name| !file.is_path_made(name));
    Ok(Profile { name, location: Location::File { path, format: format.or(recorded) }, metadata, selected_by: by })
}

fn nameless(location: Location, selected_by: SelectedBy) -> Profile {
    Profile { name: None, location, metadata: TokenMetadata::default(), selected_by }
}

/// Returns a profile at that location; its metadata applies only if the location has not changed.
fn named(name: ProfileName, location: Location, file: &ProfilesFile, by: SelectedBy) -> Result<Profile> {
    let metadata = match file.entry(&name)? {
        Some((known, metadata)) if same_location(&known, &location) => metadata,
        _ => TokenMetadata::default(),
    };
    Ok(Profile { name: Some(name), location, metadata, selected_by: by })
}

/// Returns the error for an unknown profile, with the existing ones and the one that was probably meant.
fn unknown(name: &ProfileName, by: SelectedBy, file: &ProfilesFile) -> Error {
    let known: Vec<ProfileName> = file.names().into_iter().filter(|name| !file.is_path_made(name)).collect();
    let list: Vec<String> = known.iter().take(20).map(|name| format!("`{name}`")).collect();
    let there = match known.len() {
        0 => "there are no profiles yet".to_owned(),
        count if count > list.len() => format!("known are {} and {} more", list.join(", "), count - list.len()),
        _ => format!("known: {}", list.join(", ")),
    };
    let asked = match by {
        SelectedBy::DefaultProfile => " (`default` in profiles.toml)".to_owned(),
        SelectedBy::ProfileVariable => format!(" (`{PROFILE_VARIABLE}` in the environment)"),
        _ => String::new(),
    };
    let hint = match nearest(name, &known) {
        Some(near) => did_you_mean(near, by),
        None if by == SelectedBy::DefaultProfile && !known.is_empty() => {
            "run `gads-creds set -p NAME --default` to make another one the default".to_owned()
        }
        None => format!("run `gads-creds login -p {name}` to create it"),
    };
    let target = Target { profile: Some(name.to_string()), ..Target::default() };
    Error::new(Kind::NoSuchProfile, format!("there is no profile `{name}`{asked}; {there}")).hint(hint).about(target)
}

/// Does the same for a profile that is made without being asked for by name.
pub fn check_case(name: &ProfileName) -> Result<()> {
    refuse_other_case(name, SelectedBy::DefaultFile, &ProfilesFile::read()?)
}

fn did_you_mean(near: &ProfileName, by: SelectedBy) -> String {
    match by {
        SelectedBy::ProfileVariable => format!("did you mean `{PROFILE_VARIABLE}={near}`?"),
        SelectedBy::DefaultProfile => format!("did you mean `default = \"{near}\"`?"),
        _ => format!("did you mean `-p {near}`?"),
    }
}

/// Fails for a new profile whose name differs from another's only in case. Windows and macOS would take their files for one, and
/// the Credential Manager their entries; one rule for every system keeps profiles.toml portable.
fn refuse_other_case(name: &ProfileName, by: SelectedBy, file: &ProfilesFile) -> Result<()> {
    let names = file.names();
    let Some(other) = names.iter().find(|other| other.as_str().eq_ignore_ascii_case(name.as_str())) else {
        return Ok(());
    };
    if names.contains(name) {
        return Ok(());
    }
    let message = format!("there is a profile `{other}` already, whose name differs from `{name}` only in case");
    Err(Error::usage(message).hint(did_you_mean(other, by)))
}
