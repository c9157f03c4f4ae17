//! A refresh token in a library's file that the library does not read: a change to a service account leaves it in a
//! comment, and Google goes on accepting it.

use crate::credentials::Credentials;
use crate::diagnosis;
use crate::disk;
use crate::error::{Error, Kind};
use crate::profile::Location;

/// What ends it.
pub const STEP: &str = "remove its access at https://myaccount.google.com/connections, then delete the line";

/// Returns the warning for the first such line; `None` for another store, and while a user's token is in use.
pub fn of(location: &Location, stored: &Credentials) -> Option<Error> {
    let Location::File { path, .. } = location else { return None };
    if stored.refresh_token().is_some() {
        return None;
    }
    let line = diagnosis::line_with_token(&disk::read(path).ok()??)?;
    let message = format!("line {line} of {location} has a refresh token that is not in use and may still be valid");
    Some(Error::new(Kind::Parse, message).hint(STEP))
}
