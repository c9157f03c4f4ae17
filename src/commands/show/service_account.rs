//! A service account as `show` prints it: the account, and its key without the private part.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::credentials::{AccountKey, Credentials, Key};
use crate::disk;
use crate::error::{Error, Result};
use crate::google::Endpoints;
use crate::term;
use crate::tokens;

pub struct Account {
    /// The key, or why it cannot be read.
    pub key: std::result::Result<AccountKey, Error>,
    /// The path of the key; `None` for one that the store holds itself.
    pub file: Option<PathBuf>,
    mode: Option<u32>,
    impersonate: Option<String>,
}

impl Account {
    /// Reads the key of the stored service account; `None` for a user's credential.
    pub fn of(stored: &Credentials, location: &str) -> Result<Option<Account>> {
        let Some(account) = stored.service_account() else { return Ok(None) };
        let file = match &account.key {
            Key::File(path) => Some(path.clone()),
            Key::Document(_) => None,
        };
        Ok(Some(Account {
            key: tokens::read_key(account, location, &Endpoints::from_environment()?),
            mode: file.as_deref().and_then(disk::mode),
            file,
            impersonate: account.impersonate.as_deref().map(|user| term::masked(user).into_owned()),
        }))
    }

    /// Returns the label and the value of each line.
    pub fn lines(&self) -> Vec<(&'static str, Option<String>)> {
        let key = self.key.as_ref().ok();
        let file = self.file.as_deref().map(|path| match self.mode {
            Some(mode) => format!("{} (mode {mode:04o})", term::plain_path(path)),
            None => term::plain_path(path),
        });
        vec![
            ("service account", key.map(|key| key.email.clone())),
            ("project", key.and_then(|key| key.project.clone())),
            ("key", key.map(|key| key.key_id.clone())),
            ("key file", file),
            ("acts for", self.impersonate.clone()),
        ]
    }

    /// Returns the mode of the key file, if others can read it.
    pub fn open_mode(&self) -> Option<u32> {
        self.mode.filter(|mode| mode & 0o077 != 0)
    }

    pub fn json(&self) -> Value {
        let key = self.key.as_ref().ok();
        json!({
            "email": key.map(|key| &key.email),
            "key_id": key.map(|key| &key.key_id),
            "project_id": key.and_then(|key| key.project.as_ref()),
            "impersonate": self.impersonate,
            "key_file": self.file.as_deref().map(term::masked_path),
            "key_file_mode": self.mode.map(|mode| format!("{mode:04o}")),
        })
    }
}
