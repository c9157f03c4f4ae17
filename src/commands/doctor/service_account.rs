//! Checks a service account: its key, and the user it acts for.

use std::path::Path;

use crate::commands::others;
use crate::credentials::{AccountKey, Key};
use crate::disk;
use crate::error::{Error, Kind};
use crate::profile::quoted;
use crate::term;

use super::examined::Examined;
use super::{FIX_FIRST, Finding};

/// Reports which service account it is, in place of the OAuth client.
pub fn account(examined: &Examined) -> Finding {
    let Some(Ok(key)) = &examined.key else { return Finding::skip("the key cannot be used", FIX_FIRST) };
    if let Some(error) = examined.refused().filter(|error| error.kind() == Kind::ClientRejected) {
        return Finding::from_error(error);
    }
    let project = key.project.as_deref().map(|project| format!(", Cloud project {}", term::excerpt(project)));
    let stored = examined.stored();
    let user = stored.service_account().and_then(|account| account.impersonate.as_deref());
    let user = user.map(|user| format!(", acting for {}", term::excerpt(user))).unwrap_or_default();
    Finding::ok(format!("service account {}{}{user}", term::excerpt(&key.email), project.unwrap_or_default()))
}

/// Checks the key, in place of the refresh token.
pub fn key(examined: &Examined, key: &Result<AccountKey, Error>) -> Finding {
    let key = match key {
        Ok(key) => key,
        Err(error) => return Finding::from_error(error),
    };
    let stored = examined.stored();
    if let Some(Key::File(path)) = stored.service_account().map(|account| &account.key) {
        if let Some(finding) = mode(path) {
            return finding;
        }
        if path.is_relative() {
            let text = format!(
                "the key {} has a relative path: a program finds it only if it is started in this directory",
                term::path(path)
            );
            let step = format!("run `gads-creds set --key-file {}`, which saves the absolute path", quoted(path));
            return Finding::warn(text, step);
        }
    }
    Finding::ok(format!("key {} is there", term::excerpt(&key.key_id)))
}

/// Returns a warning if others can change or read the key.
fn mode(path: &Path) -> Option<Finding> {
    if let Some(error) = disk::others_may_change(path) {
        return Some(Finding::from_warning(&error));
    }
    let mode = disk::mode(path).filter(|mode| mode & 0o077 != 0)?;
    let text = format!("others on this machine can read the key {} (mode {mode:04o})", term::path(path));
    Some(Finding::warn(text, others::step_to_private(path)))
}
