//! Checks what other users of the machine can do to a file that is read.

use std::path::Path;

use crate::credentials::{Credentials, Key};
use crate::disk;
use crate::error::Error;
use crate::profile::{Location, Profile};
use crate::term::Term;

/// Warns, before the credentials are used, if another user may have written or can replace them.
pub fn warn(profile: &Profile, stored: &Credentials, term: Term) {
    if let Location::File { path, .. } = &profile.location {
        warn_of(path, term);
    }
    if let Some(Key::File(path)) = stored.service_account().map(|account| &account.key) {
        warn_of(path, term);
    }
}

/// Warns about one file.
pub fn warn_of(path: &Path, term: Term) {
    if let Some(error) = changeable(path) {
        term.warn_of(&error);
    }
}

/// Returns why another user may have written the file, or can replace it. Root gets no warning: it works for other
/// users, and in containers with their files.
pub fn changeable(path: &Path) -> Option<Error> {
    if disk::is_root() { None } else { disk::others_may_change(path) }
}
