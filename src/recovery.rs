//! The recovery file: a token that Google issued, from the moment it arrives until it is stored.
//!
//! It stands in the state directory. Where that takes no file, it goes into a directory of ours among the temporary files: a
//! token there is lost with the next start of the machine, but a token nowhere is lost at once. The file has its final
//! name from its first byte, so that a run killed in the middle leaves no complete token that nobody finds; an empty file
//! is such a run's litter.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::profile::{Location, Profile};
use crate::recovery::document::{Document, VERSION};
use crate::{disk, paths, term};

mod document;

const EXTENSION: &str = "json";
const PROBE: &str = "probe";

/// A login whose token waits to be stored.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Where it was meant to go, under which name, and what is known of the token.
    pub profile: Profile,
    /// The fields that login meant to set; `None` is a field it left alone.
    pub credentials: Credentials,
    /// The fingerprint of the refresh token that was to be replaced; any other that is found there came later.
    pub replaces: Option<String>,
}

/// One recovery file.
#[derive(Debug)]
pub struct Recovery {
    path: PathBuf,
    /// Held by the run that wrote it, as long as that run lives: nobody else finishes its work.
    _held: Option<disk::Lock>,
}

/// Proves, before a browser opens, that [`write()`] will find room; clears what killed runs left half made.
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
    let text = serde_json::to_string_pretty(&Document::from(pending))
        .map_err(|_| Error::internal("cannot put the login into words for a recovery file"))?;
    let path = create(&text, EXTENSION)?;
    Ok(Recovery { _held: disk::hold(&path), path })
}

/// The recovery files that earlier runs left, oldest first, each with what it says or why it cannot be read.
pub fn read_all() -> Result<Vec<(Recovery, Result<Pending>)>> {
    let open = |path: PathBuf| {
        let pending = read(&path);
        (Recovery { path, _held: None }, pending)
    };
    Ok(paths()?.into_iter().map(open).collect())
}

/// Removes what logins before this one left for this credential: their token has just been replaced by its own. Returns how
/// many there were. What a later one left is newer, and stays.
pub fn remove_superseded(profile: &Profile, by: &Recovery) -> Result<usize> {
    let mut left = read_all()?;
    // The names begin with the time.
    left.retain(|(older, pending)| {
        older.path.file_name() < by.path.file_name()
            && pending.as_ref().is_ok_and(|pending| is_same(&pending.profile, profile))
    });
    let count = left.len();
    left.into_iter().try_for_each(|(recovery, _)| recovery.remove())?;
    Ok(count)
}

/// Whether both are one credential: that of a name, wherever it is kept; else that of a file, links and `..` followed. Two
/// names that were to share a file are two: the one whose token waits may be of another account, and goes elsewhere.
fn is_same(one: &Profile, other: &Profile) -> bool {
    match (&one.name, &other.name, &one.location, &other.location) {
        (None, None, Location::File { path: one, .. }, Location::File { path: other, .. }) => {
            matches!((disk::resolve(one), disk::resolve(other)), (Ok(one), Ok(other)) if one == other)
        }
        (one, other, ..) => one.is_some() && one == other,
    }
}

/// Whether there is any, without reading them: their paths, oldest first. Not those of runs that live.
pub fn paths() -> Result<Vec<PathBuf>> {
    let mut files = files()?;
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == EXTENSION)
            // One that cannot be looked at is there all the same.
            && !fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0)
            && !disk::is_held(path)
    });
    Ok(files)
}

impl Recovery {
    /// The same token with another location to go to. Where no second file can be written the first one stays as it is.
    pub fn redirect(self, pending: &Pending) -> Recovery {
        match write(pending) {
            Ok(moved) => {
                // Two of them are one token twice: the newer is finished first, and takes the older with it.
                let _ = self.remove();
                moved
            }
            Err(_) => self,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether somebody has finished its work by now.
    pub fn is_gone(&self) -> bool {
        matches!(self.path.try_exists(), Ok(false))
    }

    /// Removes the file: the token is stored.
    pub fn remove(self) -> Result<()> {
        disk::remove(&self.path)
    }

    /// Likewise where a file that stays is no failure: returns what to tell of it.
    pub fn remove_or_note(self) -> Option<String> {
        let path = term::path(&self.path);
        let error = self.remove().err()?;
        Some(format!("could not remove {path}, which is of no use any more: {}", error.message()))
    }
}

/// The directories a recovery file may be in, best first.
fn directories() -> Result<[PathBuf; 2]> {
    #[cfg(unix)]
    let second = std::env::temp_dir().join(format!("gads-creds-{}", rustix::process::geteuid().as_raw()));
    #[cfg(windows)]
    let second = paths::runtime()?.join("gads-creds-recovery");
    Ok([paths::state()?.join("recovery"), second])
}

fn create(text: &str, extension: &str) -> Result<PathBuf> {
    let [state, temporary] = directories()?;
    // The time comes first, so that the names sort by age.
    let prefix = format!("{:013}-", Timestamp::now().as_millisecond().max(0));
    let suffix = format!(".{extension}");
    disk::create(&state, &prefix, &suffix, text)
        .or_else(|error| disk::create(&temporary, &prefix, &suffix, text).map_err(|_| error))
}

/// Everything in the two directories, oldest first.
fn files() -> Result<Vec<PathBuf>> {
    let [state, temporary] = directories()?;
    let mut files = disk::list(&state)?;
    // Among the temporary files a directory of that name may be anybody's: what is not ours says nothing to us.
    files.extend(disk::list(&temporary).unwrap_or_default());
    files.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
    Ok(files)
}

/// What a killed run left. A probe may go even while its run lives; a file without content only when that run must be dead.
fn is_leftover(path: &Path) -> bool {
    let is_empty = || fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0);
    match path.extension() {
        Some(extension) if extension == PROBE => true,
        Some(extension) if extension == EXTENSION => is_empty() && disk::is_abandoned(path),
        _ => false,
    }
}

fn read(path: &Path) -> Result<Pending> {
    let broken = |reason: String| {
        Error::parse(format!("recovery file {} {reason}", term::path(path)))
            .hint("if you know that nothing in it is needed, remove it")
    };
    let text = disk::read(path)?.ok_or_else(|| broken("is gone".to_owned()))?;
    // What the parser says may quote the token; the location is all that is told.
    let document: Document = serde_json::from_str(&text)
        .map_err(|error| broken(format!("is damaged: line {}, column {}", error.line(), error.column())))?;
    if document.version != VERSION {
        return Err(broken(format!("is of version {}, which this program does not know", document.version)));
    }
    document.pending().map_err(|error| broken(format!("is damaged: {}", error.message())))
}
