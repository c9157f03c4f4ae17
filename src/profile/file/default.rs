//! `default`: the profile of commands that name none.

use std::path::Path;

use toml_edit::{Item, value};

use crate::error::{Error, Result};
use crate::profile::ProfileName;
use crate::profile::file::ProfilesFile;
use crate::profile::file::write::{change, changed, try_change};

/// Makes a profile the default one; it must be in profiles.toml.
pub fn set_default(name: &ProfileName) -> Result<()> {
    change(&|path, text| with_default(path, text, name))
}

/// Checks everything that [`set_default`] would do, without writing.
pub fn preflight_default(name: &ProfileName) -> Result<()> {
    try_change(&|path, text| with_default(path, text, name))
}

fn with_default(path: &Path, text: &str, name: &ProfileName) -> Result<String> {
    changed(path, text, &|file| {
        if file.entry(name)?.is_none() {
            return Err(Error::parse(format!("profile `{name}` is not in profiles.toml any more"))
                .hint(format!("run `gads-creds login -p {name}`")));
        }
        file.set_default(name)
    })
}

impl ProfilesFile {
    fn set_default(&mut self, name: &ProfileName) -> Result<String> {
        if self.document.get("default").is_some_and(|default| !default.is_value()) {
            return Err(self.wrong("default", "is not a string"));
        }
        match self.document.get_mut("default").and_then(Item::as_value_mut) {
            Some(old) => {
                let mut new = toml_edit::Value::from(name.as_str());
                // The comment after it stays.
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
