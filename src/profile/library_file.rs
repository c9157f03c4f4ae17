//! The file that a client library reads by itself, and the file of a new profile beside it.

use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::{Error, Result};
use crate::format::{self, DefaultLocation, FormatName};
use crate::paths;
use crate::profile::file::{ProfilesFile, same_location};
use crate::profile::{Choice, Location, Profile, ProfileName, SelectedBy};

/// Returns where the library of that format looks by default; `~/google-ads.yaml` without a format.
pub fn library_location(format: Option<FormatName>) -> Result<PathBuf> {
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

/// Returns the file of a new profile: the one its library looks for, unless it holds another credential; then one next
/// to it with the profile's name added, like `~/google-ads-work.yaml`.
pub fn free_location(name: &ProfileName, choice: Choice, file: &ProfilesFile) -> Result<Location> {
    let usual = library_location(choice.format)?;
    if file.entry_of_file(&usual)?.is_none() && holds_token(&usual, choice.format) == Some(false) {
        return Ok(choice.file(usual));
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
