//! Records a profile that moves between stores: until the old store is cleared, the entry names both.

use toml_edit::{InlineTable, Item, TableLike, Value};

use crate::error::{Error, Result};
use crate::profile::file::ProfilesFile;
use crate::profile::file::write::{change, changed, set_location};
use crate::profile::{Location, Profile, ProfileName};

const KEY: &str = "moving_from";

/// Records the profile at its new location, and the old location whose secrets are still to be deleted.
pub fn begin_move(profile: &Profile, from: &Location) -> Result<()> {
    change(&|path, text| {
        changed(path, text, &|file| {
            let name = file.name_for(profile)?;
            file.note(&name, profile)?;
            let mut table = InlineTable::new();
            set_location(&mut table, from)?;
            file.entry_mut(&name)?.insert(KEY, Item::Value(Value::InlineTable(table)));
            Ok(file.to_text())
        })
    })
}

/// Records that the old location has been cleared.
pub fn end_move(name: &ProfileName) -> Result<()> {
    change(&|path, text| {
        changed(path, text, &|file| {
            file.entry_mut(name)?.remove(KEY);
            Ok(file.to_text())
        })
    })
}

/// Returns the location where an interrupted move left secrets of a profile that is now elsewhere.
pub fn unfinished_move(name: &ProfileName) -> Result<Option<Location>> {
    ProfilesFile::read()?.moving_from(name)
}

impl ProfilesFile {
    fn moving_from(&self, name: &ProfileName) -> Result<Option<Location>> {
        let Some(from) = self.table(name)?.and_then(|entry| entry.get(KEY)) else { return Ok(None) };
        let key = format!("profiles.{name}.{KEY}");
        let from = from.as_table_like().ok_or_else(|| self.wrong(&key, "is not a table"))?;
        self.location(from, name).map(Some)
    }

    fn entry_mut(&mut self, name: &ProfileName) -> Result<&mut dyn TableLike> {
        let missing = || Error::parse(format!("profile `{name}` is no longer in profiles.toml"));
        self.profiles_mut()?.get_mut(name.as_str()).and_then(Item::as_table_like_mut).ok_or_else(missing)
    }
}
