//! Records a profile that moves between stores: from before the new store is written until the old one is cleared, the entry
//! names both.

use toml_edit::{InlineTable, Item, TableLike, Value};

use crate::error::{Error, Result};
use crate::profile::file::ProfilesFile;
use crate::profile::file::write::{change, changed, set_location};
use crate::profile::{Location, Profile, ProfileName};

const FROM: &str = "moving_from";
const TO: &str = "moving_to";

/// Records where the profile is about to move, before anything is written there.
pub fn intend_move(name: &ProfileName, to: &Location) -> Result<()> {
    change(&|path, text| {
        changed(path, text, &|file| {
            file.entry_mut(name)?.insert(TO, table(to)?);
            Ok(file.to_text())
        })
    })
}

/// Records that nothing of the profile is at the location that it was about to move to.
pub fn withdraw_move(name: &ProfileName) -> Result<()> {
    without(name, TO)
}

/// Records the profile at its new location, and the old location whose secrets are still to be deleted.
pub fn begin_move(profile: &Profile, from: &Location) -> Result<()> {
    change(&|path, text| {
        changed(path, text, &|file| {
            let name = file.name_for(profile)?;
            file.note(&name, profile)?;
            // What was recorded of a file that nobody named goes with its credentials.
            file.drop_generated(&name, from)?;
            let entry = file.entry_mut(&name)?;
            entry.remove(TO);
            entry.insert(FROM, table(from)?);
            Ok(file.to_text())
        })
    })
}

/// Records that the old location has been cleared.
pub fn end_move(name: &ProfileName) -> Result<()> {
    without(name, FROM)
}

fn without(name: &ProfileName, key: &str) -> Result<()> {
    change(&|path, text| {
        changed(path, text, &|file| {
            file.entry_mut(name)?.remove(key);
            Ok(file.to_text())
        })
    })
}

fn table(location: &Location) -> Result<Item> {
    let mut table = InlineTable::new();
    set_location(&mut table, location)?;
    Ok(Item::Value(Value::InlineTable(table)))
}

/// Returns the location where an interrupted move left secrets of a profile that is now elsewhere.
pub fn unfinished_move(name: &ProfileName) -> Result<Option<Location>> {
    ProfilesFile::read()?.moving(name, FROM)
}

/// Returns the location to which an interrupted move may have copied secrets of a profile that has not moved.
pub fn intended_move(name: &ProfileName) -> Result<Option<Location>> {
    ProfilesFile::read()?.moving(name, TO)
}

impl ProfilesFile {
    fn moving(&self, name: &ProfileName, key: &str) -> Result<Option<Location>> {
        let Some(item) = self.table(name)?.and_then(|entry| entry.get(key)) else { return Ok(None) };
        let key = format!("profiles.{name}.{key}");
        let location = item.as_table_like().ok_or_else(|| self.wrong(&key, "is not a table"))?;
        self.location(location, name).map(Some)
    }

    fn entry_mut(&mut self, name: &ProfileName) -> Result<&mut dyn TableLike> {
        let missing = || Error::parse(format!("profile `{name}` is no longer in profiles.toml"));
        self.profiles_mut()?.get_mut(name.as_str()).and_then(Item::as_table_like_mut).ok_or_else(missing)
    }
}
