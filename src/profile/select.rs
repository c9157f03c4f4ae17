//! Selects the credential; the first match wins: `--config` > `--profile` > `GADS_CREDS_PROFILE` > `GADS_CREDS_CONFIG`
//! > `GOOGLE_ADS_CONFIGURATION_FILE_PATH` > `default` in profiles.toml > `~/google-ads.yaml`.
//!
//! `exec` sets one of the first two variables and removes the other, so that a run inside the command selects the same
//! credential ([`environment_for_child`]): the third may name a file in memory, whose name does not show its format.
//! `GADS_CREDS_FORMAT` applies only to the file of `GADS_CREDS_CONFIG`.
//!
//! `--format` alone changes the last one to the file that the other library looks for: INI text in a file called
//! `google-ads.yaml` would be useless.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::{Error, Kind, Result};
use crate::format::{self, DefaultLocation, FormatName};
use crate::paths;
use crate::profile::file::{ProfilesFile, same_location};
use crate::profile::name::nearest;
use crate::profile::recipes;
use crate::profile::{Choice, Engine, Location, Profile, ProfileName, SelectedBy, TokenMetadata};
use crate::term;

/// Names the file, as `--config` does.
const CONFIG_OPTION: &str = "--config";
pub const CONFIG_VARIABLE: &str = "GADS_CREDS_CONFIG";
/// Names the profile, as `--profile` does.
pub const PROFILE_VARIABLE: &str = "GADS_CREDS_PROFILE";
/// The format of the file in the variable before, as `--format` says it.
const FORMAT_VARIABLE: &str = "GADS_CREDS_FORMAT";
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

/// Reads profiles.toml; returns an empty one if it cannot be read but the command line names a file, which does not
/// need it.
fn profiles_file(choice: Choice) -> Result<ProfilesFile> {
    let is_set = |name| variable(name).is_some();
    let names_file = choice.profile.is_none()
        && (choice.config.is_some()
            || (!is_set(PROFILE_VARIABLE) && (is_set(CONFIG_VARIABLE) || is_set(FILE_VARIABLE))));
    match ProfilesFile::read() {
        Err(_) if names_file => ProfilesFile::empty(),
        read => read,
    }
}

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
    fn location(&self, name: &ProfileName, file: &ProfilesFile) -> Result<Option<Location>> {
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

fn no_commands(name: &ProfileName) -> Error {
    Error::usage(format!("profile `{name}` has no commands in profiles.toml")).hint(
        "write `store = \"command\"`, `get` and `set` there, or name a secret manager: `--store pass:PATH`, for example",
    )
}

/// Returns the credential for `login`: its profile may be new, and `--profile` with `--config` names a file. `store` is
/// the value of `--store`.
pub fn choose_for_login(choice: Choice, store: Option<&StoreChoice>) -> Result<Profile> {
    let file = profiles_file(choice)?;
    let is_file = matches!(store, None | Some(StoreChoice::File));
    let (meant, choice) = match (choice.profile, choice.config) {
        (Some(name), Some(path)) if is_file => {
            let location = at(&paths::resolve(path, CONFIG_OPTION)?, choice);
            return named(ProfileName::new(name)?, location, &file, SelectedBy::ProfileAndConfig);
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
                Some(location) => named(name, location, &file, by),
                None => unnamed(path, choice, &file, by),
            }
        }
        Meant::Profile(name, by) => {
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
        (None, Some(path), _) => Ok(at(&paths::resolve(path, CONFIG_OPTION)?, choice)),
        (None, None, _) => free_location(name, choice, &file),
    }
}

impl Profile {
    /// Whether nothing selects a credential, so that the library's own file is used.
    pub fn is_fallback(&self) -> bool {
        self.selected_by == SelectedBy::DefaultFile
    }
}

/// Returns the location of a profile in a secret manager: by the recipe, or by its commands in profiles.toml.
pub fn command_location(name: &ProfileName, recipe: Option<&str>) -> Result<Location> {
    let store = recipe.map_or(Ok(StoreChoice::Command), StoreChoice::new)?;
    store.location(name, &ProfilesFile::read()?)?.ok_or_else(|| no_commands(name))
}

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

/// Returns the profile with the recorded metadata of the token at that location.
pub fn with_noted_metadata(profile: Profile) -> Result<Profile> {
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

/// Returns the library's own file if it holds a token although a login without a name went into the keychain. A file
/// with a name belongs to another profile.
pub fn library_file_with_token(profile: &Profile) -> Result<Option<PathBuf>> {
    if profile.selected_by != SelectedBy::DefaultFile || matches!(profile.location, Location::File { .. }) {
        return Ok(None);
    }
    let file = ProfilesFile::read()?;
    let path = library_location(None)?;
    let named = file.entry_of_file(&path)?.is_some_and(|(name, ..)| !file.is_path_made(&name));
    Ok(Some(path).filter(|path| !named && holds_token(path, None) == Some(true)))
}

/// Returns the profile at another location, because another credential now occupies the one that was free when its
/// login began: the file that is now recorded under its name, or a free location.
pub fn relocated(profile: &Profile) -> Result<Option<Profile>> {
    let (Some(name), Location::File { format, .. }) = (&profile.name, &profile.location) else { return Ok(None) };
    let file = ProfilesFile::read()?;
    if profile.selected_by == SelectedBy::ProfileAndConfig {
        return Ok(None);
    }
    let choice = Choice { format: *format, ..Choice::default() };
    let location = match file.entry(name)? {
        Some((known @ Location::File { .. }, _)) => known,
        // A profile that was leaving another store is still recorded there.
        Some(_) | None => free_location(name, choice, &file)?,
    };
    Ok(Some(Profile { location, ..profile.clone() })
        .filter(|relocated| !same_location(&relocated.location, &profile.location)))
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
        return Ok(Meant::Profile(ProfileName::new(&name.to_string_lossy())?, SelectedBy::ProfileVariable));
    }
    if let Some(path) = variable(CONFIG_VARIABLE) {
        return Ok(Meant::File(paths::resolve(path, CONFIG_VARIABLE)?, SelectedBy::ConfigVariable));
    }
    if let Some(path) = variable(FILE_VARIABLE) {
        return Ok(Meant::File(paths::resolve(path, FILE_VARIABLE)?, SelectedBy::FileVariable));
    }
    if let Some(name) = file.default()? {
        return Ok(Meant::Profile(name, SelectedBy::DefaultProfile));
    }
    Ok(Meant::File(library_location(choice.format)?, SelectedBy::DefaultFile))
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

/// Returns where the library of that format looks by default; `~/google-ads.yaml` without a format.
fn library_location(format: Option<FormatName>) -> Result<PathBuf> {
    let Some(name) = format else { return Ok(paths::home()?.join("google-ads.yaml")) };
    match format::named(name, "", "").default_location() {
        DefaultLocation::Home(file) => Ok(paths::home()?.join(file)),
        DefaultLocation::Gcloud(file) => Ok(paths::gcloud()?.join(file)),
        DefaultLocation::Here(file) => paths::resolve(file, "the default"),
        DefaultLocation::Nowhere => {
            Err(Error::usage(format!("the library of the format `{name}` has no default file"))
                .hint("name the file with `--config FILE`"))
        }
    }
}

/// Returns the location of a file as the command line gives it.
fn at(path: &Path, choice: Choice) -> Location {
    Location::File { path: path.to_owned(), format: choice.format }
}

/// Returns the location with the format that the command line adds.
fn spelled(location: Location, choice: Choice) -> Result<Location> {
    match (location, choice.format) {
        (Location::File { path, .. }, Some(format)) => Ok(Location::File { path, format: Some(format) }),
        (Location::Keychain { profile }, Some(_)) => {
            Err(Error::usage(format!("profile `{profile}` is kept in the keychain, which has no `--format`"))
                .hint("leave `--format` out; `gads-creds export` writes a file"))
        }
        (Location::Command { profile, .. }, Some(_)) => {
            Err(Error::usage(format!("profile `{profile}` is kept by a secret manager, which has no `--format`"))
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
    let noted = match known {
        Location::File { format, .. } => format,
        Location::Keychain { .. } | Location::Command { .. } => None,
    };
    let name = Some(name).filter(|name| !file.is_path_made(name));
    Ok(Profile { name, location: Location::File { path, format: format.or(noted) }, metadata, selected_by: by })
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

/// Returns the file of a new profile: the one its library looks for, unless it holds another credential; then one next
/// to it with the profile's name added, like `~/google-ads-work.yaml`.
fn free_location(name: &ProfileName, choice: Choice, file: &ProfilesFile) -> Result<Location> {
    let usual = library_location(choice.format)?;
    if file.entry_of_file(&usual)?.is_none() && holds_token(&usual, choice.format) == Some(false) {
        return Ok(at(&usual, choice));
    }
    let stem = usual.file_stem().unwrap_or_default().to_string_lossy();
    let end = usual.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
    let own = usual.with_file_name(format!("{stem}-{name}{end}"));
    // The name of the library's file shows its format; one with a profile's name added may not.
    let by_name =
        usual.file_name().and_then(|name| format::which(&name.to_string_lossy(), "")).map(format::Format::name);
    Ok(Location::File { path: own, format: choice.format.or(by_name) })
}

/// Whether a login there would replace a token; `None` if that cannot be read.
fn holds_token(path: &Path, format: Option<FormatName>) -> Option<bool> {
    let Some(text) = disk::read(path).ok()? else { return Some(false) };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let format = match format {
        Some(format) => format::named(format, &name, &text),
        None => format::which(&name, &text)?,
    };
    Some(format.read(&text).ok()?.credentials.refresh_token().is_some())
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
    let asked = if by == SelectedBy::DefaultProfile { " (`default` in profiles.toml)" } else { "" };
    let hint = match nearest(name, &known) {
        Some(near) if by == SelectedBy::ProfileVariable => format!("did you mean `{PROFILE_VARIABLE}={near}`?"),
        Some(near) if by == SelectedBy::DefaultProfile => format!("did you mean `default = \"{near}\"`?"),
        Some(near) => format!("did you mean `-p {near}`?"),
        None => format!("run `gads-creds login -p {name}` to make it"),
    };
    Error::new(Kind::NoSuchProfile, format!("there is no profile `{name}`{asked}; {there}")).hint(hint)
}
