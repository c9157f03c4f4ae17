//! Which credential is meant, first match wins: `--config` > `--profile` > `GADS_CREDS_PROFILE` > `GADS_CREDS_CONFIG` >
//! `GOOGLE_ADS_CONFIGURATION_FILE_PATH` > `default` in profiles.toml > `~/google-ads.yaml`.
//!
//! `exec` sets one of the first two variables and takes the other away, so that a run inside means the same credential
//! ([`environment_for_child`]): what the third names there may be a file in memory, whose name tells no format. `GADS_CREDS_FORMAT` belongs
//! to the file of `GADS_CREDS_CONFIG` alone.
//!
//! `--format` alone moves the last of them to the file that the other library looks for: INI text in a file called
//! `google-ads.yaml` would help nobody.

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

/// The credential that is meant, by the order of the manual; exit 3 for a profile nobody knows.
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

/// profiles.toml; empty where it cannot be read although a file is named, which is found without it.
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

/// What `--store` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreChoice {
    File,
    Keychain,
    /// The commands that stand in profiles.toml.
    Command,
    /// Those of a recipe.
    Engine(Engine),
}

impl StoreChoice {
    /// Reads `file`, `keychain`, `command` or `pass:google-ads/work` and its like.
    pub fn new(text: &str) -> Result<StoreChoice> {
        Ok(match text {
            "file" => StoreChoice::File,
            "keychain" => StoreChoice::Keychain,
            "command" => StoreChoice::Command,
            recipe => StoreChoice::Engine(recipes::engine(recipe)?),
        })
    }

    /// The location of the profile of that name; none for a file, whose path depends on more.
    fn location(&self, name: &ProfileName, file: &ProfilesFile) -> Result<Option<Location>> {
        let known = file.entry(name)?.map(|(location, _)| location);
        Ok(match self {
            StoreChoice::File => None,
            StoreChoice::Keychain => Some(Location::Keychain { profile: name.clone() }),
            StoreChoice::Engine(engine) => {
                let location = Location::Command { profile: name.clone(), engine: engine.clone() };
                // Of the same entry the lines in profiles.toml count: somebody may have set a timeout.
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

/// Likewise for `login`, where a profile may be new and `--profile` with `--config` names a file. `store` is what `--store`
/// says.
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

/// Where a profile goes that is moved: to the store that is named; of files to the one that `--config` names, else to the one
/// that it is kept in, else to a free one.
pub fn choose_target(name: &ProfileName, store: &StoreChoice, choice: Choice) -> Result<Location> {
    let file = ProfilesFile::read()?;
    match (store.location(name, &file)?, choice.config, file.entry(name)?) {
        (Some(location), ..) | (None, None, Some((location @ Location::File { .. }, _))) => spelled(location, choice),
        (None, Some(path), _) => Ok(at(&paths::resolve(path, CONFIG_OPTION)?, choice)),
        (None, None, _) => free_location(name, choice, &file),
    }
}

impl Profile {
    /// Whether nothing said which credential is meant, and it is the file that the library reads.
    pub fn is_fallback(&self) -> bool {
        self.selected_by == SelectedBy::DefaultFile
    }
}

/// The location of a profile that a secret manager keeps: by the recipe that is given, else by its commands in profiles.toml.
pub fn command_location(name: &ProfileName, recipe: Option<&str>) -> Result<Location> {
    let store = recipe.map_or(Ok(StoreChoice::Command), StoreChoice::new)?;
    store.location(name, &ProfilesFile::read()?)?.ok_or_else(|| no_commands(name))
}

/// The variables by which a gads-creds inside a command means this credential too; those without a value are to be taken out.
///
/// By its name, unless the format of its file was given otherwise than in profiles.toml; a keychain's entry has the
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

/// The profile with what is noted of the token that it has at that location.
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

/// Where this profile was kept so far, and what was noted of it, if that is elsewhere: a login then moves it.
pub fn previous_location(profile: &Profile) -> Result<Option<(Location, TokenMetadata)>> {
    let Some(name) = &profile.name else { return Ok(None) };
    let known = ProfilesFile::read()?.entry(name)?;
    Ok(known.filter(|(location, _)| !same_location(location, &profile.location)))
}

/// The library's own file, where a login without a name went into the keychain although that file holds a token. A file that
/// has a name is another profile's.
pub fn library_file_with_token(profile: &Profile) -> Result<Option<PathBuf>> {
    if profile.selected_by != SelectedBy::DefaultFile || matches!(profile.location, Location::File { .. }) {
        return Ok(None);
    }
    let file = ProfilesFile::read()?;
    let path = library_location(None)?;
    let named = file.entry_of_file(&path)?.is_some_and(|(name, ..)| !file.is_path_made(&name));
    Ok(Some(path).filter(|path| !named && holds_token(path, None) == Some(true)))
}

/// The profile at another location, since another credential has taken the one that was free when its login began: where its name
/// is kept in a file by now, else at a free location.
pub fn relocated(profile: &Profile) -> Result<Option<Profile>> {
    let (Some(name), Location::File { format, .. }) = (&profile.name, &profile.location) else { return Ok(None) };
    let file = ProfilesFile::read()?;
    if profile.selected_by == SelectedBy::ProfileAndConfig {
        return Ok(None);
    }
    let choice = Choice { format: *format, ..Choice::default() };
    let location = match file.entry(name)? {
        Some((known @ Location::File { .. }, _)) => known,
        // A profile that was to leave another store is still noted there.
        Some(_) | None => free_location(name, choice, &file)?,
    };
    Ok(Some(Profile { location, ..profile.clone() }).filter(|aside| !same_location(&aside.location, &profile.location)))
}

/// What one of the rules found, and which.
enum Meant {
    File(PathBuf, SelectedBy),
    Profile(ProfileName, SelectedBy),
}

/// What the first rule found, and the choice with the format that stands beside it.
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
        Error::usage(format!("`{FORMAT_VARIABLE}` is `{}`, which is no format", term::excerpt(&name)))
            .hint(format!("set it to one of `{names}`, or to nothing"))
    })
}

/// A variable that is set to nothing is not set.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Where the library of that format looks when it is told nothing; `~/google-ads.yaml` without a format.
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

/// A file's location as the command line spells it.
fn at(path: &Path, choice: Choice) -> Location {
    Location::File { path: path.to_owned(), format: choice.format }
}

/// The location with the format that the command line adds.
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

/// A file that was not meant by a name, with what is known of it; its name only if a person gave it one.
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

/// A profile at that location: what was known of it holds only if it stays where it is.
fn named(name: ProfileName, location: Location, file: &ProfilesFile, by: SelectedBy) -> Result<Profile> {
    let metadata = match file.entry(&name)? {
        Some((known, metadata)) if same_location(&known, &location) => metadata,
        _ => TokenMetadata::default(),
    };
    Ok(Profile { name: Some(name), location, metadata, selected_by: by })
}

/// The file of a new profile: the one its library looks for, unless another credential lives there; then one beside it with
/// the profile's name in its own, like `~/google-ads-work.yaml`.
fn free_location(name: &ProfileName, choice: Choice, file: &ProfilesFile) -> Result<Location> {
    let usual = library_location(choice.format)?;
    if file.entry_of_file(&usual)?.is_none() && holds_token(&usual, choice.format) == Some(false) {
        return Ok(at(&usual, choice));
    }
    let stem = usual.file_stem().unwrap_or_default().to_string_lossy();
    let end = usual.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
    let own = usual.with_file_name(format!("{stem}-{name}{end}"));
    // The name of the library's file tells its format; one with a profile's name in it may not.
    let told = usual.file_name().and_then(|name| format::which(&name.to_string_lossy(), "")).map(format::Format::name);
    Ok(Location::File { path: own, format: choice.format.or(told) })
}

/// Whether a login there would replace a token; none where that cannot be read.
fn holds_token(path: &Path, format: Option<FormatName>) -> Option<bool> {
    let Some(text) = disk::read(path).ok()? else { return Some(false) };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let format = match format {
        Some(format) => format::named(format, &name, &text),
        None => format::which(&name, &text)?,
    };
    Some(format.read(&text).ok()?.credentials.refresh_token().is_some())
}

/// No such profile: the ones there are, and the one that was probably meant.
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
