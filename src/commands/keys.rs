//! Converts a service account's key between its two forms: a path for a library's file, JSON for Application Default
//! Credentials.

use std::path::{Path, PathBuf};

use crate::credentials::{Credentials, Identity, Key};
use crate::disk;
use crate::error::{Error, Kind, Result};
use crate::format::{Format, FormatError, FormatName, Shown};
use crate::secret::Secret;
use crate::term::{self, Term};

/// Returns the credentials in the form that this format supports. `location` is where they are stored, for messages.
pub fn for_format(credentials: &Credentials, format: &dyn Format, location: &str) -> Result<Credentials> {
    if format.holds_key() {
        return held_by(credentials, location);
    }
    if credentials.service_account().is_some() {
        check_place(format)?;
    }
    match credentials.service_account().map(|account| &account.key) {
        Some(Key::Document(_)) => Err(Error::usage(format!(
            "{location} holds the key of the service account, and the {} reads it from a file",
            format.reader()
        ))
        .hint(
            "run `gads-creds exec -- COMMAND`, which hands the key over in memory, or write it to a file first: \
             `gads-creds export adc FILE`",
        )),
        Some(Key::File(_)) | None => Ok(spelled_for(credentials.clone(), format)),
    }
}

/// Returns the same credentials with the path of a key as this format can hold it.
pub fn spelled_for(mut credentials: Credentials, format: &dyn Format) -> Credentials {
    if let Some(Identity::ServiceAccount(account)) = &mut credentials.identity
        && let Key::File(path) = &account.key
    {
        account.key = Key::File(path_for(path, format));
    }
    credentials
}

/// Returns the path of a key as this format can hold it. In a `.env` file `\` is an escape to some readers; what runs on Windows
/// reads `/` as well.
pub fn path_for(path: &Path, format: &dyn Format) -> PathBuf {
    match path.to_str().filter(|_| cfg!(windows) && format.name() == FormatName::Env) {
        Some(text) => text.replace('\\', "/").into(),
        None => path.to_owned(),
    }
}

/// Fails for a format that has no key for a service account.
pub fn check_place(format: &dyn Format) -> Result<()> {
    if format.has_place_for_service_account() {
        return Ok(());
    }
    Err(Error::usage(format!("the {} has no place for a service account", format.reader()))
        .hint("use the credentials of a user for it: `gads-creds login -c FILE`"))
}

/// Returns the same credentials with the key itself in place of its path.
pub fn held_by(credentials: &Credentials, location: &str) -> Result<Credentials> {
    let mut held = credentials.clone();
    if let Some(Identity::ServiceAccount(account)) = &mut held.identity
        && let Key::File(path) = &account.key
    {
        let text = disk::read(path)?.ok_or_else(|| {
            let message = format!("the key file {}, which {location} names, does not exist", term::path(path));
            Error::new(Kind::KeyFile, message)
                .hint("put it back, or log in with another key: `gads-creds login --key-file FILE`")
        })?;
        account.key = Key::Document(Secret::new(text));
    }
    Ok(held)
}

/// Returns a new file of this format with the credentials, masked unless `reveal`, and says what the mask hides.
pub fn rendered(
    credentials: &Credentials,
    format: &dyn Format,
    reveal: bool,
    term: Term,
) -> std::result::Result<String, FormatError> {
    let whole = Shown::whole(credentials).file(format)?;
    if reveal {
        return printable(whole, format);
    }
    let text = printable(Shown::masked(credentials).file(format)?, format)?;
    // A file may hold no secret: one that only names a key file.
    if text != whole {
        term.say("the secrets are masked, so that no library can use this; `--reveal` shows them");
    }
    Ok(text)
}

/// Returns the file with every character visible. JSON has escapes, which its readers undo; elsewhere such a character cannot
/// be printed as it is.
fn printable(text: String, format: &dyn Format) -> std::result::Result<String, FormatError> {
    if term::is_plain(&text) {
        return Ok(text);
    }
    if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
        return Ok(term::json_escaped(&text));
    }
    Err(FormatError::new("a value holds a character that is invisible or reorders text").hint(format!(
        "remove it from that value, or write a file instead: `gads-creds export {} FILE`",
        format.name()
    )))
}
