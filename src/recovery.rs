//! The recovery file: holds a token from the moment Google issues it until it is stored, and a key that is in no other place.
//!
//! It is in the state directory. If that is not writable, it goes into a directory of ours for temporary files, where
//! it survives until the machine restarts, which is better than losing the token at once. The file has its final name
//! from the first byte, so that a killed run cannot leave a token that nobody finds; a killed run may leave an empty
//! file.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::clock;
use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::{Location, Profile, same_location};
use crate::secret::Secret;
use crate::{disk, paths, term};

mod document;
mod text;
mod waiting;

pub use text::{parse, text};
use text::{parse_or_at, text_of};
pub use waiting::{follow, is_for, is_same, newer, of_profile, renew, successor, unread, waiting_for};

const EXTENSION: &str = "json";
const PROBE: &str = "probe";

/// A login whose token or key waits to be stored.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Where it was to be stored, under which name, and the token's metadata.
    pub profile: Profile,
    /// The fields that the login was to set; `None` for a field it leaves alone.
    pub credentials: Credentials,
    /// The fingerprint of the refresh token that was to be replaced; any other found there was saved later.
    pub replaces: Option<String>,
    /// Google replaced that token, so that it no longer works; after a login it does.
    pub rotated: bool,
    /// The location that the profile was to leave by a login.
    pub moves_from: Option<Location>,
}

impl Pending {
    /// Returns what it holds, for messages.
    pub fn what(&self) -> &'static str {
        if self.credentials.key_document().is_some() { "key" } else { "refresh token" }
    }

    /// Whether it is of no use once the newer one is stored. A token that Google replaced is of its place: the profile may have been
    /// given another one by hand since.
    fn is_superseded(&self, by: &Pending) -> bool {
        let (place, new_place) = (&self.profile.location, &by.profile.location);
        let is_cleared = |from: &Location| {
            let are_files = matches!((from, new_place), (Location::File { .. }, Location::File { .. }));
            !are_files && same_location(from, place)
        };
        let is_of_place = self.rotated || by.rotated;
        let is_its_place = || same_location(place, new_place) || by.moves_from.as_ref().is_some_and(is_cleared);
        waiting::is_same(&self.profile, &by.profile)
            && self.credentials.key_document() == by.credentials.key_document()
            && (!is_of_place || is_its_place())
    }

    /// Whether Google issued it in place of that token.
    pub fn replaces_token(&self, token: &Secret) -> bool {
        self.rotated && self.replaces == Some(token.fingerprint())
    }
}

/// One recovery file.
#[derive(Debug)]
pub struct Recovery {
    path: PathBuf,
    /// Held while the run that wrote it is alive, so that no other run completes its work.
    held: Option<disk::Lock>,
}

/// Checks, before a browser opens, that [`write()`] will succeed; removes what killed runs left.
pub fn preflight() -> Result<()> {
    for path in leftovers()? {
        disk::remove(&path)?;
    }
    // As large as a recovery file gets.
    disk::remove(&create(&" ".repeat(4096), PROBE)?)
}

/// What killed runs left half made: nothing in it is of use.
pub fn leftovers() -> Result<Vec<PathBuf>> {
    Ok(files()?.into_iter().filter(|path| is_leftover(path)).collect())
}

/// Writes the recovery file (0600, synced). Returns the handle that names and removes it.
pub fn write(pending: &Pending) -> Result<Recovery> {
    let path = create(&text(pending)?, EXTENSION)?;
    Ok(Recovery { held: disk::hold(&path), path })
}

/// Returns the recovery files of earlier runs, oldest first, each with its content or why it cannot be read.
pub fn read_all() -> Result<Vec<(Recovery, Result<Pending>)>> {
    Ok(paths()?.into_iter().map(open).collect())
}

fn open(path: PathBuf) -> (Recovery, Result<Pending>) {
    open_or_at(path, None)
}

/// Does the same; what waits for a store that is not known any more is at that place.
fn open_or_at(path: PathBuf, place: Option<&Location>) -> (Recovery, Result<Pending>) {
    let pending = text_of(&path).and_then(|text| parse_or_at(&path, &text, place));
    (Recovery { path, held: None }, pending)
}

/// Removes the recovery files that earlier logins left for this credential: their token has just been replaced. Returns
/// how many there were. Newer ones stay, and a key: Google goes on accepting it, and shows it only once.
pub fn remove_superseded(new: &Pending, by: &Recovery) -> Result<usize> {
    let mut left = read_all()?;
    // The names begin with the time.
    left.retain(|(older, pending)| {
        older.path.file_name() < by.path.file_name() && pending.as_ref().is_ok_and(|old| old.is_superseded(new))
    });
    let count = left.len();
    left.into_iter().try_for_each(|(recovery, _)| recovery.remove())?;
    Ok(count)
}

/// Returns the paths of recovery files without reading them, oldest first. Those of running logins are left out.
pub fn paths() -> Result<Vec<PathBuf>> {
    Ok(waiting(files()?))
}

fn waiting(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == EXTENSION)
            // One whose metadata cannot be read is listed all the same.
            && !fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0)
            && !disk::is_held(path)
    });
    files
}

impl Recovery {
    /// Returns the same token with another location to go to. If no second file can be written, the first one stays.
    pub fn redirect(self, pending: &Pending) -> Recovery {
        match write(pending) {
            Ok(moved) => {
                // Both hold the same token: the newer is recovered first, and removes the older.
                let _ = self.remove();
                moved
            }
            Err(_) => self,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether another run has completed its work.
    pub fn is_gone(&self) -> bool {
        matches!(self.path.try_exists(), Ok(false))
    }

    /// Removes the file: the token is stored.
    pub fn remove(self) -> Result<()> {
        // Windows removes no file that is held.
        let _held = self.held.filter(|_| cfg!(unix));
        disk::remove(&self.path)
    }

    /// Removes the file; returns a note if that fails.
    pub fn remove_or_note(self) -> Option<String> {
        let path = term::path(&self.path);
        let error = self.remove().err()?;
        Some(format!("could not remove {path}, which is no longer needed: {}", error.message()))
    }
}

/// Returns the directories that a recovery file may be in, best first. In the system's directory for temporary files another
/// user may have made a directory of that name: it is not used, and one with a random end is, which is found again by its
/// beginning and its owner.
fn directories() -> Result<Vec<PathBuf>> {
    let mut directories = Vec::from_iter(state().ok());
    directories.extend(temporary_ones()?);
    Ok(directories)
}

fn state() -> Result<PathBuf> {
    Ok(paths::state()?.join("recovery"))
}

fn temporary_ones() -> Result<Vec<PathBuf>> {
    let mut directories = vec![temporary()?.join(own_name())];
    directories.extend(disk::own_directories(&temporary()?, &format!("{}-", own_name())));
    Ok(directories)
}

fn temporary() -> Result<PathBuf> {
    paths::temporary()
}

fn own_name() -> String {
    #[cfg(unix)]
    return format!("gads-creds-{}", rustix::process::geteuid().as_raw());
    #[cfg(windows)]
    return "gads-creds-recovery".to_owned();
}

fn create(text: &str, extension: &str) -> Result<PathBuf> {
    let directories = directories()?;
    // The time comes first, so that the names sort by age.
    let prefix = format!("{:013}-", clock::now().timestamp_millis().max(0));
    let suffix = format!(".{extension}");
    let mut failure = None;
    for directory in directories {
        match disk::create(&directory, &prefix, &suffix, text) {
            Ok(path) => return Ok(path),
            // The first names the place that the user can make usable.
            Err(error) if failure.is_none() => {
                let is_full = disk::is_writable_below(&directory);
                let hint = || disk::state_elsewhere("a token until it is stored");
                failure = Some(if is_full { error } else { error.hint(hint()) });
            }
            Err(_) => {}
        }
    }
    let another = disk::new_directory(&temporary()?, &format!("{}-", own_name()))
        .and_then(|directory| disk::create(&directory, &prefix, &suffix, text));
    another.map_err(|error| failure.unwrap_or(error))
}

/// Returns all files in the directories, oldest first.
fn files() -> Result<Vec<PathBuf>> {
    files_in(&temporary_ones()?)
}

/// Returns the files in the state directory and in these temporary ones, oldest first.
fn files_in(temporary: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = files_of_state()?;
    // Another user's directory is ignored.
    files.extend(temporary.iter().flat_map(|directory| disk::list(directory).unwrap_or_default()));
    files.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
    Ok(files)
}

/// Returns the files in the state directory; fails if there are some, and others may have put them there.
fn files_of_state() -> Result<Vec<PathBuf>> {
    let Ok(state) = state() else { return Ok(Vec::new()) };
    // Nothing of ours is in a directory that this user cannot enter, such as one in another user's home directory.
    let cannot_hold_ours = |error: io::Error| {
        matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied)
    };
    let is_empty = || fs::read_dir(&state).map_or_else(cannot_hold_ours, |mut entries| entries.next().is_none());
    match disk::list(&state) {
        Err(_) if is_empty() => Ok(Vec::new()),
        listed => listed,
    }
}

/// Whether a killed run left it. A probe may be removed even while its run is alive; an empty file only once it must
/// have ended.
fn is_leftover(path: &Path) -> bool {
    let is_empty = || fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0);
    match path.extension() {
        Some(extension) if extension == PROBE => true,
        Some(extension) if extension == EXTENSION => is_empty() && disk::is_abandoned(path),
        _ => false,
    }
}

fn read(path: &Path) -> Result<Pending> {
    open(path.to_owned()).1
}
