//! What other users of the machine can do to a file that is read.

use std::path::Path;

use crate::credentials::{Credentials, Key};
use crate::disk;
use crate::error::Error;
use crate::profile::{Location, Profile};
use crate::term::Term;

/// Warns where another user may have written the credentials, or can replace them, before they are used.
pub fn warn(profile: &Profile, stored: &Credentials, term: Term) {
    if let Location::File { path, .. } = &profile.location {
        warn_of(path, term);
    }
    if let Some(Key::File(path)) = stored.service_account().map(|account| &account.key) {
        warn_of(path, term);
    }
}

/// The same for one file.
pub fn warn_of(path: &Path, term: Term) {
    if let Some(error) = changeable(path) {
        term.warn_of(&error);
    }
}

/// Why another user may have written the file, or can replace it. Root is not bothered with that: it works for other users, and
/// in containers with their files.
pub fn changeable(path: &Path) -> Option<Error> {
    if disk::is_root() { None } else { disk::others_may_change(path) }
}
