//! Reads the keys of one profile: where its credentials are, and the metadata of its token.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use toml_edit::{Item, TableLike};

use crate::error::{Kind, Result};
use crate::format::UnknownFormat;
use crate::paths;
use crate::profile::file::ProfilesFile;
use crate::profile::{Location, ProfileName, TokenMetadata};

impl ProfilesFile {
    pub fn location(&self, entry: &dyn TableLike, name: &ProfileName) -> Result<Location> {
        let key = &format!("profiles.{name}");
        let file = self.text(entry, key, "file")?;
        match (self.text(entry, key, "store")?, file) {
            (Some("keychain"), _) => Ok(Location::Keychain { profile: name.clone() }),
            (Some("command"), _) => Ok(Location::Command { profile: name.clone(), engine: self.engine(entry, key)? }),
            (Some("file"), _) | (None, Some(_)) => {
                let path = match file {
                    Some(text) => self.expanded(text, key)?,
                    None => paths::home()?.join("google-ads.yaml"),
                };
                let format = match self.text(entry, key, "format")? {
                    Some(text) => Some(text.parse().map_err(|unknown: UnknownFormat| {
                        self.wrong(&format!("{key}.format"), &unknown.to_string())
                    })?),
                    None => None,
                };
                Ok(Location::File { path, format })
            }
            (Some(_), _) => Err(self.wrong(&format!("{key}.store"), "is not `file`, `keychain` or `command`")),
            (None, None) => {
                Err(self.wrong(key, "has no `store`; it takes `store = \"file\"`, `\"keychain\"` or `\"command\"`"))
            }
        }
    }

    /// Expands `~/`. A path that depends on where the program was started would mean another file each time.
    fn expanded(&self, text: &str, key: &str) -> Result<PathBuf> {
        let source = format!("{key}.file");
        let path = paths::expand(text.as_ref(), &source).map_err(|error| error.with_kind(Kind::Parse))?;
        if path.is_absolute() {
            // Without a slash at the end, with which a file is not found.
            return Ok(path.components().collect());
        }
        Err(self.wrong(&source, "is a relative path; write it in full or begin it with `~/`"))
    }

    /// Returns the recorded metadata of the token. What decides where the token may be sent must be readable; the rest
    /// is only shown, and counts as unknown if it cannot be read.
    pub fn metadata(&self, entry: &dyn TableLike, name: &ProfileName) -> Result<TokenMetadata> {
        let key = &format!("profiles.{name}");
        let owned = |field: &str| self.text(entry, key, field).map(|text| text.map(str::to_owned));
        let time = |field: &str| entry.get(field).and_then(time);
        let is_unread = |field: &&str| entry.contains_key(field) && time(field).is_none();
        Ok(TokenMetadata {
            client_id: owned("client_id")?,
            redirect_uri: owned("redirect_uri")?,
            issued_at: time("issued_at"),
            expires_at: time("expires_at"),
            scopes: self.texts(entry, key, "scopes").unwrap_or_default(),
            account: owned("account").ok().flatten(),
            endpoint: owned("endpoint")?,
            fingerprint: owned("fingerprint")?,
            unread_dates: ["issued_at", "expires_at"].into_iter().filter(is_unread).collect(),
        })
    }

    pub fn text<'a>(&self, table: &'a dyn TableLike, key: &str, field: &str) -> Result<Option<&'a str>> {
        let Some(item) = table.get(field) else { return Ok(None) };
        item.as_str().map(Some).ok_or_else(|| self.wrong(&dotted(key, field), "is not a string"))
    }

    pub fn texts(&self, table: &dyn TableLike, key: &str, field: &str) -> Result<Vec<String>> {
        let Some(item) = table.get(field) else { return Ok(Vec::new()) };
        let texts =
            item.as_array().and_then(|array| array.iter().map(|text| text.as_str().map(str::to_owned)).collect());
        texts.ok_or_else(|| self.wrong(&dotted(key, field), "is not a list of strings"))
    }
}

/// Returns a time: a text, or a date of TOML's own. Without an offset it is in UTC, and without a time the day's beginning.
fn time(item: &Item) -> Option<DateTime<Utc>> {
    let text = item.as_str().map(str::to_owned).or_else(|| item.as_datetime().map(ToString::to_string))?;
    ["", "Z", "T00:00:00Z"].iter().find_map(|rest| format!("{text}{rest}").parse().ok())
}

fn dotted(key: &str, field: &str) -> String {
    if key.is_empty() { field.to_owned() } else { format!("{key}.{field}") }
}
