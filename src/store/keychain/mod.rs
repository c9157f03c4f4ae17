//! The OS keychain as a store: macOS Keychain, Windows Credential Manager, Secret Service.
//!
//! There is one entry per profile and field (Windows limits an entry to 2,560 bytes), found by its exact service and
//! account. The IDs are stored along with the secrets, so that a profile is complete in one place. Every access has a
//! deadline, since a locked or frozen keychain would hang the program. Every failure is an error with its cause:
//! nothing is ever stored in a file instead.

use crate::credentials::Credentials;
use crate::disk::Lock;
use crate::error::{Error, Result};
use crate::format::Contents;
use crate::profile::ProfileName;
use crate::secret::Secret;
use crate::store::keychain::deadline::{Deadline, NoResult};
use crate::store::keychain::entries::{put_and_compare, read_all, write_all};
use crate::store::keychain::fields::{COUNT, Values};
use crate::store::keychain::visit::{deadline, try_visit, visit};
use crate::store::{Change, Store};

#[cfg(target_os = "macos")]
mod apple;
mod cause;
#[cfg(all(unix, not(target_os = "macos")))]
mod dbus;
mod deadline;
mod entries;
mod failure;
mod fields;
mod visit;

/// The service of every entry.
const SERVICE: &str = "gads-creds";

/// Returns the shell command that deletes all entries of a profile without this program, where there is one.
pub fn removal(profile: &ProfileName) -> Option<String> {
    let command = match () {
        () if cfg!(target_os = "linux") => "secret-tool clear service gads-creds username",
        () if cfg!(target_os = "macos") => "security delete-generic-password -s gads-creds -a",
        () => return None,
    };
    // Fish and elvish have loops of their own.
    Some(format!("sh -c 'for it in {}; do {command} {profile}/$it; done'", fields::names().join(" ")))
}

pub struct KeychainStore {
    profile: ProfileName,
}

impl KeychainStore {
    pub fn new(profile: &ProfileName) -> KeychainStore {
        KeychainStore { profile: profile.clone() }
    }

    fn account(&self, field: &str) -> String {
        format!("{}/{field}", self.profile.as_str())
    }

    fn accounts(&self) -> [String; COUNT] {
        fields::names().map(|name| self.account(name))
    }

    fn read(&self, deadline: Deadline) -> Result<Values> {
        let accounts = self.accounts();
        visit(deadline, move |cancelled| read_all(&accounts, cancelled))
    }

    fn record(&self, values: &Values) -> Result<Credentials> {
        fields::credentials(values).map_err(|field| {
            let account = self.account(field);
            Error::parse(format!(
                "the keychain's entry `{account}` of service `{SERVICE}` holds no customer ID of ten digits"
            ))
            .hint("remove that entry with the keychain's own program")
        })
    }
}

impl Store for KeychainStore {
    fn load(&self) -> Result<Contents> {
        let credentials = self.record(&self.read(deadline())?)?;
        Ok(Contents::of(credentials))
    }

    /// Writes, reads and removes an entry of its own, as long as the longest value: some keychains can be read while
    /// locked and only fail on a write, and the Windows Credential Manager limits an entry to 2,560 bytes, which a
    /// service account's key may exceed.
    fn preflight(&self, change: Change) -> Result<()> {
        // One preflight at a time: all use the same entry, so that each clears what a killed one left.
        let _lock = self.lock()?;
        let deadline = deadline();
        let mut after = self.record(&self.read(deadline)?)?;
        change(&mut after);
        let longest = fields::values(&after).iter().flatten().map(|value| value.expose().len()).max().unwrap_or(0);
        let account = self.account("write-test");
        visit(deadline, move |cancelled| {
            let text = "not a secret: gads-creds tries whether it can write here";
            let probe = Some(Secret::new(format!("{text:.<longest$}")));
            let written = put_and_compare(&account, probe.as_ref(), cancelled);
            let removed = put_and_compare(&account, None, cancelled);
            written.and(removed)
        })
    }

    fn lock_name(&self) -> Result<String> {
        Ok(format!("keychain:{}", self.profile.as_str()))
    }

    fn update(&self, _lock: &Lock, change: Change) -> Result<Vec<String>> {
        let deadline = deadline();
        let before = self.read(deadline)?;
        let mut credentials = self.record(&before)?;
        change(&mut credentials);
        let (accounts, after) = (self.accounts(), fields::values(&credentials));
        let written = try_visit(deadline, move |cancelled| write_all(&accounts, &before, &after, cancelled));
        let written = written.unwrap_or_else(|no_result| {
            let mut error = failure::silent(no_result, deadline);
            if no_result != NoResult::NoResponse {
                error = error.adding("part of the change may be stored");
            }
            Err(error)
        });
        match written {
            Ok(()) => Ok(Vec::new()),
            Err(error) => Err(error.while_trying(&format!("cannot store into the {}", self.location()))),
        }
    }

    fn location(&self) -> String {
        format!("keychain (service {SERVICE}, profile {})", self.profile.as_str())
    }
}
