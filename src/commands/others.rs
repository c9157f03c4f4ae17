//! Warns before credentials are used: of what other users of the machine can do to a file, and of what else its reader fails
//! on.

use std::path::Path;

use crate::credentials::{Credentials, Key};
use crate::diagnosis::{self, Newer};
use crate::disk;
use crate::error::Error;
use crate::format::{Contents, FormatName};
use crate::profile::{self, Location, Profile};
use crate::recovery;
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

/// Warns of what the reader of these contents fails on although the credentials are there, and returns what is handed out: the token
/// that waits to be stored in place of a stored one that does not work any more.
pub fn to_hand_out(profile: &Profile, contents: Contents, term: Term) -> Credentials {
    let newer = recovery::newer(profile, &contents.credentials);
    warnings(profile, &contents, &newer).iter().for_each(|error| term.warn_of(error));
    let mut credentials = contents.credentials;
    if let Ok(Some((_, pending))) = &newer
        && pending.rotated
    {
        credentials.set_refresh_token(pending.credentials.refresh_token().cloned());
    }
    credentials
}

/// Returns what the reader of these contents fails on although the credentials are there, and a refresh token that Google has not
/// been asked about and does not look like one.
fn warnings(profile: &Profile, contents: &Contents, newer: &Newer) -> Vec<Error> {
    let mut warnings = diagnosis::warnings(profile, contents, newer);
    warnings.extend(
        diagnosis::unfamiliar_token(profile, contents).filter(|_| diagnosis::first(profile, contents).is_none()),
    );
    warnings
}

/// Returns the same for the commands that show a file and do not use it, and adds the first line that works and is not what it looks like.
pub fn shown_warnings(profile: &Profile, contents: &Contents) -> Vec<Error> {
    let newer = recovery::newer(profile, &contents.credentials);
    warnings(profile, contents, &newer).into_iter().chain(diagnosis::oddity(profile, contents)).collect()
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

/// Returns who can take the file from others, if `doctor --fix` cannot.
fn who_makes_private(path: &Path) -> Option<String> {
    if disk::other_than_own(path) {
        return Some("only the owner of that file can change this: use a copy of your own, with mode 0600".to_owned());
    }
    disk::is_read_only(path).then(|| {
        "set the mode where the file comes from, such as `defaultMode: 0400` in Kubernetes: it is mounted read-only"
            .to_owned()
    })
}

/// Returns the step after which only this user can open the file.
pub fn step_to_private(path: &Path) -> String {
    who_makes_private(path).unwrap_or_else(|| "run `gads-creds doctor --fix`, which sets it to 0600".to_owned())
}

/// Does the same for a key that `doctor --fix` does not know yet.
pub fn step_to_private_key(path: &Path) -> String {
    who_makes_private(path).unwrap_or_else(|| format!("run `chmod 600 {}`", profile::quoted(path)))
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
