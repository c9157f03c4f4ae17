//! The entries of one profile in the keychain: each is found by its exact service and account, and what is written is read back.

use keyring::Entry;

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::store::keychain::deadline::Cancelled;
use crate::store::keychain::fields::{COUNT, Values};
use crate::store::keychain::{SERVICE, failure};

pub fn read_all(accounts: &[String; COUNT], cancelled: &Cancelled) -> Result<Values> {
    let mut values = Values::default();
    for (account, value) in accounts.iter().zip(&mut values) {
        *value = get(account, cancelled)?;
    }
    Ok(values)
}

/// Writes the values that differ, reads each entry back, and restores the previous values on a failure.
pub fn write_all(accounts: &[String; COUNT], before: &Values, after: &Values, cancelled: &Cancelled) -> Result<()> {
    let changes = accounts.iter().zip(before.iter().zip(after)).filter(|(_, (old, new))| old != new);
    let mut touched = Vec::new();
    for (account, (old, new)) in changes {
        touched.push((account, old));
        if let Err(error) = put_and_compare(account, new.as_ref(), cancelled) {
            let lost =
                touched.iter().filter(|(account, old)| put_and_compare(account, old.as_ref(), cancelled).is_err());
            let lost: Vec<_> = lost.map(|(account, _)| format!("`{account}`")).collect();
            return Err(error.adding(&match lost.as_slice() {
                [] => "the previous values were restored".to_owned(),
                lost => format!("the previous values could not be restored in {}", lost.join(", ")),
            }));
        }
    }
    Ok(())
}

pub fn put_and_compare(account: &str, value: Option<&Secret>, cancelled: &Cancelled) -> Result<()> {
    put(account, value, cancelled)?;
    if get(account, cancelled)?.as_ref() == value {
        return Ok(());
    }
    let message = format!("the keychain returned something other than was stored in `{account}`");
    Err(failure::failed(message, "fix or restart the keychain"))
}

fn put(account: &str, value: Option<&Secret>, cancelled: &Cancelled) -> Result<()> {
    let entry = entry(account, cancelled)?;
    let done = match value {
        // Stored as bytes: Windows stores a password as UTF-16, which halves what fits.
        Some(value) => entry.set_secret(value.expose().as_bytes()),
        None => entry.delete_credential(),
    };
    match done {
        Ok(()) => Ok(()),
        Err(keyring::Error::NoEntry) if value.is_none() => Ok(()),
        Err(error) => Err(failure::of_entry(account, &error)),
    }
}

fn get(account: &str, cancelled: &Cancelled) -> Result<Option<Secret>> {
    match entry(account, cancelled)?.get_secret() {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(_) => Err(failure::unreadable(account)),
        },
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(failure::of_entry(account, &error)),
    }
}

fn entry(account: &str, cancelled: &Cancelled) -> Result<Entry> {
    if cancelled.is_set() {
        return Err(Error::new(Kind::Keychain, "the wait for the keychain has ended"));
    }
    Entry::new(SERVICE, account).map_err(|error| failure::of_entry(account, &error))
}
