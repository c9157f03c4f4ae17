//! The text of a recovery file: reads, parses and writes it.

use std::path::Path;

use crate::disk;
use crate::error::{Error, Result};
use crate::profile::Location;
use crate::recovery::Pending;
use crate::recovery::document::{Document, VERSION};
use crate::term;

pub(super) fn text_of(path: &Path) -> Result<String> {
    if path.is_dir() {
        return Err(broken(path, "is a directory"));
    }
    let unread = |error: Error| error.hint("make that file readable for you, or remove it if nothing in it is needed");
    disk::read(path).map_err(unread)?.ok_or_else(|| broken(path, "is gone"))
}

/// Parses the text of the recovery file at that path.
pub fn parse(path: &Path, text: &str) -> Result<Pending> {
    parse_or_at(path, text, None)
}

pub(super) fn parse_or_at(path: &Path, text: &str, place: Option<&Location>) -> Result<Pending> {
    // The parser's message may quote the token; only the position is shown.
    let document: Document = serde_json::from_str(text)
        .map_err(|error| broken(path, &format!("is damaged: line {}, column {}", error.line(), error.column())))?;
    if document.version != VERSION {
        return Err(broken(path, &format!("is of version {}, which this program does not know", document.version)));
    }
    let place = document.place().or_else(|error| place.cloned().ok_or(error)).map_err(|error| {
        let (path, why) = (term::path(path), error.message());
        let message = format!("recovery file {path} waits for a store that is not known any more: {why}");
        error
            .with_message(message)
            .hint("put that profile and its commands back into profiles.toml, then run `gads-creds login --recover`")
    })?;
    document.pending(place).map_err(|error| broken(path, &format!("is damaged: {}", error.message())))
}

/// Returns the text of a recovery file.
pub fn text(pending: &Pending) -> Result<String> {
    serde_json::to_string_pretty(&Document::from(pending))
        .map_err(|_| Error::internal("cannot write the login as JSON for a recovery file"))
}

fn broken(path: &Path, reason: &str) -> Error {
    Error::parse(format!("recovery file {} {reason}", term::path(path)))
        .hint("if you know that nothing in it is needed, remove it")
}
