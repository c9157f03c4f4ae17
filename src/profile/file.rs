//! profiles.toml itself: reads it entry by entry, and edits it in place under its lock.
//!
//! Only the requested entry is checked: a mistake in one profile does not affect the others, even one that is not TOML.
//! Errors name line or key, never the text around it.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, TableLike};

use crate::disk;
use crate::error::{Error, Result};
use crate::paths;
use crate::profile::file::tables::Broken;
use crate::profile::{Location, Profile, ProfileName, SelectedBy, TokenMetadata};
use crate::term;

mod default;
mod engine;
mod entry;
mod key;
mod line_ends;
mod moving;
mod tables;
mod write;

pub use default::{preflight_default, set_default};
pub use engine::{check_engines_are_trusted, others_may_change_profiles};
pub use moving::{begin_move, end_move, intend_move, intended_move, unfinished_move, withdraw_move};
pub use write::{clear, forget, leftovers, preflight, preflight_forget, remember, with_entry, without_entry};

/// Returns every profile in the file, in order. An entry that cannot be read keeps its key and the reason, and hides no
/// other.
pub fn all() -> Result<Vec<Listed>> {
    let file = ProfilesFile::read()?;
    file.profiles()?;
    let listed = |key: &str| {
        let profile = file
            .listed(key)
            .map(|profile| Profile { name: profile.name.filter(|name| !file.is_path_made(name)), ..profile });
        Listed { key: key.to_owned(), profile }
    };
    let broken = file.broken.iter().filter(|broken| !broken.key.is_empty()).map(|broken| &*broken.key);
    Ok(file.keys().chain(broken).map(listed).collect())
}

/// An entry of profiles.toml.
#[derive(Clone, Debug)]
pub struct Listed {
    /// As the file spells it; it may not be a valid name.
    key: String,
    /// Without a name if nobody gave it one.
    pub profile: Result<Profile>,
}

impl Listed {
    /// Lists a file that no profile names.
    pub fn unnamed(profile: Profile) -> Listed {
        Listed { key: String::new(), profile: Ok(Profile { name: None, ..profile }) }
    }

    /// Returns the name; `None` for a file that nobody named.
    pub fn name(&self) -> Option<String> {
        let is_unnamed = self.profile.as_ref().is_ok_and(|profile| profile.name.is_none());
        (!is_unnamed).then(|| term::excerpt(&self.key))
    }

    /// Returns what a list calls it: its name, or the path of a file that nobody named.
    pub fn label(&self) -> String {
        match &self.profile {
            Ok(Profile { name: None, location, .. }) => location.short(),
            Ok(_) | Err(_) => term::excerpt(&self.key),
        }
    }
}

/// Returns every profile in the text of the file at that path, in order.
pub fn all_in(path: &Path, text: &str) -> Result<Vec<Profile>> {
    let file = ProfilesFile::parse(path.to_owned(), text)?;
    file.keys().map(|key| file.listed(key)).collect()
}

/// Returns the names that users gave, for shell completion; errors are ignored.
pub fn names() -> Vec<ProfileName> {
    let Ok(file) = ProfilesFile::read() else { return Vec::new() };
    file.names().into_iter().filter(|name| !file.is_path_made(name)).collect()
}

/// Returns the name that `default` gives, for lists.
pub fn default_name() -> Result<Option<ProfileName>> {
    ProfilesFile::read()?.default()
}

/// The text of profiles.toml, parsed; empty if there is no such file.
pub struct ProfilesFile {
    path: PathBuf,
    document: DocumentMut,
    /// The tables that cannot be read, where the text as a whole is not TOML.
    broken: Vec<Broken>,
}

impl ProfilesFile {
    pub fn path() -> Result<PathBuf> {
        Ok(paths::config()?.join("profiles.toml"))
    }

    /// Reads it to look something up: what is wrong in one table hides no other.
    pub fn read() -> Result<ProfilesFile> {
        ProfilesFile::read_as(ProfilesFile::parse_tables)
    }

    /// Reads it for a change: fails if any of it is not TOML.
    pub fn read_whole() -> Result<ProfilesFile> {
        ProfilesFile::read_as(ProfilesFile::parse)
    }

    fn read_as(parse: fn(PathBuf, &str) -> Result<ProfilesFile>) -> Result<ProfilesFile> {
        let path = ProfilesFile::path()?;
        // Below what is not a directory, such as `/dev/null`, there is no file.
        let is_possible = || path.ancestors().skip(1).find(|above| above.exists()).is_none_or(Path::is_dir);
        let text = match disk::read(&path) {
            Err(_) if !is_possible() => None,
            Err(error) if path.exists() && !path.is_file() && !path.is_dir() => {
                return Err(error.hint(format!("put a regular file in place of {}, or remove it", term::path(&path))));
            }
            read => read?,
        };
        parse(path, &text.unwrap_or_default())
    }

    fn parse(path: PathBuf, text: &str) -> Result<ProfilesFile> {
        match text.parse() {
            Ok(document) => Ok(ProfilesFile { path, document, broken: Vec::new() }),
            Err(error) => Err(tables::first_error(&path, text, &error)),
        }
    }

    fn parse_tables(path: PathBuf, text: &str) -> Result<ProfilesFile> {
        ProfilesFile::parse(path.clone(), text).or_else(|error| {
            let (document, broken) = tables::read(&path, text);
            let file = ProfilesFile { path, document, broken };
            // Without a profile that can be read, or a table that cannot, the error is about all of it.
            if file.keys().next().is_none() || file.broken.is_empty() { Err(error) } else { Ok(file) }
        })
    }

    /// Returns a file without entries, for a credential that is found without profiles.toml.
    pub fn empty() -> ProfilesFile {
        let path = ProfilesFile::path().unwrap_or_default();
        ProfilesFile { path, document: DocumentMut::new(), broken: Vec::new() }
    }

    fn listed(&self, key: &str) -> Result<Profile> {
        self.check_is_read(key)?;
        let wrong = |what| self.wrong(&format!("profiles.{}", term::excerpt(key)), what);
        let name = ProfileName::new(key)
            .map_err(|error| wrong("is not a valid profile name").maybe_hint(error.next_step().cloned()))?;
        let (location, metadata) = self.entry(&name)?.ok_or_else(|| wrong("is not a table"))?;
        Ok(Profile { name: Some(name), location, metadata, selected_by: SelectedBy::ProfilesFile })
    }

    pub fn default(&self) -> Result<Option<ProfileName>> {
        self.check_is_read("")?;
        let Some(name) = self.text(self.document.as_table(), "", "default")? else { return Ok(None) };
        ProfileName::new(name).map(Some).map_err(|_| self.wrong("default", "is not a valid profile name"))
    }

    /// Returns every valid name in the file, in order; [`all`] reports invalid ones.
    pub fn names(&self) -> Vec<ProfileName> {
        self.keys().filter_map(|key| ProfileName::new(key).ok()).collect()
    }

    /// Returns location and metadata of that profile; `None` if it is not in the file.
    pub fn entry(&self, name: &ProfileName) -> Result<Option<(Location, TokenMetadata)>> {
        let Some(entry) = self.table(name)? else { return Ok(None) };
        Ok(Some((self.location(entry, name)?, self.metadata(entry, name)?)))
    }

    /// Returns the profile whose credential is in that file. A name given by the user is preferred to one generated
    /// from the path, then the newest token.
    pub fn entry_of_file(&self, path: &Path) -> Result<Option<(ProfileName, Location, TokenMetadata)>> {
        let mut best: Option<(ProfileName, Location, TokenMetadata)> = None;
        for name in self.names() {
            // An entry without a readable location fails only when it is requested by name.
            let Ok(Some(entry)) = self.table(&name) else { continue };
            let Ok(location) = self.location(entry, &name) else { continue };
            if !matches!(&location, Location::File { path: theirs, .. } if same_file(theirs, path)) {
                continue;
            }
            let metadata = self.metadata(entry, &name)?;
            let rank = |name: &ProfileName, metadata: &TokenMetadata| (!self.is_path_made(name), metadata.issued_at);
            if best.as_ref().is_none_or(|(other, _, known)| rank(&name, &metadata) > rank(other, known)) {
                best = Some((name, location, metadata));
            }
        }
        Ok(best)
    }

    /// Whether the entry's name was generated from its file, because the user gave none.
    pub fn is_path_made(&self, name: &ProfileName) -> bool {
        let location = self.table(name).ok().flatten().map(|entry| self.location(entry, name));
        matches!(location, Some(Ok(Location::File { path, .. })) if *name == ProfileName::of_file(&path))
    }

    /// Returns the error for an invalid key of this file.
    pub fn wrong(&self, key: &str, what: &str) -> Error {
        Error::io(format!("`{key}` in {} {what}", term::path(&self.path)))
            .hint(format!("fix it in {}", term::path(&self.path)))
    }

    /// Returns the current text.
    fn to_text(&self) -> String {
        self.document.to_string()
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        let profiles = self.document.get("profiles").and_then(Item::as_table_like);
        profiles.into_iter().flat_map(|profiles| profiles.iter().map(|(key, _)| key))
    }

    /// Fails for a table that is not TOML; `key` is that of its profile, or empty for what is above all tables.
    fn check_is_read(&self, key: &str) -> Result<()> {
        let broken = self.broken.iter().find(|broken| broken.key == key);
        broken.map_or(Ok(()), |broken| Err(broken.error.clone()))
    }

    fn profiles(&self) -> Result<Option<&dyn TableLike>> {
        let Some(profiles) = self.document.get("profiles") else {
            let is_misspelled = self.document.get("profile").is_some_and(Item::is_table_like);
            return if is_misspelled {
                Err(self.wrong("profile", "is not what profiles are in: `profiles`"))
            } else {
                Ok(None)
            };
        };
        profiles.as_table_like().map(Some).ok_or_else(|| self.wrong("profiles", "is not a table"))
    }

    fn table(&self, name: &ProfileName) -> Result<Option<&dyn TableLike>> {
        self.check_is_read(name.as_str())?;
        let Some(profiles) = self.profiles()? else { return Ok(None) };
        let Some(entry) = profiles.get(name.as_str()) else { return Ok(None) };
        entry.as_table_like().map(Some).ok_or_else(|| self.wrong(&format!("profiles.{name}"), "is not a table"))
    }
}

/// Whether both are one location; the format of a file does not count.
pub fn same_location(a: &Location, b: &Location) -> bool {
    match (a, b) {
        (Location::File { path: a, .. }, Location::File { path: b, .. }) => same_file(a, b),
        (Location::Command { engine: a, .. }, Location::Command { engine: b, .. }) => a.is_same_entry(b),
        (a, b) => a == b,
    }
}

/// Whether both paths lead to one file: links are followed, and case is ignored where the system does. A file need not
/// exist.
pub fn same_file(a: &Path, b: &Path) -> bool {
    a == b
        || matches!((disk::lock_name(a), disk::lock_name(b)), (Ok(a), Ok(b)) if a == b)
        || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
