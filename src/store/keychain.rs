//! The OS keychain as a store: macOS Keychain, Windows Credential Manager, Secret Service.
//!
//! There is one entry per profile and field (Windows limits an entry to 2,560 bytes), found by its exact service and
//! account. The IDs are stored along with the secrets, so that a profile is complete in one place. Every access has a
//! deadline, since a locked or frozen keychain would hang the program. Every failure is an error with its cause:
//! nothing is ever stored in a file instead.

use std::env;
use std::io::{self, IsTerminal};
use std::time::Duration;

use keyring::Entry;

use crate::credentials::Credentials;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::format::Contents;
use crate::profile::ProfileName;
use crate::secret::Secret;
use crate::store::deadline::{self, Cancelled, Deadline, NoResult};
use crate::store::fields::{self, COUNT, Values};
use crate::store::{Change, Store};
use crate::term;

/// The service of every entry.
const SERVICE: &str = "gads-creds";

/// The time limit of a keychain that does not prompt.
const SILENT: Duration = Duration::from_secs(5);

/// The time limit if a user can respond to its prompt.
const PROMPTING: Duration = Duration::from_secs(60);

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
                "the keychain's entry `{account}` of service `{SERVICE}` holds no customer id of ten digits"
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
            let mut error = silent(no_result, deadline);
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

/// Returns the deadline: with a user at a terminal of a desktop, the keychain may be showing a prompt.
fn deadline() -> Deadline {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let desktop =
        if cfg!(target_os = "macos") { !set("SSH_CONNECTION") } else { set("DISPLAY") || set("WAYLAND_DISPLAY") };
    let finish = if desktop && io::stdin().is_terminal() { PROMPTING } else { SILENT };
    Deadline::start(SILENT, finish)
}

/// Accesses the keychain: all calls on one thread, under one deadline.
fn visit<T: Send + 'static>(
    deadline: Deadline,
    work: impl FnOnce(&Cancelled) -> Result<T> + Send + 'static,
) -> Result<T> {
    try_visit(deadline, work).unwrap_or_else(|no_result| Err(silent(no_result, deadline)))
}

fn try_visit<T: Send + 'static>(
    deadline: Deadline,
    work: impl FnOnce(&Cancelled) -> Result<T> + Send + 'static,
) -> std::result::Result<Result<T>, NoResult> {
    // Prompts nobody: it connects, and agrees on a key for the transport.
    let open = || match Entry::store_status() {
        Ok(()) => Ok(()),
        Err(error) => Err(absent(error)),
    };
    deadline::run(deadline, open, work)
}

fn read_all(accounts: &[String; COUNT], cancelled: &Cancelled) -> Result<Values> {
    let mut values = Values::default();
    for (account, value) in accounts.iter().zip(&mut values) {
        *value = get(account, cancelled)?;
    }
    Ok(values)
}

/// Writes the values that differ, reads each entry back, and restores the previous values on a failure.
fn write_all(accounts: &[String; COUNT], before: &Values, after: &Values, cancelled: &Cancelled) -> Result<()> {
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

fn put_and_compare(account: &str, value: Option<&Secret>, cancelled: &Cancelled) -> Result<()> {
    put(account, value, cancelled)?;
    if get(account, cancelled)?.as_ref() == value {
        return Ok(());
    }
    let message = format!("the keychain returned something other than was stored in `{account}`");
    Err(failed(message, "fix or restart the keychain"))
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
        Err(error) => Err(refused(account, &error)),
    }
}

fn get(account: &str, cancelled: &Cancelled) -> Result<Option<Secret>> {
    match entry(account, cancelled)?.get_secret() {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(_) => Err(unreadable(account)),
        },
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(refused(account, &error)),
    }
}

fn entry(account: &str, cancelled: &Cancelled) -> Result<Entry> {
    if cancelled.is_set() {
        return Err(Error::new(Kind::Keychain, "the wait for the keychain has ended"));
    }
    Entry::new(SERVICE, account).map_err(|error| refused(account, &error))
}

/// Returns the error for a keychain that did not respond in time.
fn silent(no_result: NoResult, deadline: Deadline) -> Error {
    let message = match no_result {
        NoResult::NoResponse if cfg!(target_os = "linux") => format!(
            "the keychain did not respond within {} s: the D-Bus session bus or the Secret Service behind it hangs",
            SILENT.as_secs()
        ),
        NoResult::NoResponse => format!("the keychain did not respond within {} s", SILENT.as_secs()),
        NoResult::NotFinished => format!(
            "the keychain responded, but did not finish within {} s; it hangs, or waits for a response to its own prompt",
            deadline.finish_after().as_secs()
        ),
        NoResult::ThreadFailed => "the thread that talks to the keychain died".to_owned(),
    };
    failed(message, "unlock or restart the keychain")
}

/// Returns the error for a keychain that could not be opened.
fn absent(error: &keyring::Error) -> Error {
    let cause = cause(error).unwrap_or_else(|| "this system has none that is known here".to_owned());
    let message = if cause.contains("ServiceUnknown") {
        format!("no Secret Service runs in this session ({cause})")
    } else if cause.contains("Failed to connect to address") {
        format!("there is no D-Bus session to find a keychain in ({cause})")
    } else {
        format!("cannot reach the keychain of this machine: {cause}")
    };
    failed(message, "start the keychain")
}

/// Returns the error for a keychain that responded with one.
fn refused(account: &str, error: &keyring::Error) -> Error {
    let cause = cause(error).unwrap_or_else(|| "no cause is given".to_owned());
    match error {
        keyring::Error::NoStorageAccess(_) if cause.contains("prompt dismissed") || cause.contains("locked") => {
            failed(format!("the keychain is locked ({cause})"), "unlock the keychain")
        }
        keyring::Error::NoStorageAccess(_) => {
            failed(format!("the keychain is locked or refuses access ({cause})"), "unlock the keychain")
        }
        keyring::Error::TooLong(_, most) => failed(
            format!("a keychain entry holds at most {most} bytes, and the longest value to store is longer"),
            "keep the profile in a secret manager with `--store`",
        ),
        keyring::Error::Ambiguous(_) => {
            let message = format!("the keychain has more than one entry `{account}` of service `{SERVICE}`");
            Error::io(message).hint("remove all but one with the keychain's own program")
        }
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => unreadable(account),
        _ => failed(format!("the keychain failed at entry `{account}`: {cause}"), "fix or restart the keychain"),
    }
}

fn failed(message: impl Into<String>, first: &str) -> Error {
    Error::new(Kind::Keychain, message)
        .hint(format!("{first}, or keep the secrets in a file with `gads-creds login --store file`"))
}

fn unreadable(account: &str) -> Error {
    Error::parse(format!("the keychain's entry `{account}` of service `{SERVICE}` holds no text"))
        .hint("remove that entry with the keychain's own program")
}

/// Returns the operating system's error if it cannot quote an entry: other kinds of error carry the entry's bytes.
fn cause(error: &keyring::Error) -> Option<String> {
    match error {
        keyring::Error::PlatformFailure(cause) | keyring::Error::NoStorageAccess(cause) => {
            Some(term::excerpt(&cause.to_string()))
        }
        _ => None,
    }
}
