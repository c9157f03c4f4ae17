//! Edits profiles.toml: adds, changes or removes one entry; comments, order and unknown keys stay.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SubsecRound as _, Utc};
use toml_edit::{Array, Item, Table, TableLike, Value};

use crate::disk;
use crate::error::{Error, Kind, Result};
use crate::paths;
use crate::profile::file::engine::set_engine;
use crate::profile::file::key::set;
use crate::profile::file::{ProfilesFile, line_ends, same_file, same_location};
use crate::profile::{Location, Profile, ProfileName, TokenMetadata, is_found_unchanged, rfc3339};
use crate::term;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Writes location and metadata of a profile into profiles.toml, under the lock.
///
/// A file without a name is recorded, under a name generated from its path, only while there is something to remember:
/// when its token expires, that it came from a stand-in, or what a web client needs. With empty metadata its entry is
/// removed.
pub fn remember(profile: &Profile) -> Result<()> {
    if is_worth_it(profile) {
        return change(&|path, text| with_entry(path, text, profile));
    }
    let Ok(file) = ProfilesFile::read_whole() else { return Ok(()) };
    let name = file.name_for(profile)?;
    if file.is_path_made(&name) { forget(&name) } else { Ok(()) }
}

/// Checks everything that [`remember`] would do, without writing: fails wherever that would fail, unless the credentials are found
/// without it. A path that can never be recorded (a usage error) is not one for a token of a stand-in, which would go to Google.
pub fn preflight(profile: &Profile) -> Result<()> {
    match try_remember(profile) {
        Err(error)
            if is_found_unchanged(profile) && (error.kind() != Kind::Usage || profile.metadata.endpoint.is_none()) =>
        {
            Ok(())
        }
        tried => tried,
    }
}

fn try_remember(profile: &Profile) -> Result<()> {
    if is_worth_it(profile) {
        return try_change(&|path, text| with_entry(path, text, profile));
    }
    // Such a file needs nothing of profiles.toml, even if that cannot be read; only an existing entry is removed.
    let Ok(file) = ProfilesFile::read_whole() else { return Ok(()) };
    let name = file.name_for(profile)?;
    if file.is_path_made(&name) { preflight_forget(&name) } else { Ok(()) }
}

/// Checks everything that [`forget`] would do, without writing.
pub fn preflight_forget(name: &ProfileName) -> Result<()> {
    if ProfilesFile::read()?.entry(name).is_ok_and(|entry| entry.is_none()) {
        return Ok(());
    }
    try_change(&|path, text| without_entry(path, text, name))
}

pub fn try_change(step: &dyn Fn(&Path, &str) -> Result<String>) -> Result<()> {
    let path = ProfilesFile::path()?;
    if disk::is_unchanged(&path, &mut |text| step(&path, text)) {
        return Ok(());
    }
    let lock = disk::lock("profiles")?;
    disk::preflight(&path, &lock, &mut |text| step(&path, text)).map_err(|error| elsewhere(error, &path))
}

/// Returns the error with the step that helps where the file itself cannot be replaced, as in a store of Nix.
fn elsewhere(error: Error, path: &Path) -> Error {
    let is_of_another = disk::is_root() && disk::other_owner(path).is_some();
    let is_marked = || cfg!(windows) && path.metadata().is_ok_and(|metadata| metadata.permissions().readonly());
    if error.kind() != Kind::Io || is_of_another || is_marked() || disk::is_replaceable(path) {
        return error;
    }
    let own = "a directory of your own that can be written to";
    let step = match path.exists() {
        _ if cfg!(any(target_os = "macos", windows)) => "make that file yours and writable".to_owned(),
        true => format!(
            "copy {} to `gads-creds/profiles.toml` in {own}, and set `XDG_CONFIG_HOME` to that directory",
            term::path(path)
        ),
        false => format!("set `XDG_CONFIG_HOME` to {own}"),
    };
    error.while_trying("cannot change profiles.toml").hint(step)
}

/// What killed runs left beside profiles.toml.
pub fn leftovers() -> Result<Vec<PathBuf>> {
    Ok(disk::leftovers(&ProfilesFile::path()?))
}

/// Removes what killed runs left beside profiles.toml and returns it.
pub fn clear() -> Result<Vec<PathBuf>> {
    Ok(disk::clear(&ProfilesFile::path()?, &disk::lock("profiles")?))
}

fn is_worth_it(profile: &Profile) -> bool {
    let metadata = &profile.metadata;
    profile.name.is_some()
        || metadata.expires_at.is_some()
        || metadata.endpoint.is_some()
        || metadata.redirect_uri.is_some()
}

/// Removes the profile from profiles.toml, and from `default`.
pub fn forget(name: &ProfileName) -> Result<()> {
    if ProfilesFile::read()?.entry(name).is_ok_and(|entry| entry.is_none()) {
        return Ok(());
    }
    change(&|path, text| without_entry(path, text, name))
}

pub fn change(step: &dyn Fn(&Path, &str) -> Result<String>) -> Result<()> {
    let path = ProfilesFile::path()?;
    // If nothing changes, neither lock nor file has to be writable.
    if disk::is_unchanged(&path, &mut |text| step(&path, text)) {
        return Ok(());
    }
    let lock = disk::lock("profiles")?;
    disk::update(&path, &lock, &mut |text| step(&path, text)).map(drop).map_err(|error| elsewhere(error, &path))
}

/// Returns the text of the file at that path with location and metadata of this profile.
pub fn with_entry(path: &Path, text: &str, profile: &Profile) -> Result<String> {
    changed(path, text, &|file| file.note(&file.name_for(profile)?, profile))
}

/// Returns the text of the file at that path without this profile.
pub fn without_entry(path: &Path, text: &str, name: &ProfileName) -> Result<String> {
    changed(path, text, &|file| file.remove(name))
}

pub fn changed(path: &Path, text: &str, step: &dyn Fn(&mut ProfilesFile) -> Result<String>) -> Result<String> {
    // toml_edit writes LF only, and no byte order mark.
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    // Parsed unchanged first: with other line ends an invalid file could become valid.
    ProfilesFile::parse(path.to_owned(), body)?;
    let edited = step(&mut ProfilesFile::parse(path.to_owned(), &line_ends::plain(body))?)?;
    let changed = line_ends::restored(body, &edited).ok_or_else(|| {
        Error::io(format!("{} has many lines with two kinds of ends, and they cannot all be kept", term::path(path)))
            .hint("convert its line ends to one kind in an editor")
    })?;
    Ok(if text.starts_with(BYTE_ORDER_MARK) { format!("{BYTE_ORDER_MARK}{changed}") } else { changed })
}

impl ProfilesFile {
    /// Returns the name to record the profile under.
    pub fn name_for(&self, profile: &Profile) -> Result<ProfileName> {
        Ok(match (&profile.name, &profile.location) {
            (Some(name), _)
            | (None, Location::Keychain { profile: name } | Location::Command { profile: name, .. }) => name.clone(),
            (None, Location::File { path, .. }) => match self.entry_of_file(path)? {
                Some((name, ..)) if self.is_path_made(&name) => name,
                _ => ProfileName::of_file(path),
            },
        })
    }

    /// Returns the text with this profile, checked by parsing it again.
    pub fn note(&mut self, name: &ProfileName, profile: &Profile) -> Result<String> {
        let known = self.entry(name)?;
        if known.is_none() {
            self.begin(name, &profile.location)?;
        }
        let not_a_table = self.wrong(&format!("profiles.{name}"), "is not a table");
        let entry = self.profiles_mut()?.get_mut(name.as_str()).and_then(Item::as_table_like_mut).ok_or(not_a_table)?;
        match known {
            Some((location, _)) if same_location(&location, &profile.location) => set_format(entry, &profile.location),
            _ => set_location(entry, &profile.location)?,
        }
        set_metadata(entry, &profile.metadata);
        self.drop_generated(name, &profile.location)?;
        self.proved(name, profile)
    }

    /// Removes the entry with a generated name once the user has named its file, or the credentials have left it.
    pub fn drop_generated(&mut self, name: &ProfileName, location: &Location) -> Result<()> {
        let is_generated = |other: &ProfileName| {
            let theirs = self.entry(other).ok().flatten();
            other != name
                && self.is_path_made(other)
                && theirs.is_some_and(|(theirs, _)| same_location(&theirs, location))
        };
        let generated: Vec<ProfileName> = self.names().into_iter().filter(is_generated).collect();
        for name in generated {
            self.profiles_mut()?.remove(name.as_str());
        }
        Ok(())
    }

    pub fn profiles_mut(&mut self) -> Result<&mut dyn TableLike> {
        let not_a_table = self.wrong("profiles", "is not a table");
        self.document.get_mut("profiles").and_then(Item::as_table_like_mut).ok_or(not_a_table)
    }

    /// Adds an empty entry. What is at the end of the file, such as a comment, stays before it.
    fn begin(&mut self, name: &ProfileName, location: &Location) -> Result<()> {
        let becomes_default = self.becomes_default(name, location)?;
        // If an unknown table comes last, the end of the file is not the place for the entry.
        let is_ours = |(key, item): (&str, &Item)| key == "profiles" || !item.is_table();
        let mut before = String::new();
        if self.document.iter().all(is_ours) {
            before.push_str(self.document.trailing().as_str().unwrap_or_default());
            self.document.set_trailing("");
        }
        if !before.is_empty() && !before.ends_with('\n') {
            before.push('\n');
        }
        if becomes_default {
            let is_first = self.document.is_empty();
            self.document.insert("default", Item::Value(name.as_str().into()));
            if let Some(mut key) = self.document.key_mut("default").filter(|_| is_first) {
                key.leaf_decor_mut().set_prefix(std::mem::take(&mut before));
            }
        }
        if !self.document.contains_key("profiles") {
            let mut profiles = Table::new();
            profiles.set_implicit(true);
            self.document.insert("profiles", Item::Table(profiles));
        }
        let is_first = self.document.len() == 1 && self.keys().next().is_none();
        let mut entry = Table::new();
        entry.decor_mut().set_prefix(if is_first && before.is_empty() { before } else { before + "\n" });
        self.profiles_mut()?.insert(name.as_str(), Item::Table(entry));
        Ok(())
    }

    /// Whether the first profile that the user names becomes the default. It does not if commands without a name
    /// already mean a file: that changes only on request. Naming a profile `default` is such a request.
    fn becomes_default(&self, name: &ProfileName, location: &Location) -> Result<bool> {
        if self.document.contains_key("default") {
            return Ok(false);
        }
        // Without a home directory there is no file in it.
        let home = paths::home().ok().map(|home| home.join("google-ads.yaml")).filter(|home| home.exists());
        let (path_made, is_home) = match location {
            Location::File { path, .. } => {
                (*name == ProfileName::of_file(path), home.as_ref().is_some_and(|home| same_file(path, home)))
            }
            Location::Keychain { .. } | Location::Command { .. } => (false, false),
        };
        let alone = self.names().iter().all(|other| self.is_path_made(other));
        Ok(name.as_str() == "default" || (!path_made && alone && (is_home || home.is_none())))
    }

    /// Returns the text without this profile. A comment directly above it is removed too; one further up stays.
    fn remove(&mut self, name: &ProfileName) -> Result<String> {
        let mut stays = String::new();
        if self.default()?.as_ref() == Some(name)
            && let Some((key, _)) = self.document.as_table_mut().remove_entry("default")
        {
            stays.push_str(key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default());
        }
        if let Some(Item::Table(table)) = self.profiles_mut()?.remove(name.as_str()) {
            let above = table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
            stays.push_str(above.rfind("\n\n").map_or("", |end| above[..end + 2].trim_start_matches('\n')));
        }
        let rest = self.document.to_string();
        Ok(if stays.is_empty() { rest.trim_start_matches('\n').to_owned() } else { stays + &rest })
    }

    fn proved(&self, name: &ProfileName, profile: &Profile) -> Result<String> {
        let text = self.document.to_string();
        let whole_second = |time: Option<DateTime<Utc>>| time.map(|time| time.trunc_subsecs(0));
        let meant = TokenMetadata {
            issued_at: whole_second(profile.metadata.issued_at),
            expires_at: whole_second(profile.metadata.expires_at),
            ..profile.metadata.clone()
        };
        match ProfilesFile::parse(self.path.clone(), &text)?.entry(name)? {
            Some((location, metadata)) if same_location(&location, &profile.location) && metadata == meant => Ok(text),
            _ => Err(Error::parse(format!("cannot edit {} without breaking it", term::path(&self.path)))
                .hint(format!("write `[profiles.{name}]` as a table of its own"))),
        }
    }
}

pub fn set_location(entry: &mut dyn TableLike, location: &Location) -> Result<()> {
    let (store, file) = match location {
        Location::Keychain { .. } => ("keychain", None),
        Location::Command { .. } => ("command", None),
        Location::File { path, .. } => {
            let text = path.to_str().filter(|text| !text.contains(char::is_control));
            let is_other = || {
                let what = "is not UTF-8 text without line breaks, so profiles.toml cannot hold it";
                Error::usage(format!("the path {} {what}", term::path(path)))
                    .hint("keep the credentials in a file with a path of plain text")
            };
            ("file", Some(text.ok_or_else(is_other)?))
        }
    };
    set(entry, "store", Some(store.into()));
    set(entry, "file", file.map(Value::from));
    set(entry, "format", None);
    set_format(entry, location);
    set_engine(
        entry,
        match location {
            Location::Command { engine, .. } => Some(engine),
            Location::File { .. } | Location::Keychain { .. } => None,
        },
    );
    Ok(())
}

/// Sets the format. One that the user wrote is only replaced by a different one.
fn set_format(entry: &mut dyn TableLike, location: &Location) {
    if let Location::File { format: Some(format), .. } = location {
        set(entry, "format", Some(format.as_str().into()));
    }
}

fn set_metadata(entry: &mut dyn TableLike, metadata: &TokenMetadata) {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let scopes = (!metadata.scopes.is_empty()).then(|| Value::Array(metadata.scopes.iter().collect::<Array>()));
    set(entry, "client_id", text(&metadata.client_id));
    set(entry, "redirect_uri", text(&metadata.redirect_uri));
    set(entry, "account", text(&metadata.account));
    set(entry, "scopes", scopes);
    for (key, time) in [("issued_at", metadata.issued_at), ("expires_at", metadata.expires_at)] {
        // One that cannot be read is the user's to fix.
        if time.is_some() || !metadata.unread_dates.contains(&key) {
            set(entry, key, time.map(|time| rfc3339(time).into()));
        }
    }
    set(entry, "endpoint", text(&metadata.endpoint));
    set(entry, "fingerprint", text(&metadata.fingerprint));
}
