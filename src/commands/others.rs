//! Warns before credentials are used: of what other users of the machine can do to a file, and of what else its reader fails
//! on.

use std::path::Path;

use crate::credentials::{Credentials, Key};
use crate::diagnosis;
use crate::disk;
use crate::error::Error;
use crate::format::{Contents, FormatName};
use crate::profile::{self, Location, Profile};
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

/// Warns of what the reader of these contents fails on although the credentials are there.
pub fn warn_of_contents(profile: &Profile, contents: &Contents, term: Term) {
    warnings(profile, contents).iter().for_each(|error| term.warn_of(error));
}

/// Returns what the reader of these contents fails on although the credentials are there, and a refresh token that Google has not
/// been asked about and does not look like one.
pub fn warnings(profile: &Profile, contents: &Contents) -> Vec<Error> {
    let mut warnings = diagnosis::warnings(profile, contents);
    warnings.extend(
        diagnosis::unfamiliar_token(profile, contents).filter(|_| diagnosis::first(profile, contents).is_none()),
    );
    warnings
}

/// Does the same, and adds the first line that works and is not what it looks like: for the commands that show a file and do not
/// use it.
pub fn shown_warnings(profile: &Profile, contents: &Contents) -> Vec<Error> {
    warnings(profile, contents).into_iter().chain(diagnosis::oddity(profile, contents)).collect()
}

/// Returns the file that the PHP library finds before this one: it looks in the current directory, then in the home directory.
pub fn read_before(path: &Path) -> Option<&'static str> {
    const NAME: &str = "google_ads_php.ini";
    let is_default = || profile::library_location(Some(FormatName::Php)).is_ok_and(|usual| usual == path);
    if !path.ends_with(NAME) || !is_default() {
        return None;
    }
    let first = Path::new(NAME).canonicalize().ok()?;
    path.canonicalize().is_ok_and(|path| path != first).then_some(NAME)
}

/// Warns, before anything is selected by it, if another user may have written or can replace profiles.toml: it names the files
/// and programs that are used.
pub fn warn_of_profiles(term: Term) {
    if let Some(error) = changeable_profiles() {
        term.warn_of(&error);
    }
}

/// Does for profiles.toml what [`changeable`] does.
pub fn changeable_profiles() -> Option<Error> {
    if disk::is_root() { None } else { profile::others_may_change_profiles() }
}

/// Warns about one file.
pub fn warn_of(path: &Path, term: Term) {
    // One directory may be why both can be replaced.
    let is_known = |error: &Error| changeable_profiles().is_some_and(|known| known.message() == error.message());
    if let Some(error) = changeable(path).filter(|error| !is_known(error)) {
        term.warn_of(&error);
    }
}

/// Returns why another user may have written the file, or can replace it. Root gets no warning: it works for other
/// users, and in containers with their files.
pub fn changeable(path: &Path) -> Option<Error> {
    if disk::is_root() { None } else { disk::others_may_change(path) }
}
