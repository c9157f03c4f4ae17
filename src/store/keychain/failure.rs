//! Errors of the keychain: why it cannot be used, by what the user does about it.

use crate::error::{Error, Kind, Result};
use crate::store::keychain::SERVICE;
#[cfg(target_os = "macos")]
use crate::store::keychain::apple;
use crate::store::keychain::cause::Cause;
#[cfg(all(unix, not(target_os = "macos")))]
use crate::store::keychain::dbus;
use crate::store::keychain::deadline::{Deadline, NoResult};
use crate::term;

/// The variable for the address of the D-Bus session. It outlives the session in tmux and screen.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
const OTHER_ADDRESS: &str = "set that variable to the address of the session that runs now, or unset it";

impl Cause {
    /// Returns what the operating system says; none for the errors that are about an entry: those carry its bytes.
    fn of(error: &keyring::Error) -> Option<Cause> {
        let (source, in_words): (_, fn(String) -> Cause) = match error {
            keyring::Error::NoStorageAccess(source) => (source, Cause::Refused),
            keyring::Error::PlatformFailure(source) => (source, Cause::Failed),
            _ => return None,
        };
        #[cfg(all(unix, not(target_os = "macos")))]
        if let Some(error) = source.downcast_ref() {
            return Some(dbus::cause(error));
        }
        #[cfg(target_os = "macos")]
        if let Some(cause) = source.downcast_ref().and_then(apple::cause) {
            return Some(cause);
        }
        Some(in_words(term::excerpt(&source.to_string())))
    }

    /// Returns the error; `failed` is what did not work, where the cause alone does not say it.
    fn error(self, failed: &str) -> Error {
        let (message, step) = match self {
            Cause::Locked => ("the keychain is locked".to_owned(), "unlock the keychain"),
            Cause::NoPrompt => (
                "the keychain is locked, and its prompt was dismissed or could not be shown".to_owned(),
                "unlock the keychain",
            ),
            Cause::NoDefaultCollection => (
                "there is no default keychain collection to save in".to_owned(),
                "create one with the keychain's own program",
            ),
            Cause::NoSession if std::env::var_os(BUS).is_some() => {
                (format!("there is no D-Bus session at the address in `{BUS}`"), OTHER_ADDRESS)
            }
            Cause::NoSession => {
                ("there is no D-Bus session to find a keychain in".to_owned(), "log in to a desktop session")
            }
            Cause::AddressList(works) => {
                let works = works.map(|address| format!("; `{}` is one that works", term::excerpt(&address)));
                let works = works.unwrap_or_default();
                (
                    format!("`{BUS}` is a list of addresses, of which only one can be used here{works}"),
                    "set that variable to the one address of the session that runs now",
                )
            }
            Cause::StartsProgram => {
                (format!("`{BUS}` names a program to start in place of a session, and none is started"), OTHER_ADDRESS)
            }
            Cause::NotConnected(reason) if std::env::var_os(BUS).is_some() => {
                (format!("no D-Bus session can be used at the address in `{BUS}`: {reason}"), OTHER_ADDRESS)
            }
            Cause::NotConnected(reason) => {
                (format!("{failed}: no connection to the D-Bus session: {reason}"), "fix or restart the keychain")
            }
            Cause::NoService => ("no Secret Service runs in this D-Bus session".to_owned(), "start the keychain"),
            #[cfg(target_os = "macos")]
            Cause::Known(fact, step) => (fact.to_owned(), step),
            Cause::OfAnotherUser(uid) => (
                format!("the D-Bus session is that of another user (uid {uid}), and so is its keychain"),
                match uid {
                    0 => "set `DBUS_SESSION_BUS_ADDRESS` to the address of a session of your own",
                    _ => "run this as that user, without `sudo`",
                },
            ),
            Cause::Refused(text) => {
                (format!("the keychain is locked or denies access ({text})"), "unlock the keychain")
            }
            Cause::Failed(text) => (format!("{failed}: {text}"), "fix or restart the keychain"),
        };
        self::failed(message, step)
    }
}

/// Fails for an address of the session that is not one to connect to.
pub fn check_address() -> Result<()> {
    #[cfg(all(unix, not(target_os = "macos")))]
    if let Some(cause) = std::env::var(BUS).ok().and_then(|value| dbus::unusable_address(&value)) {
        return Err(cause.error(""));
    }
    Ok(())
}

/// Returns the error for a keychain that could not be opened.
pub fn not_opened(error: &keyring::Error) -> Error {
    let cause = Cause::of(error).unwrap_or_else(|| Cause::Failed("this system has none that is known here".to_owned()));
    cause.error("cannot reach the keychain of this machine")
}

/// Returns the error for a keychain that responded with one.
pub fn of_entry(account: &str, error: &keyring::Error) -> Error {
    match error {
        keyring::Error::TooLong(_, most) => failed(
            format!("a keychain entry holds at most {most} bytes, and the longest value to store is longer"),
            "keep the profile in a secret manager with `--store`",
        ),
        keyring::Error::Ambiguous(_) => {
            let message = format!("the keychain has more than one entry `{account}` of service `{SERVICE}`");
            Error::io(message).hint("remove all but one with the keychain's own program")
        }
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => unreadable(account),
        _ => match Cause::of(error) {
            None => Cause::Failed("no cause is given".to_owned()),
            // There was a connection, so the address is right.
            Some(Cause::NotConnected(reason)) => Cause::Failed(format!("no connection to the D-Bus session: {reason}")),
            Some(cause) => cause,
        }
        .error(&format!("the keychain failed at entry `{account}`")),
    }
}

/// Returns the error for a keychain that did not respond in time.
pub fn silent(no_result: NoResult, deadline: Deadline) -> Error {
    let message = match no_result {
        NoResult::NoResponse if cfg!(target_os = "linux") => format!(
            "the keychain did not respond within {} s: the D-Bus session bus or the Secret Service behind it hangs",
            deadline.response_after().as_secs()
        ),
        NoResult::NoResponse => {
            format!("the keychain did not respond within {} s", deadline.response_after().as_secs())
        }
        NoResult::NotFinished => format!(
            "the keychain responded, but did not finish within {} s; it hangs, or waits for a response to its own prompt",
            deadline.finish_after().as_secs()
        ),
        NoResult::ThreadFailed => "the thread that talks to the keychain ended early".to_owned(),
    };
    failed(message, "unlock or restart the keychain")
}

pub fn failed(message: impl Into<String>, step: &str) -> Error {
    Error::new(Kind::Keychain, message)
        .hint(format!("{step}, or keep the secrets in a file with `gads-creds login --store file`"))
}

pub fn unreadable(account: &str) -> Error {
    Error::parse(format!("the keychain's entry `{account}` of service `{SERVICE}` holds no text"))
        .hint("remove that entry with the keychain's own program")
}
