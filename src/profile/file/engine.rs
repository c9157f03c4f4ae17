//! The keys of a profile in a secret manager: `get`, `set`, `erase`, `absent`, `timeout`.
//!
//! They name programs to run, so they are used only from a file that no other user can have written.

use toml_edit::{Array, TableLike, Value};

use crate::disk;
use crate::error::{Error, Result};
use crate::profile::Engine;
use crate::profile::file::ProfilesFile;
use crate::profile::file::key::set;

/// The keys that only such a profile has.
const KEYS: [&str; 5] = ["get", "set", "erase", "absent", "timeout"];

/// Fails if another user may have written the commands in profiles.toml.
pub fn check_engines_are_trusted() -> Result<()> {
    disk::check_trusted(&ProfilesFile::path()?)
}

/// Returns why another user may have written profiles.toml, or can replace it; `None` if nobody else can, or there is none.
pub fn others_may_change_profiles() -> Option<Error> {
    let path = ProfilesFile::path().ok().filter(|path| path.exists())?;
    disk::others_may_change(&path)
}

impl ProfilesFile {
    /// Reads the commands. `key` is that of the profile: `profiles.work`.
    pub fn engine(&self, entry: &dyn TableLike, key: &str) -> Result<Engine> {
        let get = self.command(entry, key, "get")?;
        let absent = match entry.get("absent") {
            Some(item) if item.is_array() => self.texts(entry, key, "absent")?,
            _ => self.text(entry, key, "absent")?.map(str::to_owned).into_iter().collect(),
        };
        if absent.iter().any(|text| text.trim().is_empty()) {
            return Err(self.wrong(&format!("{key}.absent"), "is empty: it would fit every failure"));
        }
        Ok(Engine {
            get: get.ok_or_else(|| self.wrong(key, "has no `get`, the command that prints the document"))?,
            set: self.command(entry, key, "set")?,
            erase: self.command(entry, key, "erase")?,
            absent,
            timeout: self.timeout(entry, key)?,
        })
    }

    fn command(&self, entry: &dyn TableLike, key: &str, field: &str) -> Result<Option<Vec<String>>> {
        if entry.get(field).is_none() {
            return Ok(None);
        }
        let words = self.texts(entry, key, field)?;
        let is_command = words.first().is_some_and(|program| !program.is_empty());
        if !is_command || words.iter().any(|word| word.contains('\0')) {
            let what = "is not a command: a list of a program and its arguments";
            return Err(self.wrong(&format!("{key}.{field}"), what));
        }
        Ok(Some(words))
    }

    fn timeout(&self, entry: &dyn TableLike, key: &str) -> Result<Option<u8>> {
        let Some(item) = entry.get("timeout") else { return Ok(None) };
        let seconds = item.as_integer().and_then(|seconds| u8::try_from(seconds).ok());
        let seconds = seconds.filter(|seconds| (1..=120).contains(seconds));
        seconds
            .map(Some)
            .ok_or_else(|| self.wrong(&format!("{key}.timeout"), "is not a number of seconds from 1 to 120"))
    }
}

/// Writes the commands of an engine, or removes them.
pub fn set_engine(entry: &mut dyn TableLike, engine: Option<&Engine>) {
    let Some(engine) = engine else {
        KEYS.into_iter().for_each(|key| set(entry, key, None));
        return;
    };
    let command = |words: &Vec<String>| Value::Array(words.iter().collect::<Array>());
    set(entry, "get", Some(command(&engine.get)));
    set(entry, "set", engine.set.as_ref().map(command));
    set(entry, "erase", engine.erase.as_ref().map(command));
    let absent = match &engine.absent[..] {
        [] => None,
        [text] => Some(Value::from(text.as_str())),
        texts => Some(command(&texts.to_vec())),
    };
    set(entry, "absent", absent);
    set(entry, "timeout", engine.timeout.map(|seconds| Value::from(i64::from(seconds))));
}
