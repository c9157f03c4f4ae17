//! The only writer of files.
//!
//! Every change runs: lock, read, change, write aside (0600, same directory), sync, read back and compare, check that the file
//! is still the one that was read, swap, sync the directory. Whatever fails on the way leaves the old file.
//!
//! The swap exchanges the two names in one step, so that the text it pushes out can still be looked at: was it edited in
//! the last moment, it is put back and the change starts again from the edit. A change is a function for that reason.
//!
//! Reading asks for no owner ([`others_may_change`] shows it to the caller); writing refuses what another user could read or
//! replace (`path_check.rs`).

mod lock;
mod path_check;
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

use crate::disk::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::hardening::Critical;
use crate::term;

pub use lock::{Lock, hold, is_held, lock, lock_if_writable};
pub use path_check::resolve;
pub use snapshot::check_no_nul;

/// The most that is read of any file: 1 MiB.
pub const MOST: u64 = 1 << 20;

/// How often a change is tried on a file that others keep changing.
const ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(50);

/// No run takes longer from creating a file to writing it.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// How long a file may be held by an editor that saves or a scanner that looks.
const HELD: Duration = Duration::from_millis(500);

/// Who may read and write the file, as its mode says; none if there is no file, or where a mode does not tell it.
pub fn mode(path: &Path) -> Option<u32> {
    system::mode(&path.metadata().ok()?)
}

/// What to tell the user about a place whose files others may be able to read, where no mode says so.
pub fn exposed(path: &Path) -> Option<String> {
    system::exposed(path)
}

/// A name for the lock of the file at that path, whichever way there was taken.
pub fn lock_name(path: &Path) -> Result<String> {
    let place = path_check::resolve(path)?;
    let name = place.to_string_lossy();
    // `C:\Work` and `c:\work` are one directory; that two files of another disk then share a lock does no harm.
    Ok(if cfg!(any(windows, target_os = "macos")) { name.to_lowercase() } else { name.into_owned() })
}

/// The text of a regular file of at most [`MOST`] bytes in UTF-8; `None` if there is none.
pub fn read(path: &Path) -> Result<Option<String>> {
    read_bytes(path)?.map(|bytes| snapshot::text(path, bytes)).transpose()
}

/// The bytes of a regular file of at most [`MOST`] bytes; `None` if there is none.
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

/// Fails if another user than root may have written the file; no file is no failure.
pub fn check_trusted(path: &Path) -> Result<()> {
    let place = path_check::writable(path)?;
    match retry(|| fs::metadata(&place)) {
        Ok(metadata) => system::check_trusted(&place, &metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(cannot("look at", &place, &error)),
    }
}

/// Whether this user may do anything to any file.
pub fn is_root() -> bool {
    system::is_root()
}

/// Why another user may have written the file, or can replace it; none where nobody else can.
pub fn others_may_change(path: &Path) -> Option<Error> {
    let place = match path_check::writable(path) {
        Ok(place) => place,
        Err(error) => return Some(error),
    };
    system::check_owner(&place, &fs::metadata(&place).ok()?).err()
}

/// What [`update`] would do short of replacing the file: the directory takes a file, the file is ours to replace, `change` succeeds.
pub fn preflight(path: &Path, lock: &Lock, change: TextChange) -> Result<()> {
    preflight_bytes(path, lock, &mut of_bytes(path, change))
}

/// As [`preflight`], for [`update_bytes`].
pub fn preflight_bytes(path: &Path, _lock: &Lock, change: ByteChange) -> Result<()> {
    let _critical = Critical::enter();
    let checked = path_check::writable(path).and_then(|place| Ok((look_to_replace(&place)?, place)));
    let (seen, place) = match checked {
        Err(_) if keeps_bytes(path, change) => return Ok(()),
        checked => checked?,
    };
    let text = change(seen.as_ref().map_or(&[], |seen| &seen.bytes))?;
    // A directory that is not there yet is not made: the one above it has to take files then.
    let directory = place.ancestors().skip(1).find(|directory| directory.is_dir()).unwrap_or(&place);
    let probe = directory.join(name_of(&place));
    temporary::clear(&probe);
    temporary::discard(temporary::write(&probe, &text)?)?;
    sync_directory(directory)
}

/// Replaces the file by `change` of its text (empty if there is none), or leaves it alone if that is the same. Either way its
/// mode is 0600 afterwards. Missing directories are made, 0700. Returns what the user should know besides, one line each.
pub fn update(path: &Path, lock: &Lock, change: TextChange) -> Result<Vec<String>> {
    update_bytes(path, lock, &mut of_bytes(path, change))
}

/// As [`update`], for a file that need not be UTF-8.
pub fn update_bytes(path: &Path, _lock: &Lock, change: ByteChange) -> Result<Vec<String>> {
    let _critical = Critical::enter();
    let place = match path_check::writable(path).and_then(|place| look_to_replace(&place).map(|_| place)) {
        Err(_) if keeps_bytes(path, change) => return Ok(Vec::new()),
        place => place?,
    };
    temporary::clear(&place);
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            // A program that is just saving gets the time to finish.
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
    Err(Error::io(format!(
        "{} is being changed by another program all the time; it was left alone",
        term::path(&place)
    ))
    .hint("close the program that writes it and try again"))
}

/// Whether the change leaves the file at that path as it is: then nobody has to be able to write it.
pub fn is_unchanged(path: &Path, change: TextChange) -> bool {
    keeps_bytes(path, &mut of_bytes(path, change))
}

fn keeps_bytes(path: &Path, change: ByteChange) -> bool {
    let Ok(seen) = snapshot::look(path) else { return false };
    let bytes = seen.map(|seen| seen.bytes).unwrap_or_default();
    change(&bytes).is_ok_and(|changed| changed == bytes)
}

/// Removes what killed runs left beside the file, where a run ends without writing: it may hold what the user wants gone.
/// Returns what was removed.
pub fn clear(path: &Path, _lock: &Lock) -> Vec<PathBuf> {
    path_check::writable(path).map(|place| temporary::clear(&place)).unwrap_or_default()
}

/// What killed runs left beside the file. Without the lock another run may still be at work there, so what is new is left out.
pub fn leftovers(path: &Path) -> Vec<PathBuf> {
    let Ok(place) = path_check::writable(path) else { return Vec::new() };
    temporary::leftovers(&place).into_iter().filter(|path| is_abandoned(path)).collect()
}

/// Whether no run can still be writing the file.
pub fn is_abandoned(path: &Path) -> bool {
    let age = || fs::metadata(path).ok()?.modified().ok()?.elapsed().ok();
    age().is_some_and(|age| age > ABANDONED_AFTER)
}

/// Makes the file private if its mode lets others in. Returns what to tell the user about that; none if nothing had to be done.
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

/// Writes a new file, 0600 and synced, under a name in that directory that nobody can foretell. The directory is made if need be.
pub fn create(directory: &Path, prefix: &str, suffix: &str, text: &str) -> Result<PathBuf> {
    let _critical = Critical::enter();
    let directory = path_check::writable(directory)?;
    make_directory(&directory)?;
    // Among the temporary files somebody else may have been quicker to make a directory of that name.
    let directory = path_check::writable(&directory)?;
    let file = temporary::write_named(&directory, prefix.as_ref(), suffix.as_ref(), text.as_bytes())?;
    sync_directory(&directory)?;
    file.into_temp_path().keep().map_err(|error| cannot("keep a new file in", &directory, &error.error))
}

/// The files in a directory of ours, sorted; none if there is no such directory.
pub fn list(directory: &Path) -> Result<Vec<PathBuf>> {
    let directory = path_check::writable(directory)?;
    let mut names = match retry(|| system::names(&directory)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        names => names.map_err(|error| cannot("list", &directory, &error))?,
    };
    names.sort();
    Ok(names.into_iter().map(|name| directory.join(name)).collect())
}

/// Removes a file that is of no use any more; no file is no failure. The directory is not synced: what comes back after a power
/// cut is a recovery file whose token is stored already, and the next run knows that.
pub fn remove(path: &Path) -> Result<()> {
    let _critical = Critical::enter();
    match retry(|| fs::remove_file(path)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot("remove", path, &error)),
        _ => Ok(()),
    }
}

/// The file at that place, if there is one, and if it is ours to replace.
fn look_to_replace(place: &Path) -> Result<Option<Snapshot>> {
    let seen = snapshot::look(place)?;
    if let Some(seen) = &seen {
        system::check_file(place, &seen.metadata)?;
    }
    Ok(seen)
}

/// Makes the directory and those above it, for us alone.
fn make_directory(directory: &Path) -> Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    if let Some(above) = directory.parent() {
        make_directory(above)?;
    }
    match retry(|| system::make_private_directory(directory)) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(cannot("make directory", directory, &error)),
        Ok(()) => sync_directory(directory_of(directory)),
    }
}

/// Makes the names in a directory survive a power cut.
fn sync_directory(directory: &Path) -> Result<()> {
    match retry(|| system::sync_directory(directory)) {
        // Some file systems cannot sync a directory, and nothing else can be done there.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        Err(error) => Err(cannot("sync directory", directory, &error)),
        Ok(()) => Ok(()),
    }
}

/// Does it again as long as a signal interrupts it, and for a moment while another program keeps everybody off the file.
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

/// The error of a call on a path. What the system says of it is a fixed text that quotes nothing.
fn cannot(verb: &str, path: &Path, error: &io::Error) -> Error {
    let known = Error::io(format!("cannot {verb} {}: {error}", term::path(path)));
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => known.hint("free some space on that disk and try again"),
        ErrorKind::ReadOnlyFilesystem => known.hint("that file system is read-only: choose a file elsewhere"),
        ErrorKind::ResourceBusy => known.hint("if it is mounted by itself, mount its directory instead"),
        ErrorKind::FileTooLarge => known.hint("raise the file size limit (`ulimit -f unlimited`) and try again"),
        ErrorKind::PermissionDenied => {
            known.hint("fix the permissions of the file and its directory, or choose another file")
        }
        ErrorKind::NotADirectory => known.hint("check the path: a part of it is a file where a directory should be"),
        _ => known.hint("check the path and the disk that it leads to, then try again"),
    }
}

fn directory_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn name_of(path: &Path) -> &std::ffi::OsStr {
    path.file_name().unwrap_or_default()
}
