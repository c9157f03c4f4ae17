//! `default`: the profile of commands that name none.

use toml_edit::{Item, value};

use crate::error::{Error, Result};
use crate::profile::ProfileName;
use crate::profile::file::ProfilesFile;
use crate::profile::file::write::{change, changed};

/// Makes a profile the default one; it must be in profiles.toml.
pub fn set_default(name: &ProfileName) -> Result<()> {
    change(&|path, text| {
        changed(path, text, &|file| {
            if file.entry(name)?.is_none() {
                return Err(Error::parse(format!("profile `{name}` has gone from profiles.toml")));
            }
            file.set_default(name)
        })
    })
}

impl ProfilesFile {
    fn set_default(&mut self, name: &ProfileName) -> Result<String> {
        match self.document.get_mut("default").and_then(Item::as_value_mut) {
            Some(old) => {
                let mut new = toml_edit::Value::from(name.as_str());
                // The comment behind it stays.
                *new.decor_mut() = old.decor().clone();
                *old = new;
            }
            None => _ = self.document.insert("default", value(name.as_str())),
        }
        let text = self.to_text();
        match ProfilesFile::parse(self.path.clone(), &text)?.default()? {
            Some(default) if default == *name => Ok(text),
            _ => Err(self.wrong("default", "cannot be set without breaking the file")),
        }
    }
}
