//! The only module that writes files.
//!
//! Every change has the same steps: lock, read, change, write a temporary file (0600, same directory), sync, read back
//! and compare, check that the file is still the one that was read, exchange, sync the directory. A failure at any step
//! leaves the old file in place.
//!
//! The exchange swaps both names at once, so that the replaced text can still be examined: if it was edited at the last
//! moment, it is put back and the change starts again from the edit. A change is a function for that reason.
//!
//! Reading does not check the owner ([`others_may_change`] reports it to the caller); writing fails for what another
//! user could read or replace (`path_check.rs`).

mod digest;
mod failure;
mod lock;
mod own_files;
mod path_check;
mod published;
mod replace;
mod snapshot;
#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;
mod temporary;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::failure::cannot;
use crate::disk::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::hardening::Critical;
use crate::term;

pub use lock::{Lock, hold, hold_with_children, is_held, lock, lock_if_writable, state_elsewhere};
pub use own_files::{create, is_own_directory, list, new_directory, own_directories, remove};
pub use path_check::resolve;
pub use published::{preflight_published, publish};
pub use snapshot::{beginning, check_no_nul};

/// The largest file that is read: 1 MiB.
pub const MOST: u64 = 1 << 20;

/// The next step for an option that takes standard input and got a pipe by its path.
pub const FROM_STDIN: &str = "write `-` in place of that path, and pipe the text into standard input";

/// How often a change is tried on a file that others keep changing.
const ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(50);

/// No run takes longer from creating a file to writing it.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// How long an editor that saves, or a virus scanner, may hold a file.
const HELD: Duration = Duration::from_millis(500);

/// Returns the file's mode; `None` without a file, or on a system without modes.
pub fn mode(path: &Path) -> Option<u32> {
    system::mode(&path.metadata().ok()?)
}

/// Returns a warning for a path that others may be able to read, on a system without modes.
pub fn exposed(path: &Path) -> Option<String> {
    system::exposed(path)
}

/// Returns a lock name for the file at that path, the same for every way that leads there.
pub fn lock_name(path: &Path) -> Result<String> {
    let place = path_check::resolve(path)?;
    let name = place.to_string_lossy();
    // `C:\Work` and `c:\work` are one directory. That two different files may share a lock does no harm.
    Ok(if cfg!(any(windows, target_os = "macos")) { name.to_lowercase() } else { name.into_owned() })
}

/// Returns the UTF-8 text of a regular file of at most [`MOST`] bytes; `None` if there is none.
pub fn read(path: &Path) -> Result<Option<String>> {
    read_bytes(path)?.map(|bytes| snapshot::text(path, bytes)).transpose()
}

/// Returns the bytes of a regular file of at most [`MOST`] bytes; `None` if there is none.
pub fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>> {
    Ok(snapshot::look(path)?.map(|seen| seen.bytes))
}

/// A change of a file's text.
pub type TextChange<'a> = &'a mut dyn FnMut(&str) -> Result<String>;

/// A change of a file's bytes, where the caller knows how they encode a text.
pub type ByteChange<'a> = &'a mut dyn FnMut(&[u8]) -> Result<Vec<u8>>;

fn of_bytes(path: &Path, change: TextChange) -> impl FnMut(&[u8]) -> Result<Vec<u8>> {
    move |bytes| Ok(change(&snapshot::text(path, bytes.to_vec())?)?.into_bytes())
}

/// Fails if a user other than root may have written the file; a missing file is fine.
pub fn check_trusted(path: &Path) -> Result<()> {
    let place = path_check::writable(path)?;
    match retry(|| fs::metadata(&place)) {
        Ok(metadata) => system::check_trusted(&place, &metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(cannot("look at", &place, &error)),
    }
}

/// Fails if a user other than root may replace what is in the directory.
pub fn check_directory(directory: &Path) -> Result<()> {
    path_check::writable(directory).map(drop)
}

/// Whether this user has permission for everything.
pub fn is_root() -> bool {
    system::is_root()
}

/// Returns the user that the path belongs to, or the nearest directory above it that exists; `None` for this user and root.
pub fn other_owner(path: &Path) -> Option<u32> {
    let (part, metadata) = path.ancestors().find_map(|part| Some((part, fs::metadata(part).ok()?)))?;
    system::other_owner(part, &metadata)
}

/// Whether this user may write into the directory, or into the nearest one above that exists.
pub fn is_writable_below(directory: &Path) -> bool {
    directory.ancestors().find(|above| above.exists()).is_some_and(|above| above.is_dir() && system::is_writable(above))
}

/// Whether this user can replace the file, or create it: nothing but a full or broken disk keeps it from that.
pub fn is_replaceable(path: &Path) -> bool {
    let place = path_check::writable(path).and_then(|place| look_to_replace(&place).map(|_| place));
    place.is_ok_and(|place| is_writable_below(directory_of(&place)))
}

/// Whether it is on a file system that is mounted read-only.
pub fn is_read_only(path: &Path) -> bool {
    system::is_read_only(path)
}

/// Whether it is there and neither a file nor a directory, such as the pipe of `<(…)` in a shell.
pub fn is_stream(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Whether the file is another user's, root's for example, and this user is not root.
pub fn other_than_own(path: &Path) -> bool {
    !is_root() && path.metadata().is_ok_and(|metadata| !is_own(&metadata))
}

/// Whether the file belongs to this user.
pub fn is_own(metadata: &fs::Metadata) -> bool {
    system::is_ours(metadata)
}

/// Returns why another user may have written the file, or can replace it; `None` if nobody else can.
pub fn others_may_change(path: &Path) -> Option<Error> {
    let place = match path_check::writable(path) {
        Ok(place) => place,
        Err(error) => return Some(error),
    };
    let metadata = fs::metadata(&place).ok()?;
    system::check_owner(&place, &metadata).and_then(|()| system::check_writers(&place, &metadata)).err()
}

/// Does what [`update`] does except for replacing the file: the directory is writable, the file can be replaced,
/// `change` succeeds.
pub fn preflight(path: &Path, lock: &Lock, change: TextChange) -> Result<()> {
    preflight_bytes(path, lock, &mut of_bytes(path, change))
}

/// Does the same for [`update_bytes`].
pub fn preflight_bytes(path: &Path, _lock: &Lock, change: ByteChange) -> Result<()> {
    let _critical = Critical::enter();
    let checked = path_check::writable(path).and_then(|place| Ok((look_to_replace(&place)?, place)));
    let (seen, place) = match checked {
        Err(_) if keeps_bytes(path, change) => return Ok(()),
        checked => checked?,
    };
    let text = change(seen.as_ref().map_or(&[], |seen| &seen.bytes))?;
    // A missing directory is not created: the nearest existing one has to be writable.
    let directory = place.ancestors().skip(1).find(|directory| directory.is_dir()).unwrap_or(&place);
    let probe = directory.join(name_of(&place));
    temporary::clear(&probe);
    temporary::discard(temporary::write(&probe, &text)?)?;
    sync_directory(directory)
}

/// Replaces the file by `change` of its text (empty if there is none), or leaves it if that changes nothing. Its mode
/// is 0600 afterwards in both cases. Missing directories are created, 0700. Returns notes for the user, one line each.
pub fn update(path: &Path, lock: &Lock, change: TextChange) -> Result<Vec<String>> {
    update_bytes(path, lock, &mut of_bytes(path, change))
}

/// Does the same for a file that need not be UTF-8.
pub fn update_bytes(path: &Path, _lock: &Lock, change: ByteChange) -> Result<Vec<String>> {
    let _critical = Critical::enter();
    let place = match path_check::writable(path).and_then(|place| look_to_replace(&place).map(|_| place)) {
        Err(_) if keeps_bytes(path, change) => return Ok(Vec::new()),
        place => place?,
    };
    temporary::clear(&place);
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            // A program that is saving gets time to finish.
            thread::sleep(PAUSE);
        }
        let seen = look_to_replace(&place)?;
        let text = change(seen.as_ref().map_or(&[], |seen| &seen.bytes))?;
        match &seen {
            None if text.is_empty() => return Ok(Vec::new()),
            Some(seen) if seen.bytes == text => return Ok(Vec::from_iter(system::tighten(&place, seen)?)),
            _ => {}
        }
        if let Some(notes) = replace::replace(&place, seen, &text)? {
            return Ok(notes);
        }
    }
    Err(Error::io(format!("{} keeps being changed by another program; it is unchanged", term::path(&place)))
        .hint("close the program that writes it and try again"))
}

/// Whether the change leaves the file as it is, so that nobody needs permission to write it.
pub fn is_unchanged(path: &Path, change: TextChange) -> bool {
    keeps_bytes(path, &mut of_bytes(path, change))
}

fn keeps_bytes(path: &Path, change: ByteChange) -> bool {
    let Ok(seen) = snapshot::look(path) else { return false };
    let bytes = seen.map(|seen| seen.bytes).unwrap_or_default();
    change(&bytes).is_ok_and(|changed| changed == bytes)
}

/// Removes the temporary files of killed runs, for a run that ends without writing: they may hold what the user wants
/// removed. Returns what was removed.
pub fn clear(path: &Path, _lock: &Lock) -> Vec<PathBuf> {
    path_check::writable(path).map(|place| temporary::clear(&place)).unwrap_or_default()
}

/// Returns the temporary files of killed runs. Without the lock another run may still be using one, so new ones are left
/// out.
pub fn leftovers(path: &Path) -> Vec<PathBuf> {
    let Ok(place) = path_check::writable(path) else { return Vec::new() };
    temporary::leftovers(&place).into_iter().filter(|path| is_abandoned(path)).collect()
}

/// Whether no run can still be writing the file.
pub fn is_abandoned(path: &Path) -> bool {
    let age = || fs::metadata(path).ok()?.modified().ok()?.elapsed().ok();
    age().is_some_and(|age| age > ABANDONED_AFTER)
}

/// Makes the file private if its mode gives access to others. Returns a note for the user; `None` if nothing was changed.
pub fn tighten(path: &Path, _lock: &Lock) -> Result<Option<String>> {
    if mode(path).is_none_or(|mode| mode & 0o077 == 0) {
        return Ok(None);
    }
    let _critical = Critical::enter();
    let place = path_check::writable(path)?;
    match snapshot::look(&place)? {
        Some(seen) => {
            system::check_owner(&place, &seen.metadata)?;
            system::tighten(&place, &seen)
        }
        None => Ok(None),
    }
}

/// Returns the file at that path, if there is one and it can be replaced.
fn look_to_replace(place: &Path) -> Result<Option<Snapshot>> {
    let seen = snapshot::look(place)?;
    match &seen {
        Some(seen) => system::check_file(place, &seen.metadata)?,
        None => system::check_changeable(directory_of(place))?,
    }
    Ok(seen)
}

/// Makes the names in a directory survive a power cut.
fn sync_directory(directory: &Path) -> Result<()> {
    match retry(|| system::sync_directory(directory)) {
        // Some file systems cannot sync a directory; there is no alternative.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        Err(error) => Err(cannot("sync directory", directory, &error)),
        Ok(()) => Ok(()),
    }
}

/// Repeats a call that a signal interrupts, and for a moment one that another program blocks.
fn retry<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let end = Instant::now() + HELD;
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if system::is_held(&error) && Instant::now() < end => thread::sleep(PAUSE),
            done => return done,
        }
    }
}

fn directory_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn name_of(path: &Path) -> &std::ffi::OsStr {
    path.file_name().unwrap_or_default()
}
