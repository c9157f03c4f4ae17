//! A stored service account: reads and checks its key wherever it is kept, and explains Google's error responses.

use std::path::Path;

use crate::credentials::{AccountKey, Credentials, Key, ServiceAccount};
use crate::error::{Detail, Error, GrantFailure, Kind, Result};
use crate::google::{ADWORDS, Endpoints, Google};
use crate::hint::Hint;
use crate::service_account_key;
use crate::term;
use crate::tokens::clock;

/// Reads the key of a service account. `location` is where the credential is stored, for messages.
pub fn read_key(account: &ServiceAccount, location: &str, endpoints: &Endpoints) -> Result<AccountKey> {
    match &account.key {
        Key::File(path) if !path.exists() => Err(missing(path, location)),
        Key::File(path) => match service_account_key::read(path, endpoints) {
            Ok(file) => Ok(file.key),
            // The place is one for a service account's key, which another login does not replace by itself.
            Err(error) => {
                let step = error.next_step().cloned().map(Hint::replacing_kind);
                Err(error.maybe_hint(step))
            }
        },
        Key::Document(document) => service_account_key::parse(document, location, endpoints),
    }
}

fn missing(path: &Path, location: &str) -> Error {
    let text = path.to_string_lossy();
    let unfit = |fact: &str, step: &str| {
        Error::new(Kind::KeyFile, format!("what is stored as the path of the key file in {location} is {fact}"))
            .hint(step)
    };
    if text.trim_start().starts_with('{') {
        return unfit(
            "a JSON document, not a path",
            "save it as a file of its own that only you can read, and run `gads-creds login --key-file FILE`",
        );
    }
    if text.starts_with(['"', '\'', '\u{201c}', '\u{2018}']) {
        return unfit("in quotes that are part of it", "remove the quotes, or run `gads-creds login --key-file FILE`");
    }
    // What a Properties file, or a string of a program, makes of `C:\Users`.
    if matches!(text.as_bytes(), [letter, b':', next, ..] if letter.is_ascii_alphabetic() && !b"/\\".contains(next)) {
        return unfit(
            "a path without its backslashes, which the syntax of the file takes for escapes",
            "write `/` or `\\\\` in place of each `\\`, or run `gads-creds login --key-file FILE`",
        );
    }
    let message = format!("the key file {}, which {location} names, does not exist", term::path(path));
    if path.starts_with("~") {
        return Error::new(Kind::KeyFile, format!("{message}: the library does not expand `~`")).hint(format!(
            "save the whole path: `gads-creds login --key-file {}`, which the shell expands",
            term::plain_path(path)
        ));
    }
    Error::new(Kind::KeyFile, message)
        .hint("put it back, or log in with another key: `gads-creds login --key-file FILE`")
}

/// Returns a note about the key that this one replaces: it stays valid. `None` if there was none, or the same one.
pub fn replaced_key(before: &Credentials, new: &AccountKey, location: &str, endpoints: &Endpoints) -> Option<String> {
    let account = before.service_account()?;
    match read_key(account, location, endpoints) {
        Ok(old) if old.key_id == new.key_id => None,
        Ok(old) => Some(format!(
            "it replaces the key {} of {}, which is still valid: delete it at {} once nothing uses it any more",
            term::excerpt(&old.key_id),
            term::excerpt(&old.email),
            service_account_key::CONSOLE
        )),
        Err(_) => Some(format!(
            "it replaces a key that cannot be read; look for keys to delete at {}",
            service_account_key::CONSOLE
        )),
    }
}

/// Returns the error with details: the key that Google rejects, both clocks, the client ID that an administrator needs.
pub fn explain(error: Error, key: &AccountKey, impersonate: Option<&str>, google: &Google) -> Error {
    let email = term::excerpt(&key.email);
    match (error.detail(), error.google_code(), &key.client_id) {
        (Some(Detail::Grant(GrantFailure::Clock)), ..) => match google.clock_error().and_then(clock::readings) {
            Some(difference) => error.adding(&difference),
            None => error,
        },
        (Some(Detail::Grant(GrantFailure::Key)), ..) => {
            error.adding(&format!("it is the key {} of {email}", term::excerpt(&key.key_id)))
        }
        (_, Some("unauthorized_client" | "access_denied"), _) if impersonate.is_none() => error.hint(format!(
            "check at {} that {email} and its key are enabled, and that the Google Ads API is enabled in its project",
            service_account_key::CONSOLE
        )),
        (_, Some("unauthorized_client" | "access_denied"), Some(client_id)) => error.hint(format!(
            "an administrator enters client ID `{}` and scope `{ADWORDS}` at \
             https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite {email} in \
             Google Ads",
            term::excerpt(client_id),
        )),
        _ => error,
    }
}

/// Returns the error for a service account, or the user that it acts for, without access to any Google Ads account.
pub fn no_access(email: &str, google_code: Option<&str>) -> Error {
    let email = term::excerpt(email);
    let error = Error::new(Kind::NotAdsUser, format!("{email} has no access to a Google Ads account")).hint(format!(
        "add {email} at https://ads.google.com: Admin, Access and security, Users, +; then run `gads-creds doctor`"
    ));
    match google_code {
        Some(code) => error.with_google_code(code),
        None => error,
    }
}
