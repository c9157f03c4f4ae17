//! The functions of `unix.rs` for Windows, which has no owner and mode to set: a new file inherits the access list of
//! its directory. In the user's profile that list allows the user, the administrators and the system; a warning names
//! any other place. An access list set on the file itself is not copied to the file that replaces it.
//!
//! An open file may block others here, so every file is opened in shared mode, with retries for a moment.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::Path;

use winapi_util::file::information;

use crate::disk::cannot;
use crate::disk::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::{paths, term};

/// The next step after permission was denied, which here also means that another program has the file open.
pub const DENIED: &str =
    "close the program that has the file open, or fix the permissions of the file and its directory";

/// ERROR_SHARING_VIOLATION.
const SHARING_VIOLATION: i32 = 32;

/// ERROR_ACCESS_DENIED (a file that is open elsewhere cannot be replaced), ERROR_LOCK_VIOLATION.
const HELD: [i32; 3] = [5, SHARING_VIOLATION, 33];

/// The right to remove a file.
const DELETE: u32 = 0x0001_0000;

/// FILE_SHARE_READ and FILE_SHARE_WRITE, without FILE_SHARE_DELETE.
const READERS_AND_WRITERS: u32 = 3;

/// FILE_FLAG_OPEN_REPARSE_POINT: opens a link itself, not its target.
const NO_FOLLOW: u32 = 0x0020_0000;

pub fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

pub fn creating() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    options
}

pub fn creating_public() -> OpenOptions {
    creating()
}

pub fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).custom_flags(NO_FOLLOW).open(path)
}

pub fn make_private_directory(directory: &Path) -> io::Result<()> {
    fs::create_dir(directory)
}

/// Access lists are not read: the attempt to write shows it.
pub fn is_writable(_: &Path) -> bool {
    true
}

pub fn has_no_inodes(_: &Path) -> bool {
    false
}

/// The attempt to write shows it.
pub fn check_changeable(_: &Path) -> Result<()> {
    Ok(())
}

/// A directory cannot be synced like a file here; the file system's journal keeps renames in order.
pub fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

pub fn sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

pub fn names(directory: &Path, beginning: &OsStr) -> io::Result<Vec<OsString>> {
    let mut names = fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.retain(|name| name.as_encoded_bytes().starts_with(beginning.as_encoded_bytes()));
    Ok(names)
}

pub fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

pub fn tighten(path: &Path, _: &Snapshot) -> Result<Option<String>> {
    Ok(exposed(path))
}

/// Returns notes about a file that was replaced.
pub fn notes(path: &Path, old: &Snapshot) -> Vec<String> {
    let mut notes = Vec::from_iter(exposed(path));
    if information(&old.file).is_ok_and(|old| old.number_of_links() > 1) {
        notes.push(format!("{} had other names (hard links): they keep the old text", term::path(path)));
    }
    notes
}

/// Returns a warning for a path outside the user's profile, where the directory's access list decides who can read it.
pub fn exposed(path: &Path) -> Option<String> {
    let real = path.canonicalize().ok()?;
    let own = [paths::home(), paths::config(), paths::state()];
    let within = own.into_iter().flatten().filter_map(|directory| directory.canonicalize().ok());
    let exposed = !within.into_iter().any(|directory| real.starts_with(directory));
    exposed.then(|| format!("{} is outside your user profile: its directory decides who may read it", term::path(path)))
}

pub fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

pub fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// A new file gets a free name without a link here.
pub fn cannot_link(_: &io::Error) -> bool {
    false
}

/// Whether that open file is the one at that path. The creation time does not show it: a file that takes a name freed a
/// moment ago gets its creation time too.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let there = match OpenOptions::new().access_mode(0).custom_flags(NO_FOLLOW).open(path) {
        Ok(there) => information(&there)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let ours = information(file)?;
    Ok((ours.volume_serial_number(), ours.file_index()) == (there.volume_serial_number(), there.file_index()))
}

/// Opens a file so that nobody can remove it; `None` if another run holds it. A lock would keep others from reading it here.
pub fn hold(path: &Path) -> Option<File> {
    if is_held_by_another(path) { None } else { reading().share_mode(READERS_AND_WRITERS).open(path).ok() }
}

/// Whether another run holds the file: then it cannot be opened to be removed.
pub fn is_held_by_another(path: &Path) -> bool {
    let opened = OpenOptions::new().access_mode(DELETE).open(path);
    opened.is_err_and(|error| error.raw_os_error() == Some(SHARING_VIOLATION))
}

/// Whether the error may be temporary: another program has the file open and does not share it.
pub fn is_held(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|code| HELD.contains(&code))
}

pub fn is_root() -> bool {
    false
}

/// Always false: a lock is not passed on, so that the run that took it has it.
pub fn has_ended(_: u32) -> bool {
    false
}

pub fn holder(_: &Path) -> Option<(u32, String)> {
    None
}

/// A lock of Windows belongs to one process.
pub fn pass_on(_: &File) -> io::Result<()> {
    Ok(())
}

pub fn is_read_only(_: &Path) -> bool {
    false
}

pub fn is_ours(_: &Metadata) -> bool {
    true
}

pub fn other_owner(_: &Path, _: &Metadata) -> Option<u32> {
    None
}

/// Fails for a path with nothing at it where nothing can be made: that has the same error as a file that is not there yet.
pub fn check_missing(path: &Path) -> Result<()> {
    match path.parent() {
        Some(above) if above.is_file() => Err(cannot("look at", path, &io::ErrorKind::NotADirectory.into())),
        Some(_) => Ok(()),
        None => Err(Error::io(format!("there is no drive or share {}", term::path(path)))
            .hint("connect it, or name a file on another one")),
    }
}

pub fn check_way(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

/// The owner is not read: files in the user's own directories are the user's; for other places see [`exposed`].
pub fn check_owner(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

pub fn check_writers(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

/// Access lists are not read: files in the user's own directories are the user's.
pub fn check_trusted(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

/// Fails for a file that cannot be replaced.
pub fn check_file(path: &Path, metadata: &Metadata) -> Result<()> {
    if metadata.permissions().readonly() {
        let message = format!("{} is marked as read-only", term::path(path));
        return Err(Error::io(message).hint("remove the attribute (`attrib -r`)"));
    }
    Ok(())
}

pub fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() { "a directory" } else { "a device" }
}

/// Always `None`: Windows has no mode.
pub fn mode(_: &Metadata) -> Option<u32> {
    None
}
